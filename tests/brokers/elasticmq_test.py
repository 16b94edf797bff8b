"""What is counted of random SQS queues of ElasticMQ's, against a ledger of what was done."""

import pytest
from elasticmq_server import REGION, elasticmq_server
from random_counts import random_sequences
from sqs_counts_test import check_counts
from sqs_sequences import RandomQueue


@pytest.fixture(scope="module")
def elasticmq(tmp_path_factory):
    with elasticmq_server(tmp_path_factory.mktemp("elasticmq")) as client:
        yield client


@random_sequences(12)
def test_a_random_queue_of_elasticmqs_is_counted_as_it_is(world, elasticmq, chance):
    queue = RandomQueue(elasticmq, chance)
    check_counts(
        world, queue, chance, SQS_REGION=REGION, AWS_ENDPOINT_URL_SQS=elasticmq.meta.endpoint_url
    )
