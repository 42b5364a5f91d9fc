//! Transforms of texts: against their slow twins, and what holds of every one of them.

use proptest::prelude::*;
use textgauge_text::pystr;
use textgauge_text::transforms::{Buffers, Regexes, Spellings, Subwords, Transform, Transforms, UnicodeForm, naive};

fn pairs(pairs: &[(&str, &str)]) -> Vec<(Vec<u8>, Vec<u8>)> {
    pairs.iter().map(|(before, after)| (before.as_bytes().to_vec(), after.as_bytes().to_vec())).collect()
}

/// Every transform there is, with arguments that change much.
fn all() -> Vec<Transform> {
    let words = pairs(&[("a", "bb"), ("b'b", "c"), ("", "+"), ("é", "")]);
    let regexes = Regexes::native(pairs(&[("[a-c]+", "x"), (r"(\s)(.)", r"\2\1")])).expect("these run natively");
    let spellings = Spellings::new("0".to_owned(), pairs(&[("colour", "color")]));
    let mut all = vec![
        Transform::ToLowerCase,
        Transform::ToUpperCase,
        Transform::CaseFold,
        Transform::Strip,
        Transform::RemoveMultipleSpaces,
        Transform::RemoveWhiteSpace { replace_by_space: false },
        Transform::RemoveWhiteSpace { replace_by_space: true },
        Transform::RemovePunctuation,
        Transform::RemoveKaldiNonWords,
        Transform::ExpandCommonEnglishContractions,
        Transform::SubstituteWords(words),
        Transform::SubstituteRegexes(regexes),
        Transform::RemoveReasoning,
        Transform::RemoveSpecialTokens,
        Transform::UnescapeHtml,
        Transform::FirstWords(2),
        Transform::FirstBytes(7),
        Transform::SplitSentences(None),
        Transform::SplitSentences(Some(b"<q>".to_vec())),
        Transform::WhisperBasic { remove_diacritics: true, split_letters: true, preserve_marks: false },
        Transform::WhisperBasic { remove_diacritics: false, split_letters: false, preserve_marks: true },
        Transform::WhisperEnglish(spellings),
    ];
    all.extend(UnicodeForm::NAMED.map(|(_, form)| Transform::NormalizeUnicode(form)));
    all.extend(Subwords::NAMED.map(|(_, subwords)| Transform::JoinSubwords(subwords)));
    all
}

fn applied(transforms: &Transforms, text: &[u8]) -> Vec<u8> {
    let mut made = b"before".to_vec();
    transforms.apply(text, &mut Buffers::default(), &mut made);
    assert!(made.starts_with(b"before"), "what was there before stays");
    made.split_off(6)
}

/// Texts that are odd to one rule or another, lone surrogates among them.
fn odd_texts() -> impl Strategy<Value = Vec<u8>> {
    let pieces = [
        " ",
        "  ",
        "\n",
        "\u{a0}",
        "a",
        "b'b",
        "Mr.",
        "can't",
        "it's",
        "uh",
        "[",
        "]",
        "<",
        ">",
        "(",
        ")",
        "<think>",
        "</think>",
        "<|im_end|>",
        "</s>",
        "&amp;",
        "&#x27;",
        "&lt",
        "@@ ",
        "@@",
        " ##",
        "\u{2581}",
        "<q>",
        ".",
        "!",
        "?",
        "twenty",
        "two",
        "hundred",
        "point",
        "five",
        "dollars",
        "$2",
        "¢7",
        "1",
        "3.5",
        "and a half",
        "e\u{301}",
        "é",
        "ﬁ",
        "Σ",
        "İ",
        "한",
        "ﾊﾞ",
        "٣",
        "中",
        "👍",
        "colour",
        "%",
        "1,000",
        "2nd",
    ];
    let piece = prop_oneof![
        8 => prop::sample::select(pieces.to_vec()).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => any::<char>().prop_map(|letter| letter.to_string().into_bytes()),
        1 => (0xd800_u32..0xe000).prop_map(|surrogate| {
            let mut bytes = Vec::new();
            pystr::push(&mut bytes, surrogate);
            bytes
        }),
    ];
    prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_transform_is_its_slow_twin(text in odd_texts()) {
        let mut compared = 0;
        for transform in all() {
            if let Some(wanted) = naive::transformed(&transform, &text) {
                prop_assert_eq!(applied(&Transforms::new(std::slice::from_ref(&transform)), &text), wanted, "{}", transform);
                compared += 1;
            }
        }
        prop_assert!(compared >= 10);
    }

    #[test]
    fn a_trace_has_the_same_text_and_points_into_the_one_before(text in odd_texts()) {
        for transform in all() {
            let transforms = Transforms::new(std::slice::from_ref(&transform));
            let traced = transforms.traced(&text);
            prop_assert_eq!(&traced.text, &applied(&transforms, &text), "{}", transform);
            prop_assert_eq!(traced.text.len(), traced.spans.len());
            for (&byte, &(start, end)) in traced.text.iter().zip(&traced.spans) {
                prop_assert!(start <= end && end <= text.len(), "{}", transform);
                // One byte in place of one: the same, or of another case, or a blank, or a letter for a mark.
                if end == start + 1 && byte.is_ascii_alphabetic() && text[start].is_ascii_alphabetic() {
                    let changes = matches!(
                        transform,
                        Transform::SubstituteWords(_) | Transform::SubstituteRegexes(_) | Transform::WhisperEnglish(_)
                    );
                    prop_assert!(changes || byte.eq_ignore_ascii_case(&text[start]), "{}", transform);
                }
            }
        }
    }

    #[test]
    fn several_are_one_after_the_other(text in odd_texts(), chosen in prop::collection::vec(0..29_usize, 0..5)) {
        let transforms: Vec<Transform> = chosen.iter().map(|&index| all().swap_remove(index)).collect();
        let one_by_one = transforms.iter().fold(text.clone(), |text, transform| {
            applied(&Transforms::new(std::slice::from_ref(transform)), &text)
        });
        let together = Transforms::new(&transforms);
        prop_assert_eq!(&applied(&together, &text), &one_by_one);
        prop_assert_eq!(&together.traced(&text).text, &one_by_one);
        let names: Vec<String> = transforms.iter().map(Transform::to_string).collect();
        prop_assert_eq!(together.name(), names.join(">"));
    }

    #[test]
    fn any_bytes_are_taken(text in prop::collection::vec(any::<u8>(), 0..60)) {
        for transform in all() {
            let transforms = Transforms::new(&[transform]);
            prop_assert_eq!(transforms.traced(&text).text, applied(&transforms, &text));
        }
    }
}

#[test]
fn every_transform_has_a_name_of_its_own() {
    let mut names: Vec<String> = all().iter().map(Transform::to_string).collect();
    assert_eq!(names.len(), 29);
    assert!(
        names.iter().all(|name| !name.contains(['|', ':', '>'])),
        "what parts signatures stands in none: {names:?}"
    );
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 29);
}

#[test]
fn expressions_that_mean_something_else_elsewhere_are_left_to_python() {
    let native = |expression: &str, other: &str| Regexes::native(pairs(&[(expression, other)])).is_some();
    for expression in
        ["a", "[^a-z]+", r"\d{1,3}(?:,\d{3})+", r"(\w+)\s", ".+?x", r"[\]\-a]", "a|bc|d", "[]a]", "[a-]", r"\."]
    {
        assert!(native(expression, "x"), "{expression}");
    }
    for expression in [
        "", "a*", "a?", "a|", "(a*)b*", r"\ba", "^a", "a$", "(?i)a", "(?=a)b", r"(a)\1", "a{,3}", "a{3", "a++", "[[a]",
        "[a&&b]", r"\Aa", r"\x41", "(?P<n>a)", "(a*)+", "a{2000}", "x{2}{3}", "[a-\\d]", "]", "}", "(?:a",
    ] {
        assert!(!native(expression, "x"), "{expression}");
    }
    assert!(native("(a)(b)", r"\2\g<1>\\\n"));
    for replacement in [r"\3", r"\10", r"\g<name>", r"\g<3>", r"\x"] {
        assert!(!native("(a)(b)", replacement), "{replacement}");
    }
    // What a repeated group remembers is left to Python too, where it is asked for.
    assert!(native("(a)+", "x") && !native("(a)+", r"\1"));
}
