"""The drop-in for jiwer against the package itself."""

import copy
import dataclasses
import gzip
import itertools
import json
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, is_dataclass
from pathlib import Path

import jiwer
import jiwer.alignment
import jiwer.measures
import jiwer.process
import jiwer.transformations
import jiwer.transforms
import pytest
from surface import outcome, public, signatures

import textgauge.compat.jiwer as ours
from textgauge.compat.jiwer import alignment, measures, process, transforms

MODULES = [
    (jiwer.alignment, alignment),
    (jiwer.measures, measures),
    (jiwer.process, process),
    (jiwer.transforms, transforms),
]

SENTENCES = ["", " ", "a", "a b c", "b  a\tc", "a \tb", "\u00a0x y ", "naïve café", "\ud800 z", "won't [laugh] LET'S!"]
HOSTILE = [
    *SENTENCES,
    *([], [""], ["a b", "c"], ["c", "a  b d"], ["", "x"], [None], ["a", 5], ("a",), None, 5, ["a", "b", "c"]),
    *(["a", ["b"]], ["a", None]),
]
FUNCTIONS = ["wer", "mer", "wil", "wip", "cer", "process_words", "process_characters"]
CHAINS = [
    *("wer_default", "wer_contiguous", "wer_standardize", "wer_standardize_contiguous"),
    *("cer_default", "cer_contiguous"),
]
UTTERANCES = Path(__file__).parents[4] / "shared" / "data" / "dev" / "asr" / "earnings21_utt.jsonl.gz"


def plain(call, *args, **options):
    """The outcome of a call, with dataclasses as their names, fields and text."""

    def called():
        value = call(*args, **options)
        return (type(value).__name__, asdict(value), repr(value)) if is_dataclass(value) else value

    return outcome(called)


@pytest.mark.parametrize(("peer", "drop_in"), MODULES, ids=lambda module: module.__name__)
def test_the_surface_is_that_of_the_peer(peer, drop_in):
    for name, value in public(peer).items():
        assert signatures(getattr(drop_in, name)) == signatures(value), name


def test_every_name_of_the_package_is_there():
    names = {
        name
        for each in (jiwer.alignment, jiwer.measures, jiwer.process, jiwer.transforms, jiwer.transformations)
        for name in each.__all__
    }
    assert names <= set(dir(ours))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_results_and_exceptions_are_those_of_the_peer(name):
    for reference, hypothesis in itertools.product(HOSTILE, HOSTILE):
        expected = plain(getattr(jiwer, name), reference, hypothesis)
        assert plain(getattr(ours, name), reference, hypothesis) == expected, (reference, hypothesis)
    assert plain(ours.wer, hypothesis="a", reference="b") == plain(jiwer.wer, hypothesis="a", reference="b")


@pytest.mark.parametrize("chain", CHAINS)
@pytest.mark.parametrize("name", ["wer", "mer", "process_words"])
def test_results_after_other_transforms(name, chain):
    for reference, hypothesis in itertools.product(HOSTILE, HOSTILE):
        found = [
            plain(
                getattr(module, name),
                reference,
                hypothesis,
                reference_transform=getattr(module, chain),
                hypothesis_transform=getattr(module, chain),
            )
            for module in (jiwer, ours)
        ]
        assert found[0] == found[1], (reference, hypothesis)


def test_results_where_no_list_of_words_is_made():
    for name in ("wer", "process_words"):
        found = [plain(getattr(module, name), "a", "b", module.Strip(), module.wer_default) for module in (jiwer, ours)]
        assert found[0] == found[1]


def test_changed_defaults_are_followed():
    transforms_of_default = ours.wer_default.transforms
    transforms_of_default.insert(0, ours.ToLowerCase())
    try:
        assert ours.wer("A", "a") == 0
    finally:
        del transforms_of_default[0]
    assert ours.wer("A", "a") == 1


ARGUMENTS = {
    "Compose": lambda module: [module.Strip(), module.ToLowerCase()],
    "RemoveSpecificWords": lambda _: ["a", "café"],
    "SubstituteRegexes": lambda _: {r"\s+": "_", "(a)": r"\1\1"},
    "SubstituteWords": lambda _: {"a": "b", "b": "c."},
}


@pytest.mark.parametrize("name", sorted(set(jiwer.transforms.__all__)))
def test_transforms_are_those_of_the_peer(name):
    arguments = ARGUMENTS.get(name)
    peer, drop_in = (getattr(module, name)(*([arguments(module)] if arguments else ())) for module in (jiwer, ours))
    for sentences in HOSTILE:
        assert outcome(drop_in, sentences) == outcome(peer, sentences), sentences


def test_the_same_characters_are_punctuation():
    characters = "".join(map(chr, range(sys.maxunicode + 1)))
    outcomes = [module.RemovePunctuation()(characters) for module in (jiwer, ours)]
    assert outcomes[0] == outcomes[1] != characters
    for name, value in [("tokens_to_remove", ["a.", "b"]), ("replace_token", "-")]:
        peer, drop_in = (module.RemovePunctuation() for module in (jiwer, ours))
        for transform in (peer, drop_in):
            setattr(transform, name, value)
        assert drop_in(["a.b!", "¿c"]) == peer(["a.b!", "¿c"])


def test_chunks_are_checked_as_the_peer_does():
    for arguments in (("replace", 0, 1, 0, 1), ("other", 0, 1, 0, 1), ("equal", 2, 1, 0, 1), ("equal", 0, 1, 2, 1)):
        assert plain(ours.AlignmentChunk, *arguments) == plain(jiwer.AlignmentChunk, *arguments)


@pytest.mark.skipif(not UTTERANCES.exists(), reason="the shared data are not here")
@pytest.mark.parametrize("name", FUNCTIONS)
def test_real_utterances(name):
    with gzip.open(UTTERANCES, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in itertools.islice(lines, 300)]
    references = [row["references"][0] for row in rows]
    hypotheses = [row["hypothesis"] for row in rows]
    assert plain(getattr(ours, name), references, hypotheses) == plain(getattr(jiwer, name), references, hypotheses)
    for pair in zip(references, hypotheses, strict=True):
        assert plain(getattr(ours, name), *pair) == plain(getattr(jiwer, name), *pair)


PROCESSES = ["process_words", "process_characters"]
PAIRS = [
    (["a b c d", "x", "the * is", ""], ["b c d e", "x", "a star is", ""]),
    (["short one", "much_longer_word b"], ["short", "c much_longer_word b extra * words at the end"]),
    (["a"], ["a"]),
    ([""], [""]),
]


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize("pair", PAIRS)
def test_alignments_and_errors_are_drawn_as_by_the_peer(process, pair):
    peer, drop_in = (getattr(module, process)(*pair) for module in (jiwer, ours))
    for measured, skipped, width in itertools.product((True, False), (True, False), (None, 1, 12, 30)):
        expected = outcome(jiwer.visualize_alignment, peer, measured, skipped, width)
        assert outcome(ours.visualize_alignment, drop_in, measured, skipped, width) == expected
    for found, expected in zip(ours.collect_error_counts(drop_in), jiwer.collect_error_counts(peer), strict=True):
        assert list(found.items()) == list(expected.items())
        assert type(found) is type(expected)
    for *shown, count in itertools.product(*[(True, False)] * 3, (None, 0, 1, 3)):
        expected = outcome(jiwer.visualize_error_counts, peer, *shown, count)
        if count == 0 and expected[0] is ValueError:
            continue  # the peer fails where it is asked for no error at all
        assert outcome(ours.visualize_error_counts, drop_in, *shown, count) == expected


LISTS = ("references", "hypotheses", "alignments")
LOOKS = {
    "references": lambda output: output.references,
    "hypotheses": lambda output: output.hypotheses,
    "alignments": lambda output: [list(map(asdict, chunks)) for chunks in output.alignments],
    "repr": repr,
    "asdict": asdict,
    "astuple": dataclasses.astuple,
    "vars": lambda output: {name: repr(value) for name, value in sorted(vars(output).items())},
    "dir": lambda output: [name for name in dir(output) if not name.startswith("_")],
    "fields": lambda output: [(field.name, repr(getattr(output, field.name))) for field in dataclasses.fields(output)],
    "copy": lambda output: asdict(copy.copy(output)),
    "deepcopy": lambda output: asdict(copy.deepcopy(output)),
    "replace": lambda output: asdict(dataclasses.replace(output, hits=7)),
    "hash": hash,
    "compare": lambda output: (
        output == copy.copy(output),
        output == dataclasses.replace(output, hits=-1),
        output == 1,
    ),
    "unknown": lambda output: output.nothing,
    **{
        f"pickle {protocol}": lambda output, protocol=protocol: asdict(pickle.loads(pickle.dumps(output, protocol)))
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    },
}


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize("look", LOOKS)
def test_the_first_look_at_an_output_finds_what_the_peer_has(process, look):
    for pair in [*PAIRS, ("a b", "a c"), ("a b", ["a c"]), ([], [])]:
        peer, drop_in = (getattr(module, process)(*pair) for module in (jiwer, ours))
        expected = outcome(LOOKS[look], peer)
        assert outcome(LOOKS[look], drop_in) == expected, pair
        assert outcome(LOOKS[look], drop_in) == expected, pair  # and the second


@pytest.mark.parametrize("process", PROCESSES)
def test_outputs_are_equal_whether_looked_at_or_not(process):
    seen, unseen, other = (
        getattr(ours, process)(["a b", "c"], texts) for texts in (["a", "c"], ["a", "c"], ["b", "c"])
    )
    assert [type(each) for each in (seen.references, seen.hypotheses, seen.alignments)] == [list] * 3
    assert seen == unseen
    assert seen != other
    assert seen.alignments is seen.alignments
    assert copy.copy(unseen).references is unseen.references
    assert seen == type(seen)(**asdict(seen) | {"alignments": seen.alignments})


@pytest.mark.parametrize("process", PROCESSES)
def test_changes_after_the_call_are_those_of_the_caller(process):
    references, hypotheses = ["a b", "c"], ["a", "d"]
    expected = asdict(getattr(jiwer, process)(references, hypotheses))
    output, changed = (getattr(ours, process)(references, hypotheses) for _ in range(2))
    references[0] = "other"
    hypotheses.clear()
    transforms_of_default = [ours.wer_default.transforms, ours.cer_default.transforms]
    for each in transforms_of_default:
        each.insert(0, ours.ToUpperCase())
    try:
        assert asdict(output) == expected
    finally:
        for each in transforms_of_default:
            del each[0]
    changed.references[0].append("word")
    changed.hypotheses = []
    changed.hits = -1
    assert changed.references[0] == [*expected["references"][0], "word"]
    assert asdict(changed)["alignments"] == expected["alignments"]
    assert (changed.hypotheses, changed.hits) == ([], -1)


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize("name", LISTS)
def test_lists_are_set_and_deleted_before_they_are_seen(process, name):
    def deleted(module):
        output = getattr(module, process)("a b", "a")
        setattr(output, name, ["set"])
        was = getattr(output, name)
        delattr(output, name)
        return was, outcome(getattr, output, name), sorted(vars(output))

    def deleted_at_once(module):
        output = getattr(module, process)("a b", "a")
        delattr(output, name)
        return outcome(getattr, output, name), outcome(delattr, output, name)

    for change in (deleted, deleted_at_once):
        assert change(ours) == change(jiwer)


def test_lists_of_a_transform_of_the_callers_own_are_kept():
    words = [["a", "b"]]
    chunks = ours.process_words("a", "b", lambda _: words, lambda _: [["a"]])
    assert chunks.references is words
    words[0].clear()
    assert [chunk.type for chunk in chunks.alignments[0]] == ["equal", "delete"]


def test_threads_that_look_at_once_see_the_same_lists():
    sentences = ["some words of a sentence"] * 200
    with ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            output = ours.process_words(sentences, sentences)
            found = list(pool.map(lambda name, output=output: getattr(output, name), LISTS * 8))
            assert all(each is getattr(output, name) for each, name in zip(found, LISTS * 8, strict=True))


@pytest.mark.parametrize("flags", [*map("".join, itertools.product(("", "c"), ("", "a"), ("", "g")))])
def test_the_command_prints_what_that_of_the_peer_does(tmp_path, flags):
    (tmp_path / "ref").write_text("a bc  d\n\nx\nhello world \nthird *\n")
    (tmp_path / "hyp").write_text("a bc\nhello word\nthird naïve\n", encoding="utf-8")
    command = ["-r", str(tmp_path / "ref"), "-h", str(tmp_path / "hyp"), *([f"-{flags}"] if flags else [])]
    outputs = [
        subprocess.run([sys.executable, "-m", *module, *command], capture_output=True, check=True).stdout
        for module in (["jiwer.cli"], ["textgauge.cli", "jiwer"])
    ]
    assert outputs[0] == outputs[1]


def test_the_command_names_files_that_differ_in_length(tmp_path):
    (tmp_path / "ref").write_text("one two\nthree\n")
    (tmp_path / "hyp").write_text("one two\n")
    command = ["-r", str(tmp_path / "ref"), "-h", str(tmp_path / "hyp")]
    done = subprocess.run(
        [sys.executable, "-m", "textgauge.cli", "jiwer", *command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "--global" in done.stderr
