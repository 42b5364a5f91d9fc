//! Texts, borrowed from whoever holds them.

use textgauge_kernels::prefetch;

use crate::Prepared;
use crate::plan::PlannedReading;

/// A text in generalised UTF-8; `None` where there is none.
pub type Text<'a> = Option<&'a [u8]>;

/// What one source sees: the texts themselves, or what one of the caller's tokenizers made of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokenSource<'a> {
    /// One text a row.
    pub predictions: &'a [Text<'a>],
    /// The references of all rows, row after row; empty where they are prepared.
    pub references: &'a [Text<'a>],
    /// The row of the first prediction,
    pub(crate) first_row: usize,
    /// and the number of the first reference: 0, unless this is what transforms made of some rows.
    pub(crate) first_reference: usize,
}

impl<'a> TokenSource<'a> {
    /// The texts of all rows of a batch.
    pub fn new(predictions: &'a [Text<'a>], references: &'a [Text<'a>]) -> Self {
        Self { predictions, references, first_row: 0, first_reference: 0 }
    }

    /// The prediction of a row; empty if it is missing.
    pub(crate) fn prediction(&self, row: usize) -> &'a [u8] {
        self.predictions[row - self.first_row].unwrap_or_default()
    }

    /// The references of these numbers; none if they are prepared.
    pub(crate) fn references(&self, numbers: std::ops::Range<usize>) -> &'a [Text<'a>] {
        let first = self.first_reference;
        self.references.get(numbers.start - first..numbers.end - first).unwrap_or_default()
    }
}

/// Where the references of each row are.
#[derive(Clone, Copy, Debug)]
pub enum References<'a> {
    /// One a row.
    Single,
    /// Those of row `i` are `ends[i - 1]..ends[i]` in every source, from 0 for the first row.
    Ragged(&'a [usize]),
    /// Prepared before, those of row `i` under number `first + i`.
    Prepared {
        /// What was prepared.
        prepared: &'a Prepared,
        /// The number of the first row.
        first: usize,
    },
}

/// Rows of texts to be scored.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// What each source sees; every source that the plan reads has the same rows.
    pub sources: &'a [TokenSource<'a>],
    /// What each of the plan's chains of transforms made of the texts; of no rows before scoring.
    pub(crate) transformed: &'a [TokenSource<'a>],
    /// Where the references of each row are.
    pub references: References<'a>,
    /// How many rows there are.
    pub rows: usize,
    /// Whether any text may be missing.
    pub nulls: bool,
    /// The group of each row, for sums by group; all in group 0 if `None`.
    pub groups: Option<&'a [u32]>,
    /// What errors call the first row.
    pub first_row: usize,
}

impl<'a> Batch<'a> {
    /// Rows that may lack texts if `nulls` says so, in one group.
    pub fn new(sources: &'a [TokenSource<'a>], references: References<'a>, rows: usize, nulls: bool) -> Self {
        Self { sources, transformed: &[], references, rows, nulls, groups: None, first_row: 0 }
    }

    /// The same rows in these groups, one number a row; all in one if there are none.
    pub fn in_groups(self, groups: Option<&'a [u32]>) -> Self {
        Self { groups, ..self }
    }

    /// The same rows, numbered from `first_row` on in errors.
    pub fn numbered_from(self, first_row: usize) -> Self {
        Self { first_row, ..self }
    }

    /// What a reading sees.
    pub(crate) fn source_of(&self, reading: &PlannedReading) -> &'a TokenSource<'a> {
        match reading.chain {
            Some(chain) => &self.transformed[chain],
            None => &self.sources[reading.pipeline.source],
        }
    }

    /// Which references of a source, or of those prepared, belong to `row`.
    pub(crate) fn references_of(&self, row: usize) -> std::ops::Range<usize> {
        match self.references {
            References::Single => row..row + 1,
            References::Ragged(ends) => row.checked_sub(1).map_or(0, |before| ends[before])..ends[row],
            References::Prepared { prepared, first } => prepared.references_of(first + row),
        }
    }

    /// Whether a text of `row` is missing, so that it has no score.
    pub(crate) fn is_null(&self, row: usize) -> bool {
        if !self.nulls {
            return false;
        }
        let references = self.references_of(row);
        self.sources.iter().any(|source| {
            source.predictions.get(row).is_some_and(Option::is_none)
                || source.references.get(references.clone()).is_some_and(|texts| texts.iter().any(Option::is_none))
        }) || matches!(self.references, References::Prepared { prepared, first } if prepared.is_null(first + row))
    }

    /// Asks for the beginning of the texts of `row` to be brought near.
    pub(crate) fn prefetch(&self, reading: &PlannedReading, row: usize) {
        let source = self.source_of(reading);
        let references = source.references(self.references_of(row)).iter().map(|text| text.unwrap_or_default());
        for text in std::iter::once(source.prediction(row)).chain(references) {
            prefetch(&text[..text.len().min(FETCHED)]);
        }
    }

    /// Bytes to be read for `row`: the measure by which work is cut into chunks.
    pub(crate) fn work(&self, row: usize) -> usize {
        let len = |text: &Text<'_>| text.map_or(0, <[u8]>::len);
        let texts = |source: &TokenSource<'_>| {
            let references: usize = source.references.get(self.references_of(row)).unwrap_or(&[]).iter().map(len).sum();
            source.predictions.get(row).map_or(0, len) + references
        };
        self.sources.iter().map(texts).sum::<usize>() + ROW_WORK
    }
}

/// What a row costs beyond its bytes, in bytes.
const ROW_WORK: usize = 64;

/// How much of a text is fetched ahead; from there on the processor has seen the pattern.
const FETCHED: usize = 1024;
