//! Scores a batch: rows are measured in chunks, in parallel, and written in place.

use std::sync::atomic::Ordering;

use textgauge_metrics::{Corpus, Pairs};

use crate::batch::{Batch, References};
use crate::measure::Scratch;
use crate::plan::Plan;
use crate::run::{Chunk, Queue, Run};
use crate::table::fixed_point;
use crate::{Aggregate, CancelFlag, Error};
use textgauge_text::Side;

/// What is kept of each row beside its part in the sums.
#[derive(Default)]
pub struct Kept<'k> {
    /// One slice for each of the plan's columns, one value a row; or no slices at all.
    pub columns: Vec<&'k mut [f64]>,
    /// The integers that add up, [`Plan::lanes`] a row, row after row.
    pub table: Option<&'k mut [i64]>,
}

/// Scores every row of `batch`: into what is `kept`, and into one aggregate for each of `groups` groups.
///
/// A row that lacks a text has NaN in every column and zeros in the table, and counts in no score.
///
/// # Errors
/// [`Error::Cancelled`] if `cancel` was set, by `run.watch` or from elsewhere; [`Error::NoThreads`];
/// [`Error::NotFitted`] if the plan lacks weights; [`Error::SignatureMismatch`] if the references were prepared for another plan.
pub fn score(
    plan: &Plan,
    batch: &Batch<'_>,
    kept: Kept<'_>,
    groups: usize,
    run: &mut Run<'_>,
    cancel: &CancelFlag,
) -> Result<Vec<Aggregate>, Error> {
    plan.check()?;
    if let References::Prepared { prepared, .. } = batch.references {
        prepared.check(plan)?;
    }
    let queue = Queue::with_table(batch.rows, kept.columns, kept.table, plan.lanes());
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
    valid.iter().for_each(|&row| sums[group_of(row)].add_row(batch.references_of(row).len()));

    let mut pairs = std::mem::take(&mut scratch.pairs);
    pairs.resize_with(plan.readings.len(), Pairs::default);
    for (index, pairs) in pairs.iter_mut().enumerate() {
        pairs.clear();
        for (at, &row) in valid.iter().enumerate() {
            if let Some(&ahead) = valid.get(at + ROWS_AHEAD) {
                batch.prefetch(plan.readings[index].pipeline.view, ahead);
            }
            measure_row(plan, index, batch, row, pairs, scratch, cancel);
        }
    }

    let all_lanes = plan.lanes();
    let mut first_lane = 0;
    for (index, (metric, lanes)) in plan.metrics.iter().zip(plan.lanes_of()).enumerate() {
        let Scratch { rows, outputs, .. } = scratch;
        rows.clear();
        outputs.clear();
        let readings: Vec<&Pairs> = plan.readings_of[index].iter().map(|&reading| &pairs[reading]).collect();
        let by_mean = metric.corpus() == Corpus::Mean;
        // The scores of pairs are dear where they take logarithms, and often nobody wants them.
        let wanted = by_mean || !chunk.columns.is_empty();
        metric.measure(&readings, rows, wanted.then_some(outputs));
        let parts = metric.outputs().len();
        let mut add = |group: usize, of: std::ops::Range<usize>| {
            if by_mean {
                sums[group].add_outputs(index, metric.outputs(), &outputs[of.start * parts..of.end * parts]);
            } else {
                sums[group].add_rows(index, &rows[of.start * lanes..of.end * lanes]);
            }
        };
        match batch.groups {
            None => add(0, 0..valid.len()),
            Some(groups) => valid.iter().enumerate().for_each(|(at, &row)| add(groups[row] as usize, at..at + 1)),
        }
        if !chunk.columns.is_empty() {
            for (part, column) in chunk.columns[plan.first_column[index]..][..parts].iter_mut().enumerate() {
                let scores = outputs.chunks_exact(parts);
                valid.iter().zip(scores).for_each(|(&row, scores)| column[row - first] = scores[part]);
            }
        }
        if let Some(table) = &mut chunk.table {
            for (at, &row) in valid.iter().enumerate() {
                let place = &mut table[(row - first) * all_lanes + first_lane..][..lanes];
                if by_mean {
                    let scores = &outputs[at * parts..][..parts];
                    let scores = metric.outputs().iter().zip(scores);
                    place
                        .iter_mut()
                        .zip(scores)
                        .for_each(|(lane, (output, &score))| *lane = fixed_point(output, score));
                } else {
                    place.copy_from_slice(&rows[at * lanes..][..lanes]);
                }
            }
        }
        first_lane += lanes;
    }
    scratch.pairs = pairs;
}

/// Adds the facts of `row` under reading number `index` to `pairs`.
pub(crate) fn measure_row(
    plan: &Plan,
    index: usize,
    batch: &Batch<'_>,
    row: usize,
    pairs: &mut Pairs,
    scratch: &mut Scratch,
    cancel: &CancelFlag,
) {
    let Scratch { reader, hypothesis, reference, measurer, .. } = scratch;
    let (reading, information) = (&plan.readings[index], plan.information[index].as_deref());
    let pipeline = reading.pipeline;
    let view = &batch.views[pipeline.view];
    let sentences = reading.needs.union_lcs;
    let references = batch.references_of(row);
    reader.forget();
    reader.cut(pipeline, view.predictions[row].unwrap_or_default(), sentences, hypothesis);
    match batch.references {
        References::Prepared { prepared, .. } => {
            reader.stem(pipeline, hypothesis);
            measurer.begin_pair(reading, hypothesis, references.len());
            if let Some(information) = information {
                measurer.inform(information, hypothesis, reader.long_tokens());
            }
            for number in references {
                prepared.load(index, number, Side::Reference, reader, reference);
                pairs.push(measurer.measure(hypothesis, reference, cancel));
                measurer.shared_information().into_iter().for_each(|shared| pairs.push_information(shared));
            }
        }
        References::Single | References::Ragged(_) => {
            let count = references.len();
            for (number, text) in view.references[references].iter().enumerate() {
                reader.cut_reference(pipeline, text.unwrap_or_default(), sentences, reference);
                if number == 0 {
                    // Only now, so that what its stemming needs has had time to come near.
                    reader.stem(pipeline, hypothesis);
                    measurer.begin_pair(reading, hypothesis, count);
                    if let Some(information) = information {
                        measurer.inform(information, hypothesis, reader.long_tokens());
                    }
                }
                reader.stem(pipeline, reference);
                pairs.push(measurer.measure(hypothesis, reference, cancel));
                measurer.shared_information().into_iter().for_each(|shared| pairs.push_information(shared));
            }
        }
    }
    pairs.end_pair(measurer.end_pair());
}
