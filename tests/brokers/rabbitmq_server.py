"""A RabbitMQ of the tests' own, from Debian's package: folder, ports, node name and epmd."""

import json
import ssl
import urllib.request
import uuid
from base64 import b64encode
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

from processes import Process, clean_environment, eventually, free_port

# Debian's /usr/sbin/rabbitmq-server would change to the user rabbitmq, and into its folder.
SERVER = "/usr/lib/rabbitmq/bin/rabbitmq-server"
START_S = 120.0  # a moment, on a machine that does nothing else

# The least there is, in seconds, for what has been of each: 5 unless set.
SAMPLES = ("global.minute", "basic.minute", "detailed.10")

USER, PASSWORD = "admin", "pass:word/%41"


class RabbitMq:
    """Use as a context manager. Its counts are made anew every second."""

    def __init__(
        self, folder: Path, certificate: tuple[str, str] | None = None, settings: str = ""
    ):
        self._folder = folder
        # It is the tests' own server; whom the program believes is its own affair.
        self._trust = ssl._create_unverified_context() if certificate else None
        self.management_port, self.stomp_port = free_port(), free_port()
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self.management_port}"
        listener = "ssl" if certificate else "tcp"
        lines = [
            "listeners.tcp = none",
            f"management.{listener}.ip = 127.0.0.1",
            f"management.{listener}.port = {self.management_port}",
            f"stomp.listeners.tcp.1 = 127.0.0.1:{self.stomp_port}",
            "collect_statistics_interval = 100",
            *(f"management.sample_retention_policies.{each} = 1" for each in SAMPLES),
            f"default_user = {USER}",
            f"default_pass = {PASSWORD}",
            settings,
        ]
        if certificate:
            lines += [
                f"management.ssl.certfile = {certificate[0]}",
                f"management.ssl.keyfile = {certificate[1]}",
            ]
        (folder / "rabbitmq.conf").write_text("\n".join(lines) + "\n")
        (folder / "enabled_plugins").write_text("[rabbitmq_management,rabbitmq_stomp].\n")
        self._processes = ExitStack()

    def __enter__(self) -> "RabbitMq":
        epmd_port, folder = free_port(), self._folder
        environment = clean_environment(
            {
                "HOME": str(folder),
                "LANG": "C.UTF-8",
                "ERL_EPMD_PORT": str(epmd_port),
                "ERL_EPMD_ADDRESS": "127.0.0.1",
                "RABBITMQ_NODENAME": f"rabbit-{uuid.uuid4().hex[:12]}@localhost",
                "RABBITMQ_DIST_PORT": str(free_port()),
                "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
                "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
                "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
                "RABBITMQ_MNESIA_BASE": str(folder / "data"),
                "RABBITMQ_LOG_BASE": str(folder / "log"),
                # One thread, which does not turn round and round while it waits for work.
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none "
                "-rabbit quorum_tick_interval 100",
            }
        )
        with ExitStack() as stack:
            # Started by the server it would stay behind, as a daemon.
            epmd = ["epmd", "-address", "127.0.0.1", "-port", str(epmd_port)]
            stack.enter_context(Process(epmd, environment))
            server = stack.enter_context(Process([SERVER], environment))
            server.wait_for_text(r"completed with \d+ plugins", "stdout", START_S)
            self._processes = stack.pop_all()
        return self

    def __exit__(self, *_) -> None:
        self._processes.close()

    def ask(self, method: str, path: str, body: dict | None = None):
        request = urllib.request.Request(
            f"{self.url}/api/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": basic(USER, PASSWORD), "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30, context=self._trust) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def add_vhost(self, vhost: str) -> None:
        self.ask("PUT", f"vhosts/{quote(vhost, safe='')}", {})

    def add_user(self, name: str, password: str, tags: str, vhosts: tuple[str, ...] = ()) -> None:
        self.ask("PUT", f"users/{name}", {"password": password, "tags": tags})
        for vhost in vhosts:
            rights = {"configure": "^$", "write": "^$", "read": "^$"}
            self.ask("PUT", f"permissions/{quote(vhost, safe='')}/{name}", rights)

    def add_queue(self, name: str, vhost: str = "/", **arguments) -> None:
        body = {"durable": True, "arguments": arguments}
        self.ask("PUT", f"queues/{quote(vhost, safe='')}/{quote(name, safe='')}", body)

    def publish(self, queue: str, count: int, **properties) -> None:
        self.publish_to("/", queue, count, **properties)

    def publish_to(self, vhost: str, queue: str, count: int, **properties) -> None:
        for number in range(count):
            message = {
                "properties": properties,
                "routing_key": queue,
                "payload": f"message {number}",
                "payload_encoding": "string",
            }
            path = f"exchanges/{quote(vhost, safe='')}/amq.default/publish"
            assert self.ask("POST", path, message) == {"routed": True}

    def get(self, queue: str, count: int) -> None:
        body = {"count": count, "ackmode": "ack_requeue_false", "encoding": "auto"}
        self.ask("POST", f"queues/%2F/{quote(queue, safe='')}/get", body)

    def queue(self, name: str, vhost: str = "/") -> dict:
        return self.ask("GET", f"queues/{quote(vhost, safe='')}/{quote(name, safe='')}")

    def wait_for_counts(self, name: str, ready: int, unacknowledged: int, vhost: str = "/") -> None:
        """Until the statistics have caught up with what happened."""

        def counted() -> bool:
            queue = self.queue(name, vhost)
            counts = queue.get("messages_ready"), queue.get("messages_unacknowledged")
            return counts == (ready, unacknowledged)

        eventually(counted, f"{name} has {ready} ready and {unacknowledged} unacknowledged")


def basic(user: str, password: str) -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()
