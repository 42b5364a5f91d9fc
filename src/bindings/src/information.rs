//! What was fitted to references.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use textgauge_engine::Information;

use crate::errors;

/// How much the n-grams of some references tell.
#[pyclass(frozen, eq, hash, module = "textgauge._core", name = "Information")]
pub(crate) struct PyInformation(pub(crate) Arc<Information>);

impl PartialEq for PyInformation {
    fn eq(&self, other: &Self) -> bool {
        self.0.fingerprint() == other.0.fingerprint()
    }
}

impl std::hash::Hash for PyInformation {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.fingerprint().hash(state);
    }
}

#[pymethods]
impl PyInformation {
    /// The hexadecimal digits that stand for these weights in a signature.
    #[getter]
    fn fingerprint(&self) -> String {
        format!("{:016x}", self.0.fingerprint())
    }

    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.to_bytes())
    }

    #[staticmethod]
    fn from_bytes(py: Python<'_>, data: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(Self(Arc::new(
            Information::from_bytes(errors::expect_bytes(data)?).map_err(|error| errors::engine(py, &error))?,
        )))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        Ok((py.get_type::<Self>().getattr("from_bytes")?, (self.to_bytes(py),)))
    }

    fn __repr__(&self) -> String {
        format!("<information weights {}>", self.fingerprint())
    }
}
