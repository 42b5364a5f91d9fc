//! Random bits, and exact binomial numbers made of them.
//!
//! The generator is xoshiro256++ (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021),
//! its state filled by SplitMix64 as its authors advise. A stream runs `LANES` of them side by side, so that eight
//! words cost little more than one. Streams of the same seed and different numbers have nothing in common: a
//! period of 2^256 is too long for two of them to meet.
//!
//! No floating-point number takes part, hence no rounding: every outcome has exactly its probability.

/// The bits of so many words, as [`Stream::next`] gives them.
const WORD: u64 = u64::BITS as u64;

/// A stream of random words, `LANES` at a time.
#[derive(Clone, Debug)]
pub struct Stream<const LANES: usize> {
    /// The four words of state of each generator; those of one generator stand below each other.
    state: [[u64; LANES]; 4],
}

impl<const LANES: usize> Stream<LANES> {
    /// One of the streams of a seed: the same numbers give the same stream, everywhere and always.
    pub fn new(seed: u64, number: u64) -> Self {
        let mut key = mixed(mixed(seed).wrapping_add(number));
        let mut state = [[0; LANES]; 4];
        for lane in 0..LANES {
            for words in &mut state {
                key = key.wrapping_add(GOLDEN);
                words[lane] = mixed(key);
            }
        }
        Self { state }
    }

    /// One of the streams of a part of what a seed is for. Those of part 0 are the seed's own.
    pub fn of_part(seed: u64, part: u64, number: u64) -> Self {
        let seed = if part == 0 { seed } else { mixed(mixed(seed).wrapping_add(GOLDEN.wrapping_mul(part))) };
        Self::new(seed, number)
    }

    /// A stream that begins with this state, which must not be zero in all words of a lane.
    pub fn from_state(state: [[u64; LANES]; 4]) -> Self {
        Self { state }
    }

    /// The next words.
    #[inline(always)]
    #[expect(clippy::should_implement_trait, reason = "it has no end")]
    pub fn next(&mut self) -> [u64; LANES] {
        let [a, b, c, d] = &mut self.state;
        let mut words = [0; LANES];
        for lane in 0..LANES {
            words[lane] = a[lane].wrapping_add(d[lane]).rotate_left(23).wrapping_add(a[lane]);
            let shifted = b[lane] << 17;
            c[lane] ^= a[lane];
            d[lane] ^= b[lane];
            b[lane] ^= c[lane];
            a[lane] ^= d[lane];
            c[lane] ^= shifted;
            d[lane] = d[lane].rotate_left(45);
        }
        words
    }

    /// How many of `trials` fair coins fall heads: the ones among so many bits.
    #[inline(always)]
    pub fn heads(&mut self, trials: u64) -> u64 {
        let step = WORD * LANES as u64;
        let mut ones = 0;
        for _ in 0..trials / step {
            ones += self.next().iter().map(|word| u64::from(word.count_ones())).sum::<u64>();
        }
        let mut left = trials % step;
        if left > 0 {
            for word in self.next() {
                let bits = left.min(WORD);
                // Half of the mask at a time: a shift by all bits of a word is none.
                let beyond = (u64::MAX << (bits / 2)) << (bits - bits / 2);
                ones += u64::from((word & !beyond).count_ones());
                left -= bits;
            }
        }
        ones
    }

    /// How many of `trials` succeed where each does with probability `part / whole`, at most 1; `whole` is below 2^63.
    ///
    /// Each trial is a binary fraction whose digits are drawn until one differs from the probability's: below it,
    /// the trial has succeeded. Half of those still open are decided by each digit, so that a trial takes two bits.
    #[inline(always)]
    pub fn binomial(&mut self, trials: u64, part: u64, whole: u64) -> u64 {
        debug_assert!(part <= whole && 0 < whole && whole < 1 << 63);
        if part >= whole {
            return trials;
        }
        let (mut open, mut rest, mut successes) = (trials, part, 0);
        while open > 0 && rest > 0 {
            rest *= 2;
            let ones = self.heads(open);
            if rest >= whole {
                // The probability's digit is 1: a trial's 0 is below it.
                rest -= whole;
                successes += open - ones;
                open = ones;
            } else {
                open -= ones;
            }
        }
        successes
    }
}

impl Stream<8> {
    /// The next words as bytes, the lowest first.
    #[inline(always)]
    pub fn next_bytes(&mut self) -> [u8; 64] {
        let mut bytes = [0; 64];
        for (bytes, word) in bytes.as_chunks_mut().0.iter_mut().zip(self.next()) {
            *bytes = word.to_le_bytes();
        }
        bytes
    }
}

/// What the key of SplitMix64 grows by.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// The output of SplitMix64 for a key; no two keys have the same.
fn mixed(key: u64) -> u64 {
    let key = (key ^ (key >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let key = (key ^ (key >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    key ^ (key >> 31)
}
