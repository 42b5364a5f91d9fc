//! What is measured of a pair, once, for every metric that reads it under the same pipeline.

use textgauge_kernels::edit;
use textgauge_kernels::overlap::{MAX_ORDER, Matches, Overlap};

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
}

impl Needs {
    /// What either needs.
    pub fn union(self, other: Self) -> Self {
        Self {
            orders: self.orders.max(other.orders),
            joint: self.joint | other.joint,
            lcs: self.lcs | other.lcs,
            union_lcs: self.union_lcs | other.union_lcs,
            contiguous: self.contiguous | other.contiguous,
            edits: self.edits | other.edits,
            distance: self.distance | other.distance,
            alignment: self.alignment | other.alignment,
        }
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
}

impl PairFacts<'_> {
    /// To fill a place with.
    pub(crate) const NONE: PairFacts<'static> = PairFacts { references: &[], joint: &[0; MAX_ORDER] };
}

/// The facts of a run of pairs: for each pair, one [`Facts`] for each of its references.
#[derive(Default)]
pub struct Pairs {
    facts: Vec<Facts>,
    /// Joint matches of those pairs that have several references.
    joint: Vec<Matches>,
    /// For each pair where its facts end, and where those of `joint` do.
    ends: Vec<(usize, usize)>,
}

impl Pairs {
    /// Forgets every pair.
    pub fn clear(&mut self) {
        self.facts.clear();
        self.joint.clear();
        self.ends.clear();
    }

    /// Adds facts of one reference to the pair that is being filled.
    pub fn push(&mut self, facts: Facts) {
        self.facts.push(facts);
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
        PairFacts { references, joint }
    }
}
