//! Exact match, every number as evaluate 0.4 computes it.
//!
//! What is taken out of a text is [`Answer`]'s business.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use textgauge_text::{Answer, Tokenizer};

use crate::entry::Entry;
use crate::option_spec::{Kind, option, optional};
use crate::options::{self, TokenizerOption};
use crate::{Corpus, Metric, Needs, Output, PairFacts, Pipeline, Reading, Unit};

pub(crate) const METRICS: &[Entry] = &[Entry {
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
    defaults: options::defaults::<Options>,
    build: |entry, options| {
        let options: Options = options::parse(entry, options)?;
        let regexes = match &options.regexes_to_ignore {
            Some(TokenizerOption::Named(_)) => {
                return Err(options::bad(entry, "regexes_to_ignore are a list of regular expressions of Python's"));
            }
            Some(source @ TokenizerOption::TokenSource { .. }) => Some(source.pipeline(entry, false)?),
            None => None,
        };
        Ok(Arc::new(ExactMatch { options, regexes }))
    },
}];

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Options {
    /// The source that holds texts as they are to be compared: the expressions, and after them all else, run in Python.
    regexes_to_ignore: Option<TokenizerOption>,
    ignore_case: bool,
    ignore_punctuation: bool,
    ignore_numbers: bool,
}

#[derive(Debug)]
struct ExactMatch {
    options: Options,
    regexes: Option<Pipeline>,
}

static OUTPUTS: [Output; 1] =
    [Output::new("", "1 if any reference is the same text, else 0", Unit::Share).higher_is_better()];

impl Metric for ExactMatch {
    fn readings(&self) -> Vec<Reading> {
        let Options { ignore_case, ignore_punctuation: no_punct, ignore_numbers: no_numbers, .. } = self.options;
        let whole = Pipeline::new(Tokenizer::Answer(Answer::Whole { no_punct, no_numbers }), ignore_case);
        vec![Reading { pipeline: self.regexes.unwrap_or(whole), needs: Needs { equal: true, ..Needs::default() } }]
    }

    fn outputs(&self) -> &[Output] {
        &OUTPUTS
    }

    fn corpus(&self) -> Corpus {
        Corpus::Mean
    }

    fn options(&self) -> String {
        let ignored = |ignored: bool| if ignored { "no" } else { "yes" };
        let Options { ignore_punctuation, ignore_numbers, .. } = self.options;
        format!("refs:best|punct:{}|numbers:{}", ignored(ignore_punctuation), ignored(ignore_numbers))
    }

    fn sum_names(&self) -> Vec<String> {
        vec!["matched".to_owned()]
    }

    fn width(&self) -> usize {
        1
    }

    #[inline]
    fn row(&self, facts: &[PairFacts<'_>], row: &mut [i64]) {
        row[0] = i64::from(facts[0].references.iter().any(|facts| facts.equal.0));
    }

    #[inline]
    fn finalise(&self, row: &[i64], outputs: &mut [f64]) {
        outputs[0] = row[0] as f64;
    }
}
