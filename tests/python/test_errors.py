"""The codes of errors: one table, which everything that raises keeps to; errors that travel whole."""

from __future__ import annotations

import ast
import copy
import pickle
import re
from pathlib import Path

import pytest

import textgauge as tg
from textgauge import _core, errors

PACKAGE = Path(tg.__file__).parent
SOURCES = Path(__file__).resolve().parents[2] / "src"
CLASSES = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, tg.Error)]
NAMES = {each.__name__ for each in CLASSES}


def codes_in(file):
    """What stands for the code wherever `file` makes an error, and wherever a function has a code by default."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", None)) in NAMES:
            by_name = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
            yield node.lineno, next(iter([*node.args[1:2], *by_name]), None)
        elif isinstance(node, ast.arguments):
            named = [*node.posonlyargs, *node.args]
            with_default = zip(reversed(named), reversed(node.defaults), strict=False)
            for argument, default in [*with_default, *zip(node.kwonlyargs, node.kw_defaults, strict=True)]:
                if argument.arg == "code" and default is not None:
                    yield argument.lineno, default


def literal_codes(file):
    return {code.value for _, code in codes_in(file) if isinstance(code, ast.Constant)}


PYTHON = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("file", PYTHON, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_errors_are_made_with_codes_of_the_table(file):
    for line, code in codes_in(file):
        assert code is not None, f"an error without a code in line {line}"
        # Others hand on the code that they were given.
        if isinstance(code, ast.Constant):
            assert code.value in errors.CODES, f"line {line}"


@pytest.mark.skipif(not SOURCES.is_dir(), reason="needs the sources of the core")
def test_each_code_of_the_table_is_in_use():
    rust = "".join(file.read_text(encoding="utf-8") for file in SOURCES.rglob("*.rs") if file.name != "code.rs")
    in_rust = set(re.findall(r"\bCode::([A-Z]\w+)", rust))
    in_python = set().union(*map(literal_codes, PYTHON))
    for code in errors.CODES:
        variant = "".join(word.title() for word in code.split("-"))
        assert code in in_python or variant in in_rust, code


def test_codes_are_those_of_the_core():
    assert list(errors.CODES.items()) == _core.error_codes()
    assert len(errors.CODES) == len(_core.error_codes())
    for code, meaning in errors.CODES.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
        assert re.fullmatch(r"[A-Z].*\.", meaning)


@pytest.mark.parametrize("each", CLASSES, ids=lambda each: each.__name__)
def test_errors_travel_whole(each):
    arguments = ("the message", "no-row") + ((7,) if issubclass(each, tg.InputError) else ())
    error = each(*arguments)
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(again) is each
        assert (str(again), again.code, again.args) == ("the message", "no-row", arguments)
        assert getattr(again, "row", None) == getattr(error, "row", None)


def test_an_error_of_the_core_travels_with_its_row():
    with pytest.raises(tg.InputError) as caught:
        tg.Scorer("rouge1").score(["a", None], ["a", "b"])
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.row, again.code, str(again)) == (1, "missing-text", str(caught.value))


TEXTS = ["a b", "c d"]


@pytest.mark.parametrize(
    ("call", "error", "code", "words"),
    [
        (lambda: tg.Scorer("rouge1").score(TEXTS, TEXTS, nulls=5), tg.ConfigError, "bad-null-policy", "nulls is 5;"),
        (lambda: tg.Scorer("rouge1").score(TEXTS, TEXTS, nulls=None), tg.ConfigError, "bad-null-policy", "is None;"),
        (lambda: tg.Scorer("rouge1").score(TEXTS, TEXTS, nulls="\ud800"), tg.ConfigError, "bad-null-policy", "ud800"),
        (lambda: tg.Scorer("rouge1").prepare(TEXTS, nulls="none"), tg.ConfigError, "bad-null-policy", "is 'none';"),
        (lambda: tg.Scorer("nist").fit(TEXTS, nulls=0), tg.ConfigError, "bad-null-policy", "nulls is 0;"),
        (lambda: tg.Scorer("rouge1").score(TEXTS, TEXTS, progress=5), tg.ConfigError, "bad-option", "progress is 5;"),
        (lambda: tg.tokenize("a", tokenizer="\ud800"), tg.ConfigError, "bad-option", "tokenizer"),
        (lambda: tg.tokenize("a", stemmer="\ud800"), tg.ConfigError, "bad-option", "stemmer"),
        (lambda: tg.Aggregate.from_bytes("text"), tg.InputTypeError, "wrong-type", "this is a str"),
        (lambda: tg.Aggregate.from_bytes(None), tg.InputTypeError, "wrong-type", "this is a NoneType"),
        (lambda: tg.Measurements.from_bytes(7), tg.InputTypeError, "wrong-type", "this is a int"),
    ],
)
def test_wrong_arguments_are_errors_of_ours(call, error, code, words):
    with pytest.raises(error, match=words) as caught:
        call()
    assert caught.value.code == code


def test_a_progress_function_is_looked_at_before_anything_is_read():
    texts = iter(TEXTS)
    with pytest.raises(tg.ConfigError):
        tg.Scorer("rouge1").score(texts, iter(TEXTS), progress="bar")
    assert next(texts) == "a b"
