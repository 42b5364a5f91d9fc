"""The names of subjects and tasks, in the spellings of those who write them."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["plain", "split"]

# `mmlu:subject=anatomy,method=…`, as HELM names its runs.
OPTION = re.compile(r"(?:^|[:,])(?:subject|task|subtask|subset)=([^,]*)")
INITIALS = re.compile(r"\b([a-z])\.(?=[a-z]\b)")
# What tells how a subject was asked about, or that a name is a file's.
ENDING = re.compile(
    r"(?:_(?:test|val|validation|dev|generative|continuation|loglikelihood|light|spanish|cot|\d+_?shots?|csv|jsonl?))+$"
)
# The one word that two benchmarks spell in two ways.
JUDGMENT = re.compile(r"judgment$")


def plain(name: str) -> str:
    """The name in small letters, digits and underscores, without what other programs put around it.

    >>> plain("mmlu:subject=us_foreign_policy,method=multiple_choice_joint")
    'us_foreign_policy'
    >>> plain("lighteval|mmlu:anatomy|5|0")
    'mmlu_anatomy'
    """
    name = name.strip().lower()
    if option := OPTION.search(name):
        name = option[1]
    elif "|" in name:
        # Suite, task, examples in the prompt, and whether these may become fewer; the suite was left out later.
        name = next((part for part in reversed(name.split("|")) if not part.isdigit()), name)
    name = INITIALS.sub(r"\1", name).replace("&", "and")
    return JUDGMENT.sub("judgement", re.sub(r"[^a-z0-9]+", "_", name).strip("_"))


def split(name: str, known: Collection[str]) -> tuple[str, str] | None:
    """The one of `known` that a name means, after what stands before it; `None` if it means none of them.

    >>> split("mmlu_high_school_biology_generative", ["biology", "high_school_biology"])
    ('mmlu', 'high_school_biology')
    """
    return _split(name, tuple(known))


# Millions of items name a few dozen subjects.
@functools.lru_cache(maxsize=4096)
def _split(name: str, known: tuple[str, ...]) -> tuple[str, str] | None:
    whole = plain(name)
    for spelled in dict.fromkeys((whole, ENDING.sub("", whole))):
        found = max((each for each in known if spelled == each or spelled.endswith("_" + each)), key=len, default=None)
        if found is not None:
            return spelled[: -len(found)].rstrip("_"), found
    return None
