//! Rows of scores, each with what is kept of its record, as JSON lines or CSV.

use std::fmt;

use crate::json_string::push_unescaped;
use crate::python_float::FloatWriter;
use crate::python_json::{push_json, push_string};

/// Values that are passed on: JSON, a value a row; `None` for null.
#[derive(Clone, Debug)]
pub struct Kept<'a> {
    /// The name of the column.
    pub name: &'a str,
    /// The values.
    pub values: Vec<Option<&'a [u8]>>,
}

/// A kept value is no sound JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotJson {
    /// The index of the value.
    pub row: usize,
}

impl fmt::Display for NotJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the kept value in row {} is not JSON", self.row)
    }
}

impl std::error::Error for NotJson {}

/// A short text that is written often: pieces of one size are copied without a call.
struct Padded {
    pieces: Vec<[u8; 32]>,
    len: usize,
}

impl Padded {
    fn new(text: &[u8]) -> Self {
        let piece = |part: &[u8]| {
            let mut piece = [0; 32];
            piece[..part.len()].copy_from_slice(part);
            piece
        };
        Self { pieces: text.chunks(32).map(piece).collect(), len: text.len() }
    }

    #[inline]
    fn push_to(&self, out: &mut Vec<u8>) {
        let end = out.len() + self.len;
        self.pieces.iter().for_each(|piece| out.extend_from_slice(piece));
        out.truncate(end);
    }
}

/// A line for each row: an object of its number, what is kept, and its scores by name; null for a score that is no
/// finite number. The lines are what Python's `json.dumps` makes of such dictionaries.
///
/// All columns, kept and not, have a value for each of `numbers`.
///
/// # Errors
/// If a kept value is no JSON.
pub fn encode_json_lines(
    numbers: &[u64],
    names: &[&str],
    columns: &[&[f64]],
    kept: &[Kept<'_>],
) -> Result<Vec<u8>, NotJson> {
    let start = |name: &&str| {
        let mut start = b", ".to_vec();
        push_json_text(name, &mut start);
        start.extend_from_slice(b": ");
        Padded::new(&start)
    };
    let kept_starts: Vec<Padded> = kept.iter().map(|kept| start(&kept.name)).collect();
    let starts: Vec<Padded> = names.iter().map(start).collect();
    let mut floats = FloatWriter::new();
    let mut digits = itoa::Buffer::new();
    let mut lines = Vec::with_capacity(numbers.len() * (16 + 32 * (names.len() + kept.len())));
    for (row, number) in numbers.iter().enumerate() {
        lines.extend_from_slice(b"{\"row\": ");
        lines.extend_from_slice(digits.format(*number).as_bytes());
        for (start, kept) in kept_starts.iter().zip(kept) {
            start.push_to(&mut lines);
            push_json(json_at(kept, row)?, &mut lines).map_err(|_| NotJson { row })?;
        }
        for (start, column) in starts.iter().zip(columns) {
            start.push_to(&mut lines);
            match column[row] {
                score if score.is_finite() => floats.push(score, &mut lines),
                _ => lines.extend_from_slice(b"null"),
            }
        }
        lines.extend_from_slice(b"}\n");
    }
    Ok(lines)
}

/// A line for each row: its number, what is kept, and its scores; nothing for a score that is NaN, and for a null.
/// Values are parted by the separator. Texts are quoted where RFC 4180 wants it, and where they are empty; what is no text is written as JSON.
///
/// All columns, kept and not, have a value for each of `numbers`.
///
/// # Errors
/// If a kept value is no JSON.
pub fn encode_csv(numbers: &[u64], separator: u8, columns: &[&[f64]], kept: &[Kept<'_>]) -> Result<Vec<u8>, NotJson> {
    let mut lines = Vec::with_capacity(numbers.len() * (8 + 20 * (columns.len() + kept.len())));
    let mut floats = FloatWriter::new();
    let mut digits = itoa::Buffer::new();
    let mut text = Vec::new();
    for (row, number) in numbers.iter().enumerate() {
        lines.extend_from_slice(digits.format(*number).as_bytes());
        for kept in kept {
            lines.push(separator);
            if read_text(json_at(kept, row)?, &mut text).ok_or(NotJson { row })? {
                push_field(&text, separator, &mut lines);
            }
        }
        for column in columns {
            lines.push(separator);
            match column[row] {
                score if score.is_finite() => floats.push(score, &mut lines),
                score if score.is_nan() => {}
                score => lines.extend_from_slice(score.to_string().as_bytes()),
            }
        }
        lines.push(b'\n');
    }
    Ok(lines)
}

fn json_at<'a>(kept: &Kept<'a>, row: usize) -> Result<&'a str, NotJson> {
    kept.values[row].map_or(Ok("null"), |value| std::str::from_utf8(value).map_err(|_| NotJson { row }))
}

/// Adds a text, which is no JSON yet.
fn push_json_text(text: &str, out: &mut Vec<u8>) {
    // Those two mean something else in a string; all other characters stand for themselves.
    push_string(&text.replace('\\', "\\\\").replace('"', "\\\""), out);
}

/// Sets `text` to what a string says, or to another value as JSON; also to a string with lone surrogates, which no text can
/// have. Whether there is anything to say: a number that JSON does not have is null, as in JSON lines.
fn read_text(json: &str, text: &mut Vec<u8>) -> Option<bool> {
    text.clear();
    push_json(json, text).ok()?;
    let string = json.trim_ascii().strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let Some(string) = string else { return Some(text != b"null") };
    let mut says = Vec::new();
    if push_unescaped(string.as_bytes(), &mut says) {
        *text = says;
    }
    Some(true)
}

fn push_field(text: &[u8], separator: u8, out: &mut Vec<u8>) {
    let needs_quotes = |byte: &u8| *byte == separator || matches!(byte, b'"' | b'\n' | b'\r');
    if !text.is_empty() && !text.iter().any(needs_quotes) {
        out.extend_from_slice(text);
        return;
    }
    out.push(b'"');
    for &byte in text {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}
