//! Sums of samples over parts of a table, which add up: statistics of rows that no machine has all of.
//!
//! Each part gives its share of the very samples that [`bootstrap`](crate::bootstrap()) and
//! [`randomization`](crate::randomization()) would take of all rows; their exact sums have no order.

use textgauge_kernels::resample::{self, Place, Table};

use crate::plan::Plan;
use crate::resample::{combined, in_parts, scores_of_each, scores_of_trials, totals};
use crate::run::Run;
use crate::{CancelFlag, Error, plan_bytes, sealed};

/// The mark and the version of the format of stored sums.
const MARK: &[u8] = b"textgauge sums of samples 1\n";

/// What of some rows goes into the score of the corpus and into the scores of samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleSums {
    /// How many rows there are.
    rows: u64,
    /// The sum of the rows.
    whole: Vec<i128>,
    /// For each sample the sum of those rows that it has, as often as it has them.
    chosen: Vec<i128>,
}

/// How many draws of each bootstrap sample of `rows` rows fall into each segment of
/// [`SEGMENT`](textgauge_kernels::resample::SEGMENT) rows: sample after sample.
///
/// # Errors
/// [`Error::Cancelled`]; [`Error::NoThreads`]; [`Error::NoMemory`].
pub fn segment_draws(
    rows: usize,
    samples: u64,
    seed: u64,
    run: &mut Run<'_>,
    cancel: &CancelFlag,
) -> Result<Vec<u64>, Error> {
    let segments = rows.div_ceil(resample::SEGMENT);
    in_parts(samples, rows, segments, run, cancel, |part| Ok(resample::segment_draws(rows, part, seed)))
}

/// The share of rows, which stand at `place` among all, of as many bootstrap samples as `draws` are of.
///
/// `draws` has a number a sample for each segment that the rows reach into, from [`segment_draws`].
///
/// # Errors
/// [`Error::Cancelled`]; [`Error::NoThreads`]; [`Error::NoMemory`].
pub fn bootstrap_sums(
    plan: &Plan,
    values: &[i64],
    place: Place,
    (draws, samples): (&[u64], u64),
    seed: u64,
    run: &mut Run<'_>,
    cancel: &CancelFlag,
) -> Result<SampleSums, Error> {
    let table = Table { values, components: plan.components() };
    let segments = place.segments(table.rows()).len();
    SampleSums::of(plan, table, samples, run, cancel, |part, totals| {
        let draws = &draws[part.start as usize * segments..part.end as usize * segments];
        resample::bootstrap_part(table, place, draws, part, seed, totals, cancel);
    })
}

/// For each of some trials the sum of those rows, which stand at `place` among all, whose coin fell heads.
///
/// # Errors
/// [`Error::Cancelled`]; [`Error::NoThreads`]; [`Error::NoMemory`].
pub fn randomization_sums(
    plan: &Plan,
    values: &[i64],
    place: Place,
    trials: u64,
    seed: u64,
    run: &mut Run<'_>,
    cancel: &CancelFlag,
) -> Result<SampleSums, Error> {
    let table = Table { values, components: plan.components() };
    SampleSums::of(plan, table, trials, run, cancel, |part, totals| {
        resample::randomization_part(table, place, part, seed, totals, cancel);
    })
}

impl SampleSums {
    /// The sums of a table; `choose` fills in those of some samples.
    fn of(
        plan: &Plan,
        table: Table<'_>,
        samples: u64,
        run: &mut Run<'_>,
        cancel: &CancelFlag,
        choose: impl Fn(std::ops::Range<u64>, &mut [i128]) + Sync,
    ) -> Result<Self, Error> {
        let components = plan.components();
        let chosen = in_parts(samples, 8 * table.values.len(), components, run, cancel, |part| {
            let mut sums = vec![0; (part.end - part.start) as usize * components];
            choose(part, &mut sums);
            Ok(sums)
        })?;
        Ok(Self { rows: table.rows() as u64, whole: totals(table.values, components), chosen })
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// How many samples there are.
    pub fn samples(&self) -> usize {
        self.chosen.len() / self.whole.len()
    }

    /// Adds the sums of other rows for the same samples, which the same plan made.
    ///
    /// # Errors
    /// [`Error::SumTooLarge`]: no rows that there can be add up to so much, but bytes from elsewhere can claim it.
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        self.rows = self.rows.checked_add(other.rows).ok_or(Error::SumTooLarge)?;
        let sums = self.whole.iter_mut().chain(&mut self.chosen);
        for (sum, &value) in sums.zip(other.whole.iter().chain(&other.chosen)) {
            *sum = sum.checked_add(value).ok_or(Error::SumTooLarge)?;
        }
        Ok(())
    }

    /// The scores of the corpus, one a column.
    ///
    /// # Errors
    /// [`Error::SumTooLarge`], as for [`Plan::scores_of_totals`].
    pub fn scores(&self, plan: &Plan) -> Result<Vec<f64>, Error> {
        plan.scores_of_totals(&self.whole, self.rows)
    }

    /// The scores of each sample, one a column.
    ///
    /// # Errors
    /// [`Error::SumTooLarge`], as for [`Plan::scores_of_totals`].
    pub fn scores_of_samples(&self, plan: &Plan) -> Result<Vec<f64>, Error> {
        scores_of_each(plan, self.chosen.chunks_exact(plan.components()), self.rows)
    }

    /// The scores of the two pseudo-systems of each trial, given the sums of all rows of `base` and of `system`.
    ///
    /// # Errors
    /// [`Error::SumTooLarge`], as for [`Plan::scores_of_totals`].
    pub fn scores_of_trials(plan: &Plan, base: &Self, system: &Self) -> Result<Vec<f64>, Error> {
        let components = plan.components();
        let heads = base.chosen.chunks_exact(components).zip(system.chosen.chunks_exact(components));
        let swapped = heads.map(|(base, system)| combined(system, base, i128::checked_sub));
        let swapped = swapped.collect::<Result<Vec<_>, Error>>()?;
        scores_of_trials(plan, [&base.whole, &system.whole], swapped.iter(), base.rows)
    }

    /// The sums, with their plan, as sealed bytes.
    pub fn to_bytes(&self, plan: &Plan) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(size_of::<i128>() * (self.whole.len() + self.chosen.len()) + 1024);
        plan_bytes::push_plan(&mut bytes, plan);
        bytes.extend(self.rows.to_le_bytes());
        self.whole.iter().chain(&self.chosen).for_each(|sum| bytes.extend(sum.to_le_bytes()));
        sealed::seal(MARK, bytes)
    }

    /// What [`SampleSums::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`Error::BadMeasurements`] if the bytes are damaged or of another version of the format,
    /// [`Error::SignatureMismatch`] if this version would compute another thing under the same specs.
    pub fn from_bytes(bytes: &[u8]) -> Result<(Plan, Self), Error> {
        let mut rest = sealed::open(MARK, bytes).map_err(Error::BadMeasurements)?;
        let plan = plan_bytes::take_plan(&mut rest, Error::BadMeasurements)?;
        let rows = sealed::take_number(&mut rest).map_err(Error::BadMeasurements)?;
        let (sums, left_over) = rest.as_chunks::<16>();
        if !left_over.is_empty() || sums.is_empty() || sums.len() % plan.components() != 0 {
            return Err(Error::BadMeasurements("a sample is not whole"));
        }
        let mut sums = sums.iter().map(|sum| i128::from_le_bytes(*sum));
        let whole = sums.by_ref().take(plan.components()).collect();
        Ok((plan, Self { rows, whole, chosen: sums.collect() }))
    }
}
