//! The direction of dependencies, as cargo sees it: kernels, text, metrics, engine, bindings, and never back.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// The crates of the staircase, lowest first.
const STAIRS: [&str; 5] =
    ["textgauge-kernels", "textgauge-text", "textgauge-metrics", "textgauge-engine", "textgauge-bindings"];

/// Crates from outside, as a prefix of their names, and the one crate of ours that may name them.
const CONFINED: [(&str, &str); 6] = [
    ("pyo3", "textgauge-bindings"),
    ("numpy", "textgauge-bindings"),
    ("arrow-", "textgauge-bindings"),
    ("rayon", "textgauge-engine"),
    ("arc-swap", "textgauge-engine"),
    ("unicode-segmentation", "textgauge-text"),
];

fn metadata(arguments: &[&str]) -> Value {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--manifest-path", manifest])
        .args(arguments)
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("metadata is JSON")
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// What each crate of the workspace names in its manifest, outside its own tests.
fn declared() -> BTreeMap<String, BTreeSet<String>> {
    let names = |package: &Value| {
        let used = list(package, "dependencies").iter().filter(|dependency| text(dependency, "kind") != "dev");
        used.map(|dependency| text(dependency, "name").to_owned()).collect()
    };
    let metadata = metadata(&["--no-deps"]);
    list(&metadata, "packages").iter().map(|package| (text(package, "name").to_owned(), names(package))).collect()
}

#[test]
fn each_crate_depends_only_on_those_below_it() {
    let declared = declared();
    for (floor, name) in STAIRS.iter().enumerate() {
        let ours = declared[*name].iter().filter(|dependency| dependency.starts_with("textgauge"));
        for dependency in ours {
            assert!(STAIRS[..floor].contains(&dependency.as_str()), "{name} must not depend on {dependency}");
        }
    }
    assert!(declared["textgauge-kernels"].is_empty(), "the ground floor stands on nothing");
}

#[test]
fn confined_crates_are_named_by_one_crate_alone() {
    let declared = declared();
    for (prefix, allowed) in CONFINED {
        let users: Vec<&str> = STAIRS
            .into_iter()
            .filter(|name| declared[*name].iter().any(|dependency| dependency.starts_with(prefix)))
            .collect();
        assert_eq!(users, [allowed], "{prefix}");
    }
}

#[test]
fn nothing_confined_comes_in_by_another_way() {
    let metadata = metadata(&[]);
    let names: BTreeMap<&str, &str> =
        list(&metadata, "packages").iter().map(|package| (text(package, "id"), text(package, "name"))).collect();
    let mut edges: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for node in list(&metadata["resolve"], "nodes") {
        let normal = |edge: &&Value| list(edge, "dep_kinds").iter().any(|kind| text(kind, "kind") != "dev");
        let targets = list(node, "deps").iter().filter(normal).map(|edge| names[text(edge, "pkg")]);
        edges.entry(names[text(node, "id")]).or_default().extend(targets);
    }
    for (prefix, allowed) in CONFINED {
        for name in STAIRS {
            let (mut reached, mut open) = (BTreeSet::new(), vec![name]);
            while let Some(next) = open.pop() {
                // What the allowed crate brings along is its own affair.
                if next != allowed && reached.insert(next) {
                    open.extend(&edges[next]);
                }
            }
            let found: Vec<&&str> = reached.iter().filter(|reached| reached.starts_with(prefix)).collect();
            assert!(found.is_empty(), "{name} reaches {found:?} past {allowed}");
        }
    }
}
