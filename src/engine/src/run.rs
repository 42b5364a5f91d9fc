//! Runs work on the pool while the calling thread keeps watch.

use std::cell::Cell;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use crate::measure::Scratch;
use crate::pool::most_threads;
use crate::{CancelFlag, Error, Pool};

/// How often the calling thread looks up from waiting.
const WATCH: Duration = Duration::from_millis(50);

/// Below this much work, in bytes of text, a run or a row needs no thread of its own: waking one would
/// take longer, and it is over before an interruption could be noticed.
const INLINE_WORK: usize = 128 << 10;

/// Beside other threads, the one that keeps watch takes rows only if none has more work: in a longer one, however dear
/// the metric, it could not look up in time.
const SHORT_ROW: usize = 8 << 10;

/// How many things a thread takes at a time that are mapped.
const MAPPED_AT_ONCE: usize = 64;

/// How a run goes about its work.
pub struct Run<'a> {
    /// How many threads may work; more than there are processors are of no use and not all started.
    pub threads: usize,
    /// Called on the calling thread every 50 ms; `true` cancels the run.
    pub watch: &'a mut (dyn FnMut() -> bool + Send),
    /// What the calling thread does besides, if anything.
    pub beside: Option<Beside<'a>>,
}

/// What the calling thread does when other threads have begun, before it joins them.
pub struct Beside<'a> {
    /// Done once.
    pub work: Option<&'a mut dyn FnMut()>,
    /// Calls what it is given, which is this thread's share of the run.
    pub join: &'a mut dyn FnMut(&mut (dyn FnMut() + Send)),
}

impl Beside<'_> {
    /// Does the work, unless it is done.
    pub fn work(&mut self) {
        if let Some(work) = self.work.take() {
            work();
        }
    }
}

impl<'a> Run<'a> {
    /// A run whose calling thread does nothing else.
    pub fn new(threads: usize, watch: &'a mut (dyn FnMut() -> bool + Send)) -> Self {
        Self { threads, watch, beside: None }
    }

    /// What `job` returns, which takes about as long as scoring `work` bytes of text.
    ///
    /// # Errors
    /// [`Error::Cancelled`]; [`Error::NoThreads`].
    pub fn alone<T: Send>(&mut self, work: usize, cancel: &CancelFlag, job: impl Fn() -> T + Sync) -> Result<T, Error> {
        let whole = Run::new(1, self.watch).all([work].into_iter(), cancel, |_, _| job())?;
        whole.into_iter().next().ok_or(Error::Cancelled)
    }

    /// What `job` makes of each of `number` things, in their order; each takes about as long as scoring so many bytes of
    /// text as `work` says.
    ///
    /// # Errors
    /// [`Error::Cancelled`]; [`Error::NoThreads`].
    pub fn map<T: Send>(
        &mut self,
        number: usize,
        work: impl Fn(usize) -> usize,
        cancel: &CancelFlag,
        job: impl Fn(usize) -> T + Sync,
    ) -> Result<Vec<T>, Error> {
        let next = AtomicUsize::new(0);
        let mut parts = self.all((0..number).map(work), cancel, |_, between| {
            let mut done = Vec::new();
            while !cancel.load(Ordering::Relaxed) {
                let first = next.fetch_add(MAPPED_AT_ONCE, Ordering::Relaxed);
                if first >= number {
                    break;
                }
                done.push((first, (first..number.min(first + MAPPED_AT_ONCE)).map(&job).collect::<Vec<_>>()));
                between();
            }
            done
        })?;
        let mut parts: Vec<_> = parts.drain(..).flatten().collect();
        parts.sort_unstable_by_key(|(first, _)| *first);
        Ok(parts.into_iter().flat_map(|(_, made)| made).collect())
    }

    /// Keeps watch between two runs that may each be over before the first look.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub(crate) fn look(&mut self, cancel: &CancelFlag) -> Result<(), Error> {
        look(self.watch, cancel);
        if cancel.load(Ordering::Relaxed) { Err(Error::Cancelled) } else { Ok(()) }
    }

    /// Lets up to `threads` workers run, each in its own thread, and collects what they return.
    ///
    /// The calling thread is one of them, unless a row takes so long that somebody has to keep watch meanwhile. `work`
    /// is that of each row. `worker` is called with a thread's scratch and with something to call between chunks; it
    /// ends when the work is done or `cancel` is set.
    pub(crate) fn all<T: Send>(
        &mut self,
        work: impl Iterator<Item = usize>,
        cancel: &CancelFlag,
        worker: impl Fn(&mut Scratch, &mut dyn FnMut()) -> T + Sync,
    ) -> Result<Vec<T>, Error> {
        let worker = |between: &mut dyn FnMut()| with_scratch(|scratch| worker(scratch, between));
        let (mut total, mut largest) = (0, 0);
        for work in work {
            total += work;
            largest = largest.max(work);
            if largest >= INLINE_WORK {
                break;
            }
        }
        let threads = match total {
            // Waking a thread would take longer.
            ..INLINE_WORK => 1,
            _ => self.threads.min(total.div_ceil(CHUNK_WORK)).min(most_threads()),
        };
        let joins_in = largest < if threads > 1 { SHORT_ROW } else { INLINE_WORK };
        let others = threads - usize::from(joins_in);
        let pool = if others > 0 { Some(Pool::with_threads(others)?) } else { None };
        let (done, mut results) = mpsc::channel();
        let mut collected = Vec::with_capacity(threads);
        let watch = &mut self.watch;
        let mut finish = || {
            if joins_in {
                let mut looked = Instant::now();
                collected.push(worker(&mut || {
                    if looked.elapsed() >= WATCH {
                        look(watch, cancel);
                        looked = Instant::now();
                    }
                }));
            }
            // As a reference that can be sent.
            let results = &mut results;
            while collected.len() < threads {
                match results.recv_timeout(WATCH) {
                    Ok(result) => collected.push(result),
                    Err(mpsc::RecvTimeoutError::Disconnected) => break,
                    Err(mpsc::RecvTimeoutError::Timeout) => look(watch, cancel),
                }
            }
        };
        let mut beside = self.beside.as_mut();
        let mut finish_beside = || match &mut beside {
            Some(beside) => {
                beside.work();
                (beside.join)(&mut finish);
            }
            None => finish(),
        };
        match pool {
            None => {
                drop(done);
                finish_beside();
            }
            Some(pool) => pool.threads.in_place_scope(|scope| {
                for _ in 0..others {
                    let done = done.clone();
                    let worker = &worker;
                    scope.spawn(move |_| {
                        // The receiver is gone only if this scope is being torn down.
                        let _ = done.send(worker(&mut || {}));
                    });
                }
                // Drop our sender: a panicking worker then closes the channel.
                drop(done);
                finish_beside();
            }),
        }
        if cancel.load(Ordering::Relaxed) { Err(Error::Cancelled) } else { Ok(collected) }
    }
}

/// Asks `watch` whether to cancel.
fn look(watch: &mut dyn FnMut() -> bool, cancel: &CancelFlag) {
    if watch() {
        cancel.store(true, Ordering::Relaxed);
    }
}

/// Calls `work` with the scratch of this thread. Whatever the interpreter runs between chunks may score on the same
/// thread meanwhile: it finds none, and makes its own.
pub(crate) fn with_scratch<T>(work: impl FnOnce(&mut Scratch) -> T) -> T {
    thread_local! {
        static SCRATCH: Cell<Option<Box<Scratch>>> = const { Cell::new(None) };
    }
    let mut scratch = SCRATCH.take().unwrap_or_default();
    let result = work(&mut scratch);
    scratch.trim();
    SCRATCH.set(Some(scratch));
    result
}

/// Hands out consecutive rows, with their part of what is to be filled.
pub(crate) struct Queue<'c>(Mutex<Rest<'c>>);

struct Rest<'c> {
    next: usize,
    rows: usize,
    /// How many threads share the rows.
    threads: usize,
    columns: Vec<&'c mut [f64]>,
    /// Values a row in each column.
    stride: usize,
    table: Option<&'c mut [i64]>,
    /// Integers a row in the table.
    components: usize,
}

/// Some rows and their part of what is to be filled.
pub(crate) struct Chunk<'c> {
    pub(crate) rows: Range<usize>,
    pub(crate) columns: Vec<&'c mut [f64]>,
    pub(crate) table: Option<&'c mut [i64]>,
}

/// Work in a chunk, in bytes of text: some hundred microseconds, so that the queue is no bottleneck.
const CHUNK_WORK: usize = 64 << 10;

/// The fewest rows in a chunk: towards the end chunks get smaller, down to this, so that threads end together.
const FEW_ROWS: usize = 16;

impl<'c> Queue<'c> {
    /// A queue of rows for so many threads, with columns of `stride` values a row.
    pub(crate) fn new(rows: usize, threads: usize, columns: Vec<&'c mut [f64]>, stride: usize) -> Self {
        Self(Mutex::new(Rest { next: 0, rows, threads, columns, stride, table: None, components: 0 }))
    }

    /// A queue of rows with columns of a value a row and a table of `components` integers a row.
    pub(crate) fn with_table(
        rows: usize,
        threads: usize,
        columns: Vec<&'c mut [f64]>,
        table: Option<&'c mut [i64]>,
        components: usize,
    ) -> Self {
        Self(Mutex::new(Rest { next: 0, rows, threads, columns, stride: 1, table, components }))
    }

    /// The next rows whose work adds up to a chunk; `None` when all are handed out.
    pub(crate) fn take(&self, work: impl Fn(usize) -> usize) -> Option<Chunk<'c>> {
        // Poisoned only by a panic in `work`, which leaves nothing half done.
        let mut rest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Rest { next, rows, threads, columns, stride, table, components } = &mut *rest;
        let start = *next;
        if start == *rows {
            return None;
        }
        let left = *rows - start;
        let most = if *threads > 1 { left.min(FEW_ROWS.max(left / (2 * *threads))) } else { left };
        let mut sum = 0;
        let mut end = start;
        while end < start + most && sum < CHUNK_WORK {
            sum += work(end);
            end += 1;
        }
        let values = (end - start) * *stride;
        let columns = columns.iter_mut().filter_map(|column| column.split_off_mut(..values)).collect();
        let table = table.as_mut().and_then(|table| table.split_off_mut(..(end - start) * *components));
        *next = end;
        Some(Chunk { rows: start..end, columns, table })
    }
}
