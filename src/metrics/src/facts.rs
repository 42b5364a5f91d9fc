//! What is measured of a pair, once, for every metric that reads it under the same pipeline.

use textgauge_kernels::distinct_ngrams::DistinctNgrams;
use textgauge_kernels::edit;
use textgauge_kernels::fragments::Fragments;
use textgauge_kernels::ngram_weights::Shared;
use textgauge_kernels::overlap::{MAX_ORDER, Matches, Overlap};
use textgauge_kernels::token_sets::TokenSets;

use crate::Pipeline;

/// Which facts a metric reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Clipped n-gram matches of orders 1 up to this; 0 for none.
    pub orders: usize,
    /// Those matches also clipped jointly over all references of a pair.
    pub joint: bool,
    /// The length of the longest common subsequence.
    pub lcs: bool,
    /// The hits of the union LCS over sentences.
    pub union_lcs: bool,
    /// The length of the longest common contiguous run.
    pub contiguous: bool,
    /// The edits of the translation edit rate.
    pub edits: bool,
    /// The edit distance.
    pub distance: bool,
    /// How often each edit is made in the script that rapidfuzz finds.
    pub alignment: bool,
    /// Distinct n-grams.
    pub types: bool,
    /// Extractive fragments.
    pub fragments: bool,
    /// The information of shared n-grams.
    pub information: Option<Information>,
    /// Whether the tokens are the same.
    pub equal: bool,
    /// Whether the reference's tokens begin the hypothesis.
    pub prefix: bool,
    /// The counts of both texts as sets.
    pub sets: bool,
    /// How far apart the numbers are that the tokens stand for.
    pub difference: bool,
}

/// How much n-grams tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Information {
    /// Orders 1 up to this.
    pub orders: usize,
    /// The fingerprint of the weights; `None` if they are those of the references of each call. The metric that
    /// needs them then has an option `weights`, under which it takes the fingerprint as hexadecimal digits.
    pub weights: Option<u64>,
}

impl Information {
    fn union(self, other: Self) -> Self {
        Self { orders: self.orders.max(other.orders), ..self }
    }
}

impl Needs {
    /// Whether both can be met at once: not if they are about different weights.
    pub fn go_with(self, other: Self) -> bool {
        self.information.zip(other.information).is_none_or(|(own, other)| own.weights == other.weights)
    }

    /// What either needs.
    pub fn union(self, other: Self) -> Self {
        Self {
            orders: self.orders.max(other.orders),
            joint: self.joint | other.joint,
            lcs: self.lcs | other.lcs,
            union_lcs: self.union_lcs | other.union_lcs,
            contiguous: self.contiguous | other.contiguous,
            edits: self.edits | other.edits,
            types: self.types | other.types,
            fragments: self.fragments | other.fragments,
            information: match (self.information, other.information) {
                (Some(own), Some(other)) => Some(own.union(other)),
                (own, other) => own.or(other),
            },
            equal: self.equal | other.equal,
            prefix: self.prefix | other.prefix,
            sets: self.sets | other.sets,
            difference: self.difference | other.difference,
            distance: self.distance | other.distance,
            alignment: self.alignment | other.alignment,
        }
    }

    /// Whether anything is needed beyond lengths that can't be told from two lists of keys side by side.
    pub fn ids(self) -> bool {
        Self { equal: false, prefix: false, difference: false, ..self } != Self::default()
    }
}

/// One way in which a metric reads texts, and what it wants to know of them so read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// How text becomes ids.
    pub pipeline: Pipeline,
    /// Which facts are read.
    pub needs: Needs,
}

/// The most readings that a metric may have.
pub const MAX_READINGS: usize = 2;

/// What was measured of a hypothesis and one reference. Facts that nobody needed are 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Tokens in the hypothesis.
    pub hypothesis_len: u32,
    /// Tokens in the reference.
    pub reference_len: u32,
    /// Clipped n-gram matches by order, and the LCS length.
    pub overlap: Overlap,
    /// Hits of the union LCS over sentences.
    pub union_lcs: u32,
    /// Length of the longest common contiguous run.
    pub contiguous: u32,
    /// Edits, shifts among them, that make the reference of the hypothesis.
    pub edits: u32,
    /// Distinct n-grams of the hypothesis.
    pub types: DistinctNgrams,
    /// Stretches of the reference that the hypothesis is put together of.
    pub fragments: Fragments,
    /// Whether the tokens are the same, in the same order.
    pub equal: bool,
    /// Whether the hypothesis begins with the tokens of the reference.
    pub prefix: bool,
    /// Distinct tokens.
    pub sets: TokenSets,
    /// How far apart the numbers are that the first tokens stand for, no number being 0; at most [`i64::MAX`].
    pub difference: i64,
    /// The edit distance.
    pub distance: u32,
    /// How often each edit is made in the script that rapidfuzz finds.
    pub alignment: edit::Counts,
}

/// What was measured of a pair under one reading.
#[derive(Clone, Copy, Debug)]
pub struct PairFacts<'a> {
    /// The facts of each reference, at least one.
    pub references: &'a [Facts],
    /// Matches clipped by the highest count of any reference, if that was needed.
    pub joint: &'a Matches,
    /// The information shared with each reference, if that was needed.
    pub information: &'a [Shared],
}

impl PairFacts<'_> {
    /// To fill a place with.
    pub(crate) const NONE: PairFacts<'static> = PairFacts { references: &[], joint: &[0; MAX_ORDER], information: &[] };
}

/// The facts of a run of pairs: for each pair, one [`Facts`] for each of its references.
#[derive(Default)]
pub struct Pairs {
    facts: Vec<Facts>,
    /// Joint matches of those pairs that have several references.
    joint: Vec<Matches>,
    /// One for each of `facts`, or none at all.
    information: Vec<Shared>,
    /// For each pair where its facts end, and where those of `joint` do.
    ends: Vec<(usize, usize)>,
}

impl Pairs {
    /// Forgets every pair.
    pub fn clear(&mut self) {
        self.facts.clear();
        self.joint.clear();
        self.information.clear();
        self.ends.clear();
    }

    /// Adds facts of one reference to the pair that is being filled.
    pub fn push(&mut self, facts: Facts) {
        self.facts.push(facts);
    }

    /// Adds the information shared with the reference whose facts were added last.
    pub fn push_information(&mut self, shared: Shared) {
        self.information.push(shared);
    }

    /// Ends the pair that was being filled; `joint` are its joint matches, where they are not those of its
    /// only reference.
    pub fn end_pair(&mut self, joint: Option<Matches>) {
        self.joint.extend(joint);
        self.ends.push((self.facts.len(), self.joint.len()));
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no pair.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The facts of pair number `index`.
    #[inline]
    pub fn get(&self, index: usize) -> PairFacts<'_> {
        let (start, joint_start) = index.checked_sub(1).map_or((0, 0), |before| self.ends[before]);
        let (end, joint_end) = self.ends[index];
        let references = &self.facts[start..end];
        let joint = if joint_end > joint_start { &self.joint[joint_start] } else { &references[0].overlap.matches };
        PairFacts { references, joint, information: self.information.get(start..end).unwrap_or(&[]) }
    }
}
