//! NIST: n-gram precision in which an n-gram counts for more the rarer it is among all references.
//!
//! Doddington 2002, "Automatic evaluation of machine translation quality using n-gram co-occurrence statistics";
//! every number of a pair as nltk 3.10.4 computes it. Of a corpus nltk adds the pairs' floats in the order of rows,
//! so that its last bits depend on it; here they add up exactly, and are rounded once.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use textgauge_kernels::overlap::MAX_ORDER;

use crate::entry::Entry;
use crate::option_spec::{Kind, ORDER, OptionSpec, option};
use crate::options::{self, TokenizerOption};
use crate::python_fraction::squared;
use crate::{ConfigError, Corpus, Metric, Needs, Output, PairFacts, Pipeline, Reading, Unit};

pub(crate) const METRICS: &[Entry] = &[Entry {
    name: "nist",
    family: "nist",
    summary: "n-gram precision weighted by how rare n-grams are among all references",
    source: "Doddington 2002; nltk 3.10.4",
    options: OPTIONS,
    defaults: options::defaults::<Options>,
    build,
}];

/// The options of the family, in the order of their struct.
const OPTIONS: &[OptionSpec] = &[
    option("tokenizer", Kind::Tokenizer, "how texts are cut into tokens"),
    option("lowercase", Kind::Bool, "whether texts are lower-cased first"),
    option("n", ORDER, "the longest n-grams"),
];

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Options {
    tokenizer: TokenizerOption,
    lowercase: bool,
    n: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { tokenizer: TokenizerOption::Named("13a".to_owned()), lowercase: false, n: 5 }
    }
}

fn build(entry: &Entry, options: Map<String, Value>) -> Result<Arc<dyn Metric>, ConfigError> {
    let Options { tokenizer, lowercase, n } = options::parse(entry, options)?;
    Ok(Arc::new(Nist { pipeline: tokenizer.pipeline(entry, lowercase)?, n }))
}

#[derive(Debug)]
struct Nist {
    pipeline: Pipeline,
    n: usize,
}

/// Outputs that are not one for each order.
const WHOLE: usize = 3;

macro_rules! outputs {
    ($($order:literal)*) => {
        [
            Output::new("", "NIST", Unit::Number).higher_is_better(),
            Output::new("hyp_len", "tokens in the hypothesis, once for each order", Unit::Count),
            Output::new("ref_len", "tokens in the best reference of each order", Unit::Count),
            $(
                Output::new(concat!("num", $order), concat!("information of the shared n-grams of order ", $order), Unit::Number),
                Output::new(concat!("den", $order), concat!("n-grams of order ", $order, " in the hypothesis"), Unit::Count),
            )*
        ]
    };
}

static OUTPUTS: [Output; WHOLE + 2 * MAX_ORDER] = outputs!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16);

/// A float stands in a row as its whole part and [`DIGITS`] digits of [`DIGIT_BITS`] bits: down to 2^-96, as fine
/// as the float itself if it is 2^-43 at least, and no information above 0 is below that. So sums are exact, of half
/// a million million rows.
const DIGITS: usize = 4;
const DIGIT_BITS: u32 = 24;
const DIGIT: f64 = (1 << DIGIT_BITS) as f64;

/// Integers of one order in a row: the n-grams of the hypothesis, and the information of those that are shared.
const ORDER_WIDTH: usize = 2 + DIGITS;

/// Writes a float of at least 0 into a row.
fn split(value: f64, place: &mut [i64]) {
    let mut rest = value;
    for digit in place {
        *digit = rest as i64;
        rest = (rest - *digit as f64) * DIGIT;
    }
}

/// The double nearest to a float in a row, or to a sum of them.
fn join(place: &[i64]) -> f64 {
    let mut carry = 0_i128;
    let mut fraction = 0_u128;
    for (at, &digit) in place[1..].iter().rev().enumerate() {
        let sum = i128::from(digit) + carry;
        fraction |= (sum as u128 & ((1 << DIGIT_BITS) - 1)) << (DIGIT_BITS as usize * at);
        carry = sum >> DIGIT_BITS;
    }
    let whole = u128::try_from(i128::from(place[0]) + carry).unwrap_or(0);
    if whole == 0 {
        return fraction as f64 / DIGIT.powi(DIGITS as i32);
    }
    // More bits than a double has; of the rest it matters only whether it is 0.
    let (kept, rest) = (fraction >> 40, fraction & ((1 << 40) - 1));
    ((whole << 56) | kept | u128::from(rest > 0)) as f64 / (1_u64 << 56) as f64
}

/// 1 from the length of the references on, and a half at two thirds of it.
fn length_penalty(hypothesis: f64, reference: f64) -> f64 {
    let ratio = if reference > 0.0 { hypothesis / reference } else { 0.0 };
    if ratio > 0.0 && ratio < 1.0 {
        let beta = 0.5_f64.ln() / squared(1.5_f64.ln());
        (beta * squared(ratio.ln())).exp()
    } else {
        ratio.clamp(0.0, 1.0)
    }
}

impl Metric for Nist {
    fn readings(&self) -> Vec<Reading> {
        vec![Reading { pipeline: self.pipeline, needs: Needs { shared_weights: self.n, ..Needs::default() } }]
    }

    fn outputs(&self) -> &[Output] {
        &OUTPUTS[..WHOLE + 2 * self.n]
    }

    fn corpus(&self) -> Corpus {
        Corpus::Pooled
    }

    fn options(&self) -> String {
        format!("n:{}", self.n)
    }

    fn sum_names(&self) -> Vec<String> {
        let of_orders = (1..=self.n).map(|order| format!("ngrams{order}"));
        ["hyp_len", "ref_len"].map(str::to_owned).into_iter().chain(of_orders).collect()
    }

    fn sums(&self, row: &[i64]) -> Vec<i64> {
        let of_orders = row[2..].chunks_exact(ORDER_WIDTH).map(|place| place[0]);
        row[..2].iter().copied().chain(of_orders).collect()
    }

    fn of_best_reference(&self) -> Range<usize> {
        // Each order has a best reference of its own.
        0..0
    }

    fn width(&self) -> usize {
        2 + ORDER_WIDTH * self.n
    }

    #[inline]
    fn row(&self, facts: &[PairFacts<'_>], row: &mut [i64]) {
        let PairFacts { references, shared_weights, .. } = facts[0];
        let hypothesis = i64::from(references[0].hypothesis_len);
        let (lengths, orders) = row.split_at_mut(2);
        (lengths[0], lengths[1]) = (hypothesis * self.n as i64, 0);
        for (order, place) in orders.chunks_exact_mut(ORDER_WIDTH).enumerate() {
            // Each order has a best reference of its own: of those that share as much, the longest.
            let mut best = (0.0, 0);
            for (facts, shared) in references.iter().zip(shared_weights) {
                let this = (shared.0[order], facts.reference_len);
                if this > best {
                    best = this;
                }
            }
            lengths[1] += i64::from(best.1);
            place[0] = (hypothesis - order as i64).max(0);
            split(best.0, &mut place[1..]);
        }
    }

    fn finalise(&self, row: &[i64], outputs: &mut [f64]) {
        let (hypothesis, reference) = (row[0] as f64, row[1] as f64);
        let mut precisions = 0.0;
        let (whole, orders) = outputs.split_at_mut(WHOLE);
        for (outputs, place) in orders.chunks_exact_mut(2).zip(row[2..].chunks_exact(ORDER_WIDTH)) {
            let (information, ngrams) = (join(&place[1..]), place[0] as f64);
            if ngrams > 0.0 {
                precisions += information / ngrams;
            }
            outputs.copy_from_slice(&[information, ngrams]);
        }
        whole.copy_from_slice(&[precisions * length_penalty(hypothesis, reference), hypothesis, reference]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn splits(value: f64) -> [i64; 1 + DIGITS] {
        let mut place = [0; 1 + DIGITS];
        split(value, &mut place);
        place
    }

    #[test]
    fn floats_come_back_from_rows() {
        for value in [0.0, 1.0, 1.0 / 3.0, 0.1, 2.0_f64.sqrt() * 1e9, 2_f64.powi(-43) / 3.0 * 3.1, 12345.678] {
            assert_eq!(join(&splits(value)), value);
        }
    }

    #[test]
    fn sums_are_rounded_once() {
        let mut sum = [0; 1 + DIGITS];
        for value in [1.0, f64::EPSILON / 2.0, 2_f64.powi(-90)] {
            sum.iter_mut().zip(splits(value)).for_each(|(sum, digit)| *sum += digit);
        }
        assert_eq!(join(&sum), 1.0 + f64::EPSILON);
        let mut sum = [0; 1 + DIGITS];
        (0..10).for_each(|_| sum.iter_mut().zip(splits(0.1)).for_each(|(sum, digit)| *sum += digit));
        assert_eq!(join(&sum), 1.0);
    }

    #[test]
    fn two_thirds_of_the_length_cost_a_half() {
        assert!((length_penalty(2.0, 3.0) - 0.5).abs() < 1e-15);
        assert_eq!([length_penalty(3.0, 2.0), length_penalty(0.0, 2.0), length_penalty(0.0, 0.0)], [1.0, 0.0, 0.0]);
    }
}
