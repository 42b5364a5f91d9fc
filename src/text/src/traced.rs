//! Where changed text goes: into bytes alone, or with where each byte came from.

use std::ops::Range;

/// What takes a text that is changed from left to right. Ranges are of the text before the change.
pub(crate) trait Sink {
    /// Takes a range of the text as it is.
    fn keep(&mut self, text: &[u8], range: Range<usize>);

    /// Takes what `write` appends in place of a range, which may be empty.
    fn put_with(&mut self, range: Range<usize>, write: impl FnOnce(&mut Vec<u8>));

    /// Takes `bytes` in place of a range.
    fn put(&mut self, bytes: &[u8], range: Range<usize>) {
        self.put_with(range, |out| out.extend_from_slice(bytes));
    }

    /// Takes a range of the text after `change` has given each byte another value.
    fn keep_changed(&mut self, text: &[u8], range: Range<usize>, change: impl FnOnce(&mut [u8]));

    /// Takes those bytes of a range that `table` maps to true.
    fn keep_where(&mut self, text: &[u8], range: Range<usize>, table: &[bool; 256]);
}

impl Sink for Vec<u8> {
    fn keep(&mut self, text: &[u8], range: Range<usize>) {
        self.extend_from_slice(&text[range]);
    }

    fn put_with(&mut self, _: Range<usize>, write: impl FnOnce(&mut Vec<u8>)) {
        write(self);
    }

    fn keep_changed(&mut self, text: &[u8], range: Range<usize>, change: impl FnOnce(&mut [u8])) {
        let start = self.len();
        self.extend_from_slice(&text[range]);
        change(&mut self[start..]);
    }

    fn keep_where(&mut self, text: &[u8], range: Range<usize>, table: &[bool; 256]) {
        let mut len = self.len();
        self.resize(len + range.len(), 0);
        for &byte in &text[range] {
            // Written in either case: whether one goes is nothing that a branch predictor could learn.
            self[len] = byte;
            len += usize::from(table[usize::from(byte)]);
        }
        self.truncate(len);
    }
}

/// A text, and where each of its bytes stood in the text that it was made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traced {
    /// The text.
    pub text: Vec<u8>,
    /// For each byte, the range of bytes that it stands for: start and end.
    pub spans: Vec<(usize, usize)>,
}

impl Traced {
    /// A text that nothing has changed yet.
    pub fn new(text: &[u8]) -> Self {
        Self { text: text.to_vec(), spans: (0..text.len()).map(|at| (at, at + 1)).collect() }
    }

    /// What a range of the text stands for; of an empty range, an empty one behind what is before it.
    pub fn span(&self, range: Range<usize>) -> (usize, usize) {
        span(&self.spans, range)
    }

    /// A part of the text.
    pub(crate) fn slice(self, range: Range<usize>) -> Self {
        Self { text: self.text[range.clone()].to_vec(), spans: self.spans[range].to_vec() }
    }
}

fn span(spans: &[(usize, usize)], range: Range<usize>) -> (usize, usize) {
    let covered = &spans[range.clone()];
    match (covered.iter().map(|span| span.0).min(), covered.iter().map(|span| span.1).max()) {
        (Some(start), Some(end)) => (start, end),
        _ => {
            let before = range.start.checked_sub(1).map_or(0, |before| spans[before].1);
            // Inside of what one range became, its start.
            let at = spans.get(range.start).map_or(before, |next| before.min(next.0));
            (at, at)
        }
    }
}

/// A sink that knows where the text before the change came from.
pub(crate) struct Tracer<'a> {
    pub(crate) before: &'a Traced,
    pub(crate) after: Traced,
}

impl Sink for Tracer<'_> {
    fn keep(&mut self, text: &[u8], range: Range<usize>) {
        self.after.text.extend_from_slice(&text[range.clone()]);
        self.after.spans.extend_from_slice(&self.before.spans[range]);
    }

    fn put_with(&mut self, range: Range<usize>, write: impl FnOnce(&mut Vec<u8>)) {
        write(&mut self.after.text);
        let span = span(&self.before.spans, range);
        self.after.spans.resize(self.after.text.len(), span);
    }

    fn keep_changed(&mut self, text: &[u8], range: Range<usize>, change: impl FnOnce(&mut [u8])) {
        let start = self.after.text.len();
        self.keep(text, range);
        change(&mut self.after.text[start..]);
    }

    fn keep_where(&mut self, text: &[u8], range: Range<usize>, table: &[bool; 256]) {
        for at in range.filter(|&at| table[usize::from(text[at])]) {
            self.keep(text, at..at + 1);
        }
    }
}
