"""Checks what a release consists of, as those who install it meet it.

    python tools/check_wheel.py --build DIST   # build a wheel and the source distribution for this machine first
    python tools/check_wheel.py DIST           # check those that are in the folder

Each file is audited: its metadata, what is in it, the C library and the part of Python's C API that it asks for. Each
CPython that is found, in PATH and of pyenv, gets an environment of its own, with the wheel that pip chooses for it, and
runs `tools/smoke.py` there, and the tests of threads where it is free-threaded. The source distribution is built in one
more. Needs the group `release` of pyproject.toml.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from pathlib import Path

import tomllib

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OLDEST_MINOR = int(PROJECT["requires-python"].removeprefix(">=3."))
NEWEST_MINOR = 15
# PyO3 builds for no older one.
OLDEST_FREE_THREADED_MINOR = 14
# Zig links against this C library, older than the one of this machine.
MANYLINUX = ["--zig", "--compatibility", "manylinux_2_17"]
LARGEST_WHEEL = 10 << 20
IN_EVERY_WHEEL = [
    "textgauge/py.typed",
    "textgauge/_core.pyi",
    "/licenses/LICENSE",
    "/sboms/textgauge-bindings.cyclonedx.json",
]
IN_THE_SOURCE = ["LICENSE", "README.md", "Cargo.lock", "pyproject.toml", "PKG-INFO", "src/bindings/Cargo.toml"]
OF_DEVELOPERS = ["tests/", "benches/", "docs/", ".github/", ".ci/", "target/", "__pycache__"]


def main() -> None:
    """Builds if asked to, audits, installs, and prints a line for each."""
    parser = argparse.ArgumentParser(description="Checks wheels and the source distribution.")
    parser.add_argument("--build", action="store_true", help="build them first")
    parser.add_argument("dist", type=Path, help="the folder that they are in")
    arguments = parser.parse_args()
    dist = arguments.dist.resolve()
    if arguments.build:
        build(dist)
    files = sorted(dist.iterdir())
    run("twine", "check", "--strict", *files)
    for file in files:
        print(f"{file.name:<72} {file.stat().st_size / 2**20:5.2f} MiB  {audit(file)}", flush=True)
    for python, version in interpreters().items():
        print(f"CPython {version:<64} {install(python, version, dist)}", flush=True)
    for source in dist.glob("*.tar.gz"):
        print(f"{source.name:<72} {install_source(source)}", flush=True)


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """Runs a command and gives back what it prints; stops with that if it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=cwd, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stdout}")
    return done.stdout


def build(dist: Path) -> None:
    """Puts the wheels for this machine and the source distribution into an empty folder."""
    dist.mkdir(parents=True)
    options = MANYLINUX if sys.platform == "linux" else []
    # One for all that have the interpreter's lock, and one for each that has none.
    pythons: list[str | Path] = [
        sys.executable,
        *(python for python, version in interpreters().items() if version.endswith("t")),
    ]
    run("maturin", "build", "--release", "--locked", *options, "--out", dist, "--interpreter", *pythons, cwd=ROOT)
    run("maturin", "sdist", "--out", dist, cwd=ROOT)


def audit(file: Path) -> str:
    """What is found in a wheel or a source distribution that is as it should be."""
    if file.suffix == ".whl":
        with zipfile.ZipFile(file) as archive:
            must_have(file, archive.namelist(), IN_EVERY_WHEEL)
        if file.stat().st_size > LARGEST_WHEEL:
            raise SystemExit(f"{file.name} is larger than {LARGEST_WHEEL} bytes")
        return ", ".join(filter(None, [c_library(file), python_api(file)]))
    with tarfile.open(file) as source:
        # Below the folder that all of it is in.
        must_have(file, [name.partition("/")[2] for name in source.getnames()], IN_THE_SOURCE)
    return ""


def must_have(file: Path, names: list[str], wanted: list[str]) -> None:
    """Stops where a name is missing, or one is there that only developers need."""
    missing = [name for name in wanted if not any(found.endswith(name) for found in names)]
    junk = [name for name in names if any(name.startswith(part) or f"/{part}" in name for part in OF_DEVELOPERS)]
    if missing or junk:
        raise SystemExit(f"{file.name} lacks {missing} and should not have {junk}")


def c_library(wheel: Path) -> str:
    """The oldest C library that a wheel for Linux runs with, which must be the one of its name."""
    if "linux" not in wheel.name:
        return ""
    shown = " ".join(run("auditwheel", "show", wheel).split())
    tag = shown.partition("consistent with the following platform tag: ")[2].split()[0].strip('".')
    if tag not in wheel.name:
        raise SystemExit(f"{wheel.name} is {tag}")
    return tag


def python_api(wheel: Path) -> str:
    """That a wheel for every CPython keeps to the stable C API."""
    if "-abi3-" not in wheel.name:
        return ""
    run("abi3audit", "--strict", wheel)
    return "abi3"


def interpreters() -> dict[Path, str]:
    """Each CPython that the package supports and this machine has, with its version."""
    names = [f"python3.{minor}" for minor in range(OLDEST_MINOR, NEWEST_MINOR + 1)]
    names += [f"python3.{minor}t" for minor in range(OLDEST_FREE_THREADED_MINOR, NEWEST_MINOR + 1)]
    roots = [*os.get_exec_path(), *map(str, Path.home().glob(".pyenv/versions/*/bin"))]
    found: dict[str, Path] = {}
    for python in (Path(root, name) for name in names for root in roots):
        # One for each name: the first that runs. A shim of pyenv stands for a version that may not be chosen.
        if python.name not in found and shutil.which(python) and can_run(python):
            found[python.name] = python
    return {python: name.removeprefix("python") for name, python in found.items()}


def can_run(python: Path) -> bool:
    """Whether an interpreter starts and can make environments."""
    return subprocess.run([python, "-c", "import ensurepip, venv"], capture_output=True, check=False).returncode == 0


def install(python: Path, version: str, dist: Path) -> str:
    """What the smoke test says of the wheel that pip chooses."""
    with tempfile.TemporaryDirectory() as folder:
        own = environment(python, Path(folder))
        from_here = ["--no-index", "--no-deps", "--only-binary=:all:", f"--find-links={dist}"]
        run(own, "-m", "pip", "install", *from_here, "textgauge")
        said = smoke(own)
        if version.endswith("t"):
            run(own, "-m", "pip", "install", "pytest", "pytest-timeout")
            said += f", {run(own, '-m', 'pytest', '-q', 'tests/python/test_threads.py', cwd=ROOT).splitlines()[-1]}"
        return said


def install_source(source: Path) -> str:
    """What the smoke test says of the source distribution, unpacked and built."""
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(source) as archive:
            archive.extractall(folder, filter="data")
        unpacked = Path(folder, source.name.removesuffix(".tar.gz"))
        own = environment(Path(sys.executable), Path(folder, "venv"))
        begin = time.monotonic()
        run(own, "-m", "pip", "install", "--no-deps", unpacked)
        return f"{smoke(own)}, built in {time.monotonic() - begin:.0f} s"


def environment(python: Path, folder: Path) -> Path:
    """The interpreter of a new, empty environment."""
    run(python, "-m", "venv", folder)
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def smoke(own: Path) -> str:
    """What the smoke test says, with nothing but what the package asks for, then with the command line."""
    script = ROOT / "tools" / "smoke.py"
    run(own, "-m", "pip", "install", "textgauge")
    run(own, "-I", script)
    run(own, "-m", "pip", "install", "textgauge[cli]")
    return run(own, "-I", script, "--cli").strip()


if __name__ == "__main__":
    main()
