//! Records in files: JSON lines and JSON arrays in, JSON lines and CSV out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::cast::AsArray;
use arrow_array::ffi::to_ffi;
use arrow_array::{Array, ArrayRef, LargeListArray, LargeStringArray};
use arrow_buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Field};
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyCapsule, PyList, PyString};
use textgauge_files::{JsonArrayCutter, JsonLines, Kept, NotJson, Step, Texts, Wanted};
use textgauge_metrics::Code;

use crate::borrow::utf8_of;
use crate::{errors, gate};

/// The records in a block of JSON lines.
#[pyclass(frozen, module = "textgauge._core", name = "JsonLines")]
pub(crate) struct PyJsonLines {
    records: JsonLines<PyBackedBytes>,
    /// The line of the file that the block begins with.
    first_line: usize,
}

/// Distinct values, and for each record which of them it has.
type Groups<'py> = (Vec<Option<Bound<'py, PyBytes>>>, Bound<'py, PyArray1<u32>>);

/// The values of the wanted columns, given by name and path, of the records in `block`, which is whole lines, counted
/// from `first_line`.
#[pyfunction]
pub(crate) fn decode_json_lines(
    py: Python<'_>,
    block: PyBackedBytes,
    first_line: usize,
    wanted: Vec<(Bound<'_, PyString>, Vec<Bound<'_, PyAny>>)>,
) -> PyResult<PyJsonLines> {
    let columns = wanted.iter().map(|(name, path)| {
        let path = path.iter().map(step).collect::<PyResult<_>>()?;
        Ok((utf8_of(name)?.into_owned(), path))
    });
    let wanted = Wanted::new(&columns.collect::<PyResult<Vec<_>>>()?);
    let records = gate::enter(py, 1, |_, _| Ok(JsonLines::decode(block, &wanted)))?;
    Ok(PyJsonLines { records, first_line })
}

/// How many lines there are in a block of JSON lines, and how many of them are records.
#[pyfunction]
pub(crate) fn count_json_lines(py: Python<'_>, block: PyBackedBytes) -> PyResult<(usize, usize)> {
    gate::enter(py, 1, |_, _| Ok(textgauge_files::count_json_lines(&block)))
}

fn step(step: &Bound<'_, PyAny>) -> PyResult<Step> {
    match step.cast::<PyString>() {
        Ok(key) => Ok(Step::Key(utf8_of(key)?.into_owned())),
        Err(_) => Ok(Step::Index(step.extract()?)),
    }
}

impl PyJsonLines {
    fn check(&self, py: Python<'_>, number: usize, count: usize, what: &str) -> PyResult<()> {
        if number < count {
            return Ok(());
        }
        Err(errors::input(py, Code::NoRow, Some(number), &format!("there is no {what} {number}; there are {count}")))
    }

    fn check_column(&self, py: Python<'_>, column: usize) -> PyResult<()> {
        self.check(py, column, self.records.columns(), "wanted column")
    }

    fn check_row(&self, py: Python<'_>, row: usize) -> PyResult<()> {
        self.check(py, row, self.records.len(), "record")
    }
}

#[pymethods]
impl PyJsonLines {
    fn __len__(&self) -> usize {
        self.records.len()
    }

    /// A wanted column as texts, or lists of texts; `None` if a value is something else.
    fn texts(&self, py: Python<'_>, column: usize) -> PyResult<Option<PyTexts>> {
        self.check_column(py, column)?;
        let texts = gate::enter(py, 1, |_, _| Ok(self.records.texts(column).map(array)))?;
        match texts.transpose() {
            Ok(array) => Ok(array.map(|array| PyTexts { array })),
            Err(error) => Err(errors::internal(py, &error.to_string())),
        }
    }

    /// The JSON of a wanted column.
    fn raw<'py>(&self, py: Python<'py>, column: usize) -> PyResult<Vec<Option<Bound<'py, PyBytes>>>> {
        self.check_column(py, column)?;
        Ok(self.records.raw(column).map(|value| value.map(|value| PyBytes::new(py, value))).collect())
    }

    /// The distinct JSON of a wanted column, and the index of each record's.
    fn groups<'py>(&self, py: Python<'py>, column: usize) -> PyResult<Groups<'py>> {
        self.check_column(py, column)?;
        let (distinct, codes) = gate::enter(py, 1, |_, _| Ok(self.records.groups(column)))?;
        let distinct = distinct.into_iter().map(|value| value.map(|value| PyBytes::new(py, value)));
        Ok((distinct.collect(), codes.into_pyarray(py)))
    }

    /// The line of the file that a record stands in.
    fn line(&self, py: Python<'_>, row: usize) -> PyResult<usize> {
        self.check_row(py, row)?;
        Ok(self.first_line + self.records.line(row))
    }

    /// A record as it stands there.
    fn record<'py>(&self, py: Python<'py>, row: usize) -> PyResult<Bound<'py, PyBytes>> {
        self.check_row(py, row)?;
        Ok(PyBytes::new(py, self.records.record(row)))
    }

    /// For each record that cannot be read what is wrong with it.
    #[getter]
    fn problems(&self) -> BTreeMap<usize, &str> {
        self.records.problems().iter().map(|(row, problem)| (*row, problem.as_str())).collect()
    }
}

/// A column of texts, or of lists of texts, for whatever reads Arrow.
#[pyclass(frozen, module = "textgauge._core", name = "Texts")]
pub(crate) struct PyTexts {
    array: ArrayRef,
}

#[pymethods]
impl PyTexts {
    fn __len__(&self) -> usize {
        self.array.len()
    }

    /// The texts, or the lists of texts.
    fn to_pylist<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let strings = |strings: &LargeStringArray| PyList::new(py, strings);
        match self.array.as_list_opt::<i64>() {
            None => strings(self.array.as_string()),
            Some(lists) => {
                let lists = lists.iter().map(|list| list.map(|list| strings(list.as_string())).transpose());
                PyList::new(py, lists.collect::<PyResult<Vec<_>>>()?)
            }
        }
    }

    /// Arrow's PyCapsule interface: the type and the array.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
        // A request for another type may be left unheard.
        drop(requested_schema);
        let (array, schema) =
            to_ffi(&self.array.to_data()).map_err(|error| errors::internal(py, &error.to_string()))?;
        Ok((
            PyCapsule::new_with_value(py, schema, c"arrow_schema")?,
            PyCapsule::new_with_value(py, array, c"arrow_array")?,
        ))
    }
}

fn array(texts: Texts) -> Result<ArrayRef, ArrowError> {
    let values =
        LargeStringArray::try_new(offsets(texts.offsets), Buffer::from_vec(texts.bytes), nulls(texts.present))?;
    let Some(lists) = texts.lists else { return Ok(Arc::new(values)) };
    let item = Arc::new(Field::new("item", DataType::LargeUtf8, true));
    let lists = LargeListArray::try_new(item, offsets(lists.offsets), Arc::new(values), nulls(lists.present))?;
    Ok(Arc::new(lists))
}

fn offsets(offsets: Vec<i64>) -> OffsetBuffer<i64> {
    OffsetBuffer::new(ScalarBuffer::from(offsets))
}

fn nulls(present: Vec<bool>) -> Option<NullBuffer> {
    present.contains(&false).then(|| NullBuffer::from(present))
}

/// Cuts one big JSON array into blocks of JSON lines.
#[pyclass(frozen, module = "textgauge._core", name = "JsonArrayCutter")]
pub(crate) struct PyJsonArrayCutter {
    cutter: Mutex<JsonArrayCutter>,
}

#[pymethods]
impl PyJsonArrayCutter {
    #[new]
    fn new() -> Self {
        Self { cutter: Mutex::default() }
    }

    /// The elements that are whole with this block of the array, a line each.
    fn feed<'py>(&self, py: Python<'py>, block: PyBackedBytes) -> PyResult<Bound<'py, PyBytes>> {
        let cut = || self.cutter.lock().unwrap_or_else(PoisonError::into_inner).feed(&block);
        let lines = gate::enter(py, 1, |_, _| Ok(cut()))?;
        let lines = lines.map_err(|error| errors::input(py, Code::BadFile, None, &error.to_string()))?;
        Ok(PyBytes::new(py, &lines))
    }

    /// Makes sure that the array has ended.
    fn finish(&self, py: Python<'_>) -> PyResult<()> {
        let finished = self.cutter.lock().unwrap_or_else(PoisonError::into_inner).finish();
        finished.map_err(|error| errors::input(py, Code::BadFile, None, &error.to_string()))
    }
}

/// Values that are passed on: the name of the column, and JSON for each row.
type KeptColumn = (String, Vec<Option<PyBackedBytes>>);

/// Rows as JSON lines: number, what is kept, scores by name.
#[pyfunction]
pub(crate) fn encode_json_lines<'py>(
    py: Python<'py>,
    first_row: u64,
    names: Vec<String>,
    columns: Vec<PyReadonlyArray1<'py, f64>>,
    kept: Vec<KeptColumn>,
) -> PyResult<Bound<'py, PyBytes>> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    if names.len() != columns.len() {
        return Err(unequal(py, "names and columns", names.len(), columns.len()));
    }
    encode(py, &columns, &kept, |rows, columns, kept| {
        textgauge_files::encode_json_lines(first_row, rows, &names, columns, kept)
    })
}

/// Rows as CSV: number, what is kept, scores.
#[pyfunction]
pub(crate) fn encode_csv<'py>(
    py: Python<'py>,
    first_row: u64,
    columns: Vec<PyReadonlyArray1<'py, f64>>,
    kept: Vec<KeptColumn>,
) -> PyResult<Bound<'py, PyBytes>> {
    encode(py, &columns, &kept, |rows, columns, kept| textgauge_files::encode_csv(first_row, rows, columns, kept))
}

fn encode<'py>(
    py: Python<'py>,
    columns: &[PyReadonlyArray1<'py, f64>],
    kept: &[KeptColumn],
    encode: impl Fn(usize, &[&[f64]], &[Kept<'_>]) -> Result<Vec<u8>, NotJson> + Sync,
) -> PyResult<Bound<'py, PyBytes>> {
    let columns = columns.iter().map(|column| Ok(column.as_slice()?)).collect::<PyResult<Vec<_>>>()?;
    let kept = kept.iter().map(|(name, values)| Kept { name, values: values.iter().map(Option::as_deref).collect() });
    let kept: Vec<Kept<'_>> = kept.collect();
    let mut lengths = columns.iter().map(|column| column.len()).chain(kept.iter().map(|kept| kept.values.len()));
    let rows = lengths.next().unwrap_or_default();
    if let Some(other) = lengths.find(|&length| length != rows) {
        return Err(unequal(py, "columns", rows, other));
    }
    let lines = gate::enter(py, 1, |_, _| Ok(encode(rows, &columns, &kept)))?;
    let lines = lines.map_err(|error| errors::input(py, Code::BadRecord, Some(error.row), &error.to_string()))?;
    Ok(PyBytes::new(py, &lines))
}

fn unequal(py: Python<'_>, what: &str, one: usize, other: usize) -> PyErr {
    errors::input(py, Code::UnequalLengths, None, &format!("{what} of unequal lengths, {one} and {other}"))
}
