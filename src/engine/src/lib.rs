//! Runs metrics over millions of pairs.
//!
//! A [`Plan`] groups metrics by pipeline, so that each text is read once for all of them. A [`Batch`] borrows texts.
//! [`score`], [`Prepared`] and [`pairwise`] run one over the other on the crate's own thread pool, [`Pair::score`] at
//! once; what they make adds up in [`Aggregate`]s, exactly, in any order. A [`Fitter`] reads a corpus first, for metrics
//! that ask for it. [`bootstrap`], [`randomization`] and [`jackknife`] weigh the pairs of a table anew;
//! [`SampleSums`] are the shares that parts of a table have in that.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod aggregate;
mod align;
mod batch;
mod chain_texts;
mod error;
mod error_counts;
mod explain;
mod fitted;
mod fitter;
mod matched;
mod measure;
mod pair;
mod pairwise;
mod peer_sampling;
mod plan;
mod plan_bytes;
mod pool;
mod prepare;
mod prepared;
mod resample;
mod run;
mod sample_sums;
mod score;
mod sealed;
mod table;
mod transformed;

pub use aggregate::Aggregate;
pub use align::align;
pub use batch::{Batch, References, Text, TokenSource};
pub use error::Error;
pub use error_counts::{Change, ErrorCounts, count_errors};
pub use explain::{Explained, ExplainedReading};
pub use fitted::Fitted;
pub use fitter::Fitter;
pub use matched::{ExplainedReference, Path, Shown, TokenTexts};
pub use pair::Pair;
pub use pairwise::{matrices, pairwise};
pub use peer_sampling::{drawn_means, single_bootstrap_sums, sums_of_chosen};
pub use plan::{Plan, Spec};
pub use pool::{Pool, default_threads};
pub use prepared::Prepared;
pub use resample::{Jackknife, bootstrap, jackknife, randomization};
pub use run::{Beside, Run};
pub use sample_sums::{SampleSums, bootstrap_sums, randomization_sums, segment_draws};
pub use score::{RowOutputs, score};
pub use table::StoredTable;
pub use textgauge_kernels::CancelFlag;
pub use textgauge_kernels::mersenne::Mersenne;
pub use textgauge_kernels::pcg64::Pcg64;
pub use textgauge_kernels::resample::{Place, SEGMENT};
