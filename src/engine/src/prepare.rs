//! Reads texts once, to be scored against many times.

use std::ops::Range;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

use textgauge_text::{Reader, Tokens};

use crate::batch::Batch;
use crate::measure::Scratch;
use crate::plan::Plan;
use crate::prepared::{Prepared, Texts, adopt};
use crate::run::{Queue, Run};
use crate::transformed::with_transformed;
use crate::{CancelFlag, Error};

impl Prepared {
    /// Adds the rows of `batch`, whose *references* are the texts. One thread does it, whatever `run` says: for
    /// most metrics the time goes into writing tokens to memory, and several threads take as long.
    ///
    /// # Errors
    /// [`Error::Cancelled`]; [`Error::NoThreads`]. Nothing is added then.
    pub fn append(
        &mut self,
        plan: &Plan,
        batch: &Batch<'_>,
        run: &mut Run<'_>,
        cancel: &CancelFlag,
    ) -> Result<(), Error> {
        let first = self.ends.last().copied().unwrap_or(0);
        let work = |row: usize| batch.work(row);
        let queue = Queue::new(batch.rows, 1, Vec::new(), 0);
        let whole = Mutex::new(&mut *self);
        let mut alone = Run::new(1, run.watch);
        let outcome = alone.all((0..batch.rows).map(work), cancel, |scratch, between| {
            let mut whole = whole.lock().unwrap_or_else(PoisonError::into_inner);
            while let Some(chunk) = queue.take(work) {
                let (first, last) = (chunk.rows.start, chunk.rows.end - 1);
                let texts = batch.references_of(first).start..batch.references_of(last).end;
                with_transformed(plan, batch, chunk.rows, scratch, cancel, |batch, scratch| {
                    whole.push_texts(plan, batch, texts, scratch, cancel);
                });
                if cancel.load(Ordering::Relaxed) {
                    break;
                }
                between();
            }
        });
        if let Err(error) = outcome {
            self.truncate(first);
            return Err(error);
        }
        for row in 0..batch.rows {
            self.ends.push(first + batch.references_of(row).end);
            self.nulls.push(batch.is_null(row));
        }
        Ok(())
    }

    /// Adds the texts with these numbers; not all of them if it is cancelled.
    fn push_texts(
        &mut self,
        plan: &Plan,
        batch: &Batch<'_>,
        numbers: Range<usize>,
        scratch: &mut Scratch,
        cancel: &CancelFlag,
    ) {
        let Scratch { reader, reference: tokens, .. } = scratch;
        let both = self.readings.iter_mut().zip(&mut self.as_hypotheses);
        for (reading, (as_references, as_hypotheses)) in plan.readings.iter().zip(both) {
            let (pipeline, sentences) = (reading.pipeline, reading.needs.read_sentences());
            for text in batch.source_of(reading).references(numbers.clone()) {
                if cancel.load(Ordering::Relaxed) {
                    return;
                }
                reader.forget();
                let text = text.unwrap_or_default();
                if let Some(texts) = as_hypotheses {
                    reader.read(pipeline, text, sentences, tokens);
                    texts.push(tokens, reader);
                }
                reader.tokenize_reference(pipeline, text, sentences, tokens);
                reader.stem(pipeline, tokens);
                as_references.push(tokens, reader);
            }
        }
    }

    /// Takes off all but the first `texts` texts.
    fn truncate(&mut self, texts: usize) {
        let as_hypotheses = self.as_hypotheses.iter_mut().flatten();
        self.readings.iter_mut().chain(as_hypotheses).for_each(|each| each.truncate(texts));
    }
}

impl Texts {
    /// Adds a text, whose long tokens `reader` knows.
    fn push(&mut self, tokens: &Tokens, reader: &mut Reader) {
        let Self { keys, breaks, ends, long } = self;
        keys.extend(tokens.keys.iter().map(|&key| adopt(key, reader.long_tokens(), long)));
        breaks.extend_from_slice(&tokens.breaks);
        ends.push((keys.len(), breaks.len()));
    }

    /// Takes off all but the first `texts` texts.
    fn truncate(&mut self, texts: usize) {
        self.ends.truncate(texts);
        let (keys, breaks) = self.ends.last().copied().unwrap_or_default();
        self.keys.truncate(keys);
        self.breaks.truncate(breaks);
    }
}
