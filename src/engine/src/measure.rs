//! Measures the facts of pairs: the one place where kernels meet tokens.

use textgauge_kernels::interner::{CodePointIds, Interner};
use textgauge_kernels::ngram_weights::{self, Shared};
use textgauge_kernels::overlap::{self, Joint, Matches, Texts, overlap};
use textgauge_kernels::token_key::Key;
use textgauge_kernels::union_lcs::{self, Sentences};
use textgauge_kernels::{CancelFlag, contiguous, distinct_ngrams, edit, fragments, ter, token_sets};
use textgauge_metrics::{Facts, Needs, Pairs, Reading};
use textgauge_text::{LongTokenTable, Reader, Tokens};

use crate::Information;

/// What one thread needs to measure pairs, kept from pair to pair.
#[derive(Default)]
pub(crate) struct Scratch {
    pub(crate) reader: Reader,
    pub(crate) hypothesis: Tokens,
    pub(crate) reference: Tokens,
    /// One for each reading of the plan.
    pub(crate) pairs: Vec<Pairs>,
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
    needs: Needs,
    characters: bool,
    interner: Interner,
    code_points: CodePointIds,
    hypothesis: Vec<u32>,
    reference: Vec<u32>,
    /// In use only while there are several references.
    joint: Option<Joint>,
    unused_joint: Joint,
    overlap: overlap::Scratch,
    union: union_lcs::Scratch,
    contiguous: contiguous::Scratch,
    ter: ter::Scratch,
    sets: token_sets::Scratch,
    types: distinct_ngrams::Scratch,
    fragments: fragments::Scratch,
    /// Whether the information that is shared is measured too.
    informed: bool,
    /// The tokens of the hypothesis, as ids among all references.
    among_all: Vec<u32>,
    information: ngram_weights::Scratch,
    edit: edit::Scratch,
}

impl Measurer {
    fn capacity_bytes(&self) -> usize {
        self.interner.capacity_bytes()
            + 4 * (self.hypothesis.capacity() + self.reference.capacity())
            + self.unused_joint.capacity_bytes()
            + self.overlap.capacity_bytes()
            + self.union.capacity_bytes()
            + self.contiguous.capacity_bytes()
            + self.ter.capacity_bytes()
            + self.sets.capacity_bytes()
            + self.types.capacity_bytes()
            + self.fragments.capacity_bytes()
            + 4 * self.among_all.capacity()
            + self.information.capacity_bytes()
            + self.edit.capacity_bytes()
    }

    /// TokenSets the hypothesis that the next `references` references are measured against.
    pub(crate) fn begin_pair(&mut self, reading: &Reading, tokens: &Tokens, references: usize) {
        self.needs = reading.needs;
        self.informed = false;
        self.characters = reading.pipeline.tokenizer.is_characters();
        if !self.needs.ids() {
            return;
        }
        if self.characters {
            self.code_points.clear();
            self.code_points.intern_all(&tokens.keys, &mut self.hypothesis);
        } else {
            self.interner.clear(tokens.keys.len());
            self.interner.intern_all(&tokens.keys, &mut self.hypothesis);
        }
        if self.needs.joint && references > 1 {
            let mut joint = std::mem::take(&mut self.unused_joint);
            joint.begin(tokens.keys.len(), self.needs.orders);
            self.joint = Some(joint);
        }
    }

    /// TokenSets what the n-grams of the hypothesis tell, whose long tokens are in `long`.
    pub(crate) fn inform(&mut self, information: &Information, tokens: &Tokens, long: &LongTokenTable) {
        self.informed = true;
        self.among_all.clear();
        self.among_all.extend(tokens.keys.iter().map(|&key| information.token(key, long)));
        self.information.begin(information.weights(), &self.hypothesis, &self.among_all);
    }

    /// The information that the hypothesis shares with the reference just measured, if it was set.
    pub(crate) fn shared_information(&mut self) -> Option<Shared> {
        self.informed.then(|| self.information.shared(&self.reference))
    }

    /// The facts of the hypothesis, given again for its sentences, and one reference.
    pub(crate) fn measure(&mut self, hypothesis: &Tokens, reference: &Tokens, cancel: &CancelFlag) -> Facts {
        let Self { needs, interner, code_points, hypothesis: hyp, reference: refs, .. } = self;
        let mut facts = of_keys(*needs, &hypothesis.keys, &reference.keys);
        if !needs.ids() {
            return facts;
        }
        let vocabulary = if self.characters {
            code_points.look_up_all(&reference.keys, refs);
            code_points.len()
        } else {
            interner.look_up_all(&reference.keys, refs);
            interner.len()
        };
        let texts = Texts { hypothesis: hyp, reference: refs, vocabulary };
        if needs.orders > 0 || needs.lcs {
            facts.overlap = overlap(texts, needs.orders, needs.lcs, self.joint.as_mut(), &mut self.overlap, cancel);
        }
        if needs.union_lcs {
            let hypothesis = Sentences { ids: hyp, breaks: &hypothesis.breaks };
            let reference = Sentences { ids: refs, breaks: &reference.breaks };
            facts.union_lcs = union_lcs::hits(hypothesis, reference, vocabulary, &mut self.union, cancel);
        }
        if needs.contiguous {
            facts.contiguous = contiguous::longest_run(hyp, refs, &mut self.contiguous);
        }
        if needs.edits {
            facts.edits = ter::edits(hyp, refs, &mut self.ter, cancel);
        }
        if needs.types {
            facts.types = distinct_ngrams::distinct_ngrams(texts, &mut self.types);
        }
        if needs.sets {
            facts.sets = token_sets::token_sets(refs, &reference.keys, vocabulary, &mut self.sets);
        }
        if needs.fragments {
            facts.fragments = fragments::fragments(texts, &mut self.fragments, cancel);
        }
        if needs.alignment {
            facts.alignment = edit::counts(texts, &mut self.edit, cancel);
            facts.distance = facts.alignment.edits();
        } else if needs.distance {
            facts.distance = edit::distance(texts, &mut self.edit, cancel);
        }
        facts
    }

    /// Ends the pair; what its references match together, where that was needed and there are several.
    pub(crate) fn end_pair(&mut self) -> Option<Matches> {
        let joint = self.joint.take()?;
        let matches = joint.matches();
        self.unused_joint = joint;
        Some(matches)
    }
}

/// What two lists of keys tell side by side.
fn of_keys(needs: Needs, hypothesis: &[Key], reference: &[Key]) -> Facts {
    let mut facts = Facts {
        hypothesis_len: hypothesis.len() as u32,
        reference_len: reference.len() as u32,
        equal: needs.equal && hypothesis == reference,
        prefix: needs.prefix && hypothesis.starts_with(reference),
        ..Facts::default()
    };
    if needs.difference {
        let number = |keys: &[Key]| keys.first().and_then(|key| key.integer()).unwrap_or(0);
        // Both have 119 bits at most.
        let difference = (number(hypothesis) - number(reference)).abs();
        facts.difference = i64::try_from(difference).unwrap_or(i64::MAX);
    }
    facts
}
