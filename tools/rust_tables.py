"""What the generators of Rust tables have in common."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

SOURCES = Path(__file__).resolve().parent.parent / "src" / "text" / "src"


def range_table(name: str, ranges: list[tuple[int, int]]) -> list[str]:
    """One table of inclusive ranges."""
    return [
        f"pub(crate) const {name}: [(u32, u32); {len(ranges)}] = [",
        *(f"    (0x{first:04x}, 0x{last:04x})," for first, last in ranges),
        "];",
    ]


def write_or_check(file: str, rendered: str, source: str) -> int:
    """Writes a file of the text crate, or with `--check` only compares it with what is there.

    Args:
        file: Its name.
        rendered: What it should hold.
        source: What that was asked of, for the message.

    Returns:
        The exit status: 1 if the file differs.
    """
    generator = Path(sys.argv[0]).name
    parser = argparse.ArgumentParser(description=f"Generate {file} of the text crate.")
    parser.add_argument("--check", action="store_true", help="only compare with the file on disk")
    check: bool = parser.parse_args().check
    target = SOURCES / file
    if not check:
        target.write_text(rendered, encoding="utf-8", newline="\n")
        return 0
    if target.exists() and target.read_bytes() == rendered.encode():
        return 0
    print(f"{file} is not what {source} gives; run tools/{generator} without --check", file=sys.stderr)
    return 1
