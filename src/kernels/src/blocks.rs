//! Work on blocks of bytes, with the best classifier that this processor has.

use crate::classify::{BlockWork, Portable};
use crate::level::{Level, level_for};
#[cfg(target_arch = "x86_64")]
use crate::x86;

/// Does `work` with the best classifier.
pub(crate) fn by_blocks<W: BlockWork>(work: W) -> W::Output {
    match level_for::<W>() {
        // SAFETY: the features that the functions are compiled for were detected.
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => unsafe { x86::run_512(work) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => unsafe { x86::run_256(work) },
        _ => work.run(Portable),
    }
}
