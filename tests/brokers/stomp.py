"""As much of STOMP 1.2 as the tests need to publish, and to be a consumer that keeps messages."""

import socket
from dataclasses import dataclass

from processes import PATIENCE_S


@dataclass
class Frame:
    command: str
    headers: dict[str, str]


class Stomp:
    """A connection. Use as a context manager: what is not acknowledged when it closes goes back
    into the queue."""

    def __init__(self, port: int, user: str, password: str, host: str = "/"):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
        self._arrived = b""
        self.send("CONNECT", {"accept-version": "1.2", "host": host} | login(user, password))
        self.expect("CONNECTED")

    def __enter__(self) -> "Stomp":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close()

    def fileno(self) -> int:
        return self._socket.fileno()

    def send(self, command: str, headers: dict[str, str], body: str = "") -> None:
        lines = [command, *(f"{name}:{escaped(value)}" for name, value in headers.items())]
        self._socket.sendall(("\n".join(lines) + f"\n\n{body}\0").encode())

    def receive(self) -> list[Frame]:
        """Those that have come, once there are any."""
        while b"\0" not in self._arrived:
            more = self._socket.recv(65536)
            if not more:
                raise ConnectionError(f"the broker closed the connection after {self._arrived!r}")
            self._arrived += more
        *whole, self._arrived = self._arrived.split(b"\0")
        frames = [parsed(text) for text in whole]
        errors = [frame for frame in frames if frame.command == "ERROR"]
        if errors:
            raise ConnectionError(f"the broker refuses: {errors[0]}")
        return frames

    def expect(self, command: str, count: int = 1) -> None:
        while count > 0:
            frames = self.receive()
            if any(frame.command != command for frame in frames):
                raise ConnectionError(f"not {command} but {frames}")
            count -= len(frames)

    def publish(self, destination: str, count: int, **headers: str) -> None:
        """Returns when the broker has confirmed each."""
        for number in range(count):
            receipt = {"destination": destination, "receipt": str(number)}
            self.send("SEND", receipt | headers, "work")
        self.expect("RECEIPT", count)

    def hold(self, destination: str, count: int, **headers: str) -> None:
        """Returns when it has been given so many messages; it lets the broker give no more."""
        self.subscribe(destination, count, **headers)
        self.expect("MESSAGE", count)

    def subscribe(self, destination: str, most: int, **headers: str) -> None:
        """To be given so many messages that are not acknowledged yet."""
        prefetch = {"prefetch-count": str(most), "activemq.prefetchSize": str(most)}
        subscription = {"id": "0", "destination": destination, "ack": "client-individual"}
        self.send("SUBSCRIBE", subscription | prefetch | headers)


def parsed(text: bytes) -> Frame:
    """Of bodies nothing is wanted."""
    head = text.decode().replace("\r\n", "\n").lstrip("\n").split("\n\n", 1)[0]
    command, *lines = head.split("\n")
    pairs = [line.split(":", 1) for line in lines]
    return Frame(command, {name: unescaped(value) for name, value in pairs})


def login(user: str, password: str) -> dict[str, str]:
    return {"login": user, "passcode": password}


def escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace(":", "\\c").replace("\n", "\\n")


def unescaped(value: str) -> str:
    return value.replace("\\n", "\n").replace("\\c", ":").replace("\\\\", "\\")
