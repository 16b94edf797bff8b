"""Whole checks of targets that are no ECS service: from an SQS queue in moto to what is set, and
what is kept of it."""

import json

import pytest

from aws_world import ACCOUNT, REGION
from autoscaler import numbers, once, run
from target_world import Function, Group, Scalable

KINDS = {"asg": Group, "lambda": Function, "application": Scalable}


def make(kind, world, proxy, count):
    """A target of that many."""
    if kind == "asg":
        return Group(world, proxy, desired=count)
    if kind == "application":
        return Scalable(world, count, count)
    function = Function(world, proxy)
    if count:
        function.configure(count, count, "READY")
    return function


def set_to(target) -> int | None:
    if isinstance(target, Group):
        return target.desired()
    return target.requested() if isinstance(target, Function) else target.bounds()[0]


def name_of(kind, world) -> str:
    return {
        "asg": f"asg/{world.service}",
        "lambda": f"lambda/{world.service}:live",
        "application": f"application/table/{world.service}/WriteCapacityUnits",
    }[kind]


@pytest.fixture
def check(world, proxy, tmp_path):
    """Makes one check of a target with the settings that are given."""

    def make_check(kind, target_config, command=("once", "--json"), **changed):
        document = {
            "queue_config": {"queue_url": world.queue_url},
            "target_type": kind,
            "target_config": target_config,
            "s3_config_bucket": world.bucket,
            "region": REGION,
            "min_tasks": 0,
            "max_tasks": 50,
            "policy": "backlog",
            "target_messages_per_task": 10,
            "scale_in_evidence": 0,
        } | changed
        file = tmp_path / "target.json"
        file.write_text(json.dumps(document))
        environment = {
            name: value for name, value in world.environment().items() if name.startswith("AWS_")
        }
        return run([*command, "--config", str(file)], environment)

    return make_check


@pytest.mark.parametrize("kind", KINDS)
def test_a_check_scales_out_and_keeps_what_it_did(check, world, proxy, kind):
    target = make(kind, world, proxy, 2)
    world.put_messages(50)
    outcome = check(kind, target.options())
    assert outcome.status == 0, outcome.stdout + outcome.stderr
    assert numbers(outcome.check) == ("scale_out", 2, 5)
    assert outcome.check["target"] == name_of(kind, world)
    assert set_to(target) == 5
    assert world.state_keys() == [f"autoscaling-state/{name_of(kind, world)}/up-last-action.json"]
    # Nothing more is needed, and the cooldown holds.
    assert check(kind, target.options()).check["action"] == "hold"


@pytest.mark.parametrize("kind", KINDS)
def test_a_check_scales_in_to_none(check, world, proxy, kind):
    target = make(kind, world, proxy, 2)
    outcome = check(kind, target.options(), max_scale_down_factor=0)
    assert outcome.status == 0, outcome.stdout + outcome.stderr
    assert numbers(outcome.check) == ("scale_in", 2, 0)
    assert set_to(target) in (0, None)


@pytest.mark.parametrize("kind", KINDS)
def test_a_dry_run_sets_nothing(check, world, proxy, kind):
    target = make(kind, world, proxy, 2)
    world.put_messages(50)
    outcome = check(kind, target.options(), ("once", "--json", "--dry-run"))
    assert numbers(outcome.check) == ("scale_out", 2, 5)
    assert set_to(target) == 2
    assert world.state_keys() == []


def test_a_groups_own_maximum_bounds_a_scale_out(check, world, proxy):
    group = Group(world, proxy, desired=2, max_size=4)
    world.put_messages(500)
    outcome = check("asg", group.options())
    assert numbers(outcome.check) == ("scale_out", 2, 4)
    assert "at most 4 (the target's own bound)" in outcome.check["reason"]
    assert group.desired() == 4
    outcome = check("asg", group.options(), scale_out_cooldown=1)
    assert outcome.status == 0 and outcome.check["action"] == "hold"


def test_no_scale_in_goes_below_a_groups_protected_instances(check, world, proxy):
    group = Group(world, proxy, desired=6)
    group.protect(4)
    outcome = check("asg", group.options(), max_scale_down_factor=0)
    assert numbers(outcome.check) == ("scale_in", 6, 4)


def test_an_instance_refresh_stops_a_scale_in_and_no_scale_out(check, world, proxy):
    group = Group(world, proxy, desired=2)
    group.refreshes = ["InProgress"]
    outcome = check("asg", group.options())
    assert outcome.check["action"] == "hold"
    assert "a deployment is in progress" in outcome.check["reason"]
    world.put_messages(50)
    assert numbers(check("asg", group.options()).check) == ("scale_out", 2, 5)


def test_a_suspended_launch_holds_a_scale_out(check, world, proxy):
    group = Group(world, proxy, desired=2)
    group.suspend("Launch")
    world.put_messages(50)
    outcome = check("asg", group.options())
    assert outcome.check["action"] == "hold"
    assert "Launch is suspended" in outcome.check["reason"]
    assert group.desired() == 2


def test_a_group_is_held_at_the_number_of_its_tag(check, world, proxy):
    group = Group(world, proxy, desired=2)
    group.tag("fast-autoscaler:hold_at", "7")
    assert numbers(check("asg", group.options()).check) == ("scale_out", 2, 7)
    assert group.desired() == 7


@pytest.mark.parametrize(
    "kind, changed, said",
    [
        ("asg", {"auto_scaling_group": "not-there"}, "not-there"),
        ("lambda", {"qualifier": "not-there"}, "not-there"),
        ("application", {"resource_id": "table/not-there"}, "register it once"),
    ],
)
def test_a_target_that_is_not_there_is_named(check, world, proxy, kind, changed, said):
    target = make(kind, world, proxy, 2)
    outcome = check(kind, target.options(**changed))
    assert outcome.status == 1
    (error,) = outcome.check["errors"]
    assert error["kind"] == "not_found" and said in error["message"]


@pytest.mark.parametrize(
    "kind, config, said",
    [
        ("asg", {}, "auto_scaling_group"),
        ("lambda", {"function": "work", "qualifier": "$LATEST"}, "$LATEST"),
        ("lambda", {"function": "work"}, "qualifier"),
        (
            "application",
            {
                "service_namespace": "dynamodb",
                "resource_id": "table/a",
                "scalable_dimension": "ecs:service:DesiredCount",
            },
            "dynamodb:",
        ),
        (
            "application",
            {
                "service_namespace": "dynamodb",
                "resource_id": "table/a",
                "scalable_dimension": "dynamodb:table:ReadCapacityUnits",
                "set": "max",
            },
            "both",
        ),
    ],
)
def test_a_configuration_that_cannot_be_is_refused(check, kind, config, said):
    outcome = check(kind, config, ("validate",))
    assert outcome.status == 2
    assert said in outcome.stdout + outcome.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_a_configuration_of_each_kind_is_valid(check, world, proxy, kind):
    target = make(kind, world, proxy, 2)
    outcome = check(kind, target.options(), ("validate",))
    assert outcome.status == 0, outcome.stdout + outcome.stderr


def test_a_group_is_scaled_by_the_environment_alone(world, proxy):
    group = Group(world, proxy, desired=2)
    world.put_messages(50)
    outcome = once(
        world.environment(
            ECS_CLUSTER=None,
            SERVICE_NAME=None,
            TARGET_TYPE="asg",
            AUTO_SCALING_GROUP=group.name,
            POLICY="backlog",
            TARGET_MESSAGES_PER_TASK=10,
        )
    )
    assert outcome.status == 0, outcome.stdout + outcome.stderr
    assert numbers(outcome.check) == ("scale_out", 2, 5)


def test_a_target_of_another_account_is_reached_by_its_role(check, world, proxy):
    group = Group(world, proxy, desired=2)
    world.put_messages(50)
    role = f"arn:aws:iam::{ACCOUNT}:role/scaler"
    outcome = check("asg", group.options(), target_role_arn=role)
    assert outcome.status == 0, outcome.stdout + outcome.stderr
    keys = {
        request.headers["authorization"].partition("Credential=")[2].partition("/")[0]
        for request in proxy.requests
        if request.operation.startswith("autoscaling:")
    }
    assert len(keys) == 1 and keys.pop().startswith("ASIA")
