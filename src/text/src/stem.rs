//! A memory of stems: in running text nearly every word has been stemmed before.

use textgauge_kernels::key::{Key, Table};

use crate::long::LongTokens;
use crate::{porter, pystr};

/// Words kept before the memory starts afresh: some ten megabytes, and more distinct words than
/// most corpora have.
const MOST_WORDS: usize = 1 << 17;

/// Characters up to which rouge-score leaves a token alone.
const SHORT: usize = 3;

/// Stems keys, remembering the stem of each.
#[derive(Default)]
pub(crate) struct PorterStems {
    stems: Table<Key, Key>,
    word: Vec<u8>,
}

impl PorterStems {
    /// Replaces every key by that of its token's stem.
    pub(crate) fn stem_all(&mut self, keys: &mut [Key], long: &mut LongTokens) {
        for key in keys {
            match key.inline_len() {
                Some(len) if len <= SHORT => {}
                Some(len) => {
                    *key = match self.stems.get(*key) {
                        Some(stem) => stem,
                        None => self.learn(*key, len),
                    }
                }
                None => {
                    let Some(number) = key.number() else { continue };
                    self.word.clear();
                    stem_token(long.token(number), &mut self.word);
                    *key = long.key(&self.word);
                }
            }
        }
    }

    #[cold]
    fn learn(&mut self, key: Key, len: usize) -> Key {
        self.word.clear();
        stem_token(&key.bytes()[..len], &mut self.word);
        // A stem is never longer than its word, so it is its own key as well.
        let stem = Key::inline(&self.word).unwrap_or(key);
        if self.stems.len() >= MOST_WORDS {
            self.stems.clear(MOST_WORDS);
        }
        self.stems.get_or_insert(key, stem);
        stem
    }
}

fn stem_token(token: &[u8], stem: &mut Vec<u8>) {
    if token.is_ascii() {
        stem.extend_from_slice(token);
        porter::stem_ascii(stem);
    } else if pystr::code_points(token).nth(SHORT).is_some() {
        porter::stem(token, stem);
    } else {
        stem.extend_from_slice(token);
    }
}
