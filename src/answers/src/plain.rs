//! A text as it reads: without markup, one blank for many, letters of all widths and shapes as plain ones.
//!
//! One pass. Stretches of plain ASCII are copied as they are. Where each byte came from is kept as a list of the places
//! at which the distance to the source changes.

use std::ops::Range;

use crate::characters::is_word;
use crate::formulas::{fraction, sign};

/// A text without its markup.
#[derive(Default)]
pub(crate) struct Plain {
    /// ASCII keeps its case; other letters are in lower case.
    pub(crate) text: String,
    /// From each of these places on a byte stands at that place of the source, or as much further on.
    shifts: Vec<(usize, usize)>,
}

/// Commands of LaTeX that only style what is in their braces.
const STYLES: [&str; 30] = [
    "text",
    "textbf",
    "textit",
    "textrm",
    "textsf",
    "texttt",
    "mathbf",
    "mathrm",
    "mathit",
    "mathsf",
    "mathtt",
    "mathcal",
    "boldsymbol",
    "bm",
    "bf",
    "rm",
    "boxed",
    "fbox",
    "underline",
    "emph",
    "operatorname",
    "displaystyle",
    "left",
    "right",
    "quad",
    "qquad",
    "mathbb",
    "mbox",
    "textnormal",
    "ce",
];

impl Plain {
    /// Makes it of parts of `source`, each on lines of its own.
    pub(crate) fn of(source: &str, parts: &[Range<usize>]) -> Self {
        let mut plain = Self::default();
        plain.text.reserve(parts.iter().map(Range::len).sum::<usize>() + parts.len());
        for part in parts {
            plain.line_break(part.start);
            Writer { plain: &mut plain, source, at: part.start, end: part.end }.write();
        }
        let len = plain.text.trim_end().len();
        plain.text.truncate(len);
        plain
    }

    /// A text of its own, such as a choice.
    pub(crate) fn whole(source: &str) -> Self {
        Self::of(source, std::slice::from_ref(&(0..source.len())))
    }

    /// Where a place of the plain text stands in the source.
    pub(crate) fn origin(&self, at: usize) -> usize {
        let number = self.shifts.partition_point(|&(place, _)| place <= at);
        match number.checked_sub(1).map(|number| self.shifts[number]) {
            Some((place, source)) => source + (at - place),
            None => at,
        }
    }

    /// The stretch of the source that a stretch of the plain text was made of.
    pub(crate) fn span(&self, source: &str, stretch: Range<usize>) -> Range<usize> {
        let Range { start, end } = stretch;
        if start >= end {
            let at = floor(source, self.origin(start));
            return at..at;
        }
        let start = floor(source, self.origin(start));
        let last = floor(source, self.origin(end - 1));
        start..last + source[last..].chars().next().map_or(0, char::len_utf8)
    }

    fn note(&mut self, source: usize) {
        let place = self.text.len();
        if self.origin_of_next() != source {
            self.shifts.push((place, source));
        }
    }

    fn origin_of_next(&self) -> usize {
        match self.shifts.last() {
            Some(&(place, source)) => source + (self.text.len() - place),
            None => self.text.len(),
        }
    }

    fn push(&mut self, c: char, source: usize) {
        self.note(source);
        self.text.push(c);
    }

    fn blank(&mut self, source: usize) {
        if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
            self.push(' ', source);
        }
    }

    fn line_break(&mut self, source: usize) {
        if self.text.ends_with(' ') {
            self.text.pop();
            if self.shifts.last().is_some_and(|&(place, _)| place > self.text.len()) {
                self.shifts.pop();
            }
        }
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.push('\n', source);
        }
    }
}

/// The character that the byte at `at` is of.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Whether a byte stays as it is wherever it stands.
const fn stays(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'.' | b',' | b':' | b';' | b'!' | b'?' | b'(' | b')' | b'[' | b']' | b'-' | b'=' | b'/' | b'+'
        )
        || matches!(byte, b'%' | b'&' | b'@' | b'^' | b'|' | b'>')
}

const STAYS: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = stays(byte as u8);
        byte += 1;
    }
    table
};

struct Writer<'a> {
    plain: &'a mut Plain,
    source: &'a str,
    at: usize,
    end: usize,
}

impl Writer<'_> {
    fn write(&mut self) {
        let bytes = &self.source.as_bytes()[..self.end];
        while self.at < self.end {
            let start = self.at;
            // A single blank between what stays is as good as what stays.
            while let Some(&byte) = bytes.get(self.at)
                && (STAYS[usize::from(byte)] || byte == b' ' && self.at > start && bytes[self.at - 1] != b' ')
            {
                self.at += 1;
            }
            if self.at > start {
                self.plain.note(start);
                self.plain.text.push_str(&self.source[start..self.at]);
            }
            match bytes.get(self.at) {
                Some(byte) if byte.is_ascii() => self.ascii(*byte),
                Some(_) => self.other(),
                None => {}
            }
        }
    }

    /// The byte before, and the one `ahead` of this one; 0 outside of the part.
    fn before(&self) -> u8 {
        if self.at == 0 { 0 } else { self.source.as_bytes()[self.at - 1] }
    }

    fn ahead(&self, by: usize) -> u8 {
        if self.at + by < self.end { self.source.as_bytes()[self.at + by] } else { 0 }
    }

    fn keep(&mut self, c: char) {
        self.plain.push(c, self.at);
        self.at += 1;
    }

    fn ascii(&mut self, byte: u8) {
        let (before, next) = (self.before(), self.ahead(1));
        let inside = before.is_ascii_alphanumeric() && next.is_ascii_alphanumeric();
        match byte {
            b'\n' | b'\r' => self.plain.line_break(self.at),
            b' ' | b'\t' | 0..=0x1F | 0x7F => self.plain.blank(self.at),
            b'\\' => return self.command(),
            b'<' => return self.angle(),
            b'~' if next == b'~' => return self.struck_out(),
            b'\'' if before.is_ascii_alphabetic() && next.is_ascii_alphabetic() => return self.keep('\''),
            b'*' if inside && before.is_ascii_digit() => return self.keep('*'),
            b'#' if before.is_ascii_alphanumeric() => return self.keep('#'),
            // `H_2O` is H₂O.
            b'_' if inside && next.is_ascii_digit() => {}
            b'_' if inside => self.plain.blank(self.at),
            b'{' | b'}' if inside => self.plain.blank(self.at),
            b'~' => return self.keep('~'),
            _ => {}
        }
        self.at += 1;
    }

    /// A command of LaTeX: styles go, and so do the marks of formulas; the names of others stay.
    fn command(&mut self) {
        let rest = &self.source.as_bytes()[self.at + 1..self.end];
        let len = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).take(16).count();
        let name = &self.source[self.at + 1..self.at + 1 + len];
        if len == 0 {
            match self.ahead(1) {
                b'%' | b'$' | b'&' | b'#' | b'{' | b'}' | b'_' | b'\\' => {}
                _ if rest.first().is_some_and(u8::is_ascii) => {
                    self.plain.blank(self.at);
                    self.at += 1;
                }
                _ => {}
            }
            self.at += 1;
        } else if let ("begin" | "end", Some(environment)) = (name, environment(&rest[len..])) {
            self.plain.line_break(self.at);
            self.at += 1 + len + environment;
        } else if STYLES.contains(&name) {
            self.at += 1 + len;
        } else if let Some(sign) = sign(name) {
            self.plain.push(sign, self.at);
            self.at += 1 + len;
        } else if let Some((numerator, denominator, end)) = fraction(&self.source[..self.end], name, self.at + 1 + len)
        {
            self.part(numerator);
            self.plain.push('/', denominator.start - 1);
            self.part(denominator);
            self.at = end;
        } else if let Some(b'n' | b't') = rest.first()
            && (len == 1 || rest[1].is_ascii_uppercase())
        {
            // A line break that was written as its escape.
            self.plain.line_break(self.at);
            self.at += 2;
        } else {
            self.at += 1;
        }
    }

    /// A part of a fraction, in parentheses if it has several terms.
    fn part(&mut self, part: Range<usize>) {
        let Range { start, end } = part;
        let several = self.source[start..end].trim_start_matches('-').contains(['+', '-']);
        if several {
            self.plain.push('(', start);
        }
        Writer { plain: &mut *self.plain, source: self.source, at: start, end }.write();
        if several {
            self.plain.push(')', end);
        }
    }

    /// What is struck out goes.
    fn struck_out(&mut self) {
        let near = &self.source.as_bytes()[self.at + 2..self.end.min(self.at + 256)];
        self.at += 2 + memchr::memmem::find(near, b"~~").map_or(0, |len| len + 2);
    }

    /// A tag of HTML goes; any other `<` stays.
    fn angle(&mut self) {
        let rest = &self.source.as_bytes()[self.at + 1..self.end.min(self.at + 32)];
        let name = usize::from(rest.first() == Some(&b'/'));
        let close = memchr::memchr(b'>', rest);
        match close {
            Some(len)
                if len > name
                    && rest[name].is_ascii_alphabetic()
                    && self.source.is_char_boundary(self.at + len + 2) =>
            {
                let line = matches!(&rest[..len], b"br" | b"br/" | b"br /" | b"p" | b"/p" | b"/div" | b"/li" | b"/tr");
                if line {
                    self.plain.line_break(self.at);
                }
                self.at += len + 2;
            }
            _ => self.keep('<'),
        }
    }

    fn other(&mut self) {
        let Some(c) = self.source[self.at..self.end].chars().next() else {
            self.at = self.end;
            return;
        };
        let at = self.at;
        if let Some(letter) = self.look_alike(c) {
            self.plain.push(letter, at);
            self.at += c.len_utf8();
            return;
        }
        let plain = &mut *self.plain;
        match shape(c) {
            Shape::Blank => plain.blank(at),
            Shape::Line => plain.line_break(at),
            Shape::Nothing => {}
            Shape::Ascii(byte) => plain.push(char::from(byte), at),
            Shape::Spaced(byte) => {
                plain.push(char::from(byte), at);
                plain.blank(at);
            }
            Shape::Choice(letter) => {
                plain.push('(', at);
                plain.note_same(at);
                plain.push(char::from(letter), at);
                plain.push(')', at);
            }
            Shape::Power(byte) => {
                let goes_on =
                    self.source[..at].chars().next_back().is_some_and(|c| matches!(shape(c), Shape::Power(_)));
                if !goes_on {
                    plain.push('^', at);
                    plain.note_same(at);
                }
                plain.push(char::from(byte), at);
            }
            Shape::Itself => c.to_lowercase().for_each(|lower| plain.push(lower, at)),
        }
        self.at += c.len_utf8();
    }
}

/// How long the name of an environment of LaTeX is, with its braces.
fn environment(rest: &[u8]) -> Option<usize> {
    const LONGEST: usize = 16;
    let name = rest.strip_prefix(b"{")?;
    let len = name.iter().take(LONGEST).take_while(|byte| byte.is_ascii_alphabetic() || **byte == b'*').count();
    (name.get(len) == Some(&b'}')).then_some(len + 2)
}

/// Cyrillic and Greek capitals that look like the Latin letters of choices.
const LOOK_ALIKE: [(char, char); 12] = [
    ('А', 'A'),
    ('В', 'B'),
    ('С', 'C'),
    ('Е', 'E'),
    ('Н', 'H'),
    ('І', 'I'),
    ('Ј', 'J'),
    ('Α', 'A'),
    ('Β', 'B'),
    ('Ε', 'E'),
    ('Η', 'H'),
    ('Ι', 'I'),
];

impl Writer<'_> {
    /// The Latin letter that one of another alphabet is taken for, where it stands by itself and is no word: a short
    /// word begins a sentence, and others follow it.
    fn look_alike(&self, c: char) -> Option<char> {
        let (_, letter) = *LOOK_ALIKE.iter().find(|(other, _)| *other == c)?;
        let before = self.source[..self.at].chars().next_back();
        let rest = &self.source[self.at + c.len_utf8()..self.end];
        if before.is_some_and(is_word) || rest.chars().next().is_some_and(is_word) {
            return None;
        }
        let mut following = rest.chars();
        let goes_on = following.next() == Some(' ') && following.next().is_some_and(is_word);
        let near = &self.source.as_bytes()[self.at.saturating_sub(LONGEST_GAP)..self.at];
        let begins = near.iter().rev().find(|byte| !matches!(byte, b' ' | b'*' | b'(' | b'"'));
        let begins = begins.is_none_or(|byte| matches!(byte, b'.' | b'!' | b'?' | b'\n' | b':' | b';'));
        (!goes_on || !begins).then_some(letter)
    }
}

/// How far back the end of a sentence is looked for.
const LONGEST_GAP: usize = 8;

impl Plain {
    /// What is pushed next is of the same character as what was pushed last.
    fn note_same(&mut self, source: usize) {
        self.shifts.push((self.text.len(), source));
    }
}

/// What a character beyond ASCII reads as.
enum Shape {
    Itself,
    Nothing,
    Blank,
    Line,
    Ascii(u8),
    /// With a blank after it.
    Spaced(u8),
    /// A letter in a circle or the like.
    Choice(u8),
    /// A raised digit or sign.
    Power(u8),
}

fn shape(c: char) -> Shape {
    let code = c as u32;
    let from = |first: u32, letter: u8| letter + ((code - first) % 26) as u8;
    match code {
        0xFF1A | 0xFE30 => Shape::Ascii(b':'),
        0xFF0C | 0x3001 | 0x060C => Shape::Spaced(b','),
        0x3002 | 0xFF0E | 0xFF61 => Shape::Spaced(b'.'),
        0xFF01 => Shape::Spaced(b'!'),
        0xFF1F | 0x061F => Shape::Spaced(b'?'),
        0xFF1B => Shape::Spaced(b';'),
        0xFF0A | 0xFF02 | 0xFF07 | 0xFF40 | 0xFF3F => Shape::Nothing,
        0x3010 | 0x3014 | 0x3016 => Shape::Ascii(b'('),
        0x3011 | 0x3015 | 0x3017 => Shape::Ascii(b')'),
        // Quotation marks.
        0x300A..=0x300F | 0x201C..=0x201F | 0x2018 | 0x201A | 0xAB | 0xBB | 0x2039 | 0x203A | 0x2033 => Shape::Nothing,
        0x2019 => Shape::Ascii(b'\''),
        0x2014 | 0x2015 | 0x2500 => Shape::Spaced(b'-'),
        0x2010..=0x2013 | 0x2212 => Shape::Ascii(b'-'),
        0x2190..=0x21FF | 0x27A1 | 0x2248 => Shape::Ascii(b'='),
        0xA0 | 0x2000..=0x200A | 0x202F | 0x205F | 0x3000 => Shape::Blank,
        0x2028 | 0x2029 | 0x85 => Shape::Line,
        // Format characters, those that change the direction of text among them.
        0xAD | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x2069 | 0xFEFF | 0xFE00..=0xFE0F => Shape::Nothing,
        0x24B6..=0x24CF => Shape::Choice(from(0x24B6, b'A')),
        0x24D0..=0x24E9 => Shape::Choice(from(0x24D0, b'a')),
        0x249C..=0x24B5 => Shape::Choice(from(0x249C, b'a')),
        0x1F110..=0x1F129 => Shape::Choice(from(0x1F110, b'A')),
        0x1F130..=0x1F149 => Shape::Choice(from(0x1F130, b'A')),
        0x1F150..=0x1F169 => Shape::Choice(from(0x1F150, b'A')),
        0x1F170..=0x1F189 => Shape::Choice(from(0x1F170, b'A')),
        // Letters of formulas: capitals and small ones in turn.
        0x1D400..=0x1D6A3 => {
            let number = (code - 0x1D400) % 52;
            Shape::Ascii(if number < 26 { b'A' + number as u8 } else { b'a' + (number - 26) as u8 })
        }
        0xB2 | 0xB3 => Shape::Power(from(0xB2, b'2')),
        0xB9 => Shape::Power(b'1'),
        0x2070 | 0x2074..=0x2079 => Shape::Power(from(0x2070, b'0')),
        0x207B => Shape::Power(b'-'),
        0x2080..=0x2089 => Shape::Ascii(from(0x2080, b'0')),
        0x1D7CE..=0x1D7FF => Shape::Ascii(b'0' + ((code - 0x1D7CE) % 10) as u8),
        _ => wide(code),
    }
}

/// The full-width form of an ASCII character reads as that.
fn wide(code: u32) -> Shape {
    match code {
        0xFF01..=0xFF5E => Shape::Ascii((code - 0xFF01) as u8 + b'!'),
        _ => Shape::Itself,
    }
}

#[cfg(test)]
mod tests {
    use super::Plain;

    #[test]
    fn how_texts_read() {
        for (text, expected) in [
            ("The answer is **B**.", "The answer is B."),
            ("$\\boxed{\\text{B}}$", "B"),
            ("{\"answer\": \"B\"}", "answer: B"),
            ("（Ｂ）　Ⓑ", "(B) (B)"),
            ("a  b\t\n\n c", "a b\nc"),
            ("correct_option", "correct option"),
            (r"$\dfrac{\pi}{2} = \tfrac12$", "π/2 = 1/2"),
            (r"\frac{x+1}{\sqrt{2}}", "(x+1)/√ 2"),
            (r"\begin{align*}1 &= 2\end{align*} so", "1 &= 2\nso"),
            (r"2{,}67\,\Omega, m/s², 10⁻¹²", "2,67 ω, m/s^2, 10^-12"),
            ("H_2O, CO₂", "H2O, CO2"),
            ("don’t 'B'", "don't B"),
            ("<b>B</b><br>x < y", "B\nx < y"),
            ("É\u{202E}答案：Ｃ。", "é答案:C."),
            ("2*3 C# ## H", "2*3 C# H"),
            ("Ответ: С", "ответ: C"),
            ("В ответе «А»", "в ответе A"),
        ] {
            assert_eq!(Plain::whole(text).text, expected, "{text}");
        }
    }

    #[test]
    fn where_letters_came_from() {
        for text in ["The answer is **B**.", "Ⓑ", "（Ｂ）", "a  \n\n \u{202E}B!", "\u{1D401}", "é “B”"] {
            let plain = Plain::whole(text);
            let at = plain.text.rfind(|c: char| c.is_ascii_alphabetic()).expect("a letter");
            let span = plain.span(text, at..at + 1);
            assert!(["B", "Ⓑ", "Ｂ", "\u{1D401}"].contains(&&text[span.clone()]), "{text}: {span:?}");
        }
    }
}
