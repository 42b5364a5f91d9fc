//! How languages announce, confirm and take back answers: a file for each, which is all that a language needs.
//!
//! Phrases are in lower case and as [`crate::plain`] writes texts: without quotation marks, with one blank between
//! words, in ASCII where it has the mark.

mod chinese;
mod english;
mod french;
mod german;
mod italian;
mod japanese;
mod korean;
mod portuguese;
mod russian;
mod spanish;

/// What a phrase does in a sentence.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    /// Names the answer: what it is said to be is the answer.
    Announce,
    /// Joins what names the answer with the answer.
    Copula,
    /// Changes nothing between them.
    Filler,
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
    /// Turns what it stands with into the opposite.
    Not,
    /// What comes next is ruled out.
    Exclude,
    /// Leaves it open which of several it is.
    Or,
    /// Said with less than certainty.
    Hedge,
    /// Nothing in the clause is meant: a condition, or what somebody thought before.
    Unreal,
    /// The answer is not known.
    Refuse,
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
    /// Looks like something else and is nothing.
    Idiom,
}

/// The phrases of a language.
pub(crate) type Language = &'static [(Role, &'static [&'static str])];

/// All languages.
pub(crate) const LANGUAGES: [Language; 10] = [
    english::PHRASES,
    chinese::PHRASES,
    spanish::PHRASES,
    german::PHRASES,
    french::PHRASES,
    japanese::PHRASES,
    portuguese::PHRASES,
    italian::PHRASES,
    russian::PHRASES,
    korean::PHRASES,
];
