"""Services that are found by their tags."""

import json
import random

import pytest

import aws_answers
from autoscaler import numbers, once, start
from fault_proxy import reply
from fleet_world import (
    HOME,
    Place,
    about,
    bodies,
    checks,
    only,
    printed,
    wait_for_check,
    write_document,
)
from processes import Process

OFTEN = {"discover_interval": 5}  # the least that there is


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "fleet.json"

    def write(document: dict) -> list[str]:
        write_document(path, document)
        return ["--config", str(path)]

    return write


def daemon_with(fleet, config, document: dict) -> Process:
    return start(["run", "--json", "--interval", "100ms", *config(document)], fleet.environment())


def discovering(fleet, *discoveries: dict, **top) -> dict:
    return fleet.defaults() | top | {"discover": list(discoveries)}


def errors(stderr: str) -> list[dict]:
    lines = [json.loads(line) for line in stderr.splitlines()]
    return [line for line in lines if line["level"] == "error"]


def targets(outcome) -> list[str]:
    return sorted(line["target"] for line in outcome.lines)


def test_tags_say_which_services_and_how(fleet, fleet_proxy, config):
    cluster, other = fleet.add_cluster(), fleet.add_cluster()
    plain, small, off, untagged = (fleet.add(cluster, messages=90) for _ in range(4))
    elsewhere = fleet.add(other, messages=90)
    plain.tag_for_discovery()
    small.tag_for_discovery(max_tasks="4")
    off.tag_for_discovery()
    off.tag(enabled="false")
    elsewhere.tag_for_discovery()
    outcome = once(
        fleet.environment(),
        *config(discovering(fleet, {"clusters": [cluster.name], "max_tasks": 7})),
    )
    assert outcome.status == 0, outcome.stderr
    assert targets(outcome) == sorted([plain.target, small.target])
    assert (plain.desired(), small.desired()) == (7, 4)
    assert {member.desired() for member in (off, untagged, elsewhere)} == {2}
    assert fleet_proxy.count("ecs:ListClusters") == 0


def test_without_clusters_all_of_the_account_are_looked_through(fleet, fleet_proxy, config):
    """An account of its own: in the tests' there are other tests' clusters."""
    place = Place(f"{random.randrange(10**11, 10**12)}")
    members = [fleet.add(fleet.add_cluster(place), messages=30) for _ in range(3)]
    for member in members:
        member.tag_for_discovery()
    document = discovering(fleet, {"role_arn": place.role})
    outcome = once(fleet.environment(), *config(document))
    assert outcome.status == 0, outcome.stderr
    assert {numbers(line) for line in outcome.lines} == {("scale_out", 2, 5)}
    assert targets(outcome) == sorted(member.target for member in members)
    assert fleet_proxy.count("ecs:ListClusters") == 1


def test_tagging_brings_a_service_in_and_untagging_takes_it_out(fleet, fleet_proxy, config):
    cluster = fleet.add_cluster()
    stays, goes, comes = (fleet.add(cluster, messages=messages) for messages in (7, 7, 30))
    stays.tag_for_discovery()
    goes.tag_for_discovery()
    document = discovering(fleet, {"clusters": [cluster.name]}, **OFTEN)
    with daemon_with(fleet, config, document) as daemon:
        wait_for_check(daemon, goes.target)
        wait_for_check(daemon, stays.target)
        assert checks(daemon, comes.target) == []
        goes.untag("enabled")
        comes.tag_for_discovery()
        wait_for_check(daemon, comes.target, changed=True, new_tasks=5)
        after = printed(daemon)
        wait_for_check(daemon, stays.target, after, count=5)
        assert len(checks(daemon, goes.target, after)) <= 1  # one that was running then
    assert fleet_proxy.count("ecs:ListServices") == 2


def test_a_changed_tag_takes_effect(fleet, config):
    member = fleet.add(fleet.add_cluster(), messages=90)
    member.tag_for_discovery(max_tasks="4", scale_out_cooldown="0")
    document = discovering(fleet, {"clusters": [member.cluster.name]}, **OFTEN)
    with daemon_with(fleet, config, document) as daemon:
        wait_for_check(daemon, member.target, changed=True, new_tasks=4)
        member.tag(max_tasks="6")
        wait_for_check(daemon, member.target, changed=True, new_tasks=6)


BAD_TAGS = {
    "no number": ({"max_tasks": "many"}, "max_tasks"),
    "no setting": ({"max_task": "5"}, "max_tasks"),
    "the process's": ({"log_level": "DEBUG"}, "log_level"),
    "a role": ({"role_arn": "arn:aws:iam::222222222222:role/other"}, "role_arn"),
    "the bucket": ({"s3_config_bucket": "others-bucket"}, "s3_config_bucket"),
    "no queue": ({"queue_url": "orders/and/more"}, "queue_url"),
}


@pytest.mark.parametrize("tags, told", BAD_TAGS.values(), ids=BAD_TAGS.keys())
def test_bad_tags_are_named_and_leave_out_that_service_alone(fleet, config, tags, told):
    cluster = fleet.add_cluster()
    good, bad = (fleet.add(cluster, messages=30) for _ in range(2))
    good.tag_for_discovery()
    bad.tag_for_discovery()
    bad.tag(**tags)
    outcome = once(fleet.environment(), *config(discovering(fleet, {"clusters": [cluster.name]})))
    assert targets(outcome) == [good.target]
    assert (good.desired(), bad.desired()) == (5, 2)
    said = errors(outcome.stderr)
    assert {line["target"] for line in said} == {bad.target}
    assert any(told in line["problem"] for line in said), outcome.stderr


def test_a_service_without_a_queue_in_its_tags_is_named(fleet, config):
    member = fleet.add(fleet.add_cluster())
    member.tag(enabled="true")
    outcome = once(
        fleet.environment(), *config(discovering(fleet, {"clusters": [member.cluster.name]}))
    )
    assert outcome.lines == []
    [line] = errors(outcome.stderr)
    assert line["target"] == member.target
    assert "queue_url" in line["problem"]


@pytest.mark.parametrize("operation", ["ecs:ListServices", "ecs:DescribeServices"])
def test_a_discovery_that_fails_is_a_failed_run(fleet, fleet_proxy, config, operation):
    listed, found = (fleet.add(fleet.add_cluster(), messages=30) for _ in range(2))
    found.tag_for_discovery()
    refusal = reply(aws_answers.denied(operation))
    fleet_proxy.on(operation, only(about(found.cluster.name), refusal))
    document = fleet.document([listed], discover=[{"clusters": [found.cluster.name]}])
    outcome = once(fleet.environment(), *config(document))
    assert outcome.status == 1
    assert targets(outcome) == [listed.target], "what is known is checked all the same"
    assert listed.desired() == 5
    [line] = errors(outcome.stderr)
    assert "could not be discovered" in line["message"]
    assert operation in line["message"]


def test_what_is_known_stays_while_the_list_cannot_be_had(fleet, fleet_proxy, config):
    cluster = fleet.add_cluster()
    known = fleet.add(cluster, messages=7)
    known.tag_for_discovery()
    document = discovering(fleet, {"clusters": [cluster.name]}, **OFTEN)
    with daemon_with(fleet, config, document) as daemon:
        wait_for_check(daemon, known.target)
        fleet_proxy.on("ecs:ListServices", reply(aws_answers.denied("ecs:ListServices")))
        later = fleet.add(cluster, messages=7)
        later.tag_for_discovery()
        daemon.wait_for_text("those that are known stay in the fleet")
        wait_for_check(daemon, known.target, printed(daemon), count=5)
        assert checks(daemon, later.target) == []
        fleet_proxy.clear()
        wait_for_check(daemon, later.target)
    [line] = errors(daemon.stderr)
    assert line["code"] == "AccessDeniedException"
    assert "discover[0]" in line["where"]


def test_an_account_that_fails_leaves_the_others_discovered(fleet, fleet_proxy, config):
    here, there = fleet.add_cluster(), fleet.add_cluster(Place("222222222222"))
    members = [fleet.add(cluster, messages=30) for cluster in (here, there)]
    for member in members:
        member.tag_for_discovery()
    fleet_proxy.on(
        "ecs:ListServices",
        only(about(there.name), reply(aws_answers.denied("ecs:ListServices"))),
    )
    document = discovering(
        fleet,
        {"clusters": [there.name], "role_arn": there.place.role},
        {"clusters": [here.name]},
    )
    outcome = once(fleet.environment(), *config(document))
    assert outcome.status == 1
    assert targets(outcome) == [members[0].target]
    assert members[0].desired() == 5


def pages_of(members, size: int):
    """moto gives all at once, whatever is asked: a page for each `size` of them, as ECS does."""

    def rule(request, forward):
        first = int(json.loads(request.body).get("nextToken", 0))
        page = {"serviceArns": [member.arn for member in members[first : first + size]]}
        if first + size < len(members):
            page["nextToken"] = str(first + size)
        return aws_answers.ok(json.dumps(page).encode())

    return rule


def test_all_pages_are_read_and_ten_services_described_by_a_call(fleet, fleet_proxy, config):
    cluster = fleet.add_cluster()
    queue = fleet.add_queue(messages=7)
    members = [fleet.add(cluster, queue) for _ in range(33)]
    for member in members[::2]:
        member.tag_for_discovery()
    fleet_proxy.on("ecs:ListServices", pages_of(members, 7))
    outcome = once(fleet.environment(), *config(discovering(fleet, {"clusters": [cluster.name]})))
    assert outcome.status == 0, outcome.stderr
    assert targets(outcome) == sorted(member.target for member in members[::2])
    assert fleet_proxy.count("ecs:ListServices") == 5
    # Four to look at their tags, and two for the seventeen that are checked.
    assert len(bodies(fleet_proxy, "ecs:DescribeServices")) == 6
    assert fleet_proxy.count("sqs:GetQueueAttributes") == 1


def test_a_service_that_is_listed_too_is_as_it_is_listed(fleet, config):
    member = fleet.add(fleet.add_cluster(HOME), messages=90, max_tasks=6)
    member.tag_for_discovery(max_tasks="4")
    document = fleet.document([member], discover=[{"clusters": [member.cluster.name]}])
    outcome = once(fleet.environment(), *config(document))
    assert outcome.status == 0, outcome.stderr
    assert numbers(outcome.check) == ("scale_out", 2, 6)
