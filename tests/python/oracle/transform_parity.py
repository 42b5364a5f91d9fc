"""Every transform against its source, text for text: all shared data and many hostile strings.

Run as a script it compares everything and exits 1 on a mismatch; the tests beside it take samples.
"""

from __future__ import annotations

import argparse
import html
import random
import re
import sys
import time
import unicodedata
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import accumulate, islice, pairwise, product
from multiprocessing import get_context
from typing import TYPE_CHECKING

import jiwer
from parity import data_files, read_pairs
from whisper_normalizer.basic import BasicTextNormalizer
from whisper_normalizer.english import EnglishTextNormalizer

from textgauge.text import transforms as ours

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Transform = Callable[[str], str]

WORDS = {"the": "a", "a": r"\g<0>b", "don't": "do not", "x9": "", "mr": "mister", "": "+", "é": "e", "'s": " is"}
# These run in the core, the other ones by `re`.
NATIVE_REGEXES = {
    r"\[.*?\]|\(.*?\)": "",
    r"[^\w\s'-]": " ",
    r"(\d{1,3}),(\d{3})": r"\1\2",
    r"\s+": " ",
    r"(\w)\.(\w)": r"\g<2>.\1",
    r".[^a-z\W]x?": "<>",
}
REGEXES = ({r"(\w)s\b": r"\1", r"^\s": "", r"x*": "_"}, NATIVE_REGEXES)


def _sentencepiece(text: str) -> str:
    return text.replace(" ", "").replace("\u2581", " ").strip() if "\u2581" in text else text


def _first_bytes(text: str) -> str:
    """The first bytes, without a part of a character; lone surrogates take three."""
    ends = accumulate(len(char.encode("utf-8", "surrogatepass")) for char in text)
    return text[: sum(end <= 20 for end in ends)]


def _first_words(text: str) -> str:
    words = list(islice(re.finditer(r"\S+", text), 4))
    return text[: words[2].end()] if len(words) == 4 else text


def _lines(text: str) -> str:
    return "\n".join(part.strip().replace("\n", " ") for part in text.split("<q>") if part.strip())


# For each transform what it is to be equal to, here written as slowly and plainly as can be where no package has it.
SOURCES: list[tuple[Transform, Transform]] = [
    (ours.ToLowerCase(), jiwer.ToLowerCase()),
    (ours.ToUpperCase(), jiwer.ToUpperCase()),
    (ours.RemovePunctuation(), jiwer.RemovePunctuation()),
    (ours.RemoveMultipleSpaces(), jiwer.RemoveMultipleSpaces()),
    (ours.Strip(), jiwer.Strip()),
    (ours.RemoveWhiteSpace(), jiwer.RemoveWhiteSpace()),
    (ours.RemoveWhiteSpace(replace_by_space=True), jiwer.RemoveWhiteSpace(replace_by_space=True)),
    (ours.ExpandCommonEnglishContractions(), jiwer.ExpandCommonEnglishContractions()),
    (ours.RemoveKaldiNonWords(), jiwer.RemoveKaldiNonWords()),
    (ours.SubstituteWords(WORDS), jiwer.SubstituteWords(WORDS)),
    (ours.RemoveSpecificWords(["the", "run", "is"]), jiwer.RemoveSpecificWords(["the", "run", "is"])),
    *((ours.SubstituteRegexes(regexes), jiwer.SubstituteRegexes(regexes)) for regexes in REGEXES),
    (ours.CaseFold(), str.casefold),
    *(
        (ours.NormalizeUnicode(form), lambda text, form=form: unicodedata.normalize(form, text))
        for form in ("NFC", "NFD", "NFKC", "NFKD")
    ),
    (ours.UnescapeHtml(), html.unescape),
    (ours.JoinSubwords("bpe"), lambda text: re.sub("(@@ )|(@@ ?$)", "", text, flags=re.MULTILINE)),
    (ours.JoinSubwords("wordpiece"), lambda text: text.replace(" ##", "")),
    (ours.JoinSubwords("sentencepiece"), _sentencepiece),
    (ours.FirstWords(3), _first_words),
    (ours.FirstBytes(20), _first_bytes),
    (ours.SplitSentences("<q>"), _lines),
    (ours.WhisperEnglish(), EnglishTextNormalizer()),
    *(
        (ours.WhisperBasic(*options), BasicTextNormalizer(*options))
        for options in product((False, True), repeat=3)
        if not (options[0] and options[2])
    ),
]

# Those that change no character but white space.
REMOVING = (
    ours.RemovePunctuation,
    ours.RemoveMultipleSpaces,
    ours.Strip,
    ours.RemoveWhiteSpace,
    ours.RemoveKaldiNonWords,
    ours.JoinSubwords,
    ours.FirstWords,
    ours.FirstBytes,
    ours.SplitSentences,
)

# Pieces of which hostile strings are made: what the rules look at, and what borders on it.
PIECES = """
one two three four five six seven eight nine ten eleven twelve nineteen twenty thirty ninety twenties ninetieth hundred
thousand million billions trillionth decillion zero oh o first second third nineth fours sixes point and a half double
triple minus plus negative per cent percent dollars pounds euro cents cent 1 1s 11 0 00 007 10 100 1000 2.50 1.0 0.05
3.14.15 1,000 1,2,3 12th 1st 2 nd 3 rd 4 th 1960s $ £ € ¢ % $2 $0.07 £1 ¢5 ¢07 $.5 20% .5 5. . .. ... , ; : ! ? ' " - _
won't can't let's ain't y'all wanna gonna gotta dunno imma i'ma shoulda cause ma'am mr Mrs. st dr prof rep sr hon esq
he'd been she's gone it's got n't 're 's 'd 'll 't 've 'm ' uh um hmm mm mhm mmm uhm colour organise flyer centre
( ) [ ] < > (a) () (( [laugh] <unk> </s> <s> <pad> <|im_end|> <think> </think> &amp; &lt &#39; &#x27; &notit; &eacute
&# & @@ new@@ er ##er \u2581new \u2581 <q> the run is don't mr x9 [[ ]] << >> \\ * + {2} ^ | ~ ` = / # @
""".split()  # noqa: SIM905 - a list would be of a line each
ODD = [
    " ",
    "  ",
    "\t",
    "\n",
    "\r\n",
    "\x0b",
    "\x1c",
    "\x85",
    "\xa0",
    "\u2028",
    "\u3000",
    "\u200b",
    "\u200d",
    "\ufeff",
    "\0",
    "é",
    "e\u0301",
    "É",
    "ß",
    "ẞ",
    "İ",
    "ı",
    "Σ",
    "ΑΣ",
    "ς",
    "ﬁ",
    "Ǆ",
    "ŉ",
    "ΐ",
    "Å",
    "Å",
    "æ",
    "Œ",
    "ø",
    "đ",
    "ð",
    "þ",
    "ł",
    "क\u0949\u094dस",
    "a\u094dस",
    "क\u094d\u200dस",
    "\u1a20\u1a60\u1a21",
    "ക്ഷ",
    "q\u0307\u0323",
    "\u0344",
    "\u0958",
    "한국",
    "\u1112\u1161\u11ab",
    "가\u11a8",
    "ﾊﾞ",
    "ｶﾞ",
    "２",
    "①",
    "½",
    "㎏",
    "٣",
    "٣,٤",
    "१२",
    "中文",
    "日本語。",
    "「",
    "，",
    "है",
    "हैं",
    "می‌خواهم",
    "👍",
    "👩‍👩‍👧",
    "❤️",
    "🇩🇪",
    "\ud800",
    "\udfff",
    "\ud83d",
    "𝟙",
    "𝐀",
    "ǅ",
    "\U0001e900",
]


def hostile_texts(count: int, seed: int) -> Iterator[str]:
    """Strings that are odd to one rule or another."""
    draw = random.Random(seed)
    for _ in range(count):
        odd = draw.choice((0.0, 0.1, 0.5))
        gap = draw.choice((" ", " ", " ", "", "  "))
        parts = []
        for _ in range(draw.randrange(1, draw.choice((3, 8, 25)))):
            kind = draw.random()
            if kind < odd:
                parts.append(draw.choice(ODD))
            elif kind < 0.97:
                parts.append(draw.choice(PIECES))
            else:
                parts.append(
                    chr(draw.choice((draw.randrange(0x250), draw.randrange(0x3000), draw.randrange(0x110000))))
                )
        yield gap.join(parts)


def known_to_python(text: str) -> bool:
    """Whether this Python's Unicode assigns every character: newer versions say otherwise of others."""
    return all(unicodedata.category(char) != "Cn" for char in text)


def mismatches(texts: Iterable[str]) -> tuple[int, list[str]]:
    """How many texts were compared, and what differs: of text, or of where it is said to have come from."""
    count, found = 0, []
    for text in texts:
        if not known_to_python(text):
            continue
        count += 1
        for transform, source in SOURCES:
            made = transform(text)
            try:
                wanted = source(text)
            except (AssertionError, ValueError):  # numbers of more than 4,300 digits
                continue
            if made != wanted:
                found.append(f"{transform!r} of {text!r}: {made!r}, not {wanted!r}")
        found += wrong_spans(text)
    return count, found


def wrong_spans(text: str) -> list[str]:
    """What is wrong with where transforms say that characters came from."""
    found = []
    for transform, _ in SOURCES:
        made, spans = transform.traced(text)  # type: ignore[attr-defined]
        if made != transform(text) or len(spans) != len(made):
            found.append(f"{transform!r} of {text!r} traced: {made!r} with {len(spans)} spans")
        removes = isinstance(transform, REMOVING)
        for char, (start, end) in zip(made, spans, strict=False):
            # What was kept is what stands there.
            if not 0 <= start <= end <= len(text) or (removes and text[start:end] != char and not char.isspace()):
                found.append(f"{transform!r} of {text!r}: {char!r} from {start}:{end}")
        goes_back = any(before[0] > behind[0] for before, behind in pairwise(spans))
        if goes_back and not isinstance(transform, ours.WhisperEnglish):
            found.append(f"{transform!r} of {text!r}: spans go back")
    return found


def data_texts() -> Iterator[str]:
    """Every distinct text of the shared data."""
    seen: set[int] = set()
    for path in data_files():
        for pair in read_pairs(path):
            for text in (pair.prediction, *pair.references):
                if hash(text) not in seen:
                    seen.add(hash(text))
                    yield text


def _chunks(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    texts = iter(texts)
    while chunk := list(islice(texts, size)):
        yield chunk


def main() -> int:
    """Compares everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hostile", type=int, default=50_000, help="how many hostile strings")
    parser.add_argument("--limit", type=int, help="no more texts of the data than this")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    began = time.monotonic()
    failed = False
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        for name, texts in (
            ("hostile strings", hostile_texts(arguments.hostile, arguments.seed)),
            ("texts of the data", islice(data_texts(), arguments.limit)),
        ):
            total, differing = 0, 0
            for count, found in pool.map(mismatches, _chunks(texts, 200)):
                total += count
                differing += len(found)
                for line in found[: max(0, 20 - differing + len(found))]:
                    print(line[:600])
            failed |= differing > 0 or total == 0
            print(f"{total:,} {name} under {len(SOURCES)} transforms: {differing} mismatches", flush=True)
    print(f"{time.monotonic() - began:.0f} s")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
