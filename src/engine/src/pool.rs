//! The crate's own thread pool, which survives a fork.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arc_swap::ArcSwapOption;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::Error;

/// The environment variable that sets the default number of threads.
const THREADS_VARIABLE: &str = "TEXTGAUGE_NUM_THREADS";

/// How many threads are used when nobody says: `TEXTGAUGE_NUM_THREADS`, else one for each core.
///
/// # Errors
/// The variable's value, if it is not a whole number above 0.
pub fn default_threads() -> Result<usize, String> {
    match std::env::var(THREADS_VARIABLE) {
        Ok(value) if !value.is_empty() => match value.parse() {
            Ok(threads) if threads > 0 => Ok(threads),
            _ => Err(value),
        },
        _ => Ok(processors()),
    }
}

/// How many processors this process may use, as found at first: asking takes longer than scoring a
/// pair. In an atomic, not behind a lock, for the sake of forks.
fn processors() -> usize {
    static FOUND: AtomicUsize = AtomicUsize::new(0);
    match FOUND.load(Ordering::Relaxed) {
        0 => {
            let found = std::thread::available_parallelism().map_or(1, usize::from);
            FOUND.store(found, Ordering::Relaxed);
            found
        }
        found => found,
    }
}

/// The most threads that are of use: as many as there are processors, and some more for those who
/// want to see that it makes no difference.
pub(crate) fn most_threads() -> usize {
    processors().max(16)
}

/// Threads that belong to one process.
pub struct Pool {
    process: u32,
    pub(crate) threads: ThreadPool,
}

/// The pool in use. It is read and replaced without a lock: one that another thread held at the
/// moment of a fork would stay locked in the child for ever.
static CURRENT: ArcSwapOption<Pool> = ArcSwapOption::const_empty();

impl Pool {
    /// A pool of at least `threads` threads of this process: the one in use, if it has as many.
    ///
    /// # Errors
    /// [`Error::NoThreads`] if the system refuses to start a thread.
    pub fn with_threads(threads: usize) -> Result<Arc<Self>, Error> {
        let process = std::process::id();
        let current = CURRENT.load_full();
        if let Some(pool) = &current
            && pool.process == process
            && pool.threads.current_num_threads() >= threads
        {
            return Ok(Arc::clone(pool));
        }
        let pool = ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|index| format!("textgauge-{index}"))
            .build()
            .map_err(|error| Error::NoThreads { threads, problem: error.to_string() })?;
        let pool = Arc::new(Self { process, threads: pool });
        let before = CURRENT.swap(Some(Arc::clone(&pool)));
        for stale in [current, before].into_iter().flatten().filter(|stale| stale.process != process) {
            // Its threads did not come along through the fork, and its locks may be held by them.
            std::mem::forget(stale);
        }
        Ok(pool)
    }
}
