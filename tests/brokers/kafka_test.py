"""The lag of Kafka's consumer groups: the real program against a real Kafka.

One thing is not here: a broker that takes MSK's IAM tokens is Amazon's alone. That the tokens are
right is compared with AWS's own library, in
tests/clients/aws/services/msk_token_against_aws_signer_test.py.
"""

import json
import os
import signal
import uuid
from contextlib import contextmanager
from pathlib import Path

import pytest
from autoscaler import file_descriptors, once, run, start
from certificates import make_certificates
from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    ResourcePatternType,
    ResourceType,
)
from kafka_broker import PASSWORD, USERS, classpath, kafka_broker
from kafka_sequences import RandomTopic
from processes import build_dir, eventually, free_port
from random_counts import random_sequences


@pytest.fixture(scope="module")
def broker(tmp_path_factory, certificates):
    jars = classpath(build_dir())
    with kafka_broker(tmp_path_factory.mktemp("kafka"), jars, certificates) as kafka:
        yield kafka


class Topic:
    """A topic and a consumer group of a test's own."""

    def __init__(self, broker, partitions: int = 1):
        self.name = f"topic-{uuid.uuid4().hex[:12]}"
        self.group = f"group-{uuid.uuid4().hex[:12]}"
        self.broker = broker
        self.make(partitions)

    def make(self, partitions: int = 1) -> None:
        self.broker.make_topic(self.name, partitions)

    def delete(self) -> None:
        (gone,) = self.broker.admin().delete_topics([self.name]).values()
        gone.result()
        eventually(lambda: self.name not in self.topics(), "the topic is gone")

    def topics(self) -> list[str]:
        return list(self.broker.admin().list_topics(timeout=30).topics)

    def produce(self, count: int, partition: int = 0, **settings) -> None:
        producer = Producer({"bootstrap.servers": self.broker.address(), **settings})
        if settings:
            producer.init_transactions()
            producer.begin_transaction()
        for _ in range(count):
            producer.produce(self.name, b"work", partition=partition)
        if settings:
            producer.commit_transaction()
        assert producer.flush(30) == 0

    def commit(self, *offsets: int) -> None:
        """Of partition 0, 1 and so on."""
        places = [TopicPartition(self.name, number, at) for number, at in enumerate(offsets)]
        consumer = Consumer({"bootstrap.servers": self.broker.address(), "group.id": self.group})
        consumer.commit(offsets=places, asynchronous=False)
        consumer.close()

    def consume_all(self, count: int) -> None:
        consumer = Consumer(
            {
                "bootstrap.servers": self.broker.address(),
                "group.id": self.group,
                "auto.offset.reset": "earliest",
                "enable.auto.commit": False,
            }
        )
        consumer.subscribe([self.name])
        while count > 0:
            message = consumer.poll(30)
            assert message is not None and message.error() is None
            consumer.commit(message, asynchronous=False)
            count -= 1
        consumer.close()

    def delete_records(self, before: int, partition: int = 0) -> None:
        place = TopicPartition(self.name, partition, before)
        (gone,) = self.broker.admin().delete_records([place]).values()
        gone.result()

    def grant(self, user: str, kind: ResourceType, name: str) -> None:
        rule = AclBinding(
            kind,
            name,
            ResourcePatternType.LITERAL,
            f"User:{user}",
            "*",
            AclOperation.DESCRIBE,
            AclPermissionType.ALLOW,
        )
        (made,) = self.broker.admin().create_acls([rule]).values()
        made.result()

    def settings(self, **others) -> dict:
        return {
            "bootstrap_servers": self.broker.address(),
            "consumer_group": self.group,
            "topic": self.name,
        } | others


@pytest.fixture
def topic(broker) -> Topic:
    return Topic(broker)


def configuration(folder: Path, settings: dict) -> str:
    file = folder / "config.json"
    given = {key: value for key, value in settings.items() if value is not None}
    file.write_text(json.dumps({"queue_type": "kafka", "queue_config": given}))
    return str(file)


@pytest.fixture
def check(world, tmp_path):
    """Checks the queue that the settings describe, once."""

    def checked(settings: dict) -> dict:
        file = configuration(tmp_path, settings)
        outcome = once(world.environment(SQS_QUEUE_URL=None), "--config", file)
        assert PASSWORD not in outcome.stdout + outcome.stderr
        return outcome.check

    return checked


def lag(check: dict) -> int:
    assert check["errors"] == []
    assert check["in_flight"] == 0
    return check["visible"]


def error(check: dict) -> tuple[str, str]:
    """Nothing is known of the queue then, and nothing is done."""
    assert check["visible"] is None and check["action"] == "hold"
    (only,) = check["errors"]
    return only["kind"], only["message"]


# --- counting


def test_the_lag_is_what_lies_behind_the_commits_of_all_partitions(broker, check):
    topic = Topic(broker, partitions=3)
    for partition, count in enumerate([10, 5, 7]):
        topic.produce(count, partition)
    topic.commit(10, 2, 0)
    assert lag(check(topic.settings())) == 0 + 3 + 7


def test_a_group_may_have_a_name_in_any_script(topic, check):
    topic.group += " für ☃"
    topic.produce(7)
    topic.commit(4)
    assert lag(check(topic.settings())) == 3


def test_lag_scales_out_and_its_end_scales_in(topic, check):
    topic.produce(30)
    topic.commit(0)
    done = check(topic.settings())
    assert (done["action"], done["current_tasks"], done["new_tasks"]) == ("scale_out", 2, 5)
    topic.commit(30)
    assert lag(check(topic.settings())) == 0


def test_without_a_commit_the_consumers_reset_says_what_counts(broker, check):
    topic = Topic(broker, partitions=2)
    topic.produce(4, 0)
    topic.produce(5, 1)
    assert lag(check(topic.settings())) == 2
    assert lag(check(topic.settings(lag_without_commit=0))) == 0
    assert lag(check(topic.settings(offset_reset="earliest"))) == 9
    topic.commit(4)  # the other partition has none still
    assert lag(check(topic.settings())) == 1
    assert lag(check(topic.settings(offset_reset="earliest"))) == 5


def test_without_a_topic_all_that_the_group_has_committed_for_count(broker, check):
    topics = [Topic(broker), Topic(broker, partitions=2), Topic(broker)]
    for topic in topics:
        topic.group = topics[0].group
        topic.produce(3)
    topics[1].produce(3, 1)
    topics[0].commit(1)
    topics[1].commit(3)
    settings = topics[0].settings(topic=None)
    assert lag(check(settings)) == 2 + (0 + 1)
    topics[2].commit(0)
    assert lag(check(settings)) == 2 + (0 + 1) + 3


def test_a_topic_made_anew_is_not_taken_for_the_old_one(topic, check):
    topic.produce(100)
    topic.commit(90)
    topic.delete()
    topic.make()
    topic.produce(3)
    topic.commit(90)  # Kafka forgets a deleted topic's commits; a consumer may be behind
    assert lag(check(topic.settings())) == 1
    assert lag(check(topic.settings(offset_reset="earliest"))) == 3


def test_a_consumer_that_commits_by_record_leaves_the_marker_of_a_transaction(topic, check):
    topic.produce(5, **{"transactional.id": topic.name})
    topic.consume_all(5)
    assert lag(check(topic.settings())) == 1


def test_partitions_that_hold_nothing_count_nothing(broker, check):
    """Neither those that were never used nor those whose messages are gone."""
    topic = Topic(broker, partitions=50)
    topic.produce(3)
    topic.commit(3)
    topic.produce(2, partition=1)
    topic.delete_records(2, partition=1)
    for reset in ("latest", "earliest"):
        assert lag(check(topic.settings(offset_reset=reset))) == 0
    topic.produce(1, partition=1)
    for reset in ("latest", "earliest"):
        assert lag(check(topic.settings(offset_reset=reset))) == 1


@random_sequences(8)
def test_a_random_topic_is_counted_as_a_consumer_gets_it(broker, chance, check):
    topic = RandomTopic(broker, chance)
    for reset, per_place in [("earliest", 0), ("latest", 1)]:
        seen = lag(check(topic.settings(offset_reset=reset)))
        least = sum(topic.given(reset).values()) + per_place * topic.without_place()
        assert least <= seen <= least + topic.markers, (reset, topic.said)


# --- lag that does not move


@pytest.fixture
def watch(world, tmp_path):
    """A daemon, to which lag is persistent after a second."""

    @contextmanager
    def watching(topic: Topic, **settings):
        settings = {"exclude_persistent_lag": True, "persistent_lag_seconds": 1} | settings
        file = configuration(tmp_path, topic.settings(**settings))
        environment = world.environment(
            SQS_QUEUE_URL=None, MIN_TASKS=0, SCALE_OUT_COOLDOWN=0, SCALE_IN_COOLDOWN=0
        )
        command = ["run", "--json", "--interval", "200ms", "--config", file]
        with start(command, environment) as daemon:
            yield daemon

    return watching


def eventually_counts(daemon, visible: int, stuck: int | None = None) -> dict:
    """In some check from now on."""
    seen = len(daemon.stdout.splitlines())

    def counted() -> dict | None:
        checks = [json.loads(line) for line in daemon.stdout.splitlines()[seen:]]
        found = [c for c in checks if (c["visible"], c.get("stuck")) == (visible, stuck)]
        return found[0] if found else None

    return eventually(counted, f"{visible} wait, and {stuck} besides")


def test_lag_that_does_not_move_is_left_out_and_keeps_one_task(topic, world, watch):
    topic.produce(13)
    topic.commit(3)
    with watch(topic) as daemon:
        first = json.loads(daemon.wait_for_lines(1)[0])
        assert first["visible"] == 10 and "watched" in first["estimated_from"]
        left_out = eventually_counts(daemon, 0, 10)
        assert "left out" in left_out["estimated_from"]
        eventually(lambda: world.desired() == 1, "one task is kept")
        topic.produce(100)  # the commit stands still, and this is work all the same
        assert eventually_counts(daemon, 100, 10)["new_tasks"] == 11
        topic.commit(4)
        eventually_counts(daemon, 109)


def test_lag_that_grew_old_at_zero_starts_a_task(topic, world, watch):
    """Nobody was there to commit: a pause, or tasks that crash."""
    world.set_desired(0)
    world.tag_service("pause", "all")
    topic.produce(50)
    topic.commit(3)
    with watch(topic) as daemon:
        eventually_counts(daemon, 0, 47)
        assert world.desired() == 0
        world.tag_service("pause", "none")
        eventually(lambda: world.desired() == 1, "it starts")


@pytest.mark.parametrize("reset", ["latest", "earliest"])
def test_the_first_message_starts_a_service_from_zero(topic, world, tmp_path, reset):
    file = configuration(tmp_path, topic.settings(offset_reset=reset))
    world.set_desired(0)
    environment = world.environment(SQS_QUEUE_URL=None, MIN_TASKS=0)
    once(environment, "--config", file)
    assert world.desired() == 0
    topic.produce(1)
    once(environment, "--config", file)
    assert world.desired() == 1


def test_a_group_without_commits_is_left_out_alike(broker, world, watch):
    topic = Topic(broker, partitions=3)
    topic.produce(4, 0)
    topic.produce(5, 1)
    with watch(topic) as daemon:
        eventually_counts(daemon, 2)
        eventually_counts(daemon, 0, 2)


# --- what is there afterwards


def test_a_check_leaves_the_group_and_the_cluster_as_they_were(broker, topic, check):
    topic.produce(5)
    topic.commit(2)
    admin = broker.admin()

    def seen() -> tuple:
        (described,) = admin.describe_consumer_groups([topic.group]).values()
        group = described.result()
        place = TopicPartition(topic.name, 0)
        consumer = Consumer({"bootstrap.servers": broker.address(), "group.id": topic.group})
        (committed,) = consumer.committed([place], timeout=30)
        consumer.close()
        return group.state, len(group.members), committed.offset, sorted(topic.topics())

    before = seen()
    assert lag(check(topic.settings())) == 3
    assert error(check(topic.settings(topic=topic.name + "-not")))[0] == "not_found"
    check(topic.settings(consumer_group=topic.group + "-not"))
    assert seen() == before
    groups = admin.list_consumer_groups().result().valid
    assert topic.group + "-not" not in [group.group_id for group in groups]


def test_many_checks_leave_threads_and_descriptors_as_they_were(topic, world, tmp_path):
    topic.produce(5)
    file = configuration(tmp_path, topic.settings())
    environment = world.environment(SQS_QUEUE_URL=None)
    with start(["run", "--json", "--interval", "100ms", "--config", file], environment) as daemon:

        def held() -> tuple[int, int]:
            return len(os.listdir(f"/proc/{daemon.pid}/task")), file_descriptors(daemon.pid)

        daemon.wait_for_lines(20)
        before = held()
        daemon.wait_for_lines(150)
        after = held()
        daemon.signal(signal.SIGTERM)
        assert daemon.wait() == 0
    assert after[0] == before[0]
    assert abs(after[1] - before[1]) <= 2  # connections to AWS come and go


# --- what goes wrong


def test_a_topic_that_is_not_there_is_told_and_not_made(topic, check):
    missing = topic.name + "-not"
    kind, message = error(check(topic.settings(topic=missing)))
    assert kind == "not_found" and missing in message and "check topic" in message
    assert missing not in topic.topics()


def test_a_group_that_has_no_commits_at_all_needs_a_topic(topic, check):
    kind, message = error(check(topic.settings(topic=None)))
    assert kind == "not_found" and topic.group in message and "name the topic" in message


def test_a_broker_that_is_down_is_told(topic, check):
    address = f"127.0.0.1:{free_port()}"
    kind, message = error(check(topic.settings(bootstrap_servers=address)))
    assert kind == "retryable" and address in message and "refused" in message


def test_one_broker_of_the_list_is_enough(topic, check):
    topic.produce(2)
    topic.commit(0)
    servers = f"127.0.0.1:{free_port()},{topic.broker.address()}"
    assert lag(check(topic.settings(bootstrap_servers=servers))) == 2


def test_a_broker_that_hangs_is_told_in_time(topic, check):
    topic.broker.process.signal(signal.SIGSTOP)
    try:
        kind, message = error(check(topic.settings()))
    finally:
        topic.broker.process.signal(signal.SIGCONT)
    assert kind in ("retryable", "cancelled") and topic.group in message


@pytest.mark.parametrize(
    ("mechanism", "protocol"),
    [
        ("SCRAM-SHA-256", "SASL_SSL"),
        ("SCRAM-SHA-512", "SASL_SSL"),
        ("SCRAM-SHA-512", "SASL_PLAINTEXT"),
        ("PLAIN", "SASL_SSL"),
    ],
)
def test_a_user_is_known_by_its_password_and_needs_rights(
    topic, certificates, check, mechanism, protocol
):
    topic.produce(4)
    topic.commit(1)
    user = USERS[mechanism]
    settings = topic.settings(
        bootstrap_servers=topic.broker.address(protocol),
        security_protocol=protocol,
        sasl_mechanism=mechanism,
        username=user,
        password=PASSWORD,
        ca_file=certificates.authority if protocol == "SASL_SSL" else None,
    )
    kind, message = error(check(settings | {"password": "wrong"}))
    assert kind == "denied" and "check username, password" in message and "wrong" not in message

    kind, message = error(check(settings))
    assert kind == "denied" and "describe the topic" in message
    topic.grant(user, ResourceType.TOPIC, topic.name)
    kind, message = error(check(settings))
    assert kind == "denied" and "describe the group" in message
    topic.grant(user, ResourceType.GROUP, topic.group)
    assert lag(check(settings)) == 3


def test_tls_needs_the_authority_that_signed_the_broker(topic, certificates, check, tmp_path):
    topic.produce(2)
    topic.commit(0)
    settings = topic.settings(
        bootstrap_servers=topic.broker.address("SSL"), security_protocol="SSL"
    )
    assert lag(check(settings | {"ca_file": certificates.authority})) == 2
    (tmp_path / "other").mkdir()
    other = make_certificates(tmp_path / "other")
    for given in [{}, {"ca_file": other.authority}]:
        kind, message = error(check(settings | given))
        assert kind == "denied" and "certificate" in message and "check ca_file" in message


def test_plain_words_to_a_tls_port_are_told(topic, check):
    kind, message = error(check(topic.settings(bootstrap_servers=topic.broker.address("SSL"))))
    assert kind == "retryable" and "security.protocol" in message


def test_a_certificate_file_that_is_not_there_is_told(topic, check):
    settings = topic.settings(security_protocol="SSL", ca_file="/nonexistent.pem")
    kind, message = error(check(settings))
    assert kind == "invalid" and "ca_file" in message


def test_validate_says_what_does_not_fit(world, tmp_path):
    settings = {"bootstrap_servers": "b:9092", "consumer_group": "g", "sasl_mechanism": "PLAIN"}
    file = configuration(tmp_path, settings)
    outcome = run(["validate", "--config", file], world.environment(SQS_QUEUE_URL=None))
    assert outcome.status != 0
    assert "username" in outcome.stdout + outcome.stderr


def test_the_tests_own_client_is_refused_where_the_program_is(broker):
    """The listener without rights is one: else the cases above would prove nothing."""
    producer = Producer(
        {
            "bootstrap.servers": broker.address("SASL_PLAINTEXT"),
            "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanism": "PLAIN",
            "sasl.username": USERS["PLAIN"],
            "sasl.password": PASSWORD,
        }
    )
    outcomes = []
    producer.produce("denied", b"x", on_delivery=lambda problem, _: outcomes.append(problem))
    producer.flush(30)
    assert [problem.code() for problem in outcomes] == [KafkaError.TOPIC_AUTHORIZATION_FAILED]
