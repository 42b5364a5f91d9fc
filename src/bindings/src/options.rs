//! Metrics as Python asks for them: each option's value, by its kind.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use serde_json::{Map, Value, json};
use textgauge_engine::Spec;
use textgauge_metrics::{Entry, Kind, OptionSpec, find_option, refuse_option, registry};
use textgauge_text::transforms::Transforms;

use crate::errors;
use crate::transforms::PyTransforms;

/// A spec as `textgauge.metrics.base.Spec` has it.
pub(crate) fn spec(given: &Bound<'_, PyDict>) -> PyResult<Spec> {
    let py = given.py();
    let item = |name: &str| given.get_item(name)?.ok_or_else(|| errors::internal(py, &format!("no {name} in a spec")));
    let metric: String = item("metric")?.extract()?;
    let entry = registry::find(&metric).map_err(|error| errors::config(py, error.code(), &error.to_string()))?;
    let sources: Vec<(String, usize, bool)> = item("sources")?.extract()?;
    let mut options = Map::new();
    for (name, object) in item("options")?.cast::<PyDict>()? {
        let name: String = name.extract()?;
        let spec = find_option(entry, &name).map_err(|error| errors::config(py, error.code(), &error.to_string()))?;
        let source = sources.iter().find(|(of, ..)| *of == name);
        let value = match source {
            Some((_, source, lowercased)) => json!({"source": source, "lowercased": lowercased}),
            None => {
                value(spec, &object)?.filter(|value| spec.fits(value)).ok_or_else(|| refuse(entry, spec, &object))?
            }
        };
        options.insert(name, value);
    }
    let (name, tokenizer) = (item("name")?.extract()?, item("tokenizer")?.extract()?);
    let given = item("transforms")?;
    let (transforms, transformed_source) = if let Ok(transforms) = given.cast::<PyTransforms>() {
        (Some(Arc::clone(&transforms.get().0)), 0)
    } else if given.is_none() {
        (None, 0)
    } else {
        let (name, source): (String, usize) = given.extract()?;
        (Some(Arc::new(Transforms::known_by_name(name))), source)
    };
    Ok(Spec { name, metric, options, tokenizer, transforms, transformed_source, ..Spec::default() })
}

/// The error about a value that an option cannot have.
fn refuse(entry: &Entry, spec: &OptionSpec, object: &Bound<'_, PyAny>) -> PyErr {
    /// More of a value is no help.
    const MOST: usize = 200;
    let mut given = object
        .repr()
        .map_or_else(|_| format!("a {}", errors::type_name(object)), |repr| repr.to_string_lossy().into_owned());
    if given.chars().count() > MOST {
        given = given.chars().take(MOST).chain(['…']).collect();
    }
    let error = refuse_option(entry, spec, &given);
    errors::config(object.py(), error.code(), &error.to_string())
}

/// The value of an option; `None` if it is of another kind.
fn value(spec: &OptionSpec, object: &Bound<'_, PyAny>) -> PyResult<Option<Value>> {
    if object.is_none() {
        return Ok(match spec.kind {
            _ if spec.optional => Some(Value::Null),
            // None says no better what this name does.
            Kind::Choice(names) if names.contains(&"none") => Some("none".into()),
            _ => None,
        });
    }
    Ok(match spec.kind {
        Kind::Bool => truth(object)?.map(Value::Bool),
        Kind::Int { .. } => whole(object)?.map(Value::from),
        Kind::Number { .. } => number(object)?,
        Kind::Choice(_) | Kind::Tokenizer => {
            object.cast::<PyString>().ok().and_then(|text| text.to_str().ok()).map(Value::from)
        }
        Kind::Shares => match (object.cast::<PyList>(), object.cast::<PyTuple>()) {
            (Err(_), Err(_)) => None,
            _ => {
                let shares = object.try_iter()?.map(|share| number(&share?)).collect::<PyResult<Option<Vec<_>>>>()?;
                shares.map(Value::Array)
            }
        },
        Kind::Texts | Kind::Transforms => None,
    })
}

/// Python's and NumPy's truth values.
fn truth(object: &Bound<'_, PyAny>) -> PyResult<Option<bool>> {
    if let Ok(truth) = object.cast::<PyBool>() {
        return Ok(Some(truth.is_true()));
    }
    let kind = object.get_type();
    let numpy = kind.module()? == "numpy" && ["bool", "bool_"].contains(&kind.name()?.to_string().as_str());
    Ok(if numpy { Some(object.is_truthy()?) } else { None })
}

/// Whatever has `__index__`, but for truth values.
fn whole(object: &Bound<'_, PyAny>) -> PyResult<Option<i64>> {
    Ok(if truth(object)?.is_some() { None } else { object.extract().ok() })
}

/// Whatever has `__float__` or `__index__` and is finite, but for truth values.
fn number(object: &Bound<'_, PyAny>) -> PyResult<Option<Value>> {
    if truth(object)?.is_some() {
        return Ok(None);
    }
    if object.is_instance_of::<PyInt>()
        && let Ok(whole) = object.extract::<u64>()
    {
        return Ok(Some(whole.into()));
    }
    // Not the way of `float()`, which reads texts.
    let float = if object.is_instance_of::<PyFloat>() || object.hasattr("__float__")? || object.hasattr("__index__")? {
        object.extract::<f64>().ok()
    } else {
        None
    };
    Ok(float.and_then(|float| serde_json::Number::from_f64(float).map(Value::Number)))
}
