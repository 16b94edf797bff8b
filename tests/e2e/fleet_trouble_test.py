"""A target that fails says why, and is in no other's way: not even in that of those which are
described by the same call."""

import itertools
import json
import signal

import pytest

import aws_answers
from autoscaler import numbers, start
from fault_proxy import Gate, reply
from fleet_test import OTHER_ACCOUNT, calls_for
from fleet_world import about, checks, only, write_document
from processes import eventually


@pytest.fixture
def troubled(fleet, fleet_proxy):
    """Ten services in one cluster, as many as a call describes. Half of them fail, each in
    another way, and so does one of another account; `hanging` never gives its queue's depth."""
    cluster = fleet.add_cluster()
    healthy = [fleet.add(cluster, messages=30) for _ in range(5)]
    no_queue, denied, inactive, corrupt, hanging = (
        fleet.add(cluster, messages=30) for _ in range(5)
    )
    no_queue.queue_url += "-gone"
    inactive.delete()
    fleet.purge(corrupt.queue_url)
    corrupt.set_desired(10)  # which only a scale-in would need the state for
    fleet.cloud.s3.put_object(Bucket=fleet.bucket, Key=corrupt.state_key("up"), Body=b"not JSON")
    wrong_role = fleet.add(fleet.add_cluster(OTHER_ACCOUNT), messages=30)

    gate = Gate()
    queue = hanging.queue_url.rsplit("/", 1)[1]
    fleet_proxy.on("sqs:GetQueueAttributes", only(about(queue), gate))
    refusal = aws_answers.denied("ecs:DescribeServices")
    fleet_proxy.on("ecs:DescribeServices", only(about(denied.service), reply(refusal)))
    sts_refusal = aws_answers.Answer(
        403,
        b'<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>'
        b"<Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform: "
        b"sts:AssumeRole</Message></Error><RequestId>4442</RequestId></ErrorResponse>",
        {"Content-Type": "text/xml"},
    )
    fleet_proxy.on("POST /", reply(sts_refusal))
    bad = {
        "no_queue": no_queue,
        "denied": denied,
        "inactive": inactive,
        "corrupt": corrupt,
        "wrong_role": wrong_role,
    }
    yield healthy, bad, hanging
    gate.release()


def first_error(line: dict) -> tuple[str, str, str]:
    error = line["errors"][0]
    return error["service"], error["kind"], error["code"]


def test_each_failing_target_says_its_own_error_and_harms_no_other(fleet, troubled, tmp_path):
    healthy, bad, hanging = troubled
    everybody = [*healthy, *bad.values(), hanging]
    write_document(tmp_path / "fleet.json", fleet.document(everybody))
    command = ["once", "--json", "--config", str(tmp_path / "fleet.json")]
    with start(command, fleet.environment()) as process:
        process.wait_for_lines(len(everybody) - 1)
        assert checks(process, hanging.target) == []
        assert process.running
        process.signal(signal.SIGTERM)  # lets checks finish
        process.signal(signal.SIGINT)  # and this one ends them
        assert process.wait() == 1
        found = {line["target"]: line for line in checks(process)}
        logs = [json.loads(line) for line in process.stderr.splitlines()]

    assert found.keys() == {member.target for member in everybody}
    assert {numbers(found[member.target]) for member in healthy} == {("scale_out", 2, 5)}
    assert {member.desired() for member in healthy} == {5}
    assert all(found[member.target]["errors"] == [] for member in healthy)

    errors = {name: first_error(found[member.target]) for name, member in bad.items()}
    assert errors["no_queue"][:2] == ("SQS", "not_found")
    assert errors["denied"] == ("ECS", "denied", "AccessDeniedException")
    assert errors["inactive"] == ("ECS", "not_found", "ServiceNotActive")
    assert errors["corrupt"] == ("S3", "invalid", "CorruptState")
    assert errors["wrong_role"][:2] == ("STS", "denied")
    assert found[hanging.target]["errors"][0]["kind"] == "cancelled"
    for member in [*bad.values(), hanging]:
        assert found[member.target]["changed"] is False
        assert any(log.get("target") == member.target for log in logs), "the log names it"
    assert bad["corrupt"].desired() == 10


def test_a_denied_service_costs_its_batch_one_failed_call(fleet, fleet_proxy, tmp_path):
    """It is asked about alone from then on, and the other nine go on being asked about together."""
    cluster = fleet.add_cluster()
    members = [fleet.add(cluster, messages=7) for _ in range(10)]
    denied, *others = members
    refusal = reply(aws_answers.denied("ecs:DescribeServices"))
    fleet_proxy.on("ecs:DescribeServices", only(about(denied.service), refusal))
    write_document(tmp_path / "fleet.json", fleet.document(members))
    # Sweeps that do not meet: whoever is still being checked is left out of the next one.
    command = ["run", "--json", "--interval", "1s", "--config", str(tmp_path / "fleet.json")]
    with start(command, fleet.environment()) as daemon:
        # On a busy machine the others may be checked more often than the denied one.
        for sweeps in itertools.count(4):
            daemon.wait_for_lines(sweeps * len(members))
            lines = checks(daemon)
            if sum(line["target"] == denied.target for line in lines) > 3:
                break
    assert {line["target"] for line in lines if line["errors"]} == {denied.target}
    calls = [sorted(services) for services in calls_for(fleet_proxy, cluster)]
    together = sorted(member.service for member in others)
    assert [len(services) for services in calls[:11]] == [10] + [1] * 10
    assert [denied.service] in calls[11:] and together in calls[11:]
    assert all(services in ([denied.service], together) for services in calls[11:])


def test_a_right_that_is_given_brings_a_service_back_into_its_batch(fleet, fleet_proxy, tmp_path):
    cluster = fleet.add_cluster()
    members = [fleet.add(cluster, messages=7) for _ in range(3)]
    refusal = reply(aws_answers.denied("ecs:DescribeServices"))
    fleet_proxy.on("ecs:DescribeServices", only(about(members[0].service), refusal))
    write_document(tmp_path / "fleet.json", fleet.document(members))
    command = ["run", "--json", "--interval", "100ms", "--config", str(tmp_path / "fleet.json")]
    with start(command, fleet.environment()) as daemon:
        daemon.wait_for_lines(2 * len(members))
        fleet_proxy.clear()
        whole = sorted(member.service for member in members)
        eventually(
            lambda: sorted(calls_for(fleet_proxy, cluster)[-1]) == whole, "one call for all three"
        )
