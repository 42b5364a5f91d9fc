//! Any bytes through every tokenizer.

use textgauge_text::{Answer, Language, Pipeline, Reader, Side, Stemmer, Tokenizer, Tokens};

pub fn check(text: &[u8]) {
    let mut reader = Reader::default();
    for answer in answers() {
        let pipeline = Pipeline::new(Tokenizer::Answer(answer), true);
        let (tokens, _) = read(&mut reader, pipeline, text, false);
        assert!(matches!(answer, Answer::Members(_)) || tokens.iter().all(|token| !token.is_empty()));
    }
    for tokenizer in tokenizers() {
        for stemmer in [Stemmer::None, Stemmer::Porter] {
            for lowercase in [false, true] {
                let pipeline = Pipeline { stemmer, ..Pipeline::new(tokenizer, lowercase) };
                check_sentences(&mut reader, pipeline, text);
            }
        }
    }
}

fn answers() -> impl Iterator<Item = Answer> {
    let whole = |bits: u8| Answer::Whole { no_punct: bits & 1 > 0, no_numbers: bits & 2 > 0 };
    let others = [
        Answer::Stripped,
        Answer::StrippedCharacters,
        Answer::Words { articles: true },
        Answer::Words { articles: false },
        Answer::TriviaWords,
        Answer::WordCharacters,
        Answer::FinalNumber,
    ];
    let of_side = |side| [Answer::LastPiece(side), Answer::Members(side), Answer::Integer(side)];
    let of_languages = Language::NAMED.into_iter().map(|(_, language)| Answer::WordsOf(language));
    let of_sides = [Side::Hypothesis, Side::Reference].into_iter().flat_map(of_side);
    (0..4).map(whole).chain(others).chain(of_languages).chain(of_sides)
}

fn tokenizers() -> impl Iterator<Item = Tokenizer> {
    let tercom = |bits: u8| Tokenizer::Tercom { normalized: bits & 1 > 0, no_punct: bits & 2 > 0, asian: bits & 4 > 0 };
    let named = Tokenizer::NAMED.into_iter().map(|(_, tokenizer)| tokenizer);
    named.chain((0..8).map(tercom)).chain([Tokenizer::Pretokenized])
}

/// Sentences and whole texts have the same tokens, where line feeds are mere white space.
fn check_sentences(reader: &mut Reader, pipeline: Pipeline, text: &[u8]) {
    let tokenizer = pipeline.tokenizer;
    let (tokens, breaks) = read(reader, pipeline, text, true);
    if tokenizer.ignores_line_breaks() {
        assert_eq!(tokens, read(reader, pipeline, text, false).0);
    }
    assert!(breaks.is_sorted());
    assert!(breaks.last().is_none_or(|&last| last as usize <= tokens.len()));
    if !matches!(tokenizer, Tokenizer::Pretokenized | Tokenizer::Pltrdy) {
        assert_eq!(breaks.len(), text.iter().filter(|&&byte| byte == b'\n').count());
        assert!(tokens.iter().all(|token| !token.is_empty()));
    }
}

fn read(reader: &mut Reader, pipeline: Pipeline, text: &[u8], sentences: bool) -> (Vec<Vec<u8>>, Vec<u32>) {
    let mut tokens = Tokens::default();
    reader.read(pipeline, text, sentences, &mut tokens);
    (tokens.keys.iter().map(|&key| reader.token(key)).collect(), tokens.breaks)
}
