//! Numbers for tokens that are too long to be their own key.

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use std::hash::BuildHasher;
use textgauge_kernels::held::HeldBytes;
use textgauge_kernels::token_key::Key;

/// Gives every distinct long token a number; the same token, the same number, until cleared.
#[derive(Debug, Default)]
pub struct LongTokenTable {
    bytes: Vec<u8>,
    /// Where each numbered token ends in `bytes`.
    ends: Vec<usize>,
    numbers: HashTable<u32>,
    /// Seeded at random: see `Mix::of_process`.
    hasher: RandomState,
}

impl HeldBytes for LongTokenTable {
    fn held_bytes(&self) -> usize {
        let Self { bytes, ends, numbers, hasher: _ } = self;
        bytes.held_bytes() + ends.held_bytes() + numbers.allocation_size()
    }
}

impl LongTokenTable {
    /// Forgets every token.
    pub fn clear(&mut self) {
        if !self.ends.is_empty() {
            self.bytes.clear();
            self.ends.clear();
            self.numbers.clear();
        }
    }

    /// The key of `token`: its bytes if they fit, else its number.
    pub fn key(&mut self, token: &[u8]) -> Key {
        Key::inline(token).unwrap_or_else(|| {
            let start = self.bytes.len();
            self.bytes.extend_from_slice(token);
            self.number_last(start)
        })
    }

    /// The key of `token`; `None` if it is a long one that has no number.
    pub fn find(&self, token: &[u8]) -> Option<Key> {
        let same = |&number: &u32| self.token(number) == token;
        Key::inline(token).or_else(|| self.numbers.find(self.hasher.hash_one(token), same).map(|&n| Key::numbered(n)))
    }

    /// How many long tokens there are: their numbers are `0..len()`.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no long token.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// As [`LongTokenTable::key`] for the ASCII token, lower-cased.
    pub fn key_of_ascii_lower(&mut self, token: &[u8]) -> Key {
        let start = self.bytes.len();
        self.bytes.extend(token.iter().map(u8::to_ascii_lowercase));
        match Key::inline(&self.bytes[start..]) {
            Some(key) => {
                self.bytes.truncate(start);
                key
            }
            None => self.number_last(start),
        }
    }

    /// The token with this number.
    pub fn token(&self, number: u32) -> &[u8] {
        span(&self.bytes, &self.ends, number)
    }

    /// Numbers the token that was just appended at `start`, or takes it off again if it is known.
    fn number_last(&mut self, start: usize) -> Key {
        let Self { bytes, ends, numbers, hasher } = self;
        let fresh = ends.len() as u32;
        let hash = hasher.hash_one(&bytes[start..]);
        let same = |&number: &u32| *span(bytes, ends, number) == bytes[start..];
        if let Some(&number) = numbers.find(hash, same) {
            bytes.truncate(start);
            return Key::numbered(number);
        }
        ends.push(bytes.len());
        numbers.insert_unique(hash, fresh, |&number| hasher.hash_one(span(bytes, ends, number)));
        Key::numbered(fresh)
    }
}

fn span<'a>(bytes: &'a [u8], ends: &[usize], number: u32) -> &'a [u8] {
    let number = number as usize;
    let start = if number == 0 { 0 } else { ends[number - 1] };
    &bytes[start..ends[number]]
}
