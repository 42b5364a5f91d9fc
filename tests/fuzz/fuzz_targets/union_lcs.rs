#![no_main]
//! The union LCS of sentences and the LCS of sentences in pairs, against the slow twins.

use libfuzzer_sys::fuzz_target;
use textgauge_kernels::union_lcs::{Sentences, hits};
use textgauge_kernels::{CancelFlag, lcs_words, naive};

/// Sentences of small ids, 255 between them; 0 for what `known` lacks.
fn sentences(text: &[u8], known: &[u8]) -> Vec<Vec<u32>> {
    let id = |token: &u8| if known.contains(token) { u32::from(*token) + 1 } else { 0 };
    text.split(|&byte| byte == 255).map(|tokens| tokens.iter().map(id).collect()).collect()
}

fn joined(sentences: &[Vec<u32>]) -> (Vec<u32>, Vec<u32>) {
    let (mut ids, mut breaks) = (Vec::new(), Vec::new());
    for sentence in sentences {
        ids.extend_from_slice(sentence);
        breaks.push(ids.len() as u32);
    }
    breaks.pop();
    (ids, breaks)
}

fuzz_target!(|input: (&[u8], &[u8])| {
    if input.0.len() * input.1.len() > 1 << 18 {
        return;
    }
    let hypothesis = sentences(input.0, input.0);
    let vocabulary = hypothesis.iter().flatten().max().copied().unwrap_or(0);
    let reference = sentences(input.1, input.0);
    let ((hyp, hyp_breaks), (refs, ref_breaks)) = (joined(&hypothesis), joined(&reference));
    let hyp = Sentences { ids: &hyp, breaks: &hyp_breaks };
    let refs = Sentences { ids: &refs, breaks: &ref_breaks };
    let (vocabulary, cancel) = (vocabulary as usize, CancelFlag::new(false));
    let found = hits(hyp, refs, vocabulary, &mut Default::default(), &cancel);
    assert_eq!(found, naive::union_hits(&hypothesis, &reference));
    let words = lcs_words::words(hyp, refs, vocabulary, &mut Default::default(), &cancel);
    assert_eq!(words, naive::lcs_words(&hypothesis, &reference));
    let lengths = lcs_words::lengths(hyp, refs, vocabulary, &mut Default::default(), &cancel);
    assert_eq!(lengths, naive::lcs_lengths(&hypothesis, &reference));
});
