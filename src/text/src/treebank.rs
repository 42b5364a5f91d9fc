//! NLTK 3.10.4's word tokenizers: `NLTKWordTokenizer`, which `word_tokenize` asks, and `TreebankWordTokenizer`.
//!
//! There each is a chain of some twenty substitutions over the whole text, and so it is here, each a function written by
//! hand. A substitution whose marks the text lacks is skipped: all bytes of the text are looked at once for that.
//!
//! NLTK does most of them with the package `regex`, whose white space, digits and letters are those of [`regex_tables`];
//! contractions alone with Python's `re`, whose are those of [`pystr`].

use textgauge_kernels::buffers;

use crate::pipeline::Tokenizer;
use crate::{pystr, regex_tables as tables};

buffers! {
    /// Tokenises as NLTK does; owns the buffers that this takes.
    pub(crate) struct TreebankTokenizer {
        text: Vec<u8>,
        next: Vec<u8>,
    }
}

impl TreebankTokenizer {
    /// Shows every token of `text`, read as one sentence, that [`Tokenizer::Nltk`] or else [`Tokenizer::Treebank`] makes.
    pub(crate) fn tokenize(&mut self, tokenizer: Tokenizer, text: &[u8], token: impl FnMut(&[u8])) {
        let rules: [&[Rule]; 2] =
            if tokenizer == Tokenizer::Nltk { [&NLTK, &NLTK_ENDS] } else { [&TREEBANK, &TREEBANK_ENDS] };
        let mut present = [false; 256];
        text.iter().for_each(|&byte| present[usize::from(byte)] = true);
        self.text.clear();
        self.text.extend_from_slice(text);
        self.run(rules[0], &present);
        self.text.insert(0, b' ');
        self.text.push(b' ');
        self.run(rules[1], &present);
        pystr::split_whitespace(&self.text).for_each(token);
    }

    fn run(&mut self, rules: &[Rule], present: &[bool; 256]) {
        for rule in rules {
            if rule.marks.iter().any(|&mark| present[usize::from(mark)]) {
                self.next.clear();
                (rule.substitute)(&self.text, &mut self.next);
                std::mem::swap(&mut self.text, &mut self.next);
            }
        }
    }
}

/// A substitution, which changes nothing in a text that had none of the marks at the start.
struct Rule {
    marks: &'static [u8],
    substitute: fn(&[u8], &mut Vec<u8>),
}

const fn rule(marks: &'static [u8], substitute: fn(&[u8], &mut Vec<u8>)) -> Rule {
    Rule { marks, substitute }
}

static NLTK: [Rule; 17] = [
    rule(b"`\xC2\xE2", |text, out| pad(text, out, opening_quote)),
    rule(b"\"", first_quote),
    rule(b"`\"", |text, out| pad(text, out, |rest| exactly(rest, b"``"))),
    rule(b"\"'", opening_quotes),
    rule(b"'", apostrophes_before_words),
    rule(b".", |text, out| {
        final_period(text, out, |code_point| is_closing(code_point) || is_wide_closing(code_point), b" ")
    }),
    rule(b":,", colons_and_commas),
    rule(b":,", last_colon_or_comma),
    rule(b".", |text, out| pad(text, out, |rest| Some(run(rest, b'.')).filter(|&dots| dots > 1).unwrap_or(0))),
    rule(b";@#$%&", |text, out| pad(text, out, |rest| one_of(rest, b";@#$%&"))),
    rule(b"\xE2", |text, out| pad(text, out, dash)),
    rule(b".", |text, out| final_period(text, out, is_closing, b"")),
    rule(b"?!", |text, out| pad(text, out, |rest| one_of(rest, b"?!"))),
    rule(b"'", last_apostrophes),
    rule(b"*", |text, out| pad(text, out, |rest| one_of(rest, b"*"))),
    rule(BRACKETS, |text, out| pad(text, out, |rest| one_of(rest, BRACKETS))),
    rule(b"-", |text, out| pad(text, out, |rest| exactly(rest, b"--"))),
];

static NLTK_ENDS: [Rule; 7] = [
    rule(b"\xC2\xE2", |text, out| pad(text, out, closing_quote)),
    rule(b"'", |text, out| pad(text, out, |rest| exactly(rest, b"''"))),
    rule(b"\"", closing_double_quotes),
    rule(b"'", blanks_for_white_space),
    rule(b"'", |text, out| endings(text, out, &SHORT_ENDINGS)),
    rule(b"'", |text, out| endings(text, out, &LONG_ENDINGS)),
    rule(b"nNtTeE", contractions),
];

static TREEBANK: [Rule; 11] = [
    rule(b"\"", first_quote),
    rule(b"`\"", |text, out| pad(text, out, |rest| exactly(rest, b"``"))),
    rule(b"\"'", opening_quotes),
    rule(b":,", colons_and_commas),
    rule(b":,", last_colon_or_comma),
    rule(b".", |text, out| pad(text, out, |rest| exactly(rest, b"..."))),
    rule(b";@#$%&", |text, out| pad(text, out, |rest| one_of(rest, b";@#$%&"))),
    rule(b".", |text, out| final_period(text, out, is_closing, b"")),
    rule(b"?!", |text, out| pad(text, out, |rest| one_of(rest, b"?!"))),
    rule(b"'", last_apostrophes),
    rule(b"()[]{}<>-", |text, out| pad(text, out, |rest| one_of(rest, BRACKETS).max(exactly(rest, b"--")))),
];

static TREEBANK_ENDS: [Rule; 5] = [
    rule(b"'", |text, out| pad(text, out, |rest| exactly(rest, b"''"))),
    rule(b"\"", closing_double_quotes),
    rule(b"'", |text, out| endings(text, out, &SHORT_ENDINGS)),
    rule(b"'", |text, out| endings(text, out, &LONG_ENDINGS)),
    rule(b"nNtTeE", contractions),
];

const BRACKETS: &[u8] = b"()[]{}<>";

/// What is cut off the end of a word, in the order in which it is tried. An apostrophe alone comes last.
const SHORT_ENDINGS: [&[u8]; 7] = [b"'s", b"'S", b"'m", b"'M", b"'d", b"'D", b"'"];
const LONG_ENDINGS: [&[u8]; 8] = [b"'ll", b"'LL", b"'re", b"'RE", b"'ve", b"'VE", b"n't", b"N'T"];

/// Words that are two, in lower case, with the length of the first. The last is one only before white space.
const CONTRACTIONS: [(&[u8], usize); 8] = [
    (b"cannot", 3),
    (b"d'ye", 1),
    (b"gimme", 3),
    (b"gonna", 3),
    (b"gotta", 3),
    (b"lemme", 3),
    (b"more'n", 4),
    (b"wanna", 3),
];

// ---- what stands at the start of a text, as a number of bytes

fn one_of(rest: &[u8], marks: &[u8]) -> usize {
    usize::from(rest.first().is_some_and(|byte| marks.contains(byte)))
}

fn exactly(rest: &[u8], mark: &[u8]) -> usize {
    if rest.starts_with(mark) { mark.len() } else { 0 }
}

fn run(rest: &[u8], mark: u8) -> usize {
    rest.iter().take_while(|&&byte| byte == mark).count()
}

fn opening_quote(rest: &[u8]) -> usize {
    let quotes = ["«", "“", "‘", "„"].map(|quote| exactly(rest, quote.as_bytes()));
    quotes.into_iter().fold(run(rest, b'`'), usize::max)
}

fn closing_quote(rest: &[u8]) -> usize {
    ["»", "”", "’"].map(|quote| exactly(rest, quote.as_bytes())).into_iter().fold(0, usize::max)
}

fn dash(rest: &[u8]) -> usize {
    let (code_point, width) = pystr::decode(rest);
    if matches!(code_point, 0x2012..=0x2015) { width } else { 0 }
}

/// How many bytes match `word`, which is ASCII in lower case, whatever the case: for Python's `re` more than the two
/// cases of `i` and `s` are the same letter.
fn ignoring_case(rest: &[u8], word: &[u8]) -> Option<usize> {
    let mut len = 0;
    for &letter in word {
        let (code_point, width) = rest.get(len..).filter(|rest| !rest.is_empty()).map(pystr::decode)?;
        let same = match code_point {
            0x130 | 0x131 => letter == b'i',
            0x17f => letter == b's',
            ascii => u8::try_from(ascii).is_ok_and(|byte| byte.to_ascii_lowercase() == letter),
        };
        if !same {
            return None;
        }
        len += width;
    }
    Some(len)
}

// ---- what stands around a place

fn code_point_at(text: &[u8], at: usize) -> Option<u32> {
    text.get(at..).filter(|rest| !rest.is_empty()).map(|rest| pystr::decode(rest).0)
}

fn code_point_before(text: &[u8], at: usize) -> Option<u32> {
    (at > 0).then(|| pystr::decode_last(&text[..at]).0)
}

/// Whether `\w` matches the code point.
fn is_word(code_point: u32) -> bool {
    match u8::try_from(code_point) {
        Ok(ascii @ ..=0x7f) => ascii.is_ascii_alphanumeric() || ascii == b'_',
        _ => pystr::is_in(&tables::WORDS, code_point),
    }
}

/// Whether `\d` matches the code point.
fn is_digit(code_point: u32) -> bool {
    pystr::is_in(&tables::DECIMALS, code_point)
}

/// Whether `\s` matches the code point: not the separators of ASCII, which are white space to Python.
fn is_white(code_point: u32) -> bool {
    pystr::is_whitespace(code_point) && !matches!(code_point, 0x1c..=0x1f)
}

fn is_closing(code_point: u32) -> bool {
    u8::try_from(code_point).is_ok_and(|byte| b"])}>\"'".contains(&byte))
}

fn is_wide_closing(code_point: u32) -> bool {
    code_point == u32::from(b' ') || ['»', '”', '’'].map(u32::from).contains(&code_point)
}

// ---- substitutions

/// Puts a blank before and behind each stretch of which `length` says that it starts there, and how long it is.
fn pad(text: &[u8], out: &mut Vec<u8>, length: impl Fn(&[u8]) -> usize) {
    let (mut at, mut kept) = (0, 0);
    while at < text.len() {
        let len = length(&text[at..]);
        if len > 0 {
            out.extend_from_slice(&text[kept..at]);
            put(out, &[b" ", &text[at..at + len], b" "]);
            kept = at + len;
        }
        at += len.max(1);
    }
    out.extend_from_slice(&text[kept..]);
}

fn put(out: &mut Vec<u8>, parts: &[&[u8]]) {
    parts.iter().for_each(|part| out.extend_from_slice(part));
}

/// A double quote at the very start opens.
fn first_quote(text: &[u8], out: &mut Vec<u8>) {
    let rest = text.strip_prefix(b"\"");
    put(out, &[if rest.is_some() { b"``" } else { b"" }, rest.unwrap_or(text)]);
}

/// Double quotes behind a blank or an opening bracket open.
fn opening_quotes(text: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let rest = &text[at + 1..];
        let quote = exactly(rest, b"\"").max(exactly(rest, b"''"));
        out.push(byte);
        at += 1;
        if quote > 0 && b" ([{<".contains(&byte) {
            put(out, &[b" `` "]);
            at += quote;
        }
    }
}

/// An apostrophe before a word stands alone, unless the word is the ending of another.
fn apostrophes_before_words(text: &[u8], out: &mut Vec<u8>) {
    for (at, &byte) in text.iter().enumerate() {
        out.push(byte);
        if byte == b'\''
            && !code_point_before(text, at).is_some_and(is_word)
            && code_point_at(text, at + 1).is_some_and(is_word)
        {
            let rest = &text[at + 1..];
            let is_ending = [b"re".as_slice(), b"ve", b"ll", b"m", b"t", b"s", b"d", b"n"].into_iter().any(|ending| {
                ignoring_case(rest, ending).is_some_and(|len| !code_point_at(rest, len).is_some_and(is_word))
            });
            if !is_ending {
                out.push(b' ');
            }
        }
    }
}

/// Cuts off the full stop at the end of the text that only `closing` marks and white space follow; `between` comes before
/// the marks, which keep together.
fn final_period(text: &[u8], out: &mut Vec<u8>, closing: impl Fn(u32) -> bool, between: &[u8]) {
    let before = |dot: &usize| *dot > 0 && text[dot - 1] != b'.';
    if let Some(dot) = text.iter().rposition(|&byte| byte == b'.').filter(before) {
        let rest = &text[dot + 1..];
        let marks =
            pystr::code_points(rest).find(|&(_, code_point)| !closing(code_point)).map_or(rest.len(), |(at, _)| at);
        if pystr::code_points(&rest[marks..]).all(|(_, code_point)| is_white(code_point)) {
            return put(out, &[&text[..dot], b" .", between, &rest[..marks], b" "]);
        }
    }
    out.extend_from_slice(text);
}

/// Colons and commas stand alone unless a digit follows.
fn colons_and_commas(text: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let rest = &text[at + 1..];
        at += 1;
        if matches!(byte, b':' | b',') && !rest.is_empty() {
            let (code_point, width) = pystr::decode(rest);
            if !is_digit(code_point) {
                put(out, &[b" ", &[byte], b" ", &rest[..width]]);
                at += width;
                continue;
            }
        }
        out.push(byte);
    }
}

/// So does one at the end of the text, or of its last line.
fn last_colon_or_comma(text: &[u8], out: &mut Vec<u8>) {
    let line = text.strip_suffix(b"\n").unwrap_or(text);
    let ends = [text, line].into_iter().find(|end| matches!(end.last(), Some(b':' | b',')));
    let Some((mark, before)) = ends.and_then(<[u8]>::split_last) else { return out.extend_from_slice(text) };
    put(out, &[before, b" ", &[*mark], b" ", &text[before.len() + 1..]]);
}

/// An apostrophe before a blank stands alone, unless another stands before it.
fn last_apostrophes(text: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    while at < text.len() {
        let (code_point, width) = pystr::decode(&text[at..]);
        put(out, &[&text[at..at + width]]);
        at += width;
        if code_point != u32::from(b'\'') && text[at..].starts_with(b"' ") {
            put(out, &[b" ' "]);
            at += 2;
        }
    }
}

fn closing_double_quotes(text: &[u8], out: &mut Vec<u8>) {
    for &byte in text {
        if byte == b'"' {
            put(out, &[b" '' "]);
        } else {
            out.push(byte);
        }
    }
}

/// One blank for each run of white space.
fn blanks_for_white_space(text: &[u8], out: &mut Vec<u8>) {
    let mut was_white = false;
    let mut at = 0;
    while at < text.len() {
        let (code_point, width) = pystr::decode(&text[at..]);
        let white = is_white(code_point);
        if !white {
            put(out, &[&text[at..at + width]]);
        } else if !was_white {
            out.push(b' ');
        }
        was_white = white;
        at += width;
    }
}

/// Cuts endings off words before a blank.
fn endings(text: &[u8], out: &mut Vec<u8>, endings: &[&[u8]]) {
    let mut at = 0;
    while at < text.len() {
        let (code_point, width) = pystr::decode(&text[at..]);
        put(out, &[&text[at..at + width]]);
        at += width;
        if code_point == u32::from(b'\'') || code_point == u32::from(b' ') {
            continue;
        }
        let rest = &text[at..];
        if let Some(ending) =
            endings.iter().find(|&&ending| rest.starts_with(ending) && rest.get(ending.len()) == Some(&b' '))
        {
            put(out, &[b" ", ending, b" "]);
            at += ending.len() + 1;
        }
    }
}

/// Cuts words in two that are two, and then `'tis` and `'twas` behind a blank.
fn contractions(text: &[u8], out: &mut Vec<u8>) {
    let mut words = Vec::with_capacity(text.len());
    split_where(text, &mut words, contraction);
    split_where(&words, out, old_contraction);
}

/// The lengths of the first part and of both, of what starts at a place of a text and is to be cut in two.
type Split = fn(&[u8], usize) -> Option<(usize, usize)>;

fn split_where(text: &[u8], out: &mut Vec<u8>, split: Split) {
    let mut at = 0;
    while at < text.len() {
        if let Some((first, len)) = split(text, at) {
            put(out, &[b" ", &text[at..at + first], b" ", &text[at + first..at + len], b" "]);
            at += len;
        } else {
            out.push(text[at]);
            at += 1;
        }
    }
}

fn contraction(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let is_word = |code_point: Option<u32>| code_point.is_some_and(pystr::is_word);
    let rest = &text[at..];
    if !b"cdglmw".contains(&rest[0].to_ascii_lowercase()) || is_word(code_point_before(text, at)) {
        return None;
    }
    let found = CONTRACTIONS.iter().find_map(|&(word, first)| Some((word, first, ignoring_case(rest, word)?)));
    let (word, first, len) = found?;
    let next = code_point_at(rest, len);
    let ends = if word == b"wanna" { next.is_some_and(pystr::is_whitespace) } else { !is_word(next) };
    ends.then(|| (ignoring_case(rest, &word[..first]).unwrap_or(first), len))
}

/// The blank, to which the parts keep their distance anyway, is one of the first part.
fn old_contraction(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let rest = &text[at..];
    let len = [b" 'tis".as_slice(), b" 'twas"].into_iter().find_map(|word| ignoring_case(rest, word))?;
    (!code_point_at(rest, len).is_some_and(pystr::is_word)).then_some((3, len))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(tokenizer: Tokenizer, text: &str) -> Vec<String> {
        let mut tokens = Vec::new();
        TreebankTokenizer::default().tokenize(tokenizer, text.as_bytes(), |token| {
            tokens.push(String::from_utf8_lossy(token).into_owned());
        });
        tokens
    }

    #[test]
    fn words_lose_what_is_no_part_of_them() {
        for (text, nltk, treebank) in [
            ("It's $3.50, (don't) ask.", "It 's $ 3.50 , ( do n't ) ask .", "It 's $ 3.50 , ( do n't ) ask ."),
            ("\"Well--no...\" 'tis", "`` Well -- no ... '' ' tis", "`` Well -- no ... '' 't is"),
            ("I cannot, «gonna» 'x", "I can not , « gon na » ' x", "I can not , « gon na » 'x"),
            ("a.. b.'\u{bb}", "a .. b . ' »", "a.. b.'»"),
            ("10:30, 5:", "10:30 , 5 :", "10:30 , 5 :"),
            ("GIMME G\u{131}mme", "GIM ME G\u{131}m me", "GIM ME G\u{131}m me"),
            ("", "", ""),
        ] {
            assert_eq!(tokens(Tokenizer::Nltk, text).join(" "), nltk);
            assert_eq!(tokens(Tokenizer::Treebank, text).join(" "), treebank);
        }
    }
}
