//! How much of what a hypothesis tells it shares with a reference: the information of their shared n-grams.
//!
//! The large tables of [`crate::ngram_counts`] are asked once for each distinct n-gram of a hypothesis; against the
//! references of a pair these have ids of their own, in order of first appearance, so that the information of shared
//! n-grams adds up in the very order in which nltk 3.10.4 adds it.
//!
//! Cost: O(|hypothesis| + |reference|) table steps an order.

use crate::CancelFlag;
use crate::buffers;
use crate::fact::{Fact, FittedTokens, Hypothesis, TokenPair};
use crate::interner::Interner;
use crate::ngram::pair;
use crate::pair::MAX_ORDER;

/// The information of shared n-grams by order: the first is that of order 1; 0 above the order asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SharedWeights(pub [f64; MAX_ORDER]);

impl Fact for SharedWeights {
    /// Orders 1 up to this.
    type Need = usize;
    type Scratch = Scratch;

    fn fitted_orders(need: usize) -> usize {
        need
    }

    #[inline]
    fn begin(need: usize, hypothesis: Hypothesis<'_>, scratch: &mut Scratch) {
        // Without, nothing is known, and nothing is shared.
        scratch.in_use = 0;
        if let Some(fitted) = hypothesis.fitted {
            scratch.begin(need, fitted, hypothesis.ids);
        }
    }

    #[inline]
    fn measure(_: usize, pair: TokenPair<'_>, scratch: &mut Scratch, _: &CancelFlag) -> Self {
        Self(scratch.shared(pair.ids.reference))
    }
}

buffers! {
    /// A hypothesis and what it has of the weights. Buffers, kept by the caller.
    pub struct Scratch {
        /// Of which the first are in use, as many as were asked for.
        orders: Vec<Order>,
        in_use: usize,
        prefixes: Vec<u32>,
    }
}

buffers! {
    /// The n-grams of one order of a hypothesis. By id, in order of first appearance from 1 on: ...
    struct Order {
        /// Empty for order 1, whose ids are those of the tokens.
        gram_ids: Interner<u64>,
        /// ... its id in the corpus,
        in_corpus: Vec<u32>,
        /// how much it tells,
        weights: Vec<f64>,
        /// how often it occurs,
        counts: Vec<u32>,
        /// and how often in a reference.
        in_reference: Vec<u32>,
    }
}

impl Order {
    fn clear(&mut self, expected: usize) {
        self.gram_ids.clear(expected);
        self.in_corpus.clear();
        self.in_corpus.push(0);
        self.weights.clear();
        self.weights.push(0.0);
        self.counts.clear();
        self.counts.push(0);
    }

    /// Counts an n-gram, whose id in the corpus and weight are needed only for the first of its kind.
    fn add(&mut self, id: u32, in_corpus: impl FnOnce() -> (u32, f64)) {
        if id as usize == self.counts.len() {
            let (in_corpus, weight) = in_corpus();
            self.in_corpus.push(in_corpus);
            self.weights.push(weight);
            self.counts.push(0);
        }
        self.counts[id as usize] += 1;
    }

    /// The information of what the reference shares, whose n-grams have these ids, 0 if they are others.
    fn shared(&mut self, reference: &[u32]) -> f64 {
        self.in_reference.clear();
        self.in_reference.resize(self.counts.len(), 0);
        reference.iter().for_each(|&id| self.in_reference[id as usize] += 1);
        let shared = self.counts.iter().zip(&self.in_reference).map(|(&count, &other)| count.min(other));
        // One after the other; n-grams that are not shared add nothing.
        self.weights.iter().zip(shared).map(|(weight, count)| weight * f64::from(count)).sum()
    }
}

impl Scratch {
    /// Sets the hypothesis: its tokens as ids in order of first appearance from 1 on, and as the corpus has them, which
    /// was counted up to order `needed` at least.
    pub fn begin(
        &mut self,
        needed: usize,
        FittedTokens { weights, ids: in_corpus }: FittedTokens<'_>,
        hypothesis: &[u32],
    ) {
        let Self { orders, in_use, prefixes } = self;
        *in_use = needed;
        if orders.len() < needed {
            orders.resize_with(needed, Order::default);
        }
        orders[0].clear(0);
        for (&id, &token) in hypothesis.iter().zip(in_corpus) {
            orders[0].add(id, || (token, weights.of_token(token)));
        }
        prefixes.clear();
        prefixes.extend_from_slice(hypothesis);
        for shorter in 1..needed {
            let [before, own] = &mut orders[shorter - 1..=shorter] else { return };
            own.clear(hypothesis.len());
            let lasts = hypothesis.get(shorter..).unwrap_or(&[]);
            prefixes.truncate(lasts.len());
            for (at, (gram, &last)) in prefixes.iter_mut().zip(lasts).enumerate() {
                let prefix = *gram;
                *gram = own.gram_ids.intern(pair(prefix, last));
                own.add(*gram, || {
                    let prefix = before.in_corpus[prefix as usize];
                    weights.of_ngram(shorter + 1, in_corpus[at], prefix, in_corpus[at + shorter])
                });
            }
        }
    }

    /// The information that a reference shares with the hypothesis; a token of it that the hypothesis lacks is 0.
    pub fn shared(&mut self, reference: &[u32]) -> [f64; MAX_ORDER] {
        let Self { orders, in_use, prefixes } = self;
        let mut shared = [0.0; MAX_ORDER];
        prefixes.clear();
        prefixes.extend_from_slice(reference);
        for (shorter, (order, shared)) in orders[..*in_use].iter_mut().zip(&mut shared).enumerate() {
            let lasts = reference.get(shorter..).unwrap_or(&[]);
            prefixes.truncate(lasts.len());
            if shorter > 0 {
                for (gram, &last) in prefixes.iter_mut().zip(lasts) {
                    *gram = order.gram_ids.look_up(pair(*gram, last));
                }
            }
            *shared = order.shared(prefixes);
        }
        shared
    }
}
