//! Scores one pair by itself, without columns, a pool or sums.

use textgauge_metrics::{MAX_READINGS, Metric, PairFacts, Pairs};

use crate::batch::{Batch, References, TokenSource};
use crate::explain::{Explained, readings_of};
use crate::measure::Scratch;
use crate::plan::Plan;
use crate::run::{Run, with_scratch};
use crate::score::measure_row;
use crate::transformed::with_transformed;
use crate::{CancelFlag, Error};

/// One pair: in every source one prediction and all its references, at least one. No text is missing.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    /// What each source sees; every source that the plan reads.
    pub sources: &'a [TokenSource<'a>],
}

impl Pair<'_> {
    /// How much work it is, in bytes of text.
    pub fn work(&self) -> usize {
        self.batch(&[self.references()]).work(0)
    }

    /// What `take` makes of the scores, one for each of the plan's columns.
    ///
    /// Runs on the calling thread, with buffers that it keeps from pair to pair. `take` may score a pair itself.
    ///
    /// # Errors
    /// [`Error::NotFitted`] if a metric has to be fitted first.
    pub fn score<T>(&self, plan: &Plan, take: impl FnOnce(&[f64]) -> T) -> Result<T, Error> {
        plan.check()?;
        with_scratch(|scratch| {
            self.measure(plan, scratch, &CancelFlag::new(false), |_, _, _| {})?;
            Ok(take(&scratch.outputs))
        })
    }

    /// What the scores come from; which n-grams are matched only if `ngrams`. Runs on the calling thread, as
    /// [`Pair::score`].
    ///
    /// # Errors
    /// [`Error::NotFitted`] if a metric has to be fitted first.
    pub fn explain(&self, plan: &Plan, ngrams: bool) -> Result<Explained, Error> {
        plan.check()?;
        with_scratch(|scratch| self.explained(plan, ngrams, scratch, &CancelFlag::new(false)))
    }

    /// As [`Pair::explain`], for a pair that takes long: `run.watch` can cancel it.
    ///
    /// # Errors
    /// [`Error::NotFitted`]; [`Error::Cancelled`]; [`Error::NoThreads`].
    pub fn explain_watched(
        &self,
        plan: &Plan,
        ngrams: bool,
        run: &mut Run<'_>,
        cancel: &CancelFlag,
    ) -> Result<Explained, Error> {
        plan.check()?;
        let made =
            run.all([self.work()].into_iter(), cancel, |scratch, _| self.explained(plan, ngrams, scratch, cancel))?;
        made.into_iter().next().ok_or(Error::Cancelled)?
    }

    fn explained(
        &self,
        plan: &Plan,
        ngrams: bool,
        scratch: &mut Scratch,
        cancel: &CancelFlag,
    ) -> Result<Explained, Error> {
        let mut explained = Explained::default();
        self.measure(plan, scratch, cancel, |metric, facts, row| {
            explained.sums.push(metric.sums(row));
            explained.best.push(metric.best_reference(facts, row));
        })?;
        explained.scores.clone_from(&scratch.outputs);
        let ends = [self.references()];
        explained.readings = with_transformed(plan, &self.batch(&ends), 0..1, scratch, cancel, |batch, scratch| {
            readings_of(plan, ngrams, batch, 0, scratch, cancel)
        });
        Ok(explained)
    }

    /// As [`Pair::score`], for a pair that takes long: `run.watch` can cancel it.
    ///
    /// # Errors
    /// [`Error::NotFitted`]; [`Error::Cancelled`]; [`Error::NoThreads`].
    pub fn score_watched(&self, plan: &Plan, run: &mut Run<'_>, cancel: &CancelFlag) -> Result<Vec<f64>, Error> {
        plan.check()?;
        let scores = run.all([self.work()].into_iter(), cancel, |scratch, _| {
            self.measure(plan, scratch, cancel, |_, _, _| {})?;
            Ok(scratch.outputs.clone())
        })?;
        scores.into_iter().next().ok_or(Error::Cancelled)?
    }

    /// Leaves the scores in `scratch.outputs`; shows each metric, the facts that it reads and its row.
    fn measure(
        &self,
        plan: &Plan,
        scratch: &mut Scratch,
        cancel: &CancelFlag,
        mut show: impl FnMut(&dyn Metric, &[PairFacts<'_>], &[i64]),
    ) -> Result<(), Error> {
        let ends = [self.references()];
        let batch = self.batch(&ends);
        let mut pairs = std::mem::take(&mut scratch.pairs);
        if pairs.len() < plan.readings.len() {
            pairs.resize_with(plan.readings.len(), Pairs::default);
        }
        with_transformed(plan, &batch, 0..1, scratch, cancel, |batch, scratch| {
            for (index, pairs) in pairs.iter_mut().enumerate().take(plan.readings.len()) {
                pairs.clear();
                measure_row(plan, index, batch, 0, pairs, scratch, cancel);
            }
        });
        let Scratch { rows, outputs, .. } = scratch;
        outputs.clear();
        let mut checked = Ok(());
        for (number, (metric, own)) in plan.metrics.iter().zip(&plan.readings_of).enumerate() {
            let mut readings = [&pairs[own[0]]; MAX_READINGS];
            readings.iter_mut().zip(own).for_each(|(place, &index)| *place = &pairs[index]);
            rows.clear();
            metric.measure(&readings[..own.len()], rows, Some(outputs));
            let facts = readings.map(|pairs| pairs.get(0));
            show(metric.as_ref(), &facts[..own.len()], rows);
            checked = checked.and_then(|()| plan.check_rows(number, rows, |_| None));
        }
        scratch.pairs = pairs;
        checked
    }

    fn references(&self) -> usize {
        self.sources.first().map_or(0, |source| source.references.len())
    }

    /// The pair as the only row of a batch.
    fn batch<'b>(&'b self, ends: &'b [usize; 1]) -> Batch<'b> {
        Batch::new(self.sources, References::Ragged(ends), 1, false)
    }
}
