//! Whisper's normalisers, as whisper-normalizer 0.1.15 has them, rule by rule.
//!
//! Radford et al. 2022, "Robust Speech Recognition via Large-Scale Weak Supervision", appendix C. Each rule is a step
//! over the whole text, because what one rule writes another may change.

use super::edits::Edits;
use super::outcome::Outcome;
use super::spellings::Spellings;
use super::whisper_numbers;
use super::words::is_boundary;
use crate::pystr;
use crate::regex_tables;
use crate::tokenize::each_grapheme;
use crate::traced::Sink;
use memchr::{memchr, memchr_iter, memmem};

/// A rule.
#[derive(Clone, Debug)]
pub(super) enum Rule {
    /// Nothing in parentheses: `\(([^)]+?)\)`.
    Parentheses,
    /// None of the sounds of one who hesitates.
    Hesitations,
    /// No white space before an apostrophe.
    SpaceBeforeApostrophe,
    /// No commas between digits.
    DigitCommas,
    /// No periods but before digits.
    Periods,
    /// Blanks in place of marks, symbols and punctuation.
    Symbols { preserve_marks: bool },
    /// Blanks in place of symbols and punctuation other than these, and letters without their marks.
    SymbolsAndDiacritics { keep: &'static str },
    /// `and a half` as `point five`.
    Halves,
    /// Blanks between digits and letters,
    DigitBorders,
    /// but not before the ending of a number.
    DigitSuffixes,
    /// Numbers in digits, and words in American spelling.
    Numbers(Spellings),
    /// `$2 and ¢7` as `$2.07`,
    Cents,
    /// `$0.07` as `¢7`,
    OnlyCents,
    /// `1` as `one`.
    Ones,
    /// No signs of currencies and no periods but before digits.
    LoneSigns,
    /// No per cent but behind digits.
    LonePercent,
    /// A blank between any two graphemes.
    Graphemes,
}

/// Those with an apostrophe are replaced before all others. The package has two among the others, which makes no
/// difference: neither takes part in what another one writes.
pub(super) const CONTRACTED: [(&str, &str); 7] = [
    ("won't", "will not"),
    ("can't", "can not"),
    ("let's", "let us"),
    ("ain't", "aint"),
    ("y'all", "you all"),
    ("i'ma", "i am going to"),
    ("ma'am", "madam"),
];

pub(super) const ABBREVIATED: [(&str, &str); 32] = [
    ("wanna", "want to"),
    ("kinda", "kind of"),
    ("sorta", "sort of"),
    ("dunno", "do not know"),
    ("gotta", "got to"),
    ("gonna", "going to"),
    ("imma", "i am going to"),
    ("woulda", "would have"),
    ("coulda", "could have"),
    ("shoulda", "should have"),
    ("cause", "because"),
    ("mr", "mister "),
    ("mrs", "missus "),
    ("st", "saint "),
    ("dr", "doctor "),
    ("prof", "professor "),
    ("capt", "captain "),
    ("gov", "governor "),
    ("ald", "alderman "),
    ("gen", "general "),
    ("sen", "senator "),
    ("rep", "representative "),
    ("pres", "president "),
    ("rev", "reverend "),
    ("hon", "honorable "),
    ("asst", "assistant "),
    ("assoc", "associate "),
    ("lt", "lieutenant "),
    ("col", "colonel "),
    ("jr", "junior "),
    ("sr", "senior "),
    ("esq", "esquire "),
];

pub(super) const ENDINGS: [(&str, &str); 14] = [
    ("'d been", " had been"),
    ("'s been", " has been"),
    ("'d gone", " had gone"),
    ("'s gone", " has gone"),
    ("'d done", " had done"),
    ("'s got", " has got"),
    ("n't", " not"),
    ("'re", " are"),
    ("'s", " is"),
    ("'d", " would"),
    ("'ll", " will"),
    ("'t", " not"),
    ("'ve", " have"),
    ("'m", " am"),
];

/// The runs of the letters a to z of 2 to 7 letters, with where they start: long enough for all words that are looked for.
fn short_words(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let (words, rest) = text.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    // One more at the end, so that the last run ends.
    let words = words.iter().copied().chain([last, [0; 8]]);
    let mut letters = words.map(|word| lowercase_bits(u64::from_le_bytes(word))).enumerate();
    // Bits of a word where a run starts or ends, and the start of the run that goes on.
    let (mut changes, mut base, mut before, mut start) = (0_u16, 0, 0_u16, None);
    std::iter::from_fn(move || {
        loop {
            if changes == 0 {
                let (index, bits) = letters.next()?;
                base = 8 * index;
                changes = (bits ^ (bits << 1 | before)) & 0xff;
                before = bits >> 7;
                continue;
            }
            let at = base + changes.trailing_zeros() as usize;
            changes &= changes - 1;
            match start.take() {
                None => start = Some(at),
                Some(first) if (2..=7).contains(&(at - first)) => return Some((first, &text[first..at])),
                Some(_) => {}
            }
        }
    })
}

/// A bit for each of eight bytes, whether it is a letter from a to z.
fn lowercase_bits(bytes: u64) -> u16 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let low = bytes & (0x7f * EACH);
    let from_a = low + (0x80 - u64::from(b'a')) * EACH;
    let behind_z = low + (0x7f - u64::from(b'z')) * EACH;
    let high_bits = from_a & !behind_z & !bytes & (0x80 * EACH);
    // The high bits of all bytes, side by side in the highest byte.
    ((high_bits >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u16
}

/// For each first letter of an abbreviated word, a bit for each second one: most words are told by these two to be none.
static SECOND_LETTERS: [u32; 26] = {
    let mut bits = [0; 26];
    let mut index = 0;
    while index < ABBREVIATED.len() {
        let word = ABBREVIATED[index].0.as_bytes();
        bits[(word[0] - b'a') as usize] |= 1 << (word[1] - b'a');
        index += 1;
    }
    bits
};

/// Whether a text has one of the words that stand for longer ones.
pub(super) fn has_abbreviation(text: &[u8]) -> bool {
    short_words(text).any(|(_, word)| {
        let [first, second] = [word[0], word[1]].map(|letter| letter - b'a');
        SECOND_LETTERS[usize::from(first)] >> second & 1 == 1
            && ABBREVIATED.iter().any(|(short, _)| short.as_bytes() == word)
    })
}

impl Rule {
    pub(super) fn run(&self, text: &[u8], sink: &mut impl Sink) -> Outcome {
        match self {
            Self::Parentheses => parentheses(text, sink),
            Self::Hesitations => hesitations(text, sink),
            Self::SpaceBeforeApostrophe => space_before_apostrophe(text, sink),
            Self::DigitCommas => digit_commas(text, sink),
            Self::Periods => periods(text, sink),
            Self::Symbols { preserve_marks } => symbols(text, *preserve_marks, sink),
            Self::SymbolsAndDiacritics { keep } => symbols_and_diacritics(text, keep, sink),
            Self::Halves => halves(text, sink),
            Self::DigitBorders => digit_borders(text, sink),
            Self::DigitSuffixes => digit_suffixes(text, sink),
            Self::Numbers(spellings) => whisper_numbers::normalize(text, spellings, sink),
            Self::Cents => cents(text, sink),
            Self::OnlyCents => only_cents(text, sink),
            Self::Ones => ones(text, sink),
            Self::LoneSigns => lone_signs(text, sink),
            Self::LonePercent => lone_percent(text, sink),
            Self::Graphemes => graphemes(text, sink),
        }
    }
}

fn parentheses(text: &[u8], sink: &mut impl Sink) -> Outcome {
    let mut edits = Edits::new(text, sink);
    let mut at = 0;
    while let Some(open) = memchr(b'(', &text[at..]).map(|found| at + found) {
        // At least one character must stand between.
        let Some(close) = memchr(b')', &text[open + 1..]).map(|found| open + 1 + found) else { break };
        at = open + 1;
        if close > open + 1 {
            edits.remove(open..close + 1);
            at = close + 1;
        }
    }
    edits.end()
}

/// `\b(hmm|mm|mhm|mmm|uh|um)\b`.
fn hesitations(text: &[u8], sink: &mut impl Sink) -> Outcome {
    // All of them begin with two of few letters. Without a branch, so that it takes many bytes at a time.
    let begins = |(&[first, second], &before): (&[u8; 2], &u8)| {
        !before.is_ascii_lowercase()
            & ((first == b'u') | (first == b'h') | (first == b'm'))
            & ((second == b'h') | (second == b'm'))
    };
    let begins_text = text.first_chunk().is_some_and(|first| begins((first, &b' ')));
    let others = text.get(1..).unwrap_or_default().array_windows().zip(text);
    if !others.fold(begins_text, |any, pair| any | begins(pair)) {
        return Outcome::same(text);
    }
    let mut edits = Edits::new(text, sink);
    for (start, word) in short_words(text) {
        let end = start + word.len();
        if matches!(word, b"hmm" | b"mm" | b"mhm" | b"mmm" | b"uh" | b"um")
            && is_boundary(text, start)
            && is_boundary(text, end)
        {
            edits.remove(start..end);
        }
    }
    edits.end()
}

/// `\s+'`.
fn space_before_apostrophe(text: &[u8], sink: &mut impl Sink) -> Outcome {
    let mut edits = Edits::new(text, sink);
    for at in memchr_iter(b'\'', text) {
        let start = pystr::trim_end(&text[edits.kept()..at]).len() + edits.kept();
        if start < at {
            edits.remove(start..at);
        }
    }
    edits.end()
}

/// Whether a digit, `\d`, ends the text.
fn ends_in_digit(text: &[u8]) -> bool {
    !text.is_empty() && pystr::digit(pystr::decode_last(text).0).is_some()
}

/// `(\d),(\d)`: each digit belongs to one match.
fn digit_commas(text: &[u8], sink: &mut impl Sink) -> Outcome {
    let mut edits = Edits::new(text, sink);
    let mut at = 0;
    for comma in memchr_iter(b',', text) {
        let (code_point, width) = pystr::decode(&text[comma + 1..]);
        if width > 0 && pystr::digit(code_point).is_some() && ends_in_digit(&text[at..comma]) {
            edits.remove(comma..comma + 1);
            at = comma + 1 + width;
        }
    }
    edits.end()
}

/// `\.([^0-9]|$)`: what is behind belongs to the match.
fn periods(text: &[u8], sink: &mut impl Sink) -> Outcome {
    let mut edits = Edits::new(text, sink);
    let mut at = 0;
    while let Some(period) = memchr(b'.', &text[at..]).map(|found| at + found) {
        at = period + 1;
        match text.get(at) {
            Some(byte) if byte.is_ascii_digit() => {}
            _ => {
                edits.put(b" ", period..at);
                at += pystr::decode(&text[at..]).1;
            }
        }
    }
    edits.end()
}

/// ASCII bytes that become blanks.
const fn blanked(keep: &[u8]) -> [u8; 128] {
    let mut table = [0; 128];
    let mut byte = 0;
    while byte < 128 {
        let ascii = byte as u8;
        table[byte] = if ascii.is_ascii_punctuation() { b' ' } else { ascii };
        byte += 1;
    }
    let mut index = 0;
    while index < keep.len() {
        if keep[index] < 128 {
            table[keep[index] as usize] = keep[index];
        }
        index += 1;
    }
    table
}

static BLANKED: [u8; 128] = blanked(b"");
static BLANKED_BUT_SIGNS: [u8; 128] = blanked(b".%$");

/// Writes a text with other bytes in place of those of ASCII, and with what `other` says of other characters.
fn replace_each<S: Sink>(
    text: &[u8],
    ascii: &[u8; 128],
    sink: &mut S,
    other: impl Fn(u32) -> Option<&'static str>,
) -> Outcome {
    let mut at = 0;
    while at < text.len() {
        let run = pystr::ascii_prefix(&text[at..]);
        if run > 0 {
            sink.keep_changed(text, at..at + run, |bytes| {
                bytes.iter_mut().for_each(|byte| *byte = ascii[usize::from(*byte & 0x7f)]);
            });
            at += run;
            continue;
        }
        let (code_point, width) = pystr::decode(&text[at..]);
        match other(code_point) {
            Some("") => {}
            Some(replaced) => sink.put(replaced.as_bytes(), at..at + width),
            None => sink.keep(text, at..at + width),
        }
        at += width;
    }
    Outcome::Written
}

fn symbols(text: &[u8], preserve_marks: bool, sink: &mut impl Sink) -> Outcome {
    replace_each(text, &BLANKED, sink, |code_point| {
        let goes = pystr::is_symbol(code_point)
            || pystr::is_punctuation(code_point)
            || (!preserve_marks && pystr::is_mark(code_point));
        goes.then_some(" ")
    })
}

fn symbols_and_diacritics(text: &[u8], keep: &str, sink: &mut impl Sink) -> Outcome {
    let table = if keep.is_empty() { &BLANKED } else { &BLANKED_BUT_SIGNS };
    replace_each(text, table, sink, |code_point| {
        if char::from_u32(code_point).is_some_and(|letter| keep.contains(letter)) {
            return None;
        }
        Some(match code_point {
            0x153 => "oe",
            0x152 => "OE",
            0xf8 => "o",
            0xd8 => "O",
            0xe6 => "ae",
            0xc6 => "AE",
            0xdf => "ss",
            0x1e9e => "SS",
            0x111 | 0xf0 => "d",
            0x110 | 0xd0 => "D",
            0xfe | 0xde => "th",
            0x142 => "l",
            0x141 => "L",
            _ if pystr::is_nonspacing_mark(code_point) => "",
            _ if pystr::is_mark(code_point) || pystr::is_symbol(code_point) || pystr::is_punctuation(code_point) => " ",
            _ => return None,
        })
    })
}

/// The range of `\band\s+a\s+half\b`, first from `from` on.
fn and_a_half(text: &[u8], from: usize) -> Option<std::ops::Range<usize>> {
    /// What follows white space, of which there must be some.
    fn behind_space<'t>(text: &'t [u8], word: &[u8]) -> Option<&'t [u8]> {
        let rest = pystr::trim_start(text);
        if rest.len() < text.len() { rest.strip_prefix(word) } else { None }
    }
    let mut at = from;
    while let Some(start) = memmem::find(&text[at..], b"and").map(|found| at + found) {
        at = start + 1;
        let rest = behind_space(&text[start + 3..], b"a").and_then(|rest| behind_space(rest, b"half"));
        if let Some(rest) = rest.filter(|_| is_boundary(text, start)) {
            let end = text.len() - rest.len();
            if is_boundary(text, end) {
                return Some(start..end);
            }
        }
    }
    None
}

fn halves(text: &[u8], sink: &mut impl Sink) -> Outcome {
    if memmem::find(text, b"half").is_none() {
        return if pystr::trim_start(text).is_empty() { Outcome::Part(0..0) } else { Outcome::same(text) };
    }
    let mut written = false;
    let mut start = 0;
    let mut found = and_a_half(text, 0);
    loop {
        let segment = start..found.as_ref().map_or(text.len(), |found| found.start);
        let words = pystr::trim(&text[segment.clone()]);
        if !words.is_empty() {
            if written {
                sink.put(b" ", segment.start..segment.start);
            }
            written = true;
            sink.keep(text, segment);
            if let Some(found) = &found {
                let last = pystr::split_whitespace(words).last().unwrap_or_default();
                let half = if whisper_numbers::takes_half(last) { "point five" } else { "and a half" };
                sink.put(b" ", found.start..found.start);
                sink.put(half.as_bytes(), found.clone());
            }
        }
        let Some(this) = found else { return Outcome::Written };
        start = this.end;
        found = and_a_half(text, start);
    }
}

fn has_digit(text: &[u8]) -> bool {
    // Without a branch, so that it takes many bytes at a time.
    text.iter().fold(false, |found, byte| found | byte.is_ascii_digit())
}

/// `([a-z])([0-9])` and `([0-9])([a-z])`.
fn digit_borders(text: &[u8], sink: &mut impl Sink) -> Outcome {
    if !has_digit(text) {
        return Outcome::same(text);
    }
    let mut edits = Edits::new(text, sink);
    for at in 1..text.len() {
        let (left, right) = (text[at - 1], text[at]);
        if (left.is_ascii_lowercase() && right.is_ascii_digit())
            || (left.is_ascii_digit() && right.is_ascii_lowercase())
        {
            edits.put(b" ", at..at);
        }
    }
    edits.end()
}

/// `([0-9])\s+(st|nd|rd|th|s)\b`.
fn digit_suffixes(text: &[u8], sink: &mut impl Sink) -> Outcome {
    if !has_digit(text) {
        return Outcome::same(text);
    }
    let mut edits = Edits::new(text, sink);
    for at in 1..text.len() {
        if !text[at - 1].is_ascii_digit() {
            continue;
        }
        let rest = pystr::trim_start(&text[at..]);
        let start = text.len() - rest.len();
        if start == at {
            continue;
        }
        let ends = |suffix: &&[u8]| rest.starts_with(suffix) && is_boundary(text, start + suffix.len());
        if [&b"st"[..], b"nd", b"rd", b"th", b"s"].iter().any(ends) {
            edits.remove(at..start);
        }
    }
    edits.end()
}

const CENT: &[u8] = "¢".as_bytes();

/// The length of one of these signs at the start of `text`, 0 if none is.
fn sign(text: &[u8], signs: &str) -> usize {
    let (code_point, width) = pystr::decode(text);
    if char::from_u32(code_point).is_some_and(|letter| signs.contains(letter)) { width } else { 0 }
}

/// The places of signs of currencies, with their lengths.
fn signs<'t>(text: &'t [u8], signs: &'static str) -> impl Iterator<Item = (usize, usize)> + 't {
    // Those beyond ASCII start with these bytes.
    let starts = memchr::memchr3_iter(b'$', 0xc2, 0xe2, text);
    starts.map(move |at| (at, sign(&text[at..], signs))).filter(|(_, len)| *len > 0)
}

/// `[0-9]{1,2}\b` at the start of `text[at..]`: how many digits.
fn one_or_two_digits(text: &[u8], at: usize) -> Option<usize> {
    let is_digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    let fits = |len: &usize| (at..at + len).all(is_digit) && is_boundary(text, at + len);
    [2, 1].into_iter().find(fits)
}

/// `([€£$])([0-9]+) (?:and )?¢([0-9]{1,2})\b`.
fn cents(text: &[u8], sink: &mut impl Sink) -> Outcome {
    if memmem::find(text, CENT).is_none() {
        return Outcome::same(text);
    }
    let mut edits = Edits::new(text, sink);
    for (at, len) in signs(text, "€£$") {
        if at < edits.kept() {
            continue;
        }
        let digits = text[at + len..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let end = at + len + digits;
        let Some(rest) = text[end..].strip_prefix(b" ").filter(|_| digits > 0) else { continue };
        let rest = rest.strip_prefix(b"and ").unwrap_or(rest);
        let Some(rest) = rest.strip_prefix(CENT) else { continue };
        let start = text.len() - rest.len();
        let Some(count) = one_or_two_digits(text, start) else { continue };
        edits.put(if count == 1 { b".0" } else { b"." }, end..start);
    }
    edits.end()
}

/// `[€£$]0.([0-9]{1,2})\b`, where the period is any character.
fn only_cents(text: &[u8], sink: &mut impl Sink) -> Outcome {
    let mut edits = Edits::new(text, sink);
    for (at, len) in signs(text, "€£$") {
        if at < edits.kept() || text.get(at + len) != Some(&b'0') {
            continue;
        }
        let any = at + len + 1;
        let (code_point, width) = pystr::decode(&text[any..]);
        if width == 0 || code_point == u32::from(b'\n') {
            continue;
        }
        let start = any + width;
        let Some(count) = one_or_two_digits(text, start) else { continue };
        // As an integer.
        let zeros = usize::from(count == 2 && text[start] == b'0');
        edits.put(CENT, at..start + zeros);
    }
    edits.end()
}

/// `\b1(s?)\b`.
fn ones(text: &[u8], sink: &mut impl Sink) -> Outcome {
    let mut edits = Edits::new(text, sink);
    for at in memchr_iter(b'1', text) {
        let with_s = text.get(at + 1) == Some(&b's') && is_boundary(text, at + 2);
        if is_boundary(text, at) && (with_s || is_boundary(text, at + 1)) {
            edits.put(b"one", at..at + 1);
        }
    }
    edits.end()
}

/// `[.$¢€£]([^0-9])`: what is behind belongs to the match.
fn lone_signs(text: &[u8], sink: &mut impl Sink) -> Outcome {
    // Without a branch, so that it takes many bytes at a time.
    if !text.iter().fold(false, |any, &byte| any | (byte == b'.') | (byte == b'$') | (byte >= 0x80)) {
        return Outcome::same(text);
    }
    let mut edits = Edits::new(text, sink);
    let mut at = 0;
    while at < text.len() {
        let Some(found) = text[at..].iter().position(|byte| matches!(byte, b'.' | b'$' | 0xc2 | 0xe2)) else { break };
        at += found;
        let len = sign(&text[at..], ".$¢€£");
        if len == 0 {
            at += 1;
            continue;
        }
        let next = text.get(at + len);
        if next.is_some_and(|byte| !byte.is_ascii_digit()) {
            edits.put(b" ", at..at + len);
            at += pystr::decode(&text[at + len..]).1;
        }
        at += len;
    }
    edits.end()
}

/// `([^0-9])%`: what is before belongs to the match.
fn lone_percent(text: &[u8], sink: &mut impl Sink) -> Outcome {
    let mut edits = Edits::new(text, sink);
    let mut at = 0;
    for percent in memchr_iter(b'%', text) {
        if percent > at && !text[percent - 1].is_ascii_digit() {
            edits.put(b" ", percent..percent + 1);
            at = percent + 1;
        }
    }
    edits.end()
}

/// A blank between any two extended grapheme clusters, as `\X` of the package `regex` finds them: it joins a consonant to
/// whatever stands before a virama, and not to consonants alone as UAX #29 does.
fn graphemes(text: &[u8], sink: &mut impl Sink) -> Outcome {
    let mut start = 0;
    let mut after_linker = false;
    each_grapheme(&pystr::valid_of_equal_length(text), &mut |grapheme| {
        let first = grapheme.chars().next().map_or(0, u32::from);
        if start > 0 && !(after_linker && pystr::is_in(&regex_tables::CONJUNCT_CONSONANTS, first)) {
            sink.put(b" ", start..start);
        }
        sink.keep(text, start..start + grapheme.len());
        start += grapheme.len();
        let mut behind = grapheme.chars().rev().map(u32::from);
        let is_linker = |&point: &u32| pystr::is_in(&regex_tables::CONJUNCT_LINKERS, point);
        let extends = |point: &u32| pystr::is_in(&regex_tables::CONJUNCT_EXTENDERS, *point);
        after_linker = behind.find(|point| is_linker(point) || !extends(point)).is_some_and(|point| is_linker(&point));
    });
    Outcome::Written
}
