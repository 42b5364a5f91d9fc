//! Scores a batch: rows are measured in chunks, in parallel, and written in place.

use std::sync::atomic::Ordering;

use crate::batch::{Batch, References};
use crate::measure::Scratch;
use crate::plan::{Group, Plan};
use crate::run::{Chunk, Queue, Run};
use crate::{Aggregate, CancelFlag, Error};

/// Scores every row of `batch`: into `columns`, one slice for each of the plan's columns and one value a
/// row (or no slices at all), and into one aggregate for each of `groups` groups.
///
/// A row that lacks a text has NaN in every column, and counts in no score.
///
/// # Errors
/// [`Error::Cancelled`] if `cancel` was set, by `run.watch` or from elsewhere; [`Error::NoThreads`];
/// [`Error::SignatureMismatch`] if the references were prepared for another plan.
pub fn score(
    plan: &Plan,
    batch: &Batch<'_>,
    columns: Vec<&mut [f64]>,
    groups: usize,
    run: &mut Run<'_>,
    cancel: &CancelFlag,
) -> Result<Vec<Aggregate>, Error> {
    if let References::Prepared { prepared, .. } = batch.references {
        prepared.check(plan)?;
    }
    let queue = Queue::new(batch.rows, columns, 1);
    let work = (0..batch.rows).map(|row| batch.work(row));
    let mut parts = run
        .all(work, cancel, |scratch, between| {
            let mut sums = vec![Aggregate::new(plan); groups];
            while let Some(chunk) = queue.take(|row| batch.work(row)) {
                if cancel.load(Ordering::Relaxed) {
                    break;
                }
                score_chunk(plan, batch, chunk, &mut sums, scratch, cancel);
                between();
            }
            sums
        })?
        .into_iter();
    let mut total = parts.next().unwrap_or_else(|| vec![Aggregate::new(plan); groups]);
    for part in parts {
        total.iter_mut().zip(&part).for_each(|(sum, part)| sum.merge(part));
    }
    Ok(total)
}

/// How many rows ahead texts are fetched from memory: far enough that they have come.
const ROWS_AHEAD: usize = 3;

fn score_chunk(
    plan: &Plan,
    batch: &Batch<'_>,
    mut chunk: Chunk<'_>,
    sums: &mut [Aggregate],
    scratch: &mut Scratch,
    cancel: &CancelFlag,
) {
    let first = chunk.rows.start;
    let group_of = |row: usize| batch.groups.map_or(0, |groups| groups[row] as usize);
    let (valid, null): (Vec<usize>, Vec<usize>) = chunk.rows.partition(|&row| !batch.is_null(row));
    for &row in &null {
        sums[group_of(row)].add_null();
        chunk.columns.iter_mut().for_each(|column| column[row - first] = f64::NAN);
    }
    valid.iter().for_each(|&row| sums[group_of(row)].add_row());

    for (index, group) in plan.groups.iter().enumerate() {
        scratch.pairs.clear();
        for (at, &row) in valid.iter().enumerate() {
            if let Some(&ahead) = valid.get(at + ROWS_AHEAD) {
                batch.prefetch(group.pipeline.view, ahead);
            }
            measure_row(index, group, batch, row, scratch, cancel);
        }
        for &member in &group.members {
            let metric = plan.metrics[member].as_ref();
            let Scratch { pairs, rows, outputs, .. } = scratch;
            rows.clear();
            outputs.clear();
            metric.measure(pairs, rows, outputs);
            match batch.groups {
                None => sums[0].add(member, rows, outputs),
                Some(groups) => {
                    let parts = rows.chunks_exact(metric.width()).zip(outputs.chunks_exact(metric.outputs().len()));
                    for (&row, (row_sums, scores)) in valid.iter().zip(parts) {
                        sums[groups[row] as usize].add(member, row_sums, scores);
                    }
                }
            }
            if !chunk.columns.is_empty() {
                let parts = metric.outputs().len();
                for (part, column) in chunk.columns[plan.first_column[member]..][..parts].iter_mut().enumerate() {
                    let scores = outputs.chunks_exact(parts);
                    valid.iter().zip(scores).for_each(|(&row, scores)| column[row - first] = scores[part]);
                }
            }
        }
    }
}

/// Adds the facts of `row` to the scratch's pairs.
fn measure_row(index: usize, group: &Group, batch: &Batch<'_>, row: usize, scratch: &mut Scratch, cancel: &CancelFlag) {
    let Scratch { reader, hypothesis, reference, pairs, measurer, .. } = scratch;
    let (pipeline, needs) = (group.pipeline, group.needs);
    let view = &batch.views[pipeline.view];
    let sentences = needs.union_lcs;
    reader.forget();
    reader.cut(pipeline, view.predictions[row].unwrap_or_default(), sentences, hypothesis);
    match batch.references {
        References::Prepared { prepared, first } => {
            reader.stem(pipeline, hypothesis);
            measurer.set_hypothesis(hypothesis);
            for number in prepared.references_of(first + row) {
                prepared.load(index, number, reader, reference);
                pairs.push(measurer.measure(needs, hypothesis, reference, cancel));
            }
        }
        References::Single | References::Ragged(_) => {
            for (number, text) in view.references[batch.references_of(row)].iter().enumerate() {
                reader.cut(pipeline, text.unwrap_or_default(), sentences, reference);
                if number == 0 {
                    // Only now, so that what its stemming needs has had time to come near.
                    reader.stem(pipeline, hypothesis);
                    measurer.set_hypothesis(hypothesis);
                }
                reader.stem(pipeline, reference);
                pairs.push(measurer.measure(needs, hypothesis, reference, cancel));
            }
        }
    }
    pairs.end_pair();
}
