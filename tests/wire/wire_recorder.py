"""A server that keeps every request as it came over the wire, and refuses it: an answer after which
neither botocore nor the program asks again."""

import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

REFUSAL = b"<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>"


@dataclass
class Recorded:
    method: str
    target: str  # path and query, not decoded
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        """Empty when there is none."""
        values = [value for found, value in self.headers if found.lower() == name]
        assert len(values) < 2, f"{name} is there twice: {values}"
        return values[0] if values else ""


class WireRecorder:
    def __init__(self):
        self._requests: list[Recorded] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.address = f"127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def __enter__(self) -> "WireRecorder":
        return self

    def __exit__(self, *_) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take(self) -> list[Recorded]:
        """What came since the last time, in order: each side sends one request after the other."""
        taken, self._requests = self._requests, []
        return taken

    def _handler(recorder):  # `self` is the handler's, below
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def _record(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                recorder._requests.append(
                    Recorded(self.command, self.path, self.headers.items(), body)
                )
                self.send_response_only(403)
                self.send_header("Content-Type", "text/xml")
                self.send_header("Content-Length", str(len(REFUSAL)))
                self.end_headers()
                self.wfile.write(REFUSAL)

            do_GET = do_PUT = do_POST = do_DELETE = do_CONNECT = _record

            def log_message(self, *_) -> None:
                pass

        return Handler
