//! Error rates out of the edit distance: WER and CER, MER, WIL and WIP, and the distance itself.
//!
//! WER is Levenshtein's distance over words of the reference; MER, WIL and WIP are from Morris, Maier and Green 2004,
//! "From WER and RIL to MER and WIL: improved evaluation measures for connected speech recognition". Every number as
//! jiwer 4.0.0 computes it, operation by operation; which words of a text count as hits is up to the shortest script
//! that rapidfuzz 3.14.6 finds.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use textgauge_kernels::edit::EditNeed;

use crate::entry::Entry;
use crate::option_spec::{Kind, OptionSpec, option};
use crate::options::{self, TokenizerOption};
use crate::{ConfigError, Corpus, Facts, Metric, Needs, Output, PairFacts, Pipeline, Reading, Unit};

const fn entry(name: &'static str, summary: &'static str, source: &'static str, build: crate::entry::Build) -> Entry {
    Entry { name, family: "edit", summary, source, options: OPTIONS, defaults: words_by_default, build }
}

pub(crate) const METRICS: &[Entry] = &[
    entry(
        "wer",
        "word error rate: edits over words of the reference",
        "Levenshtein 1966; jiwer 4.0.0",
        |entry, options| build(entry, options, Measure::ErrorRate),
    ),
    Entry {
        defaults: characters_by_default,
        ..entry(
            "cer",
            "character error rate: edits over characters of the reference",
            "Levenshtein 1966; jiwer 4.0.0",
            |entry, options| build(entry, options, Measure::ErrorRate),
        )
    },
    entry("mer", "match error rate: edits over edits and hits", "Morris et al. 2004; jiwer 4.0.0", |entry, options| {
        build(entry, options, Measure::MatchErrorRate)
    }),
    entry(
        "wil",
        "word information lost: 1 less the share of hits in either text, multiplied",
        "Morris et al. 2004; jiwer 4.0.0",
        |entry, options| build(entry, options, Measure::InformationLost),
    ),
    entry(
        "wip",
        "word information preserved: the share of hits in either text, multiplied",
        "Morris et al. 2004; jiwer 4.0.0",
        |entry, options| build(entry, options, Measure::InformationPreserved),
    ),
    entry(
        "edit_distance",
        "fewest tokens to substitute, delete and insert",
        "Levenshtein 1966; rapidfuzz 3.14.6",
        |entry, options| build(entry, options, Measure::Distance),
    ),
    entry(
        "edit_similarity",
        "1 less the edit distance over the length of the longer text",
        "Levenshtein 1966; rapidfuzz 3.14.6",
        |entry, options| build(entry, options, Measure::Similarity),
    ),
];

/// The options of the family, in the order of their struct.
const OPTIONS: &[OptionSpec] = &[
    option("tokenizer", Kind::Tokenizer, "how texts are cut into tokens"),
    option("lowercase", Kind::Bool, "whether texts are lower-cased first"),
    option("compounds", Kind::Bool, "whether a word that one text writes as several is no error"),
    option(
        "empty_references",
        Kind::Choice(&["count", "drop", "error"]),
        "what is done about a reference without tokens: its insertions count, its pair has no score, or it is an error",
    ),
];

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    tokenizer: TokenizerOption,
    #[serde(default)]
    lowercase: bool,
    #[serde(default)]
    compounds: bool,
    #[serde(default)]
    empty_references: EmptyReferences,
}

/// What is done about a reference without tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum EmptyReferences {
    /// The tokens of the hypothesis count as insertions, as in jiwer.
    #[default]
    Count,
    /// The pair has no score, and no part in that of the corpus.
    Drop,
    /// It is an error.
    Error,
}

fn by_default(tokenizer: &str) -> Map<String, Value> {
    let tokenizer = TokenizerOption::Named(tokenizer.to_owned());
    options::to_json(&Options {
        tokenizer,
        lowercase: false,
        compounds: false,
        empty_references: EmptyReferences::Count,
    })
}

fn words_by_default() -> Map<String, Value> {
    by_default("jiwer-words")
}

fn characters_by_default() -> Map<String, Value> {
    by_default("jiwer-characters")
}

fn build(entry: &Entry, given: Map<String, Value>, measure: Measure) -> Result<Arc<dyn Metric>, ConfigError> {
    let mut values = (entry.defaults)();
    values.extend(given);
    let Options { tokenizer, lowercase, compounds, empty_references } = options::parse(entry, values)?;
    let pipeline = Pipeline { compounds, ..tokenizer.pipeline(entry, lowercase)? };
    if compounds && pipeline.tokenizer.is_characters() {
        return Err(options::bad(entry, "compounds is True, but a tokenizer of characters takes no compounds"));
    }
    Ok(Arc::new(Edit { measure, pipeline, empty_references }))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    /// WER and CER.
    ErrorRate,
    MatchErrorRate,
    InformationLost,
    InformationPreserved,
    Distance,
    Similarity,
}

#[derive(Debug)]
struct Edit {
    measure: Measure,
    pipeline: Pipeline,
    empty_references: EmptyReferences,
}

const fn share(summary: &'static str) -> Output {
    Output::new("", summary, Unit::Share)
}

const fn count(part: &'static str, summary: &'static str) -> Output {
    Output::new(part, summary, Unit::Count)
}

static ERROR_RATE: [Output; 7] = [
    share("error rate").up_to(f64::INFINITY).lower_is_better(),
    count("hits", "tokens that the texts have in common"),
    count("sub", "substitutions"),
    count("del", "deletions"),
    count("ins", "insertions"),
    count("ref_len", "tokens in the reference"),
    count("hyp_len", "tokens in the hypothesis"),
];
static MATCH_ERROR_RATE: [Output; 1] = [share("match error rate").lower_is_better()];
static INFORMATION_LOST: [Output; 1] = [share("word information lost").lower_is_better()];
static INFORMATION_PRESERVED: [Output; 1] = [share("word information preserved").higher_is_better()];
static DISTANCE: [Output; 1] = [count("", "edit distance").lower_is_better()];
static SIMILARITY: [Output; 1] = [share("edit similarity").higher_is_better()];

/// How a row begins, whatever the measure.
const EDITS: usize = 0;
const REFERENCE: usize = 1;
const HYPOTHESIS: usize = 2;
/// Where the script is needed, it goes on with these.
const HITS: usize = 3;
const SUBSTITUTIONS: usize = 4;
const DELETIONS: usize = 5;
const INSERTIONS: usize = 6;
/// For the distance, with the number of pairs,
const PAIRS: usize = 3;
/// and for the similarity with this.
const LONGER: usize = 3;
const MOST: usize = 7;

fn word_information_preserved(row: &[i64]) -> f64 {
    let [hits, reference, hypothesis] = [HITS, REFERENCE, HYPOTHESIS].map(|at| row[at] as f64);
    match (row[REFERENCE], row[HYPOTHESIS]) {
        (0, 0) => 1.0,
        (0, _) | (_, 0) => 0.0,
        _ => (hits / reference) * (hits / hypothesis),
    }
}

impl Edit {
    fn row_of(&self, facts: &Facts, row: &mut [i64]) {
        let [reference, hypothesis] = [facts.reference_len, facts.hypothesis_len].map(i64::from);
        (row[REFERENCE], row[HYPOTHESIS]) = (reference, hypothesis);
        match self.measure {
            Measure::Distance => {
                row[EDITS] = facts.edits.distance.into();
                row[PAIRS] = 1;
            }
            Measure::Similarity => {
                row[EDITS] = facts.edits.distance.into();
                row[LONGER] = reference.max(hypothesis);
            }
            _ => {
                let counts = facts.edits.counts;
                row[HITS] = counts.hits.into();
                row[SUBSTITUTIONS] = counts.substitutions.into();
                row[DELETIONS] = counts.deletions.into();
                row[INSERTIONS] = counts.insertions.into();
                row[EDITS] = counts.edits().into();
            }
        }
    }

    fn score(&self, row: &[i64]) -> f64 {
        let edits = row[EDITS] as f64;
        match self.measure {
            // Without a word in the reference, jiwer counts the words that are too many.
            Measure::ErrorRate => edits / row[REFERENCE].max(1) as f64,
            Measure::MatchErrorRate => edits / (row[EDITS] + row[HITS]).max(1) as f64,
            Measure::InformationLost => 1.0 - word_information_preserved(row),
            Measure::InformationPreserved => word_information_preserved(row),
            // The mean over pairs, exact.
            Measure::Distance => edits / row[PAIRS].max(1) as f64,
            Measure::Similarity if row[LONGER] == 0 => 1.0,
            Measure::Similarity => 1.0 - edits / row[LONGER] as f64,
        }
    }

    /// The row of the best reference among those with tokens; zeros if there is none.
    fn row_of_references_with_tokens(&self, references: &[Facts], row: &mut [i64]) {
        let mut with_tokens = references.iter().filter(|facts| facts.reference_len > 0);
        match with_tokens.next() {
            Some(first) => {
                self.row_of(first, row);
                self.improve(with_tokens, row);
            }
            None => row.fill(0),
        }
    }

    /// Replaces the row by that of a reference with a better score, if there is one.
    fn improve<'f>(&self, references: impl Iterator<Item = &'f Facts>, row: &mut [i64]) {
        let mut best = self.score(row);
        let mut other = [0; MOST];
        let other = &mut other[..row.len()];
        for facts in references {
            self.row_of(facts, other);
            let score = self.score(other);
            if self.better(score, best) {
                best = score;
                row.copy_from_slice(other);
            }
        }
    }

    /// Whether one score is better than another.
    fn better(&self, score: f64, other: f64) -> bool {
        match self.outputs()[0].higher_is_better {
            Some(true) => score > other,
            _ => score < other,
        }
    }
}

impl Metric for Edit {
    fn readings(&self) -> Vec<Reading> {
        let edits = match self.measure {
            Measure::Distance | Measure::Similarity => EditNeed::Distance,
            _ => EditNeed::Counts,
        };
        vec![Reading { pipeline: self.pipeline, needs: Needs { edits, ..Needs::default() } }]
    }

    fn outputs(&self) -> &[Output] {
        match self.measure {
            Measure::ErrorRate => &ERROR_RATE,
            Measure::MatchErrorRate => &MATCH_ERROR_RATE,
            Measure::InformationLost => &INFORMATION_LOST,
            Measure::InformationPreserved => &INFORMATION_PRESERVED,
            Measure::Distance => &DISTANCE,
            Measure::Similarity => &SIMILARITY,
        }
    }

    fn corpus(&self) -> Corpus {
        Corpus::Pooled
    }

    fn options(&self) -> String {
        let empty = match self.empty_references {
            EmptyReferences::Count => "",
            EmptyReferences::Drop => "|empty:drop",
            EmptyReferences::Error => "|empty:error",
        };
        format!("multiref:best{empty}")
    }

    fn sum_names(&self) -> Vec<String> {
        let names: &[&str] = match self.measure {
            Measure::Distance => &["edits", "ref_len", "hyp_len", "pairs"],
            Measure::Similarity => &["edits", "ref_len", "hyp_len", "longer"],
            _ => &["edits", "ref_len", "hyp_len", "hits", "sub", "del", "ins"],
        };
        names.iter().map(|&name| name.to_owned()).collect()
    }

    fn width(&self) -> usize {
        match self.measure {
            Measure::Distance | Measure::Similarity => 4,
            _ => MOST,
        }
    }

    #[inline]
    fn row(&self, facts: &[PairFacts<'_>], row: &mut [i64]) {
        if self.empty_references != EmptyReferences::Count {
            return self.row_of_references_with_tokens(facts[0].references, row);
        }
        let [first, others @ ..] = facts[0].references else { return };
        self.row_of(first, row);
        if others.is_empty() {
            return;
        }
        self.improve(others.iter(), row);
    }

    fn refused(&self, rows: &[i64]) -> Option<usize> {
        let refuses = self.empty_references == EmptyReferences::Error;
        if refuses { rows.chunks_exact(self.width()).position(|row| row[REFERENCE] == 0) } else { None }
    }

    fn finalise(&self, row: &[i64], outputs: &mut [f64]) {
        let nothing_left = self.empty_references != EmptyReferences::Count && row[REFERENCE] == 0;
        outputs[0] = if nothing_left { f64::NAN } else { self.score(row) };
        if self.measure == Measure::ErrorRate {
            let counts = [HITS, SUBSTITUTIONS, DELETIONS, INSERTIONS, REFERENCE, HYPOTHESIS];
            outputs[1..].iter_mut().zip(counts).for_each(|(output, at)| *output = row[at] as f64);
        }
    }
}
