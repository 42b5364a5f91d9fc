use textgauge_metrics::{Code, ConfigError};
use thiserror::Error as ThisError;

/// What can go wrong above the metrics.
#[derive(Debug, ThisError, PartialEq, Eq)]
pub enum Error {
    /// The metrics asked for cannot be built.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Two things don't belong together: their signatures differ.
    #[error("{what}: one was made with {left:?}, the other with {right:?}")]
    SignatureMismatch {
        /// What was to be done with them.
        what: &'static str,
        /// The signature of the first.
        left: String,
        /// The signature of the second.
        right: String,
    },
    /// Bytes are not those of an aggregate that this version reads.
    #[error("these bytes are not an aggregate that this version reads: {0}")]
    BadAggregate(&'static str),
    /// Bytes are not those of measurements that this version reads.
    #[error("these bytes are not measurements that this version reads: {0}")]
    BadMeasurements(&'static str),
    /// Metrics lack what they have to know of a whole corpus.
    #[error(
        "{metrics}: all references have to be read before the first pair is scored, and then once more: pass them as a \
         list or an array, neither prepared nor as an iterator; or fit the scorer first, Scorer(...).fit(references)"
    )]
    NotFitted {
        /// Their names, comma separated.
        metrics: String,
    },
    /// Bytes are not those of a fitted corpus that this version reads.
    #[error("these bytes are not what this version fits to references: {0}")]
    BadFitted(&'static str),
    /// What was fitted does not fit these metrics.
    #[error("what was fitted belongs to other metrics; call fit of a scorer of these")]
    OtherFitted,
    /// Sums are too large, or below 0 where things are counted: no rows that there can be add up to that.
    #[error("no rows can have these sums; one of the aggregates or measurements was forged")]
    SumTooLarge,
    /// The system refused to start threads.
    #[error("cannot start {threads} threads: {problem}")]
    NoThreads {
        /// How many were asked for.
        threads: usize,
        /// What the system said.
        problem: String,
    },
    /// There is no memory for so many scores.
    #[error("there is no memory for the scores of {rows} {what}")]
    NoMemory {
        /// How many were asked for.
        rows: u128,
        /// Of what.
        what: &'static str,
    },
    /// A reference has nothing to measure against, which an option makes an error.
    #[error("{metric}: a reference{} has no tokens; with empty_references='drop' such pairs have no score", row.map(|row| format!(" in row {row}")).unwrap_or_default())]
    EmptyReference {
        /// The name that the metric's columns begin with.
        metric: String,
        /// The row that it is in, if there are several.
        row: Option<usize>,
    },
    /// The run was cancelled from outside.
    #[error("cancelled")]
    Cancelled,
}

impl Error {
    /// The kind of error.
    pub fn code(&self) -> Code {
        match self {
            Self::Config(error) => error.code(),
            Self::SignatureMismatch { .. } => Code::SignatureMismatch,
            Self::BadAggregate(_) => Code::BadAggregate,
            Self::BadFitted(_) => Code::BadFitted,
            Self::OtherFitted => Code::SignatureMismatch,
            Self::BadMeasurements(_) => Code::BadMeasurements,
            Self::NotFitted { .. } => Code::NotFitted,
            Self::NoThreads { .. } => Code::NoThreads,
            Self::SumTooLarge => Code::TooLarge,
            Self::EmptyReference { .. } => Code::EmptyReference,
            Self::NoMemory { .. } => Code::NoMemory,
            // Whoever cancels knows why, and says so instead.
            Self::Cancelled => Code::Internal,
        }
    }
}
