"""ActiveMQ brokers of the tests' own: 5.x is the distribution with its console, 6.x is put together
of its jars (tests/brokers/activemq-*). What both show is Jolokia's, over the real MBeans."""

import json
import os
import shutil
import subprocess
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from processes import PROJECT, Process, clean_environment, eventually, free_port
from rabbitmq_server import basic
from stomp import Stomp

USER, PASSWORD = "admin", "secret-5/%41"
JARS = PROJECT / ".brokers"
HERE = Path(__file__).resolve().parent
START_S = 180.0  # some seconds, on a machine that does nothing else
# Small, and quick to start rather than quick.
JAVA = ["java", "-Xmx128M", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]


class ActiveMq:
    """What both lines have in common. Use as a context manager."""

    def __init__(self, broker_name: str):
        self.broker_name = broker_name
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: Process | None = None

    def __exit__(self, *_) -> None:
        self._process.__exit__()

    def ask(self, question: dict) -> dict:
        """A question of Jolokia's protocol, and its answer."""
        request = urllib.request.Request(
            f"{self.url}/api/jolokia/",
            data=json.dumps(question).encode(),
            headers={
                "Authorization": basic(USER, PASSWORD),
                "Origin": self.url,
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    def mbean(self, queue: str) -> str:
        """Of a queue whose name is plain."""
        broker = f"org.apache.activemq:type=Broker,brokerName={self.broker_name}"
        return f"{broker},destinationType=Queue,destinationName={queue}"

    def attributes(self, queue: str) -> dict:
        answer = self.ask({"type": "read", "mbean": self.mbean(queue)})
        assert answer["status"] == 200, answer
        return answer["value"]

    def counts(self, queue: str) -> tuple[int, int]:
        """All that the queue has, and what of it is held by consumers."""
        attributes = self.attributes(queue)
        return attributes["QueueSize"], attributes["InFlightCount"]


class ActiveMq5(ActiveMq):
    """The distribution, with its own policy for Jolokia."""

    def __init__(self, folder: Path, broker_name: str = "localhost"):
        super().__init__(broker_name)
        self._folder = folder
        self._stomp_port = free_port()

    def __enter__(self) -> "ActiveMq5":
        home = self._unpack()
        conf = self._folder / "conf"
        conf.mkdir()
        settings = (HERE / "activemq-5" / "activemq.xml").read_text()
        settings = settings.replace("@broker_name@", self.broker_name)
        (conf / "activemq.xml").write_text(settings.replace("@stomp_port@", str(self._stomp_port)))
        jetty = (home / "conf" / "jetty.xml").read_text()
        assert 'value="8161"' in jetty
        (conf / "jetty.xml").write_text(jetty.replace('value="8161"', f'value="{self.port}"'))
        (conf / "jetty-realm.properties").write_text(f"{USER}: {PASSWORD}, admin\n")
        for name in ("jolokia-access.xml", "credentials.properties", "log4j2.properties"):
            shutil.copy(home / "conf" / name, conf)
        properties = {
            "activemq.home": home,
            "activemq.base": self._folder,
            "activemq.conf": conf,
            "activemq.data": self._folder / "data",
            "jolokia.conf": f"file:{conf}/jolokia-access.xml",
            "java.io.tmpdir": self._folder,
        }
        command = [*JAVA, *(f"-D{name}={value}" for name, value in properties.items())]
        command += ["-jar", str(home / "bin" / "activemq.jar"), "start"]
        self._process = Process(
            [*command, f"xbean:file:{conf}/activemq.xml"],
            clean_environment({"HOME": str(self._folder)}),
        )
        self._process.__enter__()
        self._process.wait_for_text("For help or more", "stdout", START_S)
        eventually(self._answers, "ActiveMQ's console answers", START_S)
        return self

    def _unpack(self) -> Path:
        [archive] = (JARS / "activemq-5").glob("apache-activemq-*-bin.tar.gz")
        subprocess.run(["tar", "xzf", str(archive), "-C", str(self._folder)], check=True)
        [home] = self._folder.glob("apache-activemq-*")
        return home

    def _answers(self) -> bool:
        if not self._process.running:
            raise ChildProcessError(f"{self._process.stdout}{self._process.stderr}")
        try:
            return self.ask({"type": "version"})["status"] == 200
        except (OSError, urllib.error.URLError):
            return False

    def add_queue(self, name: str) -> None:
        broker = f"org.apache.activemq:type=Broker,brokerName={self.broker_name}"
        self._execute(broker, "addQueue(java.lang.String)", name)

    def send(self, queue: str, count: int, mbean_name: str | None = None) -> None:
        """Makes the queue. Its MBean's name is to be given where it is not the queue's."""
        self.add_queue(queue)
        for number in range(count):
            self._execute(
                self.mbean(mbean_name or queue),
                "sendTextMessage(java.lang.String,java.lang.String,java.lang.String)",
                f"message {number}",
                "",
                "",
            )

    def _execute(self, mbean: str, operation: str, *arguments: str) -> None:
        answer = self.ask(
            {"type": "exec", "mbean": mbean, "operation": operation, "arguments": arguments}
        )
        assert answer["status"] == 200, answer

    @contextmanager
    def held(self, queue: str, count: int):
        """A consumer has them meanwhile, and does not acknowledge."""
        with Stomp(self._stomp_port, USER, PASSWORD) as consumer:
            consumer.hold(f"/queue/{queue}", count)
            yield


class ActiveMq6(ActiveMq):
    """A broker with Jolokia's policy as 6.x has it since it was hardened: POST alone."""

    def __enter__(self) -> "ActiveMq6":
        jars = JARS / "activemq-6"
        [agent] = jars.glob("jolokia-agent-jvm-*-javaagent.jar")
        options = {
            "host": "127.0.0.1",
            "port": self.port,
            "user": USER,
            "password": PASSWORD,
            "agentContext": "/api/jolokia",
            "policyLocation": f"file:{HERE}/activemq-6/jolokia-access.xml",
            "allowErrorDetails": "false",
        }
        listed = ",".join(f"{name}={value}" for name, value in options.items())
        program = [str(HERE / "activemq-6" / "Broker.java"), self.broker_name]
        read, write = os.pipe()
        self._commands = os.fdopen(write, "w", encoding="utf-8")
        with os.fdopen(read) as commands:
            self._process = Process(
                [*JAVA, f"-javaagent:{agent}={listed}", "-cp", f"{jars}/*", *program],
                clean_environment(),
                stdin=commands,
            )
        self._obeyed = 0
        try:
            self._process.wait_for_text(r"(?m)^started$", "stdout", START_S)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_) -> None:
        self._commands.close()
        super().__exit__()

    def send(self, queue: str, count: int) -> None:
        """The first message makes the queue."""
        self._obey(f"send {count} {queue}")

    def hold(self, queue: str, count: int) -> None:
        """A consumer takes them, and never acknowledges."""
        self._obey(f"hold {count} {queue}")

    def _obey(self, command: str) -> None:
        self._commands.write(command + "\n")
        self._commands.flush()
        self._obeyed += 1
        self._process.wait_for_text(rf"(?m)(^done$[^$]*){{{self._obeyed}}}", "stdout", START_S)
