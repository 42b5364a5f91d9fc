"""Data packed into the page: compressed, so that hundreds of thousands of rows fit, and read block by block."""

from __future__ import annotations

import base64
import json
import re
import zlib
from typing import TYPE_CHECKING, Any

from textgauge.io.write import without_nan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    import numpy.typing as npt

__all__ = ["inline_json", "pack", "pack_numbers", "pack_text", "slices"]

# What could end the script that holds the JSON, or a line of it.
_UNSAFE = re.compile("[<>&\u2028\u2029]")


def pack(data: bytes) -> str:
    """Bytes as gzip in base64, which the page undoes with a `DecompressionStream`."""
    packer = zlib.compressobj(level=6, wbits=31)  # as gzip writes it, without the time
    return base64.b64encode(packer.compress(data) + packer.flush()).decode()


def pack_text(text: str) -> str:
    """JSON, packed."""
    # UTF-8 has no lone surrogates; what Python writes for them is their escape in JSON, too.
    return pack(text.encode("utf-8", "backslashreplace"))


def pack_numbers(values: npt.NDArray[np.float64] | npt.NDArray[np.uint32]) -> str:
    """Numbers of 32 bits each, packed: scores as floats, which is more than anybody looks at, codes as they are."""
    kind = "<u4" if values.dtype.kind == "u" else "<f4"
    return pack(values.astype(kind).tobytes())


def inline_json(value: Any) -> str:  # noqa: ANN401 - whatever JSON has
    """A value as JSON that can stand in a script of the page, whatever texts are in it."""
    text = json.dumps(without_nan(value), allow_nan=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def slices(rows: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """The rows, so many at a time."""
    return (rows[first : first + size] for first in range(0, len(rows), size))
