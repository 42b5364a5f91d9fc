"""The command `textgauge`. It needs the extra `cli`; the rest of the package does not."""

from __future__ import annotations

import gc
import os
import sys

__all__ = ["main"]


def main() -> None:
    """Runs the command line; exits with 0, with 2 after an error, with 130 after Ctrl-C."""
    # Modules are no garbage: to look for some while they are loaded takes a tenth of the time. `app` does so again.
    gc.disable()
    # NumPy's BLAS starts a thread for each processor when it is loaded, which takes longer than all that commands
    # multiply. But the sums of sacrebleu's tests, as the package has them, depend in their last bits on these threads.
    if sys.argv[1:2] != ["sacrebleu"]:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        from textgauge.cli.app import app

        app(prog_name="textgauge")
    except ModuleNotFoundError as error:
        if error.name not in ("click", "rich"):
            raise
        print('the command line needs more packages: pip install "textgauge[cli]"', file=sys.stderr)
        sys.exit(2)
