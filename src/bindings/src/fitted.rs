//! What a corpus was found to hold.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use textgauge_engine::Fitted;

use crate::errors;

/// What metrics were fitted to, as one pipeline reads it.
#[pyclass(frozen, eq, hash, module = "textgauge._core", name = "Fitted")]
pub(crate) struct PyFitted(pub(crate) Arc<Fitted>);

impl PyFitted {
    fn number(&self) -> u64 {
        self.0.fingerprint(self.0.orders())
    }
}

impl PartialEq for PyFitted {
    fn eq(&self, other: &Self) -> bool {
        self.number() == other.number()
    }
}

impl std::hash::Hash for PyFitted {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.number().hash(state);
    }
}

#[pymethods]
impl PyFitted {
    /// Hexadecimal digits that stand for it.
    #[getter]
    fn fingerprint(&self) -> String {
        format!("{:016x}", self.number())
    }

    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.to_bytes())
    }

    #[staticmethod]
    fn from_bytes(py: Python<'_>, data: &Bound<'_, PyAny>) -> PyResult<Self> {
        let fitted = Fitted::from_bytes(errors::expect_bytes(data)?).map_err(|error| errors::engine(py, &error))?;
        Ok(Self(Arc::new(fitted)))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        Ok((py.get_type::<Self>().getattr("from_bytes")?, (self.to_bytes(py),)))
    }

    fn __repr__(&self) -> String {
        format!("<Fitted {}>", self.fingerprint())
    }
}
