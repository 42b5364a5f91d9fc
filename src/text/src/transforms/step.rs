//! The steps that transforms are made of.

use super::markup::Subwords;
use super::outcome::Outcome;
use super::regexes::Substitution;
use super::unicode_forms::UnicodeForm;
use super::words::Replacement;
use super::{characters, html, markup, spaces, unicode_forms, whisper};
use crate::pystr::{self, Case};
use crate::traced::Sink;

/// One thing that is done to a text.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Case(Case),
    Strip,
    MultipleSpaces,
    EachSpace,
    AsciiSpace {
        replace_by_space: bool,
    },
    Punctuation,
    Bracketed,
    Replace(Box<Replacement>),
    Regex(Substitution),
    Normalize(UnicodeForm),
    Reasoning,
    SpecialTokens,
    Html,
    Subwords(Subwords),
    FirstWords(usize),
    FirstBytes(usize),
    Sentences(Option<Vec<u8>>),
    Whisper(whisper::Rule),
    /// The next steps, so many of them, change no text that is not so.
    Unless(Guard, usize),
}

/// What a text must have for some steps to change it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Guard {
    Apostrophe,
    Abbreviation,
}

impl Guard {
    fn holds(self, text: &[u8]) -> bool {
        match self {
            Self::Apostrophe => memchr::memchr(b'\'', text).is_some(),
            Self::Abbreviation => whisper::has_abbreviation(text),
        }
    }
}

impl Step {
    pub(super) fn run(&self, text: &[u8], sink: &mut impl Sink) -> Outcome {
        match self {
            Self::Case(case) => {
                pystr::change_case(*case, text, sink);
                Outcome::Written
            }
            Self::Strip => spaces::strip(text),
            Self::MultipleSpaces => spaces::squeeze(text, 2, sink),
            Self::EachSpace => spaces::squeeze(text, 1, sink),
            Self::AsciiSpace { replace_by_space } => spaces::remove_ascii(text, *replace_by_space, sink),
            Self::Punctuation => characters::remove_punctuation(text, sink),
            Self::Bracketed => markup::remove_bracketed(text, sink),
            Self::Replace(replacement) => replacement.run(text, sink),
            Self::Regex(substitution) => substitution.run(text, sink),
            Self::Normalize(form) => unicode_forms::normalize(*form, text, sink),
            Self::Reasoning => markup::remove_reasoning(text, sink),
            Self::SpecialTokens => markup::remove_special_tokens(text, sink),
            Self::Html => html::unescape(text, sink),
            Self::Subwords(subwords) => markup::join_subwords(*subwords, text, sink),
            Self::FirstWords(most) => spaces::first_words(text, *most),
            Self::FirstBytes(most) => characters::first_bytes(text, *most),
            Self::Sentences(separator) => spaces::split_sentences(text, separator.as_deref(), sink),
            Self::Whisper(rule) => rule.run(text, sink),
            Self::Unless(guard, steps) => Outcome::Skip(if guard.holds(text) { 0 } else { *steps }),
        }
    }
}
