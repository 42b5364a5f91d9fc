//! The generator PCG-64 as NumPy's `default_rng` uses it: 128 bits of state, of which 64 at a time come out, in halves where
//! 32 are wanted (O'Neill 2014, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms for Random
//! Number Generation"). Numbers below a bound are Lemire's (2019, "Fast Random Integer Generation in an Interval").

const MULTIPLIER: u128 = 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645;

/// A bit generator `PCG64` of NumPy's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pcg64 {
    /// What the next number is made of.
    pub state: u128,
    /// Which of its streams it is.
    pub increment: u128,
    /// The upper half of the last number, if only its lower half was asked for.
    pub half: Option<u32>,
}

impl Pcg64 {
    fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_mul(MULTIPLIER).wrapping_add(self.increment);
        let folded = (self.state >> 64) as u64 ^ self.state as u64;
        folded.rotate_right((self.state >> 122) as u32)
    }

    /// The next half of a number, the lower one first.
    pub fn next_u32(&mut self) -> u32 {
        if let Some(half) = self.half.take() {
            return half;
        }
        let both = self.next_u64();
        self.half = Some((both >> 32) as u32);
        both as u32
    }

    /// A number below `bound`, as `integers(bound)` and `choice(bound)` give it.
    pub fn below(&mut self, bound: u32) -> u32 {
        if bound == 1 {
            return 0;
        }
        let mut product = u64::from(self.next_u32()) * u64::from(bound);
        if (product as u32) < bound {
            let threshold = bound.wrapping_neg() % bound;
            while (product as u32) < threshold {
                product = u64::from(self.next_u32()) * u64::from(bound);
            }
        }
        (product >> 32) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The state of `np.random.default_rng(12345)`.
    const SEEDED: Pcg64 = Pcg64 {
        state: 0x1905_e033_5aae_9634_9199_b0d0_9775_add5,
        increment: 0xc9c7_353e_6e2b_1f28_7d76_1f2d_4027_fae7,
        half: None,
    };

    #[test]
    fn numbers_are_those_of_numpy() {
        let mut generator = SEEDED;
        let drawn: Vec<u32> = (0..8).map(|_| generator.below(1000)).collect();
        assert_eq!(drawn, [699, 227, 788, 316, 204, 797, 642, 676]);
    }
}
