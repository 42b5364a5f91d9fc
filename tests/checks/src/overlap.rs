//! What two texts share, against the slow twins.

use textgauge_kernels::level::paths::on_every_path;
use textgauge_kernels::overlap::{Joint, MAX_ORDER, Texts, overlap};
use textgauge_kernels::{CancelFlag, contiguous, lcs, naive, ngram};

use crate::parts;

pub fn check(bytes: &[u8]) {
    let Some((&[orders, times], texts)) = bytes.split_first_chunk() else { return };
    // The reference is said several times, to reach the wider masks.
    let [said, reference] = parts(texts);
    // Tokens that only the reference has are 0.
    let hypothesis: Vec<u32> = said.iter().map(|&token| u32::from(token) + 1).collect();
    let vocabulary = hypothesis.iter().max().map_or(0, |&last| last as usize);
    let id = |&token: &u8| if said.contains(&token) { u32::from(token) + 1 } else { 0 };
    let reference: Vec<u32> = reference.repeat(1 + usize::from(times % 16)).iter().map(id).collect();
    if hypothesis.len() * reference.len() > 1 << 18 {
        return;
    }
    let never = CancelFlag::new(false);
    let orders = usize::from(orders) % (MAX_ORDER + 1);
    let texts = Texts { hypothesis: &hypothesis, reference: &reference, vocabulary };
    on_every_path(|| {
        let mut joint = Joint::default();
        joint.begin(hypothesis.len(), orders);
        let marked = overlap(texts, orders, false, Some(&mut joint), &mut Default::default(), &never);
        assert_eq!(marked.matches, joint.matches());
    });
    let found = on_every_path(|| overlap(texts, orders, true, None, &mut Default::default(), &never));
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
}
