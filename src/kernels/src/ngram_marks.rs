//! Which n-grams of two texts are matched with each other.
//!
//! Clipping counts an n-gram as often as both texts have it; here it is said which of its occurrences those are: the
//! first ones of either text. N-grams are named as in [`crate::ngram`].
//!
//! Cost: O(|hypothesis| + |reference|) table steps an order.

use crate::buffers;
use crate::interner::Interner;
use crate::ngram::pair;
use crate::pair::Texts;

buffers! {
    /// Buffers, kept by the caller.
    pub struct Scratch {
        gram_ids: Interner<u64>,
        reference: Vec<u32>,
        hypothesis: Vec<u32>,
        left: Vec<u32>,
        matched: Vec<u32>,
    }
}

/// For each n-gram of one order, in order of where it begins, whether it is matched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Those of the hypothesis.
    pub hypothesis: Vec<bool>,
    /// Those of the reference.
    pub reference: Vec<bool>,
}

/// The marks of orders 1 to `orders`. Of an n-gram that both texts have several times, the first occurrences are
/// matched, as many as both have; or with `once` only the first one.
pub fn marks(texts: Texts<'_>, orders: usize, once: bool, scratch: &mut Scratch) -> Vec<Marks> {
    let Texts { hypothesis, reference, vocabulary } = texts;
    let Scratch { gram_ids, reference: reference_grams, hypothesis: hypothesis_grams, left, matched } = scratch;
    reference_grams.clear();
    reference_grams.extend_from_slice(reference);
    hypothesis_grams.clear();
    hypothesis_grams.extend_from_slice(hypothesis);
    let mut names = vocabulary;
    let mut every = Vec::with_capacity(orders);
    for order in 1..=orders {
        if order > 1 {
            gram_ids.clear(reference.len());
            for (gram, &last) in reference_grams.iter_mut().zip(reference.iter().skip(order - 1)) {
                *gram = gram_ids.intern(pair(*gram, last));
            }
            // What the reference lacks has the name 0, and so has every longer n-gram around it.
            for (gram, &last) in hypothesis_grams.iter_mut().zip(hypothesis.iter().skip(order - 1)) {
                *gram = gram_ids.look_up(pair(*gram, last));
            }
            names = gram_ids.len();
        }
        let of_order = |text: &[u32]| (text.len() + 1).saturating_sub(order);
        let (hypothesis, reference) =
            (&hypothesis_grams[..of_order(hypothesis)], &reference_grams[..of_order(reference)]);
        left.clear();
        left.resize(names + 1, 0);
        for &gram in reference {
            let left = &mut left[gram as usize];
            *left = if once { 1 } else { *left + 1 };
        }
        // A token that the hypothesis lacks has the name 0 too.
        if order == 1 {
            left[0] = 0;
        }
        matched.clear();
        matched.resize(names + 1, 0);
        let in_hypothesis = |&gram: &u32| {
            let some = u32::from(left[gram as usize] > 0);
            left[gram as usize] -= some;
            matched[gram as usize] += some;
            some > 0
        };
        let hypothesis = hypothesis.iter().map(in_hypothesis).collect();
        let in_reference = |&gram: &u32| {
            let some = u32::from(matched[gram as usize] > 0);
            matched[gram as usize] -= some;
            some > 0
        };
        every.push(Marks { hypothesis, reference: reference.iter().map(in_reference).collect() });
    }
    every
}
