"""The known defects of the original Fast Autoscaler, one test each, shown end to end.

Defects 11 and 12 are those of its ActiveMQ, RabbitMQ, Kinesis, Kafka and Redis providers, which
have tests where those sources are.
"""

import json
import re

import aws_answers
from autoscaler import numbers, once, start
from aws_world import seconds_ago
from fault_proxy import reply
from processes import PROJECT


def test_defect_01_an_error_while_reading_the_queue_is_not_an_empty_queue(world, proxy):
    world.set_desired(10)
    proxy.on("sqs:GetQueueAttributes", reply(aws_answers.server_error()))
    outcome = once(world.environment())
    assert outcome.status == 1
    assert numbers(outcome.check) == ("hold", 10, 10)
    assert outcome.check["queue_size"] is None
    assert proxy.count("ecs:UpdateService") == 0


def test_defect_02_the_default_source_reads_what_is_in_the_queue(world):
    world.put_messages(23)
    world.receive_messages(4)
    check = once(world.environment(QUEUE_TYPE=None)).check
    assert (check["visible"], check["in_flight"]) == (19, 4)


def test_defect_03_an_unreadable_state_is_not_never_scaled(world, proxy):
    world.set_desired(10)
    world.write_original_state("down", seconds_ago(5))
    proxy.on("s3:GetObject", reply(aws_answers.s3_error(403, "AccessDenied")))
    outcome = once(world.environment())
    assert outcome.status == 1
    assert numbers(outcome.check) == ("hold", 10, 10)


def test_defect_03_a_state_that_could_not_be_written_is_reported(world, proxy):
    world.put_messages(30)
    proxy.on("s3:PutObject", reply(aws_answers.s3_error(403, "AccessDenied")))
    outcome = once(world.environment())
    assert outcome.status == 1
    assert outcome.check["errors"][0]["code"] == "AccessDenied"


def test_defect_03_of_two_racing_writers_one_acts(world, proxy):
    world.put_messages(30)
    claims = proxy.hold("s3:PutObject")
    pair = [start(["once", "--json"], world.environment()) for _ in range(2)]
    with pair[0], pair[1]:
        proxy.wait_for("s3:PutObject", 2)
        claims.release()
        assert [process.wait() for process in pair] == [0, 0]
    assert proxy.count("ecs:UpdateService") == 1


class TasksThatNeverStart:
    """Changes what DescribeServices says: `running` tasks run, and the others are starting."""

    def __init__(self, proxy, running: int):
        def change(service):
            service["runningCount"] = running
            service["pendingCount"] = service["desiredCount"] - running

        proxy.change_service(change)


def test_defect_04_a_constant_backlog_does_not_run_away(world, proxy):
    """The original goes 10, 60, 110 ... 300 in six checks."""
    world.set_desired(10)
    proxy.queue_depth(5000)
    TasksThatNeverStart(proxy, running=10)
    environment = world.environment(
        MIN_TASKS=10,
        MAX_TASKS=300,
        TASKS_PER_MESSAGE=0.01,
        SCALE_UP_THRESHOLD=100,
        SCALE_DOWN_THRESHOLD=99,
        SCALE_OUT_OVERRIDE="always",
    )
    asked = [once(environment).check["new_tasks"] for _ in range(6)]
    assert asked == [60] * 6


def test_defect_04_nor_does_it_inside_the_cooldown_when_tasks_start_at_once(world, proxy):
    world.set_desired(10)
    proxy.queue_depth(5000)
    environment = world.environment(
        MIN_TASKS=10,
        MAX_TASKS=300,
        TASKS_PER_MESSAGE=0.01,
        SCALE_UP_THRESHOLD=100,
        SCALE_DOWN_THRESHOLD=99,
    )
    asked = [once(environment).check["new_tasks"] for _ in range(6)]
    assert asked == [60] * 6


def test_defect_05_the_way_from_300_tasks_to_10_is_short(world):
    """The original's default takes 173 steps; at the default cooldown of 120 s, 5.8 hours."""
    world.set_desired(300)
    environment = world.environment(MIN_TASKS=10, MAX_TASKS=300, SCALE_IN_COOLDOWN=0)
    steps = 0
    while world.desired() > 10 and steps < 20:
        assert once(environment).check["action"] == "scale_in"
        steps += 1
    assert steps <= 5


def test_defect_06_messages_in_flight_hold_off_a_scale_in(world):
    world.set_desired(10)
    world.put_messages(40)
    world.receive_messages(40)
    outcome = once(world.environment(USE_COMBINED_MESSAGES=None))
    assert (outcome.check["visible"], outcome.check["in_flight"]) == (0, 40)
    assert numbers(outcome.check) == ("hold", 10, 10)


def test_defect_07_tasks_are_rounded_up(world):
    world.put_messages(31)
    assert numbers(once(world.environment()).check) == ("scale_out", 2, 6)


def test_defect_07_no_task_running_is_no_division_by_zero(world):
    world.set_desired(0)
    world.put_messages(30)
    outcome = once(world.environment(MIN_TASKS=0))
    assert outcome.status == 0
    assert outcome.check["messages_per_task"] is None
    assert numbers(outcome.check) == ("scale_out", 0, 3)


def test_defect_08_zeros_and_booleans_of_an_event_count(world, runtime, function):
    world.write_original_state("down", seconds_ago(5))
    event = {
        "config": {
            "min_tasks": 0,
            "scale_in_cooldown": 0,
            "max_scale_down_factor": 0,
            "use_combined_messages": True,
        }
    }
    with function(MIN_TASKS="2", SCALE_IN_COOLDOWN="120"):
        outcome = runtime.invoke(event)
    assert outcome.succeeded, outcome.body
    assert outcome.result["new_tasks"] == 0
    assert world.desired() == 0


def test_defect_09_a_failed_check_is_a_failed_invocation(world, runtime, function):
    world.delete_queue()
    with function():
        outcome = runtime.invoke({})
    assert not outcome.succeeded
    assert outcome.headers["lambda-runtime-function-error-type"] == "Autoscaler.QueueUnreadable"


def test_defect_09_new_tasks_is_what_is_in_force_when_a_cooldown_blocks(world, runtime, function):
    world.set_desired(10)
    world.write_original_state("down", seconds_ago(5))
    with function():
        outcome = runtime.invoke({})
    assert outcome.succeeded, outcome.body
    assert outcome.result["new_tasks"] == outcome.result["current_tasks"] == 10
    assert "cooldown" in outcome.result["reason"]


def test_defect_10_a_service_that_ecs_does_not_know_is_a_failure(world):
    outcome = once(world.environment(SERVICE_NAME="nowhere"))
    assert outcome.status == 1
    assert outcome.check["errors"][0]["code"] == "MISSING"


def test_defect_10_an_inactive_service_is_not_scaled(world):
    world.put_messages(30)
    world.delete_service()
    outcome = once(world.environment())
    assert outcome.status == 1
    assert outcome.check["changed"] is False


def test_defect_10_a_running_deployment_holds_off_a_scale_in(world, proxy):
    world.set_desired(10)
    proxy.change_service(
        lambda service: service["deployments"].append(dict(service["deployments"][0]))
    )
    assert numbers(once(world.environment()).check) == ("hold", 10, 10)


def test_defect_10_tasks_that_are_starting_are_counted(world, proxy):
    world.set_desired(6)
    world.put_messages(30)
    TasksThatNeverStart(proxy, running=2)
    outcome = once(world.environment())
    assert (outcome.check["running"], outcome.check["pending"]) == (2, 4)
    assert numbers(outcome.check) == ("hold", 6, 6)


def test_defect_10_a_persons_stop_is_not_undone(world):
    world.set_desired(0)
    world.put_messages(30)
    assert numbers(once(world.environment(MIN_TASKS=10)).check) == ("hold", 0, 0)
    assert world.desired() == 0


def test_defect_13_the_example_policy_grants_no_more_than_is_needed():
    """security_test.py shows that these actions are enough and that each of them is needed."""
    examples = re.findall(r"```json\n(\{.*?\n\})\n```", (PROJECT / "README.md").read_text(), re.S)
    [policy] = [json.loads(text) for text in examples if '"Statement"' in text]
    actions = []
    for statement in policy["Statement"]:
        granted = statement["Action"]
        granted = [granted] if isinstance(granted, str) else granted
        resources = statement["Resource"]
        resources = [resources] if isinstance(resources, str) else resources
        if granted == ["ecs:ListTasks"]:  # IAM knows no narrower resource for it
            assert list(statement["Condition"]["ArnEquals"]) == ["ecs:cluster"]
        else:
            assert all(resource.startswith("arn:aws:") for resource in resources), granted
        actions += granted
    assert sorted(actions) == [
        "ecs:DescribeServices",
        "ecs:GetTaskProtection",
        "ecs:ListTasks",
        "ecs:UpdateService",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:PutObject",
        "sqs:GetQueueAttributes",
    ]
