//! Sums that give the score of a corpus, whatever order its pairs came in.

use textgauge_metrics::{Corpus, Metric, Output};

use crate::Error;
use crate::plan::Plan;
use crate::{plan_bytes, sealed};

/// Sums of scores are whole numbers of 2^-80: adding is exact, so order doesn't matter. A score
/// above 2^-27 goes in without any rounding, a smaller one is rounded to 2^-80.
const FRACTION_BITS: u32 = 80;

/// A score is cut in two for adding: a whole number of 2^-28, and a rest in whole numbers of 2^-80.
const HIGH_BITS: u32 = 28;

/// Adding this to a double below 2^51 rounds it, ties to even, to a whole number, which then stands
/// in the low bits of the sum.
const ROUNDER: f64 = 1.5 * (1_u64 << 52) as f64;

/// As many parts of scores add up within 64 bits.
const SAFE_ADDENDS: usize = 1 << 11;

/// The exact sum of every `step`-th of `scores` from `first` on, each below 2^22 in magnitude.
fn sum(scores: &[f64], first: usize, step: usize) -> i128 {
    let whole = |rounded: f64| rounded.to_bits() as i64 - ROUNDER.to_bits() as i64;
    let mut total = 0;
    for scores in scores.chunks(SAFE_ADDENDS * step) {
        let (mut high, mut low) = (0_i64, 0_i64);
        let mut at = first;
        while at < scores.len() {
            let scaled = scores[at] * (1_u64 << HIGH_BITS) as f64;
            let rounded = scaled + ROUNDER;
            let rest = (scaled - (rounded - ROUNDER)) * (1_u64 << (FRACTION_BITS - HIGH_BITS)) as f64;
            high += whole(rounded);
            low += whole(rest + ROUNDER);
            at += step;
        }
        total += (i128::from(high) << (FRACTION_BITS - HIGH_BITS)) + i128::from(low);
    }
    total
}

/// As [`sum`], of scores below 2^46 in magnitude.
fn sum_of_large(scores: &[f64], first: usize, step: usize) -> i128 {
    let unit = 2_f64.powi(FRACTION_BITS as i32);
    scores.iter().skip(first).step_by(step).map(|score| (score * unit).round_ties_even() as i128).sum()
}

/// Whether scores have a limit, which is then 100 or less.
pub(crate) fn is_bounded(output: &Output) -> bool {
    output.highest.is_finite()
}

/// The mean of `rows` scores that sum to `fixed`, correctly rounded but for the last bit.
fn mean(fixed: i128, rows: u64) -> f64 {
    let rows = i128::from(rows);
    // Whole and remaining part apart: neither loses bits that the result could show.
    let (whole, rest) = (fixed / rows, fixed % rows);
    let unit = 2_f64.powi(-(FRACTION_BITS as i32));
    (whole as f64 + rest as f64 / rows as f64) * unit
}

/// How many references pairs have: the fewest and the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    fewest: u64,
    most: u64,
}

impl Span {
    const OF_NONE: Self = Self { fewest: u64::MAX, most: 0 };

    fn union(self, other: Self) -> Self {
        Self { fewest: self.fewest.min(other.fewest), most: self.most.max(other.most) }
    }
}

/// The sums of every metric over some rows; adds up exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aggregate {
    /// Rows that were scored.
    rows: u64,
    /// Rows without a score, for want of a text.
    nulls: u64,
    references: Span,
    /// What each metric adds up: the integers of its rows, or its scores in whole numbers of 2^-80.
    metrics: Vec<Vec<i128>>,
}

impl Aggregate {
    /// The sums over no rows.
    pub fn new(plan: &Plan) -> Self {
        let metrics = plan.components_of().map(|components| vec![0; components]).collect();
        Self { rows: 0, nulls: 0, references: Span::OF_NONE, metrics }
    }

    /// How many rows were scored.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// How many rows had no score, for want of a text.
    pub fn nulls(&self) -> u64 {
        self.nulls
    }

    pub(crate) fn add_null(&mut self) {
        self.nulls += 1;
    }

    /// How many references every scored row has; `None` if they differ or there is no row.
    pub fn references(&self) -> Option<u64> {
        let Span { fewest, most } = self.references;
        (fewest == most).then_some(most)
    }

    pub(crate) fn add_row(&mut self, references: usize) {
        let references = references as u64;
        self.rows += 1;
        self.references = self.references.union(Span { fewest: references, most: references });
    }

    /// Adds rows of metric number `index`, one after the other.
    pub(crate) fn add_rows(&mut self, index: usize, rows: &[i64]) {
        let sums = &mut self.metrics[index];
        let width = sums.len();
        for (at, total) in sums.iter_mut().enumerate() {
            *total += rows.chunks_exact(width).map(|row| i128::from(row[at])).sum::<i128>();
        }
    }

    /// Adds scores of metric number `index`, those of one row after the other.
    pub(crate) fn add_outputs(&mut self, index: usize, outputs: &[Output], scores: &[f64]) {
        let parts = outputs.len();
        for (at, (total, output)) in self.metrics[index].iter_mut().zip(outputs).enumerate() {
            let sum = if is_bounded(output) { sum } else { sum_of_large };
            *total += sum(scores, at, parts);
        }
    }

    /// Adds the sums of `other`, which the same plan made.
    ///
    /// # Errors
    /// [`Error::SumTooLarge`]: no rows that there can be add up to so much, but bytes from elsewhere can claim it.
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        self.rows = self.rows.checked_add(other.rows).ok_or(Error::SumTooLarge)?;
        self.nulls = self.nulls.checked_add(other.nulls).ok_or(Error::SumTooLarge)?;
        self.references = self.references.union(other.references);
        let sums = self.metrics.iter_mut().flatten();
        for (sum, &value) in sums.zip(other.metrics.iter().flatten()) {
            *sum = sum.checked_add(value).ok_or(Error::SumTooLarge)?;
        }
        Ok(())
    }

    /// The scores of the corpus, one a column of the plan; NaN throughout if no row was scored.
    ///
    /// # Errors
    /// [`Error::SumTooLarge`], as for [`Aggregate::merge`].
    pub fn finalise(&self, plan: &Plan) -> Result<Vec<f64>, Error> {
        let mut scores = Vec::with_capacity(plan.columns().len());
        for (sums, metric) in self.metrics.iter().zip(&plan.metrics) {
            if self.rows == 0 {
                scores.extend(std::iter::repeat_n(f64::NAN, metric.outputs().len()));
                continue;
            }
            match metric.corpus() {
                Corpus::Mean => scores.extend(sums.iter().map(|&sum| mean(sum, self.rows))),
                Corpus::Pooled => scores.extend(pooled(metric.as_ref(), sums)?),
            }
        }
        Ok(scores)
    }

    /// The aggregate as sealed bytes: the plan's specs, as JSON, and its signature, each after its length; then the
    /// sums, little endian.
    pub fn to_bytes(&self, plan: &Plan) -> Vec<u8> {
        let mut bytes = Vec::new();
        plan_bytes::push_plan(&mut bytes, plan);
        bytes.extend(self.rows.to_le_bytes());
        bytes.extend(self.nulls.to_le_bytes());
        bytes.extend(self.references.fewest.to_le_bytes());
        bytes.extend(self.references.most.to_le_bytes());
        self.metrics.iter().flatten().for_each(|sum| bytes.extend(sum.to_le_bytes()));
        sealed::seal(MARK, bytes)
    }

    /// The aggregate that [`Aggregate::to_bytes`] wrote, with its plan.
    ///
    /// # Errors
    /// [`Error::BadAggregate`] if the bytes are damaged or of another version of the format,
    /// [`Error::SignatureMismatch`] if this version would compute another thing under the same specs.
    pub fn from_bytes(bytes: &[u8]) -> Result<(Plan, Self), Error> {
        let mut bytes = sealed::open(MARK, bytes).map_err(Error::BadAggregate)?;
        let plan = plan_bytes::take_plan(&mut bytes, Error::BadAggregate)?;
        let mut aggregate = Self::new(&plan);
        for count in [&mut aggregate.rows, &mut aggregate.nulls] {
            *count = sealed::take_number(&mut bytes).map_err(Error::BadAggregate)?;
            if *count > MOST_ROWS {
                return Err(Error::BadAggregate("they count more rows than there can be"));
            }
        }
        let Span { fewest, most } = &mut aggregate.references;
        for count in [fewest, most] {
            *count = sealed::take_number(&mut bytes).map_err(Error::BadAggregate)?;
        }
        for sum in aggregate.metrics.iter_mut().flatten() {
            *sum = i128::from_le_bytes(sealed::take(&mut bytes).map_err(Error::BadAggregate)?);
            if sum.unsigned_abs() > MOST_IN_SUM {
                return Err(TOO_LARGE);
            }
        }
        if !bytes.is_empty() {
            return Err(Error::BadAggregate("there are bytes left over"));
        }
        aggregate.finalise(&plan).map_err(|_| TOO_LARGE)?;
        Ok((plan, aggregate))
    }
}

/// The mark and the version of the format.
const MARK: &[u8] = b"textgauge aggregate 3\n";
/// More rows than anybody has.
const MOST_ROWS: u64 = 1 << 48;
/// More than the rows of any file add up to.
const MOST_IN_SUM: u128 = 1 << 122;
const TOO_LARGE: Error = Error::BadAggregate("no rows can have such a sum");
/// The most in a sum that a metric is given: half of what fits, because metrics add and subtract two of them.
const MOST_FOR_METRICS: i128 = i64::MAX as i128 / 2;

/// The scores of a sum of rows.
///
/// # Errors
/// [`Error::SumTooLarge`].
pub(crate) fn pooled(metric: &dyn Metric, row: &[i128]) -> Result<Vec<f64>, Error> {
    // Rows are counts, of which none is below 0.
    let fits = |sum: &i128| (0..=MOST_FOR_METRICS).contains(sum);
    if !row.iter().all(fits) {
        return Err(Error::SumTooLarge);
    }
    let row: Vec<i64> = row.iter().map(|&sum| sum as i64).collect();
    let mut outputs = vec![0.0; metric.outputs().len()];
    metric.finalise(&row, &mut outputs);
    Ok(outputs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_exact_for_scores() {
        for score in [0.0, 1.0, 0.5, 1.0 / 3.0, 0.1, 100.0, 2_f64.powi(-27), f64::EPSILON, 12345.678] {
            let fixed = sum(&[score], 0, 1);
            assert_eq!(fixed as f64 * 2_f64.powi(-(FRACTION_BITS as i32)), score);
            assert_eq!(sum(&[-score], 0, 1), -fixed);
            assert_eq!(sum(&[score; 5000], 0, 1), 5000 * fixed);
            assert_eq!(sum(&[7.0, score, 7.0, score], 1, 2), 2 * fixed);
            assert_eq!(sum_of_large(&[7.0, score, 7.0, score], 1, 2), 2 * fixed);
        }
        assert_eq!(sum(&[f64::MIN_POSITIVE], 0, 1), 0);
        assert_eq!(mean(sum_of_large(&[1e12, 2e12], 0, 1), 2), 1.5e12);
    }

    #[test]
    fn mean_of_equal_scores_is_that_score() {
        for score in [1.0 / 3.0, 0.1, 0.7, 1.0, 99.9] {
            assert_eq!(mean(sum(&[score], 0, 1) * 1_000_003, 1_000_003), score);
        }
    }
}
