//! The integers of each pair, kept for statistics that weigh pairs anew.

use textgauge_metrics::Corpus;

use crate::aggregate::pooled;
use crate::plan::Plan;

/// Where the score of a corpus is a mean, the scores of pairs stand in the table in whole numbers of
/// 2^-44: finer than twelve digits, and of scores up to 100 a million adds up within 128 bits anyhow.
const FRACTION: f64 = (1_u64 << 44) as f64;

/// A score as the table holds it.
pub(crate) fn fixed_point(score: f64) -> i64 {
    (score * FRACTION).round_ties_even() as i64
}

impl Plan {
    /// How many integers a row of the table has.
    pub fn lanes(&self) -> usize {
        self.lanes_of().sum()
    }

    /// The scores, one a column, of `rows` rows of the table that sum to `totals`.
    pub fn scores_of_totals(&self, totals: &[i128], rows: u64) -> Vec<f64> {
        let mut scores = Vec::with_capacity(self.columns().len());
        let mut rest = totals;
        for (metric, lanes) in self.metrics.iter().zip(self.lanes_of()) {
            let (own, others) = rest.split_at(lanes);
            rest = others;
            match metric.corpus() {
                Corpus::Mean => scores.extend(own.iter().map(|&sum| sum as f64 / FRACTION / rows as f64)),
                Corpus::Pooled => scores.extend(pooled(metric.as_ref(), own)),
            }
        }
        scores
    }
}
