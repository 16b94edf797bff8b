"""The stacks that moto makes of the templates: what came out, by the services' own answers."""

import json

import pytest

from stacks import actions_by_resource, statements_of
from templates import ACCOUNT, REGION, SINGLE, schema_variables, template

FUNCTIONS = (*SINGLE, "eventbridge")
QUEUE_URL = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/orders"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms"

# moto's CloudFormation cannot make these: they are put to their services' own APIs in this file.
NOT_IN_MOTO = {
    "AWS::CloudWatch::Alarm",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::S3::BucketPolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::Scheduler::Schedule",
    "AWS::Scheduler::ScheduleGroup",
}


@pytest.mark.parametrize("name", [*FUNCTIONS, "eventbridge-service", "target-account"])
def test_moto_makes_everything_that_it_can(stacks, name):
    assert stacks[name].not_made() <= NOT_IN_MOTO
    assert stacks[name].outputs.keys() == template(name)["Outputs"].keys()


@pytest.mark.parametrize(
    "name, timeout", [("every-minute", 30), ("sub-minute", 58), ("sqs", 15), ("eventbridge", 30)]
)
def test_the_function(stacks, name, timeout):
    function = stacks[name].function()
    assert function["Runtime"] == "provided.al2023"
    assert function["Handler"] == "bootstrap"
    assert (function["MemorySize"], function["Timeout"]) == (128, timeout)
    assert function["Role"] == stacks[name].outputs["FunctionRoleArn"]
    assert function["PackageType"] == "Zip"
    # moto's stacks leave these out.
    properties = stacks[name].properties("Function")
    assert properties["Architectures"] == ["arm64"]
    assert properties["LoggingConfig"]["LogGroup"] == stacks[name].outputs["LogGroupName"]
    assert properties["Code"] == {"S3Bucket": "code", "S3Key": "fast-autoscaler-lambda-arm64.zip"}


def test_the_function_of_another_architecture_and_version(aws):
    stack = aws.make("every-minute", Architecture="x86_64", CodeObjectVersion="3sL4kqtJlcpXroDTDm")
    properties = stack.properties("Function")
    assert properties["Architectures"] == ["x86_64"]
    assert properties["Code"]["S3ObjectVersion"] == "3sL4kqtJlcpXroDTDm"


@pytest.mark.parametrize("name", ["every-minute", "sub-minute"])
@pytest.mark.parametrize("choice, reserved", [("true", 1), ("false", None)])
def test_the_concurrency_is_reserved_where_it_is_wanted(aws, name, choice, reserved):
    properties = aws.make(name, ReserveConcurrency=choice).properties("Function")
    assert properties.get("ReservedConcurrentExecutions") == reserved


@pytest.mark.parametrize("name", SINGLE)
def test_the_environment(stacks, name):
    environment = stacks[name].environment()
    given = {key: value for key, value in environment.items() if value}
    assert given == {
        "ECS_CLUSTER": "shop",
        "SERVICE_NAME": "worker",
        "SQS_QUEUE_URL": QUEUE_URL,
        "S3_CONFIG_BUCKET": stacks[name].outputs["StateBucketName"],
        "MIN_TASKS": "1",
        "MAX_TASKS": "20",
        **({"CHECKS_PER_INVOCATION": "6", "CHECK_INTERVAL": "10"} if name == "sub-minute" else {}),
        **({"METRICS": "emf"} if name == "sqs" else {}),
    }


@pytest.mark.parametrize("name", SINGLE)
def test_every_parameter_reaches_its_variable(aws, name):
    """Each parameter that has a setting's name gives that setting its value."""
    values = {
        "MinTasks": "0",
        "MaxTasks": "300",
        "RespectTaskProtection": "false",
        "TargetRoleArn": "arn:aws:iam::999999999999:role/target",
        "TargetExternalId": "shop-42",
    }
    environment = aws.make(name, **values).environment()
    for parameter, value in values.items():
        variable = "".join("_" + c if c.isupper() else c for c in parameter).strip("_").upper()
        assert variable in schema_variables()
        assert environment[variable] == value


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_settings_reach_the_program_as_they_are(aws, name):
    settings = '{"policy": "backlog", "log_level": "DEBUG"}'
    assert aws.make(name, Settings=settings).environment()["FAST_AUTOSCALER_CONFIG"] == settings


def test_the_loop_follows_the_interval(aws):
    environment = aws.make("sub-minute", CheckInterval="15").environment()
    assert (environment["CHECKS_PER_INVOCATION"], environment["CHECK_INTERVAL"]) == ("4", "15")


def test_a_queue_of_another_partition_keeps_its_region_and_account(aws):
    queue = "arn:aws-cn:sqs:cn-north-1:999999999999:jobs.fifo"
    environment = aws.make("every-minute", QueueArn=queue).environment()
    assert environment["SQS_QUEUE_URL"].endswith("/999999999999/jobs.fifo")
    assert "sqs.cn-north-1." in environment["SQS_QUEUE_URL"]


# --- the roles

CHECK_ACTIONS = {
    f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders": {"sqs:GetQueueAttributes"},
    f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/shop/worker": {
        "ecs:DescribeServices",
        "ecs:UpdateService",
    },
    "*": {"ecs:ListTasks"},  # under a condition
    f"arn:aws:ecs:{REGION}:{ACCOUNT}:task/shop/*": {"ecs:GetTaskProtection"},
    "arn:aws:s3:::{bucket}/autoscaling-state/shop/worker/*": {"s3:GetObject", "s3:PutObject"},
    "arn:aws:s3:::{bucket}": {"s3:ListBucket"},
}


def rights_of(stack, role: str) -> dict[str, set[str]]:
    return actions_by_resource(statements_of(stack.role_policies(role)))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_functions_role_may_do_a_check_and_no_more(stacks, name):
    stack = stacks[name]
    bucket = stack.outputs["StateBucketName"]
    # moto leaves out the :* that AWS ends a log group's ARN with.
    log = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/fast-autoscaler/{stack.name}"
    expected = {key.format(bucket=bucket): value for key, value in CHECK_ACTIONS.items()}
    expected[log] = {"logs:CreateLogStream", "logs:PutLogEvents"}
    if name == "sqs":
        ticks = stack.outputs["TickQueueUrl"].rsplit("/", 1)[-1]
        expected[f"arn:aws:sqs:{REGION}:{ACCOUNT}:{ticks}"] = {
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
        }
    assert rights_of(stack, "FunctionRole") == expected


def test_only_the_clusters_tasks_are_listed(stacks):
    roles = dict.fromkeys(FUNCTIONS, "FunctionRole") | {"target-account": "TargetRole"}
    for name, role in roles.items():
        statements = statements_of(stacks[name].role_policies(role))
        (listing,) = [each for each in statements if each["Action"] == "ecs:ListTasks"]
        cluster = f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/shop"
        assert listing["Condition"] == {"ArnEquals": {"ecs:cluster": cluster}}


def test_the_state_is_listed_only_under_its_prefix(stacks):
    for name in FUNCTIONS:
        statements = statements_of(stacks[name].role_policies("FunctionRole"))
        (listing,) = [each for each in statements if each["Action"] == "s3:ListBucket"]
        prefix = "autoscaling-state/shop/worker/*"
        assert listing["Condition"] == {"StringLike": {"s3:prefix": prefix}}


@pytest.mark.parametrize("name", SINGLE)
def test_the_schedules_role_may_tick_and_no_more(stacks, name):
    stack = stacks[name]
    if name == "sqs":
        queue = stack.outputs["TickQueueUrl"].rsplit("/", 1)[-1]
        expected = {f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}": {"sqs:SendMessage"}}
    else:
        expected = {stack.outputs["FunctionArn"]: {"lambda:InvokeFunction"}}
    assert rights_of(stack, "ScheduleRole") == expected


@pytest.mark.parametrize("name", FUNCTIONS)
def test_only_their_service_assumes_the_roles(aws, stacks, name):
    services = {"FunctionRole": "lambda.amazonaws.com", "ScheduleRole": "scheduler.amazonaws.com"}
    for resource, service in services.items():
        if resource in stacks[name].made:
            role = aws.client("iam").get_role(RoleName=stacks[name].made[resource])["Role"]
            (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
            assert statement["Principal"] == {"Service": service}


def test_the_target_accounts_role(aws, stacks):
    stack = stacks["target-account"]
    assert rights_of(stack, "TargetRole") == {
        resource: actions for resource, actions in CHECK_ACTIONS.items() if "ecs:" in str(actions)
    }
    role = aws.client("iam").get_role(RoleName=stack.made["TargetRole"])["Role"]
    trusted = role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]
    assert trusted == {"AWS": stacks["every-minute"].outputs["FunctionRoleArn"]}


# --- the bucket and the log group


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_bucket_is_encrypted_private_and_stays(aws, stacks, name):
    s3, bucket = aws.client("s3"), stacks[name].outputs["StateBucketName"]
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    # moto's stacks leave these out.
    properties = stacks[name].properties("NewStateBucket")
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(properties["PublicAccessBlockConfiguration"]) == 4
    assert properties["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    written = template(name)["Resources"]["NewStateBucket"]
    assert written["DeletionPolicy"] == "RetainExceptOnCreate"
    assert written["UpdateReplacePolicy"] == "Retain"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_bucket_is_reached_only_over_tls(aws, stacks, name):
    s3, bucket = aws.client("s3"), stacks[name].outputs["StateBucketName"]
    properties = stacks[name].properties("NewStateBucketPolicy")
    s3.put_bucket_policy(
        Bucket=properties["Bucket"], Policy=json.dumps(properties["PolicyDocument"])
    )
    (statement,) = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
    assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
    assert statement["Resource"] == [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": False}}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_bucket_of_ones_own_is_used_and_none_is_made(aws, name):
    stack = aws.make(name, StateBucket="my-own-state")
    assert stack.outputs["StateBucketName"] == "my-own-state"
    assert stack.environment()["S3_CONFIG_BUCKET"] == "my-own-state"
    assert not stack.resolver.exists("NewStateBucket")
    assert "NewStateBucket" not in stack.made
    if name in SINGLE:
        assert "arn:aws:s3:::my-own-state" in rights_of(stack, "FunctionRole")


def test_a_stack_that_goes_takes_its_log_group_with_it_and_leaves_no_function(aws):
    stack = aws.make("every-minute")
    aws.client("cloudformation").delete_stack(StackName=stack.name)
    names = [each["FunctionName"] for each in aws.client("lambda").list_functions()["Functions"]]
    assert stack.made["Function"] not in names


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_logs_are_kept_for_a_while(aws, stacks, name):
    group = stacks[name].outputs["LogGroupName"]
    (found,) = aws.client("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert found["retentionInDays"] == 30


# --- the ticks


@pytest.mark.parametrize("name", ["every-minute", "sub-minute"])
def test_the_schedule_invokes_the_function_each_minute(aws, name):
    stack = aws.make(name)
    schedule = stack.schedule()
    assert schedule["ScheduleExpression"] == "rate(1 minute)"
    assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert schedule["State"] == "ENABLED"
    target = schedule["Target"]
    assert target["Arn"] == stack.outputs["FunctionArn"]
    assert target["RoleArn"].endswith("/" + stack.made["ScheduleRole"])
    assert json.loads(target["Input"]) == {}
    assert target["RetryPolicy"] == {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60}


def test_the_schedule_enqueues_delayed_ticks(aws):
    stack = aws.make("sqs")
    target = stack.schedule()["Target"]
    assert target["Arn"] == "arn:aws:scheduler:::aws-sdk:sqs:sendMessageBatch"
    # The universal target calls the API with its input: so does this.
    batch = json.loads(target["Input"])
    assert batch["QueueUrl"] == stack.outputs["TickQueueUrl"]
    sqs = aws.client("sqs")
    answer = sqs.send_message_batch(**batch)
    assert len(answer["Successful"]) == 6 and not answer.get("Failed")
    counts = sqs.get_queue_attributes(
        QueueUrl=batch["QueueUrl"], AttributeNames=["ApproximateNumberOfMessagesDelayed"]
    )
    assert counts["Attributes"]["ApproximateNumberOfMessagesDelayed"] == "5"


@pytest.mark.parametrize("name", ["every-minute", "sub-minute", "eventbridge"])
def test_a_tick_that_failed_or_is_late_is_dropped(stacks, name):
    config = stacks[name].invoke_config()
    assert (config["MaximumRetryAttempts"], config["MaximumEventAgeInSeconds"]) == (0, 60)


def test_the_tick_queue_feeds_the_function(aws, stacks):
    stack = stacks["sqs"]
    mappings = aws.client("lambda").list_event_source_mappings(FunctionName=stack.made["Function"])[
        "EventSourceMappings"
    ]
    (mapping,) = mappings
    assert mapping["EventSourceArn"].endswith(":" + stack.outputs["TickQueueUrl"].split("/")[-1])
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 2}
    assert mapping["State"] == "Enabled"


def test_a_tick_that_fails_twice_goes_to_the_dead_letter_queue(aws, stacks):
    outputs = stacks["sqs"].outputs
    sqs = aws.client("sqs")

    def attributes(url: str) -> dict:
        return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]

    ticks = attributes(outputs["TickQueueUrl"])
    dead = attributes(outputs["DeadLetterQueueUrl"])
    redrive = json.loads(ticks["RedrivePolicy"])
    assert redrive["deadLetterTargetArn"] == dead["QueueArn"]
    assert int(redrive["maxReceiveCount"]) == 2
    assert (ticks["VisibilityTimeout"], ticks["MessageRetentionPeriod"]) == ("90", "300")
    assert dead["MessageRetentionPeriod"] == "1209600"
    for name in ("TickQueue", "DeadLetterQueue"):
        assert stacks["sqs"].properties(name)["SqsManagedSseEnabled"] is True


def test_the_queues_are_reached_only_over_tls(aws, stacks):
    properties = stacks["sqs"].properties("QueuePolicy")
    sqs = aws.client("sqs")
    for url in properties["Queues"]:
        policy = json.dumps(properties["PolicyDocument"])
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    (statement,) = properties["PolicyDocument"]["Statement"]
    assert statement["Effect"] == "Deny" and len(statement["Resource"]) == 2


def test_a_rule_ticks_for_each_service_with_its_configuration(aws, stacks):
    functions, events = stacks["eventbridge"], aws.client("events")
    other = aws.make(
        "eventbridge-service",
        FunctionStack=functions.name,
        ServiceName="mailer",
        MinTasks="0",
        RespectTaskProtection="false",
        MoreSettings='"policy": "backlog", "target_messages_per_task": 20',
    )
    seen = {}
    for stack in (stacks["eventbridge-service"], other):
        rule = events.describe_rule(Name=stack.outputs["RuleName"])
        assert (rule["ScheduleExpression"], rule["State"]) == ("rate(1 minute)", "ENABLED")
        (target,) = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
        assert target["Arn"] == functions.outputs["FunctionArn"]
        assert target["RetryPolicy"] == {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60}
        config = json.loads(target["Input"])["config"]
        seen[config["service_name"]] = config
    common = {
        "queue_type": "sqs",
        "queue_config": {"queue_url": QUEUE_URL},
        "cluster_name": "shop",
        "max_tasks": 20,
    }
    assert seen == {
        "worker": common | {"service_name": "worker", "min_tasks": 1},
        "mailer": common
        | {
            "service_name": "mailer",
            "min_tasks": 0,
            "respect_task_protection": False,
            "policy": "backlog",
            "target_messages_per_task": 20,
        },
    }


def test_the_rule_may_invoke_the_function(aws, stacks):
    name = stacks["eventbridge"].made["Function"]
    policy = json.loads(aws.client("lambda").get_policy(FunctionName=name)["Policy"])
    rule = stacks["eventbridge-service"].outputs["RuleName"]
    arns = [
        statement["Condition"]["ArnLike"]["AWS:SourceArn"]
        for statement in policy["Statement"]
        if statement["Principal"] == {"Service": "events.amazonaws.com"}
    ]
    assert f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{rule}" in arns


def test_a_service_in_another_account_is_in_the_rules_event(aws, stacks):
    role = "arn:aws:iam::999999999999:role/target"
    stack = aws.make(
        "eventbridge-service", FunctionStack=stacks["eventbridge"].name, TargetRoleArn=role
    )
    (target,) = aws.client("events").list_targets_by_rule(Rule=stack.outputs["RuleName"])["Targets"]
    assert json.loads(target["Input"])["config"]["target_role_arn"] == role


@pytest.mark.parametrize("name", [*SINGLE, "eventbridge-service"])
def test_it_can_be_set_up_without_a_tick_and_without_an_alarm(aws, stacks, name):
    more = {"FunctionStack": stacks["eventbridge"].name} if name == "eventbridge-service" else {}
    stack = aws.make(name, Checks="DISABLED", **more)
    if name == "eventbridge-service":
        state = aws.client("events").describe_rule(Name=stack.outputs["RuleName"])["State"]
    else:
        state = stack.schedule()["State"]
    assert state == "DISABLED"
    assert {alarm["ActionsEnabled"] for alarm in stack.alarms().values()} == {False}


# --- the alarms

# Metric, statistic, comparison, how missing data counts; and so many periods of so many, and how
# long each is.
FAILED = ("Errors", "Sum", ">=", 1, "notBreaching", "3 of 5 x 60 s")
LAMBDA_ALARMS = {
    "FailedChecksAlarm": FAILED,
    "NoChecksAlarm": ("Invocations", "Sum", "<", 1, "breaching", "5 of 5 x 60 s"),
    "ThrottlesAlarm": ("Throttles", "Sum", ">=", 5, "notBreaching", "2 of 2 x 300 s"),
}
DEAD = ("ApproximateNumberOfMessagesVisible", "Maximum", ">=", 1, "notBreaching", "1 of 1 x 60 s")
ALARMS = {
    "every-minute": LAMBDA_ALARMS,
    "sub-minute": LAMBDA_ALARMS,
    # A tick that failed is no failed invocation there.
    "sqs": LAMBDA_ALARMS | {"FailedInvocationsAlarm": FAILED, "DeadLettersAlarm": DEAD},
    "eventbridge": {name: LAMBDA_ALARMS[name] for name in ("FailedChecksAlarm", "ThrottlesAlarm")},
    "eventbridge-service": {
        "FailedChecksAlarm": FAILED,
        "NoChecksAlarm": ("Errors", "SampleCount", "<", 1, "breaching", "5 of 5 x 60 s"),
    },
}
OPERATORS = {"GreaterThanOrEqualToThreshold": ">=", "LessThanThreshold": "<"}


@pytest.mark.parametrize("name", ALARMS)
def test_the_alarms(aws, stacks, name):
    more = {"FunctionStack": stacks["eventbridge"].name} if name == "eventbridge-service" else {}
    alarms = aws.make(name, AlarmTopicArn=TOPIC, **more).alarms()
    shown = {
        alarm: (
            about["MetricName"],
            about["Statistic"],
            OPERATORS[about["ComparisonOperator"]],
            about["Threshold"],
            about["TreatMissingData"],
            f"{about['DatapointsToAlarm']} of {about['EvaluationPeriods']} x {about['Period']} s",
        )
        for alarm, about in alarms.items()
    }
    assert shown == ALARMS[name]
    for about in alarms.values():
        assert about["AlarmActions"] == about["OKActions"] == [TOPIC]
        assert about["ActionsEnabled"] is True
        assert about["AlarmDescription"]


def dimensions(alarm: dict) -> dict[str, str]:
    return {each["Name"]: each["Value"] for each in alarm["Dimensions"]}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_alarms_on_lambda_are_on_this_function(stacks, name):
    watched = [each for each in stacks[name].alarms().values() if each["Namespace"] == "AWS/Lambda"]
    assert watched
    for alarm in watched:
        assert dimensions(alarm) == {"FunctionName": stacks[name].made["Function"]}


@pytest.mark.parametrize("name", ["sqs", "eventbridge-service"])
def test_the_alarms_on_the_programs_metrics_are_on_this_service(stacks, name):
    watched = stacks[name].alarms().values()
    watched = [each for each in watched if each["Namespace"] == "FastAutoscaler"]
    assert watched
    for alarm in watched:
        assert dimensions(alarm) == {"ClusterName": "shop", "ServiceName": "worker"}


def test_the_metrics_that_alarms_are_on_cannot_be_turned_off():
    for name in ("sqs", "eventbridge"):
        variables = template(name)["Resources"]["Function"]["Properties"]["Environment"]
        assert variables["Variables"]["METRICS"] == "emf"
        assert "Metrics" not in template(name)["Parameters"]


def test_the_dead_letters_alarm_is_on_the_dead_letter_queue(stacks):
    alarm = stacks["sqs"].alarms()["DeadLettersAlarm"]
    assert alarm["Namespace"] == "AWS/SQS"
    url = stacks["sqs"].outputs["DeadLetterQueueUrl"]
    assert dimensions(alarm) == {"QueueName": url.rsplit("/", 1)[-1]}


def test_without_a_topic_an_alarm_tells_nobody(stacks):
    for alarm in stacks["every-minute"].alarms().values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == []
