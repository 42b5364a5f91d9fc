//! Work compiled for the vector instructions that this processor has.
//!
//! It knows of vectors and of no algorithm.

use crate::level::{Level, level_for};

/// Something to be compiled twice: as it is, and for this processor's vector and bit instructions.
///
/// A closure would say the same in fewer words, but only a method can be told to be inlined, and only
/// what is inlined is compiled for them.
pub(crate) trait Work {
    type Output;

    /// Does it. To be marked `#[inline(always)]`, with all that it calls.
    fn run(self) -> Self::Output;
}

/// Does `work` with the vector and bit instructions of this processor.
#[inline]
pub(crate) fn vectorised<W: Work>(work: W) -> W::Output {
    match level_for::<W>() {
        // SAFETY: the features that the functions are compiled for were detected.
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => unsafe { vectorised_512(work) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => unsafe { vectorised_256(work) },
        _ => work.run(),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2,bmi1,bmi2,lzcnt,popcnt")]
fn vectorised_512<W: Work>(work: W) -> W::Output {
    work.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn vectorised_256<W: Work>(work: W) -> W::Output {
    work.run()
}

/// Asks for `values` to be brought near.
#[inline]
pub(crate) fn prefetch<T>(values: &[T]) {
    for offset in (0..size_of_val(values)).step_by(64) {
        prefetch_line(values.as_ptr().cast::<i8>().wrapping_add(offset));
    }
}

/// Asks for the cache line at an address to be brought near.
#[inline]
pub(crate) fn prefetch_line(address: *const i8) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a hint about an address; any address will do.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(address);
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}
