//! The fuzzer's seeds: every check holds for them, and they reach every path through every vectorised kernel.

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use textgauge_checks::CHECKS;
use textgauge_kernels::level::{Level, paths};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The files in a folder of the repository, sorted.
fn files(folder: impl AsRef<Path>) -> Vec<PathBuf> {
    let folder = root().join(folder);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

fn stems(files: &[PathBuf]) -> Vec<&str> {
    files.iter().map(|file| file.file_stem().and_then(|stem| stem.to_str()).expect("a name in UTF-8")).collect()
}

#[test]
fn every_check_has_a_target_and_seeds() {
    let names: Vec<&str> = CHECKS.iter().map(|(name, _)| *name).collect();
    assert_eq!(stems(&files("tests/fuzz/fuzz_targets")), names);
    assert_eq!(stems(&files("tests/fuzz/seeds")), names);
}

#[test]
fn checks_hold_for_every_seed() {
    let mut failed = Vec::new();
    for (name, check) in CHECKS {
        let seeds = files(Path::new("tests/fuzz/seeds").join(name));
        assert!(seeds.len() >= 5, "{name} has few seeds");
        for file in seeds {
            let seed = fs::read(&file).expect("a seed");
            assert!(seed.len() <= 1024, "{} is no small seed", file.display());
            if catch_unwind(|| check(&seed)).is_err() {
                failed.push(file);
            }
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
    every_path_was_taken();
}

/// Every kernel that is compiled for vectors has run at each level of this processor.
fn every_path_was_taken() {
    let name = |of_type: &str| {
        let path = of_type.split('<').next().unwrap_or_default();
        path.trim_start_matches("textgauge_kernels::").to_owned()
    };
    let taken: BTreeSet<(String, Level)> = paths::taken().into_iter().map(|(of, level)| (name(of), level)).collect();
    let wanted = |kernel: String| paths::levels().map(move |level| (kernel.clone(), level));
    assert_eq!(taken, kernels().into_iter().flat_map(wanted).collect());
}

/// The kernels that are compiled for vectors, as the sources have them: what implements `Work` or `BlockWork`.
fn kernels() -> BTreeSet<String> {
    let sources = files("src/kernels/src");
    let mut kernels = BTreeSet::new();
    for (file, module) in sources.iter().zip(stems(&sources)) {
        let source = fs::read_to_string(file).expect("a source");
        for line in source.lines().filter(|line| line.starts_with("impl")) {
            if let Some((_, of)) = line.split_once("Work for ") {
                kernels.insert(format!("{module}::{}", of.split(['<', ' ']).next().unwrap_or_default()));
            }
        }
    }
    assert!(kernels.contains("edit::Walk") && kernels.contains("alnum_runs::Scan"), "{kernels:?}");
    kernels
}

#[test]
#[cfg(target_arch = "x86_64")]
fn levels_are_those_of_this_processor() {
    let wide = ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl", "avx512_vbmi2"];
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let Some(flags) = cpuinfo.lines().find(|line| line.starts_with("flags")) else { return };
    let has = |names: &[&str]| names.iter().all(|name| flags.split_whitespace().any(|flag| flag == *name));
    let mut levels = vec![Level::Baseline];
    levels.extend(has(&["avx2", "bmi1", "bmi2", "abm", "popcnt"]).then_some(Level::Avx2));
    levels.extend(has(&wide).then_some(Level::Avx512));
    assert_eq!(paths::levels().collect::<Vec<_>>(), levels);
}
