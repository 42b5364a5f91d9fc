//! One pair of texts by itself: the shortest way from two strings to a dict of scores.

use std::borrow::Cow;
use std::cell::LazyCell;
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFloat, PyList, PyString, PyTuple};
use textgauge_engine::{Pair, Plan, Text, TokenSource};
use textgauge_metrics::Code;
use textgauge_text::GivenTokens;

use crate::borrow::utf8_of;
use crate::column::is_missing;
use crate::given_source::GivenSource;
use crate::given_tokens::{TokenWriter, is_several, items_of, write_strings};
use crate::{errors, gate};

/// From so much work on, in bytes of text, other threads may run meanwhile: letting them takes a microsecond.
pub(crate) const SHARED_WORK: usize = 16 << 10;

/// What is made once for all pairs of a scorer.
pub(crate) struct PairScorer {
    plan: Arc<Plan>,
    /// The names of the columns.
    names: Vec<Py<PyString>>,
    /// A dict with a place for each column: a copy of it need not grow.
    empty_scores: Py<PyDict>,
}

impl PairScorer {
    pub(crate) fn new(py: Python<'_>, plan: &Arc<Plan>) -> PyResult<Self> {
        let names: Vec<_> = plan.columns().iter().map(|column| PyString::intern(py, column).unbind()).collect();
        let empty_scores = PyDict::new(py);
        names.iter().try_for_each(|name| empty_scores.set_item(name, 0.0))?;
        Ok(Self { plan: Arc::clone(plan), names, empty_scores: empty_scores.unbind() })
    }

    /// The scores under the names of their columns.
    pub(crate) fn named<'py>(&self, py: Python<'py>, scores: &[f64]) -> PyResult<Bound<'py, PyDict>> {
        let named = self.empty_scores.bind(py).copy()?;
        for (name, &score) in self.names.iter().zip(scores) {
            named.set_item(name.bind(py), PyFloat::new(py, score))?;
        }
        Ok(named)
    }

    /// The scores in the order of their columns: made in less time than names take.
    pub(crate) fn in_order<'py>(&self, py: Python<'py>, scores: &[f64]) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, scores)
    }
}

/// What Python gets of the scores of a pair.
pub(crate) type Form<'py, T> = fn(&PairScorer, Python<'py>, &[f64]) -> PyResult<Bound<'py, T>>;

/// The scores of a pair, in a form. `reference` is a string, or a list or tuple of strings.
pub(crate) fn score<'py, T>(
    scorer: &PairScorer,
    sources: &[GivenSource],
    prediction: &Bound<'py, PyAny>,
    reference: &Bound<'py, PyAny>,
    form: Form<'py, T>,
) -> PyResult<Bound<'py, T>> {
    let py = prediction.py();
    let score = |sources: &[TokenSource<'_>]| score_views(scorer, &scorer.plan, py, sources, form);
    with_texts(&scorer.plan, sources, prediction, reference, score)
}

/// What `take` makes of a pair's texts and of what the caller's functions make of them. `reference` is as for [`score`].
pub(crate) fn with_texts<'py, T>(
    plan: &Plan,
    sources: &[GivenSource],
    prediction: &Bound<'py, PyAny>,
    reference: &Bound<'py, PyAny>,
    take: impl FnOnce(&[TokenSource<'_>]) -> PyResult<T>,
) -> PyResult<T> {
    let py = prediction.py();
    let Ok(prediction) = prediction.cast::<PyString>() else {
        return Err(not_a_text(prediction, "prediction", "a str", "\"\""));
    };
    let prediction = utf8_of(prediction)?;
    if let Ok(reference) = reference.cast::<PyString>() {
        return with_bytes(sources, py, &prediction, &[Some(&utf8_of(reference)?)], take);
    }
    // A tuple, or a list's items as they were at the start: nobody can change them meanwhile.
    let strings = match (reference.cast::<PyList>(), reference.cast::<PyTuple>()) {
        (Ok(list), _) => list.to_tuple(),
        (_, Ok(tuple)) => tuple.clone(),
        _ => return Err(not_a_text(reference, "reference", "a str or a list of str", "\"\"")),
    };
    if strings.is_empty() {
        if plan.takes_no_reference() {
            return with_bytes(sources, py, &prediction, &[Some(&[])], take);
        }
        return Err(errors::input(py, Code::NoReference, None, "the list of references is empty"));
    }
    let mut strings_kept = Vec::with_capacity(strings.len());
    for (index, item) in strings.iter().enumerate() {
        let Ok(string) = item.cast::<PyString>() else {
            return Err(not_a_text(&item, &format!("reference number {index}"), "a str", "\"\""));
        };
        strings_kept.push(string.clone());
    }
    let references: Vec<Cow<'_, [u8]>> = strings_kept.iter().map(utf8_of).collect::<PyResult<_>>()?;
    let references: Vec<Text<'_>> = references.iter().map(|text| Some(&**text)).collect();
    with_bytes(sources, py, &prediction, &references, take)
}

/// The scores of a pair of lists of tokens, in a form. `reference` is such a list, or a list of them.
pub(crate) fn score_tokens<'py, T>(
    scorer: &PairScorer,
    plan_of_tokens: &Plan,
    prediction: &Bound<'py, PyAny>,
    reference: &Bound<'py, PyAny>,
    form: Form<'py, T>,
) -> PyResult<Bound<'py, T>> {
    let py = prediction.py();
    let writer = LazyCell::new(|| TokenWriter::new(py));
    let text = |list: &Bound<'py, PyTuple>, whose: &str| {
        let mut text = GivenTokens::default();
        writer.write(list, &mut text).map_err(|error| error.raised(py, whose, None))?;
        PyResult::Ok(text.into_text())
    };
    let prediction = match strings_of(prediction) {
        Some(text) => text,
        None => text(&tokens_of(prediction, || "prediction".to_owned())?, "prediction")?,
    };
    let text_at = |(index, one): (usize, Bound<'py, PyAny>)| match strings_of(&one) {
        Some(text) => Ok(text),
        None => text(&tokens_of(&one, || format!("reference number {index}"))?, "reference"),
    };
    let references = match strings_of(reference) {
        Some(text) => vec![text],
        None => {
            let list = tokens_of(reference, || "reference".to_owned())?;
            match is_several(&list)? {
                true => list.iter().enumerate().map(text_at).collect::<PyResult<_>>()?,
                false => vec![text(&list, "reference")?],
            }
        }
    };
    let references: Vec<Text<'_>> = references.iter().map(|text| Some(text.as_slice())).collect();
    score_views(scorer, plan_of_tokens, py, &[TokenSource::new(&[Some(&prediction)], &references)], form)
}

/// The text of a list of tokens that are all strings.
fn strings_of(list: &Bound<'_, PyAny>) -> Option<Vec<u8>> {
    let mut text = GivenTokens::default();
    write_strings(list, &mut text).then(|| text.into_text())
}

/// The tokens in a list; `what` names it if it is none.
fn tokens_of<'py>(list: &Bound<'py, PyAny>, what: impl FnOnce() -> String) -> PyResult<Bound<'py, PyTuple>> {
    items_of(list)?.ok_or_else(|| not_a_text(list, &what(), "a list of tokens", "[]"))
}

fn with_bytes<T>(
    sources: &[GivenSource],
    py: Python<'_>,
    prediction: &[u8],
    references: &[Text<'_>],
    take: impl FnOnce(&[TokenSource<'_>]) -> PyResult<T>,
) -> PyResult<T> {
    let predictions = [Some(prediction)];
    let texts = TokenSource::new(&predictions, references);
    if sources.is_empty() {
        return take(&[texts]);
    }
    // What each source holds of the prediction, then of the references.
    let mut given = Vec::with_capacity(sources.len());
    for source in sources {
        let all = predictions.iter().chain(references).flatten();
        given.push(all.map(|text| source.read(py, text, None)).collect::<PyResult<Vec<_>>>()?);
    }
    let given: Vec<Vec<Text<'_>>> =
        given.iter().map(|texts| texts.iter().map(|text| Some(text.as_slice())).collect()).collect();
    let given = given.iter().map(|texts| TokenSource::new(&texts[..1], &texts[1..]));
    let sources: Vec<TokenSource<'_>> = std::iter::once(texts).chain(given).collect();
    take(&sources)
}

fn score_views<'py, T>(
    scorer: &PairScorer,
    plan: &Plan,
    py: Python<'py>,
    sources: &[TokenSource<'_>],
    form: Form<'py, T>,
) -> PyResult<Bound<'py, T>> {
    let pair = Pair { sources };
    if pair.work() < SHARED_WORK {
        return gate::pass(py, || pair.score(plan, |scores| form(scorer, py, scores)))?;
    }
    let scores = gate::enter(py, 1, |run, cancel| pair.score_watched(plan, run, cancel))?;
    form(scorer, py, &scores)
}

/// Why something is no text; `empty` is how an empty one is written.
#[cold]
fn not_a_text(item: &Bound<'_, PyAny>, what: &str, wanted: &str, empty: &str) -> PyErr {
    let py = item.py();
    match is_missing(item) {
        Ok(true) => {
            let message = format!("the {what} is missing; pass {empty} to score an empty text");
            errors::input(py, Code::MissingText, None, &message)
        }
        Ok(false) => {
            let name = errors::type_name(item);
            let hint = if name == "bytes" { "; decode it first" } else { "" };
            errors::input_type(py, None, &format!("the {what} is a {name}, not {wanted}{hint}"))
        }
        Err(error) => error,
    }
}
