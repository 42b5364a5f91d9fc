//! The information that texts share, against the slow twin.

use textgauge_kernels::fact::FittedTokens;
use textgauge_kernels::naive;
use textgauge_kernels::ngram_counts::Counts;
use textgauge_kernels::ngram_weights::Scratch;
use textgauge_kernels::token_key::Key;

use crate::parts;

const ORDERS: usize = 4;

pub fn check(bytes: &[u8]) {
    let [hypothesis, reference, texts] = parts(bytes);
    if bytes.len() > 400 {
        return;
    }
    let texts: Vec<&[u8]> = texts.split(|&byte| byte == b'\n').collect();
    let wide = |text: &[u8]| -> Vec<u32> { text.iter().map(|&token| token.into()).collect() };
    let keys = |text: &[u8]| -> Vec<Key> { text.iter().map(|&token| Key::of_code_point(token.into())).collect() };
    let mut counts = Counts::new(ORDERS);
    texts.iter().for_each(|text| counts.count(&keys(text)));
    let (weights, _) = counts.freeze(|key| key.low, |shards, each| shards.iter_mut().for_each(each));
    // Ids in order of first appearance, 0 for what the hypothesis lacks.
    let mut distinct = Vec::new();
    for &token in hypothesis {
        if !distinct.contains(&token) {
            distinct.push(token);
        }
    }
    let id = |token: &u8| distinct.iter().position(|known| known == token).map_or(0, |at| at as u32 + 1);
    let ids = |text: &[u8]| -> Vec<u32> { text.iter().map(id).collect() };
    let in_corpus: Vec<u32> = keys(hypothesis).iter().map(|&key| weights.token(key)).collect();
    let mut scratch = Scratch::default();
    scratch.begin(ORDERS, FittedTokens { weights: &weights, ids: &in_corpus }, &ids(hypothesis));
    let shared = scratch.shared(&ids(reference));
    let texts: Vec<Vec<u32>> = texts.iter().map(|text| wide(text)).collect();
    for order in 1..=ORDERS {
        let of_all = naive::information(&texts, order);
        assert_eq!(shared[order - 1], naive::shared_information(&of_all, &wide(hypothesis), &wide(reference), order));
    }
}
