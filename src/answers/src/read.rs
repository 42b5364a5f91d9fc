//! The order of evidence.

use std::ops::Range;

use crate::candidates::{self, Candidate, Form, Words};
use crate::characters::is_empty;
use crate::endings::Ending;
use crate::languages::Role;
use crate::phrases::{Event, Mark, Scanned, scan};
use crate::plain::Plain;
use crate::rule::Rule;
use crate::statements::{Commitment, Manner, commitment, is_label};
use crate::visible::{Visible, visible};
use crate::{finals, loose, marked, pairs, rows, sequences};

/// How many choices have letters.
const LETTERS: usize = 26;

/// The kind of answer that is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// One of several choices, by its letter or its text.
    Choice,
    /// `True` or `False`.
    Truth,
    /// `Yes` or `No`.
    YesOrNo,
    /// `valid` or `invalid`.
    Validity,
    /// `yes` or `no`, also said by plausible and not plausible.
    Plausibility,
    /// `Yes` or `No`, also said by telling the truth or not.
    Honesty,
    /// A number.
    Number,
    /// A sequence of brackets.
    Brackets,
    /// A sequence of words.
    Words,
}

impl Kind {
    /// The kinds by name.
    pub const NAMED: [(&str, Self); 9] = [
        ("choice", Self::Choice),
        ("truth", Self::Truth),
        ("yes or no", Self::YesOrNo),
        ("validity", Self::Validity),
        ("plausibility", Self::Plausibility),
        ("honesty", Self::Honesty),
        ("number", Self::Number),
        ("brackets", Self::Brackets),
        ("words", Self::Words),
    ];

    /// What stands for an answer, where that is a word, and how each is written.
    fn words(self) -> Option<(&'static Words, [&'static str; 2])> {
        let (words, values) = match self {
            Self::Truth => (&candidates::TRUTH, ["True", "False"]),
            Self::YesOrNo => (&candidates::YES_OR_NO, ["Yes", "No"]),
            Self::Validity => (&candidates::VALIDITY, ["valid", "invalid"]),
            Self::Plausibility => (&candidates::PLAUSIBILITY, ["yes", "no"]),
            Self::Honesty => (&candidates::HONESTY, ["Yes", "No"]),
            Self::Choice | Self::Number | Self::Brackets | Self::Words => return None,
        };
        Some((words.as_ref()?, values))
    }
}

/// What was asked.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The kind of answer.
    pub kind: Kind,
    /// How many choices there are; at most 26 of them have letters.
    pub number: usize,
    /// The texts of the choices, or the words to sort; empty if they are not known.
    pub texts: &'a [&'a str],
}

/// An answer, and why it is one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reading {
    /// A letter of a choice; `True`, `Yes` and so on; digits; brackets or words with a blank between them.
    pub answer: String,
    /// The rule by which it was found.
    pub rule: Rule,
    /// Where it stands, in bytes of the text.
    pub span: Range<usize>,
}

/// The answer that a person would read in `text`; `None` where a person would not know.
pub fn read(text: &str, asked: &Asked<'_>) -> Option<Reading> {
    if asked.kind == Kind::Choice
        && let Some(reading) = only_letter(text, asked.number)
    {
        return Some(reading);
    }
    let seen = visible(text);
    match asked.kind {
        Kind::Brackets | Kind::Words => read_sequence(text, &seen, asked),
        _ => read_candidate(text, &seen, asked).or_else(|| read_last_line(text, seen.unfinished?, asked)),
    }
}

/// The answer that ends the last line of reasoning whose end the model forgot to mark.
fn read_last_line(text: &str, reasoning: Range<usize>, asked: &Asked<'_>) -> Option<Reading> {
    let last = text[reasoning.clone()].trim_end().rfind('\n')?;
    let line = reasoning.start + last + 1..text.len();
    let seen = Visible { parts: Vec::from([line]), ..Visible::default() };
    read_candidate(text, &seen, asked).filter(|said| said.rule == Rule::Statement && is_empty(&text[said.span.end..]))
}

/// The letter that is all of a text, but for marks around it: most answers of models that were asked for no more.
fn only_letter(text: &str, number: usize) -> Option<Reading> {
    let is_mark = |byte: &u8| matches!(byte, b' ' | b'\n' | b'(' | b')' | b'.' | b'*' | b':' | b'"' | b'`');
    let bytes = text.as_bytes();
    if bytes.len() > 16 {
        return None;
    }
    let at = bytes.iter().position(|byte| !is_mark(byte))?;
    let value = usize::from(bytes[at].to_ascii_uppercase().wrapping_sub(b'A'));
    if !bytes[at].is_ascii_alphabetic() || value >= number || !bytes[at + 1..].iter().all(is_mark) {
        return None;
    }
    Some(Reading { answer: letter(value), rule: Rule::Alone, span: at..at + 1 })
}

fn letter(value: usize) -> String {
    char::from(b'A' + value as u8).to_string()
}

/// Candidates of a text, and how the answer that each stands for is written.
struct Found {
    candidates: Vec<Candidate>,
    numbers: Vec<String>,
}

fn find(plain: &Plain, scanned: &Scanned, source: &str, asked: &Asked<'_>) -> Found {
    if let Some((words, _)) = asked.kind.words() {
        return Found { candidates: words.find(&plain.text), numbers: Vec::new() };
    }
    if asked.kind == Kind::Number {
        let (candidates, numbers) = candidates::numbers(plain, source, scanned.language);
        return Found { candidates, numbers };
    }
    let number = asked.number.min(LETTERS);
    let mut letters = candidates::letters(plain, &scanned.letters, source, number);
    letters.retain(|letter| !is_label(&plain.text, letter));
    let places = candidates::places(&scanned.events, number);
    // "The first" is a statement where the choices say which statements are true.
    let places = if places.is_empty() || pairs::are_verdicts(asked.texts) { Vec::new() } else { places };
    let letters = merged(places, letters);
    let texts = &asked.texts[..asked.texts.len().min(LETTERS)];
    let texts = if texts.is_empty() { Vec::new() } else { candidates::texts(plain, texts, scanned.language) };
    Found { candidates: merged(letters, texts), numbers: Vec::new() }
}

/// Letters and texts of choices in order, without letters inside of texts.
fn merged(letters: Vec<Candidate>, texts: Vec<Candidate>) -> Vec<Candidate> {
    if texts.is_empty() {
        return letters;
    }
    if letters.is_empty() {
        return texts;
    }
    let mut all = Vec::with_capacity(letters.len() + texts.len());
    let mut texts = texts.into_iter().peekable();
    let mut end = 0;
    for letter in letters {
        while let Some(text) = texts.next_if(|text| text.start <= letter.start) {
            end = text.end;
            all.push(text);
        }
        if letter.start >= end {
            all.push(letter);
        }
    }
    all.extend(texts);
    all
}

fn answer(candidate: &Candidate, found: &Found, kind: Kind) -> String {
    match kind.words() {
        Some((_, values)) => values[candidate.value].to_owned(),
        None if kind == Kind::Number => found.numbers[candidate.value].clone(),
        None => letter(candidate.value),
    }
}

fn read_candidate(text: &str, seen: &Visible, asked: &Asked<'_>) -> Option<Reading> {
    let boxed = marked::contents(text, seen).into_iter().find_map(|content| read_mark(text, content, asked));
    let plain = Plain::of(text, &seen.parts);
    let scanned = scan(&plain.text);
    let events = &scanned.events;
    if let Some(boxed) = &boxed
        && !retracts(&plain, events, boxed.span.end)
    {
        return Some(boxed.clone());
    }
    let found = find(&plain, &scanned, text, asked);
    let manner = Manner {
        lettered: asked.kind == Kind::Choice,
        choices: if asked.kind == Kind::Choice { asked.number.min(LETTERS) } else { 0 },
        calculated: matches!(asked.kind, Kind::Number | Kind::Truth),
        last_counts: asked.kind != Kind::Choice,
        worded: asked.kind.words().is_some(),
    };
    let said = commitment(&plain.text, events, &found.candidates, manner);
    let row = if manner.lettered { rows::only_right(&plain.text, &found.candidates) } else { None };
    let row = row.filter(|(_, end)| said.as_ref().is_none_or(|said| said.candidate.start < *end));
    let row = row.map(|(candidate, _)| Commitment { candidate, rule: Rule::Statement });
    let said = row.or(said);
    let said = if manner.lettered { said_in_words(said, &plain, &scanned, asked.texts) } else { said };
    let said = said.map(|said| Reading {
        answer: answer(&said.candidate, &found, asked.kind),
        rule: said.rule,
        span: plain.span(text, said.candidate.start..said.candidate.end),
    });
    match boxed {
        Some(boxed) => said.filter(|said| said.span.start > boxed.span.end).or(Some(boxed)),
        None => said,
    }
}

/// What a text says in words of its own, where it commits itself to no choice as that is written.
fn said_in_words(said: Option<Commitment>, plain: &Plain, scanned: &Scanned, choices: &[&str]) -> Option<Commitment> {
    if choices.is_empty() || said.as_ref().is_some_and(|said| said.rule != Rule::Mention) {
        return said;
    }
    let committed = |rule| move |candidate| Commitment { candidate, rule };
    if let Some(judged) = pairs::judged(plain, choices) {
        return Some(committed(Rule::Statement)(judged));
    }
    let ending = Ending::of(&plain.text, &scanned.events);
    let value = ending.as_ref().and_then(|ending| finals::final_value(plain, ending, choices, scanned.language));
    let in_the_end = || {
        let ending = ending.as_ref()?;
        pairs::summed_up(plain, ending, choices).or_else(|| loose::concluded(plain, ending, choices))
    };
    let in_words = || pairs::called(plain, choices).or_else(in_the_end).map(committed(Rule::Mention));
    value.map(committed(Rule::Mention)).or(said).or_else(in_words)
}

/// Whether something is taken back after `at`.
fn retracts(plain: &Plain, events: &[Event], at: usize) -> bool {
    let mut later = events.iter().rev().take_while(|event| plain.origin(event.start) >= at);
    later.any(|event| event.mark == Mark::Phrase(Role::Retract))
}

/// The answer that a mark holds.
fn read_mark(text: &str, content: Range<usize>, asked: &Asked<'_>) -> Option<Reading> {
    let plain = Plain::of(text, &[content]);
    let found = find(&plain, &scan(&plain.text), text, asked);
    let whole =
        |candidate: &&Candidate| is_empty(&plain.text[..candidate.start]) && is_empty(&plain.text[candidate.end..]);
    let candidates = &found.candidates;
    let candidate = candidates.iter().find(whole).or_else(|| {
        // A letter with the text of its choice, a number with its unit.
        let first = candidates.first()?;
        let one = candidates
            .iter()
            .all(|other| other.value == first.value || asked.kind == Kind::Choice && is_text(other) && !is_text(first));
        (one && !is_text_inside(first, &plain)).then_some(first)
    });
    candidate.map(|candidate| Reading {
        answer: answer(candidate, &found, asked.kind),
        rule: Rule::Marked,
        span: plain.span(text, candidate.start..candidate.end),
    })
}

fn is_text(candidate: &Candidate) -> bool {
    matches!(candidate.form, Form::Text | Form::Bare)
}

/// Whether a small letter or an article stands in the middle of other words.
fn is_text_inside(candidate: &Candidate, plain: &Plain) -> bool {
    !is_text(candidate)
        && (!is_empty(&plain.text[..candidate.start])
            && candidate.form != Form::Wrapped
            && candidate.form != Form::Upper
            || candidate.form == Form::Lower)
}

fn read_sequence(text: &str, seen: &Visible, asked: &Asked<'_>) -> Option<Reading> {
    let brackets = asked.kind == Kind::Brackets;
    let at = |place: usize, end: usize| {
        if brackets {
            sequences::brackets(&text[..end], place)
        } else {
            sequences::words(&text[..end], place, asked.texts)
        }
    };
    for content in marked::contents(text, seen) {
        if let Some((answer, span)) = at(content.start, content.end) {
            return Some(Reading { answer, rule: Rule::Marked, span });
        }
    }
    let plain = Plain::of(text, &seen.parts);
    let events = scan(&plain.text).events;
    let last = seen.parts.last()?;
    if let Some(place) = sequences::announced(&plain, text, &events) {
        let part = seen.parts.iter().find(|part| part.contains(&place) || part.end == place)?;
        if let Some((answer, span)) = at(place, part.end) {
            return Some(Reading { answer, rule: Rule::Statement, span });
        }
    }
    if events.iter().any(|event| event.mark == Mark::Phrase(Role::Refuse)) {
        return None;
    }
    let part = &text[last.clone()];
    let found = if brackets { sequences::last_brackets(part) } else { sequences::last_words(part, asked.texts) };
    found.map(|(answer, span)| Reading {
        answer,
        rule: Rule::Alone,
        span: last.start + span.start..last.start + span.end,
    })
}

#[cfg(test)]
mod tests {
    use super::{Asked, Kind, Rule, read};

    fn answer(text: &str, kind: Kind, texts: &[&str]) -> Option<String> {
        let number = if texts.is_empty() { 4 } else { texts.len() };
        read(text, &Asked { kind, number, texts }).map(|reading| reading.answer)
    }

    #[test]
    fn choices() {
        for (text, texts, expected) in [
            ("b)", &[][..], Some("B")),
            ("The answer is **B**.", &[], Some("B")),
            ("(A) is wrong. So the answer is (C).", &[], Some("C")),
            ("Die Antwort ist A. Nein, doch B.", &[], Some("B")),
            ("either A or B", &[], None),
            ("Is it A?", &[], None),
            ("A. red\nB. blue", &[], None),
            ("1000", &["10", "1000"], Some("B")),
            ("A – no, B – no, C – yes", &[], Some("C")),
            ("❌ A. red\n✅ B. blue", &[], Some("B")),
            ("A, B and D are false.", &[], Some("C")),
            ("If it rains, the answer is A; otherwise it is B.", &[], None),
            ("Under the old test, answer A is right. Under the new test, answer B is right.", &[], None),
            ("The second option.", &[], Some("B")),
            ("正解はAではなくDです。", &[], Some("D")),
            ("The sum is 30, up from 10.", &["10", "30"], Some("B")),
            ("5", &["5 km", "50 km"], Some("A")),
            (r"The value is $\boxed{\dfrac{\pi}{2}}$.", &["$\\pi/4$", "$\\pi/2$"], Some("B")),
            ("So we get 0.375.", &["1/2", "3/8"], Some("B")),
            ("We know that a = 10 / 4 = 2.5 m/s².", &["2 m/s^2", "2.5 m/s^2"], Some("B")),
            (
                "Statement 1 is true, but statement 2 is false.",
                &["True, False", "False, True", "False, False"],
                Some("A"),
            ),
            ("A is about oaks, B about firs, C about elms. Only one option is left.", &[], Some("D")),
            ("The answer is A. The other options, B and C, are wrong.", &[], Some("A")),
            ("So it is iron. Could you send me the full question?", &["iron", "copper"], None),
            ("The capital is Canberra. Sydney is larger.", &["Sydney", "Canberra"], Some("B")),
            ("B is right in the north and A is right in the south.", &[], None),
        ] {
            assert_eq!(answer(text, Kind::Choice, texts).as_deref(), expected, "{text}");
        }
        let many = ["xy"; 300];
        assert_eq!(answer("The answer is xy.", Kind::Choice, &many), None);
    }

    #[test]
    fn other_kinds() {
        for (text, kind, expected) in [
            ("So the answer is 1,024.", Kind::Number, Some("1024")),
            ("2 + 3 = 5.", Kind::Number, Some("5")),
            ("Das ergibt 3.500.", Kind::Number, Some("3500")),
            ("Do we return? Yes, we do.", Kind::YesOrNo, Some("Yes")),
            ("You do not return to the starting point.", Kind::YesOrNo, Some("No")),
            (r"\boxed{> \}}", Kind::Brackets, Some("> }")),
            ("Yes, it is.", Kind::YesOrNo, Some("Yes")),
            ("not (True) is False", Kind::Truth, Some("False")),
            ("The missing brackets are: `] }`", Kind::Brackets, Some("] }")),
            ("The answer is: oak, and pine.", Kind::Words, Some("oak pine")),
            ("Sorted list:\n\noak\npine", Kind::Words, Some("oak pine")),
            ("En total hay veintiún muebles.", Kind::Number, Some("21")),
            ("First 2 + 2 = 4. Then B = (", Kind::Number, None),
        ] {
            assert_eq!(answer(text, kind, &[]).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn rules_and_spans() {
        for (text, rule, piece) in [
            (r"x \boxed{B} y", Rule::Marked, "B"),
            ("The answer is Ⓑ.", Rule::Statement, "Ⓑ"),
            ("**B**", Rule::Alone, "B"),
            ("Perhaps it is B.", Rule::Mention, "B"),
        ] {
            let reading = read(text, &Asked { kind: Kind::Choice, number: 4, texts: &[] }).expect(text);
            assert_eq!((reading.rule, &text[reading.span]), (rule, piece), "{text}");
        }
    }
}
