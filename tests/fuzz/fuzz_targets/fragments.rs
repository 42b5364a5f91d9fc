#![no_main]
//! Stretches of a source that a text is put together of, against the slow twin.

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use textgauge_kernels::overlap::Texts;
use textgauge_kernels::{CancelFlag, fragments, naive};

#[derive(Arbitrary, Debug)]
struct Input {
    hypothesis: Vec<u8>,
    reference: Vec<u8>,
    /// Tokens are taken modulo this, so that there are matches.
    letters: u8,
}

fuzz_target!(|input: Input| {
    if input.hypothesis.len() * input.reference.len() > 1 << 18 {
        return;
    }
    let letters = input.letters.max(1);
    let hypothesis: Vec<u32> = input.hypothesis.iter().map(|&token| u32::from(token % letters) + 1).collect();
    let vocabulary = hypothesis.iter().max().map_or(0, |&last| last as usize);
    // Tokens that only the reference has are 0.
    let id = |&token: &u8| Some(u32::from(token % letters) + 1).filter(|id| hypothesis.contains(id)).unwrap_or(0);
    let reference: Vec<u32> = input.reference.iter().map(id).collect();
    let texts = Texts { hypothesis: &hypothesis, reference: &reference, vocabulary };
    let found = fragments::fragments(texts, &mut fragments::Scratch::default(), &CancelFlag::new(false));
    let lengths = naive::fragment_lengths(&hypothesis, &reference);
    assert_eq!(found.count as usize, lengths.len());
    assert_eq!(found.tokens as usize, lengths.iter().sum::<usize>());
    assert_eq!(found.squares as usize, lengths.iter().map(|length| length * length).sum::<usize>());
});
