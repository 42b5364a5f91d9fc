//! The classifiers for AVX2 and AVX-512.

use std::arch::x86_64::*;

use crate::classify::{BlockWork, ByteClasses, CLASSES, Classes, Classify, WIDE};
use crate::token_key::Key;

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi2,avx2,bmi1,bmi2,lzcnt,popcnt")]
pub(crate) fn run_512<W: BlockWork>(work: W) -> W::Output {
    work.run(Avx512)
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
pub(crate) fn run_256<W: BlockWork>(work: W) -> W::Output {
    work.run(Avx2)
}

/// Made only inside functions compiled for AVX-512.
#[derive(Clone, Copy)]
struct Avx512;

impl Classify for Avx512 {
    #[inline(always)]
    fn classify(self, block: &[u8]) -> Classes {
        // SAFETY: `Avx512` exists only where AVX-512 with these extensions does.
        unsafe { classify_512(block) }
    }

    #[inline(always)]
    fn key(self, text: &[u8], start: usize, end: usize) -> Key {
        // SAFETY: as above.
        unsafe { key_512(&text[start..end]) }
    }

    #[inline(always)]
    fn key_as_is(self, text: &[u8], start: usize, end: usize) -> Key {
        // SAFETY: as above.
        unsafe { key_as_is_512(&text[start..end]) }
    }

    #[inline(always)]
    fn sets(self, block: &[u8], bytes: &ByteClasses) -> [u64; CLASSES] {
        // SAFETY: as above.
        unsafe { sets_512(block, bytes) }
    }

    #[inline(always)]
    fn list(self, set: u64, base: u16, list: &mut [u16]) {
        if let Some(list) = list.first_chunk_mut::<64>() {
            // SAFETY: as above.
            unsafe { list_512(set, base, list) }
        }
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,bmi2")]
#[inline]
fn key_512(run: &[u8]) -> Key {
    let there = _bzhi_u32(0x7FFF, run.len() as u32) as u16;
    // SAFETY: only bytes of `run` are read: the mask leaves out those behind its end.
    let bytes = unsafe { _mm_maskz_loadu_epi8(there, run.as_ptr().cast()) };
    let lower = _mm_or_si128(bytes, _mm_maskz_set1_epi8(there, 0x20));
    let key = _mm_insert_epi8::<15>(lower, run.len() as i32);
    // SAFETY: both are sixteen bytes, of which any will do.
    Key::from_bits(unsafe { std::mem::transmute::<__m128i, u128>(key) })
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,bmi2")]
#[inline]
fn key_as_is_512(token: &[u8]) -> Key {
    let there = _bzhi_u32(0x7FFF, token.len() as u32) as u16;
    // SAFETY: only bytes of `token` are read: the mask leaves out those behind its end.
    let bytes = unsafe { _mm_maskz_loadu_epi8(there, token.as_ptr().cast()) };
    let key = _mm_insert_epi8::<15>(bytes, token.len() as i32);
    // SAFETY: both are sixteen bytes, of which any will do.
    Key::from_bits(unsafe { std::mem::transmute::<__m128i, u128>(key) })
}

/// By half a byte: its bit among the high halves of ASCII, and among those beyond.
const WITHIN_ASCII: [u8; 16] = [1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0];
const BEYOND_ASCII: [u8; 16] = [0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128];

#[target_feature(enable = "sse2")]
#[inline]
fn sixteen(table: &[u8; 16]) -> __m128i {
    // SAFETY: the table has the sixteen bytes that are read.
    unsafe { _mm_loadu_si128(table.as_ptr().cast()) }
}

// A byte is in a class if the entry for its low half has the bit of its high half (Mula and Lemire's
// way of classifying by two look-ups).
#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn sets_512(block: &[u8], bytes: &ByteClasses) -> [u64; CLASSES] {
    let there = u64::MAX >> (64 - block.len().clamp(1, 64));
    // SAFETY: only bytes of `block` are read: the mask leaves out those behind its end.
    let block = unsafe { _mm512_maskz_loadu_epi8(there, block.as_ptr().cast()) };
    let half = _mm512_set1_epi8(0x0F);
    let low = _mm512_and_si512(block, half);
    let high = _mm512_and_si512(_mm512_srli_epi16::<4>(block), half);
    let bits_of = |table| _mm512_shuffle_epi8(_mm512_broadcast_i32x4(sixteen(table)), high);
    let (within, beyond) = (bits_of(&WITHIN_ASCII), bits_of(&BEYOND_ASCII));
    let mut sets = [0; CLASSES];
    for (class, (set, table)) in sets.iter_mut().zip(&bytes.nibbles).enumerate() {
        let bit = if 1 << class == WIDE { beyond } else { within };
        let entry = _mm512_shuffle_epi8(_mm512_broadcast_i32x4(sixteen(table)), low);
        *set = _mm512_test_epi8_mask(entry, bit) & there;
    }
    sets
}

#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn classify_512(block: &[u8]) -> Classes {
    let there = u64::MAX >> (64 - block.len().clamp(1, 64));
    // SAFETY: only bytes of `block` are read: the mask leaves out those behind its end.
    let bytes = unsafe { _mm512_maskz_loadu_epi8(there, block.as_ptr().cast()) };
    let within = |bytes, first: u8, span: u8| {
        let offset = _mm512_sub_epi8(bytes, _mm512_set1_epi8(first as i8));
        _mm512_cmple_epu8_mask(offset, _mm512_set1_epi8(span as i8))
    };
    let lower = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
    Classes {
        word: within(lower, b'a', 25) | within(bytes, b'0', 9),
        newline: _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(b'\n' as i8)),
        beyond_ascii: _mm512_movepi8_mask(bytes),
    }
}

/// 0, 1, 2 … 63.
const INDICES: [u8; 64] = {
    let mut indices = [0; 64];
    let mut index = 0;
    while index < 64 {
        indices[index] = index as u8;
        index += 1;
    }
    indices
};

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2")]
#[inline]
fn list_512(set: u64, base: u16, list: &mut [u16; 64]) {
    // SAFETY: `INDICES` holds 64 bytes, and `list` twice as many.
    unsafe {
        let indices = _mm512_maskz_compress_epi8(set, _mm512_loadu_si512(INDICES.as_ptr().cast()));
        let base = _mm512_set1_epi16(base as i16);
        let low = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(indices));
        let high = _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64::<1>(indices));
        _mm512_storeu_si512(list.as_mut_ptr().cast(), _mm512_add_epi16(low, base));
        _mm512_storeu_si512(list[32..].as_mut_ptr().cast(), _mm512_add_epi16(high, base));
    }
}

/// Made only inside functions compiled for AVX2.
#[derive(Clone, Copy)]
struct Avx2;

impl Classify for Avx2 {
    #[inline(always)]
    fn classify(self, block: &[u8]) -> Classes {
        let mut padded = [0; 64];
        let block = block.as_array().unwrap_or_else(|| {
            padded[..block.len()].copy_from_slice(block);
            &padded
        });
        // SAFETY: `Avx2` exists only where AVX2 does.
        unsafe { classify_2x256(block) }
    }

    #[inline(always)]
    fn sets(self, block: &[u8], bytes: &ByteClasses) -> [u64; CLASSES] {
        let there = u64::MAX >> (64 - block.len().clamp(1, 64));
        let mut padded = [0; 64];
        let block = block.as_array().unwrap_or_else(|| {
            padded[..block.len()].copy_from_slice(block);
            &padded
        });
        // SAFETY: as above.
        unsafe { sets_2x256(block, bytes) }.map(|set| set & there)
    }
}

#[target_feature(enable = "avx2")]
#[inline]
fn sets_2x256(block: &[u8; 64], bytes: &ByteClasses) -> [u64; CLASSES] {
    // SAFETY: each load is of 32 bytes of `block`.
    let halves =
        unsafe { [_mm256_loadu_si256(block.as_ptr().cast()), _mm256_loadu_si256(block[32..].as_ptr().cast())] };
    let mut sets = [0; CLASSES];
    for (index, block) in halves.into_iter().enumerate() {
        let half = _mm256_set1_epi8(0x0F);
        let low = _mm256_and_si256(block, half);
        let high = _mm256_and_si256(_mm256_srli_epi16::<4>(block), half);
        let bits_of = |table| _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(sixteen(table)), high);
        let (within, beyond) = (bits_of(&WITHIN_ASCII), bits_of(&BEYOND_ASCII));
        for (class, (set, table)) in sets.iter_mut().zip(&bytes.nibbles).enumerate() {
            let bit = if 1 << class == WIDE { beyond } else { within };
            let entry = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(sixteen(table)), low);
            let outside = _mm256_cmpeq_epi8(_mm256_and_si256(entry, bit), _mm256_setzero_si256());
            *set |= u64::from(!_mm256_movemask_epi8(outside) as u32) << (32 * index);
        }
    }
    sets
}

#[target_feature(enable = "avx2")]
#[inline]
fn classify_2x256(block: &[u8; 64]) -> Classes {
    // SAFETY: each load is of 32 bytes of `block`.
    let (a, b) =
        unsafe { (_mm256_loadu_si256(block.as_ptr().cast()), _mm256_loadu_si256(block[32..].as_ptr().cast())) };
    let within = |bytes, first: u8, span: u8| {
        // Unsigned "at most span": min(x, span) == x.
        let offset = _mm256_sub_epi8(bytes, _mm256_set1_epi8(first as i8));
        _mm256_cmpeq_epi8(_mm256_min_epu8(offset, _mm256_set1_epi8(span as i8)), offset)
    };
    let word = |bytes| {
        let lower = _mm256_or_si256(bytes, _mm256_set1_epi8(0x20));
        _mm256_or_si256(within(lower, b'a', 25), within(bytes, b'0', 9))
    };
    let newline = |bytes| _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(b'\n' as i8));
    // The highest bit of every byte, lowest byte first.
    let mask =
        |low, high| u64::from(_mm256_movemask_epi8(low) as u32) | (u64::from(_mm256_movemask_epi8(high) as u32) << 32);
    Classes { word: mask(word(a), word(b)), newline: mask(newline(a), newline(b)), beyond_ascii: mask(a, b) }
}
