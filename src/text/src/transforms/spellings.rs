//! British spellings with the American ones.

use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

/// British spellings with the American ones, out of the package whisper-normalizer.
#[derive(Clone, Debug)]
pub struct Spellings {
    version: String,
    american: Arc<HashMap<Vec<u8>, Vec<u8>, FixedState>>,
    /// For each two letters that a British word begins with, a bit for each length: nearly all words are told by these to
    /// be no such word, without a look at the table.
    lengths: Arc<[[u32; 32]; 32]>,
}

impl Spellings {
    /// Those of a version of the package.
    pub fn new(version: String, american: impl IntoIterator<Item = (Vec<u8>, Vec<u8>)>) -> Self {
        let mut spellings = HashMap::with_hasher(FixedState::default());
        spellings.extend(american);
        let mut lengths = [[0; 32]; 32];
        // Bits, so that the order of the table is no matter.
        spellings.keys().filter_map(|word| shape(word)).for_each(|(first, second, length)| {
            lengths[first][second] |= length;
        });
        Self { version, american: Arc::new(spellings), lengths: Arc::new(lengths) }
    }

    /// The version of the package.
    pub(super) fn version(&self) -> &str {
        &self.version
    }

    /// The American spelling of a British word.
    #[inline]
    pub(super) fn american(&self, word: &[u8]) -> Option<&[u8]> {
        match shape(word) {
            Some((first, second, length)) if self.lengths[first][second] & length == 0 => None,
            _ => self.american.get(word).map(Vec::as_slice),
        }
    }
}

/// The low bits of a word's first two bytes, and a bit for its length; `None` if it has fewer bytes.
#[inline]
fn shape(word: &[u8]) -> Option<(usize, usize, u32)> {
    let [first, second, ..] = word else { return None };
    Some(((first & 31).into(), (second & 31).into(), 1 << word.len().min(31)))
}
