//! Unicode's normal forms (UAX #15).

use std::fmt;

use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization};

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
    let mut written = Vec::new();
    // What stays as it is, from `kept` on; and the piece that is being gathered, from the last boundary on.
    let (mut kept, mut start, mut at) = (0, 0, 0);
    let mut piece = String::new();
    let mut stays = true;
    while at < text.len() {
        let ascii = pystr::ascii_prefix(&text[at..]);
        if ascii > 1 {
            // Of a run only its last letter can be changed by what follows.
            finish(form, text, start..at, &mut piece, stays, &mut kept, &mut written, sink);
            start = at + ascii - 1;
            stays = true;
            piece.push(char::from(text[start]));
            at += ascii;
            continue;
        }
        let (code_point, width) = pystr::decode(&text[at..]);
        let letter = char::from_u32(code_point).filter(|letter| letter.len_utf8() == width);
        let Some(letter) = letter else {
            finish(form, text, start..at, &mut piece, stays, &mut kept, &mut written, sink);
            at += width;
            start = at;
            stays = true;
            continue;
        };
        let boundary = form.is_boundary(letter);
        if boundary {
            finish(form, text, start..at, &mut piece, stays, &mut kept, &mut written, sink);
            start = at;
            stays = true;
        }
        stays &= boundary;
        piece.push(letter);
        at += width;
    }
    finish(form, text, start..at, &mut piece, stays, &mut kept, &mut written, sink);
    if kept == 0 {
        return Outcome::same(text);
    }
    sink.keep(text, kept..text.len());
    Outcome::Written
}

/// Normalises what was gathered, if that may change it.
#[expect(clippy::too_many_arguments, reason = "the state of one loop")]
fn finish(
    form: UnicodeForm,
    text: &[u8],
    range: std::ops::Range<usize>,
    piece: &mut String,
    stays: bool,
    kept: &mut usize,
    written: &mut Vec<u8>,
    sink: &mut impl Sink,
) {
    if !stays {
        written.clear();
        let mut write = |letter: char| pystr::push(written, letter.into());
        match form {
            UnicodeForm::Nfc => piece.nfc().for_each(&mut write),
            UnicodeForm::Nfd => piece.nfd().for_each(&mut write),
            UnicodeForm::Nfkc => piece.nfkc().for_each(&mut write),
            UnicodeForm::Nfkd => piece.nfkd().for_each(&mut write),
        }
        sink.keep(text, *kept..range.start);
        sink.put(written, range.clone());
        *kept = range.end;
    }
    piece.clear();
}
