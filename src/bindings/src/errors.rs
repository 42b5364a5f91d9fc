//! Errors, as the classes of `textgauge.errors`.

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyAny, PyBytes};
use textgauge_engine::Error;
use textgauge_metrics::Code;

/// An exception of class `class`; `row` for the classes that have one.
fn raise(py: Python<'_>, class: &str, message: &str, code: Code, row: Option<Option<usize>>) -> PyErr {
    let make = || -> PyResult<Bound<'_, PyAny>> {
        let class = py.import("textgauge.errors")?.getattr(class)?;
        match row {
            Some(row) => class.call1((message, code.name(), row)),
            None => class.call1((message, code.name())),
        }
    };
    match make() {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    }
}

/// The codes of all errors, each with its meaning.
#[pyfunction]
pub(crate) fn error_codes() -> Vec<(&'static str, &'static str)> {
    Code::ALL.iter().map(|code| (code.name(), code.meaning())).collect()
}

/// `ConfigError`.
pub(crate) fn config(py: Python<'_>, code: Code, message: &str) -> PyErr {
    raise(py, "ConfigError", message, code, None)
}

/// `InputError`, about `row` if it is about one.
pub(crate) fn input(py: Python<'_>, code: Code, row: Option<usize>, message: &str) -> PyErr {
    raise(py, "InputError", message, code, Some(row))
}

/// `InputTypeError`, about `row` if it is about one.
pub(crate) fn input_type(py: Python<'_>, row: Option<usize>, message: &str) -> PyErr {
    raise(py, "InputTypeError", message, Code::WrongType, Some(row))
}

/// What Python calls the type of an object, for messages.
pub(crate) fn type_name(object: &Bound<'_, PyAny>) -> String {
    object.get_type().name().map_or_else(|_| "?".to_owned(), |name| name.to_string())
}

/// What `object` holds, if it is `bytes`.
pub(crate) fn expect_bytes<'a>(object: &'a Bound<'_, PyAny>) -> PyResult<&'a [u8]> {
    object.cast::<PyBytes>().map(|bytes| bytes.as_bytes()).map_err(|_| {
        let name = type_name(object);
        input_type(object.py(), None, &format!("what to_bytes wrote are bytes, but this is a {name}"))
    })
}

/// `InternalError`.
pub(crate) fn internal(py: Python<'_>, message: &str) -> PyErr {
    raise(py, "InternalError", message, Code::Internal, None)
}

/// The exception for an error of the engine.
pub(crate) fn engine(py: Python<'_>, error: &Error) -> PyErr {
    let class = match error {
        Error::Config(_) => "ConfigError",
        Error::SignatureMismatch { .. } | Error::OtherFitted => "SignatureMismatch",
        Error::EmptyReference { row, .. } => return input(py, error.code(), *row, &error.to_string()),
        Error::BadAggregate(_) => return input(py, error.code(), None, &error.to_string()),
        Error::NotFitted { .. } | Error::BadFitted(_) | Error::BadMeasurements(_) | Error::SumTooLarge => {
            return input(py, error.code(), None, &error.to_string());
        }
        Error::NoThreads { .. } => "Error",
        Error::NoMemory { .. } => "NoMemoryError",
        Error::Cancelled => return PyRuntimeError::new_err("cancelled"),
    };
    raise(py, class, &error.to_string(), error.code(), None)
}
