//! Texts that are given as their tokens.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use textgauge_text::GivenTokens;

use crate::borrow::generalised_utf8;

/// Why a list is not one of tokens: the token, and what is wrong with it.
pub(crate) enum NoTokens {
    /// It cannot be hashed, so that it equals nothing.
    Unhashable(String),
    /// It has 4 GiB or more.
    TooLong,
    /// Python raised.
    Raised(PyErr),
}

impl From<PyErr> for NoTokens {
    fn from(error: PyErr) -> Self {
        Self::Raised(error)
    }
}

/// Bytes that begin no string: tokens that are numbers, and other objects by number, equal none.
const INTEGER: u8 = 0xff;
const OBJECT: u8 = 0xfe;

/// Makes texts of lists of tokens. Objects that are equal for Python, with equal hashes, are equal tokens.
pub(crate) struct TokenWriter<'py> {
    /// The number of each object that is neither a string nor an integer.
    numbers: Bound<'py, PyDict>,
}

impl<'py> TokenWriter<'py> {
    pub(crate) fn new(py: Python<'py>) -> Self {
        Self { numbers: PyDict::new(py) }
    }

    /// One that gives equal objects equal numbers.
    pub(crate) fn of_other_side(&self) -> Self {
        Self { numbers: self.numbers.clone() }
    }

    pub(crate) fn text(&self, tokens: &Bound<'py, PyTuple>) -> Result<Vec<u8>, NoTokens> {
        let mut text = GivenTokens::default();
        for token in tokens.iter_borrowed() {
            let pushed = if let Ok(string) = token.cast::<PyString>() {
                text.push(&generalised_utf8(&string)?).is_ok()
            } else {
                text.push(&self.other(&token)?).is_ok()
            };
            if !pushed {
                return Err(NoTokens::TooLong);
            }
        }
        Ok(text.into_text())
    }

    /// What stands for an object that is no string.
    fn other(&self, token: &Bound<'py, PyAny>) -> Result<Vec<u8>, NoTokens> {
        let tagged = |tag: u8, text: &str| [&[tag], text.as_bytes()].concat();
        // Whole numbers are equal whatever their type: 1, 1.0, True, NumPy's.
        let is_number = token.is_instance_of::<PyInt>() || token.hasattr("__index__")?;
        let is_whole =
            || PyResult::Ok(token.is_instance_of::<PyFloat>() && token.call_method0("is_integer")?.is_truthy()?);
        if is_number || is_whole()? {
            let integer = token.call_method0("__int__")?;
            return Ok(tagged(INTEGER, &integer.str()?.to_string_lossy()));
        }
        let next = self.numbers.len();
        let number = match self.numbers.call_method1("setdefault", (token, next)) {
            Ok(number) => number.extract::<usize>()?,
            Err(error) if error.is_instance_of::<PyTypeError>(token.py()) => {
                return Err(NoTokens::Unhashable(token.get_type().name()?.to_string()));
            }
            Err(error) => return Err(error.into()),
        };
        Ok(tagged(OBJECT, &number.to_string()))
    }
}

/// Whether an item of a reference is itself a list of tokens, so that the reference is several.
pub(crate) fn is_list(item: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(item.is_instance_of::<PyList>()
        || item.is_instance_of::<PyTuple>()
        || (!item.is_instance_of::<PyString>()
            && !item.is_instance_of::<PyBytes>()
            && item.hasattr("tolist")?
            && item.hasattr("__len__")?
            && item.len().is_ok()))
}
