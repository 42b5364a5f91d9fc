use thiserror::Error;

use crate::code::Code;

/// A metric was asked for that cannot be built.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ConfigError {
    /// No metric has this name.
    #[error("there is no metric {name}{hint}; choose one of {known}")]
    UnknownMetric {
        /// The name asked for, as Python writes it.
        name: String,
        /// A question that offers the nearest name, if one is near.
        hint: String,
        /// The registered names, comma separated.
        known: String,
    },
    /// An option is unknown, of the wrong type, or out of range.
    #[error("{metric}: {problem}")]
    BadOption {
        /// The metric's name.
        metric: String,
        /// What is wrong, and what would be right.
        problem: String,
    },
    /// A scorer without metrics.
    #[error("a scorer needs at least one metric")]
    NoMetric,
    /// The same column would be made twice.
    #[error("two metrics both make the column {column:?}; give one of them another name")]
    SameColumn {
        /// The column's name.
        column: String,
    },
}

impl ConfigError {
    /// The kind of error.
    pub fn code(&self) -> Code {
        match self {
            Self::UnknownMetric { .. } => Code::UnknownMetric,
            Self::BadOption { .. } => Code::BadOption,
            Self::NoMetric => Code::NoMetric,
            Self::SameColumn { .. } => Code::SameColumn,
        }
    }
}
