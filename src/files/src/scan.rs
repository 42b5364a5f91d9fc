//! Walks over JSON without making anything of it, and finds every error.
//!
//! The language is what Python's `json` reads: NaN, Infinity and -Infinity are numbers, lone surrogates are characters,
//! and a whole number has at most 4300 digits. Nesting is bounded, so that no input overflows the stack.
//!
//! Most bytes of records of texts stand in strings. Of 64 bytes at a time, those that mean something in a string become
//! the bits of one number, in which the next one is found at once (Langdale and Lemire, Parsing gigabytes of JSON per
//! second, 2019).

use std::ops::Range;

use textgauge_kernels::special_bytes::special_bytes;

/// More lists and objects in each other than this are an error.
pub(crate) const MOST_NESTING: usize = 500;

/// Python refuses to read whole numbers with more digits than this.
const MOST_DIGITS: usize = 4300;

/// What is wrong with JSON, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) what: What,
    /// The index of the byte.
    pub(crate) at: usize,
}

/// What is wrong with JSON: mostly what should stand there instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    NoValue,
    NoKey,
    NoColon,
    NoEndOfMember,
    NoEndOfItem,
    NoEndOfString,
    NoEndOfLine,
    NoEscape,
    NoHexDigits,
    Control,
    TooDeep,
    TooManyDigits,
}

impl What {
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::NoValue => "not JSON: expected a value",
            Self::NoKey => "not JSON: expected a key in double quotes",
            Self::NoColon => "not JSON: expected `:`",
            Self::NoEndOfMember => "not JSON: expected `,` or `}`",
            Self::NoEndOfItem => "not JSON: expected `,` or `]`",
            Self::NoEndOfString => "not JSON: expected `\"`",
            Self::NoEndOfLine => "not JSON: expected the end of the line",
            Self::NoEscape => "not JSON: expected one of \"\\/bfnrtu after `\\`",
            Self::NoHexDigits => "not JSON: expected four hexadecimal digits after `\\u`",
            Self::Control => "not JSON: a control character in a string",
            Self::TooDeep => "too many lists and objects in each other",
            Self::TooManyDigits => "a whole number of too many digits",
        }
    }
}

/// Where a string stands, without its quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StringSpan {
    pub(crate) span: Range<usize>,
    /// Whether it has escapes.
    pub(crate) escaped: bool,
}

/// A place in JSON.
pub(crate) struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    window: Window<'a>,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self::within(bytes, 0..bytes.len())
    }

    /// For what stands in a part of some bytes; indexes are those of all bytes.
    pub(crate) fn within(all: &'a [u8], part: Range<usize>) -> Self {
        Self { bytes: &all[..part.end], at: part.start, window: Window::new(all) }
    }

    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Goes back, or on, to the byte at an index.
    pub(crate) fn go_to(&mut self, at: usize) {
        self.at = at;
    }

    /// The next byte that is not white space; 0 at the end.
    #[inline]
    pub(crate) fn peek(&mut self) -> u8 {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                Some(&byte) => return byte,
                None => return 0,
            }
        }
    }

    /// Passes over the byte that [`Scanner::peek`] saw.
    #[inline]
    pub(crate) fn pass(&mut self) {
        self.at += 1;
    }

    pub(crate) fn fault<T>(&self, what: What) -> Result<T, Fault> {
        Err(Fault { what, at: self.at })
    }

    /// Makes sure that nothing follows.
    pub(crate) fn end(&mut self) -> Result<(), Fault> {
        self.peek();
        if self.at == self.bytes.len() { Ok(()) } else { self.fault(What::NoEndOfLine) }
    }

    /// Passes over a value, which stands `depth` deep.
    pub(crate) fn value(&mut self, depth: usize) -> Result<(), Fault> {
        match self.peek() {
            b'"' => self.string().map(drop),
            b'{' => self.object(depth, |scanner, _| scanner.value(depth + 1)),
            b'[' => self.list(depth, |scanner, _| scanner.value(depth + 1)),
            _ => self.scalar(),
        }
    }

    /// Passes over an object. `member` passes over each value, and is told the key.
    #[inline]
    pub(crate) fn object(
        &mut self,
        depth: usize,
        mut member: impl FnMut(&mut Self, StringSpan) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.open(depth)?;
        if self.peek() == b'}' {
            self.pass();
            return Ok(());
        }
        loop {
            if self.peek() != b'"' {
                return self.fault(What::NoKey);
            }
            let start = self.at + 1;
            let escaped = self.string()?;
            let key = StringSpan { span: start..self.at - 1, escaped };
            if self.peek() != b':' {
                return self.fault(What::NoColon);
            }
            self.pass();
            member(self, key)?;
            match self.peek() {
                b',' => self.pass(),
                b'}' => {
                    self.pass();
                    return Ok(());
                }
                _ => return self.fault(What::NoEndOfMember),
            }
        }
    }

    /// Passes over a list. `item` passes over each value, and is told its index.
    #[inline]
    pub(crate) fn list(
        &mut self,
        depth: usize,
        mut item: impl FnMut(&mut Self, usize) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.open(depth)?;
        if self.peek() == b']' {
            self.pass();
            return Ok(());
        }
        for index in 0.. {
            item(self, index)?;
            match self.peek() {
                b',' => self.pass(),
                b']' => break,
                _ => return self.fault(What::NoEndOfItem),
            }
        }
        self.pass();
        Ok(())
    }

    fn open(&mut self, depth: usize) -> Result<(), Fault> {
        if depth >= MOST_NESTING {
            return self.fault(What::TooDeep);
        }
        self.pass();
        Ok(())
    }

    /// Passes over a string, whose opening quote is the next byte. Says whether it has escapes.
    #[inline]
    pub(crate) fn string(&mut self) -> Result<bool, Fault> {
        self.pass();
        let mut escaped = false;
        loop {
            self.at = self.window.next_special(self.at).min(self.bytes.len());
            match self.bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                Some(_) => return self.fault(What::Control),
                None => return self.fault(What::NoEndOfString),
            }
        }
        self.pass();
        Ok(escaped)
    }

    fn escape(&mut self) -> Result<(), Fault> {
        let len = match self.bytes.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
            Some(b'u') => match self.bytes.get(self.at + 2..self.at + 6) {
                Some(digits) if digits.iter().all(u8::is_ascii_hexdigit) => 6,
                _ => return self.fault(What::NoHexDigits),
            },
            _ => return self.fault(What::NoEscape),
        };
        self.at += len;
        Ok(())
    }

    /// Passes over a number or a word.
    fn scalar(&mut self) -> Result<(), Fault> {
        let rest = &self.bytes[self.at..];
        let words: [&[u8]; 6] = [b"null", b"true", b"false", b"NaN", b"Infinity", b"-Infinity"];
        match words.into_iter().find(|word| rest.starts_with(word)) {
            Some(word) => {
                self.at += word.len();
                Ok(())
            }
            None => self.number(),
        }
    }

    fn number(&mut self) -> Result<(), Fault> {
        let start = self.at;
        self.at += usize::from(self.bytes.get(self.at) == Some(&b'-'));
        let whole = match self.bytes.get(self.at) {
            Some(b'0') => 1,
            _ => self.digits(self.at),
        };
        if whole == 0 {
            self.at = start;
            return self.fault(What::NoValue);
        }
        self.at += whole;
        let fraction = match self.bytes.get(self.at) {
            Some(b'.') => self.digits(self.at + 1),
            _ => 0,
        };
        if fraction > 0 {
            self.at += 1 + fraction;
        }
        let exponent = self.exponent();
        self.at += exponent;
        if fraction + exponent == 0 && whole > MOST_DIGITS {
            self.at = start;
            return self.fault(What::TooManyDigits);
        }
        Ok(())
    }

    /// How many bytes the exponent has that stands here; 0 without one.
    fn exponent(&self) -> usize {
        if !matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            return 0;
        }
        let sign = usize::from(matches!(self.bytes.get(self.at + 1), Some(b'+' | b'-')));
        match self.digits(self.at + 1 + sign) {
            0 => 0,
            digits => 1 + sign + digits,
        }
    }

    /// How many digits stand at an index.
    fn digits(&self, at: usize) -> usize {
        self.bytes.get(at..).map_or(0, |rest| rest.iter().take_while(|byte| byte.is_ascii_digit()).count())
    }
}

/// What means something in a string, besides control characters.
const MARKS: [u8; 2] = [b'"', b'\\'];

/// 64 bytes, as the set of those that mean something in a string.
struct Window<'a> {
    all: &'a [u8],
    /// Where it begins.
    start: usize,
    special: u64,
}

impl<'a> Window<'a> {
    const SIZE: usize = 64;

    /// One that is behind every index.
    fn new(all: &'a [u8]) -> Self {
        Self { all, start: Self::SIZE.wrapping_neg(), special: 0 }
    }

    /// The index of the first special byte from an index on; past the end, all bytes are special.
    #[inline]
    fn next_special(&mut self, mut at: usize) -> usize {
        loop {
            let offset = at.wrapping_sub(self.start);
            if offset < Self::SIZE {
                let ahead = self.special >> offset;
                if ahead != 0 {
                    return at + ahead.trailing_zeros() as usize;
                }
                at = self.start + Self::SIZE;
            }
            self.start = at;
            self.special = self.look();
        }
    }

    #[inline]
    fn look(&self) -> u64 {
        let rest = &self.all[self.start..];
        match rest.first_chunk() {
            Some(bytes) => special_bytes(bytes, MARKS),
            None => {
                let mut bytes = [0; Self::SIZE];
                bytes[..rest.len()].copy_from_slice(rest);
                special_bytes(&bytes, MARKS)
            }
        }
    }
}
