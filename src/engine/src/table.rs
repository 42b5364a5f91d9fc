//! The integers of each pair, kept for statistics that weigh pairs anew.

use textgauge_metrics::{Corpus, Output, Sacrebleu};

use crate::Error;
use crate::aggregate::{is_bounded, pooled};
use crate::plan::Plan;
use crate::resample::totals;
use crate::{plan_bytes, sealed};

/// Where the score of a corpus is a mean, the scores of pairs stand in the table in whole numbers, so many to one:
/// finer than twelve digits, and thousands of scores up to 100 add up within 64 bits. Scores without bound have
/// less of a fraction and room for as many tokens as a text can have.
fn fraction(output: &Output) -> f64 {
    let bits = if is_bounded(output) { 44 } else { 30 };
    (1_u64 << bits) as f64
}

/// A score as the table holds it.
pub(crate) fn fixed_point(output: &Output, score: f64) -> i64 {
    (score * fraction(output)).round_ties_even() as i64
}

/// The mark and the version of the format of stored tables.
const MARK: &[u8] = b"textgauge measurements 1\n";

/// A stored table: its plan, its integers, and how many references every row has, if all have the same number.
pub type StoredTable = (Plan, Vec<i64>, Option<u64>);

impl Plan {
    /// A table of this plan as sealed bytes.
    pub fn table_to_bytes(&self, values: &[i64], references: Option<u64>) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(8 * values.len() + 1024);
        plan_bytes::push_plan(&mut bytes, self);
        bytes.extend(references.unwrap_or(u64::MAX).to_le_bytes());
        values.iter().for_each(|value| bytes.extend(value.to_le_bytes()));
        sealed::seal(MARK, bytes)
    }

    /// The table that [`Plan::table_to_bytes`] wrote, with its plan.
    ///
    /// # Errors
    /// [`Error::BadMeasurements`] if the bytes are damaged or of another version of the format,
    /// [`Error::SignatureMismatch`] if this version would compute another thing under the same specs.
    pub fn table_from_bytes(bytes: &[u8]) -> Result<StoredTable, Error> {
        let mut rest = sealed::open(MARK, bytes).map_err(Error::BadMeasurements)?;
        let plan = plan_bytes::take_plan(&mut rest, Error::BadMeasurements)?;
        let references = sealed::take_number(&mut rest).map_err(Error::BadMeasurements)?;
        let (values, left_over) = rest.as_chunks::<8>();
        if !left_over.is_empty() || values.len() % plan.components() != 0 {
            return Err(Error::BadMeasurements("a row is not whole"));
        }
        let values = values.iter().map(|value| i64::from_le_bytes(*value)).collect();
        Ok((plan, values, (references != u64::MAX).then_some(references)))
    }

    /// How many integers a row of the table has.
    pub fn components(&self) -> usize {
        self.components_of().sum()
    }

    /// The scores, one a column, of `rows` rows of the table that sum to `totals`; NaN of no rows.
    ///
    /// # Errors
    /// [`Error::SumTooLarge`]: no rows that there can be add up to so much, but bytes from elsewhere can claim it.
    pub fn scores_of_totals(&self, totals: &[i128], rows: u64) -> Result<Vec<f64>, Error> {
        if rows == 0 {
            return Ok(vec![f64::NAN; self.columns().len()]);
        }
        let mut scores = Vec::with_capacity(self.columns().len());
        let mut rest = totals;
        for (metric, components) in self.metrics.iter().zip(self.components_of()) {
            let (own, others) = rest.split_at(components);
            rest = others;
            match metric.corpus() {
                Corpus::Mean => {
                    let outputs = own.iter().zip(metric.outputs());
                    scores.extend(outputs.map(|(&sum, output)| sum as f64 / fraction(output) / rows as f64));
                }
                Corpus::Pooled => scores.extend(pooled(metric.as_ref(), own)?),
            }
        }
        Ok(scores)
    }

    /// The scores, one a column, of a whole table.
    ///
    /// # Errors
    /// [`Error::SumTooLarge`], as for [`Plan::scores_of_totals`].
    pub fn scores_of_table(&self, values: &[i64]) -> Result<Vec<f64>, Error> {
        let components = self.components();
        self.scores_of_totals(&totals(values, components), (values.len() / components) as u64)
    }

    /// Metric number `index` as sacrebleu publishes it, if it does.
    pub fn sacrebleu(&self, index: usize) -> Option<&dyn Sacrebleu> {
        self.metrics.get(index)?.sacrebleu()
    }

    /// The statistics that sacrebleu has of each row for metric number `index`, row after row; none if it
    /// doesn't have the metric.
    pub fn sacrebleu_statistics(&self, index: usize, values: &[i64]) -> Vec<f64> {
        let Some(metric) = self.sacrebleu(index) else { return Vec::new() };
        let before: usize = self.components_of().take(index).sum();
        let own = before..before + self.metrics[index].width();
        let mut statistics = Vec::new();
        values.chunks_exact(self.components()).for_each(|row| metric.statistics(&row[own.clone()], &mut statistics));
        statistics
    }
}
