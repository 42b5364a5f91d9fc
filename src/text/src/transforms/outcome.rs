//! What becomes of a text.

use std::ops::Range;

/// What a step made of a text.
pub(crate) enum Outcome {
    /// This part of it, as it is. Nothing was written.
    Part(Range<usize>),
    /// All of it, as it is, and so will so many steps leave it.
    Skip(usize),
    /// What was written.
    Written,
}

impl Outcome {
    /// All of a text, as it is.
    pub(super) fn same(text: &[u8]) -> Self {
        Self::Part(0..text.len())
    }
}
