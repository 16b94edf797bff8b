"""Many targets in one process: each is checked, and what can be asked for several at once is."""

import re
from collections import Counter

import pytest

from autoscaler import numbers, once, run, start
from aws_world import ACCESS_KEY
from credentials_test import key_of
from fleet_world import HOME, Cluster, Place, bodies, write_document

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


@pytest.mark.parametrize("count", [2, 4, 16])
def test_numbered_queues_spread_over_the_shards(fleet, check, count):
    """Names that differ in their last characters alone."""
    cluster = fleet.add_cluster()
    members = [
        fleet.add(cluster, fleet.add_queue(name=f"orders-{fleet.name}-{number:02}"))
        for number in range(64)
    ]
    document = fleet.document(members, pause="all")
    sizes = [len(check(document, f"--shard={n}/{count}").lines) for n in range(1, count + 1)]
    assert sum(sizes) == 64
    assert max(sizes) <= min(48, 3 * 64 / count), sizes


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


@pytest.mark.parametrize("bucket", ["shared", "own"])
def test_services_of_one_name_are_refused_without_their_arns(fleet, check, bucket):
    name = f"shop-{fleet.name}"
    places = (HOME, Place(region="us-east-1"))
    members = [fleet.add(fleet.add_cluster(at, name), service="worker") for at in places]
    if bucket == "own":
        members[1].settings["s3_config_bucket"] = f"{fleet.bucket}-there"
    outcome = check(fleet.document(members))
    assert outcome.status == 2
    assert "write the service or cluster as its ARN" in outcome.stderr
    assert "targets[1]" in outcome.stderr and "targets[0]" in outcome.stderr


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
