"""Each way to deploy, in each of its states, and what a scale-out and a scale-in do meanwhile.

moto knows rolling deployments that are over at once, so what it answers is given the members that
ECS has for the others. Their names are held to botocore's model of the answer.
"""

import json

import botocore.loaders
import pytest

from autoscaler import numbers, once, start
from fault_proxy import change_json

DEPLOYMENT = "arn:aws:ecs:eu-west-1:123456789012:service-deployment/c/s/8Kg2Xw"


def deployments(*states: tuple[str, str]) -> list[dict]:
    return [
        {"status": status} | ({"rolloutState": rollout} if rollout else {})
        for status, rollout in states
    ]


def revisions(*requested: int) -> list[dict]:
    return [{"requestedTaskCount": tasks, "runningTaskCount": 10} for tasks in requested]


def of_strategy(strategy: str, *states, requested=(10, 10)) -> dict:
    return {
        "deploymentConfiguration": {"strategy": strategy, "bakeTimeInMinutes": 10},
        "deployments": deployments(*states),
        "currentServiceDeployment": DEPLOYMENT,
        "currentServiceRevisions": revisions(*requested),
    }


def by(controller: str, *states: str) -> dict:
    return {
        "deploymentController": {"type": controller},
        "deployments": [],
        "taskSets": [{"status": state, "stabilityStatus": "STABILIZING"} for state in states],
    }


BOTH = (("PRIMARY", ""), ("ACTIVE", ""))
IN_PROGRESS = {
    "rolling": {"deployments": deployments(("PRIMARY", "IN_PROGRESS"), ("ACTIVE", "COMPLETED"))},
    "rolling back": {"deployments": deployments(("PRIMARY", "IN_PROGRESS"), ("ACTIVE", "FAILED"))},
    "behind a classic load balancer": {"deployments": deployments(*BOTH)},
    "blue/green, scaling up": of_strategy("BLUE_GREEN", *BOTH),
    "blue/green, baking": of_strategy("BLUE_GREEN", ("PRIMARY", "")),
    "linear": of_strategy("LINEAR", *BOTH),
    "canary": of_strategy("CANARY", *BOTH, requested=(1, 10)),
    "canary, paused by a hook": of_strategy("CANARY", ("PRIMARY", ""), requested=(1, 10)),
    "CodeDeploy, installing": by("CODE_DEPLOY", "PRIMARY", "ACTIVE"),
    "CodeDeploy, draining": by("CODE_DEPLOY", "PRIMARY", "DRAINING"),
    "external, of two task sets": by("EXTERNAL", "PRIMARY", "ACTIVE"),
}
OVER = {
    "rolling, completed": {"deployments": deployments(("PRIMARY", "COMPLETED"))},
    "rolling, of a new service": {"deployments": deployments(("PRIMARY", "IN_PROGRESS"))},
    "rolling, failed": {"deployments": deployments(("PRIMARY", "FAILED"), ("ACTIVE", "COMPLETED"))},
    "rolling, cleaned up later": of_strategy(
        "ROLLING", ("PRIMARY", "COMPLETED"), ("ACTIVE", "COMPLETED"), requested=(10, 0)
    ),
    "blue/green, over": of_strategy("BLUE_GREEN", ("PRIMARY", ""), requested=(10,)),
    "CodeDeploy, over": by("CODE_DEPLOY", "PRIMARY"),
    "external, over": by("EXTERNAL", "PRIMARY"),
}


def require_members(model, shape: str, value) -> None:
    """That a value has members of a shape of botocore's alone."""
    described = model[shape]
    if described["type"] == "list":
        for item in value:
            require_members(model, described["member"]["shape"], item)
    elif described["type"] == "structure":
        for name, inner in value.items():
            assert name in described["members"], f"{shape} has no {name}"
            require_members(model, described["members"][name]["shape"], inner)
    elif "enum" in described:
        assert value in described["enum"], f"{value} is no {shape}"


@pytest.mark.parametrize("name", IN_PROGRESS | OVER)
def test_the_answers_are_of_botocores_model(name):
    model = botocore.loaders.Loader().load_service_model("ecs", "service-2")["shapes"]
    require_members(model, "Service", (IN_PROGRESS | OVER)[name])


def told(proxy, members: dict) -> None:
    def change(answer: dict) -> None:
        for service in answer["services"]:
            service.pop("deployments")
            service.update(members)

    proxy.on("ecs:DescribeServices", change_json(change))


@pytest.mark.parametrize("name", IN_PROGRESS | OVER)
def test_a_scale_out_goes_ahead(world, proxy, name):
    told(proxy, (IN_PROGRESS | OVER)[name])
    world.put_messages(50)
    outcome = once(world.environment())
    assert outcome.status == 0, outcome.stderr
    assert numbers(outcome.check) == ("scale_out", 2, 7)


@pytest.mark.parametrize("name", IN_PROGRESS)
def test_a_scale_in_waits_for_its_end(world, proxy, name):
    told(proxy, IN_PROGRESS[name])
    outcome = once(world.environment())
    assert outcome.status == 0, outcome.stderr
    assert numbers(outcome.check) == ("hold", 2, 2)
    assert "a deployment is in progress" in outcome.check["reason"]


@pytest.mark.parametrize("name", OVER)
def test_a_scale_in_goes_ahead_when_it_is_over(world, proxy, name):
    told(proxy, OVER[name])
    outcome = once(world.environment())
    assert outcome.status == 0, outcome.stderr
    assert numbers(outcome.check) == ("scale_in", 2, 1)


def test_an_answer_without_deployments_says_nothing_of_them(world, proxy):
    told(proxy, {})
    outcome = once(world.environment())
    assert numbers(outcome.check) == ("hold", 2, 2)
    assert "whether a deployment is in progress is unknown" in outcome.check["reason"]


def test_an_answer_without_tags_leaves_a_pause_in_force(world, proxy):
    """From one check to the next of the same process."""
    world.tag_service("pause", "all")
    world.put_messages(50)
    with start(["run", "--json", "--interval", "100ms"], world.environment()) as daemon:
        daemon.wait_for_lines(2)
        proxy.change_service(lambda service: service.pop("tags"))
        seen = len(daemon.wait_for_lines(3))
        lines = daemon.wait_for_lines(seen + 3)
    for check in map(json.loads, lines):
        assert check["action"] == "hold"
        assert "paused" in check["reason"]
    assert world.desired() == 2
