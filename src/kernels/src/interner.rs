//! Tables that give keys dense ids.
//!
//! An [`Interner`] is laid out as Python's dict is: a sparse array of ids, four bytes a slot, over a dense
//! array of keys. The sparse part of a pair of texts is a kilobyte or two, so that clearing it for every
//! pair costs next to nothing, and id 0, which no key has, stands for "empty" and "absent" alike.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::hint::select_unpredictable;
use std::sync::OnceLock;

use crate::buffers;
use crate::held::HeldBytes;
use crate::simd::{Work, vectorised};
use crate::token_key::Key;

/// How many code points there are.
const CODE_POINTS: usize = 0x11_0000;

/// What an [`Interner`] can number: small, comparable, and hashed by multiplication.
pub trait TableKey: Copy + Eq + Default {
    /// A hash whose high bits are well mixed.
    fn hash(self, mix: Mix) -> u64;

    /// Zero exactly if the keys are equal.
    fn difference(self, other: Self) -> u64;
}

/// The multipliers of a hash, both odd: multiply-shift hashing (Dietzfelbinger et al. 1997, "A Reliable Randomized
/// Algorithm for the Closest-Pair Problem"), under which no two keys collide more often than chance, whoever chose
/// them, as long as the multipliers are random.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mix {
    low: u64,
    high: u64,
}

impl Mix {
    /// The multipliers of this process, drawn at random once: texts come from strangers, who must not be able to choose
    /// tokens that collide. Ids are given in order of first appearance, so no result depends on them.
    pub fn of_process() -> Self {
        static DRAWN: OnceLock<Mix> = OnceLock::new();
        *DRAWN.get_or_init(|| Self::new(RandomState::new().build_hasher().finish(), RandomState::new().hash_one(1)))
    }

    /// These multipliers, made odd.
    pub fn new(low: u64, high: u64) -> Self {
        Self { low: low | 1, high: high | 1 }
    }
}

impl TableKey for Key {
    #[inline(always)]
    fn hash(self, mix: Mix) -> u64 {
        self.low.wrapping_mul(mix.low).wrapping_add(self.high.wrapping_mul(mix.high))
    }

    #[inline(always)]
    fn difference(self, other: Self) -> u64 {
        (self.low ^ other.low) | (self.high ^ other.high)
    }
}

impl TableKey for u64 {
    #[inline(always)]
    fn hash(self, mix: Mix) -> u64 {
        self.wrapping_mul(mix.low)
    }

    #[inline(always)]
    fn difference(self, other: Self) -> u64 {
        self ^ other
    }
}

/// Gives keys dense ids 1, 2, 3 … in order of first appearance; 0 is the id of no key.
pub struct Interner<K = Key> {
    /// Ids by hash, of which the first `1 << (64 - shift)` are in use; 0 where there is none.
    slots: Vec<u32>,
    shift: u32,
    /// The keys by id; behind the last one, room for a next that may turn out to be known.
    keys: Vec<K>,
    /// The next id.
    next: u32,
    mix: Mix,
}

impl<K: TableKey> Default for Interner<K> {
    fn default() -> Self {
        Self::with_mix(Mix::of_process())
    }
}

impl<K: TableKey> Interner<K> {
    const FEWEST_SLOTS: usize = 128;

    /// No keys yet, to be hashed with `mix`.
    pub fn with_mix(mix: Mix) -> Self {
        let mut interner = Self { slots: Vec::new(), shift: 0, keys: Vec::new(), next: 1, mix };
        interner.clear(0);
        interner
    }

    /// How many slots were looked at, beyond one each, to find the keys that have an id.
    pub fn collisions(&self) -> usize {
        let mask = usize::MAX >> self.shift;
        let distance = |key: &K| {
            let (at, _) = find(&self.slots, &self.keys, (self.shift, self.mix), *key);
            at.wrapping_sub((key.hash(self.mix) >> self.shift) as usize) & mask
        };
        self.keys().iter().map(distance).sum()
    }

    /// Forgets every key and makes room for `expected` of them; more make the table grow.
    pub fn clear(&mut self, expected: usize) {
        self.next = 1;
        // A slot in four at most will be used: collisions are what this table pays for dearly, and
        // slots cost little.
        self.lay_out((expected * 4).next_power_of_two().max(Self::FEWEST_SLOTS));
    }

    /// Empties `slots` slots, half of which may be used.
    fn lay_out(&mut self, slots: usize) {
        self.shift = 64 - slots.trailing_zeros();
        if slots > self.slots.len() {
            self.slots = vec![0; slots];
            self.keys.resize(slots / 2 + 2, K::default());
        } else {
            self.slots[..slots].fill(0);
        }
    }

    /// How many distinct keys have an id: the ids are `1..=len()`.
    #[inline]
    pub fn len(&self) -> usize {
        self.next as usize - 1
    }

    /// Whether no key has an id.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The keys that have an id, by id from 1 on.
    pub fn keys(&self) -> &[K] {
        &self.keys[1..self.next as usize]
    }

    /// The id of `key`; 0 if it has none.
    #[inline]
    pub fn look_up(&self, key: K) -> u32 {
        find(&self.slots, &self.keys, (self.shift, self.mix), key).1
    }

    /// The id of `key`, a new one if it had none.
    #[inline]
    pub fn intern(&mut self, key: K) -> u32 {
        self.make_room(1);
        insert(&mut self.slots, &mut self.keys, (self.shift, self.mix), &mut self.next, key)
    }

    /// Sets `ids` to the id of every key, giving new keys new ids.
    pub fn intern_all(&mut self, keys: &[K], ids: &mut Vec<u32>) {
        self.make_room(keys.len());
        ids.resize(keys.len(), 0);
        vectorised(InternAll { interner: self, keys, ids });
    }

    /// Sets `ids` to the id of every key; 0 for a key that has none.
    pub fn look_up_all(&self, keys: &[K], ids: &mut Vec<u32>) {
        ids.resize(keys.len(), 0);
        vectorised(LookUpAll { interner: self, keys, ids });
    }

    /// Grows the table unless it has room for `more` keys.
    #[inline]
    fn make_room(&mut self, more: usize) {
        if self.len() + more > 1 << (63 - self.shift) {
            self.grow(more);
        }
    }

    #[cold]
    fn grow(&mut self, more: usize) {
        let len = self.len();
        self.lay_out(((len + more) * 2).next_power_of_two());
        for id in 1..=len {
            let (at, _) = find(&self.slots, &self.keys, (self.shift, self.mix), self.keys[id]);
            self.slots[at] = id as u32;
        }
    }
}

impl<K> HeldBytes for Interner<K> {
    fn held_bytes(&self) -> usize {
        size_of::<u32>() * self.slots.capacity() + size_of::<K>() * self.keys.capacity()
    }
}

buffers! {
    /// Gives code points dense ids 1, 2, 3 … in order of first appearance, as an [`Interner`] does keys: by an
    /// array of all of them, of which a text touches little.
    pub struct CodePointIds {
        /// Ids by code point; empty until first used.
        ids: Vec<u32>,
        /// The code points that have one, by id; behind the last one, room for more.
        known: Vec<u32>,
        /// How many have one.
        len: usize,
    }
}

impl CodePointIds {
    /// Forgets every code point.
    pub fn clear(&mut self) {
        for &code_point in &self.known[..self.len] {
            self.ids[code_point as usize] = 0;
        }
        self.len = 0;
    }

    /// How many code points have an id: the ids are `1..=len()`.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether no code point has an id.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Sets `ids` to the id of every key, which [`Key::of_code_point`] made, giving new ones new ids.
    pub fn intern_all(&mut self, keys: &[Key], ids: &mut Vec<u32>) {
        if self.ids.is_empty() {
            self.ids = vec![0; CODE_POINTS];
        }
        if self.known.len() < self.len + keys.len() {
            self.known.resize(self.len + keys.len(), 0);
        }
        ids.resize(keys.len(), 0);
        let (by_code_point, known, mut len) = (self.ids.as_mut_slice(), self.known.as_mut_slice(), self.len);
        for (id, key) in ids.iter_mut().zip(keys) {
            let place = &mut by_code_point[key.low as usize];
            // Written in either case, as in `insert`: whether a character is new is no habit of texts.
            let fresh = *place == 0;
            known[len] = key.low as u32;
            len += usize::from(fresh);
            *place = select_unpredictable(fresh, len as u32, *place);
            *id = *place;
        }
        self.len = len;
    }

    /// Sets `ids` to the id of every key, which [`Key::of_code_point`] made; 0 for one that has none.
    pub fn look_up_all(&self, keys: &[Key], ids: &mut Vec<u32>) {
        ids.resize(keys.len(), 0);
        let by_code_point = self.ids.as_slice();
        for (id, key) in ids.iter_mut().zip(keys) {
            *id = by_code_point.get(key.low as usize).copied().unwrap_or(0);
        }
    }
}

/// The slot of `key`, or the empty one where it would go, and the id there.
#[inline(always)]
fn find<K: TableKey>(slots: &[u32], keys: &[K], (shift, mix): (u32, Mix), key: K) -> (usize, u32) {
    let mut at = (key.hash(mix) >> shift) as usize;
    loop {
        let id = slots[at];
        // Whether a word is known is a coin toss that no branch predictor learns, so an empty slot
        // and one with the key leave by the same door; only a collision, which is rare, goes on. In
        // arithmetic, because the compiler would make two branches of two conditions: the sign is
        // set if there is an id and its key differs.
        let difference = keys[id as usize].difference(key);
        let collision = !u64::from(id).wrapping_sub(1) & (difference | difference.wrapping_neg());
        if collision as i64 >= 0 {
            return (at, id);
        }
        at = (at + 1) & (usize::MAX >> shift);
    }
}

/// The id of `key`, `next` and one more for the next if it had none. There is room.
#[inline(always)]
fn insert<K: TableKey>(slots: &mut [u32], keys: &mut [K], hashing: (u32, Mix), next: &mut u32, key: K) -> u32 {
    let (at, known) = find(slots, keys, hashing, key);
    // Written in either case, for the reason given in `find`.
    let id = select_unpredictable(known == 0, *next, known);
    slots[at] = id;
    keys[*next as usize] = key;
    *next += u32::from(known == 0);
    id
}

struct InternAll<'a, K> {
    interner: &'a mut Interner<K>,
    keys: &'a [K],
    ids: &'a mut [u32],
}

impl<K: TableKey> Work for InternAll<'_, K> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        // As slices of their own: the compiler need not fear that writing one moves another.
        let Interner { slots, keys, shift, next, mix } = self.interner;
        let (slots, keys, hashing, mut fresh) = (slots.as_mut_slice(), keys.as_mut_slice(), (*shift, *mix), *next);
        for (id, &key) in self.ids.iter_mut().zip(self.keys) {
            *id = insert(slots, keys, hashing, &mut fresh, key);
        }
        *next = fresh;
    }
}

struct LookUpAll<'a, K> {
    interner: &'a Interner<K>,
    keys: &'a [K],
    ids: &'a mut [u32],
}

impl<K: TableKey> Work for LookUpAll<'_, K> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Interner { slots, keys, shift, mix, .. } = self.interner;
        let (slots, keys, hashing) = (slots.as_slice(), keys.as_slice(), (*shift, *mix));
        for (id, &key) in self.ids.iter_mut().zip(self.keys) {
            *id = find(slots, keys, hashing, key).1;
        }
    }
}
