"""What is counted of random SQS queues, against a ledger of what was done to each message."""

from autoscaler import once
from random_counts import random_sequences
from sqs_sequences import RandomQueue


@random_sequences(12)
def test_a_random_queue_of_motos_is_counted_as_it_is(world, chance):
    queue = RandomQueue(world.cloud.sqs, chance)
    check_counts(world, queue, chance)


def check_counts(world, queue, chance, **settings) -> None:
    delayed = chance.choice([False, True])
    settings |= {"SQS_QUEUE_URL": queue.url, "SQS_INCLUDE_DELAYED": str(delayed).lower()}
    check = once(world.environment(**settings)).check
    assert check["errors"] == []
    visible = queue.visible + (queue.delayed if delayed else 0)
    assert (check["visible"], check["in_flight"]) == (visible, queue.in_flight), queue.said
