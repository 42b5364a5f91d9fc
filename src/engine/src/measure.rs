//! Measures the facts of pairs: the one place where kernels meet tokens.

use textgauge_kernels::CancelFlag;
use textgauge_kernels::buffers;
use textgauge_kernels::fact::{Hypothesis, TokenPair};
use textgauge_kernels::held::HeldBytes;
use textgauge_kernels::interner::{CodePointIds, Interner};
use textgauge_kernels::overlap::Texts;
use textgauge_metrics::{FactMeasurer, Pairs};
use textgauge_text::{LongTokenTable, Reader, Tokens};

use crate::chain_texts::ChainTexts;
use crate::matched::ExplainScratch;
use crate::plan::PlannedReading;

buffers! {
    /// What one thread needs to measure pairs, kept from pair to pair.
    pub(crate) struct Scratch {
        pub(crate) reader: Reader,
        pub(crate) hypothesis: Tokens,
        pub(crate) reference: Tokens,
        /// One for each reading of the plan.
        pub(crate) pairs: Vec<Pairs>,
        pub(crate) rows: Vec<i64>,
        pub(crate) outputs: Vec<f64>,
        /// One for each of the plan's chains of transforms.
        pub(crate) transformed: Vec<ChainTexts>,
        pub(crate) measurer: Measurer,
        pub(crate) explain: ExplainScratch,
    }
}

/// Beyond this, buffers that an unusually long text has grown are given back. The array of code points alone takes a
/// third of it.
const KEPT_BYTES: usize = 12 << 20;

impl Scratch {
    /// Gives memory back if an unusually long text has grown it.
    pub(crate) fn trim(&mut self) {
        if self.held_bytes() > KEPT_BYTES {
            *self = Self::default();
        }
    }
}

buffers! {
    /// Measures what a hypothesis shares with references.
    pub(crate) struct Measurer {
        /// How a hypothesis is read for one reference, where its words are written as that writes them.
        compounded: Tokens,
        read_ids: bool,
        characters: bool,
        interner: Interner,
        code_points: CodePointIds,
        hypothesis: Vec<u32>,
        reference: Vec<u32>,
        /// The tokens of the hypothesis, as ids in the corpus that the reading was fitted to.
        in_corpus: Vec<u32>,
        facts: FactMeasurer,
    }
}

impl Measurer {
    /// Sets the hypothesis that the next `references` references are measured against, whose long tokens are in `long`.
    pub(crate) fn begin_pair(
        &mut self,
        reading: &PlannedReading,
        tokens: &Tokens,
        long: &LongTokenTable,
        references: usize,
    ) {
        self.read_ids = reading.needs.read_ids();
        self.characters = reading.pipeline.tokenizer.is_characters();
        if !self.read_ids {
            return;
        }
        if self.characters {
            self.code_points.clear();
            self.code_points.intern_all(&tokens.keys, &mut self.hypothesis);
        } else {
            self.interner.clear(tokens.keys.len());
            self.interner.intern_all(&tokens.keys, &mut self.hypothesis);
        }
        let fitted = reading.fitted.as_deref().map(|fitted| fitted.tokens(&tokens.keys, long, &mut self.in_corpus));
        self.facts.begin(&reading.needs, Hypothesis { ids: &self.hypothesis, references, fitted });
    }

    /// Adds to `pairs` the facts of the hypothesis, given again for its sentences, and one reference. `reader` knows
    /// the tokens of both.
    pub(crate) fn measure(
        &mut self,
        reading: &PlannedReading,
        hypothesis: &Tokens,
        reference: &Tokens,
        reader: &mut Reader,
        pairs: &mut Pairs,
        cancel: &CancelFlag,
    ) {
        if !reading.pipeline.compounds {
            return self.measure_tokens(reading, hypothesis, reference, pairs, cancel);
        }
        let mut compounded = std::mem::take(&mut self.compounded);
        reader.follow_compounds(hypothesis, reference, &mut compounded, cancel);
        self.begin_pair(reading, &compounded, reader.long_tokens(), 1);
        self.measure_tokens(reading, &compounded, reference, pairs, cancel);
        self.compounded = compounded;
    }

    fn measure_tokens(
        &mut self,
        reading: &PlannedReading,
        hypothesis: &Tokens,
        reference: &Tokens,
        pairs: &mut Pairs,
        cancel: &CancelFlag,
    ) {
        let mut ids = Texts { hypothesis: &[], reference: &[], vocabulary: 0 };
        if self.read_ids {
            let vocabulary = if self.characters {
                self.code_points.look_up_all(&reference.keys, &mut self.reference);
                self.code_points.len()
            } else {
                self.interner.look_up_all(&reference.keys, &mut self.reference);
                self.interner.len()
            };
            ids = Texts { hypothesis: &self.hypothesis, reference: &self.reference, vocabulary };
        }
        let keys = [hypothesis.keys.as_slice(), &reference.keys];
        let breaks = [hypothesis.breaks.as_slice(), &reference.breaks];
        self.facts.measure(&reading.needs, TokenPair { ids, keys, breaks }, pairs, cancel);
    }

    /// Ends the pair that `pairs` was being filled with.
    pub(crate) fn end_pair(&mut self, pairs: &mut Pairs) {
        self.facts.end_pair(pairs);
    }
}
