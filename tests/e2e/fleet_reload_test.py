"""`run` follows its configuration: a file, an object in S3, a parameter in SSM. A new one takes
effect without a restart; one that cannot be used is refused, and the old one stays."""

import json
import signal
from contextlib import contextmanager

import pytest

import aws_answers
from autoscaler import file_descriptors, numbers, once, start
from fault_proxy import reply
from fleet_world import bodies, checks, printed, wait_for_check, write_document
from processes import Process, eventually

QUICK = {"config_interval": 1}


class File:
    def __init__(self, fleet, folder):
        self.path = folder / "fleet.json"
        self.name = str(self.path)

    def write(self, document: dict | str) -> None:
        write_document(self.path, document)


class Object:
    looked_for = "s3:GetObject"

    def __init__(self, fleet, folder):
        self.s3, self.bucket = fleet.cloud.s3, fleet.bucket
        self.name = f"s3://{fleet.bucket}/fleet/all.json"

    def write(self, document: dict | str) -> None:
        text = document if isinstance(document, str) else json.dumps(document)
        self.s3.put_object(Bucket=self.bucket, Key="fleet/all.json", Body=text.encode())


class Parameter:
    looked_for = "ssm:GetParameter"

    def __init__(self, fleet, folder):
        self.ssm = fleet.client("ssm")
        self.parameter = f"/autoscaler/{fleet.name}"
        self.name = f"ssm:{self.parameter}"

    def write(self, document: dict | str) -> None:
        text = document if isinstance(document, str) else json.dumps(document)
        self.ssm.put_parameter(Name=self.parameter, Value=text, Type="String", Overwrite=True)


@pytest.fixture(params=[File, Object, Parameter], ids=["file", "S3", "SSM"])
def place(request, fleet, tmp_path):
    return request.param(fleet, tmp_path)


@pytest.fixture
def file(fleet, tmp_path):
    return File(fleet, tmp_path)


@contextmanager
def daemon_of(fleet, place, interval: str = "100ms"):
    command = ["run", "--json", "--interval", interval, "--config", place.name]
    with start(command, fleet.environment()) as daemon:
        yield daemon
        daemon.signal(signal.SIGTERM)
        assert daemon.wait() == 0, daemon.stderr


def logs(daemon: Process, *words: str) -> list[dict]:
    lines = [line for line in daemon.stderr.splitlines() if all(word in line for word in words)]
    return [json.loads(line) for line in lines]


def taken(daemon: Process, count: int = 1) -> int:
    """Waits until so many new configurations were taken. Gives the line of stdout to look after."""
    eventually(
        lambda: len(logs(daemon, "the configuration has changed")) >= count,
        f"{count} new configurations\n{daemon.stderr}",
    )
    return printed(daemon)


def test_a_target_is_added_changed_and_taken_out(fleet, fleet_proxy, place):
    cluster = fleet.add_cluster()
    stays, changes, comes = (fleet.add(cluster, messages=messages) for messages in (7, 90, 30))
    changes.settings |= {"max_tasks": 4, "scale_out_cooldown": 0}
    place.write(fleet.document([stays, changes], **QUICK))
    with daemon_of(fleet, place) as daemon:
        wait_for_check(daemon, changes.target, changed=True, new_tasks=4)
        wait_for_check(daemon, stays.target, count=2)
        assert checks(daemon, comes.target) == []

        changes.settings["max_tasks"] = 6
        place.write(fleet.document([stays, changes, comes], **QUICK))
        wait_for_check(daemon, comes.target, changed=True, new_tasks=5)
        wait_for_check(daemon, changes.target, changed=True, new_tasks=6)

        place.write(fleet.document([stays], **QUICK))
        after = taken(daemon, 2)
        # What was running then may still end: once for each.
        wait_for_check(daemon, stays.target, after, count=5)
        for member in (changes, comes):
            assert len(checks(daemon, member.target, after)) <= 1
    said = logs(daemon, "the configuration has changed")
    assert [line["targets"] for line in said] == [3, 1]
    assert all(place.name in line["where"] for line in said)
    assert (stays.desired(), changes.desired(), comes.desired()) == (2, 6, 5)


def test_a_configuration_that_has_not_changed_is_not_taken_again(fleet, fleet_proxy, place):
    member = fleet.add(fleet.add_cluster(), messages=7)
    place.write(fleet.document([member], **QUICK))
    with daemon_of(fleet, place) as daemon:
        if isinstance(place, File):
            wait_for_check(daemon, member.target, count=25)  # which is more than two looks
        else:
            fleet_proxy.wait_for(place.looked_for, 3)
        assert logs(daemon, "configuration") == []
    if isinstance(place, Object):
        looks = [r for r in fleet_proxy.requests if r.path.endswith("/fleet/all.json")]
        assert all("if-none-match" in look.headers for look in looks[1:])


BAD = {
    "not JSON": ('{"targets": [', "JSON"),
    "a number out of range": ({"min_tasks": -3}, "min_tasks"),
    "a setting that is none": ({"max_task": 9}, "did you mean max_tasks"),
    "an empty list": ({"targets": []}, "targets"),
    "a target without its queue": (
        {"targets": [{"cluster_name": "shop", "service_name": "worker"}]},
        "shop/worker",
    ),
}


@pytest.mark.parametrize("bad, told", BAD.values(), ids=BAD.keys())
def test_a_bad_configuration_is_refused_and_the_old_one_stays(fleet, file, bad, told):
    member = fleet.add(fleet.add_cluster(), messages=90, max_tasks=4, scale_out_cooldown=0)
    good = fleet.document([member], **QUICK)
    file.write(good)
    with daemon_of(fleet, file) as daemon:
        wait_for_check(daemon, member.target, changed=True, new_tasks=4)
        file.write(bad if isinstance(bad, str) else good | bad)
        daemon.wait_for_text("the old one stays in force")
        wait_for_check(daemon, member.target, printed(daemon), count=2, current_tasks=4)
        [refused] = logs(daemon, "the old one stays in force")
        assert refused["level"] == "error"
        assert any(line["level"] == "error" for line in logs(daemon, told)), daemon.stderr

        member.settings["max_tasks"] = 6
        file.write(fleet.document([member], **QUICK))
        wait_for_check(daemon, member.target, changed=True, new_tasks=6)
    assert len(logs(daemon, "the old one stays in force")) == 1


def test_a_configuration_that_cannot_be_read_is_said_once(fleet, fleet_proxy, tmp_path):
    place = Parameter(fleet, tmp_path)
    member = fleet.add(fleet.add_cluster(), messages=7)
    place.write(fleet.document([member], **QUICK))
    with daemon_of(fleet, place) as daemon:
        wait_for_check(daemon, member.target)
        fleet_proxy.on(place.looked_for, reply(aws_answers.denied("ssm:GetParameter")))
        asked = fleet_proxy.count(place.looked_for)
        fleet_proxy.wait_for(place.looked_for, asked + 3)
        wait_for_check(daemon, member.target, printed(daemon))
        [line] = logs(daemon, "the old one stays in force")
        assert place.name in line["message"] and "not authorized" in line["message"]
        fleet_proxy.clear()
        comes = fleet.add(member.cluster, messages=7)
        place.write(fleet.document([member, comes], **QUICK))
        wait_for_check(daemon, comes.target)


def test_a_file_that_is_gone_is_no_empty_fleet(fleet, file):
    member = fleet.add(fleet.add_cluster(), messages=7)
    file.write(fleet.document([member], **QUICK))
    with daemon_of(fleet, file) as daemon:
        wait_for_check(daemon, member.target)
        file.path.unlink()
        daemon.wait_for_text("the old one stays in force")
        wait_for_check(daemon, member.target, printed(daemon), count=2)
    assert file.name in logs(daemon, "the old one stays in force")[0]["message"]


@pytest.mark.parametrize("missing", ["file", "s3", "ssm"])
def test_a_configuration_that_is_not_there_at_the_start_is_an_error(fleet, tmp_path, missing):
    where = {
        "file": str(tmp_path / "nowhere.json"),
        "s3": f"s3://{fleet.bucket}/nowhere.json",
        "ssm": "ssm:/nowhere",
    }[missing]
    outcome = once(fleet.environment(), "--config", where)
    assert outcome.status == 2
    assert where in outcome.stderr


@pytest.mark.parametrize("direction", ["out", "in"])
def test_a_cooldown_survives_a_change_of_the_target(fleet, file, direction):
    """The target is made anew; what it did is in the state."""
    member = fleet.add(fleet.add_cluster(), messages=90 if direction == "out" else 0, tasks=8)
    member.settings |= {"max_tasks": 9, "scale_out_override": "never"}
    file.write(fleet.document([member], **QUICK))
    with daemon_of(fleet, file) as daemon:
        acted = wait_for_check(daemon, member.target, changed=True)
        assert numbers(acted) == (("scale_out", 8, 9) if direction == "out" else ("scale_in", 8, 4))
        member.settings["max_tasks"] = 12
        file.write(fleet.document([member], **QUICK))
        after = taken(daemon)
        later = [wait_for_check(daemon, member.target, after, count=n) for n in (2, 3, 4)]
    assert {line["action"] for line in later} == {"hold"}
    assert all("cooldown" in line["reason"] for line in later)
    assert all("to 12 yet" in line["reason"] for line in later if direction == "out")
    assert member.desired() == acted["new_tasks"]


def test_reloads_under_load(fleet, fleet_proxy, file):
    """A hundred targets every 100 ms, and meanwhile a fifth of them comes and goes. Nobody acts
    twice, nothing fails, and nothing is left open."""
    clusters = [fleet.add_cluster() for _ in range(2)]
    queues = [fleet.add_queue(messages=7) for _ in range(5)]
    members = [fleet.add(clusters[n % 2], queues[n % 5]) for n in range(100)]
    working = [fleet.add(clusters[n % 2], messages=30) for n in range(4)]

    def document(round_number: int) -> dict:
        absent = {m.target for m in members[20 * round_number : 20 * (round_number + 1)]}
        there = [member for member in members + working if member.target not in absent]
        for member in working:
            member.settings["max_tasks"] = 10 + round_number
        return fleet.document(there, **QUICK, scale_out_override="never")

    file.write(document(0))
    with daemon_of(fleet, file) as daemon:
        for member in working:
            wait_for_check(daemon, member.target, changed=True)
        wait_for_check(daemon, members[-1].target)
        for round_number in range(1, 5):
            file.write(document(round_number))
            after = taken(daemon, round_number)
            back = members[20 * (round_number - 1)]
            wait_for_check(daemon, back.target, after)
            if round_number == 1:  # its connections stay: the first reload is a busy moment
                before = file_descriptors(daemon.pid)
        wait_for_check(daemon, members[0].target, printed(daemon), count=3)
        few = before + 8  # connections of a busier moment
        eventually(lambda: file_descriptors(daemon.pid) <= few, f"at most {few} descriptors")
        lines = checks(daemon)
    assert [line for line in lines if line["errors"]] == []
    assert {line["target"] for line in lines} == {m.target for m in members + working}
    updated = [body["service"] for body in bodies(fleet_proxy, "ecs:UpdateService")]
    assert sorted(updated) == sorted(member.service for member in working)
