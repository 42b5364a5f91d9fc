//! Random streams and resampled sums: exact against their slow twins, and distributed as they should be.
//!
//! All seeds are fixed, so that a bound on a statistic holds always or never.

use std::ops::Range;

use proptest::prelude::*;
use textgauge_kernels::level::paths::on_every_path;
use textgauge_kernels::random::Stream;
use textgauge_kernels::resample::{
    Place, SEGMENT, Table, bootstrap, bootstrap_part, randomization, randomization_part, segment_draws,
};
use textgauge_kernels::{CancelFlag, naive};
use textgauge_tests::never;

/// Either of the two ways to resample.
type Resample = fn(Table<'_>, Range<u64>, u64, &mut [i128], &CancelFlag);

const WAYS: [Resample; 2] = [bootstrap, randomization];

/// The totals of each sample.
fn totals(way: Resample, values: &[i64], components: usize, samples: Range<u64>, seed: u64) -> Vec<Vec<i128>> {
    let totals = on_every_path(|| {
        // What was there before must not count.
        let mut totals = vec![77; (samples.end - samples.start) as usize * components];
        way(Table { values, components }, samples.clone(), seed, &mut totals, &never());
        totals
    });
    totals.chunks(components).map(<[i128]>::to_vec).collect()
}

/// How often each sample has each row.
fn weights(way: Resample, rows: usize, samples: Range<u64>, seed: u64) -> Vec<Vec<i128>> {
    let values: Vec<i64> = (0..rows * rows).map(|cell| i64::from(cell / rows == cell % rows)).collect();
    totals(way, &values, rows, samples, seed)
}

// ---- random

#[test]
fn words_are_those_of_xoshiro256_plus_plus() {
    let published = [
        41943041,
        58720359,
        3588806011781223,
        3591011842654386,
        9228616714210784205,
        9973669472204895162,
        14011001112246962877,
        12406186145184390807,
        15849039046786891736,
        10450023813501588000,
    ];
    let mut one = Stream::from_state([[1], [2], [3], [4]]);
    let mut eight = Stream::from_state([[1; 8], [2; 8], [3; 8], [4; 8]]);
    for word in published {
        assert_eq!(one.next(), [word]);
        assert_eq!(eight.next(), [word; 8]);
    }
}

#[test]
fn lanes_and_streams_differ() {
    let mut words: Vec<u64> = Vec::new();
    for seed in 0..20 {
        for number in 0..20 {
            words.extend(Stream::<8>::new(seed, number).next());
        }
    }
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), 20 * 20 * 8);
}

#[test]
fn heads_are_the_ones_among_so_many_bits() {
    for trials in (0..=200).chain(500..=530).chain([1023, 1024, 1025, 10_007]) {
        let (mut one, mut eight) = (Stream::<1>::new(trials, 1), Stream::<8>::new(trials, 1));
        let (mut one_too, mut eight_too) = (one.clone(), eight.clone());
        assert_eq!(one.heads(trials), naive::heads(&mut one_too, trials));
        assert_eq!(eight.heads(trials), naive::heads(&mut eight_too, trials));
        assert_eq!((one.next(), eight.next()), (one_too.next(), eight_too.next()), "both have come as far");
    }
}

/// The probability of each number of successes.
fn binomial_probabilities(trials: u64, p: f64) -> Vec<f64> {
    let mut probabilities = vec![1.0];
    for _ in 0..trials {
        let mut next = vec![0.0; probabilities.len() + 1];
        for (successes, probability) in probabilities.iter().enumerate() {
            next[successes] += probability * (1.0 - p);
            next[successes + 1] += probability * p;
        }
        probabilities = next;
    }
    probabilities
}

/// Pearson's statistic, in standard deviations above what is expected of it. Rare outcomes are counted together.
fn chi_square_excess(counts: &[u64], probabilities: &[f64]) -> f64 {
    let total: u64 = counts.iter().sum();
    let (mut statistic, mut cells) = (0.0, 0);
    let (mut rare, mut rare_expected) = (0, 0.0);
    let mut add = |count: u64, expected: f64| {
        statistic += (count as f64 - expected).powi(2) / expected;
        cells += 1;
    };
    for (&count, probability) in counts.iter().zip(probabilities) {
        let expected = probability * total as f64;
        if expected < 10.0 {
            rare += count;
            rare_expected += expected;
        } else {
            add(count, expected);
        }
    }
    if rare_expected > 1.0 {
        add(rare, rare_expected);
    } else {
        assert!(rare < 10, "{rare} of what is next to impossible");
    }
    let freedom = f64::from(cells - 1);
    if freedom == 0.0 { 0.0 } else { (statistic - freedom) / (2.0 * freedom).sqrt() }
}

#[test]
fn binomials_have_their_exact_probabilities() {
    let cases =
        [(1, 1, 2), (1, 1, 3), (7, 1, 2), (10, 2, 3), (30, 1, 10), (64, 63, 64), (65, 99, 100), (200, 128, 245)];
    for (trials, part, whole) in cases {
        let mut stream = Stream::<8>::new(4, trials);
        let mut counts = vec![0; trials as usize + 1];
        for _ in 0..50_000 {
            counts[stream.binomial(trials, part, whole) as usize] += 1;
        }
        let excess = chi_square_excess(&counts, &binomial_probabilities(trials, part as f64 / whole as f64));
        assert!(excess < 4.0, "{trials} trials of {part}/{whole}: {excess}");
    }
}

#[test]
fn large_binomials_have_their_mean_and_variance() {
    for (trials, part, whole) in [(100_000, 1, 2), (100_000, 1, 1000), (99_999, 524_288, 1_000_000)] {
        let mut stream = Stream::<8>::new(5, part);
        let p = part as f64 / whole as f64;
        let (mean, variance) = (trials as f64 * p, trials as f64 * p * (1.0 - p));
        let draws = 2000.0_f64;
        let scaled: Vec<f64> =
            (0..2000).map(|_| (stream.binomial(trials, part, whole) as f64 - mean) / variance.sqrt()).collect();
        let (sum, squares) = (scaled.iter().sum::<f64>(), scaled.iter().map(|x| x * x).sum::<f64>());
        assert!(sum.abs() / draws.sqrt() < 4.0, "{sum}");
        assert!((squares - draws).abs() / (2.0 * draws).sqrt() < 4.0, "{squares}");
    }
}

#[test]
fn sure_and_impossible_trials() {
    let mut stream = Stream::<8>::new(0, 0);
    for trials in [0, 1, 1000] {
        assert_eq!(stream.binomial(trials, 0, 7), 0);
        assert_eq!(stream.binomial(trials, 7, 7), trials);
        assert_eq!(stream.binomial(trials, 0, 1), 0);
    }
}

// ---- sums

/// Values whose sums take 32, 64 or 128 bits.
fn values(count: usize) -> impl Strategy<Value = Vec<i64>> {
    let largest = prop::sample::select(vec![1_i64, 100, 1 << 18, (1 << 19) - 1, 1 << 19, 1 << 40, 1 << 52, i64::MAX]);
    largest.prop_flat_map(move |largest| prop::collection::vec(-largest..=largest, count))
}

fn tables() -> impl Strategy<Value = (Vec<i64>, usize)> {
    let rows = prop_oneof![0_usize..20, 60_usize..70, 120_usize..135, 190_usize..260];
    let components = prop_oneof![1_usize..12, 14_usize..50, prop::sample::select(vec![24, 32, 33, 40, 41, 80, 81])];
    (rows, components).prop_flat_map(|(rows, components)| (values(rows * components), Just(components)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn totals_are_sums_of_rows_by_weights((values, components) in tables(), start in 0_u64..1000, seed in any::<u64>()) {
        let table = Table { values: &values, components };
        let samples = start..start + 5;
        for way in WAYS {
            let totals = totals(way, &values, components, samples.clone(), seed);
            let mut weights = weights(way, table.rows().max(1), samples.clone(), seed);
            weights.iter_mut().for_each(|weights| weights.truncate(table.rows()));
            for (totals, weights) in totals.iter().zip(&weights) {
                prop_assert_eq!(totals, &naive::weighted_sum(table, weights));
            }
        }
    }

    #[test]
    fn samples_can_be_shared_out(
        rows in 1_usize..400,
        cuts in prop::collection::vec(0_u64..60, 3),
        seed in any::<u64>(),
    ) {
        let values: Vec<i64> = (0..rows as i64 * 2).map(|value| value * value).collect();
        let mut borders = [vec![0, 60], cuts].concat();
        borders.sort_unstable();
        for way in WAYS {
            let parts = borders.windows(2).flat_map(|part| totals(way, &values, 2, part[0]..part[1], seed));
            prop_assert_eq!(parts.collect::<Vec<_>>(), totals(way, &values, 2, 0..60, seed));
        }
    }
}

const BORDERS: [usize; 23] =
    [1, 2, 3, 4, 5, 63, 64, 65, 127, 128, 129, 191, 192, 193, 255, 256, 257, 4095, 4096, 4097, 8191, 8192, 12_345];

/// Numbers of rows around those of a segment.
const SEGMENT_BORDERS: [usize; 5] = [SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, 3 * SEGMENT + 77];

#[test]
fn every_sample_has_as_many_rows_as_the_table() {
    for rows in BORDERS.into_iter().chain(SEGMENT_BORDERS) {
        assert_eq!(totals(bootstrap, &vec![1; rows], 1, 0..20, 3), vec![[rows as i128]; 20], "{rows} rows");
    }
}

/// The totals of each sample, from tables that end at each of `cuts`.
fn totals_of_parts(values: &[i64], cuts: &[usize], samples: Range<u64>, seed: u64) -> [Vec<i128>; 2] {
    let rows = values.len();
    let count = (samples.end - samples.start) as usize;
    let draws = segment_draws(rows, samples.clone(), seed);
    let all_segments = rows.div_ceil(SEGMENT);
    let mut sums = [vec![0; count], vec![0; count]];
    let mut borders = [&[0, rows], cuts].concat();
    borders.sort_unstable();
    for part in borders.windows(2) {
        let table = Table { values: &values[part[0]..part[1]], components: 1 };
        let place = Place { first: part[0], rows };
        let own = place.segments(table.rows());
        let draws: Vec<u64> =
            draws.chunks(all_segments.max(1)).flat_map(|draws| draws[own.clone()].iter().copied()).collect();
        let mut totals = [vec![5; count], vec![5; count]];
        bootstrap_part(table, place, &draws, samples.clone(), seed, &mut totals[0], &never());
        randomization_part(table, place, samples.clone(), seed, &mut totals[1], &never());
        for (sums, totals) in sums.iter_mut().zip(&totals) {
            sums.iter_mut().zip(totals).for_each(|(sum, total)| *sum += total);
        }
    }
    sums
}

/// The totals of each sample, of the whole table.
fn totals_of_all(values: &[i64], samples: Range<u64>, seed: u64) -> [Vec<i128>; 2] {
    WAYS.map(|way| totals(way, values, 1, samples.clone(), seed).concat())
}

proptest! {
    #[test]
    fn rows_can_be_shared_out(rows in 0_usize..700, cuts in prop::collection::vec(0_usize..700, 0..6), seed in any::<u64>()) {
        let values: Vec<i64> = (0..rows as i64).map(|value| value * value - 99).collect();
        let cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(rows)).collect();
        prop_assert_eq!(totals_of_parts(&values, &cuts, 3..20, seed), totals_of_all(&values, 3..20, seed));
    }
}

#[test]
fn segments_can_be_shared_out() {
    for rows in SEGMENT_BORDERS {
        let values: Vec<i64> = (0..rows as i64).map(|value| value % 1009).collect();
        let all = totals_of_all(&values, 0..3, 7);
        for cuts in [vec![], vec![SEGMENT - 1], vec![1, 1, 64, rows / 2], vec![SEGMENT - 129, rows - 1, rows]] {
            assert_eq!(totals_of_parts(&values, &cuts, 0..3, 7), all, "{rows} rows, cut at {cuts:?}");
        }
    }
}

#[test]
fn segments_have_their_share_of_draws() {
    let (rows, samples) = (2 * SEGMENT + 40_000, 400);
    let draws = segment_draws(rows, 0..samples, 11);
    for (segment, length) in [SEGMENT, SEGMENT, 40_000].into_iter().enumerate() {
        let p = length as f64 / rows as f64;
        let variance = rows as f64 * p * (1.0 - p);
        let deviations: Vec<f64> =
            draws[segment..].iter().step_by(3).map(|&draws| draws as f64 - rows as f64 * p).collect();
        let (sum, squares) = (deviations.iter().sum::<f64>(), deviations.iter().map(|x| x * x).sum::<f64>());
        assert!(sum.abs() / (samples as f64 * variance).sqrt() < 4.0, "segment {segment}: {sum}");
        assert!((squares / variance / samples as f64 - 1.0).abs() < 4.0 * (2.0 / samples as f64).sqrt());
    }
    assert!(draws.chunks(3).all(|draws| draws.iter().sum::<u64>() == rows as u64));
}

#[test]
fn segments_have_streams_of_their_own() {
    // The same rows in each segment: the same coins would give the same sums.
    for segment in 1..3 {
        let only = |segment: usize| {
            let mut values = vec![0; 3 * SEGMENT];
            (0..SEGMENT).for_each(|row| values[segment * SEGMENT + row] = (row * row) as i64);
            totals_of_all(&values, 0..4, 1)
        };
        let (first, other) = (only(0), only(segment));
        assert!(first.iter().flatten().zip(other.iter().flatten()).all(|(first, other)| first != other));
    }
}

#[test]
fn every_row_has_its_turn_at_every_border() {
    for rows in BORDERS {
        // The first and last rows, those around the middle, and all others together.
        let watched: Vec<usize> = [0, 1, 62, 63, 64, 127, 128, rows / 2, rows - 2.min(rows), rows - 1]
            .into_iter()
            .filter(|&row| row < rows)
            .collect();
        let components = watched.len() + 1;
        let mut values = vec![0; rows * components];
        for row in 0..rows {
            watched
                .iter()
                .enumerate()
                .filter(|&(_, &at)| at == row)
                .for_each(|(lane, _)| values[row * components + lane] = 1);
            values[row * components + components - 1] = 1;
        }
        let samples = 2000.0;
        for (way, mean, variance) in [(WAYS[0], 1.0, 1.0 - 1.0 / rows as f64), (WAYS[1], 0.5, 0.25)] {
            let totals = totals(way, &values, components, 0..2000, 9);
            for (lane, row) in watched.iter().enumerate() {
                assert!(totals.iter().all(|totals| 0 <= totals[lane] && totals[lane] <= totals[components - 1]));
                let sum = totals.iter().map(|totals| totals[lane] as f64).sum::<f64>();
                let deviation = (sum - samples * mean).abs();
                assert!(deviation <= 4.5 * (samples * variance).sqrt(), "row {row} of {rows}: {sum}");
            }
        }
    }
}

#[test]
fn no_rows_and_no_lanes_and_no_samples() {
    for way in WAYS {
        assert_eq!(totals(way, &[], 3, 0..4, 1), vec![[0; 3]; 4]);
        assert!(totals(way, &[1, 2, 3], 3, 5..5, 1).is_empty());
        way(Table { values: &[], components: 0 }, 0..9, 1, &mut [], &never());
    }
}

#[test]
fn sums_move_on_before_they_overflow() {
    for largest in [(1 << 19) - 1, 1 << 19, (1 << 51) - 1, 1 << 51, i64::MAX, i64::MIN] {
        for rows in [5000, 20_000] {
            let values = vec![largest; rows];
            let expected = rows as i128 * i128::from(largest);
            assert_eq!(totals(bootstrap, &values, 1, 0..3, 1), vec![[expected]; 3]);
            let heads = totals(randomization, &vec![1; rows], 1, 0..3, 1);
            let expected: Vec<Vec<i128>> = heads.iter().map(|heads| vec![heads[0] * i128::from(largest)]).collect();
            assert_eq!(totals(randomization, &values, 1, 0..3, 1), expected);
        }
    }
}

#[test]
fn more_samples_than_are_done_at_a_time() {
    let values: Vec<i64> = (0..300).collect();
    for way in WAYS {
        let all = totals(way, &values, 3, 10..2600, 8);
        for sample in [0, 1, 1023, 1024, 1025, 2047, 2048, 2589] {
            let alone = totals(way, &values, 3, 10 + sample..11 + sample, 8);
            assert_eq!(alone[0], all[sample as usize], "sample {sample}");
        }
    }
}

#[test]
fn samples_and_seeds_differ() {
    let values: Vec<i64> = (0..500).map(|row| row * row).collect();
    for way in WAYS {
        let mut seen: Vec<Vec<i128>> = (0..10).flat_map(|seed| totals(way, &values, 1, 0..100, seed)).collect();
        seen.sort_unstable();
        seen.dedup();
        // Sums of different rows are rarely equal.
        assert!(seen.len() > 990, "{}", seen.len());
    }
}

/// The products of deviations of all pairs of rows, each in standard errors of what is expected of it.
fn deviations(weights: &[Vec<i128>], mean: f64, variance: f64, covariance: f64) -> Vec<f64> {
    let (samples, rows) = (weights.len() as f64, weights[0].len());
    let off: Vec<Vec<f64>> =
        weights.iter().map(|row| row.iter().map(|&weight| weight as f64 - mean).collect()).collect();
    let mut deviations = Vec::new();
    for i in 0..rows {
        for j in 0..i {
            let found = off.iter().map(|off| off[i] * off[j]).sum::<f64>() / samples;
            deviations.push((found - covariance) / (variance * variance / samples).sqrt());
        }
    }
    deviations
}

/// Most deviations are small, and none is large.
fn check_deviations(deviations: &[f64]) {
    let largest = deviations.iter().fold(0.0_f64, |largest, deviation| largest.max(deviation.abs()));
    assert!(largest < 5.5, "{largest}");
    let mean_square = deviations.iter().map(|deviation| deviation * deviation).sum::<f64>() / deviations.len() as f64;
    assert!((0.5..1.5).contains(&mean_square), "{mean_square}");
}

#[test]
fn bootstrap_counts_are_multinomial() {
    // 150 = 128 + 16 + 4 + 2 rows, 300 = 256 + 32 + 8 + 4.
    for (rows, samples) in [(7, 20_000), (150, 4000), (300, 1500)] {
        let weights = weights(bootstrap, rows, 0..samples, 6);
        let p = 1.0 / rows as f64;
        let mut counts = vec![vec![0; rows + 1]; rows];
        for weights in &weights {
            assert_eq!(weights.iter().sum::<i128>(), rows as i128);
            weights.iter().zip(&mut counts).for_each(|(&weight, counts)| counts[weight as usize] += 1);
        }
        let probabilities = binomial_probabilities(rows as u64, p);
        let mut sum = 0.0;
        for (row, counts) in counts.iter().enumerate() {
            let excess = chi_square_excess(counts, &probabilities);
            assert!(excess < 6.0, "row {row} of {rows}: {excess}");
            sum += excess;
        }
        assert!(sum.abs() / (rows as f64).sqrt() < 4.0, "all of {rows}: {sum}");
        check_deviations(&deviations(&weights, 1.0, 1.0 - p, -p));
    }
}

#[test]
fn coins_are_fair_and_independent() {
    let (rows, samples) = (150, 4000);
    let weights = weights(randomization, rows, 0..samples, 6);
    assert!(weights.iter().flatten().all(|weight| (0..=1).contains(weight)));
    let mut counts = vec![0; rows + 1];
    weights.iter().for_each(|weights| counts[weights.iter().sum::<i128>() as usize] += 1);
    assert!(chi_square_excess(&counts, &binomial_probabilities(rows as u64, 0.5)) < 4.0);
    for row in 0..rows {
        let heads = weights.iter().map(|weights| weights[row] as f64).sum::<f64>();
        assert!((heads - 2000.0).abs() < 4.5 * 1000.0_f64.sqrt(), "row {row}: {heads}");
    }
    check_deviations(&deviations(&weights, 0.5, 0.25, 0.0));
}

#[test]
fn a_set_flag_stops_both() {
    for way in WAYS {
        let mut totals = [5];
        way(Table { values: &[1; 5000], components: 1 }, 0..1, 0, &mut totals, &CancelFlag::new(true));
        assert_eq!(totals, [0], "nothing was added");
    }
}

#[test]
fn a_seed_gives_the_same_sums_in_every_version() {
    let values: Vec<i64> = (0..1000).map(|row| row * row).collect();
    assert_eq!(totals(bootstrap, &values, 1, 0..3, 12_345), [[339_961_749], [323_351_805], [323_923_677]]);
    assert_eq!(totals(randomization, &values, 1, 0..3, 12_345), [[157_721_089], [162_748_398], [154_917_575]]);
}
