//! Choices that say of two statements which of them are true: "True, False", "I only", "Both are wrong".

use std::sync::LazyLock;

use crate::candidates::{Candidate, Form, Words};
use crate::plain::Plain;

/// What a word says in a verdict on two statements.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Token {
    True,
    False,
    /// One of the two statements.
    Statement(usize),
    Only,
    Both,
    Neither,
    /// Turns the next truth into the opposite.
    Not,
    /// A sentence or a line ends.
    End,
}

const TOKENS: [Token; 8] = [
    Token::True,
    Token::False,
    Token::Statement(0),
    Token::Statement(1),
    Token::Only,
    Token::Both,
    Token::Neither,
    Token::Not,
];

static WORDS: LazyLock<Option<Words>> = LazyLock::new(|| {
    Words::new(&[
        &[
            "true",
            "correct",
            "right",
            "holds",
            "not wrong",
            "not false",
            "not morally wrong",
            "morally acceptable",
            "wahr",
            "richtig",
            "korrekt",
            "zutreffend",
            "trifft zu",
            "stimmt",
            "vrai",
            "vraie",
            "vraies",
            "vrais",
            "juste",
            "exact",
            "exacte",
            "correcte",
            "verdadero",
            "verdadera",
            "verdaderas",
            "cierto",
            "cierta",
            "correcto",
            "correcta",
            "correctas",
            "vero",
            "vera",
            "vere",
            "corretto",
            "corretta",
            "giusto",
            "giusta",
            "esatta",
            "corrette",
            "verdadeiro",
            "verdadeira",
            "verdadeiras",
            "correto",
            "correta",
            "certa",
            "corretas",
            "верно",
            "верна",
            "верны",
            "истинно",
            "истинна",
            "истина",
            "правильно",
            "правильна",
            "正しい",
            "正しく",
            "真",
            "正",
            "○",
            "◯",
            "正确",
            "正確",
            "对",
            "對",
            "成立",
            "참",
            "맞",
            "옳",
            "✅",
            "✓",
            "✔",
        ],
        &[
            "false",
            "incorrect",
            "wrong",
            "untrue",
            "fails",
            "does not hold",
            "doesn't hold",
            "morally wrong",
            "falsch",
            "unrichtig",
            "unzutreffend",
            "trifft nicht zu",
            "stimmt nicht",
            "unwahr",
            "faux",
            "fausse",
            "fausses",
            "inexact",
            "inexacte",
            "incorrecte",
            "erronée",
            "falso",
            "falsa",
            "falsas",
            "incorrecto",
            "incorrecta",
            "incorrectas",
            "errónea",
            "false",
            "errata",
            "errato",
            "errate",
            "sbagliata",
            "scorretta",
            "incorreto",
            "incorreta",
            "errada",
            "erradas",
            "errado",
            "неверно",
            "неверна",
            "неверны",
            "ложно",
            "ложна",
            "ложь",
            "неправильно",
            "неправильна",
            "ошибочно",
            "誤り",
            "誤っ",
            "誤",
            "偽",
            "正しくな",
            "正しくあ",
            "間違",
            "错误",
            "錯誤",
            "不正确",
            "不正確",
            "错",
            "錯",
            "不对",
            "不對",
            "不成立",
            "假",
            "거짓",
            "틀리",
            "틀린",
            "틀렸",
            "옳지 않",
            "맞지 않",
            "❌",
            "✗",
            "✘",
            "×",
        ],
        &[
            "statement 1",
            "statement i",
            "statement one",
            "first statement",
            "the first",
            "first",
            "scenario 1",
            "scenario one",
            "claim 1",
            "assertion 1",
            "proposition 1",
            "1st",
            "(1)",
            "(i)",
            "1",
            "i",
            "aussage 1",
            "aussage i",
            "erste aussage",
            "ersten aussage",
            "die erste",
            "erste",
            "affirmation 1",
            "première affirmation",
            "la première",
            "première",
            "énoncé 1",
            "afirmación 1",
            "enunciado 1",
            "la primera",
            "primera",
            "afirmación i",
            "affermazione 1",
            "la prima",
            "prima",
            "afirmação 1",
            "afirmativa 1",
            "primeira",
            "a primeira",
            "afirmativa i",
            "утверждение 1",
            "первое",
            "первое утверждение",
            "第一文",
            "第一の",
            "第1文",
            "文1",
            "記述1",
            "命題1",
            "一つ目",
            "1つ目",
            "ア",
            "第一个",
            "第一個",
            "第一句",
            "第一",
            "陈述1",
            "陈述一",
            "命题1",
            "命题一",
            "说法1",
            "说法一",
            "甲",
            "①",
            "첫 번째",
            "첫째",
            "진술 1",
            "명제 1",
            "문장 1",
            "ㄱ",
        ],
        &[
            "statement 2",
            "statement ii",
            "statement two",
            "second statement",
            "the second",
            "second",
            "scenario 2",
            "scenario two",
            "claim 2",
            "assertion 2",
            "proposition 2",
            "2nd",
            "(2)",
            "(ii)",
            "2",
            "ii",
            "aussage 2",
            "aussage ii",
            "zweite aussage",
            "zweiten aussage",
            "die zweite",
            "zweite",
            "affirmation 2",
            "deuxième affirmation",
            "seconde affirmation",
            "la deuxième",
            "la seconde",
            "deuxième",
            "seconde",
            "énoncé 2",
            "afirmación 2",
            "enunciado 2",
            "la segunda",
            "segunda",
            "afirmación ii",
            "affermazione 2",
            "la seconda",
            "seconda",
            "afirmação 2",
            "afirmativa 2",
            "a segunda",
            "afirmativa ii",
            "утверждение 2",
            "второе",
            "второе утверждение",
            "第二文",
            "第二の",
            "第2文",
            "文2",
            "記述2",
            "命題2",
            "二つ目",
            "2つ目",
            "イ",
            "第二个",
            "第二個",
            "第二句",
            "第二",
            "陈述2",
            "陈述二",
            "命题2",
            "命题二",
            "说法2",
            "说法二",
            "乙",
            "②",
            "두 번째",
            "둘째",
            "진술 2",
            "명제 2",
            "문장 2",
            "ㄴ",
        ],
        &[
            "only",
            "nur",
            "lediglich",
            "seulement",
            "uniquement",
            "seule",
            "sólo",
            "solo",
            "únicamente",
            "solamente",
            "soltanto",
            "apenas",
            "somente",
            "só",
            "только",
            "лишь",
            "のみ",
            "だけ",
            "只有",
            "仅",
            "僅",
            "만",
        ],
        &[
            "both",
            "beide",
            "les deux",
            "toutes les deux",
            "ambas",
            "ambos",
            "entrambe",
            "entrambi",
            "оба",
            "обе",
            "両方",
            "ともに",
            "共に",
            "どちらも",
            "いずれも",
            "两者都",
            "都",
            "均",
            "两个都",
            "둘 다",
            "모두",
        ],
        &[
            "neither",
            "none",
            "keine",
            "keine der beiden",
            "weder",
            "ninguna",
            "ninguno",
            "aucune",
            "ni l'une ni l'autre",
            "nessuna",
            "nenhuma",
            "ни одно",
            "ни одна",
            "どちらでもない",
            "どちらも正しくない",
            "いずれも正しくない",
            "两者都不",
            "都不",
            "均不",
            "둘 다 아니",
            "둘 다 틀",
        ],
        &[
            "not",
            "isn't",
            "not always",
            "not necessarily",
            "cannot be",
            "can't be",
            "never",
            "nicht",
            "n'est pas",
            "pas",
            "no es",
            "no",
            "non è",
            "não é",
            "не",
        ],
    ])
});

/// Whether each of two statements is true.
type Verdict = [Option<bool>; 2];

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
        "i" | "I" | "1" | "2" => {
            const NEXT: [&str; 14] = [
                " only", " and ", " is ", " ist ", " est ", " es ", " è ", " é ", " isn't", " holds", " nor ", ":",
                ")", ",",
            ];
            rest.is_empty() || NEXT.iter().any(|next| rest.starts_with(next))
        }
        _ => true,
    }
}

/// A sentence's verdicts and what they need from the sentences before.
struct Judge {
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
    fn read(text: &str) -> Self {
        let mut judge = Self { verdict: [None; 2], later: [None; 2], current: None, last: None };
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
        let named: Vec<usize> = tokens.iter().filter_map(statement).collect();
        if let (false, Some((_, last))) = (truths.is_empty() && !tokens.contains(&Token::Only), sentence.last()) {
            self.last = Some(*last);
        }
        let is_distinct = named.iter().all(|number| *number == named[0]);
        match (&named[..], &truths[..]) {
            ([], [first, second]) if tokens == [Token::True, Token::False] || tokens == [Token::False, Token::True] => {
                self.judge_both([*first, *second]);
            }
            ([], _) if tokens.contains(&Token::Neither) => self.judge_both([false; 2]),
            ([], [all, ..]) if tokens.contains(&Token::Both) => self.judge_both([*all; 2]),
            ([], [.., last]) => {
                if let Some(current) = self.current {
                    self.later[current] = Some(*last);
                }
            }
            (_, []) if tokens.contains(&Token::Neither) => {}
            ([only, ..], _) if tokens.contains(&Token::Only) && is_distinct => {
                let holds = truths.first().copied().unwrap_or(true);
                self.verdict[*only] = Some(holds);
                self.verdict[1 - only] = Some(!holds);
            }
            ([.., last], []) => self.current = Some(*last),
            ([.., last], _) => {
                self.each(&tokens, &truths);
                self.current = Some(*last);
            }
            ([], []) => {}
        }
    }

    fn judge_both(&mut self, verdict: [bool; 2]) {
        self.verdict = verdict.map(Some);
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

    fn verdict(&self) -> Option<[bool; 2]> {
        let [first, second] = [0, 1].map(|number| self.verdict[number].or(self.later[number]));
        Some([first?, second?])
    }
}

/// What a choice says of two statements.
fn said(choice: &str) -> Option<[bool; 2]> {
    let all = tokens(&Plain::whole(choice).text);
    let tokens: Vec<Token> = without_not(&all).into_iter().map(|(token, _)| token).collect();
    let has = |token| tokens.contains(&token);
    let statements = [0, 1].map(|number| has(Token::Statement(number)));
    let truths: Vec<bool> =
        tokens.iter().filter(|token| matches!(token, Token::True | Token::False)).map(|t| *t == Token::True).collect();
    match (statements, &truths[..]) {
        (_, [first, second]) => Some([*first, *second]),
        (_, [] | [_]) if has(Token::Neither) => Some([false; 2]),
        ([false, false], [all]) if has(Token::Both) => Some([*all; 2]),
        ([false, false], []) if has(Token::Both) => Some([true; 2]),
        ([true, true], [all]) => Some([*all; 2]),
        ([true, true], []) => Some([true; 2]),
        ([true, false] | [false, true], [] | [true]) => Some(statements),
        ([true, false] | [false, true], [false]) => Some(statements.map(|named| !named)),
        _ => None,
    }
}

/// The choice that says what a text says of two statements, and where it says so last.
pub(crate) fn judged(plain: &Plain, choices: &[&str]) -> Option<Candidate> {
    let said: Vec<[bool; 2]> = choices.iter().map(|choice| said(choice)).collect::<Option<_>>()?;
    let distinct = said.iter().enumerate().all(|(number, one)| !said[..number].contains(one));
    if said.len() < 3 || !distinct {
        return None;
    }
    let judge = Judge::read(&plain.text);
    let verdict = judge.verdict()?;
    let value = said.iter().position(|one| *one == verdict)?;
    judge.last.map(|last| Candidate { value, ..last })
}

#[cfg(test)]
mod tests {
    use super::{judged, said};
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
            assert_eq!(said(choice), expected, "{choice}");
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
}
