"""`simulate` as a person runs it: what it prints, writes and exits with."""

import json
import subprocess
from html.parser import HTMLParser

import pytest
from processes import binary, clean_environment

DAY = "daily:rate=1,peak=8,length=1d"
BACKLOG = {"policy": "backlog", "min_tasks": 1, "max_tasks": 60, "target_messages_per_task": 2}


@pytest.fixture
def config(tmp_path):
    file = tmp_path / "autoscaler.json"
    file.write_text(json.dumps(BACKLOG))
    return str(file)


def simulate(config, *options):
    return subprocess.run(
        [str(binary()), "simulate", "--config", config, *options],
        capture_output=True,
        text=True,
        timeout=120,
        env=clean_environment(),
        check=False,
    )


def document(config, *options):
    done = simulate(config, "--json", *options)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class Page(HTMLParser):
    """What a page has, and whether its elements are closed."""

    VOID = {"meta", "input", "br", "link", "hr", "img", "col"}

    def __init__(self, text):
        super().__init__()
        self.open, self.text, self.addresses = [], "", []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag not in self.VOID:
            self.open.append(tag)
        self.addresses += [value for name, value in attributes if name in ("src", "srcset")]
        assert tag != "script"

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_a_table_for_a_person(config):
    done = simulate(config, "--generate", DAY, "--against", "keda,oracle")
    assert done.returncode == 0, done.stderr
    for word in ("backlog", "keda", "oracle", "p99", "killed", "keda.sh"):
        assert word in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100
    assert done.stderr == ""


def test_the_same_seed_gives_the_same_to_the_letter(config):
    once, again, other = (
        simulate(config, "--generate", DAY, "--json", "--seed", seed).stdout for seed in "112"
    )
    assert once == again
    assert once != other


def test_every_peer_meets_the_same_messages(config):
    contestants = document(config, "--generate", DAY, "--against", "all")["contestants"]
    names = [one["name"] for one in contestants]
    assert names == ["backlog", "aws", "step", "keda", "original", "buildkite", "oracle"]
    assert len({one["summary"]["messages"] for one in contestants}) == 1


def test_a_page_that_needs_nothing_else(config, tmp_path):
    file = tmp_path / "day.html"
    done = simulate(config, "--generate", DAY, "--against", "all", "--html", str(file))
    assert done.returncode == 0, done.stderr
    page = Page(file.read_text())
    assert page.open == []
    assert page.addresses == []
    assert "keda" in page.text
    assert file.stat().st_size < 300_000


def test_a_page_that_cannot_be_written_is_said(config, tmp_path):
    done = simulate(config, "--generate", DAY, "--html", str(tmp_path / "no" / "day.html"))
    assert done.returncode == 3
    assert "cannot write the page" in done.stderr


def test_what_must_not_come_of_it_sets_the_exit_status(config):
    assert simulate(config, "--generate", DAY, "--fail-if", "p95_wait > 10h").returncode == 0
    done = simulate(config, "--generate", DAY, "--fail-if", "p50_wait >= 0.001ms")
    failing = simulate(config, "--generate", DAY, "--fail-if", "cost > 0")
    assert done.returncode in (0, 1)
    assert failing.returncode == 1
    assert "this came true: cost > 0" in failing.stderr


def test_a_sweep_is_a_frontier(config, tmp_path):
    file = tmp_path / "frontier.html"
    options = ["--generate", DAY, "--sweep", "target_messages_per_task=1,5,50"]
    lines = document(config, *options, "--against", "keda", "--html", str(file))["lines"]
    assert [line["name"] for line in lines] == ["backlog", "keda"]
    own = lines[0]["points"]
    assert [point["value"] for point in own] == ["1", "5", "50"]
    assert own[0]["wait_p99_seconds"] < own[2]["wait_p99_seconds"]
    assert Page(file.read_text()).open == []


def test_a_sweep_of_what_is_no_setting_is_refused(config):
    done = simulate(config, "--generate", DAY, "--sweep", "target_message_per_task=1,5")
    assert done.returncode == 2
    assert "target_messages_per_task" in done.stderr


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ([], "simulate needs messages"),
        (["--generate", DAY, "--trace", "x.csv"], "give one of --trace"),
        (["--trace", "/no/such/file.csv"], "cannot use the trace /no/such/file.csv"),
        (["--generate", "daly:rate=1"], "daily"),
        (["--generate", DAY, "--against", "keda,kedo"], "names out of aws, step"),
        (["--generate", DAY, "--start-up", "75s,45s"], "the median and the 95th percentile"),
        (["--generate", DAY, "--fail-if", "p95 > 1s"], "no figure p95"),
        (["--generate", DAY, "--sed", "1"], "did you mean --seed?"),
        (["--generate", DAY, "--cloudwatch", "1h"], "give one of --trace"),
        (["--cloudwatch", "1h"], "the configuration names none"),
    ],
)
def test_what_is_wrong_is_said(config, options, complaint):
    done = simulate(config, *options)
    assert done.returncode == 2
    assert complaint in done.stderr


def test_help_names_every_option(config):
    done = simulate(config, "--help")
    assert done.returncode == 0
    for option in ("--trace", "--cloudwatch", "--against", "--sweep", "--fail-if", "--json"):
        assert option in done.stdout


def test_a_trace_of_times_waits_as_it_must(config, tmp_path):
    """One task, work that is always the same: the waits follow from the times."""
    trace = tmp_path / "times.csv"
    trace.write_text("0\n1\n2\n100\n")
    options = ["--trace", str(trace), "--processing-time", "10s", "--variation", "0"]
    only_one = ["--sweep", "max_tasks=1"]
    assert document(config, *options, *only_one)["lines"][0]["points"][0][
        "wait_p99_seconds"
    ] == pytest.approx(18, rel=0.01)
