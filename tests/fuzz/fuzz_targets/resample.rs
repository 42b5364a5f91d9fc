#![no_main]
//! Resampled sums, against the slow twin and the weights of a table that has a lane for each row.

use libfuzzer_sys::fuzz_target;
use textgauge_kernels::resample::{Table, bootstrap, randomization};
use textgauge_kernels::{CancelFlag, naive};

fuzz_target!(|input: (Vec<i64>, u8, u64, u64)| {
    let (mut values, components, first, seed) = input;
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
        let (mut totals, mut weights) = (vec![1; count * components], vec![1; count * rows]);
        way(table, samples.clone(), seed, &mut totals, &CancelFlag::new(false));
        way(Table { values: &one_hot, components: rows }, samples.clone(), seed, &mut weights, &CancelFlag::new(false));
        for sample in 0..count {
            let weights = &weights[sample * rows..][..rows];
            assert_eq!(totals[sample * components..][..components], naive::weighted_sum(table, weights));
        }
    }
});
