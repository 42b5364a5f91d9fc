//! Which metrics are wanted, and what they share.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use textgauge_metrics::{ConfigError, Metric, Needs, Output, Pipeline, registry};

use crate::Error;

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

/// Metrics that read texts through the same pipeline, and have the same tokens.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) pipeline: Pipeline,
    pub(crate) needs: Needs,
    /// Indices into the plan's metrics.
    pub(crate) members: Vec<usize>,
}

/// Metrics to be measured together.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) metrics: Vec<Arc<dyn Metric>>,
    pub(crate) groups: Vec<Group>,
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
            groups: Vec::new(),
            first_column: Vec::new(),
            columns: Vec::new(),
            signatures: Vec::new(),
            specs: Vec::new(),
        };
        for (index, spec) in specs.into_iter().enumerate() {
            let metric = registry::build(&spec.metric, spec.options.clone())?;
            let name = spec.name.clone();
            let (pipeline, needs) = (metric.pipeline(), metric.needs());
            // A text read line by line may have other tokens; then it is read once each way.
            let same_reading = |group: &&mut Group| {
                group.pipeline == pipeline
                    && (pipeline.tokenizer.ignores_line_breaks() || group.needs.union_lcs == needs.union_lcs)
            };
            match plan.groups.iter_mut().find(same_reading) {
                Some(group) => {
                    group.needs = group.needs.union(needs);
                    group.members.push(index);
                }
                None => plan.groups.push(Group { pipeline, needs, members: vec![index] }),
            }
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
        Ok(plan)
    }

    /// The names of the columns, in order.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// What each column holds, in order.
    pub fn outputs(&self) -> impl Iterator<Item = &'static Output> {
        self.metrics.iter().flat_map(|metric| metric.outputs())
    }

    /// Each metric's name with its signature: everything its numbers depend on.
    pub fn signatures(&self) -> &[(String, String)] {
        &self.signatures
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

    /// Which views of the texts are read: at least the highest view plus one must be given.
    pub fn views(&self) -> usize {
        self.groups.iter().map(|group| group.pipeline.view + 1).max().unwrap_or(1)
    }
}

fn signature(metric: &dyn Metric, tokenizer: Option<&str>) -> String {
    let mut pipeline = metric.pipeline().to_string();
    if let Some(name) = tokenizer {
        pipeline = pipeline.replacen("tok:given", &format!("tok:{name}"), 1);
    }
    format!("{}|{pipeline}|version:{}", metric.options(), env!("CARGO_PKG_VERSION"))
}
