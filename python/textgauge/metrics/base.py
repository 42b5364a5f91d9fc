"""What every metric has, and how metrics become what the core reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, TypedDict

from textgauge import _core
from textgauge._value import Value
from textgauge.errors import ConfigError
from textgauge.text.tokenizers import is_python_tokenizer, named_tokenizer, signature_name

if TYPE_CHECKING:
    from typing_extensions import Self

    from textgauge.text.transforms import Pipeline, Transform

__all__ = [
    "Metric",
    "SingleMetric",
    "Source",
    "Spec",
    "Tokenizer",
    "as_tuple",
    "classes",
    "compile_metrics",
    "make_spec",
    "pipeline_of",
    "read_by",
]


Tokenizer: TypeAlias = Callable[[str], Iterable[str]]


class Source(Value):
    """What the core reads instead of texts as they are: what functions in Python make of them."""

    transforms: Pipeline | None
    """What is done to each text first."""
    tokenizer: Tokenizer | None
    """What makes tokens of it; without one the source holds texts."""
    by_lines: bool
    """Whether the tokenizer is called line by line."""

    def parts(self) -> tuple[list[Any], Tokenizer | None, bool]:
        """The source as the core takes it."""
        return (self.transforms.steps() if self.transforms else []), self.tokenizer, self.by_lines

    def number(self, sources: list[Source]) -> int:
        """Its number among these and the texts as they are, which are number 0; it is appended if it is not there."""
        if self not in sources:
            sources.append(self)
        return sources.index(self) + 1


class Spec(TypedDict):
    """A metric as the core reads it."""

    name: str
    metric: str
    options: dict[str, Any]
    tokenizer: str | None
    sources: list[tuple[str, int, bool]]
    """Options that the caller's own functions take care of, with the source they fill, and whether they lower-case."""
    transforms: _core.Transforms | tuple[str, int] | None
    """What the core does to texts first; or what was done, as signatures name it, and the source that holds it."""


class Metric(Value):
    """What a scorer measures. Immutable, comparable, hashable, picklable; prints as the call that makes it."""

    transforms: str | Transform | Sequence[str | Transform] = ()
    prefix: str = ""

    def __post_init__(self) -> None:
        self._set_transforms(self.transforms)

    def _set_transforms(self, transforms: Any) -> None:  # noqa: ANN401 - whatever `as_transforms` takes
        if not (isinstance(transforms, tuple) and len(transforms) == 0):
            from textgauge.text.transforms import as_transforms  # seldom needed, and slow to load

            transforms = as_transforms(transforms)
        self._set("transforms", transforms)

    def specs(self, sources: list[Source]) -> list[Spec]:
        """What the core is to measure.

        Args:
            sources: Those that the core will be given; what this metric needs besides is appended.
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

    def __init_subclass__(cls, *, kw_only: bool = False) -> None:
        super().__init_subclass__(kw_only=kw_only)
        cls.registered = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in cls.__name__)[1:]

    def __post_init__(self) -> None:
        super().__post_init__()
        compile_metrics([self])  # refuses what cannot be measured

    @property
    def metric(self) -> str:
        """The name in the registry, with which columns begin after the prefix."""
        return self.registered

    def __repr__(self) -> str:
        given = [f"{name}={value!r}" for name, value in self.fields().items() if value != self._defaults[name]]
        return f"{type(self).__name__}({', '.join(given)})"

    def specs(self, sources: list[Source]) -> list[Spec]:
        """See `Metric.specs`."""
        options = {name: value for name, value in self.fields().items() if name not in ("prefix", "transforms")}
        lower = options.get("lowercase", False)
        return [make_spec(self, self.metric, options, sources, lower_functions=lower)]


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
    metric: Metric,
    name: str,
    options: dict[str, Any],
    sources: list[Source],
    *,
    by_lines: bool = False,
    lower_functions: bool = False,
) -> Spec:
    """The spec of a metric's entry `name`; a tokenizer that runs in Python, and such transforms, go to `sources`."""
    tokenizer = options.get("tokenizer")
    function: Tokenizer | None = None
    given = None
    if isinstance(tokenizer, str) and is_python_tokenizer(tokenizer):
        function, given = named_tokenizer(tokenizer)
        lower = bool(options["lowercase"])
    elif callable(tokenizer):
        function, given = tokenizer, signature_name(tokenizer)
        lower = lower_functions
    prefix = metric.prefix
    if not isinstance(prefix, str):
        raise ConfigError(f"{name}: prefix is {prefix!r}; it must be a str", "bad-option")
    spec: Spec = {
        "name": f"{prefix}{name}",
        "metric": name,
        "options": options,
        "tokenizer": given,
        "sources": [],
        "transforms": None,
    }
    if function is not None:
        read_by(_Lowercased(function) if lower else function, "tokenizer", spec, metric, sources, lower, by_lines)
    elif (pipeline := pipeline_of(metric)) is not None:
        spec["transforms"] = _transforms(pipeline, sources)
    return spec


def read_by(
    function: Tokenizer,
    option: str,
    spec: Spec,
    metric: Metric,
    sources: list[Source],
    lower: bool,
    by_lines: bool = False,
) -> None:
    """Lets a function take care of an option: it makes the tokens, of texts after the metric's transforms."""
    pipeline = pipeline_of(metric)
    number = Source(pipeline, function, by_lines).number(sources)
    spec["sources"] = [(option, number, lower)]
    spec["transforms"] = None if pipeline is None else (pipeline.signature_name(), number)


def pipeline_of(metric: Metric) -> Pipeline | None:
    """The transforms of a metric, if it has any."""
    if not metric.transforms:
        return None
    from textgauge.text.transforms import Pipeline, as_transforms  # seldom needed, and slow to load

    return Pipeline(as_transforms(metric.transforms))


def _transforms(pipeline: Pipeline, sources: list[Source]) -> _core.Transforms | tuple[str, int]:
    steps = pipeline.steps()
    if len(steps) == 1 and isinstance(steps[0], _core.Transforms):
        return steps[0]
    return pipeline.signature_name(), Source(pipeline, None, by_lines=False).number(sources)


def compile_metrics(metrics: Iterable[Metric], fitted: Iterable[_core.Fitted] = ()) -> _core.Scorer:
    """The core's scorer of `metrics`, fitted with what `_core.Scorer.fit` made for the same metrics.

    Raises:
        ConfigError: There is no metric, one cannot be measured, or two would make the same column.
        SignatureMismatch: They were fitted for other metrics.
    """
    sources: list[Source] = []
    specs = [spec for metric in metrics for spec in metric.specs(sources)]
    return _core.Scorer(specs, [source.parts() for source in sources], list(fitted))
