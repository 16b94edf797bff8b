"""The function's ways to make more than one check of an invocation, and the metrics of each."""

import json
import signal

import aws_answers
from aws_world import World
from fault_proxy import reply
from lambda_events import NO_SETTINGS, assert_failed, event_for

# --- several checks


def test_an_event_asks_for_several_checks(world, runtime, function):
    world.put_messages(7)
    with function() as process:
        outcome = runtime.invoke({"config": {"checks_per_invocation": 3, "check_interval": 1}})
        lines = process.wait_for_lines(3, "stdout")
    assert outcome.succeeded, outcome.body
    assert outcome.result["left_out"] == 0
    times = [check["time"] for check in outcome.result["checks"]]
    assert len(times) == 3
    assert times == sorted(set(times))
    assert [json.loads(line)["Decision"] for line in lines] == ["hold"] * 3


def test_several_checks_end_in_time_for_the_deadline(world, runtime, function):
    """One is not begun with less than a second, and what telling Lambda takes, left for it."""
    world.put_messages(7)
    with function(CHECKS_PER_INVOCATION="60", CHECK_INTERVAL="1"):
        outcome = runtime.invoke({}, deadline_s=2.9)
    assert outcome.succeeded, outcome.body
    made = len(outcome.result["checks"])
    assert 1 <= made <= 2
    assert outcome.result["left_out"] == 60 - made


def test_one_failed_check_of_several_fails_the_invocation(world, proxy, runtime, function):
    world.put_messages(7)
    with function(CHECKS_PER_INVOCATION="2", CHECK_INTERVAL="1"):
        assert runtime.invoke({}).succeeded
        proxy.on("ecs:DescribeServices", reply(aws_answers.denied("ecs:DescribeServices")), times=1)
        message = assert_failed(runtime.invoke({}), "Autoscaler.ServiceUnreadable")
    assert message.startswith("1 of 2 checks failed; the first: ")


def test_sigterm_ends_the_wait_between_checks(world, runtime, function):
    world.put_messages(7)
    with function(CHECKS_PER_INVOCATION="2", CHECK_INTERVAL="50") as process:
        outcome = runtime.start({})
        process.wait_for_lines(1, "stdout")
        process.signal(signal.SIGTERM)
        assert outcome().result["left_out"] == 1
        assert process.wait() == 0


# --- metrics


def test_a_check_prints_its_figures_for_cloudwatch(world, runtime, function):
    world.put_messages(30)
    with function() as process:
        runtime.invoke({})
        metrics = json.loads(process.wait_for_lines(1, "stdout")[0])
    [directive] = metrics["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "FastAutoscaler"
    assert directive["Dimensions"] == [["ClusterName", "ServiceName"]]
    figures = {metric["Name"]: metrics[metric["Name"]] for metric in directive["Metrics"]}
    assert figures.pop("Latency") > 0
    assert figures == {
        "MessagesVisible": 30,
        "MessagesInFlight": 0,
        "TasksRunning": 2,
        "TasksDesired": 5,
        "TasksWanted": 5,
        "Errors": 0,
    }
    assert metrics["ClusterName"] == world.cluster
    assert metrics["Decision"] == "scale_out"


def test_metrics_can_be_left_out(world, runtime, function):
    world.put_messages(7)
    with function(METRICS="none") as process:
        runtime.invoke({})
        runtime.wait_until("idle")
        assert process.stdout == ""


# --- batches of SQS messages


def batch(*bodies) -> dict:
    """https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html"""
    return {
        "Records": [
            {
                "messageId": f"059f36b4-{number}",
                "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
                "body": body if isinstance(body, str) else json.dumps(body),
                "attributes": {"ApproximateReceiveCount": "1"},
                "messageAttributes": {},
                "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:ticks",
                "awsRegion": "eu-west-1",
            }
            for number, body in enumerate(bodies)
        ]
    }


def test_messages_that_ask_for_the_same_are_one_check(world, runtime, function):
    world.put_messages(30)
    with function() as process:
        outcome = runtime.invoke(batch("{}", "{}", "{}"))
        metrics = process.wait_for_lines(1, "stdout")
    assert outcome.succeeded, outcome.body
    assert outcome.result == {"batchItemFailures": []}
    assert len(metrics) == 1
    assert world.desired() == 5


def test_the_messages_of_a_batch_that_failed_are_named(cloud, world, runtime, function):
    other = World(cloud)
    other.put_messages(50)
    missing = event_for(world, queue_config={"queue_url": world.queue_url + "-missing"})
    with function(**NO_SETTINGS):
        outcome = runtime.invoke(batch(missing, event_for(other), "{", missing))
    assert outcome.succeeded, outcome.body
    failed = [item["itemIdentifier"] for item in outcome.result["batchItemFailures"]]
    assert failed == ["059f36b4-0", "059f36b4-3", "059f36b4-2"]
    assert other.desired() == 7


def test_a_batch_that_failed_as_a_whole_is_a_failed_invocation(world, runtime, function):
    with function():
        message = assert_failed(runtime.invoke(batch("{", "[")), "Autoscaler.ConfigurationInvalid")
    assert "SQS message 059f36b4-1" in message
