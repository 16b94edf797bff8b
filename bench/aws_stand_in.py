"""A TLS server that answers as SQS, ECS and S3 do, each answer after the same delay.

Its answers are moto's, recorded, with the numbers put in. It keeps a service's desired count and
S3 objects with their ETags, and honours If-Match and If-None-Match, as a scaling check needs.
"""

import asyncio
import hashlib
import json
import ssl
from dataclasses import dataclass, field

MESSAGES_TO_HOLD, MESSAGES_TO_SCALE_OUT, MESSAGES_TO_SCALE_IN = 7, 80, 0

SERVICE = {
    "serviceArn": "arn:aws:ecs:eu-west-1:123456789012:service/shop/worker",
    "serviceName": "worker",
    "clusterArn": "arn:aws:ecs:eu-west-1:123456789012:cluster/shop",
    "loadBalancers": [],
    "serviceRegistries": [],
    "status": "ACTIVE",
    "launchType": "FARGATE",
    "taskDefinition": "arn:aws:ecs:eu-west-1:123456789012:task-definition/worker:1",
    "taskSets": [],
    "deployments": [
        {
            "id": "ecs-svc/692453325590603725",
            "status": "PRIMARY",
            "taskDefinition": "arn:aws:ecs:eu-west-1:123456789012:task-definition/worker:1",
            "failedTasks": 0,
            "createdAt": 1795472067.97,
            "updatedAt": 1795472067.97,
            "launchType": "FARGATE",
            "rolloutState": "COMPLETED",
            "rolloutStateReason": "ECS deployment ecs-svc/692453325590603725 completed.",
        }
    ],
    "events": [],
    "networkConfiguration": {},
    "schedulingStrategy": "REPLICA",
    "deploymentController": {"type": "ECS"},
    "propagateTags": "NONE",
}

NO_SUCH_KEY = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified '
    "key does not exist.</Message><RequestID>4442587FB7D0A2F9</RequestID></Error>"
)
PRECONDITION_FAILED = NO_SUCH_KEY.replace("NoSuchKey", "PreconditionFailed")
REASONS = {200: "OK", 404: "Not Found", 412: "Precondition Failed"}


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]  # names in lower case
    body: bytes
    raw: bytes

    @property
    def operation(self) -> str:
        return self.headers.get("x-amz-target", "").partition(".")[2] or self.method


async def read_head(reader: asyncio.StreamReader) -> tuple[str, dict[str, str], bytes]:
    """The first line, the headers, and their bytes."""
    raw = await reader.readuntil(b"\r\n\r\n")
    first, *lines = raw.decode("latin-1").rstrip("\r\n").split("\r\n")
    fields = (line.split(":", 1) for line in lines)
    return first, {name.lower(): value.strip() for name, value in fields}, raw


@dataclass
class AwsStandIn:
    delay_s: float
    visible: int = MESSAGES_TO_HOLD
    flip: bool = False  # each UpdateService makes the queue ask for the opposite
    desired: int = 1
    objects: dict[str, bytes] = field(default_factory=dict)
    last: dict[str, bytes] = field(default_factory=dict)  # by operation, as they came
    _connections: set[asyncio.Task] = field(default_factory=set)

    def listen_at(self, certificate: str, key: str):
        """An asyncio server on a free port of 127.0.0.1."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        return asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context)

    async def clients_gone(self) -> None:
        """Waits until the clients have closed all connections."""
        await asyncio.gather(*self._connections)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(asyncio.current_task())
        try:
            while True:
                first, headers, raw = await read_head(reader)
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                method, path, _ = first.split(" ")
                request = Request(method, path, headers, body, raw + body)
                self.last[request.operation] = request.raw
                await asyncio.sleep(self.delay_s)
                writer.write(self._answer(request))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            pass  # the client is done
        finally:
            self._connections.discard(asyncio.current_task())
            writer.close()

    def _answer(self, request: Request) -> bytes:
        if request.operation == "GetQueueAttributes":
            return self._json(
                "1.0",
                {
                    "Attributes": {
                        "ApproximateNumberOfMessages": str(self.visible),
                        "ApproximateNumberOfMessagesNotVisible": "0",
                    }
                },
            )
        if request.operation == "DescribeServices":
            return self._json("1.1", {"services": [self._service()], "failures": []})
        if request.operation == "UpdateService":
            self.desired = json.loads(request.body)["desiredCount"]
            if self.flip:
                out = self.visible != MESSAGES_TO_SCALE_OUT
                self.visible = MESSAGES_TO_SCALE_OUT if out else MESSAGES_TO_SCALE_IN
            return self._json("1.1", {"service": self._service()})
        return self._put(request) if request.method == "PUT" else self._get(request)

    def _service(self) -> dict:
        counts = {"desiredCount": self.desired, "runningCount": self.desired, "pendingCount": 0}
        [deployment] = SERVICE["deployments"]
        return SERVICE | counts | {"deployments": [deployment | counts]}

    def _etag(self, path: str) -> str | None:
        present = self.objects.get(path)
        return None if present is None else f'"{hashlib.md5(present).hexdigest()}"'

    def _get(self, request: Request) -> bytes:
        etag = self._etag(request.path)
        if etag is None:
            return self._send(404, "application/xml", NO_SUCH_KEY.encode())
        return self._send(200, "application/json", self.objects[request.path], f"ETag: {etag}\r\n")

    def _put(self, request: Request) -> bytes:
        etag = self._etag(request.path)
        wanted = request.headers.get("if-match", etag)
        if wanted != etag or (etag and request.headers.get("if-none-match") == "*"):
            return self._send(412, "application/xml", PRECONDITION_FAILED.encode())
        self.objects[request.path] = request.body
        return self._send(200, "application/xml", b"", f"ETag: {self._etag(request.path)}\r\n")

    def _json(self, version: str, content: dict) -> bytes:
        return self._send(200, f"application/x-amz-json-{version}", json.dumps(content).encode())

    def _send(self, status: int, content_type: str, body: bytes, headers: str = "") -> bytes:
        head = (
            f"HTTP/1.1 {status} {REASONS[status]}\r\n"
            "x-amzn-RequestId: m9GyKGaWbuDm9rBOlUVLl9nYdY1cMMfOQEeD4Pg3xZ2m3NVUN2P9\r\n"
            f"Content-Type: {content_type}\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body
