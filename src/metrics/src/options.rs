//! Checks whatever is given for the options of a metric, and writes the messages, in the words of whoever calls from
//! Python.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use textgauge_text::{Pipeline, Tokenizer};

use crate::ConfigError;
use crate::entry::Entry;
use crate::option_spec::{Kind, OptionSpec};

/// The error about a value that an option of `entry` cannot have; `given` is how Python writes it.
pub fn refuse(entry: &Entry, spec: &OptionSpec, given: &str) -> ConfigError {
    let text = given.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).unwrap_or_default();
    let hint = match spec.kind {
        Kind::Choice(names) => nearest(text, names.iter().copied()),
        Kind::Tokenizer => nearest(text, Tokenizer::public_names()),
        _ => String::new(),
    };
    bad(entry, format!("{} is {given}; it must be {}{hint}", spec.name, spec.allowed()))
}

/// Refuses options that `entry` does not take, or values that they cannot have.
pub(crate) fn check(entry: &Entry, options: &Map<String, Value>) -> Result<(), ConfigError> {
    for (name, value) in options {
        let spec = find(entry, name)?;
        if !spec.fits(value) {
            return Err(refuse(entry, spec, &python_value(value)));
        }
    }
    Ok(())
}

/// The option `name` of `entry`.
///
/// # Errors
/// [`ConfigError::BadOption`] if it has no such option.
pub fn find<'e>(entry: &'e Entry, name: &str) -> Result<&'e OptionSpec, ConfigError> {
    entry.options.iter().find(|spec| spec.name == name).ok_or_else(|| {
        let names = || entry.options.iter().map(|spec| spec.name);
        let known = names().collect::<Vec<_>>().join(", ");
        let known = if known.is_empty() { "it takes none".to_owned() } else { format!("there are {known}") };
        bad(entry, format!("there is no option {}{}; {known}", python_text(name), nearest(name, names())))
    })
}

/// A question that offers the known name that is fewest edits away, if that is not most of it.
pub(crate) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> String {
    let edits = |known: &str| {
        let (left, right): (Vec<char>, Vec<char>) =
            (name.to_lowercase().chars().collect(), known.to_lowercase().chars().collect());
        let mut row: Vec<usize> = (0..=right.len()).collect();
        for (above, &letter) in left.iter().enumerate() {
            let mut diagonal = std::mem::replace(&mut row[0], above + 1);
            for (at, &other) in right.iter().enumerate() {
                let substituted = diagonal + usize::from(letter != other);
                diagonal = row[at + 1];
                row[at + 1] = substituted.min(row[at].min(diagonal) + 1);
            }
        }
        row[right.len()]
    };
    let found = known.map(|known| (edits(known), known)).min_by_key(|(edits, _)| *edits);
    match found {
        Some((edits, known)) if 2 * edits <= known.chars().count() => {
            format!("; did you mean {known:?}?").replace('"', "'")
        }
        _ => String::new(),
    }
}

/// A text as Python writes it, but for rare characters.
pub(crate) fn python_text(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let escaped: String = text
        .chars()
        .flat_map(|letter| match letter {
            '\'' | '"' if letter != quote => vec![letter],
            _ => letter.escape_debug().collect(),
        })
        .collect();
    format!("{quote}{escaped}{quote}")
}

/// A value as Python writes it.
fn python_value(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::String(text) => python_text(text),
        Value::Array(values) => format!("[{}]", values.iter().map(python_value).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

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

/// What `named` has under `name`.
pub(crate) fn by_name<T: Copy>(entry: &Entry, what: &str, name: &str, named: &[(&str, T)]) -> Result<T, ConfigError> {
    named.iter().find(|(known, _)| *known == name).map(|(_, value)| *value).ok_or_else(|| {
        let known: Vec<&str> = named.iter().map(|(known, _)| *known).collect();
        let hint = nearest(name, known.iter().copied());
        bad(entry, format!("{what} is {}; it must be one of {}{hint}", python_text(name), known.join(", ")))
    })
}

/// A tokenizer by name, or the source that one of the caller's own fills.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum TokenizerOption {
    Named(String),
    TokenSource {
        source: usize,
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
            Self::TokenSource { source, lowercased } => {
                return Ok(Pipeline { source: *source, ..Pipeline::new(Tokenizer::Pretokenized, *lowercased) });
            }
        };
        if tokenizer == Tokenizer::Rouge && !lowercase {
            let problem = "the tokenizer 'rouge' always lower-cases; choose another one with lowercase=False";
            return Err(bad(entry, problem));
        }
        Ok(Pipeline::new(tokenizer, lowercase))
    }
}
