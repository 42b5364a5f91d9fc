"""Three systems of rows that every test of the browser can work out by itself."""

from __future__ import annotations

COUNT = 1200
WORDS = ("the", "old", "cat", "sat", "on", "a", "mat", "while", "it", "was", "very", "cold", "outside", "today")


def texts(wrong: int, seed: int) -> list[str]:
    """Texts with every so manieth word replaced."""
    made = []
    for row in range(COUNT):
        words = [*((WORDS * 2)[row % len(WORDS) :][: 6 + row % 5]), f"number{row}"]
        made.append(" ".join("x" if (row * 7 + at + seed) % wrong == 0 else word for at, word in enumerate(words)))
    return made


REFERENCES = texts(10**6, 1)
SYSTEMS = {"base": texts(3, 0), "new": texts(7, 1), "worse": texts(2, 0)}
TASKS = [("sums", "names", "dates")[row % 3] for row in range(COUNT)]
METRICS = ("rouge1", "rougeL", "bleu", "wer")
