//! Which metrics are wanted, and what they share.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use textgauge_metrics::{ConfigError, Corpus, Metric, Needs, Output, Pipeline, Reading, registry};

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
}

/// One way in which texts are read, for all metrics that see the same tokens.
#[derive(Clone, Debug)]
pub(crate) struct PlannedReading {
    /// How text becomes ids.
    pub(crate) pipeline: Pipeline,
    /// Which facts are read.
    pub(crate) needs: Needs,
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
        self.pipeline == other.pipeline && same_lines && (any_corpus || corpus(self) == corpus(other))
    }
}

/// Metrics to be measured together.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) metrics: Vec<Arc<dyn Metric>>,
    pub(crate) readings: Vec<PlannedReading>,
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
            let readings = metric.readings().into_iter().map(|Reading { pipeline, needs }| {
                let orders = needs.fitted_orders();
                let print = if orders > 0 { prints.next() } else { None };
                let fitted = print.and_then(|print| {
                    let same =
                        |corpus: &&Arc<Fitted>| corpus.suits(pipeline, orders) && corpus.fingerprint(orders) == print;
                    corpora.iter().find(same).cloned()
                });
                let unknown = if fitted.is_none() { print } else { None };
                plan.share(PlannedReading { pipeline, needs, fitted, unknown })
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

    /// The number of the reading that has the same tokens as `reading`, and from now on its needs too.
    fn share(&mut self, reading: PlannedReading) -> usize {
        let same = self.readings.iter().position(|known| known.goes_with(&reading));
        let index = same.unwrap_or(self.readings.len());
        match self.readings.get_mut(index) {
            Some(known) => {
                known.needs = known.needs.union(reading.needs);
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
            if corpus.is_some_and(|corpus| !corpus.suits(reading.pipeline, orders(reading))) {
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

    /// How many integers that add up each metric makes of a pair.
    pub(crate) fn components_of(&self) -> impl Iterator<Item = usize> {
        self.metrics.iter().map(|metric| match metric.corpus() {
            Corpus::Mean => metric.outputs().len(),
            Corpus::Pooled => metric.width(),
        })
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

    /// Which sources of the texts are read: at least the highest source plus one must be given.
    pub fn sources(&self) -> usize {
        self.readings.iter().map(|reading| reading.pipeline.source.saturating_add(1)).max().unwrap_or(1)
    }
}

fn signature(metric: &dyn Metric, spec: &Spec) -> String {
    let readings = metric.readings();
    let pipelines: Vec<String> = readings.iter().map(|reading| reading.pipeline.to_string()).collect();
    let mut pipelines = pipelines.join("|");
    if let Some(name) = &spec.tokenizer {
        pipelines = pipelines.replacen("tok:given", &format!("tok:{name}"), 1);
    }
    let fitted = if spec.fitted.is_empty() {
        "each-call".to_owned()
    } else {
        spec.fitted.iter().map(|print| format!("{print:016x}")).collect::<Vec<_>>().join(",")
    };
    let is_fitted = readings.iter().any(|reading| reading.needs.fitted_orders() > 0);
    let fitted = if is_fitted { format!("|fitted:{fitted}") } else { String::new() };
    format!("{}{fitted}|{pipelines}|version:{}", metric.options(), env!("CARGO_PKG_VERSION"))
}
