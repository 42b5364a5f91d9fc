"""What is stored or sent: it comes back as it was, or is refused."""

from __future__ import annotations

import contextlib
import pickle
import random
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import xxhash

import textgauge as tg
from textgauge import _core
from textgauge.metrics.base import compile_metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PREDICTIONS = ["the cat sat on the mat", "a dog", "", "it is cold outside"] * 3
REFERENCES = ["a cat sat on the mat", "the dog barks", "nothing", "it is very cold"] * 3
SCORER = tg.Scorer(["rouge1", "bleu", "ter", "wer", tg.Chrf(beta=0.1 + 0.2), "nist"]).fit(REFERENCES)
AGGREGATE = SCORER.aggregate(PREDICTIONS, REFERENCES)
MEASUREMENTS = SCORER.measure(PREDICTIONS, REFERENCES)


def fitted() -> Any:
    """What NIST is fitted to."""
    [fitted] = compile_metrics([tg.Nist()]).fit(REFERENCES, nulls="error", threads=1)
    return fitted


STORED = {
    "aggregate": (AGGREGATE.to_bytes(), tg.Aggregate.from_bytes),
    "measurements": (MEASUREMENTS.to_bytes(), tg.Measurements.from_bytes),
    "fitted": (fitted().to_bytes(), _core.Fitted.from_bytes),
}


def damaged(data: bytes, rng: random.Random) -> bytes:
    """The bytes with some flipped, cut off, put in, left out, exchanged or said twice."""
    changed = bytearray(data)
    at, other = rng.randrange(len(data)), rng.randrange(len(data))
    match rng.randrange(6):
        case 0:
            for _ in range(rng.randint(1, 8)):
                changed[rng.randrange(len(data))] ^= rng.randint(1, 255)
        case 1:
            del changed[at:]
        case 2:
            changed.insert(at, rng.randrange(256))
        case 3:
            del changed[at]
        case 4:
            changed[at], changed[other] = changed[other], changed[at]
        case _:
            changed[at:at] = changed[at : at + rng.randint(1, 64)]
    return bytes(changed)


@contextlib.contextmanager
def room_for(megabytes: int) -> Iterator[None]:
    """Lets the process take no more memory than so much beyond what it has; where the system cannot, it may."""
    if sys.platform != "linux":
        yield
        return
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + (megabytes << 20), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


@pytest.mark.parametrize("kind", STORED)
def test_damaged_bytes_are_refused(kind):
    data, read = STORED[kind]
    assert read(data) == read(data) or kind == "measurements"
    rng = random.Random(kind)
    with room_for(megabytes=64):
        for _ in range(100_000):
            changed = damaged(data, rng)
            if changed == data:
                continue
            with pytest.raises(tg.InputError, match="these bytes are not"):
                read(changed)


def test_measurements_come_back_and_add_up():
    parts = [SCORER.measure(PREDICTIONS[at : at + 4], REFERENCES[at : at + 4]) for at in range(0, 12, 4)]
    whole = sum(pickle.loads(pickle.dumps(part)) for part in parts)
    assert len(whole) == len(MEASUREMENTS)
    assert whole.corpus == MEASUREMENTS.corpus
    assert whole.to_bytes() == MEASUREMENTS.to_bytes()
    assert whole.signatures == MEASUREMENTS.signatures
    other = tg.Scorer("rouge1").measure(PREDICTIONS, REFERENCES)
    with pytest.raises(tg.SignatureMismatch):
        _ = whole + other


def test_many_measurements_are_joined_once(monkeypatch):
    joined = []

    def concatenate(tables, original=_core.concatenate):
        joined.append(len(tables))
        return original(tables)

    monkeypatch.setattr(_core, "concatenate", concatenate)
    part = SCORER.measure(PREDICTIONS, REFERENCES)
    whole = sum([part] * 500)
    assert len(whole) == 500 * len(PREDICTIONS)
    assert whole.corpus["bleu"] == pytest.approx(part.corpus["bleu"])
    assert joined == [500]


def test_equal_aggregates_have_equal_hashes():
    plain, spelt_out = tg.Scorer("rouge1"), tg.Scorer(tg.Rouge("rouge1", stemmer="none", beta=1))
    left, right = (scorer.aggregate(PREDICTIONS, REFERENCES) for scorer in (plain, spelt_out))
    assert left == right
    assert hash(left) == hash(right)
    assert hash(plain.aggregate([], [])) == hash(spelt_out.aggregate([], []))


def resealed(data: bytes) -> bytes:
    """The bytes with the checksum that belongs to them."""
    content = data[:-16]
    return content + xxhash.xxh3_128_intdigest(content).to_bytes(16, "little")


def test_forged_sums_do_not_wrap():
    data = tg.Scorer("rouge1").aggregate(["a"], ["b"]).to_bytes()
    forged = data[:-32] + struct.pack("<QQ", 0, 1 << 57) + data[-16:]
    aggregate = tg.Aggregate.from_bytes(resealed(forged))
    with pytest.raises(tg.InputError, match="no rows can have these sums") as caught:
        sum([aggregate] * 200)
    assert caught.value.code == "too-large"


# What stands in stored bytes before the sums and the rows: four numbers, and one.
HEADS = {"aggregate": 32, "measurements": 8}
NEAR_THE_LIMIT = [-(1 << 63), 1 - (1 << 62), -1, 0, 1, (1 << 62) - 1, (1 << 63) - 1]


def forged(data: bytes, kind: str, rng: random.Random) -> bytes:
    """The stored bytes with other integers, near the limit of 64 bits, in all sums or rows."""
    at = data.index(b"\n") + 1
    for _ in range(2):
        at += 8 + int.from_bytes(data[at : at + 8], "little")
    at += HEADS[kind]
    size = 16 if kind == "aggregate" else 8
    count = (len(data) - 16 - at) // size
    integers = [rng.choice(NEAR_THE_LIMIT).to_bytes(size, "little", signed=True) for _ in range(count)]
    return resealed(data[:at] + b"".join(integers) + data[-16:])


def code_of(call: Callable[[], object]) -> str | None:
    """The code of the error that the call raises; `None` if it raises none."""
    try:
        call()
    except tg.InputError as error:
        return error.code
    return None


@pytest.mark.parametrize("metric", [info.name for info in tg.list_metrics() if info.name != "nist"])
def test_forged_integers_are_scored_or_refused(metric):
    scorer, rng = tg.Scorer(metric), random.Random(metric)
    measured = scorer.measure(PREDICTIONS, REFERENCES)
    aggregate = scorer.aggregate(PREDICTIONS, REFERENCES).to_bytes()
    calls = [
        lambda: sum([tg.Aggregate.from_bytes(forged(aggregate, "aggregate", rng))] * 40).corpus,
        lambda: repr(tg.Aggregate.from_bytes(forged(aggregate, "aggregate", rng))),
        lambda: spoilt.corpus,
        lambda: spoilt.bootstrap(samples=10),
        lambda: spoilt.jackknife(),
        lambda: _core.randomization(measured._table, spoilt._table, 10, 1, None),
        lambda: _core.randomization(spoilt._table, measured._table, 10, 1, None),
    ]
    with np.errstate(all="ignore"):
        for _ in range(20):
            spoilt = tg.Measurements.from_bytes(forged(measured.to_bytes(), "measurements", rng))
            assert {code_of(call) for call in calls} <= {None, "too-large", "bad-aggregate"}


def test_sums_that_no_metric_can_be_given_are_refused():
    data = tg.Scorer("wer").aggregate(["a"], ["b"]).to_bytes()
    for least, refused in [((1 << 62) - 1, False), (1 << 62, True), (1 << 64, True), (-1, True)]:
        changed = resealed(data[:-32] + least.to_bytes(16, "little", signed=True) + data[-16:])
        if refused:
            with pytest.raises(tg.InputError, match="no rows can have such a sum"):
                tg.Aggregate.from_bytes(changed)
        else:
            aggregate = tg.Aggregate.from_bytes(changed)
            assert aggregate.corpus["wer"] == 1
            with pytest.raises(tg.InputError, match="no rows can have these sums") as caught:
                _ = sum([aggregate] * 40).corpus
            assert caught.value.code == "too-large"


def test_prepared_references_say_how_to_do_without_a_pickle():
    with pytest.raises(tg.InputTypeError, match="send the references, and prepare them where they are used"):
        pickle.dumps(SCORER.prepare(REFERENCES))


def test_aggregates_by_many_keys_are_those_of_each_key():
    keys = [f"key {row % 7}" for row in range(12)]
    by_key = SCORER.aggregate(PREDICTIONS, REFERENCES, by=keys)
    assert list(by_key) == list(dict.fromkeys(keys))
    for key, aggregate in by_key.items():
        rows = [row for row in range(12) if keys[row] == key]
        alone = SCORER.aggregate([PREDICTIONS[row] for row in rows], [REFERENCES[row] for row in rows])
        assert aggregate == alone
    many = tg.Scorer("wer").aggregate(["a b"] * 50_000, ["a c"] * 50_000, by=list(range(50_000)))
    assert len(many) == 50_000
    assert {part.rows for part in many.values()} == {1}
    assert {part.corpus["wer"] for part in many.values()} == {0.5}
