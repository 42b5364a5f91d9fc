//! The worked examples in `tests/vectors`, which the Python tests read as well.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};
use textgauge_engine::{Plan, Spec};
use textgauge_metrics::registry::REGISTRY;
use textgauge_tests::{Rows, score_bits};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    metric: String,
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    why: String,
    prediction: String,
    references: Vec<String>,
    #[serde(default)]
    options: Map<String, Value>,
    expected: Vec<String>,
}

fn path(family: &str, metric: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors").join(family).join(format!("{metric}.toml"))
}

/// The value of `a/b`, or of a number.
fn fraction(text: &str) -> f64 {
    let number = |text: &str| text.parse::<f64>().expect("a number");
    text.split_once('/').map_or_else(|| number(text), |(above, below)| number(above) / number(below))
}

#[test]
fn every_case_has_its_expected_scores() {
    for entry in REGISTRY {
        let path = path(entry.family, entry.name);
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let vectors: Vectors = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(vectors.metric, entry.name);
        assert!(vectors.case.len() >= 5, "{}: too few cases", path.display());
        for case in vectors.case {
            let spec = Spec {
                name: entry.name.to_owned(),
                metric: entry.name.to_owned(),
                options: case.options,
                tokenizer: None,
            };
            let plan = Plan::new(vec![spec]).expect("the options exist");
            let rows = Rows {
                predictions: vec![Some(case.prediction)],
                references: vec![case.references.into_iter().map(Some).collect()],
            };
            let (columns, _) = rows.with_batch(None, |batch| score_bits(&plan, batch, 1, 1)).expect("nobody cancels");
            assert_eq!(columns.len(), case.expected.len(), "{}: {}", entry.name, case.why);
            for ((column, expected), name) in columns.iter().zip(&case.expected).zip(plan.columns()) {
                let (score, expected) = (f64::from_bits(column[0]), fraction(expected));
                // The last digit is the metric's own business: the oracle tests look at it.
                let close = (score - expected).abs() <= 4.0 * f64::EPSILON * expected.abs();
                assert!(close, "{name} is {score}, not {expected}: {}", case.why);
            }
        }
    }
}

#[test]
fn every_file_is_about_a_registered_metric() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors");
    for family in fs::read_dir(folder).expect("the folder of vectors") {
        for file in fs::read_dir(family.expect("an entry").path()).expect("a family's folder") {
            let file = file.expect("an entry").path();
            let known = REGISTRY.iter().any(|entry| file.file_name() == path(entry.family, entry.name).file_name());
            assert!(known, "{} names no metric", file.display());
        }
    }
}
