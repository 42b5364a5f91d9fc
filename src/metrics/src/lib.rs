//! Metrics as rows of integers.
//!
//! A metric never walks text. It names its [`Reading`]s, each a [`Pipeline`] and the facts of a
//! pair that it [`Needs`]; the engine measures each fact once for all metrics together; the metric
//! turns the facts of a pair into a short row of integers, and a row into scores. Integers add
//! exactly, so sums over any split of the data, in any order, give the same scores to the last bit.
//!
//! A new metric is an entry of its family; a new family is a file here and a line in [`registry`].
#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod bleu;
mod chrf;
mod code;
mod diagnostics;
mod edit;
mod entry;
mod error;
mod exact_match;
mod facts;
mod gleu;
mod helm;
mod metric;
mod nist;
mod numpy_float;
mod option_spec;
mod options;
mod python_fraction;
pub mod registry;
mod rouge;
mod squad;
mod ter;

pub use code::Code;
pub use entry::{Build, Entry};
pub use error::ConfigError;
pub use facts::{FactMeasurer, Facts, Glance, MAX_READINGS, Needs, PairFacts, Pairs, Reading};
pub use metric::{Corpus, Metric, Output, Sacrebleu, Unit};
pub use option_spec::{Kind, OptionSpec, TRANSFORMS};
pub use options::{find as find_option, refuse as refuse_option};
pub use textgauge_text::Pipeline;
