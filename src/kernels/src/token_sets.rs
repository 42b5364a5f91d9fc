//! Two texts as sets: how many distinct tokens each has, and how many both have.
//!
//! One pass over the reference. A token with an id is one of the hypothesis: a bit for each id says whether it has
//! been seen. The others have no ids, so they are numbered here. Cost: O(|reference| + |vocabulary| / 64).

use crate::CancelFlag;
use crate::buffers;
use crate::fact::{Fact, TokenPair};
use crate::interner::Interner;
use crate::token_key::Key;

/// Counts of distinct tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenSets {
    /// In the hypothesis.
    pub hypothesis: u32,
    /// In the reference.
    pub reference: u32,
    /// In both.
    pub shared: u32,
}

buffers! {
    /// Buffers, kept by the caller so that a pair allocates nothing.
    pub struct Scratch {
        seen: Vec<u64>,
        /// The tokens that the hypothesis lacks.
        others: Interner,
    }
}

impl Fact for TokenSets {
    type Need = bool;
    type Scratch = Scratch;

    #[inline]
    fn measure(_: bool, pair: TokenPair<'_>, scratch: &mut Scratch, _: &CancelFlag) -> Self {
        token_sets(pair.ids.reference, pair.keys[1], pair.ids.vocabulary, scratch)
    }
}

/// Counts the distinct tokens of a hypothesis of `vocabulary` and of a reference: `ids` are those of its tokens in
/// the hypothesis, 0 where that lacks the token, and `keys` their keys.
///
/// # Panics
/// If an id is above the vocabulary.
pub fn token_sets(ids: &[u32], keys: &[Key], vocabulary: usize, scratch: &mut Scratch) -> TokenSets {
    let Scratch { seen, others } = scratch;
    seen.clear();
    seen.resize(vocabulary / 64 + 1, 0);
    let mut any_others = false;
    for (&id, &key) in ids.iter().zip(keys) {
        if id > 0 {
            seen[id as usize / 64] |= 1 << (id % 64);
            continue;
        }
        if !any_others {
            others.clear(0);
            any_others = true;
        }
        others.intern(key);
    }
    let shared = seen.iter().map(|word| word.count_ones()).sum();
    let others = if any_others { others.len() as u32 } else { 0 };
    TokenSets { hypothesis: vocabulary as u32, reference: shared + others, shared }
}
