"""In every mode the Terraform module comes to what the CloudFormation templates come to."""

import json

import pytest

from hcl import plain
from stacks import CODE, TARGET, listed
from templates import SINGLE, Resolver, schema_variables, template
from terraform_module import (
    ACROSS,
    FOLDER,
    MODES,
    SERVICE,
    SETTINGS,
    TARGET_ACCOUNT,
    Module,
    module,
    named,
    typed,
)

SPARED = {"respect_task_protection": True}
NOT_SPARED = {"respect_task_protection": False}


def resolver(mode: str, **parameters: str) -> Resolver:
    """The template of the same mode, with the same service and a bucket named `state`."""
    name = "eventbridge-service" if mode == "eventbridge" else mode
    made = ("StateBucketName", "FunctionArn", "FunctionRoleName")
    exports = {f"functions-{output}": "state" for output in made}
    given = {"StateBucket": "state", "FunctionStack": "functions", **CODE, **TARGET, **parameters}
    known = template(name)["Parameters"]
    given = {key: each for key, each in given.items() if key in known}
    return Resolver(name, "stack", given, exports=exports)


def camel(name: str) -> str:
    return "".join(part.title() for part in name.split("_"))


def texts(settings: dict) -> dict[str, str]:
    return {camel(key): json.dumps(value).strip('"') for key, value in settings.items()}


@pytest.mark.parametrize("mode", SINGLE)
@pytest.mark.parametrize("settings", [{}, SETTINGS], ids=["least", "everything"])
@pytest.mark.parametrize("across", [{}, ACROSS], ids=["one account", "two accounts"])
@pytest.mark.parametrize("protection", [{}, NOT_SPARED], ids=["default", "false"])
def test_the_environment_is_the_templates(mode, settings, across, protection):
    document = json.dumps(settings) if settings else None
    services = {"main": SERVICE | across | protection}
    environment = plain(module(mode, services=services, settings=document).local("environment"))
    parameters = texts(across | protection) | ({"Settings": document} if document else {})
    variables = resolver(mode, **parameters).properties("Function")["Environment"]
    expected = {name: str(value) for name, value in variables["Variables"].items() if value != ""}
    assert environment == expected
    assert "S3_CONFIG_BUCKET" in environment


@pytest.mark.parametrize("mode", SINGLE)
def test_the_program_knows_every_variable_that_is_set(mode):
    made = module(mode, services={"main": SERVICE | NOT_SPARED}, settings=json.dumps(SETTINGS))
    unknown = set(made.local("environment")) - schema_variables() - {"FAST_AUTOSCALER_CONFIG"}
    assert unknown == set()


@pytest.mark.parametrize("mode", ["sub-minute", "sqs"])
def test_the_interval_comes_to_the_same(mode):
    intervals = template(mode)["Parameters"]["CheckInterval"]["AllowedValues"]
    for interval in intervals:
        made = module(mode, check_interval=int(interval))
        assert made.problems() == []
        resolved = resolver(mode, CheckInterval=interval)
        if mode == "sub-minute":
            variables = resolved.properties("Function")["Environment"]["Variables"]
            environment = made.local("environment")
            for name in ("CHECKS_PER_INVOCATION", "CHECK_INTERVAL"):
                assert environment[name] == str(variables[name])
        else:
            expected = json.loads(resolved.properties("Schedule")["Target"]["Input"])
            ticks = json.loads(made.local("ticks_of_a_minute"))
            assert ticks["Entries"] == expected["Entries"]
            assert ticks["QueueUrl"] == "<aws_sqs_queue.ticks.url>"


def test_the_events_configuration_is_the_templates():
    more = '"policy": "backlog", "tolerance": 0.2, "count_in_flight": false'
    settings = {"policy": "backlog", "tolerance": 0.2, "count_in_flight": False}
    own = NOT_SPARED | {"settings": json.dumps(settings)}
    services = {"main": SERVICE | ACROSS | own}
    events = module("eventbridge", services=services).local("event")
    parameters = {"MoreSettings": more, "RespectTaskProtection": "false"} | texts(ACROSS)
    resolved = resolver("eventbridge", **parameters).properties("Rule")
    assert json.loads(events["main"]) == json.loads(resolved["Targets"][0]["Input"])


def test_a_function_of_several_services_has_none_in_its_environment():
    environment = plain(module("eventbridge").local("environment"))
    assert environment == {"S3_CONFIG_BUCKET": "state", "METRICS": "emf"}
    environment = plain(module("eventbridge", settings="{}").local("environment"))
    assert environment["FAST_AUTOSCALER_CONFIG"] == "{}"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("across", [{}, ACROSS], ids=["one account", "two accounts"])
@pytest.mark.parametrize("protection", [{}, SPARED, NOT_SPARED], ids=["default", "true", "false"])
def test_a_checks_rights_are_the_templates(mode, across, protection):
    made = module(mode, services={"main": SERVICE | across | protection})
    (document,) = made.instances("aws_iam_policy_document", "check", "data").values()
    found = {each["Sid"]: each for each in made.statements(document)}
    resolved = resolver(mode, **texts(across | protection))
    if mode == "eventbridge":
        names = filter(resolved.exists, ("CheckPolicy", "ProtectionPolicy"))
        policies = [resolved.properties(name)["PolicyDocument"] for name in names]
    else:
        role = resolved.properties("FunctionRole")
        policies = [policy["PolicyDocument"] for policy in role["Policies"]]
    expected = {each["Sid"]: each for policy in policies for each in policy["Statement"]}
    expected = {key: expected[key] for key in expected if key not in ("WriteLogs", "TakeTicks")}
    assert found.keys() == expected.keys()
    for sid, statement in expected.items():
        assert set(found[sid]["Action"]) == set(listed(statement["Action"]))
        assert found[sid]["Resource"] == listed(statement["Resource"])
        conditions = statement.get("Condition", {})
        assert found[sid].get("Condition", {}) == {
            test: {key: listed(value) for key, value in wanted.items()}
            for test, wanted in conditions.items()
        }


def test_the_other_roles_have_the_rights_that_the_templates_give():
    sqs, minute = module("sqs"), module("every-minute")
    rights = {}
    for made, name in ((sqs, "take_ticks"), (minute, "logs"), (sqs, "tick"), (minute, "tick")):
        document = made.single("aws_iam_policy_document", name, "data")
        (statement,) = made.statements(document)
        key = f"{name} {made.scope['var']['mode']}"
        rights[key] = (set(statement["Action"]), plain(statement["Resource"]))
    assert rights == {
        "take_ticks sqs": (
            {"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"},
            ["<aws_sqs_queue.ticks.arn>"],
        ),
        "logs every-minute": (
            {"logs:CreateLogStream", "logs:PutLogEvents"},
            ["<aws_cloudwatch_log_group.this.arn>:*"],
        ),
        "tick sqs": ({"sqs:SendMessage"}, ["<aws_sqs_queue.ticks.arn>"]),
        "tick every-minute": ({"lambda:InvokeFunction"}, ["<aws_lambda_function.this.arn>"]),
    }


@pytest.mark.parametrize("name", ["lambda", "scheduler"])
def test_only_its_service_assumes_a_role(name):
    document = module("sqs").single("aws_iam_policy_document", f"{name}_assumes", "data")
    (statement,) = plain(document["statement"])
    assert statement["actions"] == ["sts:AssumeRole"]
    assert statement["principals"] == [
        {"type": "Service", "identifiers": [f"{name}.amazonaws.com"]}
    ]
    conditions = {each["variable"]: each["values"] for each in statement.get("condition", [])}
    if name == "scheduler":
        assert conditions == {
            "aws:SourceAccount": ["123456789012"],
            "aws:SourceArn": ["<aws_scheduler_schedule_group.this.arn>"],
        }


def test_the_target_accounts_role_has_what_the_function_gives_up_for_it():
    there = typed(TARGET_ACCOUNT, "data")["aws_iam_policy_document", "scale"]
    here = typed(FOLDER, "data")["aws_iam_policy_document", "check"]["dynamic"]
    given_up = [each['"statement"']["content"][0] for each in here if "ecs:" in str(each)]
    protection = [each['"statement"'] for each in there["dynamic"]]
    assert len(protection) == 2
    assert {each["for_each"] for each in protection} == {
        '${var.respect_task_protection ? ["here"] : []}'
    }
    statements = [*there["statement"], *(each["content"][0] for each in protection)]
    assert json.dumps(statements) == json.dumps(given_up).replace("each.value.", "var.")


def test_the_target_account_respects_protection_unless_told():
    about = named(TARGET_ACCOUNT, "variable")["respect_task_protection"]
    assert (about["default"], about["nullable"]) == (True, False)


@pytest.mark.parametrize("mode", MODES)
def test_the_function_is_the_templates(mode):
    function = plain(module(mode).single("aws_lambda_function", "this"))
    expected = resolver(mode if mode != "eventbridge" else "every-minute").properties("Function")
    assert function["timeout"] == expected["Timeout"]
    assert function["memory_size"] == expected["MemorySize"]
    assert (function["runtime"], function["handler"]) == (expected["Runtime"], expected["Handler"])
    assert function["architectures"] == expected["Architectures"]
    assert function["logging_config"][0]["log_format"] == "Text"
    reserved = expected.get("ReservedConcurrentExecutions", -1) if mode != "eventbridge" else -1
    assert function["reserved_concurrent_executions"] == reserved
    assert (
        function["filename"] == "bootstrap.zip" and "bootstrap.zip" in function["source_code_hash"]
    )


@pytest.mark.parametrize("mode", MODES)
def test_what_there_is_is_what_the_mode_needs(mode):
    made = module(mode)
    resources = {
        "aws_lambda_function_event_invoke_config.this": mode != "sqs",
        "aws_scheduler_schedule.this": mode != "eventbridge",
        "aws_sqs_queue.ticks": mode == "sqs",
        "aws_sqs_queue.dead_letters": mode == "sqs",
        "aws_lambda_event_source_mapping.ticks": mode == "sqs",
        "aws_s3_bucket.state": False,
    }
    found = {name: made.exists(*name.split(".")) for name in resources}
    assert found == resources
    assert Module(mode, zip="a.zip").exists("aws_s3_bucket", "state")
    rules = made.instances("aws_cloudwatch_event_rule", "tick")
    assert len(rules) == (1 if mode == "eventbridge" else 0)


@pytest.mark.parametrize("enabled, state", [(True, "ENABLED"), (False, "DISABLED")])
@pytest.mark.parametrize("mode", SINGLE)
def test_the_schedule_is_the_templates(mode, enabled, state):
    schedule = plain(module(mode, checks_enabled=enabled).single("aws_scheduler_schedule", "this"))
    expected = resolver(mode, Checks=state).properties("Schedule")
    assert schedule["state"] == expected["State"] == state
    assert schedule["schedule_expression"] == expected["ScheduleExpression"]
    assert schedule["flexible_time_window"] == [{"mode": "OFF"}]
    (target,) = schedule["target"]
    retry = expected["Target"]["RetryPolicy"]
    assert target["retry_policy"] == [
        {
            "maximum_retry_attempts": retry["MaximumRetryAttempts"],
            "maximum_event_age_in_seconds": retry["MaximumEventAgeInSeconds"],
        }
    ]
    if mode == "sqs":
        assert target["arn"] == expected["Target"]["Arn"]
    else:
        assert target["arn"] == "<aws_lambda_function.this.arn>"
        assert target["input"] == expected["Target"]["Input"] == "{}"


def test_the_rule_is_the_templates():
    made = module("eventbridge", checks_enabled=False)
    (rule,) = made.instances("aws_cloudwatch_event_rule", "tick").values()
    expected = resolver("eventbridge", Checks="DISABLED").properties("Rule")
    assert rule["state"] == expected["State"]
    assert rule["schedule_expression"] == expected["ScheduleExpression"]
    (target,) = plain(made.instances("aws_cloudwatch_event_target", "function")).values()
    assert target["input"] == made.local("event")["main"]
    assert target["arn"] == "<aws_lambda_function.this.arn>"
    assert target["retry_policy"] == [
        {"maximum_retry_attempts": 0, "maximum_event_age_in_seconds": 60}
    ]
    (permission,) = plain(made.instances("aws_lambda_permission", "rule")).values()
    assert permission["principal"] == "events.amazonaws.com"
    assert permission["source_arn"] == "<aws_cloudwatch_event_rule.tick.main.arn>"


def test_the_queues_are_the_templates():
    made, expected = module("sqs"), resolver("sqs")
    ticks = plain(made.single("aws_sqs_queue", "ticks"))
    queue = expected.properties("TickQueue")
    assert ticks["visibility_timeout_seconds"] == queue["VisibilityTimeout"]
    assert ticks["message_retention_seconds"] == queue["MessageRetentionPeriod"]
    redrive = json.loads(ticks["redrive_policy"])
    assert redrive["maxReceiveCount"] == queue["RedrivePolicy"]["maxReceiveCount"]
    dead = made.single("aws_sqs_queue", "dead_letters")
    retention = expected.properties("DeadLetterQueue")["MessageRetentionPeriod"]
    assert dead["message_retention_seconds"] == retention
    mapping = made.single("aws_lambda_event_source_mapping", "ticks")
    properties = expected.properties("TickMapping")
    assert mapping["batch_size"] == properties["BatchSize"]
    assert mapping["function_response_types"] == properties["FunctionResponseTypes"]
    concurrency = properties["ScalingConfig"]["MaximumConcurrency"]
    assert mapping["scaling_config"] == [{"maximum_concurrency": concurrency}]


def test_a_tick_that_failed_or_is_late_is_dropped():
    made = module("every-minute").single("aws_lambda_function_event_invoke_config", "this")
    expected = resolver("every-minute").properties("FunctionInvokeConfig")
    assert made["maximum_retry_attempts"] == expected["MaximumRetryAttempts"]
    assert made["maximum_event_age_in_seconds"] == expected["MaximumEventAgeInSeconds"]


def alarm_of_template(properties: dict) -> dict:
    return {
        "description": properties["AlarmDescription"],
        "namespace": properties["Namespace"],
        "metric": properties["MetricName"],
        "statistic": properties["Statistic"],
        "period": properties["Period"],
        "periods": properties["EvaluationPeriods"],
        "datapoints": properties["DatapointsToAlarm"],
        "threshold": properties["Threshold"],
        "comparison": properties["ComparisonOperator"],
        "missing": properties["TreatMissingData"],
    }


@pytest.mark.parametrize("mode", MODES)
def test_the_alarms_are_the_templates(mode):
    alarms = plain(module(mode).local("alarms"))
    names = [mode] if mode != "eventbridge" else ["eventbridge", "eventbridge-service"]
    expected = []
    for name in names:
        resolved = resolver(mode) if name != "eventbridge" else None
        if resolved is None:
            resolved = Resolver(name, "stack", {"StateBucket": "state"})
        for resource, about in template(name)["Resources"].items():
            if about["Type"] == "AWS::CloudWatch::Alarm":
                expected.append(alarm_of_template(resolved.properties(resource)))
    found = [{key: each[key] for key in each if key != "dimensions"} for each in alarms.values()]

    def in_order(items: list[dict]) -> list[str]:
        return sorted(json.dumps(item, sort_keys=True) for item in items)

    assert in_order(found) == in_order(expected)
    for alarm in alarms.values():
        dimensions = {
            "AWS/Lambda": {"FunctionName": "<aws_lambda_function.this.function_name>"},
            "AWS/SQS": {"QueueName": "fast-autoscaler-dead-letters"},
            "FastAutoscaler": {"ClusterName": "shop", "ServiceName": "worker"},
        }
        assert alarm["dimensions"] == dimensions[alarm["namespace"]]


def test_an_alarm_tells_the_topic():
    made = module("sqs", alarm_topic_arn="arn:aws:sns:eu-west-1:123456789012:alarms")
    for alarm in made.instances("aws_cloudwatch_metric_alarm", "this").values():
        assert alarm["alarm_actions"] == ["arn:aws:sns:eu-west-1:123456789012:alarms"]
        assert alarm["ok_actions"] == alarm["alarm_actions"]
        assert alarm["actions_enabled"] is True
