//! Words and other fixed texts, replaced.

use memchr::memmem::Finder;

use super::edits::Edits;
use super::outcome::Outcome;
use crate::pystr;
use crate::traced::Sink;

/// A text that is replaced by another wherever it stands.
#[derive(Clone, Debug)]
pub(crate) struct Replacement {
    finder: Finder<'static>,
    other: Vec<u8>,
    /// Whether a word has to begin or end right before it, `\b` in `re`,
    bounded_before: bool,
    /// and right behind it.
    bounded_behind: bool,
}

impl Replacement {
    /// A word, where it is not part of another.
    pub(crate) fn of_word(word: &[u8], other: &[u8]) -> Self {
        Self::new(word, other, true, true)
    }

    pub(crate) fn new(text: &[u8], other: &[u8], bounded_before: bool, bounded_behind: bool) -> Self {
        Self { finder: Finder::new(text).into_owned(), other: other.to_vec(), bounded_before, bounded_behind }
    }

    /// Replaces it from left to right, each time where it is found first after the time before.
    pub(crate) fn run(&self, text: &[u8], sink: &mut impl Sink) -> Outcome {
        let needle = self.finder.needle();
        if needle.is_empty() {
            return self.fill(text, sink);
        }
        let mut edits = Edits::new(text, sink);
        let mut at = 0;
        while let Some(found) = self.finder.find(&text[at..]) {
            let (start, end) = (at + found, at + found + needle.len());
            let before = !self.bounded_before || is_boundary(text, start);
            if before && (!self.bounded_behind || is_boundary(text, end)) {
                edits.put(&self.other, start..end);
                at = end;
            } else {
                at = start + 1;
            }
        }
        edits.end()
    }

    /// Writes the other text at every boundary: what becomes of an empty word.
    fn fill(&self, text: &[u8], sink: &mut impl Sink) -> Outcome {
        let ends = pystr::code_points(text).map(|(at, _)| at).chain([text.len()]);
        let mut edits = Edits::new(text, sink);
        ends.filter(|&at| is_boundary(text, at)).for_each(|at| edits.put(&self.other, at..at));
        edits.end()
    }
}

/// Whether exactly one side of an offset is part of a word, `\b` in `re`.
pub(crate) fn is_boundary(text: &[u8], at: usize) -> bool {
    let before = text[..at].last().is_some_and(|&byte| match byte {
        0..=0x7f => pystr::is_word(byte.into()),
        _ => pystr::is_word(pystr::decode_last(&text[..at]).0),
    });
    let behind = text.get(at).is_some_and(|&byte| match byte {
        0..=0x7f => pystr::is_word(byte.into()),
        _ => pystr::is_word(pystr::decode(&text[at..]).0),
    });
    before != behind
}

/// Those of jiwer, in its order: whole words before the endings of others.
const CONTRACTIONS: [(&str, &str); 11] = [
    ("won't", "will not"),
    ("can't", "can not"),
    ("let's", "let us"),
    ("n't", " not"),
    ("'re", " are"),
    ("'s", " is"),
    ("'d", " would"),
    ("'ll", " will"),
    ("'t", " not"),
    ("'ve", " have"),
    ("'m", " am"),
];

pub(crate) fn contractions() -> impl Iterator<Item = Replacement> {
    let replaced = |(short, long): (&str, &str)| Replacement::new(short.as_bytes(), long.as_bytes(), false, false);
    CONTRACTIONS.into_iter().map(replaced)
}
