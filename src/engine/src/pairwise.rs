//! Every prediction against every reference.

use std::sync::atomic::Ordering;

use textgauge_metrics::Pairs;

use crate::measure::Scratch;
use crate::plan::Plan;
use crate::run::{Chunk, Queue, Run};
use crate::{CancelFlag, Error, Prepared};
use textgauge_text::Side;

/// Room for the scores of every prediction against every reference: a matrix for each of the plan's columns.
///
/// # Errors
/// [`Error::NoMemory`], before anything is allocated.
pub fn matrices(plan: &Plan, predictions: &Prepared, references: &Prepared) -> Result<Vec<Vec<f64>>, Error> {
    let [rows, columns] = [predictions.rows(), references.rows()];
    let none = || Error::NoMemory { rows: rows as u128 * columns as u128, what: "pairs" };
    let cells = rows.checked_mul(columns).ok_or_else(none)?;
    let all = cells.checked_mul(plan.columns().len()).ok_or_else(none)?;
    // Asked for as a whole, and given back, so that one matrix does not take what the next one lacks.
    Vec::<f64>::new().try_reserve_exact(all).map_err(|_| none())?;
    Ok(vec![vec![0.0; cells]; plan.columns().len()])
}

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
    plan.check()?;
    for prepared in [predictions, references] {
        prepared.check(plan)?;
    }
    // A token costs some bytes to compare, in each pair again.
    let tokens = |prepared: &Prepared, row: usize| 8 * (1 + prepared.len_of(0, row));
    let all: usize = (0..references.rows()).map(|row| tokens(references, row)).sum();
    let work = |row: usize| all + tokens(predictions, row) * references.rows();
    let queue = Queue::new(predictions.rows(), run.threads, matrices, references.rows());
    let filled = run.all((0..predictions.rows()).map(work), cancel, |scratch, between| {
        while let Some(chunk) = queue.take(work) {
            fill_rows(plan, predictions, references, chunk, scratch, cancel)?;
            between();
        }
        Ok(())
    })?;
    filled.into_iter().collect()
}

fn fill_rows(
    plan: &Plan,
    predictions: &Prepared,
    references: &Prepared,
    mut chunk: Chunk<'_>,
    scratch: &mut Scratch,
    cancel: &CancelFlag,
) -> Result<(), Error> {
    let width = references.rows();
    let Scratch { reader, hypothesis, reference, pairs, rows, outputs, measurer, .. } = scratch;
    pairs.resize_with(plan.readings.len(), Pairs::default);
    for (local, prediction) in chunk.rows.enumerate() {
        let cells = local * width..(local + 1) * width;
        for (index, (reading, pairs)) in plan.readings.iter().zip(&mut *pairs).enumerate() {
            reader.forget();
            pairs.clear();
            predictions.load(index, prediction, Side::Hypothesis, reader, hypothesis);
            measurer.begin_pair(reading, hypothesis, reader.long_tokens(), 1);
            for number in 0..width {
                if cancel.load(Ordering::Relaxed) {
                    return Ok(());
                }
                references.load(index, number, Side::Reference, reader, reference);
                measurer.measure(reading, hypothesis, reference, reader, pairs, cancel);
                measurer.end_pair(pairs);
            }
        }
        for (index, metric) in plan.metrics.iter().enumerate() {
            rows.clear();
            outputs.clear();
            let readings: Vec<&Pairs> = plan.readings_of[index].iter().map(|&reading| &pairs[reading]).collect();
            metric.measure(&readings, rows, Some(outputs));
            plan.check_rows(index, rows, Some)?;
            let parts = metric.outputs().len();
            for (part, column) in chunk.columns[plan.first_column[index]..][..parts].iter_mut().enumerate() {
                let scores = outputs.iter().skip(part).step_by(parts);
                column[cells.clone()].iter_mut().zip(scores).for_each(|(cell, &score)| *cell = score);
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
    Ok(())
}
