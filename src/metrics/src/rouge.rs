//! ROUGE: recall, precision and F of what a hypothesis shares with a reference.
//!
//! Lin 2004, "ROUGE: A Package for Automatic Evaluation of Summaries"; every number as rouge-score
//! 0.1.2 computes it, operation by operation, or as the package `rouge` 1.0.1, pltrdy's, does.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use textgauge_kernels::overlap::OverlapNeed;
use textgauge_kernels::token_sets::TokenSets;
use textgauge_text::Stemmer;

use crate::entry::Entry;
use crate::option_spec::{Kind, OptionSpec, POSITIVE, option, optional};
use crate::options::{self, TokenizerOption};
use crate::{ConfigError, Corpus, Metric, Needs, Output, PairFacts, Pipeline, Reading, Unit};

const fn entry(name: &'static str, summary: &'static str, source: &'static str) -> Entry {
    Entry { name, family: "rouge", summary, source, options: OPTIONS, defaults: options::defaults::<Options>, build }
}

const SOURCE: &str = "Lin 2004; rouge-score 0.1.2";

pub(crate) const METRICS: &[Entry] = &[
    entry("rouge1", "shared unigrams", SOURCE),
    entry("rouge2", "shared bigrams", SOURCE),
    entry("rouge3", "shared 3-grams", SOURCE),
    entry("rouge4", "shared 4-grams", SOURCE),
    entry("rouge5", "shared 5-grams", SOURCE),
    entry("rouge6", "shared 6-grams", SOURCE),
    entry("rouge7", "shared 7-grams", SOURCE),
    entry("rouge8", "shared 8-grams", SOURCE),
    entry("rouge9", "shared 9-grams", SOURCE),
    entry("rougeL", "longest common subsequence of the whole texts", SOURCE),
    entry("rougeLsum", "union of the longest common subsequences of sentences, one a line", SOURCE),
    entry(
        "rougeLcontig",
        "longest common contiguous run, which some courses teach as ROUGE-L; papers mean rougeL",
        "course notes; not in rouge-score",
    ),
];

/// Which overlap is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Overlap {
    /// Clipped n-grams of this order.
    Ngram(usize),
    /// Distinct n-grams of this order.
    DistinctNgram(usize),
    Lcs,
    UnionLcs,
    /// Distinct tokens in the LCS of sentences in pairs.
    LcsWords,
    /// The lengths of the LCS of sentences in pairs.
    LcsLengths,
    Contiguous,
}

/// How F is made of precision and recall.
#[derive(Clone, Copy, Debug, PartialEq)]
enum FMeasure {
    /// Their harmonic mean, recall weighted by this, in rouge-score's order of operations.
    Beta(f64),
    /// Their harmonic mean as pltrdy's package has it: never 1.
    Pltrdy,
}

/// How several references make one score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Multiref {
    /// The reference with the highest F, the first of equals.
    Best,
    /// The mean of precision, recall and F over the references, in whole numbers of [`MEAN_UNIT`].
    Mean,
}

/// Fine enough that a mean differs from that of the unrounded scores by an ulp at most.
const MEAN_UNIT: f64 = 1.0 / (1_u64 << 60) as f64;

/// The options of the family, in the order of their struct.
const OPTIONS: &[OptionSpec] = &[
    option("variant", Kind::Choice(&["rouge-score", "pltrdy"]), "whose ROUGE"),
    option("tokenizer", Kind::Tokenizer, "how texts are cut into tokens"),
    option("stemmer", Kind::Choice(&["none", "porter"]), "how tokens are reduced to stems"),
    option("lowercase", Kind::Bool, "whether texts are lower-cased first"),
    option("multiref", Kind::Choice(&["best", "mean"]), "what is made of several references"),
    option("beta", POSITIVE, "weight of recall in F"),
    optional("exclusive", Kind::Bool, "whether repeated n-grams count once"),
];

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Options {
    variant: String,
    tokenizer: TokenizerOption,
    stemmer: String,
    lowercase: bool,
    multiref: Multiref,
    beta: f64,
    /// Left out it is that of the variant, as far as it has it.
    exclusive: Option<bool>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            variant: "rouge-score".to_owned(),
            tokenizer: TokenizerOption::Named("rouge".to_owned()),
            stemmer: "none".to_owned(),
            lowercase: true,
            multiref: Multiref::Best,
            beta: 1.0,
            exclusive: None,
        }
    }
}

fn build(entry: &Entry, options: Map<String, Value>) -> Result<Arc<dyn Metric>, ConfigError> {
    let options: Options = options::parse(entry, options)?;
    let (overlap, f) = match options.variant.as_str() {
        "pltrdy" => (pltrdy_overlap(entry, &options)?, FMeasure::Pltrdy),
        _ => (overlap(entry, &options)?, FMeasure::Beta(options.beta)),
    };
    Ok(Arc::new(Rouge {
        overlap,
        f,
        pipeline: Pipeline {
            stemmer: options::by_name(entry, "stemmer", &options.stemmer, &Stemmer::NAMED)?,
            ..options.tokenizer.pipeline(entry, options.lowercase)?
        },
        multiref: options.multiref,
    }))
}

fn overlap(entry: &Entry, options: &Options) -> Result<Overlap, ConfigError> {
    if options.exclusive.is_some() {
        return Err(options::bad(entry, "variant 'rouge-score' takes no exclusive"));
    }
    Ok(match entry.name {
        "rougeL" => Overlap::Lcs,
        "rougeLsum" => Overlap::UnionLcs,
        "rougeLcontig" => Overlap::Contiguous,
        ngram => Overlap::Ngram(order(ngram)),
    })
}

fn pltrdy_overlap(entry: &Entry, options: &Options) -> Result<Overlap, ConfigError> {
    if options.beta != Options::default().beta {
        return Err(options::bad(entry, "variant 'pltrdy' takes no beta"));
    }
    if options.multiref == Multiref::Mean {
        return Err(options::bad(entry, "variant 'pltrdy' takes no multiref 'mean'"));
    }
    match (entry.name, options.exclusive.unwrap_or(true)) {
        ("rougeLsum" | "rougeLcontig", _) => {
            let problem = "variant 'pltrdy' has no such metric; its rougeL goes by sentences";
            Err(options::bad(entry, problem))
        }
        ("rougeL", true) => Ok(Overlap::LcsWords),
        ("rougeL", false) => Ok(Overlap::LcsLengths),
        (ngram, true) => Ok(Overlap::DistinctNgram(order(ngram))),
        (ngram, false) => Ok(Overlap::Ngram(order(ngram))),
    }
}

/// The digit at the end of the name.
fn order(name: &str) -> usize {
    usize::from(name.as_bytes()[name.len() - 1] - b'0')
}

#[derive(Debug)]
struct Rouge {
    overlap: Overlap,
    f: FMeasure,
    pipeline: Pipeline,
    multiref: Multiref,
}

const fn share(part: &'static str, summary: &'static str) -> Output {
    Output::new(part, summary, Unit::Share).higher_is_better()
}

const PRECISION: Output = share("p", "precision: shared / in the hypothesis");
const RECALL: Output = share("r", "recall: shared / in the reference");
const F: Output = share("f", "F: weighted harmonic mean of precision and recall");

static OUTPUTS: [Output; 3] = [PRECISION, RECALL, F];

const COUNTS: [Output; 3] = [
    Output::new("shared", "shared n-grams or tokens", Unit::Count),
    Output::new("hyp_len", "n-grams or tokens in the hypothesis", Unit::Count),
    Output::new("ref_len", "n-grams or tokens in the reference", Unit::Count),
];

static WITH_COUNTS: [Output; 6] = {
    let [shared, hypothesis, reference] = COUNTS;
    [PRECISION, RECALL, F, shared, hypothesis, reference]
};

/// Sentences that share the same tokens over and over have scores above 1.
static UNBOUNDED: [Output; 6] = {
    let [shared, hypothesis, reference] = COUNTS;
    let [p, r, f] = [PRECISION.up_to(f64::INFINITY), RECALL.up_to(f64::INFINITY), F.up_to(f64::INFINITY)];
    [p, r, f, shared, hypothesis, reference]
};

/// Shared units, units of the hypothesis, units of the reference.
type Counts = [i64; 3];

impl Rouge {
    /// Those of the reference of that number.
    #[inline]
    fn counts(&self, pair: &PairFacts<'_>, number: usize) -> Counts {
        let facts = &pair.references[number];
        let (hypothesis, reference) = (i64::from(facts.hypothesis_len), i64::from(facts.reference_len));
        let distinct = |order: usize| {
            let TokenSets { hypothesis, reference, shared } = pair.ngram_sets[number].0[order - 1];
            [shared, hypothesis, reference].map(i64::from)
        };
        match self.overlap {
            Overlap::Ngram(order) => {
                let fewer = order as i64 - 1;
                let matches = i64::from(facts.overlap.matches[order - 1]);
                [matches, (hypothesis - fewer).max(0), (reference - fewer).max(0)]
            }
            Overlap::DistinctNgram(order) => distinct(order),
            Overlap::Lcs => [i64::from(facts.overlap.lcs), hypothesis, reference],
            Overlap::UnionLcs => [i64::from(facts.union_lcs.0), hypothesis, reference],
            Overlap::LcsWords => {
                let [_, hypothesis, reference] = distinct(1);
                [i64::from(facts.lcs_words.0), hypothesis, reference]
            }
            Overlap::LcsLengths => [i64::try_from(facts.lcs_lengths.0).unwrap_or(i64::MAX), hypothesis, reference],
            Overlap::Contiguous => [i64::from(facts.contiguous.0), hypothesis, reference],
        }
    }

    /// Precision, recall and F.
    #[inline]
    fn scores(&self, [shared, hypothesis, reference]: Counts) -> [f64; 3] {
        let precision = shared as f64 / (hypothesis as f64).max(1.0);
        let recall = shared as f64 / (reference as f64).max(1.0);
        let f = match self.f {
            FMeasure::Pltrdy => 2.0 * (precision * recall / (precision + recall + 1e-8)),
            FMeasure::Beta(_) if precision + recall <= 0.0 => 0.0,
            FMeasure::Beta(1.0) => 2.0 * precision * recall / (precision + recall),
            FMeasure::Beta(beta) => {
                let square = beta * beta;
                (1.0 + square) * precision * recall / (square * precision + recall)
            }
        };
        [precision, recall, f]
    }
}

impl Metric for Rouge {
    fn readings(&self) -> Vec<Reading> {
        let none = Needs::default();
        let needs = match self.overlap {
            Overlap::Ngram(order) => Needs { overlap: OverlapNeed::matches(order), ..none },
            Overlap::DistinctNgram(order) => Needs { ngram_sets: order, ..none },
            Overlap::Lcs => Needs { overlap: OverlapNeed::LCS, ..none },
            Overlap::UnionLcs => Needs { union_lcs: true, ..none },
            Overlap::LcsWords => Needs { lcs_words: true, ngram_sets: 1, ..none },
            Overlap::LcsLengths => Needs { lcs_lengths: true, ..none },
            Overlap::Contiguous => Needs { contiguous: true, ..none },
        };
        vec![Reading { pipeline: self.pipeline, needs }]
    }

    fn outputs(&self) -> &[Output] {
        match (self.f, self.overlap) {
            (FMeasure::Beta(_), _) => &OUTPUTS,
            (FMeasure::Pltrdy, Overlap::LcsLengths) => &UNBOUNDED,
            (FMeasure::Pltrdy, _) => &WITH_COUNTS,
        }
    }

    fn headline(&self) -> usize {
        2
    }

    fn corpus(&self) -> Corpus {
        Corpus::Mean
    }

    fn options(&self) -> String {
        let refs = match self.multiref {
            Multiref::Best => "best",
            Multiref::Mean => "mean",
        };
        match (self.f, self.overlap) {
            (FMeasure::Beta(beta), _) => format!("refs:{refs}|beta:{beta}"),
            (FMeasure::Pltrdy, Overlap::Ngram(_) | Overlap::LcsLengths) => {
                format!("refs:{refs}|variant:pltrdy|exclusive:no")
            }
            (FMeasure::Pltrdy, _) => format!("refs:{refs}|variant:pltrdy|exclusive:yes"),
        }
    }

    fn sum_names(&self) -> Vec<String> {
        let names = match (self.multiref, self.overlap) {
            (Multiref::Mean, _) => ["p_units", "r_units", "f_units"],
            (_, Overlap::Ngram(_) | Overlap::DistinctNgram(_)) => ["matches", "prediction_ngrams", "reference_ngrams"],
            (_, Overlap::Contiguous) => ["run", "prediction_tokens", "reference_tokens"],
            (_, Overlap::Lcs | Overlap::LcsWords | Overlap::LcsLengths) => {
                ["lcs", "prediction_tokens", "reference_tokens"]
            }
            (_, Overlap::UnionLcs) => ["union_lcs", "prediction_tokens", "reference_tokens"],
        };
        names.map(str::to_owned).to_vec()
    }

    fn of_best_reference(&self) -> Range<usize> {
        if self.multiref == Multiref::Mean { 0..0 } else { 0..self.width() }
    }

    fn width(&self) -> usize {
        3
    }

    #[inline]
    fn row(&self, facts: &[PairFacts<'_>], row: &mut [i64]) {
        let pair = &facts[0];
        let several = pair.references.len();
        match self.multiref {
            Multiref::Best => {
                let mut best = self.counts(pair, 0);
                if several > 1 {
                    let mut highest = self.scores(best)[2];
                    for number in 1..several {
                        let counts = self.counts(pair, number);
                        let f = self.scores(counts)[2];
                        if f > highest {
                            (best, highest) = (counts, f);
                        }
                    }
                }
                row.copy_from_slice(&best);
            }
            Multiref::Mean => {
                row.fill(0);
                let units = 1.0 / MEAN_UNIT / several as f64;
                for number in 0..several {
                    for (sum, score) in row.iter_mut().zip(self.scores(self.counts(pair, number))) {
                        *sum += (score * units).round_ties_even() as i64;
                    }
                }
            }
        }
    }

    #[inline]
    fn finalise(&self, row: &[i64], outputs: &mut [f64]) {
        match self.multiref {
            Multiref::Best => {
                let counts = [row[0], row[1], row[2]];
                let (scores, as_they_are) = outputs.split_at_mut(3);
                scores.copy_from_slice(&self.scores(counts));
                as_they_are.iter_mut().zip(counts).for_each(|(output, count)| *output = count as f64);
            }
            Multiref::Mean => outputs.iter_mut().zip(row).for_each(|(output, &sum)| *output = sum as f64 * MEAN_UNIT),
        }
    }
}
