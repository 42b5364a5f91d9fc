//! JSON as Python's `json.dumps(json.loads(text))` writes it, with null for the numbers that JSON does not have.

use std::collections::HashMap;
use std::ops::Range;

use crate::python_float::push_float;
use crate::scan::{Fault, Scanner};

/// Adds the value that `json` holds.
pub(crate) fn push_json(json: &str, out: &mut Vec<u8>) -> Result<(), Fault> {
    let mut scanner = Scanner::new(json.as_bytes());
    push_value(json, &mut scanner, 0, out)?;
    scanner.end()
}

/// Adds a float, null for one that JSON does not have.
#[inline]
pub(crate) fn push_finite(value: f64, out: &mut Vec<u8>) {
    if value.is_finite() { push_float(value, out) } else { out.extend_from_slice(b"null") }
}

/// Adds a string, given without its quotes, in ASCII.
pub(crate) fn push_string(string: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    if string.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'\\') {
        out.extend_from_slice(string.as_bytes());
    } else {
        push_units(string, out);
    }
    out.push(b'"');
}

fn push_units(string: &str, out: &mut Vec<u8>) {
    let mut chars = string.chars();
    while let Some(c) = chars.next() {
        let c = match c {
            '\\' => match chars.next() {
                Some('u') => {
                    let (digits, rest) = chars.as_str().split_at(4);
                    chars = rest.chars();
                    push_unit(u16::from_str_radix(digits, 16).unwrap_or_default(), out);
                    continue;
                }
                Some('b') => '\x08',
                Some('f') => '\x0C',
                Some('n') => '\n',
                Some('r') => '\r',
                Some('t') => '\t',
                itself => itself.unwrap_or_default(),
            },
            itself => itself,
        };
        c.encode_utf16(&mut [0; 2]).iter().for_each(|&unit| push_unit(unit, out));
    }
}

/// Adds a unit of UTF-16.
fn push_unit(unit: u16, out: &mut Vec<u8>) {
    let short = match unit {
        0x08 => b'b',
        0x0C => b'f',
        0x0A => b'n',
        0x0D => b'r',
        0x09 => b't',
        0x22 | 0x5C => unit as u8,
        0x20..=0x7E => {
            out.push(unit as u8);
            return;
        }
        _ => {
            out.extend_from_slice(format!("\\u{unit:04x}").as_bytes());
            return;
        }
    };
    out.extend([b'\\', short]);
}

fn push_value(json: &str, scanner: &mut Scanner<'_>, depth: usize, out: &mut Vec<u8>) -> Result<(), Fault> {
    let first = scanner.peek();
    let start = scanner.at();
    match first {
        b'[' => {
            out.push(b'[');
            scanner.list(depth, |scanner, index| {
                if index > 0 {
                    out.extend_from_slice(b", ");
                }
                push_value(json, scanner, depth + 1, out)
            })?;
            out.push(b']');
        }
        b'{' => push_object(json, scanner, depth, out)?,
        b'"' => {
            scanner.string()?;
            push_string(&json[start + 1..scanner.at() - 1], out);
        }
        _ => {
            scanner.value(depth)?;
            push_scalar(&json[start..scanner.at()], out);
        }
    }
    Ok(())
}

fn push_object(json: &str, scanner: &mut Scanner<'_>, depth: usize, out: &mut Vec<u8>) -> Result<(), Fault> {
    // Of members with the same key the last one counts, at the place of the first.
    let mut numbers: HashMap<Vec<u8>, usize> = HashMap::new();
    let mut members: Vec<(Vec<u8>, Range<usize>)> = Vec::new();
    scanner.object(depth, |scanner, key| {
        let mut name = Vec::new();
        push_string(&json[key.span], &mut name);
        let start = scanner.at();
        scanner.value(depth + 1)?;
        let value = start..scanner.at();
        let number = *numbers.entry(name.clone()).or_insert(members.len());
        match members.get_mut(number) {
            Some(member) => member.1 = value,
            None => members.push((name, value)),
        }
        Ok(())
    })?;
    out.push(b'{');
    for (index, (name, value)) in members.iter().enumerate() {
        if index > 0 {
            out.extend_from_slice(b", ");
        }
        out.extend_from_slice(name);
        out.extend_from_slice(b": ");
        push_value(json, &mut Scanner::within(json.as_bytes(), value.start..json.len()), depth + 1, out)?;
    }
    out.push(b'}');
    Ok(())
}

/// Adds a number or a word.
fn push_scalar(scalar: &str, out: &mut Vec<u8>) {
    match scalar {
        "NaN" | "Infinity" | "-Infinity" => out.extend_from_slice(b"null"),
        "-0" => out.push(b'0'),
        number if number.ends_with(|c: char| c.is_ascii_digit()) && number.contains(['.', 'e', 'E']) => {
            push_finite(number.parse().unwrap_or(f64::NAN), out);
        }
        itself => out.extend_from_slice(itself.as_bytes()),
    }
}
