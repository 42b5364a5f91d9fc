//! Runs one workload a given number of times, for a tool that counts instructions.
//!
//! `instructions NAME TIMES` runs it and prints how many pairs one time measures; without a name it
//! prints the names. `benches/instructions.py` calls it under valgrind.

use textgauge_benches::WORKLOADS;

fn main() {
    // Cargo adds flags of its own.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let [name, times] = arguments.as_slice() else {
        WORKLOADS.iter().for_each(|(name, _)| println!("{name}"));
        return;
    };
    let times: usize = times.parse().expect("the second argument is a number");
    let (_, make) = WORKLOADS.iter().find(|(known, _)| known == name).expect("the first argument is a workload");
    let mut workload = make();
    for _ in 0..times {
        (workload.run)();
    }
    println!("{}", workload.pairs);
}
