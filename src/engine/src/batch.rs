//! Texts, borrowed from whoever holds them.

use textgauge_kernels::prefetch;

use crate::Prepared;

/// A text in generalised UTF-8; `None` where there is none.
pub type Text<'a> = Option<&'a [u8]>;

/// What one source sees: the texts themselves, or what one of the caller's tokenizers made of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokenSource<'a> {
    /// One text a row.
    pub predictions: &'a [Text<'a>],
    /// The references of all rows, row after row; empty where they are prepared.
    pub references: &'a [Text<'a>],
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
    /// Where the references of each row are.
    pub references: References<'a>,
    /// How many rows there are.
    pub rows: usize,
    /// Whether any text may be missing.
    pub nulls: bool,
    /// The group of each row, for sums by group; all in group 0 if `None`.
    pub groups: Option<&'a [u32]>,
}

impl<'a> Batch<'a> {
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
    pub(crate) fn prefetch(&self, source: usize, row: usize) {
        let source = &self.sources[source];
        for text in
            source.predictions[row..=row].iter().chain(source.references.get(self.references_of(row)).unwrap_or(&[]))
        {
            let text = text.unwrap_or_default();
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
