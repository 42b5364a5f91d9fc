//! TER, the translation edit rate: edits, shifts of words among them, over words of the reference.
//!
//! Snover et al. 2006, "A Study of Translation Edit Rate with Targeted Human Annotation"; every number as sacrebleu
//! 2.6.0 computes it, operation by operation, but for sums over rows whose numbers of references are not the same
//! and have no small common multiple (see [`UNIT`]).

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use textgauge_text::Tokenizer;

use crate::entry::Entry;
use crate::numpy_float::{Number, Promoted};
use crate::option_spec::{Kind, OptionSpec, option};
use crate::options;
use crate::{ConfigError, Corpus, Metric, Needs, Output, PairFacts, Pipeline, Reading, Sacrebleu, Unit};

pub(crate) const METRICS: &[Entry] = &[Entry {
    name: "ter",
    family: "ter",
    summary: "edits, shifts among them, in percent of the reference's words",
    source: "Snover et al. 2006; sacrebleu 2.6.0",
    options: OPTIONS,
    defaults: options::defaults::<Options>,
    build,
}];

/// The options of the family, in the order of their struct.
const OPTIONS: &[OptionSpec] = &[
    option("normalized", Kind::Bool, "whether punctuation is cut off words, as by tercom's -N"),
    option("no_punct", Kind::Bool, "whether punctuation is removed"),
    option("asian_support", Kind::Bool, "whether both go for Chinese, Japanese and Korean too"),
    option("case_sensitive", Kind::Bool, "whether texts are left in their case"),
];

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Options {
    normalized: bool,
    no_punct: bool,
    asian_support: bool,
    case_sensitive: bool,
}

fn build(entry: &Entry, options: Map<String, Value>) -> Result<Arc<dyn Metric>, ConfigError> {
    Ok(Arc::new(Ter(options::parse(entry, options)?)))
}

#[derive(Debug)]
struct Ter(Options);

/// The mean length of the references stands in a row as whole words and a rest in units of one part in the least
/// common multiple of 1 to 24: exact for up to 24 references and for many other numbers, such as 48. Sums of a
/// billion rows fit.
const UNIT: i64 = 5_354_228_880;

/// A row: edits, whole words and rest of the mean length, number of references.
const WIDTH: usize = 4;

static OUTPUTS: [Output; 3] = [
    Output::new("", "TER", Unit::Percent).up_to(f64::INFINITY).lower_is_better(),
    Output::new("edits", "edits to the reference that takes fewest", Unit::Count),
    Output::new("ref_len", "mean number of words in the references", Unit::Count),
];

/// The words of all references of a single pair together.
fn words_of_pair(row: &[i64]) -> i128 {
    let [_, words, rest, count] = [0, 1, 2, 3].map(|at| i128::from(row[at]));
    // The rest was rounded by less than half a word in all references together.
    let unit = i128::from(UNIT);
    words * count + (rest * count + unit / 2) / unit
}

/// The mean length of the references of a single pair, whatever their number.
fn length_of_pair(row: &[i64]) -> f64 {
    words_of_pair(row) as f64 / row[3] as f64
}

/// The length that a sum of rows has in `words` and `rest`.
fn length(words: i64, rest: i64) -> f64 {
    // Whole words first: the sum of all units might not fit a float.
    let (words, rest) = (words + rest.div_euclid(UNIT), rest.rem_euclid(UNIT));
    match words.checked_mul(UNIT).filter(|&units| units < 1 << 53) {
        Some(units) => (units + rest) as f64 / UNIT as f64,
        None => words as f64 + rest as f64 / UNIT as f64,
    }
}

fn score<N: Number>(edits: N, length: N) -> N {
    let zero = N::from(0.0);
    let rate = if length > zero {
        edits / length
    } else if edits > zero {
        N::from(1.0)
    } else {
        zero
    };
    N::from(100.0) * rate
}

impl Metric for Ter {
    fn readings(&self) -> Vec<Reading> {
        let Options { normalized, no_punct, asian_support: asian, case_sensitive } = self.0;
        let pipeline = Pipeline::new(Tokenizer::Tercom { normalized, no_punct, asian }, !case_sensitive);
        vec![Reading { pipeline, needs: Needs { shift_edits: true, ..Needs::default() } }]
    }

    fn outputs(&self) -> &[Output] {
        &OUTPUTS
    }

    fn corpus(&self) -> Corpus {
        Corpus::Pooled
    }

    fn options(&self) -> String {
        let yes = |option: bool| if option { "yes" } else { "no" };
        let Options { normalized, no_punct, asian_support, .. } = self.0;
        format!("norm:{}|punct:{}|asian:{}", yes(normalized), yes(!no_punct), yes(asian_support))
    }

    fn sum_names(&self) -> Vec<String> {
        ["edits", "reference_words", "references"].map(str::to_owned).to_vec()
    }

    fn sums(&self, row: &[i64]) -> Vec<i64> {
        vec![row[0], i64::try_from(words_of_pair(row)).unwrap_or(i64::MAX), row[3]]
    }

    fn of_best_reference(&self) -> Range<usize> {
        // The fewest edits; the length is the mean of all references.
        0..1
    }

    fn width(&self) -> usize {
        WIDTH
    }

    #[inline]
    fn row(&self, facts: &[PairFacts<'_>], row: &mut [i64]) {
        let references = facts[0].references;
        let count = references.len() as i64;
        let words: i64 = references.iter().map(|facts| i64::from(facts.reference_len)).sum();
        row[0] = references.iter().map(|facts| i64::from(facts.shift_edits.0)).min().unwrap_or(0);
        row[1] = words / count;
        // To the nearest unit, where it isn't whole.
        row[2] = (words % count * UNIT + count / 2) / count;
        row[3] = count;
    }

    fn finalise(&self, row: &[i64], outputs: &mut [f64]) {
        let (edits, length) = (row[0] as f64, length(row[1], row[2]));
        outputs.copy_from_slice(&[score(edits, length), edits, length]);
    }

    fn finalise_pair(&self, row: &[i64], outputs: &mut [f64]) {
        let (edits, length) = (row[0] as f64, length_of_pair(row));
        outputs.copy_from_slice(&[score(edits, length), edits, length]);
    }

    fn sacrebleu(&self) -> Option<&dyn Sacrebleu> {
        Some(self)
    }
}

impl Sacrebleu for Ter {
    fn signature(&self, head: &str, _: Option<&str>) -> String {
        let case = if self.0.case_sensitive { "mixed" } else { "lc" };
        format!("{head}|case:{case}|tok:tercom|{}|version:2.6.0", self.options())
    }

    fn statistics(&self, row: &[i64], statistics: &mut Vec<f64>) {
        statistics.extend([row[0] as f64, length_of_pair(row)]);
    }

    fn score_of_singles(&self, sums: &[f32]) -> (f64, bool) {
        let score = score(Promoted::Single(sums[0]), Promoted::Single(sums[1]));
        (score.into(), score.is_single())
    }

    fn score_of_doubles(&self, sums: &[f64]) -> f64 {
        score(sums[0], sums[1])
    }
}
