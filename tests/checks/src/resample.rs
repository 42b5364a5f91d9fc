//! Resampled sums, against the slow twin and the weights of a table that has a lane for each row.

use textgauge_kernels::level::paths::on_every_path;
use textgauge_kernels::resample::{Table, bootstrap, randomization};
use textgauge_kernels::{CancelFlag, naive};

pub fn check(bytes: &[u8]) {
    let Some((&[components, shift, first, seed], values)) = bytes.split_first_chunk() else { return };
    // The sums of small values take fewer bits than those of large ones.
    let mut values: Vec<i64> = values.iter().map(|&byte| i64::from(byte as i8) << (shift % 57)).collect();
    let (first, seed) = (u64::from(first) << (shift % 64), u64::from(seed));
    let components = usize::from(components % 90) + 1;
    let rows = values.len() / components;
    if rows > 600 {
        return;
    }
    values.truncate(rows * components);
    let table = Table { values: &values, components };
    let one_hot: Vec<i64> = (0..rows * rows).map(|cell| i64::from(cell / rows.max(1) == cell % rows.max(1))).collect();
    let samples = first..first.saturating_add(2);
    let count = (samples.end - samples.start) as usize;
    for way in [bootstrap, randomization] {
        let sums = |table: Table<'_>| {
            on_every_path(|| {
                let mut sums = vec![1; count * table.components];
                way(table, samples.clone(), seed, &mut sums, &CancelFlag::new(false));
                sums
            })
        };
        let (totals, weights) = (sums(table), sums(Table { values: &one_hot, components: rows }));
        for sample in 0..count {
            let weights = &weights[sample * rows..][..rows];
            assert_eq!(totals[sample * components..][..components], naive::weighted_sum(table, weights));
        }
    }
}
