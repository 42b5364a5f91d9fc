//! Numbers in texts, in digits or in words.

use std::sync::LazyLock;

use crate::characters::{after, before, is_word};
use crate::languages::{LANGUAGES, Language};
use crate::numerals::{self, Numerals};

static KOREAN: LazyLock<Numerals> = LazyLock::new(|| Numerals::new(numerals::korean));

/// The numbers in a text, each as one value of digits, and where it stands.
///
/// `1,024` is 1024 and `24.0` is 24. A comma is a decimal sign where it cannot be another: `3,5`, `1.024,5`. Words are
/// those of English, of writing without blanks, and of the language of the text, or of all where that is not known. In
/// a language that groups digits by dots, `1.024` is 1024.
pub(crate) fn find(text: &str, language: Option<&'static Language>) -> Vec<(String, usize, usize)> {
    let grouped_by_dots = language.is_some_and(|language| language.grouped_by_dots);
    let bytes = text.as_bytes();
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        if byte.is_ascii_digit() {
            let (value, start, end) = digits(text, at, grouped_by_dots);
            // A power is no number of its own.
            let joined = before(text, start).is_some_and(|c| is_word(c) || c == '^');
            let in_word = after(text, end).is_some_and(|c| c.is_ascii_alphabetic());
            if !joined && (!in_word || follows_unit(text, end)) {
                found.push((value, start, end));
            }
            at = end;
        } else {
            let c = text[at..].chars().next().unwrap_or(' ');
            let after_character = at + c.len_utf8();
            let number = match c {
                _ if is_word(c) && !before(text, at).is_some_and(is_word) => in_words(&lower, at, language),
                '\u{AC00}'..='\u{D7A3}' => korean(text, at),
                '\u{3007}'..='\u{9FFF}' => chinese(text, at),
                _ => None,
            };
            at = match number {
                Some((value, end)) => {
                    found.push((value, at, end));
                    end
                }
                None if byte.is_ascii_alphabetic() => word_end(bytes, at),
                None => after_character,
            };
        }
    }
    found
}

/// The number in words, in lower case, that starts at `at`, and where it ends.
fn in_words(text: &str, at: usize, language: Option<&'static Language>) -> Option<(String, usize)> {
    let whole = !after(text, word_end(text.as_bytes(), at)).is_some_and(is_word);
    let english = if whole { words(text, at) } else { None };
    english.or_else(|| other_words(text, at, language))
}

/// A unit may stand right after a number: `24cm`, `5th` may not.
fn follows_unit(text: &str, end: usize) -> bool {
    let unit = &text[end..word_end(text.as_bytes(), end)];
    ["cm", "mm", "m", "km", "kg", "g", "s", "h", "ml", "l", "px"].contains(&unit)
}

fn word_end(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count()
}

/// The number whose first digit stands at `at`: its value, start and end.
fn digits(text: &str, at: usize, grouped_by_dots: bool) -> (String, usize, usize) {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut end = at;
    let group = |at: usize| (at..at + 3).all(digit) && !digit(at + 3);
    while digit(end)
        || matches!(bytes.get(end), Some(b'.' | b',' | b'/')) && digit(end + 1) && end > at
        // A blank before each three digits.
        || bytes.get(end) == Some(&b' ')
            && (end - at <= 3 || bytes[at..end].contains(&b' '))
            && bytes[at] != b'0'
            && group(end + 1)
    {
        end += 1;
    }
    // A minus sign, but for the one of a difference or a range.
    let minus =
        at > 0 && bytes[at - 1] == b'-' && !before(text, at - 1).is_some_and(|c| c.is_alphanumeric() || c == ')');
    let start = if minus { at - 1 } else { at };
    (value(&text[at..end], minus, grouped_by_dots), start, end)
}

/// Digits without separators, and without a fraction of nought.
fn value(digits: &str, minus: bool, grouped_by_dots: bool) -> String {
    let digits = &digits.replace(' ', "");
    let sign = if minus { "-" } else { "" };
    if digits.contains('/') {
        return format!("{sign}{digits}");
    }
    let commas = digits.matches(',').count();
    let dots = digits.matches('.').count();
    let groups = |mark: char| {
        let mut parts = digits.split(['.', ',']);
        let first = parts.next().unwrap_or_default();
        let mut marks = digits.chars().filter(|c| matches!(c, '.' | ','));
        !first.is_empty()
            && first.len() <= 3
            && !first.starts_with('0')
            && parts.all(|part| marks.next() != Some(mark) || part.len() == 3)
    };
    let (whole, fraction) = if commas > 0 && dots == 0 && groups(',') {
        (digits.replace(',', ""), String::new())
    } else if (dots > 1 || grouped_by_dots && dots == 1) && commas == 0 && groups('.') {
        (digits.replace('.', ""), String::new())
    } else {
        // What stands last parts off the fraction.
        let (whole, fraction) = digits.rsplit_once(['.', ',']).unwrap_or((digits, ""));
        (whole.replace(['.', ','], ""), fraction.to_owned())
    };
    let fraction = fraction.trim_end_matches('0');
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    match fraction {
        "" if whole == "0" => whole.to_owned(),
        "" => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{fraction}"),
    }
}

const UNITS: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// The number in English words, in lower case, whose first word starts at `at`, and where it ends.
fn words(text: &str, at: usize) -> Option<(String, usize)> {
    let bytes = text.as_bytes();
    let (mut total, mut group) = (0_u64, 0_u64);
    // How large a word may follow: below `room` in this group of three digits, below `scale` as a scale.
    let (mut room, mut scale) = (1000_u64, 1_000_000_000_001_u64);
    let mut end = None;
    let first = word_end(bytes, at);
    let minus = ["minus", "negative"].contains(&&text[at..first]);
    let mut next = if minus { first + usize::from(bytes.get(first) == Some(&b' ')) } else { at };
    loop {
        let word_end = word_end(bytes, next);
        let word = &text[next..word_end];
        let ten = TENS.iter().position(|ten| *ten == word).map(|number| 10 * (number as u64 + 2));
        let small = UNITS.iter().position(|unit| *unit == word).map(|number| number as u64).or(ten);
        match (small, word) {
            (Some(0), _) if end.is_none() => return Some(("0".to_owned(), word_end)),
            (Some(small), _) if small < room && small > 0 => {
                group += small;
                room = if small >= 20 { 10 } else { 1 };
            }
            (None, "hundred") if (1..100).contains(&group) => {
                group *= 100;
                room = 100;
            }
            (None, "thousand" | "million" | "billion") if group > 0 => {
                let factor = match word {
                    "thousand" => 1_000,
                    "million" => 1_000_000,
                    _ => 1_000_000_000,
                };
                if factor >= scale {
                    break;
                }
                total += group * factor;
                (group, room, scale) = (0, 1000, factor);
            }
            (None, "and") if end.is_some() && (room == 100 || total > 0 && group == 0) => {}
            _ => break,
        }
        if word != "and" {
            end = Some(word_end);
        }
        match bytes.get(word_end) {
            Some(b' ' | b'-') if bytes.get(word_end + 1).is_some_and(u8::is_ascii_alphabetic) => next = word_end + 1,
            _ => break,
        }
    }
    let sign = if minus { "-" } else { "" };
    end.map(|end| (format!("{sign}{}", total + group), end))
}

/// The number in words of a language other than English that starts at `at`, and where it ends.
fn other_words(text: &str, at: usize, language: Option<&'static Language>) -> Option<(String, usize)> {
    let found = match language {
        Some(language) => language.numerals.as_ref()?.find(text, at),
        None => LANGUAGES.iter().find_map(|language| language.numerals.as_ref()?.find(text, at)),
    };
    found.map(|(number, end)| (number.to_string(), end))
}

/// The number in Korean words that starts at `at`, and where it ends.
fn korean(text: &str, at: usize) -> Option<(String, usize)> {
    let starts = !before(text, at).is_some_and(char::is_alphanumeric);
    let (number, end) = KOREAN.find_in_run(text, at).filter(|_| starts)?;
    Some((number.to_string(), end))
}

/// The number in Chinese characters that starts at `at`, below ten thousand, and where it ends.
fn chinese(text: &str, at: usize) -> Option<(String, usize)> {
    let is_part = |c: &char| "零〇一二两兩三四五六七八九十百千".contains(*c);
    let joined = text[..at].chars().next_back().is_some_and(|c| is_part(&c) || c == '第');
    let part: String = text[at..].chars().take_while(is_part).take(8).collect();
    let next = text[at + part.len()..].chars().next();
    // Words such as 一共, 一定, 十分, 百分之.
    let is_word = match part.as_str() {
        "一" => next.is_some_and(|c| "共定般样起些直切方".contains(c)),
        "十" | "百" => next == Some('分'),
        _ => false,
    };
    if part.is_empty() || joined || is_word {
        return None;
    }
    let digit = |c: char| match c {
        '零' | '〇' => Some(0),
        '两' | '兩' => Some(2),
        _ => "一二三四五六七八九".chars().position(|other| other == c).map(|number| number + 1),
    };
    let (mut total, mut count, mut room) = (0, None, 10_000);
    for c in part.chars() {
        let scale = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            _ => {
                // 二三 is no number.
                if count.is_some_and(|before| before > 0) {
                    return None;
                }
                count = digit(c);
                continue;
            }
        };
        if scale >= room {
            return None;
        }
        (total, count, room) = (total + scale * count.filter(|count| *count > 0).unwrap_or(1), None, scale);
    }
    Some(((total + count.unwrap_or(0)).to_string(), at + part.len()))
}

/// Whether what stands from `start` to `end` is part of a longer number.
pub(crate) fn is_inside(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let starts = digit(start);
    let ends = end > 0 && digit(end - 1);
    let joins = |at: usize| matches!(bytes.get(at), Some(b'.' | b',' | b'/'));
    starts && start > 1 && joins(start - 1) && digit(start - 2)
        || starts && start > 0 && bytes[start - 1] == b'-' && !before(text, start - 1).is_some_and(is_word)
        || ends && joins(end) && digit(end + 1)
}

/// The value of a text that is a number, and whether a unit stands behind it.
pub(crate) fn with_unit(text: &str, language: Option<&'static Language>) -> Option<(String, bool)> {
    let bytes = text.as_bytes();
    let sign = usize::from(bytes.first() == Some(&b'-'));
    if !bytes.get(sign)?.is_ascii_digit() {
        return None;
    }
    let (value, _, end) = digits(text, sign, language.is_some_and(|language| language.grouped_by_dots));
    let unit = text[end..].trim_start();
    let is_unit = unit.len() <= 12
        && unit.chars().filter(|c| *c == ' ').count() <= 1
        && !unit.bytes().any(|byte| byte.is_ascii_digit());
    is_unit.then(|| (comparable(&value), !unit.is_empty()))
}

/// A value as it is compared: a fraction as a decimal one, or else in its lowest terms.
pub(crate) fn comparable(value: &str) -> String {
    reduced(value).unwrap_or_else(|| value.to_owned())
}

fn reduced(value: &str) -> Option<String> {
    let (sign, digits) = value.strip_prefix('-').map_or(("", value), |digits| ("-", digits));
    let (numerator, denominator) = digits.split_once('/')?;
    let (numerator, denominator): (u32, u32) = (numerator.parse().ok()?, denominator.parse().ok()?);
    let (mut one, mut other) = (numerator, denominator);
    while other > 0 {
        (one, other) = (other, one % other);
    }
    let (numerator, denominator) = (numerator.checked_div(one)?, denominator.checked_div(one)?);
    // Two and five are the primes of ten.
    let ends = [2, 5].into_iter().fold(denominator, |mut rest, prime| {
        while rest > 0 && rest.is_multiple_of(prime) {
            rest /= prime;
        }
        rest
    });
    Some(match ends {
        0 => return None,
        1 => format!("{sign}{}", f64::from(numerator) / f64::from(denominator)),
        _ => format!("{sign}{numerator}/{denominator}"),
    })
}

#[cfg(test)]
mod tests {
    use crate::languages::LANGUAGES;

    #[test]
    fn values_of_numbers() {
        for (text, expected) in [
            ("1,024", "1024"),
            ("24.0", "24"),
            ("twenty-four", "24"),
            ("1.024,5", "1024.5"),
            ("1,024.50", "1024.5"),
            ("3,5", "3.5"),
            ("1.234.567", "1234567"),
            ("-7", "-7"),
            ("3/4", "3/4"),
            ("24 apples", "24"),
            ("二十四", "24"),
            ("两", "2"),
            ("one hundred and five", "105"),
            ("two thousand three", "2003"),
            ("vierundzwanzig", "24"),
            ("sept", "7"),
            ("veintiún", "21"),
            ("сорок две", "42"),
            ("一百零五个", "105"),
            ("스물네 개", "24"),
            ("minus twelve", "-12"),
            ("1 024", "1024"),
            ("007", "7"),
            ("-0.0", "0"),
        ] {
            assert_eq!(super::find(text, None)[0].0, expected, "{text}");
        }
        assert!(super::find("B12 x2 none someone m^2", None).is_empty());
        for (value, expected) in [("3/8", "0.375"), ("2/6", "1/3"), ("-4/2", "-2"), ("1/0", "1/0"), ("7", "7")] {
            assert_eq!(super::comparable(value), expected);
        }
        let german = LANGUAGES.iter().find(|language| language.grouped_by_dots);
        assert_eq!(super::find("1.024", german)[0].0, "1024");
        assert_eq!(super::find("1.5", german)[0].0, "1.5");
    }
}
