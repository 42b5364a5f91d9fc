//! Regular expressions of Python's `re`, as far as they mean the same to an engine without backtracking.
//!
//! An expression is read by Python's rules and written anew for the crate `regex`, every class of characters as the code
//! points that it holds. What that engine lacks or reads otherwise is refused, and so left to `re` itself: looking
//! around, anchors and word boundaries, references back, flags, whatever can match an empty text.

use std::fmt::Write;

use regex::bytes::{Regex, RegexBuilder};

use super::edits::Edits;
use super::outcome::Outcome;
use crate::traced::Sink;
use crate::{pystr, pystr_tables};

/// Expressions with their replacements.
#[derive(Clone, Debug)]
pub struct Regexes {
    given: Vec<(Vec<u8>, Vec<u8>)>,
    compiled: Vec<Substitution>,
}

/// One expression and what is put in place of its matches.
#[derive(Clone, Debug)]
pub(super) struct Substitution {
    regex: Regex,
    replacement: Vec<Part>,
}

/// A part of a replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(Vec<u8>),
    Group(usize),
}

impl Regexes {
    /// Those pairs; `None` if one is left to `re`.
    pub fn native(pairs: Vec<(Vec<u8>, Vec<u8>)>) -> Option<Self> {
        let compiled = pairs.iter().map(|(expression, replacement)| compile(expression, replacement));
        Some(Self { compiled: compiled.collect::<Option<_>>()?, given: pairs })
    }

    /// The pairs as they were given.
    pub(super) fn given(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.given.iter().map(|(expression, replacement)| (expression.as_slice(), replacement.as_slice()))
    }

    /// What is done for each of them, in order.
    pub(super) fn substitutions(&self) -> impl Iterator<Item = Substitution> {
        self.compiled.iter().cloned()
    }
}

impl Substitution {
    /// `re.sub`.
    pub(super) fn run(&self, text: &[u8], sink: &mut impl Sink) -> Outcome {
        let mut edits = Edits::new(text, sink);
        for found in self.regex.captures_iter(text) {
            let Some(whole) = found.get(0) else { continue };
            edits.put_with(whole.range(), |out| {
                for part in &self.replacement {
                    out.extend_from_slice(match part {
                        Part::Text(text) => text,
                        Part::Group(group) => found.get(*group).map_or(&[][..], |group| group.as_bytes()),
                    });
                }
            });
        }
        edits.end()
    }
}

fn compile(expression: &[u8], replacement: &[u8]) -> Option<Substitution> {
    let expression = std::str::from_utf8(expression).ok()?;
    let mut parser =
        Parser { rest: expression.chars().peekable(), out: String::new(), groups: 0, repeated_group: false };
    let least = parser.alternatives(false, 0)?;
    if least == 0 || parser.rest.next().is_some() {
        return None;
    }
    let replacement = template(std::str::from_utf8(replacement).ok()?, parser.groups)?;
    // Which of its turns a repeated group remembers is nothing to rely on.
    if parser.repeated_group && replacement.iter().any(|part| matches!(part, Part::Group(group) if *group > 0)) {
        return None;
    }
    let regex = RegexBuilder::new(&parser.out).size_limit(1 << 20).build().ok()?;
    Some(Substitution { regex, replacement })
}

/// The parts of a replacement; `None` if there is an escape of a rarer kind.
fn template(replacement: &str, groups: usize) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut rest = replacement.chars().peekable();
    let group = |number: usize, text: &mut String, parts: &mut Vec<Part>| {
        if number > groups {
            return None;
        }
        parts.push(Part::Text(std::mem::take(text).into_bytes()));
        parts.push(Part::Group(number));
        Some(())
    };
    while let Some(letter) = rest.next() {
        if letter != '\\' {
            text.push(letter);
            continue;
        }
        match rest.next()? {
            '\\' => text.push('\\'),
            'n' => text.push('\n'),
            't' => text.push('\t'),
            'r' => text.push('\r'),
            digit @ '1'..='9' if !rest.peek().is_some_and(char::is_ascii_digit) => {
                group(digit.to_digit(10)? as usize, &mut text, &mut parts)?;
            }
            'g' => {
                if rest.next()? != '<' {
                    return None;
                }
                let digit = rest.next()?.to_digit(10)? as usize;
                if rest.next()? != '>' {
                    return None;
                }
                group(digit, &mut text, &mut parts)?;
            }
            // Python keeps the backslash before punctuation.
            other if other.is_ascii_punctuation() => text.extend(['\\', other]),
            _ => return None,
        }
    }
    parts.push(Part::Text(text.into_bytes()));
    Some(parts)
}

/// Ranges of code points, ascending and apart.
type Ranges = Vec<(u32, u32)>;

const LAST: u32 = 0x10_ffff;

fn sorted(mut ranges: Ranges) -> Ranges {
    ranges.sort_unstable();
    let mut joined: Ranges = Vec::new();
    for (first, last) in ranges {
        match joined.last_mut() {
            Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
            _ => joined.push((first, last)),
        }
    }
    joined
}

fn complement(ranges: &Ranges) -> Ranges {
    let mut others = Vec::new();
    let mut next = 0;
    for &(first, last) in ranges {
        if first > next {
            others.push((next, first - 1));
        }
        next = last + 1;
    }
    if next <= LAST {
        others.push((next, LAST));
    }
    others
}

/// The code points that `\d`, `\s`, `\w` or one of their opposites stands for.
fn category(letter: char) -> Option<Ranges> {
    let ranges = match letter.to_ascii_lowercase() {
        'd' => pystr_tables::DECIMAL_ZEROS.iter().map(|&zero| (zero, zero + 9)).collect(),
        's' => (0..=0x3000).filter(|&point| pystr::is_whitespace(point)).map(|point| (point, point)).collect(),
        'w' => pystr_tables::ALPHANUMERIC.iter().copied().chain([(0x5f, 0x5f)]).collect(),
        _ => return None,
    };
    let ranges = sorted(ranges);
    Some(if letter.is_ascii_uppercase() { complement(&ranges) } else { ranges })
}

/// Reads an expression, and writes it anew.
struct Parser<'e> {
    rest: std::iter::Peekable<std::str::Chars<'e>>,
    out: String,
    groups: usize,
    /// Whether a group stands in what is repeated.
    repeated_group: bool,
}

/// Deeper groups are left to `re`.
const DEEPEST: usize = 20;

impl Parser<'_> {
    /// Alternatives, up to the end or a closing bracket. The fewest characters that they match; `None` if something is
    /// left to `re`.
    fn alternatives(&mut self, in_group: bool, depth: usize) -> Option<usize> {
        let mut least = None;
        let mut length = 0;
        loop {
            match self.rest.peek() {
                None => break,
                Some(')') if in_group => break,
                Some('|') => {
                    self.rest.next();
                    self.out.push('|');
                    least = Some(least.map_or(length, |least: usize| least.min(length)));
                    length = 0;
                }
                Some(_) => length += self.repeated(depth)?,
            }
        }
        Some(least.map_or(length, |least| least.min(length)))
    }

    /// One item, perhaps repeated.
    fn repeated(&mut self, depth: usize) -> Option<usize> {
        let (start, groups) = (self.out.len(), self.groups);
        let length = self.item(depth)?;
        let (least, most) = match self.rest.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => return self.counted(start, groups, length),
            _ => return Some(length),
        };
        self.rest.next();
        self.repeat(start, groups, length, (least, most))
    }

    /// A number of times in braces.
    fn counted(&mut self, start: usize, groups: usize, length: usize) -> Option<usize> {
        self.rest.next();
        let least = self.number()?;
        let most = match self.rest.next()? {
            '}' => return self.repeat(start, groups, length, (least, Some(least))),
            ',' if self.rest.peek() == Some(&'}') => None,
            ',' => Some(self.number()?),
            _ => return None,
        };
        if self.rest.next()? != '}' || most.is_some_and(|most| most < least) {
            return None;
        }
        self.repeat(start, groups, length, (least, most))
    }

    fn number(&mut self) -> Option<usize> {
        let mut digits = String::new();
        while let Some(digit) = self.rest.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        digits.parse().ok().filter(|&number| number <= 1000)
    }

    fn repeat(
        &mut self,
        start: usize,
        groups: usize,
        length: usize,
        (least, most): (usize, Option<usize>),
    ) -> Option<usize> {
        if length == 0 {
            return None;
        }
        self.repeated_group |= self.groups > groups;
        self.out.insert_str(start, "(?:");
        let most = most.map_or(String::new(), |most| most.to_string());
        write!(self.out, "){{{least},{most}}}").ok()?;
        match self.rest.peek() {
            Some('?') => {
                self.rest.next();
                self.out.push('?');
            }
            // Possessive, or an error.
            Some('+' | '*' | '{') => return None,
            _ => {}
        }
        Some(length * least)
    }

    fn item(&mut self, depth: usize) -> Option<usize> {
        match self.rest.next()? {
            '.' => self.class(&complement(&vec![(0x0a, 0x0a)]))?,
            '[' => self.set()?,
            '(' => return self.group(depth),
            '\\' => {
                let ranges = self.escaped()?;
                self.class(&ranges)?;
            }
            '^' | '$' | '*' | '+' | '?' | '{' | '}' | ')' | ']' => return None,
            letter => self.class(&vec![(letter.into(), letter.into())])?,
        }
        Some(1)
    }

    fn group(&mut self, depth: usize) -> Option<usize> {
        if depth == DEEPEST {
            return None;
        }
        if self.rest.next_if_eq(&'?').is_some() {
            if self.rest.next()? != ':' {
                return None;
            }
            self.out.push_str("(?:");
        } else {
            self.groups += 1;
            self.out.push('(');
        }
        let length = self.alternatives(true, depth + 1)?;
        self.out.push(')');
        (self.rest.next()? == ')').then_some(length)
    }

    /// What stands behind a backslash, as code points.
    fn escaped(&mut self) -> Option<Ranges> {
        let one = |letter: char| vec![(u32::from(letter), u32::from(letter))];
        Some(match self.rest.next()? {
            'n' => one('\n'),
            't' => one('\t'),
            'r' => one('\r'),
            'f' => one('\x0c'),
            'v' => one('\x0b'),
            letter @ ('d' | 's' | 'w' | 'D' | 'S' | 'W') => category(letter)?,
            letter if letter.is_ascii_punctuation() || letter == ' ' => one(letter),
            _ => return None,
        })
    }

    /// A class in square brackets.
    fn set(&mut self) -> Option<()> {
        let negated = self.rest.next_if_eq(&'^').is_some();
        let mut ranges = Vec::new();
        let mut is_first = true;
        loop {
            let letter = self.rest.next()?;
            if letter == ']' && !is_first {
                break;
            }
            is_first = false;
            // `re` warns of these, which may mean something else one day.
            let doubled = matches!(letter, '&' | '~' | '|' | '-') && self.rest.peek() == Some(&letter);
            if letter == '[' || doubled {
                return None;
            }
            let some = self.one_of_set(letter)?;
            let is_range = self.rest.peek() == Some(&'-');
            if !is_range {
                ranges.extend(some);
                continue;
            }
            self.rest.next();
            match self.rest.next()? {
                ']' => {
                    ranges.extend(some);
                    ranges.push((0x2d, 0x2d));
                    break;
                }
                '[' | '-' => return None,
                end => {
                    let end = self.one_of_set(end)?;
                    match (some.as_slice(), end.as_slice()) {
                        (&[(first, same)], &[(other, last)]) if first == same && other == last && first <= last => {
                            ranges.push((first, last));
                        }
                        _ => return None,
                    }
                }
            }
        }
        let ranges = sorted(ranges);
        self.class(&if negated { complement(&ranges) } else { ranges })
    }

    fn one_of_set(&mut self, letter: char) -> Option<Ranges> {
        if letter == '\\' { self.escaped() } else { Some(vec![(letter.into(), letter.into())]) }
    }

    /// Writes a class of code points. Lone surrogates are no characters to the engine, so they go by their bytes.
    fn class(&mut self, ranges: &Ranges) -> Option<()> {
        let out = &mut self.out;
        out.push_str("(?:[");
        let (mut any, mut surrogates) = (false, false);
        for &(first, last) in ranges {
            for (first, last) in [(first, last.min(0xd7ff)), (first.max(0xe000), last)] {
                if first <= last {
                    any = true;
                    write!(out, "\\x{{{first:x}}}-\\x{{{last:x}}}").ok()?;
                }
            }
            surrogates |= first <= 0xd800 && last >= 0xdfff;
        }
        out.push(']');
        if surrogates {
            out.push_str(r"|(?-u:\xed[\xa0-\xbf][\x80-\xbf])");
        }
        out.push(')');
        any.then_some(())
    }
}
