//! Which metrics are wanted, and what they share.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use textgauge_metrics::{ConfigError, Corpus, Glance, Metric, Needs, Output, Pipeline, Reading, registry};
use textgauge_text::Tokenizer;
use textgauge_text::transforms::Transforms;

use crate::matched::Shown;
use crate::{Error, Fitted};

/// A metric as its user asks for it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// The name that its columns begin with.
    pub name: String,
    /// Its name in the registry.
    pub metric: String,
    /// Its options; those left out have their defaults.
    #[serde(default)]
    pub options: Map<String, Value>,
    /// The name of its tokenizer where that is the caller's own, for the signature.
    #[serde(default)]
    pub tokenizer: Option<String>,
    /// The fingerprints of what it was fitted to, one for each of its readings that ask for that; none if it is
    /// fitted to the references of each call.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fitted: Vec<u64>,
    /// What is done to texts before all else. Stored by name.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "by_name")]
    pub transforms: Option<Arc<Transforms>>,
    /// The source of texts that the transforms made before; 0 if they are for the plan to run.
    #[serde(skip)]
    pub transformed_source: usize,
    /// Whether texts are given as their tokens.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tokens: bool,
}

/// Transforms in stored specs: a name is enough where nothing is scored any more.
mod by_name {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use textgauge_text::transforms::Transforms;

    pub(super) fn serialize<S: Serializer>(
        transforms: &Option<Arc<Transforms>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        transforms.as_ref().map(|transforms| transforms.name()).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Arc<Transforms>>, D::Error> {
        let name = Option::<String>::deserialize(deserializer)?;
        Ok(name.map(|name| Arc::new(Transforms::known_by_name(name))))
    }
}

/// One way in which texts are read, for all metrics that see the same tokens.
#[derive(Clone, Debug)]
pub(crate) struct PlannedReading {
    /// How text becomes ids.
    pub(crate) pipeline: Pipeline,
    /// Which of the plan's chains of transforms it sees the texts of, if any.
    pub(crate) chain: Option<usize>,
    /// Which facts are read.
    pub(crate) needs: Needs,
    /// What little is needed, if it may be known without tokens.
    pub(crate) glance: Option<Glance>,
    /// The corpus that it was fitted to, once that is known.
    pub(crate) fitted: Option<Arc<Fitted>>,
    /// The fingerprint of a corpus that is not known.
    unknown: Option<u64>,
}

impl PlannedReading {
    /// Whether it can be measured together with `other`.
    fn goes_with(&self, other: &Self) -> bool {
        // A text read line by line may have other tokens; then it is read once each way.
        let any_lines = self.pipeline.tokenizer.ignores_line_breaks();
        let same_lines = any_lines || self.needs.read_sentences() == other.needs.read_sentences();
        let corpus = |reading: &Self| (reading.fitted.as_ref().map(Arc::as_ptr), reading.unknown);
        let any_corpus = [self, other].iter().any(|reading| reading.needs.fitted_orders() == 0);
        (self.pipeline, self.chain) == (other.pipeline, other.chain)
            && same_lines
            && (any_corpus || corpus(self) == corpus(other))
    }
}

/// Metrics to be measured together.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) metrics: Vec<Arc<dyn Metric>>,
    pub(crate) readings: Vec<PlannedReading>,
    /// The distinct transforms, each run once over a text for all readings that see what comes out.
    pub(crate) chains: Vec<Arc<Transforms>>,
    /// For each metric, which of the plan's readings are its own, in its own order.
    pub(crate) readings_of: Vec<Vec<usize>>,
    /// Where each metric's outputs begin among the columns.
    pub(crate) first_column: Vec<usize>,
    columns: Vec<String>,
    signatures: Vec<(String, String)>,
    specs: Vec<Spec>,
}

impl Plan {
    /// A plan for these metrics.
    ///
    /// # Errors
    /// [`ConfigError`] if there is no metric, one cannot be built, or two would make the same column.
    pub fn new(specs: Vec<Spec>) -> Result<Self, Error> {
        Self::with_corpora(specs, &[])
    }

    /// A plan for metrics that were fitted, perhaps, to one of these corpora.
    fn with_corpora(specs: Vec<Spec>, corpora: &[Arc<Fitted>]) -> Result<Self, Error> {
        if specs.is_empty() {
            return Err(ConfigError::NoMetric.into());
        }
        let mut plan = Self {
            metrics: Vec::new(),
            readings: Vec::new(),
            chains: Vec::new(),
            readings_of: Vec::new(),
            first_column: Vec::new(),
            columns: Vec::new(),
            signatures: Vec::new(),
            specs: Vec::new(),
        };
        for spec in specs {
            let metric = registry::build(&spec.metric, spec.options.clone())?;
            let name = spec.name.clone();
            let mut prints = spec.fitted.iter().copied();
            if spec.tokens {
                check_tokens(metric.as_ref(), &spec)?;
            }
            let readings = metric.readings();
            // What a function of the caller's own made tokens of was transformed before.
            let reads_texts = readings.iter().any(|reading| reading.pipeline.source == 0);
            let chain = if reads_texts { plan.chain_of(&spec) } else { None };
            let readings = readings.into_iter().map(|Reading { mut pipeline, needs }| {
                let chain = chain.filter(|_| pipeline.source == 0);
                if spec.tokens {
                    (pipeline.tokenizer, pipeline.source) = (Tokenizer::Pretokenized, 0);
                } else if pipeline.source == 0 {
                    pipeline.source = spec.transformed_source;
                }
                let read = plan.reading_name(pipeline, chain);
                let orders = needs.fitted_orders();
                let print = if orders > 0 { prints.next() } else { None };
                let fitted = print.and_then(|print| {
                    let same =
                        |corpus: &&Arc<Fitted>| corpus.suits(&read, orders) && corpus.fingerprint(orders) == print;
                    corpora.iter().find(same).cloned()
                });
                let unknown = if fitted.is_none() { print } else { None };
                plan.share(PlannedReading { pipeline, chain, needs, glance: needs.glance(), fitted, unknown })
            });
            let readings: Vec<usize> = readings.collect();
            if prints.next().is_some() {
                return Err(Error::OtherFitted);
            }
            plan.readings_of.push(readings);
            plan.first_column.push(plan.columns.len());
            for output in metric.outputs() {
                let column = if output.part.is_empty() { name.clone() } else { format!("{name}.{}", output.part) };
                if plan.columns.contains(&column) {
                    return Err(ConfigError::SameColumn { column }.into());
                }
                plan.columns.push(column);
            }
            plan.signatures.push((name.clone(), signature(metric.as_ref(), &spec)));
            plan.metrics.push(metric);
            plan.specs.push(spec);
        }
        Ok(plan)
    }

    /// The number of the chain that a metric's texts go through; none if they were transformed before, or are not.
    fn chain_of(&mut self, spec: &Spec) -> Option<usize> {
        let transforms = spec.transforms.as_ref().filter(|_| spec.transformed_source == 0)?;
        let known = self.chains.iter().position(|known| known.name() == transforms.name());
        Some(known.unwrap_or_else(|| {
            self.chains.push(Arc::clone(transforms));
            self.chains.len() - 1
        }))
    }

    /// What a fitted corpus calls a way of reading.
    pub(crate) fn reading_name(&self, pipeline: Pipeline, chain: Option<usize>) -> String {
        chain.map_or_else(String::new, |chain| transforms_part(&self.chains[chain])) + &pipeline.to_string()
    }

    /// The number of the reading that has the same tokens as `reading`, and from now on its needs too.
    fn share(&mut self, reading: PlannedReading) -> usize {
        let same = self.readings.iter().position(|known| known.goes_with(&reading));
        let index = same.unwrap_or(self.readings.len());
        match self.readings.get_mut(index) {
            Some(known) => {
                known.needs = known.needs.union(reading.needs);
                known.glance = known.needs.glance();
                known.fitted = known.fitted.take().or(reading.fitted);
                known.unknown = known.unknown.or(reading.unknown);
            }
            None => self.readings.push(reading),
        }
        index
    }

    /// Whether a metric has to be fitted, to the references of each call if to no others.
    pub fn must_be_fitted(&self) -> bool {
        self.readings
            .iter()
            .any(|reading| reading.needs.fitted_orders() > 0 && reading.fitted.is_none() && reading.unknown.is_none())
    }

    /// An error unless everything is there that scoring takes.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let lacks = |reading: &PlannedReading| reading.needs.fitted_orders() > 0 && reading.fitted.is_none();
        if self.readings.iter().any(lacks) { Err(self.not_fitted()) } else { Ok(()) }
    }

    /// The error that names the metrics that are fitted.
    pub fn not_fitted(&self) -> Error {
        let is_fitted = |metric: &dyn Metric| metric.readings().iter().any(|own| own.needs.fitted_orders() > 0);
        let both = self.metrics.iter().zip(&self.specs).filter(|(metric, _)| is_fitted(metric.as_ref()));
        Error::NotFitted { metrics: both.map(|(_, spec)| spec.name.as_str()).collect::<Vec<_>>().join(", ") }
    }

    /// The plan fitted to `corpora`, which [`crate::Fitter`] made for this plan or for one of the same metrics.
    ///
    /// # Errors
    /// [`Error::OtherFitted`] if it was for other metrics.
    pub fn fitted_with(&self, corpora: &[Arc<Fitted>]) -> Result<Self, Error> {
        let orders = |reading: &PlannedReading| reading.needs.fitted_orders();
        let mut rest = corpora.iter();
        let mut of_readings: Vec<Option<&Arc<Fitted>>> = Vec::new();
        for reading in &self.readings {
            let corpus = if orders(reading) > 0 { Some(rest.next().ok_or(Error::OtherFitted)?) } else { None };
            if corpus.is_some_and(|corpus| {
                !corpus.suits(&self.reading_name(reading.pipeline, reading.chain), orders(reading))
            }) {
                return Err(Error::OtherFitted);
            }
            of_readings.push(corpus);
        }
        if rest.next().is_some() {
            return Err(Error::OtherFitted);
        }
        let mut specs = self.specs.clone();
        for ((spec, metric), readings) in specs.iter_mut().zip(&self.metrics).zip(&self.readings_of) {
            let fitted = metric.readings().into_iter().zip(readings).filter_map(|(own, &index)| {
                let orders = own.needs.fitted_orders();
                if orders > 0 { of_readings[index].map(|corpus| corpus.fingerprint(orders)) } else { None }
            });
            spec.fitted = fitted.collect();
        }
        Self::with_corpora(specs, corpora)
    }

    /// Whether rows may have no reference, as every metric takes them.
    pub fn takes_no_reference(&self) -> bool {
        self.metrics.iter().all(|metric| metric.takes_no_reference())
    }

    /// The names of the columns, in order.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// What each column holds, in order.
    pub fn outputs(&self) -> impl Iterator<Item = &Output> {
        self.metrics.iter().flat_map(|metric| metric.outputs())
    }

    /// Each metric's name with its signature: everything its numbers depend on.
    pub fn signatures(&self) -> &[(String, String)] {
        &self.signatures
    }

    /// For each metric that sacrebleu 2.6.0 has too, sacrebleu's signature of it; `head` is what stands before
    /// the options, such as `nrefs:1`.
    pub fn sacrebleu_signatures(&self, head: &str) -> Vec<(String, String)> {
        let of = |(metric, spec): (&Arc<dyn Metric>, &Spec)| {
            let signature = metric.sacrebleu()?.signature(head, spec.tokenizer.as_deref());
            Some((spec.name.clone(), signature))
        };
        self.metrics.iter().zip(&self.specs).filter_map(of).collect()
    }

    /// The column that stands for each metric where one has to.
    pub fn headlines(&self) -> Vec<&str> {
        let headline = |(metric, first): (&Arc<dyn Metric>, &usize)| self.columns[first + metric.headline()].as_str();
        self.metrics.iter().zip(&self.first_column).map(headline).collect()
    }

    /// The columns of each metric.
    pub fn columns_of(&self) -> impl Iterator<Item = &[String]> {
        let ends = self.first_column.iter().skip(1).copied().chain([self.columns.len()]);
        self.first_column.iter().zip(ends).map(|(&start, end)| &self.columns[start..end])
    }

    /// How many integers that add up each metric makes of a pair.
    pub(crate) fn components_of(&self) -> impl Iterator<Item = usize> {
        self.metrics.iter().map(|metric| match metric.corpus() {
            Corpus::Mean => metric.outputs().len(),
            Corpus::Pooled => metric.width(),
        })
    }

    /// An error if an option of a metric makes one of these rows of pairs an error; `name` is what it calls a pair.
    pub(crate) fn check_rows(
        &self,
        metric: usize,
        rows: &[i64],
        name: impl Fn(usize) -> Option<usize>,
    ) -> Result<(), Error> {
        match self.metrics[metric].refused(rows) {
            Some(pair) => Err(Error::EmptyReference { metric: self.specs[metric].name.clone(), row: name(pair) }),
            None => Ok(()),
        }
    }

    /// The plan for texts that are given as their tokens.
    ///
    /// # Errors
    /// [`ConfigError::BadOption`] if a metric reads something else.
    pub fn of_tokens(&self) -> Result<Self, Error> {
        let specs = self.specs.iter().map(|spec| Spec { tokens: true, ..spec.clone() });
        let corpora: Vec<Arc<Fitted>> = self.readings.iter().filter_map(|reading| reading.fitted.clone()).collect();
        Self::with_corpora(specs.collect(), &corpora)
    }

    /// All signatures as one text.
    pub fn signature(&self) -> String {
        let each: Vec<String> = self.signatures.iter().map(|(name, signature)| format!("{name}|{signature}")).collect();
        each.join("\n")
    }

    /// The metrics as they were asked for.
    pub fn specs(&self) -> &[Spec] {
        &self.specs
    }

    /// Each way in which texts are read: its name, as in signatures, and whether its tokens are characters.
    pub fn readings(&self) -> Vec<(String, bool)> {
        let of = |reading: &PlannedReading| {
            (self.reading_name(reading.pipeline, reading.chain), reading.pipeline.tokenizer.is_characters())
        };
        self.readings.iter().map(of).collect()
    }

    /// For each metric which of [`Plan::readings`] are its own, with what it needs to be shown of them.
    pub fn shown(&self) -> Vec<Vec<(usize, Shown)>> {
        let of = |(metric, own): (&Arc<dyn Metric>, &Vec<usize>)| {
            own.iter().copied().zip(metric.readings().into_iter().map(|reading| reading.needs.into())).collect()
        };
        self.metrics.iter().zip(&self.readings_of).map(of).collect()
    }

    /// For each metric the names of the sums that its scores come from.
    pub fn sum_names(&self) -> Vec<Vec<String>> {
        self.metrics.iter().map(|metric| metric.sum_names()).collect()
    }

    /// Which sources of the texts are read: at least the highest source plus one must be given.
    pub fn sources(&self) -> usize {
        self.readings.iter().map(|reading| reading.pipeline.source.saturating_add(1)).max().unwrap_or(1)
    }
}

/// Refuses tokens where a metric reads something else.
fn check_tokens(metric: &dyn Metric, spec: &Spec) -> Result<(), ConfigError> {
    let bad = |problem: &str| ConfigError::BadOption { metric: spec.metric.clone(), problem: problem.to_owned() };
    if spec.transforms.is_some() {
        return Err(bad("transforms change texts; with tokens=True there are none"));
    }
    if metric.readings().iter().any(|reading| !reading.pipeline.tokenizer.makes_words()) {
        return Err(bad("it reads characters or whole texts, so it takes no tokens; pass texts instead"));
    }
    Ok(())
}

/// The transforms' part of a signature.
fn transforms_part(transforms: &Transforms) -> String {
    format!("transforms:{}|", transforms.name())
}

fn signature(metric: &dyn Metric, spec: &Spec) -> String {
    let readings = metric.readings();
    let name = |reading: &Reading| {
        let tokenizer = if spec.tokens { Tokenizer::Pretokenized } else { reading.pipeline.tokenizer };
        Pipeline { tokenizer, ..reading.pipeline }.to_string()
    };
    let pipelines: Vec<String> = readings.iter().map(name).collect();
    let mut pipelines = pipelines.join("|");
    if let Some(name) = spec.tokenizer.as_ref().filter(|_| !spec.tokens) {
        pipelines = pipelines.replacen("tok:given", &format!("tok:{name}"), 1);
    }
    let fitted = if spec.fitted.is_empty() {
        "each-call".to_owned()
    } else {
        spec.fitted.iter().map(|print| format!("{print:016x}")).collect::<Vec<_>>().join(",")
    };
    let is_fitted = readings.iter().any(|reading| reading.needs.fitted_orders() > 0);
    let fitted = if is_fitted { format!("|fitted:{fitted}") } else { String::new() };
    let transforms = spec.transforms.as_deref().map(transforms_part).unwrap_or_default();
    format!("{}{fitted}|{transforms}{pipelines}|version:{}", metric.options(), env!("CARGO_PKG_VERSION"))
}
