//! A memory of stems: in running text nearly every word has been stemmed before.

use textgauge_kernels::key::{Key, TableKey};
use textgauge_kernels::prefetch;

use crate::long::LongTokens;
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
    used: usize,
    word: Vec<u8>,
}

impl Default for PorterStems {
    fn default() -> Self {
        Self { slots: vec![Slot::default(); FIRST_SLOTS], used: 0, word: Vec::new() }
    }
}

impl PorterStems {
    /// Asks for the slots that these keys will be looked for in: the memory is too large for the
    /// nearest cache.
    pub(crate) fn make_ready(&self, keys: &[Key]) {
        for key in keys {
            prefetch(std::slice::from_ref(&self.slots[self.home(*key)]));
        }
    }

    /// Replaces every key by that of its token's stem.
    pub(crate) fn stem_all(&mut self, keys: &mut [Key], long: &mut LongTokens) {
        for key in keys {
            let slot = &self.slots[self.find(*key)];
            if slot.word == *key {
                *key = slot.stem;
            } else {
                *key = self.learn(*key, long);
            }
        }
    }

    #[inline]
    fn home(&self, word: Key) -> usize {
        // The hash's high bits are the mixed ones.
        (word.hash() >> (64 - self.slots.len().trailing_zeros())) as usize
    }

    /// The slot of `word`, or the empty one where it would go.
    #[inline]
    fn find(&self, word: Key) -> usize {
        let mut at = self.home(word);
        while self.slots[at].word != word && self.slots[at].word != Key::default() {
            at = (at + 1) & (self.slots.len() - 1);
        }
        at
    }

    /// The stem of a word seen for the first time.
    #[cold]
    fn learn(&mut self, word: Key, long: &mut LongTokens) -> Key {
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
        let at = self.find(word);
        self.slots[at] = Slot { word, stem };
        self.used += 1;
        stem
    }

    fn make_room(&mut self) {
        let size = self.slots.len();
        let known = std::mem::take(&mut self.slots);
        self.used = 0;
        if size == MOST_SLOTS {
            self.slots = vec![Slot::default(); size];
            return;
        }
        self.slots = vec![Slot::default(); size * 2];
        for slot in known.into_iter().filter(|slot| slot.word != Key::default()) {
            let at = self.find(slot.word);
            self.slots[at] = slot;
            self.used += 1;
        }
    }
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
