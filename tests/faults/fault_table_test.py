"""Every row of the fault table, made to happen."""

import itertools
import json

import pytest

import fault_table
from autoscaler import numbers, once
from aws_world import seconds_ago
from fault_proxy import Answer, FaultProxy
from fault_table import CLAIM, FAULTS, FIRST, OPERATIONS, STATE, UPDATE, Fault
from processes import PROJECT, free_port

ROWS = [
    pytest.param(operation, fault, id=f"{operation.partition(':')[2]}: {fault.name}, {fault.often}")
    for fault in FAULTS
    for operation in OPERATIONS
    if operation in fault.outcomes
]
SERVICES = ["sqs", "ecs", "s3"]
NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}


@pytest.fixture
def keys_endpoint(cloud):
    """Hands out other keys each time, as a container's endpoint does."""
    number = itertools.count(1)

    def keys(request, forward) -> Answer:
        document = {
            "AccessKeyId": "AKIAIOSFODNN7EXAMPLE",
            "SecretAccessKey": "secret",
            "Token": f"session-{next(number)}",
            "Expiration": "2099-01-01T00:00:00Z",
        }
        return Answer(200, json.dumps(document).encode())

    with FaultProxy(cloud.url) as server:
        server.on("s3:GetObject", keys)  # which any GET is taken for
        yield server.url


def break_connections(fault: Fault, service: str, proxies, environment: dict, certificates) -> None:
    """For a fault that comes before any request."""
    variable = f"AWS_ENDPOINT_URL_{service.upper()}"
    if fault.name == "connection refused":
        environment[variable] = f"http://127.0.0.1:{free_port()}"
    elif fault.name == "connection reset before the request":
        proxies[service].reset_new_connections(fault.times)
    elif fault.name == "certificate of an unknown authority":
        environment[variable] = proxies["tls"].url
    else:
        assert fault.name == "certificate for another host"  # it names 127.0.0.1
        environment[variable] = proxies["tls"].url.replace("127.0.0.1", "127.0.0.2")
        environment["AWS_CA_BUNDLE"] = certificates.authority


def environment_of(world, proxies, fault: Fault, keys_endpoint: str) -> dict[str, str]:
    endpoints = {f"AWS_ENDPOINT_URL_{name.upper()}": proxies[name].url for name in SERVICES}
    if not fault.name.startswith("expired keys"):
        return world.environment(**endpoints)
    container = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": keys_endpoint}
    return world.environment(**endpoints, **NO_KEYS, **container)


def put_in_the_way(fault, operation, proxies, environment, certificates) -> None:
    service = operation.partition(":")[0]
    if fault.rule is None:
        break_connections(fault, service, proxies, environment, certificates)
    else:
        proxies[service].on(operation, fault.rule(operation), fault.times)


@pytest.mark.parametrize("operation, fault", ROWS)
def test_what_a_fault_does_to_a_scale_in(
    idle_world, proxies, keys_endpoint, certificates, operation, fault
):
    idle_world.write_original_state("up", seconds_ago(9000), count=10)
    idle_world.write_original_state("down", seconds_ago(9000), count=10)
    environment = environment_of(idle_world, proxies, fault, keys_endpoint)
    put_in_the_way(fault, operation, proxies, environment, certificates)

    outcome = once(environment)
    check = outcome.check
    seen = [request for proxy in proxies.values() for request in proxy.requests]
    asked = [request for request in seen if request.operation == operation]
    reached_aws = {request.operation for request in seen if request.reached_aws}

    if fault.outcomes[operation].tries == 0:
        assert outcome.status == 0, outcome.stderr
        assert numbers(check) == ("scale_in", 10, 5)
        assert check["changed"] is True and check["errors"] == []
        assert idle_world.desired() == 5
        assert idle_world.state("up")["writer"] and idle_world.state("down")["count"] == 5
    else:
        assert outcome.status == 1
        assert check["errors"] and check["changed"] is False
        assert check["new_tasks"] == check["current_tasks"]
        assert idle_world.desired() == (5 if UPDATE in reached_aws else 10)
        if operation in FIRST:
            assert CLAIM not in reached_aws
        if operation != UPDATE:
            assert UPDATE not in reached_aws
    assert len(asked) == fault_table.requests_expected(fault, operation)


FAIL_OPEN = [
    row
    for row in ROWS
    if row.values[0] in (STATE, CLAIM)
    and row.values[1].outcomes[row.values[0]].tries
    and row.values[1].name
    in ("connection refused", "reset, request done", "JSON that ends early", "HTTP 500")
]


@pytest.mark.parametrize("operation, fault", FAIL_OPEN)
def test_without_the_state_a_scale_out_goes_ahead_and_reports_it(
    idle_world, proxies, keys_endpoint, certificates, operation, fault
):
    idle_world.put_messages(30)
    idle_world.write_original_state("up", seconds_ago(9000), count=10)
    environment = environment_of(idle_world, proxies, fault, keys_endpoint)
    put_in_the_way(fault, operation, proxies, environment, certificates)

    outcome = once(environment)
    assert (outcome.status, numbers(outcome.check)) == (1, ("scale_out", 10, 13))
    assert {error["service"] for error in outcome.check["errors"]} == {"S3"}
    assert idle_world.desired() == 13


def test_keys_that_expired_are_fetched_anew_once_for_all_calls(idle_world, proxies, keys_endpoint):
    [fault] = [f for f in FAULTS if f.name == "expired keys" and f.often == "once"]
    for operation in OPERATIONS:
        proxies[operation.partition(":")[0]].on(operation, fault.rule(operation))
    outcome = once(environment_of(idle_world, proxies, fault, keys_endpoint))
    assert outcome.status == 0, outcome.stderr
    seen = [request for proxy in proxies.values() for request in proxy.requests]
    assert {r.headers["x-amz-security-token"] for r in seen} == {"session-1", "session-2"}


def test_the_document_has_this_table():
    text = (PROJECT / "docs" / "reliability.md").read_text()
    assert fault_table.markdown() in text, f"docs/reliability.md:\n{fault_table.markdown()}"
