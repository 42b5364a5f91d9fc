"""What every metric has, and how metrics become what the core reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, TypedDict

from textgauge import _core
from textgauge._value import Value
from textgauge.errors import ConfigError
from textgauge.text.tokenizers import is_python_tokenizer, named_tokenizer, signature_name

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = [
    "GivenTokenizer",
    "Metric",
    "SingleMetric",
    "Spec",
    "Tokenizer",
    "as_tuple",
    "classes",
    "compile_metrics",
    "make_spec",
]


Tokenizer: TypeAlias = Callable[[str], Iterable[str]]
GivenTokenizer: TypeAlias = tuple[Tokenizer, bool]


class Spec(TypedDict):
    """A metric as the core reads it."""

    name: str
    metric: str
    options: dict[str, Any]
    tokenizer: str | None
    sources: list[tuple[str, int, bool]]
    """Options that the caller's own functions take care of, with the source they fill, and whether they lower-case."""


class Metric(Value):
    """What a scorer measures. Immutable, comparable, hashable, picklable; prints as the call that makes it."""

    def specs(self, tokenizers: list[GivenTokenizer]) -> list[Spec]:
        """What the core is to measure.

        Args:
            tokenizers: The caller's own tokenizers that the core will be given, each with whether it is
                called line by line; those that this metric needs besides are appended.
        """
        raise NotImplementedError

    def option_names(self) -> list[str]:
        """The names of its options."""
        return [name for name in self._defaults if name != "names"]

    def with_fields(self, **changes: Any) -> Self:  # noqa: ANN401 - the core checks them
        """The same metric with some options changed.

        Raises:
            ConfigError: There is no such option, or it is out of range.
        """
        fields = {**self.fields(), **changes}
        return type(self)(*fields.pop("names", ()), **fields)

    with_options = with_fields


class SingleMetric(Metric, kw_only=True):
    """A metric that is one entry of the registry. Its fields are that entry's options, but for `prefix`."""

    registered: ClassVar[str] = ""
    """The name in the registry, made of that of the class: `ExactMatch` is `exact_match`."""

    prefix: str = ""

    def __init_subclass__(cls, *, kw_only: bool = False) -> None:
        super().__init_subclass__(kw_only=kw_only)
        cls.registered = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in cls.__name__)[1:]

    def __post_init__(self) -> None:
        compile_metrics([self])  # refuses what cannot be measured

    @property
    def metric(self) -> str:
        """The name in the registry, with which columns begin after the prefix."""
        return self.registered

    def __repr__(self) -> str:
        given = [f"{name}={value!r}" for name, value in self.fields().items() if value != self._defaults[name]]
        return f"{type(self).__name__}({', '.join(given)})"

    def specs(self, tokenizers: list[GivenTokenizer]) -> list[Spec]:
        """See `Metric.specs`."""
        options = {name: value for name, value in self.fields().items() if name != "prefix"}
        lower = options.get("lowercase", False)
        return [make_spec(self.metric, self.prefix, options, tokenizers, lower_functions=lower)]


def classes() -> dict[str, type[SingleMetric]]:
    """The classes of metrics, by name in the registry."""
    found: dict[str, type[SingleMetric]] = {}
    unseen = [SingleMetric]
    while unseen:
        each = unseen.pop().__subclasses__()
        unseen += each
        found.update((metric.registered, metric) for metric in each if metric.__module__.startswith(__package__))
    return found


def as_tuple(metric: str, option: str, values: Iterable[Any], kind: str) -> tuple[Any, ...]:
    """The values of an option that takes several.

    Raises:
        ConfigError: This is one value.
    """
    if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
        raise ConfigError(f"{metric}: {option} is {values!r}; it must be a list of {kind}", "bad-option")
    return tuple(values)


class _Lowercased(Value):
    """A tokenizer that is given texts in lower case."""

    function: Tokenizer

    def __call__(self, text: str) -> Iterable[str]:
        return self.function(text.lower())


def make_spec(
    metric: str,
    prefix: str,
    options: dict[str, Any],
    tokenizers: list[GivenTokenizer],
    *,
    by_lines: bool = False,
    lower_functions: bool = False,
) -> Spec:
    """The spec of a metric; a tokenizer that is a function, or runs in Python under a name, goes to `tokenizers`."""
    tokenizer = options.get("tokenizer")
    function: Tokenizer | None = None
    given = None
    sources: list[tuple[str, int, bool]] = []
    if isinstance(tokenizer, str) and is_python_tokenizer(tokenizer):
        function, given = named_tokenizer(tokenizer)
        lower = bool(options["lowercase"])
    elif callable(tokenizer):
        function, given = tokenizer, signature_name(tokenizer)
        lower = lower_functions
    if function is not None:
        pair = (_Lowercased(function) if lower else function, by_lines)
        if pair not in tokenizers:
            tokenizers.append(pair)
        sources.append(("tokenizer", tokenizers.index(pair) + 1, lower))
    if not isinstance(prefix, str):
        raise ConfigError(f"{metric}: prefix is {prefix!r}; it must be a str", "bad-option")
    return {"name": f"{prefix}{metric}", "metric": metric, "options": options, "tokenizer": given, "sources": sources}


def compile_metrics(metrics: Iterable[Metric], fitted: Iterable[_core.Fitted] = ()) -> _core.Scorer:
    """The core's scorer of `metrics`, fitted with what `_core.Scorer.fit` made for the same metrics.

    Raises:
        ConfigError: There is no metric, one cannot be measured, or two would make the same column.
        SignatureMismatch: They were fitted for other metrics.
    """
    tokenizers: list[GivenTokenizer] = []
    specs = [spec for metric in metrics for spec in metric.specs(tokenizers)]
    return _core.Scorer(specs, tokenizers, list(fitted))
