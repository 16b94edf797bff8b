"""The binary as a Lambda custom runtime, against a strict runtime API (lambda_runtime.py)."""

import json
import signal

import pytest

import aws_answers
from autoscaler import file_descriptors
from aws_world import World
from fault_proxy import reply
from lambda_events import NO_SETTINGS, assert_failed, event_for


def test_an_event_is_a_check_with_the_originals_result(world, runtime, function):
    world.put_messages(30)
    with function():
        outcome = runtime.invoke({})
    assert outcome.succeeded, outcome.body
    original = {"queue_size", "current_tasks", "new_tasks", "messages_per_task"}
    assert {name: outcome.result[name] for name in original} == {
        "queue_size": 30,
        "current_tasks": 2,
        "new_tasks": 5,
        "messages_per_task": 15.0,
    }
    assert outcome.result["action"] == "scale_out"
    assert outcome.result["errors"] == []
    assert world.desired() == 5
    assert world.state("up")["count"] == 5


def test_the_event_alone_can_configure_it(world, runtime, function):
    world.put_messages(30)
    with function(**NO_SETTINGS):
        outcome = runtime.invoke(event_for(world))
    assert outcome.succeeded, outcome.body
    assert outcome.result["new_tasks"] == 5


def test_the_event_wins_over_the_environment_for_that_event_only(world, runtime, function):
    world.put_messages(30)
    with function():
        of_event = runtime.invoke({"config": {"max_tasks": 4}})
        of_environment = runtime.invoke({"config": {"scale_out_cooldown": 0}})
    assert of_event.result["new_tasks"] == 4
    assert of_environment.result["new_tasks"] == 7


def test_events_may_name_different_services(cloud, world, runtime, function):
    other = World(cloud)
    other.put_messages(50)
    with function(**NO_SETTINGS):
        first = runtime.invoke(event_for(world))
        second = runtime.invoke(event_for(other))
        third = runtime.invoke(event_for(world))
    assert [outcome.result["target"] for outcome in (first, second, third)] == [
        world.target,
        other.target,
        world.target,
    ]
    assert second.result["new_tasks"] == 7
    assert other.desired() == 7


SCHEDULE = {
    "version": "0",
    "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "123456789012",
    "resources": [],
    "detail": {},
}


@pytest.mark.parametrize("event", [SCHEDULE, [1], "tick", None], ids=lambda e: type(e).__name__)
def test_any_event_without_config_uses_the_environment(world, runtime, function, event):
    world.put_messages(7)
    with function():
        outcome = runtime.invoke(event)
    assert outcome.succeeded, outcome.body
    assert outcome.result["target"] == world.target


@pytest.mark.parametrize(
    "break_it, error_type, told",
    [
        (lambda world: world.delete_queue(), "Autoscaler.QueueUnreadable", "queue"),
        (lambda world: world.delete_service(), "Autoscaler.ServiceUnreadable", "INACTIVE"),
        (lambda world: world.delete_bucket(), "Autoscaler.StateUnavailable", "NoSuchBucket"),
    ],
    ids=["queue", "service", "state"],
)
def test_a_failed_check_is_a_failed_invocation(
    world, runtime, function, break_it, error_type, told
):
    world.set_desired(10)
    break_it(world)
    with function():
        message = assert_failed(runtime.invoke({}), error_type)
    assert told in message
    assert world.target in message


def test_an_update_that_fails_is_a_failed_invocation(world, proxy, runtime, function):
    world.put_messages(30)
    proxy.on("ecs:UpdateService", reply(aws_answers.denied("ecs:UpdateService")))
    with function():
        message = assert_failed(runtime.invoke({}), "Autoscaler.UpdateFailed")
    assert "not authorized" in message


def test_after_a_failure_the_next_event_is_served(world, proxy, runtime, function):
    world.put_messages(7)
    with function() as process:
        assert runtime.invoke({}).succeeded
        world.put_messages(23)
        proxy.on("sqs:GetQueueAttributes", reply(aws_answers.queue_missing()), times=1)
        assert_failed(runtime.invoke({}), "Autoscaler.QueueUnreadable")
        assert runtime.invoke({}).result["new_tasks"] == 5
        assert process.running


GARBAGE = {
    "not JSON": b"{",
    "empty": b"",
    "not UTF-8": b'{"config": "\xff"}',
    "config is a number": b'{"config": 7}',
    "deeply nested": b"[" * 100_000,
}


@pytest.mark.parametrize("event", GARBAGE.values(), ids=GARBAGE.keys())
def test_a_garbage_event_fails_and_the_next_one_is_served(world, runtime, function, event):
    world.put_messages(7)
    with function():
        assert_failed(runtime.invoke(event), "Autoscaler.ConfigurationInvalid")
        assert runtime.invoke({}).succeeded


def test_all_problems_of_an_events_configuration_are_told(world, proxy, runtime, function):
    with function(**NO_SETTINGS):
        outcome = runtime.invoke({"config": {"min_tasks": -1, "policy": "magic", "max_task": 3}})
    message = assert_failed(outcome, "Autoscaler.ConfigurationInvalid")
    for told in ("min_tasks", "policy", "did you mean max_tasks?"):
        assert told in message
    assert proxy.requests == []


def test_a_wrong_environment_is_told_with_each_invocation(runtime, function):
    with function(MIN_TASKS="ten"):
        message = assert_failed(runtime.invoke({}), "Autoscaler.ConfigurationInvalid")
    assert "MIN_TASKS" in message


def test_a_configuration_file_that_cannot_be_read_fails_the_start(runtime, function):
    with function(FAST_AUTOSCALER_CONFIG="/nowhere/autoscaler.json") as process:
        runtime.wait_until("failed")
        assert process.wait() != 0
    message = assert_failed(runtime.init_error, "Autoscaler.ConfigurationInvalid")
    assert "/nowhere/autoscaler.json" in message


def test_a_document_in_the_environment_configures_without_a_request_for_it(
    world, proxy, runtime, function
):
    world.put_messages(30)
    document = json.dumps(event_for(world)["config"])
    with function(**NO_SETTINGS, FAST_AUTOSCALER_CONFIG=document):
        of_document = runtime.invoke({})
        of_event = runtime.invoke({"config": {"max_tasks": 6, "scale_out_cooldown": 0}})
    assert of_document.succeeded, of_document.body
    assert (of_document.result["new_tasks"], of_event.result["new_tasks"]) == (5, 6)
    services = {operation.partition(":")[0] for operation in proxy.operations()}
    assert services == {"sqs", "ecs", "s3"}
    read = {request.path for request in proxy.requests if request.operation == "s3:GetObject"}
    assert all("/autoscaling-state/" in path for path in read)


def test_a_document_in_the_environment_that_cannot_be_used_fails_each_invocation(runtime, function):
    with function(FAST_AUTOSCALER_CONFIG='{"max_task": 6}'):
        message = assert_failed(runtime.invoke({}), "Autoscaler.ConfigurationInvalid")
    assert "max_task (FAST_AUTOSCALER_CONFIG)" in message
    assert "did you mean max_tasks?" in message


def test_text_beyond_ascii_survives_in_an_error(runtime, function):
    with function():
        outcome = runtime.invoke({"config": {"policy": "größer"}})
    assert "größer" in assert_failed(outcome, "Autoscaler.ConfigurationInvalid")


def test_warm_invocations_reuse_connections_and_leak_nothing(world, proxy, runtime, function):
    world.put_messages(7)
    with function() as process:
        for _ in range(2):
            runtime.invoke({})
        runtime.wait_until("idle")
        before = file_descriptors(process.pid)
        for _ in range(8):
            runtime.invoke({})
        runtime.wait_until("idle")
        assert file_descriptors(process.pid) == before
    assert proxy.count("sqs:GetQueueAttributes") in (10, 11)  # the first may have been looked ahead
    # For the queue, the service and the state, asked at once by the first invocation.
    assert len({request.connection for request in proxy.requests}) == 3


def test_invocations_that_answer_at_once_never_wait_for_each_other(runtime, function):
    """Nothing is asked of AWS here, so each answer of the runtime API may come before the loop
    has begun to wait for it."""
    with function(MIN_TASKS="ten"):
        for _ in range(200):
            assert_failed(runtime.invoke({}), "Autoscaler.ConfigurationInvalid")


def test_a_warm_invocation_survives_connections_that_died_in_the_freeze(
    world, proxy, runtime, function
):
    world.put_messages(30)
    with function() as process:
        assert runtime.invoke({}).succeeded
        runtime.wait_until("idle")
        process.signal(signal.SIGSTOP)
        proxy.close_connections()
        process.signal(signal.SIGCONT)
        assert runtime.invoke({"config": {"scale_out_cooldown": 0}}).result["new_tasks"] == 8


def test_a_warm_function_notices_state_that_another_one_wrote(world, runtime, function):
    world.put_messages(30)
    always = {"config": {"scale_out_override": "always"}}
    with function():
        assert runtime.invoke(always).result["new_tasks"] == 5
        world.write_state_text("up", json.dumps({"timestamp": 1.0, "writer": "another"}))
        world.put_messages(60)
        outcome = runtime.invoke(always)
    assert outcome.result["action"] == "hold"
    assert "another autoscaler" in outcome.result["reason"]


def test_a_deadline_that_is_nearly_used_up_fails_before_it_passes(world, proxy, runtime, function):
    """The answer of SQS never comes; Lambda is told so while it still listens."""
    world.set_desired(10)
    gate = proxy.hold("sqs:GetQueueAttributes")
    with function():
        message = assert_failed(runtime.invoke({}, deadline_s=2.0), "Autoscaler.QueueUnreadable")
        assert world.queue in message
        gate.release()
        proxy.clear()
        assert runtime.invoke({}).succeeded
    assert proxy.count("ecs:UpdateService") == 1  # the second invocation's


def test_a_deadline_that_has_passed_asks_nothing(world, proxy, runtime, function):
    with function():
        assert_failed(runtime.invoke({}, deadline_s=-5.0), "Autoscaler.TargetsUnchecked")
    assert proxy.count("ecs:UpdateService") == 0


def test_the_runtime_api_is_never_asked_through_a_proxy(runtime, function):
    """AWS is, so the check fails; that it is reported shows the way to the runtime API."""
    nowhere = "http://127.0.0.1:9"
    with function(http_proxy=nowhere, HTTP_PROXY=nowhere, ALL_PROXY=nowhere):
        assert_failed(runtime.invoke({}), "Autoscaler.QueueUnreadable")


def test_it_waits_in_next_and_ends_on_sigterm(runtime, function):
    with function() as process:
        runtime.wait_until("idle")
        process.signal(signal.SIGTERM)
        assert process.wait() == 0


def test_it_ends_when_the_runtime_api_is_gone(runtime, function):
    with function() as process:
        runtime.wait_until("idle")
        runtime.close()
        assert process.wait() == 1


def test_logs_of_an_invocation_are_json(world, runtime, function):
    world.put_messages(30)
    with function() as process:
        runtime.invoke({})
        scaled = json.loads(process.wait_for_lines(1, "stderr")[0])
    assert scaled["message"] == "scaled"
    assert scaled["target"] == world.target


def test_it_reads_ahead_while_the_first_event_is_on_its_way(world, proxy, runtime, function):
    world.put_messages(30)
    with function():
        for operation in ("sqs:GetQueueAttributes", "ecs:DescribeServices", "s3:GetObject"):
            proxy.wait_for(operation)
        assert runtime.invoke({}).result["new_tasks"] == 5


def test_it_reads_nothing_ahead_for_what_only_the_event_configures(world, proxy, runtime, function):
    world.put_messages(7)
    with function(**NO_SETTINGS):
        runtime.wait_until("idle")
        assert runtime.invoke(event_for(world)).succeeded
    assert proxy.count("sqs:GetQueueAttributes") == 1


def test_what_was_read_ahead_for_another_service_is_not_used(cloud, world, runtime, function):
    other = World(cloud)
    other.put_messages(50)
    with function():
        assert runtime.invoke(event_for(other)).result["new_tasks"] == 7
    assert (world.desired(), other.desired()) == (2, 7)


# --- the runtime API


def test_a_result_that_lambda_refuses_is_logged_and_the_next_event_is_served(
    world, runtime, function
):
    """413: it has failed the invocation for us already."""
    world.put_messages(7)
    runtime.refusals = [413]
    with function() as process:
        runtime.invoke({})
        logged = json.loads(process.wait_for_lines(1, "stderr")[0])
        assert runtime.invoke({}).succeeded
    assert logged["level"] == "error"
    assert "413" in logged["message"]


def test_it_ends_when_the_sandbox_is_broken(world, runtime, function):
    runtime.refusals = [500]
    with function() as process:
        runtime.invoke({})
        assert process.wait() == 1


def test_an_event_of_lambdas_largest_size_is_read(world, runtime, function):
    largest = 6 << 20
    event = json.dumps({"padding": "ä" * 1_000_000}, ensure_ascii=False).encode()
    with function():
        outcome = runtime.invoke(event + b" " * (largest - len(event)))
    assert outcome.succeeded, outcome.body


def test_the_trace_id_of_an_invocation_is_exported(world, runtime, function, tmp_path):
    """To the programs that it starts, as one for credentials is."""
    seen = tmp_path / "seen"
    program = tmp_path / "keys"
    keys = '{"Version": 1, "AccessKeyId": "AKID", "SecretAccessKey": "secret"}'
    program.write_text(f"#!/bin/sh\necho $_X_AMZN_TRACE_ID >>{seen}\necho '{keys}'\n")
    program.chmod(0o755)
    profile = tmp_path / "config"
    profile.write_text(f"[default]\ncredential_process = {program}\n")
    environment = NO_SETTINGS | {
        "AWS_CONFIG_FILE": str(profile),
        "AWS_ACCESS_KEY_ID": None,
        "AWS_SECRET_ACCESS_KEY": None,
        "AWS_SESSION_TOKEN": None,
    }
    with function(**environment):
        assert runtime.invoke(event_for(world), trace_id="Root=1-67891233").succeeded
    assert seen.read_text().splitlines() == ["Root=1-67891233"]
