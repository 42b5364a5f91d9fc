//! Clipped n-gram matches of every order *and* the LCS length, in one walk over the hypothesis.
//!
//! For each distinct token keep the bit set of the reference positions where it stands:
//! `mask[token]`, `W` words. Walk the hypothesis once, with `m = mask[token]`:
//!
//! * `E1 = m`, and `En = (E(n-1) of the step before << 1) & m`: the reference positions at which the
//!   last n hypothesis tokens end. One shift and one AND an order; no n-gram is ever formed.
//! * Clipped matches of order n: if `En` has a bit outside `used[n]`, count one and put that bit
//!   into `used[n]`. Positions of different n-grams are disjoint, so this is exactly the sum of
//!   min(count in hypothesis, count in reference).
//! * LCS: `u = S & m; S = (S + u) | (S - u)`, and the length is the number of zeros in `S`
//!   (Hyyrö 2004, "Bit-parallel LCS-length computation revisited").
//!
//! Cost: O(|hypothesis| × W) word steps, nearly all of it for the matches: the LCS alone is five
//! instructions a word. Measured on random texts, matches are therefore counted here up to
//! [`MATCH_POSITIONS`] reference positions and by [`crate::ngram`] beyond; the LCS up to [`LCS_POSITIONS`],
//! and by [`crate::lcs`] beyond, whose memory grows with the text and not with its square.

use crate::simd::{Work, vectorised};
use crate::{CancelFlag, lcs, ngram};

/// The highest n-gram order that is counted.
pub const MAX_ORDER: usize = 9;

/// The longest reference, in tokens, whose matches are counted by position masks.
pub const MATCH_POSITIONS: usize = 128;

/// The longest reference, in tokens, whose LCS is computed over dense position masks.
pub const LCS_POSITIONS: usize = 1024;

/// The most mask words that are laid out, 8 MiB: a huge hypothesis goes the way of a long reference.
const MAX_MASK_WORDS: usize = 1 << 20;

/// What two texts share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overlap {
    /// `matches[n - 1]`: clipped n-gram matches of order n; 0 above the order asked for.
    pub matches: [u32; MAX_ORDER],
    /// Length of the longest common subsequence, if asked for.
    pub lcs: u32,
}

/// Buffers of the walk, kept by its caller so that a pair allocates nothing.
#[derive(Default)]
pub struct Scratch {
    masks: Vec<u64>,
    /// Buffers of the path for long references.
    pub ngram: ngram::Scratch,
    /// Buffers of the path for long references.
    pub lcs: lcs::Scratch,
}

/// Counts what `hypothesis` shares with `reference`: n-gram matches of orders `1..=orders`, and the
/// LCS length if `lcs`.
///
/// Hypothesis ids are `1..=vocabulary`; a reference token that the hypothesis lacks has the id 0,
/// whatever it is.
///
/// # Panics
/// If `orders` is above [`MAX_ORDER`] or an id is above `vocabulary`.
pub fn overlap(
    hypothesis: &[u32],
    reference: &[u32],
    vocabulary: usize,
    orders: usize,
    lcs: bool,
    scratch: &mut Scratch,
    cancel: &CancelFlag,
) -> Overlap {
    assert!(orders <= MAX_ORDER, "n-gram orders above {MAX_ORDER} are not counted");
    if hypothesis.is_empty() || reference.is_empty() || (orders == 0 && !lcs) {
        return Overlap::default();
    }
    let fits = (vocabulary + 1) * reference.len().div_ceil(64) <= MAX_MASK_WORDS;
    let (masked_matches, dense_lcs) =
        (fits && reference.len() <= MATCH_POSITIONS, fits && reference.len() <= LCS_POSITIONS);
    let Scratch { masks, lcs: sparse, .. } = scratch;
    if orders == 0 || masked_matches {
        if !lcs || dense_lcs {
            return vectorised(Walk { hypothesis, reference, vocabulary, orders, lcs, masks });
        }
        return Overlap { lcs: lcs::length(hypothesis, reference, vocabulary, sparse, cancel), ..Overlap::default() };
    }
    let mut found = Overlap::default();
    if lcs {
        found = overlap(hypothesis, reference, vocabulary, 0, true, scratch, cancel);
    }
    ngram::matches(hypothesis, reference, vocabulary, &mut found.matches[..orders], &mut scratch.ngram);
    found
}

struct Walk<'a> {
    hypothesis: &'a [u32],
    reference: &'a [u32],
    vocabulary: usize,
    orders: usize,
    lcs: bool,
    masks: &'a mut Vec<u64>,
}

impl Work for Walk<'_> {
    type Output = Overlap;

    #[inline(always)]
    fn run(self) -> Overlap {
        match self.reference.len().div_ceil(64) {
            1 => walk::<1>(self),
            2 => walk::<2>(self),
            3 => lcs_alone::<3>(self),
            4 => lcs_alone::<4>(self),
            5..=8 => lcs_alone::<8>(self),
            _ => lcs_alone::<16>(self),
        }
    }
}

/// The position masks of `reference`, by id.
#[inline(always)]
fn lay_out<'m, const W: usize>(reference: &[u32], vocabulary: usize, masks: &'m mut Vec<u64>) -> &'m [[u64; W]] {
    masks.clear();
    // Row 0, of the tokens that only the reference has, is never read.
    masks.resize((vocabulary + 1) * W, 0);
    let rows = masks.as_chunks_mut::<W>().0;
    for (position, &id) in reference.iter().enumerate() {
        rows[id as usize][position / 64] |= 1 << (position % 64);
    }
    rows
}

#[inline(always)]
fn lcs_alone<const W: usize>(Walk { hypothesis, reference, vocabulary, masks, .. }: Walk<'_>) -> Overlap {
    let rows = lay_out::<W>(reference, vocabulary, masks);
    run::<W, 0, true>(hypothesis.iter().map(|&id| &rows[id as usize]), 0)
}

#[inline(always)]
fn walk<const W: usize>(Walk { hypothesis, reference, vocabulary, orders, lcs, masks }: Walk<'_>) -> Overlap {
    let rows = lay_out::<W>(reference, vocabulary, masks);
    let steps = hypothesis.iter().map(|&id| &rows[id as usize]);
    // Orders in between are rounded up: an order more costs three instructions a step, a further
    // instance of the loop costs code.
    match (orders, lcs) {
        (0, _) => run::<W, 0, true>(steps, orders),
        (1, false) => run::<W, 1, false>(steps, orders),
        (1, true) => run::<W, 1, true>(steps, orders),
        (2, false) => run::<W, 2, false>(steps, orders),
        (2, true) => run::<W, 2, true>(steps, orders),
        (3 | 4, false) => run::<W, 4, false>(steps, orders),
        (3 | 4, true) => run::<W, 4, true>(steps, orders),
        (_, false) => run::<W, MAX_ORDER, false>(steps, orders),
        (_, true) => run::<W, MAX_ORDER, true>(steps, orders),
    }
}

#[inline(always)]
fn run<'m, const W: usize, const N: usize, const LCS: bool>(
    steps: impl Iterator<Item = &'m [u64; W]>,
    orders: usize,
) -> Overlap {
    let mut found = Overlap::default();
    let mut used = [[0_u64; W]; N];
    // ended[n]: the reference positions where the last n + 1 hypothesis tokens end.
    let mut ended = [[0_u64; W]; N];
    let mut s = [!0_u64; W];
    for mask in steps {
        if LCS {
            let mut carry = false;
            for w in 0..W {
                let u = s[w] & mask[w];
                let (sum, out) = s[w].carrying_add(u, carry);
                carry = out;
                s[w] = sum | (s[w] & !mask[w]);
            }
        }
        let mut now = *mask;
        for n in 0..N {
            found.matches[n] += take_one(&now, &mut used[n]);
            let before = std::mem::replace(&mut ended[n], now);
            let mut top = 0;
            for w in 0..W {
                now[w] = ((before[w] << 1) | top) & mask[w];
                top = before[w] >> 63;
            }
        }
    }
    found.matches[orders..].fill(0);
    if LCS {
        found.lcs = s.iter().map(|word| word.count_zeros()).sum();
    }
    found
}

/// Moves one bit of `candidates` that is not in `used` into it; returns whether there was one.
#[inline(always)]
fn take_one<const W: usize>(candidates: &[u64; W], used: &mut [u64; W]) -> u32 {
    let mut taken = 0_u64;
    for w in 0..W {
        let free = candidates[w] & !used[w];
        // Branch-free "first word that has a free bit": later words see `taken` and keep off.
        let lowest = if taken == 0 { free & free.wrapping_neg() } else { 0 };
        used[w] |= lowest;
        taken |= lowest;
    }
    u32::from(taken != 0)
}

impl Scratch {
    /// Memory held, in bytes.
    pub fn capacity_bytes(&self) -> usize {
        8 * self.masks.capacity() + self.ngram.capacity_bytes() + self.lcs.capacity_bytes()
    }
}
