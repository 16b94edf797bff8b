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

REGION = "eu-west-1"
START_URL = "https://example.awsapps.com/start"
SSO_TOKEN = "sso-token/+="

# The headers that differ, and why that is right. All others are the same, by name and by value.
ONLY_BOTOCORE = {
    "accept-encoding": "ours asks for no encoding by not naming one",
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


# --- what is asked for: ours and botocore's words for it


def sqs(queue_url):
    ours = {"operation": "GetQueueAttributes", "queue_url": queue_url}
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    return ours, "sqs", {"QueueUrl": queue_url, "AttributeNames": names}


def describe(cluster, *services):
    ours = {"operation": "DescribeServices", "cluster": cluster, "services": services}
    return ours, "ecs", {"cluster": cluster, "services": services, "include": ["TAGS"]}


def list_clusters():
    return {"operation": "ListClusters"}, "ecs", {"maxResults": 100}


def list_services(cluster):
    ours = {"operation": "ListServices", "cluster": cluster}
    return ours, "ecs", {"cluster": cluster, "maxResults": 100}


def list_tasks(cluster, service, name):
    """What comes before the protection of a service's tasks."""
    ours = {"operation": "ListTasks", "cluster": cluster, "service": service}
    theirs = {"cluster": cluster, "serviceName": name}
    return ours, "ecs", theirs | {"desiredStatus": "RUNNING", "maxResults": 100}


def protection(cluster, *tasks):
    ours = {"operation": "GetTaskProtection", "cluster": cluster, "tasks": tasks}
    return ours, "ecs", {"cluster": cluster, "tasks": tasks}


def update(cluster, service, count):
    ours = {"operation": "UpdateService", "cluster": cluster, "service": service, "count": count}
    return ours, "ecs", {"cluster": cluster, "service": service, "desiredCount": count}


def get(key, bucket="bucket"):
    ours = {"operation": "GetObject", "bucket": bucket, "key": key}
    return ours, "s3", {"Bucket": bucket, "Key": key}


def get_unless(key, etag):
    ours, service, theirs = get(key)
    theirs |= {"IfNoneMatch": etag} if etag else {}
    return ours | {"unless": etag}, service, theirs


def parameter(name):
    ours = {"operation": "GetParameter", "name": name}
    return ours, "ssm", {"Name": name, "WithDecryption": True}


def stream(name):
    return {"operation": "DescribeStreamSummary", "name": name}, "kinesis", {"StreamName": name}


def metrics(name_space, metric, statistic, expression, *values, period=0, end=1795435200):
    ours = {"operation": "GetMetricData", "namespace": name_space, "metric": metric}
    ours |= {"statistic": statistic, "values": values, "expression": expression}
    ours |= {"period": period, "end": end}
    dimensions = [{"Name": "Name", "Value": value} for value in values]
    names = {"Namespace": name_space, "MetricName": metric, "Dimensions": dimensions}
    stat = {"Metric": names, "Period": 60, "Stat": statistic}
    math = {"Id": "e1", "Expression": expression, "ReturnData": True}
    queries = [
        {"Id": "m1", "MetricStat": stat, "ReturnData": False},
        math | ({"Period": period} if period else {}),
    ]
    theirs = {"MetricDataQueries": queries, "StartTime": end - 3600, "EndTime": end}
    return ours, "cloudwatch", theirs | {"ScanBy": "TimestampDescending"}


def broker(broker_id):
    ours = {"operation": "DescribeBroker", "broker_id": broker_id}
    return ours, "mq", {"BrokerId": broker_id}


def put(key, body="{}", if_match="", bucket="bucket"):
    """Without an ETag to match: if there is no object yet."""
    ours = {"operation": "PutObject", "bucket": bucket, "key": key, "body": body}
    ours |= {"if_match": if_match}
    theirs = {"Bucket": bucket, "Key": key, "Body": body, "ContentType": "application/json"}
    theirs |= {"IfMatch": if_match} if if_match else {"IfNoneMatch": "*"}
    return ours, "s3", theirs


def get_item(table, target):
    ours = {"operation": "GetItem", "table": table, "target": target}
    key = {"target": {"S": target}}
    return ours, "dynamodb", {"TableName": table, "Key": key, "ConsistentRead": True}


def update_item(table, target, at, desired, writer=None):
    """Without a writer that was seen: if there is none yet."""
    ours = {"operation": "UpdateItem", "table": table, "target": target}
    ours |= {"at": at, "desired": desired} | ({} if writer is None else {"writer": writer})
    theirs = {"TableName": table, "Key": {"target": {"S": target}}}
    theirs |= {
        "UpdateExpression": "SET #s0 = :s0, #s1 = :s1 REMOVE #r0",
        "ConditionExpression": "#guard = :guard"
        if writer is not None
        else "NOT attribute_type(#guard, :guard)",
        "ExpressionAttributeNames": {
            "#guard": "writer",
            "#s0": "at",
            "#s1": "desired",
            "#r0": "messages",
        },
        "ExpressionAttributeValues": {
            ":guard": {"S": "S" if writer is None else writer},
            ":s0": {"S": at},
            ":s1": {"N": desired},
        },
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return ours, "dynamodb", theirs


def assume(role_arn, session_name, external_id="", duration_s=0):
    ours = {"operation": "AssumeRole", "role_arn": role_arn, "session_name": session_name}
    ours |= {"external_id": external_id, "duration_s": duration_s}
    theirs = {"RoleArn": role_arn, "RoleSessionName": session_name}
    theirs |= {"ExternalId": external_id} if external_id else {}
    theirs |= {"DurationSeconds": duration_s} if duration_s else {}
    return ours, "sts", theirs


def assume_with_token(role_arn, session_name, token, duration_s=0):
    ours, service, theirs = assume(role_arn, session_name, duration_s=duration_s)
    ours |= {"operation": "AssumeRoleWithWebIdentity", "token": token}
    return ours, service, theirs | {"WebIdentityToken": token}


def sso(account_id, role_name):
    ours = {"operation": "GetRoleCredentials", "start_url": START_URL}
    ours |= {"account_id": account_id, "role_name": role_name}
    theirs = {"accountId": account_id, "roleName": role_name, "accessToken": SSO_TOKEN}
    return ours, "sso", theirs


def group(name):
    ours = {"operation": "DescribeAutoScalingGroups", "group": name}
    return ours, "autoscaling", {"AutoScalingGroupNames": [name]}


def refreshes(name):
    ours = {"operation": "DescribeInstanceRefreshes", "group": name}
    return ours, "autoscaling", {"AutoScalingGroupName": name}


def capacity(name, count):
    ours = {"operation": "SetDesiredCapacity", "group": name, "count": count}
    theirs = {"AutoScalingGroupName": name, "DesiredCapacity": count, "HonorCooldown": False}
    return ours, "autoscaling", theirs


def provisioned(operation, function, qualifier, count=0):
    ours = {"operation": f"{operation}ProvisionedConcurrencyConfig", "function": function}
    ours |= {"qualifier": qualifier, "count": count}
    theirs = {"FunctionName": function, "Qualifier": qualifier}
    theirs |= {"ProvisionedConcurrentExecutions": count} if count else {}
    return ours, "lambda", theirs


def scalable(namespace, resource, dimension):
    ours = {"operation": "DescribeScalableTargets", "namespace": namespace}
    ours |= {"resource": resource, "dimension": dimension}
    theirs = {"ServiceNamespace": namespace, "ScalableDimension": dimension}
    return ours, "application-autoscaling", theirs | {"ResourceIds": [resource]}


def registered(namespace, resource, dimension, min_capacity, max_capacity=None):
    ours, service, theirs = scalable(namespace, resource, dimension)
    ours |= {"operation": "RegisterScalableTarget", "min": min_capacity}
    ours |= {"max": max_capacity} if max_capacity else {}
    del theirs["ResourceIds"]
    theirs |= {"ResourceId": resource, "MinCapacity": min_capacity}
    theirs |= {"MaxCapacity": max_capacity} if max_capacity else {}
    return ours, service, theirs


FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:work"
TABLE = ("dynamodb", "table/orders", "dynamodb:table:WriteCapacityUnits")
VARIANT = ("sagemaker", "endpoint/é model/variant/a", "sagemaker:variant:DesiredInstanceCount")
def bootstrap_brokers(cluster_arn):
    ours = {"operation": "GetBootstrapBrokers", "cluster_arn": cluster_arn}
    return ours, "kafka", {"ClusterArn": cluster_arn}


ROLE = "arn:aws:iam::123456789012:role/path/scaler"
QUEUES = "https://sqs.eu-west-1.amazonaws.com/123456789012/"
KEYS = [
    "autoscaling-state/prod/web/up-last-action.json",
    "autoscaling-state/arn:aws:ecs:eu-west-1:1:cluster/prod/web/up-last-action.json",
    "a b/c+d=é",
    "/front//double/back/",
    "./dots/../in/the path",
    "100%/%41/%2F",
    "-_.~!$&'()*,;:@",
    '"<>[]^`{|}\\',
    "?query=1#fragment",
    "漢字/☃/😀",
]
REQUESTS = [
    sqs(QUEUES + "orders"),
    sqs(QUEUES + "orders.fifo"),
    sqs("http://localhost:9324/queue/a b?c=d&e=%41+#f"),
    sqs(QUEUES + '"quoted"\\and/é☃😀\x7f'),
    describe("prod", "web"),
    describe("arn:aws:ecs:eu-west-1:123456789012:cluster/prod", "arn:aws:ecs:x:1:service/prod/web"),
    describe("prod-é", 'we"b\\/\n\t😀'),
    describe("prod", *[f"web-{number}" for number in range(10)]),
    list_clusters(),
    list_services("prod"),
    list_services("arn:aws:ecs:eu-west-1:123456789012:cluster/prod-é"),
    list_tasks("prod", "web", "web"),
    list_tasks("prod", "arn:aws:ecs:eu-west-1:123456789012:service/prod/web", "web"),
    protection(
        "prod", *[f"arn:aws:ecs:eu-west-1:1:task/prod/{number:032x}" for number in range(9)]
    ),
    update("prod", "web", 7),
    update("prod-é☃", "we&b=+ %", 0),
    update("prod", "web", 5000),
    *[get(key) for key in KEYS],
    get("k", bucket="dotted.bucket-1"),
    get_unless("k", '"d41d8cd98f00b204e9800998ecf8427e-2"'),
    get_unless("k", ""),
    parameter("/prod/scaler"),
    parameter("arn:aws:ssm:eu-west-1:123456789012:parameter/prod/é:3"),
    metrics("App/Jobs", "Depth", "Maximum", "m1*2", "orders", 'é☃ and "more"'),
    metrics("AWS/SNS", "NumberOfMessagesPublished", "p99.9", "SELECT MAX(a) FROM b", period=60),
    stream("orders-1.prod_x"),
    broker("b-1234a5b6-78cd-901e-2fab-3c45d6e178f9"),
    broker("b 1/é:+%41"),
    *[put(key) for key in KEYS],
    put("k"),
    put("k", if_match='"d41d8cd98f00b204e9800998ecf8427e"'),
    put("k", if_match='"d41d8cd98f00b204e9800998ecf8427e-2"'),
    put("k", body=""),
    put("k", body='{"why":"é☃😀"}\n' * 1000, if_match='"1"'),
    put("k", bucket="dotted.bucket-1"),
    get_item("state", "prod/web"),
    get_item("arn:aws:dynamodb:eu-west-1:123456789012:table/state", 'prod-é☃/we"b\\\n'),
    update_item("state", "prod/web", "2026-11-23T21:42:01.5Z", "7"),
    update_item("state", "prod/web", "é☃😀", "0", writer="9f0c"),
    assume(ROLE, "fast-autoscaler"),
    assume(ROLE, "a_b=c,d.e@f+g-h", "external:id/with=+,.@:\\/-", 900),
    assume(ROLE + "/é ☃&x=y", "näme with spaces & more", "é+%41"),
    assume_with_token(ROLE, "fast-autoscaler", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln"),
    assume_with_token(ROLE, "a=b,c.d@e", "not+a/token==&é", 3600),
    sso("123456789012", "Admin"),
    sso("123456789012", "a+b=c,d.e@f-g"),
    sso("123456789012", "é ☃&/?#%41"),
    group("workers"),
    group("workers é☃ & more=+/%41"),
    refreshes("workers"),
    capacity("workers", 0),
    capacity("workers & more", 5000),
    provisioned("Get", "work", "live"),
    provisioned("Get", FUNCTION, "12"),
    provisioned("Put", "work", "live", 7),
    provisioned("Put", FUNCTION, "a_b-c", 1000),
    provisioned("Delete", FUNCTION, "live"),
    scalable(*TABLE),
    scalable(*VARIANT),
    registered(*TABLE, 0),
    registered(*TABLE, 7, 7),
    registered(*VARIANT, 1, 20),
    bootstrap_brokers("arn:aws:kafka:eu-west-1:123456789012:cluster/orders/0b9c6e54-1111-s3"),
]


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
        # Without the checksums in headers and trailers that are new in S3's clients: If-Match
        # already guards what is written here, and the signature covers the body.
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
