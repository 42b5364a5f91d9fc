//! String rules as CPython has them: `str.lower()`, `str.upper()`, `str.casefold()`, `str.split()`, `str.strip()`,
//! `str.isspace()`, general categories, and the classes `\w` and `\d` of `re`.
//!
//! Text is generalised UTF-8: UTF-8 that may also hold lone surrogates, each as a sequence of three
//! bytes, because a Python string may. Nothing here panics on other bytes; each byte that belongs to
//! no code point then reads as U+FFFD.

use std::borrow::Cow;
use std::ops::Range;

use crate::pystr_tables as tables;
use crate::traced::Sink;

/// The version of Unicode that decides about letter case, letters and digits here.
pub const UNICODE_VERSION: &str = tables::UNICODE_VERSION;

const REPLACEMENT: u32 = 0xfffd;
const CAPITAL_SIGMA: u32 = 0x03a3;
const SMALL_SIGMA: u32 = 0x03c3;
const FINAL_SIGMA: u32 = 0x03c2;

/// The first code point of `bytes` and how many bytes it takes.
///
/// A byte that starts no code point counts as U+FFFD of one byte; no bytes at all, as U+FFFD of none.
#[inline]
pub fn decode(bytes: &[u8]) -> (u32, usize) {
    match bytes {
        [ascii @ ..=0x7f, ..] => (u32::from(*ascii), 1),
        [first @ 0xc2..=0xdf, second, ..] if is_continuation(*second) => {
            (u32::from(first & 0x1f) << 6 | low_bits(*second), 2)
        }
        [first @ 0xe0..=0xef, second, third, ..] if is_continuation(*second) && is_continuation(*third) => {
            let code_point = u32::from(first & 0x0f) << 12 | low_bits(*second) << 6 | low_bits(*third);
            if code_point < 0x800 { (REPLACEMENT, 1) } else { (code_point, 3) }
        }
        [first @ 0xf0..=0xf4, second, third, fourth, ..]
            if is_continuation(*second) && is_continuation(*third) && is_continuation(*fourth) =>
        {
            let code_point =
                u32::from(first & 0x07) << 18 | low_bits(*second) << 12 | low_bits(*third) << 6 | low_bits(*fourth);
            if (0x1_0000..=0x10_ffff).contains(&code_point) { (code_point, 4) } else { (REPLACEMENT, 1) }
        }
        [] => (REPLACEMENT, 0),
        _ => (REPLACEMENT, 1),
    }
}

/// The last code point of `bytes` and how many bytes it takes, like [`decode`].
pub(crate) fn decode_last(bytes: &[u8]) -> (u32, usize) {
    let continuation = bytes.iter().rev().take(3).take_while(|&&b| is_continuation(b)).count();
    let width = (continuation + 1).min(bytes.len());
    match decode(&bytes[bytes.len() - width..]) {
        (code_point, decoded) if decoded == width => (code_point, width),
        _ => (REPLACEMENT, 1),
    }
}

fn is_continuation(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

fn low_bits(continuation: u8) -> u32 {
    u32::from(continuation & 0x3f)
}

/// The code points of a text with the offsets of their first bytes; see [`code_points`].
#[derive(Clone, Debug)]
pub struct CodePoints<'a> {
    text: &'a [u8],
    at: usize,
}

impl CodePoints<'_> {
    /// The offset of the first byte not yet read.
    pub fn offset(&self) -> usize {
        self.at
    }
}

impl Iterator for CodePoints<'_> {
    type Item = (usize, u32);

    #[inline]
    fn next(&mut self) -> Option<(usize, u32)> {
        let rest = &self.text[self.at..];
        if rest.is_empty() {
            return None;
        }
        let start = self.at;
        let (code_point, width) = decode(rest);
        self.at += width;
        Some((start, code_point))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let bytes = self.text.len() - self.at;
        (bytes.div_ceil(4), Some(bytes))
    }
}

impl std::iter::FusedIterator for CodePoints<'_> {}

/// The code points of `text`, each with the offset of its first byte.
pub fn code_points(text: &[u8]) -> CodePoints<'_> {
    CodePoints { text, at: 0 }
}

/// Appends `code_point` in generalised UTF-8; what is above U+10FFFF, as U+FFFD.
pub fn push(out: &mut Vec<u8>, code_point: u32) {
    // Masked to eight bits before each cast, so none can lose any.
    let tail = |shift: u32| 0x80 | (code_point >> shift & 0x3f) as u8;
    let head = |shift: u32| (code_point >> shift & 0xff) as u8;
    match code_point {
        0..=0x7f => out.push(head(0)),
        0x80..=0x7ff => out.extend([0xc0 | head(6), tail(0)]),
        0x800..=0xffff => out.extend([0xe0 | head(12), tail(6), tail(0)]),
        0x1_0000..=0x10_ffff => out.extend([0xf0 | head(18), tail(12), tail(6), tail(0)]),
        _ => push(out, REPLACEMENT),
    }
}

/// Whether `str.isspace()` holds for the code point and `str.split()` splits at it.
#[inline]
pub fn is_whitespace(code_point: u32) -> bool {
    // Unlike the Unicode property White_Space, this takes in U+001C to U+001F.
    matches!(
        code_point,
        0x09..=0x0d
            | 0x1c..=0x20
            | 0x85
            | 0xa0
            | 0x1680
            | 0x2000..=0x200a
            | 0x2028
            | 0x2029
            | 0x202f
            | 0x205f
            | 0x3000
    )
}

/// Whether `\w` matches the code point.
pub fn is_word(code_point: u32) -> bool {
    match u8::try_from(code_point) {
        Ok(ascii @ ..=0x7f) => ascii.is_ascii_alphanumeric() || ascii == b'_',
        _ => is_in(&tables::ALPHANUMERIC, code_point),
    }
}

/// Whether `unicodedata.category` puts the code point among punctuation, P.
#[inline]
pub fn is_punctuation(code_point: u32) -> bool {
    match u8::try_from(code_point) {
        Ok(ascii @ ..=0x7f) => ascii.is_ascii_punctuation() && !is_ascii_symbol(ascii),
        _ => is_in(&tables::PUNCTUATION, code_point),
    }
}

/// Whether it puts the code point among symbols, S.
#[inline]
pub(crate) fn is_symbol(code_point: u32) -> bool {
    match u8::try_from(code_point) {
        Ok(ascii @ ..=0x7f) => is_ascii_symbol(ascii),
        _ => is_in(&tables::SYMBOLS, code_point),
    }
}

/// Whether it puts a byte of ASCII among symbols.
pub(crate) const fn is_ascii_symbol(ascii: u8) -> bool {
    matches!(ascii, b'$' | b'+' | b'<' | b'=' | b'>' | b'^' | b'`' | b'|' | b'~')
}

/// Whether it puts the code point among marks, M.
pub(crate) fn is_mark(code_point: u32) -> bool {
    is_nonspacing_mark(code_point) || is_in(&tables::OTHER_MARKS, code_point)
}

/// Whether it puts the code point among nonspacing marks, Mn.
pub(crate) fn is_nonspacing_mark(code_point: u32) -> bool {
    code_point > 0x7f && is_in(&tables::NONSPACING_MARKS, code_point)
}

/// Whether it puts the code point among what cannot be seen: control and format characters, Cc and Cf.
pub(crate) fn is_invisible(code_point: u32) -> bool {
    matches!(code_point, 0..=0x1f | 0x7f..=0x9f) || is_in(&tables::FORMATS, code_point)
}

/// The value of the decimal digit, if `\d` matches the code point.
pub fn digit(code_point: u32) -> Option<u8> {
    let zeros = &tables::DECIMAL_ZEROS;
    let zero = match code_point {
        ..=0x7f => zeros[0],
        _ => zeros[zeros.partition_point(|&zero| zero <= code_point).checked_sub(1)?],
    };
    u8::try_from(code_point.checked_sub(zero)?).ok().filter(|&value| value < 10)
}

/// The text as `str.strip()` leaves it.
pub fn trim(text: &[u8]) -> &[u8] {
    trim_start(trim_end(text))
}

/// The text as `str.rstrip()` leaves it.
pub fn trim_end(mut text: &[u8]) -> &[u8] {
    while !text.is_empty() {
        let (code_point, width) = decode_last(text);
        if !is_whitespace(code_point) {
            break;
        }
        text = &text[..text.len() - width];
    }
    text
}

/// The text as `str.lstrip()` leaves it.
pub fn trim_start(mut text: &[u8]) -> &[u8] {
    while !text.is_empty() {
        let (code_point, width) = decode(text);
        if !is_whitespace(code_point) {
            break;
        }
        text = &text[width..];
    }
    text
}

/// A change of letter case.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Case {
    /// `str.lower()`: full mappings, and the final sigma by its context.
    Lower,
    /// `str.upper()`.
    Upper,
    /// `str.casefold()`.
    Folded,
}

type OneToOne = &'static [(u32, u32, u32, i32)];
type OneToSeveral = &'static [(u32, &'static [u32])];

impl Case {
    fn tables(self) -> (OneToOne, OneToSeveral) {
        match self {
            Self::Lower => (&tables::LOWER, tables::LOWER_TO_SEVERAL),
            Self::Upper => (&tables::UPPER, tables::UPPER_TO_SEVERAL),
            Self::Folded => (&tables::FOLDED, tables::FOLDED_TO_SEVERAL),
        }
    }
}

/// Appends `str.lower()` of `text` to `out`.
pub fn lower(text: &[u8], out: &mut Vec<u8>) {
    out.reserve(text.len());
    change_case(Case::Lower, text, out);
}

/// Writes `text` in another case.
pub(crate) fn change_case(case: Case, text: &[u8], out: &mut impl Sink) {
    let (runs, several) = case.tables();
    let mut entry = CaseEntry::containing(runs, 0);
    // Only one becomes several in lower case.
    let several_among = several[0].0..=several[several.len() - 1].0;
    let mut at = 0;
    while at < text.len() {
        let ascii = ascii_prefix(&text[at..]);
        if ascii > 0 {
            out.keep_changed(text, at..at + ascii, |bytes| match case {
                Case::Upper => bytes.make_ascii_uppercase(),
                Case::Lower | Case::Folded => bytes.make_ascii_lowercase(),
            });
            at += ascii;
            continue;
        }
        let (code_point, width) = decode(&text[at..]);
        let end = at + width;
        // Text mostly stays in one script, so mostly in one entry.
        if !entry.contains(code_point) {
            entry = CaseEntry::containing(runs, code_point);
        }
        let mut put = |code_point: u32| out.put_with(at..end, |bytes| push(bytes, code_point));
        if case == Case::Lower && code_point == CAPITAL_SIGMA {
            put(if is_final_sigma(&text[..at], &text[end..]) { FINAL_SIGMA } else { SMALL_SIGMA });
        } else if let Some(other) = entry.change(code_point) {
            put(other);
        } else if several_among.contains(&code_point)
            && let Ok(index) = several.binary_search_by_key(&code_point, |&(from, _)| from)
        {
            several[index].1.iter().for_each(|&part| put(part));
        } else {
            out.keep(text, at..end);
        }
        at = end;
    }
}

/// The text with U+FFFD in place of each lone surrogate, and with `?` of each byte that belongs to no character: offsets
/// stay.
pub(crate) fn valid_of_equal_length(text: &[u8]) -> Cow<'_, str> {
    if let Ok(valid) = std::str::from_utf8(text) {
        return valid.into();
    }
    let mut valid = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (code_point, width) = decode(rest);
        match (char::from_u32(code_point), width) {
            (Some(letter), width) if letter.len_utf8() == width => valid.push(letter),
            (_, 3) => valid.push('\u{fffd}'),
            _ => valid.push('?'),
        }
        rest = &rest[width..];
    }
    valid.into()
}

/// Where a part of a text, such as a word that [`split_whitespace`] found, stands in it.
pub(crate) fn place_in(text: &[u8], part: &[u8]) -> Range<usize> {
    let start = part.as_ptr().addr() - text.as_ptr().addr();
    start..start + part.len()
}

/// How many ASCII bytes `bytes` starts with.
pub(crate) fn ascii_prefix(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let high_bits = u64::from_le_bytes(*word) & 0x8080_8080_8080_8080;
        if high_bits != 0 {
            return index * 8 + high_bits.trailing_zeros() as usize / 8;
        }
    }
    let in_rest = rest.iter().take_while(|b| b.is_ascii()).count();
    words.len() * 8 + in_rest
}

/// One entry of a table of mappings, with the code points up to the next entry.
struct CaseEntry {
    first: u32,
    last: u32,
    step: u32,
    delta: i32,
    /// The first code point that the entry says nothing about.
    end: u32,
}

impl CaseEntry {
    /// The entry whose part of the table `code_point` falls into.
    fn containing(runs: OneToOne, code_point: u32) -> CaseEntry {
        let after = runs.partition_point(|&(first, ..)| first <= code_point);
        let end = runs.get(after).map_or(u32::MAX, |&(first, ..)| first);
        match after.checked_sub(1).map(|index| runs[index]) {
            Some((first, last, step, delta)) => CaseEntry { first, last, step, delta, end },
            // Before the first entry nothing changes.
            None => CaseEntry { first: 0, last: 0, step: 1, delta: 0, end },
        }
    }

    fn contains(&self, code_point: u32) -> bool {
        (self.first..self.end).contains(&code_point)
    }

    /// What a code point within the entry's part of the table becomes, if not itself.
    fn change(&self, code_point: u32) -> Option<u32> {
        let mapped = code_point <= self.last && (code_point - self.first).is_multiple_of(self.step);
        (mapped && self.delta != 0).then(|| code_point.wrapping_add_signed(self.delta))
    }
}

/// Whether a capital sigma between `before` and `after` ends a word, by Unicode's Final_Sigma.
///
/// Case-ignorable code points are skipped on both sides; then a cased one must stand before the
/// sigma and none after it.
fn is_final_sigma(before: &[u8], after: &[u8]) -> bool {
    let mut before = before;
    let follows_cased = loop {
        if before.is_empty() {
            break false;
        }
        let (code_point, width) = decode_last(before);
        if !is_in(&tables::CASE_IGNORABLE, code_point) {
            break is_in(&tables::CASED, code_point);
        }
        before = &before[..before.len() - width];
    };
    follows_cased
        && !code_points(after)
            .map(|(_, code_point)| code_point)
            .find(|&code_point| !is_in(&tables::CASE_IGNORABLE, code_point))
            .is_some_and(|code_point| is_in(&tables::CASED, code_point))
}

/// Whether one of the ascending ranges holds `code_point`.
pub(crate) fn is_in(ranges: &[(u32, u32)], code_point: u32) -> bool {
    let index = ranges.partition_point(|&(_, last)| last < code_point);
    ranges.get(index).is_some_and(|&(first, _)| first <= code_point)
}

/// The words of a text between white space; see [`split_whitespace`].
#[derive(Clone, Debug)]
pub struct SplitWhitespace<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Iterator for SplitWhitespace<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        // How far white space goes from an offset on, or the opposite.
        let text = self.text;
        let run = |mut at: usize, white: bool| {
            while let Some(&byte) = text.get(at) {
                let (is_white, width) = if byte < 0x80 {
                    (is_whitespace(byte.into()), 1)
                } else {
                    let (code_point, width) = decode(&text[at..]);
                    (is_whitespace(code_point), width)
                };
                if is_white != white {
                    break;
                }
                at += width;
            }
            at
        };
        let start = run(self.at, true);
        self.at = run(start, false);
        (start < self.at).then(|| &text[start..self.at])
    }
}

impl std::iter::FusedIterator for SplitWhitespace<'_> {}

/// The words of `str.split()`: the runs without white space, none of them empty.
pub fn split_whitespace(text: &[u8]) -> SplitWhitespace<'_> {
    SplitWhitespace { text, at: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lowered(text: &str) -> String {
        let mut out = Vec::new();
        lower(text.as_bytes(), &mut out);
        String::from_utf8(out).expect("UTF-8 lowers to UTF-8")
    }

    #[test]
    fn every_code_point_survives_encoding_and_decoding() {
        for code_point in 0..=0x10_ffff {
            let mut bytes = Vec::new();
            push(&mut bytes, code_point);
            if let Some(c) = char::from_u32(code_point) {
                assert_eq!(bytes, c.to_string().as_bytes());
            } else {
                assert_eq!(bytes.len(), 3, "a surrogate");
            }
            assert_eq!(decode(&bytes), (code_point, bytes.len()));
            assert_eq!(decode_last(&bytes), (code_point, bytes.len()));
        }
        let mut bytes = Vec::new();
        push(&mut bytes, 0x11_0000);
        assert_eq!(bytes, "\u{fffd}".as_bytes());
    }

    #[test]
    fn a_bad_byte_reads_as_one_replacement() {
        let bad: [&[u8]; 10] = [
            b"\x80",
            b"\xff",
            b"\xc3",
            b"\xe2\x82",
            b"\xc0\x80",
            b"\xe0\x80\x80",
            b"\xe0\x9f\xbf",
            b"\xf0\x80\x80\x80",
            b"\xf4\x90\x80\x80",
            b"\xe2\x28\xa1",
        ];
        for bytes in bad {
            assert_eq!(decode(bytes), (0xfffd, 1), "{bytes:x?}");
        }
        assert_eq!(decode(b""), (0xfffd, 0));
        let read: Vec<_> = code_points(b"a\xe2\x82z").collect();
        assert_eq!(read, [(0, 0x61), (1, 0xfffd), (2, 0xfffd), (3, 0x7a)]);
        // Nothing but the reading of the text may depend on it being well-formed.
        let mut out = Vec::new();
        lower(b"\x80\x80\x80\x80\x80\xce\xa3\xff", &mut out);
        assert_eq!(out, b"\x80\x80\x80\x80\x80\xcf\x83\xff");
        // The bad byte keeps the sigma from following the letter.
        out.clear();
        lower(b"a\x80\xce\xa3", &mut out);
        assert_eq!(out, b"a\x80\xcf\x83");
    }

    #[test]
    fn code_points_know_their_offsets() {
        let read: Vec<_> = code_points(b"a\xc3\xa9\xed\xa0\x80\xf0\x9f\x98\x80.").collect();
        assert_eq!(read, [(0, 0x61), (1, 0xe9), (3, 0xd800), (6, 0x1f600), (10, 0x2e)]);
    }

    #[test]
    fn lower_appends() {
        let mut out = b"Kept".to_vec();
        lower("ÀB".as_bytes(), &mut out);
        assert_eq!(out, "Keptàb".as_bytes());
    }

    #[test]
    fn lower_maps_ascii_runs_of_any_length() {
        for length in 0..40 {
            let upper = "AZ@[`{".repeat(length)[..length].to_owned();
            let text = format!("{upper}É{upper}");
            let small = upper.to_ascii_lowercase();
            assert_eq!(lowered(&text), format!("{small}é{small}"));
        }
    }

    #[test]
    fn lower_maps_scripts_and_leaves_the_rest() {
        assert_eq!(lowered("ŻÓŁĆ ДЖ ẞ Ǆ Ⰰ 𐐀 日本 ß ŉ ı"), "żółć дж ß ǆ ⰰ 𐐨 日本 ß ŉ ı");
        // One capital letter lowers to two code points.
        assert_eq!(lowered("İ"), "i\u{307}");
        // Small letters between capitals, in tables where the two take turns.
        assert_eq!(lowered("ĀāĂă"), "āāăă");
    }

    #[test]
    fn sigma_is_final_after_a_cased_letter_only() {
        let cases = [
            ("Σ", "σ"),
            ("ΑΣ", "ας"),
            ("ΑΣΑ", "ασα"),
            ("ΑΣ Α", "ας α"),
            ("ΣΣ", "σς"),
            ("1Σ", "1σ"),
            ("日Σ", "日σ"),
            // Case-ignorable code points are skipped, before and after.
            ("Α.Σ", "α.ς"),
            ("Α\u{301}\u{ad}Σ", "α\u{301}\u{ad}ς"),
            ("ΑΣ.Α", "ασ.α"),
            ("ΑΣ.", "ας."),
            (".Σ", ".σ"),
            // Cased and ignorable at once counts as ignorable.
            ("ʰΣ", "ʰσ"),
            ("Αʰ", "αʰ"),
            ("ΑΣʰ", "αςʰ"),
            // İ is looked at before it is lowered.
            ("İΣ", "i\u{307}ς"),
        ];
        for (text, expected) in cases {
            assert_eq!(lowered(text), expected, "{text}");
        }
    }

    #[test]
    fn white_space_is_that_of_python() {
        for code_point in [0x1c, 0x1f, 0x85, 0xa0, 0x1680, 0x200a, 0x3000] {
            assert!(is_whitespace(code_point), "{code_point:x}");
        }
        for code_point in [0x08, 0x0e, 0x1b, 0x200b, 0x180e, 0x2060, 0xfeff, 0xfffd] {
            assert!(!is_whitespace(code_point), "{code_point:x}");
        }
    }

    #[test]
    fn trims_white_space() {
        let text = "\u{3000}\u{1c} a b\u{a0}\u{85}\n".as_bytes();
        assert_eq!(trim_end(text), "\u{3000}\u{1c} a b".as_bytes());
        assert_eq!(trim_start(text), "a b\u{a0}\u{85}\n".as_bytes());
        assert_eq!(trim_end(b" \t"), b"");
        assert_eq!(trim_start(b" \t"), b"");
        // No byte of another character passes for white space.
        assert_eq!(trim_end(b"a\xa0 "), b"a\xa0");
    }

    #[test]
    fn splits_at_runs_of_white_space() {
        let split = |text: &'static str| split_whitespace(text.as_bytes()).collect::<Vec<_>>();
        assert!(split("").is_empty());
        assert!(split(" \u{3000}\t").is_empty());
        assert_eq!(split("a"), [b"a"]);
        assert_eq!(split("\u{1c}a\u{a0}\u{2009}bé \n"), [b"a".as_slice(), "bé".as_bytes()]);
        let mut words = split_whitespace(b"a ");
        assert_eq!(words.next(), Some(b"a".as_slice()));
        assert_eq!((words.next(), words.next()), (None, None));
    }
}
