//! What is measured of a pair, once, for every metric that reads it under the same pipeline.

use textgauge_kernels::CancelFlag;
use textgauge_kernels::contiguous::LongestRun;
use textgauge_kernels::distinct_ngrams::DistinctNgrams;
use textgauge_kernels::edit::Edits;
use textgauge_kernels::fact::{Fact, Hypothesis, Need, TokenPair};
use textgauge_kernels::fragments::Fragments;
use textgauge_kernels::held::HeldBytes;
use textgauge_kernels::lcs_words::{LcsLengths, LcsWords};
use textgauge_kernels::ngram_sets::NgramSets;
use textgauge_kernels::ngram_weights::SharedWeights;
use textgauge_kernels::overlap::{MAX_ORDER, Matches, Overlap};
use textgauge_kernels::shared_tokens::SharedTokens;
use textgauge_kernels::side_by_side::{Blank, Equal, NumberDifference, Prefix};
use textgauge_kernels::ter::ShiftEdits;
use textgauge_kernels::token_sets::TokenSets;
use textgauge_kernels::union_lcs::UnionHits;

use crate::Pipeline;

/// Makes everything that has to know every fact out of the list of them.
macro_rules! facts {
    (
        narrow { $($(#[$doc:meta])* $name:ident: $fact:ty,)* }
        wide { $($(#[$wide_doc:meta])* $wide:ident: $wide_fact:ty,)* }
    ) => {
        /// Which facts a metric reads, and how much of each.
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        pub struct Needs {
            $($(#[$doc])* pub $name: <$fact as Fact>::Need,)*
            $($(#[$wide_doc])* pub $wide: <$wide_fact as Fact>::Need,)*
        }

        impl Needs {
            /// What either needs.
            pub fn union(self, other: Self) -> Self {
                Self {
                    $($name: self.$name.union(other.$name),)*
                    $($wide: self.$wide.union(other.$wide),)*
                }
            }

            /// Whether any fact is needed that reads ids.
            pub fn read_ids(self) -> bool {
                $((<$fact as Fact>::READS_IDS && self.$name.any()) ||)*
                $((<$wide_fact as Fact>::READS_IDS && self.$wide.any()) ||)*
                false
            }

            /// Whether any fact is needed that reads sentences.
            pub fn read_sentences(self) -> bool {
                $((<$fact as Fact>::READS_SENTENCES && self.$name.any()) ||)*
                $((<$wide_fact as Fact>::READS_SENTENCES && self.$wide.any()) ||)*
                false
            }

            /// The highest order of n-grams whose counts in a corpus have to be known first; 0 for none.
            pub fn fitted_orders(self) -> usize {
                0
                $(.max(<$fact as Fact>::fitted_orders(self.$name)))*
                $(.max(<$wide_fact as Fact>::fitted_orders(self.$wide)))*
            }
        }

        /// What was measured of a hypothesis and one reference. Facts that nobody needed are 0.
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        pub struct Facts {
            /// Tokens in the hypothesis.
            pub hypothesis_len: u32,
            /// Tokens in the reference.
            pub reference_len: u32,
            $($(#[$doc])* pub $name: $fact,)*
        }

        /// What was measured of a pair under one reading.
        #[derive(Clone, Copy, Debug)]
        pub struct PairFacts<'a> {
            /// The facts of each reference, at least one.
            pub references: &'a [Facts],
            /// Matches clipped by the highest count of any reference, if that was needed.
            pub joint: &'a Matches,
            $($(#[$wide_doc])* pub $wide: &'a [$wide_fact],)*
        }

        impl PairFacts<'_> {
            /// Placeholder for unused readings.
            pub(crate) const NONE: PairFacts<'static> =
                PairFacts { references: &[], joint: &[0; MAX_ORDER], $($wide: &[],)* };

            /// What is known if the reference of this number is the only one.
            pub(crate) fn of_reference(&self, number: usize) -> PairFacts<'_> {
                let only = number..number + 1;
                PairFacts {
                    joint: &self.references[number].overlap.matches,
                    $($wide: self.$wide.get(only.clone()).unwrap_or(&[]),)*
                    references: &self.references[only],
                }
            }
        }

        /// The facts of a run of pairs: for each pair, one [`Facts`] for each of its references.
        #[derive(Default)]
        pub struct Pairs {
            facts: Vec<Facts>,
            /// Joint matches of those pairs that have several references.
            joint: Vec<Matches>,
            /// For each pair where its facts end, and where those of `joint` do.
            ends: Vec<(usize, usize)>,
            // One for each of `facts`, or none at all.
            $($wide: Vec<$wide_fact>,)*
        }

        impl Pairs {
            /// Forgets every pair.
            pub fn clear(&mut self) {
                self.facts.clear();
                self.joint.clear();
                self.ends.clear();
                $(self.$wide.clear();)*
            }

            /// The facts of pair number `index`.
            #[inline]
            pub fn get(&self, index: usize) -> PairFacts<'_> {
                let (start, joint_start) = index.checked_sub(1).map_or((0, 0), |before| self.ends[before]);
                let (end, joint_end) = self.ends[index];
                let references = &self.facts[start..end];
                let joint =
                    if joint_end > joint_start { &self.joint[joint_start] } else { &references[0].overlap.matches };
                PairFacts { references, joint, $($wide: self.$wide.get(start..end).unwrap_or(&[]),)* }
            }
        }

        impl HeldBytes for Pairs {
            fn held_bytes(&self) -> usize {
                self.facts.capacity() * size_of::<Facts>()
                    + self.joint.held_bytes()
                    + self.ends.held_bytes()
                    $(+ self.$wide.capacity() * size_of::<$wide_fact>())*
            }
        }

        textgauge_kernels::buffers! {
            /// Measures facts: the buffers of every kernel, kept from pair to pair.
            pub struct FactMeasurer {
                $($name: <$fact as Fact>::Scratch,)*
                $($wide: <$wide_fact as Fact>::Scratch,)*
            }
        }

        impl FactMeasurer {
            /// Sets the hypothesis that the next calls of [`FactMeasurer::measure`] are about.
            #[inline]
            pub fn begin(&mut self, needs: &Needs, hypothesis: Hypothesis<'_>) {
                $(if needs.$name.any() {
                    <$fact as Fact>::begin(needs.$name, hypothesis, &mut self.$name);
                })*
                $(if needs.$wide.any() {
                    <$wide_fact as Fact>::begin(needs.$wide, hypothesis, &mut self.$wide);
                })*
            }

            /// Measures the hypothesis and one reference, and adds the facts to the pair that `pairs` is being filled
            /// with.
            #[inline]
            pub fn measure(&mut self, needs: &Needs, pair: TokenPair<'_>, pairs: &mut Pairs, cancel: &CancelFlag) {
                let [hypothesis_len, reference_len] = pair.keys.map(|keys| keys.len() as u32);
                // Filled in place: facts are large.
                pairs.facts.push(Facts { hypothesis_len, reference_len, ..Facts::default() });
                let Some(facts) = pairs.facts.last_mut() else { return };
                $(if needs.$name.any() {
                    facts.$name = <$fact as Fact>::measure(needs.$name, pair, &mut self.$name, cancel);
                })*
                $(if needs.$wide.any() {
                    pairs.$wide.push(<$wide_fact as Fact>::measure(needs.$wide, pair, &mut self.$wide, cancel));
                })*
            }
        }
    };
}

// Every fact that can be measured, each with its kernel, which says what a metric may ask for.
facts! {
    narrow {
        /// Clipped n-gram matches by order, and the length of the longest common subsequence.
        overlap: Overlap,
        /// Hits of the union LCS over sentences.
        union_lcs: UnionHits,
        /// Distinct words in the LCS of sentences in pairs.
        lcs_words: LcsWords,
        /// The lengths of the LCS of sentences in pairs.
        lcs_lengths: LcsLengths,
        /// Length of the longest common contiguous run.
        contiguous: LongestRun,
        /// Edits, shifts among them, that make the reference of the hypothesis.
        shift_edits: ShiftEdits,
        /// The edit distance, and how often each edit is made.
        edits: Edits,
        /// Distinct n-grams of the hypothesis.
        distinct_ngrams: DistinctNgrams,
        /// Tokens of both, each as often as it stands in the text where it is rarer.
        shared_tokens: SharedTokens,
        /// Distinct tokens of both.
        token_sets: TokenSets,
        /// Stretches of the reference that the hypothesis is put together of.
        fragments: Fragments,
        /// Whether the tokens are the same, in the same order.
        equal: Equal,
        /// Whether the hypothesis has no tokens.
        blank: Blank,
        /// Whether the hypothesis begins with the tokens of the reference.
        prefix: Prefix,
        /// How far apart the numbers are that the first tokens stand for.
        number_difference: NumberDifference,
    }
    // Kept apart, so that those who do not need them pay nothing for their size.
    wide {
        /// The information of shared n-grams, by order.
        shared_weights: SharedWeights,
        /// Distinct n-grams of both, by order.
        ngram_sets: NgramSets,
    }
}

/// One way in which a metric reads texts, and what it wants to know of them so read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// How text becomes ids.
    pub pipeline: Pipeline,
    /// Which facts are read.
    pub needs: Needs,
}

/// The most readings that a metric may have.
pub const MAX_READINGS: usize = 2;

/// What little is needed of a pair, so that it may be known without tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glance {
    /// Nothing but how many tokens the texts have.
    Lengths,
    /// Nothing but whether the hypothesis has no tokens.
    Blank,
    /// Nothing but whether the texts are the same; not even how many tokens they have.
    Same,
}

impl Needs {
    /// What is needed, if it is so little.
    pub fn glance(self) -> Option<Glance> {
        let none = Self::default();
        match self {
            needs if needs == none => Some(Glance::Lengths),
            needs if needs == (Self { blank: true, ..none }) => Some(Glance::Blank),
            needs if needs == (Self { equal: true, ..none }) => Some(Glance::Same),
            _ => None,
        }
    }
}

impl Pairs {
    /// Adds a pair of so many references whose facts are known already: `fill` is given the number of each and its facts,
    /// to be filled in. No pair, and `false`, if it can't.
    #[inline]
    pub fn push_known(&mut self, references: usize, mut fill: impl FnMut(usize, &mut Facts) -> bool) -> bool {
        let first = self.facts.len();
        // Filled in place: facts are large.
        self.facts.resize(first + references, Facts::default());
        let are_known = self.facts[first..].iter_mut().enumerate().all(|(number, facts)| fill(number, facts));
        if are_known {
            self.ends.push((self.facts.len(), self.joint.len()));
        } else {
            self.facts.truncate(first);
        }
        are_known
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no pair.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

impl FactMeasurer {
    /// Ends the pair that `pairs` was being filled with.
    #[inline]
    pub fn end_pair(&mut self, pairs: &mut Pairs) {
        // Joint matches only where they are not those of the only reference.
        pairs.joint.extend(self.overlap.end_pair());
        pairs.ends.push((pairs.facts.len(), pairs.joint.len()));
    }
}
