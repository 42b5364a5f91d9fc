//! ROUGE-L of the package `rouge` (pltrdy's), which compares sentences in pairs.
//!
//! Each sentence of the hypothesis is put beside each of the reference. Of the LCS of all these pairs either the distinct
//! words count, of whichever pairs they are, or the lengths are added up.
//!
//! Several LCS of two sentences may be longest, and which one is taken decides which words are in it. That package fills
//! the table `t[i][j]` for reference prefixes `i` and hypothesis prefixes `j` and walks back from the end: on a match it
//! takes the word and goes diagonally; else to `i - 1` if `t[i-1][j] > t[i][j-1]`; else to `j - 1`. That is rouge-score's
//! rule with the two texts exchanged, so the walks of [`crate::union_lcs`] do it, over the positions of the hypothesis.
//!
//! Cost: that of the union LCS; for the lengths |hypothesis| x |reference| / 64 word steps, a word at least for each
//! token of the reference and sentence of the hypothesis.

use std::sync::atomic::Ordering;

use crate::fact::{Fact, TokenPair};
use crate::lcs::SparseMasks;
use crate::pair::Texts;
use crate::union_lcs::{self, Sentences, WalkScratch};
use crate::{CancelFlag, buffers, lcs};

/// Distinct words in the LCS of any sentence of the hypothesis with any of the reference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LcsWords(pub u32);

/// The lengths of all these LCS together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LcsLengths(pub u64);

buffers! {
    /// Buffers, kept by the caller.
    pub struct WordScratch {
        walks: WalkScratch,
        /// A bit for each id.
        found: Vec<u64>,
    }
}

buffers! {
    /// Buffers, kept by the caller.
    pub struct LengthScratch {
        masks: SparseMasks,
        row: Vec<u64>,
    }
}

impl Fact for LcsWords {
    type Need = bool;
    type Scratch = WordScratch;
    const READS_SENTENCES: bool = true;

    #[inline]
    fn measure(_: bool, pair: TokenPair<'_>, scratch: &mut WordScratch, cancel: &CancelFlag) -> Self {
        let [hypothesis, reference] = sentences(&pair);
        Self(words(hypothesis, reference, pair.ids.vocabulary, scratch, cancel))
    }
}

impl Fact for LcsLengths {
    type Need = bool;
    type Scratch = LengthScratch;
    const READS_SENTENCES: bool = true;

    #[inline]
    fn measure(_: bool, pair: TokenPair<'_>, scratch: &mut LengthScratch, cancel: &CancelFlag) -> Self {
        let [hypothesis, reference] = sentences(&pair);
        Self(lengths(hypothesis, reference, pair.ids.vocabulary, scratch, cancel))
    }
}

fn sentences<'a>(pair: &TokenPair<'a>) -> [Sentences<'a>; 2] {
    let Texts { hypothesis, reference, .. } = pair.ids;
    [(hypothesis, pair.breaks[0]), (reference, pair.breaks[1])].map(|(ids, breaks)| Sentences { ids, breaks })
}

/// The count of [`LcsWords`]. Ids as in [`crate::overlap::overlap`].
pub fn words(
    hypothesis: Sentences<'_>,
    reference: Sentences<'_>,
    vocabulary: usize,
    scratch: &mut WordScratch,
    cancel: &CancelFlag,
) -> u32 {
    let WordScratch { walks, found } = scratch;
    found.clear();
    found.resize(vocabulary / 64 + 1, 0);
    union_lcs::each_hit(hypothesis, reference, vocabulary, walks, cancel, |id| {
        found[id as usize / 64] |= 1 << (id % 64);
    });
    found.iter().map(|word| word.count_ones()).sum()
}

/// The sum of [`LcsLengths`]. Ids as in [`crate::overlap::overlap`].
pub fn lengths(
    hypothesis: Sentences<'_>,
    reference: Sentences<'_>,
    vocabulary: usize,
    scratch: &mut LengthScratch,
    cancel: &CancelFlag,
) -> u64 {
    let LengthScratch { masks, row } = scratch;
    let mut total = 0;
    for sentence in hypothesis.iter() {
        masks.build(sentence, vocabulary);
        for other in reference.iter() {
            if cancel.load(Ordering::Relaxed) {
                return total;
            }
            row.clear();
            row.resize(masks.width(), u64::MAX);
            lcs::run(masks, other, row, cancel, |_| {});
            total += row.iter().map(|word| u64::from(word.count_zeros())).sum::<u64>();
        }
    }
    total
}
