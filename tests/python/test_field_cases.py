"""Cases from public trackers: scores that meant nothing, texts that needed cleaning, lines that did not line up."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import unicodedata
from typing import TYPE_CHECKING, Any

import jiwer
import numpy as np
import pandas as pd
import polars as pl
import pytest

import textgauge as tg

if TYPE_CHECKING:
    from pathlib import Path


def score(path: Path, rows: list[tuple[str, str]], *arguments: str) -> subprocess.CompletedProcess[str]:
    """`textgauge score` of a file with these rows."""
    file = path / "rows.jsonl"
    file.write_text("".join(json.dumps({"prediction": left, "reference": right}) + "\n" for left, right in rows))
    command = [sys.executable, "-m", "textgauge.cli", "score", str(file), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=path)


# ---- columns that make any score meaningless


def test_years_alone_are_left_of_chinese(tmp_path: Path) -> None:
    rows = [("2024年公司亏损严重", "2024年利润创新高")] * 20
    assert tg.rouge(*rows[0])["rouge1"].f == 1.0  # as rouge-score
    done = score(tmp_path, rows)
    assert "lose letters under the tokenizer 'rouge'" in done.stderr


def test_vietnamese_goes_to_pieces(tmp_path: Path) -> None:
    assert tg.tokenize("Việc này phù hợp") == ["vi", "c", "n", "y", "ph", "h", "p"]
    done = score(tmp_path, [("Việc này phù hợp", "Việc này không phù hợp")] * 20)
    assert "lose letters under the tokenizer 'rouge'" in done.stderr


def test_tokenised_output_under_bleu(tmp_path: Path) -> None:
    rows = [(f"It is number {number} .", f"It is number {number}.") for number in range(100)]
    assert "tokenised already" in score(tmp_path, rows, "--metrics", "bleu").stderr


def test_symbols_are_words() -> None:
    def f(left: str, right: str) -> float:
        return tg.rouge(left, right, tokenizer="words")["rouge1"].f

    assert f("👍", "👍") == 1
    assert f("I ❤️ you", "I 💔 you") == 2 / 3
    assert f("C++", "C") < 1
    assert f("$5", "€5") < 1
    assert f("Yes, it is!", "yes it is") == 1
    assert "tok:words+symbols[" in tg.Scorer(tg.Rouge("rouge1", tokenizer="words")).signatures["rouge1"]


# ---- texts that need cleaning first


@pytest.mark.parametrize("metric", [tg.ExactMatch, tg.Squad, tg.Rouge, tg.Bleu])
def test_two_spellings_of_one_word(metric: Any) -> None:
    pair = ("un café noir à Paris", unicodedata.normalize("NFD", "un café noir à Paris"))
    headline = tg.Scorer(metric()).columns[0].split(".")[0]
    column = {"squad": "squad.em", "rouge1": "rouge1.f"}.get(headline, headline)
    composed = tg.Scorer(metric(transforms="NormalizeUnicode"))
    assert tg.Scorer(metric()).score_pair(*pair)[column] < composed.score_pair(*pair)[column]
    assert composed.score_pair(*pair)[column] in (1, 100, pytest.approx(100))


def test_summaries_without_line_breaks(tmp_path: Path) -> None:
    rows = [("Snow fell. Roads closed.", "Roads closed. Snow fell.")]
    plain = json.loads(score(tmp_path, rows, "--metrics", "rougeL,rougeLsum", "--json").stdout)["scores"]
    assert plain["rougeLsum.f"] == plain["rougeL.f"] == 0.5
    option = "rougeLsum.transforms=SplitSentences"
    split = json.loads(score(tmp_path, rows, "--metrics", "rougeL,rougeLsum", "-o", option, "--json").stdout)["scores"]
    assert (split["rougeL.f"], split["rougeLsum.f"]) == (0.5, 1)


def test_the_first_words_or_bytes() -> None:
    text = "a b c d e f"
    assert tg.rouge(text, "a b c", transforms="FirstWords(3)")["rouge1"].f == 1
    assert tg.rouge(text, "a b c", transforms=tg.transforms.FirstBytes(5))["rouge1"].f == 1
    assert tg.transforms.FirstBytes(4)("aé€") == "aé"
    assert tg.transforms.FirstBytes(6)("aé€") == "aé€"


def test_references_of_which_nothing_is_left() -> None:
    columns = ["uh okay", "so it is"], ["uh", "so it was"]
    counted = tg.Scorer("wer", transforms="WhisperEnglish").score(*columns)
    assert counted["wer"].tolist() == [1, 1 / 3]
    dropped = tg.Scorer(tg.Wer(transforms="WhisperEnglish", empty_references="drop")).score(*columns)
    assert str(dropped["wer"].tolist()) == f"[nan, {1 / 3}]"
    assert dropped.corpus["wer"] == 1 / 3
    refused = tg.Scorer(tg.Wer(transforms="WhisperEnglish", empty_references="error"))
    with pytest.raises(tg.InputError, match=r"wer: a reference in row 0 has no tokens") as caught:
        refused.score(*columns)
    assert (caught.value.code, caught.value.row) == ("empty-reference", 0)
    assert tg.wer("we like icecream", "we like ice cream", compounds=True) == 0


@pytest.mark.parametrize(
    "options",
    [
        ("transforms=ToLowerCase,RemovePunctuation",),
        ('transforms=SubstituteWords({"mr":"mister"}),ToLowerCase', "lowercase=True"),
        ('transforms=["ToLowerCase", {"RemoveSpecificWords": ["x"]}]',),
        ("lowercase=True",),
        ("wer.lowercase=true",),
    ],
    ids=str,
)
def test_options_as_people_write_them(tmp_path: Path, options: tuple[str, ...]) -> None:
    arguments = [part for option in options for part in ("-o", option)]
    done = score(tmp_path, [("Hello", "hello")], "--metrics", "wer", *arguments, "--json")
    assert json.loads(done.stdout)["scores"]["wer"] == 0, done.stderr


def test_the_most_frequent_errors(tmp_path: Path) -> None:
    rows = [("a cat sat", "the cat sat"), ("a cat", "the cat did"), ("uh the cat", "the cat")]
    output = jiwer.process_words([right for _, right in rows], [left for left, _ in rows])
    substitutions, insertions, deletions = jiwer.alignment.collect_error_counts(output)
    counts = tg.error_counts(*zip(*rows, strict=True))
    assert (counts.substitutions, counts.insertions, counts.deletions) == (substitutions, insertions, deletions)
    shown = score(tmp_path, rows, "--metrics", "wer,cer", "--errors", "1").stdout
    assert "the → a" in shown
    assert "deletions  count\ndid" in shown
    document = json.loads(score(tmp_path, rows, "--metrics", "wer", "--errors", "5", "--json").stdout)["errors"]
    assert document["substitutions"] == [{"reference": "the", "prediction": "a", "count": 2}]
    assert document["insertions"] == [{"prediction": "uh", "count": 1}]
    assert "name one in --metrics" in score(tmp_path, rows, "--errors", "5").stderr


# ---- what a person looks at


@pytest.mark.parametrize(
    ("prediction", "reference", "lines"),
    [
        ("है a", "हैं b", ["REF हैं b", "HYP है a", "    S S"]),
        ("می‌خواهم نان", "می‌خواهم آب", ["REF می‌خواهم آب", "HYP می‌خواهم نان", "            S"]),
        ("👩‍👩‍👧 a", "x b", ["REF x  b", "HYP 👩‍👩‍👧 a", "    S  S"]),
        ("👍🏽 ❤️ a", "x y b", ["REF x  y  b", "HYP 👍🏽 ❤️ a", "    S  S  S"]),
        ("a\u202eb", "a", ["REF a", "HYP a\\u202eb", "    S"]),
    ],
)
def test_alignments_line_up_and_show_what_is_written(prediction: str, reference: str, lines: list[str]) -> None:
    assert str(tg.align(prediction, reference)).splitlines() == lines


# ---- columns and files as people have them


def test_references_as_parquet_gives_them(tmp_path: Path) -> None:
    predictions, references = ["the cat", "a dog"], [["the cat sat"], ["the dog", "a dog"]]
    pd.DataFrame({"references": references}).to_parquet(tmp_path / "rows.parquet")
    column = pd.read_parquet(tmp_path / "rows.parquet")["references"]
    assert isinstance(column.tolist()[0], np.ndarray)
    scorer = tg.Scorer("rouge1")
    scores = [scorer.score(predictions, each)["rouge1.f"].tolist() for each in (column.tolist(), column, references)]
    assert scores == [[0.8, 1.0]] * 3


@pytest.mark.parametrize(
    "lazy", [pl.LazyFrame({"text": ["a"]}), pl.LazyFrame({"text": ["a"]}).select("text"), pl.col("text")]
)
def test_a_column_that_polars_has_not_collected(lazy: Any) -> None:
    for columns in ((lazy, ["a"]), (["a"], lazy)):
        with pytest.raises(tg.InputTypeError, match=r"a Polars (LazyFrame|expression).*collect it first") as caught:
            tg.Scorer("rouge1").score(*columns)
        assert caught.value.code == "wrong-type"


def test_measurements_travel_between_machines() -> None:
    scorer = tg.Scorer(["rouge1", "bleu"])
    rows = ["the cat", "a dog barks", "so long"], ["the cat sat", "the dog barks", "so long"]
    whole = scorer.measure(*rows)
    parts = [
        pickle.loads(pickle.dumps(scorer.measure(*(side[part] for side in rows)))) for part in (slice(2), slice(2, 3))
    ]
    assert sum(parts).to_bytes() == whole.to_bytes()
    assert sum(parts).corpus == whole.corpus


def run(folder: Path, *arguments: str) -> dict[str, Any]:
    """What a command prints as JSON."""
    command = [sys.executable, "-m", "textgauge.cli", *arguments, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def test_two_parallel_text_files(tmp_path: Path) -> None:
    (tmp_path / "hyp.txt").write_text("the cat sat\na dog\n")
    (tmp_path / "ref.txt").write_text("the cat lay\nthe dog\n")
    document = run(tmp_path, "score", "--prediction", "hyp.txt", "--reference", "ref.txt")
    expected = tg.Scorer(["rouge1", "rouge2", "rougeL"]).aggregate(["the cat sat", "a dog"], ["the cat lay", "the dog"])
    assert document["scores"] == expected.corpus


@pytest.mark.parametrize("ending", ["parquet", "json", "jsonl.bz2", "jsonl.xz", "jsonl.zst"])
def test_files_in_other_formats(tmp_path: Path, ending: str) -> None:
    import bz2
    import lzma

    import zstandard

    rows = [{"prediction": "the cat sat", "reference": "the cat lay"}]
    path = tmp_path / f"rows.{ending}"
    if ending == "parquet":
        pd.DataFrame(rows).to_parquet(path)
    elif ending == "json":
        path.write_text(json.dumps(rows, indent=2))
    else:
        pack = {"bz2": bz2.compress, "xz": lzma.compress, "zst": zstandard.compress}[ending.rpartition(".")[2]]
        path.write_bytes(pack(json.dumps(rows[0]).encode()))
    assert (
        run(tmp_path, "score", path.name)["scores"]
        == tg.Scorer(tg.Rouge()).aggregate(["the cat sat"], ["the cat lay"]).corpus
    )


def test_null_fields_that_spark_leaves_out(tmp_path: Path) -> None:
    (tmp_path / "part-0.json").write_text('{"prediction": "a", "reference": "a"}\n{"prediction": "b"}\n')
    document = run(tmp_path, "score", "part-0.json", "--nulls", "propagate")
    assert (document["rows"], document["nulls"]) == (1, 1)


def test_nested_fields(tmp_path: Path) -> None:
    record = {
        "custom_id": "1",
        "response": {"body": {"choices": [{"message": {"content": "the cat"}}]}},
        "answers": {"text": ["the cat", "a cat"], "answer_start": [1, 2]},
    }
    (tmp_path / "batch.jsonl").write_text(json.dumps(record))
    columns = ("--prediction", "response.body.choices[0].message.content", "--reference", "answers.text")
    assert run(tmp_path, "score", "batch.jsonl", *columns)["scores"]["rouge1.f"] == 1.0


def test_columns_of_speech_recognition(tmp_path: Path) -> None:
    (tmp_path / "nemo.json").write_text('{"audio_filepath": "a.wav", "text": "so we go", "pred_text": "so we goes"}\n')
    document = run(tmp_path, "score", "nemo.json", "--metrics", "wer")
    assert document["scores"]["wer"] == 1 / 3


def test_the_same_ids_in_another_order(tmp_path: Path) -> None:
    rows = [{"id": str(row), "prediction": f"a b {row}", "reference": f"a c {row}"} for row in range(9)]
    for name, records in (("base", rows), ("new", rows[::-1])):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    document = run(tmp_path, "compare", "base.jsonl", "new.jsonl", "--samples", "20")
    assert {each["difference"]["score"] for each in document["differences"]} == {0.0}


def test_what_fairseq_generate_prints(tmp_path: Path) -> None:
    lines = "S-1\teine Katze\nT-1\ta cat\nH-1\t-0.3\tthe cat\nD-1\t-0.3\tthe cat\nP-1\t-0.1 -0.2\n"
    (tmp_path / "generate-test.txt").write_text(lines + lines.replace("-1\t", "-0\t"))
    document = run(tmp_path, "score", "generate-test.txt", "--metrics", "bleu")
    assert document["scores"] == tg.Scorer("bleu").aggregate(["the cat"] * 2, ["a cat"] * 2).corpus


def test_lists_of_sentences_on_the_command_line(tmp_path: Path) -> None:
    row = {"prediction": ["the cat sat", "it slept"], "reference": ["a cat sat", "it slept"]}
    (tmp_path / "lists.jsonl").write_text(json.dumps(row))
    document = run(tmp_path, "score", "lists.jsonl", "--metrics", "rougeLsum", "--sentences", "given")
    expected = tg.Scorer("rougeLsum").aggregate(["the cat sat\nit slept"], ["a cat sat\nit slept"])
    assert document["scores"] == expected.corpus
