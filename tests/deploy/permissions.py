"""What an IAM policy allows, and a proxy that holds a program to it.

moto's own enforcement does not do: it compares a policy's resources with `*` for everything but
S3's, and knows few conditions. So a proxy stands between the program and moto, works out for each
request which action on which resource it is, and answers as AWS does when the role's policies do
not allow it. S3 is asked for one thing more: who gets an object that is not there is told so (404)
only with s3:ListBucket, with the object's key as the prefix, and is denied (403) without
(https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html).

moto starts no tasks for a service and has no GetTaskProtection: where the policies allow it, the
proxy itself answers these, as AWS does for a service of two tasks, of which none is protected.
"""

import json
import re
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import aws_answers
from fault_proxy import Answer, FaultProxy, Request
from stacks import listed
from templates import ACCOUNT, REGION

# What a check asks that scales out; and what it asks besides before it scales in.
OPERATIONS = {
    "sqs:GetQueueAttributes",
    "ecs:DescribeServices",
    "ecs:UpdateService",
    "s3:GetObject",
    "s3:PutObject",
}
PROTECTION = {"ecs:ListTasks", "ecs:GetTaskProtection"}


def matches(pattern: str, text: str) -> bool:
    """As IAM does: * and ? are wild, everything else is itself."""
    parts = (".*" if part == "*" else "." if part == "?" else re.escape(part) for part in pattern)
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None


def _condition_holds(operator: str, wanted: dict, context: dict[str, str]) -> bool:
    """A key that the request does not have makes a condition false."""
    compare = {
        "StringEquals": str.__eq__,
        "StringLike": lambda text, to: matches(to, text),
        "ArnEquals": lambda text, to: matches(to, text),
        "ArnLike": lambda text, to: matches(to, text),
    }[operator]
    return all(
        key in context and any(compare(context[key], value) for value in listed(values))
        for key, values in wanted.items()
    )


def allows(statements: list[dict], action: str, resource: str, **context: str) -> bool:
    """The context's keys are written with a double underscore for the colon: s3__prefix."""
    context = {key.replace("__", ":"): value for key, value in context.items()}
    for statement in statements:
        assert statement["Effect"] == "Allow", "only statements that allow are understood here"
        assert statement.keys() <= {"Sid", "Effect", "Action", "Resource", "Condition"}
        conditions = statement.get("Condition", {}).items()
        if (
            any(matches(each.lower(), action.lower()) for each in listed(statement["Action"]))
            and any(matches(each, resource) for each in listed(statement["Resource"]))
            and all(_condition_holds(name, wanted, context) for name, wanted in conditions)
        ):
            return True
    return False


def resources_of(request: Request) -> list[str]:
    """The ARNs that AWS checks the request's action against."""
    service = request.operation.partition(":")[0]
    if service == "s3":
        return ["arn:aws:s3:::" + unquote(urlsplit(request.path).path).lstrip("/")]
    body = json.loads(request.body)
    if service == "sqs":
        account, queue = urlsplit(body["QueueUrl"]).path.strip("/").split("/")
        return [f"arn:aws:sqs:{REGION}:{account}:{queue}"]
    if request.operation == "ecs:ListTasks":
        return ["*"]  # tasks on Fargate are on no container instance
    if request.operation == "ecs:GetTaskProtection":
        return body["tasks"]
    name = body["services"][0] if "services" in body else body["service"]
    return [f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/{body['cluster']}/{name}"]


def context_of(request: Request) -> dict[str, str]:
    """The condition keys that AWS gives the request."""
    if not request.operation.startswith("ecs:"):
        return {}
    cluster = json.loads(request.body)["cluster"]
    return {"ecs__cluster": f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/{cluster}"}


def _tasks(request: Request) -> Answer:
    cluster = json.loads(request.body)["cluster"]
    arns = [f"arn:aws:ecs:{REGION}:{ACCOUNT}:task/{cluster}/{number:032x}" for number in (1, 2)]
    return aws_answers.ok(json.dumps({"taskArns": arns}).encode())


def _protection(request: Request) -> Answer:
    tasks = json.loads(request.body)["tasks"]
    told = [{"taskArn": arn, "protectionEnabled": False} for arn in tasks]
    return aws_answers.ok(json.dumps({"protectedTasks": told, "failures": []}).encode())


NOT_IN_MOTO = {"ecs:ListTasks": _tasks, "ecs:GetTaskProtection": _protection}


def _denied(operation: str) -> Answer:
    if operation.startswith("s3:"):
        body = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
        return Answer(403, body, {"Content-Type": "application/xml"})
    return aws_answers.denied(operation)


@contextmanager
def held_to(statements: list[dict], upstream: str):
    """A proxy in front of moto that lets through what the statements allow."""

    def rule(request: Request, forward) -> Answer:
        resources, context = resources_of(request), context_of(request)
        if not all(allows(statements, request.operation, each, **context) for each in resources):
            return _denied(request.operation)
        if request.operation in NOT_IN_MOTO:
            return NOT_IN_MOTO[request.operation](request)
        answer = forward()
        if request.operation == "s3:GetObject" and answer.status == 404:
            bucket, _, key = resources[0].partition("/")
            if not allows(statements, "s3:ListBucket", bucket, s3__prefix=key):
                return _denied(request.operation)
        return answer

    with FaultProxy(upstream) as proxy:
        for operation in OPERATIONS | PROTECTION:
            proxy.on(operation, rule)
        yield proxy
