"""Distances of sequences, sets and labels: `nltk.metrics.distance` of NLTK 3.10.4."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from textgauge.metrics import EditDistance
from textgauge.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence
    from collections.abc import Set as AbstractSet

__all__ = [
    "binary_distance",
    "custom_distance",
    "edit_distance",
    "edit_distance_align",
    "fractional_presence",
    "interval_distance",
    "jaccard_distance",
    "jaro_similarity",
    "jaro_winkler_similarity",
    "masi_distance",
    "presence",
]

MAX_DISTANCE_INPUT_LEN = 2000
"""The longest sequences that are compared. It can be set higher."""

_DISTANCE = Scorer(EditDistance(tokenizer="characters"))
_DISTANCE_OF_TOKENS = Scorer(EditDistance())
# Others may differ from themselves, as NaN does.
_PLAIN = frozenset((str, int))


def edit_distance(
    s1: Sequence[Any], s2: Sequence[Any], substitution_cost: float = 1, transpositions: bool = False
) -> float:
    """Levenshtein's distance: the fewest items to substitute, delete and insert.

    Args:
        s1: A string, or any sequence of hashable items.
        s2: Another.
        substitution_cost: What a substitution counts.
        transpositions: Whether two items that changed places count as one edit, and those between them as one each.

    Raises:
        ValueError: One is longer than `MAX_DISTANCE_INPUT_LEN`.
        TypeError: Something is no sequence of hashable items.
    """
    _check_lengths(s1, s2, "edit_distance")
    if type(substitution_cost) is int and substitution_cost == 1 and not transpositions:
        if type(s1) is type(s2) is str:
            return int(_DISTANCE.score_pair(s2, s1)["edit_distance"])
        if type(s1) is type(s2) is list and _PLAIN.issuperset(map(type, (*s1, *s2))):
            return int(_DISTANCE_OF_TOKENS.score_pair(s2, [s1], tokens=True)["edit_distance"])
    places = dict.fromkeys([*s1, *s2], 0)
    return _distances(s1, s2, substitution_cost, places if transpositions else None)[-1][-1]


def edit_distance_align(s1: Sequence[Any], s2: Sequence[Any], substitution_cost: float = 1) -> list[tuple[int, int]]:
    """The steps of a cheapest way from one sequence to the other: how many items of each are done after each step.

    Of ways that cost as much, one that substitutes is taken, then one that skips an item of `s1`, from the end on.

    Args:
        s1: A string, or any sequence.
        s2: Another.
        substitution_cost: What a substitution counts.

    Raises:
        ValueError: One is longer than `MAX_DISTANCE_INPUT_LEN`.
    """
    _check_lengths(s1, s2, "edit_distance_align")
    distances = _distances(s1, s2, substitution_cost, None)
    row, column = len(s1), len(s2)
    steps = [(row, column)]
    while row or column:
        ways: list[tuple[float, tuple[int, int]]] = []
        if row and column:
            cost = 0 if s1[row - 1] == s2[column - 1] else substitution_cost
            ways.append((distances[row - 1][column - 1] + cost, (row - 1, column - 1)))
        if row:
            ways.append((distances[row - 1][column] + 1, (row - 1, column)))
        if column:
            ways.append((distances[row][column - 1] + 1, (row, column - 1)))
        _, (row, column) = min(ways, key=lambda way: way[0])
        steps.append((row, column))
    return steps[::-1]


def _check_lengths(s1: Sequence[Any], s2: Sequence[Any], function: str) -> None:
    longest = max(len(s1), len(s2))
    if longest > MAX_DISTANCE_INPUT_LEN:
        raise ValueError(
            f"{function}: input length {longest} exceeds MAX_DISTANCE_INPUT_LEN ({MAX_DISTANCE_INPUT_LEN}). This "
            "function is super-linear in the input length over two untrusted strings (CWE-407/CWE-400); a long input "
            "is a CPU/memory DoS. Raise nltk.metrics.distance.MAX_DISTANCE_INPUT_LEN if you need to compare longer "
            "trusted strings."
        )


def _distances(
    s1: Sequence[Any], s2: Sequence[Any], substitution_cost: float, last_rows: dict[Any, int] | None
) -> list[list[float]]:
    """The distance of each two prefixes; with transpositions if there is a place for the last row of each item."""
    table: list[list[float]] = [[*range(len(s2) + 1)]]
    for row in range(1, len(s1) + 1):
        above = table[-1]
        current: list[float] = [row]
        item = s1[row - 1]
        last_column = 0
        for column in range(1, len(s2) + 1):
            other = s2[column - 1]
            substituted = above[column - 1] + (substitution_cost if item != other else 0)
            cost = min(above[column] + 1, current[column - 1] + 1, substituted)
            if last_rows is not None:
                last_row = last_rows[other]
                if last_row and last_column:
                    between = row - last_row + column - last_column - 1
                    cost = min(cost, table[last_row - 1][last_column - 1] + between)
                if item == other:
                    last_column = column
            current.append(cost)
        table.append(current)
        if last_rows is not None:
            last_rows[item] = row
    return table


def binary_distance(label1: object, label2: object) -> float:
    """0.0 for equal labels, 1.0 for others."""
    return 0.0 if label1 == label2 else 1.0


def jaccard_distance(label1: AbstractSet[Any], label2: AbstractSet[Any]) -> float:
    """The share of the items of two sets that only one of them has.

    Raises:
        ZeroDivisionError: Both sets are empty.
    """
    union = len(label1.union(label2))  # type: ignore[attr-defined]
    shared = len(label1.intersection(label2))  # type: ignore[attr-defined]
    return (union - shared) / union


def masi_distance(label1: AbstractSet[Any], label2: AbstractSet[Any]) -> float:
    """As `jaccard_distance`, but nearer where one set holds the other (Passonneau 2006).

    Raises:
        ZeroDivisionError: Both sets are empty.
    """
    shared, union = len(label1.intersection(label2)), len(label1.union(label2))  # type: ignore[attr-defined]
    if len(label1) == len(label2) == shared:
        weight: float = 1
    elif shared == min(len(label1), len(label2)):
        weight = 2 / 3
    else:
        weight = 1 / 3 if shared else 0
    return 1 - shared / union * weight


def interval_distance(label1: Any, label2: Any) -> Any:  # noqa: ANN401 - numbers of any kind
    """The square of the difference (Krippendorff 1980); what are no numbers have none, and it says so."""
    try:
        return pow(label1 - label2, 2)
    except Exception:
        print("non-numeric labels not supported with interval distance")
        return None


def presence(label: Hashable) -> Callable[[AbstractSet[Any], AbstractSet[Any]], float]:
    """A distance of sets: 1.0 if both or none of them has the label, else 0.0."""
    return lambda x, y: 1.0 * ((label in x) == (label in y))


def fractional_presence(label: Hashable) -> Callable[[AbstractSet[Any], AbstractSet[Any]], float]:
    """A distance of sets by the share that a label has in each."""

    def distance(x: AbstractSet[Any], y: AbstractSet[Any]) -> float:
        of_x, of_y = 1.0 / len(x), 1.0 / len(y)
        return abs(of_x * (label in x) - of_y * (label in y))

    return distance


def custom_distance(file: str) -> Callable[[AbstractSet[Any], AbstractSet[Any]], float]:
    """A distance of labels that a file lists: in each line two labels and a number, with tabulators between them.

    Raises:
        ImportError: NLTK is not installed, which says what files may be read.
        OSError: The file cannot be read.
    """
    from nltk.pathsec import open as open_allowed

    distances = {}
    with open_allowed(file) as lines:
        for line in lines:
            one, other, distance = line.strip().split("\t")
            distances[frozenset([frozenset([one]), frozenset([other])])] = float(distance)
    return lambda x, y: distances[frozenset([x, y])]  # type: ignore[list-item]


def jaro_similarity(s1: Sequence[Any], s2: Sequence[Any]) -> float:
    """Jaro's similarity (1989): 1.0 for equal sequences, 0.0 for those without an item in common near each other.

    Raises:
        ValueError: One is longer than `MAX_DISTANCE_INPUT_LEN`.
    """
    if s1 == s2:
        return 1.0
    _check_lengths(s1, s2, "jaro_similarity")
    reach = max(len(s1), len(s2)) // 2 - 1
    of_s1 = []
    of_s2: set[int] = set()
    for place, item in enumerate(s1):
        for other in range(max(0, place - reach), min(place + reach, len(s2) - 1) + 1):
            if item == s2[other] and other not in of_s2:
                of_s1.append(item)
                of_s2.add(other)
                break
    matches = len(of_s1)
    if matches == 0:
        return 0.0
    moved = sum(bool(item != s2[other]) for item, other in zip(of_s1, sorted(of_s2), strict=True))
    shares = matches / len(s1) + matches / len(s2) + (matches - moved // 2) / matches
    return 1 / 3 * shares


def jaro_winkler_similarity(s1: Sequence[Any], s2: Sequence[Any], p: float = 0.1, max_l: int = 4) -> float:
    """Jaro's similarity, higher for sequences that begin alike (Winkler 1990).

    Args:
        s1: A string, or any sequence.
        s2: Another.
        p: How much each item counts that both begin with.
        max_l: How many such items count at most. `max_l * p` should be from 0 to 1; else there is a warning.

    Raises:
        ValueError: As for `jaro_similarity`.
    """
    if not 0 <= max_l * p <= 1:
        warnings.warn(
            "The product  `max_l * p` might not fall between [0,1]."
            "Jaro-Winkler similarity might not be between 0 and 1.",
            stacklevel=1,
        )
    similarity = jaro_similarity(s1, s2)
    alike = 0
    for one, other in zip(s1, s2, strict=False):
        if one != other:
            break
        alike += 1
        if alike == max_l:
            break
    return similarity + (alike * p * (1 - similarity))
