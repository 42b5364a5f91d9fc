//! Columns of texts, whatever holds them, read some rows at a time.

use arrow_array::{Array, ArrayRef};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFloat, PyFrozenSet, PyIterator, PyList, PySet, PyString, PyTuple};
use textgauge_engine::Text;
use textgauge_metrics::Code;
use textgauge_text::GivenTokens;

use crate::arrow;
use crate::borrow::stream::{Stream, import_array};
use crate::borrow::{TextArena, prefetch_item};
use crate::given_tokens::{TokenWriter, is_several, items_of, write_strings};
use crate::{errors, gate};

/// What is done about a missing text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Nulls {
    /// It is an error, which names the row.
    Error,
    /// Its row has no score.
    Propagate,
    /// It is an empty text.
    Empty,
    /// A missing reference is left out of its row, which must keep one; a missing prediction is an error.
    Drop,
}

impl Nulls {
    pub(crate) fn parse(name: &Bound<'_, PyAny>) -> PyResult<Self> {
        match name.cast::<PyString>().ok().and_then(|name| name.to_str().ok()) {
            Some("error") => Ok(Self::Error),
            Some("propagate") => Ok(Self::Propagate),
            Some("empty") => Ok(Self::Empty),
            Some("drop") => Ok(Self::Drop),
            _ => {
                let given = name.repr()?;
                let message = format!("nulls is {given}; choose one of 'error', 'propagate', 'empty', 'drop'");
                Err(errors::config(name.py(), Code::BadNullPolicy, &message))
            }
        }
    }
}

/// What a column is of, for messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    /// One text a row.
    Predictions,
    /// One text or a list of texts a row.
    References,
}

impl Role {
    fn plural(self) -> &'static str {
        match self {
            Self::Predictions => "predictions",
            Self::References => "references",
        }
    }

    fn singular(self) -> &'static str {
        match self {
            Self::Predictions => "prediction",
            Self::References => "reference",
        }
    }
}

enum Source<'py> {
    /// A tuple, or a list's items as they were at the start: nobody can change them meanwhile.
    Items(Bound<'py, PyTuple>),
    Iterator(Bound<'py, PyIterator>),
    Arrow {
        current: Option<ArrayRef>,
        at: usize,
        stream: Option<Stream>,
    },
}

/// How many rows ahead objects are fetched from memory.
const ROWS_AHEAD: usize = 8;

/// A column of texts.
pub(crate) struct Column<'py> {
    source: Source<'py>,
    role: Role,
    nulls: Nulls,
    /// Makes texts of lists of tokens, if that is what rows hold.
    tokens: Option<TokenWriter<'py>>,
    /// Whether an empty text stands for the references of a row that has none.
    takes_no_reference: bool,
    /// Rows read so far.
    row: usize,
}

/// Some rows of a column.
#[derive(Default)]
pub(crate) struct Rows {
    pub(crate) arena: TextArena,
    rows: usize,
    /// Where the texts of each row end, once any row of them is a list; until then each has one.
    ends: Vec<usize>,
    ragged: bool,
    /// Where a text is made of tokens.
    written: GivenTokens,
}

impl Rows {
    /// The texts of all rows.
    pub(crate) fn texts(&self) -> &[Text<'_>] {
        self.arena.texts()
    }

    /// Where the texts of each row end, unless each row has exactly one.
    pub(crate) fn ends(&self) -> Option<&[usize]> {
        self.ragged.then_some(&self.ends)
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.rows
    }

    /// Whether any text may be missing.
    pub(crate) fn nulls(&self) -> bool {
        self.arena.nulls()
    }

    pub(crate) fn clear(&mut self) {
        self.arena.clear();
        self.rows = 0;
        self.ends.clear();
        self.ragged = false;
    }

    /// From here on rows may have any number of texts.
    fn make_ragged(&mut self) {
        if !self.ragged {
            self.ends.extend(1..=self.rows);
            self.ragged = true;
        }
    }

    fn end_row(&mut self) {
        self.rows += 1;
        if self.ragged {
            self.ends.push(self.arena.len());
        }
    }
}

impl<'py> Column<'py> {
    pub(crate) fn new(object: &Bound<'py, PyAny>, role: Role, nulls: Nulls) -> PyResult<Self> {
        let source = gate::guarded(object.py(), || Source::new(object, role))?;
        Ok(Self { source, role, nulls, tokens: None, takes_no_reference: false, row: 0 })
    }

    /// The same column, whose rows hold lists of tokens if there is something that reads those.
    pub(crate) fn of_tokens(self, tokens: Option<TokenWriter<'py>>) -> Self {
        Self { tokens, ..self }
    }

    /// The same column, whose rows may have no reference if `takes_no_reference` says so.
    pub(crate) fn taking_no_reference(self, takes_no_reference: bool) -> Self {
        Self { takes_no_reference, ..self }
    }

    /// How many rows there are in all, where that is known.
    pub(crate) fn len(&self) -> Option<usize> {
        match &self.source {
            Source::Items(items) => Some(items.len()),
            Source::Iterator(_) => None,
            Source::Arrow { current, stream: None, .. } => Some(current.as_ref().map_or(0, |array| array.len())),
            Source::Arrow { .. } => None,
        }
    }

    /// The number of texts in every row, if rows are lists that all have the same.
    pub(crate) fn common_list_len(&self) -> Option<usize> {
        let Source::Items(items) = &self.source else { return None };
        if self.tokens.is_some() {
            return None;
        }
        let mut lens = items.iter_borrowed().map(|item| {
            if item.is_instance_of::<PyList>() || item.is_instance_of::<PyTuple>() { item.len().ok() } else { None }
        });
        let first = lens.next()??;
        lens.all(|len| len == Some(first)).then_some(first)
    }

    /// Whether texts are made while they are read, so that they are not there already.
    pub(crate) fn is_iterator(&self) -> bool {
        matches!(self.source, Source::Iterator(_))
    }

    /// Replaces `rows` by the next ones: up to `most` rows, or fewer if their texts have `bytes`
    /// bytes before. No rows at the end.
    pub(crate) fn read(&mut self, py: Python<'py>, most: usize, bytes: usize, rows: &mut Rows) -> PyResult<()> {
        rows.clear();
        self.read_more(py, most, bytes, rows)?;
        Ok(())
    }

    /// Adds the next rows to `rows`: until there are `most`, or fewer if those added have `bytes` bytes before.
    /// Returns how many bytes were added.
    pub(crate) fn read_more(&mut self, py: Python<'py>, most: usize, bytes: usize, rows: &mut Rows) -> PyResult<usize> {
        let before = rows.arena.bytes();
        let within = |rows: &Rows| rows.rows < most && rows.arena.bytes() - before < bytes;
        match &mut self.source {
            Source::Items(items) => {
                let items = items.clone();
                let len = items.len();
                while within(rows) && self.row < len {
                    for (ahead, inside) in [(2 * ROWS_AHEAD, false), (ROWS_AHEAD, true)] {
                        // Into lists only where there have been any.
                        if self.row + ahead < len && (rows.ragged || !inside) {
                            prefetch_item(&items, self.row + ahead, inside);
                        }
                    }
                    self.read_item(&items, self.row, rows)?;
                    self.row += 1;
                }
            }
            Source::Iterator(iterator) => {
                let mut iterator = iterator.clone();
                while within(rows)
                    && let Some(item) = iterator.next()
                {
                    let item = PyTuple::new(py, [item?])?;
                    self.read_item(&item, 0, rows)?;
                    self.row += 1;
                }
            }
            Source::Arrow { .. } => gate::guarded(py, || {
                while within(rows) && self.read_arrow(py, most, rows)? {}
                Ok(())
            })?,
        }
        Ok(rows.arena.bytes() - before)
    }

    #[inline]
    fn read_item(&self, items: &Bound<'py, PyTuple>, index: usize, rows: &mut Rows) -> PyResult<()> {
        if let Some(tokens) = &self.tokens {
            self.read_tokens(tokens, &items.get_item(index)?, rows)?;
        } else if !rows.arena.push_item(items, index)? {
            let item = items.get_borrowed_item(index)?;
            match item.cast::<PyList>() {
                Ok(list) if self.role == Role::References => {
                    rows.make_ragged();
                    let strings = rows.arena.push_strings(&list);
                    if strings == 0 || strings < list.len() {
                        self.read_list(list.py(), list.iter(), strings, rows)?;
                    }
                }
                _ => self.read_other(&item, rows)?,
            }
        }
        rows.end_row();
        Ok(())
    }

    /// Reads an item that holds tokens.
    fn read_tokens(&self, tokens: &TokenWriter<'py>, item: &Bound<'py, PyAny>, rows: &mut Rows) -> PyResult<()> {
        if push_strings(item, rows) {
            return Ok(());
        }
        let Some(list) = items_of(item)? else { return self.read_no_tokens(item, None, rows) };
        let several = self.role == Role::References && is_several(&list)?;
        if !several {
            return self.push_tokens(tokens, &list, rows);
        }
        rows.make_ragged();
        for (index, one) in list.iter().enumerate() {
            if push_strings(&one, rows) {
                continue;
            }
            match items_of(&one)? {
                Some(list) => self.push_tokens(tokens, &list, rows)?,
                None => self.read_no_tokens(&one, Some(index), rows)?,
            }
        }
        Ok(())
    }

    fn push_tokens(&self, tokens: &TokenWriter<'py>, list: &Bound<'py, PyTuple>, rows: &mut Rows) -> PyResult<()> {
        tokens.write(list, &mut rows.written).map_err(|error| {
            let whose = format!("{} in row {}", self.role.singular(), self.row);
            error.raised(list.py(), &whose, Some(self.row))
        })?;
        rows.arena.push_copy(rows.written.text());
        Ok(())
    }

    /// Reads an item that is no list of tokens.
    #[cold]
    fn read_no_tokens(&self, item: &Bound<'py, PyAny>, index: Option<usize>, rows: &mut Rows) -> PyResult<()> {
        if is_missing(item)? {
            return self.push_missing(item.py(), rows);
        }
        let name = errors::type_name(item);
        let place = index.map(|index| format!(" number {index}")).unwrap_or_default();
        let (role, row) = (self.role.singular(), self.row);
        let message = format!("the {role}{place} in row {row} is a {name}; with tokens=True it is a list of tokens");
        Err(errors::input_type(item.py(), Some(row), &message))
    }

    /// Reads an item that is not a string.
    #[cold]
    fn read_other(&self, item: &Bound<'py, PyAny>, rows: &mut Rows) -> PyResult<()> {
        let py = item.py();
        if is_missing(item)? {
            return self.push_missing(py, rows);
        }
        let texts = if self.role == Role::References { items_of(item)? } else { None };
        match texts {
            Some(texts) => self.read_list(py, texts.iter(), 0, rows),
            None => Err(self.wrong_type(item, None)),
        }
    }

    /// Reads the references of a row, of which so many were read before.
    fn read_list(
        &self,
        py: Python<'py>,
        texts: impl ExactSizeIterator<Item = Bound<'py, PyAny>>,
        read: usize,
        rows: &mut Rows,
    ) -> PyResult<()> {
        rows.make_ragged();
        let (before, is_empty) = (rows.arena.len() - read, texts.len() == 0);
        for (index, text) in texts.enumerate().skip(read) {
            if let Some(text) = rows.arena.push_object(text)? {
                if !is_missing(&text)? {
                    return Err(self.wrong_type(&text, Some(index)));
                }
                if self.nulls != Nulls::Drop {
                    self.push_missing(py, rows)?;
                }
            }
        }
        match rows.arena.len() > before {
            true => Ok(()),
            false if is_empty => self.push_no_reference(py, rows),
            false => Err(self.missing(py, self.row)),
        }
    }

    fn push_no_reference(&self, py: Python<'py>, rows: &mut Rows) -> PyResult<()> {
        if !self.takes_no_reference {
            return Err(no_reference(py, self.row));
        }
        rows.arena.push_copy(&[]);
        Ok(())
    }

    fn push_missing(&self, py: Python<'py>, rows: &mut Rows) -> PyResult<()> {
        match self.nulls {
            Nulls::Error | Nulls::Drop => Err(self.missing(py, self.row)),
            Nulls::Propagate => {
                rows.arena.push_null();
                Ok(())
            }
            Nulls::Empty => {
                rows.arena.push_copy(&[]);
                Ok(())
            }
        }
    }

    /// Reads some rows; `false` at the end.
    fn read_arrow(&mut self, py: Python<'py>, most: usize, rows: &mut Rows) -> PyResult<bool> {
        let Source::Arrow { current, at, stream } = &mut self.source else { return Ok(false) };
        let wrong = |problem: String| errors::input_type(py, None, &format!("{} are {problem}", self.role.plural()));
        let array = loop {
            match current {
                Some(array) if *at < array.len() => break array,
                _ => {
                    let Some(stream) = stream else { return Ok(false) };
                    let Some(array) = stream.next().map_err(wrong)? else { return Ok(false) };
                    *current = Some(arrow::only_column(array).map_err(wrong)?);
                    *at = 0;
                }
            }
        };
        // Read in steps, so that the budget of bytes can stop between them.
        let step = (array.len() - *at).min(most - rows.len()).min(1024);
        let taken = *at..*at + step;
        let (first_text, first_row) = (rows.arena.len(), rows.len());
        if arrow::is_list(array.data_type()) && self.role == Role::References {
            rows.make_ragged();
            arrow::push_lists(&mut rows.arena, &mut rows.ends, array, taken.map(Some)).map_err(wrong)?;
        } else {
            // One stream has one type, so rows before these had one text each as well.
            arrow::push_texts(&mut rows.arena, array, taken.map(Some)).map_err(wrong)?;
        }
        rows.rows += step;
        *at += step;
        self.check_arrow(py, first_text, first_row, rows)?;
        self.row += step;
        Ok(true)
    }

    /// Applies the null policy to the rows just read, and says what becomes of empty lists.
    fn check_arrow(&self, py: Python<'py>, first_text: usize, first_row: usize, rows: &mut Rows) -> PyResult<()> {
        if self.takes_no_reference && rows.ragged {
            rows.arena.fill_empty_rows(first_text, &mut rows.ends[first_row..]);
        }
        if self.nulls == Nulls::Drop {
            return self.drop_missing(py, first_text, first_row, rows);
        }
        let mut start = first_text;
        for index in 0..rows.len() - first_row {
            let end = if rows.ragged { rows.ends[first_row + index] } else { start + 1 };
            if start == end {
                return Err(no_reference(py, self.row + index));
            }
            if self.nulls == Nulls::Error && rows.arena.texts()[start..end].iter().any(Option::is_none) {
                return Err(self.missing(py, self.row + index));
            }
            start = end;
        }
        if self.nulls == Nulls::Empty {
            rows.arena.fill_nulls(first_text);
        }
        Ok(())
    }

    /// Leaves missing texts out of the rows just read, each of which must keep one.
    fn drop_missing(&self, py: Python<'py>, first_text: usize, first_row: usize, rows: &mut Rows) -> PyResult<()> {
        let ends: Vec<usize> = (first_row..rows.len())
            .map(|row| if rows.ragged { rows.ends[row] } else { first_text + 1 + row - first_row })
            .collect();
        let mut start = first_text;
        let mut kept = first_text;
        for (index, &end) in ends.iter().enumerate() {
            if start == end {
                return Err(no_reference(py, self.row + index));
            }
            let there = rows.arena.texts()[start..end].iter().filter(|text| text.is_some()).count();
            if there == 0 {
                return Err(self.missing(py, self.row + index));
            }
            kept += there;
            if rows.ragged {
                rows.ends[first_row + index] = kept;
            }
            start = end;
        }
        rows.arena.drop_nulls(first_text);
        Ok(())
    }

    fn missing(&self, py: Python<'py>, row: usize) -> PyErr {
        let message = format!(
            "the {} in row {row} is missing; pass nulls='propagate' to leave such rows unscored, or nulls='empty' to score \
             them as empty texts",
            self.role.singular(),
        );
        errors::input(py, Code::MissingText, Some(row), &message)
    }

    fn wrong_type(&self, item: &Bound<'py, PyAny>, index: Option<usize>) -> PyErr {
        let name = errors::type_name(item);
        let place = index.map(|index| format!(" number {index}")).unwrap_or_default();
        let wanted = match (self.role, index) {
            (Role::References, None) => "a str or a list of str",
            _ => "a str",
        };
        let hint = match name.as_str() {
            "bytes" => "; decode it first",
            "list" | "tuple" if self.role == Role::Predictions => {
                "; for lists of sentences pass sentences='given', for lists of tokens tokens=True"
            }
            _ => "",
        };
        let message =
            format!("the {}{place} in row {} is a {name}, not {wanted}{hint}", self.role.singular(), self.row);
        errors::input_type(item.py(), Some(self.row), &message)
    }
}

impl<'py> Source<'py> {
    fn new(object: &Bound<'py, PyAny>, role: Role) -> PyResult<Self> {
        let py = object.py();
        if let Ok(list) = object.cast::<PyList>() {
            return Ok(Self::Items(list.to_tuple()));
        }
        if let Ok(tuple) = object.cast::<PyTuple>() {
            return Ok(Self::Items(tuple.clone()));
        }
        let wrong = |problem: String| errors::input_type(py, None, &format!("{} are {problem}", role.plural()));
        if object.is_instance_of::<PyString>() {
            return Err(wrong("one str; pass a list of them, one for each row".to_owned()));
        }
        if object.is_instance_of::<PyDict>() {
            return Err(wrong("a dict, whose order is not that of rows; pass a list of its values".to_owned()));
        }
        if object.is_instance_of::<PySet>() || object.is_instance_of::<PyFrozenSet>() {
            return Err(wrong("a set, which has no order; pass a list".to_owned()));
        }
        if object.hasattr("__arrow_c_stream__")? {
            let stream = Stream::import(&object.call_method0("__arrow_c_stream__")?).map_err(wrong)?;
            // A stream may end without an array that would tell.
            stream.data_type().and_then(|data_type| arrow::check_columns(&data_type)).map_err(wrong)?;
            return Ok(Self::Arrow { current: None, at: 0, stream: Some(stream) });
        }
        if object.hasattr("__arrow_c_array__")? {
            let array = import_array(&object.call_method0("__arrow_c_array__")?).map_err(wrong)?;
            let array = arrow::only_column(array).map_err(wrong)?;
            return Ok(Self::Arrow { current: Some(array), at: 0, stream: None });
        }
        match object.try_iter() {
            Ok(iterator) => Ok(Self::Iterator(iterator)),
            Err(error) if error.is_instance_of::<PyTypeError>(py) => {
                let name = object.get_type().name()?;
                Err(wrong(format!("a {name}, which is no column of texts")))
            }
            Err(error) => Err(error),
        }
    }
}

/// Adds a list of tokens that are all strings; `false`, with nothing added, if that is something else.
fn push_strings(list: &Bound<'_, PyAny>, rows: &mut Rows) -> bool {
    let written = write_strings(list, &mut rows.written);
    if written {
        rows.arena.push_copy(rows.written.text());
    }
    written
}

fn no_reference(py: Python<'_>, row: usize) -> PyErr {
    errors::input(py, Code::NoReference, Some(row), &format!("row {row} has an empty list of references"))
}

/// Whether `item` stands for a missing text: None, a float NaN, or pandas' NA and NaT.
pub(crate) fn is_missing(item: &Bound<'_, PyAny>) -> PyResult<bool> {
    if item.is_none() {
        return Ok(true);
    }
    if let Ok(float) = item.cast::<PyFloat>() {
        return Ok(float.extract::<f64>()?.is_nan());
    }
    let name = item.get_type().name()?;
    Ok(name == "NAType" || name == "NaTType")
}
