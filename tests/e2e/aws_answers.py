"""Answers that AWS documents and moto cannot produce.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

import json

from fault_proxy import Answer

REQUEST_ID = "0b9c6e54-1111-4222-8333-444455556666"


def json_error(status: int, name: str, message: str, **headers: str) -> Answer:
    """AWS JSON 1.0 and 1.1: the error's name in __type, its text in message."""
    return Answer(
        status,
        json.dumps({"__type": name, "message": message}).encode(),
        {
            "Content-Type": "application/x-amz-json-1.1",
            "x-amzn-RequestId": REQUEST_ID,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
    )


def throttled(name: str = "ThrottlingException") -> Answer:
    """Throttling comes as HTTP 400, told by the name alone (CommonErrors, ThrottlingException)."""
    return json_error(400, name, "Rate exceeded")


def denied(action: str) -> Answer:
    """AccessDeniedException (CommonErrors): HTTP 400, the missing action in the text."""
    return json_error(
        400,
        "com.amazon.coral.service#AccessDeniedException",
        f"User: arn:aws:iam::123456789012:user/tester is not authorized to perform: {action}",
    )


def queue_missing() -> Answer:
    """SQS GetQueueAttributes, QueueDoesNotExist, with the query-compatible name in a header."""
    return json_error(
        400,
        "com.amazonaws.sqs#QueueDoesNotExist",
        "The specified queue does not exist.",
        x_amzn_query_error="AWS.SimpleQueueService.NonExistentQueue;Sender",
    )


def server_error() -> Answer:
    """InternalFailure (CommonErrors): HTTP 500."""
    return json_error(500, "InternalFailure", "The request processing has failed.")


def gateway_page() -> Answer:
    """What a load balancer in between says: HTML, not the service's protocol."""
    return Answer(
        503,
        b"<html><body><h1>503 Service Unavailable</h1></body></html>",
        {"Content-Type": "text/html"},
    )


def ok(body: bytes) -> Answer:
    return Answer(
        200, body, {"Content-Type": "application/x-amz-json-1.0", "x-amzn-RequestId": REQUEST_ID}
    )


def queue_attributes(**attributes: str) -> Answer:
    return ok(json.dumps({"Attributes": attributes}).encode())


def cut_short(body: bytes, sent: int) -> Answer:
    """The connection breaks in the middle of the body."""
    return Answer(
        200,
        body[:sent],
        {"Content-Type": "application/x-amz-json-1.0", "Content-Length": str(len(body))},
    )


def service_failure(reason: str) -> Answer:
    """DescribeServices: a failure inside HTTP 200.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
    """
    return ok(
        json.dumps(
            {
                "services": [],
                "failures": [
                    {"arn": "arn:aws:ecs:eu-west-1:123456789012:service/missing", "reason": reason}
                ],
            }
        ).encode()
    )


def signature_expired(signed: str, now: str) -> Answer:
    """The JSON services on a signature of another time; both times as in x-amz-date.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
    """
    return json_error(
        400,
        "InvalidSignatureException",
        f"Signature expired: {signed} is now earlier than {now} ({now} - 5 min.)",
    )


def time_too_skewed() -> Answer:
    """The same of S3, whatever the direction."""
    return s3_error(
        403,
        "RequestTimeTooSkewed",
        "The difference between the request time and the current time is too large.",
    )


def token_expired() -> Answer:
    """ExpiredTokenException (CommonErrors) of the JSON services."""
    return json_error(
        400, "ExpiredTokenException", "The security token included in the request is expired"
    )


def s3_token_expired() -> Answer:
    return s3_error(400, "ExpiredToken", "The provided token has expired.")


def s3_error(status: int, code: str, message: str = "") -> Answer:
    """S3: XML without a wrapper, the request id in a header too."""
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code>'
        f"<Message>{message or code}</Message><RequestId>4442587FB7D0A2F9</RequestId></Error>"
    )
    return Answer(
        status,
        body.encode(),
        {"Content-Type": "application/xml", "x-amz-request-id": "4442587FB7D0A2F9"},
    )
