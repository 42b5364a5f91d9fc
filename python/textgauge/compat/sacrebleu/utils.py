"""Files, tables and test sets: `sacrebleu.utils` of sacrebleu 2.6.0."""

from __future__ import annotations

import gzip
import json
import logging
import math
import re
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textgauge.compat.sacrebleu.dataset import DATASETS, SACREBLEU_DIR

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from textgauge.compat.sacrebleu.dataset import Dataset

__all__ = [
    "SACREBLEU_DIR",
    "USERHOME",
    "Color",
    "args_to_dict",
    "download_test_set",
    "filter_subset",
    "get_available_testsets",
    "get_available_testsets_for_langpair",
    "get_files",
    "get_langpairs_for_testset",
    "get_reference_files",
    "get_source_file",
    "my_log",
    "print_results_table",
    "print_single_results",
    "print_test_set",
    "sanity_check_lengths",
    "smart_open",
    "sum_of_lists",
]

USERHOME = str(Path("~").expanduser())

sacrelogger = logging.getLogger("sacrebleu")

_Item = TypeVar("_Item")


class Color:
    """Colours for terminals.

    Attributes:
        ENABLE_COLORS: Whether there are any.
    """

    ENABLE_COLORS = True

    _CODES: ClassVar = {"red": 31, "green": 32, "yellow": 33, "blue": 34, "magenta": 35, "cyan": 36}

    @staticmethod
    def format(msg: str, color: str) -> str:
        """A text in a colour; as it is if there is no such colour."""
        code = Color._CODES.get(color)
        return f"\x1b[{code}m{msg}\x1b[0m" if Color.ENABLE_COLORS and code else msg


def my_log(num: float) -> float:
    """The natural logarithm; of 0 a very low number."""
    return math.log(num) if num != 0.0 else -9999999999


def sum_of_lists(lists: list[list[Any]]) -> list[Any]:
    """The sums of all first numbers, of all second ones and so on, in numbers of the very first one's type.

    Raises:
        IndexError: There is no list, or a later one is too short.
    """
    if len(lists) == 1:
        return lists[0]
    sums = [type(lists[0][0])(0.0)] * len(lists[0])
    for numbers in lists:
        for place in range(len(sums)):
            sums[place] += numbers[place]
    return sums


def smart_open(file: str, mode: str = "rt", encoding: str = "utf-8") -> IO[Any]:
    """Opens a text file, compressed if its name ends in `.gz`. Lines end at line feeds only."""
    if file.endswith(".gz"):
        return cast("IO[Any]", gzip.open(file, mode, encoding=encoding, newline="\n"))
    return open(file, mode, encoding=encoding, newline="\n")  # noqa: PTH123 - the caller closes it


def args_to_dict(args: Namespace, prefix: str, strip_prefix: bool = False) -> dict[str, Any]:
    """The arguments whose names begin with `prefix_`, by their names, or by what follows it."""
    start = f"{prefix}_"
    return {
        name.replace(start, "") if strip_prefix else name: value
        for name, value in vars(args).items()
        if name.startswith(start)
    }


def sanity_check_lengths(system: Sequence[str], refs: Sequence[Sequence[str]], test_set: str | None = None) -> None:
    """Checks that there is a reference for each hypothesis.

    Raises:
        SystemExit: There is not.
    """
    if all(len(stream) == len(system) for stream in refs):
        return
    sacrelogger.error("System and reference streams have different lengths.")
    if test_set:
        sacrelogger.error(
            "This could be an issue with your system output or with sacreBLEU's reference database if -t is given."
        )
        sacrelogger.error("For the latter, try cleaning out the cache by typing:\n")
        sacrelogger.error(f"  rm -r {SACREBLEU_DIR}/{test_set}\n")
        sacrelogger.error("The test sets will be re-downloaded the next time you run sacreBLEU.")
    sys.exit(1)


def print_single_results(results: list[str], args: Namespace) -> None:
    """Prints the scores of one system: as JSON if `args.format` says so, else as lines, aligned at `=`."""
    if args.format == "json":
        print(results[0] if len(results) == 1 else "[\n" + ",\n".join(results) + "\n]")
        return
    if "μ" in results[0]:
        interval = re.compile(r"\(μ = [0-9.]+ ± [0-9.]+\)")
        results = [interval.sub(lambda found: Color.format(found.group(), "cyan"), line) for line in results]
    if len(results) == 1:
        print(results[0])
        return
    for line in results:
        if "=" not in line:
            print(line)
    # As the peer does it: what is left pairs widths of lines with `=` with lines from the start.
    widths = [line.index("=") - 1 for line in results if "=" in line]
    for width, line in zip(widths, results, strict=False):
        print(f"{line[:width]:>{max(widths)}}{line[width:]}")


def print_results_table(results: dict[str, Any], signatures: dict[str, str], args: Namespace) -> None:
    """Prints the scores of several systems.

    Args:
        results: By column: `System`, then each metric, with a text or a `Result` for each system.
        signatures: Of each metric.
        args: The arguments `format`, `width`, `paired_bs`, `paired_ar`, `paired_bs_n` and `paired_ar_n`.

    Raises:
        ModuleNotFoundError: The package `tabulate` is missing, and something else than JSON is wanted.
    """
    if args.format == "json":
        # Numbers in single precision are no numbers for JSON.
        print(json.dumps(_as_records(results), indent=4, default=float))
        return
    from tabulate import tabulate  # JSON does without

    columns = _formatted(results, args.width, "\n" if args.format == "text" else " ")
    systems = columns["System"]
    baseline = systems[0] if systems[0].startswith("Baseline:") else ""
    if baseline:
        for values in columns.values():
            values[0] = Color.format(values[0], "yellow")
    table = tabulate(
        {Color.format(name, "cyan"): values for name, values in columns.items()},
        headers="keys",
        tablefmt={"text": "fancy_grid", "latex": "latex_booktabs"}[args.format],
        colalign=("right",),
        stralign="center",
        numalign="center",
        floatfmt=f".{args.width}f",
    )
    print(f"{table}\n")
    if args.paired_bs or args.paired_ar:
        print(_explained(baseline, args))
    print("-----------------\nMetric signatures\n-----------------")
    for name, signature in signatures.items():
        print(f" - {name:<10} {signature}")


def _as_records(results: dict[str, Any]) -> list[dict[str, Any]]:
    records = []
    for number, system in enumerate(results["System"]):
        values = {metric: values[number] for metric, values in results.items() if metric != "System"}
        scores = {metric: value if isinstance(value, str) else vars(value) for metric, value in values.items()}
        records.append({"system": system, **scores})
    return records


def _formatted(results: dict[str, Any], width: int, separator: str) -> dict[str, list[str]]:
    """The columns of the table, with `separator` before p-values."""
    columns = {"System": list(results["System"])}
    has_intervals = False
    for metric, values in results.items():
        if metric == "System":
            continue
        has_intervals |= any(not isinstance(value, str) and value.mean is not None for value in values)
        title = f"{metric} (μ ± 95% CI)" if has_intervals else metric
        columns[title] = [value if isinstance(value, str) else _cell(value, width, separator) for value in values]
    return columns


def _cell(result: Any, width: int, separator: str) -> str:  # noqa: ANN401 - a `Result`
    text = f"{result.score:.{width}f}"
    if result.mean is not None:
        text += f" ({result.mean:.{width}f} ± {result.ci:.{width}f})"
    if result.p_value is not None:
        p_value = f"(p = {result.p_value:.4f})"
        text += separator + (Color.format(p_value, "red") if result.p_value > 0.05 else f"{p_value}*")
    return text


# What sacrebleu prints below a table of a paired test.
_EXPLANATION = """\
{line}
{title}
{line}
 - Each system is pairwise compared to {baseline_name}.
   {given}

 - {null}: the system and the {baseline} translations are essentially
   generated by the same underlying process. For a given system and the {baseline},
   the p-value is roughly the probability of the absolute score difference (delta)
   or higher occurring due to chance, under the assumption that the {null_again} is correct.

 - Assuming a significance threshold of 0.05, the {null_again} can be rejected
   for p-values < 0.05 (marked with "*"). This means that the delta is unlikely to be attributed
   to chance, hence the system is significantly "different" than the {baseline}.
   Otherwise, the p-values are {red}.

 - NOTE: Significance does not tell whether a system is "better" than the {baseline} but rather
   emphasizes the "difference" of the systems in terms of the replicability of the delta.
"""


def _explained(baseline_name: str, args: Namespace) -> str:
    if args.paired_bs:
        title = f"Paired bootstrap resampling test with {args.paired_bs_n} resampling trials"
        given = "Actual system score / bootstrap estimated true mean / 95% CI are provided for each metric."
    else:
        title = f"Paired approximate randomization test with {args.paired_ar_n} trials"
        given = "Actual system score is provided for each metric."
    null = Color.format("Null hypothesis", "green")
    return _EXPLANATION.format(
        line="-" * len(title),
        title=title,
        baseline_name=Color.format(baseline_name, "yellow"),
        given=given,
        null=null,
        null_again=null.lower(),
        baseline=Color.format("baseline", "yellow"),
        red=Color.format("highlighted in red", "red"),
    )


def _dataset(test_set: str) -> Dataset:
    """A test set that is here.

    Raises:
        Exception: It is not.
    """
    if test_set in DATASETS:
        return DATASETS[test_set]
    raise Exception(
        f"No such test set {test_set} in {SACREBLEU_DIR}, where sacrebleu keeps those that it has downloaded. "
        f"textgauge downloads nothing: `pip install sacrebleu`, then `sacrebleu --download {test_set}`."
    )


def get_source_file(test_set: str, langpair: str) -> str:
    """The path of the sources of a test set, such as `wmt20`, for a language pair, such as `en-de`.

    Raises:
        Exception: There is no such test set here, or no such language pair.
    """
    return _dataset(test_set).get_source_file(langpair)


def get_reference_files(test_set: str, langpair: str) -> list[str]:
    """The paths of the references of a test set. Errors are those of `get_source_file`."""
    return _dataset(test_set).get_reference_files(langpair)


def get_files(test_set: str, langpair: str) -> list[str]:
    """The paths of all parts of a test set. Errors are those of `get_source_file`."""
    return _dataset(test_set).get_files(langpair)


def download_test_set(test_set: str, langpair: str | None = None) -> list[str]:
    """The paths of all parts of a test set that is here already. Errors are those of `get_source_file`."""
    found = _dataset(test_set)
    return [file for pair in ([langpair] if langpair else found.langpairs) for file in found.get_files(pair)]


def get_langpairs_for_testset(testset: str) -> list[str]:
    """The language pairs of a test set; none if it is not here."""
    return list(DATASETS[testset].langpairs) if testset in DATASETS else []


def get_available_testsets() -> list[str]:
    """The names of the test sets that are here, last ones first."""
    return sorted(DATASETS, reverse=True)


def get_available_testsets_for_langpair(langpair: str) -> list[str]:
    """The names of the test sets that are here and have a language pair, in either direction."""
    source, target = langpair.split("-")[:2]
    pairs = {f"{source}-{target}", f"{target}-{source}"}
    return [name for name, found in DATASETS.items() if pairs & set(found.langpairs)]


def print_test_set(
    test_set: str,
    langpair: str,
    requested_fields: Sequence[str],
    origlang: str | None = None,
    subset: str | None = None,
) -> None:
    """Prints parts of a test set, with tabs between them.

    Args:
        test_set: Its name.
        langpair: The language pair.
        requested_fields: The names of the parts, or `all`. `ref` is the first reference where there are several.
        origlang: See `filter_subset`.
        subset: See `filter_subset`.

    Raises:
        SystemExit: There is no such part.
        Exception: As for `get_source_file`.
    """
    found = _dataset(test_set)
    fields = found.fieldnames(langpair)
    wanted = list(requested_fields)
    if "all" in wanted:
        if len(wanted) != 1:
            sacrelogger.error("Cannot use --echo all with other fields")
            sys.exit(1)
        wanted = fields
    if "ref" not in fields:
        first = min(field for field in fields if field.startswith("ref"))
        wanted = [first if field == "ref" else field for field in wanted]
    files = dict(zip(fields, found.get_files(langpair), strict=True))
    for field in wanted:
        if field not in files:
            sacrelogger.error(f"No such field {field} in test set {test_set} for language pair {langpair}.")
            sacrelogger.error(f"available fields for {test_set}/{langpair}: {', '.join(fields)}")
            sys.exit(1)
    streams = filter_subset([smart_open(files[field]) for field in wanted], test_set, langpair, origlang, subset)
    for lines in zip(*streams, strict=False):
        print("\t".join(line.rstrip() for line in lines))


def filter_subset(
    systems: list[_Item],
    test_sets: str | None,  # noqa: ARG001 - the peer's argument
    langpair: str | None,  # noqa: ARG001
    origlang: str | None,
    subset: str | None = None,
) -> list[_Item]:
    """The columns as they are, since parts of test sets by original language or subject are not covered here.

    Raises:
        NotImplementedError: Such a part is wanted.
    """
    if origlang is None and subset is None:
        return systems
    raise NotImplementedError(
        "textgauge's drop-in for sacrebleu has no --origlang and no --subset, which need the files that test sets are "
        "made of; use sacrebleu for those"
    )
