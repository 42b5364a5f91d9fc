//! What numbers, dates and spans of time come to, however they are written.

use crate::characters::{after, before, is_among, is_word};
use crate::languages::Language;
use crate::languages::quantities::{
    DATE_GAPS, HALF, HALVES_BEFORE, HALVES_BEHIND, HOURS, MONTHS, OF_PARTS, ONE, PARTS, PERCENT, SCALE_SIGNS, SCALES,
    UNTIL,
};
use crate::numbers;

/// A value, and where it stands.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Value {
    /// The number itself; days since the year 0 of a date, minutes of the two ends of a span.
    pub(crate) amount: f64,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Value {
    /// Whether two amounts are the same, but for what is lost in calculating them.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        (self.amount - other.amount).abs() <= 1e-9 * self.amount.abs().max(other.amount.abs())
    }
}

/// Finds values of one kind.
pub(crate) type Find = fn(&str, Option<&'static Language>) -> Vec<Value>;

/// The word of `words` that stands at `at`, perhaps after a blank, and where it ends.
fn word_at<'a, T>(text: &str, at: usize, words: &'a [T], name: impl Fn(&T) -> &str) -> Option<(&'a T, usize)> {
    let start = at + usize::from(text.as_bytes().get(at) == Some(&b' '));
    let ends = |word: &T| {
        let end = start + name(word).len();
        let found = text.as_bytes().get(start..end)?;
        let is_same = found.eq_ignore_ascii_case(name(word).as_bytes());
        (is_same && !(before(text, end).is_some_and(is_word) && after(text, end).is_some_and(is_word))).then_some(end)
    };
    words.iter().find_map(|word| Some((word, ends(word)?)))
}

/// Numbers in digits or words, with fractions, powers of ten and percents.
pub(crate) fn amounts(text: &str, language: Option<&'static Language>) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    for (digits, start, end) in numbers::find(text, language) {
        if found.last().is_some_and(|last| start < last.end) {
            continue;
        }
        let Some(amount) = amount(&digits) else { continue };
        let value = scaled(text, Value { amount, start, end });
        match found.last_mut() {
            Some(last) if goes_on(text, last, &value) => {
                (last.amount, last.end) = (last.amount + value.amount, value.end)
            }
            Some(last) if OF_PARTS.contains(&&text[last.end..start]) => {
                (last.amount, last.end) = (value.amount / last.amount, value.end);
            }
            _ => found.push(value),
        }
    }
    with_one_part(text, found)
}

/// What digits come to, with one fraction line at most.
fn amount(digits: &str) -> Option<f64> {
    match digits.split_once('/') {
        Some((numerator, denominator)) => {
            let (numerator, denominator): (f64, f64) = (numerator.parse().ok()?, denominator.parse().ok()?);
            (denominator != 0.0).then(|| numerator / denominator)
        }
        None => digits.parse().ok(),
    }
}

/// A number with what stands behind it: a power of ten, a scale, parts, the percent sign.
fn scaled(text: &str, mut value: Value) -> Value {
    if let Some((exponent, end)) = power_of_ten(text, value.end) {
        (value.amount, value.end) = (value.amount * 10_f64.powi(exponent), end);
    }
    while let Some((factor, end)) = factor(text, value.end) {
        (value.amount, value.end) = (value.amount * factor, end);
    }
    value
}

/// By what the word or the sign at `at` multiplies the number before, and where it ends.
fn factor(text: &str, at: usize) -> Option<(f64, usize)> {
    let blank = usize::from(text.as_bytes().get(at) == Some(&b' '));
    let sign = after(text, at + blank).and_then(|c| SCALE_SIGNS.iter().find(|(sign, _)| *sign == c));
    let hyphen = usize::from(text.as_bytes().get(at) == Some(&b'-'));
    sign.map(|(sign, factor)| (*factor, at + blank + sign.len_utf8()))
        .or_else(|| word_at(text, at, &SCALES, |(word, _)| word).map(|((_, factor), end)| (*factor, end)))
        .or_else(|| word_at(text, at, &PERCENT, |word| word).map(|(_, end)| (0.01, end)))
        .or_else(|| word_at(text, at + hyphen, &PARTS, |(word, _)| word).map(|((_, parts), end)| (1.0 / parts, end)))
}

/// The exponent of `×10^5` at `at`, and where it ends.
fn power_of_ten(text: &str, at: usize) -> Option<(i32, usize)> {
    let rest = text[at..].trim_start_matches(' ').strip_prefix(['×', '·', '*', '⋅'])?;
    let rest = rest.trim_start_matches(' ').strip_prefix("10^")?;
    let digits = rest.strip_prefix('-').unwrap_or(rest);
    let len = digits.bytes().take_while(u8::is_ascii_digit).take(3).count();
    let end = rest.len() - digits.len() + len;
    Some((rest[..end].parse().ok()?, text.len() - rest.len() + end))
}

/// Whether a number goes on with a smaller one behind its scale: 1万2千.
fn goes_on(text: &str, last: &Value, next: &Value) -> bool {
    let scaled = before(text, last.end).is_some_and(|c| SCALE_SIGNS.iter().any(|(sign, _)| *sign == c));
    scaled && last.end == next.start && next.amount < last.amount
}

/// Adds halves, and parts of which there is one: "a third", "un tercio".
fn with_one_part(text: &str, mut found: Vec<Value>) -> Vec<Value> {
    let mut start = 0;
    for word in text.split(|c| !is_word(c)) {
        let end = start + word.len();
        if is_among(&HALF, word) {
            found.push(Value { amount: 0.5, start, end });
        } else if is_among(&ONE, word)
            && let Some(((_, parts), end)) = word_at(text, end, &PARTS, |(word, _)| word)
        {
            found.push(Value { amount: 1.0 / parts, start, end });
        }
        start = end + after(text, end).map_or(0, char::len_utf8);
    }
    // Of two that begin in one place the longer counts.
    found.sort_by_key(|value| (value.start, usize::MAX - value.end));
    let mut reached = 0;
    found.retain(|value| {
        let is_free = value.start >= reached;
        reached = reached.max(value.end);
        is_free
    });
    found
}

/// A part of a date: a number of up to four digits, or the number of a month by its name.
#[derive(Clone, Copy)]
enum Piece {
    Number(u32),
    Month(u32),
}

fn pieces(text: &str) -> Vec<(Piece, usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = after(text, at) {
        let digits = text[at..].bytes().take_while(u8::is_ascii_digit).count();
        let len =
            if digits > 0 { digits } else { text[at..].find(|c: char| !c.is_alphabetic()).unwrap_or(text.len() - at) };
        let word = &text[at..at + len];
        let month = |names: &&[&str]| is_among(names, word);
        if let (1..=4, Ok(number)) = (digits, word.parse()) {
            found.push((Piece::Number(number), at, at + len));
        } else if let Some(month) = MONTHS.iter().position(month) {
            found.push((Piece::Month(month as u32 + 1), at, at + len));
        }
        at += if len > 0 { len } else { c.len_utf8() };
    }
    found
}

/// Days, whatever the order and the names of their parts; `1/3/1999` is in January.
pub(crate) fn dates(text: &str, _: Option<&'static Language>) -> Vec<Value> {
    let pieces = pieces(text);
    let days = pieces.windows(3).filter_map(|parts| {
        let [(first, start, first_end), (second, second_start, second_end), (third, third_start, end)] = *parts else {
            return None;
        };
        let gaps = (&text[first_end..second_start], &text[second_end..third_start]);
        let in_words = DATE_GAPS.contains(&gaps.0) && DATE_GAPS.contains(&gaps.1);
        let day = match (first, second, third) {
            (Piece::Number(month), Piece::Number(day), Piece::Number(year)) if gaps == ("/", "/") && year > 999 => {
                [year, month, day]
            }
            (Piece::Number(year), Piece::Number(month), Piece::Number(day))
                if matches!(gaps, ("-", "-") | ("年", "月") | ("년 ", "월 ")) && year > 999 =>
            {
                [year, month, day]
            }
            (Piece::Month(month), Piece::Number(day), Piece::Number(year))
            | (Piece::Number(day), Piece::Month(month), Piece::Number(year))
                if in_words && year > 999 =>
            {
                [year, month, day]
            }
            _ => return None,
        };
        let [year, month, day] = day.map(f64::from);
        Some(Value { amount: (year * 12.0 + month) * 31.0 + day, start, end })
    });
    days.collect()
}

/// A time of the day in minutes, and whether it says which half of the day it is in.
struct Time {
    minutes: u32,
    has_half: bool,
    start: usize,
    end: usize,
}

/// The time whose digits start at `at`.
fn time(text: &str, at: usize) -> Option<Time> {
    let number = |at: usize| {
        let len = text.as_bytes().get(at..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
        (1..=2).contains(&len).then(|| (text[at..at + len].parse::<u32>().ok().filter(|number| *number < 60), at + len))
    };
    let (hour, mut end) = number(at)?;
    let mut minutes = 60 * hour?;
    let has_minutes = text.as_bytes().get(end) == Some(&b':');
    if has_minutes {
        let (more, after_minutes) = number(end + 1)?;
        (minutes, end) = (minutes + more?, after_minutes);
    }
    let half = HALVES_BEFORE.iter().find(|(word, _)| text[..at].ends_with(word));
    let start = half.map_or(at, |(word, _)| at - word.len());
    let behind = word_at(text, end, &HALVES_BEHIND, |(word, _)| word);
    let hours = word_at(text, end, &HOURS, |word| word);
    end = behind.map(|(_, end)| end).or(hours.map(|(_, end)| end)).unwrap_or(end);
    let afternoon = half.or(behind.map(|(half, _)| half)).map(|(_, afternoon)| *afternoon);
    if afternoon.is_none() && hours.is_none() && !has_minutes {
        return None;
    }
    match afternoon {
        Some(true) if minutes < 720 => minutes += 720,
        Some(false) if minutes >= 720 => minutes -= 720,
        _ => {}
    }
    Some(Time { minutes, has_half: afternoon.is_some(), start, end })
}

fn times(text: &str) -> Vec<Time> {
    let mut found: Vec<Time> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let digits = text.as_bytes()[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let found_here = if digits > 0 { time(text, at) } else { None };
        at = found_here.as_ref().map_or(at + digits.max(1), |time| time.end);
        found.extend(found_here);
    }
    found
}

/// Spans of time within a day: "1 pm to 4 pm", 午後1時から4時.
pub(crate) fn spans(text: &str, _: Option<&'static Language>) -> Vec<Value> {
    let times = times(text);
    let pairs = times.windows(2).filter_map(|pair| {
        let [from, to] = pair else { return None };
        let gap = text.get(from.end..to.start)?.trim_matches(' ');
        let is_pair = is_among(&UNTIL, gap);
        // In "下午1点到6点" both are in the afternoon.
        let same_half = from.has_half && !to.has_half && from.minutes >= 720 && to.minutes < 720;
        let end = if same_half { to.minutes + 720 } else { to.minutes };
        let amount = f64::from(from.minutes * 1440 + end);
        is_pair.then_some(Value { amount, start: from.start, end: to.end })
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::{Find, amounts, dates, spans};

    /// What is found last.
    fn last(find: Find, text: &str) -> Option<f64> {
        find(text, None).last().map(|value| value.amount)
    }

    #[test]
    fn numbers_in_all_ways() {
        for (text, expected) in [
            ("1.2 million units", 1_200_000.0),
            ("12万人", 120_000.0),
            ("1万2千人", 12_000.0),
            ("32 万", 320_000.0),
            ("3.2×10^5 of them", 320_000.0),
            ("quince mil", 15_000.0),
            ("trois cent cinquante mille", 350_000.0),
            ("75 %", 0.75),
            ("tres cuartas partes", 0.75),
            ("three-quarters", 0.75),
            ("a quarter", 0.25),
            ("四分之一", 0.25),
            ("3/8", 0.375),
        ] {
            let found = last(amounts, text).expect("a number");
            assert!((found - expected).abs() < 1e-9 * expected, "{text}: {found}");
        }
    }

    #[test]
    fn dates_in_all_ways() {
        let day = last(dates, "01/03/1999");
        assert!(day.is_some());
        for text in [
            "January 3, 1999",
            "Jan 3rd, 1999",
            "3 January 1999",
            "3. januar 1999",
            "le 3 janvier 1999",
            "3 de enero de 1999",
            "1999年1月3日",
            "1999-01-03",
        ] {
            assert_eq!(last(dates, text), day, "{text}");
        }
        assert_eq!(last(dates, "3 of 1999 in January 3"), None);
    }

    #[test]
    fn spans_in_all_ways() {
        let span = last(spans, "1pm to 4pm");
        assert!(span.is_some());
        for text in
            ["between 1 pm and 4 pm", "下午1点到4点", "午後1時から午後4時まで", "13:00-16:00", "1:00 p.m. until 4 p.m."]
        {
            assert_eq!(last(spans, text), span, "{text}");
        }
        assert_eq!(last(spans, "1 to 4"), None);
    }
}
