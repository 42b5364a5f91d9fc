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

/// How many tokens [`crate::Tokenizer::Whitespace`] makes of `text`; `None` if it has more than ASCII.
pub(crate) fn count_ascii_words(text: &[u8]) -> Option<u32> {
    let is_blank = |byte: u8| (byte.wrapping_sub(0x09) < 5) | (byte.wrapping_sub(0x1c) < 5);
    let (mut words, mut blank) = (0, true);
    for &byte in text {
        let after_blank = std::mem::replace(&mut blank, is_blank(byte));
        words += u32::from(after_blank & !blank);
    }
    text.is_ascii().then_some(words)
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

/// A text that its owner has tokenised already, written as bytes so that it travels like any text: the key of each
/// token. A long one stands behind a key whose number is its length; a sentence ends at a number that is no length.
#[derive(Default)]
pub struct GivenTokens(Vec<u8>);

const SENTENCE_END: u32 = u32::MAX;

/// What a text of [`GivenTokens`] holds.
pub(crate) enum Given<'t> {
    /// A token that is its own key.
    Key(Key),
    /// A long token.
    Long(&'t [u8]),
    /// The end of a sentence that others follow.
    SentenceEnd,
}

impl GivenTokens {
    /// Adds a token.
    ///
    /// # Errors
    /// The token back, if it has 4 GiB or more.
    pub fn push<'t>(&mut self, token: &'t [u8]) -> Result<(), &'t [u8]> {
        if let Some(key) = Key::inline(token) {
            self.push_key(key);
            return Ok(());
        }
        let len = u32::try_from(token.len()).ok().filter(|&len| len != SENTENCE_END).ok_or(token)?;
        self.push_key(Key::numbered(len));
        self.0.extend_from_slice(token);
        Ok(())
    }

    fn push_key(&mut self, key: Key) {
        self.0.extend_from_slice(&key.bytes());
    }

    /// Ends a sentence that others follow.
    pub fn end_sentence(&mut self) {
        self.push_key(Key::numbered(SENTENCE_END));
    }

    /// Makes it empty, with room for so many tokens.
    pub fn clear(&mut self, tokens: usize) {
        self.0.clear();
        self.0.reserve(size_of::<Key>() * tokens);
    }

    /// The text so far, as [`crate::Tokenizer::Pretokenized`] reads it.
    pub fn text(&self) -> &[u8] {
        &self.0
    }

    /// The text, as [`crate::Tokenizer::Pretokenized`] reads it.
    pub fn into_text(self) -> Vec<u8> {
        self.0
    }
}

/// Shows all that `text` holds.
pub(crate) fn given(mut text: &[u8], mut show: impl FnMut(Given<'_>)) {
    while let Some((key, mut rest)) = text.split_first_chunk() {
        let key = Key::from_bits(u128::from_le_bytes(*key));
        show(match key.number() {
            None => Given::Key(key),
            Some(SENTENCE_END) => Given::SentenceEnd,
            Some(len) => {
                let (token, behind) = rest.split_at_checked(len as usize).unwrap_or((rest, &[]));
                rest = behind;
                Given::Long(token)
            }
        });
        text = rest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_as_they_are_cut() {
        for code in 0..0x80_u8 {
            let text = [b'a', code, b'b', b' ', code, code, b'c', code];
            assert_eq!(count_ascii_words(&text), Some(pystr::split_whitespace(&text).count() as u32), "{code:#x}");
        }
        assert_eq!(count_ascii_words(b""), Some(0));
        assert_eq!(count_ascii_words("é".as_bytes()), None);
    }
}
