"""Backlogs that CloudWatch tells: any metric, an SNS topic, a Kinesis stream; read from moto."""

import json
import time
import uuid

import boto3
import pytest

import aws_answers
from autoscaler import once, run
from aws_world import ACCESS_KEY, REGION, SECRET_KEY, World
from fault_proxy import reply


class Metrics:
    """CloudWatch and Kinesis of the test's own: each name is."""

    def __init__(self, url: str):
        session = boto3.Session(ACCESS_KEY, SECRET_KEY, region_name=REGION)
        self._cloudwatch = session.client("cloudwatch", endpoint_url=url)
        self.kinesis = session.client("kinesis", endpoint_url=url)
        self.name = f"name-{uuid.uuid4().hex[:12]}"
        self._minute = int(time.time()) // 60

    def put(self, metric: str, value: float, minutes_ago: int = 0, **where: str) -> None:
        """In the test's own namespace, unless another is given. The minutes are counted from the
        one that the test began in, so that values of one minute stay together."""
        namespace = where.pop("namespace", self.name)
        dimensions = [{"Name": name, "Value": text} for name, text in where.items()]
        data = {"MetricName": metric, "Dimensions": dimensions, "Value": value}
        data["Timestamp"] = (self._minute - minutes_ago) * 60 + 1
        self._cloudwatch.put_metric_data(Namespace=namespace, MetricData=[data])


@pytest.fixture
def metrics(cloud):
    return Metrics(cloud.url)


def check_of(world, kind: str, **settings):
    return once(world.environment(QUEUE_TYPE=kind, SQS_QUEUE_URL=None, **settings))


def cloudwatch(world, metrics, **settings):
    names = {"CLOUDWATCH_NAMESPACE": metrics.name, "CLOUDWATCH_METRIC_NAME": "Depth"}
    return check_of(world, "cloudwatch", **(names | settings))


def assert_unknown(outcome, *texts: str) -> None:
    """The check holds, and says why."""
    check = outcome.check
    assert (check["action"], check["visible"]) == ("hold", None), check
    said = json.dumps(check)
    assert [text for text in texts if text not in said] == [], said


# --- cloudwatch


def test_a_metric_is_the_backlog(world, metrics):
    metrics.put("Depth", 7, minutes_ago=2, Queue="orders", Stage="prod")
    metrics.put("Depth", 29.5, Queue="orders", Stage="prod")
    metrics.put("Depth", 1000, Queue="others", Stage="prod")
    outcome = cloudwatch(
        world,
        metrics,
        CLOUDWATCH_DIMENSIONS="Queue=orders, Stage=prod",
        CLOUDWATCH_STATISTIC="Maximum",
    )
    assert outcome.status == 0, outcome.stderr
    assert (outcome.check["action"], outcome.check["visible"]) == ("scale_out", 30)


def test_a_sum_is_of_a_whole_period(world, metrics):
    metrics.put("Depth", 12, minutes_ago=1)
    metrics.put("Depth", 13, minutes_ago=1)
    metrics.put("Depth", 500)
    outcome = cloudwatch(world, metrics, CLOUDWATCH_STATISTIC="Sum")
    # The minute may end before the check, which makes the later value one of a whole period.
    assert outcome.check["visible"] in (25, 500), outcome.stdout


def test_an_expression_takes_its_metrics_from_settings(world, metrics):
    """moto knows no arithmetic: the expression is one of the metrics."""
    metrics.put("Depth", 1, minutes_ago=1, Queue="orders")
    metrics.put("Depth", 40, minutes_ago=1, Queue="more orders")
    outcome = check_of(
        world,
        "cloudwatch",
        CLOUDWATCH_EXPRESSION="m2",
        CLOUDWATCH_M1=f"{metrics.name}, Depth, Queue=orders",
        CLOUDWATCH_M2=f"{metrics.name}, Depth, Queue=more orders, Maximum",
    )
    assert outcome.check["visible"] == 40, outcome.stdout + outcome.stderr


def test_without_a_datapoint_nothing_is_known(world, metrics):
    outcome = cloudwatch(world, metrics)
    assert_unknown(outcome, "no datapoint", f"CloudWatch metric {metrics.name} Depth")
    zero = cloudwatch(world, metrics, CLOUDWATCH_EMPTY_IS_ZERO="true")
    assert zero.check["visible"] == 0


def test_a_stale_datapoint_tells_nothing(world, metrics):
    metrics.put("Depth", 30, minutes_ago=4)
    fresh = cloudwatch(world, metrics)
    assert fresh.check["visible"] == 30
    stale = cloudwatch(world, metrics, CLOUDWATCH_STALE_AFTER="100")
    assert_unknown(stale, "stale after 100 s")


def test_a_refusal_names_the_right_that_is_missing(world, proxy, metrics):
    proxy.on("cloudwatch:GetMetricData", reply(aws_answers.denied("cloudwatch:GetMetricData")))
    outcome = cloudwatch(world, metrics)
    assert outcome.status == 1
    [error] = outcome.check["errors"]
    assert error["kind"] == "denied"
    assert f"metric {metrics.name} Depth" in error["message"]
    assert "allow cloudwatch:GetMetricData" in error["message"]


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({}, "namespace"),
        ({"CLOUDWATCH_NAMESPACE": "a"}, "metric_name"),
        ({"CLOUDWATCH_EXPRESSION": "m1", "CLOUDWATCH_M1": "AWS/SQS"}, "m1"),
        ({"CLOUDWATCH_EXPRESSION": "m1", "CLOUDWATCH_NAMESPACE": "a"}, "namespace"),
        (
            {
                "CLOUDWATCH_NAMESPACE": "a",
                "CLOUDWATCH_METRIC_NAME": "b",
                "CLOUDWATCH_DIMENSIONS": "Queue",
            },
            "dimensions",
        ),
        (
            {
                "CLOUDWATCH_NAMESPACE": "a",
                "CLOUDWATCH_METRIC_NAME": "b",
                "CLOUDWATCH_PERIOD": "90",
            },
            "period",
        ),
    ],
)
def test_settings_that_name_no_metric_are_refused(world, settings, key):
    environment = world.environment(QUEUE_TYPE="cloudwatch", SQS_QUEUE_URL=None, **settings)
    outcome = run(["validate"], environment)
    assert outcome.status == 2, outcome.stdout + outcome.stderr
    said = outcome.stdout + outcome.stderr
    assert f"queue_config.{key}" in said or f"CLOUDWATCH_{key.upper()}" in said, said


def test_a_scale_in_waits_until_nothing_else_counts(world, metrics):
    metrics.put("Depth", 0)
    unknown = cloudwatch(world, metrics).check
    assert (unknown["action"], unknown["visible"], unknown["in_flight"]) == ("hold", 0, None)
    alone = cloudwatch(world, metrics, CLOUDWATCH_INCLUDE_IN_FLIGHT="false").check
    assert (alone["action"], alone["visible"], alone["in_flight"]) == ("scale_in", 0, 0)


# --- sns


def test_a_topics_messages_of_a_minute_are_counted(world, metrics):
    topic = {"namespace": "AWS/SNS", "TopicName": metrics.name}
    for count in (20, 15):
        metrics.put("NumberOfMessagesPublished", count, minutes_ago=1, **topic)
    metrics.put("NumberOfNotificationsFailed", 11, minutes_ago=1, **topic)
    outcome = check_of(world, "sns", SNS_TOPIC_NAME=metrics.name)
    assert outcome.check["visible"] == 35, outcome.stdout + outcome.stderr
    failed = check_of(
        world, "sns", SNS_TOPIC_NAME=metrics.name, SNS_METRIC_NAME="NumberOfNotificationsFailed"
    )
    assert failed.check["visible"] == 11


def test_an_idle_topic_is_unknown_or_0_as_one_says(world, metrics):
    outcome = check_of(world, "sns", SNS_TOPIC_NAME=metrics.name)
    assert_unknown(outcome, f"SNS topic {metrics.name}", "no datapoint")
    zero = check_of(world, "sns", SNS_TOPIC_NAME=metrics.name, SNS_EMPTY_IS_ZERO="true")
    assert zero.check["visible"] == 0


@pytest.mark.parametrize("kind", ["cloudwatch", "sns"])
def test_one_message_of_a_metric_starts_a_service_from_zero(world, metrics, kind):
    metrics.put("Depth", 1)
    topic = {"namespace": "AWS/SNS", "TopicName": metrics.name}
    metrics.put("NumberOfMessagesPublished", 1, minutes_ago=1, **topic)
    world.set_desired(0)
    if kind == "sns":
        check_of(world, "sns", SNS_TOPIC_NAME=metrics.name, MIN_TASKS=0)
    else:
        cloudwatch(world, metrics, MIN_TASKS=0)
    assert world.desired() == 1


# --- kinesis


@pytest.fixture
def stream(metrics):
    metrics.kinesis.create_stream(StreamName=metrics.name, ShardCount=1)
    return {"namespace": "AWS/Kinesis", "StreamName": metrics.name}


def test_a_streams_backlog_is_estimated_from_its_age(world, metrics, stream):
    metrics.put("GetRecords.IteratorAgeMilliseconds", 90_000, minutes_ago=1, **stream)
    for minutes_ago in (1, 2, 3):
        metrics.put("IncomingRecords", 60, minutes_ago=minutes_ago, **stream)
    outcome = check_of(world, "kinesis", KINESIS_STREAM_NAME=metrics.name)
    # A record a second, for the 90 seconds that the oldest has waited.
    assert outcome.check["visible"] == 90, outcome.stdout + outcome.stderr


def test_a_consumer_with_fan_out_has_an_age_of_its_own(world, metrics, stream):
    consumer = stream | {"ConsumerName": "worker"}
    metrics.put("GetRecords.IteratorAgeMilliseconds", 0, minutes_ago=1, **stream)
    metrics.put("SubscribeToConsumerEvent.MillisBehindLatest", 60_000, minutes_ago=1, **consumer)
    for minutes_ago in (1, 2):
        metrics.put("IncomingRecords", 600, minutes_ago=minutes_ago, **stream)
    settings = {"KINESIS_STREAM_NAME": metrics.name}
    assert check_of(world, "kinesis", **settings).check["visible"] == 0
    settings["KINESIS_CONSUMER_NAME"] = "worker"
    outcome = check_of(world, "kinesis", **settings)
    assert outcome.check["visible"] == 600, outcome.stdout + outcome.stderr


def test_a_stream_that_nobody_reads_is_unknown(world, metrics, stream):
    outcome = check_of(world, "kinesis", KINESIS_STREAM_NAME=metrics.name)
    assert_unknown(outcome, "the stream is ACTIVE", "nobody has read it")


def test_a_stream_that_nobody_reads_starts_the_first_task(cloud, metrics, stream):
    """At 0 tasks nobody reads, and what nobody reads has no age."""
    for minutes_ago in (1, 2, 3):
        metrics.put("IncomingRecords", 600, minutes_ago=minutes_ago, **stream)
    settings = {
        "KINESIS_STREAM_NAME": metrics.name,
        "KINESIS_INCLUDE_IN_FLIGHT": "false",
        "MIN_TASKS": "0",
    }
    started = check_of(World(cloud, tasks=0), "kinesis", **settings).check
    assert (started["action"], started["visible"], started["new_tasks"]) == ("scale_out", 1, 1)

    held = check_of(World(cloud, tasks=3), "kinesis", **settings).check
    assert (held["action"], held["visible"]) == ("hold", 1)
    assert "records came since" in held["reason"] and "at least one waits" in held["reason"]


def test_records_after_the_last_age_start_the_first_task(cloud, metrics, stream):
    metrics.put("GetRecords.IteratorAgeMilliseconds", 0, minutes_ago=5, **stream)
    metrics.put("IncomingRecords", 600, minutes_ago=5, **stream)
    settings = {
        "KINESIS_STREAM_NAME": metrics.name,
        "KINESIS_INCLUDE_IN_FLIGHT": "false",
        "MIN_TASKS": "0",
    }
    world = World(cloud, tasks=0)
    assert check_of(world, "kinesis", **settings).check["visible"] == 0
    metrics.put("IncomingRecords", 1, minutes_ago=2, **stream)
    assert check_of(world, "kinesis", **settings).check["new_tasks"] == 1


def test_an_age_that_cannot_have_grown_so_is_none(world, metrics, stream):
    """A shard that is read for the first time; an age that lasts is believed."""
    metrics.put("GetRecords.IteratorAgeMilliseconds", 84_000_000, minutes_ago=1, **stream)
    for minutes_ago in (1, 2, 3, 4):
        metrics.put("IncomingRecords", 600, minutes_ago=minutes_ago, **stream)
    metrics.put("GetRecords.IteratorAgeMilliseconds", 0, minutes_ago=2, **stream)
    outcome = check_of(world, "kinesis", KINESIS_STREAM_NAME=metrics.name)
    assert_unknown(outcome, "cannot be 23 h", "60 s before it was 0 s")


def test_an_age_that_lasts_is_believed(world, metrics, stream):
    for minutes_ago in (1, 2, 3, 4):
        metrics.put("GetRecords.IteratorAgeMilliseconds", 3_600_000, minutes_ago, **stream)
        metrics.put("IncomingRecords", 60, minutes_ago=minutes_ago, **stream)
    metrics.put("GetRecords.IteratorAgeMilliseconds", 0, minutes_ago=5, **stream)
    outcome = check_of(world, "kinesis", KINESIS_STREAM_NAME=metrics.name)
    assert outcome.check["oldest_age"] == 3600, outcome.stdout
    assert outcome.check["visible"] > 0


def test_an_age_without_arrivals_is_unknown(world, metrics, stream):
    metrics.put("GetRecords.IteratorAgeMilliseconds", 90_000, minutes_ago=1, **stream)
    outcome = check_of(world, "kinesis", KINESIS_STREAM_NAME=metrics.name)
    assert_unknown(outcome, "no IncomingRecords")


def test_a_stream_that_does_not_exist_is_told_as_that(world, metrics):
    outcome = check_of(world, "kinesis", KINESIS_STREAM_NAME=metrics.name)
    assert outcome.status == 1
    [error] = outcome.check["errors"]
    assert error["kind"] == "not_found"
    assert f"Kinesis stream {metrics.name}" in error["message"]
    assert "check stream_name and region" in error["message"]
