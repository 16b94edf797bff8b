"""What is alike in deploy/ is what its sources say, and whoever changes a file alone is told."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

WRITTEN = (".yaml", ".tf")
PROJECT = Path(__file__).resolve().parents[2]


class Copy:
    """Of the generator, its sources and what it writes."""

    def __init__(self, folder: Path):
        self.deploy = folder / "deploy"
        shutil.copytree(PROJECT / "deploy", self.deploy)
        (folder / "scripts").mkdir()
        for name in ("deploy_terraform.py", "deploy_templates.py"):
            self._script = shutil.copy(PROJECT / "scripts" / name, folder / "scripts")

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        command = [sys.executable, self._script, *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def copy(tmp_path) -> Copy:
    return Copy(tmp_path)


def test_what_is_committed_is_what_the_sources_say(copy):
    checked = copy.run("--check")
    assert (checked.returncode, checked.stderr) == (0, "")


def test_each_says_where_it_comes_from(copy):
    sources = [path for path in (copy.deploy / "source").rglob("*.*") if path.suffix in WRITTEN]
    templates = {path.name for path in (copy.deploy / "cloudformation").iterdir()}
    of_template = {path.name for path in sources if path.parent.name == "source"}
    assert templates == of_template
    for source in sources:
        if source.parent.name == "shared":
            continue
        where = source.relative_to(copy.deploy / "source")
        file = copy.deploy / ("" if where.parts[0] == "terraform" else "cloudformation") / where
        first_line = file.read_text().partition("\n")[0]
        assert f"from deploy/source/{where}:" in first_line


def test_a_template_that_was_changed_alone_is_named_and_left_as_it_is(copy):
    template = copy.deploy / "cloudformation" / "sqs.yaml"
    spoilt = template.read_text().replace("Timeout: 15", "Timeout: 16")
    template.write_text(spoilt)
    checked = copy.run("--check")
    assert checked.returncode == 1
    assert checked.stderr.count("\n") == 1 and "cloudformation/sqs.yaml" in checked.stderr
    assert template.read_text() == spoilt

    assert copy.run().returncode == 0
    assert template.read_text() == (PROJECT / "deploy/cloudformation/sqs.yaml").read_text()


def test_a_piece_goes_to_every_template_that_has_it(copy):
    piece = copy.deploy / "source" / "shared" / "resources.yaml"
    piece.write_text(piece.read_text().replace("/fast-autoscaler/", "/autoscaler/"))
    assert copy.run().returncode == 0
    changed = [
        path.stem
        for path in sorted((copy.deploy / "cloudformation").iterdir())
        if "LogGroupName: !Sub /autoscaler/" in path.read_text()
    ]
    expected = ["eventbridge", "every-minute", "fleet-map", "fleet-sqs", "sqs", "sub-minute"]
    assert changed == expected


def test_a_right_goes_to_both(copy):
    parts = copy.deploy / "source" / "shared" / "parts.yaml"
    text = parts.read_text().replace("Action: ecs:GetTaskProtection", "Action: ecs:DescribeTasks")
    parts.write_text(text)
    assert copy.run().returncode == 0
    for file in ("cloudformation/sqs.yaml", "terraform/permissions.tf", "terraform/fleet.tf"):
        written = (copy.deploy / file).read_text()
        assert "ecs:DescribeTasks" in written and "ecs:GetTaskProtection" not in written


def test_an_alarm_goes_to_both(copy):
    alarms = copy.deploy / "source" / "shared" / "alarms.yaml"
    alarms.write_text(alarms.read_text().replace("Threshold: 120", "Threshold: 180"))
    assert copy.run().returncode == 0
    assert "Threshold: 180" in (copy.deploy / "cloudformation/fleet-sqs.yaml").read_text()
    assert "threshold   = 180" in (copy.deploy / "terraform/alarms.tf").read_text()


def test_a_parameter_goes_to_both(copy):
    parameters = copy.deploy / "source" / "shared" / "parameters.yaml"
    parameters.write_text(parameters.read_text().replace("What the zip was made for", "So it is"))
    assert copy.run().returncode == 0
    for file in ("cloudformation/sqs.yaml", "terraform/variables.tf"):
        assert "So it is. arm64 costs a fifth less." in (copy.deploy / file).read_text()


def test_a_template_without_a_source_is_named(copy):
    (copy.deploy / "source" / "sqs.yaml").unlink()
    checked = copy.run("--check")
    assert checked.returncode == 1
    assert "cloudformation/sqs.yaml has no source" in checked.stderr


def test_a_piece_that_nothing_has_is_named(copy):
    piece = copy.deploy / "source" / "shared" / "outputs.yaml"
    piece.write_text(piece.read_text() + "--- # Forgotten\nForgotten: 1\n")
    checked = copy.run("--check")
    assert checked.returncode == 1
    assert "nothing has outputs Forgotten" in checked.stderr
