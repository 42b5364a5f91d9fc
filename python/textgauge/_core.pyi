"""The compiled core. Private: use what `textgauge` exports."""

from collections.abc import Callable, Iterable
from typing import Any, Literal, final

import numpy as np
import numpy.typing as npt

__all__ = [
    "Aggregate",
    "Prepared",
    "Scorer",
    "__version__",
    "build_profile",
    "default_threads",
    "py_lower",
    "py_split",
    "registry",
    "stem",
    "tokenize",
    "unicode_version",
]

__version__: str

@final
class Scorer:
    """Metrics measured together. `spec` is a JSON list of {name, metric, options, tokenizer}.

    `tokenizers[i]` fills view `i + 1`: a callable from text to tokens, and whether it is given
    the text line by line.
    """

    def __new__(cls, spec: str, tokenizers: list[tuple[Callable[[str], Iterable[str]], bool]]) -> Scorer: ...
    @property
    def columns(self) -> list[str]: ...
    @property
    def signatures(self) -> list[tuple[str, str]]: ...
    def score(
        self,
        predictions: object,
        references: object,
        *,
        nulls: str,
        threads: int | None,
        groups: npt.NDArray[np.uint32] | None,
        n_groups: int,
        columns: bool,
        progress: Callable[[int], object] | None,
    ) -> tuple[list[npt.NDArray[np.float64]], list[Aggregate]]: ...
    def prepare(self, texts: object, *, role: str, nulls: str) -> Prepared: ...
    def pairwise(
        self, predictions: Prepared, references: Prepared, *, threads: int | None
    ) -> list[npt.NDArray[np.float64]]: ...

@final
class Prepared:
    """Texts read once, for one scorer."""

    def __len__(self) -> int: ...

@final
class Aggregate:
    """Exact sums of every metric over some rows."""

    @property
    def rows(self) -> int: ...
    @property
    def nulls(self) -> int: ...
    @property
    def columns(self) -> list[str]: ...
    @property
    def signatures(self) -> list[tuple[str, str]]: ...
    def scores(self) -> list[float]: ...
    def merge(self, other: Aggregate) -> Aggregate: ...
    def to_bytes(self) -> bytes: ...
    @staticmethod
    def from_bytes(data: bytes) -> Aggregate: ...
    def __eq__(self, value: object, /) -> bool: ...

def registry() -> list[dict[str, Any]]: ...
def tokenize(text: str, tokenizer: str, stemmer: str, lowercase: bool, lines: bool) -> list[list[str]]: ...
def stem(word: str) -> str: ...
def py_lower(text: str) -> str: ...
def py_split(text: str) -> list[str]: ...
def unicode_version() -> str: ...
def default_threads() -> int: ...
def build_profile() -> Literal["debug", "release"]: ...
