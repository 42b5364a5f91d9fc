"""The results of OpenAI's and Anthropic's batches, which answer items in another file by their ids.

An answer to OpenAI's format, which other servers have as well, lies in `response.body`; one to Anthropic's in `result`.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from textgauge.benchmarks.logs.rows import RowFile
from textgauge.benchmarks.plain import own_parts
from textgauge.benchmarks.records import Layout, RecordError
from textgauge.errors import ConfigError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from textgauge.benchmarks.logs.request import Request
    from textgauge.benchmarks.records import Record

__all__ = ["NAME", "is_row", "records"]

NAME = "a batch"
# How many ids a note names.
SHOWN = 3


@dataclass(frozen=True)
class Answer:
    """What a request came to.

    Attributes:
        texts: The generated texts.
        logprob: The log-probability of the first, where its tokens have one.
        failure: Why there is none; empty if there is.
        place: Where it stands, for messages.
    """

    texts: tuple[str, ...]
    logprob: float | None
    failure: str
    place: str


def is_row(row: Mapping[str, Any]) -> bool:
    """Whether a row is the result of a request."""
    return "custom_id" in row and ("response" in row or "result" in row or "error" in row)


def records(files: Sequence[RowFile], items: str | None, request: Request) -> Iterator[Record]:
    """The items, each with its answer.

    A request that failed, or that has no result, is an item without a prediction; it is noted. Of an id that is there
    several times, the answer is that of the request that did not fail.

    Args:
        files: The results, of which there may be several files.
        items: The file of items.
        request: What is wanted.

    Raises:
        ConfigError: There is no file of items.
        InputError: A row cannot be read, an id is answered twice, or no result has the id of an item.
    """
    if items is None:
        raise ConfigError(
            f"{files[0].name} holds the results of a batch, without what was asked: name the file of items as well "
            "(items='items.jsonl', records with 'id', the target and no prediction)",
            "bad-option",
        )
    answers: dict[str, Answer] = {}
    for file in files:
        for name, answer in _answers(file):
            known = answers.get(name)
            if known is not None and not known.failure and not answer.failure:
                raise InputError(f"{answer.place}: {name!r} is answered already, in {known.place}", "bad-record")
            if known is None or known.failure:
                answers[name] = answer
    yield from _joined(answers, RowFile(items), files[0].name, request)


def _joined(answers: dict[str, Answer], items: RowFile, results: str, request: Request) -> Iterator[Record]:
    without: list[str] = []
    failed: dict[str, list[str]] = {}
    used: set[str] = set()
    layout = Layout(request.by, request.default, answered=False)
    for item in itertools.chain.from_iterable(own_parts(items.batches(), layout, 0)):
        answer = answers.get(item.id)
        if answer is None:
            without.append(item.id)
            yield item
            continue
        used.add(item.id)
        if answer.failure:
            failed.setdefault(answer.failure, []).append(item.id)
        first, *rest = answer.texts or (None,)
        yield replace(
            item, prediction=first, alternatives=tuple(filter(None, rest)), logprob=answer.logprob, place=answer.place
        )
    if not used:
        raise InputError(f"no result in {results} has the id of an item in {items.name}", "bad-file")
    for failure, names in failed.items():
        request.notes.append(f"{results}: no answer to {_listed(names)}: {failure}")
    if without:
        request.notes.append(f"{results}: no result for {_listed(without)}")
    if unknown := [name for name in answers if name not in used]:
        request.leave_out(f"results in {results}", f"{items.name} has no item {_listed(unknown)}")


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(map(repr, names[:SHOWN]))
    return shown if len(names) <= SHOWN else f"{shown} and {len(names) - SHOWN} more"


def _answers(file: RowFile) -> Iterator[tuple[str, Answer]]:
    return file.each(_answer)


def _answer(row: Any, place: str) -> tuple[str, Answer]:  # noqa: ANN401 - whatever JSON has
    if not isinstance(row, dict) or not is_row(row):
        raise RecordError("no result of a batch, unlike what the file begins with")
    name = row["custom_id"]
    if not isinstance(name, str):
        raise RecordError(f"'custom_id' is {name!r}, not a text")
    if "result" in row:
        texts, failure = _of_anthropic(row["result"])
        return name, Answer(texts, None, failure, place)
    body, failure = _body(row)
    texts, logprob = ((), None) if failure else _of_openai(body)
    return name, Answer(texts, logprob, failure or ("" if texts else "no text"), place)


def _of_anthropic(result: Any) -> tuple[tuple[str, ...], str]:  # noqa: ANN401 - whatever JSON has
    """The text of a message, whose blocks make one, and why there is none."""
    if not isinstance(result, dict) or "type" not in result:
        raise RecordError(f"'result' is {result!r}, no result of a request")
    if result["type"] != "succeeded":
        return (), _reason(result.get("error")) or str(result["type"])
    message = result.get("message")
    text = _text(message.get("content") if isinstance(message, dict) else None)
    return ((), "no text") if text is None else ((text,), "")


def _body(row: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """The body of a response, and why the request failed."""
    response = row.get("response")
    if row.get("error") or not isinstance(response, dict):
        return {}, _reason(row.get("error")) or "no response"
    body, status = response.get("body"), response.get("status_code", 200)
    if status != 200 or not isinstance(body, dict):
        return {}, _reason(body.get("error") if isinstance(body, dict) else None) or f"status {status}"
    return body, ""


def _of_openai(body: Mapping[str, Any]) -> tuple[tuple[str, ...], float | None]:
    """The texts of a response, and the log-probability of the first."""
    if isinstance(body.get("output"), list):
        # A response: its items are thoughts, calls of tools, and messages.
        messages = [item for item in body["output"] if isinstance(item, dict) and item.get("type") == "message"]
        texts = [_text(message.get("content")) for message in messages]
        return tuple(text for text in texts[-1:] if text is not None), None
    choices = [choice for choice in body.get("choices") or () if isinstance(choice, dict)]
    texts = []
    for choice in choices:
        message = choice.get("message")
        texts.append(_text(message.get("content") if isinstance(message, dict) else choice.get("text")))
    logprob = _logprob(choices[0].get("logprobs")) if choices else None
    return tuple(text for text in texts if text is not None), logprob


def _text(content: Any) -> str | None:  # noqa: ANN401 - whatever JSON has
    """A text, or the texts of the blocks of a message as one; blocks of other kinds are no answer."""
    if isinstance(content, list):
        texts = [block["text"] for block in content if isinstance(block, dict) and isinstance(block.get("text"), str)]
        return "".join(texts) if texts else None
    return content if isinstance(content, str) else None


def _logprob(logprobs: Any) -> float | None:  # noqa: ANN401 - whatever JSON has
    """The sum over the tokens of an answer."""
    tokens = logprobs.get("content") if isinstance(logprobs, dict) else None
    if not isinstance(tokens, list) or not tokens:
        return None
    values = [token.get("logprob") if isinstance(token, dict) else None for token in tokens]
    numbers = [value for value in values if isinstance(value, (int, float))]
    return float(sum(numbers)) if len(numbers) == len(values) else None


def _reason(error: Any) -> str:  # noqa: ANN401 - whatever JSON has
    """The message in an error, which may lie in an error."""
    if isinstance(error, dict):
        inner = error.get("error")
        return _reason(inner) if isinstance(inner, dict) else str(error.get("message") or error.get("type") or "")
    return str(error or "")
