"""The real program reads a real RabbitMQ."""

import json
import time
import uuid

import pytest

from autoscaler import once, run
from processes import eventually, free_port
from random_counts import random_sequences
from rabbitmq_sequences import RandomQueue
from rabbitmq_server import PASSWORD, START_S, USER, RabbitMq
from stomp import Stomp


@pytest.fixture(scope="session")
def rabbitmq(tmp_path_factory, certificates):
    folder = tmp_path_factory.mktemp("rabbitmq")
    with RabbitMq(folder, certificates.server) as server:
        server.add_user("nobody", "secret", "management")
        server.add_user("plain", "secret", "", ("/",))
        yield server


@pytest.fixture
def queue(rabbitmq) -> str:
    name = f"jobs {uuid.uuid4().hex[:8]}/é+%41"
    rabbitmq.add_queue(name)
    return name


@pytest.fixture
def check(world, rabbitmq, certificates):
    """One check, with the settings changed by what is given."""

    def check_queue(**settings):
        config = {
            "host": "127.0.0.1",
            "port": rabbitmq.management_port,
            "username": USER,
            "password": PASSWORD,
            "ca_file": certificates.authority,
        } | settings
        config = {name: value for name, value in config.items() if value is not None}
        environment = world.environment(
            SQS_QUEUE_URL=None,
            QUEUE_TYPE="rabbitmq",
            **{VARIABLES[name]: json_text(value) for name, value in config.items()},
        )
        outcome = once(environment)
        assert str(config["password"]) not in outcome.stdout + outcome.stderr
        return outcome

    return check_queue


VARIABLES = {
    "host": "RABBITMQ_HOST",
    "port": "RABBITMQ_PORT",
    "tls": "RABBITMQ_TLS",
    "vhost": "RABBITMQ_VHOST",
    "queue_name": "RABBITMQ_QUEUE",
    "queue_pattern": "RABBITMQ_QUEUE_PATTERN",
    "username": "RABBITMQ_USERNAME",
    "password": "RABBITMQ_PASSWORD",
    "ca_file": "RABBITMQ_CA_FILE",
    "min_tasks": "MIN_TASKS",
}


def json_text(value) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def failure(outcome) -> str:
    assert outcome.status != 0, outcome.stdout
    return outcome.stdout + outcome.stderr


def test_the_messages_that_wait_and_those_in_flight_are_counted(check, rabbitmq, queue):
    rabbitmq.publish(queue, 30, timestamp=int(time.time()) - 100)
    with Stomp(rabbitmq.stomp_port, USER, PASSWORD) as consumer:
        consumer.hold(f"/amq/queue/{queue.replace('/', '%2F')}", 4)
        rabbitmq.wait_for_counts(queue, 26, 4)
        report = check(queue_name=queue).check
    assert (report["visible"], report["in_flight"]) == (26, 4)
    assert report["action"] == "scale_out"


def test_the_rates_of_publishing_and_of_delivery_are_told(check, rabbitmq, queue):
    seen = {}

    def both_flow() -> bool:
        """RabbitMQ makes a rate of two samples that are five seconds apart."""
        rabbitmq.publish(queue, 3)
        rabbitmq.get(queue, 1)
        report = check(queue_name=queue).check
        seen.update(report)
        return report.get("publish_rate", 0) > 0 and report.get("delivery_rate", 0) > 0

    eventually(both_flow, "messages flow in and out", START_S)
    assert seen["publish_rate"] > seen["delivery_rate"]


def test_one_message_starts_a_service_from_zero(world, check, rabbitmq, queue):
    """Which no consumer has ever come to."""
    rabbitmq.publish(queue, 1)
    rabbitmq.wait_for_counts(queue, 1, 0)
    world.set_desired(0)
    check(queue_name=queue, min_tasks=0)
    assert world.desired() == 1


@random_sequences(6)
def test_a_random_queue_is_counted_as_it_is(check, rabbitmq, chance):
    with RandomQueue(rabbitmq, chance) as queue:
        queue.run()
        report = check(queue_name=queue.name).check
        assert report["errors"] == []
        counted = report["visible"], report["in_flight"]
        assert counted == (queue.ready, queue.in_flight), queue.said


def test_an_empty_queue_is_empty(check, rabbitmq, queue):
    rabbitmq.wait_for_counts(queue, 0, 0)
    report = check(queue_name=queue).check
    assert (report["visible"], report["in_flight"]) == (0, 0)


def test_a_stream_is_refused_since_it_keeps_what_was_read(check, rabbitmq):
    name = f"log-{uuid.uuid4().hex[:8]}"
    rabbitmq.add_queue(name, **{"x-queue-type": "stream"})
    for queues in ({"queue_name": name}, {"queue_pattern": f"^{name}$"}):
        said = failure(check(**queues))
        assert f"{name} is a stream" in said and "set queue_type to prometheus" in said


def test_queues_of_a_pattern_count_together_over_several_pages(check, rabbitmq):
    rabbitmq.add_vhost("many")
    rabbitmq.add_user("many", "secret", "management", ("many",))
    for number in range(3):
        rabbitmq.add_queue(f"tenant-{number}", "many")
        rabbitmq.publish_to("many", f"tenant-{number}", number + 1)
    rabbitmq.add_queue("other-tenant-9", "many")
    rabbitmq.publish_to("many", "other-tenant-9", 7)
    for number in range(3):
        rabbitmq.wait_for_counts(f"tenant-{number}", number + 1, 0, "many")
    rabbitmq.wait_for_counts("other-tenant-9", 7, 0, "many")
    settings = {"vhost": "many", "username": "many", "password": "secret"}
    assert check(queue_pattern=r"^tenant-\d+$", **settings).check["visible"] == 6
    assert check(queue_pattern="tenant", **settings).check["visible"] == 13


WRONG = {
    "password": (dict(password="no-such-password"), "check username and password"),
    "user without a tag": (dict(username="plain", password="secret"), "Not management user"),
    "no rights on the vhost": (
        dict(username="nobody", password="secret"),
        "not authorised to access virtual host",
    ),
    "no such queue": (dict(queue_name="nope"), "there is no such queue"),
    "no such vhost": (dict(vhost="nope"), "there is no virtual host nope"),
    "no queue matches": (dict(queue_name=None, queue_pattern="^nope$"), "no queue matches"),
    "no regular expression": (dict(queue_name=None, queue_pattern="["), "HTTP status 400"),
    "an authority that is not believed": (dict(ca_file=None), "ca_file"),
    "server down": (dict(port=free_port()), "127.0.0.1"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_as_that(check, world, queue, case):
    settings, told = WRONG[case]
    text = failure(check(**{"queue_name": queue} | settings))
    assert told in text
    assert "cannot read the depth of RabbitMQ queue" in text
    assert world.desired() == 2


def test_amqps_port_is_told_from_the_management_apis(check, rabbitmq, queue):
    text = failure(check(queue_name=queue, port=rabbitmq.stomp_port))
    assert "management API's port" in text


def test_a_queue_without_statistics_is_unknown_and_not_empty(world, tmp_path):
    """As one that was just made is for some seconds, and all where statistics are switched off."""
    with RabbitMq(tmp_path, settings="management_agent.disable_metrics_collector = true") as server:
        server.add_queue("jobs")
        environment = world.environment(
            SQS_QUEUE_URL=None,
            QUEUE_TYPE="rabbitmq",
            RABBITMQ_HOST="127.0.0.1",
            RABBITMQ_PORT=server.management_port,
            RABBITMQ_TLS="false",
            RABBITMQ_QUEUE="jobs",
            RABBITMQ_USERNAME=USER,
            RABBITMQ_PASSWORD=PASSWORD,
        )
        text = failure(once(environment))
    assert "jobs has no statistics" in text
    assert world.desired() == 2


def test_a_password_does_not_go_over_a_network_in_the_clear(world):
    settings = {
        "QUEUE_TYPE": "rabbitmq",
        "RABBITMQ_HOST": "mq.example.com",
        "RABBITMQ_TLS": "false",
        "RABBITMQ_QUEUE": "jobs",
        "RABBITMQ_USERNAME": "user",
        "RABBITMQ_PASSWORD": "hush-hush",
    }
    outcome = run(["validate"], world.environment(SQS_QUEUE_URL=None, **settings))
    assert outcome.status != 0
    assert "secrets_over_http" in outcome.stdout + outcome.stderr
    assert "hush-hush" not in outcome.stdout + outcome.stderr
    allowed = world.environment(SQS_QUEUE_URL=None, RABBITMQ_SECRETS_OVER_HTTP="true", **settings)
    assert run(["validate"], allowed).status == 0
