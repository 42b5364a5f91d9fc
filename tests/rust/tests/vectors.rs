//! The worked examples in `tests/vectors`, which the Python tests read as well.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};
use textgauge_engine::{Plan, Spec};
use textgauge_metrics::registry;
use textgauge_tests::{Rows, fitted, score_bits};

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
    expected: Expected,
    /// Scores of the corpus of this one pair, where they are others.
    #[serde(default)]
    corpus: BTreeMap<String, String>,
}

/// Values of all columns in order, or of some by their part.
#[derive(Deserialize)]
#[serde(untagged)]
enum Expected {
    All(Vec<String>),
    Some(BTreeMap<String, String>),
}

/// The indices of columns with what they should hold.
fn by_part<'e>(metric: &str, columns: &[String], expected: &'e BTreeMap<String, String>) -> Vec<(usize, &'e str)> {
    let column = |part: &str| if part.is_empty() { metric.to_owned() } else { format!("{metric}.{part}") };
    let index = |part: &str| {
        let column = column(part);
        columns.iter().position(|name| *name == column).unwrap_or_else(|| panic!("no column {column}"))
    };
    expected.iter().map(|(part, value)| (index(part), value.as_str())).collect()
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
    for entry in registry::entries() {
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
                ..Spec::default()
            };
            let plan = Plan::new(vec![spec]).expect("the options exist");
            let rows = Rows {
                predictions: vec![Some(case.prediction)],
                references: vec![case.references.into_iter().map(Some).collect()],
            };
            let plan = fitted(&plan, &rows);
            let (columns, sums) =
                rows.with_batch(None, |batch| score_bits(&plan, batch, 1, 1)).expect("nobody cancels");
            let pair: Vec<f64> = columns.iter().map(|column| f64::from_bits(column[0])).collect();
            let check = |scores: &[f64], expected: Vec<(usize, &str)>| {
                for (index, expected) in expected {
                    let (score, expected) = (scores[index], fraction(expected));
                    // The last digit is the metric's own business: the oracle tests look at it.
                    let close = (score - expected).abs() <= 4.0 * f64::EPSILON * expected.abs();
                    assert!(close, "{} is {score}, not {expected}: {}", plan.columns()[index], case.why);
                }
            };
            match &case.expected {
                Expected::All(values) => {
                    assert_eq!(columns.len(), values.len(), "{}: {}", entry.name, case.why);
                    check(&pair, values.iter().map(String::as_str).enumerate().collect());
                }
                Expected::Some(values) => check(&pair, by_part(entry.name, plan.columns(), values)),
            }
            let corpus = sums[0].finalise(&plan).expect("sums of real rows");
            check(&corpus, by_part(entry.name, plan.columns(), &case.corpus));
        }
    }
}

#[test]
fn every_file_is_about_a_registered_metric() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors");
    for family in fs::read_dir(folder).expect("the folder of vectors") {
        for file in fs::read_dir(family.expect("an entry").path()).expect("a family's folder") {
            let file = file.expect("an entry").path();
            // Folders hold labelled texts, which no metric is about.
            let known = file.is_dir()
                || registry::entries().any(|entry| file.file_name() == path(entry.family, entry.name).file_name());
            assert!(known, "{} names no metric", file.display());
        }
    }
}
