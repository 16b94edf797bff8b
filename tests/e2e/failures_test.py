"""Whatever cannot be read is unknown, and unknown scales nothing: it is reported, with exit 1."""

import json

import pytest

import aws_answers
from autoscaler import numbers, once
from fault_proxy import change_json, hang_up, reply
from processes import free_port


def assert_nothing_scaled(world, outcome, **error):
    """The check failed, held, and its first error is as given."""
    assert outcome.status == 1, outcome.stderr
    assert outcome.check["action"] == "hold"
    assert outcome.check["changed"] is False
    assert outcome.check["new_tasks"] == outcome.check["current_tasks"]
    first = outcome.check["errors"][0]
    assert {name: first[name] for name in error} == error
    assert world.desired() == 10
    assert world.state_keys() == []


@pytest.fixture
def idle_world(world):
    """Read wrongly as empty, its queue would scale it in."""
    world.set_desired(10)
    return world


def test_a_missing_queue(idle_world):
    idle_world.delete_queue()
    outcome = once(idle_world.environment())
    assert_nothing_scaled(idle_world, outcome, service="SQS", kind="not_found")
    error = outcome.check["errors"][0]
    assert "QueueDoesNotExist" in error["code"] or "NonExistentQueue" in error["code"]
    assert idle_world.queue in error["message"]
    assert outcome.check["queue_size"] is None
    assert outcome.check["visible"] is None


def test_a_missing_service(idle_world):
    outcome = once(idle_world.environment(SERVICE_NAME="nowhere"))
    assert_nothing_scaled(idle_world, outcome, service="ECS", kind="not_found", code="MISSING")
    assert "nowhere" in outcome.check["errors"][0]["message"]
    assert outcome.check["current_tasks"] is None


def test_a_missing_cluster(idle_world):
    outcome = once(idle_world.environment(ECS_CLUSTER="nowhere"))
    assert_nothing_scaled(
        idle_world, outcome, service="ECS", kind="not_found", code="ClusterNotFoundException"
    )


def test_an_inactive_service(idle_world):
    idle_world.put_messages(30)
    idle_world.delete_service()
    outcome = once(idle_world.environment())
    assert outcome.status == 1
    assert outcome.check["errors"][0]["code"] == "ServiceNotActive"
    assert "INACTIVE" in outcome.check["errors"][0]["message"]
    assert idle_world.state_keys() == []


def test_a_daemon_service(idle_world, proxy):
    proxy.change_service(lambda service: service.update(schedulingStrategy="DAEMON"))
    outcome = once(idle_world.environment())
    assert_nothing_scaled(idle_world, outcome, service="ECS", kind="invalid", code="DaemonService")


@pytest.mark.parametrize("reason", ["MISSING", "ACCESS_DENIED"])
def test_a_failure_inside_a_successful_answer_of_ecs(idle_world, proxy, reason):
    proxy.on("ecs:DescribeServices", reply(aws_answers.service_failure(reason)))
    outcome = once(idle_world.environment())
    assert_nothing_scaled(idle_world, outcome, service="ECS", code=reason)


def test_access_to_the_queue_denied(idle_world, proxy):
    proxy.on("sqs:GetQueueAttributes", reply(aws_answers.denied("sqs:getqueueattributes")))
    outcome = once(idle_world.environment())
    assert_nothing_scaled(
        idle_world,
        outcome,
        service="SQS",
        kind="denied",
        code="AccessDeniedException",
        http_status=400,
        request_id=aws_answers.REQUEST_ID,
    )
    assert "not authorized" in outcome.check["errors"][0]["message"]
    assert proxy.count("sqs:GetQueueAttributes") == 1  # asking again would not help


def test_access_to_the_service_denied(idle_world, proxy):
    proxy.on("ecs:DescribeServices", reply(aws_answers.denied("ecs:DescribeServices")))
    assert_nothing_scaled(idle_world, once(idle_world.environment()), service="ECS", kind="denied")


def test_throttled_for_a_moment(idle_world, proxy):
    proxy.on("sqs:GetQueueAttributes", reply(aws_answers.throttled()), times=1)
    outcome = once(idle_world.environment())
    assert outcome.status == 0, outcome.stderr
    assert numbers(outcome.check) == ("scale_in", 10, 5)
    assert proxy.count("sqs:GetQueueAttributes") == 3  # the refused one, its retry, another look


def test_throttled_throughout(idle_world, proxy):
    proxy.on("sqs:GetQueueAttributes", reply(aws_answers.throttled()))
    outcome = once(idle_world.environment())
    assert_nothing_scaled(
        idle_world, outcome, service="SQS", kind="throttled", code="ThrottlingException"
    )
    assert proxy.count("sqs:GetQueueAttributes") == 3


@pytest.mark.parametrize(
    "answer",
    [aws_answers.server_error(), aws_answers.gateway_page()],
    ids=["internal failure", "a load balancer's page"],
)
@pytest.mark.parametrize("operation", ["sqs:GetQueueAttributes", "ecs:DescribeServices"])
def test_a_server_that_fails_throughout(idle_world, proxy, operation, answer):
    proxy.on(operation, reply(answer))
    outcome = once(idle_world.environment())
    assert_nothing_scaled(idle_world, outcome, kind="retryable", http_status=answer.status)
    assert proxy.count(operation) == 3


def test_a_server_that_hangs_up_throughout(idle_world, proxy):
    proxy.on("sqs:GetQueueAttributes", hang_up)
    outcome = once(idle_world.environment())
    assert_nothing_scaled(idle_world, outcome, service="SQS", kind="retryable", http_status=0)


def test_an_endpoint_that_is_down(idle_world):
    port = free_port()
    outcome = once(idle_world.environment(AWS_ENDPOINT_URL_SQS=f"http://127.0.0.1:{port}"))
    assert_nothing_scaled(idle_world, outcome, service="SQS", kind="retryable")
    message = outcome.check["errors"][0]["message"]
    assert idle_world.queue in message
    assert str(port) in message
    assert any("refused" in line["message"].lower() for line in outcome.logs)


DEPTH = json.dumps(
    {
        "Attributes": {
            "ApproximateNumberOfMessages": "0",
            "ApproximateNumberOfMessagesNotVisible": "0",
        }
    }
).encode()

USELESS_DEPTHS = {
    "no attributes": aws_answers.ok(b"{}"),
    "none asked for": aws_answers.queue_attributes(),
    "visible is missing": aws_answers.queue_attributes(ApproximateNumberOfMessagesNotVisible="0"),
    "in flight is missing": aws_answers.queue_attributes(ApproximateNumberOfMessages="0"),
    "no number": aws_answers.queue_attributes(
        ApproximateNumberOfMessages="none", ApproximateNumberOfMessagesNotVisible="0"
    ),
    "negative": aws_answers.queue_attributes(
        ApproximateNumberOfMessages="-1", ApproximateNumberOfMessagesNotVisible="0"
    ),
    "beyond 64 bits": aws_answers.queue_attributes(
        ApproximateNumberOfMessages="9" * 30, ApproximateNumberOfMessagesNotVisible="0"
    ),
    "an empty body": aws_answers.ok(b""),
    "not JSON": aws_answers.ok(b"welcome"),
    "not UTF-8": aws_answers.ok(b'{"Attributes": {"ApproximateNumberOfMessages": "\xff\xfe"}}'),
    "JSON that ends early": aws_answers.ok(DEPTH[:-3]),
    "deeply nested": aws_answers.ok(b'{"Attributes":' * 5000),
}


@pytest.mark.parametrize("answer", USELESS_DEPTHS.values(), ids=USELESS_DEPTHS.keys())
def test_a_useless_answer_of_sqs_is_not_an_empty_queue(idle_world, proxy, answer):
    proxy.on("sqs:GetQueueAttributes", reply(answer))
    outcome = once(idle_world.environment())
    assert_nothing_scaled(idle_world, outcome, service="SQS", kind="invalid")
    assert outcome.check["visible"] is None


def test_a_body_cut_short_on_its_way_is_not_an_empty_queue(idle_world, proxy):
    proxy.on("sqs:GetQueueAttributes", reply(aws_answers.cut_short(DEPTH, 20)))
    assert_nothing_scaled(
        idle_world, once(idle_world.environment()), service="SQS", kind="retryable"
    )


def test_an_answer_without_end_is_given_up(idle_world, proxy):
    proxy.on("sqs:GetQueueAttributes", reply(aws_answers.ok(b" " * (8 << 20))))
    assert_nothing_scaled(idle_world, once(idle_world.environment()), service="SQS", kind="invalid")


USELESS_SERVICES = {
    "no services": lambda answer: answer.pop("services"),
    "no desired count": lambda answer: answer["services"][0].pop("desiredCount"),
    "no running count": lambda answer: answer["services"][0].pop("runningCount"),
    "desired is text": lambda answer: answer["services"][0].update(desiredCount="10"),
    "desired is negative": lambda answer: answer["services"][0].update(desiredCount=-1),
    "services is a number": lambda answer: answer.update(services=1),
}


@pytest.mark.parametrize("change", USELESS_SERVICES.values(), ids=USELESS_SERVICES.keys())
def test_a_useless_answer_of_ecs_scales_nothing(idle_world, proxy, change):
    proxy.on("ecs:DescribeServices", change_json(change))
    outcome = once(idle_world.environment())
    assert_nothing_scaled(idle_world, outcome, service="ECS", kind="invalid")
    assert outcome.check["current_tasks"] is None


def test_an_update_that_is_refused_is_reported_and_not_counted_as_done(world, proxy):
    proxy.on("ecs:UpdateService", reply(aws_answers.denied("ecs:UpdateService")))
    world.put_messages(30)
    outcome = once(world.environment())

    assert outcome.status == 1
    assert outcome.check["changed"] is False
    assert outcome.check["new_tasks"] == outcome.check["current_tasks"] == 2
    assert outcome.check["errors"][0]["kind"] == "denied"
    assert "ecs:UpdateService" in outcome.check["errors"][0]["message"]
    assert world.desired() == 2


def test_a_refused_update_is_tried_again_by_the_next_check(world, proxy):
    """The claim of the failed one must not count as capacity that is on its way."""
    proxy.on("ecs:UpdateService", reply(aws_answers.denied("ecs:UpdateService")), times=1)
    world.put_messages(30)
    once(world.environment())
    outcome = once(world.environment())
    assert numbers(outcome.check) == ("scale_out", 2, 5)
    assert outcome.status == 0, outcome.stderr


def test_without_credentials_nothing_is_sent(idle_world, proxy):
    outcome = once(idle_world.environment(AWS_ACCESS_KEY_ID=None, AWS_SECRET_ACCESS_KEY=None))
    assert_nothing_scaled(idle_world, outcome, kind="denied")
    assert "AWS_ACCESS_KEY_ID" in outcome.check["errors"][0]["message"]
    assert proxy.requests == []


def test_both_sides_failing_are_both_reported(idle_world, proxy):
    proxy.on("sqs:GetQueueAttributes", reply(aws_answers.queue_missing()))
    proxy.on("ecs:DescribeServices", reply(aws_answers.denied("ecs:DescribeServices")))
    outcome = once(idle_world.environment())
    assert [error["service"] for error in outcome.check["errors"]] == ["SQS", "ECS"]
