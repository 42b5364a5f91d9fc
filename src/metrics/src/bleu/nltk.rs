//! BLEU as nltk 3.10.4 computes it, with the smoothing methods of Chen and Cherry 2014, "A Systematic Comparison
//! of Smoothing Techniques for Sentence-Level BLEU".
//!
//! Scores are from 0 to 1, but for methods 5 and 7, which take precisions above 1. A text without an n-gram of some
//! order counts as if it had one, unmatched. An order without a match does not make the score 0: unsmoothed, its
//! precision is the smallest double. Every number is nltk's, but for corpora under methods 5, 6 and 7: of what those
//! look at besides, nltk takes that of the corpus's last pair; here it is that of the whole corpus.

use std::ops::Range;
use std::sync::Arc;

use serde_json::Number as JsonNumber;
use textgauge_kernels::overlap::OverlapNeed;

use super::{Options, SHARES, WHOLE, brevity_penalty, nearest_length, sum_names};
use crate::entry::Entry;
use crate::python_fraction::{Real, fsum};
use crate::{ConfigError, Corpus, Metric, Needs, Output, PairFacts, Pipeline, Reading, options};

/// Methods 5 and 7 look at this order, whatever the orders with a weight.
const ORDER_BEYOND: usize = 5;

/// Method 6 computes with fractions that become more than twice as long with every order.
const MOST_ORDERS_OF_METHOD_6: usize = 8;

/// The value of methods 4, 6 and 7, unless it is given: nltk's `k` and `alpha`.
const FIVE: u64 = 5;

/// What is done about the precisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Method {
    /// 0: without a match it is the smallest there is.
    Nothing,
    /// 1: without a match it is that of so much of one.
    Epsilon,
    /// 2: above order 1 there is one more n-gram, matched and in all.
    AddOne,
    /// 3: without a match it is that of half of one, in the next such order a quarter, ...
    Halve,
    /// 4: the same, so many times less, and more for longer hypotheses.
    HalveByLength,
    /// 5: it is the mean of that of the order before, its own, and that of the next order.
    Neighbours,
    /// 6: above order 2 it is drawn to what the two orders before let expect.
    Estimate,
    /// 7: method 4, then 5.
    HalveThenNeighbours,
}

const METHODS: [(&str, Method); 8] = [
    ("method0", Method::Nothing),
    ("method1", Method::Epsilon),
    ("method2", Method::AddOne),
    ("method3", Method::Halve),
    ("method4", Method::HalveByLength),
    ("method5", Method::Neighbours),
    ("method6", Method::Estimate),
    ("method7", Method::HalveThenNeighbours),
];

pub(super) fn build(entry: &Entry, options: &Options) -> Result<Arc<dyn Metric>, ConfigError> {
    let bad = |problem: String| Err(options::bad(entry, problem));
    let name = options.smoothing.as_deref().unwrap_or("method0");
    let method = options::by_name(entry, "smoothing", name, &METHODS)?;
    let weights = options.weights.clone().unwrap_or_else(|| vec![0.25; 4]);
    if method == Method::Estimate && !(3..=MOST_ORDERS_OF_METHOD_6).contains(&weights.len()) {
        return bad(format!("method6 takes weights of 3 to {MOST_ORDERS_OF_METHOD_6} orders, not {}", weights.len()));
    }
    let value = match (method, &options.smoothing_value) {
        (Method::Epsilon, None) => 0.1,
        (Method::Epsilon | Method::HalveByLength | Method::Estimate | Method::HalveThenNeighbours, given) => {
            given.as_ref().map_or(FIVE as f64, |value| value.as_f64().unwrap_or(f64::NAN))
        }
        (_, None) => 0.0,
        (_, Some(_)) => return bad(format!("smoothing '{name}' takes no smoothing_value")),
    };
    let divides = matches!(method, Method::HalveByLength | Method::Estimate | Method::HalveThenNeighbours);
    if !value.is_finite() || value < 0.0 || (value == 0.0 && divides) {
        let least = if divides { "above 0" } else { "of at least 0" };
        return bad(format!("smoothing_value is {value}; it must be a number {least}"));
    }
    Ok(Arc::new(Nltk {
        pipeline: options.pipeline(entry)?,
        weights,
        method,
        value,
        whole_value: options.smoothing_value.as_ref().map_or(Some(FIVE), JsonNumber::as_u64),
        auto_reweigh: options.auto_reweigh.unwrap_or(false),
    }))
}

#[derive(Debug)]
struct Nltk {
    pipeline: Pipeline,
    /// One for each order.
    weights: Vec<f64>,
    method: Method,
    /// What the method takes, 0 if it takes nothing.
    value: f64,
    /// The same, if it was given as a whole number, with which Python computes exactly.
    whole_value: Option<u64>,
    auto_reweigh: bool,
}

/// Counts of one order.
#[derive(Clone, Copy)]
struct Counts {
    correct: u64,
    /// N-grams of the hypothesis.
    ngrams: u64,
    /// The same, but 1 for each hypothesis without any.
    total: u64,
}

impl Counts {
    fn precision(self) -> Real {
        Real::fraction(self.correct, self.total)
    }
}

impl Nltk {
    fn order(&self) -> usize {
        self.weights.len()
    }

    /// How many orders a row has counts of.
    fn counted(&self) -> usize {
        match self.method {
            Method::Neighbours | Method::HalveThenNeighbours => self.order().max(ORDER_BEYOND),
            _ => self.order(),
        }
    }

    fn counts(&self, row: &[i64]) -> Vec<Counts> {
        let (correct, ngrams) = row[2..].split_at(self.counted());
        let (ngrams, without) = ngrams.split_at(self.counted());
        let count = |&count: &i64| u64::try_from(count).unwrap_or(0);
        let counts = correct.iter().zip(ngrams).zip(without).map(|((correct, ngrams), without)| Counts {
            correct: count(correct),
            ngrams: count(ngrams),
            // Never 0, whatever the row: a pair has an n-gram or has none.
            total: count(ngrams).saturating_add(count(without)).max(1),
        });
        counts.collect()
    }

    /// The smoothed precisions; none if method 6 has nothing to begin with.
    fn precisions(&self, counts: &[Counts], hypothesis: f64) -> Option<Vec<f64>> {
        let own = &counts[..self.order()];
        Some(match self.method {
            Method::Neighbours => interpolated(own.iter().map(|counts| counts.precision()).collect(), counts),
            Method::HalveThenNeighbours => {
                let halved = self.without_neighbours(own, hypothesis);
                let smoothed = own.iter().zip(halved).map(|(counts, halved)| {
                    let smoothed = counts.correct == 0 && halved > 0.0;
                    if smoothed { Real::Float(halved) } else { counts.precision() }
                });
                interpolated(smoothed.collect(), counts)
            }
            Method::Estimate if own[2].correct == 0 => return None,
            Method::Estimate => self.estimated(own),
            _ => self.without_neighbours(own, hypothesis),
        })
    }

    /// Precisions for which no other order's matter.
    fn without_neighbours(&self, counts: &[Counts], hypothesis: f64) -> Vec<f64> {
        let mut halvings = 1.0;
        let precision = |(fewer, &Counts { correct, total, .. }): (usize, &Counts)| {
            let (correct, total) = (correct as f64, total as f64);
            match self.method {
                Method::AddOne if fewer > 0 => (correct + 1.0) / (total + 1.0),
                _ if correct > 0.0 => correct / total,
                Method::Nothing => f64::MIN_POSITIVE,
                Method::Epsilon => self.value / total,
                Method::Halve => {
                    halvings *= 2.0;
                    1.0 / (halvings * total)
                }
                Method::HalveByLength | Method::HalveThenNeighbours if hypothesis > 1.0 => {
                    halvings *= 2.0;
                    1.0 / (halvings * self.value / hypothesis.ln()) / total
                }
                _ => 0.0,
            }
        };
        counts.iter().enumerate().map(precision).collect()
    }

    fn estimated(&self, counts: &[Counts]) -> Vec<f64> {
        let whole = |count: u64| Real::fraction(count, 1);
        let alpha = self.whole_value.map_or(Real::Float(self.value), whole);
        let mut precisions: Vec<Real> = counts[..2].iter().map(|counts| counts.precision()).collect();
        for counts in &counts[2..] {
            let [.., before_last, last] = &precisions[..] else { break };
            let expected = if before_last.is_zero() { whole(0) } else { &last.squared() / before_last };
            let above = &whole(counts.correct) + &(&alpha * &expected);
            precisions.push(&above / &(&whole(counts.ngrams) + &alpha));
        }
        precisions.iter().map(Real::to_f64).collect()
    }

    fn score(&self, precisions: &[f64], tokens: usize) -> f64 {
        let reweigh = self.auto_reweigh && tokens < 4 && self.weights == [0.25; 4];
        let uniform = vec![1.0 / tokens as f64; if reweigh { tokens } else { 0 }];
        let weights = if reweigh { &uniform } else { &self.weights };
        let weighted = weights.iter().zip(precisions).filter(|(_, precision)| **precision > 0.0);
        fsum(weighted.map(|(weight, precision)| weight * precision.ln())).exp()
    }
}

/// Each precision as the mean of the one before, already so averaged, its own, and the next.
fn interpolated(mut precisions: Vec<Real>, counts: &[Counts]) -> Vec<f64> {
    let beyond = counts[ORDER_BEYOND - 1].precision();
    let (one, three) = (Real::fraction(1, 1), Real::fraction(3, 1));
    let mut before = &precisions[0] + &one;
    for at in 0..precisions.len() {
        let next = precisions.get(at + 1).unwrap_or(&beyond);
        before = &(&(&before + &precisions[at]) + next) / &three;
        precisions[at] = before.clone();
    }
    precisions.iter().map(Real::to_f64).collect()
}

impl Metric for Nltk {
    fn readings(&self) -> Vec<Reading> {
        let needs = Needs { overlap: OverlapNeed::joint_matches(self.counted()), ..Needs::default() };
        vec![Reading { pipeline: self.pipeline, needs }]
    }

    fn outputs(&self) -> &[Output] {
        &SHARES[..WHOLE + 3 * self.order()]
    }

    fn corpus(&self) -> Corpus {
        Corpus::Pooled
    }

    fn options(&self) -> String {
        let weights: Vec<String> = self.weights.iter().map(f64::to_string).collect();
        let method = METHODS.iter().find(|(_, method)| *method == self.method).map_or("", |(name, _)| name);
        let value = match self.whole_value {
            _ if self.value == 0.0 => String::new(),
            Some(whole) if self.method == Method::Estimate => format!("[{whole}]"),
            _ => format!("[{:?}]", self.value),
        };
        let reweigh = if self.auto_reweigh { "yes" } else { "no" };
        format!("variant:nltk|weights:{}|smooth:{method}{value}|reweigh:{reweigh}", weights.join(","))
    }

    fn sum_names(&self) -> Vec<String> {
        sum_names(&["matches", "ngrams", "without"], self.counted())
    }

    fn of_best_reference(&self) -> Range<usize> {
        // N-grams are clipped by all references together.
        0..0
    }

    fn width(&self) -> usize {
        2 + 3 * self.counted()
    }

    #[inline]
    fn row(&self, facts: &[PairFacts<'_>], row: &mut [i64]) {
        let PairFacts { references, joint, .. } = facts[0];
        let hypothesis = i64::from(references[0].hypothesis_len);
        (row[0], row[1]) = (hypothesis, nearest_length(references));
        let (correct, ngrams) = row[2..].split_at_mut(self.counted());
        let (ngrams, without) = ngrams.split_at_mut(correct.len());
        for order in 0..correct.len() {
            correct[order] = joint[order].into();
            ngrams[order] = (hypothesis - order as i64).max(0);
            without[order] = i64::from(ngrams[order] == 0);
        }
    }

    fn finalise(&self, row: &[i64], outputs: &mut [f64]) {
        let (hypothesis, reference) = (row[0] as f64, row[1] as f64);
        let counts = self.counts(row);
        let penalty = if hypothesis > 0.0 { brevity_penalty(hypothesis, reference) } else { 0.0 };
        let smoothed = if counts[0].correct > 0 { self.precisions(&counts, hypothesis) } else { None };
        let score = smoothed
            .as_ref()
            .map_or(0.0, |precisions| penalty * self.score(precisions, usize::try_from(row[0]).unwrap_or(0)));
        let ratio = if reference > 0.0 { hypothesis / reference } else { 0.0 };
        outputs[..WHOLE].copy_from_slice(&[score, penalty, ratio, hypothesis, reference]);
        for (order, (outputs, counts)) in outputs[WHOLE..].chunks_exact_mut(3).zip(&counts).enumerate() {
            let (correct, total) = (counts.correct as f64, counts.total as f64);
            let precision = smoothed.as_ref().map_or(correct / total, |precisions| precisions[order]);
            outputs.copy_from_slice(&[precision, correct, total]);
        }
    }
}
