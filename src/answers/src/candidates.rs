//! What may be an answer: letters of choices, texts of choices, words such as yes and no, numbers.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use memchr::memmem;

use crate::characters::{after, before, is_word};
use crate::formulas::{Condensed, is_formula};
use crate::languages::verdicts::ONLY;
use crate::languages::{ARTICLES, Language, RANGES, Role};
use crate::numbers;
use crate::phrases::{Event, Mark};
use crate::plain::Plain;

/// How a candidate is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Form {
    /// A letter in parentheses or set off by markup, a number in bold type.
    Wrapped,
    /// A capital letter.
    Upper,
    /// A small letter.
    Lower,
    /// The text of a choice, a word or a number.
    Text,
    /// The text of a choice without its unit.
    Bare,
}

/// Something that may be the answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Candidate {
    /// Which choice, word or number it is.
    pub(crate) value: usize,
    pub(crate) form: Form,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// The bit that stands for a candidate's value.
pub(crate) fn bit(candidate: &Candidate) -> u64 {
    1 << (candidate.value % 64)
}

/// The letters among the first `number` of the alphabet that stand by themselves.
pub(crate) fn letters(plain: &Plain, places: &[usize], source: &str, number: usize) -> Vec<Candidate> {
    let candidate = |&start: &usize| {
        let letter = plain.text.as_bytes()[start];
        let value = usize::from(letter.to_ascii_uppercase() - b'A');
        if value >= number {
            return None;
        }
        let form = form_of(plain, source, start)?;
        Some(Candidate { value, form, start, end: start + 1 })
    };
    without_ranges(&plain.text, places.iter().filter_map(candidate).collect(), number)
}

/// "A to D" names all choices, and none of them.
fn without_ranges(text: &str, letters: Vec<Candidate>, number: usize) -> Vec<Candidate> {
    let is_range = |first: &Candidate, last: &Candidate| {
        let between = text[first.end..last.start].trim_matches([' ', '(', ')']);
        number > 2 && first.value == 0 && last.value + 1 == number && RANGES.contains(&between)
    };
    let mut kept: Vec<Candidate> = Vec::with_capacity(letters.len());
    for letter in letters {
        match kept.last() {
            Some(first) if is_range(first, &letter) => _ = kept.pop(),
            _ => kept.push(letter),
        }
    }
    kept
}

/// The choices that are named by their place among all.
pub(crate) fn places(events: &[Event], number: usize) -> Vec<Candidate> {
    let candidate = |event: &Event| {
        let (value, form) = match event.mark {
            Mark::Phrase(Role::Which(place)) => (usize::from(place), Form::Wrapped),
            Mark::Phrase(Role::Ordinal(place)) => (usize::from(place), Form::Bare),
            Mark::Phrase(Role::WhichLast) => (number.checked_sub(1)?, Form::Wrapped),
            _ => return None,
        };
        let Event { start, end, .. } = *event;
        (value < number).then_some(Candidate { value, form, start, end })
    };
    events.iter().filter_map(candidate).collect()
}

/// How the letter at `at` is written; `None` if it is part of something else.
fn form_of(plain: &Plain, source: &str, at: usize) -> Option<Form> {
    let text = &plain.text;
    let bytes = text.as_bytes();
    let byte_before = |by: usize| at.checked_sub(by).map_or(b' ', |place| bytes[place]);
    let byte_after = |by: usize| bytes.get(at + by).copied().unwrap_or(b' ');
    let (left, right) = (byte_before(1), byte_after(1));
    if before(text, at).is_some_and(is_word) || after(text, at + 1).is_some_and(is_word) {
        return None;
    }
    let joined = match right {
        // I'm, d'accord; A-level; A/B; C++; Q&A; C#; x^2, f(x).
        b'\'' | b'-' | b'/' | b'@' => byte_after(2).is_ascii_alphanumeric(),
        b'+' | b'&' => byte_after(2) != b' ',
        b'#' | b'^' => true,
        b'(' => byte_after(3) == b')' && bytes[at].is_ascii_lowercase(),
        // U.S.
        b'.' => byte_after(2).is_ascii_alphanumeric() && is_single(bytes, at + 2) || is_initial(bytes, at),
        _ => false,
    } || match left {
        b'\'' | b'-' | b'/' | b'@' | b'.' | b'&' => byte_before(2).is_ascii_alphanumeric(),
        b'+' | b'^' => true,
        // f(x), P(A)
        b'(' => byte_before(2).is_ascii_alphanumeric() && is_single(bytes, at - 2),
        _ => false,
    };
    if joined {
        return None;
    }
    let wrapped = matches!((left, right), (b'(' | b'[', b')' | b']'));
    if wrapped || right == b')' && matches!(left, b' ' | b'\n') || is_set_off(plain, source, at) {
        return Some(Form::Wrapped);
    }
    Some(if bytes[at].is_ascii_uppercase() { Form::Upper } else { Form::Lower })
}

/// Whether a letter is one of two initials that a text begins with: "D. C. is", "B. F. Skinner".
fn is_initial(bytes: &[u8], at: usize) -> bool {
    let begins = matches!(bytes, [first, b'.', b' ', second, b'.', b' ', word, next, ..]
        if first.is_ascii_uppercase() && second.is_ascii_uppercase()
            && word.is_ascii_alphabetic() && next.is_ascii_alphabetic());
    begins && matches!(at, 0 | 3)
}

/// Whether a letter or digit has none beside it.
fn is_single(bytes: &[u8], at: usize) -> bool {
    let around = [at.checked_sub(1), Some(at + 1)];
    !around.into_iter().flatten().any(|at| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric))
}

/// Whether markup or quotation marks stand on both sides in the source.
fn is_set_off(plain: &Plain, source: &str, at: usize) -> bool {
    let span = plain.span(source, at..at + 1);
    let is_mark = |c: char| "*`\"_${}'<>“”„‘’「」『』«»".contains(c);
    let mut right = source[span.end..].chars();
    let closed = match right.next() {
        // `**B.**` sets the letter off as well as `**B**.`
        Some('.' | ')' | ':') => right.next().is_some_and(is_mark),
        next => next.is_some_and(is_mark),
    };
    closed && source[..span.start].chars().next_back().is_some_and(is_mark)
}

/// True and false said of a statement, which is feminine in these languages.
const FEMININE: [(&str, &str); 6] = [
    ("falso", "falsa"),
    ("faux", "fausse"),
    ("verdadero", "verdadera"),
    ("verdadeiro", "verdadeira"),
    ("vero", "vera"),
    ("vrai", "vraie"),
];

/// The texts of choices, wherever they stand; of texts inside others the longest.
pub(crate) fn texts(plain: &Plain, choices: &[&str], language: Option<&'static Language>) -> Vec<Candidate> {
    let mut found = Vec::new();
    let haystack = plain.text.to_ascii_lowercase();
    let needles: Vec<String> = choices.iter().map(|choice| needle(choice)).collect();
    let formulas: Vec<bool> = needles.iter().map(|needle| is_formula(needle)).collect();
    let condensed = formulas.contains(&true).then(|| Condensed::new(&haystack));
    for (value, needle) in needles.iter().enumerate() {
        // Of choices that read alike none is meant, and a letter is that of a choice.
        let is_letter = needle.len() == 1 && needle.as_bytes()[0].is_ascii_alphabetic();
        if needle.is_empty() || is_letter || needles.iter().filter(|other| *other == needle).count() > 1 {
            continue;
        }
        match &condensed {
            Some(condensed) if formulas[value] => formula(&haystack, condensed, needle, value, &mut found),
            _ => occurrences(&haystack, needle, value, &mut found),
        }
        for (_, feminine) in FEMININE.iter().filter(|(masculine, _)| masculine == needle) {
            occurrences(&haystack, feminine, value, &mut found);
        }
        if let Some(noun) = without_article(needle).filter(|noun| !needles.iter().any(|other| other == noun)) {
            occurrences(&haystack, noun, value, &mut found);
        }
    }
    by_value(plain, &needles, language, &mut found);
    outermost(found)
}

/// The text of a choice without the article that it begins with.
fn without_article(needle: &str) -> Option<&str> {
    const SHORTEST: usize = 3;
    let nouns = ARTICLES.iter().filter_map(|article| needle.strip_prefix(article));
    let noun = nouns.min_by_key(|noun| noun.len()).filter(|noun| noun.len() >= SHORTEST);
    // "I only" is about a first statement.
    noun.filter(|noun| !ONLY.contains(noun))
}

/// Numbers that are choices, written in another way or without the unit.
fn by_value(plain: &Plain, needles: &[String], language: Option<&'static Language>, found: &mut Vec<Candidate>) {
    let values: Vec<_> = needles.iter().map(|needle| numbers::with_unit(needle, language)).collect();
    if values.iter().all(Option::is_none) {
        return;
    }
    for (number, start, end) in numbers::find(&plain.text, language) {
        let number = numbers::comparable(&number);
        let is_same = |value: &Option<(String, bool)>| value.as_ref().is_some_and(|(value, _)| *value == number);
        let mut same = (0..values.len()).filter(|&value| is_same(&values[value]));
        if let (Some(value), None) = (same.next(), same.next()) {
            let in_digits = plain.text.as_bytes()[end - 1].is_ascii_digit();
            let has_unit = values[value].as_ref().is_some_and(|(_, has_unit)| *has_unit);
            let form = if in_digits && !has_unit { Form::Text } else { Form::Bare };
            found.push(Candidate { value, form, start, end });
        }
    }
}

/// The text of a choice as it may stand in an answer.
fn needle(choice: &str) -> String {
    let plain = Plain::whole(choice).text.to_ascii_lowercase();
    let plain = plain.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | ';' | ':' | '!' | '?'));
    plain.to_owned()
}

fn occurrences(haystack: &str, needle: &str, value: usize, found: &mut Vec<Candidate>) {
    let mut from = 0;
    while let Some(at) = memmem::find(&haystack.as_bytes()[from..], needle.as_bytes()) {
        let (start, end) = (from + at, from + at + needle.len());
        // A text that stands there cannot begin again before its end.
        from = end;
        add(haystack, Candidate { value, form: Form::Text, start, end }, found);
    }
}

/// Where a formula stands, whatever the blanks in it.
fn formula(haystack: &str, condensed: &Condensed, needle: &str, value: usize, found: &mut Vec<Candidate>) {
    let needle = Condensed::new(needle).text;
    let mut from = 0;
    while let Some(at) = memmem::find(&condensed.text.as_bytes()[from..], needle.as_bytes()) {
        let (start, end) = (from + at, from + at + needle.len());
        from = end;
        let Range { start, end } = condensed.origin(start..end, haystack);
        add(haystack, Candidate { value, form: Form::Text, start, end }, found);
    }
}

/// Adds a text that stands by itself.
fn add(haystack: &str, candidate: Candidate, found: &mut Vec<Candidate>) {
    let Candidate { start, end, .. } = candidate;
    let begins = after(haystack, start).is_some_and(is_word);
    let ends = before(haystack, end).is_some_and(is_word);
    let cut =
        begins && before(haystack, start).is_some_and(is_word) || ends && after(haystack, end).is_some_and(is_word);
    if !cut && !numbers::is_inside(haystack, start, end) {
        found.push(candidate);
    }
}

/// Those that are in no other, in order.
fn outermost(mut found: Vec<Candidate>) -> Vec<Candidate> {
    found.sort_unstable_by_key(|candidate| (candidate.start, usize::MAX - candidate.end, candidate.form == Form::Bare));
    let mut end = 0;
    found.retain(|candidate| {
        let outer = candidate.end > end;
        end = end.max(candidate.end);
        outer
    });
    found
}

/// Words that stand for an answer, in several languages.
pub(crate) struct Words {
    search: AhoCorasick,
    values: Vec<usize>,
}

impl Words {
    pub(crate) fn new(values: &[&[&str]]) -> Option<Self> {
        let listed = values.iter().enumerate().flat_map(|(value, words)| words.iter().map(move |word| (*word, value)));
        let (words, values): (Vec<_>, Vec<_>) = listed.unzip();
        let search = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .ascii_case_insensitive(true)
            .build(words)
            .ok()?;
        Some(Self { search, values })
    }

    /// Where the words stand in a text.
    pub(crate) fn find(&self, text: &str) -> Vec<Candidate> {
        let hits = self.search.find_iter(text).filter(|hit| {
            let begins = after(text, hit.start()).is_some_and(is_word);
            let ends = before(text, hit.end()).is_some_and(is_word);
            !(begins && before(text, hit.start()).is_some_and(is_word)
                || ends && after(text, hit.end()).is_some_and(is_word))
        });
        hits.map(|hit| Candidate {
            value: self.values[hit.pattern().as_usize()],
            form: Form::Text,
            start: hit.start(),
            end: hit.end(),
        })
        .collect()
    }
}

pub(crate) const YES: [&str; 14] =
    ["yes", "y", "yeah", "yep", "sí", "sì", "ja", "oui", "是的", "是", "はい", "sim", "да", "네"];
pub(crate) const NO: [&str; 11] = ["no", "n", "nope", "nein", "non", "否", "不是", "いいえ", "não", "нет", "아니요"];

/// `True`, `False`.
pub(crate) static TRUTH: LazyLock<Option<Words>> = LazyLock::new(|| {
    Words::new(&[
        &[
            "true",
            "verdadero",
            "wahr",
            "richtig",
            "vrai",
            "真",
            "正确",
            "正しい",
            "verdadeiro",
            "vero",
            "истина",
            "верно",
            "참",
            "verdadera",
            "verdadeira",
            "vraie",
            "vera",
        ],
        &[
            "false",
            "falso",
            "falsch",
            "faux",
            "假",
            "错误",
            "不正确",
            "偽",
            "誤り",
            "正しくない",
            "ложь",
            "неверно",
            "거짓",
            "falsa",
            "fausse",
        ],
    ])
});
/// `Yes`, `No`, of who caused something and of whether a way leads back.
pub(crate) static YES_OR_NO: LazyLock<Option<Words>> = LazyLock::new(|| {
    Words::new(&[
        &[
            &YES[..],
            &[
                "most people would say",
                "people would agree that",
                "typical person would agree that",
                "did cause",
                "did intentionally",
                "was the cause",
                "is the cause",
                "return to the start",
                "return to the starting point",
                "return to where",
                "returned to the start",
                "returned to the starting point",
                "returns to the start",
                "returns to the starting point",
                "back at the start",
                "back at the starting point",
                "back at the origin",
                "back to the start",
                "back to the starting point",
                "back where",
                "end up where",
                "end up at the start",
                "end up at the starting point",
                "end up back",
            ],
        ]
        .concat(),
        &[
            &NO[..],
            &[
                "most people would say no",
                "most people would say: no",
                "most people would not say",
                "most people wouldn't say",
                "would not say that",
                "would not agree that",
                "wouldn't agree that",
                "away from the start",
                "away from the starting point",
                "away from the origin",
                "away from where",
                "not end up at the start",
                "not end up at the starting point",
                "not end up back",
                "not end at the starting point",
                "wouldn't say that",
                "did not cause",
                "didn't cause",
                "was not the cause",
                "wasn't the cause",
                "is not the cause",
                "isn't the cause",
                "did not intentionally",
                "didn't intentionally",
                "not intentional",
                "not intentionally",
                "unintentional",
                "unintentionally",
                "not return to the start",
                "not return to the starting point",
                "not return to where",
                "don't return to the start",
                "don't return to the starting point",
                "doesn't return to the start",
                "doesn't return to the starting point",
                "won't return to the starting point",
                "never return to the starting point",
                "not back at the start",
                "not back at the starting point",
                "not back at the origin",
                "not back where",
                "not end up where",
                "don't end up where",
                "not at the starting point",
                "not at the start",
                "not the starting point",
            ],
        ]
        .concat(),
    ])
});
/// `valid`, `invalid`.
pub(crate) static VALIDITY: LazyLock<Option<Words>> = LazyLock::new(|| {
    Words::new(&[
        &[
            "valid",
            "logisch gültig",
            "deductively valid",
            "follows from",
            "does follow",
            "válido",
            "gültig",
            "valide",
            "有效",
            "妥当",
        ],
        &[
            "invalid",
            "does not follow",
            "folgt nicht",
            "no se sigue",
            "ne suit pas",
            "não segue",
            "non segue",
            "doesn't follow",
            "not valid",
            "not deductively valid",
            "isn't valid",
            "isn't deductively valid",
            "deductively invalid",
            "inválido",
            "ungültig",
            "invalide",
            "无效",
            "妥当ではない",
            "妥当ではありません",
            "妥当でない",
            "妥当とは言えません",
            "妥当とは言えない",
            "妥当ではなく",
            "nicht gültig",
            "no es válido",
            "n'est pas valide",
            "não é válido",
            "non è valido",
            "不是有效",
            "并非有效",
        ],
    ])
});
/// `yes`, `no`, of what is plausible.
pub(crate) static PLAUSIBILITY: LazyLock<Option<Words>> = LazyLock::new(|| {
    Words::new(&[
        &[&YES[..], &["plausible", "plausibel", "合理"]].concat(),
        &[
            &NO[..],
            &[
                "implausible",
                "not plausible",
                "isn't plausible",
                "not a plausible",
                "not at all plausible",
                "not very plausible",
                "unplausible",
                "nicht plausibel",
                "unplausibel",
                "no plausible",
                "peu plausible",
                "不合理",
            ],
        ]
        .concat(),
    ])
});
/// `Yes`, `No`, of who tells the truth.
pub(crate) static HONESTY: LazyLock<Option<Words>> = LazyLock::new(|| {
    Words::new(&[
        &[
            &YES[..],
            &["tells the truth", "is telling the truth", "is truthful", "does tell the truth", "is a truth-teller"],
        ]
        .concat(),
        &[
            &NO[..],
            &[
                "lies",
                "is lying",
                "does not tell the truth",
                "doesn't tell the truth",
                "is not telling the truth",
                "isn't telling the truth",
                "is a liar",
                "is not truthful",
            ],
        ]
        .concat(),
    ])
});

/// Whether bold type begins with what starts at `at`, or with the sign of a currency before it.
fn is_emphasised(source: &str, at: usize) -> bool {
    source[..at].trim_end_matches(['$', '€', '£', '¥', '\\', '(']).ends_with("**")
}

/// The numbers in a text, and what each of the values is.
pub(crate) fn numbers(
    plain: &Plain,
    source: &str,
    language: Option<&'static Language>,
) -> (Vec<Candidate>, Vec<String>) {
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut values = Vec::new();
    let candidates = numbers::find(&plain.text, language).into_iter().map(|(value, start, end)| {
        let value = *known.entry(value).or_insert_with_key(|value| {
            values.push(value.clone());
            values.len() - 1
        });
        let form = if is_emphasised(source, plain.span(source, start..end).start) { Form::Wrapped } else { Form::Text };
        Candidate { value, form, start, end }
    });
    (candidates.collect(), values)
}
