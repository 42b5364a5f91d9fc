//! All phrases of all languages, found in a text in one pass.
//!
//! At the start of each word, or of each character of writing without blanks, a table is asked for the phrases that
//! begin so; the longest that stands there counts, unless it is inside another. The key is the first eight bytes of the
//! word, so that most words cost one look into the table.

use std::sync::LazyLock;

use crate::characters::{after, before, is_line, is_line_start, is_word};
use crate::languages::{LANGUAGES, Language, Role};

/// What stands between clauses and joins them, whatever the language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mark {
    /// A phrase.
    Phrase(Role),
    /// A colon, or the border of a table's cell.
    Colon,
    /// An equals sign or an arrow.
    Equals,
    /// A sentence ends.
    Stop,
    /// A question ends.
    Question,
    /// A line ends.
    Line,
}

/// A phrase in a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Event {
    pub(crate) mark: Mark,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// What one pass over a text finds.
#[derive(Default)]
pub(crate) struct Scanned {
    /// The phrases in order; none inside another.
    pub(crate) events: Vec<Event>,
    /// Where single ASCII letters stand, with no ASCII letter or digit beside them.
    pub(crate) letters: Vec<usize>,
    /// The language that most of the phrases are of.
    pub(crate) language: Option<&'static Language>,
}

struct Phrase {
    text: &'static str,
    role: Role,
    /// The number of the language that it is of.
    language: usize,
    /// A bit for each language that has it; none if it is a sign, and no word.
    languages: u16,
    /// Whether it is a word so short that it means something else in many languages.
    is_short: bool,
    /// The eight bytes after its key, as [`lowered`] makes them, and which of them count.
    next: u64,
    counted: u64,
    /// Whether it ends with a letter that others may join.
    ends_word: bool,
}

/// Phrases by the key of what they begin with, the longer ones first.
struct Table {
    phrases: Vec<Phrase>,
    slots: Vec<Slot>,
    /// A bit for the hash of each key: most words are none, and the slots are too many for the nearest cache.
    known: Vec<u64>,
}

/// The most letters of a short word.
const SHORT: usize = 3;

/// How many hashes of keys are told apart.
const HASHES: usize = 1 << 16;

fn hash(key: u64) -> u64 {
    key.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

#[derive(Clone, Copy, Default)]
struct Slot {
    key: u64,
    start: u32,
    end: u32,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut phrases: Vec<Phrase> = Vec::new();
    for (number, language) in LANGUAGES.iter().enumerate() {
        for (role, texts) in language.phrases {
            phrases.extend(texts.iter().map(|text| Phrase::new(text, *role, number)));
        }
    }
    let key_of = |phrase: &Phrase| key(phrase.text.as_bytes(), 0).0;
    // Of equal ones that of a certain place goes first.
    phrases.sort_by_key(|phrase| {
        (key_of(phrase), usize::MAX - phrase.text.len(), phrase.text, phrase.role != Role::Closing, phrase.language)
    });
    // Those of the same text stand together.
    for alike in phrases.chunk_by_mut(|one, other| one.text == other.text) {
        let languages = alike.iter().fold(0, |languages, phrase| languages | phrase.languages);
        alike.iter_mut().for_each(|phrase| phrase.languages = languages);
    }
    let slots = vec![Slot::default(); (2 * phrases.len()).next_power_of_two()];
    let mut table = Table { phrases, slots, known: vec![0; HASHES / 64] };
    let mut start = 0;
    while start < table.phrases.len() {
        let key = key_of(&table.phrases[start]);
        let same = table.phrases[start..].iter().take_while(|phrase| key_of(phrase) == key).count();
        let at = table.free(key);
        table.slots[at] = Slot { key, start: start as u32, end: (start + same) as u32 };
        let (word, bit) = place_of(key);
        table.known[word] |= bit;
        start += same;
    }
    table
});

/// Which bit of which number says that a key is known.
fn place_of(key: u64) -> (usize, u64) {
    let place = (hash(key) >> 48) as usize;
    (place / 64, 1 << (place % 64))
}

impl Table {
    /// The slot of a key, or the free one where it belongs.
    fn free(&self, key: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = (hash(key) >> 40) as usize & mask;
        while self.slots[at].end > 0 && self.slots[at].key != key {
            at = (at + 1) & mask;
        }
        at
    }

    /// The longest phrase that stands at `at`, where the text begins with this key of `len` bytes.
    fn longest(&self, key: u64, len: usize, text: &str, at: usize) -> Option<&Phrase> {
        let (word, bit) = place_of(key);
        if self.known[word] & bit == 0 {
            return None;
        }
        let Slot { start, end, .. } = self.slots[self.free(key)];
        if end == 0 {
            return None;
        }
        let next = lowered(eight(text.as_bytes(), at + len));
        let same = |phrase: &&Phrase| (phrase.next ^ next) & phrase.counted == 0 && phrase.stands_at(text, at);
        self.phrases[start as usize..end as usize].iter().find(same)
    }
}

impl Table {
    /// What a phrase of several languages means in one of them.
    fn role_in(&self, language: usize, phrase: &Phrase) -> Option<Role> {
        if phrase.languages & 1 << language == 0 {
            return None;
        }
        let (key, _) = key(phrase.text.as_bytes(), 0);
        let Slot { start, end, .. } = self.slots[self.free(key)];
        let is_own = |other: &&Phrase| other.text == phrase.text && other.language == language;
        let own = self.phrases[start as usize..end as usize].iter().find(is_own);
        own.filter(|own| own.role != Role::Closing && phrase.role != Role::Closing).map(|own| own.role)
    }
}

impl Phrase {
    fn new(text: &'static str, role: Role, language: usize) -> Self {
        let bytes = text.as_bytes();
        let (_, len) = key(bytes, 0);
        let counted = first_bytes(bytes.len() - len);
        Self {
            text,
            role,
            language,
            languages: if text.starts_with(char::is_alphanumeric) { 1 << language } else { 0 },
            is_short: text.len() <= SHORT && text.bytes().all(|byte| byte.is_ascii_alphabetic()),
            next: lowered(eight(bytes, len)) & counted,
            counted,
            ends_word: text.chars().next_back().is_some_and(is_word),
        }
    }

    fn stands_at(&self, text: &str, at: usize) -> bool {
        let end = at + self.text.len();
        text.as_bytes().get(at..end).is_some_and(|found| found.eq_ignore_ascii_case(self.text.as_bytes()))
            && !(self.ends_word && after(text, end).is_some_and(is_word))
            && match self.role {
                Role::Next => is_line_start(text, at),
                Role::Closing => is_line(text, at, end),
                _ => true,
            }
    }
}

const HIGH: u64 = 0x8080_8080_8080_8080;
const ONES: u64 = 0x0101_0101_0101_0101;

/// The eight bytes at `at`, or as many as there are, as a number.
fn eight(bytes: &[u8], at: usize) -> u64 {
    if let Some(eight) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        return u64::from_le_bytes(*eight);
    }
    let mut last = [0; 8];
    let rest = bytes.get(at..).unwrap_or_default();
    last[..rest.len()].copy_from_slice(rest);
    u64::from_le_bytes(last)
}

/// Capitals as small letters; other bytes may change as well, but always alike.
fn lowered(eight: u64) -> u64 {
    eight | (0x20 * ONES)
}

/// Which bits of eight bytes the first `len` have.
fn first_bytes(len: usize) -> u64 {
    if len < 8 { (1 << (8 * len)) - 1 } else { u64::MAX }
}

/// How many of eight bytes, from the first on, are ASCII letters and digits.
fn run(eight: u64) -> usize {
    let within = |bytes: u64, first: u8, last: u8| {
        let above = bytes + u64::from(0x80 - first) * ONES;
        let beyond = bytes + u64::from(0x7F - last) * ONES;
        above & !beyond
    };
    let plain = eight & !HIGH;
    let word = (within(lowered(plain), b'a', b'z') | within(plain, b'0', b'9')) & HIGH & !eight;
    ((word ^ HIGH).trailing_zeros() / 8) as usize
}

/// What a text begins with at `at`, as a number, and how long it is: ASCII letters and digits, of which eight count, or
/// another character.
fn key(bytes: &[u8], at: usize) -> (u64, usize) {
    let first = eight(bytes, at);
    let counted = run(first);
    if counted > 0 {
        let mut len = counted;
        while len.is_multiple_of(8) {
            match run(eight(bytes, at + len)) {
                0 => break,
                more => len += more,
            }
        }
        return (lowered(first) & first_bytes(counted), len);
    }
    let len = match bytes[at] {
        0..0xC0 => 1,
        0xC0..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    };
    (first & first_bytes(len), len.min(bytes.len() - at))
}

/// What stands between clauses at `at`: what it is, and how long.
fn punctuation(bytes: &[u8], at: usize) -> Option<(Mark, usize)> {
    let stop = |mark| if bytes.get(at + 1) == Some(&b' ') { Some((mark, 2)) } else { None };
    match bytes[at] {
        b':' | b'|' => Some((Mark::Colon, 1)),
        b'=' => Some((Mark::Equals, 1)),
        b'.' | b'!' | b';' => stop(Mark::Stop),
        b'?' => Some((Mark::Question, 1)),
        b'\n' => Some((Mark::Line, 1)),
        _ => None,
    }
}

/// Finds the phrases and the single letters of a text.
pub(crate) fn scan(text: &str) -> Scanned {
    let table = &*TABLE;
    let bytes = text.as_bytes();
    let mut found = Scanned { events: Vec::with_capacity(8 + text.len() / 16), ..Scanned::default() };
    let (mut at, mut reached) = (0, 0);
    let mut phrases = [0_usize; LANGUAGES.len()];
    // Those that may mean something else or nothing in the language of the text.
    let mut ambiguous: Vec<(usize, &Phrase)> = Vec::new();
    while at < bytes.len() {
        let byte = bytes[at];
        if byte == b' ' {
            at += 1;
            continue;
        }
        if !byte.is_ascii_alphanumeric()
            && let Some((mark, len)) = punctuation(bytes, at)
        {
            if at + len > reached {
                found.events.push(Event { mark, start: at, end: at + len });
                reached = at + len;
            }
            at += 1;
            continue;
        }
        let (key, len) = key(bytes, at);
        if len == 1 && byte.is_ascii_alphabetic() {
            found.letters.push(at);
        }
        if let Some(phrase) = table.longest(key, len, text, at)
            && at + phrase.text.len() > reached
            && !(is_word_at(text, at) && before(text, at).is_some_and(is_word))
        {
            reached = at + phrase.text.len();
            if !phrase.languages.is_power_of_two() || phrase.is_short {
                ambiguous.push((found.events.len(), phrase));
            }
            let mut languages = phrase.languages;
            while languages > 0 {
                phrases[languages.trailing_zeros() as usize] += 1;
                languages &= languages - 1;
            }
            found.events.push(Event { mark: Mark::Phrase(phrase.role), start: at, end: reached });
        }
        at += len;
    }
    if let Some(language) = most_frequent(&phrases) {
        found.language = Some(&LANGUAGES[language]);
        let mut foreign = Vec::new();
        for (number, phrase) in ambiguous {
            if phrase.language == language {
                continue;
            }
            match table.role_in(language, phrase) {
                Some(role) => found.events[number].mark = Mark::Phrase(role),
                None if phrase.is_short => foreign.push(number),
                None => {}
            }
        }
        without(&mut found.events, &foreign);
    }
    found
}

/// Leaves out the events with these numbers, which are in order.
fn without(events: &mut Vec<Event>, numbers: &[usize]) {
    let mut numbers = numbers.iter().peekable();
    let mut number = 0;
    events.retain(|_| {
        let goes = numbers.next_if(|next| **next == number).is_some();
        number += 1;
        !goes
    });
}

/// The place of the largest number, if one is larger than all others.
fn most_frequent(numbers: &[usize]) -> Option<usize> {
    let most = numbers.iter().max().filter(|most| **most > 0)?;
    let mut places = (0..numbers.len()).filter(|place| numbers[*place] == *most);
    places.next().filter(|_| places.next().is_none())
}

fn is_word_at(text: &str, at: usize) -> bool {
    after(text, at).is_some_and(is_word)
}
