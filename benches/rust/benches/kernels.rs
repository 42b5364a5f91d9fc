//! Times every workload: `cargo bench --bench kernels -- overlap` for those of one kernel.

use criterion::{Criterion, Throughput};
use textgauge_benches::WORKLOADS;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    for &(name, make) in WORKLOADS {
        let mut workload = make();
        let (kernel, case) = name.split_once('/').unwrap_or((name, ""));
        let mut group = criterion.benchmark_group(kernel);
        group.throughput(Throughput::Elements(workload.pairs as u64));
        group.bench_function(case, |bencher| bencher.iter(|| (workload.run)()));
        group.finish();
    }
    criterion.final_summary();
}
