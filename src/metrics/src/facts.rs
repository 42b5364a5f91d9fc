//! What is measured of a pair, once, for every metric that reads it under the same pipeline.

use textgauge_kernels::overlap::Overlap;

/// Which facts a metric reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Clipped n-gram matches of orders 1 up to this; 0 for none.
    pub orders: usize,
    /// The length of the longest common subsequence.
    pub lcs: bool,
    /// The hits of the union LCS over sentences.
    pub union_lcs: bool,
    /// The length of the longest common contiguous run.
    pub contiguous: bool,
}

impl Needs {
    /// What either needs.
    pub fn union(self, other: Self) -> Self {
        Self {
            orders: self.orders.max(other.orders),
            lcs: self.lcs | other.lcs,
            union_lcs: self.union_lcs | other.union_lcs,
            contiguous: self.contiguous | other.contiguous,
        }
    }
}

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
}

/// The facts of a run of pairs: for each pair, one [`Facts`] for each of its references.
#[derive(Default)]
pub struct Pairs {
    facts: Vec<Facts>,
    ends: Vec<usize>,
}

impl Pairs {
    /// Forgets every pair.
    pub fn clear(&mut self) {
        self.facts.clear();
        self.ends.clear();
    }

    /// Adds facts of one reference to the pair that is being filled.
    pub fn push(&mut self, facts: Facts) {
        self.facts.push(facts);
    }

    /// Ends the pair that was being filled.
    pub fn end_pair(&mut self) {
        self.ends.push(self.facts.len());
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no pair.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The facts of each pair, one for each of its references.
    pub fn iter(&self) -> impl Iterator<Item = &[Facts]> {
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let facts = &self.facts[start..end];
            start = end;
            facts
        })
    }
}
