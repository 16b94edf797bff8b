"""What a check prints: JSON lines for programs, a table for a person, logs on stderr."""

import json
from datetime import datetime, timedelta, timezone

import aws_answers
from autoscaler import once, run
from aws_world import ACCESS_KEY, SECRET_KEY
from fault_proxy import reply
from processes import binary, clean_environment
from terminal import run_in_terminal

MEMBERS = {
    "time": str,
    "target": str,
    "action": str,
    "reason": str,
    "queue_size": int,
    "visible": int,
    "in_flight": int,
    "current_tasks": int,
    "new_tasks": int,
    "messages_per_task": float,
    "running": int,
    "pending": int,
    "changed": bool,
    "dry_run": bool,
    "duration_ms": float,
    "errors": list,
}


def test_a_check_has_all_members(world):
    world.put_messages(20)
    world.receive_messages(5)
    check = once(world.environment()).check
    assert {name: type(value) for name, value in check.items()} == MEMBERS
    assert check["target"] == world.target
    assert (check["visible"], check["in_flight"], check["queue_size"]) == (15, 5, 15)
    assert (check["running"], check["pending"]) == (2, 0)
    assert check["messages_per_task"] == 7.5
    assert check["duration_ms"] > 0
    age = datetime.now(timezone.utc) - datetime.fromisoformat(check["time"])
    assert abs(age) < timedelta(minutes=1)


def test_unknown_numbers_are_null(world, proxy):
    proxy.on("sqs:GetQueueAttributes", reply(aws_answers.queue_missing()))
    check = once(world.environment()).check
    unknown = {name for name, value in check.items() if value is None}
    assert unknown == {"queue_size", "visible", "in_flight", "messages_per_task"}
    assert check["errors"][0].keys() == {
        "kind",
        "service",
        "code",
        "message",
        "http_status",
        "request_id",
    }


def test_into_a_pipe_it_is_json_without_asking(world):
    outcome = run(["once"], world.environment())
    assert outcome.check["target"] == world.target


def test_logs_are_json_on_stderr(world):
    world.put_messages(30)
    outcome = once(world.environment(LOG_LEVEL="DEBUG"))
    assert all({"time", "level", "message"} <= line.keys() for line in outcome.logs)
    [scaled] = [line for line in outcome.logs if line["message"] == "scaled"]
    assert scaled["target"] == world.target
    assert scaled["new_tasks"] == 5
    assert scaled["reason"] == outcome.check["reason"]


def test_a_quiet_check_logs_nothing(world):
    world.put_messages(7)
    assert once(world.environment()).stderr == ""


def test_secrets_are_nowhere_even_in_debug_logs_of_failures(world, proxy):
    token = "FwoGZXIvYXdzEXAMPLETOKEN"
    proxy.on("ecs:UpdateService", reply(aws_answers.denied("ecs:UpdateService")))
    proxy.on("s3:GetObject", reply(aws_answers.s3_error(403, "AccessDenied")))
    world.put_messages(30)
    outcome = once(world.environment(LOG_LEVEL="DEBUG", AWS_SESSION_TOKEN=token))
    assert outcome.status == 1
    for text in (outcome.stdout, outcome.stderr):
        assert SECRET_KEY not in text
        assert token not in text
        assert "Signature=" not in text
    # They were used, though.
    assert all(r.headers["x-amz-security-token"] == token for r in proxy.requests)
    assert all(ACCESS_KEY in r.headers["authorization"] for r in proxy.requests)


def in_terminal(world, *arguments: str, columns: int = 100, **settings) -> tuple[int, list[str]]:
    status, text = run_in_terminal(
        [str(binary()), "once", *arguments],
        clean_environment(world.environment(**settings)),
        columns,
    )
    return status, text.splitlines()


def test_on_a_terminal_it_is_a_table(world):
    world.put_messages(30)
    status, lines = in_terminal(world)
    assert status == 0
    assert lines[0] == world.target
    [heading] = [line for line in lines if line.startswith("time")]
    [row] = [line for line in lines if "scale out" in line]
    for column, value in [
        ("visible", "30"),
        ("in flight", "0"),
        ("running", "2"),
        ("pending", "0"),
    ]:
        end = heading.index(column) + len(column)
        assert row[:end].endswith(" " + value), f"{column}\n{heading}\n{row}"
    assert row[heading.index("tasks") :].startswith("2 -> 5")
    assert "30 messages are above 10" in " ".join(lines)


def test_the_table_is_wrapped_to_the_terminal(world):
    world.put_messages(30)
    _, lines = in_terminal(world, columns=80)
    assert max(len(line) for line in lines) <= 80


def test_the_table_shows_a_failure(world):
    world.delete_queue()
    status, lines = in_terminal(world)
    assert status == 1
    assert any("FAILED" in line for line in lines)
    assert world.queue in "".join(line.strip() for line in lines)


def test_on_a_terminal_json_is_there_for_the_asking(world):
    _, lines = in_terminal(world, "--json")
    assert json.loads(lines[0])["target"] == world.target
