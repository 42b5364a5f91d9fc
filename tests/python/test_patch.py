"""Other packages' imports, answered by drop-ins."""

import importlib
import subprocess
import sys
import types

import nltk
import pytest
import rouge_score.rouge_scorer
from nltk.translate.bleu_score import sentence_bleu
from rouge_score.rouge_scorer import RougeScorer

import textgauge as tg
from textgauge.compat.nltk.translate import bleu_score
from textgauge.compat.rouge_score import rouge_scorer as drop_in


def importer(code):
    module = types.ModuleType("someones_module")
    sys.modules[module.__name__] = module
    exec(code, vars(module))
    return module


@pytest.fixture(autouse=True)
def clean():
    yield
    sys.modules.pop("someones_module", None)


def test_imports_give_the_drop_in_and_unpatch_the_package():
    package = sys.modules["rouge_score"]
    with tg.patch("rouge_score") as patch:
        from rouge_score import rouge_scorer as found

        assert found is drop_in
        assert patch.packages == ("rouge_score",)
    assert sys.modules["rouge_score"] is package
    from rouge_score import rouge_scorer as found

    assert found.RougeScorer is RougeScorer
    assert found is not drop_in


def test_what_was_imported_before_is_replaced_too():
    code = "import rouge_score.rouge_scorer as module\nfrom rouge_score.rouge_scorer import RougeScorer as Class"
    someone = importer(code)
    original = someone.module, someone.Class
    tg.patch("rouge_score")
    assert (someone.module, someone.Class) == (drop_in, drop_in.RougeScorer)
    tg.patch.unpatch("rouge_score")
    assert (someone.module, someone.Class) == original


def test_an_inner_patch_leaves_the_outer_one():
    with tg.patch("rouge_score"):
        with tg.patch("rouge_score") as inner:
            assert inner.packages == ()
        assert sys.modules["rouge_score.rouge_scorer"] is drop_in


def test_modules_that_the_drop_in_lacks_are_refused():
    with (
        tg.patch("rouge_score"),
        pytest.raises(ModuleNotFoundError, match=r"drop-in for rouge_score has no module rouge_score\.rouge"),
    ):
        importer("import rouge_score.rouge")


def test_what_a_module_has_changed_meanwhile_stays():
    importlib.import_module("sacrebleu.significance")  # has the constant False

    someone = importer("from rouge_score.rouge_scorer import RougeScorer\nflag = False\nlimit = 4")
    with tg.patch("rouge_score", "sacrebleu"):
        assert someone.RougeScorer is drop_in.RougeScorer
        someone.RougeScorer = someone.flag = True
    assert (someone.RougeScorer, someone.flag, someone.limit) == (True, True, 4)


def test_of_nltk_only_what_is_covered_is_replaced():
    someone = importer("from nltk.translate.bleu_score import sentence_bleu")
    with tg.patch("nltk"):
        from nltk.translate.bleu_score import sentence_bleu as found
        from nltk.translate.meteor_score import meteor_score

        assert found is someone.sentence_bleu is nltk.translate.bleu is nltk.bleu is bleu_score.sentence_bleu
        assert nltk.edit_distance.__module__ == "textgauge.compat.nltk.metrics.distance"
        assert meteor_score is nltk.translate.meteor
        assert nltk.tokenize.wordpunct_tokenize("a-b") == ["a", "-", "b"]
    assert someone.sentence_bleu is nltk.translate.bleu is nltk.bleu is sentence_bleu


def run(code):
    """What a Python of its own prints."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


def test_nltk_may_be_imported_afterwards():
    code = """
import textgauge as tg
with tg.patch("nltk"):
    import nltk
    functions = nltk.bleu, nltk.edit_distance, nltk.translate.bleu_score.sentence_bleu, nltk.translate.meteor
    print(*(each.__module__ for each in functions))
from nltk.translate.bleu_score import sentence_bleu
import nltk
print(sentence_bleu.__module__, nltk.bleu.__module__, nltk.translate.bleu_score.__name__)
"""
    ours = "textgauge.compat.nltk"
    assert run(code) == [
        *(f"{ours}.translate.bleu_score", f"{ours}.metrics.distance", f"{ours}.translate.bleu_score"),
        "nltk.translate.meteor_score",
        *["nltk.translate.bleu_score"] * 3,
    ]


def test_unknown_packages_are_refused():
    with pytest.raises(tg.ConfigError, match="no drop-in for 'numpy'"):
        tg.patch("rouge_score", "numpy")
    with pytest.raises(tg.ConfigError, match="'rouge_score' is not patched"):
        tg.patch.unpatch("rouge_score")


def test_a_script_runs_unchanged(tmp_path):
    (tmp_path / "helper.py").write_text("WORDS = 'the cat'\n")
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\nfrom helper import WORDS\nfrom rouge_score import rouge_scorer\n"
        "print(rouge_scorer.__name__, rouge_scorer.RougeScorer(['rouge1']).score(WORDS, sys.argv[1]))\n"
    )
    command = [sys.executable, "-m", "textgauge.patch", str(script), "the cat"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    expected = rouge_score.rouge_scorer.RougeScorer(["rouge1"]).score("the cat", "the cat")
    assert done.stdout == f"{drop_in.__name__} {expected}\n"
    assert done.stderr == ""


def test_a_script_runs_with_some_drop_ins_only(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("import sys, jiwer, rouge_score\nprint(jiwer.__name__, rouge_score.__name__, *sys.argv[1:])\n")
    command = [sys.executable, "-m", "textgauge.patch"]
    found = subprocess.run([*command, "--only", "jiwer", str(script), "x"], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["textgauge.compat.jiwer", "rouge_score", "x"]
    for arguments in ([], ["--only"], ["--only", "jiwer"]):
        assert subprocess.run([*command, *arguments], capture_output=True, check=False).returncode != 0


def test_a_script_with_nltk_runs_unchanged(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import nltk\nfrom nltk.translate.bleu_score import SmoothingFunction, sentence_bleu\n"
        "print(sentence_bleu.__module__, nltk.bleu([['a', 'b']], ['a', 'b'], "
        "smoothing_function=SmoothingFunction().method1))\n"
    )
    command = [sys.executable, "-m", "textgauge.patch", str(script)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    expected = sentence_bleu(
        [["a", "b"]], ["a", "b"], smoothing_function=nltk.translate.bleu_score.SmoothingFunction().method1
    )
    assert done.stdout == f"{bleu_score.__name__} {expected}\n"


def test_no_drop_in_needs_the_package_that_it_stands_for():
    code = """
import sys
names = "jiwer rouge rouge_score rapidfuzz click absl six nltk evaluate datasets sacrebleu tabulate colorama"
for name in names.split():
    sys.modules[name] = None
import textgauge as tg
for name in tg.patch.MODULES:
    sys.modules.pop(name)
with tg.patch():
    import evaluate
    import jiwer
    import rouge
    import sacrebleu
    from rouge_score import rouge_scorer
print(*rouge.Rouge(["rouge-1"], ["r"]).get_scores("a", "a b"))
evaluate.load("bleu").compute(predictions=["a b"], references=["a c"])
assert sacrebleu.corpus_bleu(["a b"], [["a c"]]).score == 0
print(jiwer.wer("a b", "a c"), rouge_scorer.RougeScorer(["rouge1"], use_stemmer=True).score("a", "a"))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("{'rouge-1': {'r': 0.5}}\n0.5 {'rouge1': Score(precision=1.0,")


def test_the_command_line_loads_drop_ins_only_for_their_commands():
    code = "import sys, textgauge.cli.app; print(*(name for name in sys.modules if 'compat' in name.split('.')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_door_has_both():
    with tg.patch("jiwer"):
        assert sys.modules["jiwer"].__name__ == "textgauge.compat.jiwer"
        tg.unpatch("jiwer")
        assert sys.modules.get("jiwer") is None or sys.modules["jiwer"].__name__ == "jiwer"
