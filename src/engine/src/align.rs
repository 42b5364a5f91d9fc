//! How the tokens of predictions and references are aligned.

use std::sync::atomic::Ordering;

use crate::batch::Batch;
use crate::explain::{ExplainedReading, explained_reading};
use crate::matched::Shown;
use crate::plan::Plan;
use crate::run::{Queue, Run};
use crate::transformed::with_transformed;
use crate::{CancelFlag, Error};

/// The tokens and the edits of each row of `batch`, in order, as the plan's first metric reads texts. No text is missing.
///
/// # Errors
/// [`Error::Cancelled`]; [`Error::NoThreads`].
pub fn align(
    plan: &Plan,
    batch: &Batch<'_>,
    run: &mut Run<'_>,
    cancel: &CancelFlag,
) -> Result<Vec<ExplainedReading>, Error> {
    let edits = Shown { edits: true, ..Shown::default() };
    let queue = Queue::new(batch.rows, run.threads, Vec::new(), 0);
    let work = |row: usize| batch.work(row);
    let parts = run.all((0..batch.rows).map(work), cancel, |scratch, between| {
        let mut part = Vec::new();
        while let Some(chunk) = queue.take(work) {
            with_transformed(plan, batch, chunk.rows.clone(), scratch, cancel, |batch, scratch| {
                let rows = chunk.rows.take_while(|_| !cancel.load(Ordering::Relaxed));
                part.extend(
                    rows.map(|row| (row, explained_reading(&plan.readings[0], edits, batch, row, scratch, cancel))),
                );
            });
            between();
        }
        part
    })?;
    let mut rows: Vec<_> = parts.into_iter().flatten().collect();
    rows.sort_unstable_by_key(|(row, _)| *row);
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}
