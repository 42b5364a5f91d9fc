//! Tokens as the crate reads them, against literal descriptions of each tokenizer.

use proptest::prelude::*;
use textgauge_kernels::token_key::Key;
use textgauge_text::{GivenTokens, LongTokenTable, Pipeline, Reader, Stemmer, Tokenizer, Tokens, porter, pystr};

fn pipeline(tokenizer: Tokenizer, stemmer: Stemmer, lowercase: bool) -> Pipeline {
    Pipeline { stemmer, ..Pipeline::new(tokenizer, lowercase) }
}

/// The tokens of a text, and how many come before each line feed.
fn read(reader: &mut Reader, pipeline: Pipeline, text: &[u8], sentences: bool) -> (Vec<Vec<u8>>, Vec<u32>) {
    let mut tokens = Tokens::default();
    reader.read(pipeline, text, sentences, &mut tokens);
    (tokens.keys.iter().map(|&key| reader.token(key)).collect(), tokens.breaks)
}

/// Python's `str.isspace()`, spelt out.
fn is_space(character: char) -> bool {
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \u{85}\u{a0}\u{1680}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\
     \u{2008}\u{2009}\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}"
        .contains(character)
}

/// What the tokenizer makes of a text that is lower-cased already if it is to be.
fn tokens_of(tokenizer: Tokenizer, text: &str) -> Vec<String> {
    let owned = |token: &str| (!token.is_empty()).then(|| token.to_owned());
    match tokenizer {
        Tokenizer::Rouge => text.split(|c| !matches!(c, 'a'..='z' | '0'..='9')).filter_map(owned).collect(),
        Tokenizer::Whitespace => text.split(is_space).filter_map(owned).collect(),
        Tokenizer::Characters => text.chars().filter(|&c| !is_space(c)).map(String::from).collect(),
        other => unreachable!("{other:?} has no short description"),
    }
}

fn stemmed(token: &str) -> Vec<u8> {
    let mut stem = Vec::new();
    match token.chars().count() {
        0..=3 => stem.extend_from_slice(token.as_bytes()),
        _ => porter::stem(token.as_bytes(), &mut stem),
    }
    stem
}

/// Text of words with suffixes, white space of all kinds, and characters whose lower case is special.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => "[a-zA-Z]{1,6}(ing|ed|s|ational|ies)?",
        1 => "[a-zA-Z0-9]{14,40}",
        2 => "[0-9]{1,17}",
        6 => prop::sample::select(" \n\t\r\x0b\x0c\x1c\x1d\x1e\x1f\u{85}\u{a0}\u{2003}\u{2028}\u{2029}\u{3000}\0_-.,'"
            .chars().collect::<Vec<_>>()).prop_map(String::from),
        3 => prop::sample::select("\u{212a}\u{130}\u{3a3}\u{3c3}\u{c9}\u{df}\u{301}\u{200d}\u{1f468}\u{65e5}\u{d55c}\u{1e9e}"
            .chars().collect::<Vec<_>>()).prop_map(String::from),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn any_named() -> impl Strategy<Value = Pipeline> {
    // All but pltrdy's, whose sentences are no lines and whose tokens may be empty.
    let mut tokenizers = Tokenizer::NAMED.map(|(_, tokenizer)| tokenizer).to_vec();
    tokenizers.retain(|&tokenizer| tokenizer != Tokenizer::Pltrdy);
    let tokenizer = prop::sample::select(tokenizers);
    let stemmer = prop::sample::select(vec![Stemmer::None, Stemmer::Porter]);
    (tokenizer, stemmer, any::<bool>()).prop_map(|(tokenizer, stemmer, lowercase)| {
        pipeline(tokenizer, stemmer, lowercase || tokenizer == Tokenizer::Rouge)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn tokens_are_as_described(text in any_text(), lowercase: bool) {
        let mut lowered = Vec::new();
        pystr::lower(text.as_bytes(), &mut lowered);
        let lowered = String::from_utf8(lowered).expect("the lower case of UTF-8 is UTF-8");
        let mut reader = Reader::default();
        for tokenizer in [Tokenizer::Rouge, Tokenizer::Whitespace, Tokenizer::Characters] {
            let lowercase = lowercase || tokenizer == Tokenizer::Rouge;
            let source = if lowercase { &lowered } else { &text };
            let plain = tokens_of(tokenizer, source);
            let breaks: Vec<u32> = source
                .match_indices('\n')
                .map(|(at, _)| tokens_of(tokenizer, &source[..at]).len() as u32)
                .collect();
            for stemmer in [Stemmer::None, Stemmer::Porter] {
                let expected: Vec<Vec<u8>> = match stemmer {
                    Stemmer::None => plain.iter().map(|token| token.clone().into_bytes()).collect(),
                    Stemmer::Porter => plain.iter().map(|token| stemmed(token)).collect(),
                };
                let pipeline = pipeline(tokenizer, stemmer, lowercase);
                prop_assert_eq!(read(&mut reader, pipeline, text.as_bytes(), true), (expected.clone(), breaks.clone()));
                prop_assert_eq!(read(&mut reader, pipeline, text.as_bytes(), false), (expected, vec![]));
            }
        }
    }

    #[test]
    fn short_tokens_are_their_own_keys(text in any_text(), pipeline in any_named()) {
        let (mut reader, mut tokens) = (Reader::default(), Tokens::default());
        reader.read(pipeline, text.as_bytes(), false, &mut tokens);
        for key in tokens.keys {
            let token = reader.token(key);
            match key.code_point() {
                Some(code_point) => prop_assert_eq!(pystr::code_points(&token).map(|(_, c)| c).collect::<Vec<_>>(), [code_point]),
                None => prop_assert_eq!(Key::inline(&token).unwrap_or(key), key),
            }
        }
    }

    #[test]
    fn lines_read_alone_have_the_same_tokens(text in any_text(), pipeline in any_named()) {
        // So that sentences and whole texts may share one reading.
        let mut reader = Reader::default();
        let (tokens, breaks) = read(&mut reader, pipeline, text.as_bytes(), true);
        if pipeline.tokenizer.ignores_line_breaks() {
            prop_assert_eq!(&tokens, &read(&mut reader, pipeline, text.as_bytes(), false).0);
        }
        let (mut by_line, mut ends) = (Vec::new(), Vec::new());
        for line in text.split('\n') {
            by_line.extend(read(&mut reader, pipeline, line.as_bytes(), false).0);
            ends.push(by_line.len() as u32);
        }
        ends.pop();
        prop_assert_eq!((tokens, breaks), (by_line, ends));
    }

    #[test]
    fn pltrdy_sentences_end_at_full_stops(text in "[ab. \t\n\u{a0}é]{0,60}") {
        let (mut expected, mut breaks) = (Vec::new(), Vec::new());
        for sentence in text.split('.') {
            let words: Vec<&str> = sentence.split(is_space).filter(|word| !word.is_empty()).collect();
            match &*words {
                [] if !sentence.is_empty() => expected.push(Vec::new()),
                words => expected.extend(words.iter().map(|word| word.as_bytes().to_vec())),
            }
            breaks.push(expected.len() as u32);
        }
        breaks.pop();
        let pipeline = pipeline(Tokenizer::Pltrdy, Stemmer::None, false);
        let mut reader = Reader::default();
        prop_assert_eq!(read(&mut reader, pipeline, text.as_bytes(), false), (expected.clone(), Vec::new()));
        prop_assert_eq!(read(&mut reader, pipeline, text.as_bytes(), true), (expected, breaks));
    }

    #[test]
    fn graphemes_leave_out_white_space_alone(text in any_text()) {
        let pipeline = pipeline(Tokenizer::Graphemes, Stemmer::None, false);
        let (tokens, _) = read(&mut Reader::default(), pipeline, text.as_bytes(), false);
        let clusters: Vec<&str> = tokens.iter().map(|token| std::str::from_utf8(token).expect("whole characters")).collect();
        prop_assert!(clusters.iter().all(|cluster| !cluster.starts_with(is_space)));
        // White space may take marks behind it along, nothing in ASCII.
        let visible = |text: &str| text.chars().filter(|&c| c.is_ascii() && !is_space(c)).collect::<String>();
        prop_assert_eq!(visible(&clusters.concat()), visible(&text));
        let mut rest = text.chars();
        prop_assert!(clusters.concat().chars().all(|kept| rest.any(|c| c == kept)), "not in the text's order");
    }

    #[test]
    fn words_are_all_but_white_space_and_punctuation(text in any_text()) {
        let pipeline = pipeline(Tokenizer::Words, Stemmer::None, false);
        let (tokens, _) = read(&mut Reader::default(), pipeline, text.as_bytes(), false);
        let tokens: Vec<String> = tokens.into_iter().map(|token| String::from_utf8(token).expect("UTF-8")).collect();
        let says_nothing = |c: char| pystr::is_whitespace(c.into()) || pystr::is_punctuation(c.into());
        prop_assert!(tokens.iter().all(|token| !token.chars().all(says_nothing)));
        // No letter or digit is lost, and words come in the order of the text.
        let alphanumeric = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        prop_assert_eq!(alphanumeric(&tokens.concat()), alphanumeric(&text));
    }

    #[test]
    fn any_bytes_are_read(text in prop::collection::vec(any::<u8>(), 0..200), pipeline in any_named()) {
        let mut reader = Reader::default();
        let (tokens, _) = read(&mut reader, pipeline, &text, false);
        prop_assert!(tokens.iter().all(|token| !token.is_empty()));
        let by_line = read(&mut reader, pipeline, &text, true).0;
        prop_assert!(!pipeline.tokenizer.ignores_line_breaks() || by_line == tokens);
    }

    #[test]
    fn given_tokens_come_back(
        sentences in prop::collection::vec(prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..6), 1..6),
    ) {
        let mut given = GivenTokens::default();
        let (mut flat, mut breaks) = (Vec::new(), Vec::new());
        for (index, sentence) in sentences.iter().enumerate() {
            if index > 0 {
                given.end_sentence();
                breaks.push(flat.len() as u32);
            }
            for token in sentence {
                given.push(token).expect("short enough");
                flat.push(token.clone());
            }
        }
        let text = given.into_text();
        let pipeline = pipeline(Tokenizer::Pretokenized, Stemmer::None, false);
        let mut reader = Reader::default();
        prop_assert_eq!(read(&mut reader, pipeline, &text, true), (flat.clone(), breaks));
        prop_assert_eq!(read(&mut reader, pipeline, &text, false), (flat, vec![]));
    }

    #[test]
    fn keys_are_equal_exactly_when_tokens_are(
        tokens in prop::collection::vec(prop::collection::vec(prop::sample::select(b"aA\0".to_vec()), 0..20), 1..60),
    ) {
        let mut long = LongTokenTable::default();
        for round in 0..2 {
            let keys: Vec<Key> = tokens.iter().map(|token| long.key(token)).collect();
            for (a, &key_a) in tokens.iter().zip(&keys) {
                for (b, &key_b) in tokens.iter().zip(&keys) {
                    prop_assert_eq!(a == b, key_a == key_b);
                }
                if let Some(number) = key_a.number() {
                    prop_assert_eq!(long.token(number), &a[..]);
                }
                prop_assert_eq!(long.key_of_ascii_lower(a), long.key(&a.to_ascii_lowercase()));
            }
            if round == 0 {
                long.clear();
            }
        }
    }
}

#[test]
fn many_long_tokens_keep_their_numbers() {
    let token = |number: u32| format!("a long token, number {number}").into_bytes();
    let mut long = LongTokenTable::default();
    let keys: Vec<Key> = (0..5000).map(|number| long.key(&token(number))).collect();
    for (number, &key) in (0..5000).zip(&keys) {
        assert_eq!(key, Key::numbered(number));
        assert_eq!(long.key(&token(number)), key);
        assert_eq!(long.token(number), token(number));
    }
}

#[test]
fn a_lone_surrogate_is_a_character_of_its_own() {
    let text = b"a\xed\xa0\x80b \xed\xbf\xbf";
    let read = |tokenizer| read(&mut Reader::default(), pipeline(tokenizer, Stemmer::None, true), text, false).0;
    assert_eq!(read(Tokenizer::Characters), [&b"a"[..], b"\xed\xa0\x80", b"b", b"\xed\xbf\xbf"]);
    assert_eq!(read(Tokenizer::Whitespace), [&b"a\xed\xa0\x80b"[..], b"\xed\xbf\xbf"]);
    assert_eq!(read(Tokenizer::Rouge), [b"a", b"b"]);
    assert_eq!(read(Tokenizer::Words), [&b"a"[..], b"\xed\xa0\x80", b"b", b"\xed\xbf\xbf"]);
}

#[test]
fn symbols_are_words() {
    let read = |text: &str| -> Vec<String> {
        let pipeline = pipeline(Tokenizer::Words, Stemmer::None, false);
        let (tokens, _) = read(&mut Reader::default(), pipeline, text.as_bytes(), false);
        tokens.into_iter().map(|token| String::from_utf8(token).expect("UTF-8")).collect()
    };
    assert_eq!(read("C++ is $5, (not) €5!"), ["C", "+", "+", "is", "$", "5", "not", "€", "5"]);
    assert_eq!(read("I ❤\u{fe0f} 👩\u{200d}👧… 1+1=2"), ["I", "❤\u{fe0f}", "👩\u{200d}👧", "1", "+", "1", "=", "2"]);
    assert_eq!(read("\u{feff}can't \0 \u{200b}- _"), ["can't"]);
}

#[test]
fn graphemes_are_what_readers_call_characters() {
    let read = |text: &str| -> Vec<String> {
        let pipeline = pipeline(Tokenizer::Graphemes, Stemmer::None, true);
        let (tokens, _) = read(&mut Reader::default(), pipeline, text.as_bytes(), true);
        tokens.into_iter().map(|token| String::from_utf8(token).expect("UTF-8")).collect()
    };
    assert_eq!(read("E\u{301}a \r\n\u{2028}b"), ["e\u{301}", "a", "b"]);
    let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}";
    assert_eq!(read(&format!("{family}{family}x")), [family, family, "x"]);
    assert_eq!(read("\u{1f1eb}\u{1f1f7}\u{1f1e9}\u{1f1ea}"), ["\u{1f1eb}\u{1f1f7}", "\u{1f1e9}\u{1f1ea}"]);
    assert_eq!(read("\u{1112}\u{1161}\u{11ab}\u{ae00}"), ["\u{1112}\u{1161}\u{11ab}", "\u{ae00}"]);
}

#[test]
fn words_are_cut_by_unicode_rules() {
    let read = |text: &str| -> Vec<String> {
        let pipeline = pipeline(Tokenizer::Words, Stemmer::None, true);
        let (tokens, _) = read(&mut Reader::default(), pipeline, text.as_bytes(), false);
        tokens.into_iter().map(|token| String::from_utf8(token).expect("UTF-8")).collect()
    };
    assert_eq!(read("Don't pay 3.50 \u{2014} o.k., \u{c9}cole!"), ["don't", "pay", "3.50", "o.k", "\u{e9}cole"]);
    assert_eq!(read("\u{65e5}\u{672c} \u{30c6}\u{30b9}\u{30c8}"), ["\u{65e5}", "\u{672c}", "\u{30c6}\u{30b9}\u{30c8}"]);
}
