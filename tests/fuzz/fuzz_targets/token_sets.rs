#![no_main]
//! Counts of distinct tokens, against the slow twin.

use libfuzzer_sys::fuzz_target;
use textgauge_kernels::interner::Interner;
use textgauge_kernels::token_key::Key;
use textgauge_kernels::{naive, token_sets};

fuzz_target!(|input: (Vec<u8>, Vec<u8>)| {
    let [hypothesis, reference] =
        [&input.0, &input.1].map(|text| text.iter().copied().map(u32::from).collect::<Vec<_>>());
    let keys = |text: &[u8]| text.iter().map(|&token| Key::inline(&[token]).unwrap_or_default()).collect::<Vec<_>>();
    let (mut interner, mut ids) = (Interner::default(), Vec::new());
    interner.intern_all(&keys(&input.0), &mut ids);
    let keys = keys(&input.1);
    interner.look_up_all(&keys, &mut ids);
    let found = token_sets::token_sets(&ids, &keys, interner.len(), &mut token_sets::Scratch::default());
    assert_eq!(found, naive::sets(&hypothesis, &reference));
});
