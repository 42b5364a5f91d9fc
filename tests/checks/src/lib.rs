//! What must hold for any bytes, one check for each place where bytes from outside meet clever code.
//!
//! A check panics if it does not hold. The fuzzer in `tests/fuzz` looks for bytes that make it panic; the test
//! `seeds` calls each with the seeds that are kept there.

pub mod aggregate;
pub mod alnum_runs;
pub mod answers;
pub mod byte_class_tokens;
pub mod distinct_ngrams;
pub mod edit;
pub mod fitted;
pub mod fragments;
pub mod json_lines;
pub mod ngram_weights;
pub mod offsets;
pub mod overlap;
pub mod reader;
pub mod resample;
pub mod sample_sums;
pub mod scores;
mod stored;
pub mod table;
pub mod ter;
pub mod token_sets;
pub mod transforms;
pub mod union_lcs;

use arbitrary::{Arbitrary, Unstructured};

/// Panics unless all is well with the bytes.
pub type Check = fn(&[u8]);

macro_rules! checks {
    ($($name:ident)*) => { &[$((stringify!($name), $name::check)),*] };
}

/// Every check with its name, which is also the fuzz target's.
#[rustfmt::skip]
pub const CHECKS: &[(&str, Check)] = checks!(
    aggregate
    alnum_runs
    answers
    byte_class_tokens
    distinct_ngrams
    edit
    fitted
    fragments
    json_lines
    ngram_weights
    offsets
    overlap
    reader
    resample
    sample_sums
    scores
    table
    ter
    token_sets
    transforms
    union_lcs
);

/// What the bytes stand for, as `arbitrary` makes it of them; `None` if there are too few.
fn input<'a, T: Arbitrary<'a>>(bytes: &'a [u8]) -> Option<T> {
    T::arbitrary_take_rest(Unstructured::new(bytes)).ok()
}

/// The bytes cut at `0xFF`, which no text has, into `N` parts; those that are left over are empty. The last part may
/// have such bytes itself.
fn parts<const N: usize>(bytes: &[u8]) -> [&[u8]; N] {
    let mut parts = bytes.splitn(N, |&byte| byte == 0xFF);
    [(); N].map(|()| parts.next().unwrap_or_default())
}
