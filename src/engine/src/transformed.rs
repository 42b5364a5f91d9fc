//! Texts of some rows after the transforms that metrics ask for: each chain of transforms goes over each text once,
//! however many metrics read what comes out.

use std::ops::Range;
use std::sync::atomic::Ordering;

use crate::batch::{Batch, Text, TokenSource};
use crate::chain_texts::ChainTexts;
use crate::measure::Scratch;
use crate::plan::Plan;
use crate::run::{Queue, Run};
use crate::{CancelFlag, Error};

/// Calls `each` for every row of `batch`, with the batch as [`with_transformed`] gives it. Each thread has a `T` of its own;
/// returns all of them.
pub(crate) fn for_each_row<T: Default + Send>(
    plan: &Plan,
    batch: &Batch<'_>,
    run: &mut Run<'_>,
    cancel: &CancelFlag,
    each: impl Fn(&Batch<'_>, usize, &mut T, &mut Scratch) + Sync,
) -> Result<Vec<T>, Error> {
    let queue = Queue::new(batch.rows, run.threads, Vec::new(), 0);
    let work = |row: usize| batch.work(row);
    run.all((0..batch.rows).map(work), cancel, |scratch, between| {
        let mut own = T::default();
        while let Some(chunk) = queue.take(work) {
            with_transformed(plan, batch, chunk.rows.clone(), scratch, cancel, |batch, scratch| {
                for row in chunk.rows {
                    if cancel.load(Ordering::Relaxed) {
                        break;
                    }
                    each(batch, row, &mut own, scratch);
                }
            });
            between();
        }
        own
    })
}

/// Calls `take` with a batch that knows what the plan's chains make of the texts of `rows`. Means nothing if `cancel` was set
/// meanwhile.
pub(crate) fn with_transformed<T>(
    plan: &Plan,
    batch: &Batch<'_>,
    rows: Range<usize>,
    scratch: &mut Scratch,
    cancel: &CancelFlag,
    take: impl FnOnce(&Batch<'_>, &mut Scratch) -> T,
) -> T {
    if plan.chains.is_empty() || rows.is_empty() {
        return take(batch, scratch);
    }
    let source = &batch.sources[0];
    let numbers = batch.references_of(rows.start).start..batch.references_of(rows.end - 1).end;
    // One of the two may be prepared, or not asked for.
    let given = [
        source.predictions.get(rows.clone()).unwrap_or_default(),
        source.references.get(numbers.clone()).unwrap_or_default(),
    ];
    let mut held = std::mem::take(&mut scratch.transformed);
    held.resize_with(plan.chains.len(), ChainTexts::default);
    held.iter_mut().zip(&plan.chains).for_each(|(texts, chain)| texts.fill(chain, given, cancel));
    let texts: Vec<[Vec<Text<'_>>; 2]> = held.iter().map(|texts| texts.texts(given)).collect();
    let transformed: Vec<TokenSource<'_>> = texts
        .iter()
        .map(|[predictions, references]| TokenSource {
            predictions,
            references,
            first_row: rows.start,
            first_reference: numbers.start,
        })
        .collect();
    let taken = take(&Batch { transformed: &transformed, ..*batch }, scratch);
    scratch.transformed = held;
    taken
}
