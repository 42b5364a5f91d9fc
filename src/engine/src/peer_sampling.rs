//! Samples as other packages draw them, of NumPy's generators, and add them, in their order and precision: sacrebleu's
//! and rouge-score's.

use textgauge_kernels::mersenne::Mersenne;
use textgauge_kernels::pcg64::Pcg64;

use crate::run::Run;
use crate::{CancelFlag, Error};

/// How many columns are added up at once, in registers.
const LANES: usize = 16;

/// The sums of the rows of bootstrap samples, in single precision and in the order in which rows are drawn: a row of
/// `width` sums for each sample.
///
/// # Errors
/// [`Error::Cancelled`]; [`Error::NoMemory`].
pub fn single_bootstrap_sums(
    generator: &mut Pcg64,
    table: &[f32],
    width: usize,
    samples: usize,
    run: &mut Run<'_>,
    cancel: &CancelFlag,
) -> Result<Vec<f32>, Error> {
    let rows = table.len() / width;
    let bound = u32::try_from(rows).map_err(|_| Error::NoMemory { rows: rows as u128, what: "rows" })?;
    let blocks = width.div_ceil(LANES);
    let mut block_rows: Vec<[f32; LANES]> = room(rows, blocks, "rows")?;
    for block in 0..blocks {
        block_rows.extend(table.chunks_exact(width).map(|row| {
            let part = &row[block * LANES..width.min((block + 1) * LANES)];
            let mut padded = [0.0; LANES];
            padded[..part.len()].copy_from_slice(part);
            padded
        }));
    }
    let mut drawn = room(rows, 1, "rows")?;
    let mut sums = room(samples, width, "samples")?;
    for _ in 0..samples {
        run.look(cancel)?;
        drawn.clear();
        drawn.extend((0..rows).map(|_| generator.below(bound)));
        for block in 0..blocks {
            let sum = sum_of(&block_rows[block * rows..(block + 1) * rows], &drawn);
            sums.extend_from_slice(&sum[..LANES.min(width - block * LANES)]);
        }
    }
    Ok(sums)
}

fn sum_of(rows: &[[f32; LANES]], drawn: &[u32]) -> [f32; LANES] {
    // Beginning with -0.0 a sum is that of the rows alone.
    let mut sum = [-0.0; LANES];
    for &row in drawn {
        sum.iter_mut().zip(&rows[row as usize]).for_each(|(sum, number)| *sum += number);
    }
    sum
}

/// Rows whose coins are looked up together.
const ROWS_AT_ONCE: usize = 8;

/// Trials whose coins are held at once. NumPy takes the coins of 32 numbers out of 32 bits, so a part ends with a number.
const TRIALS_AT_ONCE: usize = 1024;

/// For each trial the sum of the rows whose coin, `integers(2, dtype=bool)`, is 1: a row of `width` sums. Exact as long
/// as sums fit.
///
/// # Errors
/// [`Error::Cancelled`]; [`Error::NoMemory`].
pub fn sums_of_chosen(
    generator: &mut Pcg64,
    table: &[i64],
    width: usize,
    trials: usize,
    run: &mut Run<'_>,
    cancel: &CancelFlag,
) -> Result<Vec<i64>, Error> {
    let mut sums = room(trials, width, "samples")?;
    sums.resize(trials * width, 0);
    for sums in sums.chunks_mut(TRIALS_AT_ONCE * width) {
        add_chosen(generator, table, width, sums, run, cancel)?;
    }
    Ok(sums)
}

/// Adds the chosen rows to the sums of some trials.
fn add_chosen(
    generator: &mut Pcg64,
    table: &[i64],
    width: usize,
    sums: &mut [i64],
    run: &mut Run<'_>,
    cancel: &CancelFlag,
) -> Result<(), Error> {
    let rows = table.len() / width;
    // One bit after the other, over the ends of trials; what is left of the last number is lost.
    let numbers = (rows * (sums.len() / width)).div_ceil(32);
    let mut coins = room(numbers + 1, 1, "samples")?;
    coins.extend((0..numbers).map(|_| generator.next_u32()));
    coins.push(0);
    let eight_from = |bit: usize| {
        let both = u64::from(coins[bit / 32]) | u64::from(coins[bit / 32 + 1]) << 32;
        (both >> (bit % 32)) as u8
    };
    // The sums of all choices among a few rows, each that of one row less and that row.
    let mut choices = vec![0_i64; width << ROWS_AT_ONCE];
    for (part, chosen_rows) in table.chunks(width * ROWS_AT_ONCE).enumerate() {
        run.look(cancel)?;
        let count = chosen_rows.len() / width;
        for choice in 1..1_usize << count {
            let last = choice.ilog2() as usize;
            let (before, this) = choices.split_at_mut(choice * width);
            let without = &before[(choice ^ (1 << last)) * width..][..width];
            let row = &chosen_rows[last * width..][..width];
            this.iter_mut().zip(without.iter().zip(row)).for_each(|(sum, (without, number))| *sum = without + number);
        }
        let mask = ((1_u16 << count) - 1) as u8;
        for (trial, sums) in sums.chunks_exact_mut(width).enumerate() {
            let choice = usize::from(eight_from(trial * rows + part * ROWS_AT_ONCE) & mask);
            sums.iter_mut().zip(&choices[choice * width..][..width]).for_each(|(sum, part)| *sum += part);
        }
    }
    Ok(())
}

/// The means of bootstrap samples, as rouge-score makes them with NumPy: drawn by its older generator, one row after the
/// other, added in that order and divided by their number.
///
/// # Errors
/// [`Error::Cancelled`]; [`Error::NoThreads`]; [`Error::NoMemory`].
pub fn drawn_means(
    rows: &[[f64; 3]],
    samples: usize,
    generator: &mut Mersenne,
    run: &mut Run<'_>,
    cancel: &CancelFlag,
) -> Result<Vec<[f64; 3]>, Error> {
    let Some(largest) = rows.len().checked_sub(1) else { return Ok(Vec::new()) };
    let largest = u32::try_from(largest).map_err(|_| Error::NoMemory { rows: rows.len() as u128, what: "rows" })?;
    let mut means = room(samples, 1, "samples")?;
    let mut chosen = vec![0; SAMPLES_AT_ONCE * rows.len()];
    while means.len() < samples {
        run.look(cancel)?;
        let count = SAMPLES_AT_ONCE.min(samples - means.len());
        generator.draw(largest, &mut chosen[..count * rows.len()]);
        let sums = sums_of_samples(rows, &chosen);
        means.extend(sums[..count].iter().map(|sum| sum.map(|sum| sum / rows.len() as f64)));
    }
    Ok(means)
}

/// Samples whose sums grow side by side: an addition waits for the one before it, but not for those of others.
const SAMPLES_AT_ONCE: usize = 4;

/// The sums of samples of as many rows as there are, whose numbers are in `chosen`, sample after sample.
fn sums_of_samples(rows: &[[f64; 3]], chosen: &[u32]) -> [[f64; 3]; SAMPLES_AT_ONCE] {
    let samples: [&[u32]; SAMPLES_AT_ONCE] = std::array::from_fn(|sample| &chosen[sample * rows.len()..][..rows.len()]);
    let mut sums = [[0.0; 3]; SAMPLES_AT_ONCE];
    for place in 0..rows.len() {
        for (sum, sample) in sums.iter_mut().zip(samples) {
            sum.iter_mut().zip(rows[sample[place] as usize]).for_each(|(sum, value)| *sum += value);
        }
    }
    sums
}

/// An empty vector with room for `rows` of `width`.
fn room<T>(rows: usize, width: usize, what: &'static str) -> Result<Vec<T>, Error> {
    let mut vector = Vec::new();
    match rows.checked_mul(width).map(|len| vector.try_reserve_exact(len)) {
        Some(Ok(())) => Ok(vector),
        _ => Err(Error::NoMemory { rows: rows as u128, what }),
    }
}
