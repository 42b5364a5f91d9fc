//! LCS of any length, over *sparse* position masks.
//!
//! The step is Hyyrö's (see [`crate::overlap`]), but the mask of a token is kept as the list of its non-zero
//! words. A word whose mask is zero changes only when a carry enters it, so a step visits the
//! token's own words and follows the carry: never more than ceil(|reference| / 64) words, and on natural
//! text far fewer. Memory is O(|reference|), where dense masks would need |vocabulary| × |reference| / 64
//! words: a gigabyte for a hundred thousand tokens.
//!
//! Cost: at most |hypothesis| × ceil(|reference| / 64) word steps.

use crate::buffers;
use std::sync::atomic::Ordering;

use crate::{CancelFlag, STEPS_PER_CANCEL_CHECK};

buffers! {
    /// The non-zero words of every token's position mask.
    pub struct SparseMasks {
        /// The words of token `id` are `words[starts[id]..starts[id + 1]]`, by ascending index.
        starts: Vec<u32>,
        words: Vec<(u32, u64)>,
        last: Vec<u32>,
        width: usize,
    }
}

impl SparseMasks {
    /// Sets the masks to those of `reference`, whose ids are at most `vocabulary`.
    pub fn build(&mut self, reference: &[u32], vocabulary: usize) {
        const NOWHERE: u32 = u32::MAX;
        let Self { starts, words, last, width } = self;
        *width = reference.len().div_ceil(64);
        // Count the words of each id, then place them: a counting sort by id.
        starts.clear();
        starts.resize(vocabulary + 2, 0);
        last.clear();
        last.resize(vocabulary + 1, NOWHERE);
        for (position, &id) in reference.iter().enumerate() {
            let word = (position / 64) as u32;
            if last[id as usize] != word {
                last[id as usize] = word;
                starts[id as usize + 1] += 1;
            }
        }
        for id in 0..=vocabulary {
            starts[id + 1] += starts[id];
        }
        words.clear();
        words.resize(starts[vocabulary + 1] as usize, (0, 0));
        // `last` now holds where the next word of the id goes.
        last.copy_from_slice(&starts[..=vocabulary]);
        for (position, &id) in reference.iter().enumerate() {
            let word = (position / 64) as u32;
            let next = &mut last[id as usize];
            let begun = *next > starts[id as usize] && words[*next as usize - 1].0 == word;
            if !begun {
                words[*next as usize] = (word, 0);
                *next += 1;
            }
            words[*next as usize - 1].1 |= 1 << (position % 64);
        }
    }

    /// How many words a row has.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The non-zero words of the mask of `id`, by ascending index.
    pub(crate) fn of(&self, id: u32) -> &[(u32, u64)] {
        &self.words[self.starts[id as usize] as usize..self.starts[id as usize + 1] as usize]
    }

    /// Takes row `s` one hypothesis token further; returns how many words it visited.
    pub fn step(&self, id: u32, s: &mut [u64]) -> usize {
        let mut visited = 0;
        let mut carry = false;
        let mut at = 0;
        for &(word, mask) in self.of(id) {
            let word = word as usize;
            visited += settle(&mut s[at..word], &mut carry);
            let u = s[word] & mask;
            let (sum, out) = s[word].carrying_add(u, carry);
            s[word] = sum | (s[word] & !mask);
            carry = out;
            visited += 1;
            at = word + 1;
        }
        visited + settle(&mut s[at..], &mut carry)
    }
}

/// Lets a carry into words whose mask is zero: it sets the lowest zero bit it meets and is gone.
#[inline]
fn settle(words: &mut [u64], carry: &mut bool) -> usize {
    if !*carry {
        return 0;
    }
    for (index, word) in words.iter_mut().enumerate() {
        if *word != u64::MAX {
            *word |= *word + 1;
            *carry = false;
            return index + 1;
        }
    }
    words.len()
}

buffers! {
    /// Buffers, kept by the caller.
    pub struct Scratch {
        masks: SparseMasks,
        row: Vec<u64>,
    }
}

/// The length of the longest common subsequence. Ids as in [`crate::overlap::overlap`].
pub fn length(
    hypothesis: &[u32],
    reference: &[u32],
    vocabulary: usize,
    scratch: &mut Scratch,
    cancel: &CancelFlag,
) -> u32 {
    let Scratch { masks, row } = scratch;
    masks.build(reference, vocabulary);
    row.clear();
    row.resize(masks.width(), u64::MAX);
    run(masks, hypothesis, row, cancel, |_| {});
    row.iter().map(|word| word.count_zeros()).sum()
}

/// Takes `row` through `hypothesis`, showing it after every token; stops early when cancelled.
pub(crate) fn run(
    masks: &SparseMasks,
    hypothesis: &[u32],
    row: &mut [u64],
    cancel: &CancelFlag,
    mut after: impl FnMut(&[u64]),
) {
    let mut visited = 0;
    for &id in hypothesis {
        visited += masks.step(id, row) + 1;
        if visited >= STEPS_PER_CANCEL_CHECK {
            visited = 0;
            if cancel.load(Ordering::Relaxed) {
                return;
            }
        }
        after(row);
    }
}
