//! Short answers as evaluate, SQuAD, MLQA, TriviaQA and HELM read them before they compare.
//!
//! HELM strips predictions before all else, and references not; where that shows, an answer has a [`Side`].
//!
//! Each takes an answer apart in its own way: the whole text, its words without articles, its last number, the
//! members of a set. What is left are tokens, so that all that remains to be asked is whether and how far
//! they are the same.

use memchr::memmem;
use textgauge_kernels::token_key::{self, INLINE_BYTES, Key};

use crate::long::LongTokenTable;
use crate::pipeline::{Answer, Language, Side, Tokenizer};
use crate::pystr;
use crate::sacrebleu::RuleTokenizer;

/// What reading takes, of the reader's own.
pub(crate) struct Tools<'r> {
    /// For what is left of a text.
    pub(crate) kept: &'r mut Vec<u8>,
    pub(crate) rules: &'r mut RuleTokenizer,
    pub(crate) long: &'r mut LongTokenTable,
}

/// Appends the keys of what is compared of `text`.
pub(crate) fn read(answer: Answer, text: &[u8], tools: Tools<'_>, keys: &mut Vec<Key>) {
    let Tools { kept, rules, long } = tools;
    let of_side = |side: Side| if side == Side::Hypothesis { pystr::trim(text) } else { text };
    let mut key_of_all = |text: &[u8]| {
        if !text.is_empty() {
            keys.push(long.key(text));
        }
    };
    match answer {
        Answer::Whole { no_punct, no_numbers } => {
            let removed = Removed { no_punct, no_numbers };
            let mut text =
                if no_punct | no_numbers { without(|byte| removed.contains(byte), text, kept) } else { text };
            while let [rest @ .., 0] = text {
                text = rest;
            }
            key_of_all(text);
        }
        Answer::Stripped => key_of_all(pystr::trim(text)),
        Answer::StrippedCharacters => keys.extend(characters(pystr::trim(text))),
        Answer::Words { .. } | Answer::TriviaWords => {
            let text = match answer {
                Answer::TriviaWords => without_trivia_punctuation(text, kept),
                _ => without(|byte| byte.is_ascii_punctuation(), text, kept),
            };
            let articles = articles_of(answer);
            if !is_plain(text) {
                return words(text, articles, |word| keys.push(long.key(word)));
            }
            let first = keys.len();
            rules.tokenize(Tokenizer::Whitespace, text, long, keys);
            remove_articles(articles, first, keys);
        }
        Answer::WordsOf(language) => {
            let text = without_punctuation(text, kept);
            let mut token = |token: &[u8]| keys.push(long.key(token));
            match language {
                Language::Chinese => pystr::split_whitespace(text).for_each(|word| chinese_words(word, &mut token)),
                Language::Arabic => pystr::split_whitespace(text).for_each(|word| {
                    let word = word.strip_prefix(ARABIC_ARTICLE.as_bytes()).unwrap_or(word);
                    if !word.is_empty() {
                        token(word);
                    }
                }),
                _ => words(text, articles_of(answer), token),
            }
        }
        Answer::WordCharacters => {
            let first = keys.len();
            words(without(|byte| byte.is_ascii_punctuation(), text, kept), &ENGLISH, |word| {
                if keys.len() > first {
                    keys.push(Key::of_code_point(u32::from(b' ')));
                }
                keys.extend(characters(word));
            });
        }
        Answer::FinalNumber => {
            let number = final_number(text);
            key_of_all(pystr::trim(without(|byte| byte == b',', number, kept)));
        }
        Answer::LastPiece(side) => {
            let text = of_side(side);
            let start = memchr::memrchr(b' ', text).map_or(0, |blank| blank + 1);
            key_of_all(pystr::trim(&text[start..]));
        }
        Answer::Members(side) => members(side, of_side(side), kept, |member| keys.push(long.key(member))),
        Answer::Integer(side) => {
            let text = without(|byte| byte == b',', of_side(side), kept);
            keys.extend(integer(text).map(Key::of_integer));
        }
    }
}

/// The text without some of its ASCII characters.
fn without<'k>(removed: impl Fn(u8) -> bool, text: &[u8], kept: &'k mut Vec<u8>) -> &'k [u8] {
    kept.clear();
    kept.resize(text.len(), 0);
    let mut end = 0;
    for &byte in text {
        // Written in either case: where punctuation stands is nothing that a branch predictor could learn.
        kept[end] = byte;
        end += usize::from(!removed(byte));
    }
    &kept[..end]
}

/// What [`Answer::Whole`] leaves out of texts.
#[derive(Clone, Copy)]
pub(crate) struct Removed {
    /// ASCII punctuation.
    pub(crate) no_punct: bool,
    /// ASCII digits.
    pub(crate) no_numbers: bool,
}

impl Removed {
    fn contains(self, byte: u8) -> bool {
        self.no_punct & byte.is_ascii_punctuation() | self.no_numbers & byte.is_ascii_digit()
    }
}

/// Whether [`read`] finds the same in two texts with [`Answer::Whole`], as far as ASCII tells that without another look:
/// `None` where other characters come before a difference, or a NUL, which may stand at the end.
#[inline]
pub(crate) fn same_plain_texts(removed: Removed, lowercase: bool, left: &[u8], right: &[u8]) -> Option<bool> {
    if left == right {
        return Some(true);
    }
    let next = |text: &mut std::slice::Iter<'_, u8>| {
        let byte = text.find(|&&byte| !removed.contains(byte)).copied();
        if lowercase { byte.map(|byte| byte.to_ascii_lowercase()) } else { byte }
    };
    let (mut left, mut right) = (left.iter(), right.iter());
    loop {
        let both = [next(&mut left), next(&mut right)];
        if both.iter().flatten().any(|&byte| byte == 0 || !byte.is_ascii()) {
            return None;
        }
        match both {
            [None, None] => return Some(true),
            [left, right] if left != right => return Some(false),
            _ => {}
        }
    }
}

/// The text without punctuation: of Unicode, and what else ASCII has that is no letter, digit or blank.
fn without_punctuation<'k>(text: &[u8], kept: &'k mut Vec<u8>) -> &'k [u8] {
    kept.clear();
    for (at, code_point) in pystr::code_points(text) {
        let ascii = u8::try_from(code_point).is_ok_and(|byte| byte.is_ascii_punctuation());
        if !ascii && !pystr::is_punctuation(code_point) {
            kept.extend_from_slice(&text[at..at + pystr::decode(&text[at..]).1]);
        }
    }
    kept
}

/// The text with blanks in place of ASCII punctuation and of the quotation marks that TriviaQA adds to it.
fn without_trivia_punctuation<'k>(text: &[u8], kept: &'k mut Vec<u8>) -> &'k [u8] {
    kept.clear();
    for (at, code_point) in pystr::code_points(text) {
        match char::from_u32(code_point) {
            Some('\u{2018}' | '\u{2019}' | '\u{b4}') => kept.push(b' '),
            Some(character) if character.is_ascii_punctuation() => kept.push(b' '),
            _ => kept.extend_from_slice(&text[at..at + pystr::decode(&text[at..]).1]),
        }
    }
    kept
}

/// Shows a word's Chinese characters one by one, as far as MLQA's script knows them, and what stands between them.
fn chinese_words(word: &[u8], token: &mut impl FnMut(&[u8])) {
    let mut start = 0;
    for (at, code_point) in pystr::code_points(word) {
        if (0x4e00..=0x9fa5).contains(&code_point) {
            let end = at + pystr::decode(&word[at..]).1;
            if start < at {
                token(&word[start..at]);
            }
            token(&word[at..end]);
            start = end;
        }
    }
    if start < word.len() {
        token(&word[start..]);
    }
}

fn characters(text: &[u8]) -> impl Iterator<Item = Key> + '_ {
    pystr::code_points(text).map(|(_, code_point)| Key::of_code_point(code_point))
}

/// Whether there is nothing but letters, digits and white space of ASCII, so that only whole words can be articles.
fn is_plain(text: &[u8]) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() | matches!(byte, 0x09..=0x0d | 0x1c..=0x20);
    text.iter().fold(true, |plain, &byte| plain & is_plain(byte))
}

/// What [`simple_words`] makes of each byte: its lower case, or one of three others; `punctuation` is one of them.
const fn classes(punctuation: u8) -> [u8; 256] {
    let mut classes = [NOT_SIMPLE; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        classes[byte as usize] = match byte {
            0x09..=0x0d | 0x1c..=0x20 => BLANK,
            _ if byte.is_ascii_punctuation() => punctuation,
            b'A'..=b'Z' => byte.to_ascii_lowercase(),
            _ if byte.is_ascii_alphanumeric() => byte,
            _ => NOT_SIMPLE,
        };
        byte += 1;
    }
    classes
}
static PUNCTUATION_DROPPED: [u8; 256] = classes(DROPPED);
static PUNCTUATION_BLANK: [u8; 256] = classes(BLANK);
const BLANK: u8 = 0;
const DROPPED: u8 = 1;
const NOT_SIMPLE: u8 = 2;

/// What each byte of an answer is, if that is words.
fn classes_of(answer: Answer) -> Option<&'static [u8; 256]> {
    match answer {
        Answer::Words { .. } | Answer::WordsOf(_) => Some(&PUNCTUATION_DROPPED),
        Answer::TriviaWords => Some(&PUNCTUATION_BLANK),
        _ => None,
    }
}

/// Whether [`read`] finds the same words in two texts in lower case, as far as their bytes and the letters in them tell:
/// `None` where they are not the same but have the same letters, but for those of articles.
#[inline]
pub(crate) fn same_words(answer: Answer, left: &[u8], right: &[u8]) -> Option<bool> {
    classes_of(answer)?;
    if left == right {
        return Some(true);
    }
    let [left, right] = [left, right].map(letters_in);
    // Beyond ASCII there are letters whose lower case is one of these.
    let hidden = if (left | right) & NOT_ASCII == 0 { 0 } else { letter(b'k') | letter(b'i') };
    let uncertain = articles_of(answer).letters | hidden | NOT_ASCII;
    ((left ^ right) & !uncertain != 0).then_some(false)
}

/// A bit for each letter, whatever its case, and each digit; and one for all bytes beyond ASCII.
static LETTERS: [u64; 256] = {
    let mut letters = [NOT_ASCII; 256];
    let mut byte = 0;
    while byte < 0x80 {
        letters[byte as usize] = letter(byte);
        byte += 1;
    }
    letters
};
const NOT_ASCII: u64 = 1 << 63;

/// The bit of a letter or digit of ASCII; none for another byte.
const fn letter(byte: u8) -> u64 {
    match byte.to_ascii_lowercase() {
        letter @ b'a'..=b'z' => 1 << (letter - b'a'),
        digit @ b'0'..=b'9' => 1 << (26 + digit - b'0'),
        _ => 0,
    }
}

/// The bits of all letters and digits in a text.
fn letters_in(text: &[u8]) -> u64 {
    text.iter().fold(0, |letters, &byte| letters | LETTERS[usize::from(byte)])
}

/// As [`read`] of the text in lower case if the answer is words, in one pass, if the text is short and has
/// nothing but ASCII that can be seen and no long words: most answers are so. Whether it was.
pub(crate) fn simple_words(answer: Answer, text: &[u8], keys: &mut Vec<Key>) -> bool {
    const MOST_BYTES: usize = 63;
    let Some(classes) = classes_of(answer).filter(|_| text.len() <= MOST_BYTES) else { return false };
    if few_words(text, answer == Answer::TriviaWords, articles_of(answer), keys) {
        return true;
    }
    // Without branches up to here: where words end and punctuation stands, none could be foreseen.
    let mut kept = [BLANK; MOST_BYTES + 1 + 16];
    let (mut end, mut blanks, mut is_simple) = (0, 0_u64, true);
    for &byte in text {
        let class = classes[usize::from(byte)];
        kept[end & MOST_BYTES] = class;
        blanks |= u64::from(class == BLANK) << end;
        end += usize::from(class != DROPPED);
        is_simple &= class != NOT_SIMPLE;
    }
    blanks |= 1 << end;
    let (first, mut start) = (keys.len(), 0);
    while blanks != 0 {
        let end = blanks.trailing_zeros() as usize;
        blanks &= blanks - 1;
        let len = end - start;
        if len > 0 {
            is_simple &= len <= INLINE_BYTES;
            let bytes = kept[start..start + 16].first_chunk().map_or(0, |bytes| u128::from_le_bytes(*bytes));
            let word = bytes & !(u128::MAX << (8 * len.min(INLINE_BYTES)));
            keys.push(Key::from_bits(word | (len as u128) << 120));
        }
        start = end + 1;
    }
    if is_simple {
        remove_articles(articles_of(answer), first, keys);
    } else {
        keys.truncate(first);
    }
    is_simple
}

/// As [`simple_words`] if the text is so short that it has room in a register, and has nothing but ASCII that can be
/// seen and blanks. Whether it was. With `cuts`, punctuation stands for blanks.
#[inline]
fn few_words(text: &[u8], cuts: bool, articles: &Articles, keys: &mut Vec<Key>) -> bool {
    const MOST_BYTES: usize = 16;
    if text.len() > MOST_BYTES {
        return false;
    }
    let mut bytes = token_key::load(text).to_le_bytes();
    // Arithmetic on bytes side by side, of which there are always sixteen: those behind the text are 0.
    let (mut is_word, mut is_visible, mut is_blank) = ([0; 16], [0; 16], [0; 16]);
    for at in 0..MOST_BYTES {
        let byte = bytes[at];
        let is_letter = u8::from((byte | 0x20).wrapping_sub(b'a') < 26);
        is_word[at] = is_letter | u8::from(byte.wrapping_sub(b'0') < 10);
        is_visible[at] = u8::from(byte.wrapping_sub(b'!') < 94);
        is_blank[at] = u8::from(byte == b' ');
        bytes[at] = byte | is_letter << 5;
    }
    let [words, visible, mut blanks] = [is_word, is_visible, is_blank].map(bits_of_flags);
    let mut len = text.len() as u32;
    if (visible | blanks).count_ones() != len {
        return false;
    }
    let mut bytes = u128::from_le_bytes(bytes);
    let mut punctuation = visible & !words;
    if cuts {
        blanks |= std::mem::take(&mut punctuation);
    }
    blanks |= 1 << len;
    while punctuation != 0 {
        // From the end, so that what comes before stays where it is.
        let at = punctuation.ilog2();
        punctuation ^= 1 << at;
        let (below, bits_below) = ((1_u128 << (8 * at)) - 1, (1_u32 << at) - 1);
        bytes = bytes & below | bytes >> 8 & !below;
        blanks = blanks & bits_below | blanks >> 1 & !bits_below;
        len -= 1;
    }
    if len > INLINE_BYTES as u32 && blanks == 1 << len {
        return false;
    }
    let mut start = 0;
    while blanks != 0 {
        let end = blanks.trailing_zeros();
        blanks &= blanks - 1;
        let len = end - start;
        if len > 0 {
            let word = bytes >> (8 * start) & !(u128::MAX << (8 * len));
            let key = Key::from_bits(word | u128::from(len) << 120);
            if len > articles.longest || !articles.contain(key) {
                keys.push(key);
            }
        }
        start = end + 1;
    }
    true
}

/// A bit for each of sixteen bytes that are 0 or 1.
#[inline]
fn bits_of_flags(flags: [u8; 16]) -> u32 {
    let flags = u128::from_le_bytes(flags);
    let bits = |half: u64| (half.wrapping_mul(0x0102_0408_1020_4080) >> 56) as u32;
    bits(flags as u64) | bits((flags >> 64) as u64) << 8
}

/// Words that are left out of an answer.
struct Articles {
    keys: &'static [Key],
    /// How many bytes the longest has.
    longest: u32,
    /// The [`LETTERS`] in them.
    letters: u64,
}

impl Articles {
    const fn new(keys: &'static [Key]) -> Self {
        let (mut letters, mut longest, mut number) = (0, 0, 0);
        while number < keys.len() {
            let len = (keys[number].high >> 56) as u32;
            longest = if len > longest { len } else { longest };
            let mut bytes = keys[number].low;
            while bytes != 0 {
                letters |= letter(bytes as u8);
                bytes >>= 8;
            }
            assert!(keys[number].high << 8 == 0, "an article of more than eight bytes");
            number += 1;
        }
        Self { keys, longest, letters }
    }

    #[inline]
    fn contain(&self, key: Key) -> bool {
        self.keys.contains(&key)
    }
}

/// The keys of articles.
const fn articles<const N: usize>(words: [&str; N]) -> [Key; N] {
    let mut keys = [Key { low: 0, high: 0 }; N];
    let mut number = 0;
    while number < N {
        let word = words[number].as_bytes();
        let (mut bits, mut at) = ((word.len() as u128) << 120, 0);
        while at < word.len() {
            bits |= (word[at] as u128) << (8 * at);
            at += 1;
        }
        keys[number] = Key::from_bits(bits);
        number += 1;
    }
    keys
}

// Those of SQuAD's script and of MLQA's.
static NONE: Articles = Articles::new(&[]);
static ENGLISH: Articles = Articles::new(const { &articles(["a", "an", "the"]) });
static SPANISH: Articles = Articles::new(const { &articles(["un", "una", "unos", "unas", "el", "la", "los", "las"]) });
static VIETNAMESE: Articles = Articles::new(const { &articles(["của", "là", "cái", "chiếc", "những"]) });
static GERMAN: Articles = Articles::new(
    const { &articles(["ein", "eine", "einen", "einem", "eines", "einer", "der", "die", "das", "den", "dem", "des"]) },
);
/// The article of Arabic, which is the beginning of a word.
const ARABIC_ARTICLE: &str = "ال";

/// The words that are left out of an answer.
fn articles_of(answer: Answer) -> &'static Articles {
    match answer {
        Answer::Words { articles: false } | Answer::TriviaWords | Answer::WordsOf(Language::English) => &ENGLISH,
        Answer::WordsOf(Language::Spanish) => &SPANISH,
        Answer::WordsOf(Language::Vietnamese) => &VIETNAMESE,
        Answer::WordsOf(Language::German) => &GERMAN,
        _ => &NONE,
    }
}

/// Takes articles out of the keys from `first` on.
fn remove_articles(articles: &Articles, first: usize, keys: &mut Vec<Key>) {
    if articles.keys.is_empty() {
        return;
    }
    let mut end = first;
    for at in first..keys.len() {
        keys[end] = keys[at];
        end += usize::from(!articles.contain(keys[at]));
    }
    keys.truncate(end);
}

/// Shows the words of a text that has lost its punctuation, without articles.
fn words(text: &[u8], articles: &Articles, mut token: impl FnMut(&[u8])) {
    for word in pystr::split_whitespace(text) {
        if articles.keys.is_empty() { token(word) } else { between_articles(word, articles, &mut token) }
    }
}

/// Shows what is left of a word when blanks take the place of the articles in it, `\b(a|an|the)\b` in English: of most
/// words all, of an article nothing, and some hold one between characters that are no part of words.
fn between_articles(word: &[u8], articles: &Articles, token: &mut impl FnMut(&[u8])) {
    let is_article = |run: &[u8]| Key::inline(run).is_some_and(|key| articles.contain(key));
    if word.iter().all(u8::is_ascii_alphanumeric) {
        if !is_article(word) {
            token(word);
        }
        return;
    }
    let (mut start, mut run) = (0, 0);
    let mut show = |from: usize, to: usize| {
        if from < to {
            token(&word[from..to]);
        }
    };
    let mut code_points = pystr::code_points(word);
    while let Some((at, code_point)) = code_points.next() {
        if !pystr::is_word(code_point) {
            if is_article(&word[run..at]) {
                show(start, run);
                start = at;
            }
            run = code_points.offset();
        }
    }
    if is_article(&word[run..]) {
        show(start, run);
    } else {
        show(start, word.len());
    }
}

/// What the last match of `-?[\d,]+(?:.\d+)?` covers; nothing, if there is none.
fn final_number(text: &[u8]) -> &[u8] {
    let run = |mut at: usize, comma: bool| {
        while let Some(&byte) = text.get(at) {
            let width = match byte {
                b'0'..=b'9' => 1,
                b',' if comma => 1,
                ..=0x7f => break,
                _ => match pystr::decode(&text[at..]) {
                    (code_point, width) if pystr::digit(code_point).is_some() => width,
                    _ => break,
                },
            };
            at += width;
        }
        at
    };
    let (mut last, mut at) = (0..0, 0);
    while at < text.len() {
        let start = at + usize::from(text[at] == b'-');
        let mut end = run(start, true);
        if end == start {
            at += pystr::decode(&text[at..]).1;
            continue;
        }
        // The dot of the pattern stands for any character that doesn't break the line.
        let (point, width) = pystr::decode(&text[end..]);
        let fraction = end + width;
        let end_of_fraction = run(fraction, false);
        if point != u32::from(b'\n') && end_of_fraction > fraction {
            end = end_of_fraction;
        }
        last = at..end;
        at = end;
    }
    &text[last]
}

/// Shows the members of a set: what stands after the last ` is `, cut at ` and `, without full stops.
fn members(side: Side, text: &[u8], kept: &mut Vec<u8>, mut member: impl FnMut(&[u8])) {
    let lines = if side == Side::Hypothesis { memchr::memchr(b'\n', text) } else { None };
    let text = &text[..lines.unwrap_or(text.len())];
    if text == b"Nothing." {
        return;
    }
    let text = without(|byte| byte == b'.', text, kept);
    const START: &[u8] = b" is ";
    const SEPARATOR: &[u8] = b" and ";
    // From the left, because neighbours may share a blank.
    let mut at = memmem::find_iter(text, START).last().map_or(0, |start| start + START.len());
    while let Some(end) = memmem::find(&text[at..], SEPARATOR) {
        member(&text[at..at + end]);
        at += end + SEPARATOR.len();
    }
    member(&text[at..]);
}

/// What CPython's `int` refuses to read, in digits.
const TOO_MANY_DIGITS: usize = 4301;

/// What `int(text)` is, or the largest or smallest number that fits; `None` if it is none.
fn integer(text: &[u8]) -> Option<i128> {
    // The separators of ASCII, U+001C to U+001F, are no white space here.
    let is_blank = |code_point: u32| pystr::is_whitespace(code_point) && !(0x1c..=0x1f).contains(&code_point);
    let mut rest = text;
    let next = |rest: &mut &[u8]| {
        let (code_point, width) = pystr::decode(rest);
        *rest = &rest[width..];
        (width > 0).then_some(code_point)
    };
    let mut first = next(&mut rest)?;
    while is_blank(first) {
        first = next(&mut rest)?;
    }
    let sign = if first == u32::from(b'-') { -1 } else { 1 };
    if first == u32::from(b'-') || first == u32::from(b'+') {
        first = next(&mut rest)?;
    }
    let mut value = sign * i128::from(pystr::digit(first)?);
    let mut digits = 1;
    let mut after = next(&mut rest);
    while let Some(code_point) = after.filter(|&code_point| !is_blank(code_point)) {
        let digit = if code_point == u32::from(b'_') { next(&mut rest)? } else { code_point };
        value = value.saturating_mul(10).saturating_add(sign * i128::from(pystr::digit(digit)?));
        digits += 1;
        after = next(&mut rest);
    }
    while let Some(code_point) = after {
        if !is_blank(code_point) {
            return None;
        }
        after = next(&mut rest);
    }
    (digits < TOO_MANY_DIGITS).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is compared of the text, a token each.
    fn tokens(answer: Answer, text: &str) -> Vec<String> {
        let (mut long, mut keys) = (LongTokenTable::default(), Vec::new());
        let (kept, rules) = (&mut Vec::new(), &mut RuleTokenizer::default());
        read(answer, text.as_bytes(), Tools { kept, rules, long: &mut long }, &mut keys);
        let token = |key: &Key| match (key.inline_len(), key.number(), key.integer()) {
            (Some(len), ..) => key.bytes()[..len].to_vec(),
            (_, Some(number), _) => long.token(number).to_vec(),
            (.., Some(integer)) => integer.to_string().into_bytes(),
            _ => Vec::new(),
        };
        keys.iter().map(|key| String::from_utf8(token(key)).expect("text")).collect()
    }

    #[test]
    fn words_lose_articles_wherever_word_characters_end() {
        let squad = Answer::Words { articles: false };
        assert_eq!(tokens(squad, "the cat, a dog and an ox. then"), ["cat", "dog", "and", "ox", "then"]);
        // U+2019 and marks are no punctuation of ASCII, and no word characters.
        assert_eq!(
            tokens(squad, "l\u{2019}an \u{2019}the\u{2019} a\u{301}"),
            ["l\u{2019}", "\u{2019}", "\u{2019}", "\u{301}"]
        );
        assert_eq!(tokens(squad, "aé théa the日 éa"), ["aé", "théa", "the日", "éa"]);
        assert_eq!(tokens(squad, "_a_ the-a \u{1}an\u{2}"), ["thea", "\u{1}", "\u{2}"]);
        assert_eq!(tokens(Answer::Words { articles: true }, "the. l\u{2019}an"), ["the", "l\u{2019}an"]);
        assert!(tokens(squad, "the!? a").is_empty());
    }

    #[test]
    fn simple_words_are_those_of_the_long_way() {
        let pieces = [
            "a",
            "An",
            "THE",
            "la",
            "eine",
            "dog",
            "Kid",
            "quite-enough",
            " ",
            "  ",
            "\t",
            ".",
            "_",
            "\x01",
            "é",
            "LÀ",
            "\u{212A}",
            "\u{130}",
            "\u{a0}",
            "’",
            "7",
            "of words",
        ];
        let answers = Language::NAMED.map(|(_, language)| Answer::WordsOf(language));
        for answer in answers.into_iter().chain([Answer::Words { articles: false }, Answer::TriviaWords]) {
            let (mut simple, mut same, mut previous) = ([0; 2], [0; 3], Vec::new());
            for text in texts_of(&pieces, 5_000) {
                let (mut lowered, mut long_way, mut keys) = (Vec::new(), Vec::new(), vec![Key::default()]);
                pystr::lower(&text, &mut lowered);
                let tools = Tools {
                    kept: &mut Vec::new(),
                    rules: &mut RuleTokenizer::default(),
                    long: &mut LongTokenTable::default(),
                };
                read(answer, &lowered, tools, &mut long_way);
                let is_simple = simple_words(answer, &text, &mut keys);
                assert_eq!(keys[1..], if is_simple { long_way } else { Vec::new() }, "{answer:?} {text:?}");
                simple[usize::from(is_simple)] += 1;
                let nearly_text = [text.to_ascii_uppercase().as_slice(), b"."].concat();
                for other in [text.clone(), nearly_text, previous] {
                    let found = same_words(answer, &text, &other);
                    let expected = words_of(answer, &text) == words_of(answer, &other);
                    assert_eq!(found.unwrap_or(expected), expected, "{answer:?} {text:?} {other:?}");
                    same[found.map_or(2, usize::from)] += 1;
                }
                previous = text;
            }
            assert!(simple.iter().chain(&same).all(|&count| count > 300), "{simple:?} {same:?}");
        }
    }

    #[test]
    fn plain_texts_are_the_same_where_the_long_way_finds_the_same() {
        let pieces = ["a", "A", "b", "7", ".", " ", "\0", "\x01", "é", "\u{212A}", "k"];
        let mut found = [0; 3];
        for (no_punct, no_numbers, lowercase) in [(false, false, false), (true, false, true), (true, true, false)] {
            let answer = Answer::Whole { no_punct, no_numbers };
            let mut previous = Vec::new();
            for left in texts_of(&pieces, 5_000) {
                let nearly_left = [left.to_ascii_uppercase().as_slice(), b"."].concat();
                for right in [nearly_left, previous] {
                    let [our, their] = [&left, &right].map(|text| {
                        let mut lowered = Vec::new();
                        pystr::lower(text, &mut lowered);
                        tokens(answer, std::str::from_utf8(if lowercase { &lowered } else { text }).expect("text"))
                    });
                    let same = same_plain_texts(Removed { no_punct, no_numbers }, lowercase, &left, &right);
                    assert_eq!(same.unwrap_or(our == their), our == their, "{left:?} {right:?}");
                    found[same.map_or(2, usize::from)] += 1;
                }
                previous = left;
            }
        }
        assert!(found.iter().all(|&count| count > 500), "{found:?}");
    }

    /// The words of a text in lower case, by the long way.
    fn words_of(answer: Answer, text: &[u8]) -> Vec<String> {
        let mut lowered = Vec::new();
        pystr::lower(text, &mut lowered);
        tokens(answer, std::str::from_utf8(&lowered).expect("text"))
    }

    /// So many texts of up to eleven of these pieces.
    fn texts_of<'p>(pieces: &'p [&str], count: usize) -> impl Iterator<Item = Vec<u8>> + 'p {
        let mut seed = 1_u64;
        (0..count).map(move |_| {
            let mut text = Vec::new();
            for _ in 0..1 + (seed >> 40) % 11 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.extend_from_slice(pieces[(seed >> 33) as usize % pieces.len()].as_bytes());
            }
            text
        })
    }

    #[test]
    fn words_of_languages() {
        let words = |language, text| tokens(Answer::WordsOf(language), text);
        assert_eq!(words(Language::English, "the «cat» a$b"), ["cat", "ab"]);
        assert_eq!(words(Language::Spanish, "¿la casa, los a?"), ["casa", "a"]);
        assert_eq!(words(Language::Hindi, "the घर।"), ["the", "घर"]);
        assert_eq!(words(Language::Vietnamese, "của những người"), ["người"]);
        assert_eq!(words(Language::German, "der hund—das tier"), ["hunddas", "tier"]);
        assert_eq!(words(Language::Arabic, "البيت وال ال الال"), ["بيت", "وال", "ال"]);
        assert_eq!(words(Language::Chinese, "东京。tokyo塔 2"), ["东", "京", "tokyo", "塔", "2"]);
        assert_eq!(words(Language::Chinese, "\u{9fa6}\u{9fa5}the"), ["\u{9fa6}", "\u{9fa5}", "the"]);
        let trivia = |text| tokens(Answer::TriviaWords, text);
        assert_eq!(trivia("the_cat's ‘tail’ a-b"), ["cat", "s", "tail", "b"]);
        assert_eq!(trivia("l\u{b4}an \u{201c}x"), ["l", "\u{201c}x"]);
    }

    #[test]
    fn the_last_number_is_found_by_a_dot_that_stands_for_anything() {
        let cases = [
            ("It costs $1,000.50.", "1000.50"),
            ("15 eggs", "15"),
            ("from 3 to 5 3", "5 3"),
            ("5\n3", "3"),
            ("--5-", "-5"),
            ("1.5.2", "2"),
            ("7, 8", "7 8"),
            ("\u{663}\u{2014}\u{ff11}x", "\u{663}\u{2014}\u{ff11}"),
        ];
        for (text, number) in cases {
            assert_eq!(tokens(Answer::FinalNumber, text), [number], "{text}");
        }
        for text in ["", "none - at all.", ","] {
            assert!(tokens(Answer::FinalNumber, text).is_empty(), "{text}");
        }
    }

    #[test]
    fn sets_are_cut_at_and_after_is() {
        let set = |text| tokens(Answer::Members(Side::Reference), text);
        assert_eq!(set("The answer is x and y."), ["x", "y"]);
        assert_eq!(set("It is is x"), ["is x"]);
        assert_eq!(set("a and and b"), ["a", "and b"]);
        assert_eq!(set("x\nand"), ["x\nand"]);
        assert_eq!(set(""), [""]);
        assert!(set("Nothing.").is_empty());
        assert_eq!(set(" Nothing."), [" Nothing"]);
        assert_eq!(tokens(Answer::Members(Side::Hypothesis), "\nx and y\nz"), ["x", "y"]);
        assert!(tokens(Answer::Members(Side::Hypothesis), " Nothing.\n").is_empty());
    }

    #[test]
    fn integers_are_those_of_python() {
        let number = |text: &str| tokens(Answer::Integer(Side::Reference), text).pop();
        let cases = [
            ("12", "12"),
            (" \t-1,000\u{3000}", "-1000"),
            ("+007", "7"),
            ("1_000", "1000"),
            ("\u{663}\u{ff11}", "31"),
            ("-0", "0"),
        ];
        for (text, value) in cases {
            assert_eq!(number(text).as_deref(), Some(value), "{text}");
        }
        for text in ["", "-", "1__0", "_1", "1_", "1 0", "- 1", "1.0", "1e3", "\u{b2}", "\u{1c}1", "1\0"] {
            assert_eq!(number(text), None, "{text}");
        }
        assert_eq!(tokens(Answer::Integer(Side::Hypothesis), "\u{1c}1"), ["1"]);
        assert_eq!(number(&"9".repeat(4300)), Some(((1_i128 << 119) - 1).to_string()));
        assert_eq!(number(&"9".repeat(4301)), None);
    }

    #[test]
    fn texts_as_wholes() {
        let whole = |no_punct, no_numbers| move |text| tokens(Answer::Whole { no_punct, no_numbers }, text);
        assert_eq!(whole(false, false)(" a, 1 \0\0"), [" a, 1 "]);
        assert_eq!(whole(true, false)("a,\0!"), ["a"]);
        assert_eq!(whole(true, true)("a long text, of 30 letters or so"), ["a long text of  letters or so"]);
        assert!(whole(false, true)("123").is_empty());
        assert_eq!(tokens(Answer::Stripped, " a b\u{a0}"), ["a b"]);
        assert!(tokens(Answer::Stripped, " \n").is_empty());
        assert_eq!(tokens(Answer::LastPiece(Side::Reference), "x \ny"), ["y"]);
        assert!(tokens(Answer::LastPiece(Side::Reference), "x ").is_empty());
        assert_eq!(tokens(Answer::LastPiece(Side::Hypothesis), "x "), ["x"]);
    }
}
