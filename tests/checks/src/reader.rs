//! Any bytes through every tokenizer.

use textgauge_text::{Answer, Pipeline, Reader, Side, Stemmer, Tokenizer, Tokens};

fn read(reader: &mut Reader, pipeline: Pipeline, text: &[u8], sentences: bool) -> (Vec<Vec<u8>>, Vec<u32>) {
    let mut tokens = Tokens::default();
    reader.read(pipeline, text, sentences, &mut tokens);
    (tokens.keys.iter().map(|&key| reader.token(key)).collect(), tokens.breaks)
}

pub fn check(text: &[u8]) {
    let mut reader = Reader::default();
    let others = [
        ("tercom", Tokenizer::Tercom { normalized: true, no_punct: false, asian: true }),
        ("tercom", Tokenizer::Tercom { normalized: true, no_punct: true, asian: true }),
        ("given", Tokenizer::Pretokenized),
    ];
    let answers = [
        Answer::Whole { no_punct: false, no_numbers: false },
        Answer::Whole { no_punct: true, no_numbers: true },
        Answer::Stripped,
        Answer::StrippedCharacters,
        Answer::Words { articles: true },
        Answer::Words { articles: false },
        Answer::WordCharacters,
        Answer::FinalNumber,
    ];
    let sides = [Side::Hypothesis, Side::Reference];
    let of_sides = sides.map(|side| [Answer::LastPiece(side), Answer::Members(side), Answer::Integer(side)]);
    for answer in answers.into_iter().chain(of_sides.into_iter().flatten()) {
        let tokenizer = Tokenizer::Answer(answer);
        let pipeline = Pipeline::new(tokenizer, true);
        let (tokens, _) = read(&mut reader, pipeline, text, false);
        assert!(matches!(answer, Answer::Members(_)) || tokens.iter().all(|token| !token.is_empty()));
    }
    for (_, tokenizer) in Tokenizer::NAMED.into_iter().chain(others) {
        for stemmer in [Stemmer::None, Stemmer::Porter] {
            for lowercase in [false, true] {
                let pipeline = Pipeline { stemmer, ..Pipeline::new(tokenizer, lowercase) };
                let (tokens, breaks) = read(&mut reader, pipeline, text, true);
                let whole = read(&mut reader, pipeline, text, false).0;
                if tokenizer.ignores_line_breaks() {
                    assert_eq!(tokens, whole);
                }
                assert!(breaks.is_sorted());
                assert!(breaks.last().is_none_or(|&last| last as usize <= tokens.len()));
                if !matches!(tokenizer, Tokenizer::Pretokenized | Tokenizer::Pltrdy) {
                    assert_eq!(breaks.len(), text.iter().filter(|&&byte| byte == b'\n').count());
                    assert!(tokens.iter().all(|token| !token.is_empty()));
                }
            }
        }
    }
}
