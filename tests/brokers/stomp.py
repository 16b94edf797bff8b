"""As much of STOMP 1.2 as the tests need to be a consumer that keeps messages to itself."""

import socket

from processes import PATIENCE_S


class StompConsumer:
    """Holds messages that it was given and does not acknowledge. Use as a context manager: what is
    not acknowledged when the connection closes goes back into the queue."""

    def __init__(self, port: int, user: str, password: str, host: str = "/"):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
        self._frames = self._socket.makefile("rb")
        self._send("CONNECT", {"accept-version": "1.2", "host": host} | login(user, password))
        self._expect(b"CONNECTED")

    def __enter__(self) -> "StompConsumer":
        return self

    def __exit__(self, *_) -> None:
        self._frames.close()
        self._socket.close()

    def hold(self, destination: str, count: int, **headers: str) -> None:
        """Returns when it has been given so many messages; it lets the broker give no more."""
        prefetch = {"prefetch-count": str(count), "activemq.prefetchSize": str(count)}
        subscription = {"id": "0", "destination": destination, "ack": "client-individual"}
        self._send("SUBSCRIBE", subscription | prefetch | headers)
        for _ in range(count):
            self._expect(b"MESSAGE")

    def _send(self, command: str, headers: dict[str, str]) -> None:
        lines = [command, *(f"{name}:{escaped(value)}" for name, value in headers.items())]
        self._socket.sendall("\n".join(lines).encode() + b"\n\n\0")

    def _expect(self, command: bytes) -> None:
        frame = b""
        while not frame.endswith(b"\0"):
            byte = self._frames.read(1)
            if not byte:
                raise ConnectionError(f"the broker closed the connection after {frame!r}")
            frame += byte
        if frame.lstrip(b"\r\n").split(b"\n", 1)[0].rstrip(b"\r") != command:
            raise ConnectionError(f"not {command!r} but {frame!r}")


def login(user: str, password: str) -> dict[str, str]:
    return {"login": user, "passcode": password}


def escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace(":", "\\c").replace("\n", "\\n")
