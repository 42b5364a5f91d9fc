//! Two texts as sets of n-grams: how many distinct ones each has, and how many both have.
//!
//! As in [`crate::ngram`], every distinct n-gram gets an id: the n-gram that ends in token `t` and begins with the
//! (n-1)-gram of id `a` is the pair `(a, t)`. Those of the hypothesis come first, so an n-gram of the reference is shared
//! if its id is among theirs. Tokens that the hypothesis lacks have no ids, so they are numbered here, behind the others.
//!
//! Cost: O(|hypothesis| + |reference|) table steps an order.

use crate::CancelFlag;
use crate::buffers;
use crate::fact::{Fact, TokenPair};
use crate::interner::Interner;
use crate::ngram::pair;
use crate::pair::Texts;
use crate::token_key::Key;
use crate::token_sets::TokenSets;

/// The highest order that is counted.
pub const MAX_SET_ORDER: usize = 9;

/// Counts of distinct n-grams by order: `[n - 1]` for order n, 0 above the order asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NgramSets(pub [TokenSets; MAX_SET_ORDER]);

buffers! {
    /// Buffers, kept by the caller.
    pub struct Scratch {
        /// The tokens that the hypothesis lacks.
        others: Interner,
        gram_ids: Interner<u64>,
        tokens: Vec<u32>,
        hypothesis: Vec<u32>,
        reference: Vec<u32>,
        /// A bit for each n-gram of the hypothesis.
        shared: Vec<u64>,
    }
}

impl Fact for NgramSets {
    type Need = usize;
    type Scratch = Scratch;

    #[inline]
    fn measure(orders: usize, pair: TokenPair<'_>, scratch: &mut Scratch, _: &CancelFlag) -> Self {
        ngram_sets(orders, pair.ids, pair.keys[1], scratch)
    }
}

/// Counts the distinct n-grams of orders `1..=orders`; `keys` are those of the reference's tokens.
///
/// # Panics
/// If `orders` is above [`MAX_SET_ORDER`] or an id is above the vocabulary.
pub fn ngram_sets(orders: usize, texts: Texts<'_>, keys: &[Key], scratch: &mut Scratch) -> NgramSets {
    let Texts { hypothesis, reference, vocabulary } = texts;
    let Scratch { others, gram_ids, tokens, hypothesis: hypothesis_grams, reference: reference_grams, shared } =
        scratch;
    let mut sets = NgramSets::default();
    others.clear(0);
    tokens.clear();
    tokens.extend(reference.iter().zip(keys).map(|(&id, &key)| match id {
        0 => vocabulary as u32 + others.intern(key),
        id => id,
    }));
    // From here on an id is that of the n-gram that begins at its index.
    for (grams, ids) in [(&mut *hypothesis_grams, hypothesis), (&mut *reference_grams, tokens)] {
        grams.clear();
        grams.extend_from_slice(ids);
    }
    let (mut of_hypothesis, mut of_both) = (vocabulary, vocabulary + others.len());
    for (fewer, sets) in sets.0[..orders].iter_mut().enumerate() {
        if fewer > 0 {
            gram_ids.clear(hypothesis.len() + reference.len());
            lengthen(hypothesis_grams, hypothesis, fewer, gram_ids);
            of_hypothesis = gram_ids.len();
            lengthen(reference_grams, tokens, fewer, gram_ids);
            of_both = gram_ids.len();
        }
        shared.clear();
        shared.resize(of_hypothesis / 64 + 1, 0);
        for &gram in reference_grams.iter().filter(|&&gram| gram as usize <= of_hypothesis) {
            shared[gram as usize / 64] |= 1 << (gram % 64);
        }
        let shared = shared.iter().map(|word| word.count_ones()).sum();
        let reference = (of_both - of_hypothesis) as u32 + shared;
        *sets = TokenSets { hypothesis: of_hypothesis as u32, reference, shared };
    }
    sets
}

/// Makes n-grams of those that are a token shorter; `fewer` is how many tokens these have.
fn lengthen(grams: &mut Vec<u32>, tokens: &[u32], fewer: usize, gram_ids: &mut Interner<u64>) {
    grams.truncate(tokens.len().saturating_sub(fewer));
    for (gram, &last) in grams.iter_mut().zip(tokens.iter().skip(fewer)) {
        *gram = gram_ids.intern(pair(*gram, last));
    }
}
