//! Why a pair has its scores: the tokens of each reading, what of them is matched, and the sums.

use textgauge_kernels::CancelFlag;

use crate::batch::Batch;
use crate::matched::{ExplainedReference, Shown, TokenTexts};
use crate::measure::Scratch;
use crate::plan::{Plan, PlannedReading};

/// Everything that the scores of one pair come from.
#[derive(Clone, Debug, Default)]
pub struct Explained {
    /// One for each of the plan's columns.
    pub scores: Vec<f64>,
    /// For each metric its sums, as it names them.
    pub sums: Vec<Vec<i64>>,
    /// For each metric which reference it took for the best; none where references count together.
    pub best: Vec<Option<usize>>,
    /// For each reading of the plan what it sees.
    pub readings: Vec<ExplainedReading>,
}

/// A pair under one reading.
#[derive(Clone, Debug, Default)]
pub struct ExplainedReading {
    /// The tokens of the prediction.
    pub prediction: TokenTexts,
    /// What each reference has in common with it.
    pub references: Vec<ExplainedReference>,
}

/// What each of the plan's readings sees of a row; which n-grams are matched only if `ngrams`.
pub(crate) fn readings_of(
    plan: &Plan,
    ngrams: bool,
    batch: &Batch<'_>,
    row: usize,
    scratch: &mut Scratch,
    cancel: &CancelFlag,
) -> Vec<ExplainedReading> {
    let each = plan.readings.iter().map(|reading| {
        let mut shown = Shown::from(reading.needs);
        if !ngrams {
            (shown.orders, shown.distinct_orders) = (0, 0);
        }
        explained_reading(reading, shown, batch, row, scratch, cancel)
    });
    each.collect()
}

pub(crate) fn explained_reading(
    reading: &PlannedReading,
    shown: Shown,
    batch: &Batch<'_>,
    row: usize,
    scratch: &mut Scratch,
    cancel: &CancelFlag,
) -> ExplainedReading {
    let Scratch { reader, hypothesis, reference, explain, .. } = scratch;
    let (pipeline, sentences) = (reading.pipeline, reading.needs.read_sentences());
    let source = batch.source_of(reading);
    reader.forget();
    reader.read(pipeline, source.prediction(row), sentences, hypothesis);
    let characters = pipeline.tokenizer.is_characters();
    let prediction = TokenTexts::new(characters, reader, hypothesis);
    let mut compounded = std::mem::take(&mut explain.compounded);
    let references = source.references(batch.references_of(row)).iter().map(|text| {
        reader.tokenize_reference(pipeline, text.unwrap_or_default(), sentences, reference);
        reader.stem(pipeline, reference);
        let mut read = &*hypothesis;
        if pipeline.compounds {
            reader.follow_compounds(hypothesis, reference, &mut compounded, cancel);
            read = &compounded;
        }
        ExplainedReference {
            tokens: TokenTexts::new(characters, reader, reference),
            prediction: pipeline.compounds.then(|| TokenTexts::new(characters, reader, read)),
            ..explain.matches(shown, read, reference, cancel)
        }
    });
    let references = references.collect();
    explain.compounded = compounded;
    ExplainedReading { prediction, references }
}
