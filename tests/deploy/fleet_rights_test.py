"""What the roles of a fleet's templates may do, and that it is enough."""

import re

import pytest

from aws_world import Cloud, World
from autoscaler import once
from fleet_templates_test import ARN, resolver
from permissions import OPERATIONS, allows, held_to
from stacks import ACCESS_KEY, ROLE, SECRET_KEY, actions_by_resource, statements_of
from templates import ACCOUNT, FLEET, REGION


READ_QUEUE = {"sqs:GetQueueAttributes", "sqs:GetQueueUrl"}


def rights_of(stack, role: str) -> dict[str, set[str]]:
    return actions_by_resource(statements_of(stack.role_policies(role)))


@pytest.mark.parametrize("name", FLEET)
def test_the_functions_role_may_do_what_was_asked_for_and_no_more(aws, fleets, name):
    stack = fleets[name]
    bucket = stack.outputs["StateBucketName"]
    expected = {
        f"arn:aws:sqs:{ARN}:shop-*": READ_QUEUE,
        f"arn:aws:sqs:{ARN}:orders": READ_QUEUE,
        f"arn:aws:ecs:*:{ACCOUNT}:service/*": {"ecs:DescribeServices", "ecs:UpdateService"},
        f"arn:aws:ecs:*:{ACCOUNT}:task/*": {"ecs:GetTaskProtection"},
        "*": {"ecs:ListServices", "ecs:ListTasks"},
        ROLE: {"sts:AssumeRole"},
        ROLE.replace("9" * 12, "8" * 12): {"sts:AssumeRole"},
        f"arn:aws:s3:::{bucket}/autoscaling-state/*": {"s3:GetObject", "s3:PutObject"},
        f"arn:aws:s3:::{bucket}": {"s3:ListBucket"},
        # moto leaves out the :* that AWS ends a log group's ARN with.
        f"arn:aws:logs:{ARN}:log-group:/fast-autoscaler/{stack.name}": {
            "logs:CreateLogStream",
            "logs:PutLogEvents",
        },
    }
    if name == "fleet-sqs":
        shards = stack.outputs["ShardQueueUrl"].rsplit("/", 1)[-1]
        expected["arn:aws:s3:::fleet/fleet.json"] = {"s3:GetObject"}
        expected[f"arn:aws:sqs:{ARN}:{shards}"] = {
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
        }
    assert rights_of(stack, "FunctionRole") == expected
    # Whoever asks for nothing gets what no fleet can do without.
    least = rights_of(aws.make(name), "FunctionRole")
    assert not any(re.search(":(ecs|sts|iam):", resource) for resource in least)
    assert "*" not in least


@pytest.mark.parametrize("name", FLEET)
def test_what_is_on_every_service_and_task_is_only_in_these_clusters(fleets, name):
    statements = statements_of(fleets[name].role_policies("FunctionRole"))
    inside = f"arn:aws:ecs:{ARN}:cluster/shop"
    ours = {
        "ecs:DescribeServices": f"arn:aws:ecs:{ARN}:service/shop/worker",
        "ecs:UpdateService": f"arn:aws:ecs:{ARN}:service/shop/worker",
        "ecs:ListServices": "*",
        "ecs:ListTasks": f"arn:aws:ecs:{ARN}:container-instance/shop/1",
        "ecs:GetTaskProtection": f"arn:aws:ecs:{ARN}:task/shop/1",
    }
    for action, resource in ours.items():
        assert allows(statements, action, resource, ecs__cluster=inside)
        assert not allows(statements, action, resource, ecs__cluster=inside + "-2")
        assert not allows(statements, action, resource)


def test_the_state_machine_may_send_the_shards_and_no_more(fleets):
    shards = fleets["fleet-sqs"].outputs["ShardQueueUrl"].rsplit("/", 1)[-1]
    expected = {f"arn:aws:sqs:{ARN}:{shards}": {"sqs:SendMessage"}}
    assert rights_of(fleets["fleet-sqs"], "StateMachineRole") == expected


def test_the_state_machine_may_map_the_list_and_no_more(fleets):
    stack = fleets["fleet-map"]
    assert rights_of(stack, "StateMachineRole") == {
        f"arn:aws:states:{ARN}:stateMachine:{stack.name}": {"states:StartExecution"},
        f"arn:aws:states:{ARN}:execution:{stack.name}:*": {
            "states:DescribeExecution",
            "states:StopExecution",
        },
        "arn:aws:s3:::fleet/targets.json": {"s3:GetObject"},
        stack.outputs["FunctionArn"]: {"lambda:InvokeFunction"},
    }
    assert stack.outputs["StateMachineArn"] == f"arn:aws:states:{ARN}:stateMachine:{stack.name}"


@pytest.mark.parametrize("name", FLEET)
def test_the_schedule_may_start_it_and_no_more(fleets, name):
    expected = {fleets[name].outputs["StateMachineArn"]: {"states:StartExecution"}}
    assert rights_of(fleets[name], "ScheduleRole") == expected


@pytest.mark.parametrize("name", FLEET)
def test_only_their_service_assumes_the_roles(name):
    services = {
        "FunctionRole": "lambda.amazonaws.com",
        "ScheduleRole": "scheduler.amazonaws.com",
        "StateMachineRole": "states.amazonaws.com",
    }
    for role, service in services.items():
        trust = resolver(name).properties(role)["AssumeRolePolicyDocument"]
        (statement,) = trust["Statement"]
        assert statement["Principal"] == {"Service": service}
    machine = f"arn:aws:states:{ARN}:stateMachine:stack"
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnEquals": {"aws:SourceArn": machine},
    }
    assert resolver(name).properties("StateMachine")["StateMachineName"] == "stack"


SCALES_OUT = {"SCALE_UP_THRESHOLD": "10", "SCALE_DOWN_THRESHOLD": "5", "TASKS_PER_MESSAGE": "0.1"}


@pytest.mark.parametrize("name", FLEET)
def test_the_role_can_do_a_check_in_its_clusters_and_in_no_other(aws, name):
    """A check by the program itself, held to the rights that the stack gave."""
    ours, other = World(Cloud(aws.url), tasks=2), World(Cloud(aws.url), tasks=2)
    stack = aws.make(
        name,
        StateBucket=ours.bucket,
        QueueArns=",".join(f"arn:aws:sqs:{ARN}:{world.queue}" for world in (ours, other)),
        ClusterArns=f"arn:aws:ecs:{ARN}:cluster/{ours.cluster}",
    )
    settings = stack.environment() | SCALES_OUT
    del settings["FAST_AUTOSCALER_CONFIG"]  # the targets are in the environment here
    with held_to(statements_of(stack.role_policies("FunctionRole")), aws.url) as proxy:
        for world, status in ((ours, 0), (other, 1)):
            world.put_messages(30)
            target = {
                "SQS_QUEUE_URL": world.queue_url,
                "ECS_CLUSTER": world.cluster,
                "SERVICE_NAME": world.service,
                "MIN_TASKS": "1",
                "MAX_TASKS": "20",
                "AWS_REGION": REGION,
                "AWS_ENDPOINT_URL": proxy.url,
                "AWS_ACCESS_KEY_ID": ACCESS_KEY,
                "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            }
            assert once(settings | target).status == status
        assert set(proxy.operations()) == OPERATIONS
    assert (ours.desired(), other.desired()) == (5, 2)
