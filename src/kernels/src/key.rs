//! Token keys, and a table over them that is cleared in constant time.
//!
//! A [`Key`] is sixteen bytes that are equal exactly when the tokens are: a token of up to fifteen
//! bytes is its own key (its bytes, zero padding, its length in the last byte), so comparing two
//! tokens is one 128-bit comparison and never touches text. A longer token gets a number from
//! whoever owns the text (see `textgauge_text`) and is keyed by that number under its own tag.
//!
//! The table is open addressing with linear probing. Each slot carries the generation in which it
//! was written; raising the generation empties the table without touching memory, which is what
//! makes a table per pair of texts affordable.

use std::hint::select_unpredictable;

/// The longest token, in bytes, that is its own key.
pub const INLINE_BYTES: usize = 15;

/// Tag in the last byte of a key that stands for a numbered long token.
const NUMBERED: u64 = 0xFF << 56;

/// Stands for one token: two keys are equal exactly when their tokens are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Key {
    /// Bytes 0–7 of the token, little endian.
    pub low: u64,
    /// Bytes 8–14 of the token, and its length in the highest byte.
    pub high: u64,
}

impl Key {
    /// The key of a token of at most [`INLINE_BYTES`] bytes; `None` for a longer one.
    #[inline]
    pub fn inline(token: &[u8]) -> Option<Self> {
        if token.len() > INLINE_BYTES {
            return None;
        }
        let mut bytes = [0_u8; 16];
        bytes[..token.len()].copy_from_slice(token);
        bytes[15] = token.len() as u8;
        Some(Self::from_bits(u128::from_le_bytes(bytes)))
    }

    /// The key of a long token that its owner has given this number.
    #[inline]
    pub fn numbered(number: u32) -> Self {
        Self { low: u64::from(number), high: NUMBERED }
    }

    /// The number given to [`Key::numbered`], if the key was made so.
    #[inline]
    pub fn number(self) -> Option<u32> {
        (self.high == NUMBERED).then_some(self.low as u32)
    }

    /// The key as one little-endian integer.
    #[inline]
    pub fn from_bits(bits: u128) -> Self {
        Self { low: bits as u64, high: (bits >> 64) as u64 }
    }

    /// The token's bytes (all sixteen; see [`Key::inline_len`]), meaningless for a numbered key.
    #[inline]
    pub fn bytes(self) -> [u8; 16] {
        (u128::from(self.low) | (u128::from(self.high) << 64)).to_le_bytes()
    }

    /// The token's length in bytes if it is its own key.
    #[inline]
    pub fn inline_len(self) -> Option<usize> {
        let len = (self.high >> 56) as usize;
        (len <= INLINE_BYTES).then_some(len)
    }
}

/// What a [`Table`] can be asked for: small, comparable, and hashed by one multiplication.
pub trait TableKey: Copy + Eq + Default {
    /// A hash whose low bits are well mixed.
    fn hash(self) -> u64;

    /// Zero exactly if the keys are equal.
    fn difference(self, other: Self) -> u64;
}

// Constants with no structure: the fractional digits of pi, which nobody chose.
const MIX_LOW: u64 = 0x243F_6A88_85A3_08D3;
const MIX_HIGH: u64 = 0x1319_8A2E_0370_7345;

impl TableKey for Key {
    #[inline]
    fn difference(self, other: Self) -> u64 {
        (self.low ^ other.low) | (self.high ^ other.high)
    }

    #[inline]
    fn hash(self) -> u64 {
        let product = u128::from(self.low ^ MIX_LOW) * u128::from(self.high ^ MIX_HIGH);
        (product >> 64) as u64 ^ product as u64
    }
}

impl TableKey for u64 {
    #[inline]
    fn difference(self, other: Self) -> u64 {
        self ^ other
    }

    #[inline]
    fn hash(self) -> u64 {
        let product = u128::from(self ^ MIX_HIGH) * u128::from(MIX_LOW);
        (product >> 64) as u64 ^ product as u64
    }
}

#[derive(Clone, Copy, Default)]
struct Slot<K, V> {
    key: K,
    value: V,
    /// The slot is empty unless this is the table's generation.
    generation: u32,
}

impl<K: TableKey, V: Copy> Slot<K, V> {
    /// Whether another key has taken this slot, so that the next one must be looked at.
    ///
    /// Whether a word is known is a coin toss that no branch predictor learns, so an empty slot and
    /// one with the key itself leave by the same door. In arithmetic, because the compiler would
    /// make two branches of two conditions.
    #[inline(always)]
    fn is_taken(&self, key: K, generation: u32) -> bool {
        let live = u64::from(self.generation ^ generation).wrapping_sub(1);
        let difference = self.key.difference(key);
        ((live & (difference | difference.wrapping_neg())) as i64) < 0
    }
}

/// A map from keys to small values that forgets everything in constant time.
pub struct Table<K, V> {
    /// A power of two of them: the hash's low bits choose the slot.
    slots: Vec<Slot<K, V>>,
    generation: u32,
    len: usize,
}

impl<K: TableKey, V: Copy + Default> Default for Table<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: TableKey, V: Copy + Default> Table<K, V> {
    const SMALLEST: usize = 256;

    /// An empty table.
    pub fn new() -> Self {
        Self { slots: vec![Slot::default(); Self::SMALLEST], generation: 1, len: 0 }
    }

    /// How many keys the table holds.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether the table holds no key.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Memory held, in bytes.
    pub fn capacity_bytes(&self) -> usize {
        self.slots.len() * size_of::<Slot<K, V>>()
    }

    /// Forgets every key and makes room for `expected` of them at a load of at most one half.
    pub fn clear(&mut self, expected: usize) {
        self.len = 0;
        let wanted = (expected * 2).next_power_of_two().max(Self::SMALLEST);
        if wanted > self.slots.len() {
            self.resize_empty(wanted);
        } else if self.generation == u32::MAX {
            self.resize_empty(self.slots.len());
        } else {
            self.generation += 1;
        }
    }

    fn resize_empty(&mut self, slots: usize) {
        self.slots.clear();
        self.slots.resize(slots, Slot::default());
        self.generation = 1;
    }

    /// The value under `key`, or `absent` if there is none.
    #[inline]
    pub fn get_or(&self, key: K, absent: V) -> V {
        let last = self.slots.len() - 1;
        let mut at = key.hash() as usize & last;
        while self.slots[at].is_taken(key, self.generation) {
            at = (at + 1) & last;
        }
        let slot = &self.slots[at];
        select_unpredictable(slot.generation == self.generation, slot.value, absent)
    }

    /// The value under `key`, if there is one.
    #[inline]
    pub fn get(&self, key: K) -> Option<V> {
        let last = self.slots.len() - 1;
        let mut at = key.hash() as usize & last;
        loop {
            let slot = &self.slots[at];
            if slot.generation != self.generation {
                return None;
            }
            if slot.key == key {
                return Some(slot.value);
            }
            at = (at + 1) & last;
        }
    }

    /// The value under `key`, after putting `fresh` there if nothing was.
    #[inline]
    pub fn get_or_insert(&mut self, key: K, fresh: V) -> &mut V {
        if self.len * 2 >= self.slots.len() {
            self.grow();
        }
        let last = self.slots.len() - 1;
        let mut at = key.hash() as usize & last;
        while self.slots[at].is_taken(key, self.generation) {
            at = (at + 1) & last;
        }
        let slot = &mut self.slots[at];
        let empty = slot.generation != self.generation;
        slot.key = key;
        slot.value = select_unpredictable(empty, fresh, slot.value);
        slot.generation = self.generation;
        self.len += usize::from(empty);
        &mut slot.value
    }

    #[cold]
    fn grow(&mut self) {
        let slots = std::mem::take(&mut self.slots);
        let generation = self.generation;
        self.resize_empty(slots.len() * 2);
        self.len = 0;
        for slot in slots.iter().filter(|slot| slot.generation == generation) {
            self.get_or_insert(slot.key, slot.value);
        }
    }
}

/// Gives keys dense ids 0, 1, 2 … in order of first appearance.
#[derive(Default)]
pub struct Interner {
    table: Table<Key, u32>,
}

impl Interner {
    /// Forgets every key and makes room for `expected` of them.
    pub fn clear(&mut self, expected: usize) {
        self.table.clear(expected);
    }

    /// How many distinct keys have an id: the ids are `0..len()`.
    #[inline]
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether no key has an id.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Memory held, in bytes.
    pub fn capacity_bytes(&self) -> usize {
        self.table.capacity_bytes()
    }

    /// Appends the id of every key to `ids`, giving new keys new ids.
    pub fn intern_all(&mut self, keys: &[Key], ids: &mut Vec<u32>) {
        let table = &mut self.table;
        ids.extend(keys.iter().map(|&key| {
            let fresh = table.len as u32;
            *table.get_or_insert(key, fresh)
        }));
    }

    /// Appends the id of every key to `ids`; a key without an id is given `len()`.
    pub fn look_up_all(&self, keys: &[Key], ids: &mut Vec<u32>) {
        let absent = self.table.len as u32;
        ids.extend(keys.iter().map(|&key| self.table.get_or(key, absent)));
    }
}
