#![no_main]
//! Answers in any text: of the kind that is asked for, and where they say that they stand.

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use textgauge_answers::{Asked, Kind, read};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    text: &'a str,
    texts: Vec<&'a str>,
    number: u8,
}

fuzz_target!(|input: Input<'_>| {
    let Input { text, texts, number } = input;
    let number = if texts.is_empty() { usize::from(number % 27) } else { texts.len() };
    for (name, kind) in Kind::NAMED {
        let Some(reading) = read(text, &Asked { kind, number, texts: &texts }) else { continue };
        assert!(!text[reading.span].is_empty(), "{name}");
        if kind == Kind::Choice {
            let letter = reading.answer.as_bytes()[0];
            assert!(usize::from(letter - b'A') < number, "{name}");
        }
    }
});
