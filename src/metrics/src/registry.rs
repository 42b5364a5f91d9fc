//! Every metric there is. The command line's choices, the columns of results, the tables of the
//! documentation and the law tests are all derived from this list.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::entry::Entry;
use crate::{
    ConfigError, Metric, bleu, chrf, diagnostics, edit, exact_match, gleu, helm, nist, options, rouge, squad, ter,
};

/// The metrics of every file, in the order of the documentation.
const METRICS: [&[Entry]; 11] = [
    rouge::METRICS,
    bleu::METRICS,
    chrf::METRICS,
    ter::METRICS,
    gleu::METRICS,
    nist::METRICS,
    edit::METRICS,
    diagnostics::METRICS,
    exact_match::METRICS,
    squad::METRICS,
    helm::METRICS,
];

/// Every metric there is.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    METRICS.into_iter().flatten()
}

/// The entry under `name`.
///
/// # Errors
/// [`ConfigError::UnknownMetric`] if there is none.
pub fn find(name: &str) -> Result<&'static Entry, ConfigError> {
    entries().find(|entry| entry.name == name).ok_or_else(|| ConfigError::UnknownMetric {
        name: options::python_text(name),
        hint: options::nearest(name, entries().map(|entry| entry.name)),
        known: entries().map(|entry| entry.name).collect::<Vec<_>>().join(", "),
    })
}

/// Makes the metric `name` with `options`; those left out have their defaults.
///
/// # Errors
/// [`ConfigError`] if there is no such metric or an option does not fit it.
pub fn build(name: &str, options: Map<String, Value>) -> Result<Arc<dyn Metric>, ConfigError> {
    let entry = find(name)?;
    options::check(entry, &options)?;
    (entry.build)(entry, options)
}
