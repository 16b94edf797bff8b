"""`simulate --cloudwatch`: an SQS queue's past, by metrics that moto keeps as CloudWatch does."""

import json
import time

import boto3
import pytest
from autoscaler import run
from aws_answers import denied
from aws_world import ACCESS_KEY, REGION, SECRET_KEY
from fault_proxy import reply

MINUTE = 60


class Past:
    """The metrics of one queue and its service, by minutes before now."""

    def __init__(self, world):
        session = boto3.Session(ACCESS_KEY, SECRET_KEY, region_name=REGION)
        self._client = session.client("cloudwatch", endpoint_url=world.cloud.url)
        self._now = int(time.time()) // MINUTE * MINUTE
        self._queue = [{"Name": "QueueName", "Value": world.queue}]
        self._service = [
            {"Name": "ClusterName", "Value": world.cluster},
            {"Name": "ServiceName", "Value": world.service},
        ]

    def _put(self, namespace, dimensions, values, minutes_ago):
        data = [
            {
                "MetricName": name,
                "Dimensions": dimensions,
                "Value": value,
                "Timestamp": self._now - minutes_ago * MINUTE + 1,
            }
            for name, value in values.items()
        ]
        self._client.put_metric_data(Namespace=namespace, MetricData=data)

    def minute(self, minutes_ago, sent, deleted, visible, in_flight, running=None):
        self._put(
            "AWS/SQS",
            self._queue,
            {
                "NumberOfMessagesSent": sent,
                "NumberOfMessagesDeleted": deleted,
                "ApproximateNumberOfMessagesVisible": visible,
                "ApproximateNumberOfMessagesNotVisible": in_flight,
            },
            minutes_ago,
        )
        if running is not None:
            values = {"RunningTaskCount": running}
            self._put("ECS/ContainerInsights", self._service, values, minutes_ago)


@pytest.fixture
def past(world):
    return Past(world)


def simulate(world, *options):
    arguments = ["simulate", "--cloudwatch", "2h", "--json", *options]
    return run(arguments, world.environment(POLICY="backlog"))


def found(world, *options):
    done = simulate(world, *options)
    assert done.status == 0, done.stderr
    return json.loads(done.stdout)


def test_the_messages_and_what_one_takes(world, past):
    for minutes_ago in range(10, 70):
        past.minute(minutes_ago, sent=30, deleted=30, visible=6, in_flight=4, running=5)
    document = found(world)
    assert document["trace"]["messages"] == 60 * 30
    assert document["trace"]["length_seconds"] == 2 * 3600
    # Little: 4 in hand, and one finished each 2 s.
    assert document["plant"]["work_mean_seconds"] == pytest.approx(8)
    notes = "; ".join(document["notes"])
    assert "a message takes 8 s in the mean, by Little's law" in notes
    assert "60 minutes without data counted as 0" in notes
    assert "the service itself had 5.0 task-hours" in notes
    assert "a message itself waited 12 s in the mean" in notes


def test_a_time_that_is_given_wins(world, past):
    past.minute(30, sent=30, deleted=30, visible=6, in_flight=4)
    document = found(world, "--processing-time", "3s")
    assert document["plant"]["work_mean_seconds"] == 3


def test_a_queue_without_messages_is_said(world):
    done = simulate(world)
    assert done.status == 2
    assert "no message was sent to the queue in that time" in done.stderr


def test_what_may_not_be_read_is_said(world, proxy):
    proxy.on("cloudwatch:GetMetricData", reply(denied("cloudwatch:GetMetricData")))
    done = simulate(world)
    assert done.status == 2
    assert f"cannot read the past of {world.queue_url}" in done.stderr
    assert "allow cloudwatch:GetMetricData" in done.stderr
    assert SECRET_KEY not in done.stderr
