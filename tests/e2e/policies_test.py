"""Policies and what holds under each of them, by the program itself: steps, schedules, the
behaviour block, several queues, fallbacks."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from autoscaler import numbers, once, run, start

STEPS = {
    "threshold": 10,
    "step_adjustments": [
        {"metric_interval_upper_bound": -5, "scaling_adjustment": -1},
        {"metric_interval_lower_bound": -5, "metric_interval_upper_bound": 0,
         "scaling_adjustment": 0},
        {"metric_interval_lower_bound": 0, "metric_interval_upper_bound": 20,
         "scaling_adjustment": 1},
        {"metric_interval_lower_bound": 20, "scaling_adjustment": 4},
    ],
}  # fmt: skip


def cron_of(moment: datetime) -> str:
    return f"{moment.minute} {moment.hour} * * *"


@pytest.mark.parametrize("messages, desired", [(0, 1), (7, 2), (12, 3), (40, 6)])
def test_step_goes_further_the_further_the_queue_is_from_the_threshold(world, messages, desired):
    world.put_messages(messages)
    outcome = once(world.environment(POLICY="step", STEP=json.dumps(STEPS)))

    assert outcome.status == 0, outcome.stderr
    assert outcome.check["current_tasks"] == 2
    assert world.desired() == desired


def test_a_schedule_bounds_every_policy(world):
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    schedule = [{"start": cron_of(an_hour_ago), "min_tasks": 7, "max_tasks": 9}]
    outcome = once(world.environment(SCHEDULE=json.dumps(schedule)))
    assert numbers(outcome.check) == ("scale_out", 2, 7)

    world.put_messages(200)
    outcome = once(world.environment(SCHEDULE=json.dumps(schedule)))
    assert numbers(outcome.check) == ("scale_out", 7, 9)


def test_policy_schedule_needs_no_queue(world):
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    schedule = [{"start": cron_of(an_hour_ago), "timezone": "UTC", "min_tasks": 5}]
    environment = world.environment(POLICY="schedule", SCHEDULE=json.dumps(schedule))
    del environment["SQS_QUEUE_URL"]
    outcome = once(environment)

    assert outcome.status == 0, outcome.stderr
    assert numbers(outcome.check) == ("scale_out", 2, 5)
    assert world.desired() == 5


def test_a_time_zone_that_is_not_there_is_refused(world):
    schedule = [{"start": "0 8 * * *", "timezone": "Mars/Olympus_Mons", "min_tasks": 5}]
    outcome = run(["validate"], world.environment(SCHEDULE=json.dumps(schedule)))
    assert outcome.status == 2
    assert "schedule[0].timezone" in outcome.stderr
    assert "Mars/Olympus_Mons" in outcome.stderr


def test_behavior_limits_how_fast_tasks_come(world):
    world.put_messages(80)
    behavior = {"scale_out": {"policies": [{"type": "tasks", "value": 3, "period": 600}]}}
    outcome = once(world.environment(BEHAVIOR=json.dumps(behavior)))

    assert numbers(outcome.check) == ("scale_out", 2, 5)
    assert "at most 3 tasks in 600 s" in outcome.check["reason"]


def test_a_process_that_has_just_begun_does_not_scale_in_within_the_window(world):
    world.set_desired(9)
    behavior = {"scale_in": {"stabilization_window": 300}}
    outcome = once(world.environment(BEHAVIOR=json.dumps(behavior)))

    assert numbers(outcome.check) == ("hold", 9, 9)
    assert "the highest recommendation of the last 300 s" in outcome.check["reason"]


def document(world, tmp_path, **settings) -> dict[str, str]:
    """An environment whose queue is not given, and a file that names queues."""
    path = tmp_path / "config.json"
    path.write_text(json.dumps(settings))
    environment = world.environment(FAST_AUTOSCALER_CONFIG=str(path))
    del environment["SQS_QUEUE_URL"]
    return environment


def queue_at(url: str, **more) -> dict:
    return {"queue_config": {"queue_url": url}, **more}


def test_several_queues_count_together(world, tmp_path):
    world.put_messages(8)
    queues = [queue_at(world.queue_url), queue_at(world.queue_url, weight=3)]
    outcome = once(document(world, tmp_path, queues=queues, combine_queues="sum"))

    assert outcome.status == 0, outcome.stderr
    assert outcome.check["visible"] == 8 + 3 * 8
    assert outcome.check["action"] == "scale_out"


def test_one_queue_of_several_that_is_not_there_allows_no_scale_in(world, tmp_path):
    world.set_desired(9)
    queues = [queue_at(world.queue_url), queue_at(world.queue_url + "-of-nobody")]
    outcome = once(document(world, tmp_path, queues=queues))

    assert outcome.status == 1
    assert numbers(outcome.check) == ("hold", 9, 9)
    assert "-of-nobody" in outcome.check["missing"]
    [error] = outcome.check["errors"]
    assert error["kind"] == "not_found"
    assert world.desired() == 9


def test_after_too_many_failures_the_fallback_has_its_say(world):
    world.delete_queue()
    environment = world.environment(FALLBACK="static", FALLBACK_TASKS=6, FAILURE_THRESHOLD=2)
    with start(["run", "--json", "--interval", "100ms"], environment) as daemon:
        checks = [json.loads(line) for line in daemon.wait_for_lines(3)]
    assert [check["action"] for check in checks[:3]] == ["hold", "hold", "scale_out"]
    assert world.desired() == 6
