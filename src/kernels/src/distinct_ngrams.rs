//! How varied a text is: its distinct n-grams, and which of them another text has at all.
//!
//! As in [`crate::ngram`], every distinct n-gram gets an id, here those of the hypothesis: the n-gram that ends in
//! token `t` and begins with the (n-1)-gram of id `a` is the pair `(a, t)`. What the reference has is looked up
//! and ticked off.
//!
//! Cost: O(|hypothesis| + |reference|) table steps an order.

use crate::CancelFlag;
use crate::buffers;
use crate::fact::{Fact, TokenPair};
use crate::interner::Interner;
use crate::ngram::pair;
use crate::pair::Texts;

/// The highest order that is counted.
pub const MAX_DISTINCT_ORDER: usize = 4;

/// The n-grams of a hypothesis, one of each order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DistinctNgrams {
    /// Distinct n-grams.
    pub distinct: [u32; MAX_DISTINCT_ORDER],
    /// Distinct n-grams that the reference has too.
    pub shared: [u32; MAX_DISTINCT_ORDER],
    /// Occurrences of those in the hypothesis, however few the reference has.
    pub occurrences: [u32; MAX_DISTINCT_ORDER],
}

buffers! {
    /// Buffers, kept by the caller.
    pub struct Scratch {
        gram_ids: Interner<u64>,
        there: Vec<bool>,
        reference: Vec<u32>,
        hypothesis: Vec<u32>,
    }
}

impl Fact for DistinctNgrams {
    type Need = bool;
    type Scratch = Scratch;

    #[inline]
    fn measure(_: bool, pair: TokenPair<'_>, scratch: &mut Scratch, _: &CancelFlag) -> Self {
        distinct_ngrams(pair.ids, scratch)
    }
}

/// Counts the n-grams of the hypothesis up to [`MAX_DISTINCT_ORDER`].
pub fn distinct_ngrams(texts: Texts<'_>, scratch: &mut Scratch) -> DistinctNgrams {
    let Texts { hypothesis, reference, vocabulary } = texts;
    let Scratch { gram_ids, there, reference: reference_grams, hypothesis: hypothesis_grams } = scratch;
    let mut found = DistinctNgrams::default();
    // An id is that of the n-gram that begins at its index; those of order 1 are the tokens'.
    for (grams, ids) in [(&mut *hypothesis_grams, hypothesis), (&mut *reference_grams, reference)] {
        grams.clear();
        grams.extend_from_slice(ids);
    }
    let mut distinct = vocabulary;
    for order in 1..=MAX_DISTINCT_ORDER {
        if order > 1 {
            gram_ids.clear(hypothesis.len());
            for (gram, &last) in hypothesis_grams.iter_mut().zip(hypothesis.iter().skip(order - 1)) {
                *gram = gram_ids.intern(pair(*gram, last));
            }
            // What the hypothesis lacks has the id 0, and so has all that begins with it.
            for (gram, &last) in reference_grams.iter_mut().zip(reference.iter().skip(order - 1)) {
                *gram = gram_ids.look_up(pair(*gram, last));
            }
            distinct = gram_ids.len();
        }
        hypothesis_grams.truncate((hypothesis.len() + 1).saturating_sub(order));
        reference_grams.truncate((reference.len() + 1).saturating_sub(order));
        there.clear();
        there.resize(distinct + 1, false);
        reference_grams.iter().for_each(|&gram| there[gram as usize] = true);
        there[0] = false;
        let at = order - 1;
        found.distinct[at] = distinct as u32;
        found.shared[at] = there.iter().map(|&there| u32::from(there)).sum();
        found.occurrences[at] = hypothesis_grams.iter().map(|&gram| u32::from(there[gram as usize])).sum();
    }
    found
}
