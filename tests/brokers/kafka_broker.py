"""Apache Kafka itself: one broker in KRaft mode, with a listener for each way to be spoken to.

Its jars come from Maven Central (kafka/pom.xml), once; then Maven's own folder has them. Users of
the SASL listeners have no rights but those that a test gives them; whoever comes without a name may
do everything.
"""

import fcntl
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from confluent_kafka import Consumer, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic
from processes import Process, accepts_connections, clean_environment, eventually, free_port

POM = Path(__file__).with_name("kafka") / "pom.xml"
START_S = 120.0
USERS = {"SCRAM-SHA-256": "anna", "SCRAM-SHA-512": "bert", "PLAIN": "carl"}
PASSWORD = "rope-ladder+9/ä"
LISTENERS = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")


def classpath(folder: Path) -> str:
    """Of the broker. One process at a time: Maven's folder is shared."""
    found = folder / "kafka-classpath.txt"
    with (folder / "kafka-classpath.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not found.exists() or found.stat().st_mtime < POM.stat().st_mtime:
            unfinished = found.with_suffix(".new")
            goal = ["dependency:build-classpath", f"-Dmdep.outputFile={unfinished}"]
            subprocess.run(["mvn", "-B", "-q", "-f", POM, *goal], check=True, timeout=600)
            unfinished.rename(found)
    return found.read_text().strip()


@dataclass
class Broker:
    ports: dict[str, int]
    process: Process
    _admin: AdminClient | None = None

    def address(self, listener: str = "PLAINTEXT") -> str:
        return f"127.0.0.1:{self.ports[listener]}"

    def refuses(self, question) -> bool:
        """A question to a consumer of nobody's group."""
        asker = Consumer({"bootstrap.servers": self.address(), "group.id": "nobody"})
        try:
            question(asker)
        except KafkaException:
            return True
        finally:
            asker.close()
        return False

    def make_topic(self, name: str, partitions: int) -> None:
        """Returns when each partition has a leader that knows it."""
        (made,) = self.admin().create_topics([NewTopic(name, partitions)]).values()
        made.result()

        def ask_leaders(asker: Consumer) -> None:
            for number in range(partitions):
                asker.get_watermark_offsets(TopicPartition(name, number), timeout=5)

        eventually(lambda: not self.refuses(ask_leaders), "the topic has its leaders")

    def admin(self) -> AdminClient:
        """The same always: what it is asked for ends with it."""
        if self._admin is None:
            self._admin = AdminClient({"bootstrap.servers": self.address()})
        return self._admin


def properties(folder: Path, ports: dict[str, int], controller: int, certificates) -> str:
    certificate, key = (Path(file).read_text() for file in certificates.server)
    (folder / "broker.pem").write_text(key + certificate)
    addresses = ",".join(f"{name}://127.0.0.1:{port}" for name, port in ports.items())
    plain_login = (
        "org.apache.kafka.common.security.plain.PlainLoginModule required "
        f'user_{USERS["PLAIN"]}="{PASSWORD}";'
    )
    scram_login = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
    lines = [
        "process.roles=broker,controller",
        "node.id=1",
        f"controller.quorum.voters=1@127.0.0.1:{controller}",
        "controller.listener.names=CONTROLLER",
        f"listeners={addresses},CONTROLLER://127.0.0.1:{controller}",
        f"advertised.listeners={addresses}",
        "listener.security.protocol.map=CONTROLLER:PLAINTEXT,"
        + ",".join(f"{name}:{name}" for name in ports),
        "inter.broker.listener.name=PLAINTEXT",
        "sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
        f"log.dirs={folder / 'data'}",
        "ssl.keystore.type=PEM",
        f"ssl.keystore.location={folder / 'broker.pem'}",
        "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users=User:ANONYMOUS",
        # As brokers are delivered: whoever asks for a topic must not make it by asking.
        "auto.create.topics.enable=true",
        "num.partitions=1",
        "offsets.topic.num.partitions=1",
        "offsets.topic.replication.factor=1",
        "transaction.state.log.num.partitions=1",
        "transaction.state.log.replication.factor=1",
        "transaction.state.log.min.isr=1",
        "group.initial.rebalance.delay.ms=0",
        "log.cleaner.enable=false",
    ]
    for name in ("sasl_plaintext", "sasl_ssl"):
        prefix = f"listener.name.{name}"
        lines.append(f"{prefix}.plain.sasl.jaas.config={plain_login}")
        for mechanism in ("scram-sha-256", "scram-sha-512"):
            lines.append(f"{prefix}.{mechanism}.sasl.jaas.config={scram_login}")
    return "\n".join(lines) + "\n"


def has_coordinators(broker: Broker) -> bool:
    """Once the first was asked for, and a while has passed."""
    return not broker.refuses(lambda asker: asker.committed([TopicPartition("none", 0)], timeout=5))


@contextmanager
def kafka_broker(folder: Path, jars: str, certificates):
    ports = {name: free_port() for name in LISTENERS}
    config = folder / "broker.properties"
    text = properties(folder, ports, free_port(), certificates)
    config.write_text("".join(c if c < "\x7f" else f"\\u{ord(c):04x}" for c in text))
    java = ["java", "-Xmx512m", "-XX:TieredStopAtLevel=1"]
    java += ["-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"]
    environment = clean_environment({"LC_ALL": "C.UTF-8", "CLASSPATH": jars})
    format_storage = ["kafka.tools.StorageTool", "format", "-t", "AAAAAAAAAAAAAAAAAAAAAA"]
    for mechanism in ("SCRAM-SHA-256", "SCRAM-SHA-512"):
        user = f'{mechanism}=[name={USERS[mechanism]},password="{PASSWORD}"]'
        format_storage += ["--add-scram", user]
    command = [*java, *format_storage, "-c", config]
    made = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=START_S, check=False
    )
    assert made.returncode == 0, made.stdout + made.stderr
    with Process([*java, "kafka.Kafka", str(config)], environment) as process:
        broker = Broker(ports, process)

        def answers() -> bool:
            if not process.running:
                raise RuntimeError(f"Kafka has ended:\n{process.stdout}{process.stderr}")
            if not accepts_connections(ports["PLAINTEXT"]):
                return False
            try:
                return bool(broker.admin().list_topics(timeout=1).brokers)
            except KafkaException:
                return False

        eventually(answers, "Kafka answers", START_S)
        eventually(lambda: has_coordinators(broker), "groups have coordinators", START_S)
        yield broker
