"""The simulator against the program itself: `run` scales a scripted plant on moto, in real time,
and `simulate` the same plant on simulated time. Both must change the tasks at the same moments, to
the same counts, for the same reasons.

All in the plant happens half a second from any check, so that a machine may be late by that.
"""

import json
import time
from collections import deque
from datetime import datetime

from autoscaler import run, start
from fault_proxy import change_json

WORK_S = 2.0
START_UP_S = 3.5
TASKS = 2
MESSAGES = {2.5: 9, 6.5: 14, 8.5: 3, 22.5: 7}  # how many come at which second
SETTINGS = {
    "POLICY": "backlog",
    "TARGET_MESSAGES_PER_TASK": 2,
    "MIN_TASKS": 1,
    "MAX_TASKS": 10,
    "IN_FLIGHT_PER_TASK": 1,
    "SCALE_OUT_COOLDOWN": 1.5,
    "SCALE_IN_COOLDOWN": 2.5,
    "SCALE_IN_EVIDENCE": 2.5,
}
END_S = 34
LATE_S = 0.4


class Plant:
    """A queue, and tasks that take one message each. It begins when it is first looked at."""

    def __init__(self):
        self.began = None
        self.to_come = deque(sorted(MESSAGES))
        self.waiting = 0
        self.ready = [0.0] * TASKS  # when each task has started
        self.busy_until = {}  # by the task's place

    def look(self) -> None:
        """Lets happen what has happened by now."""
        now = time.monotonic()
        self.began = self.began or now
        for moment in self._moments(now - self.began):
            self._happen(moment)

    def _moments(self, until: float):
        moments = {*self.to_come, *self.ready, *self.busy_until.values()}
        while due := sorted(moment for moment in moments if moment <= until):
            yield due[0]
            later = {*self.to_come, *self.ready, *self.busy_until.values()}
            moments = {moment for moment in later if moment > due[0]}

    def _happen(self, now: float) -> None:
        while self.to_come and self.to_come[0] <= now:
            self.waiting += MESSAGES[self.to_come.popleft()]
        self.busy_until = {task: end for task, end in self.busy_until.items() if end > now}
        for task, ready in enumerate(self.ready):
            if ready <= now and task not in self.busy_until and self.waiting:
                self.waiting -= 1
                self.busy_until[task] = now + WORK_S

    def _places(self) -> range:
        return range(len(self.ready))

    def _stop(self, idle: int) -> None:
        del self.ready[idle]
        self.busy_until = {task - (task > idle): end for task, end in self.busy_until.items()}

    def tell_queue(self, answer: dict) -> None:
        self.look()
        answer["Attributes"] |= {
            "ApproximateNumberOfMessages": str(self.waiting),
            "ApproximateNumberOfMessagesNotVisible": str(len(self.busy_until)),
        }

    def tell_service(self, answer: dict) -> None:
        self.look()
        now = time.monotonic() - self.began
        running = sum(ready <= now for ready in self.ready)
        answer["services"][0] |= {
            "runningCount": running,
            "pendingCount": len(self.ready) - running,
        }

    def set_desired(self, answer: dict) -> None:
        self.look()
        now = time.monotonic() - self.began
        desired = answer["service"]["desiredCount"]
        while desired < len(self.ready):
            self._stop(next(task for task in self._places() if task not in self.busy_until))
        self.ready += [now + START_UP_S] * (desired - len(self.ready))


def why(reason: str) -> str:
    """Without what a check that came some milliseconds later rounds to another second."""
    return reason.partition(", but")[0]


def lived(world, proxy):
    """The changes that `run` made, (second, from, to, why); nothing where the machine was late."""
    plant = Plant()
    proxy.clear()
    proxy.on("sqs:GetQueueAttributes", change_json(plant.tell_queue))
    proxy.on("ecs:DescribeServices", change_json(plant.tell_service))
    proxy.on("ecs:UpdateService", change_json(plant.set_desired))
    world.set_desired(TASKS)
    environment = world.environment(**SETTINGS, STATE_TYPE="memory", S3_CONFIG_BUCKET=None)
    with start(["run", "--interval", "1s", "--json"], environment) as daemon:
        lines = [json.loads(line) for line in daemon.wait_for_lines(END_S + 1)]
    assert [line["errors"] for line in lines if line["errors"]] == []
    times = [datetime.fromisoformat(line["time"]).timestamp() for line in lines]
    if any(abs(at - times[0] - second) > LATE_S for second, at in enumerate(times)):
        return None
    return [
        (second, line["current_tasks"], line["new_tasks"], why(line["reason"]))
        for second, line in enumerate(lines)
        if line["changed"]
    ]


def simulated(tmp_path):
    trace = tmp_path / "trace.csv"
    bins = {0: 0, 0.002: 0} | MESSAGES | {END_S: 0}  # of two milliseconds; all others are empty
    trace.write_text("".join(f"{at},{count}\n" for at, count in bins.items()))
    done = run(
        [
            *["simulate", "--trace", str(trace), "--json", "--variation", "0"],
            *["--processing-time", f"{WORK_S}s", "--start-up", f"{START_UP_S}s"],
            *["--initial-tasks", str(TASKS), "--scale-in", "protect"],
        ],
        {name: str(value) for name, value in SETTINGS.items()},
    )
    assert done.status == 0, done.stderr
    changes = json.loads(done.stdout)["contestants"][0]["changes"]
    return [
        (round(one["at_seconds"]), one["from_tasks"], one["to_tasks"], why(one["reason"]))
        for one in changes
        if one["at_seconds"] <= END_S
    ]


def test_the_simulator_decides_as_run_does(world, proxy, tmp_path):
    expected = simulated(tmp_path)
    assert {after > before for _, before, after, _ in expected} == {True, False}
    attempts = (lived(world, proxy) for _ in range(3))
    made = next((changes for changes in attempts if changes is not None), None)
    assert made is not None, f"this machine was late by over {LATE_S} s, three times"
    assert made == expected
