//! The direction of dependencies, as cargo sees it: kernels, text, metrics, engine, bindings, and never back, with files
//! and answers beside them; and, as the sources say it, no circles among the modules of one crate.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// The crates of the staircase, lowest first.
const STAIRS: [&str; 7] = [
    "textgauge-kernels",
    "textgauge-files",
    "textgauge-answers",
    "textgauge-text",
    "textgauge-metrics",
    "textgauge-engine",
    "textgauge-bindings",
];

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
    // Files hold records, whatever is done with them, and answers are read off single texts: of what is below they need
    // the kernels at most.
    for aside in ["textgauge-files", "textgauge-answers"] {
        let users = STAIRS.into_iter().filter(|name| declared[*name].contains(aside));
        assert_eq!(users.collect::<Vec<_>>(), ["textgauge-bindings"], "{aside}");
        let mut ours = declared[aside].iter().filter(|dependency| dependency.starts_with("textgauge"));
        assert!(ours.all(|name| name == "textgauge-kernels"), "{aside}");
    }
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

/// What each module of a crate uses of its other modules. Modules are those that `lib.rs` declares, with all below them.
fn uses(floor: &str) -> BTreeMap<String, BTreeSet<String>> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../src")).join(floor).join("src");
    let lib = without_comments(&fs::read_to_string(root.join("lib.rs")).expect("a crate has a root"));
    let mut sources = BTreeMap::new();
    collect(&root, None, &mut sources);
    sources.remove("lib");
    // Names that the root passes on, by the module they are from.
    let passed_on: BTreeMap<String, String> = lib
        .split("pub use ")
        .skip(1)
        .filter_map(|rest| rest.split_once("::"))
        .filter(|(module, _)| sources.contains_key(*module))
        .flat_map(|(module, names)| heads(names).into_iter().map(|name| (name, module.to_owned())))
        .collect();
    let used_by = |module: &str, text: &str| {
        let paths = text.match_indices("crate::").chain(text.match_indices("\nuse super::"));
        let names = paths.flat_map(|(at, start)| heads(&text[at + start.len()..]));
        let modules =
            names.filter_map(|name| passed_on.get(&name).or(sources.get_key_value(&name).map(|(key, _)| key)));
        modules.filter(|used| *used != module).cloned().collect()
    };
    sources.iter().map(|(module, text)| (module.clone(), used_by(module, text))).collect()
}

/// Adds the sources in a directory to those of their modules.
fn collect(directory: &Path, module: Option<&str>, sources: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(directory).expect("a directory of sources") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().and_then(|stem| stem.to_str()).expect("a name in UTF-8");
        let module = module.unwrap_or(name);
        if path.is_dir() {
            collect(&path, Some(module), sources);
        } else {
            let text = without_comments(&fs::read_to_string(&path).expect("a source"));
            sources.entry(module.to_owned()).or_default().push_str(&text);
        }
    }
}

fn without_comments(source: &str) -> String {
    source.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The first names of the paths that `text` starts with: one, or those of a list in braces.
fn heads(text: &str) -> Vec<String> {
    let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(list) = text.strip_prefix('{') else { return vec![name(text)] };
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                found.push(name(list[start..at].trim_start()));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    found
}

/// A circle, as the modules on it, if there is one.
fn circle(uses: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    let mut open: BTreeMap<&String, BTreeSet<&String>> =
        uses.iter().map(|(module, used)| (module, used.iter().collect())).collect();
    // What uses nothing that is left is on no circle.
    loop {
        let done: Vec<&String> = open.iter().filter(|(_, used)| used.is_empty()).map(|(module, _)| *module).collect();
        if done.is_empty() {
            break;
        }
        for module in done {
            open.remove(module);
            open.values_mut().for_each(|used| used.retain(|other| *other != module));
        }
    }
    // What is left uses something that is left: going on from one to the next comes back in the end.
    let mut path = vec![*open.keys().next()?];
    loop {
        let next = *open[path[path.len() - 1]].iter().next()?;
        if let Some(start) = path.iter().position(|module| *module == next) {
            return Some(path[start..].iter().map(|module| (*module).clone()).collect());
        }
        path.push(next);
    }
}

#[test]
fn no_modules_of_a_crate_use_each_other_in_a_circle() {
    for name in STAIRS {
        let floor = name.trim_start_matches("textgauge-");
        let uses = uses(floor);
        assert!(uses.values().any(|used| !used.is_empty()), "{name}: no use was found at all");
        assert_eq!(circle(&uses), None, "{name}");
    }
}

#[test]
fn circles_are_found() {
    let uses = |pairs: &[(&str, &[&str])]| -> BTreeMap<String, BTreeSet<String>> {
        let set = |used: &[&str]| used.iter().map(|used| (*used).to_owned()).collect();
        pairs.iter().map(|(module, used)| ((*module).to_owned(), set(used))).collect()
    };
    assert_eq!(circle(&uses(&[("a", &["b", "c"]), ("b", &["c"]), ("c", &[])])), None);
    let found = circle(&uses(&[("a", &["b"]), ("b", &["c"]), ("c", &["d"]), ("d", &["b"])]));
    assert_eq!(found, Some(["b", "c", "d"].map(str::to_owned).to_vec()));
    assert_eq!(heads("{CancelFlag, lcs, lcs::SparseMasks, a::{b, c}}; d"), ["CancelFlag", "lcs", "lcs", "a"]);
    assert_eq!(heads("simd::Work;"), ["simd"]);
}
