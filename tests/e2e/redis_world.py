"""Redis servers of the tests' own, on free ports of 127.0.0.1, with folders of their own."""

import json
import subprocess
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from certificates import Certificates
from processes import Process, clean_environment, eventually, free_port


@dataclass
class Redis:
    port: int
    password: str = ""

    def __call__(self, *words: object) -> str:
        """What redis-cli prints for a command."""
        login = ["-a", self.password, "--no-auth-warning"] if self.password else []
        command = ["redis-cli", "-p", str(self.port), *login, *(str(word) for word in words)]
        done = subprocess.run(
            command, env=clean_environment(), text=True, capture_output=True, timeout=30, check=True
        )
        return done.stdout.strip()

    def all(self, commands: list[tuple]) -> None:
        """One after the other, by one redis-cli. What it prints of them is not looked at."""
        lines = "".join(" ".join(str(word) for word in words) + "\n" for words in commands)
        subprocess.run(
            ["redis-cli", "-p", str(self.port)],
            input=lines,
            env=clean_environment(),
            text=True,
            capture_output=True,
            timeout=30,
            check=True,
        )

    def answer(self, *words: object):
        """As Python has it."""
        return json.loads(self("--json", *words))

    def put_list(self, key: str, count: int) -> None:
        if count:
            self("RPUSH", key, *range(count))

    def put_stream(self, key: str, count: int) -> list[str]:
        """The IDs of the entries."""
        return [self("XADD", key, "*", "job", number) for number in range(count)]


@contextmanager
def redis_server(*settings: str, password: str = ""):
    """`settings`: lines of its configuration."""
    port = free_port()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        lines = [f"port {port}", "bind 127.0.0.1 127.0.0.2", f"dir {folder}", 'save ""', *settings]
        if password:
            lines.append(f"requirepass {password}")
        configuration = Path(folder, "redis.conf")
        configuration.write_text("\n".join(lines) + "\n")
        command = ["redis-server", str(configuration)]
        process = stack.enter_context(Process(command, clean_environment()))
        process.wait_for_text("Ready to accept connections", "stdout")
        yield Redis(port, password)


@contextmanager
def tls_redis_server(certificates: Certificates):
    """A server that speaks TLS at `.port`, and for the tests themselves plainly at another."""
    tls_port = free_port()
    certificate, key = certificates.server
    settings = [f"tls-port {tls_port}", f"tls-cert-file {certificate}", f"tls-key-file {key}"]
    settings += [f"tls-ca-cert-file {certificates.authority}", "tls-auth-clients no"]
    with redis_server(*settings) as plain:
        yield tls_port, plain


def slot_of(redis: Redis, key: str) -> int:
    return int(redis("CLUSTER", "KEYSLOT", key))


class Cluster:
    """Three nodes, each with a third of the slots."""

    def __init__(self, nodes: list[Redis]):
        self.nodes = nodes

    def owner(self, key: str) -> Redis:
        """Of the thirds that the cluster is made with."""
        return self.nodes[slot_of(self.nodes[0], key) * 3 // 16384]

    def others(self, key: str) -> list[Redis]:
        return [node for node in self.nodes if node is not self.owner(key)]

    def begin_to_move(self, key: str, to: Redis) -> None:
        """The key itself is moved as well, so that its old node sends there with ASK."""
        owner, slot = self.owner(key), slot_of(to, key)
        to("CLUSTER", "SETSLOT", slot, "IMPORTING", owner("CLUSTER", "MYID"))
        owner("CLUSTER", "SETSLOT", slot, "MIGRATING", to("CLUSTER", "MYID"))
        owner("MIGRATE", "127.0.0.1", to.port, key, 0, 5000)

    def finish_moving(self, key: str, to: Redis) -> None:
        slot = slot_of(to, key)
        for node in [to, self.owner(key)]:
            node("CLUSTER", "SETSLOT", slot, "NODE", to("CLUSTER", "MYID"))


@contextmanager
def redis_cluster():
    with ExitStack() as stack:
        nodes = []
        for _ in range(3):
            settings = ["cluster-enabled yes", f"cluster-port {free_port()}"]
            nodes.append(stack.enter_context(redis_server(*settings)))
        cluster_ports = [node("CONFIG", "GET", "cluster-port").split()[-1] for node in nodes]
        for number, node in enumerate(nodes):
            first, end = -(-number * 16384 // 3), -(-(number + 1) * 16384 // 3)
            node("CLUSTER", "ADDSLOTSRANGE", first, end - 1)
            node("CLUSTER", "SET-CONFIG-EPOCH", number + 1)
        for node, port in zip(nodes[1:], cluster_ports[1:], strict=True):
            nodes[0]("CLUSTER", "MEET", "127.0.0.1", node.port, port)
        for node in nodes:
            eventually(
                lambda node=node: (
                    "cluster_state:ok" in node("CLUSTER", "INFO")
                    and "cluster_known_nodes:3" in node("CLUSTER", "INFO")
                ),
                "the cluster is whole",
            )
        yield Cluster(nodes)
