//! SQuAD's exact match and F1.
//!
//! Rajpurkar et al. 2016, "SQuAD: 100,000+ Questions for Machine Comprehension of Text". Every number of a pair as the
//! package computes it, operation by operation. What is taken out of a text is [`Answer`]'s business.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use textgauge_kernels::overlap::OverlapNeed;
use textgauge_text::{Answer, Tokenizer};

use crate::entry::Entry;
use crate::option_spec::{Kind, option};
use crate::options;
use crate::{Corpus, Metric, Needs, Output, PairFacts, Pipeline, Reading, Unit};

pub(crate) const METRICS: &[Entry] = &[Entry {
    name: "squad",
    family: "answers",
    summary: "exact match and F1 of words, but for case, punctuation and articles",
    source: "Rajpurkar et al. 2016; evaluation script of SQuAD 1.1",
    options: &[
        option("version", Kind::Int { least: 1, most: 2 }, "whose scores of a pair: SQuAD 1.1's or 2.0's"),
        option("percent", Kind::Bool, "whether scores go up to 100, not 1"),
    ],
    defaults: options::defaults::<Options>,
    build: |entry, options| {
        let options: Options = options::parse(entry, options)?;
        Ok(Arc::new(Squad(options)))
    },
}];

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Options {
    version: i64,
    percent: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { version: 1, percent: true }
    }
}

#[derive(Debug)]
struct Squad(Options);

const fn outputs(unit: Unit) -> [Output; 2] {
    [
        Output::new("em", "exact match with any answer", unit).higher_is_better(),
        Output::new("f1", "F1 of words with the answer for which it is highest", unit).higher_is_better(),
    ]
}

static PERCENT: [Output; 2] = outputs(Unit::Percent);
static SHARES: [Output; 2] = outputs(Unit::Share);

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
        let needs = Needs { equal: true, overlap: OverlapNeed::matches(1), ..Needs::default() };
        vec![Reading { pipeline: Pipeline::new(Tokenizer::Answer(Answer::Words { articles: false }), true), needs }]
    }

    fn outputs(&self) -> &[Output] {
        if self.0.percent { &PERCENT } else { &SHARES }
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
            row[0] |= i64::from(facts.equal.0);
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
