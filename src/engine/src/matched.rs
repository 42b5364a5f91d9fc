//! What of two texts is matched, and how that is shown.

use textgauge_kernels::buffers;
use textgauge_kernels::contiguous::{self, Run};
use textgauge_kernels::edit::{self, Chunk, EditNeed};
use textgauge_kernels::interner::Interner;
use textgauge_kernels::ngram_marks::{self, Marks};
use textgauge_kernels::pair::Texts;
use textgauge_kernels::ter::{self, Script};
use textgauge_kernels::union_lcs::{self, Sentences};
use textgauge_kernels::{CancelFlag, lcs_path};
use textgauge_metrics::Needs;
use textgauge_text::{Reader, Tokens};

/// What is shown of a pair under one reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Which n-grams of orders 1 up to this are matched.
    pub orders: usize,
    /// The same, if each distinct n-gram counts once.
    pub distinct_orders: usize,
    /// The longest common subsequence.
    pub lcs: bool,
    /// The hits of the union LCS over sentences.
    pub union_lcs: bool,
    /// The longest common contiguous run.
    pub run: bool,
    /// The edits.
    pub edits: bool,
    /// The shifts, and the edits that they leave.
    pub shifts: bool,
}

impl From<Needs> for Shown {
    fn from(needs: Needs) -> Self {
        let shared = usize::from(needs.shared_tokens);
        Self {
            orders: needs.overlap.orders.max(needs.shared_weights).max(shared),
            distinct_orders: needs.ngram_sets.max(usize::from(needs.token_sets)),
            lcs: needs.overlap.lcs,
            union_lcs: needs.union_lcs,
            run: needs.contiguous,
            edits: needs.edits != EditNeed::Nothing,
            shifts: needs.shift_edits,
        }
    }
}

/// A reference under one reading.
#[derive(Clone, Debug, Default)]
pub struct ExplainedReference {
    /// Its tokens.
    pub tokens: TokenTexts,
    /// The tokens of the prediction, where it is read with the word boundaries of this reference.
    pub prediction: Option<TokenTexts>,
    /// Clipped matches by order, one after the other.
    pub ngrams: Vec<Marks>,
    /// Matches of distinct n-grams by order.
    pub distinct: Vec<Marks>,
    /// The tokens of a longest common subsequence.
    pub lcs: Option<Path>,
    /// The tokens of the reference that the union LCS counts.
    pub union_lcs: Option<Path>,
    /// The first of the longest common runs; an empty one if no token is shared.
    pub run: Option<Run>,
    /// The edits that make the prediction of the reference.
    pub edits: Option<Vec<Chunk>>,
    /// The shifts of words of the prediction, and the edits that they leave.
    pub shifts: Option<Script>,
}

/// The tokens of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Path {
    /// Whether each token is on it.
    Of(Marks),
    /// The texts are too long for it to be looked for.
    TooLong,
}

/// The tokens of a text, as text.
#[derive(Clone, Debug, Default)]
pub struct TokenTexts {
    /// All of them, with nothing between.
    pub bytes: Vec<u8>,
    /// Where each ends in `bytes`.
    pub ends: Vec<usize>,
    /// The number of tokens before each end of a sentence that others follow, if sentences matter.
    pub breaks: Vec<u32>,
    /// Whether every token is one code point.
    pub are_characters: bool,
}

impl TokenTexts {
    pub(crate) fn new(are_characters: bool, reader: &Reader, tokens: &Tokens) -> Self {
        let mut texts = Self {
            bytes: Vec::with_capacity(8 * tokens.keys.len()),
            ends: Vec::with_capacity(tokens.keys.len()),
            breaks: tokens.breaks.clone(),
            are_characters,
        };
        for &key in &tokens.keys {
            reader.append_token(key, &mut texts.bytes);
            texts.ends.push(texts.bytes.len());
        }
        texts
    }

    /// Each token.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.ends.len()).map(|number| self.get(number))
    }

    /// The token of this number.
    ///
    /// # Panics
    /// If there are not so many.
    pub fn get(&self, number: usize) -> &[u8] {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[number]]
    }
}

/// The most cells of the table of an LCS whose path is looked for: seconds of work, and some tens of megabytes.
const MOST_CELLS: usize = 1 << 37;

buffers! {
    /// Buffers of all that is shown of a pair.
    pub(crate) struct ExplainScratch {
        pub(crate) compounded: Tokens,
        interner: Interner,
        hypothesis: Vec<u32>,
        reference: Vec<u32>,
        ngrams: ngram_marks::Scratch,
        path: lcs_path::Scratch,
        run: contiguous::Scratch,
        edits: edit::Scratch,
        shifts: ter::Scratch,
    }
}

impl ExplainScratch {
    /// What is shown, but for the tokens.
    pub(crate) fn matches(
        &mut self,
        shown: Shown,
        hypothesis: &Tokens,
        reference: &Tokens,
        cancel: &CancelFlag,
    ) -> ExplainedReference {
        self.interner.clear(hypothesis.keys.len());
        self.interner.intern_all(&hypothesis.keys, &mut self.hypothesis);
        self.interner.look_up_all(&reference.keys, &mut self.reference);
        let texts = Texts { hypothesis: &self.hypothesis, reference: &self.reference, vocabulary: self.interner.len() };
        let cells = texts.hypothesis.len().saturating_mul(texts.reference.len());
        let mut path = |of: fn(Texts<'_>, [&[u32]; 2], &mut lcs_path::Scratch, &CancelFlag) -> Marks| {
            if cells > MOST_CELLS {
                return Path::TooLong;
            }
            Path::Of(of(texts, [&hypothesis.breaks, &reference.breaks], &mut self.path, cancel))
        };
        let none = Run { hypothesis: 0, reference: 0, length: 0 };
        ExplainedReference {
            lcs: shown.lcs.then(|| path(lcs_of)),
            union_lcs: shown.union_lcs.then(|| path(union_lcs_of)),
            ngrams: ngram_marks::marks(texts, shown.orders, false, &mut self.ngrams),
            distinct: ngram_marks::marks(texts, shown.distinct_orders, true, &mut self.ngrams),
            run: shown.run.then(|| {
                contiguous::first_longest_run(texts.hypothesis, texts.reference, &mut self.run).unwrap_or(none)
            }),
            edits: shown.edits.then(|| {
                let mut chunks = Vec::new();
                edit::alignment(texts, &mut chunks, &mut self.edits, cancel);
                chunks
            }),
            shifts: shown.shifts.then(|| ter::script(texts.hypothesis, texts.reference, &mut self.shifts, cancel)),
            ..ExplainedReference::default()
        }
    }
}

fn no_marks(texts: Texts<'_>) -> Marks {
    Marks { hypothesis: vec![false; texts.hypothesis.len()], reference: vec![false; texts.reference.len()] }
}

fn lcs_of(texts: Texts<'_>, _: [&[u32]; 2], scratch: &mut lcs_path::Scratch, cancel: &CancelFlag) -> Marks {
    let mut marks = no_marks(texts);
    lcs_path::path(texts.reference, texts.hypothesis, texts.vocabulary, scratch, cancel, |in_reference, at| {
        (marks.reference[in_reference], marks.hypothesis[at]) = (true, true);
    });
    marks
}

/// The hits are tokens of the reference; of the hypothesis, the first occurrences of each stand for them.
fn union_lcs_of(
    texts: Texts<'_>,
    [hypothesis, reference]: [&[u32]; 2],
    scratch: &mut lcs_path::Scratch,
    cancel: &CancelFlag,
) -> Marks {
    let mut marks = no_marks(texts);
    let mut hits = vec![0_u32; texts.vocabulary + 1];
    let sentences = [(texts.hypothesis, hypothesis), (texts.reference, reference)];
    let [of_hypothesis, of_reference] = sentences.map(|(ids, breaks)| Sentences { ids, breaks });
    union_lcs::each_hit_position(of_hypothesis, of_reference, texts.vocabulary, scratch, cancel, |at| {
        marks.reference[at] = true;
        hits[texts.reference[at] as usize] += 1;
    });
    for (mark, &id) in marks.hypothesis.iter_mut().zip(texts.hypothesis) {
        *mark = hits[id as usize] > 0;
        hits[id as usize] -= u32::from(*mark);
    }
    marks
}
