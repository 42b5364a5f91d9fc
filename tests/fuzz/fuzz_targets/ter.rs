#![no_main]
//! The edits of the translation edit rate, against the slow twin.

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use textgauge_kernels::{CancelFlag, naive, ter};

#[derive(Arbitrary, Debug)]
struct Input {
    hypothesis: Vec<u8>,
    reference: Vec<u8>,
    /// Tokens are taken modulo this, so that there are matches.
    letters: u8,
    /// Slices of the hypothesis to be said again in the reference, to reach long shifts.
    phrases: Vec<(u8, u8)>,
}

fuzz_target!(|input: Input| {
    let letter = |&token: &u8| u32::from(token % input.letters.max(1));
    let hypothesis: Vec<u32> = input.hypothesis.iter().map(|token| letter(token) + 1).collect();
    // Tokens that only the reference has are 0.
    let id = |token: &u8| if hypothesis.contains(&(letter(token) + 1)) { letter(token) + 1 } else { 0 };
    let mut reference: Vec<u32> = input.reference.iter().map(id).collect();
    for &(start, length) in &input.phrases {
        reference.extend(hypothesis.iter().skip(start.into()).take(length.into()));
    }
    if hypothesis.len() * reference.len() > 1 << 13 {
        return;
    }
    let edits = ter::edits(&hypothesis, &reference, &mut Default::default(), &CancelFlag::new(false));
    assert_eq!(edits, naive::ter_edits(&hypothesis, &reference));
});
