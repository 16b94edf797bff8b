"""What an operator says of a service: a pause, a number of tasks to keep, tasks that are protected
from a scale-in. By the configuration, and by tags of the service itself.

moto has neither GetTaskProtection nor the tasks of a service: both are answered at the proxy, in
the shape of botocore's model, which each answer is held against.
"""

import json
import time

import boto3
import pytest
from botocore.validate import ParamValidator

import aws_answers
from autoscaler import numbers, once, start
from aws_world import ACCOUNT, REGION
from fault_proxy import Answer, reply
from fleet_world import FleetWorld, Member, printed, wait_for_check, write_document

WAYS = pytest.mark.parametrize("way", ["configuration", "tag"])


@pytest.fixture
def check(fleet, tmp_path):
    def run_once(*members: Member, **top):
        write_document(tmp_path / "fleet.json", fleet.document(list(members), **top))
        return once(fleet.environment(), "--config", str(tmp_path / "fleet.json"))

    return run_once


def wants_out(fleet: FleetWorld) -> Member:
    return fleet.add(fleet.add_cluster(), messages=30)


def wants_in(fleet: FleetWorld) -> Member:
    return fleet.add(fleet.add_cluster(), tasks=10)


def say(member: Member, way: str, **controls) -> None:
    if way == "tag":
        member.tag(**{name: str(value) for name, value in controls.items()})
    else:
        member.settings |= controls


# --- pause


@WAYS
@pytest.mark.parametrize(
    "pause, stopped",
    [("none", set()), ("in", {"in"}), ("out", {"out"}), ("all", {"in", "out"})],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_pause_stops_its_direction_and_no_other(fleet, check, way, pause, stopped):
    out, scale_in = wants_out(fleet), wants_in(fleet)
    for member in (out, scale_in):
        say(member, way, pause=pause)
    outcome = check(out, scale_in)
    assert outcome.status == 0, outcome.stderr
    found = {line["target"]: line for line in outcome.lines}
    for member, direction, acted in (
        (out, "out", ("scale_out", 2, 5)),
        (scale_in, "in", ("scale_in", 10, 5)),
    ):
        line = found[member.target]
        if direction not in stopped:
            assert numbers(line) == acted
            continue
        assert numbers(line) == ("hold", acted[1], acted[1])
        source = "the service's tag" if way == "tag" else "the configuration"
        assert line["reason"].startswith(f"paused: pause is {pause} ({source})")
        assert member.desired() == acted[1]


def test_pauses_of_tag_and_configuration_add_up(fleet, check):
    members = [wants_out(fleet), wants_in(fleet)]
    for member in members:
        member.tag(pause="in")
    outcome = check(*members, pause="out")
    assert [line["action"] for line in outcome.lines] == ["hold", "hold"]


def test_a_pause_at_the_top_stops_the_whole_fleet(fleet, check):
    outcome = check(wants_out(fleet), wants_in(fleet), pause="all")
    assert outcome.status == 0, outcome.stderr
    assert all(line["reason"].startswith("paused: ") for line in outcome.lines)
    assert [line["changed"] for line in outcome.lines] == [False, False]


def test_a_pause_by_tag_and_its_end_take_effect_at_the_next_check(fleet, tmp_path):
    """A listed service's too, and without a look for services."""
    member = fleet.add(fleet.add_cluster(), messages=90, max_tasks=4, scale_out_cooldown=0)
    member.tag(pause="all")
    write_document(tmp_path / "fleet.json", fleet.document([member]))
    command = ["run", "--json", "--interval", "100ms", "--config", str(tmp_path / "fleet.json")]
    with start(command, fleet.environment()) as daemon:
        paused = wait_for_check(daemon, member.target, count=3)
        assert paused["reason"].startswith("paused: ")
        member.untag("pause")
        wait_for_check(daemon, member.target, changed=True, new_tasks=4)
        member.tag(pause="all")
        member.set_desired(2)
        line = wait_for_check(daemon, member.target, printed(daemon), count=2, current_tasks=2)
        assert line["reason"].startswith("paused: ")


# --- hold_at


@WAYS
@pytest.mark.parametrize("tasks", [2, 12], ids=["fewer", "more"])
def test_hold_at_wins_over_policy_bounds_and_cooldown(fleet, check, way, tasks):
    member = fleet.add(fleet.add_cluster(), messages=7, tasks=6, min_tasks=5, max_tasks=8)
    for direction in ("up", "down"):
        fleet.cloud.s3.put_object(
            Bucket=fleet.bucket,
            Key=member.state_key(direction),
            Body=json.dumps({"timestamp": time.time() - 5, "count": 6}).encode(),
        )
    say(member, way, hold_at=tasks)
    outcome = check(member, scale_out_override="never")
    assert outcome.status == 0, outcome.stderr
    assert numbers(outcome.check)[1:] == (6, tasks)
    assert outcome.check["reason"].startswith(f"hold_at is {tasks} (")
    assert member.desired() == tasks
    again = check(member)
    assert numbers(again.check) == ("hold", tasks, tasks)


def test_hold_at_zero_stops_a_service(fleet, check):
    member = wants_out(fleet)
    member.tag(hold_at="0")
    assert numbers(check(member).check) == ("scale_in", 2, 0)
    assert numbers(check(member).check) == ("hold", 0, 0)


def test_the_tags_number_wins_over_the_configurations(fleet, check):
    member = wants_out(fleet)
    member.tag(hold_at="7")
    assert numbers(check(member, hold_at=3).check) == ("scale_out", 2, 7)


def test_a_pause_wins_over_hold_at(fleet, check):
    member = wants_out(fleet)
    member.tag(hold_at="7", pause="all")
    line = check(member).check
    assert numbers(line) == ("hold", 2, 2)
    assert line["reason"].startswith("paused: ")


@pytest.mark.parametrize(
    "key, value",
    [
        ("pause", "yes"),
        ("pause", "ALL"),
        ("pause", ""),
        ("hold_at", "many"),
        ("hold_at", "-1"),
        ("hold_at", "2.5"),
        ("hold_at", "100001"),
    ],
)
@pytest.mark.parametrize("discovered", [False, True], ids=["listed", "discovered"])
def test_a_tag_that_is_not_understood_holds_with_its_reason(
    fleet, tmp_path, key, value, discovered
):
    """Also where tags are what brings the service in: it is held, not left out."""
    member = wants_out(fleet)
    member.tag(**{key: value})
    document = fleet.document([member])
    if discovered:
        member.tag_for_discovery()
        document = fleet.defaults() | {"discover": [{"clusters": [member.cluster.name]}]}
    write_document(tmp_path / "fleet.json", document)
    outcome = once(fleet.environment(), "--config", str(tmp_path / "fleet.json"))
    assert numbers(outcome.check) == ("hold", 2, 2)
    reason = outcome.check["reason"]
    assert f"fast-autoscaler:{key} is not understood ({value})" in reason
    assert "must be" in reason
    assert member.desired() == 2


# --- somebody else changes the service


def logs_about(process, member: Member) -> list[dict]:
    logs = [json.loads(line) for line in process.stderr.splitlines()]
    return [line for line in logs if line.get("target") == member.target]


def test_a_desired_count_that_somebody_else_changed_is_logged_once(fleet, tmp_path):
    member = fleet.add(fleet.add_cluster(), messages=7)
    write_document(tmp_path / "fleet.json", fleet.document([member]))
    command = ["run", "--json", "--interval", "100ms", "--config", str(tmp_path / "fleet.json")]
    with start(command, fleet.environment()) as daemon:
        wait_for_check(daemon, member.target, count=2)
        member.set_desired(6)
        wait_for_check(daemon, member.target, printed(daemon), count=3, current_tasks=6)
    [line] = logs_about(daemon, member)
    assert {2, 6} <= {value for value in line.values() if isinstance(value, int)}


def test_its_own_change_is_not_somebody_elses(fleet, tmp_path):
    member = fleet.add(fleet.add_cluster(), messages=30)
    write_document(tmp_path / "fleet.json", fleet.document([member]))
    command = ["run", "--json", "--interval", "100ms", "--config", str(tmp_path / "fleet.json")]
    with start(command, fleet.environment()) as daemon:
        wait_for_check(daemon, member.target, changed=True)
        wait_for_check(daemon, member.target, printed(daemon), count=3)
    assert [line["message"] for line in logs_about(daemon, member)] == ["scaled"]


# --- tasks that are protected from a scale-in


def task_arn(number: int) -> str:
    return f"arn:aws:ecs:{REGION}:{ACCOUNT}:task/shop/{number:032x}"


def of_model(operation: str, content: dict) -> Answer:
    """An answer that has the shape of botocore's model of the operation's output."""
    client = boto3.client(
        "ecs", region_name=REGION, aws_access_key_id="x", aws_secret_access_key="x"
    )
    shape = client.meta.service_model.operation_model(operation).output_shape
    report = ParamValidator().validate(content, shape)
    assert not report.has_errors(), report.generate_report()
    return aws_answers.ok(json.dumps(content).encode())


def give_tasks(proxy, count: int, page: int = 100) -> None:
    def rule(request, forward):
        first = int(json.loads(request.body).get("nextToken", 0))
        numbers_there = range(first, min(first + page, count))
        content = {"taskArns": [task_arn(number) for number in numbers_there]}
        if first + page < count:
            content["nextToken"] = str(first + page)
        return of_model("ListTasks", content)

    proxy.on("ecs:ListTasks", rule)


def protect(proxy, numbers_protected: range, until_s: float = 600, gone: range = range(0)) -> None:
    """Of the tasks that are asked about."""

    def rule(request, forward):
        asked = json.loads(request.body)["tasks"]
        until = time.time() + until_s
        shielded = {task_arn(number) for number in numbers_protected}
        missing = {task_arn(number) for number in gone}
        tasks = [
            {"taskArn": arn, "protectionEnabled": True, "expirationDate": until}
            if arn in shielded
            else {"taskArn": arn, "protectionEnabled": False}
            for arn in asked
            if arn not in missing
        ]
        failures = [{"arn": arn, "reason": "MISSING"} for arn in asked if arn in missing]
        return of_model("GetTaskProtection", {"protectedTasks": tasks, "failures": failures})

    proxy.on("ecs:GetTaskProtection", rule)


@pytest.mark.parametrize("count, result", [(3, 5), (7, 7), (10, 10)])
def test_no_scale_in_below_the_tasks_that_are_protected(fleet, fleet_proxy, check, count, result):
    member = wants_in(fleet)
    give_tasks(fleet_proxy, 10)
    protect(fleet_proxy, range(count))
    outcome = check(member)
    assert outcome.status == 0, outcome.stderr
    assert numbers(outcome.check) == ("hold" if result == 10 else "scale_in", 10, result)
    assert member.desired() == result
    if result > 5:
        assert f"{count} tasks are protected" in outcome.check["reason"]
    [asked] = [json.loads(r.body) for r in fleet_proxy.requests if r.operation == "ecs:ListTasks"]
    assert (asked["cluster"], asked["serviceName"]) == (member.cluster.name, member.service)


def test_a_protection_that_has_run_out_and_a_task_that_is_gone_protect_nothing(
    fleet, fleet_proxy, check
):
    give_tasks(fleet_proxy, 10)
    protect(fleet_proxy, range(9), until_s=-60, gone=range(9, 10))
    assert numbers(check(wants_in(fleet)).check) == ("scale_in", 10, 5)


def test_more_than_a_hundred_tasks_are_asked_about_by_hundreds(fleet, fleet_proxy, check):
    member = fleet.add(fleet.add_cluster(), tasks=250, max_tasks=300)
    give_tasks(fleet_proxy, 250)
    protect(fleet_proxy, range(60, 240))
    assert numbers(check(member).check) == ("scale_in", 250, 180)
    assert fleet_proxy.count("ecs:ListTasks") == 3
    assert fleet_proxy.count("ecs:GetTaskProtection") == 3


@pytest.mark.parametrize("operation", ["ListTasks", "GetTaskProtection"])
def test_an_unknown_protection_holds_off_a_scale_in(fleet, fleet_proxy, check, operation):
    member = wants_in(fleet)
    fleet_proxy.on(f"ecs:{operation}", reply(aws_answers.denied(f"ecs:{operation}")))
    give_tasks(fleet_proxy, 10)
    outcome = check(member)
    assert outcome.status == 1
    assert numbers(outcome.check) == ("hold", 10, 10)
    assert "respect_task_protection" in outcome.check["errors"][0]["message"]
    assert fleet.state(member, "down") is None


def test_protection_is_asked_for_before_a_scale_in_alone(fleet, fleet_proxy, check):
    unasked = wants_in(fleet)
    unasked.settings["respect_task_protection"] = False
    assert {line["changed"] for line in check(wants_out(fleet), unasked).lines} == {True}
    assert fleet_proxy.count("ecs:ListTasks") == 0
