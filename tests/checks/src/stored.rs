//! What the checks of stored bytes share: plans of any metrics, and damage inside of the seal.
//!
//! The checksum of stored bytes keeps a fuzzer out, so these checks damage what is stored and seal it again.

use std::sync::Arc;

use arbitrary::Arbitrary;
use serde_json::{Map, Value, json};
use textgauge_engine::{
    Aggregate, Batch, CancelFlag, Error, Fitted, Fitter, Plan, References, RowOutputs, Run, Spec, Text, TokenSource,
    score,
};
use textgauge_metrics::{Kind, OptionSpec, registry};
use textgauge_text::Tokenizer;
use textgauge_text::transforms::Transforms;
use xxhash_rust::xxh3::xxh3_128;

/// Metrics, texts to score with them, and what happens to the bytes that come of it.
#[derive(Arbitrary, Debug)]
pub(crate) struct Input<'a> {
    pub(crate) metrics: Vec<AnyMetric<'a>>,
    /// Predictions and references.
    pub(crate) pairs: Vec<(&'a [u8], &'a [u8])>,
    /// Two damages of the same bytes.
    pub(crate) damages: [Vec<Damage<'a>>; 2],
}

impl Input<'_> {
    /// Scores the pairs; `None` if there are no such metrics.
    pub(crate) fn scored(&self) -> Option<Scored> {
        Scored::new(&self.metrics, &self.pairs)
    }
}

/// A metric, some of whose options are not the default.
#[derive(Arbitrary, Debug)]
pub(crate) struct AnyMetric<'a> {
    number: u8,
    /// Which option, and which of its values.
    options: Vec<(u8, u16)>,
    transforms: Option<&'a str>,
    tokens: bool,
}

impl AnyMetric<'_> {
    fn spec(&self, place: usize) -> Spec {
        let entries: Vec<_> = registry::entries().collect();
        let entry = entries[usize::from(self.number) % entries.len()];
        let mut options = Map::new();
        for (option, value) in &self.options {
            if let Some(option) = entry.options.get(usize::from(*option) % entry.options.len().max(1)) {
                options.insert(option.name.to_owned(), value_of(option, *value));
            }
        }
        Spec {
            name: format!("{}{place}", entry.name),
            metric: entry.name.to_owned(),
            options,
            transforms: self.transforms.map(|name| Arc::new(Transforms::known_by_name(name.to_owned()))),
            tokens: self.tokens,
            ..Spec::default()
        }
    }
}

/// One of the values that an option may have, chosen by a number.
fn value_of(option: &OptionSpec, number: u16) -> Value {
    let at = usize::from(number);
    match option.kind {
        _ if option.optional && number == u16::MAX => Value::Null,
        Kind::Bool => json!(number % 2 == 1),
        Kind::Int { least, most } => json!(least + i64::from(number) % (most - least + 1).clamp(1, 1 << 16)),
        Kind::Number { least, most, .. } => json!((least + f64::from(number) / 256.0).min(most)),
        Kind::Choice(names) => json!(names[at % names.len()]),
        Kind::Tokenizer if at % 32 == 31 => json!({"source": at / 32 % 3}),
        Kind::Tokenizer => json!(Tokenizer::NAMED[at % Tokenizer::NAMED.len()].0),
        Kind::Shares => (0..=at / 8 % 8).map(|share| (at % 8 * share) as f64 / 64.0).collect(),
        Kind::Texts | Kind::Transforms => Value::Null,
    }
}

/// What the engine makes of some pairs.
pub(crate) struct Scored {
    pub(crate) plan: Plan,
    pub(crate) fitted: Vec<Arc<Fitted>>,
    /// The scores of the pairs, a vector a column.
    pub(crate) columns: Vec<Vec<f64>>,
    pub(crate) aggregate: Aggregate,
    pub(crate) table: Vec<i64>,
}

/// The most of metrics, pairs and bytes of a text that a check takes, so that it takes milliseconds.
const MOST_METRICS: usize = 4;
const MOST_PAIRS: usize = 4;
const MOST_BYTES: usize = 160;

impl Scored {
    /// `None` if there are no such metrics, or if they refuse the pairs.
    pub(crate) fn new(metrics: &[AnyMetric<'_>], pairs: &[(&[u8], &[u8])]) -> Option<Self> {
        let specs = metrics.iter().take(MOST_METRICS).enumerate().map(|(place, metric)| metric.spec(place));
        let plan = Plan::new(specs.collect()).ok()?;
        let cut = |text: &'_ [u8]| -> Vec<u8> { text[..text.len().min(MOST_BYTES)].to_vec() };
        let pairs = &pairs[..pairs.len().min(MOST_PAIRS)];
        let texts: Vec<[Vec<u8>; 2]> = pairs.iter().map(|(left, right)| [cut(left), cut(right)]).collect();
        let column = |side: usize| texts.iter().map(|pair| Some(pair[side].as_slice())).collect::<Vec<Text<'_>>>();
        let (predictions, references) = (column(0), column(1));
        let sources = vec![TokenSource::new(&predictions, &references); plan.sources()];
        let batch = Batch::new(&sources, References::Single, texts.len(), false);
        let cancel = CancelFlag::new(false);
        let mut watch = || false;
        let mut run = Run::new(1, &mut watch);
        let mut fitter = Fitter::new(&plan);
        fitter.read(&batch, &mut run, &cancel).expect("nobody cancels");
        let fitted = fitter.finish(&mut run, &cancel).expect("nobody cancels");
        let plan = plan.fitted_with(&fitted).expect("fitted for this plan");
        let mut columns = vec![vec![0.0; texts.len()]; plan.columns().len()];
        let (mut table, mut sums) = (vec![0; texts.len() * plan.components()], [Aggregate::new(&plan)]);
        let kept = RowOutputs { columns: columns.iter_mut().map(Vec::as_mut_slice).collect(), table: Some(&mut table) };
        score(&plan, &batch, kept, &mut sums, &mut run, &cancel).ok()?;
        let [aggregate] = sums;
        Some(Self { plan, fitted, columns, aggregate, table })
    }
}

/// A change of what is stored.
#[derive(Arbitrary, Debug)]
pub(crate) enum Damage<'a> {
    /// The number of eight bytes at this place among those behind the texts, written anew.
    Number(u8, u64),
    /// The number of sixteen bytes, counted from the end.
    Sum(u8, i128),
    /// Some bytes of the text of this number, or of all behind the texts, in place of some others.
    Splice { text: u8, at: u16, removed: u8, inserted: &'a [u8] },
}

/// What is stored, taken apart.
#[derive(Clone)]
pub(crate) struct Stored {
    mark: Vec<u8>,
    /// Each of which stands after its length.
    texts: Vec<Vec<u8>>,
    /// Mostly numbers.
    pub(crate) rest: Vec<u8>,
}

impl Stored {
    /// What is in the bytes, which begin with so many texts.
    pub(crate) fn open(bytes: &[u8], texts: usize) -> Self {
        let (content, _) = bytes.split_last_chunk::<16>().expect("a checksum");
        let mark = content.iter().position(|&byte| byte == b'\n').expect("a mark") + 1;
        let (mark, mut rest) = content.split_at(mark);
        let mut text = || {
            let (len, behind) = rest.split_first_chunk().expect("a length");
            let (text, behind) = behind.split_at(u64::from_le_bytes(*len) as usize);
            rest = behind;
            text.to_vec()
        };
        let texts = (0..texts).map(|_| text()).collect();
        Self { mark: mark.to_vec(), texts, rest: rest.to_vec() }
    }

    pub(crate) fn damaged(&self, damages: &[Damage<'_>]) -> Self {
        let mut changed = self.clone();
        damages.iter().for_each(|damage| changed.damage(damage));
        changed
    }

    fn damage(&mut self, damage: &Damage<'_>) {
        let words = self.rest.len() / 8;
        match *damage {
            Damage::Number(at, number) if words > 0 => {
                let at = 8 * (usize::from(at) % words);
                self.rest[at..at + 8].copy_from_slice(&number.to_le_bytes());
            }
            Damage::Sum(at, sum) if words > 1 => {
                let end = self.rest.len() - 16 * (usize::from(at) % (words / 2));
                self.rest[end - 16..end].copy_from_slice(&sum.to_le_bytes());
            }
            Damage::Splice { text, at, removed, inserted } => {
                let all = self.texts.len() + 1;
                let bytes = self.texts.get_mut(usize::from(text) % all).unwrap_or(&mut self.rest);
                let start = usize::from(at) % (bytes.len() + 1);
                let end = bytes.len().min(start + usize::from(removed));
                bytes.splice(start..end, inserted.iter().copied());
            }
            _ => {}
        }
    }

    /// The bytes with a seal that is right.
    pub(crate) fn seal(&self) -> Vec<u8> {
        let mut bytes = self.mark.clone();
        for text in &self.texts {
            bytes.extend((text.len() as u64).to_le_bytes());
            bytes.extend(text);
        }
        bytes.extend(&self.rest);
        bytes.extend(xxh3_128(&bytes).to_le_bytes());
        bytes
    }
}

/// Calls `work` with a run of one thread that nobody cancels.
pub(crate) fn run<T>(work: impl FnOnce(&mut Run<'_>, &CancelFlag) -> T) -> T {
    let mut watch = || false;
    work(&mut Run::new(1, &mut watch), &CancelFlag::new(false))
}

/// Scores are finite, a whole set of them for each thing that is scored, or sums of which there can be none are refused.
/// They are NaN of no rows, and where an option leaves out references without tokens.
pub(crate) fn check_scores(plan: &Plan, scores: Result<Vec<f64>, Error>) {
    let Ok(scores) = scores else { return };
    let columns = plan.columns();
    assert_eq!(scores.len() % columns.len(), 0);
    if scores.iter().all(|score| score.is_nan()) {
        return;
    }
    let leaves_out = plan.signature().contains("|empty:");
    for (score, column) in scores.iter().zip(columns.iter().cycle()) {
        assert!(score.is_finite() || leaves_out && score.is_nan(), "{column} is {score}");
    }
}
