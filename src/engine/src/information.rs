//! What n-grams tell, learnt from all references before the first pair is scored.

use std::fmt;

use textgauge_kernels::ngram_weights::{Counts, Weights};
use textgauge_kernels::token_key::Key;
use textgauge_text::LongTokenTable;

use crate::Error;
use crate::sealed;

/// How much each n-gram of some references tells. Never changes.
pub struct Information {
    pipeline: String,
    weights: Weights,
    long: LongTokenTable,
    fingerprint: u64,
}

impl fmt::Debug for Information {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Information({:016x})", self.fingerprint)
    }
}

impl Information {
    pub(crate) fn new(pipeline: String, counts: Counts, long: LongTokenTable) -> Self {
        let of_token = |key: Key| match key.number() {
            Some(number) => of_bytes(long.token(number)),
            None => of_bytes(&key.bytes()),
        };
        let fingerprint = counts.fingerprint(of_token) ^ of_bytes(pipeline.as_bytes());
        Self { pipeline, weights: counts.freeze(), long, fingerprint }
    }

    /// A number that equal weights have, and for all that chance can do no others.
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// The highest order of n-grams.
    pub fn orders(&self) -> usize {
        self.weights.counts().orders()
    }

    /// How texts were read, as a signature says it.
    pub fn pipeline(&self) -> &str {
        &self.pipeline
    }

    pub(crate) fn weights(&self) -> &Weights {
        &self.weights
    }

    /// The id of a token whose long tokens are in `long`; 0 if no reference has it.
    pub(crate) fn token(&self, key: Key, long: &LongTokenTable) -> u32 {
        let known = match key.number() {
            Some(number) => self.long.find(long.token(number)),
            None => Some(key),
        };
        known.map_or(0, |key| self.weights.token(key))
    }

    /// The information as sealed bytes: how texts were read, then what was counted.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let number = |bytes: &mut Vec<u8>, number: u64| bytes.extend(number.to_le_bytes());
        let text = |bytes: &mut Vec<u8>, text: &[u8]| {
            bytes.extend((text.len() as u64).to_le_bytes());
            bytes.extend(text);
        };
        text(&mut bytes, self.pipeline.as_bytes());
        number(&mut bytes, self.long.len() as u64);
        (0..self.long.len() as u32).for_each(|number| text(&mut bytes, self.long.token(number)));
        let counts = self.weights.counts();
        number(&mut bytes, counts.tokens().len() as u64);
        for key in counts.tokens() {
            number(&mut bytes, key.low);
            number(&mut bytes, key.high);
        }
        number(&mut bytes, counts.orders() as u64);
        for order in 1..=counts.orders() {
            number(&mut bytes, counts.ngrams(order).count() as u64);
            for (count, [prefix, last]) in counts.ngrams(order) {
                number(&mut bytes, count);
                number(&mut bytes, u64::from(prefix) << 32 | u64::from(last));
            }
        }
        sealed::seal(MARK, bytes)
    }

    /// The information that [`Information::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`Error::BadInformation`] if the bytes are no such.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let content = sealed::open(MARK, bytes).map_err(Error::BadInformation)?;
        parse(content).ok_or(Error::BadInformation("what they hold makes no sense"))
    }
}

/// The mark and the version of the format.
const MARK: &[u8] = b"textgauge information 2\n";

fn parse(mut content: &[u8]) -> Option<Information> {
    let rest = &mut content;
    let pipeline = String::from_utf8(take_text(rest)?.to_vec()).ok()?;
    let mut long = LongTokenTable::default();
    for number in 0..take(rest)? {
        (long.key(take_text(rest)?).number()? == u32::try_from(number).ok()?).then_some(())?;
    }
    let mut tokens = Vec::new();
    for _ in 0..take(rest)? {
        let key = Key { low: take(rest)?, high: take(rest)? };
        key.number().is_none_or(|number| (number as usize) < long.len()).then_some(())?;
        tokens.push(key);
    }
    let orders = take(rest)?;
    (1..=textgauge_kernels::overlap::MAX_ORDER as u64).contains(&orders).then_some(())?;
    let mut ngrams = Vec::new();
    for _ in 0..orders {
        let mut order = Vec::new();
        for _ in 0..take(rest)? {
            let (count, pair) = (take(rest)?, take(rest)?);
            order.push((count, [(pair >> 32) as u32, pair as u32]));
        }
        ngrams.push(order);
    }
    rest.is_empty()
        .then(|| Counts::from_parts(&tokens, ngrams))
        .flatten()
        .map(|counts| Information::new(pipeline, counts, long))
}

fn take(bytes: &mut &[u8]) -> Option<u64> {
    let (first, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(u64::from_le_bytes(*first))
}

fn take_text<'b>(bytes: &mut &'b [u8]) -> Option<&'b [u8]> {
    let len = usize::try_from(take(bytes)?).ok()?;
    let (text, rest) = bytes.split_at_checked(len)?;
    *bytes = rest;
    Some(text)
}

/// FNV-1a (Fowler, Noll, Vo).
fn of_bytes(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3))
}
