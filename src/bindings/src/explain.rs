//! What a pair's scores come from, as lists, dicts and strings that are fit for JSON.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyNone, PyString, PyTuple};
use textgauge_engine::{
    Explained, ExplainedReading, ExplainedReference, Pair, Path, Plan, Shown, TokenSource, TokenTexts,
};
use textgauge_kernels::edit::{Chunk, Kind};
use textgauge_kernels::ngram_marks::Marks;

use crate::borrow::python_string;
use crate::{gate, pair};

/// What the scores of a pair come from.
pub(crate) fn explain<'py>(py: Python<'py>, plan: &Plan, sources: &[TokenSource<'_>]) -> PyResult<Bound<'py, PyList>> {
    let pair = Pair { sources };
    let explained = if pair.work() < pair::SHARED_WORK {
        gate::pass(py, || pair.explain(plan))?
    } else {
        gate::enter(py, 1, |run, cancel| pair.explain_watched(plan, run, cancel))?
    };
    compact(py, &explained)
}

fn compact<'py>(py: Python<'py>, explained: &Explained) -> PyResult<Bound<'py, PyList>> {
    let Explained { scores, sums, best, readings } = explained;
    // JSON knows no NaN.
    let scores: Vec<Option<f64>> = scores.iter().map(|&score| (!score.is_nan()).then_some(score)).collect();
    let readings = readings.iter().map(|read| reading(py, read)).collect::<PyResult<Vec<_>>>()?;
    let parts = [
        scores.into_pyobject(py)?.into_any(),
        sums.into_pyobject(py)?.into_any(),
        best.into_pyobject(py)?.into_any(),
        readings.into_pyobject(py)?.into_any(),
    ];
    PyList::new(py, parts)
}

fn reading<'py>(py: Python<'py>, reading: &ExplainedReading) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    set_tokens(&dict, &reading.prediction)?;
    let references = reading.references.iter().map(|each| reference(py, each)).collect::<PyResult<Vec<_>>>()?;
    dict.set_item(intern!(py, "references"), references)?;
    Ok(dict)
}

fn reference<'py>(py: Python<'py>, reference: &ExplainedReference) -> PyResult<Bound<'py, PyDict>> {
    let ExplainedReference { tokens, prediction, ngrams, distinct, lcs, union_lcs, run, edits, shifts } = reference;
    let dict = PyDict::new(py);
    set_tokens(&dict, tokens)?;
    if let Some(prediction) = prediction {
        dict.set_item(intern!(py, "prediction"), token_form(py, prediction)?)?;
    }
    for (name, orders) in [(intern!(py, "ngrams"), ngrams), (intern!(py, "distinct"), distinct)] {
        if !orders.is_empty() {
            dict.set_item(name, orders.iter().map(flags).collect::<Vec<_>>())?;
        }
    }
    for (name, path) in [(intern!(py, "lcs"), lcs), (intern!(py, "union"), union_lcs)] {
        match path {
            None => {}
            Some(Path::TooLong) => dict.set_item(name, PyNone::get(py))?,
            Some(Path::Of(marks)) => dict.set_item(name, flags(marks))?,
        }
    }
    if let Some(run) = run {
        dict.set_item(intern!(py, "run"), [run.hypothesis, run.reference, run.length])?;
    }
    if let Some(chunks) = edits {
        dict.set_item(intern!(py, "edits"), runs(chunks))?;
    }
    if let Some(script) = shifts {
        let moves: Vec<_> = script.shifts.iter().map(|shift| [shift.from, shift.middle, shift.end]).collect();
        dict.set_item(intern!(py, "shifts"), moves)?;
        dict.set_item(intern!(py, "shifted"), runs(&script.chunks))?;
    }
    Ok(dict)
}

fn set_tokens(dict: &Bound<'_, PyDict>, tokens: &TokenTexts) -> PyResult<()> {
    let py = dict.py();
    dict.set_item(intern!(py, "tokens"), token_form(py, tokens)?)?;
    if !tokens.breaks.is_empty() {
        dict.set_item(intern!(py, "breaks"), &tokens.breaks)?;
    }
    Ok(())
}

/// What stands between tokens in one string.
const SEPARATOR: u8 = 0x1f;

/// The tokens in one string, characters with nothing between; as a list where that could not be told apart.
fn token_form<'py>(py: Python<'py>, tokens: &TokenTexts) -> PyResult<Bound<'py, PyAny>> {
    let TokenTexts { bytes, ends, are_characters, .. } = tokens;
    // Two lone surrogates are one character to JavaScript.
    let is_surrogate = |pair: &[u8]| pair[0] == 0xed && pair[1] >= 0xa0;
    let in_the_way = match are_characters {
        true => bytes.windows(2).any(is_surrogate),
        false => ends.is_empty() || bytes.contains(&SEPARATOR),
    };
    if in_the_way {
        let each = tokens.iter().map(|token| python_string(py, token)).collect::<PyResult<Vec<_>>>()?;
        return Ok(PyList::new(py, each)?.into_any());
    }
    if *are_characters {
        return Ok(python_string(py, bytes)?.into_any());
    }
    let mut joined = Vec::with_capacity(bytes.len() + ends.len());
    for (number, token) in tokens.iter().enumerate() {
        if number > 0 {
            joined.push(SEPARATOR);
        }
        joined.extend_from_slice(token);
    }
    Ok(python_string(py, &joined)?.into_any())
}

/// Marks as a digit each: those of the prediction, and those of the reference.
fn flags(marks: &Marks) -> [String; 2] {
    [&marks.hypothesis, &marks.reference].map(|marks| marks.iter().map(|&mark| if mark { '1' } else { '0' }).collect())
}

/// Edits as how many and of which kind, one after the other: `3=1S`.
fn runs(chunks: &[Chunk]) -> String {
    let mut runs = String::new();
    for Chunk { kind, reference, hypothesis } in chunks {
        let count = (reference[1] - reference[0]).max(hypothesis[1] - hypothesis[0]);
        let letter = match kind {
            Kind::Equal => '=',
            Kind::Substitute => 'S',
            Kind::Delete => 'D',
            Kind::Insert => 'I',
        };
        runs += &count.to_string();
        runs.push(letter);
    }
    runs
}

/// What is the same for every pair of a plan: for each reading its name and whether its tokens are characters; and for
/// each metric its columns, the names of its sums, and its readings with what is shown of them.
pub(crate) fn layout<'py>(py: Python<'py>, plan: &Plan) -> PyResult<Bound<'py, PyTuple>> {
    let shown = plan.shown().into_iter().map(|readings| {
        let each = readings.into_iter().map(|(number, shown)| Ok((number, kinds(py, shown)?)));
        each.collect::<PyResult<Vec<_>>>()
    });
    let shown = shown.collect::<PyResult<Vec<_>>>()?;
    let columns: Vec<&[String]> = plan.columns_of().collect();
    let metrics: Vec<_> = columns.into_iter().zip(plan.sum_names()).zip(shown).map(|((a, b), c)| (a, b, c)).collect();
    (plan.readings(), metrics).into_pyobject(py)
}

/// The names under which what is shown of a reading stands, each with the highest order of n-grams, or 0.
fn kinds<'py>(py: Python<'py>, shown: Shown) -> PyResult<Bound<'py, PyDict>> {
    let Shown { orders, distinct_orders, lcs, union_lcs, run, edits, shifts } = shown;
    let dict = PyDict::new(py);
    let all = [
        ("ngrams", orders > 0, orders),
        ("distinct", distinct_orders > 0, distinct_orders),
        ("lcs", lcs, 0),
        ("union", union_lcs, 0),
        ("run", run, 0),
        ("edits", edits, 0),
        ("shifts", shifts, 0),
    ];
    for (name, _, orders) in all.into_iter().filter(|(_, is_shown, _)| *is_shown) {
        dict.set_item(PyString::intern(py, name), orders)?;
    }
    Ok(dict)
}
