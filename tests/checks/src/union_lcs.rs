//! The union LCS of sentences and the LCS of sentences in pairs, against the slow twins.

use textgauge_kernels::level::paths::on_every_path;
use textgauge_kernels::union_lcs::{Sentences, hits};
use textgauge_kernels::{CancelFlag, lcs_words, naive};

use crate::parts;

/// Sentences of small ids, one a line; 0 for what `known` lacks.
fn sentences(text: &[u8], known: &[u8]) -> Vec<Vec<u32>> {
    let id = |token: &u8| if known.contains(token) { u32::from(*token) + 1 } else { 0 };
    text.split(|&byte| byte == b'\n').map(|tokens| tokens.iter().map(id).collect()).collect()
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

pub fn check(bytes: &[u8]) {
    let [said, reference] = parts(bytes);
    if said.len() * reference.len() > 1 << 18 {
        return;
    }
    let hypothesis = sentences(said, said);
    let vocabulary = hypothesis.iter().flatten().max().copied().unwrap_or(0);
    let reference = sentences(reference, said);
    let ((hyp, hyp_breaks), (refs, ref_breaks)) = (joined(&hypothesis), joined(&reference));
    let hyp = Sentences { ids: &hyp, breaks: &hyp_breaks };
    let refs = Sentences { ids: &refs, breaks: &ref_breaks };
    let (vocabulary, cancel) = (vocabulary as usize, CancelFlag::new(false));
    let found = on_every_path(|| hits(hyp, refs, vocabulary, &mut Default::default(), &cancel));
    assert_eq!(found, naive::union_hits(&hypothesis, &reference));
    let words = lcs_words::words(hyp, refs, vocabulary, &mut Default::default(), &cancel);
    assert_eq!(words, naive::lcs_words(&hypothesis, &reference));
    let lengths = lcs_words::lengths(hyp, refs, vocabulary, &mut Default::default(), &cancel);
    assert_eq!(lengths, naive::lcs_lengths(&hypothesis, &reference));
}
