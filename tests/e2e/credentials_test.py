"""Where the keys come from, with the program itself: roles at moto's STS, metadata services of
moto and of AWS's own mock, a container's endpoint. What each request was signed with is read off
the wire."""

import json
import re
import threading
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
import pytest
from botocore.config import Config

from autoscaler import numbers, once, start
from aws_answers import json_error
from aws_world import REGION, World
from fault_proxy import FaultProxy
from processes import (
    PROJECT,
    Process,
    accepts_connections,
    clean_environment,
    eventually,
    free_port,
)
from security_test import ACTIONS, new_user, require_permission, strict_cloud  # noqa: F401

NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}


def key_of(request) -> str | None:
    """The access key that a request was signed with."""
    found = re.search(r"Credential=([^/]+)/", request.headers.get("authorization", ""))
    return found and found[1]


def keys_used(proxy, prefix: str = "sqs:") -> list[str | None]:
    return [key_of(request) for request in proxy.requests if request.operation.startswith(prefix)]


def asked_of_sts(proxy) -> list:
    return [request for request in proxy.requests if b"Version=2011-06-15" in request.body]


class MetadataServer:
    """Answers GET and PUT with what a function of (method, path, headers) says."""

    def __init__(self, answer):
        self.asked: list[tuple[str, str]] = []

        class Handler(BaseHTTPRequestHandler):
            def _exchange(handler) -> None:
                self.asked.append((handler.command, handler.path))
                status, body = answer(handler.command, handler.path, handler.headers)
                handler.send_response_only(status)
                handler.send_header("Content-Length", str(len(body)))
                handler.end_headers()
                handler.wfile.write(body.encode())

            do_GET = do_PUT = _exchange

            def log_message(self, *_) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> "MetadataServer":
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def keys_json(access_key: str, lifetime: timedelta = timedelta(hours=6)) -> str:
    end = datetime.now(timezone.utc) + lifetime
    return json.dumps(
        {
            "AccessKeyId": access_key,
            "SecretAccessKey": "secret-of-the-source",
            "Token": f"token-of-{access_key}",
            "Expiration": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
    )


# --- roles


def new_role(world) -> str:
    """A role that may do what is documented, and nothing else."""
    statement = {"Effect": "Allow", "Action": ACTIONS, "Resource": "*"}
    iam = world.cloud.iam
    role = iam.create_role(RoleName=world.service, AssumeRolePolicyDocument="{}")
    iam.put_role_policy(
        RoleName=world.service,
        PolicyName="allowed",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    return role["Role"]["Arn"]


def test_the_role_of_a_profile_is_assumed_and_signed_with(strict_cloud, tmp_path):  # noqa: F811
    """From the role's keys on, moto checks signatures and permissions: the user has none."""
    require_permission(strict_cloud, False)
    world = World(strict_cloud)
    world.put_messages(30)
    user = new_user(strict_cloud, ["sts:AssumeRole"])
    role = new_role(world)
    config = tmp_path / "config"
    config.write_text(
        "[profile base]\n"
        f"aws_access_key_id = {user['AWS_ACCESS_KEY_ID']}\n"
        f"aws_secret_access_key = {user['AWS_SECRET_ACCESS_KEY']}\n"
        f"[profile scaler]\nrole_arn = {role}\nsource_profile = base\n"
    )

    def then_be_strict(request, forward):  # not before: moto's own check of AssumeRole crashes
        answer = forward()
        require_permission(strict_cloud, True)
        return answer

    with FaultProxy(strict_cloud.url) as proxy:
        proxy.on("POST /", then_be_strict)
        world.endpoint = proxy.url
        outcome = once(world.environment(**NO_KEYS, AWS_CONFIG_FILE=config, AWS_PROFILE="scaler"))
        [assumed] = asked_of_sts(proxy)
    require_permission(strict_cloud, False)
    assert outcome.status == 0, outcome.stdout + outcome.stderr
    assert numbers(outcome.check) == ("scale_out", 2, 5)
    assert key_of(assumed) == user["AWS_ACCESS_KEY_ID"]


def test_a_role_in_another_account_scales_the_service_there(world, proxy):
    role = f"arn:aws:iam::210987654321:role/{world.service}"
    config = Config(region_name=REGION, proxies={})
    sts = boto3.client(
        "sts",
        endpoint_url=world.cloud.url,
        config=config,
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="secret",
    )
    keys = sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    there = boto3.client(
        "ecs",
        endpoint_url=world.cloud.url,
        config=config,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
    there.create_cluster(clusterName=world.cluster)
    there.register_task_definition(
        family=world.service,
        containerDefinitions=[{"name": "work", "image": "work", "memory": 64}],
    )
    name = {"cluster": world.cluster}
    there.create_service(
        **name, serviceName=world.service, taskDefinition=world.service, desiredCount=0
    )
    there.update_service(**name, service=world.service, desiredCount=3)
    world.put_messages(60)

    outcome = once(world.environment(TARGET_ROLE_ARN=role, TARGET_EXTERNAL_ID="agreed"))
    assert outcome.status == 0, outcome.stdout + outcome.stderr
    assert numbers(outcome.check) == ("scale_out", 3, 9)
    [service] = there.describe_services(**name, services=[world.service])["services"]
    assert service["desiredCount"] == 9
    assert world.desired() == 2, "the service of that name in our own account is left alone"

    [assumed] = asked_of_sts(proxy)
    assert b"ExternalId=agreed" in assumed.body
    assert {key_of(assumed), *keys_used(proxy, "sqs:"), *keys_used(proxy, "s3:")} == {
        "AKIAIOSFODNN7EXAMPLE"
    }
    assert all(key.startswith("ASIA") for key in keys_used(proxy, "ecs:"))


def test_a_web_identity_is_exchanged_for_a_role(world, proxy, tmp_path):
    token = tmp_path / "token"
    token.write_text("header.claims.signature\n")
    world.put_messages(30)
    outcome = once(
        world.environment(
            **NO_KEYS,
            AWS_WEB_IDENTITY_TOKEN_FILE=token,
            AWS_ROLE_ARN=f"arn:aws:iam::123456789012:role/{world.service}",
            AWS_ROLE_SESSION_NAME="pod-7",
        )
    )
    assert outcome.status == 0, outcome.stdout + outcome.stderr
    assert numbers(outcome.check) == ("scale_out", 2, 5)
    [exchange] = asked_of_sts(proxy)
    assert b"WebIdentityToken=header.claims.signature&" in exchange.body
    assert key_of(exchange) is None, "nobody's keys sign it"
    assert all(key.startswith("ASIA") for key in keys_used(proxy))
    assert "header.claims.signature" not in outcome.stdout + outcome.stderr


# --- instance metadata


@pytest.fixture
def instance(tmp_path):
    """AWS's own mock of an instance that speaks version 2 only."""
    port = free_port()
    program = PROJECT / ".peers/bin/ec2-metadata-mock"
    assert program.is_file(), f"{program} is not there: scripts/setup.sh installs it"
    command = [str(program), "--hostname", "127.0.0.1", "--port", str(port), "--imdsv2"]
    with Process(command, clean_environment({"HOME": str(tmp_path)})) as mock:
        eventually(lambda: accepts_connections(port), "the metadata service answers")
        yield f"http://127.0.0.1:{port}", mock


def test_an_instances_role_is_signed_with_even_past_its_end(world, proxy, instance):
    """The mock's keys expired years ago: the service is the one to decide."""
    url, mock = instance
    world.put_messages(30)
    outcome = once(
        world.environment(
            **NO_KEYS,
            AWS_EC2_METADATA_DISABLED="false",
            AWS_EC2_METADATA_SERVICE_ENDPOINT=url,
        )
    )
    assert outcome.status == 0, outcome.stdout + outcome.stderr
    assert numbers(outcome.check) == ("scale_out", 2, 5)
    assert set(keys_used(proxy, "")) == {"12345678901"}
    assert proxy.requests[0].headers["x-amz-security-token"].startswith("TEST92test48TEST")
    log = mock.stdout + mock.stderr
    assert log.count("GenerateToken Received request") == 1, "however many calls there are"


def test_the_metadata_service_of_moto_is_another_witness(world, proxy):
    outcome = once(
        world.environment(
            **NO_KEYS,
            AWS_EC2_METADATA_DISABLED="false",
            AWS_EC2_METADATA_SERVICE_ENDPOINT=world.cloud.url,
        )
    )
    assert outcome.status == 0, outcome.stdout + outcome.stderr
    assert set(keys_used(proxy)) == {"test-key"}


def test_version_1_of_the_metadata_service_is_never_asked(world, proxy):
    def version_1(method, path, headers):
        if method == "PUT":
            return 405, ""
        return 200, "role" if path.endswith("/") else keys_json("ASIAVERSION1")

    with MetadataServer(version_1) as server:
        outcome = once(
            world.environment(
                **NO_KEYS,
                AWS_EC2_METADATA_DISABLED="false",
                AWS_EC2_METADATA_SERVICE_ENDPOINT=server.url,
            )
        )
    assert outcome.status == 1
    assert {method for method, _ in server.asked} == {"PUT"}
    assert proxy.requests == []


def test_without_any_keys_the_error_says_what_to_set(world, proxy):
    outcome = once(world.environment(**NO_KEYS))
    assert outcome.status == 1
    [error, *_] = outcome.check["errors"]
    assert error["kind"] == "denied"
    assert "AWS_ACCESS_KEY_ID" in error["message"]
    assert "AWS_PROFILE" in error["message"]
    assert proxy.requests == []


# --- a container's endpoint


@contextmanager
def container_endpoint(authorization, *names):
    """Gives keys of these names, one a request and the last for ever, to who knows the token."""
    left = list(names)

    def answer(method, path, headers):
        if headers.get("Authorization") != authorization():
            return 401, json.dumps({"code": "Unauthorized", "message": "a token of no use"})
        return 200, keys_json(left.pop(0) if len(left) > 1 else left[0])

    with MetadataServer(answer) as server:
        yield server


def test_a_containers_endpoint_is_shown_the_token_of_the_file(world, proxy, tmp_path):
    token = tmp_path / "token"
    token.write_text("Bearer of-the-pod")
    with container_endpoint(lambda: "Bearer of-the-pod", "ASIATASK") as server:
        outcome = once(
            world.environment(
                **NO_KEYS,
                AWS_CONTAINER_CREDENTIALS_FULL_URI=f"{server.url}/v1/credentials",
                AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=token,
            )
        )
    assert outcome.status == 0, outcome.stdout + outcome.stderr
    assert set(keys_used(proxy, "")) == {"ASIATASK"}
    assert server.asked == [("GET", "/v1/credentials")], "once for all calls"


def test_a_container_that_is_refused_keys_says_why(world, proxy):
    with container_endpoint(lambda: "another token", "ASIATASK") as server:
        outcome = once(
            world.environment(
                **NO_KEYS,
                AWS_CONTAINER_CREDENTIALS_FULL_URI=server.url,
                AWS_CONTAINER_AUTHORIZATION_TOKEN="the-wrong-token",
            )
        )
    assert outcome.status == 1
    assert "Unauthorized: a token of no use" in outcome.check["errors"][0]["message"]
    assert "the-wrong-token" not in outcome.stdout + outcome.stderr
    assert proxy.requests == []


def test_keys_that_expire_in_the_middle_of_a_run_are_replaced_once(world, proxy, tmp_path):
    """The token file, too, is another one by then."""
    token = tmp_path / "token"
    token.write_text("first")
    expired = json_error(400, "com.amazon.coral.service#ExpiredTokenException", "expired")

    def refuse_first_keys(request, forward):
        return expired if key_of(request) == "ASIAFIRST" else forward()

    with container_endpoint(token.read_text, "ASIAFIRST", "ASIASECOND") as server:
        environment = world.environment(
            **NO_KEYS,
            AWS_CONTAINER_CREDENTIALS_FULL_URI=server.url,
            AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=token,
        )
        with start(["run", "--interval", "100ms", "--json"], environment) as daemon:
            daemon.wait_for_lines(2)
            token.write_text("second")
            for operation in ("sqs:GetQueueAttributes", "ecs:DescribeServices"):
                proxy.on(operation, refuse_first_keys)
            eventually(lambda: "ASIASECOND" in keys_used(proxy), "the new keys are used")
            lines = daemon.wait_for_lines(len(daemon.stdout.splitlines()) + 3)
    assert [json.loads(line)["errors"] for line in lines] == [[] for _ in lines]
    assert len(server.asked) == 2
    used = keys_used(proxy)
    assert used == sorted(used), "never the old ones again"


def test_a_containers_endpoint_that_fails_leaves_the_keys_at_hand(world, proxy):
    """Ten minutes before their end, the daemon would like others, and does without."""
    asked = []

    def answer(method, path, headers):
        asked.append(path)
        return (200, keys_json("ASIASHORT", timedelta(minutes=9))) if len(asked) == 1 else (500, "")

    with MetadataServer(answer) as server:
        environment = world.environment(**NO_KEYS, AWS_CONTAINER_CREDENTIALS_FULL_URI=server.url)
        with start(["run", "--interval", "100ms", "--json"], environment) as daemon:
            daemon.wait_for_text("cannot refresh credentials")
            lines = daemon.wait_for_lines(len(daemon.stdout.splitlines()) + 2)
    assert [json.loads(line)["errors"] for line in lines] == [[] for _ in lines]
    assert set(keys_used(proxy, "")) == {"ASIASHORT"}


def test_a_refresh_that_hangs_holds_up_no_check(world, proxy, tmp_path):
    """Keys with nine minutes left, and a credential_process that never ends the second time."""
    keys = json.loads(keys_json("AKIAPROCESS", timedelta(minutes=9)))
    keys |= {"Version": 1, "SessionToken": keys.pop("Token")}
    process = tmp_path / "keys"
    process.write_text(
        f"#!/bin/sh\nif [ -e {tmp_path}/ran ]; then touch {tmp_path}/hangs; exec sleep 1000; fi\n"
        f"touch {tmp_path}/ran\n"
        f"echo '{json.dumps(keys)}'\n"
    )
    process.chmod(0o700)
    config = tmp_path / "config"
    config.write_text(f"[default]\ncredential_process = {process}\n")
    environment = world.environment(**NO_KEYS, AWS_CONFIG_FILE=config)
    world.put_messages(7)
    with start(["run", "--json", "--interval", "100ms"], environment) as daemon:
        eventually((tmp_path / "hangs").exists, "the refresh hangs")
        checks = len(daemon.wait_for_lines(1))
        world.put_messages(23)
        eventually(lambda: world.desired() == 5, "it scales meanwhile")
        assert len(daemon.wait_for_lines(checks + 2)) > checks
    assert set(keys_used(proxy)) == {"AKIAPROCESS"}


# --- keys in a file


@pytest.fixture
def keys_in_a_file(world, tmp_path):
    """An environment whose keys stand in ~/.aws/credentials, and what writes others there."""

    def write(access_key: str) -> None:
        new = tmp_path / ".aws" / "new"
        new.parent.mkdir(exist_ok=True)
        new.write_text(
            f"[default]\naws_access_key_id = {access_key}\naws_secret_access_key = secret\n"
        )
        new.rename(new.with_name("credentials"))

    write("AKIAFIRST")
    return world.environment(**NO_KEYS, HOME=tmp_path), write


@pytest.mark.parametrize(
    "code",
    ["ExpiredTokenException", "UnrecognizedClientException", "InvalidClientTokenId"],
)
def test_keys_of_a_file_that_are_refused_are_read_again(world, proxy, keys_in_a_file, code):
    """Both are there by the time of the refusal: no check fails."""
    environment, write = keys_in_a_file
    refusal = json_error(400, f"com.amazon.coral.service#{code}", "no longer")

    def refuse_first_keys(request, forward):
        if key_of(request) != "AKIAFIRST":
            return forward()
        write("AKIASECOND")
        return refusal

    with start(["run", "--interval", "100ms", "--json"], environment) as daemon:
        daemon.wait_for_lines(2)
        for operation in ("sqs:GetQueueAttributes", "ecs:DescribeServices"):
            proxy.on(operation, refuse_first_keys)
        eventually(lambda: "AKIASECOND" in keys_used(proxy), "the new keys are used")
        lines = daemon.wait_for_lines(len(daemon.stdout.splitlines()) + 3)
    assert [json.loads(line)["errors"] for line in lines] == [[] for _ in lines]
    assert keys_used(proxy)[-1] == "AKIASECOND"


def test_keys_of_a_file_that_changed_are_used_before_the_old_ones_are_refused(
    world, proxy, keys_in_a_file
):
    environment, write = keys_in_a_file
    with start(["run", "--interval", "100ms", "--json"], environment) as daemon:
        daemon.wait_for_lines(2)
        write("AKIASECOND")
        eventually(lambda: "AKIASECOND" in keys_used(proxy), "the new keys are used")
        lines = daemon.wait_for_lines(len(daemon.stdout.splitlines()) + 2)
    assert [json.loads(line)["errors"] for line in lines] == [[] for _ in lines]
    used = keys_used(proxy)
    assert used == sorted(used), "never the old ones again"


def test_a_file_of_keys_that_is_away_or_broken_leaves_the_keys_at_hand(
    world, proxy, keys_in_a_file, tmp_path
):
    """And leads to nobody else's, though a container's role is there too."""
    environment, write = keys_in_a_file
    credentials = tmp_path / ".aws" / "credentials"
    with container_endpoint(lambda: None, "ASIATASK") as server:
        environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = server.url
        with start(["run", "--interval", "100ms", "--json"], environment) as daemon:
            daemon.wait_for_lines(1)
            credentials.write_text("[default]\nno key\n")
            daemon.wait_for_text("line 2")
            credentials.unlink()
            daemon.wait_for_text("no keys in profile default")
            daemon.wait_for_lines(len(daemon.stdout.splitlines()) + 2)
            assert set(keys_used(proxy, "")) == {"AKIAFIRST"}
            write("AKIASECOND")
            eventually(lambda: "AKIASECOND" in keys_used(proxy), "the new keys are used")
    assert set(keys_used(proxy, "")) == {"AKIAFIRST", "AKIASECOND"}
    assert server.asked == []
    assert daemon.stderr.count("cannot refresh credentials") == 2, "said once a change"
