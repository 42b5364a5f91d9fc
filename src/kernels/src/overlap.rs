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
//! Several references clip jointly, by the highest count in any of them: of the occurrences of an
//! n-gram in the hypothesis each reference matches the first ones, as many as it has, so those that
//! are matched by any are the union: a bit for each hypothesis position, see [`Joint`].
//!
//! Cost: O(|hypothesis| × W) word steps, nearly all of it for the matches: the LCS alone is five
//! instructions a word. From order 5 on the orders lie side by side in vector lanes. Measured on
//! random texts, matches are counted here up to [`MATCH_POSITIONS`] reference positions, or
//! [`LANE_POSITIONS`] in lanes, and by [`crate::ngram`] beyond; the LCS up to [`LCS_POSITIONS`],
//! and by [`crate::lcs`] beyond, whose memory grows with the text and not with its square.

use crate::buffers;
use crate::fact::{Fact, Hypothesis, Need, TokenPair};
pub use crate::pair::{Joint, MAX_ORDER, Matches, Texts};
use crate::simd::{Work, vectorised};
use crate::{CancelFlag, lcs, ngram};

/// The longest reference, in tokens, whose matches of few orders are counted by position masks.
pub const MATCH_POSITIONS: usize = 128;

/// The longest reference, in tokens, whose matches of many orders are counted by position masks.
pub const LANE_POSITIONS: usize = 512;

/// The longest reference, in tokens, whose LCS is computed over dense position masks.
pub const LCS_POSITIONS: usize = 1024;

/// The most mask words that are laid out, 8 MiB: a huge hypothesis goes the way of a long reference.
const MAX_MASK_WORDS: usize = 1 << 20;

/// Orders up to this are counted one after the other, more of them in lanes.
const FEW_ORDERS: usize = 4;

/// What two texts share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overlap {
    /// Clipped n-gram matches by order.
    pub matches: Matches,
    /// Length of the longest common subsequence, if asked for.
    pub lcs: u32,
}

buffers! {
    /// Buffers of the walk, kept by its caller so that a pair allocates nothing.
    pub struct Scratch {
        masks: Vec<u64>,
        /// Buffers of the path for long references.
        pub ngram: ngram::Scratch,
        /// Buffers of the path for long references.
        pub lcs: lcs::Scratch,
    }
}

/// How much of an [`Overlap`] is needed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OverlapNeed {
    /// Clipped n-gram matches of orders 1 up to this; 0 for none.
    pub orders: usize,
    /// Those matches also clipped jointly over all references of a pair.
    pub joint: bool,
    /// The length of the longest common subsequence.
    pub lcs: bool,
}

impl OverlapNeed {
    /// The length of the longest common subsequence alone.
    pub const LCS: Self = Self { orders: 0, joint: false, lcs: true };

    /// Clipped n-gram matches of orders 1 up to `orders`.
    pub const fn matches(orders: usize) -> Self {
        Self { orders, joint: false, lcs: false }
    }

    /// The same, also clipped jointly over all references of a pair.
    pub const fn joint_matches(orders: usize) -> Self {
        Self { orders, joint: true, lcs: false }
    }
}

impl Need for OverlapNeed {
    #[inline]
    fn union(self, other: Self) -> Self {
        Self { orders: self.orders.max(other.orders), joint: self.joint | other.joint, lcs: self.lcs | other.lcs }
    }
}

buffers! {
    /// Buffers of the walk, and the matches of several references together.
    pub struct JointScratch {
        walk: Scratch,
        joint: Joint,
        /// Whether they are wanted of the pair at hand.
        several: bool,
    }
}

impl JointScratch {
    /// Ends a pair: what its references match together, where that was needed and there are several.
    pub fn end_pair(&mut self) -> Option<Matches> {
        std::mem::take(&mut self.several).then(|| self.joint.matches())
    }
}

impl Fact for Overlap {
    type Need = OverlapNeed;
    type Scratch = JointScratch;

    #[inline]
    fn begin(need: OverlapNeed, hypothesis: Hypothesis<'_>, scratch: &mut JointScratch) {
        scratch.several = need.joint && hypothesis.references > 1;
        if scratch.several {
            scratch.joint.begin(hypothesis.ids.len(), need.orders);
        }
    }

    #[inline]
    fn measure(need: OverlapNeed, pair: TokenPair<'_>, scratch: &mut JointScratch, cancel: &CancelFlag) -> Self {
        let JointScratch { walk, joint, several } = scratch;
        overlap(pair.ids, need.orders, need.lcs, several.then_some(joint), walk, cancel)
    }
}

/// Counts what the hypothesis shares with the reference: n-gram matches of orders `1..=orders`, and the
/// LCS length if `lcs`. With `joint`, begun for this hypothesis and at least as many orders, marks there
/// what is matched besides.
///
/// # Panics
/// If `orders` is above [`MAX_ORDER`] or an id is above the vocabulary.
pub fn overlap(
    texts: Texts<'_>,
    orders: usize,
    lcs: bool,
    joint: Option<&mut Joint>,
    scratch: &mut Scratch,
    cancel: &CancelFlag,
) -> Overlap {
    assert!(orders <= MAX_ORDER, "n-gram orders above {MAX_ORDER} are not counted");
    let Texts { hypothesis, reference, vocabulary } = texts;
    if hypothesis.is_empty() || reference.is_empty() || (orders == 0 && !lcs) {
        return Overlap::default();
    }
    let fits = (vocabulary + 1) * reference.len().div_ceil(64) <= MAX_MASK_WORDS;
    let dense_lcs = fits && reference.len() <= LCS_POSITIONS;
    let in_lanes = joint.is_some() || orders > FEW_ORDERS;
    let masked_matches = fits && reference.len() <= if in_lanes { LANE_POSITIONS } else { MATCH_POSITIONS };
    let Scratch { masks, lcs: sparse, .. } = scratch;
    if orders == 0 || (masked_matches && !in_lanes) {
        if !lcs || dense_lcs {
            return vectorised(Walk { texts, orders, lcs, masks });
        }
        return Overlap { lcs: lcs::length(hypothesis, reference, vocabulary, sparse, cancel), ..Overlap::default() };
    }
    let mut found = Overlap::default();
    if lcs {
        found = overlap(texts, 0, true, None, scratch, cancel);
    }
    if masked_matches {
        found.matches = vectorised(Lanes { texts, orders, joint, masks: &mut scratch.masks });
    } else {
        ngram::matches(texts, &mut found.matches[..orders], joint, &mut scratch.ngram);
    }
    found
}

struct Walk<'a> {
    texts: Texts<'a>,
    orders: usize,
    lcs: bool,
    masks: &'a mut Vec<u64>,
}

impl Work for Walk<'_> {
    type Output = Overlap;

    #[inline(always)]
    fn run(self) -> Overlap {
        match self.texts.reference.len().div_ceil(64) {
            1 => walk::<1>(self),
            2 => walk::<2>(self),
            3 => lcs_alone::<3>(self),
            4 => lcs_alone::<4>(self),
            5..=8 => lcs_alone::<8>(self),
            _ => lcs_alone::<16>(self),
        }
    }
}

/// The position masks of the reference, by id.
#[inline(always)]
pub(crate) fn lay_out<'m, const W: usize>(texts: Texts<'_>, masks: &'m mut Vec<u64>) -> &'m [[u64; W]] {
    masks.clear();
    // Row 0 is of tokens that only the reference has: no token of the hypothesis reads it. Where the two come the
    // other way round, none has written to it.
    masks.resize((texts.vocabulary + 1) * W, 0);
    let rows = masks.as_chunks_mut::<W>().0;
    for (position, &id) in texts.reference.iter().enumerate() {
        rows[id as usize][position / 64] |= 1 << (position % 64);
    }
    rows
}

#[inline(always)]
fn lcs_alone<const W: usize>(Walk { texts, masks, .. }: Walk<'_>) -> Overlap {
    let rows = lay_out::<W>(texts, masks);
    run::<W, 0, true>(texts.hypothesis.iter().map(|&id| &rows[id as usize]), 0)
}

#[inline(always)]
fn walk<const W: usize>(Walk { texts, orders, lcs, masks }: Walk<'_>) -> Overlap {
    let rows = lay_out::<W>(texts, masks);
    let steps = texts.hypothesis.iter().map(|&id| &rows[id as usize]);
    // Orders in between are rounded up: an order more costs three instructions a step, a further
    // instance of the loop costs code.
    match (orders, lcs) {
        (0, _) => run::<W, 0, true>(steps, orders),
        (1, false) => run::<W, 1, false>(steps, orders),
        (1, true) => run::<W, 1, true>(steps, orders),
        (2, false) => run::<W, 2, false>(steps, orders),
        (2, true) => run::<W, 2, true>(steps, orders),
        (_, false) => run::<W, FEW_ORDERS, false>(steps, orders),
        (_, true) => run::<W, FEW_ORDERS, true>(steps, orders),
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

/// The walk with the orders side by side: lane `n` of every vector is order `n + 1`.
struct Lanes<'a> {
    texts: Texts<'a>,
    orders: usize,
    joint: Option<&'a mut Joint>,
    masks: &'a mut Vec<u64>,
}

impl Work for Lanes<'_> {
    type Output = Matches;

    #[inline(always)]
    fn run(self) -> Matches {
        match self.texts.reference.len().div_ceil(64) {
            1 => lanes::<1>(self),
            2 => lanes::<2>(self),
            3 => lanes::<3>(self),
            4 => lanes::<4>(self),
            5 => lanes::<5>(self),
            6 => lanes::<6>(self),
            7 => lanes::<7>(self),
            _ => lanes::<8>(self),
        }
    }
}

#[inline(always)]
fn lanes<const W: usize>(Lanes { texts, orders, joint, masks }: Lanes<'_>) -> Matches {
    let rows = lay_out::<W>(texts, masks);
    let ids = texts.hypothesis;
    match (orders, joint) {
        (..=4, Some(joint)) => run_lanes::<W, 4, true>(ids, rows, orders, joint),
        // As many as chrF has: one after the other they are as fast.
        (..=6, None) => run::<W, 6, false>(ids.iter().map(|&id| &rows[id as usize]), orders).matches,
        (..=8, None) => run_lanes::<W, 8, false>(ids, rows, orders, &mut Joint::default()),
        (..=8, Some(joint)) => run_lanes::<W, 8, true>(ids, rows, orders, joint),
        (_, None) => run_lanes::<W, MAX_ORDER, false>(ids, rows, orders, &mut Joint::default()),
        (_, Some(joint)) => run_lanes::<W, MAX_ORDER, true>(ids, rows, orders, joint),
    }
}

#[inline(always)]
fn run_lanes<const W: usize, const L: usize, const JOINT: bool>(
    hypothesis: &[u32],
    rows: &[[u64; W]],
    orders: usize,
    joint: &mut Joint,
) -> Matches {
    let mut counts = [0_u64; L];
    let mut used = [[0_u64; L]; W];
    // ended[w][n]: word w of the reference positions where the last n + 1 hypothesis tokens end.
    let mut ended = [[0_u64; L]; W];
    for (word, ids) in hypothesis.chunks(64).enumerate() {
        let mut flags = [0_u64; L];
        let mut bit = 1_u64;
        for &id in ids {
            let mask = &rows[id as usize];
            let mut taken = [0_u64; L];
            let mut top = [0_u64; L];
            for w in 0..W {
                let mut now = [0_u64; L];
                let mut next_top = [0_u64; L];
                for n in 0..L {
                    next_top[n] = ended[w][n] >> 63;
                }
                // Order 1 ends wherever the token stands; order n + 1 where order n ended a step ago.
                now[0] = mask[w];
                for n in 1..L {
                    now[n] = ((ended[w][n - 1] << 1) | top[n - 1]) & mask[w];
                }
                for n in 0..L {
                    let free = now[n] & !used[w][n];
                    let lowest = if taken[n] == 0 { free & free.wrapping_neg() } else { 0 };
                    used[w][n] |= lowest;
                    taken[n] |= lowest;
                }
                ended[w] = now;
                top = next_top;
            }
            for n in 0..L {
                let some = u64::from(taken[n] != 0);
                counts[n] += some;
                if JOINT {
                    flags[n] |= if taken[n] != 0 { bit } else { 0 };
                }
            }
            bit = bit.rotate_left(1);
        }
        if JOINT {
            for (order, flags) in flags.iter().enumerate().take(orders) {
                joint.mark_word(order + 1, word, *flags);
            }
        }
    }
    let mut matches = [0; MAX_ORDER];
    for (count, lane) in matches.iter_mut().zip(&counts[..orders]) {
        *count = *lane as u32;
    }
    matches
}
