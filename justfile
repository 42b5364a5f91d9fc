# The project's verbs. `just` comes from the Python registry as rust-just; everything runs in the active environment.

python := env("PYTHON", "python3")

# List the verbs.
default:
    @just --list --unsorted

# All tests: Rust crates, then the Python package.
test *ARGS:
    cargo test --workspace --locked --quiet
    {{ python }} -m pytest -n 2 --dist worksteal -q {{ ARGS }}

# Every static check, in both languages.
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --locked --quiet -- -D warnings
    ruff check
    ruff format --check
    mypy
    {{ python }} -m mypy.stubtest textgauge._core --ignore-disjoint-bases
    {{ python }} tools/generate_pystr_tables.py --check
    {{ python }} tools/generate_regex_tables.py --check

# Format both languages.
format:
    cargo fmt --all
    ruff check --fix-only
    ruff format

# Install the package into the active environment, editable, compiled for speed.
develop:
    {{ python }} -m pip install -e ".[bench]"

# Every float of the whole data equal to rouge-score's and sacrebleu's; takes a quarter of an hour. Needs ../shared/data.
parity *ARGS:
    {{ python }} tests/python/oracle/parity.py {{ ARGS }}
    {{ python }} tests/python/oracle/sacrebleu_parity.py {{ ARGS }}

# Files too large for the usual tests. Needs 12 GiB of memory and 6 GB of disk.
test-large *ARGS:
    {{ python }} -m pytest -q tests/large {{ ARGS }}

# The peers' own tests, unchanged, against the drop-ins.
test-peers:
    {{ python }} tests/python/compat/peer_suites.py

# Code of other projects without and with the drop-ins. Needs the extra `third-party` and ../shared/data.
test-third-party:
    {{ python }} tests/third_party/run.py

# The integrations with the real libraries, a step of training each. Needs the extra `integrations`.
test-integrations *ARGS:
    {{ python }} -m pytest -q tests/integrations {{ ARGS }}

# The logs of lm-evaluation-harness that the tests read, from every version. Needs what tests/logs/make_lm_eval.py says.
make-logs-lm-eval WORK *VERSIONS:
    {{ python }} tests/logs/make_lm_eval.py {{ WORK }} {{ VERSIONS }}

# The logs of `helm`, `lighteval` or `inspect` that the tests read. Needs the harness.
make-logs HARNESS WORK:
    {{ python }} tests/logs/make_others.py {{ HARNESS }} {{ WORK }}

# Spark, Ray and Dask with two workers each. Needs the extra `clusters`, and Java 17 or newer for Spark.
test-clusters *ARGS:
    {{ python }} -m pytest -q tests/clusters {{ ARGS }}

# Benchmarks against the harnesses themselves, those of them that are installed. Needs the extra `harnesses`, ../shared/data.
test-harnesses *ARGS:
    {{ python }} -m pytest -q tests/harnesses {{ ARGS }}

# Reports in a real browser. Needs the extra `browser`, and Chromium (or its path in CHROMIUM).
test-browser *ARGS:
    {{ python }} -m pytest -q tests/browser {{ ARGS }}

# The pictures of reports in the documentation. Needs what `test-browser` needs.
pictures-report:
    {{ python }} tools/report_pictures.py

# The drop-in for torchmetrics against the package. Needs the extra `torchmetrics`.
test-torchmetrics *ARGS:
    {{ python }} -m pytest -q tests/python/compat/test_torchmetrics.py {{ ARGS }}

# Each drop-in against its peer, in one table. Needs ../shared/data.
bench-drop-ins *ARGS:
    {{ python }} benches/python/drop_ins.py {{ ARGS }}

# Side by side with the peers, in one table.
bench-peers *ARGS:
    {{ python }} benches/python/peers.py {{ ARGS }}

# Files scored by the command line, beside the scorer in memory. Needs ../shared/data.
bench-files *ARGS:
    {{ python }} benches/python/files.py {{ ARGS }}

# A million items of MMLU scored by the command line.
bench-items *ARGS:
    {{ python }} benches/python/items.py {{ ARGS }}

# Whole jobs as people start them, each beside the core's own time and a peer's.
bench-jobs *ARGS:
    {{ python }} benches/python/jobs.py {{ ARGS }}

# What Spark, Ray and Dask add to the scorer's own time. Needs the extra `clusters`, and Java 17 or newer for Spark.
bench-clusters *ARGS:
    {{ python }} benches/python/clusters.py {{ ARGS }}

# A report of 100,000 rows of three systems: time, memory, size, how soon it answers. Needs what `test-browser` needs.
bench-report *ARGS:
    {{ python }} benches/python/report.py {{ ARGS }}

# The package's own benchmarks, then the kernels'.
bench *ARGS:
    {{ python }} -m pytest benches/python --benchmark-only {{ ARGS }}
    cargo bench -p textgauge-benches

# Instructions of the hot kernels, against the recorded ones. Needs valgrind.
bench-instructions *ARGS:
    {{ python }} benches/instructions.py {{ ARGS }}

# The documentation as a site, in docs/_build. Needs the extra `docs`.
docs:
    {{ python }} -m sphinx -W -q docs docs/_build

# The pictures of docs/plots.md. Needs the extra `plot`.
docs-pictures:
    {{ python }} tools/docs_pictures.py

# Precision and recall of extraction over the labelled answers, in docs/benchmarks.md.
labelled *ARGS:
    {{ python }} tools/labelled_answers.py {{ ARGS }}

# Licences, bans and sources of every crate. Needs cargo-deny.
audit:
    cargo deny --all-features check bans licenses sources

# Fuzz a target: see tests/fuzz/README.md. Needs cargo-fuzz and a nightly toolchain.
fuzz TARGET *ARGS:
    mkdir -p tests/fuzz/corpus/{{ TARGET }}
    cargo +nightly fuzz run --fuzz-dir tests/fuzz {{ TARGET }} tests/fuzz/corpus/{{ TARGET }} tests/fuzz/seeds/{{ TARGET }} {{ ARGS }}

# Fuzz every target for so many seconds, until one finds something. Needs the same.
fuzz-all SECONDS *TARGETS:
    {{ python }} tools/fuzz.py run {{ SECONDS }} {{ TARGETS }}

# Build the wheel.
wheel:
    maturin build --release --locked

# A wheel and the source distribution, built, audited, and installed into every CPython that is found. Needs the group `release`.
test-wheel DIST="target/dist":
    rm -rf {{ DIST }}
    validate-pyproject pyproject.toml
    cffconvert --validate
    {{ python }} tools/check_wheel.py --build {{ DIST }}

# The workflows of .github. Needs the group `release`.
lint-workflows:
    actionlint
    zizmor --offline .github
