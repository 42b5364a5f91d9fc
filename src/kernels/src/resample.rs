//! Sums over resampled rows: the bootstrap, and approximate randomisation.
//!
//! A bootstrap sample of N rows is N draws with replacement. They are not made one after the other all over the
//! table, which would wait for memory at each draw. Instead it is first settled how many of them fall into which
//! part of the table: the rows are cut into stretches whose lengths are the powers of two that add up to their
//! number, and each stretch is halved down to blocks. How many draws fall into the first of two parts is a
//! binomial number, exact by [`random`](crate::random); between halves it is the number of ones among random bits.
//! Within a block, which stays in the nearest cache while all samples take their draws from it, a draw is a random
//! byte and the addition of a row.
//!
//! This is done in two steps, so that each machine can draw from the rows that it has: [`segment_draws`] settles how
//! many draws fall into which segment of [`SEGMENT`] rows, and within each segment a sample has a random stream of its
//! own.
//!
//! What is drawn depends on the seed, the number of the sample and the number of rows, on nothing else: not on how
//! the samples or the rows are shared out, and not on the other components of the table.
//!
//! In approximate randomisation a row takes part or not, by a random bit. The 16 sums of each 4 rows are made once
//! for many trials, so that a trial adds a sum for 4 rows at a time.
//!
//! Rows are copied to the narrowest integers whose sums cannot overflow within thousands of rows; before they
//! could, the sums move to the totals. Cost: O(samples × rows × components) additions of vectors, the table is read from
//! memory once for every [`GROUP`] samples, and the memory taken does not grow with rows or samples.

use std::ops::{Add, AddAssign, Range};
use std::sync::atomic::Ordering;

use crate::CancelFlag;
use crate::random::Stream;
use crate::simd::{Work, vectorised};

/// Rows of integers, one after the other.
#[derive(Clone, Copy, Debug)]
pub struct Table<'t> {
    /// The integers, row by row.
    pub values: &'t [i64],
    /// How many there are in a row.
    pub components: usize,
}

impl Table<'_> {
    /// How many rows there are; none if there are no components.
    pub fn rows(&self) -> usize {
        self.values.len().checked_div(self.components).unwrap_or(0)
    }
}

/// Rows that are drawn from by the same random stream of a sample.
pub const SEGMENT: usize = 1 << 16;

/// Where the rows of a table stand among all rows that samples are taken of.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The number of the table's first row.
    pub first: usize,
    /// How many rows there are in all.
    pub rows: usize,
}

impl Place {
    /// The segments that `rows` rows from the first on stand in, or reach into.
    pub fn segments(&self, rows: usize) -> Range<usize> {
        let end = if rows == 0 { self.first } else { (self.first + rows).next_multiple_of(SEGMENT) };
        self.first / SEGMENT..end / SEGMENT
    }

    /// The rows of a segment.
    fn segment(&self, number: usize) -> Range<usize> {
        number * SEGMENT..self.rows.min((number + 1) * SEGMENT)
    }
}

/// The part of a seed's streams that no segment has.
const NO_SEGMENT: u64 = u64::MAX;

/// How many of the `rows` draws of each bootstrap sample fall into each segment: sample after sample, a number for each
/// segment.
pub fn segment_draws(rows: usize, samples: Range<u64>, seed: u64) -> Vec<u64> {
    let segments = rows.div_ceil(SEGMENT);
    let mut all = Vec::with_capacity(segments.saturating_mul(samples.clone().count()));
    for number in samples {
        split_draws(&mut [Stream::of_part(seed, NO_SEGMENT, number)], rows as u64, rows, &mut all);
    }
    all
}

/// Adds to `all` how many of `draws` from `rows` rows fall into each segment.
fn split_draws(streams: &mut [Stream<8>; 1], draws: u64, rows: usize, all: &mut Vec<u64>) {
    if rows <= SEGMENT {
        all.extend((rows > 0).then_some(draws));
        return;
    }
    // The largest power of two that leaves some rows: a half, if their number is one itself.
    let part = 1 << (rows - 1).ilog2();
    let (mut draws, mut others) = ([draws], [0]);
    let split = Split { streams, draws: &mut draws, others: &mut others, part: part as u64, whole: rows as u64 };
    vectorised(split);
    split_draws(streams, draws[0], part, all);
    split_draws(streams, others[0], rows - part, all);
}

/// The sums of bootstrap samples, exactly: for each of `samples`, the sum of as many rows as the table has, drawn
/// with replacement, goes to the next `components` of `totals`.
///
/// # Panics
///
/// Unless `totals` holds `components` integers a sample.
pub fn bootstrap(table: Table<'_>, samples: Range<u64>, seed: u64, totals: &mut [i128], cancel: &CancelFlag) {
    let place = Place { first: 0, rows: table.rows() };
    bootstrap_part(table, place, &segment_draws(place.rows, samples.clone(), seed), samples, seed, totals, cancel);
}

/// As [`bootstrap`], of the draws that fall into a table which is a part of all rows. `draws` are those of
/// [`segment_draws`] for the segments that the table has rows of: sample after sample.
///
/// # Panics
///
/// Unless `totals` holds `components` integers a sample, and `draws` a number for each segment and sample.
pub fn bootstrap_part(
    table: Table<'_>,
    place: Place,
    draws: &[u64],
    samples: Range<u64>,
    seed: u64,
    totals: &mut [i128],
    cancel: &CancelFlag,
) {
    let segments = place.segments(table.rows());
    let start = samples.start;
    let begin = |segment: usize, numbers: Range<u64>| {
        let of_sample = |number| draws[(number - start) as usize * segments.len() + segment - segments.start];
        Bootstrap {
            draws: numbers.clone().map(of_sample).collect(),
            streams: numbers.map(|number| Stream::of_part(seed, segment as u64, number)).collect(),
        }
    };
    resample(table, place, samples, totals, begin, cancel);
}

/// The sums of random subsets, exactly: for each of `trials`, the sum of those rows whose fair coin fell heads goes
/// to the next `components` of `totals`.
///
/// # Panics
///
/// Unless `totals` holds `components` integers a trial.
pub fn randomization(differences: Table<'_>, trials: Range<u64>, seed: u64, totals: &mut [i128], cancel: &CancelFlag) {
    randomization_part(differences, Place { first: 0, rows: differences.rows() }, trials, seed, totals, cancel);
}

/// As [`randomization`], of a table which is a part of all rows.
///
/// # Panics
///
/// Unless `totals` holds `components` integers a trial.
pub fn randomization_part(
    table: Table<'_>,
    place: Place,
    trials: Range<u64>,
    seed: u64,
    totals: &mut [i128],
    cancel: &CancelFlag,
) {
    let begin = |segment: usize, numbers: Range<u64>| Randomization {
        streams: numbers.map(|number| Stream::of_part(seed, segment as u64, number)).collect(),
    };
    resample(table, place, trials, totals, begin, cancel);
}

/// So many samples at a time: what is kept of them should fit into the second-level cache.
const GROUP: usize = 1024;

/// Wider tables are done in stripes, each of which sees the same draws.
const MOST_COMPONENTS: usize = 40;

/// So many rows can always be added to narrow sums before they move on.
const ROOM: u64 = 1 << 12;

/// A way to choose rows of one segment, for each of some samples.
trait Resample {
    /// Adds the rows of `segment` that each sample chooses to its sums.
    fn add<T: Integer, const W: usize>(self, segment: Range<usize>, sums: &mut Sums<'_, T, W>, cancel: &CancelFlag);
}

/// Adds up what is chosen by the way that `begin` makes for a segment and the numbers of some samples.
fn resample<R: Resample>(
    table: Table<'_>,
    place: Place,
    samples: Range<u64>,
    totals: &mut [i128],
    begin: impl Fn(usize, Range<u64>) -> R,
    cancel: &CancelFlag,
) {
    let components = table.components;
    let count = samples.end.saturating_sub(samples.start);
    assert_eq!(
        totals.len() as u128,
        u128::from(count) * components as u128,
        "a total for each component of each sample"
    );
    totals.fill(0);
    if totals.is_empty() {
        return;
    }
    for first in (0..components).step_by(MOST_COMPONENTS) {
        let stripe = Stripe { table, place, first, components: MOST_COMPONENTS.min(components - first) };
        let magnitude = stripe.magnitude();
        for (group, totals) in totals.chunks_mut(GROUP * components).enumerate() {
            let start = samples.start + (group * GROUP) as u64;
            let numbers = start..start + (totals.len() / components) as u64;
            let begin = |segment| begin(segment, numbers.clone());
            let add = if magnitude <= i32::MAX as u64 / ROOM {
                with_width::<R, i32>
            } else if magnitude <= i64::MAX as u64 / ROOM {
                with_width::<R, i64>
            } else {
                with_width::<R, i128>
            };
            add(stripe, magnitude, totals, &begin, cancel);
        }
    }
}

/// Picks the code for this number of components.
fn with_width<R: Resample, T: Integer>(
    stripe: Stripe<'_>,
    magnitude: u64,
    totals: &mut [i128],
    begin: &dyn Fn(usize) -> R,
    cancel: &CancelFlag,
) {
    let add = match stripe.components.div_ceil(8) {
        1 | 2 => add_up::<R, T, 16>,
        3 => add_up::<R, T, 24>,
        4 => add_up::<R, T, 32>,
        _ => add_up::<R, T, MOST_COMPONENTS>,
    };
    add(stripe, magnitude, totals, begin, cancel);
}

fn add_up<R: Resample, T: Integer, const W: usize>(
    stripe: Stripe<'_>,
    magnitude: u64,
    totals: &mut [i128],
    begin: &dyn Fn(usize) -> R,
    cancel: &CancelFlag,
) {
    let mut sums = Sums::<T, W>::new(stripe, magnitude, totals);
    for segment in stripe.place.segments(stripe.table.rows()) {
        begin(segment).add(stripe.place.segment(segment), &mut sums, cancel);
    }
    sums.flush();
}

/// Some neighbouring components of a table.
#[derive(Clone, Copy)]
struct Stripe<'t> {
    table: Table<'t>,
    place: Place,
    first: usize,
    components: usize,
}

impl Stripe<'_> {
    /// The rows from `start` on.
    fn rows(&self, start: usize) -> impl Iterator<Item = &[i64]> {
        let rows = self.table.values[start * self.table.components..].chunks_exact(self.table.components);
        rows.map(|row| &row[self.first..][..self.components])
    }

    /// The largest magnitude of any value.
    fn magnitude(&self) -> u64 {
        self.rows(0).flatten().map(|value| value.unsigned_abs()).max().unwrap_or(0)
    }

    /// Copies rows, the first of which has number `start` among all rows. Those that the table doesn't have are zeros.
    /// What the components behind the stripe's hold means nothing.
    fn copy<T: Integer, const W: usize>(&self, start: usize, block: &mut [[T; W]]) {
        let before = self.place.first.saturating_sub(start).min(block.len());
        let (missing, block) = block.split_at_mut(before);
        missing.fill([T::ZERO; W]);
        let at = (start + before).saturating_sub(self.place.first).min(self.table.rows());
        let there = block.len().min(self.table.rows() - at);
        for (copy, row) in block.iter_mut().zip(self.rows(at)) {
            for (copy, &value) in copy.iter_mut().zip(row) {
                *copy = T::of(value);
            }
        }
        block[there..].fill([T::ZERO; W]);
    }
}

/// Integers to add in.
trait Integer: Copy + Add<Output = Self> + AddAssign + Into<i128> {
    const ZERO: Self;
    const MAX: u128;

    /// The value, of a magnitude that fits.
    fn of(value: i64) -> Self;
}

macro_rules! integers {
    ($($type:ty)*) => {$(
        impl Integer for $type {
            const ZERO: Self = 0;
            const MAX: u128 = <$type>::MAX as u128;

            fn of(value: i64) -> Self {
                value as $type
            }
        }
    )*};
}
integers!(i32 i64 i128);

/// Rows that are added at once.
const BATCH: usize = 8;

/// Adds rows to a sum. It stays in memory, since compilers do not keep an array in vector registers across a loop;
/// so many rows make up for the way there and back.
#[inline(always)]
fn add_rows<T: Integer, const W: usize>(sum: &mut [T; W], rows: [&[T; W]; BATCH]) {
    for lane in 0..W {
        for row in rows {
            sum[lane] += row[lane];
        }
    }
}

/// The sums of each sample in narrow integers, and the totals that they move to.
struct Sums<'a, T, const W: usize> {
    narrow: Vec<[T; W]>,
    /// How many more rows can be added to each of them.
    room: u64,
    /// How many can be added to none.
    all_room: u64,
    stripe: Stripe<'a>,
    totals: &'a mut [i128],
}

impl<'a, T: Integer, const W: usize> Sums<'a, T, W> {
    fn new(stripe: Stripe<'a>, magnitude: u64, totals: &'a mut [i128]) -> Self {
        let narrow = vec![[T::ZERO; W]; totals.len() / stripe.table.components];
        let room = u64::try_from(T::MAX / u128::from(magnitude.max(1))).unwrap_or(u64::MAX);
        Self { narrow, room, all_room: room, stripe, totals }
    }

    /// The sums, to each of which up to `rows` rows, at most [`ROOM`], will be added.
    fn with_room(&mut self, rows: u64) -> &mut [[T; W]] {
        if rows > self.room {
            self.flush();
        }
        self.room -= rows;
        &mut self.narrow
    }

    fn flush(&mut self) {
        for (totals, sum) in self.totals.chunks_exact_mut(self.stripe.table.components).zip(&mut self.narrow) {
            for (total, value) in totals[self.stripe.first..][..self.stripe.components].iter_mut().zip(*sum) {
                *total += value.into();
            }
            *sum = [T::ZERO; W];
        }
        self.room = self.all_room;
    }
}

// ---- bootstrap

/// Rows of a block: in 32-bit integers they take at most 20 KiB. A power of two, of which a byte can number all.
const BLOCK: usize = 128;

/// The number of a row of zeros behind a block: the one that fills up a batch.
const NO_ROW: u8 = BLOCK as u8;

/// The rows of a block, and rows of zeros up to the highest number of a byte, so that none need be checked.
type Block<T, const W: usize> = [[T; W]; 1 << u8::BITS];

struct Bootstrap {
    streams: Vec<Stream<8>>,
    /// How many draws each sample has in the segment.
    draws: Vec<u64>,
}

impl Resample for Bootstrap {
    fn add<T: Integer, const W: usize>(
        mut self,
        segment: Range<usize>,
        sums: &mut Sums<'_, T, W>,
        cancel: &CancelFlag,
    ) {
        let mut bootstrap = Draws { streams: &mut self.streams, sums, block: Box::new([[T::ZERO; W]; _]), cancel };
        let (mut start, end, mut draws) = (segment.start, segment.end, self.draws);
        while start < end {
            let length = 1 << (end - start).ilog2();
            let others = bootstrap.split(&mut draws, length, end - start);
            bootstrap.stretch(start, length, draws);
            draws = others;
            start += length;
        }
    }
}

/// What it takes to make draws.
struct Draws<'a, 't, T, const W: usize> {
    streams: &'a mut [Stream<8>],
    sums: &'a mut Sums<'t, T, W>,
    block: Box<Block<T, W>>,
    cancel: &'a CancelFlag,
}

impl<T: Integer, const W: usize> Draws<'_, '_, T, W> {
    /// Leaves of each sample's draws from `whole` rows those that fall into the first `part`, and returns the others.
    fn split(&mut self, draws: &mut [u64], part: usize, whole: usize) -> Vec<u64> {
        let mut others = vec![0; draws.len()];
        vectorised(Split { streams: self.streams, draws, others: &mut others, part: part as u64, whole: whole as u64 });
        others
    }

    /// Makes each sample's draws from `length` rows, a power of two.
    fn stretch(&mut self, start: usize, length: usize, mut draws: Vec<u64>) {
        if self.cancel.load(Ordering::Relaxed) {
            return;
        }
        if length > BLOCK {
            let half = length / 2;
            let others = self.split(&mut draws, half, length);
            self.stretch(start, half, draws);
            self.stretch(start + half, half, others);
            return;
        }
        self.sums.stripe.copy(start, &mut self.block[..length]);
        loop {
            let most = draws.iter().max().map_or(0, |&most| most.min(ROOM));
            if most == 0 {
                break;
            }
            let sums = self.sums.with_room(most);
            vectorised(DrawRows { streams: self.streams, draws: &mut draws, block: &self.block, length, sums });
        }
    }
}

struct Split<'a> {
    streams: &'a mut [Stream<8>],
    draws: &'a mut [u64],
    others: &'a mut [u64],
    part: u64,
    whole: u64,
}

impl Work for Split<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for ((stream, draws), others) in self.streams.iter_mut().zip(self.draws).zip(self.others) {
            let first = stream.binomial(*draws, self.part, self.whole);
            *others = *draws - first;
            *draws = first;
        }
    }
}

/// Makes up to [`ROOM`] draws of each sample from the first `length` rows of a block.
struct DrawRows<'a, T, const W: usize> {
    streams: &'a mut [Stream<8>],
    draws: &'a mut [u64],
    block: &'a Block<T, W>,
    length: usize,
    sums: &'a mut [[T; W]],
}

impl<T: Integer, const W: usize> Work for DrawRows<'_, T, W> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let mask = (self.length - 1) as u8;
        for ((stream, draws), total) in self.streams.iter_mut().zip(self.draws).zip(self.sums) {
            let mut sum = *total;
            let mut left = (*draws).min(ROOM);
            *draws -= left;
            while left > 0 {
                let mut numbers = stream.next_bytes();
                let count = left.min(numbers.len() as u64) as u8;
                for (place, number) in numbers.iter_mut().enumerate() {
                    *number = if (place as u8) < count { *number & mask } else { NO_ROW };
                }
                let batches = numbers.as_chunks::<BATCH>().0;
                for batch in batches.iter().take(usize::from(count).div_ceil(BATCH)) {
                    add_rows(&mut sum, batch.map(|number| &self.block[usize::from(number)]));
                }
                left -= u64::from(count);
            }
            *total = sum;
        }
    }
}

// ---- approximate randomisation

/// Rows that take part together or not at all are summed beforehand, so many at a time.
const SUBSET: usize = 4;

/// The sums of all subsets of as many rows.
type SubsetSums<T, const W: usize> = [[T; W]; 1 << SUBSET];

/// Subsets whose coins are the bits of a word.
const SUBSETS: usize = u64::BITS as usize / SUBSET;

struct Randomization {
    streams: Vec<Stream<1>>,
}

impl Resample for Randomization {
    fn add<T: Integer, const W: usize>(
        mut self,
        segment: Range<usize>,
        sums: &mut Sums<'_, T, W>,
        cancel: &CancelFlag,
    ) {
        let mut subsets = Box::new([[[T::ZERO; W]; _]; _]);
        for start in segment.step_by(SUBSETS * SUBSET) {
            if cancel.load(Ordering::Relaxed) {
                return;
            }
            let mut rows = [[T::ZERO; W]; SUBSETS * SUBSET];
            sums.stripe.copy(start, &mut rows);
            for (subset, rows) in subsets.iter_mut().zip(rows.as_chunks::<SUBSET>().0) {
                *subset = subset_sums(rows);
            }
            let sums = sums.with_room((SUBSETS * SUBSET) as u64);
            vectorised(TossCoins { streams: &mut self.streams, subsets: &subsets, sums });
        }
    }
}

/// The sum of each subset: its number has the bits of the rows that are in it.
fn subset_sums<T: Integer, const W: usize>(rows: &[[T; W]; SUBSET]) -> SubsetSums<T, W> {
    let mut sums = [[T::ZERO; W]; 1 << SUBSET];
    for subset in 1..sums.len() {
        let (others, row) = (sums[subset & (subset - 1)], rows[subset.trailing_zeros() as usize]);
        sums[subset] = std::array::from_fn(|lane| others[lane] + row[lane]);
    }
    sums
}

/// Tosses the coins of 64 rows for each trial.
struct TossCoins<'a, T, const W: usize> {
    streams: &'a mut [Stream<1>],
    subsets: &'a [SubsetSums<T, W>; SUBSETS],
    sums: &'a mut [[T; W]],
}

impl<T: Integer, const W: usize> Work for TossCoins<'_, T, W> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (stream, total) in self.streams.iter_mut().zip(self.sums) {
            let mut sum = *total;
            let [coins] = stream.next();
            for (number, subsets) in self.subsets.as_chunks::<BATCH>().0.iter().enumerate() {
                let coins = coins >> (number * BATCH * SUBSET);
                add_rows(
                    &mut sum,
                    std::array::from_fn(|subset| {
                        &subsets[subset][(coins >> (SUBSET * subset)) as usize % (1 << SUBSET)]
                    }),
                );
            }
            *total = sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// More draws from one block than its sums have room for: it hardly ever comes to that.
    #[test]
    fn draws_beyond_the_room() {
        for (draws, value) in [(10_000, i32::MAX as i64 / ROOM as i64), (3 * ROOM, 9), (ROOM + 1, 1)] {
            for length in [1, 4, BLOCK] {
                let values = vec![value; length];
                let mut totals = [0; 2];
                let table = Table { values: &values, components: 1 };
                let place = Place { first: 0, rows: length };
                let stripe = Stripe { table, place, first: 0, components: 1 };
                let mut sums = Sums::<i32, 16>::new(stripe, value as u64, &mut totals);
                let mut streams = [Stream::new(1, 1), Stream::new(1, 2)];
                let (block, never) = (Box::new([[0; 16]; _]), CancelFlag::new(false));
                Draws { streams: &mut streams, sums: &mut sums, block, cancel: &never }.stretch(
                    0,
                    length,
                    vec![draws, 7],
                );
                sums.flush();
                assert_eq!(totals, [draws as i128 * i128::from(value), 7 * i128::from(value)]);
            }
        }
    }
}
