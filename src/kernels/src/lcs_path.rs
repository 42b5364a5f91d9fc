//! A longest common subsequence itself, walked back over the rows of the bit-parallel LCS.
//!
//! Of several that are longest it is the one of rouge-score's walk (see [`crate::union_lcs`]): from the end, two equal
//! tokens are a pair; else it goes back in the other text if the LCS is shorter without the token of the text, and in the
//! text if it is not. The rows are all that it needs: one bit a cell. Where all rows together would exceed
//! [`MAX_ROW_WORDS`], only every k-th is kept and the others are computed again when the walk reaches them: twice the
//! time, the square root of the memory, the same ties.

use std::sync::atomic::Ordering;

use crate::lcs::SparseMasks;
use crate::{CancelFlag, buffers, lcs};

/// The most row words kept at once, 4 MiB.
const MAX_ROW_WORDS: usize = 1 << 19;

buffers! {
    /// Buffers of the walk, kept by the caller.
    pub struct Scratch {
        masks: SparseMasks,
        row: Vec<u64>,
        rows: Vec<u64>,
        checkpoints: Vec<u64>,
    }
}

/// Shows the positions of every pair of an LCS, from its end: in `text`, and in `other`. Ids are at most `vocabulary`.
/// Shows only some if `cancel` was set meanwhile.
pub fn path(
    text: &[u32],
    other: &[u32],
    vocabulary: usize,
    scratch: &mut Scratch,
    cancel: &CancelFlag,
    pair: impl FnMut(usize, usize),
) {
    scratch.begin(text, vocabulary);
    scratch.walk(text, other, cancel, pair);
}

impl Scratch {
    /// Makes ready for walks over `text`, whose ids are at most `vocabulary`.
    pub(crate) fn begin(&mut self, text: &[u32], vocabulary: usize) {
        self.masks.build(text, vocabulary);
    }

    /// As [`path`], over the text that it was made ready for.
    pub(crate) fn walk(
        &mut self,
        text: &[u32],
        other: &[u32],
        cancel: &CancelFlag,
        mut pair: impl FnMut(usize, usize),
    ) {
        if text.is_empty() || other.is_empty() {
            return;
        }
        let Self { masks, row, rows, checkpoints } = self;
        let width = masks.width();
        let all_fit = other.len() * width <= MAX_ROW_WORDS;
        let block = if all_fit { other.len() } else { other.len().isqrt() };

        // The row before each block.
        checkpoints.clear();
        row.clear();
        row.resize(width, u64::MAX);
        for tokens in other.chunks(block) {
            if cancel.load(Ordering::Relaxed) {
                return;
            }
            checkpoints.extend_from_slice(row);
            if !all_fit {
                lcs::run(masks, tokens, row, cancel, |_| {});
            }
        }
        let mut i = text.len();
        for (index, tokens) in other.chunks(block).enumerate().rev() {
            if cancel.load(Ordering::Relaxed) {
                return;
            }
            row.copy_from_slice(&checkpoints[index * width..(index + 1) * width]);
            rows.clear();
            lcs::run(masks, tokens, row, cancel, |row| rows.extend_from_slice(row));
            let mut j = rows.len() / width; // fewer than the tokens only when cancelled
            while i > 0 && j > 0 {
                let (word, bit) = ((i - 1) / 64, 1_u64 << ((i - 1) % 64));
                if text[i - 1] == tokens[j - 1] {
                    i -= 1;
                    j -= 1;
                    pair(i, index * block + j);
                } else if rows[(j - 1) * width + word] & bit == 0 {
                    j -= 1;
                } else {
                    i -= 1;
                }
            }
        }
    }
}
