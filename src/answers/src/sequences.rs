//! Answers that are sequences: brackets, and sorted words.

use std::ops::Range;

use crate::characters::is_empty;
use crate::languages::Role;
use crate::phrases::{Event, Mark};
use crate::plain::Plain;

/// Where in the source the last announcement of an answer ends.
pub(crate) fn announced(plain: &Plain, source: &str, events: &[Event]) -> Option<usize> {
    let (mut announced, mut end, mut last) = (false, 0, None);
    // The next words may look like another announcement.
    let mut found = false;
    for event in events {
        let joined = end <= event.start && is_empty(&plain.text[end..event.start]) || event.start < end;
        match event.mark {
            Mark::Phrase(Role::Next) if last.is_some() => break,
            Mark::Stop | Mark::Line | Mark::Question => (announced, found) = (false, false),
            Mark::Phrase(Role::Announce) if !found => announced = true,
            Mark::Phrase(Role::Copula | Role::Would) | Mark::Colon if announced => {
                last = Some(*event);
                (announced, found) = (false, true);
            }
            Mark::Colon if found && joined && last.is_some_and(|last: Event| last.end == end) => last = Some(*event),
            _ => {}
        }
        end = end.max(event.end);
    }
    last.map(|event| plain.span(source, event.start..event.end).end)
}

fn is_bracket(c: char) -> bool {
    "()[]{}<>".contains(c)
}

fn is_mark(c: char) -> bool {
    matches!(c, '`' | '*' | '"' | '\'' | '”' | '’' | '.') || c.is_whitespace()
}

/// What may stand between one bracket and the next.
const JOINING: [&str; 4] = [" and then ", " and ", " then ", ", then "];

/// Brackets in `source` from `from` on: those that stand there first, and only brackets.
pub(crate) fn brackets(source: &str, from: usize) -> Option<(String, Range<usize>)> {
    let is_markup = |c: char| c.is_whitespace() || "`\"*$:'\\“”‘’,".contains(c);
    let mut found = String::new();
    let mut span = from..from;
    let mut joined = from;
    for (at, c) in source[from..].char_indices() {
        if from + at < joined {
            continue;
        }
        if let Some(word) = JOINING.iter().find(|word| !found.is_empty() && source[from + at..].starts_with(**word)) {
            joined = from + at + word.len();
        } else if is_bracket(c) {
            if found.is_empty() {
                span.start = from + at;
            } else {
                found.push(' ');
            }
            found.push(c);
            span.end = from + at + 1;
        } else if c == '\n' && !found.is_empty() || !is_markup(c) {
            break;
        }
    }
    (!found.is_empty()).then_some((found, span))
}

/// The brackets of the last line, if it has nothing else, or the last that close in it.
pub(crate) fn last_brackets(source: &str) -> Option<(String, Range<usize>)> {
    let end = source.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '`' | '*' | '.')).len();
    let start = source[..end].rfind('\n').map_or(0, |at| at + 1);
    let is_rest = |span: &Range<usize>| source[span.end..end].chars().all(is_mark);
    let whole = brackets(source, start).filter(|(_, span)| is_rest(span));
    whole.or_else(|| closing_brackets(source, start..end).filter(|(_, span)| is_rest(span)))
}

/// The last run of brackets in `line`, if all of them close.
fn closing_brackets(source: &str, line: Range<usize>) -> Option<(String, Range<usize>)> {
    let (mut from, mut last) = (line.start, None);
    while let Some(at) = source[from..line.end].find(is_bracket) {
        let run = brackets(source, from + at)?;
        from = run.1.end;
        last = Some(run);
    }
    last.filter(|(found, _)| found.chars().all(|c| " )]}>".contains(c)))
}

/// The words in `source` from `from` on: those of the line, or of the lines after it if it is empty.
pub(crate) fn words(source: &str, from: usize, known: &[&str]) -> Option<(String, Range<usize>)> {
    let rest = &source[from..];
    let blank = rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | ':' | '`')).len();
    let skipped_line = rest[..blank].contains('\n');
    let start = from + blank;
    let block = &source[start..];
    let is_list = block.trim_start().starts_with(['1', '-']) || begins_with_words_on_lines(block);
    let end = if skipped_line && is_list { block.find("\n\n") } else { block.find('\n') };
    let end = end.unwrap_or(block.len());
    let mut found = Vec::new();
    for (word, place, ends) in tokens(source, start..start + end) {
        if !is_connector(word, known) {
            found.push((word, place));
            if ends {
                break;
            }
        }
    }
    joined(&found)
}

/// Whether the first two lines have a word each.
fn begins_with_words_on_lines(block: &str) -> bool {
    let mut lines = block.lines().map(str::trim);
    let mut is_word = || lines.next().is_some_and(|line| !line.is_empty() && !line.contains([' ', ',']));
    is_word() && is_word()
}

/// The last of the known words, if they are all that there are.
pub(crate) fn last_words(source: &str, known: &[&str]) -> Option<(String, Range<usize>)> {
    if known.is_empty()
        && !source.trim().contains('\n')
        && let Some(colon) = source.trim_end().rfind(": ")
        && !has_sentences(&source[colon..])
    {
        return words(source, colon + 1, known);
    }
    let all = tokens(source, 0..source.len());
    if known.is_empty() {
        let found: Vec<_> = all.map(|(word, place, _)| (word, place)).collect();
        let mut lines = source.trim().lines().filter(|line| !line.trim().is_empty());
        let is_list = lines.clone().count() == found.len() || lines.nth(1).is_none();
        return if is_list && !has_sentences(source) { joined(&found) } else { None };
    }
    let mut sorted: Vec<String> = known.iter().map(|word| word.to_lowercase()).collect();
    sorted.sort_unstable();
    let found: Vec<_> = all
        .filter(|(word, ..)| sorted.binary_search(&word.to_lowercase()).is_ok())
        .map(|(word, place, _)| (word, place))
        .collect();
    let last = &found[found.len().checked_sub(known.len())?..];
    let mut given: Vec<String> = last.iter().map(|(word, _)| word.to_lowercase()).collect();
    given.sort_unstable();
    if given == sorted { joined(last) } else { None }
}

/// Whether a sentence ends before the end. "1. " marks an item.
fn has_sentences(source: &str) -> bool {
    source.match_indices(". ").any(|(at, _)| source[..at].ends_with(char::is_alphabetic))
}

fn joined(found: &[(&str, Range<usize>)]) -> Option<(String, Range<usize>)> {
    let span = found.first()?.1.start..found.last()?.1.end;
    let words: Vec<&str> = found.iter().map(|(word, _)| *word).collect();
    Some((words.join(" "), span))
}

/// The words of a stretch, without marks around them, where each stands, and whether a sentence ends with it.
fn tokens(source: &str, stretch: Range<usize>) -> impl Iterator<Item = (&str, Range<usize>, bool)> {
    let is_mark = |c: char| !c.is_alphanumeric();
    let text = &source[stretch.clone()];
    let parts = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '"' | '{' | '}' | '$' | '、' | '，'));
    parts.filter_map(move |part| {
        let word = part.trim_matches(is_mark);
        let number = word.bytes().all(|byte| byte.is_ascii_digit()) && part.ends_with(['.', ')', ':']);
        if word.is_empty() || number || part.starts_with('\\') {
            return None;
        }
        let start = word.as_ptr() as usize - source.as_ptr() as usize;
        Some((word, start..start + word.len(), part.trim_end_matches(['*', '"', '`']).ends_with(['.', '!'])))
    })
}

/// Whether a word only joins others, and is none of those that are sorted.
fn is_connector(word: &str, known: &[&str]) -> bool {
    ["and", "then", "finally", "lastly", "first", "followed", "by", "und", "y", "et"].contains(&word)
        && !known.contains(&word)
}
