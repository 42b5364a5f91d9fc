//! How languages announce, confirm and take back answers: a file for each, which is all that a language needs.
//!
//! Phrases are in lower case and as [`crate::plain`] writes texts: without quotation marks, with one blank between
//! words, in ASCII where it has the mark.

use std::sync::LazyLock;

use crate::numerals::{self, Numerals};

mod chinese;
mod english;
mod french;
mod german;
mod italian;
mod japanese;
mod korean;
mod portuguese;
pub(crate) mod quantities;
mod russian;
mod spanish;
pub(crate) mod verdicts;

/// What a phrase does in a sentence.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    /// Names the answer: what it is said to be is the answer.
    Announce,
    /// Joins what names the answer with the answer.
    Copula,
    /// The same, of what would be.
    Would,
    /// Changes nothing between them.
    Filler,
    /// Changes nothing there either; elsewhere it points at what comes next.
    Only,
    /// Names a choice: "option", "letter".
    Naming,
    /// What comes next is chosen.
    Choose,
    /// Points at the answer without naming it.
    Point,
    /// Says of a choice that it is right.
    Affirm,
    /// Says the same, but announces nothing.
    Yes,
    /// Says of a choice that it is wrong.
    Deny,
    /// After the mark of a choice, says that it is right.
    Aye,
    /// After the mark of a choice, says that it is wrong.
    No,
    /// Turns what it stands with into the opposite.
    Not,
    /// Denies what stands before, and what comes next replaces it.
    Rather,
    /// What comes next is ruled out.
    Exclude,
    /// Leaves it open which of several it is.
    Or,
    /// Said with less than certainty.
    Hedge,
    /// Begins a condition: nothing in the clause is meant.
    If,
    /// Begins the only condition under which the clause is meant.
    OnlyIf,
    /// What it stands with holds beside what was said before.
    Also,
    /// What comes now holds where the condition before does not.
    Otherwise,
    /// Nothing in the clause is meant: what somebody thought before, and the like.
    Unreal,
    /// The answer is not known.
    Refuse,
    /// The user is asked for what is missing.
    Ask,
    /// Says that one choice is left, or speaks of all the others.
    Left,
    /// What was said before is taken back.
    Retract,
    /// What comes next follows from what was said.
    Conclude,
    /// Begins a reason, in which other choices may be discussed.
    Because,
    /// Begins the opposite of what was said.
    But,
    /// At the start of a line another question begins.
    Next,
    /// Alone on a line it heads what follows from all before: "Conclusion".
    Closing,
    /// Said out of politeness after the answer.
    Courtesy,
    /// Both of two choices are meant.
    Both,
    /// Names a choice by its place among all.
    Which(u8),
    /// The same where a choice is expected: "the second".
    Ordinal(u8),
    /// Names the last choice.
    WhichLast,
    /// Looks like something else and is nothing.
    Idiom,
}

/// The phrases of a language.
type Phrases = &'static [(Role, &'static [&'static str])];

/// A language.
pub(crate) struct Language {
    pub(crate) phrases: Phrases,
    /// Whether it writes 1.024 for a thousand and twenty-four.
    pub(crate) grouped_by_dots: bool,
    /// Its numbers in words, where blanks part words.
    pub(crate) numerals: Option<LazyLock<Numerals>>,
}

const fn plain(phrases: Phrases) -> Language {
    Language { phrases, grouped_by_dots: false, numerals: None }
}

const fn counting(phrases: Phrases, numerals: fn() -> Numerals) -> Language {
    Language { phrases, grouped_by_dots: false, numerals: Some(LazyLock::new(numerals)) }
}

const fn by_dots(phrases: Phrases, numerals: fn() -> Numerals) -> Language {
    Language { phrases, grouped_by_dots: true, numerals: Some(LazyLock::new(numerals)) }
}

/// What stands between the first and the last of all choices, whatever the language.
pub(crate) static RANGES: [&str; 15] =
    ["to", "through", "thru", "bis", "à", "a", "a la", "al", "alla", "to option", "から", "到", "至", "до", "부터"];

/// All languages.
pub(crate) static LANGUAGES: [Language; 10] = [
    plain(english::PHRASES),
    plain(chinese::PHRASES),
    by_dots(spanish::PHRASES, || Numerals::new(numerals::spanish)),
    by_dots(german::PHRASES, || Numerals::new(numerals::german)),
    counting(french::PHRASES, || Numerals::new(numerals::french)),
    plain(japanese::PHRASES),
    by_dots(portuguese::PHRASES, || Numerals::new(numerals::portuguese)),
    by_dots(italian::PHRASES, || Numerals::new(numerals::italian)),
    counting(russian::PHRASES, || Numerals::new(numerals::russian)),
    plain(korean::PHRASES),
];

/// Words before a time and those before another one.
pub(crate) static TIMES: [[&str; 2]; 9] = [
    ["before", "after"],
    ["before", "since"],
    ["until", "after"],
    ["vor", "nach"],
    ["avant", "après"],
    ["antes", "después"],
    ["antes", "depois"],
    ["prima", "dopo"],
    ["до", "после"],
];

/// Articles before nouns, with what parts them from these.
pub(crate) static ARTICLES: [&str; 42] = [
    "the ", "a ", "an ", "der ", "die ", "das ", "den ", "dem ", "des ", "ein ", "eine ", "einen ", "einem ", "einer ",
    "el ", "la ", "los ", "las ", "un ", "una ", "unos ", "unas ", "lo ", "le ", "les ", "l'", "une ", "du ", "de la ",
    "de l'", "il ", "gli ", "i ", "uno ", "un'", "o ", "os ", "as ", "um ", "uma ", "uns ", "umas ",
];
