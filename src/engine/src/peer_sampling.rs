//! The random numbers of NumPy's `default_rng`, and sums over rows that they choose, as sacrebleu draws and adds them.
//!
//! A generator is PCG-64 in NumPy's form: 128 bits of state, 64 at a time come out, in halves where 32 are wanted
//! (O'Neill 2014, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms for Random Number
//! Generation"). Numbers below a bound are Lemire's (2019, "Fast Random Integer Generation in an Interval").

use crate::{CancelFlag, Error};
use std::sync::atomic::Ordering;

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

    fn next_u32(&mut self) -> u32 {
        if let Some(half) = self.half.take() {
            return half;
        }
        let both = self.next_u64();
        self.half = Some((both >> 32) as u32);
        both as u32
    }

    /// A number below `bound`, as `integers(bound)` and `choice(bound)` give it.
    fn below(&mut self, bound: u32) -> u32 {
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

/// How many columns are added up at once, in registers.
const LANES: usize = 16;

/// The sums of the rows of bootstrap samples, in single precision and in the order in which rows are drawn: a row of
/// `width` sums for each sample.
///
/// # Errors
/// [`Error::Cancelled`]; [`Error::NoMemory`].
pub fn single_bootstrap_sums(
    generator: &mut Pcg64,
    table: &[f32],
    width: usize,
    samples: usize,
    cancel: &CancelFlag,
) -> Result<Vec<f32>, Error> {
    let rows = table.len() / width;
    let bound = u32::try_from(rows).map_err(|_| Error::NoMemory { rows: rows as u128, what: "rows" })?;
    let blocks = width.div_ceil(LANES);
    let mut block_rows: Vec<[f32; LANES]> = room(rows, blocks, "rows")?;
    for block in 0..blocks {
        block_rows.extend(table.chunks_exact(width).map(|row| {
            let part = &row[block * LANES..width.min((block + 1) * LANES)];
            let mut padded = [0.0; LANES];
            padded[..part.len()].copy_from_slice(part);
            padded
        }));
    }
    let mut drawn = room(rows, 1, "rows")?;
    let mut sums = room(samples, width, "samples")?;
    for _ in 0..samples {
        if cancel.load(Ordering::Relaxed) {
            return Err(Error::Cancelled);
        }
        drawn.clear();
        drawn.extend((0..rows).map(|_| generator.below(bound)));
        for block in 0..blocks {
            let sum = sum_of(&block_rows[block * rows..(block + 1) * rows], &drawn);
            sums.extend_from_slice(&sum[..LANES.min(width - block * LANES)]);
        }
    }
    Ok(sums)
}

fn sum_of(rows: &[[f32; LANES]], drawn: &[u32]) -> [f32; LANES] {
    // Beginning with -0.0 a sum is that of the rows alone.
    let mut sum = [-0.0; LANES];
    for &row in drawn {
        sum.iter_mut().zip(&rows[row as usize]).for_each(|(sum, number)| *sum += number);
    }
    sum
}

/// Rows whose coins are looked up together.
const ROWS_AT_ONCE: usize = 8;

/// Trials whose coins are held at once. NumPy takes the coins of 32 numbers out of 32 bits, so a part ends with a number.
const TRIALS_AT_ONCE: usize = 1024;

/// For each trial the sum of the rows whose coin, `integers(2, dtype=bool)`, is 1: a row of `width` sums. Exact as long
/// as sums fit.
///
/// # Errors
/// [`Error::Cancelled`]; [`Error::NoMemory`].
pub fn sums_of_chosen(
    generator: &mut Pcg64,
    table: &[i64],
    width: usize,
    trials: usize,
    cancel: &CancelFlag,
) -> Result<Vec<i64>, Error> {
    let mut sums = room(trials, width, "samples")?;
    sums.resize(trials * width, 0);
    for sums in sums.chunks_mut(TRIALS_AT_ONCE * width) {
        add_chosen(generator, table, width, sums, cancel)?;
    }
    Ok(sums)
}

/// Adds the chosen rows to the sums of some trials.
fn add_chosen(
    generator: &mut Pcg64,
    table: &[i64],
    width: usize,
    sums: &mut [i64],
    cancel: &CancelFlag,
) -> Result<(), Error> {
    let rows = table.len() / width;
    // One bit after the other, over the ends of trials; what is left of the last number is lost.
    let numbers = (rows * (sums.len() / width)).div_ceil(32);
    let mut coins = room(numbers + 1, 1, "samples")?;
    coins.extend((0..numbers).map(|_| generator.next_u32()));
    coins.push(0);
    let eight_from = |bit: usize| {
        let both = u64::from(coins[bit / 32]) | u64::from(coins[bit / 32 + 1]) << 32;
        (both >> (bit % 32)) as u8
    };
    // The sums of all choices among a few rows, each that of one row less and that row.
    let mut choices = vec![0_i64; width << ROWS_AT_ONCE];
    for (part, chosen_rows) in table.chunks(width * ROWS_AT_ONCE).enumerate() {
        if cancel.load(Ordering::Relaxed) {
            return Err(Error::Cancelled);
        }
        let count = chosen_rows.len() / width;
        for choice in 1..1_usize << count {
            let last = choice.ilog2() as usize;
            let (before, this) = choices.split_at_mut(choice * width);
            let without = &before[(choice ^ (1 << last)) * width..][..width];
            let row = &chosen_rows[last * width..][..width];
            this.iter_mut().zip(without.iter().zip(row)).for_each(|(sum, (without, number))| *sum = without + number);
        }
        let mask = ((1_u16 << count) - 1) as u8;
        for (trial, sums) in sums.chunks_exact_mut(width).enumerate() {
            let choice = usize::from(eight_from(trial * rows + part * ROWS_AT_ONCE) & mask);
            sums.iter_mut().zip(&choices[choice * width..][..width]).for_each(|(sum, part)| *sum += part);
        }
    }
    Ok(())
}

/// An empty vector with room for `rows` of `width`.
fn room<T>(rows: usize, width: usize, what: &'static str) -> Result<Vec<T>, Error> {
    let mut vector = Vec::new();
    match rows.checked_mul(width).map(|len| vector.try_reserve_exact(len)) {
        Some(Ok(())) => Ok(vector),
        _ => Err(Error::NoMemory { rows: rows as u128, what }),
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

    #[test]
    fn sums_are_those_of_the_rows_one_by_one() {
        let (rows, width, trials) = (37, 3, 50);
        let table: Vec<i64> = (0..rows * width).map(|number| (number * 7919 % 101) as i64 - 50).collect();
        let cancel = CancelFlag::new(false);
        let found = sums_of_chosen(&mut SEEDED.clone(), &table, width, trials, &cancel).unwrap();
        let mut generator = SEEDED;
        let mut bits = (0..).flat_map(|_| {
            let number = generator.next_u32();
            (0..32).map(move |bit| number >> bit & 1 == 1)
        });
        for sums in found.chunks_exact(width) {
            let mut expected = vec![0; width];
            for row in table.chunks_exact(width) {
                if bits.next().unwrap() {
                    expected.iter_mut().zip(row).for_each(|(sum, number)| *sum += number);
                }
            }
            assert_eq!(sums, expected);
        }
    }

    #[test]
    fn a_cancelled_call_says_so() {
        let cancel = CancelFlag::new(true);
        assert!(matches!(single_bootstrap_sums(&mut SEEDED.clone(), &[1.0; 6], 2, 5, &cancel), Err(Error::Cancelled)));
        assert!(matches!(sums_of_chosen(&mut SEEDED.clone(), &[1; 6], 2, 5, &cancel), Err(Error::Cancelled)));
    }
}
