//! Distinct n-grams and those that another text has, against the slow twin.

use textgauge_kernels::overlap::Texts;
use textgauge_kernels::{distinct_ngrams, naive};

use crate::parts;

pub fn check(bytes: &[u8]) {
    let [hypothesis, reference] = parts(bytes);
    // Ids of the hypothesis in order of first appearance, from 1 on; tokens that only the reference has are 0.
    let mut known: Vec<u8> = Vec::new();
    for token in hypothesis {
        if !known.contains(token) {
            known.push(*token);
        }
    }
    let id = |token: &u8| known.iter().position(|other| other == token).map_or(0, |at| at as u32 + 1);
    let [hypothesis, reference] = [hypothesis, reference].map(|text| text.iter().map(id).collect::<Vec<u32>>());
    let texts = Texts { hypothesis: &hypothesis, reference: &reference, vocabulary: known.len() };
    let found = distinct_ngrams::distinct_ngrams(texts, &mut distinct_ngrams::Scratch::default());
    for order in 1..=distinct_ngrams::MAX_DISTINCT_ORDER {
        let at = order - 1;
        let counted = [found.distinct[at], found.shared[at], found.occurrences[at]];
        assert_eq!(counted, naive::ngram_types(&hypothesis, &reference, order));
    }
}
