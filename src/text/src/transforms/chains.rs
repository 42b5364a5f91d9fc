//! Whisper's normalisers as chains of steps.

use super::spellings::Spellings;
use super::step::{Guard, Step};
use super::unicode_forms::UnicodeForm;
use super::whisper::{self, Rule};
use super::words::Replacement;
use crate::pystr::Case;

/// The steps of the normaliser for any language.
pub(super) fn basic(steps: &mut Vec<Step>, remove_diacritics: bool, split_letters: bool, preserve_marks: bool) {
    let (form, clean) = if remove_diacritics {
        (UnicodeForm::Nfkd, Rule::SymbolsAndDiacritics { keep: "" })
    } else {
        (UnicodeForm::Nfkc, Rule::Symbols { preserve_marks })
    };
    steps.extend([Step::Case(Case::Lower), Step::Bracketed, Step::Whisper(Rule::Parentheses)]);
    steps.extend([Step::Normalize(form), Step::Whisper(clean), Step::Case(Case::Lower)]);
    if split_letters {
        steps.push(Step::Whisper(Rule::Graphemes));
    }
    steps.push(Step::EachSpace);
}

/// The steps of the normaliser of English.
pub(super) fn english(steps: &mut Vec<Step>, spellings: &Spellings) {
    let rule = Step::Whisper;
    steps.extend([Step::Case(Case::Lower), Step::Bracketed]);
    steps.extend([Rule::Parentheses, Rule::Hesitations, Rule::SpaceBeforeApostrophe].map(rule));
    // In this order: what one writes, the next ones may change.
    for (replacements, bounded_before, guard) in [
        (&whisper::CONTRACTED[..], true, Guard::Apostrophe),
        (&whisper::ABBREVIATED[..], true, Guard::Abbreviation),
        (&whisper::ENDINGS[..], false, Guard::Apostrophe),
    ] {
        steps.push(Step::Unless(guard, replacements.len()));
        let replaced = |(short, long): &(&str, &str)| {
            Step::Replace(Box::new(Replacement::new(short.as_bytes(), long.as_bytes(), bounded_before, true)))
        };
        steps.extend(replacements.iter().map(replaced));
    }
    steps.extend([Rule::DigitCommas, Rule::Periods].map(rule));
    steps.push(Step::Normalize(UnicodeForm::Nfkd));
    steps.push(rule(Rule::SymbolsAndDiacritics { keep: ".%$¢€£" }));
    let numbers = Rule::Numbers(spellings.clone());
    steps.extend([Rule::Halves, Rule::DigitBorders, Rule::DigitSuffixes, numbers].map(rule));
    steps.extend([Rule::Cents, Rule::OnlyCents, Rule::Ones, Rule::LoneSigns, Rule::LonePercent].map(rule));
    steps.push(Step::EachSpace);
}
