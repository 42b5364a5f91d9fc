//! ROUGE: recall, precision and F of what a hypothesis shares with a reference.
//!
//! Lin 2004, "ROUGE: A Package for Automatic Evaluation of Summaries"; every number as rouge-score
//! 0.1.2 computes it, operation by operation.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use textgauge_kernels::overlap::OverlapNeed;
use textgauge_text::Stemmer;

use crate::entry::Entry;
use crate::option_spec::{Kind, OptionSpec, POSITIVE, option};
use crate::options::{self, TokenizerOption};
use crate::{ConfigError, Corpus, Facts, Metric, Needs, Output, PairFacts, Pipeline, Reading, Unit};

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
enum Variant {
    /// Clipped n-grams of this order.
    Ngram(usize),
    Lcs,
    UnionLcs,
    Contiguous,
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
    option("tokenizer", Kind::Tokenizer, "how texts are cut into tokens"),
    option("stemmer", Kind::Choice(&["none", "porter"]), "how tokens are reduced to stems"),
    option("lowercase", Kind::Bool, "whether texts are lower-cased first"),
    option("multiref", Kind::Choice(&["best", "mean"]), "what is made of several references"),
    option("beta", POSITIVE, "weight of recall in F"),
];

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Options {
    tokenizer: TokenizerOption,
    stemmer: String,
    lowercase: bool,
    multiref: Multiref,
    beta: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            tokenizer: TokenizerOption::Named("rouge".to_owned()),
            stemmer: "none".to_owned(),
            lowercase: true,
            multiref: Multiref::Best,
            beta: 1.0,
        }
    }
}

fn build(entry: &Entry, options: Map<String, Value>) -> Result<Arc<dyn Metric>, ConfigError> {
    let options: Options = options::parse(entry, options)?;
    let variant = match entry.name {
        "rougeL" => Variant::Lcs,
        "rougeLsum" => Variant::UnionLcs,
        "rougeLcontig" => Variant::Contiguous,
        ngram => Variant::Ngram(usize::from(ngram.as_bytes()[ngram.len() - 1] - b'0')),
    };
    Ok(Arc::new(Rouge {
        variant,
        pipeline: Pipeline {
            stemmer: options::by_name(entry, "stemmer", &options.stemmer, &Stemmer::NAMED)?,
            ..options.tokenizer.pipeline(entry, options.lowercase)?
        },
        multiref: options.multiref,
        beta: options.beta,
    }))
}

#[derive(Debug)]
struct Rouge {
    variant: Variant,
    pipeline: Pipeline,
    multiref: Multiref,
    beta: f64,
}

const fn share(part: &'static str, summary: &'static str) -> Output {
    Output::new(part, summary, Unit::Share).higher_is_better()
}

static OUTPUTS: [Output; 3] = [
    share("p", "precision: shared / in the hypothesis"),
    share("r", "recall: shared / in the reference"),
    share("f", "F: weighted harmonic mean of precision and recall"),
];

/// Shared units, units of the hypothesis, units of the reference.
type Counts = [i64; 3];

impl Rouge {
    #[inline]
    fn counts(&self, facts: &Facts) -> Counts {
        let (hypothesis, reference) = (i64::from(facts.hypothesis_len), i64::from(facts.reference_len));
        match self.variant {
            Variant::Ngram(order) => {
                let fewer = order as i64 - 1;
                let matches = i64::from(facts.overlap.matches[order - 1]);
                [matches, (hypothesis - fewer).max(0), (reference - fewer).max(0)]
            }
            Variant::Lcs => [i64::from(facts.overlap.lcs), hypothesis, reference],
            Variant::UnionLcs => [i64::from(facts.union_lcs.0), hypothesis, reference],
            Variant::Contiguous => [i64::from(facts.contiguous.0), hypothesis, reference],
        }
    }

    /// Precision, recall and F, in rouge-score's order of operations.
    #[inline]
    fn scores(&self, [shared, hypothesis, reference]: Counts) -> [f64; 3] {
        let precision = shared as f64 / (hypothesis as f64).max(1.0);
        let recall = shared as f64 / (reference as f64).max(1.0);
        let f = if precision + recall <= 0.0 {
            0.0
        } else if self.beta == 1.0 {
            2.0 * precision * recall / (precision + recall)
        } else {
            let square = self.beta * self.beta;
            (1.0 + square) * precision * recall / (square * precision + recall)
        };
        [precision, recall, f]
    }
}

impl Metric for Rouge {
    fn readings(&self) -> Vec<Reading> {
        let needs = match self.variant {
            Variant::Ngram(order) => Needs { overlap: OverlapNeed::matches(order), ..Needs::default() },
            Variant::Lcs => Needs { overlap: OverlapNeed::LCS, ..Needs::default() },
            Variant::UnionLcs => Needs { union_lcs: true, ..Needs::default() },
            Variant::Contiguous => Needs { contiguous: true, ..Needs::default() },
        };
        vec![Reading { pipeline: self.pipeline, needs }]
    }

    fn outputs(&self) -> &[Output] {
        &OUTPUTS
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
        format!("refs:{refs}|beta:{}", self.beta)
    }

    fn width(&self) -> usize {
        3
    }

    #[inline]
    fn row(&self, facts: &[PairFacts<'_>], row: &mut [i64]) {
        let references = facts[0].references;
        match self.multiref {
            Multiref::Best => {
                let mut best = self.counts(&references[0]);
                if references.len() > 1 {
                    let mut highest = self.scores(best)[2];
                    for facts in &references[1..] {
                        let counts = self.counts(facts);
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
                let units = 1.0 / MEAN_UNIT / references.len() as f64;
                for facts in references {
                    for (sum, score) in row.iter_mut().zip(self.scores(self.counts(facts))) {
                        *sum += (score * units).round_ties_even() as i64;
                    }
                }
            }
        }
    }

    #[inline]
    fn finalise(&self, row: &[i64], outputs: &mut [f64]) {
        match self.multiref {
            Multiref::Best => outputs.copy_from_slice(&self.scores([row[0], row[1], row[2]])),
            Multiref::Mean => outputs.iter_mut().zip(row).for_each(|(output, &sum)| *output = sum as f64 * MEAN_UNIT),
        }
    }
}
