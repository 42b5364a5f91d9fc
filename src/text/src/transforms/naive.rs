//! What the transforms do, as plainly as can be: their slow twins, over code points. Whisper's normalisers, the normal forms
//! and expressions have theirs in Python.

use super::{Subwords, Transform};
use crate::pystr;

/// The text after a transform; `None` of one that has its twin elsewhere.
pub fn transformed(transform: &Transform, text: &[u8]) -> Option<Vec<u8>> {
    let points: Vec<u32> = pystr::code_points(text).map(|(_, code_point)| code_point).collect();
    let made = match transform {
        Transform::Strip => strip(&points).to_vec(),
        Transform::RemoveMultipleSpaces => squeezed(&points),
        Transform::RemoveWhiteSpace { replace_by_space } => points
            .into_iter()
            .filter(|&point| *replace_by_space || !is_ascii_space(point))
            .map(|point| if is_ascii_space(point) { 0x20 } else { point })
            .collect(),
        Transform::RemovePunctuation => points.into_iter().filter(|&point| !pystr::is_punctuation(point)).collect(),
        Transform::RemoveKaldiNonWords => without_bracketed(&points),
        Transform::SubstituteWords(pairs) => {
            pairs.iter().fold(points, |text, (word, other)| substituted(&text, &decoded(word), &decoded(other)))
        }
        Transform::JoinSubwords(Subwords::WordPiece) => replaced(&points, &decoded(b" ##"), &[]),
        Transform::FirstWords(most) => first_words(&points, *most),
        Transform::FirstBytes(most) => first_bytes(&points, *most),
        Transform::SplitSentences(Some(separator)) => lines(&points, &decoded(separator)),
        _ => return None,
    };
    let mut bytes = Vec::new();
    made.into_iter().for_each(|point| pystr::push(&mut bytes, point));
    Some(bytes)
}

fn decoded(text: &[u8]) -> Vec<u32> {
    pystr::code_points(text).map(|(_, code_point)| code_point).collect()
}

fn is_ascii_space(point: u32) -> bool {
    matches!(point, 0x09..=0x0d | 0x20)
}

fn strip(mut text: &[u32]) -> &[u32] {
    while let [first, rest @ ..] = text
        && pystr::is_whitespace(*first)
    {
        text = rest;
    }
    while let [rest @ .., last] = text
        && pystr::is_whitespace(*last)
    {
        text = rest;
    }
    text
}

fn squeezed(text: &[u32]) -> Vec<u32> {
    let runs = text.chunk_by(|&left, &right| pystr::is_whitespace(left) == pystr::is_whitespace(right));
    let one = |run: &[u32]| if run.len() > 1 && pystr::is_whitespace(run[0]) { vec![0x20] } else { run.to_vec() };
    runs.flat_map(one).collect()
}

fn without_bracketed(text: &[u32]) -> Vec<u32> {
    let opens = |point: &u32| [u32::from(b'['), u32::from(b'<')].contains(point);
    let closes = |point: &u32| [u32::from(b']'), u32::from(b'>')].contains(point);
    let mut left = Vec::new();
    let mut at = 0;
    while at < text.len() {
        match text[at..].iter().position(closes) {
            Some(close) if opens(&text[at]) => at += close + 1,
            _ => {
                left.push(text[at]);
                at += 1;
            }
        }
    }
    left
}

fn is_boundary(text: &[u32], at: usize) -> bool {
    let is_word = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(|&point| pystr::is_word(point));
    is_word(at.checked_sub(1)) != is_word(Some(at))
}

fn substituted(text: &[u32], word: &[u32], other: &[u32]) -> Vec<u32> {
    let mut made = Vec::new();
    let mut at = 0;
    while at <= text.len() {
        let end = at + word.len();
        if text[at..].starts_with(word) && is_boundary(text, at) && is_boundary(text, end) {
            made.extend_from_slice(other);
            at = end;
            if !word.is_empty() {
                continue;
            }
        }
        made.extend(text.get(at));
        at += 1;
    }
    made
}

fn replaced(text: &[u32], old: &[u32], new: &[u32]) -> Vec<u32> {
    let mut made = Vec::new();
    let mut at = 0;
    while at < text.len() {
        if text[at..].starts_with(old) {
            made.extend_from_slice(new);
            at += old.len();
        } else {
            made.push(text[at]);
            at += 1;
        }
    }
    made
}

fn first_words(text: &[u32], most: usize) -> Vec<u32> {
    let mut words = 0;
    for at in 0..text.len() {
        let begins = !pystr::is_whitespace(text[at]) && (at == 0 || pystr::is_whitespace(text[at - 1]));
        words += usize::from(begins);
        if words > most {
            let before = &text[..at];
            // The white space before the first word that is too many goes too.
            let end = before.iter().rposition(|&point| !pystr::is_whitespace(point)).map_or(0, |last| last + 1);
            return before[..end].to_vec();
        }
    }
    if most == 0 { Vec::new() } else { text.to_vec() }
}

fn first_bytes(text: &[u32], most: usize) -> Vec<u32> {
    let mut len = 0;
    let fits = |&&point: &&u32| {
        let mut bytes = Vec::new();
        pystr::push(&mut bytes, point);
        len += bytes.len();
        len <= most
    };
    text.iter().take_while(fits).copied().collect()
}

fn lines(text: &[u32], separator: &[u32]) -> Vec<u32> {
    let mut pieces = vec![Vec::new()];
    let mut at = 0;
    while at < text.len() {
        if text[at..].starts_with(separator) {
            pieces.push(Vec::new());
            at += separator.len();
        } else {
            let last = pieces.len() - 1;
            pieces[last].push(text[at]);
            at += 1;
        }
    }
    let line = |piece: &Vec<u32>| {
        let letters = strip(piece).iter().map(|&point| if point == 0x0a { 0x20 } else { point });
        letters.collect::<Vec<u32>>()
    };
    let lines: Vec<Vec<u32>> = pieces.iter().map(line).filter(|line| !line.is_empty()).collect();
    lines.join(&0x0a)
}
