"""Tasks of our own for Inspect, a model that answers by a fixed rule, and a run of both."""

from __future__ import annotations

import hashlib
import sys
from typing import Any

from inspect_ai import Task
from inspect_ai import eval as run_tasks
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessageAssistant,
    ContentReasoning,
    ContentText,
    ModelOutput,
    ModelUsage,
    get_model,
)
from inspect_ai.scorer import choice, match
from inspect_ai.solver import generate, multiple_choice
from lm_eval_tasks import MMLU, SUMS, TRUTH


def answer(messages: Any, *_: Any) -> ModelOutput:
    """Thoughts, and an answer that follows from the question and from how often it was asked."""
    answer.asked = getattr(answer, "asked", 0) + 1  # type: ignore[attr-defined]
    prompt = messages[-1].text
    chance = hashlib.sha256(f"{answer.asked}{prompt}".encode()).digest()[0]  # type: ignore[attr-defined]
    text = f"ANSWER: {'ABCD'[chance % 4]}" if "A)" in prompt else ("False" if chance % 2 else "True")
    content = [ContentReasoning(reasoning="A? B? C?"), ContentText(text=text)]
    message = ChatMessageAssistant(content=content, source="generate")
    return ModelOutput(
        model="scripted",
        choices=[ChatCompletionChoice(message=message)],
        usage=ModelUsage(input_tokens=9, output_tokens=3),
    )


def mmlu() -> Task:
    samples = [
        Sample(id=f"q{number}", input=row["question"], choices=row["choices"], target="ABCD"[row["answer"]],
               metadata={"subject": "anatomy" if number else "virology"})
        for number, row in enumerate(MMLU)
    ]  # fmt: skip
    return Task(name="mmlu_0_shot", dataset=MemoryDataset(samples), solver=multiple_choice(), scorer=choice(), epochs=2)


def bbh() -> Task:
    samples = [Sample(id=number, input=row["input"], target=row["target"]) for number, row in enumerate(TRUTH)]
    return Task(name="bbh", dataset=MemoryDataset(samples), solver=generate(), scorer=match(),
                metadata={"subset_name": "boolean_expressions"})  # fmt: skip


def gsm8k() -> Task:
    samples = [Sample(id=number, input=row["question"], target=row["answer"]) for number, row in enumerate(SUMS)]
    return Task(name="gsm8k", dataset=MemoryDataset(samples), solver=generate(), scorer=match())


def main(folder: str) -> None:
    for log_format in ("json", "eval"):
        for task in (mmlu, bbh, gsm8k):
            model = get_model("mockllm/model", custom_outputs=answer, memoize=False)
            run_tasks(task(), model=model, log_dir=f"{folder}/{log_format}", log_format=log_format, display="none")


if __name__ == "__main__":
    main(sys.argv[1])
