//! The edits of the translation edit rate: shifts of whole phrases, then the edit distance of what they leave.
//!
//! Snover et al. 2006, "A study of translation edit rate with targeted human annotation", with the limits that
//! Tercom set and sacreBLEU 2.6.0 refined; [`crate::naive::ter_edits`] says them one by one. A round aligns the texts,
//! lists the shifts that may help and takes the best; the last round takes none. Here that is done so:
//!
//! * *List before measuring.* A round that reaches [`MAX_CANDIDATES`] takes no shift, so nothing need be measured in
//!   it. And no order of the words brings the distance below the longer length less the tokens in common:
//!   where that is reached, the search is over.
//! * *Best rank first.* Shifts of equal gain rank by length, start and target. They are measured in that order, each
//!   once, until one gains all that can be gained.
//! * *The beam is a machine word.* Around the pseudo-diagonal the beam has 50 cells. A row of the distance table
//!   is kept as two words that say where it rises and falls by one, and a token takes it to the next row
//!   in a dozen instructions (Myers 1999, "A fast bit-vector algorithm for approximate string matching", as Hyyrö
//!   2003 lets it slide along the diagonal). What the beam leaves out is given values that are never chosen.
//! * *Only what moved is measured.* A shift leaves the rows before it as they are, and behind it rows end up as
//!   they were, up to a constant: from there on nothing is new.
//!
//! Cost: |hypothesis| steps for an alignment, fewer than [`MAX_CANDIDATES`] shifts in all, each of as many steps as
//! rows change. When the reference is over 50 times as long as the hypothesis the beam is wider, and
//! a row is kept number by number.

use std::sync::atomic::Ordering;

use crate::buffers;
use crate::edit::{self, Chunk, Kind};
use crate::fact::{Fact, TokenPair};
use crate::held::hold_nothing;
use crate::simd::{Work, vectorised};
use crate::{CancelFlag, STEPS_PER_CANCEL_CHECK};

/// The longest phrase that is shifted, in words.
const MAX_SHIFT_LENGTH: usize = 10;

/// The farthest that a phrase may stand from its match in the reference.
const MAX_SHIFT_DISTANCE: usize = 50;

/// The search ends with the round in which this many shifts have been listed.
const MAX_CANDIDATES: usize = 1000;

/// How many cells to either side of the pseudo-diagonal are filled in.
const BEAM_WIDTH: usize = 25;

/// The most mask words that are laid out, half a megabyte: beyond, masks are made from positions when needed.
const MAX_MASK_WORDS: usize = 1 << 16;

hold_nothing!(Candidate, Shift, Window, Row, Choice);

buffers! {
    /// Buffers, kept by the caller so that a pair allocates nothing.
    pub struct Scratch {
        words: Vec<u32>,
        occurrences: Occurrences,
        alignment: Alignment,
        candidates: Vec<Candidate>,
        sliding: Sliding,
        wide: Wide,
        shifts: Vec<Shift>,
    }
}

/// The edits of the translation edit rate, shifts among them, that make the reference of the hypothesis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShiftEdits(pub u32);

impl Fact for ShiftEdits {
    type Need = bool;
    type Scratch = Scratch;

    #[inline]
    fn measure(_: bool, pair: TokenPair<'_>, scratch: &mut Scratch, cancel: &CancelFlag) -> Self {
        Self(edits(pair.ids.hypothesis, pair.ids.reference, scratch, cancel))
    }
}

/// The number of edits, shifts among them, that make `reference` of `hypothesis`: what sacreBLEU 2.6.0 counts.
///
/// Hypothesis ids are 1 and up; a reference token that the hypothesis lacks has the id 0, whatever it is.
pub fn edits(hypothesis: &[u32], reference: &[u32], scratch: &mut Scratch, cancel: &CancelFlag) -> u32 {
    let Scratch { words, occurrences, alignment, candidates, sliding, wide, shifts } = scratch;
    shifts.clear();
    if hypothesis.is_empty() || reference.is_empty() {
        return (hypothesis.len() + reference.len()) as u32;
    }
    words.clear();
    words.extend_from_slice(hypothesis);
    let common = occurrences.build(hypothesis, reference);
    let occurrences = &*occurrences;
    let least = (hypothesis.len().max(reference.len()) - common) as u32;
    let beam = Beam::new(hypothesis.len(), reference.len());
    let watch = Watch { cancel, steps: 0 };
    if beam.width == BEAM_WIDTH {
        sliding.build(beam);
        let table = SlidingTable { occurrences, buffers: sliding, beam };
        vectorised(Search { words, reference, occurrences, alignment, candidates, shifts, least, table, watch })
    } else {
        let table = WideTable { reference, buffers: wide, beam };
        Search { words, reference, occurrences, alignment, candidates, shifts, least, table, watch }.run()
    }
}

/// What [`edits`] counts, one by one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// The shifts in order: what stands at `from..middle` of the hypothesis, as the shifts before have left it, changes
    /// places with what stands at `middle..end`.
    pub shifts: Vec<Shift>,
    /// What makes the shifted hypothesis of the reference.
    pub chunks: Vec<Chunk>,
}

/// What makes `reference` of `hypothesis`, as [`edits`] counts it; the same ids. Means nothing if `cancel` was set
/// meanwhile.
pub fn script(hypothesis: &[u32], reference: &[u32], scratch: &mut Scratch, cancel: &CancelFlag) -> Script {
    edits(hypothesis, reference, scratch, cancel);
    let Scratch { words, occurrences, sliding, wide, shifts, .. } = scratch;
    let beam = Beam::new(hypothesis.len(), reference.len());
    // The search may have left the table as another shift would have it.
    let steps = if hypothesis.is_empty() || reference.is_empty() {
        let all = [(Kind::Delete, reference.len()), (Kind::Insert, hypothesis.len())];
        all.into_iter().flat_map(|(kind, count)| std::iter::repeat_n(kind, count)).collect()
    } else if beam.width == BEAM_WIDTH {
        traced(SlidingTable { occurrences, buffers: sliding, beam }, words, reference)
    } else {
        traced(WideTable { reference, buffers: wide, beam }, words, reference)
    };
    Script { shifts: shifts.clone(), chunks: edit::chunks_of(steps) }
}

/// What becomes of each token on the way from the reference to the hypothesis.
fn traced(mut table: impl Table, words: &[u32], reference: &[u32]) -> Vec<Kind> {
    table.fill(words);
    let (mut i, mut j) = (words.len(), reference.len());
    let mut steps = Vec::with_capacity(i.max(j));
    while i > 0 || j > 0 {
        let choice = match (i, j) {
            (0, _) => Choice::Insert,
            (_, 0) => Choice::Delete,
            _ => table.choice(i, j),
        };
        steps.push(match choice {
            Choice::Pair if words[i - 1] == reference[j - 1] => Kind::Equal,
            Choice::Pair => Kind::Substitute,
            // The way is the other one: what is inserted here is missing in the hypothesis.
            Choice::Insert => Kind::Delete,
            Choice::Delete => Kind::Insert,
        });
        i -= usize::from(choice != Choice::Insert);
        j -= usize::from(choice != Choice::Delete);
    }
    steps.reverse();
    steps
}

/// Counts steps, to look at the flag only now and then.
struct Watch<'a> {
    cancel: &'a CancelFlag,
    steps: usize,
}

impl Watch<'_> {
    #[inline]
    fn cancelled(&mut self, steps: usize) -> bool {
        self.steps += steps;
        if self.steps < STEPS_PER_CANCEL_CHECK {
            return false;
        }
        self.steps = 0;
        self.cancel.load(Ordering::Relaxed)
    }
}

buffers! {
    /// Where each token stands in the reference.
    struct Occurrences {
        /// The positions of token `id` are `positions[starts[id]..starts[id + 1]]`, ascending.
        starts: Vec<u32>,
        positions: Vec<u32>,
        cursors: Vec<u32>,
        /// `stride` words a token, the last of which is empty: its positions as bits. None if that takes too much.
        masks: Vec<u64>,
        stride: usize,
    }
}

impl Occurrences {
    /// Finds them for the tokens of `hypothesis`; returns how many tokens the two texts have in common.
    fn build(&mut self, hypothesis: &[u32], reference: &[u32]) -> usize {
        let Self { starts, positions, cursors, masks, stride } = self;
        let ids = 1 + hypothesis.iter().max().map_or(0, |&id| id as usize);
        // Count the positions of each id, then place them: a counting sort by id.
        starts.clear();
        starts.resize(ids + 1, 0);
        reference.iter().for_each(|&id| starts[id as usize + 1] += 1);
        (0..ids).for_each(|id| starts[id + 1] += starts[id]);
        cursors.clear();
        cursors.extend_from_slice(&starts[..ids]);
        positions.clear();
        positions.resize(reference.len(), 0);
        for (position, &id) in reference.iter().enumerate() {
            positions[cursors[id as usize] as usize] = position as u32;
            cursors[id as usize] += 1;
        }
        *stride = reference.len().div_ceil(64) + 1;
        masks.clear();
        if ids.saturating_mul(*stride) <= MAX_MASK_WORDS {
            masks.resize(ids * *stride, 0);
            for (position, &id) in reference.iter().enumerate() {
                masks[id as usize * *stride + position / 64] |= 1 << (position % 64);
            }
        }
        let in_common = |&&id: &&u32| {
            let cursor = &mut cursors[id as usize];
            let left = *cursor > starts[id as usize];
            *cursor -= u32::from(left);
            left
        };
        hypothesis.iter().filter(in_common).count()
    }

    #[inline]
    fn of(&self, id: u32) -> &[u32] {
        &self.positions[self.starts[id as usize] as usize..self.starts[id as usize + 1] as usize]
    }

    /// Its positions from `first` on.
    #[inline]
    fn from(&self, id: u32, first: usize) -> &[u32] {
        let positions = self.of(id);
        match positions.first() {
            Some(&position) if (position as usize) < first => {
                &positions[positions.partition_point(|&position| (position as usize) < first)..]
            }
            _ => positions,
        }
    }

    /// Its positions among the 64 from `first` on, as bits.
    #[inline(always)]
    fn mask(&self, id: u32, first: usize) -> u64 {
        if self.masks.is_empty() {
            return self.gathered_mask(id, first);
        }
        let (word, bit) = (id as usize * self.stride + first / 64, first % 64);
        (self.masks[word] >> bit) | (self.masks[word + 1] << 1 << (63 - bit))
    }

    #[inline(never)]
    fn gathered_mask(&self, id: u32, first: usize) -> u64 {
        let offsets = self.from(id, first).iter().map(|&position| position as usize - first);
        offsets.take_while(|&offset| offset < 64).fold(0, |mask, offset| mask | 1 << offset)
    }
}

/// Which cells of the distance table are filled in: rows stand for the first words of the hypothesis, columns for those
/// of the reference.
///
/// Each row begins at or before the end of the row above: the pseudo-diagonal takes steps of at most
/// `ceil(ratio)` cells, and a row has at least as many. So each cell of the beam can be reached, and a trace from the
/// last cell stays in it. (Rounding could widen a step only in texts of over ten million words. Rows are then
/// taken to rise across the gap.)
#[derive(Clone, Copy)]
struct Beam {
    hypothesis: usize,
    reference: usize,
    ratio: f64,
    width: usize,
}

impl Beam {
    fn new(hypothesis: usize, reference: usize) -> Self {
        let ratio = reference as f64 / hypothesis as f64;
        let usual = BEAM_WIDTH as f64;
        let width = if usual < ratio / 2.0 { (ratio / 2.0 + usual).ceil() as usize } else { BEAM_WIDTH };
        Self { hypothesis, reference, ratio, width }
    }

    /// The first column of row `i` and the one behind its last.
    fn bounds(&self, i: usize) -> (usize, usize) {
        if i == 0 {
            return (0, self.reference + 1);
        }
        let diagonal = (i as f64 * self.ratio).floor() as usize;
        let end = if i == self.hypothesis { usize::MAX } else { diagonal + self.width };
        (diagonal.saturating_sub(self.width), end.min(self.reference + 1))
    }
}

/// How a cell came by its distance. Of equal ways the first is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Choice {
    /// From the cell up and left: a word is kept or substituted.
    Pair,
    /// From above: a word of the hypothesis goes.
    Delete,
    /// From the left: a word of the reference comes.
    Insert,
}

/// A way to fill in the beam.
trait Table {
    /// The distance of `words`, whose table [`Self::choice`] then tells of.
    fn fill(&mut self, words: &[u32]) -> u32;

    /// The choice at a cell of the beam, neither in the first row nor in the first column.
    fn choice(&self, i: usize, j: usize) -> Choice;

    /// The distance of `words`, the last to be filled in, after a shift; and how many steps that took.
    fn fill_shifted(&mut self, words: &[u32], shift: Shift) -> (u32, usize);
}

buffers! {
    /// What the rules for shifts ask of an alignment.
    struct Alignment {
        /// `targets[r]`: where a phrase goes so that it follows what the reference's first r words are aligned with.
        targets: Vec<u32>,
        /// How many words from each word of the hypothesis on are right.
        hypothesis: Vec<u8>,
        /// How many words from each word of the reference on are right.
        reference: Vec<u8>,
    }
}

impl Alignment {
    /// Reads it off a filled table.
    #[inline]
    fn trace(&mut self, table: &impl Table, words: &[u32], reference: &[u32]) {
        let Self { targets, hypothesis: right_words, reference: right_in_reference } = self;
        let (mut i, mut j) = (words.len(), reference.len());
        targets.resize(j + 1, 0);
        right_words.resize(i, 0);
        right_in_reference.resize(j, 0);
        let (mut right_after_i, mut right_after_j) = (u8::MAX, u8::MAX);
        while i > 0 || j > 0 {
            let choice = match (i, j) {
                (0, _) => Choice::Insert,
                (_, 0) => Choice::Delete,
                _ => table.choice(i, j),
            };
            targets[j] = i as u32;
            let right = choice == Choice::Pair && words[i - 1] == reference[j - 1];
            if choice != Choice::Insert {
                i -= 1;
                right_after_i = if right { right_after_i.saturating_add(1) } else { 0 };
                right_words[i] = right_after_i;
            }
            if choice != Choice::Delete {
                j -= 1;
                right_after_j = if right { right_after_j.saturating_add(1) } else { 0 };
                right_in_reference[j] = right_after_j;
            }
        }
        targets[0] = 0;
    }
}

/// A shift as the rules list it, ordered by rank among shifts of equal gain.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    /// How much shorter the phrase is than the longest allowed.
    shortness: u32,
    start: u32,
    target: u32,
}

/// The words at `from..middle` and those at `middle..end` change places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Where the first of them begin,
    pub from: usize,
    /// where they end and the others begin,
    pub middle: usize,
    /// and where those end.
    pub end: usize,
}

impl Shift {
    /// What the rules make of it in a text of so many words.
    fn new(start: usize, length: usize, target: usize, words: usize) -> Self {
        let behind = start + length;
        if target < start {
            return Self { from: target, middle: start, end: behind };
        }
        // A target within the phrase or right behind it moves the phrase on by its distance from the start.
        let end = if target > behind { target } else { (target + length).min(words) };
        Self { from: start, middle: behind, end }
    }

    fn moves_nothing(self) -> bool {
        self.middle == self.end
    }

    fn apply(self, words: &mut [u32]) {
        words[self.from..self.end].rotate_left(self.middle - self.from);
    }
}

struct Search<'a, T> {
    /// The hypothesis, shifted as far as is known.
    words: &'a mut [u32],
    reference: &'a [u32],
    occurrences: &'a Occurrences,
    alignment: &'a mut Alignment,
    candidates: &'a mut Vec<Candidate>,
    /// Those that were taken.
    shifts: &'a mut Vec<Shift>,
    /// No order of the words has a smaller distance.
    least: u32,
    table: T,
    watch: Watch<'a>,
}

impl<T: Table> Work for Search<'_, T> {
    type Output = u32;

    #[inline(always)]
    fn run(mut self) -> u32 {
        let mut listed = 0;
        loop {
            let distance = self.table.fill(self.words);
            let edits = self.shifts.len() as u32 + distance;
            if distance == self.least {
                return edits;
            }
            if self.watch.cancelled(2 * self.words.len()) {
                return edits;
            }
            self.alignment.trace(&self.table, self.words, self.reference);
            listed += self.list(MAX_CANDIDATES - listed);
            if listed >= MAX_CANDIDATES {
                return edits;
            }
            let Some(best) = self.best(distance) else {
                return edits;
            };
            best.apply(self.words);
            self.shifts.push(best);
        }
    }
}

impl<T: Table> Search<'_, T> {
    /// Lists the shifts of this round, and counts them as the rules do: up to `most`, one that changes nothing too,
    /// and each as often as it is come by.
    #[inline]
    fn list(&mut self, most: usize) -> usize {
        let Self { words, reference, occurrences, candidates, watch, .. } = self;
        let Alignment { targets, hypothesis: right_words, reference: right_in_reference } = &*self.alignment;
        candidates.clear();
        let mut count = 0;
        for start in 0..words.len() {
            // The phrase must hold a wrong word of the hypothesis, and its match one of the reference.
            let right = usize::from(right_words[start]);
            if right >= MAX_SHIFT_LENGTH {
                continue;
            }
            let matches = occurrences.from(words[start], start.saturating_sub(MAX_SHIFT_DISTANCE));
            for &position in matches {
                let position = position as usize;
                if position > start + MAX_SHIFT_DISTANCE {
                    break;
                }
                let shortest = 1 + right.max(usize::from(right_in_reference[position]));
                let target = targets[position + 1] as usize;
                // The phrase must not hold the word that its match is aligned with.
                let apart = if target > start { target - start - 1 } else { MAX_SHIFT_LENGTH };
                let longest = apart.min(MAX_SHIFT_LENGTH);
                if shortest > longest {
                    continue;
                }
                let pairs = words[start..].iter().zip(&reference[position..]);
                let length = pairs.take(longest).take_while(|(a, b)| a == b).count();
                for length in shortest..=length {
                    let mut last = None;
                    for &target in &targets[position..=position + length] {
                        if last == Some(target) {
                            continue;
                        }
                        last = Some(target);
                        count += 1;
                        if !Shift::new(start, length, target as usize, words.len()).moves_nothing() {
                            let shortness = (MAX_SHIFT_LENGTH - length) as u32;
                            candidates.push(Candidate { shortness, start: start as u32, target });
                        }
                    }
                }
                if count >= most {
                    return count;
                }
            }
            if watch.cancelled(1 + MAX_SHIFT_LENGTH * matches.len().min(2 * MAX_SHIFT_DISTANCE + 1)) {
                return most;
            }
        }
        candidates.sort_unstable();
        candidates.dedup();
        count
    }

    /// The listed shift that takes most off `distance`, if one takes anything.
    #[inline(always)]
    fn best(&mut self, distance: u32) -> Option<Shift> {
        let mut best = None;
        let mut gain = 0;
        for candidate in &*self.candidates {
            let length = MAX_SHIFT_LENGTH - candidate.shortness as usize;
            let shift = Shift::new(candidate.start as usize, length, candidate.target as usize, self.words.len());
            let (shifted, steps) = self.table.fill_shifted(self.words, shift);
            if shifted + gain < distance {
                (best, gain) = (Some(shift), distance - shifted);
                if shifted == self.least {
                    break;
                }
            }
            if self.watch.cancelled(steps) {
                return None;
            }
        }
        best
    }
}

/// A row of the table. Bit k stands for the column at `first + k` of the row's [`Window`].
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Differences {
    /// Where the distance is one more than in the column before.
    rises: u64,
    /// Where it is one less.
    falls: u64,
}

/// A row as the alignment needs it.
#[derive(Clone, Copy, Default)]
struct Row {
    after: Differences,
    /// The distance in the column before the window.
    before: u32,
    /// Where the word of the hypothesis equals that of the reference.
    equal: u64,
    /// Where the choice is [`Choice::Pair`].
    pair: u64,
    /// Where, if it is not that, it is [`Choice::Delete`].
    delete: u64,
}

/// How the beam lies in a row, and how from the row above.
#[derive(Clone, Copy, Default)]
struct Window {
    /// The first column but column 0.
    first: usize,
    /// How many columns further on than in the row above.
    slide: u32,
    /// Whether the cell up and left of the first column is outside the beam.
    walled: bool,
    /// The columns of which the cell above is in the beam.
    above: u64,
    /// The columns of which the cell up and left is.
    diagonal: u64,
}

buffers! {
    /// Buffers of [`SlidingTable`].
    struct Sliding {
        windows: Vec<Window>,
        rows: Vec<Row>,
    }
}

impl Sliding {
    /// Lays the windows of `beam`.
    fn build(&mut self, beam: Beam) {
        let Self { windows, rows } = self;
        windows.clear();
        windows.push(Window { first: 1, ..Window::default() });
        let (mut begin_above, mut end_above, mut first_above) = (0, beam.reference + 1, 1);
        for i in 1..=beam.hypothesis {
            let (begin, end) = beam.bounds(i);
            let first = begin.max(1);
            let walled = first == begin_above;
            windows.push(Window {
                first,
                slide: (first - first_above) as u32,
                walled,
                above: low(end_above.saturating_sub(first)),
                diagonal: low((end_above + 1).saturating_sub(first)) & !u64::from(walled),
            });
            (begin_above, end_above, first_above) = (begin, end, first);
        }
        rows.resize(beam.hypothesis + 1, Row::default());
        rows[0] = Row { after: Differences { rises: u64::MAX, falls: 0 }, ..Row::default() };
    }
}

/// The lowest `count` bits.
#[inline(always)]
fn low(count: usize) -> u64 {
    if count >= 64 { u64::MAX } else { (1 << count) - 1 }
}

/// A table whose rows are machine words.
struct SlidingTable<'a> {
    occurrences: &'a Occurrences,
    buffers: &'a mut Sliding,
    beam: Beam,
}

/// Takes a row one word further. Returns it, and what the choices are read from: where the row above falls, and where
/// the distance is that of the cell up and left.
#[inline(always)]
fn step(window: &Window, row: Differences, before: &mut u32, equal: u64) -> (Differences, u64, u64) {
    let Differences { mut rises, mut falls } = row;
    if window.slide > 0 {
        let passed = low(window.slide as usize);
        *before = *before + (rises & passed).count_ones() - (falls & passed).count_ones();
        // The first row rises without end.
        (rises, falls) = (!(!rises >> window.slide), falls >> window.slide);
    }
    // Right of the beam the row above rises, so that coming from there is never better than from the left.
    rises |= !window.above;
    falls &= window.above;
    if window.walled {
        // Left of it the row above is one higher, so that coming from there is never better than from above.
        *before += 1 + (rises & 1) as u32 - (falls & 1) as u32;
        rises &= !1;
        falls |= 1;
    }
    let level = (((equal & rises).wrapping_add(rises)) ^ rises) | equal | falls;
    let (grows, shrinks) = (falls | !(level | rises), rises & level);
    let (grows, shrinks) = (grows << 1 | 1, shrinks << 1);
    *before += 1;
    (Differences { rises: shrinks | !(level | grows), falls: grows & level }, falls, level)
}

impl SlidingTable<'_> {
    /// The distance in the last cell.
    #[inline(always)]
    fn last(&self, row: Differences, before: u32) -> u32 {
        let there = low(self.beam.reference + 1 - self.buffers.windows[self.beam.hypothesis].first);
        before + (row.rises & there).count_ones() - (row.falls & there).count_ones()
    }
}

impl Table for SlidingTable<'_> {
    #[inline(always)]
    fn fill(&mut self, words: &[u32]) -> u32 {
        let Sliding { windows, rows } = &mut *self.buffers;
        let Row { after: mut row, mut before, .. } = rows[0];
        for ((window, &word), store) in windows[1..].iter().zip(words).zip(&mut rows[1..]) {
            let equal = self.occurrences.mask(word, window.first - 1) & window.diagonal;
            let (after, delete, level) = step(window, row, &mut before, equal);
            row = after;
            *store = Row { after, before, equal, pair: (equal | !level) & window.diagonal, delete };
        }
        self.last(row, before)
    }

    #[inline]
    fn choice(&self, i: usize, j: usize) -> Choice {
        let bit = 1_u64.wrapping_shl(j.wrapping_sub(self.buffers.windows[i].first) as u32);
        let row = &self.buffers.rows[i];
        if row.pair & bit != 0 {
            Choice::Pair
        } else if row.delete & bit != 0 {
            Choice::Delete
        } else {
            Choice::Insert
        }
    }

    #[inline(always)]
    fn fill_shifted(&mut self, words: &[u32], Shift { from, middle, end }: Shift) -> (u32, usize) {
        let Sliding { windows, rows } = &*self.buffers;
        let Row { after: mut row, mut before, .. } = rows[from];
        let moved = words[middle..end].iter().chain(&words[from..middle]);
        for (window, &word) in windows[from + 1..=end].iter().zip(moved) {
            let equal = self.occurrences.mask(word, window.first - 1) & window.diagonal;
            (row, ..) = step(window, row, &mut before, equal);
        }
        let unmoved = windows[end..].iter().zip(&rows[end..]).enumerate();
        for (count, (window, known)) in unmoved {
            if count > 0 {
                (row, ..) = step(window, row, &mut before, known.equal);
            }
            if row == known.after {
                // From here on it is as it was but for a constant.
                let last = rows[words.len()];
                let distance = self.last(last.after, last.before);
                return (distance + before - known.before, end - from + count);
            }
        }
        (self.last(row, before), words.len() - from)
    }
}

buffers! {
    /// Buffers of [`WideTable`].
    struct Wide {
        row: Vec<u32>,
        choices: Vec<Choice>,
        shifted: Vec<u32>,
    }
}

/// A table whose rows are numbers, for a beam that a machine word does not hold.
struct WideTable<'a> {
    reference: &'a [u32],
    buffers: &'a mut Wide,
    beam: Beam,
}

/// More than any distance, and less than what overflows.
const FAR: u32 = u32::MAX / 2;

impl Table for WideTable<'_> {
    fn fill(&mut self, words: &[u32]) -> u32 {
        let Self { reference, beam, buffers: Wide { row, choices, .. } } = self;
        row.clear();
        row.extend(0..=reference.len() as u32);
        choices.clear();
        let (mut begin_above, mut end_above) = beam.bounds(0);
        for (i, &word) in words.iter().enumerate() {
            let (begin, end) = beam.bounds(i + 1);
            choices.resize((i + 1) * 2 * beam.width, Choice::Insert);
            let choices = &mut choices[i * 2 * beam.width..];
            let mut diagonal = if begin > begin_above { row[begin - 1] } else { FAR };
            let mut left = FAR;
            for j in begin..end {
                let above = if j < end_above { row[j] } else { FAR };
                let paired = diagonal + u32::from(j == 0 || word != reference[j - 1]);
                let distance = paired.min(above + 1).min(left + 1);
                choices[j - begin] = match distance {
                    _ if distance == paired => Choice::Pair,
                    _ if distance == above + 1 => Choice::Delete,
                    _ => Choice::Insert,
                };
                (diagonal, left, row[j]) = (above, distance, distance);
            }
            (begin_above, end_above) = (begin, end);
        }
        row[reference.len()]
    }

    fn choice(&self, i: usize, j: usize) -> Choice {
        self.buffers.choices[(i - 1) * 2 * self.beam.width + j.wrapping_sub(self.beam.bounds(i).0)]
    }

    fn fill_shifted(&mut self, words: &[u32], shift: Shift) -> (u32, usize) {
        let mut shifted = std::mem::take(&mut self.buffers.shifted);
        shifted.clear();
        shifted.extend_from_slice(words);
        shift.apply(&mut shifted);
        let distance = self.fill(&shifted);
        self.buffers.shifted = shifted;
        (distance, 2 * self.beam.width * words.len())
    }
}
