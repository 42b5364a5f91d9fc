//! Errors, as the classes of `textgauge.errors`.

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyAny;
use textgauge_engine::Error;

/// An exception of class `class`; `row` for the classes that have one.
fn raise(py: Python<'_>, class: &str, message: &str, code: &str, row: Option<Option<usize>>) -> PyErr {
    let make = || -> PyResult<Bound<'_, PyAny>> {
        let class = py.import("textgauge.errors")?.getattr(class)?;
        match row {
            Some(row) => class.call1((message, code, row)),
            None => class.call1((message, code)),
        }
    };
    match make() {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    }
}

/// `ConfigError`.
pub(crate) fn config(py: Python<'_>, code: &str, message: &str) -> PyErr {
    raise(py, "ConfigError", message, code, None)
}

/// `InputError`, about `row` if it is about one.
pub(crate) fn input(py: Python<'_>, code: &str, row: Option<usize>, message: &str) -> PyErr {
    raise(py, "InputError", message, code, Some(row))
}

/// `InputTypeError`, about `row` if it is about one.
pub(crate) fn input_type(py: Python<'_>, row: Option<usize>, message: &str) -> PyErr {
    raise(py, "InputTypeError", message, "wrong-type", Some(row))
}

/// `InternalError`.
pub(crate) fn internal(py: Python<'_>, message: &str) -> PyErr {
    raise(py, "InternalError", message, "internal", None)
}

/// The exception for an error of the engine.
pub(crate) fn engine(py: Python<'_>, error: &Error) -> PyErr {
    let class = match error {
        Error::Config(_) => "ConfigError",
        Error::SignatureMismatch { .. } => "SignatureMismatch",
        Error::BadAggregate(_) => return input(py, error.code(), None, &error.to_string()),
        Error::NotFitted | Error::BadInformation(_) | Error::BadMeasurements(_) | Error::SumTooLarge => {
            return input(py, error.code(), None, &error.to_string());
        }
        Error::NoThreads { .. } => "Error",
        Error::NoMemory { .. } => "NoMemoryError",
        Error::Cancelled => return PyRuntimeError::new_err("cancelled"),
    };
    raise(py, class, &error.to_string(), error.code(), None)
}
