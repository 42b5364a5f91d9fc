//! The ground floor: algorithms over bytes and integers, with no notion of text, metric or Python.
//!
//! Texts arrive here as [`Key`]s (sixteen bytes that are equal exactly when the tokens are) or as
//! dense `u32` ids, and leave as counts. Every fast file has a slow twin in [`naive`] that says
//! *what* is computed; property tests and a fuzz target hold the two together.
//!
//! | file | computes |
//! |---|---|
//! | [`pair`] | a pair of texts as ids, and how matches of it are kept |
//! | [`fact`] | the shape of whatever is measured of a pair |
//! | [`token_key`] | tokens as sixteen bytes |
//! | [`interner`] | tables that give keys dense ids |
//! | [`alnum_runs`] | runs of ASCII letters and digits, 64 bytes at a time, straight to keys |
//! | [`byte_class_tokens`] | tokens between white space, lone characters and marks, 64 bytes at a time, straight to keys |
//! | [`overlap`] | clipped n-gram matches of every order and the LCS length in one walk |
//! | [`lcs`] | LCS length and rows of any length over sparse position masks |
//! | [`lcs_path`] | a longest common subsequence itself, with rouge-score's tie rule |
//! | [`union_lcs`] | the union LCS of sentences, with rouge-score's tie rule |
//! | [`lcs_words`] | the words and the lengths of the LCS of sentences in pairs, with the tie rule of the package `rouge` |
//! | [`ngram`] | clipped n-gram matches of texts too long for position masks |
//! | [`ngram_marks`] | which n-grams of two texts are matched with each other |
//! | [`ngram_counts`] | how often n-grams occur in a corpus, and how much they therefore tell |
//! | [`ngram_weights`] | how much of that two texts share |
//! | [`side_by_side`] | whether two texts have the same tokens, and whether one begins the other |
//! | [`contiguous`] | the longest common contiguous run |
//! | [`distinct_ngrams`] | distinct n-grams, and which of them another text has |
//! | [`ngram_sets`] | distinct n-grams of two texts, and those they share |
//! | [`shared_tokens`] | tokens that two texts share, as often as both have them |
//! | [`token_sets`] | distinct tokens of two texts, and those they share |
//! | [`fragments`] | stretches of a source that a text is put together of |
//! | [`level`] | what vector instructions this processor has |
//! | [`held`] | memory that buffers hold |
//! | [`random`] | random bits, and exact binomial numbers |
//! | [`mersenne`], [`pcg64`] | the random numbers of NumPy's older generator, and of its newer one |
//! | [`resample`] | sums over resampled rows: bootstrap, approximate randomisation |
//! | [`edit`] | edit distance and the edits, with rapidfuzz's tie rule |
//! | [`special_bytes`] | which bytes end what stands for itself, 64 bytes at a time |
//! | [`ter`] | the edits of the translation edit rate, shifts among them |
#![deny(missing_docs, unsafe_code)]

use std::sync::atomic::AtomicBool;

pub mod alnum_runs;
#[cfg_attr(target_arch = "x86_64", expect(unsafe_code, reason = "calls what is compiled for vector instructions"))]
mod blocks;
pub mod byte_class_tokens;
mod classify;
pub mod contiguous;
pub mod distinct_ngrams;
pub mod edit;
pub mod fact;
pub mod fragments;
pub mod held;
pub mod interner;
pub mod lcs;
pub mod lcs_path;
pub mod lcs_words;
pub mod level;
pub mod mersenne;
pub mod naive;
pub mod ngram;
pub mod ngram_counts;
pub mod ngram_marks;
pub mod ngram_sets;
pub mod ngram_weights;
pub mod overlap;
pub mod pair;
pub mod pcg64;
pub mod random;
pub mod resample;
pub mod shared_tokens;
pub mod side_by_side;
#[cfg_attr(target_arch = "x86_64", expect(unsafe_code, reason = "vector instructions"))]
mod simd;
#[cfg_attr(target_arch = "x86_64", expect(unsafe_code, reason = "vector instructions"))]
pub mod special_bytes;
pub mod ter;
pub mod token_key;
pub mod token_sets;
pub mod union_lcs;
#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "vector instructions")]
mod x86;

/// Set from outside to make a long kernel return early; what it then returns means nothing.
pub type CancelFlag = AtomicBool;

/// How many word steps a kernel may take between two looks at its [`CancelFlag`] (a few milliseconds).
const STEPS_PER_CANCEL_CHECK: usize = 1 << 22;

/// Asks the processor to bring what stands at an address near. Changes nothing else; any address will do.
#[inline]
pub fn prefetch_at<T>(address: *const T) {
    simd::prefetch_line(address.cast());
}

/// Asks the processor to bring `values` near, because they will be read soon. Changes nothing else.
#[inline]
pub fn prefetch<T>(values: &[T]) {
    simd::prefetch(values);
}
