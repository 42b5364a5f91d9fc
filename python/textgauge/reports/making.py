"""`textgauge.report`: columns in, a page of HTML out."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from textgauge._value import whole_threads
from textgauge.errors import ConfigError
from textgauge.io.write import appearing
from textgauge.reports.document import charting, check_packages, pieces
from textgauge.reports.gather import Groups, Testing, Texts, gather
from textgauge.scorer import Scorer
from textgauge.stats.measurements import DEFAULT_SEED, whole_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textgauge.io.columns import Column
    from textgauge.metrics import Metric
    from textgauge.reports.gather import MissingTexts

__all__ = ["MOST_ROWS", "Report", "report"]

MOST_ROWS = 100_000
# The page sorts no more; and a browser would not open them.
MOST_LISTED = 1_000_000


class Report:
    """A report that was written. A notebook shows it in a frame; elsewhere it prints as where it is.

    Attributes:
        path: Where the page is.
    """

    __slots__ = ("path",)

    def __init__(self, path: Path) -> None:
        self.path = path

    def __fspath__(self) -> str:
        return str(self.path)

    def __repr__(self) -> str:
        return f"Report({str(self.path)!r})"

    def _repr_html_(self) -> str:
        from html import escape

        # Notebooks serve what lies beside them.
        path = escape(self.path.as_posix(), quote=True)
        frame = f'<iframe src="{path}" title="textgauge report" style="width:100%;height:40em;border:0"></iframe>'
        return f'<p><a href="{path}" target="_blank">{path}</a></p>{frame}'


def report(
    systems: Mapping[str, Column] | Column,
    references: Column,
    *,
    out: str | Path,
    metrics: str | Metric | Iterable[str | Metric] = ("rouge1", "rouge2", "rougeL"),
    by: Column | None = None,
    by_name: str = "group",
    ids: Column | None = None,
    title: str = "",
    rows: int = MOST_ROWS,
    nulls: MissingTexts = "error",
    samples: int = 1000,
    confidence: float = 0.95,
    seed: int = DEFAULT_SEED,
    threads: int | None = None,
    made_from: Mapping[str, str] | None = None,
    step: Callable[[str], object] = lambda _what: None,
) -> Report:
    """Writes a page of HTML on one or more systems: scores, evidence, groups, charts, and rows with their alignment.

    The page is one file that needs no network. It has all that it shows: also the texts.

    Args:
        systems: The predictions of each system by its name, as `Scorer.score` takes them; the first is the base that
            others are compared with. A column alone is one system.
        references: As for `Scorer.score`.
        out: Where the page is written. It appears when it is whole.
        metrics: As `Scorer` takes them.
        by: A key for each row, which makes groups: a task, a speaker, a language.
        by_name: What the groups are, in a word.
        ids: A name for each row, to be found by.
        title: The page's title.
        rows: How many rows can be looked at, up to a million. Of more, so many are chosen at random; scores are of
            all of them.
        nulls: What to do about missing texts: `"error"`, `"empty"` or `"drop"`, as for `Scorer.score`.
        samples: How many bootstrap samples; groups take more if there are many.
        confidence: Confidence level of intervals and verdicts, above 0 and below 1.
        seed: Random seed.
        threads: How many threads to use.
        made_from: What the page says of its making besides: for example the files, by what they are.
        step: Called with a few words on what is done next.

    Returns:
        Where the page is.

    Raises:
        ConfigError: A package of the extra `report` is not installed, there is no system, an option is out of range.
        InputError: Columns differ in length, have no rows, or a text is missing.
        InputTypeError: Something is no column of texts.
        OSError: The page cannot be written.
    """
    check_packages()
    columns = dict(systems) if isinstance(systems, Mapping) else {"prediction": systems}
    if not columns:
        raise ConfigError("there are no systems to report on", "bad-option")
    if nulls not in ("error", "empty", "drop"):
        raise ConfigError(f"nulls is {nulls!r}; choose one of 'error', 'empty', 'drop'", "bad-null-policy")
    listed = whole_number("rows", rows, most=MOST_LISTED)
    threads = whole_threads(threads)
    path = Path(out)
    texts = Texts.of(columns, references, ids, None if by is None else Groups.of(by_name, by))
    with ThreadPoolExecutor(1) as beside:
        charts = beside.submit(charting)
        gathered = gather(
            texts,
            Scorer(metrics),
            nulls=nulls,
            testing=Testing(samples, confidence, seed),
            threads=threads,
            step=step,
        )
        step("writing the page")
        chosen = _listed(len(texts), listed, seed)
        with appearing(path) as file:
            for piece in pieces(gathered, charts.result(), chosen, title or "textgauge report", made_from or {}):
                file.write(piece.encode("utf-8", "backslashreplace"))
    return Report(path)


def _listed(count: int, most: int, seed: int) -> list[int]:
    """The rows that can be looked at, in order."""
    if count <= most:
        return list(range(count))
    chosen: Any = np.random.default_rng(seed).choice(count, most, replace=False)
    return sorted(chosen.tolist())
