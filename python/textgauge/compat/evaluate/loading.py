"""Metrics by their names: `evaluate.loading` of evaluate 0.4.6."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textgauge.compat.evaluate import _answers, _overlap, _speech

if TYPE_CHECKING:
    from textgauge.compat.evaluate.module import EvaluationModule

__all__ = ["load"]

_METRICS: dict[str, type[EvaluationModule]] = {
    "bleu": _overlap.Bleu,
    "cer": _speech.CER,
    "chrf": _overlap.ChrF,
    "exact_match": _answers.ExactMatch,
    "google_bleu": _overlap.GoogleBleu,
    "nist_mt": _overlap.NistMt,
    "rouge": _overlap.Rouge,
    "sacrebleu": _overlap.Sacrebleu,
    "squad": _answers.Squad,
    "squad_v2": _answers.SquadV2,
    "ter": _overlap.Ter,
    "wer": _speech.WER,
}


def load(
    path: str,
    config_name: str | None = None,
    module_type: str | None = None,
    process_id: int = 0,
    num_process: int = 1,
    cache_dir: str | None = None,
    experiment_id: str | None = None,
    keep_in_memory: bool = False,
    download_config: object = None,  # noqa: ARG001 - nothing is loaded
    download_mode: object = None,  # noqa: ARG001
    revision: object = None,  # noqa: ARG001 - the numbers are those of one version
    **init_kwargs: object,
) -> EvaluationModule:
    """A metric by its name. No file is read or written, and nothing loaded.

    Args:
        path: The name, such as `"rouge"` or `"evaluate-metric/rouge"`.
        config_name: The name of its configuration.
        module_type: `"metric"`, or nothing.
        process_id: Must be 0.
        num_process: Must be 1.
        cache_dir: Nothing.
        experiment_id: The name of an experiment.
        keep_in_memory: Nothing: inputs are always kept there.
        download_config: Nothing.
        download_mode: Nothing.
        revision: Nothing.
        **init_kwargs: Other arguments of `EvaluationModule`, such as `seed`.

    Raises:
        FileNotFoundError: The drop-in has no such metric.
        ValueError, ConfigError: As for `EvaluationModule`.
    """
    metric = _METRICS.get(path.removeprefix("evaluate-metric/"))
    if metric is None or module_type not in (None, "metric"):
        raise FileNotFoundError(
            f"textgauge's drop-in for evaluate has no {module_type or 'metric'} {path!r}; its metrics are "
            f"{', '.join(_METRICS)}; call textgauge.unpatch('evaluate') or leave evaluate out of textgauge.patch"
        )
    return metric(
        config_name=config_name,
        process_id=process_id,
        num_process=num_process,
        cache_dir=cache_dir,
        keep_in_memory=keep_in_memory,
        experiment_id=experiment_id,
        **init_kwargs,  # type: ignore[arg-type] # checked there
    )
