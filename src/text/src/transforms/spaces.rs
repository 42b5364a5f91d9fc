//! White space, words and sentences.

use super::edits::Edits;
use super::outcome::Outcome;
use crate::pystr;
use crate::traced::Sink;
use memchr::memmem;
use unicode_segmentation::UnicodeSegmentation;

/// `str.strip()`.
pub(crate) fn strip(text: &[u8]) -> Outcome {
    let end = pystr::trim_end(text).len();
    let start = end - pystr::trim_start(&text[..end]).len();
    Outcome::Part(start..end)
}

fn is_ascii_space(byte: u8) -> bool {
    (byte.wrapping_sub(0x09) < 5) | (byte.wrapping_sub(0x1c) < 5)
}

/// One blank in place of `least` or more characters of white space.
pub(crate) fn squeeze(text: &[u8], least: usize, sink: &mut impl Sink) -> Outcome {
    if is_squeezed(text, least) {
        return Outcome::same(text);
    }
    let mut edits = Edits::new(text, sink);
    let mut at = 0;
    while at < text.len() {
        let (code_point, width) = pystr::decode(&text[at..]);
        let start = at;
        at += width;
        if !pystr::is_whitespace(code_point) {
            continue;
        }
        let mut count = 1;
        while at < text.len() {
            let (code_point, width) = pystr::decode(&text[at..]);
            if !pystr::is_whitespace(code_point) {
                break;
            }
            at += width;
            count += 1;
        }
        if count >= least {
            edits.put(b" ", start..at);
        }
    }
    edits.end()
}

/// Whether there is surely nothing to squeeze; told by bytes without branches, so that it takes many at a time.
fn is_squeezed(text: &[u8], least: usize) -> bool {
    let (mut not_ascii, mut not_blank) = (0_u8, false);
    for &byte in text {
        not_ascii |= byte;
        not_blank |= is_ascii_space(byte) & (byte != b' ');
    }
    if not_ascii >= 0x80 || (least == 1 && not_blank) {
        return false;
    }
    let mut double = false;
    for (&left, &right) in text.iter().zip(text.get(1..).unwrap_or_default()) {
        double |= is_ascii_space(left) & is_ascii_space(right);
    }
    !double
}

/// Without the white space of Python's `string.whitespace`.
pub(crate) fn remove_ascii(text: &[u8], replace_by_space: bool, sink: &mut impl Sink) -> Outcome {
    static NO_SPACE: [bool; 256] = {
        let mut kept = [true; 256];
        kept[b' ' as usize] = false;
        let mut byte = 0x09;
        while byte <= 0x0d {
            kept[byte] = false;
            byte += 1;
        }
        kept
    };
    if replace_by_space {
        sink.keep_changed(text, 0..text.len(), |bytes| {
            bytes.iter_mut().for_each(|byte| *byte = if byte.wrapping_sub(0x09) < 5 { b' ' } else { *byte });
        });
    } else {
        sink.keep_where(text, 0..text.len(), &NO_SPACE);
    }
    Outcome::Written
}

/// Up to the end of word number `most`.
pub(crate) fn first_words(text: &[u8], most: usize) -> Outcome {
    let mut words = pystr::split_whitespace(text);
    match most.checked_sub(1).map(|before| (words.nth(before), words.next())) {
        None => Outcome::Part(0..0),
        Some((Some(last), Some(_))) => Outcome::Part(0..pystr::place_in(text, last).end),
        Some(_) => Outcome::same(text),
    }
}

/// A line for each sentence: those of Unicode's UAX #29, or those between separators. Line breaks inside become blanks.
pub(crate) fn split_sentences(text: &[u8], separator: Option<&[u8]>, sink: &mut impl Sink) -> Outcome {
    let mut lines = Lines { text, written: false };
    match separator {
        Some(separator) => {
            let mut start = 0;
            for found in memmem::find_iter(text, separator) {
                lines.write(start..found, sink);
                start = found + separator.len();
            }
            lines.write(start..text.len(), sink);
        }
        None => {
            // A lone surrogate, of three bytes, becomes U+FFFD, of three too.
            let valid = pystr::valid_of_equal_length(text);
            for (start, sentence) in valid.split_sentence_bound_indices() {
                lines.write(start..start + sentence.len(), sink);
            }
        }
    }
    Outcome::Written
}

struct Lines<'t> {
    text: &'t [u8],
    written: bool,
}

impl Lines<'_> {
    /// Writes a line, unless it is blank.
    fn write(&mut self, range: std::ops::Range<usize>, sink: &mut impl Sink) {
        let line = &self.text[range.clone()];
        let Outcome::Part(inner) = strip(line) else { return };
        let range = range.start + inner.start..range.start + inner.end;
        if range.is_empty() {
            return;
        }
        if self.written {
            sink.put(b"\n", range.start..range.start);
        }
        self.written = true;
        sink.keep_changed(self.text, range, |bytes| {
            bytes.iter_mut().for_each(|byte| *byte = if *byte == b'\n' { b' ' } else { *byte });
        });
    }
}
