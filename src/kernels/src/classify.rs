//! Blocks of 64 bytes as sets of positions, and short tokens as keys: what differs between processors.
//!
//! This is the ground: classes of bytes, what a classifier does, and the one for any processor.

use crate::token_key::{INLINE_BYTES, Key};

/// White space.
pub const WHITE: u8 = 1;
/// Stands alone.
pub const ALONE: u8 = 1 << 1;
/// Stands alone but for the rule about numbers.
pub const MARK: u8 = 1 << 2;
/// A digit, or what counts as one.
pub const NUMBER: u8 = 1 << 3;
/// Stands alone directly after a number; of one byte.
pub const DASH: u8 = 1 << 4;
/// Starts a character beyond ASCII that [`Rules::wide`](crate::byte_class_tokens::Rules::wide) is to be asked about.
pub const WIDE: u8 = 1 << 5;

/// How many classes there are.
pub(crate) const CLASSES: usize = 6;

/// The class of every byte, and the same as processors look it up sixteen at a time.
#[derive(Clone, Debug)]
pub struct ByteClasses {
    pub(crate) of: [u8; 256],
    /// By class and the low half of a byte: one bit for each high half. The high halves are those of
    /// ASCII, but for [`WIDE`], which has the others.
    #[cfg_attr(not(target_arch = "x86_64"), expect(dead_code, reason = "vector instructions alone read it"))]
    pub(crate) nibbles: [[u8; 16]; CLASSES],
}

impl ByteClasses {
    /// From the classes of every byte: [`WIDE`] or none for those beyond ASCII, any other for those within.
    pub const fn new(of: [u8; 256]) -> Self {
        let mut nibbles = [[0; 16]; CLASSES];
        let mut byte = 0;
        while byte < 256 {
            let mut class = 0;
            while class < CLASSES {
                if of[byte] >> class & 1 == 1 {
                    assert!((1 << class == WIDE) == (byte >= 0x80), "a class on the wrong side of ASCII");
                    nibbles[class][byte & 15] |= 1 << (byte >> 4 & 7);
                }
                class += 1;
            }
            byte += 1;
        }
        Self { of, nibbles }
    }
}

/// The classes of 64 bytes, one bit each, lowest bit first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Classes {
    /// An ASCII letter or digit.
    pub(crate) word: u64,
    /// A line feed.
    pub(crate) newline: u64,
    /// Not zero if any byte is outside ASCII.
    pub(crate) beyond_ascii: u64,
}

/// How a processor goes about a block.
pub(crate) trait Classify: Copy {
    /// The classes of up to 64 bytes; no class for those that are not there.
    fn classify(self, block: &[u8]) -> Classes;

    /// The key of the run `start..end`, of at most [`INLINE_BYTES`] bytes.
    #[inline(always)]
    fn key(self, text: &[u8], start: usize, end: usize) -> Key {
        let len = end - start;
        let loaded = match text.get(start..start + 16).and_then(<[u8]>::as_array::<16>) {
            Some(bytes) => u128::from_le_bytes(*bytes),
            None => load_last(&text[start..end]),
        };
        Key::from_bits((loaded & KEY_MASK[len]) | KEY_MARK[len])
    }

    /// The key of the token `start..end`, of one to [`INLINE_BYTES`] bytes, in its own case.
    #[inline(always)]
    fn key_as_is(self, text: &[u8], start: usize, end: usize) -> Key {
        let len = end - start;
        let loaded = match text.get(start..start + 16).and_then(<[u8]>::as_array::<16>) {
            Some(bytes) => u128::from_le_bytes(*bytes),
            None => load_last(&text[start..end]),
        };
        Key::from_bits((loaded & KEY_MASK[len]) | ((len as u128) << 120))
    }

    /// The bytes of up to 64 that are in each of the classes.
    #[inline(always)]
    fn sets(self, block: &[u8], bytes: &ByteClasses) -> [u64; CLASSES] {
        portable_sets(block, bytes)
    }

    /// Writes `base` plus the index of every bit of `set` to the start of `list`, in order. What is
    /// written behind them means nothing.
    #[inline(always)]
    fn list(self, mut set: u64, base: u16, list: &mut [u16]) {
        // Groups of eight: how many groups there are, a branch predictor learns; how many bits, not.
        for group in list.as_chunks_mut::<8>().0.iter_mut().take((set.count_ones() as usize).div_ceil(8)) {
            for index in group {
                *index = base + set.trailing_zeros() as u16;
                set &= set.wrapping_sub(1);
            }
        }
    }
}

/// Any processor: a table of classes.
#[derive(Clone, Copy)]
pub(crate) struct Portable;

impl Classify for Portable {
    #[inline(always)]
    fn classify(self, block: &[u8]) -> Classes {
        let mut classes = Classes { word: 0, newline: 0, beyond_ascii: 0 };
        for (index, byte) in block.iter().enumerate() {
            classes.word |= u64::from(byte.is_ascii_alphanumeric()) << index;
            classes.newline |= u64::from(*byte == b'\n') << index;
            classes.beyond_ascii |= u64::from(*byte & 0x80);
        }
        classes
    }
}

/// Masks and marks that turn sixteen loaded bytes into a key, by run length.
const KEY_MASK: [u128; INLINE_BYTES + 1] = {
    let mut masks = [0; INLINE_BYTES + 1];
    let mut len = 1;
    while len <= INLINE_BYTES {
        masks[len] = u128::MAX >> (128 - 8 * len as u32);
        len += 1;
    }
    masks
};
const KEY_MARK: [u128; INLINE_BYTES + 1] = {
    let mut marks = [0; INLINE_BYTES + 1];
    let mut len = 1;
    while len <= INLINE_BYTES {
        marks[len] = (KEY_MASK[len] & 0x2020_2020_2020_2020_2020_2020_2020_2020) | ((len as u128) << 120);
        len += 1;
    }
    marks
};

/// [`Classify::sets`] for any processor.
#[inline(always)]
fn portable_sets(block: &[u8], bytes: &ByteClasses) -> [u64; CLASSES] {
    let mut sets = [0; CLASSES];
    for (index, eight) in block.chunks(8).enumerate() {
        let mut classes = [0; 8];
        for (class, &byte) in classes.iter_mut().zip(eight) {
            *class = bytes.of[usize::from(byte)];
        }
        let classes = u64::from_le_bytes(classes);
        for (class, set) in sets.iter_mut().enumerate() {
            // One bit of every byte, gathered in the highest byte by a multiplication.
            let bits = (classes >> class & 0x0101_0101_0101_0101).wrapping_mul(0x0102_0408_1020_4080) >> 56;
            *set |= bits << (8 * index);
        }
    }
    sets
}

// Out of the loop, which has no registers to spare for them.
#[cold]
#[inline(never)]
pub(crate) fn long_run(run: &[u8], long: &mut dyn FnMut(&[u8]) -> Key) -> Key {
    long(run)
}

/// A run too near the end of its text for sixteen bytes to be loaded.
#[cold]
#[inline(never)]
fn load_last(run: &[u8]) -> u128 {
    let mut bytes = [0; 16];
    bytes[..run.len()].copy_from_slice(run);
    u128::from_le_bytes(bytes)
}

/// Something to be compiled for each classifier.
pub(crate) trait BlockWork {
    type Output;

    /// Does it. To be marked `#[inline(always)]`, with all that it calls.
    fn run<C: Classify>(self, classify: C) -> Self::Output;
}
