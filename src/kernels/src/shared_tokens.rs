//! Two texts as bags: how many tokens both have, each as often as it stands in the text where it is rarer.
//!
//! Of short texts every token is compared with every other, which takes less time than a table: O(n × m). Of longer ones
//! the tokens of the hypothesis are counted in a table, and each of the reference takes one away: O(n + m).

use crate::CancelFlag;
use crate::buffers;
use crate::fact::{Fact, TokenPair};
use crate::interner::Interner;
use crate::token_key::{FEW, Key, bits_of_same};

/// How many tokens are shared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SharedTokens(pub u32);

buffers! {
    /// Buffers, kept by the caller so that a pair allocates nothing.
    pub struct Scratch {
        interner: Interner,
        ids: Vec<u32>,
        /// How often each token of the hypothesis is left, by id.
        left: Vec<u32>,
    }
}

impl Fact for SharedTokens {
    type Need = bool;
    type Scratch = Scratch;
    const READS_IDS: bool = false;

    #[inline]
    fn measure(_: bool, pair: TokenPair<'_>, scratch: &mut Scratch, _: &CancelFlag) -> Self {
        Self(shared_tokens(pair.keys, scratch))
    }
}

/// How many tokens a hypothesis and a reference share.
#[inline]
pub fn shared_tokens([hypothesis, reference]: [&[Key]; 2], scratch: &mut Scratch) -> u32 {
    if hypothesis.len() <= FEW && reference.len() <= FEW {
        return shared_few(hypothesis, reference);
    }
    shared_many(hypothesis, reference, scratch)
}

/// Of up to [`FEW`] tokens each.
fn shared_few(hypothesis: &[Key], reference: &[Key]) -> u32 {
    let mut used = 0_u32;
    for &token in reference {
        let same = bits_of_same(hypothesis, token) & !used;
        // The first of those.
        used |= same & same.wrapping_neg();
    }
    used.count_ones()
}

fn shared_many(hypothesis: &[Key], reference: &[Key], scratch: &mut Scratch) -> u32 {
    let Scratch { interner, ids, left } = scratch;
    interner.clear(hypothesis.len());
    interner.intern_all(hypothesis, ids);
    left.clear();
    left.resize(interner.len() + 1, 0);
    ids.iter().for_each(|&id| left[id as usize] += 1);
    // Id 0 is that of tokens that the hypothesis lacks.
    interner.look_up_all(reference, ids);
    let mut shared = 0;
    for &id in &*ids {
        let left = &mut left[id as usize];
        if *left > 0 {
            *left -= 1;
            shared += 1;
        }
    }
    shared
}
