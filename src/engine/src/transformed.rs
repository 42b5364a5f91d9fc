//! Texts of some rows after the transforms that metrics ask for: each chain of transforms goes over each text once,
//! however many metrics read what comes out.

use std::ops::Range;

use crate::CancelFlag;
use crate::batch::{Batch, Text, TokenSource};
use crate::chain_texts::ChainTexts;
use crate::measure::Scratch;
use crate::plan::Plan;

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
