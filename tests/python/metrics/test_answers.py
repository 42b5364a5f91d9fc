"""Rows without references, in every form that they come in; open questions as the harness compares them."""

from __future__ import annotations

import json
import re
import string
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest

import textgauge as tg

if TYPE_CHECKING:
    from pathlib import Path

V2 = tg.Scorer(tg.Squad(version=2))
PREDICTIONS = ["", "x", "Paris", "y"]
REFERENCES = [[], [], ["paris", ""], ["z"]]
SCORES = [100, 0, 100, 0]

COLUMNS = {
    "lists": REFERENCES,
    "tuples": [tuple(each) for each in REFERENCES],
    "arrays": [np.array(each, object) for each in REFERENCES],
    "iterator": REFERENCES,
    "Arrow": pa.array(REFERENCES, pa.list_(pa.string())),
    "chunks": pa.chunked_array([pa.array(REFERENCES[:1], pa.list_(pa.string())), pa.array(REFERENCES[1:])]),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_rows_without_references(name: str) -> None:
    references: Any = iter(REFERENCES) if name == "iterator" else COLUMNS[name]
    result = V2.score(PREDICTIONS, references)
    assert result["squad.em"].tolist() == result["squad.f1"].tolist() == SCORES


@pytest.mark.parametrize("nulls", ["error", "propagate", "empty", "drop"])
def test_an_empty_list_is_not_a_missing_text(nulls: Any) -> None:
    assert V2.score(PREDICTIONS, REFERENCES, nulls=nulls)["squad.em"].tolist() == SCORES
    assert V2.score(PREDICTIONS, pa.array(REFERENCES), nulls=nulls)["squad.em"].tolist() == SCORES


def test_prepared_references_and_single_pairs() -> None:
    assert V2.score(PREDICTIONS, V2.prepare(REFERENCES))["squad.f1"].tolist() == SCORES
    pairs = zip(PREDICTIONS, REFERENCES, strict=True)
    assert [V2.score_pair(*pair)["squad.f1"] for pair in pairs] == SCORES


@pytest.mark.parametrize(
    "metrics", ["squad", "triviaqa", "exact_match", "rouge1", [tg.Squad(version=2), "exact_match"]], ids=str
)
def test_other_metrics_refuse_them(metrics: Any) -> None:
    scorer = tg.Scorer(metrics)
    for references in ([["x"], []], pa.array([["x"], []])):
        with pytest.raises(tg.InputError, match="row 1 has an empty list of references") as caught:
            scorer.score(["x", ""], references)
        assert (caught.value.code, caught.value.row) == ("no-reference", 1)
    with pytest.raises(tg.InputError, match="the list of references is empty"):
        scorer.score_pair("", [])


def test_rows_without_references_in_files(tmp_path: Path) -> None:
    pairs = zip(PREDICTIONS, REFERENCES, strict=True)
    lines = [json.dumps({"prediction": prediction, "references": references}) for prediction, references in pairs]
    (tmp_path / "rows.jsonl").write_text("\n".join(lines))

    def score(*options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "textgauge.cli", "score", "rows.jsonl", "--json", *options]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

    done = score("--metrics", "squad", "-o", "version=2")
    assert done.returncode == 0, done.stderr
    assert '"squad.em": 50.0' in done.stdout
    assert '"squad.f1": 50.0' in done.stdout
    failed = score("--metrics", "squad")
    assert failed.returncode == 2
    assert "line 1: row 0 has an empty list of references" in failed.stderr


def test_many_references_of_few_rows() -> None:
    # Strings of a list are held one by one while the list goes.
    references = [[f"answer {number} of {row}" for number in range(300)] for row in range(20)]
    predictions = [f"answer 299 of {row}" for row in range(20)]
    assert V2.score(predictions, (list(each) for each in references)).corpus == {"squad.em": 100, "squad.f1": 100}


NQ_OPEN = tg.ExactMatch(
    ignore_case=True, ignore_punctuation=True, regexes_to_ignore=[r"\b(?:The |the |An |A |The |a |an )"]
)


@pytest.mark.parametrize(
    ("prediction", "answers"),
    [
        ("the Beatles", ["Beatles"]),
        ("Beatles, the", ["the Beatles"]),
        ("An A the x", ["x"]),
        ("THE x", ["x"]),
        ("10,000", ["10000", "ten thousand"]),
        ("a x.", ["X", "a  x"]),
    ],
)
def test_nq_open_as_the_harness_compares(prediction: str, answers: list[str]) -> None:
    def read(text: str) -> str:
        text = re.sub(r"\b(?:The |the |An |A |The |a |an )", "", text).lower()
        return text.translate(str.maketrans("", "", string.punctuation))

    expected = float(read(prediction) in map(read, answers))
    assert tg.Scorer(NQ_OPEN).score_pair(prediction, answers) == {"exact_match": expected}
