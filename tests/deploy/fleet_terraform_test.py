"""The Terraform module's modes for a fleet come to what the CloudFormation templates come to."""

import json

import pytest

from fleet_templates_test import resolver
from stacks import FLEET_EVERYTHING as EVERYTHING
from hcl import plain
from stacks import OWN, listed
from templates import FLEET, template
from terraform_module import SERVICE, module
from terraform_test import alarm_of_template

PLACES = {
    "fleet-sqs": {"config": "s3://fleet/fleet.json"},
    "fleet-map": {"targets_bucket": "fleet", "targets_key": "targets.json"},
}
RIGHTS = {
    "queue_arns": OWN["QueueArns"].split(","),
    "cluster_arns": OWN["ClusterArns"].split(","),
    "role_arns": EVERYTHING["RoleArns"].split(","),
    "discover_services": True,
    "respect_task_protection": True,
}


# Whether protected tasks are respected, as the module and as the templates are told.
PROTECTION = {
    "default": ({"respect_task_protection": None}, {"RespectTaskProtection": ""}),
    "true": ({"respect_task_protection": True}, {"RespectTaskProtection": "true"}),
    "false": ({"respect_task_protection": False}, {"RespectTaskProtection": "false"}),
}


def fleet(mode: str, given: dict | None = None, **variables):
    variables = {"check_interval": 60} | variables
    return module(mode, fleet=PLACES[mode] | (given or {}), **variables)


def expected(mode: str, **parameters: str):
    return resolver(mode, StateBucket="state", **parameters)


def by_sid(statements: list[dict]) -> dict[str, dict]:
    """Actions, resources and conditions as lists, since one is as good as a list of it."""
    found = {}
    for each in statements:
        conditions = {
            test: {key: listed(value) for key, value in wanted.items()}
            for test, wanted in each.get("Condition", {}).items()
        }
        rights = (sorted(listed(each["Action"])), plain(listed(each["Resource"])), conditions)
        found[each["Sid"]] = rights
    return found


def in_terraform(value: str) -> str:
    """The template's names of what is made, as the module has them."""
    for theirs, ours in {
        "arn:aws:lambda:eu-west-1:123456789012:function:stack-Function": (
            "<aws_lambda_function.this.arn>"
        ),
        "arn:aws:sqs:eu-west-1:123456789012:stack-ShardQueue": "<aws_sqs_queue.ticks.arn>",
        "stack-ShardQueue": "<aws_sqs_queue.ticks.url>",
        "stateMachine:stack": "stateMachine:fast-autoscaler",
        "execution:stack": "execution:fast-autoscaler",
    }.items():
        value = value.replace(theirs, ours)
    return value


@pytest.mark.parametrize("mode", FLEET)
@pytest.mark.parametrize(
    "interval", template("fleet-sqs")["Parameters"]["CheckInterval"]["AllowedValues"]
)
def test_the_environment_is_the_templates(mode, interval):
    made = fleet(mode, check_interval=int(interval))
    assert made.problems() == []
    function = expected(mode, CheckInterval=interval).properties("Function")
    variables = function["Environment"]["Variables"]
    assert plain(made.local("environment")) == {
        name: str(value) for name, value in variables.items() if value != ""
    }


@pytest.mark.parametrize("mode", FLEET)
def test_the_document_in_the_environment_is_the_templates(mode):
    settings = '{"min_tasks": 1, "metrics": "none"}'
    made = fleet(mode, {"config": None}, settings=settings)
    assert made.problems() == []
    nowhere = {"ConfigBucket": "", "ConfigKey": ""}
    function = expected(mode, Settings=settings, **nowhere).properties("Function")
    variables = function["Environment"]["Variables"]
    assert variables["FAST_AUTOSCALER_CONFIG"] == settings
    assert made.local("environment")["FAST_AUTOSCALER_CONFIG"] == settings


@pytest.mark.parametrize("mode", FLEET)
@pytest.mark.parametrize("given, parameters", PROTECTION.values(), ids=PROTECTION)
def test_respect_for_protection_and_its_rights_are_the_templates(mode, given, parameters):
    made, wanted = fleet(mode, RIGHTS | given), expected(mode, **EVERYTHING | parameters)
    variables = wanted.properties("Function")["Environment"]["Variables"]
    told = parameters["RespectTaskProtection"]
    assert variables["RESPECT_TASK_PROTECTION"] == told
    assert made.local("environment").get("RESPECT_TASK_PROTECTION", "") == told
    found = made.statements(made.single("aws_iam_policy_document", "fleet", "data"))
    check = wanted.properties("FunctionRole")["Policies"][0]["PolicyDocument"]["Statement"]
    seeing = {"ListTasks", "ReadTaskProtection"}
    for statements in (found, check):
        sids = {each["Sid"] for each in statements}
        assert sids & seeing == (set() if told == "false" else seeing)


@pytest.mark.parametrize("mode", FLEET)
def test_the_function_is_the_templates(mode):
    function = plain(fleet(mode, {"memory_size": 512}).single("aws_lambda_function", "this"))
    properties = expected(mode, MemorySize=512).properties("Function")
    assert (function["timeout"], function["memory_size"]) == (properties["Timeout"], 512)
    assert properties["MemorySize"] == 512
    assert function["reserved_concurrent_executions"] == -1
    assert not fleet(mode).exists("aws_lambda_function_event_invoke_config", "this")


@pytest.mark.parametrize("mode", FLEET)
@pytest.mark.parametrize("given", [{}, RIGHTS], ids=["least", "everything"])
@pytest.mark.parametrize("config", ["s3://fleet/fleet.json", "ssm:/autoscaler/fleet"])
def test_a_checks_rights_are_the_templates(mode, given, config):
    made = fleet(mode, given | {"config": config})
    found = made.statements(made.single("aws_iam_policy_document", "fleet", "data"))
    parameters = EVERYTHING if given else {}
    place = {"ConfigBucket": "fleet", "ConfigKey": "fleet.json"}
    if config.startswith("ssm:"):
        place = {"ConfigBucket": "", "ConfigKey": "", "ConfigParameter": "/autoscaler/fleet"}
    role = expected(mode, **parameters, **place).properties("FunctionRole")
    wanted = [each for policy in role["Policies"] for each in policy["PolicyDocument"]["Statement"]]
    wanted = by_sid([each for each in wanted if each["Sid"] not in ("WriteLogs", "TakeShards")])
    assert by_sid(found) == wanted
    assert len(wanted) == (9 if given else 3)


@pytest.mark.parametrize("mode", FLEET)
def test_the_state_machines_rights_are_the_templates(mode):
    made = fleet(mode)
    found = by_sid(made.statements(made.single("aws_iam_policy_document", "state_machine", "data")))
    role = expected(mode).properties("StateMachineRole")
    wanted = by_sid(role["Policies"][0]["PolicyDocument"]["Statement"])
    assert json.dumps(found) == in_terraform(json.dumps(wanted))
    (trust,) = plain(made.single("aws_iam_policy_document", "states_assumes", "data"))["statement"]
    assert trust["principals"] == [{"type": "Service", "identifiers": ["states.amazonaws.com"]}]
    conditions = {each["test"]: {each["variable"]: each["values"]} for each in trust["condition"]}
    (wanted,) = role["AssumeRolePolicyDocument"]["Statement"]
    wanted = {
        test: {key: [in_terraform(value)] for key, value in each.items()}
        for test, each in wanted["Condition"].items()
    }
    assert conditions == wanted


@pytest.mark.parametrize(
    "mode, given, parameters",
    [
        ("fleet-sqs", {"shards": 40}, {"Shards": 40}),
        (
            "fleet-map",
            {"targets_per_invocation": 50, "max_concurrency": 7},
            {"TargetsPerInvocation": 50, "MaxConcurrency": 7},
        ),
        ("fleet-sqs", {}, {}),
        ("fleet-map", {}, {}),
    ],
)
def test_the_state_machine_is_the_templates(mode, given, parameters):
    machine = plain(fleet(mode, given).single("aws_sfn_state_machine", "fleet"))
    properties = expected(mode, **parameters).properties("StateMachine")
    definition = json.loads(in_terraform(properties["DefinitionString"]))
    assert json.loads(machine["definition"]) == definition
    assert machine["type"] == properties["StateMachineType"]
    assert machine["name"] == "fast-autoscaler"


@pytest.mark.parametrize("mode", FLEET)
@pytest.mark.parametrize("enabled, state", [(True, "ENABLED"), (False, "DISABLED")])
def test_the_schedule_is_the_templates(mode, enabled, state):
    made = fleet(mode, checks_enabled=enabled)
    schedule = plain(made.single("aws_scheduler_schedule", "this"))
    properties = expected(mode, Checks=state).properties("Schedule")
    assert schedule["state"] == properties["State"] == state
    assert schedule["schedule_expression"] == properties["ScheduleExpression"]
    (target,) = schedule["target"]
    assert target["arn"] == "<aws_sfn_state_machine.fleet.arn>"
    assert target["input"] == properties["Target"]["Input"]
    (tick,) = made.statements(made.single("aws_iam_policy_document", "tick", "data"))
    assert tick["Action"] == ["states:StartExecution"]
    assert plain(tick["Resource"]) == ["<aws_sfn_state_machine.fleet.arn>"]


def test_the_queues_are_the_templates():
    made, wanted = fleet("fleet-sqs", {"max_concurrency": 40}), expected("fleet-sqs")
    shards, queue = made.single("aws_sqs_queue", "ticks"), wanted.properties("ShardQueue")
    assert shards["visibility_timeout_seconds"] == queue["VisibilityTimeout"]
    assert shards["message_retention_seconds"] == queue["MessageRetentionPeriod"]
    redrive = json.loads(shards["redrive_policy"])
    assert redrive["maxReceiveCount"] == queue["RedrivePolicy"]["maxReceiveCount"]
    mapping = made.single("aws_lambda_event_source_mapping", "ticks")
    properties = wanted.properties("ShardMapping")
    assert mapping["batch_size"] == properties["BatchSize"]
    assert mapping["function_response_types"] == properties["FunctionResponseTypes"]
    assert mapping["scaling_config"] == [{"maximum_concurrency": 40}]
    for name in ("ticks", "dead_letters"):
        assert made.exists("aws_sqs_queue", name)
        assert not fleet("fleet-map").exists("aws_sqs_queue", name)


@pytest.mark.parametrize("mode", FLEET)
def test_the_alarms_are_the_templates(mode):
    alarms = plain(fleet(mode).local("alarms"))
    resolved = expected(mode)
    wanted = [
        alarm_of_template(resolved.properties(resource))
        for resource, about in template(mode)["Resources"].items()
        if about["Type"] == "AWS::CloudWatch::Alarm"
    ]
    found = [{key: each[key] for key in each if key != "dimensions"} for each in alarms.values()]
    assert sorted(map(str, map(sorted, map(dict.items, found)))) == sorted(
        map(str, map(sorted, map(dict.items, wanted)))
    )
    dimensions = {name: alarm["dimensions"] for name, alarm in alarms.items()}
    machine = {
        "StateMachineArn": "arn:aws:states:eu-west-1:123456789012:stateMachine:fast-autoscaler"
    }
    for name, dimension in dimensions.items():
        assert dimension == {
            "late-shards": {"QueueName": "fast-autoscaler-ticks"},
            "dead-letters": {"QueueName": "fast-autoscaler-dead-letters"},
            "failed-ticks": machine,
            "failed-runs": machine,
            "slow-runs": machine,
        }.get(name, {"FunctionName": "<aws_lambda_function.this.function_name>"})


BAD = {
    "services": ({"services": {"a": SERVICE}}, {}, "in its document"),
    "no document": ({}, {"config": None}, "needs fleet.config"),
    "two documents": ({"settings": "{}"}, {}, "one document"),
    "no place": ({}, {"config": "fleet.json"}, "s3://BUCKET/KEY"),
    "queue": ({}, {"queue_arns": ["orders"]}, "ARNs of SQS queues"),
    "cluster": ({}, {"cluster_arns": ["shop"]}, "ARNs of ECS clusters"),
    "role": ({}, {"role_arns": ["target"]}, "ARNs of roles"),
    "shards": ({}, {"shards": 2000}, "1 to 1000 shards"),
    "targets": ({}, {"targets_per_invocation": 501}, "1 to 500 targets"),
}


@pytest.mark.parametrize("variables, given, told", BAD.values(), ids=BAD.keys())
def test_a_wrong_value_is_refused(variables, given, told):
    (problem,) = fleet("fleet-sqs", given, **variables).problems()
    assert told in problem


def test_a_map_without_a_list_is_refused():
    (problem,) = fleet("fleet-map", {"targets_key": None}).problems()
    assert "targets_bucket and fleet.targets_key" in problem


@pytest.mark.parametrize("mode", ["sub-minute", "sqs", "eventbridge"])
def test_a_single_service_has_nothing_of_a_fleet(mode):
    made = module(mode)
    assert not made.exists("aws_sfn_state_machine", "fleet")
    assert not made.exists("aws_iam_role_policy", "fleet")
    assert "FAST_AUTOSCALER_CONFIG" not in made.local("environment")
