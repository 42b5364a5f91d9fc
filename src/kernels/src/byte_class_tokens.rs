//! Tokens between cuts, straight to token keys: how translation metrics split text.
//!
//! White space separates tokens. Some characters stand alone. *Marks* (full stop, comma …) stand alone too,
//! unless a number goes on around them: `3.5` is one token. That last rule is stated in mteval-v13a and its
//! descendants as two substitutions, one after the other, neither looking twice at a character:
//! "blanks around a mark that follows a non-number", "blanks around a mark that a non-number follows". Worked
//! out for a run of marks: every mark of it is cut off on both sides, except the last one if a number follows
//! and the first pass didn't pair it up. The pass takes the character before the run and its first mark, then
//! mark by mark two at a time; or, if a number stands before the run, two marks at a time from its start. So the last
//! mark is left over if the marks, and the number before them as one more, are even in number. It then stays
//! with the number behind it and, if it is the only mark, with the one before it.
//!
//! A block of 64 bytes becomes one 64-bit set for each class; a cut before a byte is a bit in another set,
//! and sets of starts and ends of tokens follow from cuts and white space by shifts. Only characters beyond
//! ASCII that may matter, and runs of marks before a number, are looked at one by one. Cost: O(bytes).
//!
//! Source: mteval-v13a.pl (NIST) and mteval-v14.pl (Moses), as sacrebleu 2.6.0 renders them.

use crate::blocks::by_blocks;
pub use crate::classify::{ALONE, ByteClasses, DASH, MARK, NUMBER, WHITE, WIDE};
use crate::classify::{BlockWork, Classify, long_run};
use crate::held::{HeldBytes, hold_nothing};
use crate::token_key::{INLINE_BYTES, Key};

/// What stands alone, what is a mark, what a number.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The classes of bytes.
    pub bytes: ByteClasses,
    /// The class of the character that the bytes start with, one of [`WHITE`], [`ALONE`], [`MARK`], [`NUMBER`]
    /// or 0, and how many bytes it takes. Asked where a byte is [`WIDE`].
    pub wide: fn(&[u8]) -> (u8, usize),
    /// Whether the start and the end of a text count as numbers to a mark beside them, so that a mark
    /// stays with what is on its other side if a number is.
    pub numbers_around: bool,
}

/// Sets over the positions of a text, 64 at a time; kept by the caller so that no text pays for them anew.
#[derive(Default, Debug)]
pub struct Planes(Vec<Word>);

hold_nothing!(Word);

impl HeldBytes for Planes {
    fn held_bytes(&self) -> usize {
        self.0.held_bytes()
    }
}

/// 64 positions of a text, one bit each, lowest bit first.
#[derive(Clone, Copy, Default, Debug)]
struct Word {
    white: u64,
    /// Where, if not at white space, a token ends and another starts.
    cuts: u64,
    mark: u64,
    number: u64,
    wide: u64,
}

/// A text to be scanned, and where to put what is found.
pub struct Scan<'a> {
    /// The text.
    pub text: &'a [u8],
    /// How it is cut.
    pub rules: &'a Rules,
    /// To which the key of every token is appended.
    pub keys: &'a mut Vec<Key>,
    /// Room to work in.
    pub planes: &'a mut Planes,
    /// Makes the keys of tokens that are too long to be their own.
    pub long: &'a mut dyn FnMut(&[u8]) -> Key,
}

/// Does what [`Scan`] says.
pub fn keys(scan: Scan<'_>) {
    by_blocks(scan);
}

impl BlockWork for Scan<'_> {
    type Output = ();

    #[inline(always)]
    fn run<C: Classify>(self, classify: C) {
        cut_keys(classify, self);
    }
}

#[inline(always)]
fn cut_keys<C: Classify>(classify: C, scan: Scan<'_>) {
    let Scan { text, rules, keys, planes: Planes(words), long } = scan;
    words.clear();
    words.resize(text.len() / 64 + 1, Word::default());
    let (mut number_before, mut alone_before, mut any_wide) = (0, 0, 0);
    for (word, block) in words.iter_mut().zip(text.chunks(64)) {
        let [white, alone, mark, number, dash, wide] = classify.sets(block, &rules.bytes);
        let alone = alone | mark | (dash & ((number << 1) | number_before));
        *word = Word { white, cuts: alone | (alone << 1) | alone_before, mark, number, wide };
        (number_before, alone_before) = (number >> 63, alone >> 63);
        any_wide |= wide;
    }
    if let Some(last) = words.last_mut() {
        last.white |= u64::MAX << (text.len() % 64);
        last.number |= u64::from(rules.numbers_around) << (text.len() % 64);
    }
    if any_wide != 0 {
        classify_wide(text, rules, words);
    }
    join_numbers(text, rules, words);

    let mut white_before = 1;
    let mut open = None; // where the token began that is open across the border of a word
    for (index, &Word { white, cuts, .. }) in words.iter().enumerate() {
        let origin = index * 64;
        let after_white = (white << 1) | white_before;
        white_before = white >> 63;
        let mut starts = !white & (after_white | cuts);
        let mut ends = !after_white & (white | cuts);
        if let Some(start) = open
            && ends != 0
        {
            keys.push(key_of_token(classify, text, start, origin + next(&mut ends), long));
            open = None;
        }
        let known = keys.len();
        keys.resize(known + ends.count_ones() as usize, Key::default());
        for key in &mut keys[known..] {
            let (start, end) = (next(&mut starts), next(&mut ends));
            *key = key_of_token(classify, text, origin + start, origin + end, long);
        }
        if starts != 0 {
            open = Some(origin + next(&mut starts));
        }
    }
}

/// Takes the lowest bit out of a set; its index.
#[inline(always)]
fn next(set: &mut u64) -> usize {
    let index = set.trailing_zeros() as usize;
    *set &= set.wrapping_sub(1);
    index
}

#[inline(always)]
fn key_of_token<C: Classify>(
    classify: C,
    text: &[u8],
    start: usize,
    end: usize,
    long: &mut dyn FnMut(&[u8]) -> Key,
) -> Key {
    if end - start > INLINE_BYTES {
        return long_run(&text[start..end], long);
    }
    classify.key_as_is(text, start, end)
}

/// Enters the characters beyond ASCII that matter.
#[inline(always)]
fn classify_wide(text: &[u8], rules: &Rules, words: &mut [Word]) {
    for index in 0..words.len() {
        let mut wide = words[index].wide;
        while wide != 0 {
            let start = index * 64 + next(&mut wide);
            let (class, len) = (rules.wide)(&text[start..]);
            if class == 0 {
                continue;
            }
            let end = start + len;
            for at in start..end {
                let (word, bit) = (&mut words[at / 64], at % 64);
                word.white |= u64::from(class & WHITE != 0) << bit;
                word.mark |= u64::from(class & MARK != 0) << bit;
                word.number |= u64::from(class & NUMBER != 0) << bit;
            }
            if class & (ALONE | MARK) != 0 {
                words[start / 64].cuts |= 1 << (start % 64);
                words[end / 64].cuts |= 1 << (end % 64);
            }
        }
    }
}

/// Takes back the cuts around marks that belong to the number behind them.
#[inline(always)]
fn join_numbers(text: &[u8], rules: &Rules, words: &mut [Word]) {
    let mut mark_before = 0;
    for index in 0..words.len() {
        let Word { mark, number, .. } = words[index];
        let mut numbers = ((mark << 1) | mark_before) & number;
        mark_before = mark >> 63;
        while numbers != 0 {
            join_number(text, rules, words, index * 64 + next(&mut numbers));
        }
    }
}

/// Takes back the cuts around the mark before the number at `end`, if they belong together.
#[inline]
fn join_number(text: &[u8], rules: &Rules, words: &mut [Word], end: usize) {
    let mut marks = 0;
    let mut start = end;
    while start > 0 && words[(start - 1) / 64].mark >> ((start - 1) % 64) & 1 == 1 {
        start -= 1;
        let continues = text[start] & 0xC0 == 0x80;
        marks += usize::from(!continues);
    }
    let after_number = match start.checked_sub(1) {
        Some(before) => words[before / 64].number >> (before % 64) & 1 == 1,
        None => rules.numbers_around,
    };
    if (marks + usize::from(after_number)).is_multiple_of(2) {
        words[end / 64].cuts &= !(1 << (end % 64));
        if marks == 1 {
            words[start / 64].cuts &= !(1 << (start % 64));
        }
    }
}
