//! Rows of tokens and their edits, as objects of Python.

use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple, PyType};
use textgauge_engine::{ExplainedReading, TokenTexts};
use textgauge_kernels::edit::{Chunk, Kind};

use crate::borrow::python_string;

/// The tokens of references, those of predictions, and the edits: lists with a list for each row.
#[derive(IntoPyObject)]
pub(crate) struct AlignedRows<'py>(Bound<'py, PyList>, Bound<'py, PyList>, Bound<'py, PyList>);

/// The class of the objects that stand for edits.
pub(crate) struct ChunkClass<'py> {
    /// The method that makes an object, and what it is called with: the class.
    new: (Bound<'py, PyAny>, Bound<'py, PyTuple>),
    /// The fields: the kind of edit, then where it starts and ends in the reference and in the prediction.
    fields: [Bound<'py, PyString>; 5],
}

impl<'py> AlignedRows<'py> {
    pub(crate) fn new(py: Python<'py>) -> Self {
        Self(PyList::empty(py), PyList::empty(py), PyList::empty(py))
    }

    /// Appends a row that has one reference.
    pub(crate) fn append(&self, py: Python<'py>, row: &ExplainedReading, chunks: &ChunkClass<'py>) -> PyResult<()> {
        let Self(references, predictions, edits) = self;
        for reference in &row.references {
            let of_reference = strings(py, reference.tokens.iter())?;
            let edited = reference.edits.as_deref().unwrap_or_default();
            let prediction = reference.prediction.as_ref().unwrap_or(&row.prediction);
            predictions.append(PyList::new(py, edited_strings(py, &of_reference, edited, prediction)?)?)?;
            references.append(PyList::new(py, of_reference)?)?;
            let objects = edited.iter().map(|chunk| chunks.object(py, chunk)).collect::<PyResult<Vec<_>>>()?;
            edits.append(PyList::new(py, objects)?)?;
        }
        Ok(())
    }
}

fn strings<'a, 'py>(py: Python<'py>, tokens: impl Iterator<Item = &'a [u8]>) -> PyResult<Vec<Bound<'py, PyString>>> {
    tokens.map(|token| python_string(py, token)).collect()
}

/// The tokens of a prediction. What stays of the reference is not made again.
fn edited_strings<'py>(
    py: Python<'py>,
    reference: &[Bound<'py, PyString>],
    chunks: &[Chunk],
    prediction: &TokenTexts,
) -> PyResult<Vec<Bound<'py, PyString>>> {
    let mut made = Vec::with_capacity(prediction.ends.len());
    for Chunk { kind, reference: [start, end], hypothesis } in chunks {
        if *kind == Kind::Equal {
            made.extend_from_slice(&reference[*start as usize..*end as usize]);
        } else {
            let [start, end] = hypothesis.map(|place| place as usize);
            made.extend(strings(py, (start..end).map(|place| prediction.get(place)))?);
        }
    }
    Ok(made)
}

impl<'py> ChunkClass<'py> {
    pub(crate) fn new(class: Bound<'py, PyType>, fields: [Bound<'py, PyString>; 5]) -> PyResult<Self> {
        Ok(Self { new: (class.getattr("__new__")?, PyTuple::new(class.py(), [class])?), fields })
    }

    /// An object for a chunk. What `__init__` might check is right already.
    fn object(&self, py: Python<'py>, chunk: &Chunk) -> PyResult<Bound<'py, PyAny>> {
        let (new, class) = &self.new;
        let object = new.call1(class)?;
        let [kind, spans @ ..] = &self.fields;
        object.setattr(kind, PyString::intern(py, chunk.kind.name()))?;
        let places = chunk.reference.into_iter().chain(chunk.hypothesis);
        spans.iter().zip(places).try_for_each(|(field, place)| object.setattr(field, place))?;
        Ok(object)
    }
}
