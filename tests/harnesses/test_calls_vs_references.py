"""The functions of the harnesses against ours, on hostile inputs and on real outputs: `just test-harnesses`."""

import gzip
import json
from pathlib import Path

import pytest

pytest.importorskip("lm_eval")
pytest.importorskip("helm")

from calls import THEIRS
from reference_calls import OURS, agree, inputs, vectors

# What the libraries warn of is their own business.
pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.timeout(600)]

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "dev" / "qa" / "gsm8k_6b.jsonl.gz"


def agrees(call, given):
    return agree(OURS[call](*given), THEIRS[call](*given))


def test_every_function_is_compared():
    assert OURS.keys() == THEIRS.keys()


@pytest.mark.parametrize("call", THEIRS)
def test_hostile_inputs(call):
    assert [given for given in inputs(call, 5000, "hostile") if not agrees(call, given)] == []


def test_vectors_are_what_the_functions_give():
    assert [line for line in vectors() if not agrees(line["call"], line["given"])] == []


@pytest.mark.skipif(not DATA.exists(), reason="needs ../shared/data")
@pytest.mark.parametrize("call", [call for call in THEIRS if call.startswith(("gsm8k", "helm.final_number"))])
def test_real_outputs(call):
    with gzip.open(DATA, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    wrong = []
    for row in rows:
        text, target = (each.replace("\nA: ", "\n#### ") for each in (row["hypothesis"], row["references"][0]))
        repeated = [text, text.replace("1", "2"), text.replace("#### ", "so "), text]
        given = [target, text] if call.startswith("helm") else [repeated if "maj" in call else text, target]
        if not agrees(call, given):
            wrong.append(given)
    assert wrong == []
