//! Transforms of texts: those of the core, and the caller's own.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use textgauge_metrics::Code;
use textgauge_text::pystr;
use textgauge_text::transforms::{Buffers, Regexes, Spellings, Subwords, Transform, Transforms, UnicodeForm};

use crate::borrow::{generalised_utf8, python_string};
use crate::errors;

/// Transforms of the core, one after the other.
#[pyclass(frozen, module = "textgauge._core", name = "Transforms")]
pub(crate) struct PyTransforms(pub(crate) Arc<Transforms>);

/// Where a character stands in the text that it was made of: start and end, in code points.
type Span = (usize, usize);

#[pymethods]
impl PyTransforms {
    /// Those with these names and arguments; `None` if one of them is left to Python's `re`.
    #[staticmethod]
    fn of(py: Python<'_>, transforms: Vec<(String, Bound<'_, PyDict>)>) -> PyResult<Option<Self>> {
        let mut found = Vec::with_capacity(transforms.len());
        for (name, arguments) in &transforms {
            match transform(py, name, &Arguments { transform: name, given: arguments })? {
                Some(transform) => found.push(transform),
                None => return Ok(None),
            }
        }
        Ok(Some(Self(Arc::new(Transforms::new(&found)))))
    }

    /// What signatures call them.
    #[getter]
    fn name(&self) -> &str {
        self.0.name()
    }

    /// The text, transformed.
    fn __call__<'py>(&self, text: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyString>> {
        let mut transformed = Vec::new();
        self.0.apply(&generalised_utf8(text)?, &mut Buffers::default(), &mut transformed);
        python_string(text.py(), &transformed)
    }

    /// The text, transformed, and for each of its characters where that stood.
    fn traced<'py>(&self, text: &Bound<'py, PyString>) -> PyResult<(Bound<'py, PyString>, Vec<Span>)> {
        let bytes = generalised_utf8(text)?;
        let traced = self.0.traced(&bytes);
        // The number of the code point that each byte belongs to, or of the next one at the end.
        let mut numbers = Vec::with_capacity(bytes.len() + 1);
        let mut code_points = 0;
        for (at, _) in pystr::code_points(&bytes) {
            numbers.resize(at, code_points);
            code_points += usize::from(at > 0);
        }
        numbers.resize(bytes.len(), code_points);
        let count = pystr::code_points(&bytes).count();
        numbers.push(count);
        let starts: Vec<usize> =
            pystr::code_points(&traced.text).map(|(at, _)| at).chain([traced.text.len()]).collect();
        let span = |ends: &[usize]| {
            let (start, end) = traced.span(ends[0]..ends[1]);
            // A byte ends where the character that it is of does.
            let last = if end > start { numbers[end - 1] + 1 } else { numbers[end] };
            (numbers[start], last)
        };
        Ok((python_string(text.py(), &traced.text)?, starts.windows(2).map(span).collect()))
    }
}

/// The arguments of a transform, by name.
struct Arguments<'a, 'py> {
    transform: &'a str,
    given: &'a Bound<'py, PyDict>,
}

impl<'py> Arguments<'_, 'py> {
    fn get(&self, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let missing = || errors::internal(self.given.py(), &format!("{} lacks {name}", self.transform));
        self.given.get_item(name)?.ok_or_else(missing)
    }

    fn refused(&self, name: &str, value: &Bound<'py, PyAny>, allowed: &str) -> PyErr {
        let given = value.repr().map_or_else(|_| "?".to_owned(), |repr| repr.to_string_lossy().into_owned());
        let message = format!("{}: {name} is {given}; it must be {allowed}", self.transform);
        errors::config(self.given.py(), Code::BadOption, &message)
    }

    fn truth(&self, name: &str) -> PyResult<bool> {
        let value = self.get(name)?;
        value.extract().map_err(|_| self.refused(name, &value, "True or False"))
    }

    fn whole(&self, name: &str) -> PyResult<usize> {
        let value = self.get(name)?;
        let is_truth = value.is_instance_of::<pyo3::types::PyBool>();
        let number = if is_truth { None } else { value.extract().ok() };
        number.ok_or_else(|| self.refused(name, &value, "a whole number from 0"))
    }

    fn choice<T: Copy>(&self, name: &str, named: &[(&str, T)]) -> PyResult<T> {
        let value = self.get(name)?;
        let text = value.cast::<PyString>().ok().map(|text| text.to_string_lossy().into_owned());
        let found = named.iter().find(|(known, _)| text.as_deref() == Some(known)).map(|(_, value)| *value);
        let names = || named.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        found.ok_or_else(|| self.refused(name, &value, &format!("one of {}", names())))
    }

    fn pairs(&self, name: &str) -> PyResult<Vec<(Vec<u8>, Vec<u8>)>> {
        let pairs: Vec<(Bound<'py, PyString>, Bound<'py, PyString>)> = self.get(name)?.extract()?;
        pairs.iter().map(|(before, after)| Ok((generalised_utf8(before)?, generalised_utf8(after)?))).collect()
    }
}

/// A transform by name; `None` if it is left to Python's `re`.
fn transform(py: Python<'_>, name: &str, arguments: &Arguments<'_, '_>) -> PyResult<Option<Transform>> {
    Ok(Some(match name {
        "ToLowerCase" => Transform::ToLowerCase,
        "ToUpperCase" => Transform::ToUpperCase,
        "CaseFold" => Transform::CaseFold,
        "Strip" => Transform::Strip,
        "RemoveMultipleSpaces" => Transform::RemoveMultipleSpaces,
        "RemoveWhiteSpace" => Transform::RemoveWhiteSpace { replace_by_space: arguments.truth("replace_by_space")? },
        "RemovePunctuation" => Transform::RemovePunctuation,
        "RemoveKaldiNonWords" => Transform::RemoveKaldiNonWords,
        "ExpandCommonEnglishContractions" => Transform::ExpandCommonEnglishContractions,
        "SubstituteWords" => Transform::SubstituteWords(arguments.pairs("substitutions")?),
        "SubstituteRegexes" => match Regexes::native(arguments.pairs("substitutions")?) {
            Some(regexes) => Transform::SubstituteRegexes(regexes),
            None => return Ok(None),
        },
        "NormalizeUnicode" => Transform::NormalizeUnicode(arguments.choice("form", &UnicodeForm::NAMED)?),
        "RemoveReasoning" => Transform::RemoveReasoning,
        "RemoveSpecialTokens" => Transform::RemoveSpecialTokens,
        "UnescapeHtml" => Transform::UnescapeHtml,
        "JoinSubwords" => Transform::JoinSubwords(arguments.choice("marks", &Subwords::NAMED)?),
        "FirstWords" => Transform::FirstWords(arguments.whole("n")?),
        "FirstBytes" => Transform::FirstBytes(arguments.whole("n")?),
        "SplitSentences" => {
            let separator = arguments.get("separator")?;
            let text = if separator.is_none() { None } else { Some(separator.cast::<PyString>()) };
            match text.transpose() {
                Ok(text) if text.is_none_or(|text| !text.is_empty().unwrap_or(true)) => {
                    Transform::SplitSentences(text.map(generalised_utf8).transpose()?)
                }
                _ => return Err(arguments.refused("separator", &separator, "a str that is not empty, or None")),
            }
        }
        "WhisperBasic" => {
            let [remove_diacritics, split_letters, preserve_marks] =
                ["remove_diacritics", "split_letters", "preserve_marks"].map(|name| arguments.truth(name));
            Transform::WhisperBasic {
                remove_diacritics: remove_diacritics?,
                split_letters: split_letters?,
                preserve_marks: preserve_marks?,
            }
        }
        "WhisperEnglish" => {
            let version = arguments.get("version")?.extract()?;
            Transform::WhisperEnglish(Spellings::new(version, arguments.pairs("spellings")?))
        }
        _ => return Err(errors::internal(py, &format!("there is no transform {name}"))),
    }))
}
