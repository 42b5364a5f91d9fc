#![no_main]
//! Resampled sums, against the slow twin and the weights of a table that has a lane for each row.

use libfuzzer_sys::fuzz_target;
use textgauge_kernels::resample::{Table, bootstrap, randomization};
use textgauge_kernels::{CancelFlag, naive};

fuzz_target!(|input: (Vec<i64>, u8, u64, u64)| {
    let (mut values, lanes, first, seed) = input;
    let lanes = usize::from(lanes % 90) + 1;
    let rows = values.len() / lanes;
    if rows > 600 {
        return;
    }
    values.truncate(rows * lanes);
    let table = Table { values: &values, lanes };
    let one_hot: Vec<i64> = (0..rows * rows).map(|cell| i64::from(cell / rows.max(1) == cell % rows.max(1))).collect();
    let samples = first..first.saturating_add(2);
    let count = (samples.end - samples.start) as usize;
    for way in [bootstrap, randomization] {
        let (mut totals, mut weights) = (vec![1; count * lanes], vec![1; count * rows]);
        way(table, samples.clone(), seed, &mut totals, &CancelFlag::new(false));
        way(Table { values: &one_hot, lanes: rows }, samples.clone(), seed, &mut weights, &CancelFlag::new(false));
        for sample in 0..count {
            let weights = &weights[sample * rows..][..rows];
            assert_eq!(totals[sample * lanes..][..lanes], naive::weighted_sum(table, weights));
        }
    }
});
