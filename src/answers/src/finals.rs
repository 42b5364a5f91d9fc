//! The value that a text comes to in its last sentence, where just one choice is of that value.

use crate::candidates::{Candidate, Form};
use crate::characters::is_among;
use crate::endings::{Ending, denies};
use crate::languages::quantities::ONE;
use crate::languages::{Language, Role};
use crate::plain::Plain;
use crate::values::{Find, Value, amounts, dates, spans};

/// Longer words behind a number are no unit.
const LONGEST_UNIT: usize = 24;

/// What all choices are, and their values.
struct Valued {
    find: Find,
    values: Vec<Value>,
}

impl Valued {
    /// Reads each choice as one value with a unit at most, all of one kind and all different.
    fn read(choices: &[&str], language: Option<&'static Language>) -> Option<Self> {
        let plain: Vec<String> = choices.iter().map(|choice| Plain::whole(choice).text).collect();
        [dates as Find, spans, amounts].into_iter().find_map(|find| {
            let values = plain.iter().map(|choice| only_value(choice, find, language)).collect::<Option<Vec<_>>>()?;
            let distinct =
                |(number, value): (usize, &Value)| !values[..number].iter().any(|other| other.is_same(value));
            values.iter().enumerate().all(distinct).then_some(Self { find, values })
        })
    }
}

/// The only value of a choice that has nothing but a unit beside it, or the name of what it is: `x = 3`.
fn only_value(choice: &str, find: Find, language: Option<&'static Language>) -> Option<Value> {
    const APPROXIMATELY: [&str; 8] = ["about", "approximately", "around", "environ", "etwa", "ca.", "约", "約"];
    if is_among(&ONE, choice) {
        return Some(Value { amount: 1.0, start: 0, end: choice.len() });
    }
    let [value] = find(choice, language)[..] else { return None };
    let before = choice[..value.start].trim_end();
    let unit = &choice[value.end..];
    let named = before.is_empty() || before.ends_with('=') || is_among(&APPROXIMATELY, before);
    (named && is_unit(unit)).then_some(value)
}

fn is_unit(text: &str) -> bool {
    text.len() <= LONGEST_UNIT && !text.contains(|c: char| c.is_ascii_digit() || "+*×÷".contains(c))
}

/// The only choice of the value that the last sentence comes to.
pub(crate) fn final_value(
    plain: &Plain,
    ending: &Ending<'_>,
    choices: &[&str],
    language: Option<&'static Language>,
) -> Option<Candidate> {
    let text = &plain.text;
    let valued = Valued::read(choices, language)?;
    let inside = |value: &Value| value.end > ending.stretch.start && value.start < ending.stretch.end;
    let said: Vec<Value> = (valued.find)(text, language).into_iter().filter(inside).collect();
    let (last, others) = said.split_last()?;
    if !comes_to(text, ending, last, others, &valued) {
        return None;
    }
    let value = valued.values.iter().position(|value| value.is_same(last))?;
    Some(Candidate { value, form: Form::Text, start: last.start, end: last.end })
}

/// Whether a sentence comes to its last value, and the others are only on the way to it.
fn comes_to(text: &str, ending: &Ending, last: &Value, others: &[Value], valued: &Valued) -> bool {
    let from = others.last().map_or(ending.stretch.start, |other| other.end);
    let gap = text.get(from..last.start).unwrap_or_default();
    if ending.roles_in(from..ending.stretch.end).any(denies) || !others.is_empty() && is_joint(gap) {
        return false;
    }
    let is_result = gap.trim_end().ends_with('=');
    // The day of "3. Januar" ends no sentence, though it looks so.
    let is_cut = last.start < ending.stretch.start;
    let is_stated = is_result || is_cut || ending.roles_in(ending.stretch.start..last.start).any(states);
    let concludes = is_result || ending.roles_in(from..last.start).any(|role| role == Role::Conclude);
    let is_other = |value: &Value| valued.values.iter().any(|choice| choice.is_same(value) && !choice.is_same(last));
    let ends = text.get(last.end..ending.stretch.end).is_none_or(is_unit);
    let is_whole = ending.is_whole && (ends || others.is_empty()) || ends && is_result;
    is_stated && is_whole && (concludes || !others.iter().any(is_other))
}

/// Whether two values only stand side by side: "12 or 13", "from 12 to 13".
fn is_joint(gap: &str) -> bool {
    const SHORT: usize = 6;
    gap.len() <= SHORT && !gap.contains(['=', '.'])
}

/// Whether a phrase says of something what it comes to.
fn states(role: Role) -> bool {
    matches!(
        role,
        Role::Conclude | Role::Copula | Role::Announce | Role::Choose | Role::Point | Role::Only | Role::Affirm
    )
}

#[cfg(test)]
mod tests {
    use super::final_value;
    use crate::endings::Ending;
    use crate::phrases::scan;
    use crate::plain::Plain;

    fn value(text: &str, choices: &[&str]) -> Option<usize> {
        let plain = Plain::whole(text);
        let scanned = scan(&plain.text);
        let ending = Ending::of(&plain.text, &scanned.events)?;
        final_value(&plain, &ending, choices, scanned.language).map(|found| found.value)
    }

    #[test]
    fn what_texts_come_to() {
        let numbers = ["1,200", "12,000", "120,000", "1,200,000"];
        for (text, expected) in [
            ("300 × 400 = 120,000", Some(2)),
            ("In all that gives 1.2 million units.", Some(3)),
            ("There are 12,000 of them or 120,000.", None),
            ("300 × 400 = 120,000 + 5", None),
            ("It comes to 13,000.", None),
            ("First there are 12,000, and then", None),
        ] {
            assert_eq!(value(text, &numbers), expected, "{text}");
        }
        assert_eq!(value("Tomorrow is January 3, 2008.", &["01/02/2008", "01/03/2008"]), Some(1));
        assert_eq!(value("It is 14 plums.", &["14 plums", "many plums"]), None);
        assert_eq!(value("So that is three.", &["one", "two", "three"]), Some(2));
    }
}
