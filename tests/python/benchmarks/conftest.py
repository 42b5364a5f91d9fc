"""Lets the tests here, and those against the harnesses, import `reference_calls`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
