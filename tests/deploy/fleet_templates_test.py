"""The templates of a fleet: what they share, what moto makes of them, and what their state machines
do. (What their roles may do has a file of its own.)"""

import json

import pytest

from stacks import CODE, FLEET_OF, ROLE, actions_by_resource, statements_of
from state_machines import interpreted, run, with_what_moto_knows
from stacks_test import NOT_IN_MOTO, TOPIC
from templates import ACCOUNT, FLEET, REGION, Resolver, schema_variables, template
from templates_test import lint

ARN = f"{REGION}:{ACCOUNT}"


def resolver(name: str, **parameters: str) -> Resolver:
    return Resolver(name, "stack", CODE | FLEET_OF[name] | parameters)


# --- what is the same

OF_THE_MODE = {
    "FailedInvocationsAlarm",
    "FailedTicksAlarm",
    "LateShardsAlarm",
    "DeadLettersAlarm",
    "DeadLetterQueue",
    "QueuePolicy",
    "ShardMapping",
    "ShardQueue",
    "FailedChecksAlarm",
    "FailedRunsAlarm",
    "SlowRunsAlarm",
    "StateMachine",
    "StateMachineRole",
}


def test_what_is_not_of_the_mode_is_the_same_in_both():
    found = []
    for name in FLEET:
        content = template(name)
        shared = {key: each for key, each in content["Resources"].items() if key not in OF_THE_MODE}
        policies = shared["FunctionRole"]["Properties"]["Policies"]
        kept = [each for each in policies if each["PolicyName"] != "shards"]
        properties = shared["FunctionRole"]["Properties"] | {"Policies": kept}
        shared["FunctionRole"] = shared["FunctionRole"] | {"Properties": properties}
        found.append((shared, content["Conditions"], content["Mappings"]))
    assert found[0] == found[1]
    assert len(found[0][0]) >= 9


# The template for one service that does the same.
SAME = {
    "fleet-sqs": ("sqs", {"DeadLetterQueue", "FailedInvocationsAlarm"}),
    "fleet-map": ("every-minute", {"FailedChecksAlarm"}),
}
EVERYWHERE = {
    "LogGroup",
    "NewStateBucket",
    "NewStateBucketPolicy",
    "ScheduleGroup",
    "NoChecksAlarm",
    "ThrottlesAlarm",
}


@pytest.mark.parametrize("name", FLEET)
def test_what_a_single_service_has_too_is_as_there(name):
    single, more = SAME[name]
    for resource in EVERYWHERE | more:
        ours, theirs = (template(each)["Resources"][resource] for each in (name, single))
        assert ours == theirs, resource


def test_the_queues_are_reached_only_over_tls():
    ours, theirs = (
        json.dumps(template(name)["Resources"]["QueuePolicy"]) for name in ("fleet-sqs", "sqs")
    )
    assert ours == theirs.replace("TickQueue", "ShardQueue")
    for name in ("ShardQueue", "DeadLetterQueue"):
        assert resolver("fleet-sqs").properties(name)["SqsManagedSseEnabled"] is True


def test_the_loop_is_that_of_a_single_service():
    of_one = template("sub-minute")["Mappings"]["ByInterval"]
    of_fleet = template("fleet-sqs")["Mappings"]["ByInterval"]
    assert of_fleet == of_one | {"60": {"Checks": 1}}
    timeouts = {
        name: template(name)["Resources"]["Function"]["Properties"]["Timeout"]
        for name in ("sub-minute", *FLEET)
    }
    assert set(timeouts.values()) == {58}


def test_a_shard_lives_long_enough_and_no_longer():
    queue = template("fleet-sqs")["Resources"]["ShardQueue"]["Properties"]
    timeout = template("fleet-sqs")["Resources"]["Function"]["Properties"]["Timeout"]
    assert queue["VisibilityTimeout"] >= 2 * timeout
    tries = queue["RedrivePolicy"]["maxReceiveCount"]
    assert 60 + tries * queue["VisibilityTimeout"] <= queue["MessageRetentionPeriod"] <= 300


# --- the configuration

NEITHER = {"ConfigBucket": "", "ConfigKey": ""}


@pytest.mark.parametrize(
    "parameters, location",
    [
        ({"ConfigBucket": "fleet", "ConfigKey": "a/fleet.json"}, "s3://fleet/a/fleet.json"),
        (
            {"ConfigBucket": "", "ConfigKey": "", "ConfigParameter": "/autoscaler/fleet"},
            "ssm:/autoscaler/fleet",
        ),
    ],
    ids=["S3", "SSM"],
)
@pytest.mark.parametrize("name", FLEET)
def test_the_configuration_is_found_and_may_be_read(aws, name, parameters, location):
    stack = aws.make(name, **parameters)
    assert stack.resolver.refusals() == []
    assert stack.environment()["FAST_AUTOSCALER_CONFIG"] == location
    rights = actions_by_resource(statements_of(stack.role_policies("FunctionRole")))
    where = {
        "s3://fleet/a/fleet.json": ("arn:aws:s3:::fleet/a/fleet.json", {"s3:GetObject"}),
        "ssm:/autoscaler/fleet": (
            f"arn:aws:ssm:{ARN}:parameter/autoscaler/fleet",
            {"ssm:GetParameter"},
        ),
    }
    resource, actions = where.pop(location)
    assert rights[resource] == actions
    assert not any(other in rights for other, _ in where.values())


@pytest.mark.parametrize("name", FLEET)
def test_the_configuration_may_be_in_the_environment_itself(aws, name):
    settings = '{"discover": [{"clusters": ["shop"]}], "metrics": "none"}'
    stack = aws.make(name, **NEITHER, Settings=settings)
    assert stack.resolver.refusals() == []
    assert stack.environment()["FAST_AUTOSCALER_CONFIG"] == settings
    sids = {each["Sid"] for each in statements_of(stack.role_policies("FunctionRole"))}
    assert not sids & {"ReadConfiguration", "ReadConfigurationParameter"}


def test_a_list_of_targets_needs_no_configuration_beside_it(aws):
    environment = aws.make("fleet-map").environment()
    assert environment["FAST_AUTOSCALER_CONFIG"] == ""


BOTH = {"ConfigBucket": "fleet", "ConfigKey": "fleet.json", "ConfigParameter": "/fleet"}
HALF = {"ConfigBucket": "fleet", "ConfigKey": ""}
SETTINGS_TOO = {"ConfigBucket": "fleet", "ConfigKey": "fleet.json", "Settings": "{}"}


@pytest.mark.parametrize(
    "name, parameters",
    [
        ("fleet-sqs", NEITHER),
        ("fleet-sqs", BOTH),
        ("fleet-sqs", HALF),
        ("fleet-map", BOTH),
        ("fleet-map", HALF),
        ("fleet-sqs", SETTINGS_TOO),
        ("fleet-map", SETTINGS_TOO),
    ],
)
def test_a_configuration_that_is_not_one_is_refused(name, parameters):
    assert len(resolver(name, **parameters).refusals()) == 1


@pytest.mark.parametrize("name", FLEET)
def test_the_environment(fleets, aws, name):
    environment = fleets[name].environment()
    environment.pop("FAST_AUTOSCALER_CONFIG")
    assert environment == {
        "S3_CONFIG_BUCKET": fleets[name].outputs["StateBucketName"],
        "CHECKS_PER_INVOCATION": "1",
        "CHECK_INTERVAL": "60",
        "RESPECT_TASK_PROTECTION": "true",
    }
    assert environment.keys() <= schema_variables()
    looping = aws.make(name, CheckInterval="10").environment()
    assert (looping["CHECKS_PER_INVOCATION"], looping["CHECK_INTERVAL"]) == ("6", "10")


# --- the stacks


@pytest.mark.parametrize("name", FLEET)
def test_moto_makes_everything_that_it_can(fleets, name):
    assert fleets[name].not_made() <= NOT_IN_MOTO
    assert fleets[name].outputs.keys() == template(name)["Outputs"].keys()


@pytest.mark.parametrize("name", FLEET)
def test_the_schedule_starts_the_state_machine_each_minute(aws, name):
    stack = aws.make(name)
    schedule = stack.schedule()
    assert (schedule["ScheduleExpression"], schedule["State"]) == ("rate(1 minute)", "ENABLED")
    target = schedule["Target"]
    assert target["Arn"] == stack.outputs["StateMachineArn"]
    assert target["RoleArn"].endswith("/" + stack.made["ScheduleRole"])
    assert target["RetryPolicy"] == {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60}
    assert aws.make(name, Checks="DISABLED").schedule()["State"] == "DISABLED"


def test_the_shards_feed_the_function_one_by_one(aws):
    stack = aws.make("fleet-sqs", MaximumConcurrency="40")
    (mapping,) = aws.client("lambda").list_event_source_mappings(
        FunctionName=stack.made["Function"]
    )["EventSourceMappings"]
    assert mapping["EventSourceArn"].endswith(":" + stack.outputs["ShardQueueUrl"].split("/")[-1])
    assert mapping["BatchSize"] == 1
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert int(mapping["ScalingConfig"]["MaximumConcurrency"]) == 40


# Metric, statistic, threshold, how missing data counts, and so many periods of so many.
FAILED = ("Errors", "Sum", 1, "notBreaching", "3 of 5 x 60 s")
COMMON = {
    "NoChecksAlarm": ("Invocations", "Sum", 1, "breaching", "5 of 5 x 60 s"),
    "ThrottlesAlarm": ("Throttles", "Sum", 5, "notBreaching", "2 of 2 x 300 s"),
}
NOT_RUN = ("ExecutionsFailed", "Sum", 1, "notBreaching", "3 of 5 x 60 s")
VISIBLE, AGE = "ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"
ALARMS = {
    "fleet-sqs": COMMON
    | {
        "FailedInvocationsAlarm": FAILED,
        "FailedTicksAlarm": NOT_RUN,
        "LateShardsAlarm": (AGE, "Maximum", 120, "notBreaching", "5 of 5 x 60 s"),
        "DeadLettersAlarm": (VISIBLE, "Maximum", 1, "notBreaching", "1 of 1 x 60 s"),
    },
    "fleet-map": COMMON
    | {
        "FailedChecksAlarm": FAILED,
        "FailedRunsAlarm": NOT_RUN,
        "SlowRunsAlarm": ("ExecutionsTimedOut", "Sum", 1, "notBreaching", "1 of 5 x 60 s"),
    },
}


@pytest.mark.parametrize("name", FLEET)
def test_the_alarms(aws, name):
    stack = aws.make(name, AlarmTopicArn=TOPIC)
    alarms = stack.alarms()
    shown = {
        alarm: (
            about["MetricName"],
            about["Statistic"],
            about["Threshold"],
            about["TreatMissingData"],
            f"{about['DatapointsToAlarm']} of {about['EvaluationPeriods']} x {about['Period']} s",
        )
        for alarm, about in alarms.items()
    }
    assert shown == ALARMS[name]
    shards = stack.outputs.get("ShardQueueUrl", "").rsplit("/", 1)[-1]
    dead = stack.outputs.get("DeadLetterQueueUrl", "").rsplit("/", 1)[-1]
    for alarm, about in alarms.items():
        (dimension,) = about["Dimensions"]
        assert (
            dimension["Value"]
            == {
                "AWS/Lambda": stack.made["Function"],
                "AWS/States": stack.outputs["StateMachineArn"],
                "AWS/SQS": shards if alarm == "LateShardsAlarm" else dead,
            }[about["Namespace"]]
        )
        assert about["AlarmActions"] == about["OKActions"] == [TOPIC]
        assert about["ActionsEnabled"] is True
    silent = aws.make(name, Checks="DISABLED").alarms().values()
    assert {alarm["ActionsEnabled"] for alarm in silent} == {False}


# --- the state machines


def definition_of(stack) -> dict:
    return json.loads(stack.properties("StateMachine")["DefinitionString"])


@pytest.mark.parametrize("name", FLEET)
def test_cfn_lint_finds_nothing_in_the_definition(fleets, name):
    """It looks into a definition only where that is no text with values in it."""
    properties = {"RoleArn": ROLE, "Definition": definition_of(fleets[name])}
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
    assert lint(json.dumps({"Resources": {"Machine": machine}})) == []
    properties["Definition"]["StartAt"] = "Nowhere"
    assert any("Nowhere" in each for each in lint(json.dumps({"Resources": {"Machine": machine}})))


def test_each_shard_is_one_invocation(aws, monkeypatch):
    stack = aws.make("fleet-sqs", Shards="12")
    with interpreted(aws, monkeypatch) as function:
        execution = run(aws, definition_of(stack))
    assert execution["status"] == "SUCCEEDED"
    # moto's event source mapping takes what is sent at once.
    records = [record for event in function.events for record in event["Records"]]
    assert len(function.events) == len(records) == 12
    shards = [json.loads(record["body"]) for record in records]
    assert sorted(shards, key=str) == sorted(({"shard": f"{n}/12"} for n in range(1, 13)), key=str)


def put_targets(aws, stack, batches: list) -> dict:
    """A definition that runs in moto, and batches where its list is: moto has no ItemBatcher, so
    each item is what that makes of several."""
    definition = with_what_moto_knows(definition_of(stack))
    s3, reader = aws.client("s3"), definition["States"]["Check"]["ItemReader"]
    where = reader["Parameters"]
    if where["Bucket"] not in {each["Name"] for each in s3.list_buckets()["Buckets"]}:
        place = {"LocationConstraint": REGION}
        s3.create_bucket(Bucket=where["Bucket"], CreateBucketConfiguration=place)
    s3.put_object(**where, Body=json.dumps([{"Items": batch} for batch in batches]))
    return definition


TARGETS = [{"service_name": f"worker-{n}"} for n in range(6)]
BATCHES = [TARGETS[0:2], TARGETS[2:4], TARGETS[4:6]]


def test_each_batch_is_an_invocation_with_its_targets(aws, fleets, monkeypatch):
    definition = put_targets(aws, fleets["fleet-map"], BATCHES)
    with interpreted(aws, monkeypatch) as function:
        execution = run(aws, definition)
    assert execution["status"] == "SUCCEEDED"
    found = sorted(function.events, key=str)
    assert found == [{"config": {"targets": batch}} for batch in BATCHES]
    # The results are in the logs: what a run gives must not grow with its targets.
    assert execution["output"] == "{}"


def test_a_batch_that_fails_leaves_the_others_alone(aws, fleets, monkeypatch):
    definition = put_targets(aws, fleets["fleet-map"], BATCHES)
    with interpreted(aws, monkeypatch) as function:
        function.fails_for = lambda event: TARGETS[2] in event["config"]["targets"]
        execution = run(aws, definition)
    assert execution["status"] == "SUCCEEDED"
    assert len(function.events) == 3  # and an autoscaler's failure is not tried again


def test_a_list_that_cannot_be_read_fails_the_run(aws, fleets, monkeypatch):
    definition = put_targets(aws, fleets["fleet-map"], BATCHES)
    definition["States"]["Check"]["ItemReader"]["Parameters"]["Key"] = "not-there.json"
    with interpreted(aws, monkeypatch) as function:
        assert run(aws, definition)["status"] == "FAILED"
    assert function.events == []


def test_the_batches_are_as_the_parameters_say(aws):
    stack = aws.make("fleet-map", TargetsPerInvocation="50", MaxConcurrency="7")
    check = definition_of(stack)["States"]["Check"]
    assert check["ItemBatcher"] == {"MaxItemsPerBatch": 50, "MaxInputBytesPerBatch": 200_000}
    assert check["MaxConcurrency"] == 7
    assert check["ToleratedFailurePercentage"] == 100
    assert check["ItemProcessor"]["ProcessorConfig"] == {
        "Mode": "DISTRIBUTED",
        "ExecutionType": "EXPRESS",
    }
    assert check["ItemReader"] == {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "JSON"},
        "Parameters": {"Bucket": "fleet", "Key": "targets.json"},
    }
