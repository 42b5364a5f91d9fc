//! Metrics as rows of integers.
//!
//! A metric never walks text. It names the [`Pipeline`] under which it reads and the facts of a
//! pair that it [`Needs`]; the engine measures each fact once for all metrics together; the metric
//! turns the facts of a pair into a short row of integers, and a row into scores. Integers add
//! exactly, so sums over any split of the data, in any order, give the same scores to the last bit.
//!
//! A new metric is one file here and one line in [`registry`].
#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod error;
mod facts;
mod metric;
pub mod registry;
mod rouge;

pub use error::ConfigError;
pub use facts::{Facts, Needs, Pairs};
pub use metric::{Corpus, Metric, Output};
pub use textgauge_text::Pipeline;
