//! The longest run of tokens that two texts share without a gap.
//!
//! Runs are named as in [`crate::ngram`]: a run of length a + b is the pair of the names of its two parts, so a
//! name stands for exactly one run. Names of lengths 1, 2, 4 … are made until no run is shared;
//! then the answer is built up from the longest length downwards, as one writes a binary number.
//!
//! Cost: O((|hypothesis| + |reference|) × log(answer)) table steps, whatever the texts: the usual
//! table takes |hypothesis| × |reference|.

use crate::CancelFlag;
use crate::buffers;
use crate::fact::{Fact, TokenPair};
use crate::interner::Interner;

buffers! {
    /// Buffers, kept by the caller.
    pub struct Scratch {
        gram_ids: Interner<u64>,
        /// For each length 1, 2, 4 …: the names of the reference's runs, then of the hypothesis'.
        powers: Vec<Level>,
        current: Level,
        longer: Level,
    }
}

buffers! {
    /// The names of all runs of one length, by where they start.
    struct Level {
        reference: Vec<u32>,
        hypothesis: Vec<u32>,
    }
}

/// The length of the longest common contiguous run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LongestRun(pub u32);

impl Fact for LongestRun {
    type Need = bool;
    type Scratch = Scratch;

    #[inline]
    fn measure(_: bool, pair: TokenPair<'_>, scratch: &mut Scratch, _: &CancelFlag) -> Self {
        Self(longest_run(pair.ids.hypothesis, pair.ids.reference, scratch))
    }
}

/// The name of a run that the reference lacks.
const UNNAMED: u32 = 0;

/// A run of tokens that two texts share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Where it begins in the hypothesis.
    pub hypothesis: u32,
    /// Where it begins in the reference.
    pub reference: u32,
    /// How many tokens it has.
    pub length: u32,
}

/// The first of the longest runs, as the hypothesis and then the reference has them; none if no token is shared.
pub fn first_longest_run(hypothesis: &[u32], reference: &[u32], scratch: &mut Scratch) -> Option<Run> {
    let length = longest_run(hypothesis, reference, scratch);
    let Level { reference, hypothesis } = &scratch.current;
    let start = hypothesis.iter().position(|&name| length > 0 && name != UNNAMED)?;
    let match_at = reference.iter().position(|&name| name == hypothesis[start])?;
    Some(Run { hypothesis: start as u32, reference: match_at as u32, length })
}

/// The length of the longest common contiguous run. Ids as in [`crate::overlap::overlap`].
pub fn longest_run(hypothesis: &[u32], reference: &[u32], scratch: &mut Scratch) -> u32 {
    let Scratch { gram_ids, powers, current, longer } = scratch;
    let level = |powers: &mut Vec<Level>, at: usize| {
        if powers.len() == at {
            powers.push(Level::default());
        }
    };
    level(powers, 0);
    let single = |&id: &u32| u64::from(id);
    gram_ids.clear(reference.len());
    powers[0].reference.clear();
    powers[0].reference.extend(reference.iter().map(|id| gram_ids.intern(single(id))));
    powers[0].hypothesis.clear();
    powers[0].hypothesis.extend(hypothesis.iter().map(|id| gram_ids.look_up(single(id))));
    if !shared(&powers[0]) {
        return 0;
    }
    let mut top = 0;
    loop {
        level(powers, top + 1);
        let (shorter, next) = powers.split_at_mut(top + 1);
        join(&shorter[top], &shorter[top], 1 << top, gram_ids, &mut next[0]);
        if !shared(&next[0]) {
            break;
        }
        top += 1;
    }
    let mut length = 1_usize << top;
    current.reference.clone_from(&powers[top].reference);
    current.hypothesis.clone_from(&powers[top].hypothesis);
    for power in (0..top).rev() {
        join(current, &powers[power], length, gram_ids, longer);
        if shared(longer) {
            std::mem::swap(current, longer);
            length += 1 << power;
        }
    }
    length as u32
}

/// Names the runs that are one of `first`, `offset` tokens long, followed by one of `second`.
fn join(first: &Level, second: &Level, offset: usize, gram_ids: &mut Interner<u64>, joined: &mut Level) {
    let pair = |(&a, &b): (&u32, &u32)| (u64::from(a) << 32) | u64::from(b);
    gram_ids.clear(first.reference.len());
    joined.reference.clear();
    joined.reference.extend(
        first.reference.iter().zip(second.reference.iter().skip(offset)).map(|both| gram_ids.intern(pair(both))),
    );
    // A part without a name is in no pair of the reference's, whose parts all have names.
    joined.hypothesis.clear();
    joined.hypothesis.extend(
        first.hypothesis.iter().zip(second.hypothesis.iter().skip(offset)).map(|both| gram_ids.look_up(pair(both))),
    );
}

fn shared(level: &Level) -> bool {
    level.hypothesis.iter().any(|&name| name != UNNAMED)
}
