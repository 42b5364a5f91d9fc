//! What a pair's scores come from, as JSON.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString, PyTuple};
use textgauge_engine::{
    Explained, ExplainedReading, ExplainedReference, Pair, Path, Plan, Shown, TokenSource, TokenTexts,
};
use textgauge_kernels::edit::{Chunk, Kind};
use textgauge_kernels::ngram_marks::Marks;
use textgauge_metrics::Code;

use crate::json::Json;
use crate::{errors, gate, pair};

/// What the scores of a pair come from. In brief, n-grams are not marked, and the scores are those of some columns.
pub(crate) fn explain<'py>(
    py: Python<'py>,
    plan: &Plan,
    sources: &[TokenSource<'_>],
    brief: Option<&[usize]>,
) -> PyResult<Bound<'py, PyBytes>> {
    let pair = Pair { sources };
    let ngrams = brief.is_none();
    let explained = if pair.work() < pair::SHARED_WORK {
        gate::pass(py, || pair.explain(plan, ngrams))?
    } else {
        gate::enter(py, 1, |run, cancel| pair.explain_watched(plan, ngrams, run, cancel))?
    };
    let Explained { scores, sums, best, readings } = explained;
    let scores = match brief {
        None => scores,
        Some(columns) => columns.iter().map(|&column| told(py, &scores, column)).collect::<PyResult<_>>()?,
    };
    let mut json = Json::default();
    json.list(|json| {
        json.value(&scores);
        json.value(&sums);
        json.value(&best);
        json.list(|json| readings.iter().for_each(|each| reading(json, each)));
    });
    Ok(PyBytes::new(py, json.bytes()))
}

fn told(py: Python<'_>, scores: &[f64], column: usize) -> PyResult<f64> {
    let none = || errors::config(py, Code::BadOption, &format!("there is no column {column} of {}", scores.len()));
    scores.get(column).copied().ok_or_else(none)
}

fn reading(json: &mut Json, reading: &ExplainedReading) {
    json.object(|json| {
        tokens(json, &reading.prediction);
        json.key("references").list(|json| reading.references.iter().for_each(|each| reference(json, each)));
    });
}

fn reference(json: &mut Json, reference: &ExplainedReference) {
    let ExplainedReference { tokens: own, prediction, ngrams, distinct, lcs, union_lcs, run, edits, shifts } =
        reference;
    json.object(|json| {
        tokens(json, own);
        if let Some(prediction) = prediction {
            token_form(json.key("prediction"), prediction);
        }
        for (name, orders) in [("ngrams", ngrams), ("distinct", distinct)] {
            if !orders.is_empty() {
                json.key(name).list(|json| orders.iter().for_each(|marks| flags(json, marks)));
            }
        }
        for (name, path) in [("lcs", lcs), ("union", union_lcs)] {
            match path {
                None => {}
                Some(Path::TooLong) => json.key(name).value(&()),
                Some(Path::Of(marks)) => flags(json.key(name), marks),
            }
        }
        if let Some(run) = run {
            json.key("run").value(&[run.hypothesis, run.reference, run.length]);
        }
        if let Some(chunks) = edits {
            json.key("edits").string(runs(chunks).as_bytes());
        }
        if let Some(script) = shifts {
            let moves: Vec<_> = script.shifts.iter().map(|shift| [shift.from, shift.middle, shift.end]).collect();
            json.key("shifts").value(&moves);
            json.key("shifted").string(runs(&script.chunks).as_bytes());
        }
    });
}

/// The members that tell the tokens of a text.
fn tokens(json: &mut Json, tokens: &TokenTexts) {
    token_form(json.key("tokens"), tokens);
    if !tokens.breaks.is_empty() {
        json.key("breaks").value(&tokens.breaks);
    }
}

/// What stands between tokens in one string.
const SEPARATOR: u8 = 0x1f;

/// The tokens in one string, characters with nothing between; as a list where that could not be told apart.
fn token_form(json: &mut Json, tokens: &TokenTexts) {
    let TokenTexts { bytes, ends, are_characters, .. } = tokens;
    // Two lone surrogates are one character to JavaScript.
    let is_surrogate = |pair: &[u8]| pair[0] == 0xed && pair[1] >= 0xa0;
    let in_the_way = match are_characters {
        true => bytes.windows(2).any(is_surrogate),
        false => ends.is_empty() || bytes.contains(&SEPARATOR),
    };
    if in_the_way {
        return json.list(|json| tokens.iter().for_each(|token| json.string(token)));
    }
    if *are_characters {
        return json.string(bytes);
    }
    let mut joined = Vec::with_capacity(bytes.len() + ends.len());
    for (number, token) in tokens.iter().enumerate() {
        if number > 0 {
            joined.push(SEPARATOR);
        }
        joined.extend_from_slice(token);
    }
    json.string(&joined);
}

/// Marks as a digit each: those of the prediction, and those of the reference.
fn flags(json: &mut Json, marks: &Marks) {
    let digits = |marks: &[bool]| marks.iter().map(|&mark| b'0' + u8::from(mark)).collect::<Vec<_>>();
    json.list(|json| {
        json.string(&digits(&marks.hypothesis));
        json.string(&digits(&marks.reference));
    });
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
