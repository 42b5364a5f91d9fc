//! Options as metrics take them: JSON in, a checked value out.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use textgauge_text::{Pipeline, Stemmer, Tokenizer};

use crate::ConfigError;
use crate::registry::Entry;

/// The options of `T` with their defaults.
pub(crate) fn defaults<T: Default + Serialize>() -> Map<String, Value> {
    to_json(&T::default())
}

/// `options` as JSON.
pub(crate) fn to_json<T: Serialize>(options: &T) -> Map<String, Value> {
    match serde_json::to_value(options) {
        Ok(Value::Object(options)) => options,
        _ => Map::new(),
    }
}

/// An error about an option of `entry`.
pub(crate) fn bad(entry: &Entry, problem: impl Into<String>) -> ConfigError {
    ConfigError::BadOption { metric: entry.name.to_owned(), problem: problem.into() }
}

/// The options out of JSON; those left out have their defaults.
pub(crate) fn parse<T: DeserializeOwned>(entry: &Entry, options: Map<String, Value>) -> Result<T, ConfigError> {
    serde_json::from_value(Value::Object(options)).map_err(|error| bad(entry, error.to_string()))
}

/// Refuses a weight of recall that F-scores cannot be computed with.
pub(crate) fn check_beta(entry: &Entry, beta: f64) -> Result<(), ConfigError> {
    // F takes its square, and a little more.
    const MOST: f64 = 1e100;
    if beta > 0.0 && beta <= MOST {
        return Ok(());
    }
    Err(bad(entry, format!("beta must be a positive number of at most 1e100, not {beta}")))
}

/// What `named` has under `name`.
pub(crate) fn by_name<T: Copy>(entry: &Entry, what: &str, name: &str, named: &[(&str, T)]) -> Result<T, ConfigError> {
    named.iter().find(|(known, _)| *known == name).map(|(_, value)| *value).ok_or_else(|| {
        let known: Vec<&str> = named.iter().map(|(known, _)| *known).collect();
        bad(entry, format!("there is no {what} {name:?}; choose one of {}", known.join(", ")))
    })
}

/// A tokenizer by name, or the view that one of the caller's own fills.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum TokenizerOption {
    Named(String),
    View {
        view: usize,
        /// Whether the tokenizer is given texts in lower case.
        #[serde(default)]
        lowercased: bool,
    },
}

impl TokenizerOption {
    /// The pipeline that cuts with this tokenizer and does nothing else but perhaps lower-case.
    pub(crate) fn pipeline(&self, entry: &Entry, lowercase: bool) -> Result<Pipeline, ConfigError> {
        let tokenizer = match self {
            Self::Named(name) => by_name(entry, "tokenizer", name, &Tokenizer::NAMED)?,
            Self::View { view, lowercased } => {
                let (tokenizer, stemmer) = (Tokenizer::Given, Stemmer::None);
                return Ok(Pipeline { tokenizer, stemmer, lowercase: *lowercased, view: *view });
            }
        };
        if tokenizer == Tokenizer::Rouge && !lowercase {
            let problem = "the tokenizer \"rouge\" always lower-cases; choose another one with lowercase=False";
            return Err(bad(entry, problem));
        }
        Ok(Pipeline { tokenizer, stemmer: Stemmer::None, lowercase, view: 0 })
    }
}
