"""A queue of SQS by each of its addresses: which region is asked, and at which host."""

import json

import boto3
import pytest
from botocore.config import Config

from autoscaler import numbers, once
from aws_world import ACCESS_KEY, ACCOUNT, REGION, SECRET_KEY

ELSEWHERE = "us-east-2"


def queue_in(world, region: str, messages: int) -> str:
    """The queue of the world's name in that region; its URL as the server has it."""
    client = boto3.Session(ACCESS_KEY, SECRET_KEY).client(
        "sqs",
        region_name=region,
        endpoint_url=world.cloud.url,
        config=Config(proxies={}, retries={"max_attempts": 0}),
    )
    url = client.create_queue(QueueName=world.queue)["QueueUrl"]
    for number in range(messages):
        client.send_message(QueueUrl=url, MessageBody=f"message {number}")
    return url


def visible(outcome) -> int:
    assert outcome.status == 0, outcome.stdout + outcome.stderr
    return outcome.check["visible"]


@pytest.mark.parametrize(
    "host, region",
    [
        (f"sqs.{ELSEWHERE}.amazonaws.com", ELSEWHERE),
        (f"{ELSEWHERE}.queue.amazonaws.com", ELSEWHERE),
        ("queue.amazonaws.com", "us-east-1"),
        (f"sqs.{ELSEWHERE}.api.aws", ELSEWHERE),
        (f"sqs-fips.{ELSEWHERE}.amazonaws.com", ELSEWHERE),
        (f"vpce-0123-abcd.sqs.{ELSEWHERE}.vpce.amazonaws.com", ELSEWHERE),
        (f"vpce-0123-abcd-{ELSEWHERE}a.sqs.{ELSEWHERE}.vpce.amazonaws.com", ELSEWHERE),
    ],
)
def test_the_region_is_the_urls(world, proxy, host, region):
    queue_in(world, region, 7)
    url = f"https://{host}/{ACCOUNT}/{world.queue}"
    outcome = once(world.environment(SQS_QUEUE_URL=url), "--dry-run")
    assert visible(outcome) == 7
    [asked] = [r for r in proxy.requests if r.operation == "sqs:GetQueueAttributes"]
    assert f"/{region}/sqs/aws4_request" in asked.headers["authorization"]
    [service] = [r for r in proxy.requests if r.operation == "ecs:DescribeServices"]
    assert f"/{REGION}/ecs/aws4_request" in service.headers["authorization"]


def test_a_queue_is_found_by_its_name_once(world, proxy):
    world.put_messages(7)
    outcome = once(world.environment(SQS_QUEUE_URL=world.queue, MIN_TASKS=2), "--dry-run")
    assert visible(outcome) == 7
    [asked] = [r for r in proxy.requests if r.operation == "sqs:GetQueueUrl"]
    assert json.loads(asked.body) == {"QueueName": world.queue}


def test_a_queue_is_found_by_its_name_in_another_region(world):
    queue_in(world, ELSEWHERE, 7)
    environment = world.environment(SQS_QUEUE_URL=world.queue, SQS_REGION=ELSEWHERE)
    assert visible(once(environment, "--dry-run")) == 7


def test_a_queue_is_found_by_its_arn(world, proxy):
    queue_in(world, ELSEWHERE, 7)
    arn = f"arn:aws:sqs:{ELSEWHERE}:{ACCOUNT}:{world.queue}"
    assert visible(once(world.environment(SQS_QUEUE_URL=arn), "--dry-run")) == 7
    [asked] = [r for r in proxy.requests if r.operation == "sqs:GetQueueUrl"]
    assert json.loads(asked.body)["QueueOwnerAWSAccountId"] == ACCOUNT


def test_a_name_that_no_queue_has_is_said(world):
    outcome = once(world.environment(SQS_QUEUE_URL="no-such-queue"))
    assert outcome.status == 1
    [error, *_] = outcome.check["errors"]
    assert error["kind"] == "not_found"
    assert "queue no-such-queue" in error["message"]
    assert world.desired() == 2


def test_somebody_elses_server_is_asked_at_the_urls_host(world):
    """Unless the user named an endpoint, which is for all queues."""
    world.put_messages(15)
    environment = world.environment(
        SQS_QUEUE_URL=f"{world.cloud.url}/{ACCOUNT}/{world.queue}", AWS_ENDPOINT_URL=None
    ) | {f"AWS_ENDPOINT_URL_{service}": world.cloud.url for service in ("ECS", "S3")}
    outcome = once(environment)
    assert outcome.status == 0, outcome.stdout + outcome.stderr
    assert numbers(outcome.check)[0] == "scale_out"
