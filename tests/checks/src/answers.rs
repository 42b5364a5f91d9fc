//! Answers in any text: of the kind that is asked for, and where they say that they stand.

use textgauge_answers::{Asked, Kind, read};

pub fn check(bytes: &[u8]) {
    let Some((&number, rest)) = bytes.split_first() else { return };
    let Ok(mut choices) = rest.split(|&byte| byte == 0xFF).map(std::str::from_utf8).collect::<Result<Vec<_>, _>>()
    else {
        return;
    };
    let text = choices.remove(0);
    let number = if choices.is_empty() { usize::from(number % 27) } else { choices.len() };
    for (name, kind) in Kind::NAMED {
        let Some(reading) = read(text, &Asked { kind, number, texts: &choices }) else { continue };
        assert!(!text[reading.span].is_empty(), "{name}");
        if kind == Kind::Choice {
            let letter = reading.answer.as_bytes()[0];
            assert!(usize::from(letter - b'A') < number, "{name}");
        }
    }
}
