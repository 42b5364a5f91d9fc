//! chrF, chrF+ and chrF++: F-scores over n-grams of characters, and of words besides.
//!
//! Popović 2015, "chrF: character n-gram F-score for automatic MT evaluation", and 2017, "chrF++: words helping
//! character n-grams"; every number as sacrebleu 2.6.0 computes it, operation by operation.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use textgauge_kernels::overlap::{MAX_ORDER, OverlapNeed};
use textgauge_text::Tokenizer;

use crate::entry::Entry;
use crate::numpy_float::{Number, Promoted};
use crate::option_spec::{Kind, ORDER, OptionSpec, POSITIVE, option};
use crate::options;
use crate::python_fraction::squared;
use crate::{ConfigError, Corpus, Facts, Metric, Needs, Output, PairFacts, Pipeline, Reading, Sacrebleu, Unit};

const fn entry(
    name: &'static str,
    summary: &'static str,
    source: &'static str,
    defaults: fn() -> Map<String, Value>,
) -> Entry {
    Entry { name, family: "chrf", summary, source, options: OPTIONS, defaults, build }
}

pub(crate) const METRICS: &[Entry] = &[
    entry("chrf", "F over n-grams of characters", "Popović 2015; sacrebleu 2.6.0", || defaults(0)),
    entry("chrf+", "F over n-grams of characters and words", "Popović 2017; sacrebleu 2.6.0", || defaults(1)),
    entry("chrf++", "F over n-grams of characters, words and pairs of words", "Popović 2017; sacrebleu 2.6.0", || {
        defaults(2)
    }),
];

/// The options of the family, in the order of their struct.
const OPTIONS: &[OptionSpec] = &[
    option("char_order", ORDER, "the longest n-grams of characters"),
    option("word_order", Kind::Int { least: 0, most: MAX_ORDER as i64 }, "the longest n-grams of words"),
    option("beta", POSITIVE, "weight of recall in F"),
    option("lowercase", Kind::Bool, "whether texts are lower-cased first"),
    option("whitespace", Kind::Bool, "whether white space counts as characters"),
    option("eps_smoothing", Kind::Bool, "whether orders without n-grams count as almost zero"),
];

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Options {
    char_order: usize,
    word_order: usize,
    beta: f64,
    lowercase: bool,
    whitespace: bool,
    eps_smoothing: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { char_order: 6, word_order: 0, beta: 2.0, lowercase: false, whitespace: false, eps_smoothing: false }
    }
}

/// The defaults of the variant with words up to order `word_order`.
fn defaults(word_order: usize) -> Map<String, Value> {
    options::to_json(&Options { word_order, ..Options::default() })
}

fn build(entry: &Entry, mut given: Map<String, Value>) -> Result<Arc<dyn Metric>, ConfigError> {
    // The variants differ in one default.
    if let Some(words) = (entry.defaults)().remove("word_order") {
        given.entry("word_order").or_insert(words);
    }
    let options: Options = options::parse(entry, given)?;
    let factor = squared(options.beta);
    Ok(Arc::new(Chrf { options, factor }))
}

#[derive(Debug)]
struct Chrf {
    options: Options,
    /// The square of beta.
    factor: f64,
}

static OUTPUTS: [Output; 1] = [Output::new("", "chrF", Unit::Percent).higher_is_better()];

/// n-grams of one order: in the hypothesis, in the reference, matched.
const COUNTS: usize = 3;

/// More than the rows of any options have.
const MOST_COUNTS: usize = COUNTS * 2 * MAX_ORDER;

impl Chrf {
    fn counts(&self, facts: [&Facts; 2], counts: &mut [i64]) {
        let orders = (1..=self.options.char_order).map(|order| (facts[0], order));
        let orders = orders.chain((1..=self.options.word_order).map(|order| (facts[1], order)));
        for ((facts, order), counts) in orders.zip(counts.chunks_exact_mut(COUNTS)) {
            let ngrams = |len: u32| (i64::from(len) + 1 - order as i64).max(0);
            let reference = ngrams(facts.reference_len);
            // A hypothesis is not held to orders of which the reference has nothing.
            let hypothesis = if reference > 0 { ngrams(facts.hypothesis_len) } else { 0 };
            counts.copy_from_slice(&[hypothesis, reference, i64::from(facts.overlap.matches[order - 1])]);
        }
    }

    fn score<N: Number>(&self, counts: impl Iterator<Item = [N; COUNTS]>) -> N {
        let (zero, eps) = (N::from(0.0), N::from(1e-16));
        let factor = N::from(self.factor);
        let (mut sum, mut precisions, mut recalls) = (zero, zero, zero);
        let mut effective = 0.0;
        for [hypothesis, reference, matched] in counts {
            let precision = if hypothesis > zero { matched / hypothesis } else { eps };
            let recall = if reference > zero { matched / reference } else { eps };
            if self.options.eps_smoothing {
                let denominator = factor * precision + recall;
                let weight = N::from(1.0 + self.factor);
                sum = sum + if denominator > zero { weight * precision * recall / denominator } else { eps };
            }
            if hypothesis > zero && reference > zero {
                precisions = precisions + precision;
                recalls = recalls + recall;
                effective += 1.0;
            }
        }
        if self.options.eps_smoothing {
            return N::from(100.0) * sum / N::from((self.options.char_order + self.options.word_order) as f64);
        }
        if effective == 0.0 {
            return zero;
        }
        let (precision, recall) = (precisions / N::from(effective), recalls / N::from(effective));
        if precision + recall == zero {
            return zero;
        }
        let weight = N::from(1.0 + self.factor);
        N::from(100.0) * (weight * precision * recall / (factor * precision + recall))
    }

    fn score_of_row(&self, row: &[i64]) -> f64 {
        self.score(row.as_chunks().0.iter().map(|counts: &[i64; COUNTS]| counts.map(|count| count as f64)))
    }
}

impl Metric for Chrf {
    fn readings(&self) -> Vec<Reading> {
        let reading = |tokenizer, orders| Reading {
            pipeline: Pipeline::new(tokenizer, self.options.lowercase),
            needs: Needs { overlap: OverlapNeed::matches(orders), ..Needs::default() },
        };
        let characters = if self.options.whitespace { Tokenizer::AllCharacters } else { Tokenizer::Characters };
        let mut readings = vec![reading(characters, self.options.char_order)];
        if self.options.word_order > 0 {
            readings.push(reading(Tokenizer::ChrfWords, self.options.word_order));
        }
        readings
    }

    fn outputs(&self) -> &[Output] {
        &OUTPUTS
    }

    fn corpus(&self) -> Corpus {
        Corpus::Pooled
    }

    fn options(&self) -> String {
        let Options { char_order, word_order, beta, eps_smoothing, .. } = &self.options;
        format!("nc:{char_order}|nw:{word_order}|beta:{beta}|eps:{}", if *eps_smoothing { "yes" } else { "no" })
    }

    fn sum_names(&self) -> Vec<String> {
        let of_unit = |unit: &'static str, orders: usize| {
            let of_order =
                move |order| ["prediction", "reference", "matched"].map(move |kind| format!("{kind}_{unit}{order}"));
            (1..=orders).flat_map(of_order)
        };
        of_unit("chars", self.options.char_order).chain(of_unit("words", self.options.word_order)).collect()
    }

    fn width(&self) -> usize {
        COUNTS * (self.options.char_order + self.options.word_order)
    }

    #[inline]
    fn row(&self, facts: &[PairFacts<'_>], row: &mut [i64]) {
        let [characters, words] = [facts[0], facts[facts.len() - 1]].map(|facts| facts.references);
        self.counts([&characters[0], &words[0]], row);
        if characters.len() == 1 {
            return;
        }
        let mut highest = self.score_of_row(row);
        let mut counts = [0; MOST_COUNTS];
        let counts = &mut counts[..row.len()];
        for (characters, words) in characters.iter().zip(words).skip(1) {
            self.counts([characters, words], counts);
            let score = self.score_of_row(counts);
            if score > highest {
                highest = score;
                row.copy_from_slice(counts);
            }
        }
    }

    fn finalise(&self, row: &[i64], outputs: &mut [f64]) {
        outputs[0] = self.score_of_row(row);
    }

    fn sacrebleu(&self) -> Option<&dyn Sacrebleu> {
        Some(self)
    }
}

impl Sacrebleu for Chrf {
    fn signature(&self, head: &str, _: Option<&str>) -> String {
        let Options { char_order, word_order, lowercase, whitespace, eps_smoothing, .. } = &self.options;
        let case = if *lowercase { "lc" } else { "mixed" };
        let effective = if *eps_smoothing { "no" } else { "yes" };
        let space = if *whitespace { "yes" } else { "no" };
        format!("{head}|case:{case}|eff:{effective}|nc:{char_order}|nw:{word_order}|space:{space}|version:2.6.0")
    }

    fn statistics(&self, row: &[i64], statistics: &mut Vec<f64>) {
        statistics.extend(row.iter().map(|&count| count as f64));
    }

    fn score_of_singles(&self, sums: &[f32]) -> (f64, bool) {
        let counts = sums.as_chunks().0.iter().map(|counts: &[f32; COUNTS]| counts.map(Promoted::Single));
        let score = self.score(counts);
        (score.into(), score.is_single())
    }

    fn score_of_doubles(&self, sums: &[f64]) -> f64 {
        self.score(sums.as_chunks().0.iter().copied())
    }
}
