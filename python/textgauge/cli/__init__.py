"""The command `textgauge`. It needs the extra `cli`; the rest of the package does not."""

from __future__ import annotations

import gc
import sys

__all__ = ["main"]


def main() -> None:
    """Runs the command line; exits with 0, with 2 after an error, with 130 after Ctrl-C."""
    # Modules are no garbage: to look for some while they are loaded takes a tenth of the time.
    gc.disable()
    try:
        from textgauge.cli.app import app
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        print('the command line needs more packages: pip install "textgauge[cli]"', file=sys.stderr)
        sys.exit(2)
    gc.freeze()
    gc.enable()
    app(prog_name="textgauge")
