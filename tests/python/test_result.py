"""What comes out: results, aggregates, and their forms."""

from __future__ import annotations

import json
import pickle
from html.parser import HTMLParser

import numpy as np
import pytest

import textgauge as tg

SCORER = tg.Scorer(["rouge1", tg.Rouge("rougeL", stemmer="porter", prefix="stem_")])
PREDICTIONS = ["the cat", "a dog barks", "it rains", None]
REFERENCES = ["the cat sat", ["the dog barked", "dogs"], "snow", "x"]


@pytest.fixture
def result():
    return SCORER.score(PREDICTIONS, REFERENCES, nulls="propagate")


def test_columns(result):
    assert result.columns == SCORER.columns == list(result) == result.keys()
    assert result.columns == ["rouge1.p", "rouge1.r", "rouge1.f", "stem_rougeL.p", "stem_rougeL.r", "stem_rougeL.f"]
    assert len(result) == 4
    assert result["rouge1.f"].dtype == np.float64
    assert result["rouge1.f"][:3].tolist() == [0.8, 1 / 3, 0.0]
    assert result["stem_rougeL.f"][1] == 2 / 3
    assert np.isnan(result["rouge1.f"][3])
    assert "rouge1.f" in result
    assert "rouge1" not in result


@pytest.mark.parametrize("column", ["rouge1", "rouge9.f", 0, None, slice(2)])
def test_unknown_column(result, column):
    with pytest.raises(KeyError, match=r"there are rouge1\.p, "):
        result[column]


def test_corpus_is_the_mean_of_scored_rows(result):
    assert list(result.corpus) == result.columns
    for column in result.columns:
        assert result.corpus[column] == pytest.approx(np.nanmean(result[column]), rel=1e-15)


def test_aggregate_of_a_result(result):
    assert result.aggregate == SCORER.aggregate(PREDICTIONS, REFERENCES, nulls="propagate")
    assert (result.aggregate.rows, result.aggregate.nulls) == (3, 1)
    assert result.aggregate.corpus == result.corpus
    assert result.aggregate.signatures == result.signatures == SCORER.signatures


def test_to_numpy(result):
    arrays = result.to_numpy()
    assert list(arrays) == result.columns
    assert all(arrays[column] is result[column] for column in result)
    assert dict(result).keys() == arrays.keys()


def test_to_arrow(result):
    table = result.to_arrow()
    assert table.column_names == result.columns
    for column in result.columns:
        assert table[column].to_pylist() == [*result[column][:3].tolist(), None]
    assert json.loads(table.schema.metadata[b"textgauge.signatures"]) == result.signatures


def test_to_pandas(result):
    frame = result.to_pandas()
    assert list(frame.columns) == result.columns
    for column in result.columns:
        np.testing.assert_array_equal(frame[column].to_numpy(), result[column])
    assert frame.attrs["textgauge.signatures"] == result.signatures


def test_to_polars(result):
    frame = result.to_polars()
    assert frame.columns == result.columns
    for column in result.columns:
        assert frame[column].to_list() == [*result[column][:3].tolist(), None]


def test_text(result):
    assert repr(result).split("\n") == [
        "Result of 3 rows (1 more without a score)",
        "metric        score  precision  recall",
        "rouge1       0.3778     0.4444  0.3333",
        "stem_rougeL  0.4889     0.5556  0.4444",
    ]
    assert repr(result.aggregate) == repr(result).replace("Result", "Aggregate")
    assert repr(SCORER.score(["a"], ["a"])).startswith("Result of 1 row\n")


class Cells(HTMLParser):
    """Collects the text of table cells, and the names of all tags."""

    def __init__(self):
        super().__init__()
        self.cells, self.tags = [], set()

    def handle_starttag(self, tag, attrs):  # noqa: ARG002 - the base class's signature
        self.tags.add(tag)
        if tag == "td":
            self.cells.append("")

    def handle_data(self, data):
        if self.cells:
            self.cells[-1] += data


def test_html_is_escaped():
    result = tg.Scorer(tg.Rouge("rouge1", prefix="<script>&")).score(["the cat"], ["the cat sat"])
    for html in (result._repr_html_(), result.aggregate._repr_html_()):
        parser = Cells()
        parser.feed(html)
        assert parser.cells == ["<script>&rouge1", "0.8000", "1.0000", "0.6667"]
        assert parser.tags == {"p", "table", "thead", "tbody", "tr", "th", "td"}


def test_prefix_with_a_dot():
    result = tg.Scorer([tg.Rouge("rouge1", prefix="a.b."), "rouge1"]).score(["the cat"], ["the cat sat"])
    assert repr(result).split("\n")[2:] == [
        "a.b.rouge1  0.8000     1.0000  0.6667",
        "rouge1      0.8000     1.0000  0.6667",
    ]


def test_result_pickles(result):
    copy = pickle.loads(pickle.dumps(result))
    assert copy.columns == result.columns
    for column in result.columns:
        assert copy[column].tobytes() == result[column].tobytes()
    assert copy.aggregate == result.aggregate


def test_no_rows():
    result = SCORER.score([], [])
    assert len(result) == 0
    assert all(np.isnan(value) for value in result.corpus.values())
    assert repr(result).split("\n")[0] == "Result of 0 rows"
    assert result.to_arrow().num_rows == result.to_pandas().shape[0] == result.to_polars().height == 0


# Aggregates


@pytest.fixture
def parts():
    return [SCORER.aggregate([p], [r], nulls="propagate") for p, r in zip(PREDICTIONS, REFERENCES, strict=True)]


def test_aggregates_add_up(parts, result):
    first, second, third, fourth = parts
    whole = result.aggregate
    assert first + second + third + fourth == whole
    assert (fourth + second) + (third + first) == whole
    assert sum(parts) == whole
    assert sum(reversed(parts)).corpus == whole.corpus
    assert first != whole
    assert first + SCORER.aggregate([], []) == first


def test_aggregates_are_values(parts, result):
    before = parts[0].to_bytes()
    assert parts[0] + parts[1] != parts[0]
    assert parts[0].to_bytes() == before
    assert len({*parts, sum(parts), result.aggregate}) == len(parts) + 1


def test_aggregate_round_trips(result):
    whole = result.aggregate
    for copy in (tg.Aggregate.from_bytes(whole.to_bytes()), pickle.loads(pickle.dumps(whole))):
        assert copy == whole
        assert copy.corpus == whole.corpus
        assert copy.signatures == whole.signatures
        assert (copy.rows, copy.nulls) == (3, 1)
        assert copy + whole == whole + whole


def test_aggregate_with_a_tokenizer_of_ones_own_round_trips():
    part = tg.Scorer(tg.Rouge("rouge1", "rougeLsum", tokenizer=str.split)).aggregate(["a b"], ["b c"])
    assert pickle.loads(pickle.dumps(part)) == part
    assert "str.split" in part.signatures["rouge1"]


@pytest.mark.parametrize(
    "other",
    ["rouge1", tg.Rouge("rouge1", "rougeL", stemmer="porter"), tg.Rouge("rouge1", "rougeL", beta=2)],
    ids=["fewer", "stemmer", "beta"],
)
def test_aggregates_of_other_metrics_do_not_add_up(other):
    left = tg.Scorer(tg.Rouge("rouge1", "rougeL")).aggregate(["a"], ["a"])
    right = tg.Scorer(other).aggregate(["a"], ["a"])
    assert left != right
    with pytest.raises(tg.SignatureMismatch) as caught:
        left + right
    assert caught.value.code == "signature-mismatch"


@pytest.mark.parametrize("other", [1, None, "a", 0.5, []])
def test_aggregates_add_to_nothing_else(parts, other):
    for add in (lambda: parts[0] + other, lambda: other + parts[0]):
        with pytest.raises(TypeError):
            add()
    assert parts[0] != other


def test_damaged_bytes(parts):
    data = parts[0].to_bytes()
    for damaged in (b"", data[:-1], data + b"x", b"x" * len(data), data[:8]):
        with pytest.raises(tg.InputError) as caught:
            tg.Aggregate.from_bytes(damaged)
        assert caught.value.code == "bad-aggregate"


@pytest.mark.parametrize(
    ("tokenizer", "theirs"), [("whitespace", "none"), ("none", "none"), ("characters", "char"), ("13a", "13a")]
)
def test_sacrebleu_signatures_name_tokenizers_as_sacrebleu_does(tokenizer, theirs):
    aggregate = tg.Scorer(tg.Bleu(tokenizer=tokenizer)).aggregate(["a b"], ["a b"])
    assert f"|tok:{theirs}|" in aggregate.sacrebleu_signatures["bleu"]


@pytest.mark.parametrize("tokenizer", ["words", "graphemes", "jiwer-words"])
def test_sacrebleu_has_no_score_under_tokenizers_that_it_lacks(tokenizer):
    scorer = tg.Scorer(tg.Bleu(tokenizer=tokenizer))
    assert scorer.aggregate(["a b"], ["a b"]).sacrebleu_signatures == {}
    with pytest.raises(tg.ConfigError, match="sacrebleu has none of the metrics"):
        tg.parity.sacrebleu_bootstrap(scorer.measure(["a b"], ["a b"]))
