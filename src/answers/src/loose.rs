//! A conclusion that says what a choice says in the same words, but in another order or with other words between them.

use crate::candidates::{Candidate, Form};
use crate::characters::is_word;
use crate::endings::Ending;
use crate::languages::ARTICLES;
use crate::plain::Plain;

/// The words of a text that are no articles, in lower case. In Japanese they are written in Chinese characters or in
/// katakana, and what joins them is not.
fn words(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut last = Script::Joining;
    for c in text.chars() {
        let script = script(c);
        match found.last_mut() {
            _ if script == Script::Joining => {}
            Some(word) if script == last => word.push(c.to_ascii_lowercase()),
            _ => found.push(c.to_ascii_lowercase().into()),
        }
        last = script;
    }
    found.retain(|word| !is_small(word));
    found
}

/// What words are written in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Letters,
    Katakana,
    Chinese,
    Joining,
}

fn script(c: char) -> Script {
    match u32::from(c) {
        _ if is_word(c) => Script::Letters,
        0x30A1..=0x30FF => Script::Katakana,
        0x3400..=0x9FFF => Script::Chinese,
        _ => Script::Joining,
    }
}

/// Whether a word is an article, or only joins others.
fn is_small(word: &str) -> bool {
    const SMALL: [&str; 14] =
        ["is", "are", "was", "be", "ist", "sind", "es", "son", "est", "sont", "è", "sono", "é", "são"];
    SMALL.contains(&word) || ARTICLES.iter().any(|article| article.trim_end() == word)
}

/// Whether two words are forms of one: "Rabe", "Raben".
fn is_alike(one: &str, other: &str) -> bool {
    const ENDING: usize = 2;
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    one == other || short.len() > ENDING + 1 && long.len() - short.len() <= ENDING && long.starts_with(short)
}

/// The place of the only one of `choices` whose words are all said.
fn only_said(choices: &[&[String]], said: &[String]) -> Option<usize> {
    let is_said = |word: &String| said.iter().any(|other| is_alike(word, other));
    let mut found =
        (0..choices.len()).filter(|&value| !choices[value].is_empty() && choices[value].iter().all(is_said));
    found.next().filter(|_| found.next().is_none())
}

/// What tells choices apart that are sentences with the same beginning and the same end, and otherwise nothing.
fn differences(choices: &[Vec<String>]) -> Option<Vec<&[String]>> {
    let sentences = || choices.iter().filter(|words| words.len() > 1);
    let first = sentences().next()?;
    let shared = |same: &dyn Fn(&[String]) -> usize| sentences().map(|words| same(words)).min().unwrap_or(0);
    let start = shared(&|words| words.iter().zip(first).take_while(|(one, other)| one == other).count());
    let end =
        shared(&|words| words.iter().rev().zip(first.iter().rev()).take_while(|(one, other)| one == other).count());
    let own = |words: &'_ [String]| words.len() > start + end;
    let several = sentences().count() > 1 && start + end > 0 && sentences().all(|words| own(words));
    let difference = |words| if own(words) && words.len() > 1 { &words[start..words.len() - end] } else { &[] };
    several.then(|| choices.iter().map(|words| difference(&words[..])).collect())
}

/// The only choice that the last sentence comes to, in words of its own.
pub(crate) fn concluded(plain: &Plain, ending: &Ending<'_>, choices: &[&str]) -> Option<Candidate> {
    if !ending.is_whole || ending.is_doubtful() {
        return None;
    }
    let start = ending.stretch.start;
    let end = ending.reason();
    let said = words(&plain.text[start..end]);
    let named: Vec<Vec<String>> = choices.iter().map(|choice| words(&Plain::whole(choice).text)).collect();
    let sentences: Vec<&[String]> = named.iter().map(|words| if words.len() > 1 { &words[..] } else { &[] }).collect();
    let by_all = only_said(&sentences, &said).filter(|_| ending.concludes() || start > 0);
    let by_difference = || only_said(&differences(&named)?, &said).filter(|_| ending.concludes());
    let value = by_all.or_else(by_difference)?;
    Some(Candidate { value, form: Form::Text, start, end })
}

#[cfg(test)]
mod tests {
    use super::concluded;
    use crate::endings::Ending;
    use crate::phrases::scan;
    use crate::plain::Plain;

    #[test]
    fn conclusions_in_other_words() {
        let choices = ["The owl sits on the left", "The raven sits on the left", "The raven sits on the right"];
        for (text, expected) in [
            ("We go on. So on the left sits the raven.", Some(1)),
            ("So on the left does not sit the raven.", None),
            ("So on the left sits the raven or the owl.", None),
            ("On the left sits the raven.", None),
            ("There is a row. On the left sits the raven.", Some(1)),
            ("So on the left sits the raven and", None),
            ("So the raven sits somewhere.", None),
        ] {
            let plain = Plain::whole(text);
            let events = scan(&plain.text).events;
            let found = Ending::of(&plain.text, &events).and_then(|ending| concluded(&plain, &ending, &choices));
            assert_eq!(found.map(|found| found.value), expected, "{text}");
        }
    }

    #[test]
    fn what_tells_choices_apart() {
        for (choices, text, expected) in [
            (["The cook was tired", "The waiter was tired", "Ambiguous"], "So they means the waiter.", Some(1)),
            (["The cook was tired", "The waiter was tired", "Ambiguous"], "So they means the owner.", None),
            (["アンが最下位", "カイが最下位", "エミが最下位"], "順に並べます。最下位はカイです。", Some(1)),
        ] {
            let plain = Plain::whole(text);
            let events = scan(&plain.text).events;
            let found = Ending::of(&plain.text, &events).and_then(|ending| concluded(&plain, &ending, &choices));
            assert_eq!(found.map(|found| found.value), expected, "{text}");
        }
    }
}
