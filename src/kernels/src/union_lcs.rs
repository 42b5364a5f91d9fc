//! The union LCS of ROUGE-Lsum, with rouge-score's own tie rule.
//!
//! Several LCS of two sentences may be longest, and which one is taken decides the union over
//! sentences. rouge-score fills the table `t[i][j]` and walks back from the end: on a match it
//! takes the position and goes diagonally; else left if `t[i][j-1] > t[i-1][j]`; else up. On a
//! mismatch `t[i][j] = max(left, up)`, so "left > up" is exactly `t[i][j] > t[i-1][j]`, and that
//! difference is bit `i-1` of `!S` after column `j` of the bit-parallel LCS (see [`crate::overlap`]).
//! The rows `!S` are therefore all the walk needs: one bit a cell where rouge-score keeps an object.
//!
//! Two ways, same answer:
//! * *lanes*: sentences of up to 64 tokens, four at a time, one word each. Within a
//!   column, going up ends at the highest bit of `mask | !S` below the current position, so the
//!   walk back takes one bit scan a column and no data-dependent branch.
//! * *rows*: longer sentences, by [`lcs_path`].
//!
//! Dropping hypothesis-only tokens or stripping a common prefix would change the answer (the
//! walk may pass through them), so neither is done.

use std::sync::atomic::Ordering;

use crate::buffers;
use crate::fact::{Fact, TokenPair};
use crate::pair::Texts;
use crate::simd::{Work, vectorised};
use crate::{CancelFlag, lcs_path};

/// Sentences that share a vector in the lane way.
const LANES: usize = 4;

/// The longest sentence, in tokens, that fits a lane.
const LANE_TOKENS: usize = 64;

/// A text's token ids and where its sentences end.
#[derive(Clone, Copy, Debug)]
pub struct Sentences<'a> {
    /// The ids of all tokens.
    pub ids: &'a [u32],
    /// The index after the last token of each sentence but the last, ascending.
    pub breaks: &'a [u32],
}

impl<'a> Sentences<'a> {
    /// The sentences that have tokens, in order.
    pub fn iter(self) -> impl Iterator<Item = &'a [u32]> {
        let ends = self.breaks.iter().map(|&end| end as usize).chain([self.ids.len()]);
        let mut start = 0;
        ends.map(move |end| {
            let sentence = &self.ids[start..end];
            start = end;
            sentence
        })
        .filter(|sentence| !sentence.is_empty())
    }
}

buffers! {
    /// Buffers of the walks, kept by the caller.
    pub(crate) struct WalkScratch {
        lane_masks: Vec<[u64; LANES]>,
        lane_rows: Vec<[u64; LANES]>,
        path: lcs_path::Scratch,
        hits: Vec<u64>,
    }
}

buffers! {
    /// Buffers, kept by the caller.
    pub struct Scratch {
        walks: WalkScratch,
        left: Vec<u32>,
    }
}

/// The hits of the union LCS over sentences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UnionHits(pub u32);

impl Fact for UnionHits {
    type Need = bool;
    type Scratch = Scratch;
    const READS_SENTENCES: bool = true;

    #[inline]
    fn measure(_: bool, pair: TokenPair<'_>, scratch: &mut Scratch, cancel: &CancelFlag) -> Self {
        let TokenPair { ids: Texts { hypothesis, reference, vocabulary }, breaks, .. } = pair;
        let [hypothesis, reference] =
            [(hypothesis, breaks[0]), (reference, breaks[1])].map(|(ids, breaks)| Sentences { ids, breaks });
        Self(hits(hypothesis, reference, vocabulary, scratch, cancel))
    }
}

/// The hits of ROUGE-Lsum: for each reference sentence the union of its LCS with every hypothesis
/// sentence, its tokens clipped by how often they stand in the hypothesis and in the reference.
///
/// Ids as in [`crate::overlap::overlap`].
pub fn hits(
    hypothesis: Sentences<'_>,
    reference: Sentences<'_>,
    vocabulary: usize,
    scratch: &mut Scratch,
    cancel: &CancelFlag,
) -> u32 {
    let Scratch { walks, left } = scratch;
    left.clear();
    left.resize(vocabulary + 1, 0);
    hypothesis.ids.iter().for_each(|&id| left[id as usize] += 1);
    let mut total = 0;
    // Clipping by the reference's counts needs no counting: a hit is a position, so a token never has more hits than
    // it has positions. For the same reason the order in which sentences come doesn't matter.
    each_hit(reference, hypothesis, vocabulary, walks, cancel, |id| {
        let left = &mut left[id as usize];
        let some = u32::from(*left > 0);
        *left -= some;
        total += some;
    });
    total
}

/// Shows the id of every token of `text` that stands in the LCS of its sentence with any sentence of `other`, once.
///
/// Of several LCS that are longest it is the one that the walk finds which, where tokens differ, goes back in `other`
/// if the LCS is shorter without the token of `text`, else in `text`.
pub(crate) fn each_hit(
    text: Sentences<'_>,
    other: Sentences<'_>,
    vocabulary: usize,
    scratch: &mut WalkScratch,
    cancel: &CancelFlag,
    mut hit: impl FnMut(u32),
) {
    if text.ids.is_empty() || other.ids.is_empty() {
        return;
    }
    for sentence in text.iter().filter(|sentence| sentence.len() > LANE_TOKENS) {
        long_sentence(sentence, other, vocabulary, scratch, cancel);
        scratch.hits.iter().zip(sentence.chunks(64)).for_each(|(&hits, ids)| each_bit(hits, ids, &mut hit));
    }
    let mut short = text.iter().filter(|sentence| sentence.len() <= LANE_TOKENS).fuse();
    loop {
        let lanes: [&[u32]; LANES] = std::array::from_fn(|_| short.next().unwrap_or_default());
        if lanes[0].is_empty() || cancel.load(Ordering::Relaxed) {
            return;
        }
        let hits = vectorised(Lanes { lanes, other, vocabulary, scratch });
        lanes.iter().zip(hits).for_each(|(ids, hits)| each_bit(hits, ids, &mut hit));
    }
}

/// Shows the ids at the positions of the bits.
fn each_bit(mut bits: u64, ids: &[u32], hit: &mut impl FnMut(u32)) {
    while bits != 0 {
        hit(ids[bits.trailing_zeros() as usize]);
        bits &= bits - 1;
    }
}

/// Up to [`LANES`] sentences of at most [`LANE_TOKENS`] tokens, the rest empty.
struct Lanes<'a> {
    lanes: [&'a [u32]; LANES],
    other: Sentences<'a>,
    vocabulary: usize,
    scratch: &'a mut WalkScratch,
}

impl Work for Lanes<'_> {
    type Output = [u64; LANES];

    #[inline(always)]
    fn run(self) -> [u64; LANES] {
        let Self { lanes, other, vocabulary, scratch } = self;
        let WalkScratch { lane_masks: masks, lane_rows: rows, .. } = scratch;
        masks.clear();
        masks.resize(vocabulary + 1, [0; LANES]);
        for (lane, sentence) in lanes.iter().enumerate() {
            for (position, &id) in sentence.iter().enumerate() {
                masks[id as usize][lane] |= 1 << position;
            }
        }
        let mut hits = [0_u64; LANES];
        let starts = lanes.map(|sentence| u64::MAX.checked_shr(64 - sentence.len() as u32).unwrap_or(0));
        for sentence in other.iter() {
            rows.resize(sentence.len(), [0; LANES]);
            let mut s = [!0_u64; LANES];
            for (&id, row) in sentence.iter().zip(rows.iter_mut()) {
                let mask = &masks[id as usize];
                for lane in 0..LANES {
                    let u = s[lane] & mask[lane];
                    s[lane] = s[lane].wrapping_add(u) | (s[lane] & !mask[lane]);
                    row[lane] = !s[lane];
                }
            }
            // The bits below the current position i, as a mask.
            let mut below = starts;
            for (&id, row) in sentence.iter().zip(rows.iter()).rev() {
                let mask = &masks[id as usize];
                for lane in 0..LANES {
                    let stops = (mask[lane] | row[lane]) & below[lane];
                    // The highest bit of `stops`, 0 if there is none: then i is 0 and stays so.
                    let stop = (1_u64 << 63).checked_shr(stops.leading_zeros()).unwrap_or(0);
                    let taken = stop & mask[lane];
                    hits[lane] |= taken;
                    let under = stop.wrapping_sub(u64::from(stop != 0));
                    below[lane] = under | (stop ^ taken);
                }
            }
        }
        hits
    }
}

/// Sets `scratch.hits` to the positions of `sentence` in its LCS with any sentence of `other`.
fn long_sentence(
    sentence: &[u32],
    other: Sentences<'_>,
    vocabulary: usize,
    scratch: &mut WalkScratch,
    cancel: &CancelFlag,
) {
    let WalkScratch { path, hits, .. } = scratch;
    path.begin(sentence, vocabulary);
    hits.clear();
    hits.resize(sentence.len().div_ceil(64), 0);
    for other in other.iter() {
        if cancel.load(Ordering::Relaxed) {
            return;
        }
        path.walk(sentence, other, cancel, |position, _| hits[position / 64] |= 1 << (position % 64));
    }
}

/// Shows where the hits stand in the reference, each once, in order.
pub fn each_hit_position(
    hypothesis: Sentences<'_>,
    reference: Sentences<'_>,
    vocabulary: usize,
    scratch: &mut lcs_path::Scratch,
    cancel: &CancelFlag,
    mut hit: impl FnMut(usize),
) {
    let mut left = vec![0_u32; vocabulary + 1];
    hypothesis.ids.iter().for_each(|&id| left[id as usize] += 1);
    let mut start = 0;
    let mut in_union = Vec::new();
    for sentence in reference.iter() {
        in_union.clear();
        in_union.resize(sentence.len(), false);
        scratch.begin(sentence, vocabulary);
        for other in hypothesis.iter() {
            scratch.walk(sentence, other, cancel, |position, _| in_union[position] = true);
        }
        for (position, &id) in sentence.iter().enumerate() {
            if in_union[position] && left[id as usize] > 0 {
                left[id as usize] -= 1;
                hit(start + position);
            }
        }
        // Sentences without tokens take no place.
        start += sentence.len();
    }
}
