//! Transforms that look at one character at a time.

use super::outcome::Outcome;
use crate::pystr;
use crate::traced::Sink;

const fn ascii_without_punctuation() -> [bool; 256] {
    let mut kept = [true; 256];
    let mut byte = 0;
    while byte < 128 {
        let ascii = byte as u8;
        kept[byte] = !ascii.is_ascii_punctuation() || pystr::is_ascii_symbol(ascii);
        byte += 1;
    }
    kept
}

static NO_PUNCTUATION: [bool; 256] = ascii_without_punctuation();

/// Leaves out what Unicode puts into a category that starts with P.
pub(crate) fn remove_punctuation(text: &[u8], sink: &mut impl Sink) -> Outcome {
    let mut at = 0;
    while at < text.len() {
        let ascii = pystr::ascii_prefix(&text[at..]);
        sink.keep_where(text, at..at + ascii, &NO_PUNCTUATION);
        at += ascii;
        let (start, mut kept) = (at, at);
        while at < text.len() && !text[at].is_ascii() {
            let (code_point, width) = pystr::decode(&text[at..]);
            if pystr::is_punctuation(code_point) {
                sink.keep(text, kept..at);
                kept = at + width;
            }
            at += width;
        }
        if at > start {
            sink.keep(text, kept..at);
        }
    }
    Outcome::Written
}

/// No more bytes than `most`, and no part of a character.
pub(crate) fn first_bytes(text: &[u8], most: usize) -> Outcome {
    let mut end = text.len().min(most);
    while end < text.len() && end > 0 && text[end] & 0xc0 == 0x80 {
        end -= 1;
    }
    Outcome::Part(0..end)
}
