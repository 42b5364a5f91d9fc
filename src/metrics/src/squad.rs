//! Exact match and F1 of words: SQuAD's, and after it MLQA's and TriviaQA's.
//!
//! Rajpurkar et al. 2016, "SQuAD: 100,000+ Questions for Machine Comprehension of Text"; Lewis et al. 2020, "MLQA:
//! Evaluating Cross-lingual Extractive Question Answering"; Joshi et al. 2017, "TriviaQA". Every number of a pair as the
//! scripts compute it, operation by operation. What is taken out of a text is [`Answer`]'s business.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use textgauge_text::{Answer, Language, Tokenizer};

use crate::entry::Entry;
use crate::option_spec::{Kind, OptionSpec, option};
use crate::options;
use crate::{Corpus, Metric, Needs, Output, PairFacts, Pipeline, Reading, Unit};

const PERCENT: OptionSpec = option("percent", Kind::Bool, "whether scores go up to 100, not 1");

/// The codes of [`Language::NAMED`].
const LANGUAGES: [&str; 7] = {
    let mut codes = [""; Language::NAMED.len()];
    let mut number = 0;
    while number < codes.len() {
        codes[number] = Language::NAMED[number].0;
        number += 1;
    }
    codes
};

pub(crate) const METRICS: &[Entry] = &[
    Entry {
        name: "squad",
        family: "answers",
        summary: "exact match and F1 of words, but for case, punctuation and articles",
        source: "Rajpurkar et al. 2016; evaluation script of SQuAD 1.1",
        options: &[
            option("version", Kind::Int { least: 1, most: 2 }, "whose scores of a pair: SQuAD 1.1's or 2.0's"),
            PERCENT,
        ],
        defaults: options::defaults::<SquadOptions>,
        build: |entry, options| {
            let SquadOptions { version, percent } = options::parse(entry, options)?;
            let answer = Answer::Words { articles: false };
            Ok(Arc::new(Squad { answer, may_be_unanswerable: version == 2, version: Some(version), percent }))
        },
    },
    Entry {
        name: "mlqa",
        family: "answers",
        summary: "SQuAD's exact match and F1 with the punctuation, articles and words of a language",
        source: "Lewis et al. 2020; evaluation script of MLQA",
        options: &[option("language", Kind::Choice(&LANGUAGES), "the language of the answers"), PERCENT],
        defaults: options::defaults::<MlqaOptions>,
        build: |entry, options| {
            let MlqaOptions { language, percent } = options::parse(entry, options)?;
            let named = Language::NAMED.into_iter().find(|(code, _)| *code == language);
            let (_, language) = named.unwrap_or(Language::NAMED[0]);
            let answer = Answer::WordsOf(language);
            Ok(Arc::new(Squad { answer, may_be_unanswerable: false, version: None, percent }))
        },
    },
    Entry {
        name: "triviaqa",
        family: "answers",
        summary: "SQuAD's exact match and F1, but a blank takes the place of punctuation",
        source: "Joshi et al. 2017; evaluation script of TriviaQA 1.0",
        options: &[PERCENT],
        defaults: options::defaults::<TriviaqaOptions>,
        build: |entry, options| {
            let TriviaqaOptions { percent } = options::parse(entry, options)?;
            let answer = Answer::TriviaWords;
            Ok(Arc::new(Squad { answer, may_be_unanswerable: false, version: None, percent }))
        },
    },
];

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

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct MlqaOptions {
    language: String,
    percent: bool,
}

impl Default for MlqaOptions {
    fn default() -> Self {
        Self { language: LANGUAGES[0].to_owned(), percent: true }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct TriviaqaOptions {
    percent: bool,
}

impl Default for TriviaqaOptions {
    fn default() -> Self {
        Self { percent: true }
    }
}

#[derive(Debug)]
struct Squad {
    answer: Answer,
    /// Whether there may be no right answer, as in SQuAD 2.0.
    may_be_unanswerable: bool,
    /// SQuAD's, for the signature.
    version: Option<i64>,
    percent: bool,
}

const fn outputs(unit: Unit) -> [Output; 2] {
    [
        Output::new("em", "exact match with any answer", unit).higher_is_better(),
        Output::new("f1", "F1 of words with the answer for which it is highest", unit).higher_is_better(),
    ]
}

static PERCENTS: [Output; 2] = outputs(Unit::Percent);
static SHARES: [Output; 2] = outputs(Unit::Share);

impl Squad {
    /// F1 of shared words, those of the prediction, those of the answer.
    #[inline]
    fn f1(&self, [shared, hypothesis, reference]: [i64; 3]) -> f64 {
        if shared == 0 {
            let agree = self.may_be_unanswerable && hypothesis == 0 && reference == 0;
            return f64::from(u8::from(agree));
        }
        let precision = shared as f64 / hypothesis as f64;
        let recall = shared as f64 / reference as f64;
        2.0 * precision * recall / (precision + recall)
    }
}

impl Metric for Squad {
    fn readings(&self) -> Vec<Reading> {
        let needs = Needs { equal: true, shared_tokens: true, ..Needs::default() };
        vec![Reading { pipeline: Pipeline::new(Tokenizer::Answer(self.answer), true), needs }]
    }

    fn outputs(&self) -> &[Output] {
        if self.percent { &PERCENTS } else { &SHARES }
    }

    fn headline(&self) -> usize {
        1
    }

    fn corpus(&self) -> Corpus {
        Corpus::Mean
    }

    fn options(&self) -> String {
        let version = self.version.map(|version| format!("|squad:v{version}")).unwrap_or_default();
        format!("refs:best{version}|percent:{}", if self.percent { "yes" } else { "no" })
    }

    fn sum_names(&self) -> Vec<String> {
        ["exact", "shared", "prediction_words", "reference_words"].map(str::to_owned).to_vec()
    }

    fn of_best_reference(&self) -> Range<usize> {
        // That of F1; an exact match is one with any.
        1..4
    }

    fn width(&self) -> usize {
        4
    }

    fn takes_no_reference(&self) -> bool {
        self.may_be_unanswerable
    }

    #[inline]
    fn row(&self, facts: &[PairFacts<'_>], row: &mut [i64]) {
        let references = facts[0].references;
        // Version 2 leaves out answers without words beside others that have some.
        let wordless = !self.may_be_unanswerable || references.iter().all(|facts| facts.reference_len == 0);
        row.fill(0);
        let mut highest = -1.0;
        for facts in references.iter().filter(|facts| wordless || facts.reference_len > 0) {
            row[0] |= i64::from(facts.equal.0);
            let counts = [facts.shared_tokens.0, facts.hypothesis_len, facts.reference_len].map(i64::from);
            let f1 = self.f1(counts);
            if f1 > highest {
                highest = f1;
                row[1..].copy_from_slice(&counts);
            }
        }
    }

    #[inline]
    fn finalise(&self, row: &[i64], outputs: &mut [f64]) {
        let scale = if self.percent { 100.0 } else { 1.0 };
        outputs.copy_from_slice(&[scale * row[0] as f64, scale * self.f1([row[1], row[2], row[3]])]);
    }
}
