//! Unicode's normal forms (UAX #15).

use std::fmt;

use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization};

use super::edits::Edits;
use super::outcome::Outcome;
use crate::pystr;
use crate::traced::Sink;

/// A normal form.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum UnicodeForm {
    /// Composed.
    Nfc,
    /// Decomposed.
    Nfd,
    /// Composed, compatibility characters replaced.
    Nfkc,
    /// Decomposed, compatibility characters replaced.
    Nfkd,
}

impl UnicodeForm {
    /// All, by name.
    pub const NAMED: [(&'static str, Self); 4] =
        [("NFC", Self::Nfc), ("NFD", Self::Nfd), ("NFKC", Self::Nfkc), ("NFKD", Self::Nfkd)];

    fn quick_check(self, letter: char) -> IsNormalized {
        let one = std::iter::once(letter);
        match self {
            Self::Nfc => unicode_normalization::is_nfc_quick(one),
            Self::Nfd => unicode_normalization::is_nfd_quick(one),
            Self::Nfkc => unicode_normalization::is_nfkc_quick(one),
            Self::Nfkd => unicode_normalization::is_nfkd_quick(one),
        }
    }

    /// Whether what is before the letter has no say in what becomes of it, and it stays if nothing follows.
    fn is_boundary(self, letter: char) -> bool {
        letter.is_ascii() || (canonical_combining_class(letter) == 0 && self.quick_check(letter) == IsNormalized::Yes)
    }
}

impl UnicodeForm {
    /// Appends a piece in this form.
    fn write(self, piece: &[u8], out: &mut Vec<u8>) {
        // A piece is gathered of characters alone.
        let Ok(piece) = std::str::from_utf8(piece) else { return out.extend_from_slice(piece) };
        let write = |letter: char| pystr::push(out, letter.into());
        match self {
            Self::Nfc => piece.nfc().for_each(write),
            Self::Nfd => piece.nfd().for_each(write),
            Self::Nfkc => piece.nfkc().for_each(write),
            Self::Nfkd => piece.nfkd().for_each(write),
        }
    }
}

impl fmt::Display for UnicodeForm {
    /// Its name with the version of Unicode.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (major, minor, _) = unicode_normalization::UNICODE_VERSION;
        let named = Self::NAMED.iter().find(|(_, form)| form == self);
        write!(f, "{}[{major}.{minor}]", named.map_or("", |(name, _)| name))
    }
}

/// The text in a normal form; lone surrogates stay, and part what is before and behind them.
pub(crate) fn normalize(form: UnicodeForm, text: &[u8], sink: &mut impl Sink) -> Outcome {
    if text.is_ascii() {
        return Outcome::same(text);
    }
    let mut edits = Edits::new(text, sink);
    // The piece that is being gathered, from the last boundary on, and whether it stays as it is.
    let (mut start, mut at, mut stays) = (0, 0, true);
    while at < text.len() {
        let ascii = pystr::ascii_prefix(&text[at..]);
        let (code_point, width) = pystr::decode(&text[at..]);
        let letter = char::from_u32(code_point).filter(|letter| letter.len_utf8() == width);
        // Of a run of ASCII only its last letter can be changed by what follows.
        let begins = if ascii > 0 { at + ascii - 1 } else { at };
        let is_boundary = letter.is_none_or(|letter| form.is_boundary(letter));
        if is_boundary {
            if !stays {
                edits.put_with(start..at, |out| form.write(&text[start..at], out));
            }
            (start, stays) = (begins, true);
        } else {
            stays = false;
        }
        at = if ascii > 0 { at + ascii } else { at + width };
        if letter.is_none() {
            start = at;
        }
    }
    if !stays {
        edits.put_with(start..at, |out| form.write(&text[start..at], out));
    }
    edits.end()
}
