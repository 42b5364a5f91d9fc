//! What is done to texts before they are tokenised: each transform makes a text of a text.
//!
//! A [`Transform`] is a value with its arguments; [`Transforms`] are several, one after the other. Every transform is
//! written once, over a `Sink`: for scoring that is a buffer, for alignments one that knows where each byte came from.

mod chains;
mod characters;
mod edits;
mod html;
mod html_tables;
mod markup;
pub mod naive;
mod outcome;
mod regexes;
mod spaces;
mod spellings;
mod step;
mod unicode_forms;
mod whisper;
mod whisper_numbers;
mod words;

use std::fmt;

use textgauge_kernels::held::HeldBytes;

pub use markup::Subwords;
pub use regexes::Regexes;
pub use spellings::Spellings;
pub use unicode_forms::UnicodeForm;

use crate::pystr::{self, Case};
use crate::pystr_tables;
use crate::traced::{Traced, Tracer};
use outcome::Outcome;
use step::Step;
use words::Replacement;

/// One transform, with its arguments.
#[derive(Clone, Debug)]
pub enum Transform {
    /// `str.lower()`.
    ToLowerCase,
    /// `str.upper()`.
    ToUpperCase,
    /// `str.casefold()`.
    CaseFold,
    /// `str.strip()`.
    Strip,
    /// One blank in place of two or more characters of white space.
    RemoveMultipleSpaces,
    /// Without the white space of ASCII.
    RemoveWhiteSpace {
        /// A blank stays in place of each.
        replace_by_space: bool,
    },
    /// Without what Unicode calls punctuation.
    RemovePunctuation,
    /// Without what stands in square or angle brackets.
    RemoveKaldiNonWords,
    /// `she'll` as `she will`.
    ExpandCommonEnglishContractions,
    /// Words replaced where they are not part of others.
    SubstituteWords(Vec<(Vec<u8>, Vec<u8>)>),
    /// Matches of expressions replaced.
    SubstituteRegexes(Regexes),
    /// A Unicode normal form.
    NormalizeUnicode(UnicodeForm),
    /// Without what a model thought before it answered.
    RemoveReasoning,
    /// Without what tokenizers and chat templates put around a text.
    RemoveSpecialTokens,
    /// Characters in place of HTML's references to them.
    UnescapeHtml,
    /// Sub-words joined to words.
    JoinSubwords(Subwords),
    /// No more than so many words.
    FirstWords(usize),
    /// No more than so many bytes of UTF-8.
    FirstBytes(usize),
    /// A line a sentence.
    SplitSentences(Option<Vec<u8>>),
    /// Whisper's normaliser for any language.
    WhisperBasic {
        /// Letters lose their marks.
        remove_diacritics: bool,
        /// A blank parts any two graphemes.
        split_letters: bool,
        /// Marks stay.
        preserve_marks: bool,
    },
    /// Whisper's normaliser of English.
    WhisperEnglish(Spellings),
}

impl Transform {
    fn steps(&self, steps: &mut Vec<Step>) {
        let one = match self {
            Self::ToLowerCase => Step::Case(Case::Lower),
            Self::ToUpperCase => Step::Case(Case::Upper),
            Self::CaseFold => Step::Case(Case::Folded),
            Self::Strip => Step::Strip,
            Self::RemoveMultipleSpaces => Step::MultipleSpaces,
            Self::RemoveWhiteSpace { replace_by_space } => Step::AsciiSpace { replace_by_space: *replace_by_space },
            Self::RemovePunctuation => Step::Punctuation,
            Self::RemoveKaldiNonWords => Step::Bracketed,
            Self::ExpandCommonEnglishContractions => {
                return steps.extend(words::contractions().map(Box::new).map(Step::Replace));
            }
            Self::SubstituteWords(pairs) => {
                let replacements = pairs.iter().map(|(word, other)| Replacement::of_word(word, other));
                return steps.extend(replacements.map(Box::new).map(Step::Replace));
            }
            Self::SubstituteRegexes(regexes) => return steps.extend(regexes.substitutions().map(Step::Regex)),
            Self::NormalizeUnicode(form) => Step::Normalize(*form),
            Self::RemoveReasoning => Step::Reasoning,
            Self::RemoveSpecialTokens => Step::SpecialTokens,
            Self::UnescapeHtml => Step::Html,
            Self::JoinSubwords(subwords) => Step::Subwords(*subwords),
            Self::FirstWords(most) => Step::FirstWords(*most),
            Self::FirstBytes(most) => Step::FirstBytes(*most),
            Self::SplitSentences(separator) => Step::Sentences(separator.clone()),
            Self::WhisperBasic { remove_diacritics, split_letters, preserve_marks } => {
                return chains::basic(steps, *remove_diacritics, *split_letters, *preserve_marks);
            }
            Self::WhisperEnglish(spellings) => return chains::english(steps, spellings),
        };
        steps.push(one);
    }
}

impl fmt::Display for Transform {
    /// What a signature calls it: its arguments, and the version of what it depends on.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unicode = pystr_tables::UNICODE_VERSION;
        match self {
            Self::ToLowerCase => write!(f, "ToLowerCase[{unicode}]"),
            Self::ToUpperCase => write!(f, "ToUpperCase[{unicode}]"),
            Self::CaseFold => write!(f, "CaseFold[{unicode}]"),
            Self::Strip => f.write_str("Strip"),
            Self::RemoveMultipleSpaces => f.write_str("RemoveMultipleSpaces"),
            Self::RemoveWhiteSpace { replace_by_space: false } => f.write_str("RemoveWhiteSpace"),
            Self::RemoveWhiteSpace { replace_by_space: true } => f.write_str("RemoveWhiteSpace(replace_by_space)"),
            Self::RemovePunctuation => write!(f, "RemovePunctuation[{unicode}]"),
            Self::RemoveKaldiNonWords => f.write_str("RemoveKaldiNonWords"),
            Self::ExpandCommonEnglishContractions => f.write_str("ExpandCommonEnglishContractions"),
            Self::SubstituteWords(pairs) => {
                f.write_str("SubstituteWords(")?;
                write_pairs(f, pairs.iter().map(|(word, other)| (word.as_slice(), other.as_slice())))?;
                write!(f, ")[{unicode}]")
            }
            Self::SubstituteRegexes(regexes) => {
                f.write_str("SubstituteRegexes(")?;
                write_pairs(f, regexes.given())?;
                write!(f, ")[{unicode}]")
            }
            Self::NormalizeUnicode(form) => write!(f, "{form}"),
            Self::RemoveReasoning => f.write_str("RemoveReasoning"),
            Self::RemoveSpecialTokens => f.write_str("RemoveSpecialTokens"),
            Self::UnescapeHtml => f.write_str("UnescapeHtml"),
            Self::JoinSubwords(subwords) => {
                let named = Subwords::NAMED.iter().find(|(_, named)| named == subwords);
                write!(f, "JoinSubwords({})", named.map_or("", |(name, _)| name))
            }
            Self::FirstWords(most) => write!(f, "FirstWords({most})"),
            Self::FirstBytes(most) => write!(f, "FirstBytes({most})"),
            Self::SplitSentences(None) => {
                let (major, minor, _) = unicode_segmentation::UNICODE_VERSION;
                write!(f, "SplitSentences[{major}.{minor}]")
            }
            Self::SplitSentences(Some(separator)) => {
                f.write_str("SplitSentences(")?;
                write_text(f, separator)?;
                f.write_str(")")
            }
            Self::WhisperBasic { remove_diacritics, split_letters, preserve_marks } => {
                f.write_str("WhisperBasic")?;
                let options = [
                    (*remove_diacritics, "remove_diacritics"),
                    (*split_letters, "split_letters"),
                    (*preserve_marks, "preserve_marks"),
                ];
                let given: Vec<&str> = options.iter().filter(|(given, _)| *given).map(|(_, name)| *name).collect();
                if !given.is_empty() {
                    write!(f, "({})", given.join(","))?;
                }
                write!(f, "[{unicode}")?;
                if *split_letters {
                    let (major, minor, _) = unicode_segmentation::UNICODE_VERSION;
                    write!(f, ";{major}.{minor};{}", crate::regex_tables::UNICODE_VERSION)?;
                }
                f.write_str("]")
            }
            Self::WhisperEnglish(spellings) => write!(f, "WhisperEnglish[{};{unicode}]", spellings.version()),
        }
    }
}

/// Pairs of texts as signatures write them.
fn write_pairs<'t>(f: &mut fmt::Formatter<'_>, pairs: impl Iterator<Item = (&'t [u8], &'t [u8])>) -> fmt::Result {
    for (index, (before, after)) in pairs.enumerate() {
        f.write_str(if index > 0 { "," } else { "" })?;
        write_text(f, before)?;
        f.write_str("=")?;
        write_text(f, after)?;
    }
    Ok(())
}

/// A text as signatures write it: quoted, and without what parts signatures.
fn write_text(f: &mut fmt::Formatter<'_>, text: &[u8]) -> fmt::Result {
    f.write_str("'")?;
    for (_, code_point) in pystr::code_points(text) {
        match char::from_u32(code_point) {
            Some(letter @ ('|' | ':' | '>' | '\'' | '\\')) => write!(f, "\\x{:02x}", u32::from(letter))?,
            Some(letter) if letter.is_control() => write!(f, "\\x{:02x}", u32::from(letter))?,
            Some(letter) => write!(f, "{letter}")?,
            None => write!(f, "\\u{code_point:04x}")?,
        }
    }
    f.write_str("'")
}

/// Transforms, one after the other, and what signatures call them.
#[derive(Clone, Debug, Default)]
pub struct Transforms {
    name: String,
    steps: Vec<Step>,
}

/// Two buffers, between which a text goes from step to step.
#[derive(Default, Debug)]
pub struct Buffers([Vec<u8>; 2]);

impl HeldBytes for Buffers {
    fn held_bytes(&self) -> usize {
        self.0.iter().map(HeldBytes::held_bytes).sum()
    }
}

impl Transforms {
    /// These, in order.
    pub fn new(transforms: &[Transform]) -> Self {
        let mut steps = Vec::new();
        transforms.iter().for_each(|transform| transform.steps(&mut steps));
        let names: Vec<String> = transforms.iter().map(Transform::to_string).collect();
        Self { name: names.join(">"), steps }
    }

    /// Some of which no more than the name is known; they leave texts as they are.
    pub fn known_by_name(name: String) -> Self {
        Self { name, steps: Vec::new() }
    }

    /// What signatures call them.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Appends the text, transformed.
    pub fn apply(&self, text: &[u8], buffers: &mut Buffers, out: &mut Vec<u8>) {
        let [one, other] = &mut buffers.0;
        let (mut target, mut spare) = (one, other);
        // The text is in `spare`, once a step has written it.
        let (mut in_buffer, mut part) = (false, 0..text.len());
        let mut steps = self.steps.iter();
        while let Some(step) = steps.next() {
            let now = if in_buffer { &spare[part.clone()] } else { &text[part.clone()] };
            target.clear();
            match step.run(now, target) {
                Outcome::Part(inner) => part = part.start + inner.start..part.start + inner.end,
                Outcome::Written => {
                    part = 0..target.len();
                    in_buffer = true;
                    std::mem::swap(&mut target, &mut spare);
                }
                Outcome::Skip(0) => {}
                Outcome::Skip(count) => drop(steps.nth(count - 1)),
            }
        }
        out.extend_from_slice(if in_buffer { &spare[part] } else { &text[part] });
    }

    /// The text, transformed, and where each byte of it stood.
    pub fn traced(&self, text: &[u8]) -> Traced {
        let mut traced = Traced::new(text);
        let mut steps = self.steps.iter();
        while let Some(step) = steps.next() {
            let mut tracer = Tracer { before: &traced, after: Traced::default() };
            match step.run(&traced.text, &mut tracer) {
                Outcome::Part(part) => traced = traced.slice(part),
                Outcome::Written => traced = tracer.after,
                Outcome::Skip(0) => {}
                Outcome::Skip(count) => drop(steps.nth(count - 1)),
            }
        }
        traced
    }
}
