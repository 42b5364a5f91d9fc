//! The trait that every metric has, and how it describes what it makes.

use std::fmt::Debug;
use std::ops::Range;

use crate::{MAX_READINGS, PairFacts, Pairs, Reading};

/// What a number counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Shares of 1.
    Share,
    /// Shares of 100.
    Percent,
    /// Things that were counted, or their mean.
    Count,
    /// Nothing that has a name.
    Number,
}

impl Unit {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Share => "share",
            Self::Percent => "percent",
            Self::Count => "count",
            Self::Number => "number",
        }
    }
}

/// One number that a metric makes of a pair or of a corpus.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Output {
    /// The column's name after the metric's own and a dot; empty for the headline figure.
    pub part: &'static str,
    /// What the number is.
    pub summary: &'static str,
    /// What it counts in.
    pub unit: Unit,
    /// The lowest value it can have.
    pub lowest: f64,
    /// The highest value it can have.
    pub highest: f64,
    /// Whether more is better; `None` where neither is.
    pub higher_is_better: Option<bool>,
}

impl Output {
    /// A number from 0 on, to 1 or 100 where the unit says so; more of it is neither better nor worse.
    pub const fn new(part: &'static str, summary: &'static str, unit: Unit) -> Self {
        let highest = match unit {
            Unit::Share => 1.0,
            Unit::Percent => 100.0,
            Unit::Count | Unit::Number => f64::INFINITY,
        };
        Self { part, summary, unit, lowest: 0.0, highest, higher_is_better: None }
    }

    /// The same, but more is better.
    pub const fn higher_is_better(self) -> Self {
        Self { higher_is_better: Some(true), ..self }
    }

    /// The same, but less is better.
    pub const fn lower_is_better(self) -> Self {
        Self { higher_is_better: Some(false), ..self }
    }

    /// The same, but with another highest value.
    pub const fn up_to(self, highest: f64) -> Self {
        Self { highest, ..self }
    }
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
    /// How it reads texts: at least once, at most [`MAX_READINGS`] times.
    fn readings(&self) -> Vec<Reading>;

    /// What [`Metric::finalise`] makes.
    fn outputs(&self) -> &[Output];

    /// Which of the outputs is meant where one figure has to stand for all.
    fn headline(&self) -> usize {
        0
    }

    /// How the scores of a corpus come from its pairs.
    fn corpus(&self) -> Corpus;

    /// The options, as they stand in the signature: `key:value` joined by `|`.
    fn options(&self) -> String;

    /// How many integers a row has.
    fn width(&self) -> usize;

    /// Fills `row`, [`Metric::width`] integers, from the facts of one pair under each reading.
    fn row(&self, facts: &[PairFacts<'_>], row: &mut [i64]);

    /// Fills `outputs` from a row, or from a sum of rows.
    fn finalise(&self, row: &[i64], outputs: &mut [f64]);

    /// Fills `outputs` from the row of one pair, where that has rules of its own.
    #[inline]
    fn finalise_pair(&self, row: &[i64], outputs: &mut [f64]) {
        self.finalise(row, outputs);
    }

    /// The names of what [`Metric::sums`] gives, in its order.
    fn sum_names(&self) -> Vec<String>;

    /// What the scores of one pair are made of: the integers of its row, unless those need putting together first.
    fn sums(&self, row: &[i64]) -> Vec<i64> {
        row.to_vec()
    }

    /// Which integers of a row are those of the best of several references: none where references count together.
    fn of_best_reference(&self) -> Range<usize> {
        0..self.width()
    }

    /// The number of the reference that the row of a pair took for the best, the first of equals; none where references
    /// count together.
    fn best_reference(&self, facts: &[PairFacts<'_>], row: &[i64]) -> Option<usize> {
        let of_best = self.of_best_reference();
        if of_best.is_empty() {
            return None;
        }
        let mut alone = vec![0; row.len()];
        (0..facts[0].references.len()).find(|&number| {
            let mut of_one = [PairFacts::NONE; MAX_READINGS];
            of_one.iter_mut().zip(facts).for_each(|(of_one, facts)| *of_one = facts.of_reference(number));
            self.row(&of_one[..facts.len()], &mut alone);
            alone[of_best.clone()] == row[of_best.clone()]
        })
    }

    /// Which of these rows, one for each pair, an option makes an error because there is nothing to measure against.
    fn refused(&self, _rows: &[i64]) -> Option<usize> {
        None
    }

    /// Whether a row may have no reference: that says that there is no right answer, as an empty text would.
    fn takes_no_reference(&self) -> bool {
        false
    }

    /// The metric as sacrebleu publishes it, if it does.
    fn sacrebleu(&self) -> Option<&dyn Sacrebleu> {
        None
    }

    /// Appends rows, and with `outputs` the outputs, of every pair: one call across the trait object for
    /// many pairs. `readings` are the pairs under each reading.
    fn measure(&self, readings: &[&Pairs], rows: &mut Vec<i64>, outputs: Option<&mut Vec<f64>>) {
        let (width, parts, pairs) = (self.width(), self.outputs().len(), readings[0].len());
        let first_row = rows.len();
        rows.resize(first_row + pairs * width, 0);
        let mut facts = [PairFacts::NONE; MAX_READINGS];
        for (index, row) in rows[first_row..].chunks_exact_mut(width).enumerate() {
            facts.iter_mut().zip(readings).for_each(|(facts, pairs)| *facts = pairs.get(index));
            self.row(&facts[..readings.len()], row);
        }
        let Some(outputs) = outputs else { return };
        let first_output = outputs.len();
        outputs.resize(first_output + pairs * parts, 0.0);
        let outputs = outputs[first_output..].chunks_exact_mut(parts);
        for (row, outputs) in rows[first_row..].chunks_exact(width).zip(outputs) {
            self.finalise_pair(row, outputs);
        }
    }
}

/// What sacrebleu 2.6.0 makes of a metric beyond its score: the string that names its options, and scores of
/// re-sampled statistics in its own arithmetic.
pub trait Sacrebleu {
    /// Its signature; `head` is what stands before the options, such as `nrefs:1`, and `tokenizer` the name of
    /// the caller's own tokenizer, if there is one.
    fn signature(&self, head: &str, tokenizer: Option<&str>) -> String;

    /// Its statistics of a row, or of a sum of rows.
    fn statistics(&self, row: &[i64], statistics: &mut Vec<f64>);

    /// Its score of sums of statistics in NumPy's single precision, as its bootstrap has them; and whether the
    /// score is in single precision itself.
    fn score_of_singles(&self, sums: &[f32]) -> (f64, bool);

    /// Its score of sums of statistics as its approximate randomisation has them.
    fn score_of_doubles(&self, sums: &[f64]) -> f64;
}
