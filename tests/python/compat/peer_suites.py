"""Runs the peers' own tests, unchanged, against the drop-ins: `just test-peers`.

Each test runs against the package itself first. One that fails there, because it reads files or data that are not
published with it, says nothing. All others have to pass with the drop-in.
"""

import contextlib
import importlib
import importlib.util
import logging
import sys
import tempfile
import unittest
from pathlib import Path

import textgauge as tg

# The modules of tests that each package brings.
SUITES = {
    "rouge_score": ["rouge_scorer_test", "scoring_test", "tokenize_test", "tokenizers_test", "io_test"],
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


def main():
    logging.disable(logging.CRITICAL)
    sys.exit(not all([run(package) for package in SUITES]))  # noqa: C419 - all are to run


if __name__ == "__main__":
    main()
