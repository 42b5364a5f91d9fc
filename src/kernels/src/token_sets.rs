//! Two texts as sets: how many distinct tokens each has, and how many both have.
//!
//! Of short texts every token is compared with every other. Of longer ones those of the hypothesis have ids, and there is
//! one pass over the reference: a bit for each id says whether it has been seen. Tokens that the hypothesis lacks have no
//! ids, so they are numbered apart. Cost: O(|hypothesis| + |reference|).

use crate::CancelFlag;
use crate::buffers;
use crate::fact::{Fact, TokenPair};
use crate::interner::Interner;
use crate::token_key::{FEW, Key, bits_of_same};

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
        interner: Interner,
        ids: Vec<u32>,
        seen: Vec<u64>,
        /// The tokens that the hypothesis lacks.
        others: Interner,
    }
}

impl Fact for TokenSets {
    type Need = bool;
    type Scratch = Scratch;
    const READS_IDS: bool = false;

    #[inline]
    fn measure(_: bool, pair: TokenPair<'_>, scratch: &mut Scratch, _: &CancelFlag) -> Self {
        token_sets(pair.keys, scratch)
    }
}

/// Counts the distinct tokens of a hypothesis and of a reference.
#[inline]
pub fn token_sets([hypothesis, reference]: [&[Key]; 2], scratch: &mut Scratch) -> TokenSets {
    if hypothesis.len() <= FEW && reference.len() <= FEW {
        return few_token_sets(hypothesis, reference);
    }
    many_token_sets(hypothesis, reference, scratch)
}

/// Of up to [`FEW`] tokens each.
fn few_token_sets(hypothesis: &[Key], reference: &[Key]) -> TokenSets {
    let mut sets = TokenSets::default();
    for (at, &token) in hypothesis.iter().enumerate() {
        let is_first = u32::from(bits_of_same(&hypothesis[..at], token) == 0);
        sets.hypothesis += is_first;
        sets.shared += is_first & u32::from(bits_of_same(reference, token) != 0);
    }
    for (at, &token) in reference.iter().enumerate() {
        sets.reference += u32::from(bits_of_same(&reference[..at], token) == 0);
    }
    sets
}

fn many_token_sets(hypothesis: &[Key], keys: &[Key], scratch: &mut Scratch) -> TokenSets {
    let Scratch { interner, ids, seen, others } = scratch;
    interner.clear(hypothesis.len());
    interner.intern_all(hypothesis, ids);
    let vocabulary = interner.len();
    interner.look_up_all(keys, ids);
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
