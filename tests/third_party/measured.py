"""What the scripts here share: real texts, and calls that are timed and written down."""

import gzip
import json
import sys
import time
from pathlib import Path

DATA = Path(__file__).parents[3] / "shared" / "data" / "dev"


def lines_of(name, count):
    """The first rows of a file of texts, as they stand there."""
    plain = DATA / f"{name}.jsonl"
    read = plain.read_bytes() if plain.exists() else gzip.decompress(Path(f"{plain}.gz").read_bytes())
    return read.decode().split("\n")[:count]


def pairs_of(name, count=200):
    """References and hypotheses: each hypothesis with the first of its references."""
    rows = [json.loads(line) for line in lines_of(name, count)]
    return [(row["references"][0], row["hypothesis"]) for row in rows]


def write_down(label, pairs, call):
    """Adds the result of a call and its time to the file that the command line names."""
    start = time.perf_counter()
    result = repr(call())
    seconds = time.perf_counter() - start
    with Path(sys.argv[1]).open("a", encoding="utf-8") as file:
        print(json.dumps({"label": label, "pairs": pairs, "seconds": seconds, "result": result}), file=file)
