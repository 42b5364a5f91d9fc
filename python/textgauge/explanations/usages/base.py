"""What a usage of a package is, and a family of usages that people confuse."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from textgauge._value import Value

__all__ = ["VERSIONS", "Family", "Numbers", "Options", "Pairs", "Usage", "mean_of"]

# The versions whose numbers the drop-ins have. That of textgauge is the one that runs.
VERSIONS = {
    "rouge-score": "0.1.2",
    "rouge": "1.0.1",
    "evaluate": "0.4.6",
    "torchmetrics": "1.9.0",
    "sacrebleu": "2.6.0",
    "nltk": "3.10.4",
    "jiwer": "4.0.0",
    "crfm-helm": "0.5.16",
    "textgauge": "",
}

Options = Mapping[str, str]
"""For each option of a definition what it is set to, in words."""

Numbers = Mapping[str, float]
"""What a call gives, the number that people report first."""


class Pairs(NamedTuple):
    """Texts and the references of each."""

    predictions: list[str]
    references: list[list[str]]

    @property
    def firsts(self) -> list[str]:
        """The first reference of each text."""
        return [each[0] for each in self.references]

    @property
    def streams(self) -> list[Any]:
        """All first references, all second ones and so on; `None` where a text has no more, as sacrebleu takes them."""
        most = max(map(len, self.references))
        return [[own[at] if at < len(own) else None for own in self.references] for at in range(most)]


class Usage(Value):
    """A call that people make, and what it stands for.

    Attributes:
        package: Whose function it is.
        call: How one writes it for a pair.
        corpus_call: The same for many pairs.
        numbers: What it gives.
        options: What it counts; all usages of a family name the same options.
        percent: Whether its scale goes to 100.
        many_references: Whether it takes several references a text.
        rest: What else it does that no option says.
    """

    package: str
    call: str
    corpus_call: str
    numbers: Callable[[Pairs], Numbers]
    options: Options
    percent: bool = False
    many_references: bool = True
    rest: str = ""


class Family(Value):
    """Usages whose numbers go by one name.

    Attributes:
        usages: The usages; the others are explained by how they differ from the first.
        model: The score of a usage with these options, on a scale to 1.
    """

    usages: tuple[Usage, ...]
    model: Callable[[Pairs, Options], float]


def mean_of(numbers: Iterable[float]) -> float:
    """The mean of the scores of rows, as NumPy has it."""
    import numpy as np

    return float(np.mean(list(numbers)))
