//! Which tokens are substituted, deleted and inserted most often.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use textgauge_kernels::edit::{self, Chunk, Counts, Kind};
use textgauge_kernels::interner::Interner;
use textgauge_kernels::overlap::Texts;
use textgauge_kernels::token_key::Key;
use textgauge_text::{Reader, Tokens};

use crate::batch::Batch;
use crate::measure::Scratch;
use crate::plan::Plan;
use crate::run::Run;
use crate::transformed::for_each_row;
use crate::{CancelFlag, Error};

/// How often each run of tokens became another. The counts of parts add up to those of the whole.
#[derive(Clone, Debug, Default)]
pub struct ErrorCounts {
    counts: HashMap<Change, u64, RandomState>,
}

/// What became of a run of tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Change {
    /// `substitute`, `delete` or `insert`.
    pub kind: &'static str,
    /// What stood in the reference, then what stands for it in the hypothesis.
    texts: Vec<u8>,
    /// How many bytes of it stood in the reference.
    reference: usize,
}

impl Change {
    /// What stood in the reference.
    pub fn reference(&self) -> &[u8] {
        &self.texts[..self.reference]
    }

    /// What stands for it in the hypothesis.
    pub fn hypothesis(&self) -> &[u8] {
        &self.texts[self.reference..]
    }

    fn in_order(&self) -> (&str, &[u8], &[u8]) {
        (self.kind, self.reference(), self.hypothesis())
    }
}

impl ErrorCounts {
    fn count(&mut self, change: &Change) {
        match self.counts.get_mut(change) {
            Some(count) => *count += 1,
            None => _ = self.counts.insert(change.clone(), 1),
        }
    }

    /// Adds those of other rows.
    fn merge(&mut self, other: Self) {
        if self.counts.is_empty() {
            *self = other;
            return;
        }
        // Sums, so that the order of the table is no matter.
        other.counts.into_iter().for_each(|(change, count)| *self.counts.entry(change).or_default() += count);
    }

    /// Every change with its count, the most frequent first, and among equals by what stood there.
    pub fn sorted(self) -> Vec<(Change, u64)> {
        let mut all: Vec<_> = self.counts.into_iter().collect();
        all.sort_unstable_by(|(left, many), (right, more)| {
            more.cmp(many).then_with(|| left.in_order().cmp(&right.in_order()))
        });
        all
    }
}

/// Adds to `counts` the changes in every row of `batch` that has all its texts, as the plan's first metric reads them:
/// those of the shortest script, of several the one that [`edit::alignment`] finds. Consecutive tokens with the same edit
/// are one change, with `separator` between them. Of several references, that with the lowest error rate counts, the first
/// of equals.
///
/// # Errors
/// [`Error::Cancelled`]; [`Error::NoThreads`]. Nothing is added then.
pub fn count_errors(
    plan: &Plan,
    batch: &Batch<'_>,
    separator: &[u8],
    counts: &mut ErrorCounts,
    run: &mut Run<'_>,
    cancel: &CancelFlag,
) -> Result<(), Error> {
    let parts = for_each_row(plan, batch, run, cancel, |batch, row, part: &mut (ErrorCounts, Aligner), scratch| {
        let (counts, aligner) = part;
        if !batch.is_null(row) {
            aligner.count(plan, batch, row, separator, counts, scratch, cancel);
        }
    })?;
    parts.into_iter().for_each(|(part, _)| counts.merge(part));
    Ok(())
}

/// Aligns one text with others.
#[derive(Default)]
struct Aligner {
    interner: Interner,
    hypothesis: Vec<u32>,
    reference: Vec<u32>,
    chunks: Vec<Chunk>,
    best: Vec<Chunk>,
    best_reference: Vec<Key>,
    best_hypothesis: Vec<Key>,
    /// The hypothesis with the word boundaries of a reference.
    compounded: Tokens,
    change: Change,
    scratch: edit::Scratch,
}

impl Aligner {
    #[expect(clippy::too_many_arguments, reason = "the state of one loop")]
    fn count(
        &mut self,
        plan: &Plan,
        batch: &Batch<'_>,
        row: usize,
        separator: &[u8],
        part: &mut ErrorCounts,
        scratch: &mut Scratch,
        cancel: &CancelFlag,
    ) {
        let reading = &plan.readings[0];
        let source = batch.source_of(reading);
        let Scratch { reader, hypothesis, reference, .. } = scratch;
        reader.forget();
        reader.read(reading.pipeline, source.prediction(row), false, hypothesis);
        self.interner.clear(hypothesis.keys.len());
        self.interner.intern_all(&hypothesis.keys, &mut self.hypothesis);
        let mut lowest: Option<f64> = None;
        for text in source.references(batch.references_of(row)) {
            reader.tokenize_reference(reading.pipeline, text.unwrap_or_default(), false, reference);
            reader.stem(reading.pipeline, reference);
            let mut read = &*hypothesis;
            if reading.pipeline.compounds {
                reader.follow_compounds(hypothesis, reference, &mut self.compounded, cancel);
                read = &self.compounded;
                self.interner.clear(read.keys.len());
                self.interner.intern_all(&read.keys, &mut self.hypothesis);
            }
            self.interner.look_up_all(&reference.keys, &mut self.reference);
            let texts =
                Texts { hypothesis: &self.hypothesis, reference: &self.reference, vocabulary: self.interner.len() };
            let counts: Counts = edit::alignment(texts, &mut self.chunks, &mut self.scratch, cancel);
            let rate = f64::from(counts.edits()) / reference.keys.len().max(1) as f64;
            if lowest.is_none_or(|lowest| rate < lowest) {
                lowest = Some(rate);
                std::mem::swap(&mut self.chunks, &mut self.best);
                self.best_reference.clone_from(&reference.keys);
                self.best_hypothesis.clone_from(&read.keys);
            }
        }
        let change = &mut self.change;
        for chunk in self.best.drain(..).filter(|chunk| chunk.kind != Kind::Equal) {
            change.kind = chunk.kind.name();
            change.texts.clear();
            append_tokens(reader, &self.best_reference, chunk.reference, separator, &mut change.texts);
            change.reference = change.texts.len();
            append_tokens(reader, &self.best_hypothesis, chunk.hypothesis, separator, &mut change.texts);
            part.count(change);
        }
    }
}

/// Adds the tokens from `start` to `end` with a separator between them.
fn append_tokens(reader: &Reader, keys: &[Key], [start, end]: [u32; 2], separator: &[u8], text: &mut Vec<u8>) {
    for (number, &key) in keys[start as usize..end as usize].iter().enumerate() {
        if number > 0 {
            text.extend_from_slice(separator);
        }
        reader.append_token(key, text);
    }
}
