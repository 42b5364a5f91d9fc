//! Measures the facts of pairs: the one place where kernels meet tokens.

use textgauge_kernels::key::Interner;
use textgauge_kernels::overlap::{self, overlap};
use textgauge_kernels::union::{self, Sentences};
use textgauge_kernels::{CancelFlag, contiguous};
use textgauge_metrics::{Facts, Needs, Pairs};
use textgauge_text::{Reader, Tokens};

/// What one thread needs to measure pairs, kept from pair to pair.
#[derive(Default)]
pub(crate) struct Scratch {
    pub(crate) reader: Reader,
    pub(crate) hypothesis: Tokens,
    pub(crate) reference: Tokens,
    pub(crate) pairs: Pairs,
    pub(crate) rows: Vec<i64>,
    pub(crate) outputs: Vec<f64>,
    pub(crate) measurer: Measurer,
}

/// Beyond this, buffers that an unusually long text has grown are given back.
const KEPT_BYTES: usize = 8 << 20;

impl Scratch {
    /// Gives memory back if an unusually long text has grown it.
    pub(crate) fn trim(&mut self) {
        let tokens = |tokens: &Tokens| 16 * tokens.keys.capacity() + 4 * tokens.breaks.capacity();
        let held = self.reader.capacity_bytes()
            + tokens(&self.hypothesis)
            + tokens(&self.reference)
            + self.measurer.capacity_bytes();
        if held > KEPT_BYTES {
            *self = Self::default();
        }
    }
}

/// Measures what a hypothesis shares with references.
#[derive(Default)]
pub(crate) struct Measurer {
    interner: Interner,
    hypothesis: Vec<u32>,
    reference: Vec<u32>,
    overlap: overlap::Scratch,
    union: union::Scratch,
    contiguous: contiguous::Scratch,
}

impl Measurer {
    fn capacity_bytes(&self) -> usize {
        self.interner.capacity_bytes()
            + 4 * (self.hypothesis.capacity() + self.reference.capacity())
            + self.overlap.capacity_bytes()
            + self.union.capacity_bytes()
            + self.contiguous.capacity_bytes()
    }

    /// Sets the hypothesis that the next references are measured against.
    pub(crate) fn set_hypothesis(&mut self, tokens: &Tokens) {
        self.interner.clear(tokens.keys.len());
        self.interner.intern_all(&tokens.keys, &mut self.hypothesis);
    }

    /// The facts of the hypothesis, given again for its sentences, and one reference.
    pub(crate) fn measure(
        &mut self,
        needs: Needs,
        hypothesis: &Tokens,
        reference: &Tokens,
        cancel: &CancelFlag,
    ) -> Facts {
        let Self { interner, hypothesis: hyp, reference: refs, .. } = self;
        interner.look_up_all(&reference.keys, refs);
        let vocabulary = interner.len();
        let mut facts =
            Facts { hypothesis_len: hyp.len() as u32, reference_len: refs.len() as u32, ..Facts::default() };
        if needs.orders > 0 || needs.lcs {
            facts.overlap = overlap(hyp, refs, vocabulary, needs.orders, needs.lcs, &mut self.overlap, cancel);
        }
        if needs.union_lcs {
            let hypothesis = Sentences { ids: hyp, breaks: &hypothesis.breaks };
            let reference = Sentences { ids: refs, breaks: &reference.breaks };
            facts.union_lcs = union::hits(hypothesis, reference, vocabulary, &mut self.union, cancel);
        }
        if needs.contiguous {
            facts.contiguous = contiguous::longest_run(hyp, refs, &mut self.contiguous);
        }
        facts
    }
}
