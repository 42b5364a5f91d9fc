//! A conclusion that says what a choice says in the same words, but in another order or with other words between them.

use std::ops::Range;

use crate::candidates::{Candidate, Form};
use crate::characters::is_word;
use crate::endings::Ending;
use crate::languages::ARTICLES;
use crate::phrases::Event;
use crate::plain::Plain;

/// The words of a text that are no articles, in lower case.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|c| !is_word(c)).filter(|word| !word.is_empty()).map(str::to_ascii_lowercase);
    words.filter(|word| !is_small(word)).collect()
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

/// The only choice whose words are all in the last sentence, if that is a conclusion.
pub(crate) fn concluded(plain: &Plain, events: &[Event], choices: &[&str]) -> Option<Candidate> {
    let ending = Ending::of(&plain.text, events)?;
    if !ending.is_whole || !ending.concludes() || ending.is_doubtful() {
        return None;
    }
    let sentence = ending.stretch;
    let said = words(&plain.text[sentence.clone()]);
    let is_said = |word: &String| said.iter().any(|other| is_alike(word, other));
    let named: Vec<Vec<String>> = choices.iter().map(|choice| words(&Plain::whole(choice).text)).collect();
    let mut found = (0..named.len()).filter(|&value| named[value].len() > 1 && named[value].iter().all(is_said));
    let value = found.next().filter(|_| found.next().is_none())?;
    let Range { start, end } = sentence;
    Some(Candidate { value, form: Form::Text, start, end })
}

#[cfg(test)]
mod tests {
    use super::concluded;
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
            ("So on the left sits the raven and", None),
            ("So the raven sits somewhere.", None),
        ] {
            let plain = Plain::whole(text);
            let found = concluded(&plain, &scan(&plain.text).events, &choices);
            assert_eq!(found.map(|found| found.value), expected, "{text}");
        }
    }
}
