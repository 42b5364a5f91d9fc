//! What the tests of several crates share: strategies, and columns of texts to be scored.

use std::sync::Arc;

use std::collections::HashMap;

use proptest::prelude::*;
use serde_json::{Map, Value};
use textgauge_engine::{
    Aggregate, Batch, CancelFlag, Error, Fitted, Fitter, Plan, References, RowOutputs, Run, Spec, Text, TokenSource,
    score,
};
use textgauge_kernels::overlap::Texts;

/// A flag that nobody sets.
pub fn never() -> CancelFlag {
    CancelFlag::new(false)
}

/// A hypothesis and a reference as kernels take them: ids of the hypothesis from 1 in order of first appearance,
/// 0 for whatever only the reference has.
#[derive(Clone, Debug)]
pub struct Pair {
    pub hypothesis: Vec<u32>,
    pub reference: Vec<u32>,
    pub vocabulary: usize,
}

impl Pair {
    pub fn new(hypothesis: &[u32], reference: &[u32]) -> Self {
        let mut ids = HashMap::new();
        let hypothesis = hypothesis
            .iter()
            .map(|token| {
                let fresh = ids.len() as u32 + 1;
                *ids.entry(token).or_insert(fresh)
            })
            .collect();
        let reference = reference.iter().map(|token| ids.get(token).copied().unwrap_or(0)).collect();
        Self { hypothesis, reference, vocabulary: ids.len() }
    }

    pub fn texts(&self) -> Texts<'_> {
        Texts { hypothesis: &self.hypothesis, reference: &self.reference, vocabulary: self.vocabulary }
    }
}

/// Tokens of texts of up to `longest` tokens each. The smaller the alphabet, the more repeats and ties; lengths
/// gather where masks begin another word.
pub fn tokens(longest: usize) -> impl Strategy<Value = (Vec<u32>, Vec<u32>)> {
    let borders: Vec<usize> = [0, 1, 63, 64, 65, 127, 128, 129, 192, 193, 256, 257, 512, 513, 1023, 1024, 1025, 1100]
        .into_iter()
        .filter(|&len| len <= longest)
        .collect();
    let length = || prop_oneof![0..=longest, prop::sample::select(borders.clone())];
    (prop::sample::select(vec![1_u32, 2, 3, 8, 40, 1000]), length(), length())
        .prop_flat_map(|(letters, a, b)| (prop::collection::vec(0..letters, a), prop::collection::vec(0..letters, b)))
}

/// As [`tokens`], numbered for kernels.
pub fn pair(longest: usize) -> impl Strategy<Value = Pair> {
    tokens(longest).prop_map(|(hypothesis, reference)| Pair::new(&hypothesis, &reference))
}

/// Texts as the engine takes them.
pub fn as_texts(texts: &[Option<String>]) -> Vec<Text<'_>> {
    texts.iter().map(|text| text.as_deref().map(str::as_bytes)).collect()
}

/// Rows of texts; the owner of what a [`Batch`] borrows.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    pub predictions: Vec<Option<String>>,
    pub references: Vec<Vec<Option<String>>>,
}

impl Rows {
    pub fn len(&self) -> usize {
        self.predictions.len()
    }

    pub fn is_empty(&self) -> bool {
        self.predictions.is_empty()
    }

    /// The rows with these numbers.
    pub fn select(&self, rows: impl IntoIterator<Item = usize>) -> Self {
        let mut selected = Self::default();
        for row in rows {
            selected.predictions.push(self.predictions[row].clone());
            selected.references.push(self.references[row].clone());
        }
        selected
    }

    fn ends(&self) -> Vec<usize> {
        self.references
            .iter()
            .scan(0, |end, texts| {
                *end += texts.len();
                Some(*end)
            })
            .collect()
    }

    /// Shows the rows as a batch.
    pub fn with_batch<T>(&self, groups: Option<&[u32]>, then: impl FnOnce(&Batch<'_>) -> T) -> T {
        let (predictions, ends) = (as_texts(&self.predictions), self.ends());
        let references: Vec<Text<'_>> = self.references.iter().flat_map(|texts| as_texts(texts)).collect();
        let sources = [TokenSource::new(&predictions, &references)];
        let nulls = self.predictions.iter().chain(self.references.iter().flatten()).any(Option::is_none);
        then(&Batch::new(&sources, References::Ragged(&ends), self.len(), nulls).in_groups(groups))
    }
}

/// A plan of these metrics, all under their own names and with the same options.
pub fn plan(metrics: &[&str], options: &[(&str, Value)]) -> Plan {
    let options: Map<String, Value> = options.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
    let spec = |name: &&str| Spec {
        name: (*name).to_owned(),
        metric: (*name).to_owned(),
        options: options.clone(),
        ..Spec::default()
    };
    let plan = Plan::new(metrics.iter().map(spec).collect()).expect("the metrics exist");
    let texts =
        ["the cat sat . the cats ran", "running on a mat K the cat sat on", "internationalisation cats\nsat the"];
    let references = texts.map(|text| vec![Some(text.to_owned())]).to_vec();
    fitted(&plan, &Rows { predictions: vec![None; references.len()], references })
}

/// What a plan is fitted to: these references, if it asks for any.
pub fn fit(plan: &Plan, rows: &Rows, threads: usize) -> Vec<Arc<Fitted>> {
    let mut fitter = Fitter::new(plan);
    let mut run = Run { threads, watch: &mut || false, beside: None };
    rows.with_batch(None, |batch| fitter.read(batch, &mut run, &never()).expect("nobody cancels"));
    fitter.finish(&mut run, &never()).expect("nobody cancels")
}

/// The plan fitted to these references, if it asks for any.
pub fn fitted(plan: &Plan, rows: &Rows) -> Plan {
    plan.fitted_with(&fit(plan, rows, 1)).expect("fitted for this plan")
}

/// Every column and aggregate of a batch; columns as bits, so that equal means equal and NaN is NaN.
pub fn score_bits(
    plan: &Plan,
    batch: &Batch<'_>,
    groups: usize,
    threads: usize,
) -> Result<(Vec<Vec<u64>>, Vec<Aggregate>), Error> {
    let mut columns = vec![vec![f64::NEG_INFINITY; batch.rows]; plan.columns().len()];
    let kept = RowOutputs { columns: columns.iter_mut().map(Vec::as_mut_slice).collect(), table: None };
    let mut run = Run { threads, watch: &mut || false, beside: None };
    let mut aggregates = vec![Aggregate::new(plan); groups];
    score(plan, batch, kept, &mut aggregates, &mut run, &never())?;
    Ok((columns.iter().map(|column| column.iter().map(|score| score.to_bits()).collect()).collect(), aggregates))
}
