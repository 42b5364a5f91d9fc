//! Transforms of any text, against their slow twins and their traces.

use textgauge_text::transforms::{Buffers, Regexes, Spellings, Subwords, Transform, Transforms, UnicodeForm, naive};

use crate::parts;

fn pairs(pairs: &[(&[u8], &[u8])]) -> Vec<(Vec<u8>, Vec<u8>)> {
    pairs.iter().map(|(before, after)| (before.to_vec(), after.to_vec())).collect()
}

pub fn check(bytes: &[u8]) {
    let Some((&[kind, number], rest)) = bytes.split_first_chunk() else { return };
    let [argument, bytes] = parts(rest);
    let most = usize::from(number);
    let transform = match kind % 22 {
        0 => Transform::ToLowerCase,
        1 => Transform::ToUpperCase,
        2 => Transform::CaseFold,
        3 => Transform::Strip,
        4 => Transform::RemoveMultipleSpaces,
        5 => Transform::RemoveWhiteSpace { replace_by_space: most > 9 },
        6 => Transform::RemovePunctuation,
        7 => Transform::RemoveKaldiNonWords,
        8 => Transform::ExpandCommonEnglishContractions,
        9 => Transform::SubstituteWords(pairs(&[(argument, b"x"), (b"a", argument)])),
        10 => match Regexes::native(pairs(&[(argument, br"<\g<0>>")])) {
            Some(regexes) => Transform::SubstituteRegexes(regexes),
            None => return,
        },
        11 => Transform::NormalizeUnicode(UnicodeForm::NAMED[most % 4].1),
        12 => Transform::RemoveReasoning,
        13 => Transform::RemoveSpecialTokens,
        14 => Transform::UnescapeHtml,
        15 => Transform::JoinSubwords(Subwords::NAMED[most % 3].1),
        16 => Transform::FirstWords(most),
        17 => Transform::FirstBytes(most),
        18 if argument.is_empty() => Transform::SplitSentences(None),
        18 => Transform::SplitSentences(Some(argument.to_vec())),
        19 => Transform::WhisperBasic {
            remove_diacritics: most & 1 > 0,
            split_letters: most & 2 > 0,
            preserve_marks: most & 4 > 0,
        },
        _ => {
            Transform::WhisperEnglish(Spellings::new(String::new(), pairs(&[(b"colour", b"color"), (b"a", argument)])))
        }
    };
    let transforms = Transforms::new(std::slice::from_ref(&transform));
    // Bytes that are no text must not do harm; what they become is nobody's business.
    let mut buffers = Buffers::default();
    transforms.apply(bytes, &mut buffers, &mut Vec::new());

    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut made = Vec::new();
    transforms.apply(text.as_bytes(), &mut buffers, &mut made);
    let traced = transforms.traced(text.as_bytes());
    assert_eq!(traced.text, made, "{transform}");
    if std::str::from_utf8(argument).is_ok() {
        if let Some(wanted) = naive::transformed(&transform, text.as_bytes()) {
            assert_eq!(made, wanted, "{transform}");
        }
        assert!(std::str::from_utf8(&made).is_ok(), "{transform}");
    }
}
