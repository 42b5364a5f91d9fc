//! BLEU as TensorFlow's NMT tutorial defined it, which Hugging Face's `evaluate` computes as `bleu`.
//!
//! It differs in what it takes for the length of several references, the shortest, and in how it smooths: one more
//! n-gram of every order, matched and in all. Scores are from 0 to 1. Where the original divides by zero, because
//! no hypothesis or no reference has a token, the score and the brevity penalty are 0.

use std::ops::Range;
use std::sync::Arc;

use textgauge_kernels::overlap::OverlapNeed;

use super::{Options, SHARES, WHOLE, sum_names};
use crate::entry::Entry;
use crate::{ConfigError, Corpus, Metric, Needs, Output, PairFacts, Pipeline, Reading, options};

pub(super) fn build(entry: &Entry, options: &Options) -> Result<Arc<dyn Metric>, ConfigError> {
    let smoothing = options.smoothing.as_deref().unwrap_or("none");
    Ok(Arc::new(Nmt {
        pipeline: options.pipeline(entry)?,
        order: options.order(),
        add_one: options::by_name(entry, "smoothing", smoothing, &[("none", false), ("add-1", true)])?,
    }))
}

#[derive(Debug)]
struct Nmt {
    pipeline: Pipeline,
    order: usize,
    add_one: bool,
}

impl Nmt {
    fn precision(&self, correct: f64, total: f64) -> f64 {
        if self.add_one {
            (correct + 1.0) / (total + 1.0)
        } else if total > 0.0 {
            correct / total
        } else {
            0.0
        }
    }
}

/// The brevity penalty of a ratio of lengths.
fn brevity_penalty(ratio: f64) -> f64 {
    if ratio > 1.0 {
        1.0
    } else if ratio > 0.0 {
        (1.0 - 1.0 / ratio).exp()
    } else {
        0.0
    }
}

impl Metric for Nmt {
    fn readings(&self) -> Vec<Reading> {
        let needs = Needs { overlap: OverlapNeed::joint_matches(self.order), ..Needs::default() };
        vec![Reading { pipeline: self.pipeline, needs }]
    }

    fn outputs(&self) -> &[Output] {
        &SHARES[..WHOLE + 3 * self.order]
    }

    fn corpus(&self) -> Corpus {
        Corpus::Pooled
    }

    fn options(&self) -> String {
        let smoothing = if self.add_one { "add-1" } else { "none" };
        format!("variant:nmt|order:{}|smooth:{smoothing}", self.order)
    }

    fn sum_names(&self) -> Vec<String> {
        sum_names(&["matches", "ngrams"], self.order)
    }

    fn of_best_reference(&self) -> Range<usize> {
        // N-grams are clipped by all references together.
        0..0
    }

    fn width(&self) -> usize {
        2 + 2 * self.order
    }

    #[inline]
    fn row(&self, facts: &[PairFacts<'_>], row: &mut [i64]) {
        let PairFacts { references, joint, .. } = facts[0];
        let hypothesis = i64::from(references[0].hypothesis_len);
        let shortest = references.iter().map(|facts| facts.reference_len).min().unwrap_or(0);
        (row[0], row[1]) = (hypothesis, shortest.into());
        let (correct, total) = row[2..].split_at_mut(self.order);
        for (order, ((correct, total), &matches)) in correct.iter_mut().zip(total).zip(joint).enumerate() {
            *correct = matches.into();
            *total = (hypothesis - order as i64).max(0);
        }
    }

    fn finalise(&self, row: &[i64], outputs: &mut [f64]) {
        let (hypothesis, reference) = (row[0] as f64, row[1] as f64);
        let (correct, total) = row[2..].split_at(self.order);
        let mut lowest = f64::INFINITY;
        let mut logarithms = 0.0;
        for (outputs, (&correct, &total)) in outputs[WHOLE..].chunks_exact_mut(3).zip(correct.iter().zip(total)) {
            let (correct, total) = (correct as f64, total as f64);
            let precision = self.precision(correct, total);
            lowest = precision.min(lowest);
            logarithms += 1.0 / self.order as f64 * precision.ln();
            outputs.copy_from_slice(&[precision, correct, total]);
        }
        let mean = if lowest > 0.0 { logarithms.exp() } else { 0.0 };
        let ratio = if reference > 0.0 { hypothesis / reference } else { 0.0 };
        let penalty = brevity_penalty(ratio);
        outputs[..WHOLE].copy_from_slice(&[mean * penalty, penalty, ratio, hypothesis, reference]);
    }
}
