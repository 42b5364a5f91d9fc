"""The usual names of columns, by which one is guessed that nobody has named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["RECORD_PREDICTIONS", "RECORD_TARGETS", "Role", "guess"]

Role: TypeAlias = Literal["prediction", "reference", "id", "group"]

# Each list begins with what is meant before all else.
NAMES: dict[Role, tuple[str, ...]] = {
    "prediction": (
        "prediction",
        "predictions",
        "hypothesis",
        "hypotheses",
        "hyp",
        "completion",
        "completions",
        "output",
        "outputs",
        "model_output",
        "generated",
        "generation",
        "generated_text",
        "generated_summary",
        "response",
        "candidate",
        "decoded",
        "system_output",
        "system",
        "predict",  # LLaMA-Factory
        "predicted",
        "pred",
        "preds",
        "pred_text",  # NeMo, Open ASR Leaderboard
        "predicted_text",
        "prediction_text",
        "predicted_answer",
        "decoded_preds",  # Hugging Face's example scripts
        "generations",
        "generated_texts",
        "generated_answer",
        "model_response",
        "model_answer",
        "llm_output",
        "llm_response",
        "actual_output",  # DeepEval
        "candidates",
        "hyps",
        "mt",  # COMET: src, mt, ref
    ),
    "reference": (
        "references",
        "reference",
        "refs",
        "ref",
        "targets",
        "target",
        "labels",
        "label",
        "gold",
        "golds",
        "ground_truth",
        "ground_truths",
        "summary",
        "highlights",
        "expected",
        "expected_output",
        "ideal",
        "decoded_labels",
        "gold_answer",
        "golden_answers",
        "reference_answer",
        "correct_answer",
        "reference_text",
        "target_text",
        "normalized_text",
        "answers",
        "answer",
    ),
    "id": (
        "id",
        "ids",
        "custom_id",
        "doc_id",
        "utt_id",
        "utterance_id",
        "uttid",
        "utt",
        "example_id",
        "sample_id",
        "question_id",
        "item_id",
        "segment_id",
        "seg_id",
        "qid",
        "guid",
        "uid",
        "uuid",
        "audio_filepath",  # NeMo
        "key",
        "idx",
        "index",
    ),
    "group": (
        "group",
        "task",
        "task_name",
        "dataset",
        "subset",
        "subject",
        "category",
        "domain",
        "language",
        "lang",
        "lang_pair",
        "langpair",
        "topic",
        "split",
    ),
}

# Files whose columns are known when all these names are there. They come before the names.
LAYOUTS: tuple[tuple[frozenset[str], dict[Role, str]], ...] = (
    # The batch files of OpenAI and vLLM.
    (frozenset({"custom_id", "response", "error"}), {"prediction": "response.body.choices[0].message.content"}),
    # Those of Anthropic.
    (frozenset({"custom_id", "result"}), {"prediction": "result.message.content[0].text"}),
    # Those of Vertex AI.
    (
        frozenset({"request", "response", "processed_time"}),
        {"prediction": "response.candidates[0].content.parts[0].text"},
    ),
    # The logs of lm-evaluation-harness. Its own metrics take the filtered responses.
    (frozenset({"doc_id", "target", "filtered_resps"}), {"prediction": "filtered_resps[0]", "reference": "target"}),
    (frozenset({"doc_id", "target", "resps"}), {"prediction": "resps[0][0]", "reference": "target"}),
    # SQuAD: `{"text": […], "answer_start": […]}`.
    (frozenset({"context", "question", "answers"}), {"reference": "answers.text"}),
    # Ragas, where the answer is the model's.
    (frozenset({"answer", "contexts", "ground_truth"}), {"prediction": "answer", "reference": "ground_truth"}),
    # NeMo, Open ASR Leaderboard.
    (frozenset({"text", "pred_text"}), {"prediction": "pred_text", "reference": "text"}),
)

# What the records of benchmarks may have. They hold more than texts, where the other names mean other things.
RECORD_PREDICTIONS = ("prediction", "hypothesis", "completion", "output", "response")
RECORD_TARGETS = ("target", "references", "reference")


def guess(names: Sequence[str], role: Role) -> tuple[str | None, list[str]]:
    """The column that most likely holds what is asked for, whatever the case of its name.

    Args:
        names: The names of the columns.
        role: What is looked for.

    Returns:
        The column, a name or a path, None if none looks like it; and others that it might have been.
    """
    known = {name.lower(): name for name in reversed(names)}
    found = [columns[role] for marks, columns in LAYOUTS if role in columns and marks <= known.keys()]
    found = [_spelled(column, known) for column in found]
    found += [known[name] for name in NAMES[role] if name in known]
    if not found:
        return None, []
    chosen = found[0]
    also = dict.fromkeys(column for column in found if _head(column) != _head(chosen))
    return chosen, list(also)


def _spelled(column: str, known: dict[str, str]) -> str:
    """The path with the name that it begins with as the file spells it."""
    head = _head(column)
    return known[head] + column[len(head) :]


def _head(column: str) -> str:
    return column.partition(".")[0].partition("[")[0]
