"""Side by side with the peers: speed, memory and equality, all from one run.

Contenders take `list[str]`, each in a process of its own. For one corpus and one setting all are timed in turn, round
after round, for at least 0.3 s each time. `peers_rouge.py`, `peers_translation.py` and `peers_answers.py` say what they
are asked.

Exit status 1 if one of our scores is not the same as the reference implementation's. Missed targets are only shown.

    python benches/python/peers.py [--quick] [--only PART] [--pairs N] [--corpus NAME] [--data FOLDER]
"""

import argparse
import importlib.metadata
import json
import os
import platform
import sys
from pathlib import Path

import peers_answers
import peers_rouge
import peers_translation
from workers import ALL_THREADS, DATA, cpu

PARTS = {"rouge": peers_rouge, "translation": peers_translation, "answers": peers_answers}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer rounds and pairs, for a look")
    parser.add_argument("--only", choices=PARTS, help="only this part")
    parser.add_argument("--pairs", type=int, help="pairs in samples of ROUGE (default 500; 100 if quick)")
    parser.add_argument("--corpus", help="only this corpus, of ROUGE")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the real texts (default %(default)s)")
    parser.add_argument("--worker", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        mode, job = options.worker
        {**peers_rouge.MODES, **peers_translation.MODES, **peers_answers.MODES}[mode](json.loads(job))
        return 0
    options.pairs = options.pairs or (100 if options.quick else 500)
    options.rounds = 3 if options.quick else 5
    corpora = [*peers_rouge.CORPORA, *peers_rouge.SYNTHETIC]
    if options.corpus and options.corpus not in corpora:
        parser.error(f"no such corpus; there are {', '.join(corpora)}")

    print(f"{cpu()}, {ALL_THREADS} threads, load {os.getloadavg()[0]:.1f}; Python {platform.python_version()}")
    parts = [PARTS[options.only]] if options.only else list(PARTS.values())
    names = dict.fromkeys(name for part in parts for name in part.PACKAGES)
    print(", ".join(f"{name} {importlib.metadata.version(name)}" for name in names))
    equal = [part.run(options) for part in parts]
    return 0 if all(equal) else 1


if __name__ == "__main__":
    sys.exit(main())
