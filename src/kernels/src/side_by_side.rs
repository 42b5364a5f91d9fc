//! What the tokens of two texts tell side by side, without ids.

use crate::CancelFlag;
use crate::fact::{Fact, TokenPair};
use crate::token_key::Key;

/// A fact that is read off the tokens themselves.
pub trait SideBySide: Copy + Default {
    /// The fact of a hypothesis and a reference.
    fn of(hypothesis: &[Key], reference: &[Key]) -> Self;
}

impl<T: SideBySide> Fact for T {
    type Need = bool;
    type Scratch = ();
    const READS_IDS: bool = false;

    #[inline]
    fn measure(_: bool, pair: TokenPair<'_>, _: &mut (), _: &CancelFlag) -> Self {
        let [hypothesis, reference] = pair.keys;
        Self::of(hypothesis, reference)
    }
}

/// Whether the tokens are the same, in the same order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Equal(pub bool);

impl SideBySide for Equal {
    #[inline]
    fn of(hypothesis: &[Key], reference: &[Key]) -> Self {
        Self(hypothesis == reference)
    }
}

/// Whether the hypothesis has no tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Blank(pub bool);

impl SideBySide for Blank {
    #[inline]
    fn of(hypothesis: &[Key], _: &[Key]) -> Self {
        Self(hypothesis.is_empty())
    }
}

/// Whether the hypothesis begins with the tokens of the reference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prefix(pub bool);

impl SideBySide for Prefix {
    #[inline]
    fn of(hypothesis: &[Key], reference: &[Key]) -> Self {
        Self(hypothesis.starts_with(reference))
    }
}

/// How far apart the numbers are that the first tokens stand for, no number being 0; at most [`i64::MAX`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NumberDifference(pub i64);

impl SideBySide for NumberDifference {
    #[inline]
    fn of(hypothesis: &[Key], reference: &[Key]) -> Self {
        let number = |keys: &[Key]| keys.first().and_then(|key| key.integer()).unwrap_or(0);
        // Both have 119 bits at most.
        let difference = (number(hypothesis) - number(reference)).abs();
        Self(i64::try_from(difference).unwrap_or(i64::MAX))
    }
}
