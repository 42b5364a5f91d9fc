//! What scores of overlap don't show: repetition, order, novelty, and how much is copied from a source.
//!
//! None of these is a score of quality. They say whether one of those was earned by what it is meant to count.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use textgauge_kernels::distinct_ngrams::{DistinctNgrams, MAX_DISTINCT_ORDER};
use textgauge_kernels::overlap::OverlapNeed;

use crate::entry::Entry;
use crate::option_spec::{Kind, OptionSpec, option};
use crate::options::{self, TokenizerOption};
use crate::{ConfigError, Corpus, Facts, Metric, Needs, Output, PairFacts, Pipeline, Reading, Unit};

pub(crate) const METRICS: &[Entry] = &[
    Entry {
        name: "diagnostics",
        family: "diagnostics",
        summary: "repetition, order, novelty and length: whether a score of overlap was earned",
        source: "distinct-n of Li et al. 2016; unclipped precision of Papineni et al. 2002",
        options: OPTIONS,
        defaults: options::defaults::<Options>,
        build: |entry, options| Ok(Arc::new(Diagnostics(pipeline(entry, options)?))),
    },
    Entry {
        name: "extractive",
        family: "diagnostics",
        summary: "how much of a summary is copied from its source, given as the reference",
        source: "Grusky et al. 2018 (Newsroom)",
        options: OPTIONS,
        defaults: options::defaults::<Options>,
        build: |entry, options| Ok(Arc::new(Extractive(pipeline(entry, options)?))),
    },
];

/// The options of the family, in the order of their struct.
const OPTIONS: &[OptionSpec] = &[
    option("tokenizer", Kind::Tokenizer, "how texts are cut into tokens"),
    option("lowercase", Kind::Bool, "whether texts are lower-cased first"),
];

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Options {
    tokenizer: TokenizerOption,
    lowercase: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { tokenizer: TokenizerOption::Named("words".to_owned()), lowercase: true }
    }
}

fn pipeline(entry: &Entry, options: Map<String, Value>) -> Result<Pipeline, ConfigError> {
    let options: Options = options::parse(entry, options)?;
    options.tokenizer.pipeline(entry, options.lowercase)
}

const fn share(part: &'static str, summary: &'static str) -> Output {
    Output::new(part, summary, Unit::Share)
}

const fn number(part: &'static str, summary: &'static str) -> Output {
    Output::new(part, summary, Unit::Number)
}

/// `above / below`, or 0 of nothing.
fn ratio(above: i64, below: i64) -> f64 {
    if below == 0 { 0.0 } else { above as f64 / below as f64 }
}

#[derive(Debug)]
struct Diagnostics(Pipeline);

macro_rules! diagnostics_outputs {
    ($($order:literal)*) => {
        [
            share("order", "of the tokens that are matched, the share that also stand in the reference's order"),
            number("length_ratio", "tokens of the prediction over those of the reference"),
            share("empty", "predictions without any token"),
            share("empty_reference", "references without any token"),
            $(
                share(concat!("distinct", $order), concat!("distinct n-grams of order ", $order, ", of all in the prediction")),
                share(concat!("novel", $order), concat!("distinct n-grams of order ", $order, " that the reference lacks")),
                share(concat!("clipped", $order), concat!("precision of order ", $order, ": n-grams count as often as the reference has them")),
                share(concat!("unclipped", $order), concat!("the same of order ", $order, " if repetition always counted")),
            )*
        ]
    };
}

static DIAGNOSTICS_OUTPUTS: [Output; WHOLE_OUTPUTS + OUTPUTS_OF_ORDER * MAX_DISTINCT_ORDER] =
    diagnostics_outputs!(1 2 3 4);
const WHOLE_OUTPUTS: usize = 4;
const OUTPUTS_OF_ORDER: usize = 4;

/// A row: seven counts of the whole, then five of each order.
const WHOLE: usize = 7;
const OF_ORDER: usize = 5;

impl Metric for Diagnostics {
    fn readings(&self) -> Vec<Reading> {
        let needs = Needs {
            overlap: OverlapNeed { orders: MAX_DISTINCT_ORDER, lcs: true, joint: false },
            distinct_ngrams: true,
            ..Needs::default()
        };
        vec![Reading { pipeline: self.0, needs }]
    }

    fn outputs(&self) -> &[Output] {
        &DIAGNOSTICS_OUTPUTS
    }

    fn corpus(&self) -> Corpus {
        Corpus::Pooled
    }

    fn options(&self) -> String {
        format!("orders:{MAX_DISTINCT_ORDER}")
    }

    fn sum_names(&self) -> Vec<String> {
        let whole = ["rows", "empty", "empty_reference", "prediction_tokens", "reference_tokens", "lcs", "matches"];
        let of_order = |order: usize| {
            ["ngrams", "different", "shared", "occurrences", "matches"].map(|kind| format!("{kind}{order}"))
        };
        whole.map(str::to_owned).into_iter().chain((1..=MAX_DISTINCT_ORDER).flat_map(of_order)).collect()
    }

    fn width(&self) -> usize {
        WHOLE + OF_ORDER * MAX_DISTINCT_ORDER
    }

    fn row(&self, facts: &[PairFacts<'_>], row: &mut [i64]) {
        // Against the reference that matches most, the first of equals.
        let references = facts[0].references;
        let mut facts = &references[0];
        for other in &references[1..] {
            if other.overlap.matches[0] > facts.overlap.matches[0] {
                facts = other;
            }
        }
        let Facts { hypothesis_len: hypothesis, reference_len: reference, overlap, distinct_ngrams, .. } = *facts;
        let (whole, of_orders) = row.split_at_mut(WHOLE);
        let (empty, empty_reference) = (u32::from(hypothesis == 0), u32::from(reference == 0));
        let counts = [1, empty, empty_reference, hypothesis, reference, overlap.lcs, overlap.matches[0]];
        whole.copy_from_slice(&counts.map(i64::from));
        for (at, counts) in of_orders.chunks_exact_mut(OF_ORDER).enumerate() {
            let total = hypothesis.saturating_sub(at as u32);
            let DistinctNgrams { distinct, shared, occurrences } = distinct_ngrams;
            let of_order = [total, distinct[at], shared[at], occurrences[at], overlap.matches[at]];
            counts.copy_from_slice(&of_order.map(i64::from));
        }
    }

    fn finalise(&self, row: &[i64], outputs: &mut [f64]) {
        let (whole, of_orders) = row.split_at(WHOLE);
        let &[rows, empty, empty_reference, hypothesis, reference, lcs, matches] = whole else { return };
        let (first, others) = outputs.split_at_mut(WHOLE_OUTPUTS);
        let ratios = [(lcs, matches), (hypothesis, reference), (empty, rows), (empty_reference, rows)];
        first.copy_from_slice(&ratios.map(|(above, below)| ratio(above, below)));
        for (outputs, counts) in others.chunks_exact_mut(OUTPUTS_OF_ORDER).zip(of_orders.as_chunks::<OF_ORDER>().0) {
            let &[total, distinct, shared, occurrences, clipped] = counts;
            let ratios = [(distinct, total), (distinct - shared, distinct), (clipped, total), (occurrences, total)];
            outputs.copy_from_slice(&ratios.map(|(above, below)| ratio(above, below)));
        }
    }
}

#[derive(Debug)]
struct Extractive(Pipeline);

static EXTRACTIVE_OUTPUTS: [Output; 3] = [
    share("coverage", "share of the summary's tokens that stand in fragments of the source"),
    number("density", "mean length of the fragment that a token of the summary stands in"),
    number("compression", "tokens of the source over those of the summary"),
];

impl Metric for Extractive {
    fn readings(&self) -> Vec<Reading> {
        vec![Reading { pipeline: self.0, needs: Needs { fragments: true, ..Needs::default() } }]
    }

    fn outputs(&self) -> &[Output] {
        &EXTRACTIVE_OUTPUTS
    }

    fn corpus(&self) -> Corpus {
        Corpus::Mean
    }

    fn options(&self) -> String {
        "source:first".to_owned()
    }

    fn sum_names(&self) -> Vec<String> {
        ["prediction_tokens", "reference_tokens", "copied", "squares"].map(str::to_owned).to_vec()
    }

    fn of_best_reference(&self) -> Range<usize> {
        // A summary has one source.
        0..0
    }

    fn width(&self) -> usize {
        4
    }

    fn row(&self, facts: &[PairFacts<'_>], row: &mut [i64]) {
        // A summary has one source.
        let Facts { hypothesis_len, reference_len, fragments, .. } = facts[0].references[0];
        let squares = i64::try_from(fragments.squares).unwrap_or(i64::MAX);
        row.copy_from_slice(&[hypothesis_len.into(), reference_len.into(), fragments.tokens.into(), squares]);
    }

    fn finalise(&self, row: &[i64], outputs: &mut [f64]) {
        let &[summary, source, tokens, squares] = row else { return };
        outputs.copy_from_slice(&[ratio(tokens, summary), ratio(squares, summary), ratio(source, summary)]);
    }
}
