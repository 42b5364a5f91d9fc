//! Clipped n-gram matches of texts too long for position masks.
//!
//! Every distinct n-gram of the reference gets a dense id, its *gram id*: the n-gram that ends in
//! token `t` and begins with the (n-1)-gram of id `a` is the pair `(a, t)`, two 32-bit numbers in
//! one 64-bit key. The key is exact for any order and any vocabulary, so nothing is hashed lossily
//! and no text is touched. The table keeps how often the reference has each n-gram; walking the
//! hypothesis takes one off while there are some left, which clips by construction.
//!
//! Cost: O(|hypothesis| + |reference|) table steps an order.

use crate::buffers;
use crate::interner::Interner;
use crate::pair::{Joint, Texts};

buffers! {
    /// Buffers, kept by the caller.
    pub struct Scratch {
        gram_ids: Interner<u64>,
        left: Vec<u32>,
        reference: Vec<u32>,
        hypothesis: Vec<u32>,
    }
}

/// Fills `matches[n - 1]` with the clipped matches of order n, for every n up to its length, and marks
/// in `joint` which they are.
pub fn matches(texts: Texts<'_>, matches: &mut [u32], mut joint: Option<&mut Joint>, scratch: &mut Scratch) {
    let Texts { hypothesis, reference, vocabulary } = texts;
    let Scratch { gram_ids, left, reference: reference_grams, hypothesis: hypothesis_grams } = scratch;
    let Some((unigrams, longer)) = matches.split_first_mut() else { return };
    let mut count = |order: usize, gram_ids: &[u32], left: &mut [u32]| {
        let mut found = 0;
        for (start, &gram) in gram_ids.iter().enumerate() {
            let some = take(&mut left[gram as usize]);
            found += some;
            if let Some(joint) = &mut joint
                && some > 0
            {
                joint.mark(order, start + order - 1);
            }
        }
        found
    };
    left.clear();
    left.resize(vocabulary + 1, 0);
    reference.iter().for_each(|&id| left[id as usize] += 1);
    *unigrams = count(1, hypothesis, left);
    reference_grams.clear();
    reference_grams.extend_from_slice(reference);
    hypothesis_grams.clear();
    hypothesis_grams.extend_from_slice(hypothesis);
    for (shorter, found) in longer.iter_mut().enumerate() {
        let order = shorter + 2;
        gram_ids.clear(reference.len());
        left.clear();
        left.resize(reference.len() + 1, 0);
        // From here on an id is that of the n-gram that begins at its index.
        for (gram, &last) in reference_grams.iter_mut().zip(reference.iter().skip(order - 1)) {
            *gram = gram_ids.intern(pair(*gram, last));
            left[*gram as usize] += 1;
        }
        // An n-gram that the reference lacks has the id 0, of which none are left, and so has
        // every longer one around it: no n-gram of the reference begins with that id.
        for (gram, &last) in hypothesis_grams.iter_mut().zip(hypothesis.iter().skip(order - 1)) {
            *gram = gram_ids.look_up(pair(*gram, last));
        }
        *found = count(order, &hypothesis_grams[..(hypothesis.len() + 1).saturating_sub(order)], left);
    }
}

#[inline]
pub(crate) fn pair(first: u32, second: u32) -> u64 {
    (u64::from(first) << 32) | u64::from(second)
}

#[inline]
fn take(left: &mut u32) -> u32 {
    let some = u32::from(*left > 0);
    *left -= some;
    some
}
