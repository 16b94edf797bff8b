"""The function with many targets: shards of a document, and lists that events bring."""

import json
import uuid
from contextlib import contextmanager

import pytest

import aws_answers
from autoscaler import numbers, once
from fault_proxy import reply
from fleet_world import FleetWorld, about, bodies, only, write_document
from lambda_events import assert_failed
from lambda_modes_test import batch
from lambda_runtime import LambdaRuntime
from processes import Process, clean_environment, eventually


@pytest.fixture
def halves(fleet, tmp_path):
    """The services of shard 1/2 and of 2/2, as `once` has them: two or more each, with work for
    three more tasks."""
    cluster = fleet.add_cluster()
    environment = fleet.environment(AWS_ENDPOINT_URL=fleet.cloud.url)  # past the proxy
    members, first, second = [], [], []
    while min(len(first), len(second)) < 2:
        members += [
            fleet.add(cluster, fleet.add_queue(messages=30, name=f"{uuid.uuid4().hex}-queue"))
            for _ in range(10)
        ]
        write_document(tmp_path / "halves.json", fleet.document(members))
        where = ["--config", str(tmp_path / "halves.json")]
        outcome = once(environment, *where, "--dry-run", "--shard=1/2")
        names = {line["target"] for line in outcome.lines}
        first = [member for member in members if member.target in names]
        second = [member for member in members if member.target not in names]
    return first[:3], second[:3]


@pytest.fixture
def function(fleet, runtime, bootstrap):
    """Starts it with a document in S3; without one, with nothing but where AWS is."""

    @contextmanager
    def start(document: dict | None = None, sandbox: LambdaRuntime = runtime, **settings):
        if document is not None:
            put_document(fleet, document)
            settings["FAST_AUTOSCALER_CONFIG"] = f"s3://{fleet.bucket}/fleet.json"
        environment = fleet.environment(**settings) | {
            "AWS_LAMBDA_RUNTIME_API": sandbox.address,
            "AWS_LAMBDA_FUNCTION_NAME": "autoscaler",
            "_HANDLER": "bootstrap",
            "LAMBDA_TASK_ROOT": str(bootstrap.parent),
        }
        with Process([str(bootstrap)], clean_environment(environment)) as process:
            yield process

    return start


def put_document(fleet: FleetWorld, document: dict | str) -> None:
    text = document if isinstance(document, str) else json.dumps(document)
    fleet.cloud.s3.put_object(Bucket=fleet.bucket, Key="fleet.json", Body=text.encode())


def looks_for_document(fleet_proxy) -> list:
    return [r for r in fleet_proxy.requests if r.path.endswith("/fleet.json")]


def shard(number: int, count: int = 2) -> dict:
    return {"shard": f"{number}/{count}"}


def test_each_shard_is_checked_by_its_event(fleet, runtime, function, halves):
    first, second = halves
    with function(fleet.document(first + second)):
        one = runtime.invoke(shard(1))
        assert {member.desired() for member in second} == {2}, "the other shard is left alone"
        two = runtime.invoke(shard(2))
    for outcome, members in ((one, first), (two, second)):
        assert outcome.succeeded, outcome.body
        result = outcome.result
        assert result.keys() == {"targets", "checks", "scaled", "left_out"}
        assert (result["targets"], result["checks"], result["left_out"]) == (
            len(members),
            len(members),
            0,
        )
        scaled = {line["target"]: numbers(line) for line in result["scaled"]}
        assert scaled == {member.target: ("scale_out", 2, 5) for member in members}
    assert {member.desired() for member in first + second} == {5}


def test_an_event_without_a_shard_is_for_all(fleet, runtime, function, halves):
    members = halves[0] + halves[1]
    with function(fleet.document(members)):
        outcome = runtime.invoke({})
    assert outcome.result["targets"] == len(members)


@pytest.mark.parametrize("text", ["3/2", "0/2", "1", "", 1, None], ids=str)
def test_a_shard_that_is_none_is_refused(fleet, runtime, function, text):
    member = fleet.add(fleet.add_cluster(), messages=30)
    with function(fleet.document([member])):
        message = assert_failed(runtime.invoke({"shard": text}), "Autoscaler.ConfigurationInvalid")
    assert "NUMBER/COUNT" in message
    assert member.desired() == 2


def test_events_bring_their_own_lists(fleet, runtime, function, halves):
    """As a Distributed Map sends them: the defaults are the document's."""
    first, second = halves
    with function(fleet.defaults()):
        for members in (first, second):
            event = {"config": {"targets": [member.entry() for member in members]}}
            outcome = runtime.invoke(event)
            assert outcome.succeeded, outcome.body
            assert outcome.result["targets"] == len(members)
            assert {member.desired() for member in members} == {5}


def test_an_events_list_takes_the_place_of_the_documents(fleet, runtime, function, halves):
    first, second = halves
    with function(fleet.document(first)):
        outcome = runtime.invoke({"config": {"targets": [m.entry() for m in second]}})
    assert outcome.result["targets"] == len(second)
    assert ({m.desired() for m in first}, {m.desired() for m in second}) == ({2}, {5})


def test_an_event_alone_can_bring_the_whole_fleet(fleet, runtime, function, halves):
    with function():
        outcome = runtime.invoke({"config": fleet.document(halves[0])})
    assert outcome.succeeded, outcome.body
    assert {member.desired() for member in halves[0]} == {5}


def test_a_failing_shard_of_a_batch_is_given_back_alone(fleet, runtime, function, halves):
    first, second = halves
    broken = second[0]
    fleet.delete_queue(broken.queue_url)
    with function(fleet.document(first + second)) as process:
        outcome = runtime.invoke(batch(shard(1), shard(2), shard(1)))
    assert outcome.succeeded, outcome.body
    assert outcome.result == {"batchItemFailures": [{"itemIdentifier": "059f36b4-1"}]}
    assert {member.desired() for member in first + second[1:]} == {5}
    assert broken.desired() == 2
    assert broken.target in process.stderr


def test_a_batch_whose_shards_all_failed_is_a_failed_invocation(
    fleet, fleet_proxy, runtime, function, halves
):
    fleet_proxy.on("sqs:GetQueueAttributes", reply(aws_answers.queue_missing()))
    with function(fleet.document(halves[0] + halves[1])):
        message = assert_failed(
            runtime.invoke(batch(shard(1), shard(2))), "Autoscaler.QueueUnreadable"
        )
    assert "checks failed" in message


def test_the_failed_targets_are_named_and_the_others_scaled(
    fleet, fleet_proxy, runtime, function, halves
):
    members = halves[0] + halves[1]
    bad, good = members[:2], members[2:]
    refusal = reply(aws_answers.denied("ecs:DescribeServices"))
    names = [member.service for member in bad]
    fleet_proxy.on("ecs:DescribeServices", only(about(*names), refusal))
    with function(fleet.document(members)):
        message = assert_failed(runtime.invoke({}), "Autoscaler.ServiceUnreadable")
    assert message.startswith(f"2 of {len(members)} checks failed (")
    assert all(member.target in message for member in bad)
    assert not any(member.target in message for member in good)
    assert {member.desired() for member in good} == {5}


def test_a_changed_document_is_taken_by_a_later_event(fleet, runtime, function, halves):
    first, second = halves
    with function(fleet.document(first, config_interval=1)):
        assert runtime.invoke({}).result["targets"] == len(first)
        members = first + second
        put_document(fleet, fleet.document(members, config_interval=1))
        eventually(lambda: runtime.invoke({}).result["targets"] == len(members), "the new document")
    assert {member.desired() for member in second} == {5}


def test_a_document_is_looked_for_once_in_its_interval(
    fleet, fleet_proxy, runtime, function, halves
):
    with function(fleet.document(halves[0], config_interval=3600)):
        for _ in range(4):
            assert runtime.invoke({}).succeeded
    assert len(looks_for_document(fleet_proxy)) == 1


def test_a_document_that_cannot_be_read_for_a_while_stays_in_force(
    fleet, fleet_proxy, runtime, function, halves
):
    with function(fleet.document(halves[0], config_interval=1)) as process:
        assert runtime.invoke({}).succeeded
        denied = aws_answers.s3_error(403, "AccessDenied", "Access Denied")
        fleet_proxy.on(
            "s3:GetObject", only(lambda request: "/fleet.json" in request.path, reply(denied))
        )

        def look_failed() -> bool:
            assert runtime.invoke({}).result["targets"] == len(halves[0])
            return "the old one stays in force" in process.stderr

        eventually(look_failed, "a look that failed")


def test_a_bad_event_does_not_put_the_old_document_back(
    fleet, fleet_proxy, runtime, function, halves
):
    first, second = halves
    with function(fleet.document(first, config_interval=1)) as process:
        assert runtime.invoke({}).result["targets"] == len(first)
        members = first + second
        put_document(fleet, fleet.document(members, config_interval=1))

        def came_with_a_bad_event() -> bool:
            outcome = runtime.invoke({"config": {"max_task": 3}})
            assert "max_tasks" in assert_failed(outcome, "Autoscaler.ConfigurationInvalid")
            return len(looks_for_document(fleet_proxy)) > 1

        eventually(came_with_a_bad_event, "a look for another document")
        assert runtime.invoke({}).result["targets"] == len(members)
    assert "stays in force" not in process.stderr


def test_a_bad_document_leaves_the_old_one_in_force(fleet, runtime, function, halves):
    with function(fleet.document(halves[0], config_interval=1)) as process:
        assert runtime.invoke({}).result["targets"] == len(halves[0])
        put_document(fleet, '{"max_task": 1}')

        def refused() -> bool:
            assert runtime.invoke({}).result["targets"] == len(halves[0])
            return "the old one stays in force" in process.stderr

        eventually(refused, "a document that is refused")
        assert runtime.invoke({}).succeeded
    assert process.stderr.count("the old one stays in force") == 1


@pytest.mark.parametrize("text, told", [("{", "JSON"), ('{"max_task": 1}', "max_tasks")])
def test_a_document_that_is_not_usable_fails_the_invocation(fleet, runtime, function, text, told):
    put_document(fleet, text)
    with function(FAST_AUTOSCALER_CONFIG=f"s3://{fleet.bucket}/fleet.json"):
        message = assert_failed(runtime.invoke({}), "Autoscaler.ConfigurationInvalid")
    assert told in message
    assert f"s3://{fleet.bucket}/fleet.json" in message


def test_a_document_that_comes_late_is_taken_by_the_next_event(fleet, runtime, function):
    member = fleet.add(fleet.add_cluster(), messages=30)
    with function(FAST_AUTOSCALER_CONFIG=f"s3://{fleet.bucket}/fleet.json"):
        message = assert_failed(runtime.invoke({}), "Autoscaler.ConfigurationInvalid")
        assert "key does not exist" in message
        put_document(fleet, fleet.document([member]))
        assert runtime.invoke({}).succeeded
    assert member.desired() == 5


def test_discovered_services_are_looked_for_once_in_their_interval(
    fleet, fleet_proxy, runtime, function
):
    cluster = fleet.add_cluster()
    members = [fleet.add(cluster, messages=30) for _ in range(2)]
    for member in members:
        member.tag_for_discovery()
    with function(fleet.defaults() | {"discover": [{"clusters": [cluster.name]}]}):
        outcomes = [runtime.invoke({}) for _ in range(3)]
    assert [outcome.result["targets"] for outcome in outcomes] == [2, 2, 2]
    assert {member.desired() for member in members} == {5}
    assert fleet_proxy.count("ecs:ListServices") == 1


def test_a_discovery_that_fails_fails_the_invocation(fleet, fleet_proxy, runtime, function):
    cluster = fleet.add_cluster()
    found = fleet.add(cluster, messages=30)
    found.tag_for_discovery()
    fleet_proxy.on("ecs:ListServices", reply(aws_answers.denied("ecs:ListServices")), times=1)
    with function(fleet.defaults() | {"discover": [{"clusters": [cluster.name]}]}) as process:
        assert_failed(runtime.invoke({}), "Autoscaler.DiscoveryFailed")
        process.wait_for_text("ecs:ListServices")
        assert runtime.invoke({}).result["targets"] == 1


def test_a_fleet_in_a_loop_and_its_metrics(fleet, fleet_proxy, runtime, function, halves):
    members = halves[0] + halves[1]
    document = fleet.document(members, checks_per_invocation=2, check_interval=1)
    with function(document) as process:
        outcome = runtime.invoke({})
        lines = process.wait_for_lines(2 * len(members))
    assert outcome.result["checks"] == 2 * len(members)
    assert len(outcome.result["scaled"]) == len(members), "once for each"
    names = [json.loads(line)["ServiceName"] for line in lines]
    assert sorted(names) == sorted(member.service for member in members for _ in range(2))
    assert len(bodies(fleet_proxy, "ecs:UpdateService")) == len(members)


def test_each_shard_remembers_beyond_its_sandbox(fleet, function, halves):
    rate = {"scale_out": {"policies": [{"type": "tasks", "value": 1, "period": 600}]}}
    first, second = halves
    document = fleet.document(first + second, behavior=rate, scale_out_override="always")
    for number, members in ((1, first), (2, second)):
        for _ in range(2):
            with LambdaRuntime() as sandbox, function(document, sandbox):
                outcome = sandbox.invoke(shard(number))
            assert outcome.succeeded, outcome.body
        assert {member.desired() for member in members} == {3}, "one task in ten minutes"
    listed = fleet.cloud.s3.list_objects_v2(Bucket=fleet.bucket)["Contents"]
    memories = {entry["Key"] for entry in listed if entry["Key"].endswith("memory.json")}
    assert memories == {
        f"autoscaling-state/.fleet/shard-{number}-of-2/memory.json" for number in (1, 2)
    }
