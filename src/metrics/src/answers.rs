//! Answers, compared with what is known to be right: evaluate's exact match, SQuAD and HELM.
//!
//! Rajpurkar et al. 2016, "SQuAD: 100,000+ Questions for Machine Comprehension of Text"; Liang et al. 2022, "Holistic
//! Evaluation of Language Models". Every number of a pair as the package computes it, operation by operation. What is
//! taken out of a text is [`Answer`]'s business.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use textgauge_text::{Answer, Side, Stemmer, Tokenizer};

use crate::entry::Entry;
use crate::option_spec::{Kind, option, optional};
use crate::options::{self, TokenizerOption};
use crate::{ConfigError, Corpus, Facts, Metric, Needs, Output, PairFacts, Pipeline, Reading};

const fn score(part: &'static str, summary: &'static str, highest: f64) -> Output {
    Output { part, summary, lowest: 0.0, highest, higher_is_better: Some(true) }
}

fn pipeline(answer: Answer, lowercase: bool) -> Pipeline {
    Pipeline { tokenizer: Tokenizer::Answer(answer), stemmer: Stemmer::None, lowercase, view: 0 }
}

// ---- evaluate's exact match

pub(crate) const EXACT_MATCH: Entry = Entry {
    name: "exact_match",
    family: "answers",
    summary: "whether the texts are the same",
    source: "evaluate 0.4 (exact_match)",
    options: &[
        optional("regexes_to_ignore", Kind::Texts, "regular expressions of Python's re whose matches are removed"),
        option("ignore_case", Kind::Bool, "whether texts are lower-cased"),
        option("ignore_punctuation", Kind::Bool, "whether ASCII punctuation is removed"),
        option("ignore_numbers", Kind::Bool, "whether ASCII digits are removed"),
    ],
    defaults: options::defaults::<ExactMatchOptions>,
    build: |entry, options| {
        let options: ExactMatchOptions = options::parse(entry, options)?;
        let regexes = match &options.regexes_to_ignore {
            Some(TokenizerOption::Named(_)) => {
                return Err(options::bad(entry, "regexes_to_ignore are a list of regular expressions of Python's"));
            }
            Some(view @ TokenizerOption::View { .. }) => Some(view.pipeline(entry, false)?),
            None => None,
        };
        Ok(Arc::new(ExactMatch { options, regexes }))
    },
};

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ExactMatchOptions {
    /// The view that holds texts as they are to be compared: the expressions, and after them all else, run in Python.
    regexes_to_ignore: Option<TokenizerOption>,
    ignore_case: bool,
    ignore_punctuation: bool,
    ignore_numbers: bool,
}

#[derive(Debug)]
struct ExactMatch {
    options: ExactMatchOptions,
    regexes: Option<Pipeline>,
}

static EXACT_MATCH_OUTPUTS: [Output; 1] = [score("", "1 if any reference is the same text, else 0", 1.0)];

impl Metric for ExactMatch {
    fn readings(&self) -> Vec<Reading> {
        let ExactMatchOptions { ignore_case, ignore_punctuation: no_punct, ignore_numbers: no_numbers, .. } =
            self.options;
        let whole = pipeline(Answer::Whole { no_punct, no_numbers }, ignore_case);
        vec![Reading { pipeline: self.regexes.unwrap_or(whole), needs: Needs { equal: true, ..Needs::default() } }]
    }

    fn outputs(&self) -> &[Output] {
        &EXACT_MATCH_OUTPUTS
    }

    fn corpus(&self) -> Corpus {
        Corpus::Mean
    }

    fn options(&self) -> String {
        let ignored = |ignored: bool| if ignored { "no" } else { "yes" };
        let ExactMatchOptions { ignore_punctuation, ignore_numbers, .. } = self.options;
        format!("refs:best|punct:{}|numbers:{}", ignored(ignore_punctuation), ignored(ignore_numbers))
    }

    fn width(&self) -> usize {
        1
    }

    #[inline]
    fn row(&self, facts: &[PairFacts<'_>], row: &mut [i64]) {
        row[0] = i64::from(facts[0].references.iter().any(|facts| facts.equal));
    }

    #[inline]
    fn finalise(&self, row: &[i64], outputs: &mut [f64]) {
        outputs[0] = row[0] as f64;
    }
}

// ---- SQuAD

pub(crate) const SQUAD: Entry = Entry {
    name: "squad",
    family: "answers",
    summary: "exact match and F1 of words, but for case, punctuation and articles",
    source: "Rajpurkar et al. 2016; evaluation script of SQuAD 1.1",
    options: &[
        option("version", Kind::Int { least: 1, most: 2 }, "whose scores of a pair: SQuAD 1.1's or 2.0's"),
        option("percent", Kind::Bool, "whether scores go up to 100, not 1"),
    ],
    defaults: options::defaults::<SquadOptions>,
    build: |entry, options| {
        let options: SquadOptions = options::parse(entry, options)?;
        Ok(Arc::new(Squad(options)))
    },
};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct SquadOptions {
    version: i64,
    percent: bool,
}

impl Default for SquadOptions {
    fn default() -> Self {
        Self { version: 1, percent: true }
    }
}

#[derive(Debug)]
struct Squad(SquadOptions);

const fn squad_outputs(highest: f64) -> [Output; 2] {
    [
        score("em", "exact match with any answer", highest),
        score("f1", "F1 of words with the answer for which it is highest", highest),
    ]
}

static SQUAD_PERCENT: [Output; 2] = squad_outputs(100.0);
static SQUAD_SHARES: [Output; 2] = squad_outputs(1.0);

impl Squad {
    /// F1 of shared words, those of the prediction, those of the answer.
    #[inline]
    fn f1(&self, [shared, hypothesis, reference]: [i64; 3]) -> f64 {
        if shared == 0 {
            let agree = self.0.version == 2 && hypothesis == 0 && reference == 0;
            return f64::from(u8::from(agree));
        }
        let precision = shared as f64 / hypothesis as f64;
        let recall = shared as f64 / reference as f64;
        2.0 * precision * recall / (precision + recall)
    }
}

impl Metric for Squad {
    fn readings(&self) -> Vec<Reading> {
        let needs = Needs { equal: true, orders: 1, ..Needs::default() };
        vec![Reading { pipeline: pipeline(Answer::Words { articles: false }, true), needs }]
    }

    fn outputs(&self) -> &[Output] {
        if self.0.percent { &SQUAD_PERCENT } else { &SQUAD_SHARES }
    }

    fn headline(&self) -> usize {
        1
    }

    fn corpus(&self) -> Corpus {
        Corpus::Mean
    }

    fn options(&self) -> String {
        format!("refs:best|squad:v{}|percent:{}", self.0.version, if self.0.percent { "yes" } else { "no" })
    }

    fn width(&self) -> usize {
        4
    }

    #[inline]
    fn row(&self, facts: &[PairFacts<'_>], row: &mut [i64]) {
        let references = facts[0].references;
        // Version 2 leaves out answers without words beside others that have some.
        let wordless = self.0.version == 1 || references.iter().all(|facts| facts.reference_len == 0);
        row.fill(0);
        let mut highest = -1.0;
        for facts in references.iter().filter(|facts| wordless || facts.reference_len > 0) {
            row[0] |= i64::from(facts.equal);
            let counts = [facts.overlap.matches[0], facts.hypothesis_len, facts.reference_len].map(i64::from);
            let f1 = self.f1(counts);
            if f1 > highest {
                highest = f1;
                row[1..].copy_from_slice(&counts);
            }
        }
    }

    #[inline]
    fn finalise(&self, row: &[i64], outputs: &mut [f64]) {
        let scale = if self.0.percent { 100.0 } else { 1.0 };
        outputs.copy_from_slice(&[scale * row[0] as f64, scale * self.f1([row[1], row[2], row[3]])]);
    }
}

// ---- HELM

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

pub(crate) const HELM: [Entry; 12] = [
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

static HELM_MATCH: [Output; 1] = [score("", "1 if any reference matches, else 0", 1.0)];
static HELM_SHARE: [Output; 1] = [score("", "the highest over the references", 1.0)];
static HELM_DIFFERENCE: [Output; 1] = [Output {
    part: "",
    summary: "the highest over the references",
    lowest: 0.0,
    highest: f64::INFINITY,
    higher_is_better: Some(false),
}];

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
            Rule::Equal => Needs { equal: true, ..none },
            Rule::Prefix => Needs { prefix: true, ..none },
            Rule::Difference => Needs { difference: true, ..none },
            _ => Needs { sets: true, ..none },
        };
        let mut readings = vec![Reading { pipeline: pipeline(self.answer, self.is_normalised()), needs }];
        if self.is_match() && self.is_normalised() {
            let words = Pipeline { tokenizer: Tokenizer::Whitespace, ..pipeline(self.answer, false) };
            readings.push(Reading { pipeline: words, needs: none });
        }
        readings
    }

    fn outputs(&self) -> &[Output] {
        match self.rule {
            Rule::Equal | Rule::Prefix | Rule::ExactSet => &HELM_MATCH,
            Rule::Difference => &HELM_DIFFERENCE,
            _ => &HELM_SHARE,
        }
    }

    fn corpus(&self) -> Corpus {
        // The mean, in either case. Differences know no bounds, and are added up as the integers that they are.
        if self.rule == Rule::Difference { Corpus::Pooled } else { Corpus::Mean }
    }

    fn options(&self) -> String {
        "refs:best".to_owned()
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
                let blank = facts[facts.len() - 1].references[0].hypothesis_len == 0;
                let prefix = self.rule == Rule::Prefix;
                let matched = references.iter().any(|facts| if prefix { facts.prefix } else { facts.equal });
                row[0] = i64::from(matched && !blank);
            }
            Rule::Difference => {
                let difference = references.iter().map(|facts| facts.difference).max().unwrap_or(0);
                // In two parts, because the sum of many may not fit.
                row.copy_from_slice(&[difference >> HALF_BITS, difference & ((1 << HALF_BITS) - 1), 1]);
            }
            _ => {
                let counts =
                    |facts: &Facts| [facts.sets.shared, facts.sets.hypothesis, facts.sets.reference].map(i64::from);
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
