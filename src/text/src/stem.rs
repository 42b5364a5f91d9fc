//! A memory of stems: in running text nearly every word has been stemmed before.

use textgauge_kernels::interner::{Mix, TableKey};
use textgauge_kernels::prefetch;
use textgauge_kernels::token_key::Key;

use crate::long::LongTokenTable;
use crate::{porter, pystr};

/// Slots of the memory before it starts afresh, half of which are used: eight megabytes, and more
/// distinct words than most corpora have.
const MOST_SLOTS: usize = 1 << 18;
const FIRST_SLOTS: usize = 1 << 10;

/// Characters up to which rouge-score leaves a token alone.
const SHORT: usize = 3;

/// A word and its stem: half a cache line. Empty with the key of the empty word, which is its own
/// stem and so needs no remembering.
#[derive(Clone, Copy, Default)]
#[repr(align(32))]
struct Slot {
    word: Key,
    stem: Key,
}

/// Stems keys, remembering the stem of each.
pub(crate) struct PorterStems {
    /// Open addressing; a power of two of them.
    slots: Vec<Slot>,
    /// How far a hash is shifted so that what is left numbers the slots.
    shift: u32,
    used: usize,
    mix: Mix,
    word: Vec<u8>,
}

impl Default for PorterStems {
    fn default() -> Self {
        let mut stems = Self { slots: Vec::new(), shift: 0, used: 0, mix: Mix::of_process(), word: Vec::new() };
        stems.lay_out(FIRST_SLOTS);
        stems
    }
}

impl PorterStems {
    fn lay_out(&mut self, slots: usize) {
        self.slots = vec![Slot::default(); slots];
        self.shift = 64 - slots.trailing_zeros();
        self.used = 0;
    }

    fn hashing(&self) -> (u32, Mix) {
        (self.shift, self.mix)
    }

    /// Asks for the slots that these keys will be looked for in: the memory is too large for the
    /// nearest cache.
    pub(crate) fn make_ready(&self, keys: &[Key]) {
        let (slots, hashing) = (self.slots.as_slice(), self.hashing());
        for key in keys {
            prefetch(slots.get(home(hashing, *key)).map_or(&[], std::slice::from_ref));
        }
    }

    /// Replaces every key by that of its token's stem.
    pub(crate) fn stem_all(&mut self, keys: &mut [Key], long: &mut LongTokenTable) {
        let mut first = 0;
        while let Some(unknown) = self.stem_known(&mut keys[first..]) {
            first += unknown;
            keys[first] = self.learn(keys[first], long);
            first += 1;
        }
    }

    /// Replaces keys up to the first whose stem is not remembered; returns its index.
    fn stem_known(&self, keys: &mut [Key]) -> Option<usize> {
        let (slots, hashing) = (self.slots.as_slice(), self.hashing());
        for (index, key) in keys.iter_mut().enumerate() {
            let slot = slots[find(slots, hashing, *key)];
            if slot.word != *key {
                return Some(index);
            }
            *key = slot.stem;
        }
        None
    }

    /// The stem of a word seen for the first time.
    #[cold]
    fn learn(&mut self, word: Key, long: &mut LongTokenTable) -> Key {
        self.word.clear();
        match (word.inline_len(), word.number()) {
            (Some(len), _) => stem_token(&word.bytes()[..len], &mut self.word),
            (None, Some(number)) => {
                stem_token(long.token(number), &mut self.word);
                // A number means something in its own pair of texts only.
                return long.key(&self.word);
            }
            (None, None) => return word,
        }
        // A stem is never longer than its word, so it is its own key as well.
        let stem = Key::inline(&self.word).unwrap_or(word);
        if self.used * 2 == self.slots.len() {
            self.make_room();
        }
        let at = find(&self.slots, self.hashing(), word);
        self.slots[at] = Slot { word, stem };
        self.used += 1;
        stem
    }

    fn make_room(&mut self) {
        let known = std::mem::take(&mut self.slots);
        if known.len() == MOST_SLOTS {
            return self.lay_out(MOST_SLOTS);
        }
        self.lay_out(2 * known.len());
        for slot in known.into_iter().filter(|slot| slot.word != Key::default()) {
            let at = find(&self.slots, self.hashing(), slot.word);
            self.slots[at] = slot;
            self.used += 1;
        }
    }
}

#[inline]
fn home((shift, mix): (u32, Mix), word: Key) -> usize {
    (word.hash(mix) >> shift) as usize
}

/// The slot of `word`, or the empty one where it would go.
#[inline]
fn find(slots: &[Slot], hashing: (u32, Mix), word: Key) -> usize {
    let mut at = home(hashing, word);
    while slots[at].word != word && slots[at].word != Key::default() {
        at = (at + 1) & (slots.len() - 1);
    }
    at
}

fn stem_token(token: &[u8], stem: &mut Vec<u8>) {
    if token.is_ascii() && token.len() > SHORT {
        stem.extend_from_slice(token);
        porter::stem_ascii(stem);
    } else if pystr::code_points(token).nth(SHORT).is_some() {
        porter::stem(token, stem);
    } else {
        stem.extend_from_slice(token);
    }
}
