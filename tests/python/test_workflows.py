"""What the workflows may do, and which code of others they run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

GITHUB = Path(__file__).resolve().parents[2] / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
ACTIONS = sorted((GITHUB / "actions").glob("*/action.yml"))
# A commit, and the version that it is for those who read.
PINNED = re.compile(r"[\w-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
# Actions that are not pinned, each with the reason. There is none.
UNPINNED: dict[str, str] = {}

each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)


def uses(path: Path) -> list[str]:
    """Every action that a file asks for, with the comment behind it."""
    return re.findall(r"\buses: +(.+)", path.read_text(encoding="utf-8"))


def jobs(path: Path) -> list[str]:
    """The text of each job."""
    return re.split(r"^  (?=[\w-]+:$)", path.read_text(encoding="utf-8").partition("\njobs:\n")[2], flags=re.MULTILINE)[
        1:
    ]


@pytest.mark.parametrize("path", [*WORKFLOWS, *ACTIONS], ids=lambda path: f"{path.parent.name}/{path.name}")
def test_actions_of_others_are_pinned_to_a_commit(path: Path) -> None:
    ours = ("$/.github/actions/",)
    loose = [action for action in uses(path) if not action.startswith(ours) and not PINNED.fullmatch(action)]
    assert {action.partition("@")[0] for action in loose} <= UNPINNED.keys()


def test_an_action_has_one_version() -> None:
    found = {action for path in [*WORKFLOWS, *ACTIONS] for action in uses(path) if "@" in action}
    assert len({action.partition("@")[0] for action in found}) == len(found)


@each_workflow
def test_nothing_is_allowed_that_a_job_does_not_ask_for(path: Path) -> None:
    assert "\npermissions: {}\n" in path.read_text(encoding="utf-8")
    assert jobs(path)
    for job in jobs(path):
        assert "    permissions:\n" in job
        assert "    timeout-minutes: " in job
        assert job.count("actions/checkout@") == job.count("persist-credentials: false")


def test_one_job_alone_may_sign_and_publish_and_runs_none_of_our_code() -> None:
    writers = [job for path in WORKFLOWS for job in jobs(path) if ": write" in job]
    assert len(writers) == 1
    assert "id-token: write" in writers[0]
    assert "environment:" in writers[0]
    assert "run:" not in writers[0]
    assert "actions/checkout@" not in writers[0]


@each_workflow
def test_no_secret_is_stored(path: Path) -> None:
    assert "secrets." not in path.read_text(encoding="utf-8")
