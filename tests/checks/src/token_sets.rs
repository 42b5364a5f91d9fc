//! Counts of shared tokens, distinct tokens and n-grams, against the slow twins.

use textgauge_kernels::interner::Interner;
use textgauge_kernels::level::paths::on_every_path;
use textgauge_kernels::ngram_sets::{self, MAX_SET_ORDER};
use textgauge_kernels::pair::Texts;
use textgauge_kernels::token_key::Key;
use textgauge_kernels::{naive, shared_tokens, token_sets};

use crate::parts;

pub fn check(bytes: &[u8]) {
    let texts = parts::<2>(bytes);
    let [hypothesis, reference] = texts.map(|text| text.iter().copied().map(u32::from).collect::<Vec<_>>());
    let keys = |text: &[u8]| text.iter().map(|&token| Key::inline(&[token]).unwrap_or_default()).collect::<Vec<_>>();
    let (hypothesis_keys, keys) = (keys(texts[0]), keys(texts[1]));
    let (hypothesis_ids, ids, vocabulary) = on_every_path(|| {
        let (mut interner, mut hypothesis_ids, mut ids) = (Interner::default(), Vec::new(), Vec::new());
        interner.intern_all(&hypothesis_keys, &mut hypothesis_ids);
        interner.look_up_all(&keys, &mut ids);
        (hypothesis_ids, ids, interner.len())
    });
    let both = [hypothesis_keys.as_slice(), &keys];
    let found = token_sets::token_sets(both, &mut token_sets::Scratch::default());
    assert_eq!(found, naive::sets(&hypothesis, &reference));
    let shared = shared_tokens::shared_tokens(both, &mut shared_tokens::Scratch::default());
    assert_eq!(shared, naive::ngram_matches(&hypothesis, &reference, 1));
    let texts = Texts { hypothesis: &hypothesis_ids, reference: &ids, vocabulary };
    let found = ngram_sets::ngram_sets(MAX_SET_ORDER, texts, &keys, &mut ngram_sets::Scratch::default());
    for (order, sets) in (1..).zip(found.0) {
        assert_eq!(sets, naive::ngram_sets(&hypothesis, &reference, order));
    }
}
