//! What the registry knows of a metric: its name, what it measures, its options, and how to make it.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::option_spec::OptionSpec;
use crate::{ConfigError, Metric};

/// A named metric and how to make one.
#[derive(Clone, Copy)]
pub struct Entry {
    /// The name users give.
    pub name: &'static str,
    /// The family, which names the files about it: `docs/metrics/rouge.md`, `tests/vectors/rouge`.
    pub family: &'static str,
    /// What it measures, in a line.
    pub summary: &'static str,
    /// The paper, or package and version, that defines it.
    pub source: &'static str,
    /// The options it takes.
    pub options: &'static [OptionSpec],
    /// Their defaults by name.
    pub defaults: fn() -> Map<String, Value>,
    /// Makes the metric from its options.
    pub build: Build,
}

/// Makes the metric of an entry from options; those left out have their defaults.
pub type Build = fn(&Entry, Map<String, Value>) -> Result<Arc<dyn Metric>, ConfigError>;
