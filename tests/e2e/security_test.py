"""TLS trust, signatures as AWS checks them, and the permissions that are needed."""

import json
import re
import urllib.request
import uuid
from pathlib import Path

import pytest

from autoscaler import numbers, once
from aws_world import World, moto_server
from fault_proxy import FaultProxy


def documented_actions() -> list[str]:
    """What README.md tells a user to allow, and no more."""
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text()
    section = readme.partition("### Permissions")[2]
    policy = json.loads(re.search(r"```json\n(.*?)```", section, re.DOTALL)[1])
    actions = [each["Action"] for each in policy["Statement"]]
    return [each for one in actions for each in (one if isinstance(one, list) else [one])]


ACTIONS = documented_actions()


# --- TLS


@pytest.fixture
def tls_proxy(world, certificates):
    with FaultProxy(world.cloud.url, certificates.server) as between:
        world.endpoint = between.url
        yield between


@pytest.mark.parametrize("variable", ["AWS_CA_BUNDLE", "SSL_CERT_FILE"])
def test_a_certificate_of_a_named_authority_is_trusted(world, tls_proxy, certificates, variable):
    world.put_messages(30)
    outcome = once(world.environment(**{variable: certificates.authority}))
    assert outcome.status == 0, outcome.stderr
    assert numbers(outcome.check) == ("scale_out", 2, 5)


def test_a_certificate_of_an_unknown_authority_is_refused(world, tls_proxy):
    outcome = once(world.environment())
    assert outcome.status == 1
    assert outcome.check["errors"][0]["kind"] == "denied"
    assert "certificate" in outcome.check["errors"][0]["message"]
    assert tls_proxy.requests == []


def test_a_certificate_for_another_host_is_refused(world, tls_proxy, certificates):
    """127.0.0.2 is this machine too, and the certificate does not name it."""
    elsewhere = tls_proxy.url.replace("127.0.0.1", "127.0.0.2")
    outcome = once(
        world.environment(AWS_ENDPOINT_URL=elsewhere, AWS_CA_BUNDLE=certificates.authority)
    )
    assert outcome.status == 1
    assert tls_proxy.requests == []


# --- signatures and permissions: a moto that checks both, with users of its own


@pytest.fixture(scope="module")
def strict_cloud():
    with moto_server() as cloud:
        yield cloud


@pytest.fixture
def strict_world(strict_cloud):
    """Made while nothing is checked; from then on everything is."""
    require_permission(strict_cloud, False)
    world = World(strict_cloud)
    world.put_messages(30)
    yield world
    require_permission(strict_cloud, False)


def require_permission(cloud, required: bool) -> None:
    url = cloud.url + "/moto-api/reset-auth"
    data = b"0" if required else b"inf"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(url, data, {"Content-Type": "text/plain"}, method="POST")
    with opener.open(request, timeout=10) as answer:
        assert answer.status == 200


def new_user(cloud, actions: list[str]) -> dict[str, str]:
    name = f"user-{uuid.uuid4().hex[:8]}"
    cloud.iam.create_user(UserName=name)
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}],
    }
    cloud.iam.put_user_policy(
        UserName=name, PolicyName="allowed", PolicyDocument=json.dumps(policy)
    )
    key = cloud.iam.create_access_key(UserName=name)["AccessKey"]
    return {
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
    }


def test_the_documented_permissions_are_enough(strict_world):
    user = new_user(strict_world.cloud, ACTIONS)
    require_permission(strict_world.cloud, True)
    outcome = once(strict_world.environment(**user))
    assert outcome.status == 0, outcome.stderr
    assert numbers(outcome.check) == ("scale_out", 2, 5)


def test_the_documented_permissions_are_enough_for_a_scale_in(strict_world):
    user = new_user(strict_world.cloud, ACTIONS)
    strict_world.purge_queue()
    strict_world.set_desired(10)
    require_permission(strict_world.cloud, True)
    outcome = once(strict_world.environment(**user))
    assert outcome.status == 0, outcome.stderr
    assert numbers(outcome.check) == ("scale_in", 10, 5)


def test_a_scale_in_is_held_without_the_right_to_list_tasks(strict_world):
    user = new_user(strict_world.cloud, [each for each in ACTIONS if each != "ecs:ListTasks"])
    strict_world.purge_queue()
    strict_world.set_desired(10)
    require_permission(strict_world.cloud, True)
    outcome = once(strict_world.environment(**user))
    assert outcome.status == 1
    assert outcome.check["action"] == "hold"
    (error,) = outcome.check["errors"]
    assert (error["kind"], error["service"]) == ("denied", "ECS")
    assert "ecs:ListTasks" in error["message"]
    assert "respect_task_protection" in error["message"]


@pytest.mark.parametrize(
    "action, service",
    [
        ("sqs:GetQueueAttributes", "SQS"),
        ("ecs:DescribeServices", "ECS"),
        ("ecs:UpdateService", "ECS"),
        ("s3:PutObject", "S3"),
        ("s3:GetObject", "S3"),
    ],
)
def test_each_missing_permission_is_denied_and_named(strict_world, action, service):
    user = new_user(strict_world.cloud, [other for other in ACTIONS if other != action])
    require_permission(strict_world.cloud, True)
    outcome = once(strict_world.environment(**user))
    assert outcome.status == 1
    denied = [e for e in outcome.check["errors"] if e["kind"] == "denied"]
    assert denied, outcome.stdout
    assert {error["service"] for error in denied} == {service}
    assert action in denied[0]["message"]


def test_a_wrong_secret_is_refused_as_denied(strict_world):
    user = new_user(strict_world.cloud, ACTIONS) | {"AWS_SECRET_ACCESS_KEY": "x" * 40}
    require_permission(strict_world.cloud, True)
    outcome = once(strict_world.environment(**user))
    assert outcome.status == 1
    assert {error["kind"] for error in outcome.check["errors"]} == {"denied"}
    assert "credentials" in outcome.check["errors"][0]["message"]
    require_permission(strict_world.cloud, False)
    assert strict_world.desired() == 2


def test_an_unknown_key_is_refused_as_denied(strict_world):
    require_permission(strict_world.cloud, True)
    outcome = once(strict_world.environment(AWS_ACCESS_KEY_ID="AKIANOBODYKNOWSTHIS0"))
    assert outcome.status == 1
    assert {error["kind"] for error in outcome.check["errors"]} == {"denied"}
