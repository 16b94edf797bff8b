"""Each request that the program sends, compared as it is on the wire with botocore's.

Both are sent to the same recorder: ours by tests/wire/send_requests.cpp, with the program's own
clients. FAS_BUILD_DIR is the CMake build folder: it holds tests/send_requests.
"""

import hashlib
import json
import os
import pathlib
import re
import subprocess
from urllib.parse import parse_qsl, urlsplit

import botocore.exceptions
import botocore.session
import pytest
from botocore.config import Config

from wire_recorder import WireRecorder
from wire_requests import REQUESTS, SSO_TOKEN, START_URL

REGION = "eu-west-1"

# The headers that differ, and why that is right. All others are the same, by name and by value.
ONLY_BOTOCORE = {
    "x-amz-sdk-checksum-algorithm": "ours names it by the checksum's own header alone",
    "expect": "ours sends a small body at once, rather than wait for leave to send it",
    "x-amzn-query-mode": "asks for an error's older name beside the newer; ours knows both",
}
OTHER_VALUE = {
    "host": "compared in test_each_client_asks_for_its_services_own_host",
    "user-agent": "each says who it is",
    "amz-sdk-invocation-id": "random",
    "amz-sdk-request": "botocore's first attempt says nothing of a maximum",
    "x-amz-date": "the time of sending",
    "authorization": "its parts are compared one by one",
    "content-type": "compared as a media type",
    "content-length": "follows from the body's form",
    "x-amz-content-sha256": "follows from the body's form, compared for S3 alone",
}


def name_of(request):
    ours, _, _ = request
    details = [str(value) for name, value in ours.items() if name != "operation" and value]
    return ours["operation"] + " " + " ".join(details)[:60]


# --- sending


def sent_by_us(requests, tmp_path, **environment):
    if "FAS_BUILD_DIR" not in os.environ:
        pytest.fail("set FAS_BUILD_DIR to the CMake build folder: it holds tests/send_requests")
    program = pathlib.Path(os.environ["FAS_BUILD_DIR"]) / "tests" / "send_requests"
    cache = tmp_path / ".aws" / "sso" / "cache"
    cache.mkdir(parents=True)
    token = {"accessToken": SSO_TOKEN, "expiresAt": "9999-01-01T00:00:00Z", "startUrl": START_URL}
    name = hashlib.sha1(START_URL.encode()).hexdigest() + ".json"
    (cache / name).write_text(json.dumps(token))
    kept = {name: os.environ[name] for name in os.environ if name.endswith("SAN_OPTIONS")}
    run = subprocess.run(
        [program],
        input="".join(json.dumps(ours) + "\n" for ours, _, _ in requests).encode(),
        stdout=subprocess.PIPE,
        env={"HOME": str(tmp_path), **kept, **environment},
        check=True,
        timeout=120,
    )
    return run.stdout.decode().splitlines()


@pytest.fixture(scope="module")
def recorder():
    with WireRecorder() as server:
        yield server


@pytest.fixture(scope="module")
def ours(recorder, tmp_path_factory):
    """What our clients sent, in the order of REQUESTS."""
    outcomes = sent_by_us(
        REQUESTS, tmp_path_factory.mktemp("home"), AWS_ENDPOINT_URL=f"http://{recorder.address}"
    )
    recorded = recorder.take()
    assert len(recorded) == len(REQUESTS), "\n".join(outcomes)
    return recorded


@pytest.fixture(scope="module")
def theirs(recorder):
    """What botocore sent, in the order of REQUESTS."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        patch.setenv("AWS_CONFIG_FILE", os.devnull)
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
        session = botocore.session.Session()
        session.set_credentials("AKIDEXAMPLE", "secret", "token/+=")
        # Of the protocols that AWS documents for CloudWatch, botocore would take CBOR; we JSON.
        loader = session.get_component("data_loader")
        model = loader.load_service_model("cloudwatch", "service-2", api_version=None)
        assert "json" in model["metadata"]["protocols"]
        model["metadata"]["protocols"] = ["json"]
        # A write names the checksum of its body itself.
        config = Config(
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        clients = {}
        for ours, service, parameters in REQUESTS:
            if service not in clients:
                clients[service] = session.create_client(
                    service,
                    region_name=REGION,
                    endpoint_url=f"http://{recorder.address}",
                    config=config,
                )
            method = botocore.xform_name(ours["operation"])
            with pytest.raises(botocore.exceptions.ClientError):
                getattr(clients[service], method)(**parameters)
    recorded = recorder.take()
    assert len(recorded) == len(REQUESTS)
    return recorded


# --- comparing


def media_type(request):
    """Without the charset, which for a form changes nothing: RFC 7578 leaves no other."""
    return request.header("content-type").partition(";")[0].strip()


def meaning_of_body(request):
    kind = media_type(request)
    lambdas = kind == "application/json" and request.target.startswith("/2019-")
    if lambdas or kind.startswith("application/x-amz-json"):
        return json.loads(request.body)
    if kind == "application/x-www-form-urlencoded":
        return sorted(parse_qsl(request.body.decode(), keep_blank_values=True, strict_parsing=True))
    return request.body


def query_of(request):
    query = urlsplit(request.target).query
    return sorted(parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)))


def authorization_of(request):
    """The parts of the Authorization header: who, for what, and over which headers."""
    header = request.header("authorization")
    if not header:
        return None
    found = re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=(\S+), SignedHeaders=(\S+), Signature=[0-9a-f]{64}", header
    )
    assert found, header
    key, date, *scope = found[1].split("/")
    assert request.header("x-amz-date").startswith(date)
    return key, scope, set(found[2].split(";"))


def headers_of(request):
    """By name; a value that may be another is left out, but not its name."""
    names = [name.lower() for name, _ in request.headers]
    return {name: None if name in OTHER_VALUE else request.header(name) for name in names}


@pytest.mark.parametrize("number", range(len(REQUESTS)), ids=[name_of(r) for r in REQUESTS])
def test_a_request_is_botocores(ours, theirs, number):
    mine, reference = ours[number], theirs[number]
    service = REQUESTS[number][1]

    assert mine.method == reference.method
    assert urlsplit(mine.target).path == urlsplit(reference.target).path
    assert query_of(mine) == query_of(reference)
    assert mine.header("x-amz-target") == reference.header("x-amz-target")
    assert media_type(mine) == media_type(reference)
    assert meaning_of_body(mine) == meaning_of_body(reference)
    if service == "s3":
        assert mine.header("x-amz-content-sha256") == hashlib.sha256(mine.body).hexdigest()
        assert mine.header("x-amz-content-sha256") == reference.header("x-amz-content-sha256")

    expected = {name: v for name, v in headers_of(reference).items() if name not in ONLY_BOTOCORE}
    if mine.method == "DELETE":
        assert reference.header("content-length") == "0"
        del expected["content-length"]  # ours says of no body that there is none, by not naming one
    assert headers_of(mine) == expected
    signed, signed_by_botocore = authorization_of(mine), authorization_of(reference)
    if signed_by_botocore is None:
        assert signed is None
    else:
        key, scope, names = signed_by_botocore
        assert signed == (key, scope, names - ONLY_BOTOCORE.keys())


def test_no_difference_is_listed_in_vain(ours, theirs):
    by_us = {name.lower() for request in ours for name, _ in request.headers}
    by_botocore = {name.lower() for request in theirs for name, _ in request.headers}
    assert ONLY_BOTOCORE.keys() <= by_botocore - by_us
    assert OTHER_VALUE.keys() <= by_botocore & by_us


HOSTS = {
    "GetQueueAttributes": "sqs.eu-west-1.amazonaws.com",
    "DescribeServices": "ecs.eu-west-1.amazonaws.com",
    "ListClusters": "ecs.eu-west-1.amazonaws.com",
    "UpdateService": "ecs.eu-west-1.amazonaws.com",
    "GetObject": "bucket.s3.eu-west-1.amazonaws.com",
    "PutObject": "bucket.s3.eu-west-1.amazonaws.com",
    "GetItem": "dynamodb.eu-west-1.amazonaws.com",
    "AssumeRole": "sts.eu-west-1.amazonaws.com",
    "AssumeRoleWithWebIdentity": "sts.eu-west-1.amazonaws.com",
    "GetParameter": "ssm.eu-west-1.amazonaws.com",
    "DescribeStreamSummary": "kinesis.eu-west-1.amazonaws.com",
    "DescribeBroker": "mq.eu-west-1.amazonaws.com",
    "GetMetricData": "monitoring.eu-west-1.amazonaws.com",
    "GetRoleCredentials": "portal.sso.eu-west-1.amazonaws.com",
    "SetDesiredCapacity": "autoscaling.eu-west-1.amazonaws.com",
    "PutProvisionedConcurrencyConfig": "lambda.eu-west-1.amazonaws.com",
    "RegisterScalableTarget": "application-autoscaling.eu-west-1.amazonaws.com",
    "GetBootstrapBrokers": "kafka.eu-west-1.amazonaws.com",
}


@pytest.mark.parametrize("operation", HOSTS)
def test_each_client_asks_for_its_services_own_host(tmp_path, operation):
    """The recorder is a proxy here: it hears the host's name, and lets nobody through."""
    request = next(request for request in REQUESTS if request[0]["operation"] == operation)
    with WireRecorder() as proxy:
        sent_by_us([request], tmp_path, HTTPS_PROXY=f"http://{proxy.address}")
        asked_for = {recorded.target for recorded in proxy.take()}
    assert asked_for == {f"{HOSTS[operation]}:443"}
