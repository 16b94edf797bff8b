"""A fleet in bad weather: AWS throttles for a while, and somebody kills the program again and
again."""

import json
import random
import re
import signal
import threading
import time
from itertools import pairwise

import pytest

import aws_answers
from autoscaler import start
from fleet_world import checks, wait_for_check, write_document
from processes import PATIENCE_S, eventually

INTERVAL = ["--interval", "100ms"]


class Storm:
    """Throttles an operation until the test ends it, and keeps when each call came."""

    def __init__(self, proxy, operation: str):
        self._lock = threading.Lock()
        self.raging = True
        self.throttled: list[float] = []
        self.served: list[float] = []
        proxy.on(operation, self._answer)

    def _answer(self, request, forward):
        with self._lock:
            (self.throttled if self.raging else self.served).append(time.monotonic())
            raging = self.raging
        return aws_answers.throttled() if raging else forward()

    def end(self) -> None:
        with self._lock:
            self.raging = False


@pytest.mark.parametrize("operation", ["ecs:DescribeServices", "sqs:GetQueueAttributes"])
def test_a_throttling_storm(fleet, fleet_proxy, tmp_path, operation):
    """Two clusters and queues, ten times a second: without a limit there would be 120 calls, and
    with retries more. The limit goes down to a call in two seconds."""
    clusters = [fleet.add_cluster() for _ in range(2)]
    idle = [fleet.add(cluster, tasks=10) for cluster in clusters]  # which it would scale in
    duration = 6
    write_document(tmp_path / "fleet.json", fleet.document(idle))
    storm = Storm(fleet_proxy, operation)
    command = ["run", "--json", *INTERVAL, "--config", str(tmp_path / "fleet.json")]
    with start(command, fleet.environment()) as daemon:
        daemon.wait_for_text("the service throttles: its calls are limited")
        eventually(
            lambda: storm.throttled and storm.throttled[-1] - storm.throttled[0] > duration,
            f"a storm of {duration} seconds",
        )
        storm.end()
        lines = checks(daemon)
        assert fleet_proxy.count("ecs:UpdateService") == 0
        assert fleet_proxy.count("s3:PutObject") == 0
        assert {line["action"] for line in lines} <= {"hold"}
        assert {line["changed"] for line in lines} <= {False}

        # It recovers: each of them is scaled in as it should be.
        for member in idle:
            wait_for_check(daemon, member.target, action="scale_in", changed=True, new_tasks=5)
        daemon.signal(signal.SIGKILL)

    assert 2 <= len(storm.throttled) <= 20
    assert storm.served


def test_a_throttled_update_is_made_later_and_once(fleet, fleet_proxy, tmp_path):
    """UpdateService has the lowest limit: most targets that want to act at once are throttled."""
    cluster = fleet.add_cluster()
    members = [fleet.add(cluster, messages=30) for _ in range(8)]
    fleet_proxy.on("ecs:UpdateService", lambda request, forward: aws_answers.throttled(), times=2)
    document = fleet.document(members, scale_out_cooldown=1, max_tasks=5)
    write_document(tmp_path / "fleet.json", document)
    command = ["run", "--json", *INTERVAL, "--config", str(tmp_path / "fleet.json")]
    with start(command, fleet.environment()) as daemon:
        for member in members:
            wait_for_check(daemon, member.target, current_tasks=5)
    assert {member.desired() for member in members} == {5}
    updates = [r for r in fleet_proxy.requests if r.operation == "ecs:UpdateService"]
    reached = [json.loads(r.body)["service"] for r in updates if r.reached_aws]
    assert sorted(reached) == sorted(member.service for member in members)
    assert {json.loads(r.body)["desiredCount"] for r in updates} == {5}


class Actions:
    """The records that were written, and the updates, in the order in which AWS had them."""

    def __init__(self, proxy):
        self._lock = threading.Lock()
        self.records: dict[str, list[float]] = {}
        self.updates: dict[str, int] = {}
        proxy.on("s3:PutObject", self._put)
        proxy.on("ecs:UpdateService", self._update)

    def _put(self, request, forward):
        answer = forward()
        if answer.status == 200:
            service = re.search(r"/([^/]+)/up-last-action", request.path)[1]
            with self._lock:
                self.records.setdefault(service, []).append(json.loads(request.body)["timestamp"])
        return answer

    def _update(self, request, forward):
        service = json.loads(request.body)["service"]
        with self._lock:
            self.updates[service] = self.updates.get(service, 0) + 1
        return forward()


COOLDOWN_S = 1.0


@pytest.mark.parametrize("seed", [1, 2])
def test_kills_at_random_moments_keep_every_cooldown(fleet, fleet_proxy, tmp_path, seed):
    """Each service always wants more tasks, and may have them once a second. The program is killed
    after a random number of requests, thus also between a record and its update."""
    chance = random.Random(seed)
    cluster = fleet.add_cluster()
    members = [fleet.add(cluster, messages=20, max_tasks=1000) for _ in range(6)]
    document = fleet.document(
        members, scale_out_override="never", scale_out_cooldown=COOLDOWN_S, tasks_per_message=0.1
    )
    write_document(tmp_path / "fleet.json", document)
    actions = Actions(fleet_proxy)
    command = ["run", "--json", *INTERVAL, "--config", str(tmp_path / "fleet.json")]
    for _ in range(15):
        enough = len(fleet_proxy.requests) + chance.randint(1, 80)
        with start(command, fleet.environment()) as daemon:
            fleet_proxy.wait_for_requests(enough)
            daemon.signal(signal.SIGKILL)
            assert daemon.wait() == -signal.SIGKILL
            assert '"level":"error"' not in daemon.stderr, daemon.stderr
    names = {member.service for member in members}
    assert actions.records.keys() == names
    # By the program's own clock, which is in the record: an action is after its whole cooldown.
    for service, times in actions.records.items():
        assert len(times) > 2, "too few actions to tell"
        assert times == sorted(times)
        gaps = [later - earlier for earlier, later in pairwise(times)]
        assert min(gaps) >= COOLDOWN_S, (service, gaps)
        # No update without its record; a kill in between leaves a record alone.
        assert actions.updates.get(service, 0) <= len(times)
    for member in members:
        assert 2 < member.desired() <= 2 + 2 * actions.updates[member.service]


@pytest.mark.parametrize(
    ("direction", "messages", "tasks", "then"),
    [
        # A scale-out that is not in force does not make the next one wait.
        ("up", 40, 2, {"action": "scale_out", "changed": True, "new_tasks": 6}),
        # A scale-in waits: what is recorded may still be under way.
        ("down", 0, 10, {"action": "hold", "changed": False, "new_tasks": 10}),
    ],
)
def test_a_kill_between_a_record_and_its_update(
    fleet, fleet_proxy, tmp_path, direction, messages, tasks, then
):
    member = fleet.add(fleet.add_cluster(), messages=messages, tasks=tasks)
    write_document(tmp_path / "fleet.json", fleet.document([member]))
    command = ["run", "--json", *INTERVAL, "--config", str(tmp_path / "fleet.json")]
    killed = threading.Event()
    fleet_proxy.on(
        "ecs:UpdateService", lambda request, forward: killed.wait(PATIENCE_S) and None, times=1
    )
    with start(command, fleet.environment()) as daemon:
        fleet_proxy.wait_for("ecs:UpdateService")
        daemon.signal(signal.SIGKILL)
        assert daemon.wait() == -signal.SIGKILL
    killed.set()
    record = fleet.state(member, direction)
    assert record is not None
    assert member.desired() == tasks

    with start(command, fleet.environment()) as daemon:
        check = wait_for_check(daemon, member.target)
        daemon.signal(signal.SIGKILL)
    assert {name: check[name] for name in then} == then, check
    if direction == "down":
        assert "cooldown" in check["reason"]
        assert fleet.state(member, direction) == record
        assert fleet_proxy.count("ecs:UpdateService") == 1
