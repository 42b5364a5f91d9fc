//! The extension module `textgauge._core`: input, output, errors and one gate; no arithmetic.
#![deny(unsafe_code)]

mod aligned;
mod answers;
mod arrow;
#[allow(unsafe_code, reason = "the one module that may: bytes borrowed from Python and Arrow")]
mod borrow;
mod column;
mod errors;
mod explain;
mod files;
mod fitted;
mod functions;
mod gate;
mod given_source;
mod given_tokens;
mod json;
mod options;
mod pair;
mod peer_sampling;
mod sample_sums;
mod scorer;
mod table;
mod transforms;

use pyo3::prelude::*;

/// The compiled core of textgauge. Private: use what the package exports.
#[pymodule(gil_used = false)]
mod _core {
    use super::*;
    #[pymodule_export]
    use crate::answers::{read_answer, read_answers, read_choices};
    #[pymodule_export]
    use crate::errors::error_codes;
    #[pymodule_export]
    use crate::files::{
        PyJsonArrayCutter, PyJsonColumn, PyJsonLines, PyTexts, count_json_lines, decode_json_lines, encode_csv,
        encode_json_lines,
    };
    #[pymodule_export]
    use crate::fitted::PyFitted;
    #[pymodule_export]
    use crate::functions::{
        align, build_profile, default_threads, py_lower, py_split, records, registry, stem, tokenize, unicode_version,
        verbatim_tokenizers,
    };
    #[pymodule_export]
    use crate::peer_sampling::{drawn_means, single_bootstrap_sums, sums_of_chosen};
    #[pymodule_export]
    use crate::sample_sums::{PySampleSums, segment_draws};
    #[pymodule_export]
    use crate::scorer::{PyAggregate, PyPrepared, PyScorer};
    #[pymodule_export]
    use crate::table::{PyTable, bootstrap, concatenate, randomization};
    #[pymodule_export]
    use crate::transforms::PyTransforms;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("SEGMENT_ROWS", textgauge_engine::SEGMENT)
    }
}
