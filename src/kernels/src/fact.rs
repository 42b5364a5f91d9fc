//! The shape of whatever is measured of a pair, so that one list of facts drives every kernel.

use crate::CancelFlag;
use crate::held::HeldBytes;
use crate::ngram_counts::Weights;
use crate::pair::Texts;
use crate::token_key::Key;

/// A hypothesis, before it meets its references.
#[derive(Clone, Copy)]
pub struct Hypothesis<'a> {
    /// Its tokens as ids, in order of first appearance from 1 on.
    pub ids: &'a [u32],
    /// How many references it has.
    pub references: usize,
    /// What was counted of a corpus, if [`Fact::fitted_orders`] asked for it.
    pub fitted: Option<FittedTokens<'a>>,
}

/// The n-grams of a corpus, and the tokens of a hypothesis among them.
#[derive(Clone, Copy)]
pub struct FittedTokens<'a> {
    /// How much each n-gram of the corpus tells.
    pub weights: &'a Weights,
    /// The tokens of the hypothesis as [`Weights::token`] has them.
    pub ids: &'a [u32],
}

/// A hypothesis and one reference.
#[derive(Clone, Copy)]
pub struct TokenPair<'a> {
    /// Both as ids; without tokens if no fact that is needed reads them.
    pub ids: Texts<'a>,
    /// The tokens of the hypothesis, and those of the reference.
    pub keys: [&'a [Key]; 2],
    /// For each of them the index after the last token of each sentence but the last, ascending, if any fact reads
    /// sentences.
    pub breaks: [&'a [u32]; 2],
}

/// What is measured of a hypothesis and one reference.
pub trait Fact: Copy + Default {
    /// Whether it is needed, and how much of it.
    type Need: Need;

    /// Buffers, kept from pair to pair.
    type Scratch: Default + HeldBytes;

    /// Whether it reads ids; if not it reads keys alone.
    const READS_IDS: bool = true;

    /// Whether it reads sentences, so that texts are tokenised line by line.
    const READS_SENTENCES: bool = false;

    /// The highest order of n-grams whose counts in a corpus have to be known first; 0 for none.
    fn fitted_orders(_need: Self::Need) -> usize {
        0
    }

    /// Sets the hypothesis that the next calls of [`Fact::measure`] are about.
    fn begin(_need: Self::Need, _hypothesis: Hypothesis<'_>, _scratch: &mut Self::Scratch) {}

    /// The fact of a pair. Means nothing if `cancel` was set meanwhile.
    fn measure(need: Self::Need, pair: TokenPair<'_>, scratch: &mut Self::Scratch, cancel: &CancelFlag) -> Self;
}

/// How much of a fact is needed: by default nothing.
pub trait Need: Copy + Default + PartialEq {
    /// What either needs.
    fn union(self, other: Self) -> Self;

    /// Whether anything is needed.
    #[inline]
    fn any(self) -> bool {
        self != Self::default()
    }
}

/// All of it or nothing.
impl Need for bool {
    #[inline]
    fn union(self, other: Self) -> Self {
        self | other
    }
}

/// Orders of n-grams, 1 up to this.
impl Need for usize {
    #[inline]
    fn union(self, other: Self) -> Self {
        self.max(other)
    }
}
