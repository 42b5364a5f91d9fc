//! Edit distance and the edits, against the slow twin.

use textgauge_kernels::edit::{self, Kind};
use textgauge_kernels::level::paths::on_every_path;
use textgauge_kernels::overlap::Texts;
use textgauge_kernels::{CancelFlag, naive};

use crate::parts;

pub fn check(bytes: &[u8]) {
    let Some((&[letters, times @ ..], texts)) = bytes.split_first_chunk::<3>() else { return };
    // Each text is said several times, to reach long ones; with few letters there are matches.
    let said = |text: &[u8], times: u8| -> Vec<u32> {
        let text = text.repeat(1 + usize::from(times % 16));
        text.iter().map(|token| u32::from(token % letters.max(1)) + 1).collect()
    };
    let [hypothesis, reference] = parts(texts);
    let (hypothesis, mut reference) = (said(hypothesis, times[0]), said(reference, times[1]));
    if hypothesis.len() * reference.len() > 1 << 17 {
        return;
    }
    // Tokens that only the reference has are 0.
    reference.iter_mut().filter(|id| !hypothesis.contains(id)).for_each(|id| *id = 0);
    let texts = Texts { hypothesis: &hypothesis, reference: &reference, vocabulary: 256 };
    let (mut scratch, cancel) = (edit::Scratch::default(), CancelFlag::new(false));
    let distance = on_every_path(|| edit::distance(texts, &mut scratch, &cancel));
    assert_eq!(distance, naive::edit_distance(&reference, &hypothesis));
    let (counts, chunks) = on_every_path(|| {
        let mut chunks = Vec::new();
        (edit::alignment(texts, &mut chunks, &mut scratch, &cancel), chunks)
    });
    assert_eq!(counts, on_every_path(|| edit::counts(texts, &mut scratch, &cancel)));
    let steps = chunks.iter().flat_map(|chunk| {
        let [start, end] = if chunk.kind == Kind::Delete { chunk.reference } else { chunk.hypothesis };
        std::iter::repeat_n(chunk.kind, (end - start) as usize)
    });
    assert!(steps.eq(naive::edit_steps(&reference, &hypothesis)));
}
