//! Whisper's normaliser of English numbers: `twenty two hundred dollars` as `$2200`.
//!
//! It goes through the words once and gathers a number, which the next word may go on with. As in whisper-normalizer
//! 0.1.15 a number is an integer, which grows by arithmetic, or a text, to which digits are appended.

use std::ops::Range;

use super::outcome::Outcome;
use super::spellings::Spellings;
use crate::pystr;
use crate::traced::Sink;

/// What a word has to say about numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Word {
    Zero,
    /// 1 to 19.
    One(u8),
    /// The same with the ending of a plural or an ordinal number.
    OneSuffixed(u8, &'static str),
    Ten(u8),
    TenSuffixed(u8, &'static str),
    /// A power of ten.
    Multiplier(u8),
    MultiplierSuffixed(u8, &'static str),
    /// What goes before a number that follows.
    PrefixBefore(&'static str),
    /// What goes before a number that it follows.
    PrefixBehind(&'static str),
    Per,
    Percent,
    And,
    /// Double or triple.
    Times(u8),
    Point,
}

#[rustfmt::skip]
fn number_word(word: &[u8]) -> Option<Word> {
    use Word::{
        And, Multiplier, MultiplierSuffixed, One, OneSuffixed, Per, Percent, Point, PrefixBefore, PrefixBehind, Ten,
        TenSuffixed, Times, Zero,
    };
    Some(match word {
        b"o" | b"oh" | b"zero" => Zero,
        b"one" => One(1), b"two" => One(2), b"three" => One(3), b"four" => One(4), b"five" => One(5),
        b"six" => One(6), b"seven" => One(7), b"eight" => One(8), b"nine" => One(9), b"ten" => One(10),
        b"eleven" => One(11), b"twelve" => One(12), b"thirteen" => One(13), b"fourteen" => One(14),
        b"fifteen" => One(15), b"sixteen" => One(16), b"seventeen" => One(17), b"eighteen" => One(18),
        b"nineteen" => One(19),
        b"ones" => OneSuffixed(1, "s"), b"twos" => OneSuffixed(2, "s"), b"threes" => OneSuffixed(3, "s"),
        b"fours" => OneSuffixed(4, "s"), b"fives" => OneSuffixed(5, "s"), b"sixes" => OneSuffixed(6, "s"),
        b"sevens" => OneSuffixed(7, "s"), b"eights" => OneSuffixed(8, "s"), b"nines" => OneSuffixed(9, "s"),
        b"tens" => OneSuffixed(10, "s"), b"elevens" => OneSuffixed(11, "s"), b"twelves" => OneSuffixed(12, "s"),
        b"thirteens" => OneSuffixed(13, "s"), b"fourteens" => OneSuffixed(14, "s"),
        b"fifteens" => OneSuffixed(15, "s"), b"sixteens" => OneSuffixed(16, "s"),
        b"seventeens" => OneSuffixed(17, "s"), b"eighteens" => OneSuffixed(18, "s"),
        b"nineteens" => OneSuffixed(19, "s"),
        b"zeroth" => OneSuffixed(0, "th"), b"first" => OneSuffixed(1, "st"), b"second" => OneSuffixed(2, "nd"),
        b"third" => OneSuffixed(3, "rd"), b"fifth" => OneSuffixed(5, "th"), b"twelfth" => OneSuffixed(12, "th"),
        b"fourth" => OneSuffixed(4, "th"), b"sixth" => OneSuffixed(6, "th"), b"seventh" => OneSuffixed(7, "th"),
        // "nineth", but not "ninth": the package makes these words by rule.
        b"eighth" => OneSuffixed(8, "th"), b"nineth" => OneSuffixed(9, "th"), b"tenth" => OneSuffixed(10, "th"),
        b"eleventh" => OneSuffixed(11, "th"), b"thirteenth" => OneSuffixed(13, "th"),
        b"fourteenth" => OneSuffixed(14, "th"), b"fifteenth" => OneSuffixed(15, "th"),
        b"sixteenth" => OneSuffixed(16, "th"), b"seventeenth" => OneSuffixed(17, "th"),
        b"eighteenth" => OneSuffixed(18, "th"), b"nineteenth" => OneSuffixed(19, "th"),
        b"twenty" => Ten(20), b"thirty" => Ten(30), b"forty" => Ten(40), b"fifty" => Ten(50), b"sixty" => Ten(60),
        b"seventy" => Ten(70), b"eighty" => Ten(80), b"ninety" => Ten(90),
        b"twenties" => TenSuffixed(20, "s"), b"thirties" => TenSuffixed(30, "s"), b"forties" => TenSuffixed(40, "s"),
        b"fifties" => TenSuffixed(50, "s"), b"sixties" => TenSuffixed(60, "s"), b"seventies" => TenSuffixed(70, "s"),
        b"eighties" => TenSuffixed(80, "s"), b"nineties" => TenSuffixed(90, "s"),
        b"twentieth" => TenSuffixed(20, "th"), b"thirtieth" => TenSuffixed(30, "th"),
        b"fortieth" => TenSuffixed(40, "th"), b"fiftieth" => TenSuffixed(50, "th"),
        b"sixtieth" => TenSuffixed(60, "th"), b"seventieth" => TenSuffixed(70, "th"),
        b"eightieth" => TenSuffixed(80, "th"), b"ninetieth" => TenSuffixed(90, "th"),
        b"minus" | b"negative" => PrefixBefore("-"),
        b"plus" | b"positive" => PrefixBefore("+"),
        b"pound" | b"pounds" => PrefixBehind("£"),
        b"euro" | b"euros" => PrefixBehind("€"),
        b"dollar" | b"dollars" => PrefixBehind("$"),
        b"cent" | b"cents" => PrefixBehind("¢"),
        b"per" => Per,
        b"percent" => Percent,
        b"and" => And,
        b"double" => Times(2),
        b"triple" => Times(3),
        b"point" => Point,
        _ => {
            let (name, suffix) = match word {
                [name @ .., b't', b'h'] => (name, "th"),
                [name @ .., b's'] => (name, "s"),
                name => (name, ""),
            };
            let power = match name {
                b"hundred" => 2, b"thousand" => 3, b"million" => 6, b"billion" => 9, b"trillion" => 12,
                b"quadrillion" => 15, b"quintillion" => 18, b"sextillion" => 21, b"septillion" => 24,
                b"octillion" => 27, b"nonillion" => 30, b"decillion" => 33,
                _ => return None,
            };
            if suffix.is_empty() { Multiplier(power) } else { MultiplierSuffixed(power, suffix) }
        }
    })
}

/// Whether `and a half` behind the word is `point five`.
pub(super) fn takes_half(word: &[u8]) -> bool {
    matches!(number_word(word), Some(Word::Zero | Word::One(_) | Word::Ten(_) | Word::Multiplier(_)))
}

/// A number as it is gathered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    None,
    /// Digits without zeros before.
    Integer,
    Text,
}

/// What has been gathered, and where of.
struct Value {
    kind: Kind,
    text: Vec<u8>,
    from: Range<usize>,
}

impl Value {
    fn is_none(&self) -> bool {
        self.kind == Kind::None
    }

    fn is_text(&self) -> bool {
        self.kind == Kind::Text
    }

    fn is_zero(&self) -> bool {
        self.kind == Kind::Integer && self.text == b"0"
    }

    /// Whether it ends in so many zeros, as an integer; 0 does.
    fn is_multiple_of_power(&self, power: usize) -> bool {
        self.is_zero() || (self.text.len() > power && self.text[self.text.len() - power..].iter().all(|&b| b == b'0'))
    }

    fn set(&mut self, kind: Kind, text: &[u8]) {
        self.kind = kind;
        self.text.clear();
        self.text.extend_from_slice(text);
    }

    /// Appends to `str(value or "")`.
    fn append_or_begin(&mut self, text: &[u8]) {
        if self.is_none() || self.is_zero() {
            self.text.clear();
        }
        self.append(text);
    }

    /// Appends to `str(value)`.
    fn append(&mut self, text: &[u8]) {
        self.kind = Kind::Text;
        self.text.extend_from_slice(text);
    }

    /// Adds a small number in place of the zeros at the end.
    fn add(&mut self, small: u8) {
        let digits = small.to_string();
        let start = self.text.len().saturating_sub(digits.len());
        self.text.truncate(if self.is_zero() { 0 } else { start });
        self.text.extend_from_slice(digits.as_bytes());
    }

    /// What is left of the last three digits, times a power of ten, is added to the thousands.
    fn multiply(&mut self, power: u8) {
        let thousands = self.text.len().saturating_sub(3);
        // Nothing is added then, to a number that may be long.
        if self.text[thousands..].iter().all(|&digit| digit == b'0') {
            return;
        }
        let mut product: Vec<u8> = self.text[thousands..].to_vec();
        product.extend(std::iter::repeat_n(b'0', power.into()));
        self.text.truncate(thousands);
        self.text.extend_from_slice(b"000");
        add_digits(&mut self.text, &product);
        let zeros = self.text.iter().take_while(|&&digit| digit == b'0').count();
        self.text.drain(..zeros.min(self.text.len() - 1));
    }

    /// The digits of the text times a power of ten, if it is a number and that an integer.
    fn product(&self, power: u8) -> Option<Vec<u8>> {
        let text = decimal_digits(&self.text)?;
        let (whole, fraction) = match memchr::memchr(b'.', &text) {
            Some(period) => (&text[..period], &text[period + 1..]),
            None => (&text[..], &[][..]),
        };
        // A number has a digit at the start, or right behind the period.
        if (whole.is_empty() && fraction.is_empty()) || ![whole, fraction].concat().iter().all(u8::is_ascii_digit) {
            return None;
        }
        let power = usize::from(power);
        let (counted, rest) = fraction.split_at(fraction.len().min(power));
        if rest.iter().any(|&digit| digit != b'0') {
            return None;
        }
        let mut digits = [whole, counted].concat();
        digits.extend(std::iter::repeat_n(b'0', power - counted.len()));
        let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
        digits.drain(..zeros.min(digits.len() - 1));
        Some(digits)
    }
}

/// Adds a number to another, both in decimal digits.
fn add_digits(sum: &mut Vec<u8>, other: &[u8]) {
    if sum.len() < other.len() {
        let missing = other.len() - sum.len();
        sum.splice(0..0, std::iter::repeat_n(b'0', missing));
    }
    let mut carry = 0;
    for (place, digit) in sum.iter_mut().rev().enumerate() {
        let added = other.len().checked_sub(place + 1).map_or(0, |at| other[at] - b'0');
        let total = *digit - b'0' + added + carry;
        *digit = b'0' + total % 10;
        carry = total / 10;
    }
    if carry > 0 {
        sum.insert(0, b'0' + carry);
    }
}

/// The text with decimal digits of any script as those of ASCII; `None` if there is anything but those and periods.
fn decimal_digits(text: &[u8]) -> Option<Vec<u8>> {
    pystr::code_points(text)
        .map(|(_, code_point)| match (code_point, pystr::digit(code_point)) {
            (_, Some(digit)) => Some(b'0' + digit),
            (0x2e, _) => Some(b'.'),
            _ => None,
        })
        .collect()
}

/// Whether the word is a number in digits: `^\d+(\.\d+)?$`.
fn is_numeric(word: &[u8]) -> bool {
    let first = word.first().is_some_and(|&byte| byte.is_ascii_digit() || byte >= 0x80);
    first && numeric_digits(word).is_some()
}

fn numeric_digits(word: &[u8]) -> Option<Vec<u8>> {
    let digits = decimal_digits(word)?;
    let parts: Vec<&[u8]> = digits.split(|&byte| byte == b'.').collect();
    (parts.len() <= 2 && parts.iter().all(|part| !part.is_empty())).then_some(digits)
}

/// The length of the sign of a currency at the start of a word. Other signs were made blanks before.
fn prefix_len(word: &[u8]) -> usize {
    ["$", "£", "€", "¢"].iter().find(|sign| word.starts_with(sign.as_bytes())).map_or(0, |sign| sign.len())
}

/// The words that come out, between single blanks.
struct Output<'t, S> {
    text: &'t [u8],
    sink: &'t mut S,
    spellings: &'t Spellings,
    prefix: Vec<u8>,
    /// Words that stay, with the blanks between them, and were not written yet.
    kept: Range<usize>,
    /// Where the word before ended.
    end: Option<usize>,
}

impl<S: Sink> Output<'_, S> {
    fn begin(&mut self, from: &Range<usize>) {
        self.write_kept();
        if let Some(end) = self.end {
            self.sink.put(b" ", end.min(from.start)..from.start);
        }
        self.end = Some(from.end);
        if !self.prefix.is_empty() {
            self.sink.put(&self.prefix, from.clone());
            self.prefix.clear();
        }
    }

    fn write_kept(&mut self) {
        self.sink.keep(self.text, self.kept.clone());
        self.kept = 0..0;
    }

    /// A word that is part of no number, in its American spelling.
    fn word(&mut self, word: Range<usize>) {
        // What a prefix was written to is in no list of words.
        let american = if self.prefix.is_empty() { self.spellings.american(&self.text[word.clone()]) } else { None };
        let follows = !self.kept.is_empty() && self.kept.end + 1 == word.start && self.text[self.kept.end] == b' ';
        if follows && american.is_none() && self.prefix.is_empty() {
            self.kept.end = word.end;
            self.end = Some(word.end);
            return;
        }
        self.begin(&word);
        match american {
            Some(american) => self.sink.put(american, word),
            None => self.kept = word,
        }
    }

    /// What was gathered, with an ending; nothing is gathered any more.
    fn value(&mut self, value: &mut Value, suffix: &str) {
        self.begin(&value.from);
        value.text.extend_from_slice(suffix.as_bytes());
        self.sink.put(&value.text, value.from.clone());
        value.kind = Kind::None;
    }

    /// What was gathered, if anything was.
    fn pending(&mut self, value: &mut Value) {
        if !value.is_none() {
            self.value(value, "");
        }
    }
}

/// Writes numbers in digits, other words in their American spelling, and all between single blanks.
///
/// The package spells after what it does to numbers in digits, which changes no other word.
pub(super) fn normalize(text: &[u8], spellings: &Spellings, sink: &mut impl Sink) -> Outcome {
    let place = |word: &[u8]| pystr::place_in(text, word);
    let mut words = pystr::split_whitespace(text).map(|word| (word, number_word(word))).peekable();
    let mut out = Output { text, sink, spellings, prefix: Vec::new(), kept: 0..0, end: None };
    let mut value = Value { kind: Kind::None, text: Vec::new(), from: 0..0 };
    let mut before: Option<Word> = None;
    while let Some((word, meaning)) = words.next() {
        let range = place(word);
        let next = words.peek().copied();
        let next_meaning = next.and_then(|(_, meaning)| meaning);
        // Asked for seldom, and not cheap.
        let next_counts = || next_meaning.is_some() || next.is_some_and(|(word, _)| is_numeric(word));
        let previous = std::mem::replace(&mut before, meaning);
        let after_one = matches!(previous, Some(Word::One(_)));
        let after_ten = matches!(previous, Some(Word::Ten(_)));
        if value.is_none() {
            value.from = range.clone();
        }
        let from_before = value.from.clone();
        value.from.end = range.end;
        // For what does not go on with the number.
        let end_before = |value: &mut Value, out: &mut Output<'_, _>| {
            value.from = from_before.clone();
            out.pending(value);
            value.from = range.clone();
        };
        let Some(meaning) = meaning else {
            let prefix = prefix_len(word);
            let may_count = word.get(prefix).is_some_and(|&byte| byte.is_ascii_digit() || byte >= 0x80);
            let digits = if may_count { numeric_digits(&word[prefix..]) } else { None };
            match digits {
                Some(_) if value.is_text() && value.text.ends_with(b".") => value.append(word),
                Some(digits) => {
                    end_before(&mut value, &mut out);
                    if prefix > 0 {
                        out.prefix = word[..prefix].to_vec();
                    }
                    let (whole, fraction) = match memchr::memchr(b'.', &digits) {
                        Some(period) => (&digits[..period], &digits[period + 1..]),
                        None => (&digits[..], &[][..]),
                    };
                    if fraction.iter().all(|&digit| digit == b'0') {
                        let zeros = whole.iter().take_while(|&&digit| digit == b'0').count();
                        value.set(Kind::Integer, &whole[zeros.min(whole.len() - 1)..]);
                    } else {
                        value.set(Kind::Text, &word[prefix..]);
                    }
                }
                None => {
                    end_before(&mut value, &mut out);
                    out.word(range);
                }
            }
            continue;
        };
        match meaning {
            Word::Zero => value.append_or_begin(b"0"),
            Word::One(ones) | Word::OneSuffixed(ones, _) => {
                let digits = ones.to_string();
                if value.is_none() {
                    value.set(Kind::Integer, digits.as_bytes());
                } else if value.is_text() || after_one {
                    if after_ten && ones < 10 {
                        // Instead of the zero at the end.
                        value.text.pop();
                    }
                    value.append(digits.as_bytes());
                } else if value.is_multiple_of_power(if ones < 10 { 1 } else { 2 }) {
                    value.add(ones);
                } else {
                    value.append(digits.as_bytes());
                }
            }
            Word::Ten(tens) | Word::TenSuffixed(tens, _) => {
                let digits = tens.to_string();
                if value.is_none() {
                    value.set(Kind::Integer, digits.as_bytes());
                } else if !value.is_text() && value.is_multiple_of_power(2) {
                    value.add(tens);
                } else {
                    value.append(digits.as_bytes());
                }
            }
            Word::Multiplier(power) | Word::MultiplierSuffixed(power, _) => {
                let alone = |value: &mut Value| {
                    value.set(Kind::Integer, b"1");
                    value.text.extend(std::iter::repeat_n(b'0', power.into()));
                };
                if value.is_none() {
                    alone(&mut value);
                } else if value.is_text() {
                    if let Some(product) = value.product(power) {
                        value.set(Kind::Integer, &product);
                    } else {
                        end_before(&mut value, &mut out);
                        alone(&mut value);
                    }
                } else {
                    value.multiply(power);
                }
            }
            Word::PrefixBefore(prefix) => {
                end_before(&mut value, &mut out);
                if next_counts() {
                    out.prefix = prefix.as_bytes().to_vec();
                } else {
                    out.word(range);
                }
            }
            Word::PrefixBehind(prefix) => {
                if value.is_none() {
                    out.word(range);
                } else {
                    out.prefix = prefix.as_bytes().to_vec();
                    out.value(&mut value, "");
                }
            }
            Word::Percent if !value.is_none() => out.value(&mut value, "%"),
            Word::Per if !value.is_none() && next.is_some_and(|(word, _)| word == b"cent") => {
                before = next_meaning;
                value.from.end = next.map_or(range.end, |(word, _)| place(word).end);
                out.value(&mut value, "%");
                words.next();
            }
            Word::Percent | Word::Per => {
                end_before(&mut value, &mut out);
                out.word(range);
            }
            Word::And | Word::Times(_) | Word::Point if !next_counts() => {
                end_before(&mut value, &mut out);
                out.word(range);
            }
            // Not even a word, between what is multiplied and what is added.
            Word::And if matches!(previous, Some(Word::Multiplier(_))) => {}
            Word::And => {
                end_before(&mut value, &mut out);
                out.word(range);
            }
            Word::Times(count) => match next_meaning {
                Some(digit @ (Word::Zero | Word::One(_))) => {
                    let digit = if let Word::One(ones) = digit { ones.to_string() } else { "0".to_owned() };
                    value.append_or_begin(digit.repeat(count.into()).as_bytes());
                    value.from.end = next.map_or(range.end, |(word, _)| place(word).end);
                    before = next_meaning;
                    words.next();
                }
                _ => {
                    end_before(&mut value, &mut out);
                    out.word(range);
                }
            },
            Word::Point => {
                let decimal = matches!(next_meaning, Some(Word::Zero | Word::One(_) | Word::Ten(_)));
                if decimal || next.is_some_and(|(word, _)| is_numeric(word)) {
                    value.append_or_begin(b".");
                }
            }
        }
        if let Word::OneSuffixed(_, suffix) | Word::TenSuffixed(_, suffix) | Word::MultiplierSuffixed(_, suffix) =
            meaning
        {
            // No number goes on after its ending.
            out.value(&mut value, suffix);
        }
    }
    out.pending(&mut value);
    out.write_kept();
    Outcome::Written
}
