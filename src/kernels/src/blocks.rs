//! Work on blocks of bytes, with the best classifier that this processor has.

use crate::classify::{BlockWork, Portable};
use crate::simd::{Level, level};
#[cfg(target_arch = "x86_64")]
use crate::x86;

/// Does `work` with the best classifier.
pub(crate) fn by_blocks<W: BlockWork>(work: W) -> W::Output {
    by_blocks_up_to(Level::Avx512, work)
}

/// Does `work` with the best classifier up to that of `most`.
pub(crate) fn by_blocks_up_to<W: BlockWork>(most: Level, work: W) -> W::Output {
    match level().min(most) {
        // SAFETY: the features that the functions are compiled for were detected.
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => unsafe { x86::run_512(work) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => unsafe { x86::run_256(work) },
        _ => work.run(Portable),
    }
}

/// Those of `ways` that this processor has, each given with what it needs.
pub(crate) fn available<T>(ways: [(Level, T); 3]) -> Vec<T> {
    ways.into_iter().filter(|(needed, _)| *needed <= level()).map(|(_, way)| way).collect()
}
