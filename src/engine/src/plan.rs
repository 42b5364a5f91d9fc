//! Which metrics are wanted, and what they share.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use textgauge_metrics::{ConfigError, Corpus, Metric, Output, Reading, registry};

use crate::{Error, Information};

/// A metric as its user asks for it.
#[derive(Clone, Debug, Serialize, Deserialize)]
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
}

/// Metrics to be measured together.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) metrics: Vec<Arc<dyn Metric>>,
    /// How texts are read: once for all metrics that see the same tokens.
    pub(crate) readings: Vec<Reading>,
    /// What n-grams tell, for each reading that needs it, once it is known.
    pub(crate) information: Vec<Option<Arc<Information>>>,
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
        if specs.is_empty() {
            return Err(ConfigError::NoMetric.into());
        }
        let mut plan = Self {
            metrics: Vec::new(),
            readings: Vec::new(),
            information: Vec::new(),
            readings_of: Vec::new(),
            first_column: Vec::new(),
            columns: Vec::new(),
            signatures: Vec::new(),
            specs: Vec::new(),
        };
        for spec in specs {
            let metric = registry::build(&spec.metric, spec.options.clone())?;
            let name = spec.name.clone();
            let readings = metric.readings().into_iter().map(|reading| plan.share(reading)).collect();
            plan.readings_of.push(readings);
            plan.first_column.push(plan.columns.len());
            for output in metric.outputs() {
                let column = if output.part.is_empty() { name.clone() } else { format!("{name}.{}", output.part) };
                if plan.columns.contains(&column) {
                    return Err(ConfigError::SameColumn { column }.into());
                }
                plan.columns.push(column);
            }
            plan.signatures.push((name.clone(), signature(metric.as_ref(), spec.tokenizer.as_deref())));
            plan.metrics.push(metric);
            plan.specs.push(spec);
        }
        plan.information.resize(plan.readings.len(), None);
        Ok(plan)
    }

    /// The number of the reading that has the same tokens as `reading`, and from now on its needs too.
    fn share(&mut self, reading: Reading) -> usize {
        // A text read line by line may have other tokens; then it is read once each way.
        let any_lines = reading.pipeline.tokenizer.ignores_line_breaks();
        let same = self.readings.iter().position(|known| {
            known.pipeline == reading.pipeline
                && (any_lines || known.needs.union_lcs == reading.needs.union_lcs)
                && known.needs.go_with(reading.needs)
        });
        let index = same.unwrap_or(self.readings.len());
        match self.readings.get_mut(index) {
            Some(known) => known.needs = known.needs.union(reading.needs),
            None => self.readings.push(reading),
        }
        index
    }

    /// Gives the plan what n-grams tell, for whatever has these weights.
    ///
    /// # Errors
    /// [`ConfigError`] if the weights are of fewer orders than needed, or were learnt of other tokens.
    pub fn inform(&mut self, information: &Arc<Information>) -> Result<(), Error> {
        for (reading, place) in self.readings.iter().zip(&mut self.information) {
            let Some(needs) = reading.needs.information else { continue };
            if needs.weights != Some(information.fingerprint()) {
                continue;
            }
            if needs.orders > information.orders() || information.pipeline() != reading.pipeline.to_string() {
                let problem = "weights are of another tokenizer, lowercase or n; fit them again".to_owned();
                return Err(ConfigError::BadOption { metric: "nist".to_owned(), problem }.into());
            }
            *place = Some(Arc::clone(information));
        }
        Ok(())
    }

    /// Whether weights have to be learnt from the references of each call.
    pub fn learns(&self) -> bool {
        self.readings.iter().any(|reading| reading.needs.information.is_some_and(|needs| needs.weights.is_none()))
    }

    /// An error unless everything is there that scoring takes.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let lacking = |(reading, known): (&Reading, &Option<_>)| reading.needs.information.is_some() && known.is_none();
        if self.readings.iter().zip(&self.information).any(lacking) { Err(Error::NotFitted) } else { Ok(()) }
    }

    /// The plan with what was learnt by [`crate::Learner`], which this plan made.
    ///
    /// # Errors
    /// None, if it did.
    pub fn informed(&self, learnt: &[Arc<Information>]) -> Result<Self, Error> {
        let mut learnt_of = learnt.iter();
        let fingerprints: Vec<Option<u64>> = self
            .readings
            .iter()
            .map(|reading| {
                let learns = reading.needs.information.is_some_and(|needs| needs.weights.is_none());
                if learns { learnt_of.next().map(|information| information.fingerprint()) } else { None }
            })
            .collect();
        let mut specs = self.specs.clone();
        for ((spec, metric), readings) in specs.iter_mut().zip(&self.metrics).zip(&self.readings_of) {
            for (own, &index) in metric.readings().iter().zip(readings) {
                if let (Some(_), Some(fingerprint)) = (own.needs.information, fingerprints[index]) {
                    spec.options.insert("weights".to_owned(), format!("{fingerprint:016x}").into());
                }
            }
        }
        let mut plan = Self::new(specs)?;
        for information in self.information.iter().flatten().chain(learnt) {
            plan.inform(information)?;
        }
        Ok(plan)
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

fn signature(metric: &dyn Metric, tokenizer: Option<&str>) -> String {
    let readings: Vec<String> = metric.readings().iter().map(|reading| reading.pipeline.to_string()).collect();
    let mut readings = readings.join("|");
    if let Some(name) = tokenizer {
        readings = readings.replacen("tok:given", &format!("tok:{name}"), 1);
    }
    format!("{}|{readings}|version:{}", metric.options(), env!("CARGO_PKG_VERSION"))
}
