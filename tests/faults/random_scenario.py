"""What one randomised run is like, drawn from its seed."""

import os
from dataclasses import dataclass, field
from random import Random

LONG_AGO_S = 9000.0


@dataclass
class Reload:
    """A document that takes the place of the one before."""

    paused: bool
    wrong: str  # what else is wrong in it: "", "setting" (refused as a whole), "target"
    hangup: bool  # with a SIGHUP; else it is found after `config_interval`


@dataclass
class Kill:
    """With SIGKILL, at the autoscaler's n-th write to AWS."""

    write: int
    done: bool  # AWS has done it, and says so to nobody


@dataclass
class Actor:
    """An autoscaler: its settings, and how it is run."""

    settings: dict[str, object]
    checks: int
    daemon: bool  # one process that checks every 100 ms, or a process a check
    kill: Kill | None = None
    hanging_refresh: bool = False  # of keys that are good for nine minutes more
    unread: bool = False  # nobody reads its stdout, which is full, before its end
    reloads: list[Reload] = field(default_factory=list)  # of its document, if there are any
    landed: bool = False  # it is the program as it was landed last


@dataclass
class Scenario:
    seed: int
    tasks: int
    min_tasks: int
    max_tasks: int
    actors: list[Actor]
    fault_share: float  # of the requests
    clock_hours: int  # by which AWS's clock is ahead
    acted_s_ago: float | None  # the recorded actions; None: nothing is recorded
    slow_answers: int = 0  # so many are, by seconds
    stale_s: float = 0.0  # by which what ECS says of the service may be behind


def threshold_policy(random: Random) -> dict[str, object]:
    down = random.choice([0, 1, 5, 50])
    return {
        "POLICY": "threshold",
        "SCALE_DOWN_THRESHOLD": down,
        "SCALE_UP_THRESHOLD": down + random.choice([1, 5, 50]),
        "TASKS_PER_MESSAGE": random.choice([0.01, 0.1, 1]),
        "MAX_SCALE_DOWN_FACTOR": random.choice([0, 0.5, 0.9]),
        "USE_COMBINED_MESSAGES": random.choice(["true", "false"]),
    }


def backlog_policy(random: Random) -> dict[str, object]:
    return {
        "POLICY": "backlog",
        "TARGET_MESSAGES_PER_TASK": random.choice([1, 5, 20]),
        "TOLERANCE": random.choice([0, 0.1]),
        "COUNT_IN_FLIGHT": random.choice(["true", "false"]),
    }


def wants_out() -> dict[str, object]:
    return {
        "POLICY": "backlog",
        "TARGET_MESSAGES_PER_TASK": 0.5,
        "SCALE_OUT_COOLDOWN": 0,
        "SCALE_OUT_OVERRIDE": "always",
    }


def wants_in() -> dict[str, object]:
    return {
        "POLICY": "threshold",
        "SCALE_UP_THRESHOLD": 1_000_000,
        "SCALE_DOWN_THRESHOLD": 999_999,
        "TASKS_PER_MESSAGE": 0.000001,
        "SCALE_IN_COOLDOWN": 0,
        "SCALE_IN_EVIDENCE": 0,
    }


def any_settings(random: Random) -> dict[str, object]:
    return random.choice([threshold_policy, backlog_policy])(random) | {
        "SCALE_OUT_COOLDOWN": random.choice([0, 0, 0.3, 120]),
        "SCALE_IN_COOLDOWN": random.choice([0, 0, 0.3, 120]),
        "SCALE_IN_EVIDENCE": random.choice([0, 0, 0.3, 30]),
        "SCALE_OUT_OVERRIDE": random.choice(["larger_backlog", "always", "never"]),
        "IN_FLIGHT_PER_TASK": random.choice([None, None, 1, 10]),
        "ACTIVATION_THRESHOLD": random.choice([0, 3]),
        "RESPECT_OPERATOR_STOP": random.choice(["true", "false"]),
    }


def draw(seed: int) -> Scenario:
    random = Random(seed)
    min_tasks = random.choice([0, 1, 2, 3])
    max_tasks = min_tasks + random.randint(1, 20)
    opposite = random.random() < 0.35
    count = 2 if opposite or random.random() < 0.6 else 1
    minds = [any_settings(random) for _ in range(count)]
    if opposite:
        minds = [minds[0] | wants_out(), minds[1] | wants_in()]
    bounds = {"MIN_TASKS": min_tasks, "MAX_TASKS": max_tasks}
    scenario = Scenario(
        seed=seed,
        tasks=random.randint(0, 25),
        min_tasks=min_tasks,
        max_tasks=max_tasks,
        actors=[
            Actor(settings | bounds, random.randint(3, 8), random.random() < 0.5)
            for settings in minds
        ],
        fault_share=random.choice([0, 0.05, 0.15, 0.3, 0.5]),
        clock_hours=random.choice([0] * 8 + [-3, 3]),
        acted_s_ago=random.choice([None, LONG_AGO_S, LONG_AGO_S, 1.0]),
        slow_answers=random.choice([0, 0, 0, 1, 2]),
        stale_s=random.choice([0, 0, 1, 3]),
    )
    for actor in scenario.actors:
        draw_troubles(random, actor)
    scenario.actors[-1].landed = random.random() < 0.4 and "OTHER" in os.environ
    return scenario


def draw_troubles(random: Random, actor: Actor) -> None:
    """Of the process itself. Of one that is killed all that it prints is read, and the next one
    gets keys."""
    if random.random() < 0.25:
        actor.kill = Kill(random.randint(1, 6), random.random() < 0.5)
    if not actor.daemon:
        return
    if actor.kill is None:
        actor.hanging_refresh = random.random() < 0.25
        actor.unread = random.random() < 0.25
    if random.random() < 0.35:
        pauses = random.choice([[False], [True], [False, True], [True, False], [True, False, True]])
        actor.reloads = [draw_reload(random, paused) for paused in pauses]


def draw_reload(random: Random, paused: bool) -> Reload:
    wrong = random.choice(["", "", "setting", "target"]) if paused else ""
    return Reload(paused, wrong, random.random() < 0.7)


def draw_depth(random: Random) -> tuple[int, int]:
    """Visible messages and those in flight."""
    return random.choice([0, 0, 3, 20, 200, random.randint(0, 1000)]), random.choice([0, 0, 7])
