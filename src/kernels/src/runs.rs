//! Runs of ASCII letters and digits, straight to token keys.
//!
//! A block of 64 bytes becomes two 64-bit sets: where a letter or digit stands, and where a
//! newline. The edges of the first set (`set ^ set << 1`) alternate between starts and ends of runs;
//! they are listed without a branch per edge, eight at a time. Each run is then one masked 16-byte
//! load: letters lose their case by `| 0x20`, which leaves digits as they are.
//!
//! How a block becomes sets is all that differs between processors (see `simd`). Cost: O(bytes).

use crate::key::{INLINE_BYTES, Key};
use crate::simd;

/// The classes of 64 bytes, one bit each, lowest bit first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Classes {
    /// An ASCII letter or digit.
    pub(crate) word: u64,
    /// A line feed.
    pub(crate) newline: u64,
}

/// How a processor classifies a block of 64 bytes.
pub(crate) trait Classify: Copy {
    fn classify(self, block: &[u8; 64]) -> Classes;
}

/// Any processor: a table of classes.
#[derive(Clone, Copy)]
pub(crate) struct Portable;

impl Classify for Portable {
    #[inline(always)]
    fn classify(self, block: &[u8; 64]) -> Classes {
        let mut classes = Classes { word: 0, newline: 0 };
        for (index, byte) in block.iter().enumerate() {
            classes.word |= u64::from(byte.is_ascii_alphanumeric()) << index;
            classes.newline |= u64::from(*byte == b'\n') << index;
        }
        classes
    }
}

/// The list of edges of the stretch of text at hand; kept by the caller so that no text pays for
/// laying it out.
pub struct Edges(Box<[usize; STRETCH + SLACK]>);

impl Default for Edges {
    fn default() -> Self {
        Self(Box::new([0; STRETCH + SLACK]))
    }
}

/// Appends to `keys` the key of every run of ASCII letters and digits in `text`, lower-cased; to
/// `breaks`, if given, the number of keys before each newline. Runs too long to be their own key go
/// to `long`, in their original case.
///
/// Keys and breaks count from the start of this call.
pub fn alphanumeric_keys(
    text: &[u8],
    keys: &mut Vec<Key>,
    breaks: Option<&mut Vec<u32>>,
    edges: &mut Edges,
    long: &mut dyn FnMut(&[u8]) -> Key,
) {
    simd::alphanumeric_keys(text, keys, breaks, edges, long);
}

/// As [`alphanumeric_keys`], without any instruction that not every processor has.
pub fn alphanumeric_keys_portable(
    text: &[u8],
    keys: &mut Vec<Key>,
    breaks: Option<&mut Vec<u32>>,
    edges: &mut Edges,
    long: &mut dyn FnMut(&[u8]) -> Key,
) {
    scan(Portable, text, keys, breaks, edges, long);
}

/// Bytes looked at before their runs are loaded: the list of edges stays in the nearest cache.
const STRETCH: usize = 4096;

/// Room for one edge carried into a stretch and a last group of eight written past its end.
const SLACK: usize = 16;

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

#[inline(always)]
pub(crate) fn scan<C: Classify>(
    classify: C,
    text: &[u8],
    keys: &mut Vec<Key>,
    mut breaks: Option<&mut Vec<u32>>,
    Edges(edges): &mut Edges,
    long: &mut dyn FnMut(&[u8]) -> Key,
) {
    let first_key = keys.len();
    let mut carried = 0; // 1 while a run is open across the border of a stretch
    let mut inside = 0_u64; // 1 while the byte before is in a run
    for (stretch, bytes) in text.chunks(STRETCH).enumerate() {
        let origin = stretch * STRETCH;
        let mut len = carried;
        for (index, block) in bytes.chunks(64).enumerate() {
            let base = origin + index * 64;
            let classes = match block.as_array::<64>() {
                Some(block) => classify.classify(block),
                None => {
                    let mut padded = [0; 64];
                    padded[..block.len()].copy_from_slice(block);
                    classify.classify(&padded)
                }
            };
            let toggles = classes.word ^ ((classes.word << 1) | inside);
            if let Some(breaks) = breaks.as_deref_mut() {
                let mut newlines = classes.newline;
                while newlines != 0 {
                    // A newline is never inside a run: the edges before it are whole runs.
                    let before = toggles & ((newlines & newlines.wrapping_neg()) - 1);
                    // An end may fall on the newline itself.
                    let on = toggles & newlines & newlines.wrapping_neg();
                    let edges_before = len + (before.count_ones() + u32::from(on != 0)) as usize;
                    breaks.push((keys.len() - first_key + edges_before / 2) as u32);
                    newlines &= newlines - 1;
                }
            }
            inside = classes.word >> 63;
            let count = toggles.count_ones() as usize;
            let mut left = toggles;
            let mut at = len;
            while at < len + count {
                for edge in &mut edges[at..at + 8] {
                    *edge = base + left.trailing_zeros() as usize;
                    left &= left.wrapping_sub(1);
                }
                at += 8;
            }
            len += count;
        }
        if origin + bytes.len() == text.len() && len % 2 == 1 {
            edges[len] = text.len();
            len += 1;
        }
        keys.reserve(len / 2);
        for &[start, end] in edges[..len].as_chunks::<2>().0 {
            keys.push(key_of_run(text, start, end, long));
        }
        carried = len % 2;
        edges[0] = edges[len - carried];
    }
}

#[inline(always)]
fn key_of_run(text: &[u8], start: usize, end: usize, long: &mut dyn FnMut(&[u8]) -> Key) -> Key {
    let len = end - start;
    if len > INLINE_BYTES {
        return long(&text[start..end]);
    }
    let loaded = match text.get(start..start + 16).and_then(<[u8]>::as_array::<16>) {
        Some(bytes) => u128::from_le_bytes(*bytes),
        None => {
            let mut bytes = [0; 16];
            bytes[..len].copy_from_slice(&text[start..end]);
            u128::from_le_bytes(bytes)
        }
    };
    Key::from_bits((loaded & KEY_MASK[len]) | KEY_MARK[len])
}
