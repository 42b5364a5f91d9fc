//! Sources of texts and tokens that the caller's own functions make.

use std::borrow::Cow;
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyString;
use textgauge_text::GivenTokens;
use textgauge_text::transforms::{Buffers, Transforms};

use crate::borrow::{generalised_utf8, python_string};
use crate::column::Rows;
use crate::errors;
use crate::transforms::PyTransforms;
use textgauge_metrics::Code;

/// What makes a source of others: transforms, and perhaps one of the caller's own tokenizers.
pub(crate) struct GivenSource {
    /// What is done to each text first.
    transforms: Vec<TransformStep>,
    /// What makes tokens of it; without one the source holds texts.
    tokenizer: Option<Py<PyAny>>,
    /// Whether the tokenizer is given texts line by line.
    lines: bool,
}

enum TransformStep {
    Core(Arc<Transforms>),
    Function(Py<PyAny>),
}

/// A source as `textgauge.metrics.base.Source` has it.
pub(crate) type SourceParts<'py> = (Vec<Bound<'py, PyAny>>, Option<Py<PyAny>>, bool);

impl GivenSource {
    pub(crate) fn new((transforms, tokenizer, lines): SourceParts<'_>) -> Self {
        let step = |step: Bound<'_, PyAny>| match step.cast::<PyTransforms>() {
            Ok(core) => TransformStep::Core(Arc::clone(&core.get().0)),
            Err(_) => TransformStep::Function(step.unbind()),
        };
        Self { transforms: transforms.into_iter().map(step).collect(), tokenizer, lines }
    }

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

    /// What the source holds of `text`, which is of `row` if it is of a column.
    pub(crate) fn read(&self, py: Python<'_>, text: &[u8], row: Option<usize>) -> PyResult<Vec<u8>> {
        let transformed = self.transformed(py, text, row)?;
        let Some(tokenizer) = &self.tokenizer else { return Ok(transformed.into_owned()) };
        let mut given = GivenTokens::default();
        if !self.lines {
            read_line(tokenizer.bind(py), &transformed, row, &mut given)?;
            return Ok(given.into_text());
        }
        for (index, line) in transformed.split(|&byte| byte == b'\n').enumerate() {
            if index > 0 {
                given.end_sentence();
            }
            if !line.is_empty() {
                read_line(tokenizer.bind(py), line, row, &mut given)?;
            }
        }
        Ok(given.into_text())
    }

    fn transformed<'t>(&self, py: Python<'_>, text: &'t [u8], row: Option<usize>) -> PyResult<Cow<'t, [u8]>> {
        let mut text = Cow::Borrowed(text);
        for step in &self.transforms {
            text = Cow::Owned(match step {
                TransformStep::Core(transforms) => {
                    let mut transformed = Vec::new();
                    transforms.apply(&text, &mut Buffers::default(), &mut transformed);
                    transformed
                }
                TransformStep::Function(function) => {
                    let made = function.bind(py).call1((python_string(py, &text)?,))?;
                    let Ok(made) = made.cast::<PyString>() else {
                        let repr = function.bind(py).repr()?;
                        let message = format!(
                            "the transform {} made a {} of a text{}; it must return a str",
                            repr.to_string_lossy(),
                            errors::type_name(&made),
                            place(row)
                        );
                        return Err(errors::input(py, Code::BadTokenizer, row, &message));
                    };
                    generalised_utf8(made)?
                }
            });
        }
        Ok(text)
    }
}

/// Where a text is, for messages.
fn place(row: Option<usize>) -> String {
    row.map(|row| format!(" in row {row}")).unwrap_or_default()
}

/// Adds the tokens that a tokenizer makes of a line.
fn read_line(tokenizer: &Bound<'_, PyAny>, line: &[u8], row: Option<usize>, given: &mut GivenTokens) -> PyResult<()> {
    let py = tokenizer.py();
    let wrong = |what: &Bound<'_, PyAny>| -> PyErr {
        let name = errors::type_name(what);
        let message = format!("the tokenizer made a {name} of a text{}; it must return str tokens", place(row));
        errors::input(py, Code::BadTokenizer, row, &message)
    };
    let tokens = tokenizer.call1((python_string(py, line)?,))?;
    if tokens.is_instance_of::<PyString>() {
        return Err(wrong(&tokens));
    }
    for token in tokens.try_iter().map_err(|_| wrong(&tokens))? {
        let token = token?;
        let token = token.cast::<PyString>().map_err(|_| wrong(&token))?;
        given
            .push(&generalised_utf8(token)?)
            .map_err(|_| errors::input(py, Code::TooLarge, row, &format!("a token{} has 4 GiB or more", place(row))))?;
    }
    Ok(())
}
