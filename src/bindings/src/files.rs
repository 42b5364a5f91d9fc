//! Records in files: JSON lines and JSON arrays in, JSON lines and CSV out.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::cast::AsArray;
use arrow_array::ffi::to_ffi;
use arrow_array::{Array, ArrayRef, LargeListArray, StringViewArray};
use arrow_buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Field};
use bytes::Bytes;
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyCapsule, PyList, PyString};
use textgauge_files::{JsonArrayCutter, JsonLines, Kept, NotJson, Step, Texts, ValueKind, Wanted};
use textgauge_metrics::Code;

use crate::borrow::{string_views, utf8_of};
use crate::{errors, gate};

/// The records in a block of JSON lines.
#[pyclass(frozen, module = "textgauge._core", name = "JsonLines")]
pub(crate) struct PyJsonLines {
    records: JsonLines<Block>,
    /// The line of the file that the block begins with.
    first_line: usize,
}

/// The first bytes of an object, which columns of texts keep alive.
#[derive(Clone)]
struct Block {
    bytes: Arc<PyBackedBytes>,
    size: usize,
}

impl Block {
    /// The first `size` bytes, or all if there are fewer.
    fn new(bytes: PyBackedBytes, size: Option<usize>) -> Self {
        let size = bytes.len().min(size.unwrap_or(usize::MAX));
        Self { bytes: Arc::new(bytes), size }
    }
}

impl AsRef<[u8]> for Block {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[..self.size]
    }
}

/// Distinct values, and for each record which of them it has.
type Groups<'py> = (Vec<Option<Bound<'py, PyBytes>>>, Bound<'py, PyArray1<u32>>);

/// The values of the wanted columns, given by name and path, of the records in the first `size` bytes of `block`, which
/// are whole lines, counted from `first_line`.
#[pyfunction]
#[pyo3(signature = (block, first_line, wanted, size=None))]
pub(crate) fn decode_json_lines(
    py: Python<'_>,
    block: PyBackedBytes,
    first_line: usize,
    wanted: Vec<(Bound<'_, PyString>, Vec<Bound<'_, PyAny>>)>,
    size: Option<usize>,
) -> PyResult<PyJsonLines> {
    let columns = wanted.iter().map(|(name, path)| {
        let path = path.iter().map(step).collect::<PyResult<_>>()?;
        Ok((utf8_of(name)?.into_owned(), path))
    });
    let wanted = Wanted::new(&columns.collect::<PyResult<Vec<_>>>()?);
    let block = Block::new(block, size);
    let records = gate::enter(py, 1, |_, _| Ok(JsonLines::decode(block.clone(), &wanted)))?;
    Ok(PyJsonLines { records, first_line })
}

/// How many lines there are in the first `size` bytes of a block of JSON lines, and how many of them are records.
#[pyfunction]
#[pyo3(signature = (block, size=None))]
pub(crate) fn count_json_lines(py: Python<'_>, block: PyBackedBytes, size: Option<usize>) -> PyResult<(usize, usize)> {
    let block = Block::new(block, size);
    gate::enter(py, 1, |_, _| Ok(textgauge_files::count_json_lines(block.as_ref())))
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
        let block = self.records.block();
        let texts = gate::enter(py, 1, |_, _| Ok(self.records.texts(column).map(|texts| array(texts, block))))?;
        match texts.transpose() {
            Ok(array) => Ok(array.map(|array| PyTexts { array })),
            Err(error) => Err(errors::internal(py, &error.to_string())),
        }
    }

    /// The JSON of a wanted column, of the first `stop` records.
    #[pyo3(signature = (column, stop=None))]
    fn raw<'py>(
        &self,
        py: Python<'py>,
        column: usize,
        stop: Option<usize>,
    ) -> PyResult<Vec<Option<Bound<'py, PyBytes>>>> {
        self.check_column(py, column)?;
        let rows = 0..self.records.len().min(stop.unwrap_or(usize::MAX));
        Ok(self.records.raw(column, rows).map(|value| value.map(|value| PyBytes::new(py, value))).collect())
    }

    /// A wanted column as JSON that is passed on.
    fn column(slf: Bound<'_, Self>, column: usize) -> PyResult<PyJsonColumn> {
        slf.get().check_column(slf.py(), column)?;
        Ok(PyJsonColumn { lines: slf.unbind(), column })
    }

    /// The kinds of a wanted column's values, by their names.
    fn kinds(&self, py: Python<'_>, column: usize) -> PyResult<Vec<&'static str>> {
        self.check_column(py, column)?;
        let kinds = gate::enter(py, 1, |_, _| Ok(self.records.kinds(column)))?;
        Ok(kinds.into_iter().map(ValueKind::name).collect())
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

/// A wanted column as the JSON that stands in the block. No Python objects are made of values that are only passed on.
#[pyclass(frozen, module = "textgauge._core", name = "JsonColumn")]
pub(crate) struct PyJsonColumn {
    lines: Py<PyJsonLines>,
    column: usize,
}

impl PyJsonColumn {
    fn values(&self, rows: Range<usize>) -> impl ExactSizeIterator<Item = Option<&[u8]>> {
        self.lines.get().records.raw(self.column, rows)
    }
}

#[pymethods]
impl PyJsonColumn {
    fn __len__(&self) -> usize {
        self.lines.get().records.len()
    }

    /// The JSON of a record; `None` if the value is missing or null.
    fn __getitem__<'py>(&self, py: Python<'py>, row: usize) -> PyResult<Option<Bound<'py, PyBytes>>> {
        self.lines.get().check_row(py, row)?;
        Ok(self.values(row..row + 1).next().flatten().map(|value| PyBytes::new(py, value)))
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
        let strings = |strings: &StringViewArray| PyList::new(py, strings);
        match self.array.as_list_opt::<i64>() {
            None => strings(self.array.as_string_view()),
            Some(lists) => {
                let lists = lists.iter().map(|list| list.map(|list| strings(list.as_string_view())).transpose());
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

/// The texts as Arrow has them: views of the block, and of what stands nowhere in it.
fn array(texts: Texts, block: &Block) -> Result<ArrayRef, ArrowError> {
    let values = string_views(&texts.places, Bytes::from_owner(block.clone()).into(), Buffer::from_vec(texts.bytes));
    let Some(lists) = texts.lists else { return Ok(Arc::new(values)) };
    let item = Arc::new(Field::new("item", DataType::Utf8View, true));
    let present = lists.present.contains(&false).then(|| NullBuffer::from(lists.present));
    let offsets = OffsetBuffer::new(ScalarBuffer::from(lists.offsets));
    Ok(Arc::new(LargeListArray::try_new(item, offsets, Arc::new(values), present)?))
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

/// Values that are passed on: JSON for each row.
#[derive(FromPyObject)]
pub(crate) enum KeptValues<'py> {
    InBlock(Bound<'py, PyJsonColumn>),
    List(Bound<'py, PyList>),
}

impl KeptValues<'_> {
    fn len(&self) -> usize {
        match self {
            Self::InBlock(column) => column.get().__len__(),
            Self::List(list) => list.len(),
        }
    }
}

/// JSON of some rows.
enum KeptRows<'a> {
    Borrowed(Vec<Option<&'a [u8]>>),
    Owned(Vec<Option<PyBackedBytes>>),
}

impl<'a> KeptRows<'a> {
    fn new(values: &'a KeptValues<'_>, rows: &Range<usize>) -> PyResult<Self> {
        Ok(match values {
            KeptValues::InBlock(column) => Self::Borrowed(column.get().values(rows.clone()).collect()),
            KeptValues::List(list) => Self::Owned(list.get_slice(rows.start, rows.end).extract()?),
        })
    }

    fn borrowed(&self) -> Vec<Option<&[u8]>> {
        match self {
            Self::Borrowed(values) => values.clone(),
            Self::Owned(values) => values.iter().map(Option::as_deref).collect(),
        }
    }
}

/// A column that is passed on, with its name.
type KeptColumn<'py> = (String, KeptValues<'py>);

/// Rows as JSON lines: number, what is kept, scores by name; those from `start` to before `stop`.
#[pyfunction]
#[pyo3(signature = (numbers, kept, scores, start=0, stop=None))]
pub(crate) fn encode_json_lines<'py>(
    numbers: PyReadonlyArray1<'py, u64>,
    kept: Vec<KeptColumn<'py>>,
    scores: Vec<(String, PyReadonlyArray1<'py, f64>)>,
    start: usize,
    stop: Option<usize>,
) -> PyResult<Bound<'py, PyBytes>> {
    let (names, columns): (Vec<String>, Vec<_>) = scores.into_iter().unzip();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    encode(&numbers, &columns, &kept, start..stop.unwrap_or(usize::MAX), |numbers, columns, kept| {
        textgauge_files::encode_json_lines(numbers, &names, columns, kept)
    })
}

/// Rows as CSV: number, what is kept, scores; those from `start` to before `stop`.
#[pyfunction]
#[pyo3(signature = (numbers, kept, scores, separator, start=0, stop=None))]
pub(crate) fn encode_csv<'py>(
    py: Python<'py>,
    numbers: PyReadonlyArray1<'py, u64>,
    kept: Vec<KeptColumn<'py>>,
    scores: Vec<PyReadonlyArray1<'py, f64>>,
    separator: char,
    start: usize,
    stop: Option<usize>,
) -> PyResult<Bound<'py, PyBytes>> {
    let separator = u8::try_from(separator)
        .map_err(|_| errors::config(py, Code::BadOption, "the separator is no character of ASCII"))?;
    encode(&numbers, &scores, &kept, start..stop.unwrap_or(usize::MAX), |numbers, columns, kept| {
        textgauge_files::encode_csv(numbers, separator, columns, kept)
    })
}

fn encode<'py>(
    numbers: &PyReadonlyArray1<'py, u64>,
    columns: &[PyReadonlyArray1<'py, f64>],
    kept: &[KeptColumn<'py>],
    rows: Range<usize>,
    encode: impl Fn(&[u64], &[&[f64]], &[Kept<'_>]) -> Result<Vec<u8>, NotJson> + Sync,
) -> PyResult<Bound<'py, PyBytes>> {
    let py = numbers.py();
    let numbers = numbers.as_slice()?;
    let columns = columns.iter().map(|column| Ok(column.as_slice()?)).collect::<PyResult<Vec<_>>>()?;
    let mut lengths = columns.iter().map(|column| column.len()).chain(kept.iter().map(|(_, values)| values.len()));
    if let Some(other) = lengths.find(|&length| length != numbers.len()) {
        return Err(unequal(py, "columns", numbers.len(), other));
    }
    let start = rows.start.min(numbers.len());
    let rows = start..rows.end.clamp(start, numbers.len());
    let columns: Vec<&[f64]> = columns.iter().map(|column| &column[rows.clone()]).collect();
    let values = kept.iter().map(|(_, values)| KeptRows::new(values, &rows)).collect::<PyResult<Vec<_>>>()?;
    let named = kept.iter().zip(&values);
    let kept: Vec<Kept<'_>> = named.map(|((name, _), values)| Kept { name, values: values.borrowed() }).collect();
    let lines = gate::enter(py, 1, |_, _| Ok(encode(&numbers[rows.clone()], &columns, &kept)))?;
    let lines = lines.map_err(|error| NotJson { row: rows.start + error.row });
    let lines = lines.map_err(|error| errors::input(py, Code::BadRecord, Some(error.row), &error.to_string()))?;
    Ok(PyBytes::new(py, &lines))
}

fn unequal(py: Python<'_>, what: &str, one: usize, other: usize) -> PyErr {
    errors::input(py, Code::UnequalLengths, None, &format!("{what} of unequal lengths, {one} and {other}"))
}
