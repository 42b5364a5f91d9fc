//! A pair of texts, and what is counted of it: the words in which kernels speak to each other.

use crate::buffers;

/// The highest n-gram order that is counted.
pub const MAX_ORDER: usize = 16;

/// A hypothesis and one of its references, as ids.
///
/// Hypothesis ids are `1..=vocabulary`; a reference token that the hypothesis lacks has the id 0,
/// whatever it is.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'a> {
    /// The hypothesis.
    pub hypothesis: &'a [u32],
    /// The reference.
    pub reference: &'a [u32],
    /// The highest id.
    pub vocabulary: usize,
}

/// Clipped matches by order: `matches[n - 1]` for order n, 0 above the order asked for.
pub type Matches = [u32; MAX_ORDER];

buffers! {
    /// Which occurrences of n-grams in a hypothesis are matched by any of several references.
    #[derive(Debug)]
    pub struct Joint {
        orders: usize,
        /// Words of one order.
        words: usize,
        /// A bit for each hypothesis position, order after order: whether an n-gram that ends there is matched.
        flags: Vec<u64>,
    }
}

impl Joint {
    /// Forgets every match, for another hypothesis of `len` tokens and orders up to `orders`.
    pub fn begin(&mut self, len: usize, orders: usize) {
        self.orders = orders;
        self.words = len.div_ceil(64);
        self.flags.clear();
        self.flags.resize(orders * self.words, 0);
    }

    /// Marks the n-gram of order `order` that ends at hypothesis position `position` as matched.
    #[inline]
    pub(crate) fn mark(&mut self, order: usize, position: usize) {
        self.flags[(order - 1) * self.words + position / 64] |= 1 << (position % 64);
    }

    /// Marks n-grams of order `order` that end at the 64 hypothesis positions of word `word`: a bit for each.
    #[inline]
    pub(crate) fn mark_word(&mut self, order: usize, word: usize, flags: u64) {
        self.flags[(order - 1) * self.words + word] |= flags;
    }

    /// How many occurrences are matched, by order: matches clipped by the highest count of any reference.
    pub fn matches(&self) -> Matches {
        let mut matches = [0; MAX_ORDER];
        for (order, count) in matches.iter_mut().enumerate().take(self.orders) {
            let flags = &self.flags[order * self.words..(order + 1) * self.words];
            *count = flags.iter().map(|word| word.count_ones()).sum();
        }
        matches
    }
}
