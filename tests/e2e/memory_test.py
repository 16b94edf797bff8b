"""What a target remembers outlives its process: windows, rates, failures in a row."""

import json
import signal
import time

import pytest

import aws_answers

from autoscaler import numbers, once, run, start
from fault_proxy import change_answer
from fleet_world import write_document
from processes import eventually

RATE = json.dumps({"scale_out": {"policies": [{"type": "tasks", "value": 3, "period": 600}]}})
KEPT = "memory.json"


def key(world) -> str:
    return f"autoscaling-state/{world.cluster}/{world.service}/{KEPT}"


def kept(world) -> dict:
    body = world.cloud.s3.get_object(Bucket=world.bucket, Key=key(world))["Body"]
    return json.loads(body.read())


def test_a_rate_holds_from_one_process_to_the_next(world):
    world.put_messages(80)
    environment = world.environment(BEHAVIOR=RATE, SCALE_OUT_OVERRIDE="always")
    first = once(environment)
    assert numbers(first.check) == ("scale_out", 2, 5)
    second = once(environment)
    assert second.status == 0, second.stderr
    assert numbers(second.check) == ("hold", 5, 5)
    assert "at most 3 tasks in 600 s" in second.check["reason"]


def test_failures_in_a_row_are_counted_from_one_process_to_the_next(world):
    world.delete_queue()
    environment = world.environment(FALLBACK="static", FALLBACK_TASKS=6, FAILURE_THRESHOLD=2)
    checks = [once(environment).check for _ in range(3)]
    assert [check["action"] for check in checks] == ["hold", "hold", "scale_out"]
    assert "3 times in a row" in checks[2]["reason"]
    assert world.desired() == 6


def test_a_daemon_that_is_stopped_keeps_what_it_remembers(world):
    world.put_messages(80)
    environment = world.environment(BEHAVIOR=RATE, SCALE_OUT_OVERRIDE="always")
    with start(["run", "--json", "--interval", "100ms"], environment) as daemon:
        daemon.wait_for_lines(2)
        daemon.signal(signal.SIGTERM)
        assert daemon.wait() == 0
    [target] = kept(world)["targets"].values()
    assert [tasks for _, _, tasks in target["memory"]["behavior"]["added"]] == [3]
    assert numbers(once(environment).check) == ("hold", 5, 5)


def test_a_scale_in_waits_for_a_later_check_by_whichever_process(world):
    world.set_desired(10)
    environment = world.environment(SCALE_IN_EVIDENCE=0.5, MAX_SCALE_DOWN_FACTOR=0)
    first = once(environment)
    assert numbers(first.check) == ("hold", 10, 10)
    assert "needs readings 0.5 s apart" in first.check["reason"]
    [target] = kept(world)["targets"].values()
    [[begun, _, wanted]] = target["memory"]["evidence"]
    assert wanted == 1
    eventually(lambda: time.time() - begun / 1e6 > 0.5, "old enough evidence")
    assert numbers(once(environment).check) == ("scale_in", 10, 1)


def test_a_reading_against_a_scale_in_is_known_to_the_next_process(world):
    world.set_desired(10)
    environment = world.environment(SCALE_IN_EVIDENCE=30, POLICY="backlog")
    once(environment)
    world.put_messages(50)
    assert once(environment).check["action"] == "hold"
    [target] = kept(world)["targets"].values()
    assert "evidence" not in target["memory"]


def test_a_slow_queue_is_waited_for_while_the_memory_is_read(world, proxy):
    world.put_messages(50)
    proxy.on("sqs:GetQueueAttributes", change_answer(drip_s=0.05), times=1)
    outcome = once(world.environment(SCALE_IN_EVIDENCE=30))
    assert outcome.status == 0, outcome.stderr
    assert numbers(outcome.check) == ("scale_out", 2, 7)
    assert outcome.check["duration_ms"] > 3000


def test_the_bounds_need_no_evidence(world):
    world.set_desired(30)
    assert numbers(once(world.environment(SCALE_IN_EVIDENCE=30)).check) == ("scale_in", 30, 20)


def test_nothing_is_kept_where_no_decision_depends_on_it(world):
    world.put_messages(80)
    assert once(world.environment()).check["action"] == "scale_out"
    assert key(world) not in world.state_keys()


def test_a_dry_run_keeps_nothing(world):
    world.put_messages(80)
    once(world.environment(BEHAVIOR=RATE), "--dry-run")
    assert world.state_keys() == []


def put(world, text: str) -> None:
    world.cloud.s3.put_object(Bucket=world.bucket, Key=key(world), Body=text.encode())


def scaled_out_with_a_warning(world) -> str:
    world.put_messages(80)
    outcome = once(world.environment(BEHAVIOR=RATE))
    assert outcome.status == 0, outcome.stderr
    assert numbers(outcome.check) == ("scale_out", 2, 5)
    [warning] = [line for line in outcome.logs if line["level"] == "warning"]
    return warning["message"]


@pytest.mark.parametrize("text", ["no json", "{}"], ids=["broken", "foreign"])
def test_a_memory_that_is_not_understood_is_forgotten_and_said(world, text):
    put(world, text)
    warning = scaled_out_with_a_warning(world)
    assert "is forgotten" in warning
    assert KEPT in warning
    assert kept(world)["version"] == 1


def test_a_newer_versions_memory_is_forgotten_said_and_left_alone(world):
    newer = {"version": 2, "targets": {}}
    put(world, json.dumps(newer))
    assert "of version 2, and known is 1" in scaled_out_with_a_warning(world)
    assert kept(world) == newer


def when_first_seen(world, name) -> float:
    [record] = kept(world)["targets"][name]["memory"]["future_records"]
    return record[1] / 1e6


def test_a_record_of_the_future_ends_one_cooldown_after_it_was_first_seen(world):
    """Also for who keeps nothing else, and makes a check a process."""
    world.set_desired(10)
    world.write_original_state("down", time.time() + 3600)
    environment = world.environment(SCALE_IN_COOLDOWN=2, MAX_SCALE_DOWN_FACTOR=0)
    first = once(environment)
    assert numbers(first.check) == ("hold", 10, 10)
    assert "is in the future" in first.check["reason"]
    seen = when_first_seen(world, world.target)
    assert once(environment).check["action"] == "hold"
    assert when_first_seen(world, world.target) == seen
    eventually(lambda: time.time() > seen + 2.1, "the cooldown has passed")
    assert numbers(once(environment).check) == ("scale_in", 10, 1)


def test_a_fleet_keeps_when_a_record_of_the_future_was_first_seen(fleet, tmp_path):
    cluster = fleet.add_cluster()
    ahead, behind = (fleet.add(cluster, tasks=10) for _ in range(2))
    record = {"timestamp": time.time() + 3600, "action_type": "down", "count": 10}
    fleet.cloud.s3.put_object(
        Bucket=fleet.bucket, Key=ahead.state_key("down"), Body=json.dumps(record).encode()
    )
    file = tmp_path / "fleet.json"
    write_document(file, fleet.document([ahead, behind], scale_in_cooldown=2))
    command = ["once", "--json", "--config", str(file)]
    first = {check["target"]: check for check in run(command, fleet.environment()).lines}
    assert [first[one.target]["action"] for one in (ahead, behind)] == ["hold", "scale_in"]

    def scaled_in() -> bool:
        checks = {check["target"]: check for check in run(command, fleet.environment()).lines}
        return checks[ahead.target]["action"] == "scale_in"

    eventually(scaled_in, "the cooldown has passed")


def test_the_end_of_a_memorys_trouble_is_said(world, proxy):
    def down(request, forward):
        return (
            aws_answers.s3_error(403, "AccessDenied") if request.path.endswith(KEPT) else forward()
        )

    proxy.on("s3:GetObject", down)
    with start(
        ["run", "--json", "--interval", "100ms"], world.environment(BEHAVIOR=RATE)
    ) as daemon:
        daemon.wait_for_text("what targets remembered is forgotten")
        proxy.clear()
        daemon.wait_for_text("no longer failing: what targets remembered is forgotten")
        logs = [json.loads(line) for line in daemon.stderr.splitlines()]
    [begin, *_, end] = [line for line in logs if line.get("memory") == world.target]
    assert (begin["level"], end["level"]) == ("warning", "info")
    assert end["times"] >= 1 and end["seconds"] >= 9
