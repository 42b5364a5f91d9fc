"""What collects inputs and computes results: `evaluate.module` of evaluate 0.4.6."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from textgauge.compat.evaluate._features import Features
from textgauge.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from textgauge.compat.evaluate.info import EvaluationModuleInfo

__all__ = [
    "CombinedEvaluations",
    "Comparison",
    "EvaluationModule",
    "EvaluationModuleInfoMixin",
    "Measurement",
    "Metric",
    "combine",
    "summarize_if_long_list",
]


def summarize_if_long_list(obj: Any) -> str:  # noqa: ANN401 - anything can be shown
    """What messages show of an object: of a long list the first and the last three items."""
    if type(obj) is not list or len(obj) <= 6:
        return f"{obj}"
    first, last = (", ".join(map(repr, part)) for part in (obj[:3], obj[-3:]))
    return f"[{first}, ..., {last}]"


def _of_info(name: str) -> Any:  # noqa: ANN401 - a property
    return property(lambda self: getattr(self.info, name), doc=f"The `{name}` of `info`.")


class EvaluationModuleInfoMixin:
    """Shows what is known of a metric as attributes of its own."""

    def __init__(self, info: EvaluationModuleInfo) -> None:
        self._module_info = info

    @property
    def info(self) -> EvaluationModuleInfo:
        """All that is known of it."""
        return self._module_info

    name = _of_info("module_name")
    experiment_id = _of_info("experiment_id")
    description = _of_info("description")
    citation = _of_info("citation")
    features = _of_info("features")
    inputs_description = _of_info("inputs_description")
    homepage = _of_info("homepage")
    license = _of_info("license")
    codebase_urls = _of_info("codebase_urls")
    reference_urls = _of_info("reference_urls")
    streamable = _of_info("streamable")
    format = _of_info("format")
    module_type = _of_info("module_type")


class EvaluationModule(EvaluationModuleInfoMixin):
    """Collects predictions and references in memory, and computes a result of them.

    Attributes:
        config_name: The name of its configuration.
        num_process: 1.
        process_id: 0.
        keep_in_memory: As it was given; no file is ever written.
        seed: The seed that NumPy's global generator has while a result is computed.
        timeout: As it was given.
    """

    def __init__(
        self,
        config_name: str | None = None,
        keep_in_memory: bool = False,
        cache_dir: str | None = None,  # noqa: ARG002 - nothing is written
        num_process: int = 1,
        process_id: int = 0,
        seed: int | None = None,
        experiment_id: str | None = None,
        hash: str | None = None,  # noqa: A002, ARG002 - the peer's name; no script is read
        max_concurrent_cache_files: int = 10000,
        timeout: float = 100,
        **kwargs: object,  # noqa: ARG002 - the peer takes any
    ) -> None:
        """Takes what the peer takes. What is about files changes nothing.

        Args:
            config_name: The name of its configuration.
            keep_in_memory: Nothing: inputs are always kept there.
            cache_dir: Nothing.
            num_process: Must be 1.
            process_id: Must be 0.
            seed: The seed for NumPy's global generator while a result is computed; by default a number of its state.
            experiment_id: The name of an experiment.
            hash: Nothing.
            max_concurrent_cache_files: Nothing.
            timeout: Nothing.
            **kwargs: Nothing.

        Raises:
            ValueError: Process numbers are out of range.
            ConfigError: There are several processes.
        """
        self.config_name = config_name or "default"
        info = self._info()
        info.module_name = _snake_case(type(self).__name__)
        info.config_name = self.config_name
        info.experiment_id = experiment_id or "default_experiment"
        super().__init__(info)
        if not isinstance(process_id, int) or process_id < 0:
            raise ValueError("'process_id' should be a number greater than 0")
        if not isinstance(num_process, int) or num_process <= process_id:
            raise ValueError("'num_process' should be a number greater than process_id")
        if keep_in_memory and num_process != 1:
            raise ValueError("Using 'keep_in_memory' is not possible in distributed setting (num_process > 1).")
        if num_process != 1:
            message = "textgauge's drop-in for evaluate writes no files and so cannot gather from other processes; "
            raise ConfigError(message + "add up what textgauge.Scorer.aggregate gives in each", "bad-option")
        self.num_process = num_process
        self.process_id = process_id
        self.max_concurrent_cache_files = max_concurrent_cache_files
        self.keep_in_memory = keep_in_memory
        self.seed = _seed_of_state() if seed is None else seed
        self.timeout = timeout
        self._columns: dict[str, list[Any]] | None = None
        self._selected = Features()

    def __len__(self) -> int:
        return len(next(iter(self._columns.values()))) if self._columns else 0

    def __repr__(self) -> str:
        return (
            f'EvaluationModule(name: "{self.name}", module_type: "{self.module_type}", features: {self.features}, '
            f'usage: """{self.inputs_description}""", stored examples: {len(self)})'
        )

    def compute(self, *, predictions: Any = None, references: Any = None, **kwargs: Any) -> Any:  # noqa: ANN401
        """The result for all that was added, and for these inputs besides. Then nothing is kept.

        Args:
            predictions: One a row.
            references: As many.
            **kwargs: Options of the metric.

        Raises:
            ValueError: Nothing was added; or as for `add_batch`.
            TypeError: There is no such option.
            Exception: What the metric raises.
        """
        inputs = {"predictions": predictions, "references": references, **kwargs}
        batch = {name: inputs[name] for name in self._feature_names()}
        if any(column is not None for column in batch.values()):
            self.add_batch(**batch)
        columns = self._columns
        if columns is None:
            raise ValueError(
                "Evaluation module cache file doesn't exist. Please make sure that you call `add` or `add_batch` "
                "at least once before calling `compute`."
            )
        self._columns = None
        options = {name: value for name, value in kwargs.items() if name not in columns}
        with _seeded(self.seed):
            return self._compute(**columns, **options)

    def add_batch(self, *, predictions: Any = None, references: Any = None, **kwargs: Any) -> None:  # noqa: ANN401
        """Adds some rows.

        Args:
            predictions: One a row.
            references: As many.
            **kwargs: Other inputs of the metric.

        Raises:
            ValueError: There is no such input; they are not as many; they do not look as they have to.
            UnicodeEncodeError: A text has lone surrogates.
        """
        self._refuse_unknown(kwargs)
        inputs = {"predictions": predictions, "references": references, **kwargs}
        batch = {name: inputs[name] for name in self._feature_names()}
        if self._columns is None:
            self._begin(lambda: {name: column[0] for name, column in batch.items()})
        try:
            for name, column in batch.items():
                if len(column) > 0:
                    self._selected[name].check(column[0])
            batch = {name: [feature.encode(each) for each in batch[name]] for name, feature in self._selected.items()}
            self._append(batch)
        except TypeError:
            lengths = {name: len(column) for name, column in batch.items()}
            first = next(iter(lengths))
            for name, length in lengths.items():
                if length != lengths[first]:
                    message = f"Mismatch in the number of {first} ({lengths[first]}) and {name} ({length})"
                    raise ValueError(message) from None
            raise ValueError(
                "Predictions and/or references don't match the expected format.\n"
                f"Expected format: {self._selected},\n"
                f"Input predictions: {summarize_if_long_list(predictions)},\n"
                f"Input references: {summarize_if_long_list(references)}"
            ) from None

    def add(self, *, prediction: Any = None, reference: Any = None, **kwargs: Any) -> None:  # noqa: ANN401
        """Adds one row.

        Args:
            prediction: The prediction.
            reference: The reference, or a list of them.
            **kwargs: Other inputs of the metric.

        Raises:
            ValueError: There is no such input, or they do not look as they have to.
            UnicodeEncodeError: A text has lone surrogates.
        """
        self._refuse_unknown(kwargs)
        inputs = {"predictions": prediction, "references": reference, **kwargs}
        example = {name: inputs[name] for name in self._feature_names()}
        if self._columns is None:
            self._begin(lambda: example)
        try:
            self._selected.check(example)
            self._append({name: [feature.encode(example[name])] for name, feature in self._selected.items()})
        except TypeError:
            shown = (f"Input {name}: {summarize_if_long_list(example[name])}" for name in self._selected)
            raise ValueError(
                "Evaluation module inputs don't match the expected format.\n"
                f"Expected format: {self._selected},\n" + ",\n".join(shown)
            ) from None

    def download_and_prepare(self, download_config: object = None, dl_manager: object = None) -> None:
        """Does nothing: there is nothing to load."""

    def _info(self) -> EvaluationModuleInfo:
        """What is known of the metric.

        Raises:
            NotImplementedError: A metric has to say so itself.
        """
        raise NotImplementedError

    def _compute(self, *, predictions: Any, references: Any, **options: Any) -> Any:  # noqa: ANN401
        """The result.

        Raises:
            NotImplementedError: A metric has to say so itself.
        """
        raise NotImplementedError

    def _feature_names(self) -> list[str]:
        return list(self._ways()[0])

    def _ways(self) -> list[Features]:
        """What inputs can look like."""
        return self.features if isinstance(self.features, list) else [self.features]

    def _refuse_unknown(self, inputs: Mapping[str, object]) -> None:
        bad = [name for name in inputs if name not in self._feature_names()]
        if bad:
            names = self._feature_names()
            raise ValueError(f"Bad inputs for evaluation module: {bad}. All required inputs are {names}")

    def _begin(self, first_row: Any) -> None:  # noqa: ANN401
        """Settles by the first row what inputs look like."""
        self._selected = self.features if isinstance(self.features, Features) else self._way_of(first_row())
        self._columns = {name: [] for name in self._selected}

    def _way_of(self, example: Mapping[str, Any]) -> Features:
        for way in self._ways():
            with contextlib.suppress(ValueError, TypeError):
                way.check(example)
                return way
        ways = "\n".join(f"Feature option {number}: {way}" for number, way in enumerate(self._ways()))
        raise ValueError(
            "Predictions and/or references don't match the expected format.\n"
            f"Expected format:\n{ways},\n"
            f"Input predictions: {summarize_if_long_list(example['predictions'])},\n"
            f"Input references: {summarize_if_long_list(example['references'])}"
        )

    def _append(self, rows: Mapping[str, list[Any]]) -> None:
        """Adds rows to those that are kept; none, if the first column is empty.

        Raises:
            TypeError: There are not as many of each.
        """
        count = len(next(iter(rows.values())))
        if count and any(len(column) != count for column in rows.values()):
            raise TypeError
        if self._columns is not None and count:
            for name, column in rows.items():
                self._columns[name] += column


class Metric(EvaluationModule):
    """What measures predictions against references."""


class Comparison(EvaluationModule):
    """What compares predictions of two systems. The drop-in has none."""


class Measurement(EvaluationModule):
    """What measures data. The drop-in has none."""


class CombinedEvaluations:
    """Several metrics as one.

    Attributes:
        evaluation_modules: The metrics.
        evaluation_module_names: The name of each, for results of the same name.
        force_prefix: Whether each result has the metric's name before its own.
    """

    def __init__(self, evaluation_modules: Any, force_prefix: bool = False) -> None:  # noqa: ANN401
        """Takes metrics, or their names.

        Args:
            evaluation_modules: A list, or a dict by names of the caller's choice.
            force_prefix: Whether each result has the metric's name before its own.
        """
        from textgauge.compat.evaluate.loading import load  # metrics are made of what stands here

        names = None
        if isinstance(evaluation_modules, dict):
            names, evaluation_modules = list(evaluation_modules), list(evaluation_modules.values())
        self.evaluation_modules = [load(each) if isinstance(each, str) else each for each in evaluation_modules]
        self.evaluation_module_names = names or [each.name for each in self.evaluation_modules]
        self.force_prefix = force_prefix

    def add(self, prediction: Any = None, reference: Any = None, **kwargs: Any) -> None:  # noqa: ANN401
        """Adds one row to each metric.

        Raises:
            ValueError: As for `EvaluationModule.add`.
        """
        for module in self.evaluation_modules:
            batch = {"predictions": prediction, "references": reference, **kwargs}
            module.add(**{name: batch[name] for name in module._feature_names()})

    def add_batch(self, predictions: Any = None, references: Any = None, **kwargs: Any) -> None:  # noqa: ANN401
        """Adds some rows to each metric.

        Raises:
            ValueError: As for `EvaluationModule.add_batch`.
        """
        for module in self.evaluation_modules:
            batch = {"predictions": predictions, "references": references, **kwargs}
            module.add_batch(**{name: batch[name] for name in module._feature_names()})

    def compute(self, predictions: Any = None, references: Any = None, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401
        """The results of all metrics. Where two have the same name, each has its metric's name before it.

        Raises:
            AttributeError: A metric gives a number and no dict, as `wer` and `cer` do.
            ValueError, TypeError: As for `EvaluationModule.compute`.
        """
        results = [
            module.compute(predictions=predictions, references=references, **kwargs)
            for module in self.evaluation_modules
        ]
        return self._merge_results(results)

    def _merge_results(self, results: list[dict[str, Any]]) -> dict[str, Any]:
        times = Counter(key for result in results for key in result.keys())  # noqa: SIM118 - numbers have no keys
        same_names = Counter(self.evaluation_module_names)
        met: Counter[str] = Counter()
        merged = {}
        for name, result in zip(self.evaluation_module_names, results, strict=False):
            prefix = f"{name}_{met[name]}" if same_names[name] > 1 else name
            met[name] += 1
            for key, value in result.items():
                plain = times[key] == 1 and not self.force_prefix
                merged[f"{key}" if plain else f"{prefix}_{key}"] = value
        return merged


def combine(evaluations: Any, force_prefix: bool = False) -> CombinedEvaluations:  # noqa: ANN401
    """Several metrics as one.

    Args:
        evaluations: Metrics or their names: a list, or a dict by names of the caller's choice.
        force_prefix: Whether each result has the metric's name before its own.
    """
    return CombinedEvaluations(evaluations, force_prefix=force_prefix)


def _snake_case(name: str) -> str:
    return re.sub(r"([a-z\d])([A-Z])", r"\1_\2", re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)).lower()


def _seed_of_state() -> int:
    """The number of the state of NumPy's global generator that it will use next."""
    _, words, given, *_ = np.random.get_state()
    seed: int = words[given] if given < len(words) else words[0]  # type: ignore[assignment, index, operator]
    return seed


@contextlib.contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Gives NumPy's global generator a seed, and afterwards the state that it had."""
    state = np.random.get_state()
    np.random.seed(seed)
    try:
        yield
    finally:
        np.random.set_state(state)
