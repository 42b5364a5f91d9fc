//! What a corpus was found to hold before the first pair is scored.

use std::fmt;

use textgauge_kernels::fact::FittedTokens;
use textgauge_kernels::ngram_counts::{Counts, SHARDS, Shard, Weights};
use textgauge_kernels::token_key::Key;
use textgauge_text::LongTokenTable;

use crate::Error;
use crate::sealed::{self, take_bytes, take_number, take_text};

/// The n-grams of a corpus as read in one way, and how much each tells. Never changes.
pub struct Fitted {
    reading: String,
    weights: Weights,
    long: LongTokenTable,
    fingerprints: Vec<u64>,
}

impl fmt::Debug for Fitted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fitted({:016x})", self.fingerprint(self.orders()))
    }
}

impl Fitted {
    /// `each_shard` as for [`Counts::freeze`].
    pub(crate) fn new(
        reading: String,
        counts: Counts,
        long: LongTokenTable,
        each_shard: impl FnOnce(&mut [Shard], &(dyn Fn(&mut Shard) + Sync)),
    ) -> Self {
        let of_token = |key: Key| match key.number() {
            Some(number) => of_bytes(long.token(number)),
            None => of_bytes(&key.bytes()),
        };
        let of_reading = of_bytes(reading.as_bytes());
        let (weights, prints) = counts.freeze(of_token, each_shard);
        let fingerprints = prints.into_iter().map(|print| print ^ of_reading).collect();
        Self { reading, weights, long, fingerprints }
    }

    /// A number that, for all that chance can do, only an equal corpus has, as far as n-grams of orders 1 up to `orders`
    /// tell; so it does not depend on whether longer ones were counted too.
    ///
    /// # Panics
    /// Unless `orders` is 1 to [`Fitted::orders`].
    pub fn fingerprint(&self, orders: usize) -> u64 {
        self.fingerprints[orders - 1]
    }

    /// The highest order of n-grams.
    pub fn orders(&self) -> usize {
        self.fingerprints.len()
    }

    /// Whether it is what a reading asks for.
    pub(crate) fn suits(&self, reading: &str, orders: usize) -> bool {
        self.reading == reading && (1..=self.orders()).contains(&orders)
    }

    /// The tokens of a text among those of the corpus: `ids` are filled with them. Its long tokens are in `long`.
    pub(crate) fn tokens<'f>(&'f self, keys: &[Key], long: &LongTokenTable, ids: &'f mut Vec<u32>) -> FittedTokens<'f> {
        ids.clear();
        ids.extend(keys.iter().map(|&key| {
            let known = match key.number() {
                Some(number) => self.long.find(long.token(number)),
                None => Some(key),
            };
            known.map_or(0, |key| self.weights.token(key))
        }));
        FittedTokens { weights: &self.weights, ids }
    }

    /// All of it as sealed bytes: how texts were read, then what was counted.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let number = |bytes: &mut Vec<u8>, number: u64| bytes.extend(number.to_le_bytes());
        let text = |bytes: &mut Vec<u8>, text: &[u8]| {
            bytes.extend((text.len() as u64).to_le_bytes());
            bytes.extend(text);
        };
        text(&mut bytes, self.reading.as_bytes());
        number(&mut bytes, self.long.len() as u64);
        (0..self.long.len() as u32).for_each(|number| text(&mut bytes, self.long.token(number)));
        let counts = self.weights.counts();
        number(&mut bytes, counts.tokens().len() as u64);
        for (count, key) in counts.tokens() {
            number(&mut bytes, count);
            number(&mut bytes, key.low);
            number(&mut bytes, key.high);
        }
        number(&mut bytes, counts.orders() as u64);
        for shard in counts.shards() {
            for order in 2..=counts.orders() {
                number(&mut bytes, shard.ngrams(order).len() as u64);
                for (count, [prefix, last]) in shard.ngrams(order) {
                    number(&mut bytes, count);
                    number(&mut bytes, u64::from(prefix) << 32 | u64::from(last));
                }
            }
        }
        sealed::seal(MARK, bytes)
    }

    /// What [`Fitted::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`Error::BadFitted`] if the bytes are no such.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let content = sealed::open(MARK, bytes).map_err(Error::BadFitted)?;
        parse(content).ok_or(Error::BadFitted("what they hold makes no sense"))
    }
}

/// The mark and the version of the format.
const MARK: &[u8] = b"textgauge fitted 3\n";

fn parse(mut content: &[u8]) -> Option<Fitted> {
    const { assert!(SHARDS == 16, "a new number of shards is a new version of the format") };
    let rest = &mut content;
    let reading = take_text(rest).ok()?.to_owned();
    let mut long = LongTokenTable::default();
    for number in 0..take_number(rest).ok()? {
        (long.key(take_bytes(rest).ok()?).number()? == u32::try_from(number).ok()?).then_some(())?;
    }
    let mut tokens = Vec::new();
    for _ in 0..take_number(rest).ok()? {
        let (count, key) =
            (take_number(rest).ok()?, Key { low: take_number(rest).ok()?, high: take_number(rest).ok()? });
        key.number().is_none_or(|number| (number as usize) < long.len()).then_some(())?;
        tokens.push((count, key));
    }
    let orders = usize::try_from(take_number(rest).ok()?).ok()?;
    (1..=textgauge_kernels::overlap::MAX_ORDER).contains(&orders).then_some(())?;
    let counts = Counts::from_parts(orders, tokens, |_, _| {
        let mut ngrams = Vec::new();
        for _ in 0..take_number(rest).ok()? {
            let (count, pair) = (take_number(rest).ok()?, take_number(rest).ok()?);
            ngrams.push((count, [(pair >> 32) as u32, pair as u32]));
        }
        Some(ngrams)
    })?;
    rest.is_empty().then(|| Fitted::new(reading, counts, long, |shards, each| shards.iter_mut().for_each(each)))
}

/// FNV-1a (Fowler, Noll, Vo).
fn of_bytes(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3))
}
