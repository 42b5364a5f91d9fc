//! HTML's references to characters, as Python's `html.unescape()` reads them.

use memchr::memchr_iter;

use super::edits::Edits;
use super::html_tables::{ENTITIES, OTHER_NUMBERS};
use super::outcome::Outcome;
use crate::pystr;
use crate::traced::Sink;

/// Puts characters in place of references to them.
pub(crate) fn unescape(text: &[u8], sink: &mut impl Sink) -> Outcome {
    let mut edits = Edits::new(text, sink);
    let mut written = Vec::new();
    for start in memchr_iter(b'&', text) {
        written.clear();
        let len = reference(&text[start + 1..], &mut written);
        if len > 0 {
            edits.put(&written, start..start + 1 + len);
        }
    }
    edits.end()
}

/// Writes what the reference behind an `&` stands for. How many bytes of it that is in place of; 0 if it is none.
fn reference(text: &[u8], out: &mut Vec<u8>) -> usize {
    let [b'#', digits @ ..] = text else { return named(text, out) };
    let (radix, head) = if matches!(digits, [b'x' | b'X', ..]) { (16, 2) } else { (10, 1) };
    let digits = &text[head..];
    let len = digits.iter().take_while(|&&digit| char::from(digit).is_digit(radix)).count();
    if len == 0 {
        return 0;
    }
    let value = |number: u32, digit: &u8| {
        let digit = char::from(*digit).to_digit(radix).unwrap_or(0);
        number.saturating_mul(radix).saturating_add(digit)
    };
    let number = digits[..len].iter().fold(0, value);
    match OTHER_NUMBERS.binary_search_by_key(&number, |(number, _)| *number) {
        Ok(found) => out.extend_from_slice(OTHER_NUMBERS[found].1.as_bytes()),
        Err(_) if (0xd800..=0xdfff).contains(&number) => pystr::push(out, 0xfffd),
        Err(_) => pystr::push(out, number),
    }
    head + len + usize::from(digits.get(len) == Some(&b';'))
}

/// The same of a name, up to 32 characters of which are looked at; the longest that is known counts.
fn named(text: &[u8], out: &mut Vec<u8>) -> usize {
    // No name has other than ASCII characters, so a character is a byte.
    let is_part = |byte: &&u8| byte.is_ascii() && !b"\t\n\x0c <&#;".contains(byte);
    let parts = text.iter().take(32).take_while(is_part).count();
    let name = &text[..parts];
    let find = |name: &[u8]| ENTITIES.binary_search_by_key(&name, |(known, ..)| known.as_bytes()).ok();
    if text.get(parts) == Some(&b';')
        && let Some(found) = find(name)
    {
        out.extend_from_slice(ENTITIES[found].1.as_bytes());
        return parts + 1;
    }
    // One letter is no name without a semicolon.
    for len in (2..=parts).rev() {
        if let Some(found) = find(&name[..len]).filter(|&found| ENTITIES[found].2) {
            out.extend_from_slice(ENTITIES[found].1.as_bytes());
            return len;
        }
    }
    0
}
