//! What stands in a text beside what it says: noises in brackets, a model's thoughts, special tokens, marks of sub-words.

use memchr::{memchr2, memmem};

use super::edits::Edits;
use super::outcome::Outcome;
use crate::pystr;
use crate::traced::Sink;

/// Leaves out what stands in square or angle brackets: from one that opens to the next that closes, of either kind.
pub(crate) fn remove_bracketed(text: &[u8], sink: &mut impl Sink) -> Outcome {
    let mut edits = Edits::new(text, sink);
    let mut at = 0;
    while let Some(open) = memchr2(b'[', b'<', &text[at..]).map(|found| at + found)
        && let Some(close) = memchr2(b']', b'>', &text[open..]).map(|found| open + found)
    {
        at = close + 1;
        edits.remove(open..at);
    }
    edits.end()
}

/// How models mark their thoughts: what opens them and what closes them. Letters of either case.
const REASONING: [(&str, &str); 12] = [
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<thoughts>", "</thoughts>"),
    ("<reasoning>", "</reasoning>"),
    ("<reflection>", "</reflection>"),
    ("<scratchpad>", "</scratchpad>"),
    ("<seed:think>", "</seed:think>"),
    ("[think]", "[/think]"),
    ("\u{25c1}think\u{25b7}", "\u{25c1}/think\u{25b7}"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<|channel|>analysis<|message|>", "<|end|>"),
];

/// The index of the pair of marks that `text` starts with one of, whether it is the closing one, and its length.
fn mark(text: &[u8]) -> Option<(usize, bool, usize)> {
    let starts = |mark: &str| text.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark.as_bytes()));
    REASONING.iter().enumerate().find_map(|(index, (open, close))| {
        let is_open = starts(open);
        (is_open || starts(close)).then_some((index, !is_open, if is_open { open.len() } else { close.len() }))
    })
}

/// Leaves out what a model thought: from a mark that opens to the one that closes it, or to the end if none does; and
/// what stands before one that closes but was not opened, as where a prompt ended with the opening one. White space
/// behind goes too.
pub(crate) fn remove_reasoning(text: &[u8], sink: &mut impl Sink) -> Outcome {
    let mut parts: Vec<std::ops::Range<usize>> = Vec::new();
    let (mut kept, mut at) = (0, 0);
    // The pair whose closing mark is looked for.
    let mut opened = None;
    while let Some((pair, closes, len)) = next_mark(text, &mut at) {
        let start = at;
        at += len;
        match opened {
            Some(open) if open == pair && closes => opened = None,
            Some(_) => continue,
            // `<|end|>` ends other things too.
            None if closes && pair == REASONING.len() - 1 => continue,
            None if closes => parts.clear(),
            None => {
                parts.push(kept..start);
                opened = Some(pair);
                continue;
            }
        }
        kept = text.len() - pystr::trim_start(&text[at..]).len();
    }
    if kept == 0 && parts.is_empty() {
        return Outcome::same(text);
    }
    if opened.is_none() {
        parts.push(kept..text.len());
    }
    parts.into_iter().for_each(|part| sink.keep(text, part));
    Outcome::Written
}

/// The next mark from `at` on, which becomes where it starts.
fn next_mark(text: &[u8], at: &mut usize) -> Option<(usize, bool, usize)> {
    loop {
        *at += memchr::memchr3(b'<', b'[', 0xe2, &text[*at..])?;
        if let Some(found) = mark(&text[*at..]) {
            return Some(found);
        }
        *at += 1;
    }
}

/// What tokenizers and chat templates put around texts, beside anything like `<|im_end|>`.
const SPECIAL_TOKENS: [&str; 22] = [
    "<s>",
    "</s>",
    "<pad>",
    "<bos>",
    "<eos>",
    "<sep>",
    "<cls>",
    "<mask>",
    "<start_of_turn>",
    "<end_of_turn>",
    "<end_of_utterance>",
    "[PAD]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    "[BOS]",
    "[EOS]",
    "[EOT]",
    "[INST]",
    "[/INST]",
    "<<SYS>>",
    "<</SYS>>",
];

/// The most characters that a name such as that in `<|im_end|>` may have.
const LONGEST_NAME: usize = 40;

/// How long the special token is that `text` starts with; 0 if it starts with none.
pub(crate) fn special_token(text: &[u8]) -> usize {
    if let Some(token) = SPECIAL_TOKENS.iter().find(|token| text.starts_with(token.as_bytes())) {
        return token.len();
    }
    for (open, close) in [("<|", "|>"), ("<\u{ff5c}", "\u{ff5c}>")] {
        if let Some(rest) = text.strip_prefix(open.as_bytes()) {
            let is_part = |&(_, code_point): &(usize, u32)| {
                pystr::is_word(code_point) || matches!(code_point, 0x2d | 0x2e | 0x3a | 0x2f | 0x2581)
            };
            let name = pystr::code_points(rest).take(LONGEST_NAME).take_while(is_part);
            let len = name.last().map_or(0, |(at, _)| at + pystr::decode(&rest[at..]).1);
            if len > 0 && rest[len..].starts_with(close.as_bytes()) {
                return open.len() + len + close.len();
            }
        }
    }
    0
}

/// Leaves out special tokens.
pub(crate) fn remove_special_tokens(text: &[u8], sink: &mut impl Sink) -> Outcome {
    let mut edits = Edits::new(text, sink);
    let mut at = 0;
    while let Some(start) = memchr2(b'[', b'<', &text[at..]).map(|found| at + found) {
        let len = special_token(&text[start..]);
        at = start + len.max(1);
        if len > 0 {
            edits.remove(start..at);
        }
    }
    edits.end()
}

/// How sub-words are marked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Subwords {
    /// `@@` at the end of each that others follow, as subword-nmt writes byte pairs.
    Bpe,
    /// `▁` where a word begins, as SentencePiece does.
    SentencePiece,
    /// `##` at the start of each that follows others, as BERT does.
    WordPiece,
}

impl Subwords {
    /// All, by name.
    pub const NAMED: [(&'static str, Self); 3] =
        [("bpe", Self::Bpe), ("sentencepiece", Self::SentencePiece), ("wordpiece", Self::WordPiece)];
}

/// SentencePiece's mark of where a word begins, U+2581.
const WORD_BEGINS: &[u8] = "\u{2581}".as_bytes();

/// Joins sub-words to words.
pub(crate) fn join_subwords(subwords: Subwords, text: &[u8], sink: &mut impl Sink) -> Outcome {
    let mut edits = Edits::new(text, sink);
    match subwords {
        // `(@@ )|(@@ ?$)` in each line, as subword-nmt removes them.
        Subwords::Bpe => {
            let mut at = 0;
            while let Some(start) = memmem::find(&text[at..], b"@@").map(|found| at + found) {
                at = start + 1;
                let end = match &text[start + 2..] {
                    [b' ', ..] => start + 3,
                    [] | [b'\n', ..] => start + 2,
                    _ => continue,
                };
                edits.remove(start..end);
                at = end;
            }
        }
        Subwords::WordPiece => {
            for start in memmem::find_iter(text, " ##") {
                edits.remove(start..start + 3);
            }
        }
        Subwords::SentencePiece => return join_pieces(text, sink),
    }
    edits.end()
}

/// Pieces, with a blank between them, as a text: blanks go, marks become blanks, and ends are stripped.
fn join_pieces(text: &[u8], sink: &mut impl Sink) -> Outcome {
    if memmem::find(text, WORD_BEGINS).is_none() {
        return Outcome::same(text);
    }
    // White space at the ends, and what becomes some.
    let blank = |code_point: u32| pystr::is_whitespace(code_point) || code_point == 0x2581;
    let letters = || pystr::code_points(text).filter(|&(_, code_point)| !blank(code_point));
    let (Some((start, _)), Some((last, _))) = (letters().next(), letters().last()) else { return Outcome::Part(0..0) };
    let end = last + pystr::decode(&text[last..]).1;
    let mut at = start;
    while at < end {
        let (code_point, width) = pystr::decode(&text[at..]);
        match code_point {
            0x20 => {}
            0x2581 => sink.put(b" ", at..at + width),
            _ => sink.keep(text, at..at + width),
        }
        at += width;
    }
    Outcome::Written
}
