//! Tokenizers, one function each: from a sentence to its tokens.

use unicode_segmentation::UnicodeSegmentation;

use textgauge_kernels::token_key::Key;

use crate::pystr;

/// Shows every token of `text` that [`crate::Tokenizer::Words`] makes.
pub(crate) fn words(text: &[u8], mut token: impl FnMut(&[u8])) {
    let says_nothing = |code_point: u32| {
        pystr::is_whitespace(code_point) || pystr::is_punctuation(code_point) || pystr::is_invisible(code_point)
    };
    for (start, word) in pystr::valid_of_equal_length(text).split_word_bound_indices() {
        let letters = word.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric);
        if letters || !word.chars().all(|letter| says_nothing(letter.into())) {
            token(&text[start..start + word.len()]);
        }
    }
}

/// Shows every token of `text` that [`crate::Tokenizer::Graphemes`] makes.
pub(crate) fn graphemes(text: &[u8], mut token: impl FnMut(&[u8])) {
    each_grapheme(&String::from_utf8_lossy(text), &mut |grapheme| {
        let (first, _) = pystr::decode(grapheme.as_bytes());
        if !pystr::is_whitespace(first) {
            token(grapheme.as_bytes());
        }
    });
}

/// Shows every extended grapheme cluster. One function for all who ask, so that the rules are compiled into it.
#[inline(never)]
pub(crate) fn each_grapheme(text: &str, each: &mut dyn FnMut(&str)) {
    text.graphemes(true).for_each(each);
}

/// Appends the key of every token of `text` that [`crate::Tokenizer::Characters`] makes; with `white_space`,
/// [`crate::Tokenizer::AllCharacters`].
pub(crate) fn characters(mut text: &[u8], white_space: bool, keys: &mut Vec<Key>) {
    let mut end = keys.len();
    keys.resize(end + text.len(), Key::default());
    while !text.is_empty() {
        let ascii = pystr::ascii_prefix(text);
        let (now, later) = text.split_at(ascii);
        if white_space {
            for (key, &byte) in keys[end..].iter_mut().zip(now) {
                *key = Key::of_code_point(byte.into());
            }
            end += ascii;
        } else {
            let keys = keys.as_mut_slice();
            for &byte in now {
                // Written in either case: whether a word ends is nothing that a branch predictor could learn.
                keys[end] = Key::of_code_point(byte.into());
                let blank = (byte.wrapping_sub(0x09) < 5) | (byte.wrapping_sub(0x1c) < 5);
                end += usize::from(!blank);
            }
        }
        text = later;
        while text.first().is_some_and(|byte| !byte.is_ascii()) {
            let (code_point, width) = pystr::decode(text);
            keys[end] = Key::of_code_point(code_point);
            end += usize::from(white_space || !pystr::is_whitespace(code_point));
            text = &text[width..];
        }
    }
    keys.truncate(end);
}

/// Shows every token of `text` that [`crate::Tokenizer::ChrfWords`] makes.
pub(crate) fn chrf_words(text: &[u8], mut token: impl FnMut(&[u8])) {
    for word in pystr::split_whitespace(text) {
        match word {
            [_] => token(word),
            [start @ .., last] if last.is_ascii_punctuation() => {
                token(start);
                token(&[*last]);
            }
            [first, rest @ ..] if first.is_ascii_punctuation() => {
                token(&[*first]);
                token(rest);
            }
            _ => token(word),
        }
    }
}

/// Shows every token of `text` that [`crate::Tokenizer::JiwerWords`] makes.
pub(crate) fn jiwer_words(text: &[u8], mut token: impl FnMut(&[u8])) {
    let text = pystr::trim_start(pystr::trim_end(text));
    let mut start = 0;
    // White space since the last character that is none: where it starts and with what, and how much there is.
    let (mut at, mut first, mut count) = (0, 0, 0);
    for (offset, code_point) in pystr::code_points(text) {
        if pystr::is_whitespace(code_point) {
            if count == 0 {
                (at, first) = (offset, code_point);
            }
            count += 1;
            continue;
        }
        // Lone white space other than a blank belongs to the word.
        if count > 1 || (count == 1 && first == u32::from(b' ')) {
            token(&text[start..at]);
            start = offset;
        }
        count = 0;
    }
    if !text.is_empty() {
        token(&text[start..]);
    }
}

/// Whether all white space in `text` is blanks, as far as its bytes tell at once.
pub(crate) fn only_blanks(text: &[u8]) -> bool {
    // Of numbers and without a branch, so that it takes many bytes at a time.
    let mut others = 0_u8;
    for &byte in text {
        // Characters of white space beyond ASCII start with these.
        others |= u8::from(byte < b' ') | u8::from(byte == 0xc2) | u8::from(byte.wrapping_sub(0xe1) < 3);
    }
    others == 0
}

/// A text that its owner has tokenised already, written as bytes so that it travels like any text:
/// each token after its length, each sentence end a length that no token has.
#[derive(Default)]
pub struct GivenTokens(Vec<u8>);

const SENTENCE_END: u32 = u32::MAX;

impl GivenTokens {
    /// No tokens yet, with room for so many of usual length.
    pub fn with_room(tokens: usize) -> Self {
        Self(Vec::with_capacity(12 * tokens))
    }

    /// Adds a token.
    ///
    /// # Errors
    /// The token back, if it has 4 GiB or more.
    pub fn push<'t>(&mut self, token: &'t [u8]) -> Result<(), &'t [u8]> {
        let len = u32::try_from(token.len()).ok().filter(|&len| len != SENTENCE_END).ok_or(token)?;
        self.0.extend_from_slice(&len.to_le_bytes());
        self.0.extend_from_slice(token);
        Ok(())
    }

    /// Ends a sentence that others follow.
    pub fn end_sentence(&mut self) {
        self.0.extend_from_slice(&SENTENCE_END.to_le_bytes());
    }

    /// The text, as [`crate::Tokenizer::Pretokenized`] reads it.
    pub fn into_text(self) -> Vec<u8> {
        self.0
    }
}

/// Shows every token of `text`, and `None` for every sentence end.
pub(crate) fn given(mut text: &[u8], mut token: impl FnMut(Option<&[u8]>)) {
    while let Some((len, rest)) = text.split_first_chunk::<4>() {
        let len = u32::from_le_bytes(*len);
        if len == SENTENCE_END {
            token(None);
            text = rest;
            continue;
        }
        let (this, rest) = rest.split_at_checked(len as usize).unwrap_or((rest, &[]));
        token(Some(this));
        text = rest;
    }
}
