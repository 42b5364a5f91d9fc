#![no_main]
//! Edit distance and the edits, against the slow twin.

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use textgauge_kernels::edit::{self, Kind};
use textgauge_kernels::overlap::Texts;
use textgauge_kernels::{CancelFlag, naive};

#[derive(Arbitrary, Debug)]
struct Input {
    hypothesis: Vec<u8>,
    reference: Vec<u8>,
    /// Tokens are taken modulo this, so that there are matches.
    letters: u8,
    /// Each text is said so often, to reach long ones.
    times: [u8; 2],
}

fuzz_target!(|input: Input| {
    let said = |text: &[u8], times: u8| -> Vec<u32> {
        let text = text.repeat(1 + usize::from(times % 16));
        text.iter().map(|token| u32::from(token % input.letters.max(1)) + 1).collect()
    };
    let hypothesis = said(&input.hypothesis, input.times[0]);
    let mut reference = said(&input.reference, input.times[1]);
    if hypothesis.len() * reference.len() > 1 << 20 {
        return;
    }
    // Tokens that only the reference has are 0.
    reference.iter_mut().filter(|id| !hypothesis.contains(id)).for_each(|id| *id = 0);
    let texts = Texts { hypothesis: &hypothesis, reference: &reference, vocabulary: 256 };
    let (mut scratch, cancel, mut chunks) = (edit::Scratch::default(), CancelFlag::new(false), Vec::new());
    assert_eq!(edit::distance(texts, &mut scratch, &cancel), naive::edit_distance(&reference, &hypothesis));
    let counts = edit::alignment(texts, &mut chunks, &mut scratch, &cancel);
    assert_eq!(counts, edit::counts(texts, &mut scratch, &cancel));
    let steps = chunks.iter().flat_map(|chunk| {
        let [start, end] = if chunk.kind == Kind::Delete { chunk.reference } else { chunk.hypothesis };
        std::iter::repeat_n(chunk.kind, (end - start) as usize)
    });
    assert!(steps.eq(naive::edit_steps(&reference, &hypothesis)));
});
