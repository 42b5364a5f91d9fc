//! sacrebleu 2.6.0's tokenizers `13a`, `intl`, `zh` and `tercom`.
//!
//! There each is a chain of substitutions over the whole text. Here a text is first rewritten by those that
//! take something out (rarely any does), then cut by [`textgauge_kernels::byte_class_tokens`], which all of
//! them have in common: they differ in what stands alone, what is a mark and what a number.

use memchr::{memchr3, memmem};
use textgauge_kernels::buffers;
use textgauge_kernels::byte_class_tokens::{
    self, ALONE, ByteClasses, DASH, MARK, NUMBER, Planes, Rules, Scan, WHITE, WIDE,
};
use textgauge_kernels::token_key::Key;

use crate::long::LongTokenTable;
use crate::pipeline::Tokenizer;
use crate::pystr;
use crate::regex_tables as tables;

buffers! {
    /// Tokenises by rules; owns the buffers that this takes.
    pub(crate) struct RuleTokenizer {
        planes: Planes,
        rewritten: Vec<u8>,
    }
}

impl RuleTokenizer {
    /// Appends the keys of the tokens that one of sacrebleu's tokenizers, or [`Tokenizer::Whitespace`], makes of
    /// `text`, which is one line or several to be read as one.
    pub(crate) fn tokenize(
        &mut self,
        tokenizer: Tokenizer,
        text: &[u8],
        long: &mut LongTokenTable,
        keys: &mut Vec<Key>,
    ) {
        // What BLEU and TER do before they tokenise.
        let text = pystr::trim_end(text);
        let Self { planes, rewritten } = self;
        let mut cut = |rules: &Rules, text: &[u8], long: &mut LongTokenTable, keys: &mut Vec<Key>| {
            byte_class_tokens::keys(Scan { text, rules, keys, planes, long: &mut |token| long.key(token) });
        };
        match tokenizer {
            Tokenizer::Whitespace => cut(&WHITESPACE, text, long, keys),
            Tokenizer::Intl => cut(&INTL, text, long, keys),
            Tokenizer::Zh => cut(&ZH, pystr::trim_start(text), long, keys),
            Tokenizer::Tercom { normalized, no_punct, asian } => {
                let first = keys.len();
                if normalized {
                    let rules = if asian { &TERCOM_ASIAN } else { &V13A };
                    cut(rules, as_tercom_does(text, rewritten), long, keys);
                } else {
                    cut(&WHITESPACE, text, long, keys);
                }
                if no_punct {
                    remove_punctuation(asian, first, rewritten, long, keys);
                }
            }
            _ => cut(&V13A, as_13a_does(text, rewritten), long, keys),
        }
    }
}

// ---- what stands alone, what is a mark, what a number

static WHITESPACE: Rules = Rules {
    bytes: ByteClasses::new(classes_of_white()),
    wide: |bytes| with_white(bytes, |_| 0),
    numbers_around: false,
};

static V13A: Rules = Rules {
    bytes: ByteClasses::new(classes_13a(&LEADS)),
    wide: |bytes| with_white(bytes, |_| 0),
    numbers_around: false,
};

/// No blanks are put around this text, so that a mark at either end lacks the neighbour that
/// would cut it off.
static ZH: Rules = Rules {
    bytes: ByteClasses::new(classes_13a(&LEADS_WITH_CJK)),
    wide: |bytes| with_white(bytes, |code_point| if CHINESE.holds(code_point) { ALONE } else { 0 }),
    numbers_around: true,
};

static TERCOM_ASIAN: Rules = Rules {
    bytes: ByteClasses::new(classes_13a(&LEADS_WITH_CJK)),
    wide: |bytes| with_white(bytes, |code_point| if ASIAN.holds(code_point) { ALONE } else { 0 }),
    numbers_around: false,
};

static INTL: Rules =
    Rules { bytes: ByteClasses::new(classes_intl()), wide: |bytes| with_white(bytes, category), numbers_around: true };

/// The first bytes of white space beyond ASCII.
const LEADS: [u8; 4] = [0xC2, 0xE1, 0xE2, 0xE3];

/// The first bytes of white space, and of all that has three bytes.
const LEADS_WITH_CJK: [u8; 16] =
    [0xC2, 0xE1, 0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xEB, 0xEC, 0xED, 0xEE, 0xEF];

const fn is_white(byte: u8) -> bool {
    matches!(byte, 0x09..=0x0D | 0x1C..=0x20)
}

const fn classes_of_white() -> [u8; 256] {
    let mut classes = classes_13a(&LEADS);
    let mut byte = 0;
    while byte < 0x80 {
        classes[byte] &= WHITE;
        byte += 1;
    }
    classes
}

/// What 13a makes of ASCII; other tokenizers follow it.
const fn classes_13a(leads: &[u8]) -> [u8; 256] {
    let mut classes = [0; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        classes[byte as usize] = match byte {
            _ if is_white(byte) => WHITE,
            b'0'..=b'9' => NUMBER,
            b'.' | b',' => MARK,
            b'-' => DASH,
            b'{'..=b'~' | b'['..=b'`' | b' '..=b'&' | b'('..=b'+' | b':'..=b'@' | b'/' => ALONE,
            _ => 0,
        };
        byte += 1;
    }
    let mut index = 0;
    while index < leads.len() {
        classes[leads[index] as usize] = WIDE;
        index += 1;
    }
    classes
}

const fn classes_intl() -> [u8; 256] {
    let mut classes = [0; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        classes[byte as usize] = if is_white(byte) { WHITE } else { planes_category(byte as u32) };
        byte += 1;
    }
    let mut lead = 0xC2;
    while lead <= 0xF4 {
        classes[lead] = WIDE;
        lead += 1;
    }
    classes
}

/// The class of the character that the bytes start with: white, or what `class` says.
#[inline(always)]
fn with_white(bytes: &[u8], class: impl Fn(u32) -> u8) -> (u8, usize) {
    let (code_point, len) = pystr::decode(bytes);
    (if pystr::is_whitespace(code_point) { WHITE } else { class(code_point) }, len)
}

/// What `intl` makes of a character that is not white.
fn category(code_point: u32) -> u8 {
    if code_point < 0x1_0000 {
        return planes_category(code_point);
    }
    let is_in = |ranges: &[(u32, u32)]| pystr::is_in(ranges, code_point);
    if is_in(&tables::SYMBOLS) {
        ALONE
    } else if is_in(&tables::PUNCTUATION) {
        MARK
    } else if is_in(&tables::NUMBERS) {
        NUMBER
    } else {
        0
    }
}

const fn planes_category(code_point: u32) -> u8 {
    if PUNCTUATION.holds(code_point) {
        MARK
    } else if SYMBOLS.holds(code_point) {
        ALONE
    } else if NUMBERS.holds(code_point) {
        NUMBER
    } else {
        0
    }
}

static PUNCTUATION: CodePointSet = CodePointSet::of(&tables::PUNCTUATION);
static SYMBOLS: CodePointSet = CodePointSet::of(&tables::SYMBOLS);
static NUMBERS: CodePointSet = CodePointSet::of(&tables::NUMBERS);

/// A set of code points below U+10000, a bit each.
struct CodePointSet([u64; 1024]);

impl CodePointSet {
    /// What the ranges hold; what is in them from U+10000 on is left out.
    const fn of(ranges: &[(u32, u32)]) -> Self {
        let mut set = [0; 1024];
        let mut index = 0;
        while index < ranges.len() {
            let (mut code_point, last) = ranges[index];
            while code_point <= last && code_point < 0x1_0000 {
                set[code_point as usize / 64] |= 1 << (code_point % 64);
                code_point += 1;
            }
            index += 1;
        }
        Self(set)
    }

    const fn holds(&self, code_point: u32) -> bool {
        code_point < 0x1_0000 && self.0[code_point as usize / 64] >> (code_point % 64) & 1 == 1
    }
}

/// What sacrebleu's `zh` takes for Chinese. Its ranges from U+20000 and U+2F800 on are misspelt, so that they
/// hold U+2001 to U+2A6D and U+2F81 to U+2FA1 instead.
static CHINESE: CodePointSet = CodePointSet::of(&[
    (0x2001, 0x2a6d),
    (0x2e80, 0x2eff),
    (0x2f00, 0x2fdf),
    (0x2ff0, 0x2fff),
    (0x3000, 0x303f),
    (0x3100, 0x312f),
    (0x31a0, 0x31bf),
    (0x31c0, 0x31ef),
    (0x3200, 0x33ff),
    (0x3400, 0x4db5),
    (0x4e00, 0x9fbb),
    (0xf900, 0xfa2d),
    (0xfa30, 0xfa6a),
    (0xfa70, 0xfad9),
    (0xfe10, 0xfe1f),
    (0xfe30, 0xfe4f),
    (0xff00, 0xffef),
]);

/// What sacrebleu's `tercom` puts blanks around with `asian_support`. Its range for U+3200 to U+32FF
/// is misspelt and goes on to U+3F22. (Its rules for kana need them to be where a text starts, but by then it starts
/// with a blank.)
static ASIAN: CodePointSet = CodePointSet::of(&[
    (0x2e80, 0x2eff),
    (0x3001, 0x3002),
    (0x3008, 0x3011),
    (0x3014, 0x301f),
    (0x30fb, 0x30fb),
    (0x31c0, 0x31ef),
    (0x3200, 0x3f22),
    (0x3400, 0x4dbf),
    (0x4e00, 0x9fff),
    (0xf900, 0xfaff),
    (0xfe30, 0xfe4f),
    (0xff01, 0xff02),
    (0xff08, 0xff09),
    (0xff0c, 0xff0c),
    (0xff0e, 0xff0e),
    (0xff1a, 0xff1b),
    (0xff1f, 0xff1f),
    (0xff61, 0xff65),
]);

/// What sacrebleu's `tercom` drops with `no_punct` and `asian_support`.
static ASIAN_PUNCTUATION: CodePointSet = CodePointSet::of(&[
    (0x3001, 0x3002),
    (0x3008, 0x3011),
    (0x3014, 0x301f),
    (0x30fb, 0x30fb),
    (0xff01, 0xff02),
    (0xff08, 0xff09),
    (0xff0c, 0xff0c),
    (0xff0e, 0xff0e),
    (0xff1a, 0xff1b),
    (0xff1f, 0xff1f),
    (0xff61, 0xff65),
]);

// ---- what is taken out

/// What XML writes as something else, in the order in which it is put back.
const ENTITIES: [(&[u8], &[u8]); 4] = [(b"&quot;", b"\""), (b"&amp;", b"&"), (b"&lt;", b"<"), (b"&gt;", b">")];

/// The text without skipped segments, words broken over lines, and entities.
fn as_13a_does<'t>(text: &'t [u8], rewritten: &'t mut Vec<u8>) -> &'t [u8] {
    if memchr3(b'&', b'<', b'\n', text).is_none() {
        return text;
    }
    // Line feeds elsewhere are white space, and need no replacing by blanks.
    let taken_out: [&[u8]; 3] = [b"&", b"<skipped>", b"-\n"];
    if taken_out.iter().all(|part| memmem::find(text, part).is_none()) {
        return text;
    }
    rewritten.clear();
    rewritten.extend_from_slice(text);
    replace(rewritten, b"<skipped>", b"");
    replace(rewritten, b"-\n", b"");
    ENTITIES.iter().for_each(|(from, to)| replace(rewritten, from, to));
    rewritten
}

/// The text without what tercom takes for words broken over lines, without entities, and with a blank before a
/// possessive.
fn as_tercom_does<'t>(text: &'t [u8], rewritten: &'t mut Vec<u8>) -> &'t [u8] {
    if memchr3(b'&', b'\'', b'\n', text).is_none() {
        return text;
    }
    rewritten.clear();
    rewritten.extend_from_slice(text);
    replace(rewritten, b"\n-", b"");
    ENTITIES.iter().for_each(|(from, to)| replace(rewritten, from, to));
    // A possessive is one before a blank, and by then there are some around all that stands alone.
    let ends = |after: Option<&u8>| after.is_none_or(|&byte| matches!(byte, b' ' | b'\n') || is_alone(byte));
    let mut possessives: Vec<usize> = memmem::find_iter(rewritten, b"'s").collect();
    possessives.retain(|at| ends(rewritten.get(at + 2)));
    let mut end = rewritten.len();
    rewritten.resize(end + possessives.len(), b' ');
    for (before, &start) in possessives.iter().enumerate().rev() {
        rewritten.copy_within(start..end, start + before + 1);
        rewritten[start + before] = b' ';
        end = start;
    }
    rewritten
}

fn is_alone(byte: u8) -> bool {
    const CLASSES: [u8; 256] = classes_13a(&[]);
    CLASSES[usize::from(byte)] == ALONE
}

/// Replaces every occurrence of `from`, found from left to right, by the no longer `to`.
fn replace(text: &mut Vec<u8>, from: &[u8], to: &[u8]) {
    let (mut read, mut written) = (0, 0);
    while let Some(found) = memmem::find(&text[read..], from) {
        text.copy_within(read..read + found, written);
        written += found;
        text[written..written + to.len()].copy_from_slice(to);
        written += to.len();
        read += found + from.len();
    }
    if read > 0 {
        text.copy_within(read.., written);
        text.truncate(written + text.len() - read);
    }
}

/// Takes punctuation out of the tokens under the keys from `first` on, and those out of which nothing is left.
fn remove_punctuation(asian: bool, first: usize, rest: &mut Vec<u8>, long: &mut LongTokenTable, keys: &mut Vec<Key>) {
    let is_removed = |code_point: u32| {
        let western = u8::try_from(code_point).is_ok_and(|byte| b".,?:;!\"()".contains(&byte));
        western || asian && ASIAN_PUNCTUATION.holds(code_point)
    };
    let mut kept = first;
    for index in first..keys.len() {
        let key = keys[index];
        rest.clear();
        {
            let bytes = key.bytes();
            let token = match (key.inline_len(), key.number()) {
                (Some(len), _) => &bytes[..len],
                (None, Some(number)) => long.token(number),
                (None, None) => &[],
            };
            let mut at = 0;
            while at < token.len() {
                let (code_point, len) = pystr::decode(&token[at..]);
                if !is_removed(code_point) {
                    rest.extend_from_slice(&token[at..at + len]);
                }
                at += len;
            }
        }
        if !rest.is_empty() {
            keys[kept] = long.key(rest);
            kept += 1;
        }
    }
    keys.truncate(kept);
}
