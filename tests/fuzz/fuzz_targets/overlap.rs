#![no_main]
//! What two texts share, against the slow twins.

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use textgauge_kernels::overlap::{Joint, MAX_ORDER, Texts, overlap};
use textgauge_kernels::{CancelFlag, contiguous, lcs, naive, ngram};

#[derive(Arbitrary, Debug)]
struct Input {
    hypothesis: Vec<u8>,
    reference: Vec<u8>,
    orders: u8,
    /// How often the reference is said again, to reach the wider masks.
    repeat: u8,
}

fuzz_target!(|input: Input| {
    // Tokens that only the reference has are 0.
    let hypothesis: Vec<u32> = input.hypothesis.iter().map(|&token| u32::from(token) + 1).collect();
    let vocabulary = hypothesis.iter().max().map_or(0, |&last| last as usize);
    let id = |&token: &u8| if input.hypothesis.contains(&token) { u32::from(token) + 1 } else { 0 };
    let reference: Vec<u32> = input.reference.repeat(1 + usize::from(input.repeat % 16)).iter().map(id).collect();
    if hypothesis.len() * reference.len() > 1 << 18 {
        return;
    }
    let never = CancelFlag::new(false);
    let orders = usize::from(input.orders) % (MAX_ORDER + 1);
    let texts = Texts { hypothesis: &hypothesis, reference: &reference, vocabulary };
    let mut joint = Joint::default();
    joint.begin(hypothesis.len(), orders);
    let marked = overlap(texts, orders, false, Some(&mut joint), &mut Default::default(), &never);
    assert_eq!(marked.matches, joint.matches());
    let found = overlap(texts, orders, true, None, &mut Default::default(), &never);
    let mut by_names = [0; MAX_ORDER];
    ngram::matches(texts, &mut by_names, None, &mut Default::default());
    for order in 1..=MAX_ORDER {
        let expected = naive::ngram_matches(&hypothesis, &reference, order);
        assert_eq!(by_names[order - 1], expected);
        assert_eq!(found.matches[order - 1], if order <= orders { expected } else { 0 });
    }
    let length = naive::lcs_length(&hypothesis, &reference);
    assert_eq!(lcs::length(&hypothesis, &reference, vocabulary, &mut Default::default(), &never), length);
    if !hypothesis.is_empty() && !reference.is_empty() {
        assert_eq!(found.lcs, length);
    }
    if hypothesis.len() * reference.len() < 1 << 12 {
        let run = contiguous::longest_run(&hypothesis, &reference, &mut Default::default());
        assert_eq!(run, naive::longest_run(&hypothesis, &reference));
    }
});
