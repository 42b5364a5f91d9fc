//! Every metric there is. The command line's choices, the columns of results, the tables of the
//! documentation and the law tests are all derived from this list.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::entry::Entry;
use crate::{
    ConfigError, Metric, bleu, chrf, diagnostics, edit, exact_match, gleu, helm, nist, options, rouge, squad, ter,
};

/// Every metric there is, in the order of the documentation.
pub static REGISTRY: &[Entry] = &[
    rouge::ROUGE_1,
    rouge::ROUGE_2,
    rouge::ROUGE_3,
    rouge::ROUGE_4,
    rouge::ROUGE_5,
    rouge::ROUGE_6,
    rouge::ROUGE_7,
    rouge::ROUGE_8,
    rouge::ROUGE_9,
    rouge::ROUGE_L,
    rouge::ROUGE_LSUM,
    rouge::ROUGE_LCONTIG,
    bleu::BLEU,
    chrf::CHRF,
    chrf::CHRF_PLUS,
    chrf::CHRF_PLUS_PLUS,
    ter::TER,
    gleu::GLEU,
    nist::NIST,
    edit::WER,
    edit::CER,
    edit::MER,
    edit::WIL,
    edit::WIP,
    edit::EDIT_DISTANCE,
    edit::EDIT_SIMILARITY,
    diagnostics::DIAGNOSTICS,
    diagnostics::EXTRACTIVE,
    exact_match::EXACT_MATCH,
    squad::SQUAD,
    helm::HELM[0],
    helm::HELM[1],
    helm::HELM[2],
    helm::HELM[3],
    helm::HELM[4],
    helm::HELM[5],
    helm::HELM[6],
    helm::HELM[7],
    helm::HELM[8],
    helm::HELM[9],
    helm::HELM[10],
    helm::HELM[11],
];

/// The entry under `name`.
///
/// # Errors
/// [`ConfigError::UnknownMetric`] if there is none.
pub fn find(name: &str) -> Result<&'static Entry, ConfigError> {
    REGISTRY.iter().find(|entry| entry.name == name).ok_or_else(|| ConfigError::UnknownMetric {
        name: options::python_text(name),
        hint: options::nearest(name, REGISTRY.iter().map(|entry| entry.name)),
        known: REGISTRY.iter().map(|entry| entry.name).collect::<Vec<_>>().join(", "),
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
