//! Texts that are given as their tokens.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use textgauge_metrics::Code;
use textgauge_text::GivenTokens;

use crate::borrow::{each_string, utf8_of};
use crate::errors;

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

impl NoTokens {
    /// The exception; `whose` says what the tokens are of, and `row` where that stands, if in one.
    #[cold]
    pub(crate) fn raised(self, py: Python<'_>, whose: &str, row: Option<usize>) -> PyErr {
        match self {
            Self::Unhashable(name) => {
                let message = format!("a token of the {whose} is a {name}, which cannot be hashed");
                errors::input_type(py, row, &message)
            }
            Self::TooLong => {
                errors::input(py, Code::TooLarge, row, &format!("a token of the {whose} has 4 GiB or more"))
            }
            Self::Raised(error) => error,
        }
    }
}

/// Bytes that begin no string, so that numbers, and other objects by their number, equal none. Digits follow, which neither
/// lower case nor a stemmer changes.
const INTEGER: u8 = 0xff;
const OBJECT: u8 = 0xfe;

/// Makes `text` of a list that holds nothing but strings, as nearly all do: in less time than [`TokenWriter::write`] takes.
/// Returns whether it holds nothing else; if it does, `text` is of no use.
pub(crate) fn write_strings(list: &Bound<'_, PyAny>, text: &mut GivenTokens) -> bool {
    let Ok(list) = list.cast_exact::<PyList>() else { return false };
    text.clear(list.len());
    each_string(list, |token| text.push(token).is_ok())
}

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

    /// Makes `text` of a list.
    pub(crate) fn write(&self, tokens: &Bound<'py, PyTuple>, text: &mut GivenTokens) -> Result<(), NoTokens> {
        text.clear(tokens.len());
        for token in tokens.iter_borrowed() {
            let pushed = if let Ok(string) = token.cast::<PyString>() {
                text.push(&utf8_of(&string)?).is_ok()
            } else if let Ok(integer) = token.cast_exact::<PyInt>() {
                text.push(&integer_token(&integer)?).is_ok()
            } else {
                text.push(&self.other(&token)?).is_ok()
            };
            if !pushed {
                return Err(NoTokens::TooLong);
            }
        }
        Ok(())
    }

    /// What stands for an object that is neither a string nor plainly an integer.
    fn other(&self, token: &Bound<'py, PyAny>) -> Result<Vec<u8>, NoTokens> {
        // Whole numbers are equal whatever their type: 1, 1.0, True, NumPy's.
        let is_whole =
            || PyResult::Ok(token.is_instance_of::<PyFloat>() && token.call_method0("is_integer")?.is_truthy()?);
        if token.hasattr("__index__")? || is_whole()? {
            return Ok(integer_token(&token.call_method0("__int__")?)?);
        }
        let next = self.numbers.len();
        let number = match self.numbers.call_method1("setdefault", (token, next)) {
            Ok(number) => number.extract::<u64>()?,
            Err(error) if error.is_instance_of::<PyTypeError>(token.py()) => {
                return Err(NoTokens::Unhashable(errors::type_name(token)));
            }
            Err(error) => return Err(error.into()),
        };
        Ok(tagged(OBJECT, &number.to_string()))
    }
}

/// What stands for an integer.
fn integer_token(integer: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    match integer.extract::<i64>() {
        Ok(value) => Ok(tagged(INTEGER, &value.to_string())),
        Err(_) => Ok(tagged(INTEGER, &integer.str()?.to_string_lossy())),
    }
}

fn tagged(tag: u8, digits: &str) -> Vec<u8> {
    [&[tag], digits.as_bytes()].concat()
}

/// Whether the items of a reference are lists of tokens themselves, so that it is several references.
pub(crate) fn is_several(items: &Bound<'_, PyTuple>) -> PyResult<bool> {
    if items.is_empty() {
        return Ok(false);
    }
    let first = items.get_borrowed_item(0)?;
    Ok(first.is_instance_of::<PyList>()
        || first.is_instance_of::<PyTuple>()
        || (!first.is_instance_of::<PyString>()
            && !first.is_instance_of::<PyBytes>()
            && first.hasattr("tolist")?
            && first.hasattr("__len__")?
            && first.len().is_ok()))
}

/// The items of a row: a list or tuple, or an array or series that makes itself one.
pub(crate) fn items_of<'py>(row: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyTuple>>> {
    if let Ok(tuple) = row.cast::<PyTuple>() {
        return Ok(Some(tuple.clone()));
    }
    if let Ok(list) = row.cast::<PyList>() {
        return Ok(Some(list.to_tuple()));
    }
    // NumPy, pandas and PyArrow; Polars.
    for method in ["tolist", "to_list"] {
        if row.hasattr(method)? {
            let items = row.call_method0(method)?;
            return Ok(items.cast::<PyList>().ok().map(|list| list.to_tuple()));
        }
    }
    Ok(None)
}
