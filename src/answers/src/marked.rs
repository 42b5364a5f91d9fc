//! Answers that are marked as such: `\boxed{…}`, `<answer>…</answer>`.

use std::ops::Range;

use memchr::memmem;

use crate::characters::is_empty;
use crate::visible::Visible;

/// The contents of the marks that a person sees, the last one first.
pub(crate) fn contents(text: &str, seen: &Visible) -> Vec<Range<usize>> {
    let mut found = seen.marked.clone();
    for part in &seen.parts {
        if let Some(content) = last_box(&text[part.clone()]) {
            found.push(part.start + content.start..part.start + content.end);
        }
    }
    // In reasoning that has no end a box counts if the text ends with it.
    if let Some(part) = &seen.unfinished
        && let Some(content) = last_box(&text[part.clone()])
        && is_empty(&text[part.start + content.end..])
    {
        found.push(part.start + content.start..part.start + content.end);
    }
    found.sort_unstable_by_key(|content| usize::MAX - content.start);
    found
}

/// What the last `\boxed{…}` holds.
fn last_box(text: &str) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    // Most texts have no command at all.
    let last = memchr::memrchr(b'\\', bytes)?;
    let command = memmem::rfind(&bytes[..bytes.len().min(last + "\\boxed".len())], b"boxed")?;
    if command == 0 || bytes[command - 1] != b'\\' {
        return None;
    }
    let after = command + "boxed".len();
    let blanks = bytes[after..].iter().take_while(|byte| **byte == b' ').count();
    let start = after + blanks;
    match bytes.get(start)? {
        b'{' => {
            let mut depth = 0_usize;
            let mut escaped = false;
            for (at, byte) in bytes[start..].iter().enumerate() {
                // `\}` is a brace of the text.
                let counts = !escaped;
                escaped = counts && *byte == b'\\';
                match byte {
                    b'{' if counts => depth += 1,
                    b'}' if counts => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    return Some(start + 1..start + at);
                }
            }
            // The text breaks off.
            None
        }
        byte if byte.is_ascii_alphanumeric() && blanks > 0 => Some(start..start + 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn boxes() {
        let inside = |text: &'static str| super::last_box(text).map(|content| &text[content]);
        assert_eq!(inside(r"\boxed{A} \boxed{\text{B}}"), Some(r"\text{B}"));
        assert_eq!(inside(r"\boxed{> \}}"), Some(r"> \}"));
        assert_eq!(inside(r"\boxed C"), Some("C"));
        assert_eq!(inside(r"\boxed{B"), None);
        assert_eq!(inside("boxed{B}"), None);
    }
}
