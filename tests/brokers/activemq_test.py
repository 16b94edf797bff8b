"""The real program reads real brokers of ActiveMQ, 5.x and 6.x."""

import json
import uuid

import boto3
import pytest

from activemq_server import PASSWORD, USER, ActiveMq5, ActiveMq6
from aws_world import ACCESS_KEY, REGION, SECRET_KEY
from autoscaler import once, run
from fault_proxy import Answer, FaultProxy, reply
from processes import free_port

KEYS = {"aws_access_key_id": ACCESS_KEY, "aws_secret_access_key": SECRET_KEY}


@pytest.fixture(scope="session")
def activemq5(tmp_path_factory):
    with ActiveMq5(tmp_path_factory.mktemp("activemq")) as broker:
        yield broker


@pytest.fixture(scope="session")
def activemq6():
    with ActiveMq6("jobs-broker") as broker:
        yield broker


@pytest.fixture
def queue() -> str:
    return f"jobs.{uuid.uuid4().hex[:8]}"


@pytest.fixture
def check(world):
    def check_queue(url: str | None, queue: str, **settings):
        environment = world.environment(
            SQS_QUEUE_URL=None,
            **{
                "QUEUE_TYPE": "amq",
                "AMQ_CONSOLE_URL": url,
                "AMQ_QUEUE_NAME": queue,
                "AMQ_USERNAME": USER,
                "AMQ_PASSWORD": PASSWORD,
            }
            | settings,
        )
        outcome = once(environment)
        assert environment["AMQ_PASSWORD"] not in outcome.stdout + outcome.stderr
        return outcome

    return check_queue


def counts(outcome) -> tuple[int, int]:
    report = outcome.check
    return report.get("visible"), report.get("in_flight")


def failure(outcome) -> str:
    assert outcome.status != 0, outcome.stdout
    return outcome.stdout + outcome.stderr


def test_5_what_a_consumer_holds_is_in_flight_and_not_visible(check, activemq5, queue):
    activemq5.send(queue, 30)
    outcome = check(activemq5.url, queue)
    assert counts(outcome) == (30, 0)
    assert outcome.check["action"] == "scale_out"
    with activemq5.held(queue, 4):
        assert activemq5.counts(queue) == (30, 4)
        assert counts(check(activemq5.url, queue)) == (26, 4)


def test_one_message_starts_a_service_from_zero(check, world, activemq5, queue):
    """Which no consumer has ever come to."""
    activemq5.send(queue, 1)
    world.set_desired(0)
    check(activemq5.url, queue, MIN_TASKS=0)
    assert world.desired() == 1


def test_6_what_a_consumer_holds_is_in_flight_and_not_visible(check, activemq6, queue):
    activemq6.send(queue, 30)
    activemq6.hold(queue, 4)
    size, held = activemq6.counts(queue)  # its client fetches more than it was asked for
    assert (size, held >= 4) == (30, True)
    assert counts(check(activemq6.url, queue)) == (30 - held, held)
    for settings in ({"AMQ_BROKER_NAME": "jobs-broker"}, {}):
        outcome = check(activemq6.url + "/api/jolokia", queue, **settings)
        assert counts(outcome) == (30 - held, held)


def test_nothing_is_sent_to_the_queue(check, activemq5, queue):
    """The original's would have put a command into it at every check."""
    activemq5.send(queue, 3)
    before = activemq5.attributes(queue)
    for _ in range(3):
        assert counts(check(activemq5.url, queue)) == (3, 0)
    after = activemq5.attributes(queue)
    for name in ("EnqueueCount", "DequeueCount", "DispatchCount", "QueueSize", "ProducerCount"):
        assert after[name] == before[name], name


def test_names_that_activemq_writes_differently(check, activemq5, queue):
    """As org.apache.activemq.util.JMXSupport has it, and not as JMX quotes names."""
    for name, mbean_name in [
        (f"{queue} a=b", f"{queue} a&amp;b"),
        (f"{queue}*all", f"{queue}&ast;all"),
        (f"{queue}/é!%41", f"{queue}/é!%41"),
        (f"{queue}:urgent", f"{queue}_urgent"),
    ]:
        activemq5.send(name, 2, mbean_name)
        assert counts(check(activemq5.url, name)) == (2, 0), name


def test_a_queue_that_has_anothers_mbean_is_not_taken_for_it(check, activemq5, queue):
    activemq5.send(f"{queue}:a", 2, f"{queue}_a")
    text = failure(check(activemq5.url, f"{queue}_a"))
    assert f"it has the queue {queue}:a" in text


def test_where_a_proxy_refuses_post_it_is_asked_by_get(check, activemq5, queue):
    name = f"{queue} a=b/c!"
    activemq5.send(name, 2, f"{queue} a&amp;b/c!")
    with FaultProxy(activemq5.url) as proxy:
        proxy.on("POST /api/jolokia/", reply(Answer(405)))
        assert counts(check(proxy.url, name)) == (2, 0)


@pytest.fixture
def pair(world, certificates, activemq5):
    """An Amazon MQ broker whose first instance is down, or on standby: its console refuses."""
    mq = boto3.client("mq", endpoint_url=world.cloud.url, region_name=REGION, **KEYS)
    broker_id = mq.create_broker(
        BrokerName="orders",
        EngineType="ACTIVEMQ",
        EngineVersion="5.18",
        DeploymentMode="ACTIVE_STANDBY_MULTI_AZ",
        HostInstanceType="mq.t3.micro",
        AutoMinorVersionUpgrade=True,
        PubliclyAccessible=False,
        Users=[{"Username": USER, "Password": PASSWORD}],
    )["BrokerId"]
    with (
        FaultProxy(world.cloud.url) as amazon,
        FaultProxy(activemq5.url, certificates.server) as console,
    ):
        addresses = [f"https://127.0.0.1:{free_port()}", console.url]

        def describe(request, forward):
            request.path = request.path.replace("/b-", "/")  # moto's ids have no prefix
            answer = forward()
            broker = json.loads(answer.body)
            broker["brokerInstances"] = [{"consoleURL": address} for address in addresses]
            broker["brokerState"] = "RUNNING"
            answer.body = json.dumps(broker).encode()
            return answer

        amazon.on("s3:GetObject", describe)  # any GET: DescribeBroker here
        settings = {
            "AMQ_CONSOLE_URL": None,
            "AMQ_BROKER_ID": f"b-{broker_id}",
            "AMQ_CA_FILE": certificates.authority,
            "AWS_ENDPOINT_URL_MQ": amazon.url,
        }
        yield settings, addresses


def test_amazon_mq_says_where_the_console_is_and_a_standby_is_passed_over(
    check, activemq5, queue, pair
):
    settings, _ = pair
    activemq5.send(queue, 3)
    assert counts(check(None, queue, **settings)) == (3, 0)


def test_a_certificate_of_another_authority_is_not_believed(check, activemq5, queue, pair):
    settings, addresses = pair
    activemq5.send(queue, 3)
    del addresses[0]
    text = failure(check(None, queue, **settings | {"AMQ_CA_FILE": None}))
    assert "name the file with its authority's certificate in ca_file" in text


def test_a_broker_that_amazon_mq_does_not_know(check, queue, pair):
    settings, _ = pair
    settings = settings | {"AMQ_BROKER_ID": "b-nope", "AWS_ENDPOINT_URL_MQ": None}
    text = failure(check(None, queue, **settings))
    assert "check broker_id and region" in text


def test_cloudwatch_stands_in_for_a_broker_that_cannot_be_reached(check, world, queue, pair):
    settings, addresses = pair
    del addresses[1]
    settings = settings | {"AMQ_FALLBACK_TO_CLOUDWATCH": "true"}
    assert "nor can CloudWatch" in failure(check(None, queue, **settings))

    metrics = boto3.client("cloudwatch", endpoint_url=world.cloud.url, region_name=REGION, **KEYS)
    metrics.put_metric_data(
        Namespace="AWS/AmazonMQ",
        MetricData=[
            {
                "MetricName": "QueueSize",
                "Dimensions": [
                    {"Name": "Broker", "Value": "orders-2"},
                    {"Name": "Queue", "Value": queue},
                ],
                "Value": 30,
            }
        ],
    )
    outcome = check(None, queue, **settings)
    assert counts(outcome) == (30, None)
    assert outcome.check["action"] == "scale_out"


WRONG = {
    "no such queue": ({}, "no such queue"),
    "wrong password": ({"AMQ_PASSWORD": "no-such-password"}, "check username and password"),
    "no such broker": ({"AMQ_BROKER_NAME": "nope"}, "the broker nope has no such queue"),
}


@pytest.mark.parametrize("line", ["activemq5", "activemq6"])
@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_as_that(request, check, world, queue, line, case):
    settings, told = WRONG[case]
    text = failure(check(request.getfixturevalue(line).url, queue, **settings))
    assert told in text
    assert f"cannot read the depth of ActiveMQ queue {queue}" in text
    assert world.desired() == 2


def test_a_broker_that_is_down_is_unknown_and_not_empty(check, world, queue):
    port = free_port()
    text = failure(check(f"http://127.0.0.1:{port}", queue))
    assert f"127.0.0.1:{port}" in text
    assert world.desired() == 2


def test_a_page_that_is_not_jolokias_is_told_as_that(check, activemq5, queue):
    text = failure(check(activemq5.url + "/admin", queue))
    assert "cannot read the depth" in text


def test_a_password_does_not_go_over_a_network_in_the_clear(world):
    settings = {
        "QUEUE_TYPE": "amq",
        "AMQ_CONSOLE_URL": "http://mq.example.com:8161",
        "AMQ_QUEUE_NAME": "jobs",
        "AMQ_USERNAME": "user",
        "AMQ_PASSWORD": "hush-hush",
    }
    outcome = run(["validate"], world.environment(SQS_QUEUE_URL=None, **settings))
    assert outcome.status != 0
    assert "secrets_over_http" in outcome.stdout + outcome.stderr
    assert "hush-hush" not in outcome.stdout + outcome.stderr
