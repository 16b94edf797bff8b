"""The AWS Lambda runtime API as a custom runtime meets it, strict about the order of calls.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
A call that Lambda would refuse is refused, and kept in `violations` for the test to look at.
"""

import json
import queue
import re
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from processes import PATIENCE_S

FUNCTION_ARN = "arn:aws:lambda:eu-west-1:123456789012:function:autoscaler"


@dataclass
class Event:
    body: bytes
    deadline_ms: int
    trace_id: str
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass
class Outcome:
    """What the function answered to one event."""

    succeeded: bool
    body: bytes
    headers: dict[str, str]  # names in lower case

    @property
    def result(self) -> dict:
        return json.loads(self.body)


class LambdaRuntime:
    """States: starting -> idle (in `next`) -> busy (has an event) -> answered -> idle ..."""

    def __init__(self):
        self._events: queue.Queue[Event | None] = queue.Queue()
        self._outcomes: queue.Queue[Outcome] = queue.Queue()
        self._changed = threading.Condition()
        self._state = "starting"
        self._current = ""
        self._closed = False
        self.violations: list[str] = []
        self.refusals: list[int] = []  # statuses for the next answers, which then count as failed
        self.init_error: Outcome | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.address = f"127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()

    def __enter__(self) -> "LambdaRuntime":
        return self

    def __exit__(self, *_) -> None:
        self.close()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(PATIENCE_S)

    # --- for the test

    def close(self) -> None:
        """Hangs up on whoever waits in `next`, and answers nothing more."""
        self._closed = True
        self._events.put(None)

    def invoke(self, event, deadline_s: float = 60.0, trace_id: str = "Root=1-5bef4de7") -> Outcome:
        """Sends one event (bytes as they are, anything else as JSON) and waits for the answer."""
        return self.start(event, deadline_s, trace_id)()

    def start(self, event, deadline_s: float = 60.0, trace_id: str = "") -> Callable[[], Outcome]:
        """Sends one event. What it gives waits for the answer."""
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        deadline_ms = round((time.time() + deadline_s) * 1000)
        self._events.put(Event(body, deadline_ms, trace_id))
        return self._next_outcome

    def _next_outcome(self) -> Outcome:
        try:
            return self._outcomes.get(timeout=PATIENCE_S)
        except queue.Empty:
            raise TimeoutError(f"no answer to the event; the runtime is {self._state}") from None

    def wait_until(self, state: str) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: self._state == state, PATIENCE_S):
                raise TimeoutError(f"the runtime is {self._state}, not {state}")

    # --- the API

    def _move(self, allowed: set[str], to: str, request_id: str | None = None) -> str | None:
        """Why the call is refused, or None when the state has changed."""
        with self._changed:
            if request_id is not None and request_id != self._current:
                refused = f"InvalidRequestID: {request_id} is not {self._current}"
            elif self._state not in allowed:
                refused = f"InvalidStateTransition: {self._state} to {to}"
            else:
                self._state = to
                self._changed.notify_all()
                return None
            self.violations.append(refused)
            return refused

    def _next_event(self) -> Event | None:
        event = self._events.get()
        if event:
            with self._changed:
                self._state, self._current = "busy", event.request_id
                self._changed.notify_all()
        return event

    def _handler(runtime):  # `self` is the handler's, below
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def parse_request(self) -> bool:
                self.close_connection = True
                return not runtime._closed and super().parse_request()

            def do_GET(self) -> None:
                if self.path != "/2018-06-01/runtime/invocation/next":
                    return self._refuse(404, f"no such path: {self.path}")
                if refused := runtime._move({"starting", "answered"}, "idle"):
                    return self._refuse(403, refused)
                event = runtime._next_event()
                if event is None:  # the test is over
                    self.close_connection = True
                    return None
                headers = {
                    "Lambda-Runtime-Aws-Request-Id": event.request_id,
                    "Lambda-Runtime-Deadline-Ms": str(event.deadline_ms),
                    "Lambda-Runtime-Trace-Id": event.trace_id,
                    "Lambda-Runtime-Invoked-Function-Arn": FUNCTION_ARN,
                }
                return self._send(200, event.body, headers)

            def do_POST(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                body = self.rfile.read(int(headers.get("content-length", 0)))
                if self.path == "/2018-06-01/runtime/init/error":
                    if refused := runtime._move({"starting"}, "failed"):
                        return self._refuse(403, refused)
                    runtime.init_error = Outcome(False, body, headers)
                    return self._send(202, b'{"status":"OK"}', {})
                call = re.fullmatch(
                    r"/2018-06-01/runtime/invocation/([^/]+)/(response|error)", self.path
                )
                if not call:
                    return self._refuse(404, f"no such path: {self.path}")
                if refused := runtime._move({"busy"}, "answered", call[1]):
                    return self._refuse(400 if "RequestID" in refused else 403, refused)
                refusal = runtime.refusals.pop(0) if runtime.refusals else None
                if refusal:
                    self._refuse(refusal, "Refused: as the test wants it")
                else:
                    self._send(202, b'{"status":"OK"}', {})
                runtime._outcomes.put(Outcome(call[2] == "response", body, headers))
                return None

            def _refuse(self, status: int, why: str) -> None:
                kind, _, message = why.partition(": ")
                body = json.dumps({"errorMessage": message, "errorType": kind}).encode()
                self._send(status, body, {})

            def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
                self.send_response_only(status)
                sizes = {"Content-Type": "application/json", "Content-Length": str(len(body))}
                for name, value in (sizes | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def handle(self) -> None:
                try:
                    super().handle()
                except OSError:
                    pass  # the function was ended while it waited

            def log_message(self, *_) -> None:
                pass

        return Handler
