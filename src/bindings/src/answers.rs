//! Answers in generated texts, as a person would read them.

use std::borrow::Cow;

use numpy::{IntoPyArray, PyArray1};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString};
use textgauge_answers::{Asked, Kind, Reading, read};
use textgauge_metrics::Code;

use crate::borrow::utf8_of;
use crate::column::{Column, Nulls, Role, Rows};
use crate::{errors, gate};

/// The most rows and bytes that are read at a time.
const ROWS: usize = 1 << 16;
const BYTES: usize = 8 << 20;

/// The answer in a text, the name of the rule by which it was found, and where it starts and ends in code points;
/// `None` where a person would not know.
#[pyfunction]
pub(crate) fn read_answer<'py>(
    text: &Bound<'py, PyString>,
    kind: &str,
    number: usize,
    texts: Vec<Bound<'py, PyString>>,
) -> PyResult<Option<(String, &'static str, usize, usize)>> {
    let py = text.py();
    let kind = kind_named(py, kind)?;
    let bytes = utf8_of(text)?;
    let texts = texts.iter().map(utf8_of).collect::<PyResult<Vec<_>>>()?;
    let found = gate::enter(py, 1, |run, cancel| {
        run.alone(bytes.len(), cancel, || {
            let (text, texts) = (whole(&bytes), texts.iter().map(|text| whole(text)).collect::<Vec<_>>());
            let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
            read(&text, &Asked { kind, number, texts: &texts }).map(|reading| located(&text, reading))
        })
    })?;
    Ok(found)
}

/// The answer in each text of a column; `None` where a person would not know, or there is no text. `texts` are those of
/// the choices of each row, or of none.
#[pyfunction]
pub(crate) fn read_answers<'py>(
    predictions: &Bound<'py, PyAny>,
    kind: &str,
    number: usize,
    texts: Vec<Vec<String>>,
    threads: Option<i64>,
) -> PyResult<Bound<'py, PyList>> {
    let py = predictions.py();
    let kind = kind_named(py, kind)?;
    let answers = PyList::empty(py);
    let take = |answer| answers.append(answer);
    each_answer(predictions, kind, number, &texts, threads, |reading| reading.map(|reading| reading.answer), take)?;
    Ok(answers)
}

/// As [`read_answers`], for choices: the index of each answer, -1 for none.
#[pyfunction]
pub(crate) fn read_choices<'py>(
    predictions: &Bound<'py, PyAny>,
    number: usize,
    texts: Vec<Vec<String>>,
    threads: Option<i64>,
) -> PyResult<Bound<'py, PyArray1<i8>>> {
    let mut indices = Vec::new();
    let index = |reading: Option<Reading>| {
        let letter = reading.and_then(|reading| reading.answer.bytes().next());
        letter.map_or(-1, |letter| letter.wrapping_sub(b'A') as i8)
    };
    let take = |index| {
        indices.push(index);
        Ok(())
    };
    each_answer(predictions, Kind::Choice, number, &texts, threads, index, take)?;
    Ok(indices.into_pyarray(predictions.py()))
}

/// Calls `take` with what `made` makes of what is read in each text of a column.
fn each_answer<T: Send>(
    predictions: &Bound<'_, PyAny>,
    kind: Kind,
    number: usize,
    texts: &[Vec<String>],
    threads: Option<i64>,
    made: impl Fn(Option<Reading>) -> T + Sync + Send,
    mut take: impl FnMut(T) -> PyResult<()>,
) -> PyResult<()> {
    let py = predictions.py();
    let threads = gate::threads(py, threads)?;
    let mut column = Column::new(predictions, Role::Predictions, Nulls::Propagate)?;
    let mut rows = Rows::default();
    let mut first = 0;
    loop {
        column.read(py, ROWS, BYTES, &mut rows)?;
        if rows.len() == 0 {
            return Ok(());
        }
        let column = rows.texts();
        let found = gate::enter(py, threads, |run, cancel| {
            run.map(
                column.len(),
                |row| column[row].map_or(0, <[u8]>::len),
                cancel,
                |row| {
                    let choices = texts.get(first + row).map_or(&[][..], Vec::as_slice);
                    let choices: Vec<&str> = choices.iter().map(String::as_str).collect();
                    let number = if choices.is_empty() { number } else { choices.len() };
                    made(column[row].and_then(|text| read(&whole(text), &Asked { kind, number, texts: &choices })))
                },
            )
        })?;
        first += found.len();
        found.into_iter().try_for_each(&mut take)?;
    }
}

fn kind_named(py: Python<'_>, name: &str) -> PyResult<Kind> {
    let named = Kind::NAMED.into_iter().find(|(known, _)| *known == name).map(|(_, kind)| kind);
    named.ok_or_else(|| {
        let known = Kind::NAMED.map(|(known, _)| known).join(", ");
        errors::config(py, Code::BadOption, &format!("the kind of answer is one of {known}, not {name:?}"))
    })
}

/// The text that bytes are; a lone surrogate in it becomes another character of three bytes, so that nothing moves.
fn whole(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        // Of a surrogate's three bytes the first makes the character, and each of the others is a chunk of its own.
        if chunk.invalid().first() == Some(&0xED) {
            text.push('\u{FFFD}');
        }
    }
    Cow::Owned(text)
}

fn located(text: &str, reading: Reading) -> (String, &'static str, usize, usize) {
    let start = text[..reading.span.start].chars().count();
    let end = start + text[reading.span].chars().count();
    (reading.answer, reading.rule.name(), start, end)
}
