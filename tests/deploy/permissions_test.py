"""A check by the program itself, held to the policies that a stack gave its function's role."""

import copy
import json

import pytest

from autoscaler import once
from aws_world import Cloud, World
from permissions import OPERATIONS, PROTECTION, allows, held_to, matches
from stacks import ACCESS_KEY, SECRET_KEY, listed, statements_of
from templates import ACCOUNT, REGION, SINGLE


class Service:
    """A service with a queue in moto, and the stack that watches it."""

    def __init__(self, aws, name: str, **more: str):
        self.aws = aws
        self.world = World(Cloud(aws.url), tasks=2)
        parameters = {
            "QueueArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{self.world.queue}",
            "ClusterName": self.world.cluster,
            "ServiceName": self.world.service,
        }
        self.stack = aws.make(name, StateBucket=self.world.bucket, **parameters, **more)
        self.statements = statements_of(self.stack.role_policies("FunctionRole"))

    def check(self, statements: list[dict] | None = None, **settings):
        """A check as the stack configures it, under its own rights or others, and what it asked."""
        with held_to(statements or self.statements, self.aws.url) as proxy:
            environment = self.stack.environment() | {
                "AWS_REGION": REGION,
                "AWS_ENDPOINT_URL": proxy.url,
                "AWS_ACCESS_KEY_ID": ACCESS_KEY,
                "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            }
            outcome = once(environment | settings)
            return outcome, set(proxy.operations())


ON_ONE_READING = {"SCALE_IN_EVIDENCE": "0"}
SCALES_OUT = ON_ONE_READING | {
    "SCALE_UP_THRESHOLD": "10",
    "SCALE_DOWN_THRESHOLD": "5",
    "TASKS_PER_MESSAGE": "0.1",
}


@pytest.fixture(scope="module", params=SINGLE)
def watched(aws, request) -> Service:
    """Only to be looked at."""
    return Service(aws, request.param)


@pytest.fixture(params=SINGLE)
def service(aws, request) -> Service:
    return Service(aws, request.param)


@pytest.fixture
def any_service(aws) -> Service:
    return Service(aws, "every-minute")


def test_the_role_can_do_a_check_and_needs_everything_it_has(service):
    service.world.put_messages(30)
    outcome, asked = service.check(**SCALES_OUT)
    assert outcome.status == 0, outcome.stderr
    assert outcome.check["action"] == "scale_out"
    assert (service.world.desired(), asked) == (5, OPERATIONS)
    assert service.world.state("up")["count"] == 5

    # The state is there now: it is read, and a scale-in is recorded too.
    service.world.purge_queue()
    outcome, asked = service.check(SCALE_IN_COOLDOWN="0", **SCALES_OUT)
    assert outcome.status == 0, outcome.stderr
    assert outcome.check["action"] == "scale_in"
    assert asked == OPERATIONS | PROTECTION


def test_the_settings_of_a_stack_are_the_programs(aws):
    """With nothing but the environment that the stack gives its function."""
    settings = {"policy": "backlog", "target_messages_per_task": 5, "queue_config": {}}
    service = Service(aws, "every-minute", Settings=json.dumps(settings))
    service.world.put_messages(30)
    outcome, asked = service.check()
    assert outcome.status == 0, outcome.stderr
    assert (outcome.check["action"], service.world.desired()) == ("scale_out", 6)
    assert asked == OPERATIONS


def without(statements: list[dict], action: str) -> list[dict]:
    kept = copy.deepcopy(statements)
    for statement in kept:
        statement["Action"] = [each for each in listed(statement["Action"]) if each != action]
    return kept


NEEDED = sorted(OPERATIONS | {"s3:ListBucket"})


@pytest.mark.parametrize("action", NEEDED)
def test_without_any_one_right_a_check_fails(any_service, action):
    any_service.world.put_messages(30)
    fewer = without(any_service.statements, action)
    assert fewer != any_service.statements
    outcome, _ = any_service.check(fewer, **SCALES_OUT)
    assert outcome.status == 1, f"{action} is not needed\n{outcome.stdout}"


@pytest.mark.parametrize("action", sorted(PROTECTION))
def test_without_a_right_to_see_protected_tasks_nothing_is_scaled_in(any_service, action):
    fewer = without(any_service.statements, action)
    assert fewer != any_service.statements
    outcome, _ = any_service.check(fewer, **ON_ONE_READING)
    assert outcome.status == 1, f"{action} is not needed\n{outcome.stdout}"
    assert (outcome.check["action"], any_service.world.desired()) == ("hold", 2)
    assert action in outcome.check["errors"][0]["message"]


@pytest.mark.parametrize("name", SINGLE)
def test_who_does_not_ask_for_protected_tasks_needs_no_right_to(aws, name):
    service = Service(aws, name, RespectTaskProtection="false")
    for action in PROTECTION:
        assert without(service.statements, action) == without(service.statements, "none")
    outcome, asked = service.check(**ON_ONE_READING)
    assert outcome.status == 0, outcome.stderr
    assert (outcome.check["action"], service.world.desired()) == ("scale_in", 1)
    assert not asked & PROTECTION


def test_a_listing_of_another_prefix_does_not_tell_missing_state(any_service):
    any_service.world.put_messages(30)
    other = copy.deepcopy(any_service.statements)
    (listing,) = [each for each in other if each["Action"] == "s3:ListBucket"]
    listing["Condition"]["StringLike"]["s3:prefix"] = "autoscaling-state/shop/other/*"
    outcome, _ = any_service.check(other, **SCALES_OUT)
    assert outcome.status == 1


def test_the_role_reaches_no_other_service(service, aws):
    """The same function, told by its configuration to work on another service."""
    other = World(Cloud(aws.url), tasks=2)
    other.put_messages(30)
    for settings in (
        {"SQS_QUEUE_URL": other.queue_url},
        {"ECS_CLUSTER": other.cluster, "SERVICE_NAME": other.service},
        {"S3_CONFIG_BUCKET": other.bucket},
    ):
        service.world.put_messages(30)
        outcome, _ = service.check(**SCALES_OUT | settings)
        assert outcome.status == 1, settings
        assert "denied" in outcome.stdout.lower() or "authorized" in outcome.stdout.lower()
    assert other.desired() == 2
    assert other.state_keys() == []


NOTHING_ELSE = [
    ("sqs:ReceiveMessage", "queue"),
    ("sqs:DeleteMessage", "queue"),
    ("sqs:PurgeQueue", "queue"),
    ("sqs:SendMessage", "queue"),
    ("ecs:DeleteService", "service"),
    ("ecs:CreateService", "service"),
    ("ecs:RunTask", "service"),
    ("ecs:ListServices", "service"),
    ("ecs:ListTasks", "service"),
    ("ecs:StopTask", "task"),
    ("ecs:UpdateTaskProtection", "task"),
    ("ecs:GetTaskProtection", "other task"),
    ("iam:PassRole", "role"),
    ("sts:AssumeRole", "role"),
    ("s3:DeleteObject", "state"),
    ("s3:GetObject", "other state"),
    ("s3:PutObject", "other state"),
    ("s3:PutObject", "beside the state"),
    ("s3:GetObject", "bucket"),
    ("logs:CreateLogGroup", "log"),
    ("cloudwatch:PutMetricData", "role"),
]


@pytest.mark.parametrize("action, where", NOTHING_ELSE)
def test_the_role_may_do_nothing_else(watched, action, where):
    world = watched.world
    folder = f"arn:aws:s3:::{world.bucket}/autoscaling-state/{world.cluster}"
    resource = {
        "queue": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{world.queue}",
        "service": f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/{world.cluster}/{world.service}",
        "task": f"arn:aws:ecs:{REGION}:{ACCOUNT}:task/{world.cluster}/1",
        "other task": f"arn:aws:ecs:{REGION}:{ACCOUNT}:task/{world.cluster}-2/1",
        "role": f"arn:aws:iam::{ACCOUNT}:role/any",
        "state": f"{folder}/{world.service}/up-last-action.json",
        "other state": f"{folder}/{world.service}-2/up-last-action.json",
        "beside the state": f"arn:aws:s3:::{world.bucket}/other",
        "bucket": f"arn:aws:s3:::{world.bucket}",
        "log": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:other",
    }[where]
    assert not allows(watched.statements, action, resource)


def test_the_tasks_of_no_other_cluster_are_listed(watched):
    cluster = f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/{watched.world.cluster}"
    assert allows(watched.statements, "ecs:ListTasks", "*", ecs__cluster=cluster)
    assert not allows(watched.statements, "ecs:ListTasks", "*", ecs__cluster=cluster + "-2")
    assert not allows(watched.statements, "ecs:ListTasks", "*")


def test_a_whole_listing_is_not_allowed(watched):
    bucket = f"arn:aws:s3:::{watched.world.bucket}"
    own = f"autoscaling-state/{watched.world.cluster}/{watched.world.service}/up"
    assert allows(watched.statements, "s3:ListBucket", bucket, s3__prefix=own)
    assert not allows(watched.statements, "s3:ListBucket", bucket)
    assert not allows(watched.statements, "s3:ListBucket", bucket, s3__prefix="")
    assert not allows(watched.statements, "s3:ListBucket", bucket, s3__prefix="other/")


@pytest.mark.parametrize(
    "pattern, text, is_match",
    [
        ("s3:Get*", "s3:GetObject", True),
        ("s3:GetObject", "s3:GetObjectAcl", False),
        ("arn:a?s:x", "arn:aws:x", True),
        ("a.c", "abc", False),
        ("*", "", True),
    ],
)
def test_wildcards_are_iams(pattern, text, is_match):
    assert matches(pattern, text) is is_match
