//! Edit distance, and the edits themselves.
//!
//! * *A row of the distance table is bits.* Neighbouring distances differ by at most one, so a row over a pattern of n
//!   tokens is two sets of n bits: where it rises and where it falls. A token of the text takes it to the next row in a
//!   dozen instructions a word (Myers 1999, "A fast bit-vector algorithm for approximate string matching based on
//!   dynamic programming"; Hyyrö 2003, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances").
//!   Words are chained by the carry of one addition alone: it is also what the row falls by where a word ends.
//! * *Long texts keep to a band.* Of a distance that is at most k, only cells near the diagonal matter (Ukkonen 1985,
//!   "Algorithms for approximate string matching"). A tenth of the text is tried for k first, and doubled until it
//!   is enough.
//! * *Edits are traced back* from the last cell over the rows that were kept: a deletion where the row rises, else an
//!   insertion where the row above falls, else a pair of tokens. Which of the shortest scripts that is matters to
//!   measures that count hits, so it is the one of rapidfuzz 3.14.6, on which jiwer relies. Rows that would take a
//!   megabyte or more are not kept: the text is halved, and the pattern cut where the distances of the halves are
//!   least in sum (Hirschberg 1975, "A linear space algorithm for computing maximal common subsequences"), at the first
//!   such place. Of each part the common start and end are taken off again. All this is rapidfuzz's too; how wide a
//!   band is tried is not, for that changes no result.
//!
//! Cost: O(n × k / 64) word steps for texts of n tokens, twice that for the edits; memory O(n) and two megabytes of rows.

use std::sync::atomic::Ordering;

use crate::buffers;
use crate::fact::{Fact, Need, TokenPair};
use crate::held::hold_nothing;
use crate::lcs::SparseMasks;
use crate::overlap::lay_out;
use crate::pair::Texts;
use crate::simd::{Work, vectorised};
use crate::{CancelFlag, STEPS_PER_CANCEL_CHECK};

/// How often each edit is made, and how many tokens stay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Tokens that the texts have in common.
    pub hits: u32,
    /// Tokens of the reference that others stand for.
    pub substitutions: u32,
    /// Tokens of the reference that are missing.
    pub deletions: u32,
    /// Tokens of the hypothesis that are too many.
    pub insertions: u32,
}

impl Counts {
    /// Substitutions, deletions and insertions together: the distance.
    pub fn edits(self) -> u32 {
        self.substitutions + self.deletions + self.insertions
    }
}

/// What becomes of tokens of the reference on the way to the hypothesis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// They stay.
    Equal,
    /// As many others stand for them.
    Substitute,
    /// They are missing.
    Delete,
    /// There are some where there were none.
    Insert,
}

impl Kind {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Substitute => "substitute",
            Self::Delete => "delete",
            Self::Insert => "insert",
        }
    }
}

/// Consecutive tokens with the same edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// What becomes of them.
    pub kind: Kind,
    /// Where they start and end in the reference.
    pub reference: [u32; 2],
    /// Where what they become starts and ends in the hypothesis.
    pub hypothesis: [u32; 2],
}

/// One token of a script, and where it stands in either text.
#[derive(Clone, Copy)]
struct Edit {
    kind: Kind,
    reference: usize,
    hypothesis: usize,
}

/// Where a row rises and where it falls, 64 cells of it.
type Word = [u64; 2];

/// Every row rises at first.
const RISING: Word = [u64::MAX, 0];

/// The longest pattern, in words, whose rows are kept in registers and go without a band.
const MOST_WORDS: usize = 8;

/// The least distance that is tried for a band.
const LEAST_BOUND: usize = 31;

/// rapidfuzz halves texts of which the rows would take so many bytes,
const HALVED_BYTES: usize = 1 << 20;
/// if the reference has so many tokens
const HALVED_REFERENCE: usize = 65;
/// and the hypothesis so many.
const HALVED_HYPOTHESIS: usize = 10;

/// The most mask words that are laid out for every token of a vocabulary, a megabyte.
const MOST_DENSE_WORDS: usize = 1 << 17;

hold_nothing!(Edit);

buffers! {
    /// Buffers, kept by the caller so that a pair allocates nothing.
    pub struct Scratch {
        masks: Vec<u64>,
        long_masks: LongMasks,
        state: Vec<Word>,
        kept: Kept,
        right: Vec<i64>,
        edits: Vec<Edit>,
        steps: usize,
        cancelled: bool,
    }
}

impl Scratch {
    fn begin(&mut self) {
        self.edits.clear();
        self.cancelled = false;
    }
}

/// The texts without the tokens that both start with and both end with, and how many both start with.
#[inline(always)]
fn strip<'a>(reference: &'a [u32], hypothesis: &'a [u32]) -> (&'a [u32], &'a [u32], usize) {
    let start = reference.iter().zip(hypothesis).take_while(|(a, b)| a == b).count();
    let (reference, hypothesis) = (&reference[start..], &hypothesis[start..]);
    let end = reference.iter().rev().zip(hypothesis.iter().rev()).take_while(|(a, b)| a == b).count();
    (&reference[..reference.len() - end], &hypothesis[..hypothesis.len() - end], start)
}

/// What the edits of a pair come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Edits {
    /// The edit distance.
    pub distance: u32,
    /// How often each edit is made in the script that rapidfuzz finds, if that was asked for.
    pub counts: Counts,
}

/// How much of [`Edits`] is needed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum EditNeed {
    /// Nothing.
    #[default]
    Nothing,
    /// The distance.
    Distance,
    /// The distance and how often each edit is made.
    Counts,
}

impl Need for EditNeed {
    #[inline]
    fn union(self, other: Self) -> Self {
        self.max(other)
    }
}

impl Fact for Edits {
    type Need = EditNeed;
    type Scratch = Scratch;

    #[inline]
    fn measure(need: EditNeed, pair: TokenPair<'_>, scratch: &mut Scratch, cancel: &CancelFlag) -> Self {
        if need == EditNeed::Counts {
            let counts = counts(pair.ids, scratch, cancel);
            return Self { distance: counts.edits(), counts };
        }
        Self { distance: distance(pair.ids, scratch, cancel), counts: Counts::default() }
    }
}

/// The Levenshtein distance: the fewest tokens to substitute, delete and insert. Ids as in [`Texts`].
pub fn distance(texts: Texts<'_>, scratch: &mut Scratch, cancel: &CancelFlag) -> u32 {
    let (reference, hypothesis, _) = strip(texts.reference, texts.hypothesis);
    if reference.is_empty() || hypothesis.is_empty() {
        return (reference.len() + hypothesis.len()) as u32;
    }
    let words = |pattern: &[u32]| pattern.len().div_ceil(64);
    let (pattern, text) = if hypothesis.len() * words(reference) <= reference.len() * words(hypothesis) {
        (reference, hypothesis)
    } else {
        (hypothesis, reference)
    };
    if fits(pattern, texts.vocabulary) {
        let texts = Texts { reference: pattern, hypothesis: text, vocabulary: texts.vocabulary };
        return vectorised(Walk::<false> { texts, masks: &mut scratch.masks, kept: &mut scratch.kept });
    }
    scratch.begin();
    scratch.long_masks.build(pattern.iter().copied(), texts.vocabulary);
    let longest = pattern.len().max(text.len());
    let mut bound = LEAST_BOUND.max(longest / 10).min(longest);
    loop {
        let Scratch { long_masks, state, steps, cancelled, .. } = scratch;
        let watch = Watch { cancel, steps, cancelled };
        let band = vectorised(BandWalk::<_, false> {
            masks: long_masks,
            pattern: pattern.len(),
            text: text.iter(),
            rows: text.len(),
            bound,
            state,
            kept: &mut Kept::default(),
            watch,
        });
        match band.and_then(|band| band.distance) {
            Some(distance) => return distance as u32,
            None if scratch.cancelled || bound >= longest => return longest as u32,
            None => bound = (2 * bound).min(longest),
        }
    }
}

/// How often each edit is made in the script of [`alignment`].
pub fn counts(texts: Texts<'_>, scratch: &mut Scratch, cancel: &CancelFlag) -> Counts {
    align::<false>(texts, scratch, cancel)
}

/// Sets `chunks` to the shortest script that makes `hypothesis` of `reference`, of several the one that rapidfuzz 3.14.6
/// gives, and returns how often each edit is made in it. Ids as in [`Texts`].
pub fn alignment(texts: Texts<'_>, chunks: &mut Vec<Chunk>, scratch: &mut Scratch, cancel: &CancelFlag) -> Counts {
    let counts = align::<true>(texts, scratch, cancel);
    chunks.clear();
    // Where the next chunk starts.
    let mut at = [0, 0];
    let mut push = |kind, end: [usize; 2]| {
        if end != at {
            let [reference, hypothesis] = [0, 1].map(|side| [at[side] as u32, end[side] as u32]);
            chunks.push(Chunk { kind, reference, hypothesis });
            at = end;
        }
    };
    let mut edits = scratch.edits.iter().peekable();
    while let Some(&Edit { kind, reference, hypothesis }) = edits.next() {
        push(Kind::Equal, [reference, hypothesis]);
        let step = [usize::from(kind != Kind::Insert), usize::from(kind != Kind::Delete)];
        let mut end = [reference + step[0], hypothesis + step[1]];
        while edits.next_if(|next| next.kind == kind && [next.reference, next.hypothesis] == end).is_some() {
            end = [end[0] + step[0], end[1] + step[1]];
        }
        push(kind, end);
    }
    push(Kind::Equal, [texts.reference.len(), texts.hypothesis.len()]);
    counts
}

/// What becomes of one token after the other, as chunks.
pub(crate) fn chunks_of(kinds: impl IntoIterator<Item = Kind>) -> Vec<Chunk> {
    let mut chunks: Vec<Chunk> = Vec::new();
    let mut at = [0, 0];
    for kind in kinds {
        let start = at;
        at[0] += u32::from(kind != Kind::Insert);
        at[1] += u32::from(kind != Kind::Delete);
        match chunks.last_mut() {
            Some(last) if last.kind == kind => (last.reference[1], last.hypothesis[1]) = (at[0], at[1]),
            _ => chunks.push(Chunk { kind, reference: [start[0], at[0]], hypothesis: [start[1], at[1]] }),
        }
    }
    chunks
}

fn align<const SCRIPT: bool>(texts: Texts<'_>, scratch: &mut Scratch, cancel: &CancelFlag) -> Counts {
    let Texts { reference, hypothesis, vocabulary } = texts;
    scratch.begin();
    let mut aligner = Aligner::<SCRIPT> { vocabulary, scratch, cancel, totals: Counts::default() };
    aligner.align(reference, hypothesis, [0, 0], None);
    let Counts { deletions, insertions, substitutions, .. } = aligner.totals;
    let hits = (reference.len() as u32).saturating_sub(substitutions + deletions);
    Counts { hits, substitutions, deletions, insertions }
}

/// Whether the rows of a pattern are kept in registers.
#[inline(always)]
fn fits(pattern: &[u32], vocabulary: usize) -> bool {
    let words = pattern.len().div_ceil(64);
    words <= MOST_WORDS && (words == 1 || (vocabulary + 1).saturating_mul(MOST_WORDS) <= MOST_DENSE_WORDS)
}

/// Takes 64 cells of a row, which hold `mask`, one token further. The row before them rises or falls by what `rise`
/// and `fall` say, and so does it after them, then.
#[inline(always)]
fn step([rises, falls]: Word, mask: u64, rise: &mut bool, fall: &mut bool) -> (Word, Word) {
    let (sum, carry) = (mask & rises).carrying_add(rises, *fall);
    let level = (sum ^ rises) | mask | falls;
    let (grows, shrinks) = (falls | !(level | rises), level & rises);
    let up = (grows << 1) | u64::from(*rise);
    let down = (shrinks << 1) | u64::from(*fall);
    (*rise, *fall) = (grows >> 63 != 0, carry);
    ([down | !(level | up), up & level], [grows, shrinks])
}

/// Every row of a text over a short pattern, `texts.reference`. The distance; with `KEEP`, the rows too.
struct Walk<'a, const KEEP: bool> {
    texts: Texts<'a>,
    masks: &'a mut Vec<u64>,
    kept: &'a mut Kept,
}

impl<const KEEP: bool> Work for Walk<'_, KEEP> {
    type Output = u32;

    #[inline(always)]
    fn run(self) -> u32 {
        match self.texts.reference.len().div_ceil(64) {
            1 => walk::<1, KEEP>(self),
            2 => walk::<2, KEEP>(self),
            3 => walk::<3, KEEP>(self),
            4 => walk::<4, KEEP>(self),
            5 => walk::<5, KEEP>(self),
            6 => walk::<6, KEEP>(self),
            7 => walk::<7, KEEP>(self),
            _ => walk::<MOST_WORDS, KEEP>(self),
        }
    }
}

#[inline(always)]
fn walk<const W: usize, const KEEP: bool>(Walk { texts, masks, kept }: Walk<'_, KEEP>) -> u32 {
    let rows = lay_out::<W>(texts, masks);
    let last = (texts.reference.len() - 1) % 64;
    let mut distance = texts.reference.len() as u32;
    let mut state = [RISING; W];
    if KEEP {
        // All but the first row is written over; what is left of other texts behind is not read.
        let words = (texts.hypothesis.len() + 1) * W;
        if kept.words.len() < words {
            kept.words.resize(words, RISING);
        }
        kept.words[..W].fill(RISING);
    }
    for (number, &id) in texts.hypothesis.iter().enumerate() {
        let mask = &rows[id as usize];
        let (mut rise, mut fall) = (true, false);
        let mut change = [0, 0];
        for w in 0..W {
            (state[w], change) = step(state[w], mask[w], &mut rise, &mut fall);
        }
        distance = distance + (change[0] >> last & 1) as u32 - (change[1] >> last & 1) as u32;
        if KEEP {
            kept.words[(number + 1) * W..(number + 2) * W].copy_from_slice(&state);
        }
    }
    distance
}

buffers! {
    /// Rows that were kept to trace the edits back.
    struct Kept {
        words: Vec<Word>,
        /// For each row where its words start in `words`, and which word of the row is the first there.
        rows: Vec<(usize, usize)>,
    }
}

impl Kept {
    fn begin(&mut self) {
        self.words.clear();
        self.rows.clear();
    }

    fn push(&mut self, first: usize, words: &[Word]) {
        self.rows.push((self.words.len(), first));
        self.words.extend_from_slice(words);
    }

    /// The word of row `row` in which cell `cell` is. Outside of what was kept, a row is as good as level.
    #[inline(always)]
    fn word(&self, row: usize, cell: usize) -> Word {
        let Some((start, first)) = row.checked_sub(1).map(|row| self.rows[row]) else { return RISING };
        let end = self.rows.get(row).map_or(self.words.len(), |(start, _)| *start);
        let word = (cell / 64).checked_sub(first).map_or(end, |word| start + word);
        if word < end { self.words[word] } else { [0, 0] }
    }
}

buffers! {
    /// The masks of a long pattern.
    struct LongMasks {
        /// `width` words a token, unless that takes too much.
        dense: Vec<u64>,
        width: usize,
        sparse: SparseMasks,
        /// A window of one mask.
        window: Vec<u64>,
        tokens: Vec<u32>,
    }
}

impl LongMasks {
    fn build(&mut self, pattern: impl ExactSizeIterator<Item = u32>, vocabulary: usize) {
        self.width = pattern.len().div_ceil(64);
        self.dense.clear();
        if (vocabulary + 1).saturating_mul(self.width) <= MOST_DENSE_WORDS {
            self.dense.resize((vocabulary + 1) * self.width, 0);
            for (position, id) in pattern.enumerate() {
                self.dense[id as usize * self.width + position / 64] |= 1 << (position % 64);
            }
        } else {
            self.tokens.clear();
            self.tokens.extend(pattern);
            self.sparse.build(&self.tokens, vocabulary);
        }
    }

    /// The words `first..end` of the mask of `id`.
    #[inline(always)]
    fn of(&mut self, id: u32, first: usize, end: usize) -> &[u64] {
        let Self { dense, width, sparse, window, .. } = self;
        if !dense.is_empty() {
            return &dense[id as usize * *width..][first..end];
        }
        window.clear();
        window.resize(end - first, 0);
        let words = sparse.of(id);
        let start = words.partition_point(|&(word, _)| (word as usize) < first);
        for &(word, mask) in &words[start..] {
            let Some(place) = window.get_mut(word as usize - first) else { break };
            *place = mask;
        }
        window
    }
}

/// Counts steps, to look at the flag only now and then.
struct Watch<'a> {
    cancel: &'a CancelFlag,
    steps: &'a mut usize,
    cancelled: &'a mut bool,
}

impl Watch<'_> {
    #[inline(always)]
    fn cancelled(&mut self, steps: usize) -> bool {
        *self.steps += steps;
        if *self.steps >= STEPS_PER_CANCEL_CHECK {
            *self.steps = 0;
            *self.cancelled |= self.cancel.load(Ordering::Relaxed);
        }
        *self.cancelled
    }
}

/// The rows of a text over a pattern, as far as cells may matter if the distance is at most `bound`.
struct BandWalk<'a, I, const KEEP: bool> {
    masks: &'a mut LongMasks,
    /// The length of the pattern.
    pattern: usize,
    text: I,
    /// How many rows are walked.
    rows: usize,
    bound: usize,
    state: &'a mut Vec<Word>,
    kept: &'a mut Kept,
    watch: Watch<'a>,
}

/// What of a row is in the band.
struct Band {
    /// The first word,
    first: usize,
    /// and the last.
    last: usize,
    /// The distance in the cell before the first word.
    before: i64,
    /// If this is the last row: the distance, if it is at most the bound.
    distance: Option<usize>,
}

/// By how much a row goes up from before these cells to the end of them.
#[inline(always)]
fn rise_over([rises, falls]: Word, cells: u64) -> i64 {
    i64::from((rises & cells).count_ones()) - i64::from((falls & cells).count_ones())
}

impl<'t, I: ExactSizeIterator<Item = &'t u32>, const KEEP: bool> Work for BandWalk<'_, I, KEEP> {
    type Output = Option<Band>;

    /// None if the distance is above the bound.
    #[inline(always)]
    fn run(self) -> Option<Band> {
        let Self { masks, pattern, text, rows, bound, state, kept, mut watch } = self;
        let (words, text_len) = (pattern.div_ceil(64), text.len());
        if bound < pattern.abs_diff(text_len) {
            return None;
        }
        if KEEP {
            kept.begin();
        }
        state.clear();
        state.resize(words, RISING);
        let (n, m) = (pattern as i64, text_len as i64);
        let mut bound = bound.min(pattern.max(text_len)) as i64;
        // The cells of a word that are in the pattern, and the last of them.
        let cells = |word| if word + 1 < words { u64::MAX } else { u64::MAX >> (63 - (pattern - 1) % 64) };
        let last_cell = |word: usize| ((word + 1) * 64).min(pattern) as i64 - 1;
        let reach = bound.min((bound + n - m) / 2) + 1;
        let mut first = 0;
        let mut last = words.min((reach as usize).div_ceil(64)).max(1) - 1;
        // The distances before the first word and at the end of the last one.
        let (mut before, mut end) = (0, last_cell(last) + 1);
        for (row, &id) in text.take(rows).enumerate() {
            let row = row as i64;
            let masks = masks.of(id, first, words.min(last + 2));
            let (mut rise, mut fall) = (true, false);
            let mut change = [0, 0];
            before += 1;
            for (state, &mask) in state[first..=last].iter_mut().zip(masks) {
                (*state, change) = step(*state, mask, &mut rise, &mut fall);
            }
            let out = |word: usize, change: Word| {
                let bit = last_cell(word) % 64;
                (change[0] >> bit & 1) as i64 - (change[1] >> bit & 1) as i64
            };
            let grown = out(last, change);
            end += grown;
            // From the end of the last word there is a way to the end of both texts.
            bound = bound.min(end + (m - row - 1).max(n - ((last + 1) * 64) as i64 + 2));
            // The word behind joins in if its first cells may matter.
            if last + 1 < words && last_cell(last) < bound + 126 + row + n - end - m {
                last += 1;
                (state[last], change) = step(RISING, masks[last - first], &mut rise, &mut fall);
                end += last_cell(last) - last_cell(last - 1) - grown + out(last, change);
            }
            if KEEP {
                kept.push(first, &state[first..=last]);
            }
            if watch.cancelled(last - first + 2) {
                return None;
            }
            while end >= bound + 64 || last_cell(last) > bound + 127 + row + n - end - m {
                if last == first {
                    return None;
                }
                end -= rise_over(state[last], cells(last));
                last -= 1;
            }
            loop {
                let end = before + rise_over(state[first], cells(first));
                if end < bound + 64 && last_cell(first) >= end + n + row - bound - m {
                    break;
                }
                if first == last {
                    return None;
                }
                before = end;
                first += 1;
            }
        }
        let distance = (last + 1 == words && end <= bound).then_some(end as usize);
        Some(Band { first, last, before, distance })
    }
}

/// Where long texts are cut.
#[derive(Clone, Copy, Default)]
struct Cut {
    /// Tokens of the reference before it,
    reference: usize,
    /// and of the hypothesis.
    hypothesis: usize,
    /// The distance of what is before it,
    left: usize,
    /// and of what is behind it.
    right: usize,
}

/// Finds the edits, or only counts them.
struct Aligner<'a, const SCRIPT: bool> {
    vocabulary: usize,
    scratch: &'a mut Scratch,
    cancel: &'a CancelFlag,
    /// Edits so far; hits are not counted.
    totals: Counts,
}

impl<const SCRIPT: bool> Aligner<'_, SCRIPT> {
    /// Aligns two stretches of text that start at `at`, and whose distance is `known` if anything is.
    fn align(&mut self, reference: &[u32], hypothesis: &[u32], at: [usize; 2], known: Option<usize>) {
        if self.scratch.cancelled {
            return;
        }
        let (reference, hypothesis, start) = strip(reference, hypothesis);
        let at = at.map(|at| at + start);
        if reference.is_empty() || hypothesis.is_empty() {
            let end = [reference.len(), hypothesis.len()];
            return self.trace(reference, hypothesis, at, end.into_iter().max(), |_, _| RISING);
        }
        let longest = reference.len().max(hypothesis.len());
        let most = known.map_or(longest, |known| known.min(longest));
        let bits = 2 * reference.len().min(2 * most + 1).saturating_mul(hypothesis.len());
        if bits / 8 < HALVED_BYTES || reference.len() < HALVED_REFERENCE || hypothesis.len() < HALVED_HYPOTHESIS {
            return self.align_whole(reference, hypothesis, at, known);
        }
        let cut = self.cut(reference, hypothesis, known);
        let (left, right) = (reference.split_at(cut.reference), hypothesis.split_at(cut.hypothesis));
        self.align(left.0, right.0, at, Some(cut.left));
        self.align(left.1, right.1, [at[0] + cut.reference, at[1] + cut.hypothesis], Some(cut.right));
    }

    fn align_whole(&mut self, reference: &[u32], hypothesis: &[u32], at: [usize; 2], known: Option<usize>) {
        let vocabulary = self.vocabulary;
        if fits(reference, vocabulary) {
            let texts = Texts { reference, hypothesis, vocabulary };
            let (mut masks, mut kept) =
                (std::mem::take(&mut self.scratch.masks), std::mem::take(&mut self.scratch.kept));
            let distance = vectorised(Walk::<true> { texts, masks: &mut masks, kept: &mut kept }) as usize;
            let words = &kept.words;
            match reference.len().div_ceil(64) {
                1 => self.trace(reference, hypothesis, at, Some(distance), |row, _| words[row]),
                width => {
                    let word = |row: usize, cell: usize| words[row * width + cell / 64];
                    self.trace(reference, hypothesis, at, Some(distance), word);
                }
            }
            (self.scratch.masks, self.scratch.kept) = (masks, kept);
            return;
        }
        let longest = reference.len().max(hypothesis.len());
        let mut bound = known.unwrap_or(LEAST_BOUND.max(longest / 10)).min(longest);
        self.scratch.long_masks.build(reference.iter().copied(), vocabulary);
        loop {
            let Scratch { long_masks, state, kept, steps, cancelled, .. } = &mut *self.scratch;
            let band = vectorised(BandWalk::<_, true> {
                masks: long_masks,
                pattern: reference.len(),
                text: hypothesis.iter(),
                rows: hypothesis.len(),
                bound,
                state,
                kept,
                watch: Watch { cancel: self.cancel, steps, cancelled },
            });
            if let Some(distance) = band.and_then(|band| band.distance) {
                let kept = std::mem::take(kept);
                self.trace(reference, hypothesis, at, Some(distance), |row, cell| kept.word(row, cell));
                self.scratch.kept = kept;
                return;
            }
            if self.scratch.cancelled || bound >= longest {
                return;
            }
            bound = (2 * bound).min(longest);
        }
    }

    /// Follows the edits back from the end. `word` gives 64 cells of a row, those among which a cell is.
    #[inline(always)]
    fn trace(
        &mut self,
        reference: &[u32],
        hypothesis: &[u32],
        at: [usize; 2],
        distance: Option<usize>,
        word: impl Fn(usize, usize) -> Word,
    ) {
        let (mut cell, mut row) = (reference.len(), hypothesis.len());
        let (mut deletions, mut insertions) = (0, 0);
        let begun = self.scratch.edits.len();
        let edits = &mut self.scratch.edits;
        let mut push = |kind, cell, row| {
            if SCRIPT {
                edits.push(Edit { kind, reference: at[0] + cell, hypothesis: at[1] + row });
            }
        };
        while row > 0 && cell > 0 {
            let bit = (cell - 1) % 64;
            if word(row, cell - 1)[0] >> bit & 1 == 1 {
                cell -= 1;
                deletions += 1;
                push(Kind::Delete, cell, row);
                continue;
            }
            row -= 1;
            if word(row, cell - 1)[1] >> bit & 1 == 1 {
                insertions += 1;
                push(Kind::Insert, cell, row);
                continue;
            }
            cell -= 1;
            if SCRIPT && reference[cell] != hypothesis[row] {
                push(Kind::Substitute, cell, row);
            }
        }
        deletions += cell;
        insertions += row;
        (0..cell).rev().for_each(|cell| push(Kind::Delete, cell, row));
        (0..row).rev().for_each(|row| push(Kind::Insert, 0, row));
        self.scratch.edits[begun..].reverse();
        let substitutions = distance.map_or(0, |distance| distance - deletions - insertions);
        self.totals.substitutions += substitutions as u32;
        self.totals.deletions += deletions as u32;
        self.totals.insertions += insertions as u32;
    }

    /// Where to cut texts whose distance is `known`, if anything is.
    fn cut(&mut self, reference: &[u32], hypothesis: &[u32], known: Option<usize>) -> Cut {
        let longest = reference.len().max(hypothesis.len());
        let mut bound = known.unwrap_or(LEAST_BOUND.max(longest / 10)).min(longest);
        loop {
            match self.cut_within(reference, hypothesis, bound) {
                Some(cut) if cut.left + cut.right <= bound => return cut,
                _ if bound >= longest || self.scratch.cancelled => {
                    return Cut { hypothesis: hypothesis.len() / 2, ..Cut::default() };
                }
                _ => bound = (2 * bound).min(longest),
            }
        }
    }

    /// The first of the best places to cut, or none if the distance is above the bound.
    fn cut_within(&mut self, reference: &[u32], hypothesis: &[u32], bound: usize) -> Option<Cut> {
        let len = reference.len();
        let half = hypothesis.len() / 2;
        let Scratch { long_masks, state, kept, right, steps, cancelled, .. } = &mut *self.scratch;
        let end = |band: &Band| len.min(64 * (band.last + 1));

        long_masks.build(reference.iter().rev().copied(), self.vocabulary);
        let band = vectorised(BandWalk::<_, false> {
            masks: long_masks,
            pattern: len,
            text: hypothesis.iter().rev(),
            rows: hypothesis.len() - half,
            bound,
            state,
            kept,
            watch: Watch { cancel: self.cancel, steps, cancelled },
        })?;
        // The distances behind each place, counted from the end, from `behind` on.
        let behind = 64 * band.first;
        right.clear();
        right.push(band.before);
        right.extend((behind..end(&band)).scan(band.before, |distance, cell| {
            *distance += rise_over(state[cell / 64], 1 << (cell % 64));
            Some(*distance)
        }));

        long_masks.build(reference.iter().copied(), self.vocabulary);
        let band = vectorised(BandWalk::<_, false> {
            masks: long_masks,
            pattern: len,
            text: hypothesis.iter(),
            rows: half,
            bound,
            state,
            kept,
            watch: Watch { cancel: self.cancel, steps, cancelled },
        })?;
        let right = |place: usize| (len - place).checked_sub(behind).and_then(|at| right.get(at));
        let cut = |place, left: i64| {
            let right = *right(place)? as usize;
            Some(Cut { reference: place, hypothesis: half, left: left as usize, right })
        };
        let ahead = 64 * band.first;
        let places = (ahead..end(&band)).scan(band.before, |left, cell| {
            *left += rise_over(state[cell / 64], 1 << (cell % 64));
            Some((cell + 1, *left))
        });
        let places = std::iter::once((ahead, band.before)).chain(places);
        places.filter_map(|(place, left)| cut(place, left)).min_by_key(|cut| cut.left + cut.right)
    }
}
