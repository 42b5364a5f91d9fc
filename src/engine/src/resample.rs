//! Statistics of a corpus: its pairs weighed anew, many times, from tables of integers.
//!
//! Every number here is the same for any number of threads: samples have random streams of their own, sums are
//! exact, and what is added as floats is added in one order.

use std::ops::Range;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};

use textgauge_kernels::resample::{self, Table};

use crate::plan::Plan;
use crate::run::Run;
use crate::{CancelFlag, Error};

/// Samples done before the next look for who else wants some: the table is read once for each such part.
const SAMPLES_AT_ONCE: u64 = 1024;

/// Calls `part` for every part of `samples`, on the run's threads, and puts what it makes of them, `width` numbers
/// a sample, in order.
pub(crate) fn in_parts<T: Copy + Default + Send>(
    samples: u64,
    work_of_sample: usize,
    width: usize,
    run: &mut Run<'_>,
    cancel: &CancelFlag,
    part: impl Fn(Range<u64>) -> Result<Vec<T>, Error> + Sync,
) -> Result<Vec<T>, Error> {
    let at_once = samples.div_ceil(run.threads as u64).clamp(1, SAMPLES_AT_ONCE);
    let next = AtomicU64::new(0);
    let mut numbers = Vec::new();
    let len = usize::try_from(samples).ok().and_then(|samples| samples.checked_mul(width));
    let reserved = len.filter(|&len| numbers.try_reserve_exact(len).is_ok());
    numbers.resize(reserved.ok_or(Error::NoMemory { rows: samples.into(), what: "samples" })?, T::default());
    let numbers = Mutex::new(numbers);
    let work = (0..samples).map(|_| work_of_sample);
    let outcomes = run.all(work, cancel, |_, between| {
        loop {
            let first = next.fetch_add(at_once, Ordering::Relaxed);
            if first >= samples || cancel.load(Ordering::Relaxed) {
                return Ok(());
            }
            let made = part(first..samples.min(first + at_once))?;
            let at = first as usize * width;
            numbers.lock().unwrap_or_else(PoisonError::into_inner)[at..at + made.len()].copy_from_slice(&made);
            between();
        }
    })?;
    outcomes.into_iter().collect::<Result<(), Error>>()?;
    Ok(numbers.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// The tables of several systems side by side, so that the same draws serve all.
fn side_by_side(systems: &[&[i64]], components: usize) -> Vec<i64> {
    let rows = systems.first().map_or(0, |system| system.len() / components);
    let mut joined = Vec::with_capacity(rows * components * systems.len());
    for row in 0..rows {
        systems.iter().for_each(|system| joined.extend_from_slice(&system[row * components..(row + 1) * components]));
    }
    joined
}

/// The scores of bootstrap samples: for each sample, for each of the systems, one a column. A sample has as many
/// rows as the tables, drawn with replacement, the same for every system.
///
/// # Errors
/// [`Error::Cancelled`]; [`Error::NoThreads`]; [`Error::NoMemory`]; [`Error::SumTooLarge`].
pub fn bootstrap(
    plan: &Plan,
    systems: &[&[i64]],
    samples: u64,
    seed: u64,
    run: &mut Run<'_>,
    cancel: &CancelFlag,
) -> Result<Vec<f64>, Error> {
    let components = plan.components();
    let joined;
    let (values, all_components) = match systems {
        [only] => (*only, components),
        _ => {
            joined = side_by_side(systems, components);
            (joined.as_slice(), components * systems.len())
        }
    };
    let table = Table { values, components: all_components };
    let rows = table.rows() as u64;
    let width = systems.len() * plan.columns().len();
    in_parts(samples, 8 * values.len(), width, run, cancel, |part| {
        let mut totals = vec![0; (part.end - part.start) as usize * all_components];
        resample::bootstrap(table, part, seed, &mut totals, cancel);
        scores_of_each(plan, totals.chunks_exact(components), rows)
    })
}

/// The scores of approximate randomisation: for each trial those of two pseudo-systems, one a column, between which
/// the rows of `base` and `system` were dealt out by the toss of a coin each.
///
/// # Errors
/// [`Error::Cancelled`]; [`Error::NoThreads`]; [`Error::NoMemory`]; [`Error::SumTooLarge`].
pub fn randomization(
    plan: &Plan,
    [base, system]: [&[i64]; 2],
    trials: u64,
    seed: u64,
    run: &mut Run<'_>,
    cancel: &CancelFlag,
) -> Result<Vec<f64>, Error> {
    let components = plan.components();
    let difference = |(base, system): (&i64, &i64)| system.checked_sub(*base).ok_or(Error::SumTooLarge);
    let differences = base.iter().zip(system).map(difference).collect::<Result<Vec<i64>, Error>>()?;
    let table = Table { values: &differences, components };
    let rows = table.rows() as u64;
    let sums = [base, system].map(|values| totals(values, components));
    let width = 2 * plan.columns().len();
    in_parts(trials, 8 * differences.len(), width, run, cancel, |part| {
        let mut swapped = vec![0; (part.end - part.start) as usize * components];
        resample::randomization(table, part, seed, &mut swapped, cancel);
        scores_of_trials(plan, [&sums[0], &sums[1]], swapped.chunks_exact(components), rows)
    })
}

/// The scores of both pseudo-systems of each trial: what comes of the sums of `base` and `system` when rows are swapped
/// whose differences sum to each of `swapped`.
///
/// # Errors
/// [`Error::SumTooLarge`].
pub(crate) fn scores_of_trials(
    plan: &Plan,
    [base, system]: [&[i128]; 2],
    swapped: impl Iterator<Item = impl AsRef<[i128]>>,
    rows: u64,
) -> Result<Vec<f64>, Error> {
    let mut scores = Vec::new();
    for swapped in swapped {
        let pseudo_systems = [
            combined(base, swapped.as_ref(), i128::checked_add)?,
            combined(system, swapped.as_ref(), i128::checked_sub)?,
        ];
        scores.extend(scores_of_each(plan, pseudo_systems.iter(), rows)?);
    }
    Ok(scores)
}

/// What `combine` makes of the sums, one by one.
///
/// # Errors
/// [`Error::SumTooLarge`] where it makes nothing.
pub(crate) fn combined(
    left: &[i128],
    right: &[i128],
    combine: impl Fn(i128, i128) -> Option<i128>,
) -> Result<Vec<i128>, Error> {
    left.iter().zip(right).map(|(&left, &right)| combine(left, right).ok_or(Error::SumTooLarge)).collect()
}

/// The scores of each of `totals`, one after the other.
pub(crate) fn scores_of_each(
    plan: &Plan,
    totals: impl Iterator<Item = impl AsRef<[i128]>>,
    rows: u64,
) -> Result<Vec<f64>, Error> {
    let mut scores = Vec::new();
    for totals in totals {
        scores.extend(plan.scores_of_totals(totals.as_ref(), rows)?);
    }
    Ok(scores)
}

/// The sum of all rows.
pub(crate) fn totals(values: &[i64], components: usize) -> Vec<i128> {
    let mut totals = vec![0; components];
    for row in values.chunks_exact(components) {
        totals.iter_mut().zip(row).for_each(|(total, &value)| *total += i128::from(value));
    }
    totals
}

/// What leaving out each row in turn says about a score.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Jackknife {
    /// An estimate of the score's standard error.
    pub standard_error: f64,
    /// An estimate of how much the score is too high on average.
    pub bias: f64,
}

/// Rows that are left out between two roundings of their sum: fixed, so that threads change nothing.
const LEFT_OUT_AT_ONCE: usize = 1024;

/// The jackknife (Tukey 1958; Efron and Stein 1981) of the scores of a table, one a column; NaN for less than two
/// rows.
///
/// # Errors
/// [`Error::Cancelled`]; [`Error::NoThreads`]; [`Error::NoMemory`]; [`Error::SumTooLarge`].
pub fn jackknife(plan: &Plan, values: &[i64], run: &mut Run<'_>, cancel: &CancelFlag) -> Result<Vec<Jackknife>, Error> {
    let (components, columns) = (plan.components(), plan.columns().len());
    let rows = values.len() / components;
    if rows < 2 {
        return Ok(vec![Jackknife { standard_error: f64::NAN, bias: f64::NAN }; columns]);
    }
    let sums = totals(values, components);
    let whole = plan.scores_of_totals(&sums, rows as u64)?;
    let blocks = rows.div_ceil(LEFT_OUT_AT_ONCE);
    // Of each block the sum of differences from the whole's score and of their squares, a pair a column.
    let parts = in_parts(blocks as u64, 8 * LEFT_OUT_AT_ONCE * components, 2 * columns, run, cancel, |part| {
        let mut made = Vec::new();
        for block in part {
            let first = block as usize * LEFT_OUT_AT_ONCE;
            let mut block = vec![0.0; 2 * columns];
            for row in first..rows.min(first + LEFT_OUT_AT_ONCE) {
                let row = &values[row * components..(row + 1) * components];
                let rest: Vec<i128> = sums.iter().zip(row).map(|(sum, &value)| sum - i128::from(value)).collect();
                let scores = plan.scores_of_totals(&rest, rows as u64 - 1)?;
                for ((sums, score), whole) in block.chunks_exact_mut(2).zip(scores).zip(&whole) {
                    let difference = score - whole;
                    sums[0] += difference;
                    sums[1] += difference * difference;
                }
            }
            made.extend(block);
        }
        Ok(made)
    })?;
    let n = rows as f64;
    let of_column = |column: usize| {
        let add = |at: usize| parts.iter().skip(2 * column + at).step_by(2 * columns).sum::<f64>();
        let (sum, squares) = (add(0), add(1));
        let variance = (n - 1.0) / n * (squares - sum * sum / n);
        Jackknife { standard_error: variance.max(0.0).sqrt(), bias: (n - 1.0) / n * sum }
    };
    Ok((0..columns).map(of_column).collect())
}
