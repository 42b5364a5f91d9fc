"""Other packages' imports, answered by drop-ins."""

import subprocess
import sys
import types

import pytest
import rouge_score.rouge_scorer
from rouge_score.rouge_scorer import RougeScorer

import textgauge as tg
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


def test_no_drop_in_needs_the_package_that_it_stands_for():
    code = """
import sys
for name in ("jiwer", "rouge_score", "rapidfuzz", "click", "absl", "six", "nltk", "evaluate", "datasets", "sacrebleu"):
    sys.modules[name] = None
import textgauge as tg
for name in tg.patch.MODULES:
    sys.modules.pop(name)
with tg.patch():
    import evaluate
    import jiwer
    from rouge_score import rouge_scorer
evaluate.load("bleu").compute(predictions=["a b"], references=["a c"])
print(jiwer.wer("a b", "a c"), rouge_scorer.RougeScorer(["rouge1"], use_stemmer=True).score("a", "a"))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("0.5 {'rouge1': Score(precision=1.0,")


def test_the_command_line_loads_drop_ins_only_for_their_commands():
    code = "import sys, textgauge.cli.app; print(*(name for name in sys.modules if 'compat' in name.split('.')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_door_has_both():
    with tg.patch("jiwer"):
        assert sys.modules["jiwer"].__name__ == "textgauge.compat.jiwer"
        tg.unpatch("jiwer")
        assert sys.modules.get("jiwer") is None or sys.modules["jiwer"].__name__ == "jiwer"
