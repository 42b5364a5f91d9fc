//! How much an n-gram tells among all references, and how much of that a hypothesis shares with one.
//!
//! The information of an n-gram is log2(count of all but its last token / its own count), of one token
//! log2(tokens / its own count), over all references together (Doddington 2002, "Automatic evaluation of machine
//! translation quality using n-gram co-occurrence statistics"). [`Counts`] learns the counts; [`Weights`] are what
//! they come to once all references are known.
//!
//! As in [`crate::ngram`] the n-gram that ends in token `t` and begins with the (n-1)-gram named `a` is the pair
//! `(a, t)`. The large table of all references is asked once for each distinct n-gram of a hypothesis; against the
//! references of a pair these have names of their own, in order of first appearance, so that the information of
//! shared n-grams adds up in the very order in which nltk 3.10.4 adds it.
//!
//! Cost: O(|hypothesis| + |reference|) table steps an order.

use crate::interner::Interner;
use crate::ngram::pair;
use crate::pair::MAX_ORDER;
use crate::token_key::Key;

/// The information shared by order: `shared[n - 1]` for order n, 0 above the order asked for.
pub type Shared = [f64; MAX_ORDER];

/// How often each n-gram occurs in the texts learnt.
pub struct Counts {
    tokens: Interner<Key>,
    /// Of order 2 and up.
    gram_ids: Vec<Interner<u64>>,
    /// Of every order, by name; that of a token is its id.
    counts: Vec<Vec<u64>>,
    ids: Vec<u32>,
}

impl Counts {
    /// Of no text yet; n-grams of orders 1 up to `orders`, at least 1.
    pub fn new(orders: usize) -> Self {
        Self {
            tokens: Interner::default(),
            gram_ids: (1..orders).map(|_| Interner::default()).collect(),
            counts: vec![vec![0]; orders.max(1)],
            ids: Vec::new(),
        }
    }

    /// The highest order.
    pub fn orders(&self) -> usize {
        self.counts.len()
    }

    /// Counts the n-grams of a text.
    pub fn learn(&mut self, tokens: &[Key]) {
        let Self { tokens: known, gram_ids, counts, ids } = self;
        known.intern_all(tokens, ids);
        let mut prefixes = ids.clone();
        let (unigrams, longer) = counts.split_at_mut(1);
        count(&mut unigrams[0], ids, known.len());
        for (shorter, (gram_ids, counts)) in gram_ids.iter_mut().zip(longer).enumerate() {
            let lasts = ids.get(shorter + 1..).unwrap_or(&[]);
            prefixes.truncate(lasts.len());
            for (name, &last) in prefixes.iter_mut().zip(lasts) {
                *name = gram_ids.intern(pair(*name, last));
            }
            count(counts, &prefixes, gram_ids.len());
        }
    }

    /// The tokens by id, from 1 on.
    pub fn tokens(&self) -> &[Key] {
        self.tokens.keys()
    }

    /// The n-grams of order `order` by name, from 1 on: how often each occurs, and the name of its first
    /// `order - 1` tokens and the id of the last, both 0 for order 1.
    pub fn ngrams(&self, order: usize) -> impl Iterator<Item = (u64, [u32; 2])> {
        let pairs = order.checked_sub(2).map_or(&[][..], |longer| self.gram_ids[longer].keys());
        let pairs = pairs.iter().map(|&pair| [(pair >> 32) as u32, pair as u32]).chain(std::iter::repeat([0, 0]));
        self.counts[order - 1][1..].iter().copied().zip(pairs)
    }

    /// The counts that [`Counts::tokens`] and [`Counts::ngrams`] gave, order after order; `None` if no texts have
    /// such counts.
    pub fn from_parts(tokens: &[Key], orders: Vec<Vec<(u64, [u32; 2])>>) -> Option<Self> {
        let mut all = Self::new(orders.len());
        for (number, &token) in tokens.iter().enumerate() {
            (all.tokens.intern(token) as usize == number + 1).then_some(())?;
        }
        for (shorter, ngrams) in orders.into_iter().enumerate() {
            let before = shorter.checked_sub(1).map(|before| all.counts[before].clone());
            for (number, (count, [prefix, last])) in ngrams.into_iter().enumerate() {
                if let Some(before) = &before {
                    // What begins an n-gram occurs at least as often.
                    let known = prefix > 0 && before.get(prefix as usize).is_some_and(|&more| more >= count);
                    let known = known && (1..=tokens.len()).contains(&(last as usize));
                    (known && all.gram_ids[shorter - 1].intern(pair(prefix, last)) as usize == number + 1)
                        .then_some(())?;
                }
                (1..1 << 52).contains(&count).then_some(())?;
                all.counts[shorter].push(count);
            }
        }
        all.counts[0].iter().try_fold(0_u64, |total, &count| total.checked_add(count))?;
        (all.counts[0].len() == tokens.len() + 1).then_some(all)
    }

    /// A number that, for all that chance can do, only equal counts have, whatever order texts were learnt in;
    /// `of_token` is one such of a token.
    pub fn fingerprint(&self, of_token: impl Fn(Key) -> u64) -> u64 {
        let tokens: Vec<u64> = [0].into_iter().chain(self.tokens().iter().map(|&key| of_token(key))).collect();
        let mut sum = self.orders() as u64;
        let mut before = tokens.clone();
        for order in 1..=self.orders() {
            let mut own = vec![0];
            for (name, (count, [prefix, last])) in (1..).zip(self.ngrams(order)) {
                let print: u64 = if order == 1 {
                    tokens[name]
                } else {
                    scrambled(before[prefix as usize].rotate_left(1) ^ tokens[last as usize])
                };
                own.push(print);
                sum = sum.wrapping_add(scrambled(scrambled(print ^ order as u64).wrapping_add(count)));
            }
            before = own;
        }
        sum
    }

    /// What the counts come to.
    pub fn freeze(self) -> Weights {
        let total: u64 = self.counts[0].iter().sum();
        // As Python's math.log(x, 2).
        let log2 = |above: u64, below: u64| (above as f64 / below as f64).ln() / std::f64::consts::LN_2;
        let weights = (1..=self.orders()).map(|order| {
            let above = |prefix: u32| if order == 1 { total } else { self.counts[order - 2][prefix as usize] };
            let weights = self.ngrams(order).map(|(count, [prefix, _])| log2(above(prefix), count));
            [0.0].into_iter().chain(weights).collect()
        });
        Weights { weights: weights.collect(), counts: self }
    }
}

/// Counts `names`, of which there are `known`.
fn count(counts: &mut Vec<u64>, gram_ids: &[u32], known: usize) {
    counts.resize(known + 1, 0);
    gram_ids.iter().for_each(|&name| counts[name as usize] += 1);
}

/// Spreads a difference of any bits over all of them: the last step of SplitMix64 (Steele et al. 2014).
fn scrambled(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

/// The information of every n-gram of the texts learnt.
pub struct Weights {
    counts: Counts,
    /// Of every order, by name; 0 for one that no text has.
    weights: Vec<Vec<f64>>,
}

impl Weights {
    /// The counts behind.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// The id of a token; 0 if no text has it.
    pub fn token(&self, key: Key) -> u32 {
        self.counts.tokens.look_up(key)
    }
}

/// A hypothesis and what it has of the weights. Buffers, kept by the caller.
#[derive(Default)]
pub struct Scratch {
    /// Of which the first are in use, as many as there are weights.
    orders: Vec<Order>,
    in_use: usize,
    prefixes: Vec<u32>,
}

/// The n-grams of one order of a hypothesis. By name, in order of first appearance from 1 on: ...
#[derive(Default)]
struct Order {
    /// Empty for order 1, where names are ids.
    gram_ids: Interner<u64>,
    /// ... its name among all references,
    among_all: Vec<u32>,
    /// how much it tells,
    weights: Vec<f64>,
    /// how often it occurs,
    counts: Vec<u32>,
    /// and how often in a reference.
    in_reference: Vec<u32>,
}

impl Order {
    fn clear(&mut self, expected: usize) {
        self.gram_ids.clear(expected);
        self.among_all.clear();
        self.among_all.push(0);
        self.weights.clear();
        self.weights.push(0.0);
        self.counts.clear();
        self.counts.push(0);
    }

    /// Counts an n-gram, whose name among all references is needed only for the first of its kind.
    fn add(&mut self, name: u32, weights: &[f64], among_all: impl FnOnce() -> u32) {
        if name as usize == self.counts.len() {
            let among_all = among_all();
            self.among_all.push(among_all);
            self.weights.push(weights[among_all as usize]);
            self.counts.push(0);
        }
        self.counts[name as usize] += 1;
    }

    /// The information of what the reference shares, whose n-grams have these names, 0 if they are others.
    fn shared(&mut self, reference: &[u32]) -> f64 {
        self.in_reference.clear();
        self.in_reference.resize(self.counts.len(), 0);
        reference.iter().for_each(|&name| self.in_reference[name as usize] += 1);
        let shared = self.counts.iter().zip(&self.in_reference).map(|(&count, &other)| count.min(other));
        // One after the other; n-grams that are not shared add nothing.
        self.weights.iter().zip(shared).map(|(weight, count)| weight * f64::from(count)).sum()
    }
}

impl Scratch {
    /// TokenSets the hypothesis: its tokens as ids in order of first appearance from 1 on, and as [`Weights::token`].
    pub fn begin(&mut self, weights: &Weights, hypothesis: &[u32], among_all: &[u32]) {
        let Self { orders, in_use, prefixes } = self;
        *in_use = weights.weights.len();
        if orders.len() < *in_use {
            orders.resize_with(*in_use, Order::default);
        }
        orders[0].clear(0);
        for (&id, &token) in hypothesis.iter().zip(among_all) {
            orders[0].add(id, &weights.weights[0], || token);
        }
        prefixes.clear();
        prefixes.extend_from_slice(hypothesis);
        for shorter in 0..*in_use - 1 {
            let [before, own] = &mut orders[shorter..shorter + 2] else { return };
            let gram_ids = &weights.counts.gram_ids[shorter];
            own.clear(hypothesis.len());
            let lasts = hypothesis.get(shorter + 1..).unwrap_or(&[]);
            prefixes.truncate(lasts.len());
            for (at, (name, &last)) in prefixes.iter_mut().zip(lasts).enumerate() {
                let prefix = *name;
                *name = own.gram_ids.intern(pair(prefix, last));
                own.add(*name, &weights.weights[shorter + 1], || {
                    gram_ids.look_up(pair(before.among_all[prefix as usize], among_all[at + shorter + 1]))
                });
            }
        }
    }

    /// The information that a reference shares with the hypothesis; a token of it that the hypothesis lacks is 0.
    pub fn shared(&mut self, reference: &[u32]) -> Shared {
        let Self { orders, in_use, prefixes } = self;
        let mut shared = [0.0; MAX_ORDER];
        prefixes.clear();
        prefixes.extend_from_slice(reference);
        for (shorter, (order, shared)) in orders[..*in_use].iter_mut().zip(&mut shared).enumerate() {
            let lasts = reference.get(shorter..).unwrap_or(&[]);
            prefixes.truncate(lasts.len());
            if shorter > 0 {
                for (name, &last) in prefixes.iter_mut().zip(lasts) {
                    *name = order.gram_ids.look_up(pair(*name, last));
                }
            }
            *shared = order.shared(prefixes);
        }
        shared
    }

    /// Memory held, in bytes.
    pub fn capacity_bytes(&self) -> usize {
        let each = |order: &Order| {
            order.gram_ids.capacity_bytes()
                + 4 * (order.among_all.capacity() + order.counts.capacity() + order.in_reference.capacity())
                + 8 * order.weights.capacity()
        };
        self.orders.iter().map(each).sum::<usize>() + 4 * self.prefixes.capacity()
    }
}
