//! Characters around a place in a text.

/// The character that ends at `at`.
pub(crate) fn before(text: &str, at: usize) -> Option<char> {
    match text.as_bytes()[..at].last() {
        Some(byte) if byte.is_ascii() => Some(char::from(*byte)),
        _ => text[..at].chars().next_back(),
    }
}

/// The character that starts at `at`.
pub(crate) fn after(text: &str, at: usize) -> Option<char> {
    match text.as_bytes().get(at) {
        Some(byte) if byte.is_ascii() => Some(char::from(*byte)),
        _ => text[at..].chars().next(),
    }
}

/// Whether a character joins others into words that blanks part. Chinese, Japanese and Korean don't part them so.
pub(crate) fn is_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    c.is_alphanumeric() && !is_cjk(c)
}

/// Whether a character is of Chinese, Japanese or Korean writing.
fn is_cjk(c: char) -> bool {
    matches!(u32::from(c), 0x1100..=0x11FF | 0x2E80..=0x9FFF | 0xA960..=0xA97F | 0xAC00..=0xD7FF | 0xF900..=0xFAFF | 0xFF66..=0xFFDC | 0x20000..=0x3FFFF)
}

/// Whether a word is one of these, in capitals or not.
pub(crate) fn is_among(words: &[&str], word: &str) -> bool {
    words.iter().any(|other| other.eq_ignore_ascii_case(word))
}

/// Whether nothing stands in `gap` but blanks and punctuation.
pub(crate) fn is_empty(gap: &str) -> bool {
    !gap.bytes().any(|byte| byte.is_ascii_alphanumeric()) && (gap.is_ascii() || !gap.chars().any(char::is_alphanumeric))
}

/// Whether nothing but punctuation stands between the start of the line and `at`.
pub(crate) fn is_line_start(text: &str, at: usize) -> bool {
    let first = at.saturating_sub(NEAR);
    let near = &text.as_bytes()[first..at];
    let start = match memchr::memrchr(b'\n', near) {
        Some(place) => first + place + 1,
        None if first == 0 => 0,
        None => return false,
    };
    is_empty(&text[start..at])
}

/// Whether nothing but punctuation stands between `at` and the end of the line.
pub(crate) fn is_line_end(text: &str, at: usize) -> bool {
    let near = &text.as_bytes()[at..text.len().min(at + NEAR)];
    let end = match memchr::memchr(b'\n', near) {
        Some(place) => at + place,
        None if near.len() < NEAR => text.len(),
        None => return false,
    };
    is_empty(&text[at..end])
}

/// More punctuation than that around an answer is a text of its own.
pub(crate) const NEAR: usize = 64;

/// Whether a stretch is all of its line, but for punctuation.
pub(crate) fn is_line(text: &str, start: usize, end: usize) -> bool {
    is_line_start(text, start) && is_line_end(text, end)
}
