//! Scores a batch: rows are measured in chunks, in parallel, and written in place.

use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

use textgauge_kernels::side_by_side::{Blank, Equal};
use textgauge_metrics::{Corpus, Facts, Glance, Pairs};

use crate::batch::{Batch, References};
use crate::measure::Scratch;
use crate::plan::Plan;
use crate::run::{Chunk, Queue, Run};
use crate::table::fixed_point;
use crate::transformed::with_transformed;
use crate::{Aggregate, CancelFlag, Error};
use textgauge_text::{Pipeline, Reader, Side};

/// What is kept of each row beside its part in the sums.
#[derive(Default)]
pub struct RowOutputs<'k> {
    /// One slice for each of the plan's columns, one value a row; or no slices at all.
    pub columns: Vec<&'k mut [f64]>,
    /// The integers that add up, [`Plan::components`] a row, row after row.
    pub table: Option<&'k mut [i64]>,
}

/// Scores every row of `batch`: into what is `kept`, and into `sums`, one aggregate for each group; without groups
/// into the first.
///
/// A row that lacks a text has NaN in every column and zeros in the table, and counts in no score.
///
/// # Errors
/// [`Error::Cancelled`] if `cancel` was set, by `run.watch` or from elsewhere; [`Error::NoThreads`];
/// [`Error::NotFitted`] if a metric has to be fitted first; [`Error::SignatureMismatch`] if the references were prepared for
/// another plan; [`Error::SumTooLarge`] if `sums` have no room for more.
pub fn score(
    plan: &Plan,
    batch: &Batch<'_>,
    kept: RowOutputs<'_>,
    sums: &mut [Aggregate],
    run: &mut Run<'_>,
    cancel: &CancelFlag,
) -> Result<(), Error> {
    plan.check()?;
    if let References::Prepared { prepared, .. } = batch.references {
        prepared.check(plan)?;
    }
    let queue = Queue::with_table(batch.rows, run.threads, kept.columns, kept.table, plan.components());
    let work: Vec<usize> = (0..batch.rows).map(|row| batch.work(row)).collect();
    let sums = Mutex::new(sums);
    let merged = run.all(work.iter().copied(), cancel, |scratch, between| {
        while let Some(chunk) = queue.take(|row| work[row]) {
            if cancel.load(Ordering::Relaxed) {
                break;
            }
            // Those of the chunk's own groups, so that many groups cost no more than their rows.
            let groups = GroupsOfChunk::new(batch.groups.map(|groups| &groups[chunk.rows.clone()]), chunk.rows.start);
            let mut parts = vec![Aggregate::new(plan); groups.len()];
            score_chunk(plan, batch, chunk, (&groups, &mut parts), scratch, cancel)?;
            let mut sums = sums.lock().unwrap_or_else(PoisonError::into_inner);
            for (group, part) in groups.numbers().zip(&parts) {
                sums[group].merge(part)?;
            }
            drop(sums);
            between();
        }
        Ok(())
    })?;
    merged.into_iter().collect()
}

/// The groups that occur among the rows of a chunk.
struct GroupsOfChunk<'b> {
    /// The group of each row; none if all rows are of group 0.
    of_rows: Option<&'b [u32]>,
    first_row: usize,
    /// The distinct groups, sorted.
    distinct: Vec<u32>,
}

impl<'b> GroupsOfChunk<'b> {
    fn new(of_rows: Option<&'b [u32]>, first_row: usize) -> Self {
        let mut distinct = of_rows.unwrap_or(&[0]).to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        Self { of_rows, first_row, distinct }
    }

    fn len(&self) -> usize {
        self.distinct.len()
    }

    fn numbers(&self) -> impl Iterator<Item = usize> {
        self.distinct.iter().map(|&group| group as usize)
    }

    /// The place of the group of `row` among those of the chunk.
    fn place(&self, row: usize) -> usize {
        let Some(of_rows) = self.of_rows else { return 0 };
        self.distinct.partition_point(|&group| group < of_rows[row - self.first_row])
    }
}

/// How many rows ahead texts are fetched from memory: far enough that they have come.
const ROWS_AHEAD: usize = 3;

fn score_chunk(
    plan: &Plan,
    batch: &Batch<'_>,
    mut chunk: Chunk<'_>,
    (groups, sums): (&GroupsOfChunk<'_>, &mut [Aggregate]),
    scratch: &mut Scratch,
    cancel: &CancelFlag,
) -> Result<(), Error> {
    let rows = chunk.rows.clone();
    let mut pairs = std::mem::take(&mut scratch.pairs);
    pairs.resize_with(plan.readings.len(), Pairs::default);
    let first = chunk.rows.start;
    let (valid, null): (Vec<usize>, Vec<usize>) = match batch.nulls {
        true => chunk.rows.partition(|&row| !batch.is_null(row)),
        false => (chunk.rows.collect(), Vec::new()),
    };
    for &row in &null {
        sums[groups.place(row)].add_null();
        chunk.columns.iter_mut().for_each(|column| column[row - first] = f64::NAN);
    }
    valid.iter().for_each(|&row| sums[groups.place(row)].add_row(batch.references_of(row).len()));

    with_transformed(plan, batch, rows, scratch, cancel, |batch, scratch| {
        for (index, pairs) in pairs.iter_mut().enumerate() {
            pairs.clear();
            for (at, &row) in valid.iter().enumerate() {
                if let Some(&ahead) = valid.get(at + ROWS_AHEAD) {
                    batch.prefetch(&plan.readings[index], ahead);
                }
                measure_row(plan, index, batch, row, pairs, scratch, cancel);
            }
        }
    });

    let all_components = plan.components();
    let mut first_component = 0;
    for (index, (metric, components)) in plan.metrics.iter().zip(plan.components_of()).enumerate() {
        let Scratch { rows, outputs, .. } = scratch;
        rows.clear();
        outputs.clear();
        let readings: Vec<&Pairs> = plan.readings_of[index].iter().map(|&reading| &pairs[reading]).collect();
        let by_mean = metric.corpus() == Corpus::Mean;
        // The scores of pairs are dear where they take logarithms, and often nobody wants them.
        let wanted = by_mean || !chunk.columns.is_empty();
        metric.measure(&readings, rows, wanted.then_some(outputs));
        if let Err(error) = plan.check_rows(index, rows, |pair| Some(batch.first_row + valid[pair])) {
            scratch.pairs = pairs;
            return Err(error);
        }
        let parts = metric.outputs().len();
        let mut add = |group: usize, of: std::ops::Range<usize>| {
            if by_mean {
                sums[group].add_outputs(index, metric.outputs(), &outputs[of.start * parts..of.end * parts]);
            } else {
                sums[group].add_rows(index, &rows[of.start * components..of.end * components]);
            }
        };
        match groups.len() {
            1 => add(0, 0..valid.len()),
            _ => valid.iter().enumerate().for_each(|(at, &row)| add(groups.place(row), at..at + 1)),
        }
        if !chunk.columns.is_empty() {
            for (part, column) in chunk.columns[plan.first_column[index]..][..parts].iter_mut().enumerate() {
                let scores = outputs.chunks_exact(parts);
                valid.iter().zip(scores).for_each(|(&row, scores)| column[row - first] = scores[part]);
            }
        }
        if let Some(table) = &mut chunk.table {
            for (at, &row) in valid.iter().enumerate() {
                let place = &mut table[(row - first) * all_components + first_component..][..components];
                if by_mean {
                    let scores = &outputs[at * parts..][..parts];
                    let scores = metric.outputs().iter().zip(scores);
                    place
                        .iter_mut()
                        .zip(scores)
                        .for_each(|(component, (output, &score))| *component = fixed_point(output, score));
                } else {
                    place.copy_from_slice(&rows[at * components..][..components]);
                }
            }
        }
        first_component += components;
    }
    scratch.pairs = pairs;
    Ok(())
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
    let reading = &plan.readings[index];
    let pipeline = reading.pipeline;
    let source = batch.source_of(reading);
    let sentences = reading.needs.read_sentences();
    let references = batch.references_of(row);
    if let Some(glance) = reading.glance {
        let (prediction, texts) = (source.prediction(row), source.references(references.clone()));
        let fill = |number: usize, facts: &mut Facts| {
            look(glance, pipeline, [prediction, texts[number].unwrap_or_default()], facts).is_some()
        };
        if !texts.is_empty() && pairs.push_known(texts.len(), fill) {
            return;
        }
    }
    reader.forget();
    reader.tokenize(pipeline, source.prediction(row), sentences, hypothesis);
    match batch.references {
        References::Prepared { prepared, .. } => {
            reader.stem(pipeline, hypothesis);
            measurer.begin_pair(reading, hypothesis, reader.long_tokens(), references.len());
            for number in references {
                prepared.load(index, number, Side::Reference, reader, reference);
                measurer.measure(reading, hypothesis, reference, reader, pairs, cancel);
            }
        }
        References::Single | References::Ragged(_) => {
            let count = references.len();
            let read_alike = !pipeline.tokenizer.reads_references_otherwise();
            for (number, text) in source.references(references).iter().enumerate() {
                let text = text.unwrap_or_default();
                // Then it has the tokens of the prediction.
                let is_prediction = read_alike && text == source.prediction(row);
                if !is_prediction {
                    reader.tokenize_reference(pipeline, text, sentences, reference);
                }
                if number == 0 {
                    // Only now, so that what its stemming needs has had time to come near.
                    reader.stem(pipeline, hypothesis);
                    measurer.begin_pair(reading, hypothesis, reader.long_tokens(), count);
                }
                if !is_prediction {
                    reader.stem(pipeline, reference);
                }
                let reference = if is_prediction { &*hypothesis } else { &*reference };
                measurer.measure(reading, hypothesis, reference, reader, pairs, cancel);
            }
        }
    }
    measurer.end_pair(pairs);
}

/// Fills in the facts of two texts, if a look at them tells.
#[inline]
fn look(glance: Glance, pipeline: Pipeline, [prediction, reference]: [&[u8]; 2], facts: &mut Facts) -> Option<()> {
    match glance {
        Glance::Same => facts.equal = Equal(Reader::same(pipeline, prediction, reference)?),
        Glance::Blank => facts.blank = Blank(Reader::is_blank(pipeline, prediction)?),
        Glance::Lengths => {
            facts.hypothesis_len = Reader::length(pipeline, prediction)?;
            facts.reference_len = Reader::length(pipeline, reference)?;
        }
    }
    Some(())
}
