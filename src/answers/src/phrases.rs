//! All phrases of all languages, found in a text in one pass.
//!
//! An Aho-Corasick automaton finds them; of phrases inside others the longest counts.

use std::collections::HashMap;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::characters::{after, before, is_line_start, is_word};
use crate::languages::{LANGUAGES, Role};

/// What stands between clauses and joins them, whatever the language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mark {
    /// A phrase.
    Phrase(Role),
    /// A colon, an arrow, or the border of a table's cell.
    Colon,
    /// An equals sign.
    Equals,
    /// A sentence ends.
    Stop,
    /// A question ends.
    Question,
    /// A line ends.
    Line,
}

const PUNCTUATION: [(&str, Mark); 8] = [
    (":", Mark::Colon),
    ("|", Mark::Colon),
    ("=", Mark::Equals),
    (". ", Mark::Stop),
    ("! ", Mark::Stop),
    ("; ", Mark::Stop),
    ("?", Mark::Question),
    ("\n", Mark::Line),
];

/// A phrase in a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Event {
    pub(crate) mark: Mark,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

struct Automaton {
    search: AhoCorasick,
    patterns: Vec<Pattern>,
}

struct Pattern {
    mark: Mark,
    /// Whether it begins or ends with a letter that other letters may join.
    begins_word: bool,
    ends_word: bool,
}

static AUTOMATON: LazyLock<Option<Automaton>> = LazyLock::new(|| {
    let mut known: HashMap<&str, Mark> = HashMap::new();
    let mut phrases: Vec<&str> = Vec::new();
    let listed = LANGUAGES.iter().flat_map(|language| language.iter()).flat_map(|(role, phrases)| {
        phrases.iter().map(|phrase| (*phrase, Mark::Phrase(*role)))
    });
    for (phrase, mark) in PUNCTUATION.into_iter().chain(listed) {
        // What means something else in a language further down.
        known.entry(phrase).or_insert_with(|| {
            phrases.push(phrase);
            mark
        });
    }
    let patterns = phrases.iter().map(|phrase| Pattern {
        mark: known[phrase],
        begins_word: phrase.chars().next().is_some_and(is_word),
        ends_word: phrase.chars().next_back().is_some_and(is_word),
    });
    let patterns = patterns.collect();
    let search = AhoCorasick::builder()
        .match_kind(MatchKind::Standard)
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .ascii_case_insensitive(true)
        .build(&phrases)
        .ok()?;
    Some(Automaton { search, patterns })
});

/// The phrases in a text, in order; none inside another.
pub(crate) fn events(text: &str) -> Vec<Event> {
    let mut found: Vec<Event> = Vec::new();
    let Some(automaton) = &*AUTOMATON else { return found };
    for hit in automaton.search.find_overlapping_iter(text) {
        let (start, end) = (hit.start(), hit.end());
        let pattern = &automaton.patterns[hit.pattern().as_usize()];
        if pattern.begins_word && before(text, start).is_some_and(is_word)
            || pattern.ends_word && after(text, end).is_some_and(is_word)
        {
            continue;
        }
        let inside = found.last().is_some_and(|last| last.start <= start && end <= last.end);
        let elsewhere = pattern.mark == Mark::Phrase(Role::Next) && !is_line_start(text, start);
        if inside || elsewhere {
            continue;
        }
        while found.last().is_some_and(|last| start <= last.start) {
            found.pop();
        }
        found.push(Event { mark: pattern.mark, start, end });
    }
    found
}
