//! How often each n-gram occurs in a corpus, and how much it therefore tells.
//!
//! The information of an n-gram is log2(count of all but its last token / its own count), of one token
//! log2(tokens / its own count), over the whole corpus (Doddington 2002, "Automatic evaluation of machine translation
//! quality using n-gram co-occurrence statistics"). [`Counts`] are the counts; [`Weights`] are what they come to once
//! the corpus is known.
//!
//! As in [`crate::ngram`] the n-gram that ends in token `t` and begins with the (n-1)-gram of id `a` is the pair
//! `(a, t)`. All n-grams that begin with the same token are in the same of [`SHARDS`] tables, those that begin them
//! too: so threads can each count for some tables, and nothing has to be merged.
//!
//! Cost: a table step for each n-gram.

use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

use crate::CancelFlag;
use crate::interner::Interner;
use crate::ngram::pair;
use crate::token_key::Key;

/// How many tables at most the n-grams of each order are spread over, by their first token. What is counted does not
/// depend on it; bytes that are stored do.
pub const SHARDS: usize = 16;

/// How often each n-gram occurs in a corpus.
pub struct Counts {
    orders: usize,
    tokens: Interner<Key>,
    /// By id; id 0 is no token.
    token_counts: Vec<u64>,
    shards: Vec<Shard>,
}

/// The n-grams of order 2 and up that begin with some of the tokens.
pub struct Shard {
    number: usize,
    /// By order, from 2 on.
    orders: Vec<Ngrams>,
}

/// The n-grams of one order in a shard.
struct Ngrams {
    gram_ids: Interner<u64>,
    /// By id; id 0 is no n-gram.
    counts: Vec<u64>,
    /// How much each tells, by id, once that is known.
    weights: Vec<f64>,
}

/// Texts as ids of the tokens of a corpus, to be counted by every shard.
#[derive(Default)]
pub struct InternedTexts {
    /// A 0 ends each text.
    ids: Vec<u32>,
    /// For each shard, where those n-grams begin that it counts.
    starts: [Vec<usize>; SHARDS],
}

impl InternedTexts {
    /// How many tokens there are.
    pub fn tokens(&self) -> usize {
        self.starts.iter().map(Vec::len).sum()
    }
}

/// How many n-grams to begin between two looks at a [`CancelFlag`].
const STARTS_PER_CANCEL_CHECK: usize = 1 << 14;

/// Which of so many shards, a power of two, has the n-grams that begin with this token.
#[inline]
fn shard_of(token: u32, shards: usize) -> usize {
    token as usize & (shards - 1)
}

impl Shard {
    /// Counts those n-grams of texts that begin with a token of the shard; not all of them if `cancel` is set.
    pub fn count(&mut self, texts: &InternedTexts, cancel: &CancelFlag) {
        for starts in texts.starts[self.number].chunks(STARTS_PER_CANCEL_CHECK) {
            if cancel.load(Ordering::Relaxed) {
                return;
            }
            for &start in starts {
                let mut gram = texts.ids[start];
                let lasts = texts.ids[start + 1..].iter().take_while(|&&last| last > 0);
                for (ngrams, &last) in self.orders.iter_mut().zip(lasts) {
                    gram = ngrams.gram_ids.intern(pair(gram, last));
                    match ngrams.counts.get_mut(gram as usize) {
                        Some(count) => *count += 1,
                        None => ngrams.counts.push(1),
                    }
                }
            }
        }
    }

    /// Sets the information of every n-gram; `token_counts` says by id how often each token occurs.
    fn weigh(&mut self, token_counts: &[u64]) {
        let mut above = token_counts;
        for ngrams in &mut self.orders {
            let own = ngrams.gram_ids.keys().iter().zip(&ngrams.counts[1..]);
            ngrams.weights.push(0.0);
            ngrams.weights.extend(own.map(|(&pair, &count)| log2(above[(pair >> 32) as usize], count)));
            above = &ngrams.counts;
        }
    }

    /// For each order from 2 on the sum of a number for each n-gram; `tokens` has such numbers of the tokens.
    fn fingerprints(&self, tokens: &[u64]) -> Vec<u64> {
        let mut before = tokens.to_vec();
        let of_order = |order: usize| {
            let (mut own, mut sum) = (vec![0], 0_u64);
            for (count, [prefix, last]) in self.ngrams(order) {
                let print = scrambled(before[prefix as usize].rotate_left(1) ^ tokens[last as usize]);
                own.push(print);
                sum = sum.wrapping_add(of_count(order, print, count));
            }
            before = own;
            sum
        };
        (2..self.orders.len() + 2).map(of_order).collect()
    }

    /// The n-grams of order `order`, 2 or more, by id, from 1 on: how often each occurs, the id of the n-gram
    /// that begins it, which is a token's for order 2, and the id of its last token.
    pub fn ngrams(&self, order: usize) -> impl ExactSizeIterator<Item = (u64, [u32; 2])> {
        let Ngrams { gram_ids, counts, .. } = &self.orders[order - 2];
        let pairs = gram_ids.keys().iter().map(|&pair| [(pair >> 32) as u32, pair as u32]);
        counts[1..].iter().copied().zip(pairs)
    }
}

impl Counts {
    /// Of no text yet; n-grams of orders 1 up to `orders`, at least 1.
    pub fn new(orders: usize) -> Self {
        Self::in_shards(orders, SHARDS)
    }

    /// The same in one shard, for a few texts: many tables take longer to make than to fill then.
    pub fn of_few(orders: usize) -> Self {
        Self::in_shards(orders, 1)
    }

    fn in_shards(orders: usize, shards: usize) -> Self {
        let order = |_| Ngrams { gram_ids: Interner::default(), counts: vec![0], weights: Vec::new() };
        let shard = |number| Shard { number, orders: (1..orders).map(order).collect() };
        Self {
            orders: orders.max(1),
            tokens: Interner::default(),
            token_counts: vec![0],
            shards: (0..shards).map(shard).collect(),
        }
    }

    /// The highest order.
    pub fn orders(&self) -> usize {
        self.orders
    }

    /// How many distinct n-grams there are.
    pub fn distinct(&self) -> usize {
        let of_shard = |shard: &Shard| shard.orders.iter().map(|ngrams| ngrams.gram_ids.len()).sum::<usize>();
        self.tokens.len() + self.shards.iter().map(of_shard).sum::<usize>()
    }

    /// Counts the tokens of a text, and adds it to `texts`, which every shard has to count.
    pub fn intern(&mut self, text: &[Key], texts: &mut InternedTexts) {
        let first = texts.ids.len();
        for (start, &key) in (first..).zip(text) {
            let id = self.tokens.intern(key);
            match self.token_counts.get_mut(id as usize) {
                Some(count) => *count += 1,
                None => self.token_counts.push(1),
            }
            texts.ids.push(id);
            texts.starts[shard_of(id, self.shards.len())].push(start);
        }
        texts.ids.push(0);
    }

    /// The shards, each of which has to count all texts.
    pub fn shards_mut(&mut self) -> &mut [Shard] {
        &mut self.shards
    }

    /// The shards.
    pub fn shards(&self) -> &[Shard] {
        &self.shards
    }

    /// Counts everything in a text.
    pub fn count(&mut self, text: &[Key]) {
        let mut texts = InternedTexts::default();
        self.intern(text, &mut texts);
        self.shards.iter_mut().for_each(|shard| shard.count(&texts, &CancelFlag::new(false)));
    }

    /// How often each token occurs, by id from 1 on.
    pub fn tokens(&self) -> impl ExactSizeIterator<Item = (u64, Key)> {
        self.token_counts[1..].iter().copied().zip(self.tokens.keys().iter().copied())
    }

    /// The counts out of what [`Counts::tokens`] and, for every shard and order, [`Shard::ngrams`] gave; `None` if no
    /// corpus has such counts.
    pub fn from_parts(
        orders: usize,
        tokens: impl IntoIterator<Item = (u64, Key)>,
        mut ngrams: impl FnMut(usize, usize) -> Option<Vec<(u64, [u32; 2])>>,
    ) -> Option<Self> {
        let possible = |count: u64| (1..1 << 52).contains(&count).then_some(());
        let mut all = Self::new(orders);
        for (count, token) in tokens {
            possible(count)?;
            (all.tokens.intern(token) as usize == all.token_counts.len()).then_some(())?;
            all.token_counts.push(count);
        }
        all.token_counts.iter().try_fold(0_u64, |total, &count| total.checked_add(count))?;
        let Self { token_counts, shards, .. } = &mut all;
        for (number, shard) in shards.iter_mut().enumerate() {
            for order in 2..=orders {
                let (before, own) = shard.orders.split_at_mut(order - 2);
                let before = before.last().map_or(&*token_counts, |before| &before.counts);
                let Ngrams { gram_ids, counts, .. } = &mut own[0];
                for (count, [prefix, last]) in ngrams(number, order)? {
                    possible(count)?;
                    // What begins an n-gram occurs at least as often.
                    let prefix_counts = before.get(prefix as usize).filter(|_| prefix > 0)?;
                    (*prefix_counts >= count && (1..token_counts.len()).contains(&(last as usize))).then_some(())?;
                    (order > 2 || shard_of(prefix, SHARDS) == number).then_some(())?;
                    (gram_ids.intern(pair(prefix, last)) as usize == counts.len()).then_some(())?;
                    counts.push(count);
                }
            }
        }
        Some(all)
    }

    /// What the counts come to, and for each order a number that, for all that chance can do, only equal counts up to it
    /// have, whatever order texts came in; `of_token` is one such of a token. `each_shard` calls what it is given for each
    /// shard, perhaps in several threads.
    pub fn freeze(
        mut self,
        of_token: impl Fn(Key) -> u64,
        each_shard: impl FnOnce(&mut [Shard], &(dyn Fn(&mut Shard) + Sync)),
    ) -> (Weights, Vec<u64>) {
        let total: u64 = self.token_counts.iter().sum();
        let weights = self.token_counts[1..].iter().map(|&count| log2(total, count));
        let of_tokens = [0.0].into_iter().chain(weights).collect();
        let prints: Vec<u64> = [0].into_iter().chain(self.tokens.keys().iter().map(|&key| of_token(key))).collect();
        let unigrams = self.token_counts.iter().zip(&prints).skip(1);
        let mut sums = vec![0_u64; self.orders];
        sums[0] = unigrams.fold(0, |sum, (&count, &print)| sum.wrapping_add(of_count(1, print, count)));
        let sums = Mutex::new(sums);
        each_shard(&mut self.shards, &|shard| {
            shard.weigh(&self.token_counts);
            let own = shard.fingerprints(&prints);
            let mut sums = sums.lock().unwrap_or_else(PoisonError::into_inner);
            sums[1..].iter_mut().zip(own).for_each(|(sum, own)| *sum = sum.wrapping_add(own));
        });
        let sums = sums.into_inner().unwrap_or_else(PoisonError::into_inner);
        let up_to = sums.into_iter().zip(1_u64..).scan(0_u64, |total, (sum, order)| {
            *total = total.wrapping_add(sum);
            Some(scrambled(*total ^ order))
        });
        let prints = up_to.collect();
        (Weights { of_tokens, counts: self }, prints)
    }
}

/// The information of something that occurs `below` times where what begins it occurs `above` times: as Python's
/// `math.log(above / below, 2)`.
fn log2(above: u64, below: u64) -> f64 {
    (above as f64 / below as f64).ln() / std::f64::consts::LN_2
}

/// The number of an n-gram that occurs so often; `print` is that of the n-gram.
fn of_count(order: usize, print: u64, count: u64) -> u64 {
    scrambled(scrambled(print ^ order as u64).wrapping_add(count))
}

/// Spreads a difference of any bits over all of them: the last step of SplitMix64 (Steele et al. 2014).
fn scrambled(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

/// The information of every n-gram of a corpus.
pub struct Weights {
    counts: Counts,
    /// By id; 0 for a token that the corpus lacks.
    of_tokens: Vec<f64>,
}

impl Weights {
    /// The counts behind.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// The id of a token; 0 if the corpus lacks it.
    pub fn token(&self, key: Key) -> u32 {
        self.counts.tokens.look_up(key)
    }

    /// The information of a token.
    #[inline]
    pub(crate) fn of_token(&self, id: u32) -> f64 {
        self.of_tokens[id as usize]
    }

    /// The id and the information of the n-gram of order `order`, 2 or more, that begins with token `first`, goes on
    /// as the shorter one of id `prefix` does, and ends in token `last`; 0 and 0 if the corpus lacks it.
    #[inline]
    pub(crate) fn of_ngram(&self, order: usize, first: u32, prefix: u32, last: u32) -> (u32, f64) {
        let shards = &self.counts.shards;
        let Ngrams { gram_ids, weights, .. } = &shards[shard_of(first, shards.len())].orders[order - 2];
        let id = gram_ids.look_up(pair(prefix, last));
        (id, weights[id as usize])
    }
}
