"""Every token against sacrebleu's: shared data and many hostile strings, for every tokenizer.

Run as a script it compares everything and exits 1 on a mismatch; the tests beside it take samples.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from parity import DATA, read_pairs
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a
from sacrebleu.tokenizers.tokenizer_char import TokenizerChar
from sacrebleu.tokenizers.tokenizer_intl import TokenizerV14International
from sacrebleu.tokenizers.tokenizer_none import NoneTokenizer
from sacrebleu.tokenizers.tokenizer_ter import TercomTokenizer
from sacrebleu.tokenizers.tokenizer_zh import TokenizerZh

from textgauge import _core

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

FAMILIES = ("mt", "multiref", "captions", "hard_text")


class Mismatch(NamedTuple):
    """A text whose tokens differ."""

    tokenizer: str
    text: str
    ours: list[str]
    theirs: list[str]


def like_bleu(tokenizer: Callable[[str], str]) -> Callable[[str], list[str]]:
    """A tokenizer with what BLEU and TER do before and after it."""
    # Without the memory that sacrebleu keeps of texts, which would keep every text of this run.
    bare = getattr(type(tokenizer).__call__, "__wrapped__", None)
    function = tokenizer if bare is None else functools.partial(bare, tokenizer)
    return lambda text: function(text.rstrip()).split()


def tercoms() -> Iterator[tuple[str, Callable[[str], list[str]]]]:
    """`tercom` with every combination of its options."""
    for normalized, no_punct, asian in itertools.product((False, True), repeat=3):
        name = "tercom" + "+norm" * normalized + "+nopunct" * no_punct + "+asian" * asian
        yield name, like_bleu(TercomTokenizer(normalized, no_punct, asian, case_sensitive=True))


THEIRS: dict[str, Callable[[str], list[str]]] = {
    "13a": like_bleu(Tokenizer13a()),
    "intl": like_bleu(TokenizerV14International()),
    "zh": like_bleu(TokenizerZh()),
    "none": like_bleu(NoneTokenizer()),
    "char": like_bleu(TokenizerChar()),
    **dict(tercoms()),
    "characters+space": list,
    "chrf-words": CHRF(word_order=2)._remove_punctuation,
}


def ours(text: str, tokenizer: str, lowercase: bool = False) -> list[str]:
    """The tokens of the whole text."""
    (tokens,) = _core.tokenize(text, tokenizer, "none", lowercase, False)
    return tokens


def mismatches(texts: Iterable[str]) -> list[Mismatch]:
    """Every text whose tokens differ, as they are and in lower case, for every tokenizer."""
    wrong: list[Mismatch] = []
    for text in texts:
        lowered = text.lower()
        for tokenizer, theirs in THEIRS.items():
            for lowercase, source in ((False, text), (True, lowered)):
                if lowercase and lowered == text:
                    continue
                mine, expected = ours(text, tokenizer, lowercase), theirs(source)
                if mine != expected:
                    wrong.append(Mismatch(f"{tokenizer}{' lower' * lowercase}", text, mine, expected))
    return wrong


def data_files() -> list[Path]:
    """The files of the shared data whose texts are compared; empty where there are none."""
    return [path for family in FAMILIES for path in sorted((DATA / family).glob("*.jsonl*"))]


def texts_of(path: Path) -> Iterator[str]:
    """Every distinct text of a file."""
    pairs = read_pairs(path)
    yield from dict.fromkeys(itertools.chain.from_iterable((pair.prediction, *pair.references) for pair in pairs))


# fmt: off
PIECES = (
    "a", "s", "b's", "'s", "'", "It's", "O'S", "word", "ΑΣ", "été", "ß", "Дом", "नमस्ते", "한국", "שלום",
    "0", "1", "9", "42", "3.5", "1,000", "1.000,50", ".5", "5.", "3-4", "-7", "10%", "$5", "U.S.", "e.g.,", "...",
    "..",
    ".,", ",.", ",,,", "--", "-", ".", ",", "\u0663", "\u0664.\u0665", "\u2167", "\xbd", "\xb2", "\u2460",
    "\u0be7", "\u3007",
    "\u4e00", "\U0001d7ce", "\U00010107", "\uff11",
    "&", "&quot;", "&amp;", "&lt;", "&gt;", "&amp;lt;", "&amp;quot;", "&amp;amp;gt;", "&apos;", "&am", "p;", "lt;",
    "<skipped>", "<skip", "ped>", "<", ">", "-\n", "\n-", "-<skipped>\n", "\n", "\r\n", "\n\n", "-\n-\n",
    "中文", "日本", "漢", "〇", "\u3400", "\u4db5", "\u4db6", "\u4dbf", "\u9fa5", "\u9fbb", "\u9fbc", "\u9fff",
    "\ufa2e", "\ufa6b",
    "\U00020000", "\U0002a6d6", "\U0002f800", "\u2001", "\u2000", "\u2a6d", "\u2a6e", "\u2f81", "\u2fdf", "\u2fe0",
    "\u31ef", "\u31f0",
    "ひらがな", "カタカナ", "ー", "・", "\u31f0\u31ff", "ｶﾅ", "\u3040", "\u309f", "\u30a0", "\u30ff", "\u3200",
    "\u33ff", "\u3f22", "\u3f23",
    "。", "、", "「", "」", "〜", "！", "？", "，", "．", "：", "；", "（", "）", "＂", "～", "｡", "､", "\ufe30",
    "\ufe50", "\u3100",
    "!", "?", ":", ";", "(", ")", "[", "]", "{", "}", "~", "`", "^", "_", "/", "\\", "|", "*", "+", "=", "@", "#",
    "\"",
    "«", "»", "„", "“", "”", "’", "–", "—", "…", "¿", "¡", "§", "·", "€", "£", "©", "°", "±", "×", "→", "∑", "♥",
    "\U0001f600",
    "\u0964", "\u060c", "\u061f", "\u2e2e", "\u1360", "\U00010100", "\u02c2", "\u0375", "\ufdfc", "\u20ac", "\u1e9e",
    "\u0301", "\u0307", "\u0345", "\u20dd", "\u200d", "\u200b", "\xad", "\ufeff", "\u180e", "\ud800", "\udfff",
    "\udc80", "\0",
    "\u0130", "\u212a", "\u03a3", "\U0010ffff", "\U000e0001", "\ue000", "\u0378", "\x7f", "\x80", "\x1b",
    "supercalifragilistic", "naïvementnaïvement",
)
SPACES = (
    " ", "  ", "\t", "\n", "\x0b", "\x0c", "\r", "\x1c", "\x1d", "\x1e", "\x1f", "\x85", "\xa0", "\u1680",
    "\u2003", "\u2028",
    "\u2029", "\u202f", "\u205f", "\u3000",
)
# fmt: on


def hostile_pieces() -> st.SearchStrategy[str]:
    """What the tokenizers' rules are about, and white space."""
    return st.one_of(
        st.sampled_from(PIECES),
        st.sampled_from(PIECES),
        st.sampled_from(SPACES),
        st.just(" "),
        st.text("0123456789.,-", min_size=1, max_size=6),
        st.text(".,!'s -19", min_size=1, max_size=6),
        st.text("&ltgmpquo;<skied>-\n", min_size=1, max_size=6),
        st.characters(),
        st.characters(categories=["P", "S", "N", "Z", "Cc", "Cs", "Mn"]),
    )


def hostile_texts() -> st.SearchStrategy[str]:
    """Texts of such pieces, mostly without white space between."""
    return st.lists(hostile_pieces(), max_size=40).map("".join)


def hostile_sample(count: int, start: int) -> list[str]:
    """That many hostile texts; the same for the same `start`."""
    texts: list[str] = []

    @seed(start)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(hostile_texts())
    def collect(text: str) -> None:
        texts.append(text)

    collect()
    return texts


def main(arguments: Iterable[str] | None = None) -> int:
    """Compares everything; 1 if anything differs or there was nothing to compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hostile", type=int, default=20_000, help="hostile texts")
    parser.add_argument("--limit", type=int, help="texts of each file at most")
    options = parser.parse_args(None if arguments is None else list(arguments))

    sources: list[tuple[str, Iterable[str]]] = [
        (f"hostile {start}", hostile_sample(min(1000, options.hostile - start), start))
        for start in range(0, options.hostile, 1000)
    ]
    files = data_files()
    sources += [(f"{path.parent.name}/{path.name}", itertools.islice(texts_of(path), options.limit)) for path in files]
    total = wrong = 0
    for name, source in sources:
        started = time.perf_counter()
        texts = list(source)
        found = mismatches(texts)
        for mismatch in found[:10]:
            print(f"  {mismatch!a}"[:2000])
        total += len(texts)
        wrong += len(found)
        seconds = time.perf_counter() - started
        print(f"{name}: {len(texts):,} texts, {len(found)} mismatches, {seconds:.0f} s", flush=True)
    print(f"{total:,} texts, {len(THEIRS)} tokenizers, as they are and in lower case: {wrong} mismatches")
    return int(bool(wrong) or not files)


if __name__ == "__main__":
    sys.exit(main())
