//! What the strings of JSON say.

/// Adds what a string says, given without its quotes, to `text`: as UTF-8, or `false` if that has a lone surrogate.
/// Those are three bytes each, as Python's `surrogatepass` writes them.
///
/// The string must be sound.
pub(crate) fn push_unescaped(string: &[u8], text: &mut Vec<u8>) -> bool {
    let mut sound = true;
    let mut rest = string;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        text.extend_from_slice(&rest[..at]);
        let escape = rest[at + 1];
        rest = &rest[at + 2..];
        match escape {
            b'b' => text.push(b'\x08'),
            b'f' => text.push(b'\x0C'),
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'u' => {
                let unit = unit(&rest[..4]);
                rest = &rest[4..];
                let low = rest.strip_prefix(b"\\u").map(|digits| self::unit(&digits[..4]));
                match (unit, low) {
                    (0xD800..=0xDBFF, Some(low @ 0xDC00..=0xDFFF)) => {
                        push_code_point(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00), text);
                        rest = &rest[6..];
                    }
                    _ => sound &= push_code_point(unit, text),
                }
            }
            itself => text.push(itself),
        }
    }
    text.extend_from_slice(rest);
    sound
}

/// The number that four hexadecimal digits are.
fn unit(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |unit, &digit| unit << 4 | char::from(digit).to_digit(16).unwrap_or_default())
}

/// Adds a code point; `false` if it is a surrogate.
fn push_code_point(code: u32, text: &mut Vec<u8>) -> bool {
    if let Some(c) = char::from_u32(code) {
        text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        return true;
    }
    text.extend([0xE0 | (code >> 12) as u8, 0x80 | (code >> 6 & 0x3F) as u8, 0x80 | (code & 0x3F) as u8]);
    false
}
