//! The trait that every metric has, and how it describes what it makes.

use std::fmt::Debug;

use crate::{Facts, Needs, Pairs, Pipeline};

/// One number that a metric makes of a pair or of a corpus.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Output {
    /// The column's name after the metric's own and a dot; empty for the headline figure.
    pub part: &'static str,
    /// What the number is.
    pub summary: &'static str,
    /// The lowest value it can have.
    pub lowest: f64,
    /// The highest value it can have.
    pub highest: f64,
    /// Whether more is better; `None` where neither is.
    pub higher_is_better: Option<bool>,
}

/// How the scores of a corpus come from its pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Corpus {
    /// The mean of the pairs' scores.
    Mean,
    /// The score of the sum of the pairs' rows.
    Pooled,
}

/// A measure of a hypothesis against its references.
///
/// Implementations hold their options and nothing else: equal options, equal results.
pub trait Metric: Send + Sync + Debug {
    /// How text becomes the ids that are measured.
    fn pipeline(&self) -> Pipeline;

    /// Which facts of a pair [`Metric::row`] reads.
    fn needs(&self) -> Needs;

    /// What [`Metric::finalise`] makes.
    fn outputs(&self) -> &'static [Output];

    /// How the scores of a corpus come from its pairs.
    fn corpus(&self) -> Corpus;

    /// The options, as they stand in the signature: `key:value` joined by `|`.
    fn options(&self) -> String;

    /// How many integers a row has.
    fn width(&self) -> usize;

    /// Fills `row`, [`Metric::width`] integers, from the facts of one pair: one [`Facts`] for each
    /// of its references, at least one.
    fn row(&self, references: &[Facts], row: &mut [i64]);

    /// Fills `outputs` from a row, or from a sum of rows.
    fn finalise(&self, row: &[i64], outputs: &mut [f64]);

    /// Appends rows and outputs of every pair: one call across the trait object for many pairs.
    fn measure(&self, pairs: &Pairs, rows: &mut Vec<i64>, outputs: &mut Vec<f64>) {
        let (width, parts) = (self.width(), self.outputs().len());
        let (first_row, first_output) = (rows.len(), outputs.len());
        rows.resize(first_row + pairs.len() * width, 0);
        outputs.resize(first_output + pairs.len() * parts, 0.0);
        let rows = rows[first_row..].chunks_exact_mut(width);
        let outputs = outputs[first_output..].chunks_exact_mut(parts);
        for ((facts, row), outputs) in pairs.iter().zip(rows).zip(outputs) {
            self.row(facts, row);
            self.finalise(row, outputs);
        }
    }
}
