"""A forwarding HTTP(S) proxy in front of moto that records requests and can misbehave.

Each request has an operation ("sqs:GetQueueAttributes", "s3:PutObject"). Without a rule it is
forwarded byte for byte, so signatures stay valid. A rule is a function of the request and of
`forward` that gives the answer, and with it what becomes of the connection; None closes that
without an answer:

    proxy.on("sqs:GetQueueAttributes", reply(aws_answers.throttled()), times=2)
    gate = proxy.hold("ecs:UpdateService")     # answers only after gate.release()
"""

import contextlib
import http.client
import json
import socket
import ssl
import struct
import threading
import time
from dataclasses import dataclass, field, replace
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Callable
from urllib.parse import parse_qs, urlsplit

from processes import PATIENCE_S

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Ending(Enum):
    """What becomes of the connection after an answer, or instead of one."""

    KEEP = "kept"
    CLOSE = "closed, with a FIN"
    RESET = "reset, with an RST"


@dataclass
class Answer:
    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    sent: int | None = None  # so many bytes of the body, and no more; None: all
    drip_s: float = 0.0  # the pause before each byte of the body
    ending: Ending = Ending.KEEP


@dataclass
class Request:
    operation: str
    method: str
    path: str
    headers: dict[str, str]  # names in lower case
    body: bytes
    connection: tuple[str, int]  # the client's address and port: the same for a reused connection
    awaited: Callable[[], bool] = lambda: True  # whether the client still waits for the answer
    reached_aws: bool = False


Forward = Callable[[], Answer]
Rule = Callable[[Request, Forward], Answer | Ending | None]


def reply(answer: Answer) -> Rule:
    """Answers without asking AWS."""
    return lambda request, forward: answer


def hang_up(request: Request, forward: Forward) -> None:
    """Closes the connection; nothing reached AWS."""


def lose_answer(request: Request, forward: Forward) -> None:
    """What was asked is done, but the connection breaks before the answer."""
    forward()


def reset(request: Request, forward: Forward) -> Ending:
    """As hang_up, but with an RST: what was sent before may be lost too."""
    return Ending.RESET


def lose_answer_by_reset(request: Request, forward: Forward) -> Ending:
    forward()
    return Ending.RESET


def before(action: Callable[[], None]) -> Rule:
    """Somebody else acts just before this request arrives."""

    def rule(request: Request, forward: Forward) -> Answer:
        action()
        return forward()

    return rule


def change_json(change: Callable[[dict], None]) -> Rule:
    """Changes AWS's answer in place."""

    def rule(request: Request, forward: Forward) -> Answer:
        answer = forward()
        content = json.loads(answer.body)
        change(content)
        answer.body = json.dumps(content).encode()
        return answer

    return rule


def change_answer(**changes) -> Rule:
    """Answers with AWS's answer, sent as the fields of Answer that are given say."""
    return lambda request, forward: replace(forward(), **changes)


class Gate:
    def __init__(self):
        self._open = threading.Event()

    def release(self) -> None:
        self._open.set()

    def __call__(self, request: Request, forward: Forward) -> Answer:
        self._open.wait(2 * PATIENCE_S)
        return forward()


def operation_of(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> str:
    target = headers.get("x-amz-target", "")
    if target.startswith("AmazonSQS."):
        return "sqs:" + target.partition(".")[2]
    if target.startswith("AmazonEC2ContainerServiceV"):
        return "ecs:" + target.partition(".")[2]
    if target.startswith("AmazonSSM."):
        return "ssm:" + target.partition(".")[2]
    if target.startswith("GraniteServiceVersion"):
        return "cloudwatch:" + target.partition(".")[2]
    if target.startswith("DynamoDB_"):
        return "dynamodb:" + target.partition(".")[2]
    if target.startswith("AnyScaleFrontendService."):
        return "application-autoscaling:" + target.partition(".")[2]
    if "/provisioned-concurrency" in path:
        verb = {"PUT": "Put", "DELETE": "Delete"}.get(method, "Get")
        return f"lambda:{verb}ProvisionedConcurrencyConfig"
    if "/autoscaling/aws4_request" in headers.get("authorization", ""):
        return "autoscaling:" + parse_qs(body.decode())["Action"][0]
    return {"GET": "s3:GetObject", "PUT": "s3:PutObject"}.get(method, f"{method} {path}")


def is_open(connection: socket.socket) -> bool:
    """As far as the other side has told."""
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def close_by_reset(connection: socket.socket) -> None:
    """Sends an RST, once the handler's files on it are closed too. Nothing can shut it down before,
    which would send a FIN first."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class FaultProxy:
    def __init__(self, upstream: str, certificate: tuple[str, str] | None = None):
        """certificate: the files of a certificate and its key, to speak TLS."""
        self._upstream = urlsplit(upstream).netloc
        self._rules: list[tuple[str, Rule, list[int]]] = []
        self._gates: list[Gate] = []
        self._requests: list[Request] = []
        self._connections: set[socket.socket] = set()
        self._resets = 0
        self._changed = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        scheme = "http"
        if certificate:
            scheme = "https"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            # The handshake belongs to the connection's own thread, not to accept().
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.url = f"{scheme}://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()

    def __enter__(self) -> "FaultProxy":
        return self

    def __exit__(self, *_) -> None:
        for gate in self._gates:
            gate.release()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(PATIENCE_S)

    # --- rules

    def on(self, operation: str, rule: Rule, times: int = 1_000_000) -> None:
        """Applies the rule to the next `times` requests. Earlier rules go first."""
        self._rules.append((operation, rule, [times]))

    def first(self, operation: str, rule: Rule, times: int = 1_000_000) -> None:
        """The same, before those that are there."""
        self._rules.insert(0, (operation, rule, [times]))

    def clear(self) -> None:
        self._rules.clear()

    def hold(self, operation: str) -> Gate:
        gate = Gate()
        self._gates.append(gate)
        self.on(operation, gate)
        return gate

    def reset_new_connections(self, count: int = 1_000_000) -> None:
        """So many of those that come are reset before a request is read from them."""
        self._resets = count

    def close_connections(self) -> None:
        """All of them, without a word, as a load balancer does after its idle time."""
        with self._changed:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def queue_depth(self, visible: int, in_flight: int = 0) -> None:
        """SQS says this from now on, whatever is in the queue."""

        def change(answer: dict) -> None:
            answer["Attributes"] |= {
                "ApproximateNumberOfMessages": str(visible),
                "ApproximateNumberOfMessagesNotVisible": str(in_flight),
            }

        self._rules[:] = [rule for rule in self._rules if rule[0] != "sqs:GetQueueAttributes"]
        self.on("sqs:GetQueueAttributes", change_json(change))

    def change_service(self, change: Callable[[dict], None]) -> None:
        """Changes the service in each answer to DescribeServices."""
        self.on("ecs:DescribeServices", change_json(lambda answer: change(answer["services"][0])))

    # --- what was asked

    @property
    def requests(self) -> list[Request]:
        with self._changed:
            return list(self._requests)

    def operations(self) -> list[str]:
        return [request.operation for request in self.requests]

    def count(self, operation: str) -> int:
        return self.operations().count(operation)

    def wait_for(self, operation: str, count: int = 1) -> None:
        with self._changed:
            arrived = self._changed.wait_for(
                lambda: [r.operation for r in self._requests].count(operation) >= count, PATIENCE_S
            )
        if not arrived:
            raise TimeoutError(f"{operation} was not asked {count} times: {self.operations()}")

    def wait_for_requests(self, count: int) -> None:
        """Of whatever kind."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._requests) >= count, PATIENCE_S):
                raise TimeoutError(f"{len(self._requests)} of {count} requests came")

    # --- the work

    def _record(self, request: Request) -> Rule | None:
        with self._changed:
            self._requests.append(request)
            self._changed.notify_all()
            for operation, rule, times in self._rules:
                if operation == request.operation and times[0] > 0:
                    times[0] -= 1
                    return rule
        return None

    def _is_to_reset(self) -> bool:
        with self._changed:
            self._resets -= 1
            return self._resets >= 0

    def _forward(self, request: Request) -> Answer:
        request.reached_aws = True
        connection = http.client.HTTPConnection(self._upstream, timeout=PATIENCE_S)
        try:
            connection.putrequest(
                request.method, request.path, skip_host=True, skip_accept_encoding=True
            )
            for name, value in request.headers.items():
                connection.putheader(name, value)
            connection.endheaders(request.body)
            response = connection.getresponse()
            headers = {
                name: value
                for name, value in response.getheaders()
                if name.lower() not in HOP_BY_HOP
            }
            return Answer(response.status, response.read(), headers)
        finally:
            connection.close()

    def _answer(self, request: Request) -> Answer | Ending | None:
        rule = self._record(request)
        if rule is None:
            return self._forward(request)
        return rule(request, lambda: self._forward(request))

    def _handler(proxy):  # `self` is the handler's, below
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def _exchange(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                body = self.rfile.read(int(headers.get("content-length", 0)))
                answer = proxy._answer(
                    Request(
                        operation_of(self.command, self.path, headers, body),
                        self.command,
                        self.path,
                        headers,
                        body,
                        self.client_address,
                        lambda: is_open(self.connection),
                    )
                )
                if isinstance(answer, Answer):
                    self._send(answer)
                    self._end(answer.ending)
                else:
                    self._end(answer or Ending.CLOSE)

            def _send(self, answer: Answer) -> None:
                self.send_response_only(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                # A body of another length than announced names that one itself.
                if "Content-Length" not in answer.headers:
                    self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                body = b"" if self.command == "HEAD" else answer.body[: answer.sent]
                if answer.drip_s:
                    for byte in body:
                        time.sleep(answer.drip_s)
                        self.wfile.write(bytes([byte]))
                else:
                    self.wfile.write(body)
                if int(answer.headers.get("Content-Length", len(answer.body))) != len(body):
                    self.close_connection = True

            def _end(self, ending: Ending) -> None:
                if ending is not Ending.KEEP:
                    self.close_connection = True
                if ending is Ending.RESET:
                    close_by_reset(self.connection)

            do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _exchange

            def handle(self) -> None:
                if proxy._is_to_reset():
                    return close_by_reset(self.connection)
                with proxy._changed:
                    proxy._connections.add(self.connection)
                try:
                    super().handle()
                except OSError:
                    pass  # the client hung up or refused the certificate, which its test looks at
                finally:
                    with proxy._changed:
                        proxy._connections.discard(self.connection)

            def log_message(self, *_) -> None:
                pass

        return Handler
