//! Every prediction against every reference.

use std::sync::atomic::Ordering;

use crate::measure::Scratch;
use crate::plan::Plan;
use crate::run::{Chunk, Queue, Run};
use crate::{CancelFlag, Error, Prepared};

/// Fills `matrices`, one for each of the plan's columns: row after row, the scores of prediction
/// `i` against reference `j` at `i * references.rows() + j`. Each text was read once, when it was prepared.
///
/// NaN where a text is missing.
///
/// # Errors
/// [`Error::SignatureMismatch`] if the texts were prepared for another plan; [`Error::Cancelled`];
/// [`Error::NoThreads`].
pub fn pairwise(
    plan: &Plan,
    predictions: &Prepared,
    references: &Prepared,
    matrices: Vec<&mut [f64]>,
    run: &mut Run<'_>,
    cancel: &CancelFlag,
) -> Result<(), Error> {
    for prepared in [predictions, references] {
        prepared.check(plan)?;
    }
    // A token costs some bytes to compare, in each pair again.
    let tokens = |prepared: &Prepared, row: usize| 8 * (1 + prepared.len_of(0, row));
    let all: usize = (0..references.rows()).map(|row| tokens(references, row)).sum();
    let work = |row: usize| all + tokens(predictions, row) * references.rows();
    let queue = Queue::new(predictions.rows(), matrices, references.rows());
    run.all((0..predictions.rows()).map(work), cancel, |scratch, between| {
        while let Some(chunk) = queue.take(work) {
            fill_rows(plan, predictions, references, chunk, scratch, cancel);
            between();
        }
    })?;
    Ok(())
}

fn fill_rows(
    plan: &Plan,
    predictions: &Prepared,
    references: &Prepared,
    mut chunk: Chunk<'_>,
    scratch: &mut Scratch,
    cancel: &CancelFlag,
) {
    let width = references.rows();
    let Scratch { reader, hypothesis, reference, pairs, rows, outputs, measurer } = scratch;
    for (local, prediction) in chunk.rows.enumerate() {
        let cells = local * width..(local + 1) * width;
        for (index, group) in plan.groups.iter().enumerate() {
            reader.forget();
            pairs.clear();
            predictions.load(index, prediction, reader, hypothesis);
            measurer.set_hypothesis(hypothesis);
            for number in 0..width {
                if cancel.load(Ordering::Relaxed) {
                    return;
                }
                references.load(index, number, reader, reference);
                pairs.push(measurer.measure(group.needs, hypothesis, reference, cancel));
                pairs.end_pair();
            }
            for &member in &group.members {
                let metric = plan.metrics[member].as_ref();
                rows.clear();
                outputs.clear();
                metric.measure(pairs, rows, outputs);
                for (part, column) in
                    chunk.columns[plan.first_column[member]..][..metric.outputs().len()].iter_mut().enumerate()
                {
                    let scores = outputs.iter().skip(part).step_by(metric.outputs().len());
                    column[cells.clone()].iter_mut().zip(scores).for_each(|(cell, &score)| *cell = score);
                }
            }
        }
        for column in &mut chunk.columns {
            for (number, cell) in column[cells.clone()].iter_mut().enumerate() {
                if predictions.is_null(prediction) || references.is_null(number) {
                    *cell = f64::NAN;
                }
            }
        }
    }
}
