"""What is done to texts before they are tokenised: lower case, no punctuation, other spellings, no thoughts.

Each transform is a function from a text to a text, comparable and picklable. Those here run in the core, as fast as it
reads texts. Every metric takes them, or the names of those without arguments, and a `Scorer` gives them to all its
metrics:

>>> import textgauge as tg
>>> metric = tg.Wer(transforms=("ToLowerCase", tg.transforms.SubstituteWords({"u": "you"})))
>>> tg.Scorer(metric).score(["See u"], ["see you"])["wer"]
array([0.])

Any other function from a text to a text will do too. It runs in Python, and so do the transforms beside it.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, cast

from textgauge import _core
from textgauge._value import Value, nearest
from textgauge.errors import ConfigError, InputError
from textgauge.text.tokenizers import need, punkt, signature_name

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "CaseFold",
    "ExpandCommonEnglishContractions",
    "FirstBytes",
    "FirstWords",
    "JoinSubwords",
    "NltkSentences",
    "NormalizeUnicode",
    "RemoveKaldiNonWords",
    "RemoveMultipleSpaces",
    "RemovePunctuation",
    "RemoveReasoning",
    "RemoveSpecialTokens",
    "RemoveSpecificWords",
    "RemoveWhiteSpace",
    "SplitSentences",
    "Strip",
    "SubstituteRegexes",
    "SubstituteWords",
    "ToLowerCase",
    "ToUpperCase",
    "Transform",
    "UnescapeHtml",
    "WhisperBasic",
    "WhisperEnglish",
]

Transform: TypeAlias = Callable[[str], str]

Span = tuple[int, int]


class BuiltIn(Value):
    """A transform of this library's, which knows where each character of its text came from."""

    def __post_init__(self) -> None:
        # Refuses wrong arguments; without the cache, in which 1 and True are the same.
        if self._defaults:
            _core.Transforms.of(self.core_parts())
        else:
            self.core()

    def core_parts(self) -> list[tuple[str, dict[str, Any]]]:
        """The names and arguments of the core's transforms that do it."""
        return [(type(self).__name__, self.fields())]

    def core(self) -> _core.Transforms | None:
        """What does it in the core; `None` if it is done in Python."""
        return _compiled(self)

    def signature_name(self) -> str:
        """What signatures call it."""
        core = self.core()
        return repr(self) if core is None else core.name

    def __call__(self, text: str) -> str:
        """The text, transformed."""
        core = self.core()
        return self.traced(text)[0] if core is None else core(text)

    def traced(self, text: str) -> tuple[str, list[Span]]:
        """The text, transformed, and for each of its characters the range of characters that it came from."""
        core = self.core()
        if core is None:
            raise NotImplementedError
        return core.traced(text)


@functools.lru_cache(maxsize=256)
def _compiled(*transforms: BuiltIn) -> _core.Transforms | None:
    """These, one after the other; `None` if one of them is done in Python."""
    return _core.Transforms.of([part for transform in transforms for part in transform.core_parts()])


class ToLowerCase(BuiltIn):
    """Lower-cases, as `str.lower`. In jiwer too."""


class ToUpperCase(BuiltIn):
    """Upper-cases, as `str.upper`. In jiwer too."""


class CaseFold(BuiltIn):
    """Folds case, as `str.casefold`: `ß` is `ss`, and so for whatever else differs in nothing but case."""


class Strip(BuiltIn):
    """Takes white space off both ends, as `str.strip`. In jiwer too."""


class RemoveMultipleSpaces(BuiltIn):
    """Makes one blank of any two or more characters of white space. In jiwer too."""


class RemoveWhiteSpace(BuiltIn):
    """Removes the white space of ASCII. In jiwer too.

    Attributes:
        replace_by_space: Whether a blank is left in place of each character.
    """

    replace_by_space: bool = False


class RemovePunctuation(BuiltIn):
    """Removes punctuation: what Unicode puts into a category that starts with P. In jiwer too."""


class RemoveKaldiNonWords(BuiltIn):
    """Removes what stands in square or angle brackets, such as `[laugh]` and `<unk>`. In jiwer too."""


class ExpandCommonEnglishContractions(BuiltIn):
    """Writes out what an apostrophe stands for, `she'll` as `she will`, in lower-case English. In jiwer too."""


class NormalizeUnicode(BuiltIn):
    """Writes what looks the same in one way: `é` as one character, or as two (UAX #15).

    Attributes:
        form: `"NFC"`, composed; `"NFD"`, decomposed; `"NFKC"` and `"NFKD"`, in which compatibility characters such as
            `ﬁ` and `½` are replaced too.

    Raises:
        ConfigError: There is no such form.
    """

    form: Literal["NFC", "NFD", "NFKC", "NFKD"] = "NFC"


class RemoveReasoning(BuiltIn):
    """Removes what a model thought before it answered, with the white space behind.

    Thoughts stand between `<think>` and `</think>`; or in the tags `thinking`, `thought`, `thoughts`, `reasoning`,
    `reflection`, `scratchpad` and `seed:think`, in either case of letters; `[THINK]` and `[/THINK]`; `◁think▷` and
    `◁/think▷`; `<|begin_of_thought|>` and `<|end_of_thought|>`; `<|channel|>analysis<|message|>` and `<|end|>`. Without
    the closing tag all behind the opening one goes: the model never answered. Without the opening tag, which prompts
    often end with, all before the closing one goes.
    """


class RemoveSpecialTokens(BuiltIn):
    """Removes what tokenizers and chat templates put around texts.

    That is whatever looks like `<|im_end|>`, also with the wide bars of U+FF5C, and `<s>`, `</s>`, `<pad>`, `<bos>`,
    `<eos>`, `<sep>`, `<cls>`, `<mask>`, `<start_of_turn>`, `<end_of_turn>`, `<end_of_utterance>`, `[PAD]`, `[CLS]`,
    `[SEP]`, `[MASK]`, `[BOS]`, `[EOS]`, `[EOT]`, `[INST]`, `[/INST]`, `<<SYS>>`, `<</SYS>>`. Unknown words, `<unk>`,
    stay: they stand for something.
    """


class UnescapeHtml(BuiltIn):
    """Puts characters in place of HTML's references to them, `&amp;` and `&#39;`, as Python's `html.unescape`."""


class JoinSubwords(BuiltIn):
    """Joins sub-words to words.

    Attributes:
        marks: `"bpe"`, `new@@ er` as subword-nmt writes it; `"sentencepiece"`, `▁new er`; `"wordpiece"`, `new ##er` as
            BERT writes it.

    Raises:
        ConfigError: There are no such marks.
    """

    marks: Literal["bpe", "sentencepiece", "wordpiece"] = "bpe"


class FirstWords(BuiltIn):
    """Keeps the first words, those between white space: option `-l` of ROUGE-1.5.5.

    Attributes:
        n: How many, from 0.

    Raises:
        ConfigError: `n` is no such number.
    """

    n: int


class FirstBytes(BuiltIn):
    """Keeps the first bytes of UTF-8, and no part of a character: option `-b` of ROUGE-1.5.5.

    Attributes:
        n: How many, from 0.

    Raises:
        ConfigError: `n` is no such number.
    """

    n: int


class SplitSentences(BuiltIn):
    """Puts each sentence on a line of its own, as `rougeLsum` wants them. Line breaks inside become blanks.

    Attributes:
        separator: What stands between sentences, such as `<q>`; `None` for sentences by Unicode's rules (UAX #29).

    Raises:
        ConfigError: The separator is empty, or no `str`.
    """

    separator: str | None = None


class NltkSentences(BuiltIn):
    """Puts each sentence on a line of its own, as rouge-score does with `split_summaries=True`. Runs in Python.

    Sentences are those of NLTK's `sent_tokenize`, which needs NLTK (extra `nltk`) and its data `punkt_tab`.

    Attributes:
        language: The language of NLTK's model.

    Raises:
        ConfigError: NLTK or its data are not installed.
    """

    language: str = "english"

    def __post_init__(self) -> None:
        self.core()

    def core(self) -> None:
        """It is done in Python."""
        punkt("the transform NltkSentences", self.language)

    def signature_name(self) -> str:
        """What signatures call it, with the version of NLTK."""
        (nltk,) = need("the transform NltkSentences", "nltk", "nltk")
        return f"NltkSentences({self.language})[{nltk.__version__}]"

    def traced(self, text: str) -> tuple[str, list[Span]]:
        """See `BuiltIn.traced`."""
        made: list[str] = []
        spans: list[Span] = []
        for start, end in punkt("the transform NltkSentences", self.language).span_tokenize(text):
            if made:
                made.append("\n")
                spans.append((start, start))
            made.append(text[start:end].replace("\n", " "))
            spans += [(at, at + 1) for at in range(start, end)]
        return "".join(made), spans


class SubstituteRegexes(BuiltIn):
    r"""Replaces what regular expressions match, one expression after the other. In jiwer too.

    Expressions that mean the same to the core's engine run there; others, for instance with `\b`, look-around or
    flags, run by Python's `re`. What comes out is the same.

    Attributes:
        substitutions: Pairs of an expression and its replacement, as `re.sub` takes them; or a mapping.

    Raises:
        ConfigError: An expression or a replacement is none.
    """

    substitutions: tuple[tuple[str, str], ...]

    def __init__(self, substitutions: Mapping[str, str] | Iterable[tuple[str, str]]) -> None:
        self._set("substitutions", _pairs(substitutions))
        for expression, replacement in self.substitutions:
            _sub(expression, replacement, "")  # refuses what is no expression or replacement

    def signature_name(self) -> str:
        """What signatures call it, with the version of Unicode."""
        core = self.core()
        return f"{self!r}[re {unicodedata.unidata_version}]" if core is None else core.name

    def traced(self, text: str) -> tuple[str, list[Span]]:
        """See `BuiltIn.traced`."""
        if self.core() is not None:
            return super().traced(text)
        made, spans = _chained(text, (functools.partial(_traced_sub, *pair) for pair in self.substitutions))
        return made, cast("list[Span]", spans)  # known, because every step knows

    def __call__(self, text: str) -> str:
        """The text, transformed."""
        core = self.core()
        if core is not None:
            return core(text)
        for expression, replacement in self.substitutions:
            text = re.sub(expression, replacement, text)
        return text


class SubstituteWords(BuiltIn):
    """Replaces words where they are not part of other words, one after the other. In jiwer too.

    Attributes:
        substitutions: Pairs of a word and its replacement, in which `re.sub`'s escapes count; or a mapping.

    Raises:
        ConfigError: A replacement is none.
    """

    substitutions: tuple[tuple[str, str], ...]

    def __init__(self, substitutions: Mapping[str, str] | Iterable[tuple[str, str]]) -> None:
        self._set("substitutions", _pairs(substitutions))
        super().__post_init__()

    def core_parts(self) -> list[tuple[str, dict[str, Any]]]:
        """See `BuiltIn.core_parts`."""
        # A replacement can refer to nothing but the word, so what it is can be told before.
        replaced = tuple((word, _sub(re.escape(word), other, word)) for word, other in self.substitutions)
        return [("SubstituteWords", {"substitutions": replaced})]


class RemoveSpecificWords(BuiltIn):
    """Puts a blank in place of words where they are not part of other words. In jiwer too.

    Attributes:
        words: The words.
    """

    words: tuple[str, ...]

    def __init__(self, words: str | Iterable[str]) -> None:
        each = (words,) if isinstance(words, str) else tuple(words) if isinstance(words, Iterable) else (words,)
        if not all(isinstance(word, str) for word in each):
            raise ConfigError(f"words is {words!r}; it must be a list of str", "bad-option")
        self._set("words", each)

    def core_parts(self) -> list[tuple[str, dict[str, Any]]]:
        """See `BuiltIn.core_parts`."""
        return [("SubstituteWords", {"substitutions": tuple((word, " ") for word in dict.fromkeys(self.words))})]


class WhisperBasic(BuiltIn):
    """Whisper's normaliser for any language: lower case, neither symbols nor what stands in brackets.

    Radford et al. 2022, "Robust Speech Recognition via Large-Scale Weak Supervision", appendix C, as
    whisper-normalizer 0.1.15 has it.

    Attributes:
        remove_diacritics: Whether letters lose their marks.
        split_letters: Whether a blank parts any two graphemes, for languages that write none.
        preserve_marks: Whether marks stay, such as the vowels of Indian scripts. Not with `remove_diacritics`.

    Raises:
        ConfigError: An option is neither True nor False, or two contradict each other.
    """

    remove_diacritics: bool = False
    split_letters: bool = False
    preserve_marks: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.remove_diacritics and self.preserve_marks:
            problem = "WhisperBasic: remove_diacritics and preserve_marks contradict each other"
            raise ConfigError(problem, "bad-option")


class WhisperEnglish(BuiltIn):
    """Whisper's normaliser of English: contractions, numbers, currencies and British spellings written one way.

    Radford et al. 2022, appendix C, as whisper-normalizer 0.1.15 has it. British spellings are read from that package,
    extra `whisper`, whose version stands in signatures.

    Raises:
        ConfigError: The package is not installed.
    """

    def core_parts(self) -> list[tuple[str, dict[str, Any]]]:
        """See `BuiltIn.core_parts`."""
        version, spellings = _british_spellings()
        return [("WhisperEnglish", {"version": version, "spellings": spellings})]


@functools.cache
def _british_spellings() -> tuple[str, list[tuple[str, str]]]:
    """The version of whisper-normalizer, and the spellings that it knows."""
    import importlib.metadata  # slow to load, as the others
    import importlib.resources
    import json

    need("the transform WhisperEnglish", "whisper", "whisper_normalizer")
    table = importlib.resources.files("whisper_normalizer").joinpath("normalizers/english.json")
    return importlib.metadata.version("whisper-normalizer"), list(json.loads(table.read_text("utf-8")).items())


def _pairs(substitutions: Mapping[str, str] | Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    pairs = substitutions.items() if isinstance(substitutions, Mapping) else substitutions
    try:
        found = tuple((before, after) for before, after in pairs)
    except (TypeError, ValueError):
        found = ((None, None),)
    if not all(isinstance(text, str) for pair in found for text in pair):
        message = f"substitutions is {substitutions!r}; it must be a mapping of str to str, or pairs of str"
        raise ConfigError(message, "bad-option")
    return found


def _sub(expression: str, replacement: str, text: str) -> str:
    try:
        return re.sub(expression, replacement, text)
    except (re.error, IndexError) as error:  # the latter of groups by names that there are not
        message = f"{expression!r} cannot be replaced by {replacement!r}: {error}"
        raise ConfigError(message, "bad-option") from error


def _traced_sub(expression: str, replacement: str, text: str) -> tuple[str, list[Span]]:
    made: list[str] = []
    spans: list[Span] = []
    kept = 0
    for match in re.finditer(expression, text):
        other = match.expand(replacement)
        made += [text[kept : match.start()], other]
        spans += [(at, at + 1) for at in range(kept, match.start())]
        spans += [match.span()] * len(other)
        kept = match.end()
    made.append(text[kept:])
    spans += [(at, at + 1) for at in range(kept, len(text))]
    return "".join(made), spans


def _chained(
    text: str, steps: Iterable[Callable[[str], tuple[str, list[Span] | None]]]
) -> tuple[str, list[Span] | None]:
    """What several steps make of a text, one after the other, and where each character came from, if all know that."""
    spans: list[Span] | None = [(at, at + 1) for at in range(len(text))]
    for step in steps:
        text, own = step(text)
        spans = None if spans is None or own is None else [joined(spans, *span) for span in own]
    return text, spans


def joined(spans: list[Span], start: int, end: int) -> Span:
    """What the spans of a range cover; nothing, behind what is before, if the range is empty."""
    if start == end:
        before = spans[start - 1][1] if start else 0
        at = min(before, spans[start][0]) if start < len(spans) else before
        return at, at
    return min(span[0] for span in spans[start:end]), max(span[1] for span in spans[start:end])


BUILT_IN: dict[str, type[BuiltIn]] = {each.__name__: each for each in BuiltIn.__subclasses__()}


class Pipeline(Value):
    """Transforms, one after the other."""

    transforms: tuple[str | Transform, ...]

    def steps(self) -> list[_core.Transforms | Transform]:
        """What is to be called: as few as there can be, because neighbours that run in the core are one."""
        steps: list[_core.Transforms | Transform] = []
        for in_core, group in itertools.groupby(self._each(), _in_core):
            some = list(group)
            core = _compiled(*(each for each in some if isinstance(each, BuiltIn))) if in_core else None
            steps += some if core is None else [core]
        return steps

    def signature_name(self) -> str:
        """What signatures call them, in order."""
        return ">".join(map(_signature_name, self._each()))

    def traced(self, text: str) -> tuple[str, list[Span] | None]:
        """The text, transformed, and for each character where it came from; not if a function made it.

        Raises:
            InputError: A transform returned something other than a text.
        """
        return _chained(text, map(_tracer, self.steps()))

    def _each(self) -> Iterator[Transform]:
        return (BUILT_IN[each]() if isinstance(each, str) else each for each in self.transforms)


def _tracer(step: _core.Transforms | Transform) -> Callable[[str], tuple[str, list[Span] | None]]:
    """What makes a text of a text and says where each character came from; `None` if a function cannot say."""
    if isinstance(step, (_core.Transforms, BuiltIn)):
        return step.traced

    def traced(text: str) -> tuple[str, None]:
        made = step(text)
        if not isinstance(made, str):
            message = f"the transform {step!r} made a {type(made).__name__} of a text; it must return a str"
            raise InputError(message, "bad-tokenizer")
        return made, None

    return traced


def _in_core(transform: Transform) -> bool:
    return isinstance(transform, BuiltIn) and transform.core() is not None


def _signature_name(transform: Transform) -> str:
    """A transform as signatures name it; `|` and `:` would part them."""
    if isinstance(transform, BuiltIn):
        name = transform.signature_name()
        if _in_core(transform):
            return name
    else:
        name = signature_name(transform)
    return name.replace("|", "\\x7c").replace(":", "\\x3a").replace("\n", "\\n")


def as_transforms(transforms: Any) -> tuple[str | Transform, ...]:  # noqa: ANN401 - whatever users give
    r"""Transforms as metrics keep them: names of those without arguments, and functions.

    Args:
        transforms: A transform, or several: functions; names, perhaps with arguments as JSON in brackets, as in
            `'Strip, SubstituteWords({"u": "you"})'`; or mappings of a name to its arguments.

    Raises:
        ConfigError: These are no transforms, or their arguments are wrong.
    """
    if transforms is None:
        return ()
    alone = isinstance(transforms, (str, Mapping)) or callable(transforms)
    if not alone and (not isinstance(transforms, Iterable) or isinstance(transforms, (bytes, bytearray))):
        raise ConfigError(
            f"transforms is {transforms!r}; it must be a list of names or functions, or one of them", "bad-option"
        )
    given = (transforms,) if alone else tuple(transforms)
    found: list[str | Transform] = []
    parsed: list[_Parsed] | None
    for each in given:
        if isinstance(each, str):
            parsed = [_Parsed(each)] if each in BUILT_IN else _parsed(each) if each.strip() else []
        elif isinstance(each, Mapping):
            parsed = [_from_json(name, arguments) for name, arguments in each.items()]
        elif callable(each):
            found.append(_canonical(each))
            continue
        else:
            parsed = [_Parsed(each)]
        shown = transforms if alone else given
        if parsed is None:
            problem = f"write NAME, or NAME(ARGUMENTS) with JSON, with commas between, instead of {each!r}"
            raise ConfigError(f"transforms is {shown!r}; {problem}", "bad-option")
        for one in parsed:
            if not isinstance(one.name, str) or one.name not in BUILT_IN:
                hint, known = nearest(str(one.name), BUILT_IN), ", ".join(BUILT_IN)
                problem = f"there is no transform {one.name!r}{hint}; choose one of {known}, or a function"
                raise ConfigError(f"transforms is {shown!r}; {problem}", "bad-option")
            found.append(_made(one))
    return tuple(found)


class _Parsed(NamedTuple):
    """A transform by name, with its arguments by position and by name."""

    name: Any
    values: Sequence[Any] = ()
    named: Mapping[str, Any] = MappingProxyType({})


def _made(parsed: _Parsed) -> str | Transform:
    try:
        return _canonical(BUILT_IN[parsed.name](*parsed.values, **parsed.named))
    except TypeError as error:
        if isinstance(error, ConfigError):
            raise
        raise ConfigError(f"{parsed.name}: {error}", "bad-option") from error


def _canonical(transform: Transform) -> str | Transform:
    """The name of a transform that is as it is without arguments, so that each has one form."""
    if isinstance(transform, type) and transform in BUILT_IN.values():
        return _made(_Parsed(transform.__name__))  # the class itself, not called
    name = type(transform).__name__
    if isinstance(transform, BuiltIn) and BUILT_IN.get(name) is type(transform):
        defaults = type(transform)._defaults
        if transform.fields() == defaults:
            return name
    return transform


def _from_json(name: str, arguments: Any) -> _Parsed:  # noqa: ANN401 - whatever JSON has
    """Arguments by position, or by name if a mapping has no other keys than those."""
    known: Mapping[str, Any] = BUILT_IN[name]._defaults if name in BUILT_IN else {}
    if isinstance(arguments, Mapping) and arguments and set(arguments) <= set(known):
        return _Parsed(name, (), arguments)
    return _Parsed(name, () if arguments is None else (arguments,))


_NAME = re.compile(r"\s*(\w+)\s*")
_ARGUMENT = re.compile(r"\s*(?:([a-z_]+)\s*=\s*)?")
_BARE = re.compile(r"[^,()\s]+")
_END = re.compile(r"\s*([,)])\s*")


def _parsed(text: str) -> list[_Parsed] | None:
    """The transforms in a list with commas; `None` if it is no such list."""
    import json  # slow to load, and seldom needed

    found: list[_Parsed] = []
    at = 0
    while True:
        name = _NAME.match(text, at)
        if name is None:
            return None
        values: list[Any] = []
        named: dict[str, Any] = {}
        at = name.end()
        more = text[at : at + 1] == "("
        at += more
        while more:
            argument = _ARGUMENT.match(text, at)
            at = argument.end() if argument else at
            try:
                value, at = json.JSONDecoder().raw_decode(text, at)
            except ValueError:
                bare = _BARE.match(text, at)
                if bare is None:
                    return None
                value, at = bare[0], bare.end()
            if argument and argument[1]:
                named[argument[1]] = value
            else:
                values.append(value)
            end = _END.match(text, at)
            if end is None:
                return None
            at, more = end.end(), end[1] == ","
        found.append(_Parsed(name[1], values, named))
        if at == len(text):
            return found
        if text[at] != ",":
            return None
        at += 1
