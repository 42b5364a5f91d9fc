"""ROUGE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from textgauge._value import nearest
from textgauge.errors import ConfigError
from textgauge.metrics.base import Metric, Source, Spec, Tokenizer, compile_metrics, make_spec
from textgauge.metrics.info import families

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textgauge.text.transforms import Transform

__all__ = ["Rouge"]


class Rouge(Metric):
    """ROUGE: how many words, word sequences or subsequences a prediction shares with its reference.

    Lin 2004, "ROUGE: A Package for Automatic Evaluation of Summaries". With its defaults every score is
    equal, bit for bit, to that of rouge-score 0.1.2. Each metric has three outputs between 0 and 1,
    higher is better: precision `.p`, recall `.r` and their harmonic mean `.f`.

    Attributes:
        names: The metrics: `rouge1` to `rouge9` (shared n-grams), `rougeL` (longest common subsequence),
            `rougeLsum` (the same by sentences, one a line), `rougeLcontig` (longest common run of
            neighbouring words; not what papers call ROUGE-L).
        variant: Whose ROUGE: `"rouge-score"`; or `"pltrdy"`, the package `rouge` 1.0.1, in which repeated n-grams count
            once, `rougeL` goes by sentences, and F is never 1. It has `rouge1` to `rouge9` and `rougeL`. To read texts
            as that package does, add `tokenizer="pltrdy"` and `lowercase=False`. It has three more outputs: `.shared`,
            `.hyp_len` and `.ref_len`, the counts that scores are made of; and no `multiref="mean"`.
        stemmer: `"none"`, or `"porter"` as rouge-score has it with `use_stemmer=True`.
        tokenizer: `"rouge"` (runs of a-z and 0-9 after lower-casing, as rouge-score), `"whitespace"`
            (`str.split`), `"words"` (Unicode words, UAX #29), `"characters"` (code points), `"graphemes"`
            (UAX #29), any other that `Bleu` takes, or a function from a text to its tokens. `rougeLsum` calls
            it with one line at a time, and so does `rougeL` of the variant `"pltrdy"`.
        lowercase: Whether texts are lower-cased first. A function gets them as they are.
        multiref: What is made of several references: `"best"` (the one with the highest F) or `"mean"`.
        beta: Weight of recall in F: 1 weighs both alike, 2 weighs recall more. Only for `"rouge-score"`.
        exclusive: Whether repeated n-grams count once; `None` is the variant's default, `True`. Without it `rougeL`
            adds up the longest common subsequences of all pairs of sentences, and can be above 1. Only for `"pltrdy"`.
        transforms: Change the texts first: one of `textgauge.transforms` or its name, or several in their order.
        prefix: Put before the names of columns, so that a scorer can hold two variants of one metric.

    Raises:
        ConfigError: There is no such metric or option, the variant does not have it, or two metrics are the same.
    """

    names: tuple[str, ...] = ()
    variant: str = "rouge-score"
    stemmer: str = "none"
    tokenizer: str | Tokenizer = "rouge"
    lowercase: bool = True
    multiref: str = "best"
    beta: float = 1.0
    exclusive: bool | None = None

    def __init__(
        self,
        *names: str,
        variant: Literal["rouge-score", "pltrdy"] = "rouge-score",
        stemmer: Literal["none", "porter"] = "none",
        tokenizer: str | Tokenizer = "rouge",
        lowercase: bool = True,
        multiref: Literal["best", "mean"] = "best",
        beta: float = 1.0,
        exclusive: bool | None = None,
        transforms: str | Transform | Sequence[str | Transform] = (),
        prefix: str = "",
    ) -> None:
        self.__dict__.update(
            names=names or ("rouge1", "rouge2", "rougeL"),
            variant=variant,
            stemmer=stemmer,
            tokenizer=tokenizer,
            lowercase=lowercase,
            multiref=multiref,
            beta=beta,
            exclusive=exclusive,
            prefix=prefix,
        )
        self._set_transforms(transforms)
        for name in self.names:
            if families().get(name) != "rouge":
                known = [each for each, family in families().items() if family == "rouge"]
                problem = (
                    f"there is no metric {name!r} of ROUGE{nearest(name, known)}; choose one of {', '.join(known)}"
                )
                raise ConfigError(problem, "unknown-metric")
        compile_metrics([self])  # refuses what cannot be measured

    def __repr__(self) -> str:
        options = {name: value for name, value in self.fields().items() if name != "names"}
        given = [f"{name}={value!r}" for name, value in options.items() if value != self._defaults[name]]
        return f"Rouge({', '.join([*map(repr, self.names), *given])})"

    def specs(self, sources: list[Source]) -> list[Spec]:
        """See `Metric.specs`."""
        return [self._spec(name, sources) for name in self.names]

    def _spec(self, name: str, sources: list[Source]) -> Spec:
        options = {
            "variant": self.variant,
            "tokenizer": self.tokenizer,
            "stemmer": self.stemmer,
            "lowercase": self.lowercase,
            "multiref": self.multiref,
            "beta": self.beta,
            "exclusive": self.exclusive,
        }
        # What else may have been given is the core's to refuse.
        is_pltrdy = isinstance(self.variant, str) and self.variant == "pltrdy"
        by_lines = name == ("rougeL" if is_pltrdy else "rougeLsum")
        return make_spec(self, name, options, sources, by_lines=by_lines)
