#![no_main]
//! Counts of shared tokens, distinct tokens and n-grams, against the slow twins.

use libfuzzer_sys::fuzz_target;
use textgauge_kernels::interner::Interner;
use textgauge_kernels::token_key::Key;
use textgauge_kernels::ngram_sets::{self, MAX_SET_ORDER};
use textgauge_kernels::pair::Texts;
use textgauge_kernels::{naive, shared_tokens, token_sets};

fuzz_target!(|input: (Vec<u8>, Vec<u8>)| {
    let [hypothesis, reference] =
        [&input.0, &input.1].map(|text| text.iter().copied().map(u32::from).collect::<Vec<_>>());
    let keys = |text: &[u8]| text.iter().map(|&token| Key::inline(&[token]).unwrap_or_default()).collect::<Vec<_>>();
    let (mut interner, mut hypothesis_ids, mut ids) = (Interner::default(), Vec::new(), Vec::new());
    let (hypothesis_keys, keys) = (keys(&input.0), keys(&input.1));
    interner.intern_all(&hypothesis_keys, &mut hypothesis_ids);
    interner.look_up_all(&keys, &mut ids);
    let both = [hypothesis_keys.as_slice(), &keys];
    let found = token_sets::token_sets(both, &mut token_sets::Scratch::default());
    assert_eq!(found, naive::sets(&hypothesis, &reference));
    let shared = shared_tokens::shared_tokens(both, &mut shared_tokens::Scratch::default());
    assert_eq!(shared, naive::ngram_matches(&hypothesis, &reference, 1));
    let texts = Texts { hypothesis: &hypothesis_ids, reference: &ids, vocabulary: interner.len() };
    let found = ngram_sets::ngram_sets(MAX_SET_ORDER, texts, &keys, &mut ngram_sets::Scratch::default());
    for (order, sets) in (1..).zip(found.0) {
        assert_eq!(sets, naive::ngram_sets(&hypothesis, &reference, order));
    }
});
