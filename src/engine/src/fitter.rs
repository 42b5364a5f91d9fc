//! Reads a whole corpus before the first pair is scored, for metrics that ask for it.

use std::ops::Range;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use textgauge_kernels::ngram_counts::{Counts, InternedTexts, Shard};
use textgauge_kernels::token_key::Key;
use textgauge_text::LongTokenTable;

use crate::batch::Batch;
use crate::fitted::Fitted;
use crate::measure::Scratch;
use crate::plan::{Plan, PlannedReading};
use crate::prepared::adopt;
use crate::run::{Queue, Run};
use crate::transformed::with_transformed;
use crate::{CancelFlag, Error};

/// Counts the n-grams of references, for every reading of a plan that is fitted to them.
///
/// Threads tokenise some rows each; then each of them counts for some of the tables, which have nothing in common. The
/// tokens get their ids in the order of rows, so that what comes out does not depend on the threads.
pub struct Fitter {
    plan: Plan,
    readings: Vec<Fitting>,
}

/// What was counted of the texts under one reading.
struct Fitting {
    reading: PlannedReading,
    counts: Counts,
    long: LongTokenTable,
}

/// Work done at once, in bytes of text: enough for many threads, and little enough that one of them gives ids to all tokens,
/// or counts for one table, in some ten milliseconds: in that time nobody looks for signals.
const WORK_AT_ONCE: usize = 2 << 20;

/// A table step takes about as long as scoring so many bytes.
const STEP_WORK: usize = 8;

/// Some texts as tokens.
#[derive(Default)]
struct Tokenized {
    first_row: usize,
    keys: Vec<Key>,
    /// Where each text ends in `keys`.
    ends: Vec<usize>,
    long: LongTokenTable,
}

impl Fitter {
    /// A fitter that has seen no text.
    pub fn new(plan: &Plan) -> Self {
        Self::counting_in(plan, Counts::new)
    }

    /// The same for a few texts. What it makes cannot be stored.
    pub fn of_few(plan: &Plan) -> Self {
        Self::counting_in(plan, Counts::of_few)
    }

    fn counting_in(plan: &Plan, counts: impl Fn(usize) -> Counts) -> Self {
        let fitted = plan.readings.iter().filter(|reading| reading.needs.fitted_orders() > 0);
        let fitting = fitted.map(|reading| Fitting {
            reading: reading.clone(),
            counts: counts(reading.needs.fitted_orders()),
            long: LongTokenTable::default(),
        });
        Self { readings: fitting.collect(), plan: plan.clone() }
    }

    /// Reads the *references* of `batch`, those that are there.
    ///
    /// # Errors
    /// [`Error::Cancelled`], [`Error::NoThreads`]: then some of them were read, some not.
    pub fn read(&mut self, batch: &Batch<'_>, run: &mut Run<'_>, cancel: &CancelFlag) -> Result<(), Error> {
        for fitting in &mut self.readings {
            let mut start = 0;
            while start < batch.rows {
                let (mut end, mut work) = (start, 0);
                while end < batch.rows && work < WORK_AT_ONCE {
                    work += batch.work(end);
                    end += 1;
                }
                fitting.read(&self.plan, batch, start..end, run, cancel)?;
                run.look(cancel)?;
                start = end;
            }
        }
        Ok(())
    }

    /// What was counted, for [`Plan::fitted_with`].
    ///
    /// # Errors
    /// [`Error::Cancelled`], [`Error::NoThreads`].
    pub fn finish(self, run: &mut Run<'_>, cancel: &CancelFlag) -> Result<Vec<Arc<Fitted>>, Error> {
        let Self { plan, readings } = self;
        let finish = |fitting: Fitting| {
            let name = plan.reading_name(fitting.reading.pipeline, fitting.reading.chain);
            fitting.finish(name, run, cancel).map(Arc::new)
        };
        readings.into_iter().map(finish).collect()
    }
}

impl Fitting {
    fn read(
        &mut self,
        plan: &Plan,
        batch: &Batch<'_>,
        rows: Range<usize>,
        run: &mut Run<'_>,
        cancel: &CancelFlag,
    ) -> Result<(), Error> {
        let work = |row: usize| batch.work(rows.start + row);
        let queue = Queue::new(rows.len(), run.threads, Vec::new(), 0);
        let reading = &self.reading;
        let tokenized = run.all((0..rows.len()).map(work), cancel, |scratch, between| {
            let mut all = Vec::new();
            while let Some(chunk) = queue.take(work) {
                let own = chunk.rows.start + rows.start..chunk.rows.end + rows.start;
                all.push(with_transformed(plan, batch, own.clone(), scratch, cancel, |batch, scratch| {
                    tokenize(reading, batch, own, scratch)
                }));
                if cancel.load(Ordering::Relaxed) {
                    break;
                }
                between();
            }
            all
        })?;
        let mut tokenized: Vec<Tokenized> = tokenized.into_iter().flatten().collect();
        tokenized.sort_unstable_by_key(|some| some.first_row);

        let mut texts = InternedTexts::default();
        for Tokenized { mut keys, ends, long, .. } in tokenized {
            keys.iter_mut().for_each(|key| *key = adopt(*key, &long, &mut self.long));
            let mut start = 0;
            for end in ends {
                self.counts.intern(&keys[start..end], &mut texts);
                start = end;
            }
        }

        let steps = texts.tokens() * self.counts.orders();
        for_each(self.counts.shards_mut(), steps, run, cancel, |shard| shard.count(&texts, cancel))
    }

    /// What was counted, frozen.
    fn finish(self, name: String, run: &mut Run<'_>, cancel: &CancelFlag) -> Result<Fitted, Error> {
        let steps = self.counts.distinct();
        let mut outcome = Ok(());
        let fitted = Fitted::new(name, self.counts, self.long, |shards, each| {
            outcome = for_each(shards, steps, run, cancel, each);
        });
        outcome.map(|()| fitted)
    }
}

/// Calls `each` for every shard, in as many threads as `run` says; it takes `steps` table steps in all.
fn for_each(
    shards: &mut [Shard],
    steps: usize,
    run: &mut Run<'_>,
    cancel: &CancelFlag,
    each: impl Fn(&mut Shard) + Sync,
) -> Result<(), Error> {
    let work = std::iter::repeat_n(STEP_WORK * steps / shards.len(), shards.len());
    let shards = Mutex::new(shards.iter_mut());
    run.all(work, cancel, |_, between| {
        let next = || shards.lock().unwrap_or_else(PoisonError::into_inner).next();
        while let Some(shard) = next() {
            if cancel.load(Ordering::Relaxed) {
                return;
            }
            each(shard);
            between();
        }
    })?;
    Ok(())
}

/// The references of some rows as tokens.
fn tokenize(reading: &PlannedReading, batch: &Batch<'_>, rows: Range<usize>, scratch: &mut Scratch) -> Tokenized {
    let Scratch { reader, reference: tokens, .. } = scratch;
    let mut found = Tokenized { first_row: rows.start, ..Tokenized::default() };
    let source = batch.source_of(reading);
    let texts = rows.flat_map(|row| source.references(batch.references_of(row)));
    for text in texts.flatten() {
        reader.forget();
        reader.read(reading.pipeline, text, false, tokens);
        found.keys.extend(tokens.keys.iter().map(|&key| adopt(key, reader.long_tokens(), &mut found.long)));
        found.ends.push(found.keys.len());
    }
    found
}
