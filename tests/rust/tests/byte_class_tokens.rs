//! Tokens between cuts: every way of finding them against the slow twin, and sacrebleu's tokenizers against
//! their rules applied one after the other.

use proptest::prelude::*;
use textgauge_kernels::byte_class_tokens::{
    ALONE, ByteClasses, DASH, MARK, NUMBER, Planes, Rules, Scan, WHITE, WIDE, keys as cut_keys,
};
use textgauge_kernels::level::paths::on_every_path;
use textgauge_kernels::naive;
use textgauge_kernels::token_key::{INLINE_BYTES, Key};
use textgauge_text::{Pipeline, Reader, Tokenizer, Tokens, pystr};

// ---- the kernel

/// Rules with something in every class, within ASCII and beyond.
fn rules(numbers_around: bool) -> Rules {
    let mut of = [0; 256];
    for (bytes, class) in [(" \t\n", WHITE), ("!\"~@`\0", ALONE), (".,:", MARK), ("0123456789", NUMBER), ("-", DASH)] {
        bytes.bytes().for_each(|byte| of[usize::from(byte)] = class);
    }
    of[0xC2..=0xF4].fill(WIDE);
    let wide = |bytes: &[u8]| {
        let (code_point, len) = pystr::decode(bytes);
        let class = match code_point {
            0xA0 | 0x3000 => WHITE,
            0xA7 | 0x4E00..=0x9FFF | 0x1_F600 => ALONE,
            0xB7 | 0x2026 | 0x1_0100 => MARK,
            0x660..=0x669 | 0x2167 | 0x1_D7CE => NUMBER,
            _ => 0,
        };
        (class, len)
    };
    Rules { bytes: ByteClasses::new(of), wide, numbers_around }
}

fn found(text: &[u8], rules: &Rules, planes: &mut Planes) -> Vec<Vec<u8>> {
    let (mut keys, mut long) = (vec![Key::default()], Vec::new());
    cut_keys(Scan {
        text,
        rules,
        keys: &mut keys,
        planes,
        long: &mut |token| {
            assert!(token.len() > INLINE_BYTES, "only long tokens are handed out");
            long.push(token.to_vec());
            Key::numbered(long.len() as u32 - 1)
        },
    });
    assert_eq!(keys[0], Key::default(), "keys are appended");
    let token = |key: &Key| match key.number() {
        Some(number) => long[number as usize].clone(),
        None => {
            let token = key.bytes()[..key.inline_len().expect("a short token")].to_vec();
            assert_eq!(Key::inline(&token), Some(*key));
            token
        }
    };
    keys[1..].iter().map(token).collect()
}

fn check(text: &[u8]) {
    // Room that another text has left dirty must not matter.
    let mut planes = Planes::default();
    for numbers_around in [false, true] {
        let rules = rules(numbers_around);
        let expected = naive::cut_tokens(text, &rules);
        let found = on_every_path(|| {
            found(&[b'.'; 300], &rules, &mut planes);
            found(text, &rules, &mut planes)
        });
        assert_eq!(found, expected, "{:?}", text.escape_ascii().to_string());
    }
}

/// Stretches of one character, so that tokens and runs of marks of every length meet every border.
fn stretches() -> impl Strategy<Value = Vec<u8>> {
    let characters = [
        "a",
        "Z",
        "\u{e9}",
        "\u{d55c}",
        "\u{1f9ff}",
        "0",
        "7",
        "\u{663}",
        "\u{2167}",
        "\u{1d7ce}",
        ".",
        ",",
        ":",
        "\u{b7}",
        "\u{2026}",
        "\u{10100}",
        "!",
        "\0",
        "\u{a7}",
        "\u{4e2d}",
        "\u{1f600}",
        "-",
        " ",
        "\n",
        "\u{a0}",
        "\u{3000}",
    ];
    let stretch = (prop::sample::select(characters.to_vec()), prop_oneof![8 => 1..4_usize, 1 => 1..80_usize]);
    prop::collection::vec(stretch, 0..60).prop_map(|parts| {
        parts.into_iter().map(|(character, len)| character.repeat(len)).collect::<String>().into_bytes()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn tokens_are_those_of_the_slow_twin(text in stretches()) {
        check(&text);
    }

    #[test]
    fn so_they_are_of_any_bytes(text in prop::collection::vec(any::<u8>(), 0..300)) {
        check(&text);
    }

    #[test]
    fn so_they_are_of_marks_and_numbers(text in "[0-9.,:a \u{663}\u{2026}-]{0,160}") {
        check(text.as_bytes());
    }
}

#[test]
fn long_texts_are_cut_to_their_end() {
    check(&"12.5 mots, \u{4e2d}\u{2026}5 ".repeat(2000).into_bytes());
    check(&[b'.'; 10_000]);
    check(&[b'x'; 10_000]);
}

// ---- sacrebleu's tokenizers

/// Every match of two characters, from left to right and none twice, replaced.
fn replace_pairs(
    text: &[char],
    matches: impl Fn(char, char) -> bool,
    by: impl Fn(char, char) -> Vec<char>,
) -> Vec<char> {
    let (mut out, mut at) = (Vec::new(), 0);
    while at < text.len() {
        match text.get(at + 1) {
            Some(&second) if matches(text[at], second) => {
                out.extend(by(text[at], second));
                at += 2;
            }
            _ => {
                out.push(text[at]);
                at += 1;
            }
        }
    }
    out
}

fn blanks_around(text: &str, alone: impl Fn(char) -> bool) -> String {
    text.chars().flat_map(|c| if alone(c) { vec![' ', c, ' '] } else { vec![c] }).collect()
}

fn is_alone(c: char) -> bool {
    c.is_ascii() && !c.is_ascii_control() && !c.is_ascii_alphanumeric() && !"'.,-".contains(c) && c != '\x7f'
}

/// The substitutions that 13a, zh and tercom end with, where what stands alone has blanks around it.
fn western(text: &str) -> String {
    let (digit, mark) = (|c: char| c.is_ascii_digit(), |c: char| c == '.' || c == ',');
    let text: Vec<char> = text.chars().collect();
    let text = replace_pairs(&text, |a, b| !digit(a) && mark(b), |a, b| vec![a, ' ', b, ' ']);
    let text = replace_pairs(&text, |a, b| mark(a) && !digit(b), |a, b| vec![' ', a, ' ', b]);
    let text = replace_pairs(&text, |a, b| digit(a) && b == '-', |a, b| vec![a, ' ', b, ' ']);
    text.into_iter().collect()
}

fn unescaped(text: &str) -> String {
    text.replace("&quot;", "\"").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
}

fn in_ranges(c: char, ranges: &[(u32, u32)]) -> bool {
    ranges.iter().any(|&(first, last)| (first..=last).contains(&u32::from(c)))
}

fn rules_13a(text: &str) -> String {
    let text = unescaped(&text.replace("<skipped>", "").replace("-\n", "").replace('\n', " "));
    western(&blanks_around(&format!(" {text} "), is_alone))
}

fn rules_zh(text: &str) -> String {
    let is_chinese = |c: char| {
        in_ranges(
            c,
            &[
                (0x3400, 0x4db5),
                (0x4e00, 0x9fa5),
                (0x9fa6, 0x9fbb),
                (0xf900, 0xfa2d),
                (0xfa30, 0xfa6a),
                (0xfa70, 0xfad9),
                (0x2001, 0x2a6d),
                (0x2f81, 0x2fa1),
                (0xff00, 0xffef),
                (0x2e80, 0x2eff),
                (0x3000, 0x303f),
                (0x31c0, 0x31ef),
                (0x2f00, 0x2fdf),
                (0x2ff0, 0x2fff),
                (0x3100, 0x312f),
                (0x31a0, 0x31bf),
                (0xfe10, 0xfe1f),
                (0xfe30, 0xfe4f),
                (0x2600, 0x26ff),
                (0x2700, 0x27bf),
                (0x3200, 0x32ff),
                (0x3300, 0x33ff),
            ],
        )
    };
    let text = std::str::from_utf8(pystr::trim_start(text.as_bytes())).expect("still UTF-8");
    western(&blanks_around(&blanks_around(text, is_chinese), is_alone))
}

fn rules_tercom(text: &str, normalized: bool, no_punct: bool, asian: bool) -> String {
    let mut text = text.to_owned();
    let asian_punctuation = |c: char| {
        in_ranges(c, &[(0x3001, 0x3002), (0x3008, 0x3011), (0x3014, 0x301f), (0xff61, 0xff65), (0x30fb, 0x30fb)])
            || "\u{ff0e}\u{ff0c}\u{ff1f}\u{ff1a}\u{ff1b}\u{ff01}\u{ff02}\u{ff08}\u{ff09}".contains(c)
    };
    if normalized {
        text = unescaped(&text.replace("\n-", "").replace('\n', " "));
        text = western(&blanks_around(&format!(" {text} "), is_alone).replace("'s ", " 's "));
        if asian {
            let ideographs = [(0x4e00, 0x9fff), (0x3400, 0x4dbf), (0x31c0, 0x31ef), (0x2e80, 0x2eff), (0x3300, 0x33ff)];
            let others = [(0xf900, 0xfaff), (0xfe30, 0xfe4f)];
            text = blanks_around(&text, |c| in_ranges(c, &ideographs) || in_ranges(c, &others));
            text = blanks_around(&text, |c| in_ranges(c, &[(0x3200, 0x3f22)]));
            text = blanks_around(&text, asian_punctuation);
        }
    }
    if no_punct {
        text.retain(|c| !".,?:;!\"()".contains(c));
        if asian {
            text.retain(|c| !asian_punctuation(c));
        }
    }
    text
}

fn expected(tokenizer: Tokenizer, text: &str) -> Vec<Vec<u8>> {
    let text = std::str::from_utf8(pystr::trim_end(text.as_bytes())).expect("still UTF-8");
    let text = match tokenizer {
        Tokenizer::V13a => rules_13a(text),
        Tokenizer::Zh => rules_zh(text),
        Tokenizer::Tercom { normalized, no_punct, asian } => rules_tercom(text, normalized, no_punct, asian),
        other => unreachable!("{other:?} is not described here"),
    };
    pystr::split_whitespace(text.as_bytes()).map(<[u8]>::to_vec).collect()
}

fn described() -> Vec<Tokenizer> {
    let tercom = |bits: u8| Tokenizer::Tercom { normalized: bits & 1 > 0, no_punct: bits & 2 > 0, asian: bits & 4 > 0 };
    [Tokenizer::V13a, Tokenizer::Zh].into_iter().chain((0..8).map(tercom)).collect()
}

fn read(tokenizer: Tokenizer, text: &[u8]) -> Vec<Vec<u8>> {
    let (mut reader, mut tokens) = (Reader::default(), Tokens::default());
    let pipeline = Pipeline::new(tokenizer, false);
    reader.read(pipeline, text, false, &mut tokens);
    tokens.keys.iter().map(|&key| reader.token(key)).collect()
}

fn read_reference(tokenizer: Tokenizer, text: &[u8]) -> Vec<Vec<u8>> {
    let (mut reader, mut tokens) = (Reader::default(), Tokens::default());
    let pipeline = Pipeline::new(tokenizer, true);
    reader.tokenize(pipeline, text, false, &mut tokens);
    reader.cut_again(pipeline, &mut tokens);
    tokens.keys.iter().map(|&key| reader.token(key)).collect()
}

/// What the rules look for, and what nearly is that.
fn translated() -> impl Strategy<Value = String> {
    let pieces = [
        "a",
        "b's",
        "'s",
        "s",
        "word",
        "0",
        "42",
        "3.5",
        ".",
        ",",
        "-",
        "...",
        "&quot;",
        "&amp;",
        "&lt;",
        "&gt;",
        "amp;",
        "&",
        "lt;",
        "<skipped>",
        "<skip",
        "ped>",
        "-\n",
        "\n-",
        "\n",
        " ",
        "\t",
        "\u{1c}",
        "\u{85}",
        "\u{3000}",
        "\u{2003}",
        "!",
        "(",
        ")",
        "\"",
        "?",
        ":",
        "/",
        "~",
        "\u{7f}",
        "\0",
        "\u{4e2d}",
        "\u{9fbc}",
        "\u{4db6}",
        "\u{3042}",
        "\u{30a2}",
        "\u{30fb}",
        "\u{3001}",
        "\u{ff0c}",
        "\u{ff21}",
        "\u{3f22}",
        "\u{3f23}",
        "\u{201e}",
        "\u{e9}",
        "\u{663}",
        "\u{1f600}",
        "a word of more than fifteen bytes",
        "abcdefghijklmnopqrstuvwxyz",
    ];
    let piece = prop_oneof![
        8 => prop::sample::select(pieces.to_vec()).prop_map(String::from),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..50).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn tokenizers_follow_their_rules(text in translated()) {
        for tokenizer in described() {
            prop_assert_eq!(read(tokenizer, text.as_bytes()), expected(tokenizer, &text), "{:?}", tokenizer);
        }
    }

    #[test]
    fn chrf_words_lose_one_mark_at_most(text in "[a!.(\u{e9}\u{ff01} ]{0,40}") {
        let mut words = Vec::new();
        for word in text.split_whitespace() {
            let characters: Vec<char> = word.chars().collect();
            let is_mark = |c: char| "!.(".contains(c);
            let cut = match characters[..] {
                [_] => characters.len(),
                [.., last] if is_mark(last) => characters.len() - 1,
                [first, ..] if is_mark(first) => 1,
                _ => characters.len(),
            };
            let (start, end) = characters.split_at(cut);
            words.extend([start, end].map(|part| part.iter().collect::<String>().into_bytes()));
        }
        words.retain(|word| !word.is_empty());
        prop_assert_eq!(read(Tokenizer::ChrfWords, text.as_bytes()), words);
    }
}

#[test]
fn intl_cuts_by_unicode_categories() {
    let read = |text: &str| -> Vec<String> {
        let tokens = read(Tokenizer::Intl, text.as_bytes());
        tokens.into_iter().map(|token| String::from_utf8(token).expect("UTF-8")).collect()
    };
    assert_eq!(read("\u{ab}a\u{bb} 5\u{20ac}, 3,5"), ["\u{ab}", "a", "\u{bb}", "5", "\u{20ac}", ",", "3,5"]);
    // Numbers of any script, and a mark between them.
    assert_eq!(read("\u{663}\u{66b}\u{664} \u{2167}.\u{bd}"), ["\u{663}\u{66b}\u{664}", "\u{2167}.\u{bd}"]);
    // At the end of a text a mark stays with a number.
    assert_eq!(read("in 2022."), ["in", "2022."]);
    assert_eq!(read("in 2022. "), ["in", "2022."]);
    assert_eq!(read("'s5..6"), ["'", "s5", ".", ".", "6"]);
    assert_eq!(read("a\u{1f600}\u{10100}b"), ["a", "\u{1f600}", "\u{10100}", "b"]);
}

#[test]
fn every_character_counts_with_white_space() {
    assert_eq!(read(Tokenizer::AllCharacters, b"a \n\xed\xa0\x80"), [&b"a"[..], b" ", b"\n", b"\xed\xa0\x80"]);
}

#[test]
fn a_lone_surrogate_is_no_number() {
    assert_eq!(read(Tokenizer::V13a, b"5.\xed\xa0\x80"), [&b"5"[..], b".", b"\xed\xa0\x80"]);
    assert_eq!(read(Tokenizer::Intl, b"\xed\xa0\x80.5"), [&b"\xed\xa0\x80"[..], b".", b"5"]);
    assert_eq!(read(Tokenizer::Zh, b"\xed\xa0\x80-5"), [b"\xed\xa0\x80-5"]);
}

#[test]
fn references_of_ter_are_cut_again() {
    let normalized = Tokenizer::tercom("+norm").expect("its own flag");
    let text = b"Dogs',.5 it's.";
    assert_eq!(read(normalized, text), [&b"Dogs'"[..], b",", b".5", b"it's", b"."]);
    assert_eq!(read_reference(normalized, text), [&b"dogs'"[..], b",", b".", b"5", b"it", b"'s", b"."]);
    let plain = Tokenizer::tercom("").expect("no flags");
    assert_eq!(read_reference(plain, text), [&b"dogs',.5"[..], b"it's."]);
}

proptest! {
    #[test]
    fn references_are_cut_as_what_was_cut(text in translated()) {
        let lowered = text.to_lowercase();
        for tokenizer in described() {
            let once = read(tokenizer, lowered.as_bytes());
            let expected = match tokenizer {
                Tokenizer::Tercom { normalized: true, .. } => read(tokenizer, &once.join(&b" "[..])),
                _ => once,
            };
            prop_assert_eq!(read_reference(tokenizer, lowered.as_bytes()), expected);
        }
    }
}

#[test]
fn signatures_name_the_tokenizer() {
    let signature = |tokenizer| Pipeline::new(tokenizer, false).to_string();
    assert_eq!(signature(Tokenizer::V13a), "tok:13a|case:mixed|stem:none");
    assert!(signature(Tokenizer::Intl).starts_with("tok:intl[1"));
    let all = Tokenizer::tercom("+norm+nopunct+asian").expect("its own flags");
    assert_eq!(all, Tokenizer::Tercom { normalized: true, no_punct: true, asian: true });
    assert_eq!(signature(all), "tok:tercom|case:mixed|stem:none");
    assert_eq!(signature(Tokenizer::Whitespace), "tok:whitespace|case:mixed|stem:none");
    assert_eq!(Tokenizer::tercom("+norm+"), None);
    assert_eq!(Tokenizer::tercom("norm"), None);
}
