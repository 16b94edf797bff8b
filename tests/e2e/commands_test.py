"""The command line beside the checks: configuration problems, validate, decide, version, help."""

import json
import signal
import subprocess

import pytest

from autoscaler import once, run, start
from processes import PATIENCE_S, binary, clean_environment, eventually

POLICY = {"MIN_TASKS": "0", "MAX_TASKS": "300", "SCALE_IN_EVIDENCE": "0"}

WRONG = {
    "MIN_TASKS": "ten",
    "MAX_TASKS": "-1",
    "SCALE_IN_COOLDOWN": "soon",
    "POLICY": "magic",
    "MAX_SCALE_DOWN_FACTOR": "1.5",
    "S3_CONFIG_BUCKET": None,
}


@pytest.mark.parametrize("command", [["once"], ["run"], ["validate"]], ids=lambda c: c[0])
def test_all_that_is_wrong_is_told_at_once_and_nothing_is_asked(world, proxy, command):
    outcome = run(command, world.environment(**WRONG))
    assert outcome.status == 2
    for name in WRONG:
        assert name in outcome.stderr
    assert outcome.stdout == ""
    assert proxy.requests == []


def test_without_any_configuration_each_required_setting_is_named():
    outcome = run(["once"])
    assert outcome.status == 2
    for name in ("ECS_CLUSTER", "SERVICE_NAME", "SQS_QUEUE_URL", "S3_CONFIG_BUCKET"):
        assert name in outcome.stderr


def test_bounds_the_wrong_way_round_are_refused(world, proxy):
    outcome = run(["once"], world.environment(MIN_TASKS=9, MAX_TASKS=3))
    assert outcome.status == 2
    assert "min_tasks" in outcome.stderr and "max_tasks" in outcome.stderr
    assert proxy.requests == []


def test_a_queue_of_another_region_is_refused_where_no_region_is_given(world, proxy):
    """The default region's service of that name may be another one."""
    outcome = run(["once"], world.environment(AWS_REGION=None))
    assert outcome.status == 2
    assert "eu-west-1" in outcome.stderr and "us-east-1" in outcome.stderr
    assert proxy.requests == []


def test_a_valid_configuration_is_called_valid_without_a_request(world, proxy):
    outcome = run(["validate"], world.environment())
    assert outcome.status == 0
    assert "valid" in outcome.stdout
    assert proxy.requests == []


def test_validate_answers_in_json(world):
    outcome = run(["validate", "--json"], world.environment(MIN_TASKS="ten"))
    assert outcome.status == 2
    [answer] = outcome.lines
    assert answer["valid"] is False
    assert answer["problems"][0]["key"] == "min_tasks"
    assert answer["problems"][0]["value"] == '"ten"'


@pytest.fixture
def document(world) -> str:
    return json.dumps(
        {
            "queue_type": "sqs",
            "queue_config": {"queue_url": world.queue_url},
            "cluster_name": world.cluster,
            "service_name": world.service,
            "region": "eu-west-1",
            "s3_config_bucket": world.bucket,
            "min_tasks": 4,
            "max_tasks": 8,
        }
    )


@pytest.fixture
def connection(world) -> dict[str, str]:
    """An environment with nothing but where AWS is."""
    return {name: value for name, value in world.environment().items() if name.startswith("AWS_")}


def test_a_file_configures_and_the_environment_wins_over_it(document, connection, tmp_path):
    file = tmp_path / "autoscaler.json"
    file.write_text(document)
    by_file = once(connection, "--config", str(file), "--dry-run")
    assert (by_file.status, by_file.check["new_tasks"]) == (0, 4), by_file.stderr
    by_both = once(connection | {"MIN_TASKS": "6"}, "--config", str(file), "--dry-run")
    assert (by_both.status, by_both.check["new_tasks"]) == (0, 6)


def test_a_document_itself_configures_and_the_environment_wins_over_it(document, connection):
    by_option = once(connection, "--config", document, "--dry-run")
    assert (by_option.status, by_option.check["new_tasks"]) == (0, 4), by_option.stderr
    by_variable = once(connection | {"FAST_AUTOSCALER_CONFIG": document}, "--dry-run")
    assert (by_variable.status, by_variable.check["new_tasks"]) == (0, 4), by_variable.stderr
    both = {"FAST_AUTOSCALER_CONFIG": document, "MIN_TASKS": "6"}
    assert once(connection | both, "--dry-run").check["new_tasks"] == 6


def test_a_daemon_is_configured_by_a_document_itself(document, connection):
    environment = connection | {"FAST_AUTOSCALER_CONFIG": document, "CONFIG_INTERVAL": "1"}
    with start(["run", "--json", "--interval", "100ms"], environment) as daemon:
        # Past the time of a look for changes, which there is none of.
        eventually(lambda: daemon.stdout.count("\n") > 15, "sixteen checks")
        daemon.signal(signal.SIGTERM)
        assert daemon.wait() == 0, daemon.stderr
    assert "configuration" not in daemon.stderr


@pytest.mark.parametrize(
    "text, told",
    [
        ('{"queue_config": {"redis_password": "hunter2"', "not JSON"),
        ('\n {"queue_config": {"redis_password": "hunter2"', "not JSON"),
        ('{"queue_type": "redis", "queue_config": {"redis_password": ["hunter2"]}}', "password"),
        ('{"min_task": "hunter2"}', "did you mean min_tasks?"),
    ],
    ids=["no JSON", "no JSON, after space", "wrong type", "misspelt"],
)
def test_a_document_that_cannot_be_used_is_named_and_its_secrets_are_not_shown(world, text, told):
    environment = world.environment(FAST_AUTOSCALER_CONFIG=text)
    outcome = run(["validate"], environment)
    assert outcome.status == 2
    assert "FAST_AUTOSCALER_CONFIG" in outcome.stderr and told in outcome.stderr
    assert "hunter2" not in outcome.stdout + outcome.stderr


def test_a_misspelt_key_of_a_file_is_refused_with_the_name_that_was_meant(world, tmp_path):
    file = tmp_path / "autoscaler.json"
    file.write_text('{"min_task": 4}')
    outcome = run(["validate", "--config", str(file)], world.environment())
    assert outcome.status == 2
    assert "did you mean min_tasks?" in outcome.stderr


@pytest.mark.parametrize("content", [None, "{", "[]"], ids=["missing", "no JSON", "no object"])
def test_a_file_that_cannot_be_used_is_named(world, tmp_path, content):
    file = tmp_path / "autoscaler.json"
    if content is not None:
        file.write_text(content)
    outcome = run(["validate", "--config", str(file)], world.environment())
    assert outcome.status == 2
    assert str(file) in outcome.stderr


def test_what_is_set_for_the_c_library_does_not_keep_it_from_starting():
    """glibc copies this variable, before main, to the memory that is free behind the program's."""
    assert run(["version"], {"GLIBC_TUNABLES": "glibc.malloc.arena_max=1"}).status == 0


def test_version_is_told():
    outcome = run(["version"])
    assert outcome.status == 0
    assert outcome.stdout.startswith("fast-autoscaler ")
    version = outcome.stdout.split()[1]
    assert run(["version", "--json"]).lines == [{"version": version}]


def test_settings_are_listed_and_explained_without_any_configuration():
    listed = run(["settings"])
    assert listed.status == 0
    for name in ("log_level", "min_tasks", "queue_type redis", "queue_key", "step_adjustments"):
        assert name in listed.stdout
    assert max(len(line) for line in listed.stdout.splitlines()) <= 100
    explained = run(["settings", "MIN_TASKS"])
    assert explained.status == 0
    assert "an integer from 0 to 100000" in explained.stdout
    of_kind = run(["settings", "redis"])
    assert "queue_key" in of_kind.stdout and "vhost" not in of_kind.stdout


def test_a_setting_that_there_is_not_is_told_with_the_nearest():
    outcome = run(["settings", "min_task"])
    assert outcome.status == 2
    assert (
        outcome.stderr == "fast-autoscaler: there is no setting min_task, did you mean min_tasks?\n"
    )
    assert outcome.stdout == ""


def test_settings_are_json_lines_for_a_program():
    lines = run(["settings", "--json"]).lines
    (row,) = [line for line in lines if line["path"] == "min_tasks"]
    assert (row["of"], row["minimum"], row["variable"]) == ("target", 0, "MIN_TASKS")
    (one,) = run(["settings", "max_tasks", "--json"]).lines
    assert one["path"] == "max_tasks"


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["once", "--help"]])
def test_help_names_every_command(arguments):
    outcome = run(arguments)
    assert outcome.status == 0
    for command in ("once", "run", "validate", "decide", "settings", "--dry-run", "--interval"):
        assert command in outcome.stdout
    assert max(len(line) for line in outcome.stdout.splitlines()) <= 100


@pytest.mark.parametrize(
    "arguments, told",
    [
        ([], "no command"),
        (["onse"], "did you mean once?"),
        (["once", "--dryrun"], "did you mean --dry-run?"),
        (["once", "--interval", "1s"], "--interval"),
        (["run", "--interval", "fast"], "fast"),
        (["run", "--interval", "0s"], "0s"),
        (["run", "--interval"], "needs a value"),
        (["once", "twice"], "twice"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_command_line_is_exit_2_and_says_what_is_wrong(arguments, told):
    outcome = run(arguments)
    assert outcome.status == 2
    assert told in outcome.stderr
    assert outcome.stdout == ""


def test_what_a_terminal_would_obey_is_shown_and_not_written():
    outcome = run(["once", "--\x1b[2J\n\u009b2J"])
    assert r"--\u001b[2J\n\u009b2J" in outcome.stderr
    assert len(outcome.stderr.splitlines()) == 1


# --- decide


def question(**changes) -> str:
    return json.dumps(
        {
            "now": 1_700_000_000,
            "visible": 500,
            "in_flight": 0,
            "desired": 10,
            "running": 10,
            "pending": 0,
            "last_scale_out": None,
            "last_scale_in": None,
        }
        | changes
    )


def decide(*lines: str, **settings):
    return run(["decide"], POLICY | settings, stdin="".join(line + "\n" for line in lines))


@pytest.mark.parametrize(
    "lists",
    [
        {"discover": [{"clusters": ["shop"]}]},
        {"min_tasks": 1, "targets": [{"max_tasks": 3}, {"max_tasks": 4}]},
    ],
    ids=["none", "two"],
)
def test_decide_is_of_one_target(tmp_path, lists):
    (tmp_path / "fleet.json").write_text(json.dumps(lists))
    outcome = run(["decide", "--config", str(tmp_path / "fleet.json")], {}, stdin="{}\n")
    assert outcome.status == 2
    assert "one target" in outcome.stderr


def test_decide_answers_each_line_in_order():
    outcome = decide(question(), question(visible=0), question(visible=100))
    assert outcome.status == 0, outcome.stderr
    assert [(line["action"], line["current"], line["desired"]) for line in outcome.lines] == [
        ("scale_out", 10, 15),
        ("scale_in", 10, 5),
        ("hold", 10, 10),
    ]
    assert all(line["reason"] for line in outcome.lines)


def test_decide_needs_no_credentials_and_no_queue():
    assert decide(question()).status == 0


@pytest.mark.parametrize("now", [1_700_000_000, 1_700_000_000.5, "2023-11-14T22:13:20Z"])
def test_decide_reads_both_forms_of_time(now):
    outcome = decide(question(now=now, visible=0, last_scale_in="2023-11-14T22:13:00"))
    assert outcome.lines[0]["action"] == "hold"
    assert "cooldown" in outcome.lines[0]["reason"]


def test_decide_knows_unknown_from_never():
    outcome = decide(
        question(visible=0),
        question(visible=0, unknown=["last_scale_in"]),
        question(unknown=["visible"]),
        question(unknown=["last_scale_out"]),
    )
    assert [line["action"] for line in outcome.lines] == ["scale_in", "hold", "hold", "scale_out"]
    assert "unknown" in outcome.lines[1]["reason"]


def test_decide_knows_what_the_last_scale_out_was_for():
    recent = {"last_scale_out": 1_699_999_990, "last_scale_out_messages": 500}
    outcome = decide(question(**recent), question(visible=600, **recent))
    assert [line["action"] for line in outcome.lines] == ["hold", "scale_out"]


def test_decide_points_out_bad_lines_and_answers_the_others():
    outcome = decide(
        question(), "{not JSON", question(visible=-1), question(visibel=1), question(visible=0)
    )
    assert outcome.status == 2
    answers = outcome.lines
    assert [line.get("line") for line in answers] == [None, 2, 3, 4, None]
    assert [answers[0]["action"], answers[4]["action"]] == ["scale_out", "scale_in"]
    assert "visible" in answers[2]["error"]
    assert "did you mean visible?" in answers[3]["error"]


def test_decide_takes_the_policy_from_the_configuration():
    outcome = decide(question(), POLICY="backlog", TARGET_MESSAGES_PER_TASK="10")
    assert outcome.lines[0]["desired"] == 50


def test_decide_refuses_a_wrong_configuration():
    outcome = decide(question(), MIN_TASKS="ten")
    assert outcome.status == 2
    assert "MIN_TASKS" in outcome.stderr
    assert outcome.stdout == ""


def test_decide_answers_a_line_before_the_next_one_is_written():
    """As a filter between two programs: no answer may wait for the end of the input."""
    with subprocess.Popen(
        [str(binary()), "decide"],
        env=clean_environment(POLICY),
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        for visible, action in [(500, "scale_out"), (0, "scale_in")]:
            process.stdin.write(question(visible=visible) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["action"] == action
        process.stdin.close()
        assert process.wait(PATIENCE_S) == 0
