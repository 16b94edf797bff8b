"""What is said of settings outside the program is what its rows say, and whoever changes one alone
is told. FAS_BUILD_DIR is the CMake build folder.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PROGRAM = PROJECT / os.environ.get("FAS_BUILD_DIR", "build/release") / "fast-autoscaler"


class Copy:
    """Of the scripts, the pages and the rest that they write."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.program = PROGRAM
        for name in ("scripts", "docs", "schema", "deploy"):
            shutil.copytree(PROJECT / name, folder / name)
        shutil.copy(PROJECT / "README.md", folder)

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        script = self.folder / "scripts" / "publish_settings.py"
        command = [sys.executable, script, self.program, *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    def spoil(self, name: str, old: str, new: str) -> str:
        """The file's text as it was."""
        file = self.folder / name
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))
        return text


@pytest.fixture
def copy(tmp_path) -> Copy:
    return Copy(tmp_path)


def test_what_is_committed_is_what_the_rows_say(copy):
    checked = copy.run("--check")
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize(
    "name, old, new",
    [
        ("schema/fast-autoscaler.schema.json", '"maximum": 100000', '"maximum": 99999'),
        ("README.md", "| `MIN_TASKS` |", "| `LEAST_TASKS` |"),
        ("README.md", "  variable     SQS_QUEUE_URL", "  variable     QUEUE_URL"),
        ("docs/sources.md", "| `REDIS_HOST` |", "| `HOST` |"),
        ("deploy/source/settings.json", '"MIN_TASKS"', '"LEAST_TASKS"'),
    ],
)
def test_what_was_changed_alone_is_named_and_written_anew(copy, name, old, new):
    right = copy.spoil(name, old, new)
    checked = copy.run("--check")
    assert checked.returncode == 1
    assert checked.stderr == f"{name} is not what the rows say: make settings\n"
    assert copy.run().returncode == 0
    assert (copy.folder / name).read_text() == right


def test_a_kind_without_a_table_is_named(copy):
    copy.spoil("docs/sources.md", "<!-- settings: queue_type redis -->", "<!-- -->")
    checked = copy.run("--check")
    assert checked.returncode == 1
    assert "no page has the table queue_type redis" in checked.stderr


def test_a_new_row_goes_everywhere(copy):
    """As if the program had one more setting."""
    rows = subprocess.run(
        [PROGRAM, "settings", "--json"], capture_output=True, text=True, timeout=60, check=True
    ).stdout
    row = {"path": "naps", "of": "target", "key": "naps", "says": "How many.", "type": "integer"}
    row |= {"minimum": 0, "maximum": 5, "default": 1, "need": "default", "tag": "yes"}
    row |= {"variable": "NAPS", "page": "policies.md#step"}
    explained = copy.folder / "rows"
    explained.write_text(rows + json.dumps(row) + "\n")
    copy.program = copy.folder / "program"
    copy.program.write_text(f"#!/bin/sh\n[ $2 = --json ] || exec {PROGRAM} $*\ncat {explained}\n")
    copy.program.chmod(0o755)

    assert copy.run().returncode == 0
    schema = json.loads((copy.folder / "schema" / "fast-autoscaler.schema.json").read_text())
    expected = {"description": "How many.", "type": "integer", "minimum": 0, "maximum": 5}
    assert schema["properties"]["naps"] == expected | {"default": 1}
    assert schema["$defs"]["target"]["properties"]["naps"] == {"$ref": "#/properties/naps"}
    line = "| `naps` | `NAPS` | `1` | How many. [More](docs/policies.md#step). |\n"
    assert line in (copy.folder / "README.md").read_text()
    assert json.loads((copy.folder / "deploy/source/settings.json").read_text())["naps"]
