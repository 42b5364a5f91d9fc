//! How varied a text is: its distinct n-grams, and which of them another text has at all.
//!
//! As in [`crate::ngram`], every distinct n-gram gets a *name*, here those of the hypothesis: the n-gram that ends in
//! token `t` and begins with the (n-1)-gram named `a` is the pair `(a, t)`. What the reference has is looked up
//! and ticked off.
//!
//! Cost: O(|hypothesis| + |reference|) table steps an order.

use crate::key::Interner;
use crate::ngram::pair;
use crate::pair::Texts;

/// The highest order that is counted.
pub const MAX_TYPES_ORDER: usize = 4;

/// The n-grams of a hypothesis, one of each order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Types {
    /// Distinct n-grams.
    pub distinct: [u32; MAX_TYPES_ORDER],
    /// Distinct n-grams that the reference has too.
    pub shared: [u32; MAX_TYPES_ORDER],
    /// Occurrences of those in the hypothesis, however few the reference has.
    pub occurrences: [u32; MAX_TYPES_ORDER],
}

/// Buffers, kept by the caller.
#[derive(Default)]
pub struct Scratch {
    names: Interner<u64>,
    there: Vec<bool>,
    reference: Vec<u32>,
    hypothesis: Vec<u32>,
}

impl Scratch {
    /// Memory held, in bytes.
    pub fn capacity_bytes(&self) -> usize {
        self.names.capacity_bytes()
            + self.there.capacity()
            + 4 * (self.reference.capacity() + self.hypothesis.capacity())
    }
}

/// Counts the n-grams of the hypothesis up to [`MAX_TYPES_ORDER`].
pub fn types(texts: Texts<'_>, scratch: &mut Scratch) -> Types {
    let Texts { hypothesis, reference, vocabulary } = texts;
    let Scratch { names, there, reference: ref_names, hypothesis: hyp_names } = scratch;
    let mut types = Types::default();
    // A name is that of the n-gram that begins at its index; those of order 1 are the ids.
    for (names, ids) in [(&mut *hyp_names, hypothesis), (&mut *ref_names, reference)] {
        names.clear();
        names.extend_from_slice(ids);
    }
    let mut distinct = vocabulary;
    for order in 1..=MAX_TYPES_ORDER {
        if order > 1 {
            names.clear(hypothesis.len());
            for (name, &last) in hyp_names.iter_mut().zip(hypothesis.iter().skip(order - 1)) {
                *name = names.intern(pair(*name, last));
            }
            // What the hypothesis lacks has the name 0, and so has all that begins with it.
            for (name, &last) in ref_names.iter_mut().zip(reference.iter().skip(order - 1)) {
                *name = names.look_up(pair(*name, last));
            }
            distinct = names.len();
        }
        hyp_names.truncate((hypothesis.len() + 1).saturating_sub(order));
        ref_names.truncate((reference.len() + 1).saturating_sub(order));
        there.clear();
        there.resize(distinct + 1, false);
        ref_names.iter().for_each(|&name| there[name as usize] = true);
        there[0] = false;
        let at = order - 1;
        types.distinct[at] = distinct as u32;
        types.shared[at] = there.iter().map(|&there| u32::from(there)).sum();
        types.occurrences[at] = hyp_names.iter().map(|&name| u32::from(there[name as usize])).sum();
    }
    types
}
