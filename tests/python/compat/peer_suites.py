"""Runs the peers' own tests, unchanged, against the drop-ins: `just test-peers`.

Each test runs against the package itself first. One that fails there, because it reads files or data that are not
published with it, says nothing. All others have to pass with the drop-in. Where tests come with the source only, the
source is fetched from the registry.
"""

import contextlib
import importlib
import importlib.util
import logging
import shutil
import subprocess
import sys
import tempfile
import unittest
from importlib.metadata import version
from pathlib import Path

import textgauge as tg

# The modules of tests that each package brings.
SUITES = {
    "rouge_score": ["rouge_scorer_test", "scoring_test", "tokenize_test", "tokenizers_test", "io_test"],
}
# Packages whose source distribution has the tests: the folder, and which to run, seen from the folder that holds it.
# Some measure time, need data or fetch test sets.
FROM_SOURCE = {
    "jiwer": ("tests", ["tests", "--ignore=tests/test_speed.py"]),
    "nltk": (
        "nltk/test/unit",
        ["unit/translate/test_bleu.py", "--deselect=unit/translate/test_bleu.py::TestBLEUvsMteval13a"],
    ),
    "sacrebleu": ("test", ["test", "--ignore=test/test_api.py", "--ignore=test/test_dataset.py"]),
}
# What the tests import of the package besides, which is no part of what it offers.
HELPERS = {"rouge_score": ["test_util"]}


def stand_in_for_files(helper, folder):
    """Lets a module of constants point to files of this project's making: tests without files share their set-up."""
    for name, value in list(vars(helper).items()):
        if name.endswith("_FILE") and not Path(value).exists():
            file = folder / name
            file.write_text("the cat sat\non the mat\n" * 3)
            setattr(helper, name, str(file))


def load(path):
    """A module of tests, from the package's own folder."""
    spec = importlib.util.spec_from_file_location(f"peer_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def outcomes(package, folder):
    """For each test the problem that it has, or None, with what `import` gives now."""
    found = {}
    for name in SUITES[package]:
        for case in each_case(unittest.defaultTestLoader.loadTestsFromModule(load(folder / f"{name}.py"))):
            result = case.run()
            found[case.id()] = next((trace for _, trace in [*result.errors, *result.failures]), None)
    return found


def each_case(suite):
    """The tests of a suite, one by one."""
    for part in suite:
        if isinstance(part, unittest.TestSuite):
            yield from each_case(part)
        else:
            yield part


@contextlib.contextmanager
def drop_in_of(package, helpers):
    """The drop-in in the package's place, with the helpers of its tests."""
    with tg.patch(package):
        drop_in = sys.modules[package]
        for name, helper in helpers.items():
            sys.modules[f"{package}.{name}"] = helper
            setattr(drop_in, name, helper)
        yield
        for name in helpers:
            delattr(drop_in, name)


def run(package):
    """Prints what a package's tests say; whether they say nothing against the drop-in."""
    folder = Path(importlib.import_module(package).__file__).parent
    helpers = {name: importlib.import_module(f"{package}.{name}") for name in HELPERS[package]}
    with tempfile.TemporaryDirectory() as made:
        for helper in helpers.values():
            stand_in_for_files(helper, Path(made))
        of_peer = outcomes(package, folder)
        with drop_in_of(package, helpers):
            of_drop_in = outcomes(package, folder)
    able = [case for case, problem in of_peer.items() if problem is None]
    failed = [case for case in able if of_drop_in[case] is not None]
    for case in failed:
        print(case, of_drop_in[case], sep="\n")
    print(
        f"{package}: {len(able) - len(failed)} passed, {len(failed)} failed; "
        f"{len(of_peer) - len(able)} left out that fail with the package itself"
    )
    return able and not failed


def run_from_source(package):
    """Runs pytest over the tests in a package's source distribution, without its code; whether all pass."""
    with tempfile.TemporaryDirectory() as folder:
        fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
        subprocess.run([*fetch, f"{package}=={version(package)}"], cwd=folder, check=True)
        (archive,) = Path(folder).iterdir()
        shutil.unpack_archive(archive, folder, filter="data")
        source = Path(folder) / archive.name.removesuffix(".tar.gz")
        inside, wanted = FROM_SOURCE[package]
        shutil.move(source / inside, folder)
        shutil.rmtree(source)
        command = [sys.executable, "-c", _PYTEST, package, "-p", "no:cacheprovider", "-q", *wanted]
        return subprocess.run(command, cwd=folder, check=False).returncode == 0


_PYTEST = """
import sys, pytest, textgauge
textgauge.patch(sys.argv[1])
print(f"{sys.argv[1]}: tests of its source distribution, with the drop-in")
sys.exit(pytest.main(sys.argv[2:]))
"""


def main():
    logging.disable(logging.CRITICAL)
    passed = [run(package) for package in SUITES] + [run_from_source(package) for package in FROM_SOURCE]
    sys.exit(not all(passed))


if __name__ == "__main__":
    main()
