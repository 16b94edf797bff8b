"""The situations that `decide` is asked about: policies and rules, and for each of them what a
check might see, drawn from a seed. record.py writes them down; the test reads what was written.

No setting is drawn that `decide` did not heed when the corpus was recorded: behavior and fallback.
Protected tasks beside a running cooldown, of which it then made another thing than a check does,
are a group of their own.
"""

import json
import random

SEED = 395
NOW = 1_700_000_000  # Tuesday 2023-11-14 22:13:20 UTC

STEPS = [
    {"metric_interval_upper_bound": -50, "scaling_adjustment": -4},
    {
        "metric_interval_lower_bound": -50,
        "metric_interval_upper_bound": 0,
        "scaling_adjustment": -1,
    },
    {"metric_interval_lower_bound": 0, "metric_interval_upper_bound": 400, "scaling_adjustment": 2},
    {"metric_interval_lower_bound": 400, "scaling_adjustment": 10},
]


def steps(**more) -> dict[str, str]:
    step = {"threshold": 100, "step_adjustments": STEPS} | more
    return {"POLICY": "step", "STEP": json.dumps(step)}


def scheduled(policy: str, *entries: dict) -> dict[str, str]:
    return {"POLICY": policy, "SCHEDULE": json.dumps(list(entries))}


POLICIES = {
    "threshold": {},
    "threshold, a task a message": {"TASKS_PER_MESSAGE": "1"},
    "threshold, combined": {"TASKS_PER_MESSAGE": "0.1", "USE_COMBINED_MESSAGES": "true"},
    "threshold, the original's factor": {"MAX_SCALE_DOWN_FACTOR": "0.99"},
    "threshold, down at once": {"MAX_SCALE_DOWN_FACTOR": "0", "SCALE_DOWN_THRESHOLD": "10"},
    "backlog": {"POLICY": "backlog"},
    "backlog, exact": {"POLICY": "backlog", "TOLERANCE": "0", "TARGET_MESSAGES_PER_TASK": "7.5"},
    "backlog, visible alone": {"POLICY": "backlog", "COUNT_IN_FLIGHT": "false", "TOLERANCE": "1"},
    "backlog, by latency": {
        "POLICY": "backlog",
        "TARGET_LATENCY": "30",
        "MEAN_PROCESSING_TIME": "0.7",
    },
    "step": steps(),
    "step, exact": steps(
        adjustment_type="ExactCapacity",
        step_adjustments=[
            {"metric_interval_upper_bound": 0, "scaling_adjustment": 3},
            {"metric_interval_lower_bound": 0, "scaling_adjustment": 40},
        ],
    ),
    "step, percent": steps(
        adjustment_type="PercentChangeInCapacity", min_adjustment_magnitude=3, count_in_flight=False
    ),
    "schedule": scheduled(
        "schedule",
        {"start": "0 8 * * *", "min_tasks": 20, "max_tasks": 20},
        {"start": "0 23 * * *", "timezone": "Europe/Berlin", "min_tasks": 5, "max_tasks": 5},
    ),
    "schedule's bounds": scheduled(
        "backlog",
        {"start": "0 8 * * MON-FRI", "end": "0 18 * * *", "min_tasks": 30},
        {"start": "0 18 * * *", "timezone": "America/New_York", "max_tasks": 25},
    ),
}
RULES = {
    "": {},
    "from zero": {"MIN_TASKS": "0", "MAX_TASKS": "40", "ACTIVATION_THRESHOLD": "20"},
    "busy tasks stay": {"MIN_TASKS": "1", "IN_FLIGHT_PER_TASK": "10"},
    "impatient": {
        "MIN_TASKS": "2",
        "SCALE_OUT_COOLDOWN": "30",
        "SCALE_IN_COOLDOWN": "600.5",
        "SCALE_OUT_OVERRIDE": "always",
    },
    "never early": {"SCALE_OUT_COOLDOWN": "300", "SCALE_OUT_OVERRIDE": "never"},
    "stops undone": {"RESPECT_OPERATOR_STOP": "false", "RESPECT_TASK_PROTECTION": "false"},
    "no scale-in": {"PAUSE": "in", "MIN_TASKS": "1"},
    "no scale-out": {"PAUSE": "out"},
    "held": {"HOLD_AT": "17"},
}
LINES_EACH = 6


def questions() -> dict[str, list[dict]]:
    """By group, the cases."""
    draw = random.Random(SEED)
    groups = {"situations": [], "protected_in_cooldown": []}
    for policy, settings in POLICIES.items():
        for rules, more in RULES.items():
            about = f"{policy}; {rules}" if rules else policy
            for group, lines in (("situations", LINES_EACH), ("protected_in_cooldown", 1)):
                groups[group] += [
                    {
                        "name": f"{about} {number}",
                        "environment": settings | more,
                        "question": question(draw, group == "protected_in_cooldown"),
                    }
                    for number in range(lines)
                ]
    return groups


def question(draw: random.Random, protected_in_cooldown: bool) -> dict:
    desired = draw.choice([0, 1, 2, 5, 10, 10, 17, 30, 60, 150, 300, 400])
    running = max(0, desired + draw.choice([0, 0, 0, -1, -desired // 2, 3]))
    asked = {
        "now": NOW + draw.choice([0, 0.25, 3600, 40_000, 300_000]),
        "visible": draw.choice([0, 0, 1, 15, 50, 99, 100, 101, 300, 550, 2_000, 50_000]),
        "in_flight": draw.choice([0, 0, 3, 20, 90, 400, 3_000]),
        "desired": desired,
        "running": running,
        "pending": max(0, desired - running),
    }
    if protected_in_cooldown:
        asked |= {"visible": 0, "desired": 60, "running": 60, "pending": 0}
        asked |= {"last_scale_in": asked["now"] - 20, "protected": draw.choice([1, 20, 45, 60, 80])}
        return asked
    for name in ("last_scale_out", "last_scale_in"):
        ago = draw.choice([None, None, 0, 10, 45.5, 119, 120, 300, 599, 4000, -200, -400])
        asked[name] = None if ago is None else asked["now"] - ago
    return asked | extras(draw, asked)


def extras(draw: random.Random, asked: dict) -> dict:
    more = {}
    if asked["last_scale_out"] is not None and draw.random() < 0.6:
        more["last_scale_out_messages"] = draw.choice([0, 100, 300, 5_000])
        more["last_scale_out_desired"] = draw.choice([asked["desired"], asked["desired"] + 5])
    if draw.random() < 0.1:
        more["deployment_in_progress"] = True
    never = asked["last_scale_out"] is None and asked["last_scale_in"] is None
    if never and draw.random() < 0.4:
        more["protected"] = draw.choice([0, 5, 20, 400])
    hidden = ["visible", "in_flight", "last_scale_out", "last_scale_in", "running"]
    if draw.random() < 0.2:
        more["unknown"] = draw.sample(hidden, draw.choice([1, 1, 2]))
    return more
