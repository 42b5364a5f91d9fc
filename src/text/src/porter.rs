//! The Porter stemmer as NLTK's `PorterStemmer` runs it in its default mode, `NLTK_EXTENSIONS`.
//!
//! The words are expected in lower case: NLTK lower-cases before it stems, and here the caller does.
//!
//! All rules work on bytes, for ASCII and other words alike. Every suffix is ASCII and every other
//! code point is a consonant, so a code point of several bytes looks like a run of consonants,
//! which changes neither the measure nor where vowels are. Only three things need whole code
//! points: lengths, the double consonant, and the consonant at the end of `*o`.

/// Stems a lower-case ASCII word in place. The word only shrinks or stays as long.
///
/// A byte above 127 counts as one consonant; use [`stem`] for words that hold any.
pub fn stem_ascii(word: &mut Vec<u8>) {
    let len = stem_slice::<true>(word);
    word.truncate(len);
}

/// Stems a lower-case word given as generalised UTF-8 (lone surrogates are three-byte sequences)
/// and appends the bytes of its stem to `out`.
pub fn stem(word: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.extend_from_slice(word);
    let copy = &mut out[start..];
    let len = if copy.is_ascii() { stem_slice::<true>(copy) } else { stem_slice::<false>(copy) };
    out.truncate(start + len);
}

/// Stems the word that fills `bytes` and returns the length of the stem, left at the front.
fn stem_slice<const ASCII: bool>(bytes: &mut [u8]) -> usize {
    if let Some(stem) = irregular(bytes) {
        bytes[..stem.len()].copy_from_slice(stem);
        return stem.len();
    }
    let len = bytes.len();
    let mut word = Word::<ASCII> { bytes, len };
    if word.symbols(len) <= 2 {
        return len;
    }
    word.step_1a();
    word.step_1b();
    word.step_1c();
    word.step_2();
    word.step_3();
    word.step_4();
    word.step_5();
    word.len
}

/// The stem of a word that NLTK looks up instead of deriving; never longer than the word.
fn irregular(word: &[u8]) -> Option<&'static [u8]> {
    let stem: &[u8] = match word {
        b"sky" | b"skies" => b"sky",
        b"dying" => b"die",
        b"lying" => b"lie",
        b"tying" => b"tie",
        b"news" => b"news",
        b"inning" | b"innings" => b"inning",
        b"outing" | b"outings" => b"outing",
        b"canning" | b"cannings" => b"canning",
        b"howe" => b"howe",
        b"proceed" => b"proceed",
        b"exceed" => b"exceed",
        b"succeed" => b"succeed",
        _ => return None,
    };
    Some(stem)
}

/// How a byte takes part in the vowel pattern of a word.
const CONSONANT: u8 = 0;
const VOWEL: u8 = 1;
/// `y`: a vowel after a consonant, otherwise a consonant.
const Y: u8 = 2;

const CLASSES: [u8; 256] = {
    let mut classes = [CONSONANT; 256];
    classes[b'a' as usize] = VOWEL;
    classes[b'e' as usize] = VOWEL;
    classes[b'i' as usize] = VOWEL;
    classes[b'o' as usize] = VOWEL;
    classes[b'u' as usize] = VOWEL;
    classes[b'y' as usize] = Y;
    classes
};

/// Porter's measure `m`: how often a vowel is directly followed by a consonant.
fn measure(stem: &[u8]) -> usize {
    let Some((&first, rest)) = stem.split_first() else {
        return 0;
    };
    // Without branches on the letters, which no predictor can learn.
    let mut vowel = CLASSES[usize::from(first)] & VOWEL;
    let mut count = 0;
    for &byte in rest {
        let class = CLASSES[usize::from(byte)];
        let next = (class & VOWEL) | ((class >> 1) & (vowel ^ 1));
        count += usize::from(vowel & (next ^ 1));
        vowel = next;
    }
    count
}

/// Porter's `*v*`: whether the stem holds a vowel.
fn contains_vowel(stem: &[u8]) -> bool {
    // Any `y` but the first letter is a vowel itself or follows one.
    stem.iter().enumerate().any(|(at, &byte)| match CLASSES[usize::from(byte)] {
        CONSONANT => false,
        VOWEL => true,
        _ => at > 0,
    })
}

/// Whether the byte at `at` is a consonant, or belongs to one.
fn is_consonant(word: &[u8], at: usize) -> bool {
    match CLASSES[usize::from(word[at])] {
        CONSONANT => true,
        VOWEL => false,
        _ => {
            // In a run of `y` the kinds alternate; the first follows the kind of what stands
            // before the run, where the start of the word acts as a vowel.
            let run = word[..=at].iter().rev().take_while(|&&b| b == b'y').count();
            let after_vowel = at.checked_sub(run).is_none_or(|before| CLASSES[usize::from(word[before])] == VOWEL);
            (run % 2 == 1) == after_vowel
        }
    }
}

/// A word on its way to its stem: `bytes[..len]` is what is left of it.
struct Word<'a, const ASCII: bool> {
    bytes: &'a mut [u8],
    len: usize,
}

impl<const ASCII: bool> Word<'_, ASCII> {
    fn letters(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// The last letter, 0 for an empty word.
    fn last(&self) -> u8 {
        self.letters().last().copied().unwrap_or(0)
    }

    /// The last letter but one, 0 if there is none.
    fn penultimate(&self) -> u8 {
        match self.letters() {
            [.., byte, _] => *byte,
            _ => 0,
        }
    }

    #[inline]
    fn ends_with(&self, suffix: &[u8]) -> bool {
        self.letters().ends_with(suffix)
    }

    /// How many code points the first `len` bytes hold.
    fn symbols(&self, len: usize) -> usize {
        if ASCII { len } else { self.bytes[..len].iter().filter(|&&b| !is_continuation(b)).count() }
    }

    /// How many bytes the last code point takes.
    fn last_width(&self) -> usize {
        if ASCII {
            1
        } else {
            let tail = self.letters().iter().rev();
            let continuation = tail.take(3).take_while(|&&b| is_continuation(b)).count();
            (continuation + 1).min(self.len)
        }
    }

    /// The measure of the word without its last `suffix` bytes.
    fn measure_without(&self, suffix: usize) -> usize {
        measure(&self.bytes[..self.len - suffix])
    }

    /// Replaces the last `suffix` bytes; no rule makes the word longer than it was at first.
    #[inline]
    fn replace(&mut self, suffix: usize, replacement: &[u8]) {
        let start = self.len - suffix;
        self.len = start + replacement.len();
        self.bytes[start..self.len].copy_from_slice(replacement);
    }

    /// Replaces `suffix` if the stem before it has a measure above `above`.
    ///
    /// True if the word ends with `suffix` at all: then no other rule of the step is tried.
    #[inline]
    fn rule(&mut self, suffix: &[u8], replacement: &[u8], above: usize) -> bool {
        if !self.ends_with(suffix) {
            return false;
        }
        if self.measure_without(suffix.len()) > above {
            self.replace(suffix.len(), replacement);
        }
        true
    }

    /// Porter's `*d`: the width of the last code point if it is a consonant that stands twice.
    fn double_consonant(&self) -> Option<usize> {
        let letters = self.letters();
        let width = self.last_width();
        let (rest, last) = letters.split_at(letters.len() - width);
        let doubled = !last.is_empty() && rest.ends_with(last);
        (doubled && is_consonant(letters, letters.len() - 1)).then_some(width)
    }

    /// Porter's `*o`: the word ends consonant, vowel, consonant, and the last is not w, x or y.
    ///
    /// NLTK adds every word of two letters, a vowel and a consonant, w and x included.
    fn ends_consonant_vowel_consonant(&self) -> bool {
        let letters = self.letters();
        let Some(vowel) = letters.len().checked_sub(self.last_width() + 1) else {
            return false;
        };
        if is_consonant(letters, vowel) || !is_consonant(letters, letters.len() - 1) {
            return false;
        }
        match vowel.checked_sub(1) {
            Some(first) => is_consonant(letters, first) && !matches!(self.last(), b'w' | b'x' | b'y'),
            None => true,
        }
    }

    /// Plurals.
    fn step_1a(&mut self) {
        if self.last() != b's' {
            return;
        }
        if self.ends_with(b"ies") {
            // NLTK: `dies` gives `die`, but `flies` gives `fli`.
            let kept = if self.symbols(self.len) == 4 { 2 } else { 1 };
            self.len -= 3 - kept;
        } else if self.ends_with(b"sses") {
            self.len -= 2;
        } else if self.penultimate() != b's' {
            self.len -= 1;
        }
    }

    /// Past tenses and participles.
    fn step_1b(&mut self) {
        let removed = if self.ends_with(b"ed") {
            match self.bytes[..self.len - 2].last() {
                Some(b'i') => {
                    // NLTK: `died` gives `die`, but `spied` gives `spi`.
                    let kept = if self.symbols(self.len) == 4 { 2 } else { 1 };
                    self.len -= 3 - kept;
                    return;
                }
                Some(b'e') => {
                    self.rule(b"eed", b"ee", 0);
                    return;
                }
                _ => 2,
            }
        } else if self.ends_with(b"ing") {
            3
        } else {
            return;
        };
        if !contains_vowel(&self.bytes[..self.len - removed]) {
            return;
        }
        self.len -= removed;

        if self.ends_with(b"at") || self.ends_with(b"bl") || self.ends_with(b"iz") {
            self.append_e();
        } else if let Some(width) = self.double_consonant() {
            if !matches!(self.last(), b'l' | b's' | b'z') {
                self.len -= width;
            }
        } else if self.ends_with(b"*d") {
            // NLTK spells the condition *d like a suffix and, when it does not hold, also compares
            // it with the letters of the word: `fa*ded` gives `fad`.
            self.replace(2, b"d");
        } else if self.measure_without(0) == 1 && self.ends_consonant_vowel_consonant() {
            self.append_e();
        }
    }

    /// Puts back an `e`; there is room, because a longer suffix was removed.
    fn append_e(&mut self) {
        self.replace(0, b"e");
    }

    /// NLTK: y becomes i after a consonant that does not stand alone, vowel or not before it.
    fn step_1c(&mut self) {
        if self.last() != b'y' {
            return;
        }
        let stem = self.len - 1;
        if self.symbols(stem) > 1 && is_consonant(self.letters(), stem - 1) {
            self.bytes[stem] = b'i';
        }
    }

    /// Double suffixes.
    fn step_2(&mut self) {
        // NLTK: `alli` goes first, and what is left (`ational`, `tional`) runs through the step
        // again. No other rule ends in `alli`, so a stem too short for it just falls through.
        if self.ends_with(b"alli") && self.measure_without(4) > 0 {
            self.len -= 2;
        }
        match self.penultimate() {
            b'a' => self.rule(b"ational", b"ate", 0) || self.rule(b"tional", b"tion", 0),
            b'c' => self.rule(b"enci", b"ence", 0) || self.rule(b"anci", b"ance", 0),
            b'e' => self.rule(b"izer", b"ize", 0),
            b'g' => {
                // NLTK: the l counts as part of the stem, so that `geologi` is long enough.
                if self.ends_with(b"logi") && self.measure_without(3) > 0 {
                    self.len -= 1;
                }
                true
            }
            b'l' => {
                self.rule(b"bli", b"ble", 0)
                    || self.rule(b"entli", b"ent", 0)
                    || self.rule(b"eli", b"e", 0)
                    || self.rule(b"ousli", b"ous", 0)
                    || self.rule(b"fulli", b"ful", 0)
            }
            b'o' => self.rule(b"ization", b"ize", 0) || self.rule(b"ation", b"ate", 0) || self.rule(b"ator", b"ate", 0),
            b's' => {
                self.rule(b"alism", b"al", 0)
                    || self.rule(b"iveness", b"ive", 0)
                    || self.rule(b"fulness", b"ful", 0)
                    || self.rule(b"ousness", b"ous", 0)
            }
            b't' => self.rule(b"aliti", b"al", 0) || self.rule(b"iviti", b"ive", 0) || self.rule(b"biliti", b"ble", 0),
            _ => false,
        };
    }

    /// Suffixes such as -ful and -ness.
    fn step_3(&mut self) {
        match self.last() {
            b'e' => self.rule(b"icate", b"ic", 0) || self.rule(b"ative", b"", 0) || self.rule(b"alize", b"al", 0),
            b'i' => self.rule(b"iciti", b"ic", 0),
            b'l' => self.rule(b"ical", b"ic", 0) || self.rule(b"ful", b"", 0),
            b's' => self.rule(b"ness", b"", 0),
            _ => false,
        };
    }

    /// Single suffixes, removed after a measure above 1.
    fn step_4(&mut self) {
        match self.penultimate() {
            b'a' => self.rule(b"al", b"", 1),
            b'c' => self.rule(b"ance", b"", 1) || self.rule(b"ence", b"", 1),
            b'e' => self.rule(b"er", b"", 1),
            b'i' => self.rule(b"ic", b"", 1),
            b'l' => self.rule(b"able", b"", 1) || self.rule(b"ible", b"", 1),
            b'n' => {
                // The longest suffix decides alone: `ement` after a short stem keeps its `ent`.
                self.rule(b"ant", b"", 1)
                    || self.rule(b"ement", b"", 1)
                    || self.rule(b"ment", b"", 1)
                    || self.rule(b"ent", b"", 1)
            }
            b'o' => {
                if self.ends_with(b"sion") || self.ends_with(b"tion") {
                    self.rule(b"ion", b"", 1)
                } else {
                    self.rule(b"ou", b"", 1)
                }
            }
            b's' => self.rule(b"ism", b"", 1),
            b't' => self.rule(b"ate", b"", 1) || self.rule(b"iti", b"", 1),
            b'u' => self.rule(b"ous", b"", 1),
            b'v' => self.rule(b"ive", b"", 1),
            b'z' => self.rule(b"ize", b"", 1),
            _ => false,
        };
    }

    /// The final e, and the second of two final l.
    fn step_5(&mut self) {
        if self.last() == b'e' {
            let measure = self.measure_without(1);
            self.len -= 1;
            if measure == 0 || (measure == 1 && self.ends_consonant_vowel_consonant()) {
                self.len += 1;
            }
        }
        if self.ends_with(b"ll") && self.measure_without(1) > 1 {
            self.len -= 1;
        }
    }
}

fn is_continuation(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

#[cfg(test)]
mod tests {
    use super::{stem, stem_ascii};

    /// Stems `word` every way there is and checks that they agree.
    fn stemmed(word: &str) -> String {
        let mut out = b"kept ".to_vec();
        stem(word.as_bytes(), &mut out);
        let appended = String::from_utf8(out).expect("stems of UTF-8 are UTF-8");
        let appended = appended.strip_prefix("kept ").expect("stem only appends");
        if word.is_ascii() {
            let mut bytes = word.as_bytes().to_vec();
            stem_ascii(&mut bytes);
            assert_eq!(bytes, appended.as_bytes(), "{word}");
        }
        appended.to_owned()
    }

    #[track_caller]
    fn check(pairs: &[(&str, &str)]) {
        for (word, expected) in pairs {
            assert_eq!(stemmed(word), *expected, "{word}");
        }
    }

    #[test]
    fn irregular_forms_are_looked_up() {
        check(&[
            ("sky", "sky"),
            ("skies", "sky"),
            ("dying", "die"),
            ("lying", "lie"),
            ("tying", "tie"),
            ("news", "news"),
            ("innings", "inning"),
            ("inning", "inning"),
            ("outings", "outing"),
            ("outing", "outing"),
            ("cannings", "canning"),
            ("canning", "canning"),
            ("howe", "howe"),
            ("proceed", "proceed"),
            ("exceed", "exceed"),
            ("succeed", "succeed"),
            // Only the very forms: their relatives take the ordinary way.
            ("vying", "vy"),
            ("howes", "how"),
            ("exceeds", "exce"),
        ]);
    }

    #[test]
    fn words_of_two_code_points_stay() {
        check(&[("", ""), ("s", "s"), ("as", "as"), ("és", "és"), ("日s", "日s")]);
        check(&[("gas", "ga"), ("日日s", "日日")]);
    }

    #[test]
    fn four_letters_keep_ie() {
        check(&[
            ("dies", "die"),
            ("died", "die"),
            ("flies", "fli"),
            ("spied", "spi"),
            ("ies", "i"),
            ("ied", "i"),
            // Four code points, not four bytes.
            ("éies", "éie"),
            ("éied", "éie"),
            ("日本ies", "日本i"),
        ]);
    }

    #[test]
    fn plurals() {
        check(&[("caresses", "caress"), ("caress", "caress"), ("cats", "cat"), ("sss", "sss")]);
    }

    #[test]
    fn eed_needs_a_measure_and_blocks_ed() {
        check(&[("feed", "feed"), ("agreed", "agre"), ("bleed", "bleed")]);
    }

    #[test]
    fn removing_ed_or_ing_repairs_the_stem() {
        check(&[
            ("bled", "bled"),
            ("sing", "sing"),
            ("conflated", "conflat"),
            ("sized", "size"),
            ("troubled", "troubl"),
            ("hopping", "hop"),
            ("falling", "fall"),
            ("hissing", "hiss"),
            ("fizzed", "fizz"),
            ("filing", "file"),
            ("failing", "fail"),
            ("snowing", "snow"),
        ]);
    }

    #[test]
    fn a_literal_star_d_loses_its_star() {
        check(&[("fa*ded", "fad"), ("fa*ding", "fad"), ("fa*d", "fa*d")]);
    }

    #[test]
    fn y_becomes_i_only_after_a_consonant_that_is_not_alone() {
        check(&[("happy", "happi"), ("enjoy", "enjoy"), ("spy", "spi"), ("byy", "byy")]);
        // A code point outside ASCII is one consonant, however many bytes it takes.
        check(&[("éby", "ébi"), ("bys", "by"), ("éys", "éy"), ("日éy", "日éi")]);
    }

    #[test]
    fn runs_of_y_alternate() {
        check(&[("ayyed", "ayi"), ("yyyed", "yy"), ("byyyed", "byyi"), ("yed", "yed")]);
    }

    #[test]
    fn alli_goes_first_and_runs_the_step_again() {
        check(&[
            ("radically", "radic"),
            ("conditionally", "condit"),
            ("rationally", "ration"),
            ("ally", "alli"),
            ("tally", "talli"),
        ]);
    }

    #[test]
    fn extended_double_suffixes() {
        check(&[
            ("possibly", "possibl"),
            ("conformably", "conform"),
            ("hopefully", "hope"),
            ("fully", "fulli"),
            ("geology", "geolog"),
            ("archaeology", "archaeolog"),
            ("logy", "logi"),
            ("vlogy", "vlogi"),
        ]);
    }

    #[test]
    fn double_suffixes() {
        check(&[
            ("relational", "relat"),
            ("rational", "ration"),
            ("valency", "valenc"),
            ("hesitancy", "hesit"),
            ("digitizer", "digit"),
            ("differently", "differ"),
            ("vilely", "vile"),
            ("analogously", "analog"),
            ("vietnamization", "vietnam"),
            ("predication", "predic"),
            ("operator", "oper"),
            ("feudalism", "feudal"),
            ("decisiveness", "decis"),
            ("hopefulness", "hope"),
            ("callousness", "callous"),
            ("formality", "formal"),
            ("sensitivity", "sensit"),
            ("sensibility", "sensibl"),
        ]);
    }

    #[test]
    fn third_and_fourth_step() {
        check(&[
            ("triplicate", "triplic"),
            ("formative", "form"),
            ("formalize", "formal"),
            ("electricity", "electr"),
            ("electrical", "electr"),
            ("goodness", "good"),
            ("revival", "reviv"),
            ("allowance", "allow"),
            ("inference", "infer"),
            ("airliner", "airlin"),
            ("gyroscopic", "gyroscop"),
            ("adjustable", "adjust"),
            ("defensible", "defens"),
            ("irritant", "irrit"),
            ("replacement", "replac"),
            ("adjustment", "adjust"),
            ("dependent", "depend"),
            ("cement", "cement"),
            ("element", "element"),
            ("decision", "decis"),
            ("adoption", "adopt"),
            ("criterion", "criterion"),
            ("homologou", "homolog"),
            ("communism", "commun"),
            ("activate", "activ"),
            ("angularity", "angular"),
            ("homologous", "homolog"),
            ("effective", "effect"),
            ("bowdlerize", "bowdler"),
        ]);
    }

    #[test]
    fn final_e_and_l() {
        check(&[
            ("probate", "probat"),
            ("rate", "rate"),
            ("cease", "ceas"),
            ("controlled", "control"),
            ("roll", "roll"),
        ]);
    }

    #[test]
    fn two_letters_vowel_consonant_keep_their_e() {
        check(&[("ice", "ice"), ("axe", "axe"), ("awed", "awe"), ("owing", "owe"), ("éaxe", "éax")]);
    }

    #[test]
    fn doubles_are_of_code_points() {
        check(&[
            ("aééed", "aé"),
            ("aéééing", "aéé"),
            ("aééing", "aé"),
            // The last bytes agree, the code points do not.
            ("aéũing", "aéũ"),
            // One code point of two equal continuation bytes is not a double.
            ("oa\u{30000}ing", "oa\u{30000}"),
            // *o over a consonant of several bytes.
            ("béaéing", "béaée"),
            ("aéing", "aée"),
        ]);
    }

    #[test]
    fn lone_surrogates_are_consonants() {
        let surrogate = [0xed, 0xa0, 0x80];
        let word = [b"a".as_slice(), &surrogate, &surrogate, b"ing"].concat();
        let mut out = Vec::new();
        stem(&word, &mut out);
        assert_eq!(out, [b"a".as_slice(), &surrogate].concat());
    }

    #[test]
    fn malformed_bytes_do_not_panic() {
        let tails: [&[u8]; 6] = [b"", b"ing", b"ed", b"ies", b"y", b"e"];
        for malformed in [&[0x80; 5][..], &[0xff, 0x80], &[0xe3, 0x81], &[0x80]] {
            for tail in tails {
                let word = [malformed, tail].concat();
                stem(&word, &mut Vec::new());
                stem_ascii(&mut word.clone());
            }
        }
    }
}
