//! The caller's own tokenizers.

use pyo3::prelude::*;
use pyo3::types::PyString;
use textgauge_text::GivenTokens;

use crate::borrow::{generalised_utf8, python_string};
use crate::column::Rows;
use crate::errors;
use textgauge_metrics::Code;

/// One of the caller's own tokenizers, and whether it is given texts line by line.
pub(crate) struct GivenTokenizer {
    pub(crate) function: Py<PyAny>,
    pub(crate) lines: bool,
}

impl GivenTokenizer {
    /// What it makes of the texts of a column; row numbers count from `first`.
    pub(crate) fn read_all(&self, py: Python<'_>, rows: &Rows, first: usize) -> PyResult<Vec<Option<Vec<u8>>>> {
        let mut row = 0;
        let texts = rows.texts().iter().enumerate().map(|(number, text)| {
            while rows.ends().is_some_and(|ends| ends[row] <= number) {
                row += 1;
            }
            let row = if rows.ends().is_some() { row } else { number };
            text.map(|text| self.read(py, text, Some(first + row))).transpose()
        });
        texts.collect()
    }

    /// The tokens of `text`, which is of `row` if it is of a column.
    pub(crate) fn read(&self, py: Python<'_>, text: &[u8], row: Option<usize>) -> PyResult<Vec<u8>> {
        let mut given = GivenTokens::default();
        if !self.lines {
            self.read_line(py, text, row, &mut given)?;
            return Ok(given.into_text());
        }
        for (index, line) in text.split(|&byte| byte == b'\n').enumerate() {
            if index > 0 {
                given.end_sentence();
            }
            if !line.is_empty() {
                self.read_line(py, line, row, &mut given)?;
            }
        }
        Ok(given.into_text())
    }

    fn read_line(&self, py: Python<'_>, line: &[u8], row: Option<usize>, given: &mut GivenTokens) -> PyResult<()> {
        let place = || row.map(|row| format!(" in row {row}")).unwrap_or_default();
        let wrong = |what: &Bound<'_, PyAny>| -> PyErr {
            let name = what.get_type().name().map_or_else(|_| "?".to_owned(), |name| name.to_string());
            let message = format!("the tokenizer made a {name} of a text{}; it must return str tokens", place());
            errors::input(py, Code::BadTokenizer, row, &message)
        };
        let tokens = self.function.bind(py).call1((python_string(py, line)?,))?;
        if tokens.is_instance_of::<PyString>() {
            return Err(wrong(&tokens));
        }
        for token in tokens.try_iter().map_err(|_| wrong(&tokens))? {
            let token = token?;
            let token = token.cast::<PyString>().map_err(|_| wrong(&token))?;
            given.push(&generalised_utf8(token)?).map_err(|_| {
                errors::input(py, Code::TooLarge, row, &format!("a token{} has 4 GiB or more", place()))
            })?;
        }
        Ok(())
    }
}
