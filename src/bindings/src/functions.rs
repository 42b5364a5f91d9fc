//! Functions of single texts, and what the registry says.

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyList, PyNone, PyString, PyTuple};
use serde_json::Value;
use textgauge_kernels::edit::{self, Chunk, Counts};
use textgauge_kernels::overlap::Texts;
use textgauge_metrics::{Corpus, TRANSFORMS, registry as metrics};
use textgauge_text::{Reader, Tokenizer, Tokens, porter, pystr};

use crate::borrow::{generalised_utf8, python_string};
use crate::{errors, gate};

/// The registered metrics, each as a dict.
#[pyfunction]
pub(crate) fn registry(py: Python<'_>) -> PyResult<Bound<'_, PyList>> {
    let list = PyList::empty(py);
    for entry in metrics::entries() {
        let defaults = (entry.defaults)();
        let metric = metrics::build(entry.name, defaults.clone())
            .map_err(|error| errors::config(py, error.code(), &error.to_string()))?;
        let options = PyList::empty(py);
        for option in entry.options.iter().chain([&TRANSFORMS]) {
            let dict = PyDict::new(py);
            dict.set_item("name", option.name)?;
            if option.name == TRANSFORMS.name {
                dict.set_item("default", PyTuple::empty(py))?;
            } else {
                dict.set_item("default", python_value(py, defaults.get(option.name).unwrap_or(&Value::Null))?)?;
            }
            dict.set_item("allowed", option.allowed())?;
            dict.set_item("meaning", option.meaning)?;
            options.append(dict)?;
        }
        let outputs = PyList::empty(py);
        for output in metric.outputs() {
            let dict = PyDict::new(py);
            dict.set_item("part", output.part)?;
            dict.set_item("summary", output.summary)?;
            dict.set_item("unit", output.unit.name())?;
            dict.set_item("lowest", output.lowest)?;
            dict.set_item("highest", output.highest)?;
            dict.set_item("higher_is_better", output.higher_is_better)?;
            outputs.append(dict)?;
        }
        let dict = PyDict::new(py);
        dict.set_item("name", entry.name)?;
        dict.set_item("family", entry.family)?;
        dict.set_item("summary", entry.summary)?;
        dict.set_item("source", entry.source)?;
        dict.set_item("options", options)?;
        dict.set_item("headline", metric.outputs()[metric.headline()].part)?;
        dict.set_item("corpus", if metric.corpus() == Corpus::Mean { "mean" } else { "pooled" })?;
        dict.set_item("outputs", outputs)?;
        list.append(dict)?;
    }
    Ok(list)
}

/// An option's default: options are flat, of strings, numbers and truth values.
fn python_value<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::Bool(value) => PyBool::new(py, *value).to_owned().into_any(),
        Value::String(value) => PyString::new(py, value).into_any(),
        Value::Number(value) => match value.as_i64() {
            Some(value) => value.into_pyobject(py)?.into_any(),
            None => PyFloat::new(py, value.as_f64().unwrap_or(f64::NAN)).into_any(),
        },
        Value::Null | Value::Array(_) | Value::Object(_) => PyNone::get(py).to_owned().into_any(),
    })
}

/// The tokens of each line of `text`, or of the whole as one line. Options of `tercom` follow its name,
/// as in `tercom+norm+nopunct+asian`.
#[pyfunction]
pub(crate) fn tokenize<'py>(
    text: &Bound<'py, PyString>,
    tokenizer: &Bound<'py, PyString>,
    stemmer: &Bound<'py, PyString>,
    lowercase: bool,
    lines: bool,
) -> PyResult<Vec<Vec<Bound<'py, PyString>>>> {
    let py = text.py();
    // A lone surrogate is in no name, and what stands for it is in none either.
    let (tokenizer, stemmer) = (&*tokenizer.to_string_lossy(), &*stemmer.to_string_lossy());
    let (name, flags) = match tokenizer.strip_prefix("tercom").and_then(Tokenizer::tercom) {
        Some(with_flags) => ("tercom", Some(with_flags)),
        None => (tokenizer, None),
    };
    // The options are those of a metric, so a metric checks them.
    let options = serde_json::json!({"tokenizer": name, "stemmer": stemmer, "lowercase": lowercase});
    let Value::Object(options) = options else { return Ok(Vec::new()) };
    let metric = metrics::build("rouge1", options)
        .map_err(|error| errors::config(py, error.code(), &error.to_string().replacen("rouge1: ", "", 1)))?;
    let mut reader = Reader::default();
    let mut tokens = Tokens::default();
    let mut pipeline = metric.readings()[0].pipeline;
    pipeline.tokenizer = flags.unwrap_or(pipeline.tokenizer);
    reader.read(pipeline, &generalised_utf8(text)?, lines, &mut tokens);
    let mut sentences = Vec::new();
    let mut start = 0;
    for end in tokens.breaks.iter().map(|&end| end as usize).chain([tokens.keys.len()]) {
        let sentence = tokens.keys[start..end].iter().map(|&key| python_string(py, &reader.token(key)));
        sentences.push(sentence.collect::<PyResult<_>>()?);
        start = end;
    }
    Ok(sentences)
}

/// The names of the tokenizers whose every token is a part of the text as it is, behind the one before.
#[pyfunction]
pub(crate) fn verbatim_tokenizers() -> Vec<&'static str> {
    let verbatim = Tokenizer::NAMED.iter().filter(|(_, tokenizer)| tokenizer.is_verbatim());
    verbatim.map(|(name, _)| *name).collect()
}

/// A chunk of an alignment: what happens, and where it starts and ends in the reference and the hypothesis.
type AlignedChunk<'py> = (Bound<'py, PyString>, u32, u32, u32, u32);

/// The shortest script that makes the hypothesis of the reference, both given as tokens, and how often it has hits,
/// substitutions, deletions and insertions.
#[pyfunction]
pub(crate) fn align<'py>(
    py: Python<'py>,
    hypothesis: Vec<Bound<'py, PyString>>,
    reference: Vec<Bound<'py, PyString>>,
) -> PyResult<(Vec<AlignedChunk<'py>>, [u32; 4])> {
    // Python keeps the hashes of its strings.
    let numbers = PyDict::new(py);
    let mut hypothesis_ids = Vec::with_capacity(hypothesis.len());
    for token in &hypothesis {
        let id = match numbers.get_item(token)? {
            Some(known) => known.extract()?,
            None => {
                let fresh = numbers.len() as u32 + 1;
                numbers.set_item(token, fresh)?;
                fresh
            }
        };
        hypothesis_ids.push(id);
    }
    let mut reference_ids = Vec::with_capacity(reference.len());
    for token in &reference {
        reference_ids.push(numbers.get_item(token)?.map_or(Ok(0), |known| known.extract::<u32>())?);
    }
    let texts = Texts { hypothesis: &hypothesis_ids, reference: &reference_ids, vocabulary: numbers.len() };
    // 64 cells of the table are filled at a time.
    let work = hypothesis_ids.len().saturating_mul(reference_ids.len()) / 64;
    let (chunks, counts) = gate::enter(py, 1, |run, cancel| {
        run.alone(work, cancel, || {
            let mut chunks = Vec::new();
            let counts = edit::alignment(texts, &mut chunks, &mut edit::Scratch::default(), cancel);
            (chunks, counts)
        })
    })?;
    let chunks = chunks
        .into_iter()
        .map(|Chunk { kind, reference: [i, j], hypothesis: [k, l] }| (PyString::intern(py, kind.name()), i, j, k, l));
    let Counts { hits, substitutions, deletions, insertions } = counts;
    Ok((chunks.collect(), [hits, substitutions, deletions, insertions]))
}

/// A dict for each row of columns, which `names` are the keys of.
#[pyfunction]
pub(crate) fn records<'py>(
    names: Vec<Bound<'py, PyString>>,
    columns: Vec<Bound<'py, PyList>>,
    py: Python<'py>,
) -> PyResult<Bound<'py, PyList>> {
    let rows = columns.iter().map(|column| column.len()).min().unwrap_or(0);
    // A copy of a dict need not grow.
    let empty = PyDict::new(py);
    names.iter().try_for_each(|name| empty.set_item(name, py.None()))?;
    let records = PyList::empty(py);
    for row in 0..rows {
        let record = empty.copy()?;
        for (name, column) in names.iter().zip(&columns) {
            record.set_item(name, column.get_item(row)?)?;
        }
        records.append(record)?;
    }
    Ok(records)
}

/// NLTK's Porter stem, in its extended mode, of a lower-case word.
#[pyfunction]
pub(crate) fn stem<'py>(word: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyString>> {
    let mut stem = Vec::new();
    porter::stem(&generalised_utf8(word)?, &mut stem);
    python_string(word.py(), &stem)
}

/// `str.lower()` by the tables compiled in.
#[pyfunction]
pub(crate) fn py_lower<'py>(text: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyString>> {
    let mut lowered = Vec::new();
    pystr::lower(&generalised_utf8(text)?, &mut lowered);
    python_string(text.py(), &lowered)
}

/// `str.split()` by the tables compiled in.
#[pyfunction]
pub(crate) fn py_split<'py>(text: &Bound<'py, PyString>) -> PyResult<Vec<Bound<'py, PyString>>> {
    let text_bytes = generalised_utf8(text)?;
    pystr::split_whitespace(&text_bytes).map(|word| python_string(text.py(), word)).collect()
}

/// The Unicode version of the tables compiled in.
#[pyfunction]
pub(crate) fn unicode_version() -> &'static str {
    pystr::UNICODE_VERSION
}

/// How many threads a call uses when it doesn't say.
#[pyfunction]
pub(crate) fn default_threads(py: Python<'_>) -> PyResult<usize> {
    gate::threads(py, None)
}

/// Whether the core was compiled for speed.
#[pyfunction]
pub(crate) fn build_profile() -> &'static str {
    if cfg!(debug_assertions) { "debug" } else { "release" }
}
