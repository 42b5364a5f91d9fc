//! How the tokens of predictions and references are aligned.

use crate::batch::Batch;
use crate::explain::{ExplainedReading, explained_reading};
use crate::matched::Shown;
use crate::plan::Plan;
use crate::run::Run;
use crate::transformed::for_each_row;
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
    let parts = for_each_row(plan, batch, run, cancel, |batch, row, part: &mut Vec<_>, scratch| {
        part.push((row, explained_reading(&plan.readings[0], edits, batch, row, scratch, cancel)));
    })?;
    let mut rows: Vec<_> = parts.into_iter().flatten().collect();
    rows.sort_unstable_by_key(|(row, _)| *row);
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}
