//! What vector instructions this processor has.

use std::sync::atomic::{AtomicU8, Ordering};

/// What this processor can do, of what is made use of here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Level {
    /// What every processor of its kind can do.
    Baseline = 1,
    /// AVX2 and the bit instructions of its time.
    Avx2,
    /// All that, and AVX-512 as servers have had it since 2019.
    Avx512,
}

/// The level whose instructions `W` is to use.
#[inline]
#[cfg_attr(
    not(feature = "every-path"),
    expect(clippy::extra_unused_type_parameters, reason = "for tests to choose by")
)]
pub(crate) fn level_for<W>() -> Level {
    #[cfg(feature = "every-path")]
    if let Some(level) = paths::chosen_for::<W>() {
        return level;
    }
    found()
}

/// The level of this processor.
#[inline]
fn found() -> Level {
    /// 0 is not known yet.
    static LEVEL: AtomicU8 = AtomicU8::new(0);
    match LEVEL.load(Ordering::Relaxed) {
        #[cfg(target_arch = "x86_64")]
        level if level == Level::Avx512 as u8 => Level::Avx512,
        #[cfg(target_arch = "x86_64")]
        level if level == Level::Avx2 as u8 => Level::Avx2,
        level if level == Level::Baseline as u8 => Level::Baseline,
        _ => {
            let level = detect();
            LEVEL.store(level as u8, Ordering::Relaxed);
            level
        }
    }
}

#[cold]
fn detect() -> Level {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
        && is_x86_feature_detected!("popcnt")
    {
        let wide = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512cd")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512vbmi2");
        return if wide { Level::Avx512 } else { Level::Avx2 };
    }
    Level::Baseline
}

/// Every path through the kernels, for tests: what this processor would do if it could less.
#[cfg(feature = "every-path")]
pub mod paths {
    use std::cell::{Cell, RefCell};
    use std::collections::BTreeSet;
    use std::fmt::Debug;

    use super::{Level, found};

    thread_local! {
        static CHOSEN: Cell<Option<Level>> = const { Cell::new(None) };
        static TAKEN: RefCell<BTreeSet<(&'static str, Level)>> = const { RefCell::new(BTreeSet::new()) };
    }

    /// The levels that this processor has, the portable one first.
    pub fn levels() -> impl Iterator<Item = Level> {
        [Level::Baseline, Level::Avx2, Level::Avx512].into_iter().filter(|level| *level <= found())
    }

    /// What `work` makes, which is called once for each of [`levels`]: kernels that it calls, in this thread, use no more
    /// than that level.
    ///
    /// # Panics
    /// If it makes different things at different levels.
    pub fn on_every_path<T: PartialEq + Debug>(mut work: impl FnMut() -> T) -> T {
        /// Takes the choice back, also when a test fails.
        struct Choice;
        impl Drop for Choice {
            fn drop(&mut self) {
                CHOSEN.set(None);
            }
        }
        let mut at = |level| {
            CHOSEN.set(Some(level));
            let _choice = Choice;
            work()
        };
        let portable = at(Level::Baseline);
        levels().skip(1).for_each(|level| assert_eq!(at(level), portable, "{level:?}"));
        portable
    }

    /// What has been run by [`on_every_path`] in this thread, by the name of its type, and at which levels.
    pub fn taken() -> BTreeSet<(&'static str, Level)> {
        TAKEN.with_borrow(Clone::clone)
    }

    /// The level that is chosen for `W`, if one is; notes that it is taken.
    pub(super) fn chosen_for<W>() -> Option<Level> {
        CHOSEN.get().inspect(|&level| {
            TAKEN.with_borrow_mut(|taken| taken.insert((std::any::type_name::<W>(), level)));
        })
    }
}
