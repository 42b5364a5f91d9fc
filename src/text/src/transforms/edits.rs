//! Changes to a text, from left to right.

use std::ops::Range;

use super::outcome::Outcome;
use crate::traced::Sink;

/// Copies a text but for what is changed of it. Changes come in the order of the text.
pub(super) struct Edits<'t, S> {
    text: &'t [u8],
    sink: &'t mut S,
    kept: usize,
    changed: bool,
}

impl<'t, S: Sink> Edits<'t, S> {
    pub(super) fn new(text: &'t [u8], sink: &'t mut S) -> Self {
        Self { text, sink, kept: 0, changed: false }
    }

    /// Where the last change ended.
    pub(super) fn kept(&self) -> usize {
        self.kept
    }

    /// Leaves a range out.
    pub(super) fn remove(&mut self, range: Range<usize>) {
        self.sink.keep(self.text, self.kept..range.start);
        self.kept = range.end;
        self.changed = true;
    }

    /// Puts `bytes` in place of a range.
    pub(super) fn put(&mut self, bytes: &[u8], range: Range<usize>) {
        self.remove(range.clone());
        self.sink.put(bytes, range);
    }

    /// Puts what `write` appends in place of a range.
    pub(super) fn put_with(&mut self, range: Range<usize>, write: impl FnOnce(&mut Vec<u8>)) {
        self.remove(range.clone());
        self.sink.put_with(range, write);
    }

    pub(super) fn end(self) -> Outcome {
        if !self.changed {
            return Outcome::same(self.text);
        }
        self.sink.keep(self.text, self.kept..self.text.len());
        Outcome::Written
    }
}
