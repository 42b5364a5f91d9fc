//! Extractive fragments: how a summary is put together out of stretches of its source.
//!
//! From the first token of the hypothesis on, the longest stretch that the reference has too is a fragment, and the
//! search goes on behind it; a token that the reference lacks is passed over. Grusky, Naaman and Artzi 2018,
//! "Newsroom", figure 3, and their program, which looks for the longest stretch with one hand on the reference:
//! behind a stretch that matched it goes on at that stretch's end, so that a longer one which begins inside it is
//! not found.
//!
//! Cost: the places of each token are listed; for every fragment those of its first token are looked at, in all at
//! most O(|hypothesis| × |reference|), in running text next to nothing.

use std::sync::atomic::Ordering;

use crate::buffers;
use crate::fact::{Fact, TokenPair};
use crate::pair::Texts;
use crate::{CancelFlag, STEPS_PER_CANCEL_CHECK};

/// What the fragments of a hypothesis add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fragments {
    /// Their number.
    pub count: u32,
    /// The sum of their lengths.
    pub tokens: u32,
    /// The sum of the squares of their lengths.
    pub squares: u64,
}

buffers! {
    /// Buffers, kept by the caller.
    pub struct Scratch {
        /// Where the places of each id end in `places`.
        ends: Vec<u32>,
        /// The reference's positions by id, ascending.
        places: Vec<u32>,
    }
}

impl Fact for Fragments {
    type Need = bool;
    type Scratch = Scratch;

    #[inline]
    fn measure(_: bool, pair: TokenPair<'_>, scratch: &mut Scratch, cancel: &CancelFlag) -> Self {
        fragments(pair.ids, scratch, cancel)
    }
}

/// The fragments of the hypothesis in the reference.
pub fn fragments(texts: Texts<'_>, scratch: &mut Scratch, cancel: &CancelFlag) -> Fragments {
    let Texts { hypothesis, reference, vocabulary } = texts;
    let Scratch { ends, places } = scratch;
    // A counting sort of positions by id.
    ends.clear();
    ends.resize(vocabulary + 2, 0);
    reference.iter().for_each(|&id| ends[id as usize + 1] += 1);
    for id in 1..ends.len() {
        ends[id] += ends[id - 1];
    }
    places.clear();
    places.resize(reference.len(), 0);
    for (position, &id) in reference.iter().enumerate() {
        let place = &mut ends[id as usize];
        places[*place as usize] = position as u32;
        *place += 1;
    }
    let places_of = |id: u32| {
        let start = (id as usize).checked_sub(1).map_or(0, |before| ends[before] as usize);
        &places[start..ends[id as usize] as usize]
    };
    let mut found = Fragments::default();
    let (mut at, mut steps) = (0, 0);
    while let Some(&first) = hypothesis.get(at) {
        let (mut longest, mut behind) = (0, 0);
        for &place in places_of(first) {
            let place = place as usize;
            if place < behind {
                continue;
            }
            let same = hypothesis[at..].iter().zip(&reference[place..]).take_while(|(a, b)| a == b).count();
            behind = place + same;
            longest = longest.max(same);
            steps += same;
        }
        if longest > 0 {
            found.count += 1;
            found.tokens += longest as u32;
            found.squares += (longest * longest) as u64;
        }
        at += longest.max(1);
        steps += places_of(first).len() + 1;
        if steps > STEPS_PER_CANCEL_CHECK {
            steps = 0;
            if cancel.load(Ordering::Relaxed) {
                break;
            }
        }
    }
    found
}
