//! Runs of ASCII letters and digits, straight to token keys.
//!
//! A block of 64 bytes becomes two 64-bit sets: where a letter or digit stands, and where a
//! newline. The edges of the first set (`set ^ set << 1`) alternate between starts and ends of runs;
//! they are listed without a branch per edge. Each run is then one masked 16-byte load: letters lose
//! their case by `| 0x20`, which leaves digits as they are.
//!
//! How a block becomes sets is all that differs between processors (see `classify`). Cost: O(bytes).

use crate::blocks::by_blocks;
use crate::classify::{BlockWork, Classify, Portable, long_run};
use crate::token_key::{INLINE_BYTES, Key};

/// The list of edges of the stretch of text at hand; kept by the caller so that no text pays for
/// laying it out.
pub struct Edges(Box<[u16; STRETCH + SLACK]>);

impl Default for Edges {
    fn default() -> Self {
        Self(Box::new([0; STRETCH + SLACK]))
    }
}

/// A text to be scanned, and where to put what is found.
pub struct Scan<'a> {
    /// The text.
    pub text: &'a [u8],
    /// To which the key of every run of ASCII letters and digits is appended, lower-cased.
    pub keys: &'a mut Vec<Key>,
    /// To which, if given, the number of this text's keys before each newline is appended.
    pub breaks: Option<&'a mut Vec<u32>>,
    /// Room to work in.
    pub edges: &'a mut Edges,
    /// Makes the keys of runs that are too long to be their own; is given them in their own case.
    pub long: &'a mut dyn FnMut(&[u8]) -> Key,
}

/// Does what [`Scan`] says; returns whether all of its text is ASCII.
pub fn alphanumeric_keys(scan: Scan<'_>) -> bool {
    by_blocks(scan)
}

/// As [`alphanumeric_keys`], on the path of a processor without vector instructions: for benchmarks.
pub fn portable_alphanumeric_keys(scan: Scan<'_>) -> bool {
    scan.run(Portable)
}

/// Bytes looked at before their runs are loaded: the list of edges stays in the nearest cache.
const STRETCH: usize = 4096;

/// Room behind the edges of a stretch for one carried in, and for what [`Classify::list`] writes past the end.
const SLACK: usize = 72;

impl BlockWork for Scan<'_> {
    type Output = bool;

    #[inline(always)]
    fn run<C: Classify>(self, classify: C) -> bool {
        find_keys(classify, self)
    }
}

#[inline(always)]
fn find_keys<C: Classify>(classify: C, scan: Scan<'_>) -> bool {
    let Scan { text, keys, mut breaks, edges: Edges(edges), long } = scan;
    let first_key = keys.len();
    let mut beyond_ascii = 0;
    let mut inside = 0_u64; // 1 while the byte before is in a run
    let mut open = None; // where the run began that is open across the border of a stretch
    for (stretch, bytes) in text.chunks(STRETCH).enumerate() {
        let origin = stretch * STRETCH;
        let mut len = usize::from(open.is_some()); // the first edge stands for `open`
        for (index, block) in bytes.chunks(64).enumerate() {
            let classes = classify.classify(block);
            beyond_ascii |= classes.beyond_ascii;
            let toggles = classes.word ^ ((classes.word << 1) | inside);
            inside = classes.word >> 63;
            if let Some(breaks) = breaks.as_deref_mut() {
                let mut newlines = classes.newline;
                while newlines != 0 {
                    // A newline is in no run, but may end one: up to and with it, edges pair up.
                    let up_to = newlines ^ (newlines - 1);
                    let edges_before = len + (toggles & up_to).count_ones() as usize;
                    breaks.push((keys.len() - first_key + edges_before / 2) as u32);
                    newlines &= newlines - 1;
                }
            }
            classify.list(toggles, (index * 64) as u16, &mut edges[len..]);
            len += toggles.count_ones() as usize;
        }
        if len % 2 == 1 && origin + bytes.len() == text.len() {
            edges[len] = bytes.len() as u16;
            len += 1;
        }
        let mut pairs = edges[..len].as_chunks::<2>().0.iter();
        if let Some(start) = open
            && let Some(&[_, end]) = pairs.next()
        {
            keys.push(key_of_run(classify, text, start, origin + usize::from(end), long));
            open = None;
        }
        let rest = &text[origin..];
        let known = keys.len();
        keys.resize(known + pairs.len(), Key::default());
        for (key, &[start, end]) in keys[known..].iter_mut().zip(pairs) {
            *key = key_of_run(classify, rest, usize::from(start), usize::from(end), long);
        }
        if len % 2 == 1 {
            open = open.or(Some(origin + usize::from(edges[len - 1])));
        }
    }
    beyond_ascii == 0
}

#[inline(always)]
fn key_of_run<C: Classify>(
    classify: C,
    text: &[u8],
    start: usize,
    end: usize,
    long: &mut dyn FnMut(&[u8]) -> Key,
) -> Key {
    if end - start > INLINE_BYTES {
        return long_run(&text[start..end], long);
    }
    classify.key(text, start, end)
}
