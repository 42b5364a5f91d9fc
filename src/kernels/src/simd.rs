//! The one module of this crate with `unsafe`: vector instructions, chosen at run time.

use crate::key::Key;
use crate::runs::{self, Edges, Portable};

/// [`runs::scan`] with the best classifier that this processor has.
pub(crate) fn alphanumeric_keys(
    text: &[u8],
    keys: &mut Vec<Key>,
    breaks: Option<&mut Vec<u32>>,
    edges: &mut Edges,
    long: &mut dyn FnMut(&[u8]) -> Key,
) {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("bmi1") && is_x86_feature_detected!("popcnt") {
        // SAFETY: the features that the function is compiled for were just detected.
        return unsafe { x86::avx2(text, keys, breaks, edges, long) };
    }
    runs::scan(Portable, text, keys, breaks, edges, long);
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    use crate::key::Key;
    use crate::runs::{self, Classes, Classify, Edges};

    #[target_feature(enable = "avx2,bmi1,popcnt")]
    pub(super) fn avx2(
        text: &[u8],
        keys: &mut Vec<Key>,
        breaks: Option<&mut Vec<u32>>,
        edges: &mut Edges,
        long: &mut dyn FnMut(&[u8]) -> Key,
    ) {
        runs::scan(Avx2, text, keys, breaks, edges, long);
    }

    /// Made only inside functions compiled for AVX2.
    #[derive(Clone, Copy)]
    struct Avx2;

    impl Classify for Avx2 {
        #[inline(always)]
        fn classify(self, block: &[u8; 64]) -> Classes {
            let (first, second) = block.split_at(32);
            // SAFETY: both halves hold 32 bytes, the load needs no alignment, and `Avx2` exists only
            // where AVX2 does.
            unsafe {
                let (word_a, newline_a) = classify_32(_mm256_loadu_si256(first.as_ptr().cast()));
                let (word_b, newline_b) = classify_32(_mm256_loadu_si256(second.as_ptr().cast()));
                Classes { word: join(word_a, word_b), newline: join(newline_a, newline_b) }
            }
        }
    }

    fn join(low: i32, high: i32) -> u64 {
        u64::from(low as u32) | (u64::from(high as u32) << 32)
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn classify_32(bytes: __m256i) -> (i32, i32) {
        let within = |bytes, first: u8, span: u8| {
            // Unsigned "at most span": min(x, span) == x.
            let offset = _mm256_sub_epi8(bytes, _mm256_set1_epi8(first as i8));
            _mm256_cmpeq_epi8(_mm256_min_epu8(offset, _mm256_set1_epi8(span as i8)), offset)
        };
        let lower = _mm256_or_si256(bytes, _mm256_set1_epi8(0x20));
        let word = _mm256_or_si256(within(lower, b'a', 25), within(bytes, b'0', 9));
        let newline = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(b'\n' as i8));
        (_mm256_movemask_epi8(word), _mm256_movemask_epi8(newline))
    }
}
