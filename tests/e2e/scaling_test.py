"""What a check does to the service: out, in, hold, and the bounds."""

import pytest

from autoscaler import numbers, once
from aws_world import seconds_ago


def test_a_long_queue_scales_out_and_records_it(world):
    world.put_messages(30)
    outcome = once(world.environment())

    assert outcome.status == 0, outcome.stderr
    assert numbers(outcome.check) == ("scale_out", 2, 5)
    assert outcome.check["changed"] is True
    assert world.desired() == 5
    state = world.state("up")
    assert state["cluster"] == world.cluster
    assert state["service"] == world.service
    assert state["action_type"] == "up"
    assert state["count"] == 5
    assert state["timestamp"] == pytest.approx(seconds_ago(0), abs=60)
    assert world.state("down") is None


def test_an_empty_queue_scales_in_by_the_configured_share(world):
    world.set_desired(10)
    outcome = once(world.environment(MAX_SCALE_DOWN_FACTOR=0.7))

    assert outcome.status == 0, outcome.stderr
    assert numbers(outcome.check) == ("scale_in", 10, 7)
    assert world.desired() == 7
    assert world.state("down")["action_type"] == "down"
    assert world.state("up")["timestamp"] == 0  # the claim alone: there was no scale-out yet


def test_a_queue_between_the_thresholds_changes_nothing(world):
    world.put_messages(7)
    outcome = once(world.environment())

    assert outcome.status == 0
    assert numbers(outcome.check) == ("hold", 2, 2)
    assert "neither above 10 nor below 5" in outcome.check["reason"]
    assert world.state_keys() == []


def test_a_second_scale_out_waits_for_the_cooldown_and_says_so(world):
    world.put_messages(30)
    once(world.environment())
    outcome = once(world.environment())

    assert outcome.status == 0
    assert numbers(outcome.check) == ("hold", 5, 5)
    assert outcome.check["changed"] is False
    assert "cooldown" in outcome.check["reason"]
    assert "30 are not more" in outcome.check["reason"]
    assert world.desired() == 5


def test_a_larger_backlog_passes_inside_the_cooldown(world):
    world.put_messages(30)
    once(world.environment())
    world.put_messages(20)
    outcome = once(world.environment())

    assert numbers(outcome.check) == ("scale_out", 5, 10)
    assert world.desired() == 10


def test_with_override_never_a_larger_backlog_waits_too(world):
    environment = world.environment(SCALE_OUT_OVERRIDE="never")
    world.put_messages(30)
    once(environment)
    world.put_messages(20)
    assert numbers(once(environment).check) == ("hold", 5, 5)


def test_with_override_always_the_same_backlog_passes_as_in_the_original(world):
    environment = world.environment(SCALE_OUT_OVERRIDE="always")
    world.put_messages(30)
    once(environment)
    assert numbers(once(environment).check) == ("scale_out", 5, 8)


def test_a_scale_out_restarts_the_scale_in_cooldown(world):
    world.put_messages(30)
    once(world.environment())
    world.purge_queue()
    outcome = once(world.environment())

    assert numbers(outcome.check) == ("hold", 5, 5)
    assert "the last scale-out was" in outcome.check["reason"]
    assert world.desired() == 5


def test_a_second_scale_in_waits_for_the_cooldown(world):
    world.set_desired(16)
    assert numbers(once(world.environment()).check) == ("scale_in", 16, 8)
    outcome = once(world.environment())
    assert numbers(outcome.check) == ("hold", 8, 8)
    assert "the last scale-in was" in outcome.check["reason"]


def test_without_cooldowns_every_check_may_scale_in(world):
    world.set_desired(16)
    environment = world.environment(SCALE_IN_COOLDOWN=0, SCALE_OUT_COOLDOWN=0)
    steps = [numbers(once(environment).check)[1:] for _ in range(5)]
    assert steps == [(16, 8), (8, 4), (4, 2), (2, 1), (1, 1)]


def test_the_maximum_bounds_a_scale_out(world):
    world.put_messages(40)
    outcome = once(world.environment(MAX_TASKS=4))
    assert numbers(outcome.check) == ("scale_out", 2, 4)
    assert "at most 4" in outcome.check["reason"]


def test_the_minimum_bounds_a_scale_in(world):
    world.set_desired(10)
    outcome = once(world.environment(MIN_TASKS=8))
    assert numbers(outcome.check) == ("scale_in", 10, 8)
    assert "at least 8" in outcome.check["reason"]


def test_a_service_below_the_minimum_is_raised_to_it(world):
    assert numbers(once(world.environment(MIN_TASKS=6)).check) == ("scale_out", 2, 6)
    assert world.desired() == 6


def test_a_service_above_the_maximum_comes_down_to_it(world):
    world.put_messages(7)
    world.set_desired(9)
    assert numbers(once(world.environment(MAX_TASKS=6)).check) == ("scale_in", 9, 6)


def test_an_idle_service_goes_to_zero_where_that_is_the_minimum(world):
    outcome = once(world.environment(MIN_TASKS=0, MAX_SCALE_DOWN_FACTOR=0))
    assert numbers(outcome.check) == ("scale_in", 2, 0)
    assert world.desired() == 0


def test_one_message_starts_a_service_from_zero(world):
    world.set_desired(0)
    world.put_messages(1)
    outcome = once(world.environment(MIN_TASKS=0))

    assert outcome.status == 0
    assert numbers(outcome.check) == ("scale_out", 0, 1)
    assert outcome.check["messages_per_task"] is None
    assert world.desired() == 1


def test_messages_up_to_the_activation_threshold_leave_it_at_zero(world):
    world.set_desired(0)
    environment = world.environment(MIN_TASKS=0, ACTIVATION_THRESHOLD=3)
    world.put_messages(3)
    assert numbers(once(environment).check) == ("hold", 0, 0)
    world.put_messages(1)
    assert numbers(once(environment).check) == ("scale_out", 0, 1)


def test_a_service_that_a_person_stopped_stays_stopped(world):
    world.set_desired(0)
    world.put_messages(30)
    outcome = once(world.environment())

    assert outcome.status == 0
    assert numbers(outcome.check) == ("hold", 0, 0)
    assert "stopped" in outcome.check["reason"]
    assert world.desired() == 0
    assert world.state_keys() == []


def test_a_stop_is_undone_where_the_configuration_says_so(world):
    world.set_desired(0)
    world.put_messages(30)
    assert numbers(once(world.environment(RESPECT_OPERATOR_STOP="false")).check)[0] == "scale_out"
    assert world.desired() == 3


def test_messages_in_flight_count_for_a_scale_out_only_where_combined(world):
    world.put_messages(20)
    world.receive_messages(15)
    assert numbers(once(world.environment()).check) == ("hold", 2, 2)

    outcome = once(world.environment(USE_COMBINED_MESSAGES="true"))
    assert numbers(outcome.check) == ("scale_out", 2, 4)
    assert outcome.check["queue_size"] == 20


def test_tasks_busy_with_messages_in_flight_are_kept(world):
    world.set_desired(10)
    world.put_messages(4)
    world.receive_messages(4)
    outcome = once(world.environment(IN_FLIGHT_PER_TASK=0.5))
    assert numbers(outcome.check) == ("scale_in", 10, 8)
    assert "keep 8 tasks busy" in outcome.check["reason"]


class TestBacklogPolicy:
    def environment(self, world, **overrides):
        settings = {"POLICY": "backlog", "TARGET_MESSAGES_PER_TASK": 5, "MIN_TASKS": 0}
        return world.environment(**(settings | overrides))

    def test_sets_as_many_tasks_as_the_messages_need(self, world):
        world.put_messages(32)
        world.receive_messages(12)
        outcome = once(self.environment(world))
        assert numbers(outcome.check) == ("scale_out", 2, 7)
        assert outcome.check["queue_size"] == 32

    def test_asks_for_the_same_again_and_so_changes_nothing(self, world):
        world.put_messages(35)
        environment = self.environment(world, SCALE_OUT_OVERRIDE="always")
        assert numbers(once(environment).check) == ("scale_out", 2, 7)
        assert numbers(once(environment).check) == ("hold", 7, 7)

    def test_scales_in_to_what_is_left(self, world):
        world.set_desired(10)
        world.put_messages(15)
        assert numbers(once(self.environment(world)).check) == ("scale_in", 10, 3)

    def test_holds_within_ten_percent_of_the_target(self, world):
        world.set_desired(10)
        world.put_messages(46)
        outcome = once(self.environment(world))
        assert numbers(outcome.check) == ("hold", 10, 10)
        assert "within the tolerance" in outcome.check["reason"]


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(world, proxy):
    world.put_messages(30)
    outcome = once(world.environment(), "--dry-run")

    assert outcome.status == 0
    assert numbers(outcome.check) == ("scale_out", 2, 5)
    assert outcome.check["dry_run"] is True
    assert outcome.check["changed"] is False
    assert proxy.count("ecs:UpdateService") == 0
    assert proxy.count("s3:PutObject") == 0
    assert world.desired() == 2
    assert world.state_keys() == []


def test_a_dry_run_honours_the_cooldown(world):
    world.put_messages(30)
    world.write_original_state("down", seconds_ago(5))
    world.purge_queue()
    outcome = once(world.environment(), "--dry-run")
    assert numbers(outcome.check) == ("hold", 2, 2)


def second_deployment(service):
    service["deployments"].append(dict(service["deployments"][0], status="ACTIVE"))


def test_a_deployment_in_progress_holds_off_a_scale_in(world, proxy):
    world.set_desired(10)
    proxy.change_service(second_deployment)
    outcome = once(world.environment())
    assert numbers(outcome.check) == ("hold", 10, 10)
    assert "deployment" in outcome.check["reason"]


def test_a_deployment_in_progress_does_not_hold_off_a_scale_out(world, proxy):
    world.put_messages(30)
    proxy.change_service(second_deployment)
    assert numbers(once(world.environment()).check) == ("scale_out", 2, 5)


def test_the_only_deployment_holds_off_nothing_while_it_is_not_steady(world, proxy):
    """So a new service that never became steady can still be scaled in."""

    def unsteady(service):
        service["deployments"][0]["rolloutState"] = "IN_PROGRESS"

    world.set_desired(10)
    proxy.change_service(unsteady)
    assert numbers(once(world.environment()).check) == ("scale_in", 10, 5)
