"""The CloudFormation templates as they are written: right for cfn-lint, alike where they do the
same, and with no right that is wider than it need be."""

import json
import re

import cfnlint.api
import pytest
import yaml
from cfnlint.config import ManualArgs

from stacks import FLEET_OF, OWN
from templates import (
    ACCOUNT,
    ALL,
    FLEET,
    FOLDER,
    PROJECT,
    REGION,
    SINGLE,
    Resolver,
    resources_of,
    schema_variables,
    template,
    text_of,
)

FUNCTIONS = (*SINGLE, "eventbridge")

# What differs from mode to mode.
OF_THE_MODE = {"CHECKS_PER_INVOCATION", "CHECK_INTERVAL", "METRICS"}


def lint(text: str) -> list[str]:
    found = cfnlint.api.lint(text, config=ManualArgs(regions=["eu-west-1", "us-east-1"]))
    return [f"{each.rule.id} {each.message}" for each in found]


def test_every_template_is_known():
    assert {path.stem for path in FOLDER.iterdir()} == set(ALL)


@pytest.mark.parametrize("name", ALL)
def test_cfn_lint_finds_nothing(name):
    assert lint(text_of(name)) == []


def test_cfn_lint_would_find_something():
    spoilt = text_of("every-minute").replace("MemorySize: 128", "MemorySize: a lot")
    assert any("a lot" in problem for problem in lint(spoilt))


@pytest.mark.parametrize("name", ALL)
def test_every_parameter_says_what_it_is_for_and_is_used(name):
    content = template(name)
    text = text_of(name).partition("\nConditions:")[2]
    for parameter, about in content["Parameters"].items():
        assert about["Description"], parameter
        constraints = {"AllowedPattern", "AllowedValues", "MinValue"}
        assert constraints & about.keys(), f"{parameter} takes anything"
        assert re.search(rf"\b{parameter}\b", text), f"{parameter} is not used"


@pytest.mark.parametrize("name", [name for name in ALL if name != "target-account"])
def test_every_parameter_is_in_one_group(name):
    groups = template(name)["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    grouped = [parameter for group in groups for parameter in group["Parameters"]]
    assert sorted(grouped) == sorted(template(name)["Parameters"])


# --- what is the same in several is the same to the letter

SHARED_RESOURCES = (
    "FunctionRole",
    "FunctionInvokeConfig",
    "LogGroup",
    "NewStateBucket",
    "NewStateBucketPolicy",
    "ScheduleGroup",
    "NoChecksAlarm",
    "ThrottlesAlarm",
)


def without_tick_policy(resource: dict) -> dict:
    """The mode's own right is to take the ticks."""
    policies = resource["Properties"].get("Policies")
    if not policies:
        return resource
    kept = [policy for policy in policies if policy["PolicyName"] != "ticks"]
    return {**resource, "Properties": {**resource["Properties"], "Policies": kept}}


@pytest.mark.parametrize("resource", SHARED_RESOURCES)
def test_a_resource_is_the_same_in_every_template_for_one_service(resource):
    found = [
        without_tick_policy(template(name)["Resources"][resource])
        for name in SINGLE
        if resource in template(name)["Resources"]
    ]
    assert len(found) >= 2
    assert all(each == found[0] for each in found)


def test_a_parameter_is_the_same_in_every_template():
    # Their values depend on the mode.
    seen = {}
    for name in ALL:
        for parameter, about in template(name)["Parameters"].items():
            if parameter == "CheckInterval":
                continue
            assert seen.setdefault(parameter, about) == about, f"{parameter} in {name}"
    assert len(seen) > 30


def test_the_function_differs_only_in_its_time_and_its_settings():
    def common(name: str) -> dict:
        properties = dict(template(name)["Resources"]["Function"]["Properties"])
        for own in ("Timeout", "Environment", "ReservedConcurrentExecutions"):
            properties.pop(own, None)
        return properties

    assert all(common(name) == common("every-minute") for name in FUNCTIONS)


def test_the_settings_are_the_same_for_every_template_for_one_service():
    def settings(name: str) -> dict:
        function = template(name)["Resources"]["Function"]["Properties"]
        variables = dict(function["Environment"]["Variables"])
        for own in OF_THE_MODE:
            variables.pop(own, None)
        return variables

    assert all(settings(name) == settings("every-minute") for name in SINGLE)


# --- the settings

DOCUMENT = "FAST_AUTOSCALER_CONFIG"  # where the program finds all settings that have no variable
# What a template names, with the rights to it, and between which bounds. They win over a document.
NAMED = {
    *("ECS_CLUSTER", "SERVICE_NAME", "SQS_QUEUE_URL", "S3_CONFIG_BUCKET"),
    *("TARGET_ROLE_ARN", "TARGET_EXTERNAL_ID", "RESPECT_TASK_PROTECTION"),
    *("MIN_TASKS", "MAX_TASKS"),
}


NOWHERE = {"ConfigBucket": "", "ConfigKey": "", "ConfigParameter": ""}  # else it has the document


def variables_of(name: str) -> dict:
    function = template(name)["Resources"]["Function"]["Properties"]
    return function["Environment"]["Variables"]


def test_a_variable_of_its_own_has_only_what_is_named():
    """Any other would keep the settings from saying it."""
    for name in SINGLE:
        assert set(variables_of(name)) - OF_THE_MODE - {DOCUMENT} == NAMED
    for name in ("eventbridge", *FLEET):
        assert set(variables_of(name)) - OF_THE_MODE - {DOCUMENT} <= NAMED


@pytest.mark.parametrize("name", [*FUNCTIONS, *FLEET])
def test_all_settings_can_be_given_in_every_template(name):
    about = template(name)["Parameters"]["Settings"]
    document = {"policy": "backlog", "behavior": {"scale_in": {"stabilization_window": 300}}}
    for text in ("", json.dumps(document), "\n" + json.dumps(document, indent=2) + "\n"):
        assert re.fullmatch(about["AllowedPattern"], text)
    for text in ("policy", "s3://bucket/key", "[]", '"policy": "backlog"'):
        assert not re.fullmatch(about["AllowedPattern"], text)
    # Of the 4 KB of a function's environment.
    assert about["MaxLength"] == 3 * 1024
    given = json.dumps(document)
    assert resolver(name, Settings=given, **NOWHERE).resolve(variables_of(name)[DOCUMENT]) == given


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_program_knows_every_variable_that_is_set(name):
    unknown = set(variables_of(name)) - schema_variables() - {DOCUMENT}
    assert unknown == set()


def test_the_loop_begins_no_check_that_has_no_time():
    function = template("sub-minute")["Resources"]["Function"]["Properties"]
    assert function["Timeout"] < 60  # never into the next minute's
    intervals = template("sub-minute")["Parameters"]["CheckInterval"]["AllowedValues"]
    by_interval = template("sub-minute")["Mappings"]["ByInterval"]
    assert set(intervals) == set(by_interval)
    for interval, checks in by_interval.items():
        last = (checks["Checks"] - 1) * int(interval)
        assert last <= function["Timeout"] - 3, f"{interval} s: the last check at {last} s"
        assert checks["Checks"] * int(interval) <= 60
        assert last + int(interval) > 55, f"{interval} s: a check more has time"


def test_the_ticks_of_a_minute_are_evenly_spread():
    intervals = template("sqs")["Parameters"]["CheckInterval"]["AllowedValues"]
    by_interval = template("sqs")["Mappings"]["ByInterval"]
    assert set(intervals) == set(by_interval)
    for interval, ticks in by_interval.items():
        entries = yaml.safe_load(ticks["Ticks"])
        delays = [entry["DelaySeconds"] for entry in entries]
        assert delays == list(range(0, 60, int(interval)))
        assert len({entry["Id"] for entry in entries}) == len(entries) <= 10
        assert {entry["MessageBody"] for entry in entries} == {"{}"}


def test_a_tick_lives_long_enough_and_no_longer():
    queue = template("sqs")["Resources"]["TickQueue"]["Properties"]
    timeout = template("sqs")["Resources"]["Function"]["Properties"]["Timeout"]
    assert queue["VisibilityTimeout"] >= 6 * timeout  # what AWS asks of a function's queue
    tries = queue["RedrivePolicy"]["maxReceiveCount"]
    assert queue["MessageRetentionPeriod"] >= 60 + tries * queue["VisibilityTimeout"]
    assert queue["MessageRetentionPeriod"] <= 600


# --- permissions

LOOKING = {"DiscoverServices": "true", "RespectTaskProtection": "true"}
VALUES = {
    "every-minute": {},
    "eventbridge-service": {"FunctionStack": "functions"},
    "target-account": {"FunctionRoleArn": "arn:aws:iam::123456789012:role/function"},
    **{name: FLEET_OF[name] | OWN | LOOKING for name in FLEET},
}
GIVEN = {
    "QueueArn": "arn:aws:sqs:eu-west-1:123456789012:orders",
    "ClusterName": "shop",
    "ServiceName": "worker",
}
EXPORTS = {
    "functions-StateBucketName": "state",
    "functions-FunctionRoleName": "function-role",
    "functions-FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:function",
}


def resolver(name: str, **parameters: str) -> Resolver:
    bucket = {"StateBucket": "state"} if "StateBucket" in template(name)["Parameters"] else {}
    given = {**GIVEN, **VALUES.get(name, {}), **bucket, **parameters}
    return Resolver(name, "stack", given, exports=EXPORTS)


def allowed(name: str, **parameters: str) -> list[dict]:
    """Every statement of the template that allows anything to anybody's role."""
    resolve = resolver(name, **parameters)
    documents = []
    for role in resources_of(name, "AWS::IAM::Role"):
        policies = resolve.properties(role).get("Policies", [])
        documents += [policy["PolicyDocument"] for policy in policies]
    for policy in filter(resolve.exists, resources_of(name, "AWS::IAM::Policy")):
        documents.append(resolve.properties(policy)["PolicyDocument"])
    return [statement for document in documents for statement in document["Statement"]]


def check_statements(name: str, **parameters: str) -> list[dict]:
    """Those that a check needs, whatever starts it."""
    others = {"WriteLogs", "TakeTicks", "Tick"}
    return [each for each in allowed(name, **parameters) if each["Sid"] not in others]


ACROSS = {"TargetRoleArn": "arn:aws:iam::999999999999:role/target"}
IN_CLUSTERS = (
    {"ArnLike": {"ecs:cluster": [OWN["ClusterArns"]]}},
    {"ArnEquals": {"ecs:cluster": f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/shop"}},
)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("parameters", [{}, ACROSS], ids=["one account", "two accounts"])
def test_no_right_is_on_everything(name, parameters):
    statements = allowed(name, **parameters)
    assert statements
    for statement in statements:
        actions, resources = statement["Action"], statement["Resource"]
        in_clusters = statement.get("Condition") in IN_CLUSTERS
        for action in [actions] if isinstance(actions, str) else actions:
            assert "*" not in action, statement
        for resource in [resources] if isinstance(resources, str) else resources:
            arn = re.fullmatch(r"arn:aws:[a-z0-9]+:([a-z0-9-]*|\*):[0-9]*:.+", resource)
            # IAM knows no resource for these.
            assert arn or (in_clusters and actions in ("ecs:ListServices", "ecs:ListTasks"))
            # A wildcard only for the objects under one service's state, one cluster's tasks and one
            # log group's streams; for a fleet, for the whole state, what it is told, and what is in
            # its clusters.
            of_fleet = name in FLEET and (resource in OWN["QueueArns"] or in_clusters)
            if arn and "*" in resource and not of_fleet:
                service = "" if name in FLEET else "shop/worker/"
                assert re.fullmatch(
                    rf"arn:aws:s3:::state/autoscaling-state/{service}\*"
                    r"|arn:aws:ecs:eu-west-1:123456789012:task/shop/\*"
                    r"|arn:aws:logs:eu-west-1:123456789012:log-group:[^*]+:\*"
                    r"|arn:aws:states:eu-west-1:123456789012:execution:stack:\*",
                    resource,
                ), statement


def by_sid(statements: list[dict]) -> dict[str, dict]:
    found = {each["Sid"]: each for each in statements}
    assert len(found) == len(statements)
    return found


@pytest.mark.parametrize("parameters", [{}, ACROSS], ids=["one account", "two accounts"])
def test_a_checks_rights_are_the_same_in_every_template(parameters):
    expected = check_statements("every-minute", **parameters)
    assert len(expected) == (4 if parameters else 6)
    for name in SINGLE:
        assert check_statements(name, **parameters) == expected, name
    # There they are two policies.
    of_a_rule = check_statements("eventbridge-service", **parameters)
    assert by_sid(of_a_rule) == by_sid(expected)


def test_a_service_in_another_account_is_reached_by_its_role_alone():
    here, across = check_statements("every-minute"), check_statements("every-minute", **ACROSS)
    assert "ecs:" in str(here) and "sts:" not in str(here)
    assert "ecs:" not in str(across)
    assume = [each for each in across if each.get("Action") == "sts:AssumeRole"]
    assert [each["Resource"] for each in assume] == [ACROSS["TargetRoleArn"]]


@pytest.mark.parametrize("choice, count", [("", 3), ("true", 3), ("false", 1)])
def test_the_target_role_has_what_the_function_gives_up_for_it(choice, count):
    there = allowed("target-account", RespectTaskProtection=choice)
    here = check_statements("every-minute", RespectTaskProtection=choice)
    assert there == [each for each in here if "ecs:" in str(each["Action"])]
    assert len(there) == count


WITH_PROTECTION = [name for name in ALL if "RespectTaskProtection" in template(name)["Parameters"]]


def test_the_rights_to_see_protected_tasks_are_a_choice_everywhere():
    assert WITH_PROTECTION == [name for name in ALL if name != "eventbridge"]


@pytest.mark.parametrize("name", WITH_PROTECTION)
def test_the_rights_to_see_protected_tasks_are_there_unless_they_are_not_needed(name):
    seeing = {"ListTasks", "ReadTaskProtection"}
    sids = {
        choice: {each["Sid"] for each in allowed(name, RespectTaskProtection=choice)}
        for choice in ("", "true", "false")
    }
    assert sids[""] == sids["true"] == sids["false"] | seeing
    assert not sids["false"] & seeing


def test_the_target_role_asks_for_the_external_id():
    trust = resolver("target-account", ExternalId="shop-42").properties("TargetRole")
    (statement,) = trust["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Condition"] == {"StringEquals": {"sts:ExternalId": "shop-42"}}
    trust = resolver("target-account").properties("TargetRole")
    assert "Condition" not in trust["AssumeRolePolicyDocument"]["Statement"][0]


@pytest.mark.parametrize("name", SINGLE)
def test_the_schedules_role_is_the_schedules_alone(name):
    trust = resolver(name).properties("ScheduleRole")["AssumeRolePolicyDocument"]["Statement"]
    group = "arn:aws:scheduler:eu-west-1:123456789012:schedule-group/stack"
    assert [each["Condition"] for each in trust] == [
        {"StringEquals": {"aws:SourceAccount": "123456789012", "aws:SourceArn": group}}
    ]
    assert resolver(name).properties("ScheduleGroup")["Name"] == "stack"


def test_the_readme_names_the_same_rights():
    section = (PROJECT / "README.md").read_text().partition("### Permissions")[2]
    shown = json.loads(re.search(r"```json\n(.*?)```", section, re.DOTALL)[1])["Statement"]
    places = {"QueueArn": "arn:aws:sqs:REGION:ACCOUNT:QUEUE", "StateBucket": "BUCKET"}
    expected = check_statements(
        "every-minute", **places, ClusterName="CLUSTER", ServiceName="SERVICE"
    )
    for statement in expected:
        del statement["Sid"]
    text = json.dumps(expected).replace(REGION, "REGION").replace(ACCOUNT, "ACCOUNT")
    assert shown == json.loads(text)
