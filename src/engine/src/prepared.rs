//! Texts read once, to be scored against many times.

use std::ops::Range;

use textgauge_kernels::token_key::Key;
use textgauge_text::{LongTokenTable, Reader, Side, Tokens};

use crate::Error;
use crate::plan::Plan;

/// Texts as tokens, for every pipeline of a plan.
#[derive(Debug)]
pub struct Prepared {
    signature: String,
    /// One for each reading of the plan: as references are read.
    pub(crate) readings: Vec<Texts>,
    /// As hypotheses are read, where that is different.
    pub(crate) as_hypotheses: Vec<Option<Texts>>,
    /// Where the texts of each row end.
    pub(crate) ends: Vec<usize>,
    pub(crate) nulls: Vec<bool>,
}

/// The tokens of many texts, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    pub(crate) keys: Vec<Key>,
    pub(crate) breaks: Vec<u32>,
    /// Where each text ends in `keys` and in `breaks`.
    pub(crate) ends: Vec<(usize, usize)>,
    pub(crate) long: LongTokenTable,
}

impl Prepared {
    /// No texts yet, for `plan`.
    pub fn new(plan: &Plan) -> Self {
        Self {
            signature: plan.signature(),
            readings: plan.readings.iter().map(|_| Texts::default()).collect(),
            as_hypotheses: plan
                .readings
                .iter()
                .map(|reading| reading.pipeline.tokenizer.reads_references_otherwise().then(Texts::default))
                .collect(),
            ends: Vec::new(),
            nulls: Vec::new(),
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.ends.len()
    }

    /// Whether every row has exactly one text.
    pub fn is_single(&self) -> bool {
        self.ends.iter().enumerate().all(|(row, &end)| end == row + 1)
    }

    /// An error unless the texts were prepared for `plan`, or one with the same signature.
    pub(crate) fn check(&self, plan: &Plan) -> Result<(), Error> {
        if self.signature == plan.signature() {
            return Ok(());
        }
        Err(Error::SignatureMismatch {
            what: "prepared texts can be scored only by the scorer that prepared them",
            left: self.signature.clone(),
            right: plan.signature(),
        })
    }

    /// Whether a text of `row` is missing.
    pub fn is_null(&self, row: usize) -> bool {
        self.nulls[row]
    }

    /// The numbers of the texts of `row`.
    pub(crate) fn references_of(&self, row: usize) -> Range<usize> {
        row.checked_sub(1).map_or(0, |before| self.ends[before])..self.ends[row]
    }

    /// How many tokens text `number` has under reading `reading`.
    pub(crate) fn len_of(&self, reading: usize, number: usize) -> usize {
        let texts = &self.readings[reading];
        texts.ends[number].0 - number.checked_sub(1).map_or(0, |before| texts.ends[before].0)
    }

    /// Sets `tokens` to text `number` under reading `reading`, its long tokens known to `reader`.
    pub(crate) fn load(&self, reading: usize, number: usize, side: Side, reader: &mut Reader, tokens: &mut Tokens) {
        let texts = match &self.as_hypotheses[reading] {
            Some(texts) if side == Side::Hypothesis => texts,
            _ => &self.readings[reading],
        };
        let (first_key, first_break) = number.checked_sub(1).map_or((0, 0), |before| texts.ends[before]);
        let (last_key, last_break) = texts.ends[number];
        tokens.clear();
        let keys = &texts.keys[first_key..last_key];
        tokens.keys.extend(keys.iter().map(|&key| adopt(key, &texts.long, reader.long_tokens())));
        tokens.breaks.extend_from_slice(&texts.breaks[first_break..last_break]);
    }
}

/// The key under which `to` knows the token that `from` knows as `key`.
pub(crate) fn adopt(key: Key, from: &LongTokenTable, to: &mut LongTokenTable) -> Key {
    key.number().map_or(key, |number| to.key(from.token(number)))
}
