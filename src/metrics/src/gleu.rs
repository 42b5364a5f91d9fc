//! GLEU: how many n-grams a hypothesis shares with a reference, of those that the larger of the two has.
//!
//! Wu et al. 2016, "Google's Neural Machine Translation System: Bridging the Gap between Human and Machine
//! Translation"; every number as nltk 3.10.4 computes it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use textgauge_kernels::overlap::OverlapNeed;

use crate::entry::Entry;
use crate::option_spec::{Kind, ORDER, OptionSpec, option};
use crate::options::{self, TokenizerOption};
use crate::{ConfigError, Corpus, Facts, Metric, Needs, Output, PairFacts, Pipeline, Reading, Unit};

pub(crate) const METRICS: &[Entry] = &[Entry {
    name: "gleu",
    family: "gleu",
    summary: "shared n-grams of all orders together, of the larger text's",
    source: "Wu et al. 2016; nltk 3.10.4",
    options: OPTIONS,
    defaults: options::defaults::<Options>,
    build,
}];

/// The options of the family, in the order of their struct.
const OPTIONS: &[OptionSpec] = &[
    option("tokenizer", Kind::Tokenizer, "how texts are cut into tokens"),
    option("lowercase", Kind::Bool, "whether texts are lower-cased first"),
    option("min_len", ORDER, "the shortest n-grams"),
    option("max_len", ORDER, "the longest n-grams"),
];

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Options {
    tokenizer: TokenizerOption,
    lowercase: bool,
    min_len: usize,
    max_len: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { tokenizer: TokenizerOption::Named("13a".to_owned()), lowercase: false, min_len: 1, max_len: 4 }
    }
}

fn build(entry: &Entry, options: Map<String, Value>) -> Result<Arc<dyn Metric>, ConfigError> {
    let Options { tokenizer, lowercase, min_len, max_len } = options::parse(entry, options)?;
    if min_len > max_len {
        return Err(options::bad(
            entry,
            format!("min_len is {min_len}; it must be at most max_len, which is {max_len}"),
        ));
    }
    Ok(Arc::new(Gleu { pipeline: tokenizer.pipeline(entry, lowercase)?, min_len, max_len }))
}

#[derive(Debug)]
struct Gleu {
    pipeline: Pipeline,
    min_len: usize,
    max_len: usize,
}

static OUTPUTS: [Output; 1] = [Output::new("", "GLEU", Unit::Share).higher_is_better()];

/// Shared n-grams, n-grams of the larger text.
type Counts = [i64; 2];

impl Gleu {
    fn counts(&self, facts: &Facts) -> Counts {
        let matches = facts.overlap.matches[self.min_len - 1..self.max_len].iter().map(|&count| i64::from(count)).sum();
        // The longer text has more n-grams of every order.
        let longer = i64::from(facts.hypothesis_len.max(facts.reference_len));
        [matches, (self.min_len..=self.max_len).map(|order| (longer + 1 - order as i64).max(0)).sum()]
    }
}

fn ratio([matches, all]: Counts) -> f64 {
    if all == 0 { 0.0 } else { matches as f64 / all as f64 }
}

impl Metric for Gleu {
    fn readings(&self) -> Vec<Reading> {
        vec![Reading {
            pipeline: self.pipeline,
            needs: Needs { overlap: OverlapNeed::matches(self.max_len), ..Needs::default() },
        }]
    }

    fn outputs(&self) -> &[Output] {
        &OUTPUTS
    }

    fn corpus(&self) -> Corpus {
        Corpus::Pooled
    }

    fn options(&self) -> String {
        format!("min:{}|max:{}", self.min_len, self.max_len)
    }

    fn sum_names(&self) -> Vec<String> {
        ["matches", "ngrams"].map(str::to_owned).to_vec()
    }

    fn width(&self) -> usize {
        2
    }

    #[inline]
    fn row(&self, facts: &[PairFacts<'_>], row: &mut [i64]) {
        // The first of the best, references without n-grams beside a hypothesis without left out.
        let counts = facts[0].references.iter().map(|facts| self.counts(facts)).filter(|&[_, all]| all > 0);
        let best = counts.reduce(|best, other| if ratio(other) > ratio(best) { other } else { best });
        row.copy_from_slice(&best.unwrap_or_default());
    }

    #[inline]
    fn finalise(&self, row: &[i64], outputs: &mut [f64]) {
        outputs[0] = ratio([row[0], row[1]]);
    }
}
