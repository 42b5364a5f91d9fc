//! Stretches of a source that a text is put together of, against the slow twin.

use textgauge_kernels::overlap::Texts;
use textgauge_kernels::{CancelFlag, fragments, naive};

use crate::parts;

pub fn check(bytes: &[u8]) {
    let Some((&letters, texts)) = bytes.split_first() else { return };
    let [hypothesis, reference] = parts(texts);
    if hypothesis.len() * reference.len() > 1 << 18 {
        return;
    }
    // With few letters there are matches.
    let letters = letters.max(1);
    let hypothesis: Vec<u32> = hypothesis.iter().map(|&token| u32::from(token % letters) + 1).collect();
    let vocabulary = hypothesis.iter().max().map_or(0, |&last| last as usize);
    // Tokens that only the reference has are 0.
    let id = |&token: &u8| Some(u32::from(token % letters) + 1).filter(|id| hypothesis.contains(id)).unwrap_or(0);
    let reference: Vec<u32> = reference.iter().map(id).collect();
    let texts = Texts { hypothesis: &hypothesis, reference: &reference, vocabulary };
    let found = fragments::fragments(texts, &mut fragments::Scratch::default(), &CancelFlag::new(false));
    let lengths = naive::fragment_lengths(&hypothesis, &reference);
    assert_eq!(found.count as usize, lengths.len());
    assert_eq!(found.tokens as usize, lengths.iter().sum::<usize>());
    assert_eq!(found.squares as usize, lengths.iter().map(|length| length * length).sum::<usize>());
}
