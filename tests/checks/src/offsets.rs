//! Where characters came from, after several transforms.

use textgauge_text::transforms::{Buffers, Spellings, Subwords, Transform, Transforms, UnicodeForm};

use crate::parts;

pub fn check(bytes: &[u8]) {
    let [kinds, text] = parts(bytes);
    let Ok(text) = std::str::from_utf8(text) else { return };
    let of_kind = |kind: &u8| match kind % 14 {
        0 => Transform::ToLowerCase,
        1 => Transform::CaseFold,
        2 => Transform::Strip,
        3 => Transform::RemoveMultipleSpaces,
        4 => Transform::RemovePunctuation,
        5 => Transform::RemoveKaldiNonWords,
        6 => Transform::NormalizeUnicode(UnicodeForm::NAMED[usize::from(kind / 14 % 4)].1),
        7 => Transform::RemoveReasoning,
        8 => Transform::UnescapeHtml,
        9 => Transform::JoinSubwords(Subwords::SentencePiece),
        10 => Transform::FirstWords(usize::from(kind / 14)),
        11 => Transform::SplitSentences(None),
        12 => Transform::SubstituteWords(vec![(b"a".to_vec(), b"the".to_vec()), (Vec::new(), b"+".to_vec())]),
        _ => Transform::WhisperEnglish(Spellings::new(String::new(), [])),
    };
    let transforms: Vec<Transform> = kinds.iter().take(6).map(of_kind).collect();
    let chain = Transforms::new(&transforms);
    let traced = chain.traced(text.as_bytes());
    let mut made = Vec::new();
    chain.apply(text.as_bytes(), &mut Buffers::default(), &mut made);
    assert_eq!(traced.text, made);
    assert_eq!(traced.text.len(), traced.spans.len());
    for (&byte, &(start, end)) in traced.text.iter().zip(&traced.spans) {
        assert!(start <= end && end <= text.len());
        // Outside of what is written anew, a character is itself but for case.
        let keeps = transforms.iter().all(|transform| {
            !matches!(
                transform,
                Transform::SubstituteWords(_) | Transform::WhisperEnglish(_) | Transform::NormalizeUnicode(_)
            )
        });
        if keeps && end == start + 1 && byte.is_ascii_alphabetic() {
            assert!(byte.eq_ignore_ascii_case(&text.as_bytes()[start]));
        }
    }
    // Any range of the result stands for a range of the text.
    for start in 0..traced.text.len().min(40) {
        let (from, to) = traced.span(start..traced.text.len());
        assert!(from <= to && to <= text.len());
    }
}
