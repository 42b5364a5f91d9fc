//! Numbers in texts, in digits or in words.

use crate::characters::{after, before, is_word};

/// The numbers in a text, each as one value of digits, and where it stands.
///
/// `1,024` is 1024 and `24.0` is 24. A comma is a decimal sign where it cannot be another: `3,5`, `1.024,5`. Words are
/// those of English, and single ones of Chinese. With `grouped_by_dots`, `1.024` is 1024.
pub(crate) fn find(text: &str, grouped_by_dots: bool) -> Vec<(String, usize, usize)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        if byte.is_ascii_digit() {
            let (value, start, end) = digits(text, at, grouped_by_dots);
            if !before(text, start).is_some_and(is_word) && !after(text, end).is_some_and(|c| c.is_ascii_alphabetic())
                || follows_unit(text, end)
            {
                found.push((value, start, end));
            }
            at = end;
        } else if byte.is_ascii_alphabetic() {
            let end = word_end(bytes, at);
            if before(text, at).is_some_and(is_word) {
                at = end;
                continue;
            }
            let number = if after(text, end).is_some_and(is_word) { None } else { words(text, at) };
            let number = number.or_else(|| other_word(text, at));
            if let Some((value, end)) = &number {
                found.push((value.clone(), at, *end));
            }
            at = number.map_or(end, |(_, end)| end);
        } else if byte >= 0xE3 {
            let c = text[at..].chars().next().unwrap_or(' ');
            let end = at + c.len_utf8();
            if let Some((value, end)) = chinese(text, at) {
                found.push((value, at, end));
                at = end;
            } else {
                at = end;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    found
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

/// The number in English words whose first word starts at `at`, and where it ends.
fn words(text: &str, at: usize) -> Option<(String, usize)> {
    let bytes = text.as_bytes();
    let (mut total, mut group) = (0_u64, 0_u64);
    // How large a word may follow: below `room` in this group of three digits, below `scale` as a scale.
    let (mut room, mut scale) = (1000_u64, 1_000_000_000_001_u64);
    let mut end = None;
    let first = word_end(bytes, at);
    let minus = ["minus", "negative"].contains(&text[at..first].to_ascii_lowercase().as_str());
    let mut next = if minus { first + usize::from(bytes.get(first) == Some(&b' ')) } else { at };
    loop {
        let word_end = word_end(bytes, next);
        let word = text[next..word_end].to_ascii_lowercase();
        let ten = TENS.iter().position(|ten| *ten == word).map(|number| 10 * (number as u64 + 2));
        let small = UNITS.iter().position(|unit| *unit == word).map(|number| number as u64).or(ten);
        match (small, word.as_str()) {
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
                let factor = match word.as_str() {
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

/// From two on; one is an article as well.
const OTHER_WORDS: [[&str; 19]; 3] = [
    [
        "zwei",
        "drei",
        "vier",
        "fünf",
        "sechs",
        "sieben",
        "acht",
        "neun",
        "zehn",
        "elf",
        "zwölf",
        "dreizehn",
        "vierzehn",
        "fünfzehn",
        "sechzehn",
        "siebzehn",
        "achtzehn",
        "neunzehn",
        "zwanzig",
    ],
    [
        "dos",
        "tres",
        "cuatro",
        "cinco",
        "seis",
        "siete",
        "ocho",
        "nueve",
        "diez",
        "once",
        "doce",
        "trece",
        "catorce",
        "quince",
        "dieciséis",
        "diecisiete",
        "dieciocho",
        "diecinueve",
        "veinte",
    ],
    [
        "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize", "quatorze",
        "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf", "vingt",
    ],
];
const OTHER_TENS: [(&str, usize); 24] = [
    ("vingt", 20),
    ("trente", 30),
    ("quarante", 40),
    ("cinquante", 50),
    ("soixante", 60),
    ("veinte", 20),
    ("veinti", 20),
    ("treinta", 30),
    ("cuarenta", 40),
    ("cincuenta", 50),
    ("sesenta", 60),
    ("setenta", 70),
    ("ochenta", 80),
    ("noventa", 90),
    ("zwanzig", 20),
    ("dreißig", 30),
    ("vierzig", 40),
    ("fünfzig", 50),
    ("sechzig", 60),
    ("siebzig", 70),
    ("achtzig", 80),
    ("neunzig", 90),
    ("quatre-vingts", 80),
    ("quatre-vingt", 80),
];
/// What stands between tens and units.
const JOINTS: [&str; 2] = [" et ", " y "];

fn tens(word: &str) -> Option<usize> {
    OTHER_TENS.iter().find(|(ten, _)| *ten == word).map(|(_, number)| *number)
}

fn unit_of(word: &str) -> Option<usize> {
    if ["un", "une", "uno", "una"].contains(&word) {
        return Some(1);
    }
    OTHER_WORDS[1..].iter().find_map(|words| words[..8].iter().position(|other| *other == word)).map(|unit| unit + 2)
}

/// `vingt-deux`, `vingt-et-un`, `veintidós`.
fn joined(word: &str) -> Option<usize> {
    OTHER_TENS.iter().find_map(|(ten, number)| {
        let unit = word.strip_prefix(ten)?;
        let unit = unit.trim_start_matches('-');
        let unit = unit.strip_prefix("et-").unwrap_or(unit);
        let unit = match unit {
            "dós" => "dos",
            "trés" => "tres",
            "séis" => "seis",
            other => other,
        };
        Some(number + unit_of(unit)?)
    })
}

/// The number that is a word of German, Spanish or French.
fn other_word(text: &str, at: usize) -> Option<(String, usize)> {
    let rest = &text[at..];
    let len = rest.find(|c| !is_word(c) && c != '-').unwrap_or(rest.len());
    // None is longer.
    let word = rest.get(..len).filter(|word| word.len() < 32)?.to_ascii_lowercase();
    let listed =
        OTHER_WORDS.iter().find_map(|words| words.iter().position(|other| *other == word)).map(|number| number + 2);
    let german = || {
        let (unit, ten) = word.split_once("und")?;
        let unit = if unit == "ein" { 1 } else { OTHER_WORDS[0][..8].iter().position(|other| *other == unit)? + 2 };
        Some(tens(ten)? + unit)
    };
    // In `vingt et un` the words stand apart.
    let apart = || {
        let joint = JOINTS.iter().find(|joint| rest[len..].starts_with(**joint))?;
        let unit = &rest[len + joint.len()..];
        let unit = &unit[..unit.find(|c| !is_word(c)).unwrap_or(unit.len())];
        Some((tens(&word)? + unit_of(unit)?, len + joint.len() + unit.len()))
    };
    let (number, len) =
        apart().or_else(|| Some((listed.or_else(german).or_else(|| joined(&word)).or_else(|| tens(&word))?, len)))?;
    Some((number.to_string(), at + len))
}

/// The number in Chinese characters that starts at `at`, up to ninety-nine, and where it ends.
fn chinese(text: &str, at: usize) -> Option<(String, usize)> {
    let is_part = |c: &char| "零〇一二两兩三四五六七八九十".contains(*c);
    let joined = text[..at].chars().next_back().is_some_and(|c| is_part(&c) || c == '第');
    // Words such as 一共, 一定, 一般.
    if joined
        || text[at..].starts_with('一') && text[at..].chars().nth(1).is_some_and(|c| "共定般样起些直切方".contains(c))
    {
        return None;
    }
    let part: String = text[at..].chars().take_while(is_part).take(4).collect();
    let digit = |c: char| match c {
        '零' | '〇' => Some(0),
        '两' | '兩' => Some(2),
        _ => "一二三四五六七八九".chars().position(|other| other == c).map(|number| number + 1),
    };
    let number = match part.chars().collect::<Vec<_>>()[..] {
        ['十'] => 10,
        ['十', unit] => 10 + digit(unit)?,
        [ten, '十'] => 10 * digit(ten)?,
        [ten, '十', unit] => 10 * digit(ten)? + digit(unit)?,
        [unit] => digit(unit)?,
        _ => return None,
    };
    Some((number.to_string(), at + part.len()))
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

/// The number that a text of a number and a unit begins with.
pub(crate) fn without_unit(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let sign = usize::from(bytes.first() == Some(&b'-'));
    if !bytes.get(sign)?.is_ascii_digit() {
        return None;
    }
    let (_, _, end) = digits(text, sign, false);
    let unit = text[end..].trim_start();
    let is_unit = !unit.is_empty()
        && unit.len() <= 12
        && unit.chars().filter(|c| *c == ' ').count() <= 1
        && !unit.bytes().any(|byte| byte.is_ascii_digit());
    is_unit.then(|| &text[..end])
}

#[cfg(test)]
mod tests {
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
            ("minus twelve", "-12"),
            ("1 024", "1024"),
            ("007", "7"),
            ("-0.0", "0"),
        ] {
            assert_eq!(super::find(text, false)[0].0, expected, "{text}");
        }
        assert!(super::find("B12 x2 none someone", false).is_empty());
        assert_eq!(super::find("1.024", true)[0].0, "1024");
        assert_eq!(super::find("1.5", true)[0].0, "1.5");
    }
}
