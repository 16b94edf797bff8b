"""Many targets in one process: each is checked, none is in another's way, and what can be asked for
several at once is."""

import json
import re
import signal
from collections import Counter

import pytest

import aws_answers
from autoscaler import numbers, once, run, start
from aws_world import ACCESS_KEY
from credentials_test import key_of
from fault_proxy import Gate, reply
from fleet_world import HOME, Cluster, Place, about, bodies, checks, only, write_document
from processes import eventually

OTHER_ACCOUNT = Place("222222222222")


@pytest.fixture
def check(fleet, tmp_path):
    """`once` with this document, in this fleet's environment."""

    def run_once(document: dict, *arguments: str):
        write_document(tmp_path / "fleet.json", document)
        where = str(tmp_path / "fleet.json")
        return once(fleet.environment(), "--config", where, *arguments)

    return run_once


def by_target(outcome) -> dict[str, dict]:
    found = {line["target"]: line for line in outcome.lines}
    assert len(found) == len(outcome.lines), "a target was checked twice"
    return found


def calls_for(proxy, cluster: Cluster) -> list[list[str]]:
    """The services in each DescribeServices for the cluster."""
    asked = bodies(proxy, "ecs:DescribeServices")
    return [body["services"] for body in asked if body["cluster"] == cluster.name]


def test_two_hundred_services_in_one_run(fleet, fleet_proxy, check):
    sizes = {fleet.add_cluster(): size for size in (91, 57, 32)}
    shared = [fleet.add_queue(messages=7) for _ in range(12)]
    at_rest = [
        fleet.add(cluster, shared[number % len(shared)])
        for cluster, size in sizes.items()
        for number in range(size)
    ]
    busy = fleet.add_cluster()
    working = [fleet.add(busy, messages=30) for _ in range(20)]

    outcome = check(fleet.document(at_rest + working))

    assert outcome.status == 0, outcome.stderr
    found = by_target(outcome)
    assert found.keys() == {member.target for member in at_rest + working}
    assert {numbers(found[member.target]) for member in at_rest} == {("hold", 2, 2)}
    assert {numbers(found[member.target]) for member in working} == {("scale_out", 2, 5)}
    assert {member.desired() for member in working} == {5}

    for cluster, size in sizes.items():
        calls = calls_for(fleet_proxy, cluster)
        assert len(calls) == -(-size // 10)
        described = sorted(service for services in calls for service in services)
        assert described == sorted(m.service for m in at_rest if m.cluster == cluster)
    read = Counter(body["QueueUrl"] for body in bodies(fleet_proxy, "sqs:GetQueueAttributes"))
    assert {read[url] for url in shared} == {1}
    # Those that act look again once they know the state.
    assert {read[member.queue_url] for member in working} == {2}
    of_state = [r for r in fleet_proxy.requests if r.operation in ("s3:GetObject", "s3:PutObject")]
    names = {re.search(r"/(service-[^/]+)/", request.path)[1] for request in of_state}
    assert names == {member.service for member in working}
    assert fleet_proxy.count("ecs:UpdateService") == len(working)


def test_groups_nest_and_the_nearer_setting_wins(fleet, check):
    cluster = fleet.add_cluster()
    outer, inner, own = (fleet.add(cluster, messages=100) for _ in range(3))
    own.settings["max_tasks"] = 3
    document = fleet.defaults() | {
        "max_tasks": 5,
        "targets": [
            outer.entry(),
            {"max_tasks": 4, "targets": [{"targets": [inner.entry(), own.entry()]}]},
        ],
    }
    outcome = check(document)
    assert outcome.status == 0, outcome.stderr
    found = by_target(outcome)
    assert [found[m.target]["new_tasks"] for m in (outer, inner, own)] == [5, 4, 3]


def test_shards_have_each_target_once_and_those_of_a_queue_together(fleet, check):
    cluster = fleet.add_cluster()
    queues = [fleet.add_queue(messages=7) for _ in range(12)]
    members = [fleet.add(cluster, url) for url in queues for _ in range(2)]
    document = fleet.document(members)
    shards = [by_target(check(document, "--shard", f"{n}/3")).keys() for n in (1, 2, 3)]
    assert sorted(name for names in shards for name in names) == sorted(m.target for m in members)
    for names in shards:
        queues_there = Counter(m.queue_url for m in members if m.target in names)
        assert set(queues_there.values()) <= {2}
    assert sum(bool(names) for names in shards) > 1


# --- accounts and regions


def test_accounts_and_regions(fleet, fleet_proxy, check):
    """moto has each queue and service in its own account and region only."""
    places = [
        Place(account, region)
        for account in (HOME.account, "222222222222", "333333333333")
        for region in ("eu-west-1", "us-east-1")
    ]
    members = []
    for place in places:
        cluster = fleet.add_cluster(place)
        members += [fleet.add(cluster, messages=30) for _ in range(2)]
    for member in members:
        if member.cluster.place.account == "333333333333":
            member.settings["external_id"] = "shop-42"
    outcome = check(fleet.document(members))

    assert outcome.status == 0, outcome.stderr
    assert {numbers(line) for line in outcome.lines} == {("scale_out", 2, 5)}
    assert {member.desired() for member in members} == {5}
    asked = sorted(
        request.body for request in fleet_proxy.requests if b"Action=AssumeRole" in request.body
    )
    assert len(asked) == 2, "once for each role, whatever the regions"
    assert [b"ExternalId=shop-42" in body for body in asked] == [False, True]
    own_key = {key_of(r) for r in fleet_proxy.requests if r.operation.startswith("s3:")}
    assert own_key == {ACCESS_KEY}, "the state is in the fleet's own account"
    assert all(fleet.state(member, "up")["count"] == 5 for member in members)


def test_a_daemon_assumes_a_role_once(fleet, fleet_proxy, tmp_path):
    cluster = fleet.add_cluster(OTHER_ACCOUNT)
    members = [fleet.add(cluster, messages=7) for _ in range(3)]
    write_document(tmp_path / "fleet.json", fleet.document(members))
    command = ["run", "--json", "--interval", "100ms", "--config", str(tmp_path / "fleet.json")]
    with start(command, fleet.environment()) as daemon:
        daemon.wait_for_lines(5 * len(members))
    assert [b"Action=AssumeRole" in r.body for r in fleet_proxy.requests].count(True) == 1


@pytest.mark.parametrize(
    "place", [Place(region="us-east-1"), OTHER_ACCOUNT], ids=["region", "account"]
)
def test_services_of_one_name_are_told_apart_by_their_arns(fleet, check, place):
    name = f"shop-{fleet.name}"
    here, there = (
        fleet.add(fleet.add_cluster(at, name), messages=messages, service="worker")
        for at, messages in ((HOME, 30), (place, 50))
    )
    there.settings["cluster_name"] = there.cluster.arn
    outcome = check(fleet.document([here, there]))
    assert outcome.status == 0, outcome.stderr
    assert len(by_target(outcome)) == 2
    assert (here.desired(), there.desired()) == (5, 7)


def test_services_of_one_name_are_refused_without_their_arns(fleet, check):
    name = f"shop-{fleet.name}"
    places = (HOME, Place(region="us-east-1"))
    members = [fleet.add(fleet.add_cluster(at, name), service="worker") for at in places]
    outcome = check(fleet.document(members))
    assert outcome.status == 2
    assert "share its recorded actions" in outcome.stderr


# --- trouble


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
    command = ["run", "--json", "--interval", "200ms", "--config", str(tmp_path / "fleet.json")]
    with start(command, fleet.environment()) as daemon:
        daemon.wait_for_lines(4 * len(members))
        lines = checks(daemon)
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


def test_validate_counts_what_there_is(fleet, tmp_path):
    cluster = Cluster("shop")
    entry = {"cluster_name": cluster.name, "queue_config": {"queue_url": "https://q.example/1/q"}}
    document = fleet.defaults() | {
        "region": "eu-west-1",
        "targets": [
            entry | {"service_name": "one"},
            {"region": "us-east-1", "targets": [entry | {"service_name": "two"}]},
        ],
        "discover": [{"clusters": ["post"]}],
    }
    write_document(tmp_path / "fleet.json", document)
    outcome = run(["validate", "--json", "--config", str(tmp_path / "fleet.json")])
    assert outcome.status == 0, outcome.stdout
    assert outcome.check == {
        "valid": True,
        "targets": 2,
        "groups": 1,
        "discoveries": 1,
        "regions": 2,
        "problems": [],
    }
