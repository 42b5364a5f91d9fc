//! Options as data: each metric states its options once; whatever is given is checked here, and here the messages are
//! written, in the words of whoever calls from Python.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use textgauge_kernels::overlap::MAX_ORDER;
use textgauge_text::{Pipeline, Stemmer, Tokenizer};

use crate::ConfigError;
use crate::entry::Entry;

/// What values an option may have.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// True or False.
    Bool,
    /// A whole number.
    Int {
        /// The least it may be.
        least: i64,
        /// The most it may be.
        most: i64,
    },
    /// A finite number.
    Number {
        /// The least it may be,
        least: f64,
        /// or, if this is set, what it must be above.
        open: bool,
        /// The most it may be.
        most: f64,
    },
    /// One of some names.
    Choice(&'static [&'static str]),
    /// A tokenizer by name, or a function of the caller's own.
    Tokenizer,
    /// A list of numbers from 0 to 1.
    Shares,
    /// A list of texts, which a function of the caller's own makes use of.
    Texts,
    /// What was fitted to references, by its fingerprint.
    Weights,
}

/// A weight that F-scores can be computed with: they take its square, and a little more.
pub(crate) const POSITIVE: Kind = Kind::Number { least: 0.0, open: true, most: 1e100 };

/// An order of n-grams.
pub(crate) const ORDER: Kind = Kind::Int { least: 1, most: MAX_ORDER as i64 };

/// An option of a metric. Its default is in the metric's `defaults`.
#[derive(Clone, Copy, Debug)]
pub struct OptionSpec {
    /// What it is called.
    pub name: &'static str,
    /// What values it may have.
    pub kind: Kind,
    /// Whether it may be None, for the default of a variant.
    pub optional: bool,
    /// What it says, in a line.
    pub meaning: &'static str,
}

/// An option that always has a value.
pub(crate) const fn option(name: &'static str, kind: Kind, meaning: &'static str) -> OptionSpec {
    OptionSpec { name, kind, optional: false, meaning }
}

/// An option that may be None.
pub(crate) const fn optional(name: &'static str, kind: Kind, meaning: &'static str) -> OptionSpec {
    OptionSpec { name, kind, optional: true, meaning }
}

impl OptionSpec {
    /// What may be given, in words.
    pub fn allowed(&self) -> String {
        let allowed = match self.kind {
            Kind::Bool => "True or False".to_owned(),
            Kind::Int { least, most } => format!("a whole number from {least} to {most}"),
            Kind::Number { least, open, most } => {
                let least = if open { format!("above {least}") } else { format!("of at least {least}") };
                let most = if most < f64::MAX { format!(" and at most {most:e}") } else { String::new() };
                format!("a number {least}{most}")
            }
            Kind::Choice(names) => format!("one of {}", names.join(", ")),
            Kind::Tokenizer => {
                let names: Vec<&str> = Tokenizer::NAMED.iter().map(|(name, _)| *name).collect();
                format!("one of {}, or a function from a text to its tokens", names.join(", "))
            }
            Kind::Shares => format!("a list of 1 to {MAX_ORDER} numbers from 0 to 1"),
            Kind::Texts => "a list of str".to_owned(),
            Kind::Weights => "what fit makes of references".to_owned(),
        };
        if self.optional { format!("{allowed}, or None") } else { allowed }
    }

    /// The error about a value that the option cannot have; `given` is how Python writes it.
    pub fn refuse(&self, entry: &Entry, given: &str) -> ConfigError {
        let text = given.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).unwrap_or_default();
        let hint = match self.kind {
            Kind::Choice(names) => nearest(text, names.iter().copied()),
            Kind::Tokenizer => nearest(text, Tokenizer::NAMED.iter().map(|(name, _)| *name)),
            _ => String::new(),
        };
        bad(entry, format!("{} is {given}; it must be {}{hint}", self.name, self.allowed()))
    }

    /// Whether the option may have this value.
    pub fn fits(&self, value: &Value) -> bool {
        match (self.kind, value) {
            (_, Value::Null) => self.optional,
            (Kind::Bool, Value::Bool(_)) => true,
            (Kind::Int { least, most }, Value::Number(number)) => {
                number.as_i64().is_some_and(|number| (least..=most).contains(&number))
            }
            (Kind::Number { least, open, most }, Value::Number(number)) => number
                .as_f64()
                .is_some_and(|number| number <= most && if open { number > least } else { number >= least }),
            (Kind::Choice(names), Value::String(name)) => names.contains(&name.as_str()),
            (Kind::Tokenizer, Value::String(name)) => Tokenizer::NAMED.iter().any(|(known, _)| known == name),
            (Kind::Shares, Value::Array(shares)) => {
                let fits = |share: &Value| share.as_f64().is_some_and(|share| (0.0..=1.0).contains(&share));
                (1..=MAX_ORDER).contains(&shares.len()) && shares.iter().all(fits)
            }
            (Kind::Weights, Value::String(digits)) => u64::from_str_radix(digits, 16).is_ok(),
            // A view that a function of the caller's own fills.
            (Kind::Tokenizer | Kind::Texts, Value::Object(_)) => true,
            _ => false,
        }
    }
}

/// Refuses options that `entry` does not take, or values that they cannot have.
pub(crate) fn check(entry: &Entry, options: &Map<String, Value>) -> Result<(), ConfigError> {
    for (name, value) in options {
        let spec = find(entry, name)?;
        if !spec.fits(value) {
            return Err(spec.refuse(entry, &python_value(value)));
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
            let problem = "the tokenizer 'rouge' always lower-cases; choose another one with lowercase=False";
            return Err(bad(entry, problem));
        }
        Ok(Pipeline { tokenizer, stemmer: Stemmer::None, lowercase, view: 0 })
    }
}
