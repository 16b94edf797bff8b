"""A control takes effect whatever else fails, and what is wrong in a document is refused alone."""

import json

import pytest

import aws_answers
from autoscaler import once, run, start
from fault_proxy import reply
from fleet_world import checks, printed, wait_for_check, write_document
from processes import eventually

QUICK = {"config_interval": 1, "scale_out_cooldown": 0}


@pytest.fixture
def run_with(fleet, tmp_path):
    """A daemon, and a way to give it another document."""
    path = tmp_path / "fleet.json"

    def begin(document: dict):
        write_document(path, document)
        return start(
            ["run", "--json", "--interval", "100ms", "--config", str(path)], fleet.environment()
        )

    begin.write = lambda document: write_document(path, document)
    return begin


def logged(daemon, words: str) -> list[dict]:
    lines = [json.loads(line) for line in daemon.stderr.splitlines()]
    return [line for line in lines if words in line["message"]]


@pytest.mark.parametrize("operation", ["ecs:ListServices", "ecs:ListClusters"])
def test_a_pause_reaches_what_was_discovered_while_discovery_fails(
    fleet, fleet_proxy, run_with, operation
):
    member = fleet.add(fleet.add_cluster(), messages=7)
    member.tag_for_discovery()
    place = {} if operation == "ecs:ListClusters" else {"clusters": [member.cluster.name]}
    document = fleet.defaults() | QUICK | {"discover_interval": 5, "discover": [place]}
    with run_with(document) as daemon:
        wait_for_check(daemon, member.target)
        fleet_proxy.on(operation, reply(aws_answers.throttled()))
        run_with.write(document | {"pause": "all", "max_tasks": 7})
        daemon.wait_for_text("the configuration has changed")
        fleet.put_messages(member.queue_url, 90)
        wait_for_check(daemon, member.target, printed(daemon), visible=97, action="hold")
        run_with.write(document | {"max_tasks": 7})
        wait_for_check(daemon, member.target, printed(daemon), changed=True, new_tasks=7)


@pytest.mark.parametrize(
    "wrong, top",
    [
        ({"max_task": 3}, {"pause": "all"}),
        ({"max_tasks": "many"}, {"pause": "out"}),
        ({"pause": "all", "max_task": 3}, {}),
        ({"pause": "al"}, {}),
    ],
    ids=["typo", "no number", "its own pause", "a pause that is none"],
)
def test_a_typo_in_a_target_is_refused_alone_and_its_pause_holds(fleet, run_with, wrong, top):
    cluster = fleet.add_cluster()
    good, bad = (fleet.add(cluster, messages=7) for _ in range(2))
    with run_with(fleet.document([good, bad], **QUICK)) as daemon:
        wait_for_check(daemon, bad.target)
        wait_for_check(daemon, good.target)
        bad.settings |= wrong
        run_with.write(fleet.document([good, bad], max_tasks=6, **QUICK | top))
        daemon.wait_for_text("the configuration has changed")
        for member in (good, bad):
            fleet.put_messages(member.queue_url, 90)
        wait_for_check(daemon, bad.target, printed(daemon), count=3, visible=97, action="hold")
        if top:
            wait_for_check(daemon, good.target, printed(daemon), visible=97, action="hold")
        else:
            wait_for_check(daemon, good.target, changed=True, new_tasks=6)
        [said] = logged(daemon, "the old one stays in force")
        assert said["target"] == bad.target
    assert bad.desired() == 2


def test_a_typo_in_a_target_leaves_it_as_it_was(fleet, run_with):
    cluster = fleet.add_cluster()
    good, bad = (fleet.add(cluster, messages=7) for _ in range(2))
    with run_with(fleet.document([good, bad], max_tasks=4, **QUICK)) as daemon:
        wait_for_check(daemon, bad.target)
        bad.settings["max_task"] = 9
        document = fleet.document([good, bad], max_tasks=6, **QUICK)
        run_with.write(document)
        daemon.wait_for_text("the configuration has changed")
        for member in (good, bad):
            fleet.put_messages(member.queue_url, 90)
        wait_for_check(daemon, good.target, changed=True, new_tasks=6)
        wait_for_check(daemon, bad.target, changed=True, new_tasks=4)
        # Again and again, however often the document changes.
        run_with.write(document | {"max_tasks": 7})
        wait_for_check(daemon, good.target, changed=True, new_tasks=7)
        wait_for_check(daemon, bad.target, printed(daemon), count=2, action="hold")
    assert bad.desired() == 4


def discovered(fleet, **tags):
    member = fleet.add(fleet.add_cluster(), messages=7)
    member.tag_for_discovery(**tags)
    return member, {"clusters": [member.cluster.name]}


@pytest.mark.parametrize(
    "wrong", [{"max_task": 3}, {"max_tasks": "many"}, {"clusters": "shop"}, {"service_name": "a"}]
)
def test_a_typo_in_a_discovery_leaves_it_out_and_the_rest_goes_on(fleet, run_with, wrong):
    (good, place), (bad, other) = discovered(fleet), discovered(fleet)
    listed = fleet.add(fleet.add_cluster(), messages=97)
    document = fleet.document([listed], **QUICK | {"pause": "all"})
    with run_with(document | {"discover": [other | wrong, place]}) as daemon:
        wait_for_check(daemon, listed.target, count=3, visible=97, action="hold")
        wait_for_check(daemon, good.target, visible=7, action="hold")
        [said] = logged(daemon, "a discovery is unusable as it is configured, so it is left out")
        assert said["level"] == "error" and "discover[0]" in said["where"]
        assert next(iter(wrong)) in said["problem"]
        assert checks(daemon, bad.target) == []


def test_a_typo_in_a_discovery_leaves_what_it_found_as_it_was(fleet, run_with):
    (good, place), (bad, other) = discovered(fleet), discovered(fleet)
    document = fleet.defaults() | QUICK | {"max_tasks": 4}
    with run_with(document | {"discover": [place, other]}) as daemon:
        wait_for_check(daemon, good.target)
        wait_for_check(daemon, bad.target)
        broken = [place, other | {"max_task": 9}]
        run_with.write(document | {"max_tasks": 6, "discover": broken})
        daemon.wait_for_text("the configuration has changed")
        for member in (good, bad):
            fleet.put_messages(member.queue_url, 90)
        wait_for_check(daemon, good.target, changed=True, new_tasks=6)
        wait_for_check(daemon, bad.target, changed=True, new_tasks=4)
        assert len(logged(daemon, "a discovery is unusable as it is configured now")) == 1
        broken[1]["pause"] = "all"
        run_with.write(document | {"max_tasks": 8, "discover": broken})
        wait_for_check(daemon, good.target, changed=True, new_tasks=8)
        fleet.purge(bad.queue_url)
        wait_for_check(daemon, bad.target, printed(daemon), count=3, visible=0, action="hold")
    assert bad.desired() == 4


def test_once_checks_the_rest_and_says_that_not_all_was_usable(fleet, tmp_path):
    (good, place), (_, other) = discovered(fleet), discovered(fleet)
    file = tmp_path / "fleet.json"
    write_document(file, fleet.defaults() | {"discover": [place, other | {"max_task": 3}]})
    outcome = run(["once", "--json", "--config", str(file)], fleet.environment())
    assert [check["target"] for check in outcome.lines] == [good.target]
    assert outcome.status == 2
    validated = run(["validate", "--json", "--config", str(file)], fleet.environment())
    assert validated.status == 2
    [problem] = json.loads(validated.stdout)["problems"]
    assert problem["key"] == "max_task" and "discover[1]" in problem["where"]


def test_a_document_of_one_unusable_discovery_is_refused(fleet, tmp_path):
    _, place = discovered(fleet)
    file = tmp_path / "fleet.json"
    write_document(file, fleet.defaults() | {"discover": [place | {"max_task": 3}]})
    outcome = run(["once", "--json", "--config", str(file)], fleet.environment())
    assert (outcome.status, outcome.stdout) == (2, "")
    assert "nothing was done" in outcome.stderr


def test_a_pause_in_a_document_that_is_refused_takes_effect_until_the_next(fleet, run_with):
    member = fleet.add(fleet.add_cluster(), messages=7)
    document = fleet.document([member], **QUICK)
    with run_with(document) as daemon:
        wait_for_check(daemon, member.target)
        run_with.write(document | {"pause": "all", "no_such_setting": 1})
        daemon.wait_for_text("the old one stays in force")
        fleet.put_messages(member.queue_url, 90)
        wait_for_check(daemon, member.target, printed(daemon), visible=97, action="hold")
        run_with.write(document)
        wait_for_check(daemon, member.target, changed=True, new_tasks=12)


def test_at_the_start_the_others_are_checked(fleet, tmp_path):
    cluster = fleet.add_cluster()
    good, bad = (fleet.add(cluster, messages=30) for _ in range(2))
    bad.settings["max_task"] = 9
    write_document(tmp_path / "fleet.json", fleet.document([good, bad]))
    outcome = once(fleet.environment(), "--config", str(tmp_path / "fleet.json"))
    assert outcome.status == 2
    assert [line["target"] for line in outcome.lines] == [good.target]
    [said] = [line for line in outcome.logs if line["level"] == "error"]
    assert said["target"] == bad.target and "did you mean max_tasks" in said["problem"]
    assert (good.desired(), bad.desired()) == (5, 2)


def test_a_service_that_is_there_twice_is_taken_as_it_is_there_first(fleet, run_with):
    member = fleet.add(fleet.add_cluster(), messages=7)
    document = fleet.document([member], **QUICK)
    with run_with(document) as daemon:
        wait_for_check(daemon, member.target)
        second = document["targets"][0] | {"max_tasks": 3}
        run_with.write(document | {"targets": [*document["targets"], second]})
        daemon.wait_for_text("the same service")
        fleet.put_messages(member.queue_url, 90)
        eventually(lambda: member.desired() > 3, "it is not at most 3")
