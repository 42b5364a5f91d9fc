//! Choices that say of two or three statements which of them are true: "True, False", "I only", "Both are wrong".

use std::ops::Range;
use std::sync::LazyLock;

use crate::candidates::{Candidate, Form, Words};
use crate::characters::{is_among, is_line_start, is_word};
use crate::endings::Ending;
use crate::languages::quantities::ONE;
use crate::languages::verdicts::BEHIND_STATEMENTS;
use crate::plain::Plain;
use crate::values::amounts;

/// What a word says in a verdict on statements.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Token {
    True,
    False,
    /// One of the statements.
    Statement(usize),
    Only,
    Both,
    /// All three.
    All,
    Neither,
    /// Turns the next truth into the opposite.
    Not,
    /// A sentence or a line ends.
    End,
}

/// What the words of each list say.
const TOKENS: [Token; 10] = [
    Token::True,
    Token::False,
    Token::Statement(0),
    Token::Statement(1),
    Token::Statement(2),
    Token::Only,
    Token::Both,
    Token::All,
    Token::Neither,
    Token::Not,
];

static WORDS: LazyLock<Option<Words>> = LazyLock::new(|| {
    use crate::languages::verdicts::{ALL, BOTH, FALSE, FIRST, NEITHER, NOT, ONLY, SECOND, THIRD, TRUE};
    Words::new(&[&TRUE, &FALSE, &FIRST, &SECOND, &THIRD, &ONLY, &BOTH, &ALL, &NEITHER, &NOT])
});

/// The most statements.
const MOST: usize = 3;

/// Whether each of the statements is true.
type Verdict = [Option<bool>; MOST];

/// The words of verdicts in a text, with the ends of its sentences, in order.
fn tokens(text: &str) -> Vec<(Token, Candidate)> {
    let Some(words) = WORDS.as_ref() else { return Vec::new() };
    let named = words.find(text).into_iter().filter(|word| stands_for_statement(text, word));
    let mut found: Vec<(Token, Candidate)> = named.map(|word| (TOKENS[word.value], word)).collect();
    let is_end = |&(at, c): &(usize, char)| {
        c == '\n' || matches!(c, '.' | ';' | '!' | '?') && text[at + 1..].starts_with([' ', '\n'])
    };
    let ends = text.char_indices().filter(is_end);
    found.extend(ends.map(|(at, _)| (Token::End, Candidate { value: 0, form: Form::Text, start: at, end: at + 1 })));
    found.sort_by_key(|(_, word)| word.start);
    found
}

/// Whether a word names a statement, where it may be a pronoun or any number as well.
fn stands_for_statement(text: &str, word: &Candidate) -> bool {
    let rest = &text[word.end..];
    match &text[word.start..word.end] {
        "i" | "I" | "1" | "2" | "3" => {
            let heads_line = rest.starts_with(". ") && is_line_start(text, word.start);
            let calculated = text[..word.start].ends_with(['-', '+', '*', '/', '^', '=', '.', ',']);
            !calculated
                && (rest.is_empty() || heads_line || BEHIND_STATEMENTS.iter().any(|next| rest.starts_with(next)))
        }
        _ => true,
    }
}

/// A sentence's verdicts and what they need from the sentences before.
struct Judge {
    /// How many statements there are.
    number: usize,
    verdict: Verdict,
    /// Said of a statement in later sentences than the one that names it.
    later: Verdict,
    /// The statement that was named last.
    current: Option<usize>,
    /// Where the last word of a verdict stands.
    last: Option<Candidate>,
}

/// The truths that a sentence names, where `not` turns one into the opposite.
fn without_not(sentence: &[(Token, Candidate)]) -> Vec<(Token, Candidate)> {
    let mut kept: Vec<(Token, Candidate)> = Vec::with_capacity(sentence.len());
    for (token, word) in sentence {
        let negated = kept.pop_if(|(before, _)| *before == Token::Not).is_some();
        let token = match token {
            Token::True if negated => Token::False,
            Token::False if negated => Token::True,
            token => *token,
        };
        kept.push((token, *word));
    }
    kept.retain(|(token, _)| *token != Token::Not);
    kept
}

impl Judge {
    fn read(text: &str, number: usize) -> Self {
        let mut judge = Self { number, verdict: [None; MOST], later: [None; MOST], current: None, last: None };
        for sentence in tokens(text).split(|(token, _)| *token == Token::End) {
            judge.sentence(&without_not(sentence));
        }
        judge
    }

    fn sentence(&mut self, sentence: &[(Token, Candidate)]) {
        let truth = |token: &Token| match token {
            Token::True => Some(true),
            Token::False => Some(false),
            _ => None,
        };
        let statement = |token: &Token| if let Token::Statement(number) = token { Some(*number) } else { None };
        let tokens: Vec<Token> = sentence.iter().map(|(token, _)| *token).collect();
        let truths: Vec<bool> = tokens.iter().filter_map(truth).collect();
        let named: Vec<usize> = tokens.iter().filter_map(statement).filter(|named| *named < self.number).collect();
        let is_summed_up = tokens.contains(&whole(self.number));
        if let (false, Some((_, last))) = (truths.is_empty() && !tokens.contains(&Token::Only), sentence.last()) {
            self.last = Some(*last);
        }
        let named_bits = named.iter().fold(0, |bits, number| bits | 1 << number);
        let is_part = u32::count_ones(named_bits) < self.number as u32;
        match (&named[..], &truths[..]) {
            ([], [first, second]) if tokens == [Token::True, Token::False] || tokens == [Token::False, Token::True] => {
                self.verdict = [Some(*first), Some(*second), None];
            }
            ([], [_, ..]) if tokens.contains(&Token::Neither) => self.verdict = [Some(false); MOST],
            ([], [all, ..]) if is_summed_up => self.verdict = [Some(*all); MOST],
            ([], [.., last]) => {
                if let Some(current) = self.current {
                    self.later[current] = Some(*last);
                }
            }
            (_, []) if tokens.contains(&Token::Neither) => {}
            (_, _) if tokens.contains(&Token::Only) && is_part && !named.is_empty() => {
                let holds = truths.first().copied().unwrap_or(true);
                self.verdict = std::array::from_fn(|number| Some(holds == (named_bits >> number & 1 == 1)));
            }
            ([.., last], []) => self.current = Some(*last),
            ([.., last], _) => {
                self.each(&tokens, &truths);
                self.current = Some(*last);
            }
            ([], []) => {}
        }
    }

    /// Each statement with the truth that stands behind it; before it in "true for the first, false for the second".
    fn each(&mut self, tokens: &[Token], truths: &[bool]) {
        let statements = tokens.iter().filter(|token| matches!(token, Token::Statement(_))).count();
        let backwards = truths.len() == statements
            && matches!(tokens.first(), Some(Token::True | Token::False))
            && matches!(tokens.last(), Some(Token::Statement(_)));
        let ordered: Vec<Token> = if backwards { tokens.iter().rev().copied().collect() } else { tokens.to_vec() };
        let mut open: Vec<usize> = Vec::new();
        let mut judged = false;
        for token in ordered {
            match token {
                Token::Statement(number) => {
                    if std::mem::take(&mut judged) {
                        open.clear();
                    }
                    open.push(number);
                }
                Token::True | Token::False if !judged => {
                    open.iter().for_each(|&number| self.verdict[number] = Some(token == Token::True));
                    judged = true;
                }
                _ => {}
            }
        }
    }

    fn verdict(&self) -> Option<Vec<bool>> {
        (0..self.number).map(|number| self.verdict[number].or(self.later[number])).collect()
    }
}

/// What speaks of all the statements.
fn whole(number: usize) -> Token {
    if number == MOST { Token::All } else { Token::Both }
}

/// What a choice says of so many statements.
fn said(tokens: &[Token], number: usize) -> Option<Vec<bool>> {
    let has = |token| tokens.contains(&token);
    let named: Vec<bool> = (0..number).map(|number| has(Token::Statement(number))).collect();
    let truths: Vec<bool> =
        tokens.iter().filter(|token| matches!(token, Token::True | Token::False)).map(|t| *t == Token::True).collect();
    match truths[..] {
        _ if truths.len() == number => Some(truths),
        [] | [_] if has(Token::Neither) => Some(vec![false; number]),
        [] | [_] if named.contains(&true) || has(whole(number)) => {
            let holds = truths.first().copied().unwrap_or(true);
            let all = !named.contains(&true);
            Some(named.into_iter().map(|named| holds == (named || all)).collect())
        }
        _ => None,
    }
}

/// The words of verdicts in a choice.
fn words_of(choice: &str) -> Vec<Token> {
    without_not(&tokens(&Plain::whole(choice).text)).into_iter().map(|(token, _)| token).collect()
}

/// What each choice says of the statements, if all of them do and each says another thing.
fn verdicts(choices: &[&str]) -> Option<Vec<Vec<bool>>> {
    let words: Vec<Vec<Token>> = choices.iter().map(|choice| words_of(choice)).collect();
    let three = words.iter().flatten().any(|token| matches!(token, Token::Statement(2) | Token::All));
    let number = if three { MOST } else { MOST - 1 };
    let said: Vec<Vec<bool>> = words.iter().map(|words| said(words, number)).collect::<Option<_>>()?;
    let distinct = said.iter().enumerate().all(|(number, one)| !said[..number].contains(one));
    (said.len() > 2 && distinct).then_some(said)
}

/// Whether the choices say which of several statements are true.
pub(crate) fn are_verdicts(choices: &[&str]) -> bool {
    verdicts(choices).is_some()
}

/// How many statements each choice says to be true, if all of them say so in words.
fn counts(choices: &[&str]) -> Option<Vec<usize>> {
    let count = |choice: &&str| {
        let text = Plain::whole(choice).text;
        let first = text.split(|c| !is_word(c)).next().unwrap_or_default();
        match amounts(&text, None)[..] {
            _ if words_of(choice).contains(&Token::Neither) => Some(0),
            [value] => Some(value.amount as usize),
            [] if is_among(&ONE, first) => Some(1),
            _ => None,
        }
    };
    let counts: Vec<usize> = choices.iter().map(count).collect::<Option<_>>()?;
    let in_words = choices.iter().any(|choice| words_of(choice).iter().any(is_sum));
    let distinct = counts.iter().enumerate().all(|(number, count)| !counts[..number].contains(count));
    let most = counts.iter().max().is_some_and(|most| (2..=MOST).contains(most));
    (in_words && distinct && most).then_some(counts)
}

/// The choice that says what a text says of the statements, and where it says so last.
pub(crate) fn judged(plain: &Plain, choices: &[&str]) -> Option<Candidate> {
    let (value, judge) = match verdicts(choices) {
        Some(said) => {
            let judge = Judge::read(&plain.text, said[0].len());
            let verdict = judge.verdict()?;
            (said.iter().position(|one| *one == verdict)?, judge)
        }
        None => {
            let counts = counts(choices)?;
            let judge = Judge::read(&plain.text, *counts.iter().max()?);
            let right = judge.verdict()?.into_iter().filter(|right| *right).count();
            (counts.iter().position(|count| *count == right)?, judge)
        }
    };
    judge.last.map(|last| Candidate { value, ..last })
}

/// Whether a word says how many of several it is.
fn is_sum(token: &Token) -> bool {
    matches!(token, Token::Both | Token::All | Token::Neither | Token::Only)
}

/// What a text says of a statement, if it says nothing else.
pub(crate) fn truth(text: &str) -> Option<bool> {
    match tokens(text)[..] {
        [(token @ (Token::True | Token::False), word)] if word.end - word.start == text.len() => {
            Some(token == Token::True)
        }
        _ => None,
    }
}

/// Which of true and false the first sentence of a text says, where these are the choices.
pub(crate) fn called(plain: &Plain, choices: &[&str]) -> Option<Candidate> {
    let words: Vec<Option<bool>> = choices.iter().map(|choice| truth(&Plain::whole(choice).text)).collect();
    if !matches!(words[..], [Some(one), Some(other)] if one != other) {
        return None;
    }
    let tokens = tokens(&plain.text);
    let first = without_not(tokens.split(|(token, _)| *token == Token::End).next()?);
    let [(token @ (Token::True | Token::False), word)] = first[..] else { return None };
    let value = words.iter().position(|word| *word == Some(token == Token::True))?;
    Some(Candidate { value, ..word })
}

/// The choice that names both of two, or neither, where the last sentence does so.
pub(crate) fn summed_up(plain: &Plain, ending: &Ending<'_>, choices: &[&str]) -> Option<Candidate> {
    let Range { start, end } = ending.stretch;
    let said = tokens(&plain.text[start..end]).into_iter().map(|(token, _)| token).filter(is_sum);
    let [sum @ (Token::Both | Token::Neither)] = said.collect::<Vec<_>>()[..] else { return None };
    // "Let us look at both" comes to nothing.
    if !ending.is_whole || sum == Token::Both && !ending.concludes() {
        return None;
    }
    let words: Vec<Vec<Token>> = choices.iter().map(|choice| words_of(choice)).collect();
    let all_sum = words.iter().all(|words| words.iter().any(is_sum));
    let mut same = (0..words.len()).filter(|&value| words[value].contains(&sum));
    let value = same.next().filter(|_| all_sum && same.next().is_none())?;
    Some(Candidate { value, form: Form::Text, start, end })
}

#[cfg(test)]
mod tests {
    use super::{called, judged, said, summed_up, words_of};
    use crate::endings::Ending;
    use crate::phrases::scan;
    use crate::plain::Plain;

    #[test]
    fn what_choices_say() {
        for (choice, expected) in [
            ("True, False", Some([true, false])),
            ("Wrong, Not wrong", Some([false, true])),
            ("Statement 1 false, Statement 2 true", Some([false, true])),
            ("II only", Some([false, true])),
            ("Only the first is correct", Some([true, false])),
            ("Both are wrong", Some([false, false])),
            ("Neither I nor II", Some([false, false])),
            ("アのみ", Some([true, false])),
            ("両方誤り", Some([false, false])),
            ("an orchid", None),
        ] {
            assert_eq!(said(&words_of(choice), 2), expected.map(|said: [bool; 2]| said.to_vec()), "{choice}");
        }
    }

    #[test]
    fn verdicts_on_two_statements() {
        let truths = ["True, True", "False, False", "True, False", "False, True"];
        for (text, expected) in [
            ("Statement 1 is true. Statement 2 is not true.", Some(2)),
            (
                "**Statement 1:** Every ring has a unit.\nThat is false.\n\n**Statement 2:** It is finite.\n✅ True",
                Some(3),
            ),
            ("The first statement is false, and the second is true.", Some(3)),
            ("True for the first, false for the second.", Some(2)),
            ("Both statements are false.", Some(1)),
            ("I think that both are false.", Some(1)),
            ("Only the second statement is true.", Some(3)),
            ("Die erste Aussage ist wahr, die zweite nicht richtig.", Some(2)),
            ("Statement 1 is true.", None),
        ] {
            assert_eq!(judged(&Plain::whole(text), &truths).map(|found| found.value), expected, "{text}");
        }
        assert_eq!(judged(&Plain::whole("Statement 1 is true, statement 2 too."), &["oak", "fir", "ash"]), None);
    }

    #[test]
    fn verdicts_on_three_statements() {
        let choices = ["I only", "II only", "I and III only", "I, II, and III"];
        for (text, expected) in [
            ("I. An oak is a tree. **True.**\nII. A fern is one. **False.**\nIII. A fir is one. **True.**", Some(2)),
            ("So only I and III hold.", Some(2)),
            ("All three are true.", Some(3)),
            ("I is true, and II is false.", None),
        ] {
            assert_eq!(judged(&Plain::whole(text), &choices).map(|found| found.value), expected, "{text}");
        }
    }

    #[test]
    fn sums() {
        let choices = ["Only the oak", "Only the fir", "Both the oak and the fir", "Neither the oak nor the fir"];
        for (text, expected) in [
            ("They are old. Neither tree is green.", Some(3)),
            ("In short, both of them are.", Some(2)),
            ("Only one of both is.", None),
            ("We look at both of them.", None),
            ("Both of", None),
        ] {
            let plain = Plain::whole(text);
            let events = scan(&plain.text).events;
            let found = Ending::of(&plain.text, &events).and_then(|ending| summed_up(&plain, &ending, &choices));
            assert_eq!(found.map(|found| found.value), expected, "{text}");
        }
    }

    #[test]
    fn true_or_false() {
        for (text, expected) in [
            ("That holds. It is not wrong to say so.", Some(0)),
            ("That is not correct.", Some(1)),
            ("True or false?", None),
            ("We look at it. It holds.", None),
        ] {
            assert_eq!(called(&Plain::whole(text), &["True", "False"]).map(|found| found.value), expected, "{text}");
        }
    }
}
