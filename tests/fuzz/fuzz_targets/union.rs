#![no_main]
//! The union LCS of sentences, against the slow twin.

use libfuzzer_sys::fuzz_target;
use textgauge_kernels::union::{Sentences, hits};
use textgauge_kernels::{CancelFlag, naive};

/// Sentences of small ids, 255 between them.
fn sentences(text: &[u8], most: u32) -> Vec<Vec<u32>> {
    text.split(|&byte| byte == 255).map(|ids| ids.iter().map(|&id| u32::from(id).min(most)).collect()).collect()
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
    let hypothesis = sentences(input.0, 254);
    let vocabulary = hypothesis.iter().flatten().max().map_or(0, |&last| last + 1);
    let reference = sentences(input.1, vocabulary);
    let ((hyp, hyp_breaks), (refs, ref_breaks)) = (joined(&hypothesis), joined(&reference));
    let found = hits(
        Sentences { ids: &hyp, breaks: &hyp_breaks },
        Sentences { ids: &refs, breaks: &ref_breaks },
        vocabulary as usize,
        &mut Default::default(),
        &CancelFlag::new(false),
    );
    assert_eq!(found, naive::union_hits(&hypothesis, &reference));
});
