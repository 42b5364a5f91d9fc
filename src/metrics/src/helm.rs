//! HELM's measures of answers.
//!
//! Liang et al. 2022, "Holistic Evaluation of Language Models". Every number of a pair as crfm-helm 0.5.16 computes it,
//! operation by operation. What is taken out of a text is [`Answer`]'s business.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use textgauge_kernels::side_by_side::Blank;
use textgauge_text::{Answer, Side, Tokenizer};

use crate::entry::Entry;
use crate::options;
use crate::{ConfigError, Corpus, Facts, Metric, Needs, Output, PairFacts, Pipeline, Reading, Unit};

const fn helm(name: &'static str, summary: &'static str) -> Entry {
    Entry {
        name,
        family: "answers",
        summary,
        source: "Liang et al. 2022; crfm-helm 0.5.16",
        options: &[],
        defaults: options::defaults::<NoOptions>,
        build: build_helm,
    }
}

pub(crate) const METRICS: &[Entry] = &[
    helm("helm_exact_match", "whether the stripped texts are the same"),
    helm("helm_quasi_exact_match", "whether they are the same but for case, punctuation and articles"),
    helm("helm_quasi_leave_articles_exact_match", "whether they are the same but for case and punctuation"),
    helm("helm_prefix_exact_match", "whether the prediction begins with the reference"),
    helm("helm_quasi_prefix_exact_match", "whether it does but for case, punctuation and articles"),
    helm("helm_f1_score", "F1 of sets of words, but for case, punctuation and articles"),
    helm("helm_final_number_exact_match", "whether the last numbers are the same"),
    helm("helm_exact_match_indicator", "whether what follows the last blank is the same"),
    helm("helm_exact_set_match", "whether sentences such as `It is x and y.` list the same"),
    helm("helm_iou_set_match", "intersection over union of what such sentences list"),
    helm("helm_f1_set_match", "F1 of what such sentences list"),
    helm("helm_absolute_value_difference", "how far whole numbers are apart"),
];

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NoOptions {}

fn build_helm(entry: &Entry, options: Map<String, Value>) -> Result<Arc<dyn Metric>, ConfigError> {
    let NoOptions {} = options::parse(entry, options)?;
    let words = Answer::Words { articles: false };
    let set = Answer::Members(Side::Hypothesis);
    let (answer, rule) = match entry.name {
        "helm_exact_match" => (Answer::Stripped, Rule::Equal),
        "helm_quasi_exact_match" => (words, Rule::Equal),
        "helm_quasi_leave_articles_exact_match" => (Answer::Words { articles: true }, Rule::Equal),
        "helm_prefix_exact_match" => (Answer::StrippedCharacters, Rule::Prefix),
        "helm_quasi_prefix_exact_match" => (Answer::WordCharacters, Rule::Prefix),
        "helm_f1_score" => (words, Rule::F1),
        "helm_final_number_exact_match" => (Answer::FinalNumber, Rule::Equal),
        "helm_exact_match_indicator" => (Answer::LastPiece(Side::Hypothesis), Rule::Equal),
        "helm_exact_set_match" => (set, Rule::ExactSet),
        "helm_iou_set_match" => (set, Rule::IouSet),
        "helm_f1_set_match" => (set, Rule::F1Set),
        _ => (Answer::Integer(Side::Hypothesis), Rule::Difference),
    };
    Ok(Arc::new(Helm { answer, rule }))
}

/// How answers are compared; each takes the best of several references.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    Equal,
    Prefix,
    F1,
    ExactSet,
    IouSet,
    F1Set,
    Difference,
}

#[derive(Debug)]
struct Helm {
    answer: Answer,
    rule: Rule,
}

static MATCH: [Output; 1] = [Output::new("", "1 if any reference matches, else 0", Unit::Share).higher_is_better()];
static SHARE: [Output; 1] = [Output::new("", "the highest over the references", Unit::Share).higher_is_better()];
static DIFFERENCE: [Output; 1] = [Output::new("", "the highest over the references", Unit::Number).lower_is_better()];

impl Helm {
    /// Whether HELM's normalisation may leave nothing of a prediction that is not blank: only a blank one is
    /// worth 0 whatever the reference.
    fn is_normalised(&self) -> bool {
        matches!(self.answer, Answer::Words { .. } | Answer::WordCharacters)
    }

    /// Whether a row is whether there is a match, and not counts.
    fn is_match(&self) -> bool {
        matches!(self.rule, Rule::Equal | Rule::Prefix)
    }

    /// The score of distinct tokens: shared, of the prediction, of the reference.
    #[inline]
    fn share(&self, [shared, hypothesis, reference]: [i64; 3]) -> f64 {
        let as_if = |agree: bool| f64::from(u8::from(agree));
        match self.rule {
            Rule::F1 if shared == 0 => 0.0,
            Rule::F1 => {
                let precision = shared as f64 / hypothesis as f64;
                let recall = shared as f64 / reference as f64;
                1.0 / (0.5 / precision + 0.5 / recall)
            }
            Rule::ExactSet => as_if(shared == hypothesis && shared == reference),
            _ if reference == 0 => as_if(hypothesis == 0),
            Rule::IouSet => shared as f64 / (hypothesis + reference - shared) as f64,
            _ => (2 * shared) as f64 / (hypothesis + reference) as f64,
        }
    }
}

/// A difference is added up in two halves of so many bits.
const HALF_BITS: u32 = 32;

impl Metric for Helm {
    fn readings(&self) -> Vec<Reading> {
        let none = Needs::default();
        let needs = match self.rule {
            Rule::Equal => Needs { equal: true, blank: !self.is_normalised(), ..none },
            Rule::Prefix => Needs { prefix: true, blank: !self.is_normalised(), ..none },
            Rule::Difference => Needs { number_difference: true, ..none },
            _ => Needs { token_sets: true, ..none },
        };
        let mut readings =
            vec![Reading { pipeline: Pipeline::new(Tokenizer::Answer(self.answer), self.is_normalised()), needs }];
        if self.is_match() && self.is_normalised() {
            let words = Pipeline::new(Tokenizer::Whitespace, false);
            readings.push(Reading { pipeline: words, needs: Needs { blank: true, ..none } });
        }
        readings
    }

    fn outputs(&self) -> &[Output] {
        match self.rule {
            Rule::Equal | Rule::Prefix | Rule::ExactSet => &MATCH,
            Rule::Difference => &DIFFERENCE,
            _ => &SHARE,
        }
    }

    fn corpus(&self) -> Corpus {
        // The mean, in either case. Differences know no bounds, and are added up as the integers that they are.
        if self.rule == Rule::Difference { Corpus::Pooled } else { Corpus::Mean }
    }

    fn options(&self) -> String {
        "refs:best".to_owned()
    }

    fn sum_names(&self) -> Vec<String> {
        let names: &[&str] = match self.rule {
            Rule::Equal | Rule::Prefix => &["matched"],
            Rule::Difference => &["difference"],
            _ => &["shared", "prediction_tokens", "reference_tokens"],
        };
        names.iter().map(|&name| name.to_owned()).collect()
    }

    fn sums(&self, row: &[i64]) -> Vec<i64> {
        if self.rule == Rule::Difference { vec![row[0] << HALF_BITS | row[1]] } else { row.to_vec() }
    }

    fn width(&self) -> usize {
        match self.rule {
            Rule::Equal | Rule::Prefix => 1,
            Rule::Difference => 3,
            _ => 3,
        }
    }

    #[inline]
    fn row(&self, facts: &[PairFacts<'_>], row: &mut [i64]) {
        let references = facts[0].references;
        match self.rule {
            Rule::Equal | Rule::Prefix => {
                let Blank(blank) = facts[facts.len() - 1].references[0].blank;
                let prefix = self.rule == Rule::Prefix;
                let matched = references.iter().any(|facts| if prefix { facts.prefix.0 } else { facts.equal.0 });
                row[0] = i64::from(matched && !blank);
            }
            Rule::Difference => {
                let difference = references.iter().map(|facts| facts.number_difference.0).max().unwrap_or(0);
                // In two parts, because the sum of many may not fit.
                row.copy_from_slice(&[difference >> HALF_BITS, difference & ((1 << HALF_BITS) - 1), 1]);
            }
            _ => {
                let counts = |facts: &Facts| {
                    [facts.token_sets.shared, facts.token_sets.hypothesis, facts.token_sets.reference].map(i64::from)
                };
                let mut best = counts(&references[0]);
                for facts in &references[1..] {
                    let counts = counts(facts);
                    if self.share(counts) > self.share(best) {
                        best = counts;
                    }
                }
                row.copy_from_slice(&best);
            }
        }
    }

    #[inline]
    fn finalise(&self, row: &[i64], outputs: &mut [f64]) {
        outputs[0] = match self.rule {
            Rule::Equal | Rule::Prefix => row[0] as f64,
            Rule::Difference => (row[0] as f64 * (1_i64 << HALF_BITS) as f64 + row[1] as f64) / row[2] as f64,
            _ => self.share([row[0], row[1], row[2]]),
        };
    }
}
