"""Random topics, and what a consumer of the group is given of them.

The consumer reads from where the group has committed, or from where `auto.offset.reset` says, to
the end. What it is not given though it lies there are markers of transactions, which count
(docs/sources.md).
"""

import uuid

from confluent_kafka import (
    OFFSET_STORED,
    Consumer,
    ConsumerGroupTopicPartitions,
    KafkaError,
    Producer,
    TopicPartition,
)


class RandomTopic:
    """Its messages, a group's commits, and what was deleted before the group came to it."""

    def __init__(self, broker, chance):
        self.name, self.group = f"topic-{uuid.uuid4().hex}", f"group-{uuid.uuid4().hex}"
        self._broker, self._admin, self._chance = broker, broker.admin(), chance
        self._producer = Producer({"bootstrap.servers": broker.address()})
        self.partitions = chance.choice([1, 2, 4])
        self._ends = [0] * self.partitions
        self._begins = [0] * self.partitions
        self.markers = 0
        self.said: list[str] = []
        broker.make_topic(self.name, self.partitions)
        steps = [self._produce, self._commit, self._delete, self._transaction]
        weights = [6, chance.choice([2, 4]), chance.choice([0, 1, 2]), chance.choice([0, 0, 0.5])]
        for step in chance.choices(steps, weights, k=chance.choice([3, 8, 15])):
            step(chance.randrange(self.partitions))

    def _produce(self, partition: int, producer: Producer | None = None) -> None:
        count = self._chance.choice([1, 5, 30])
        producer = producer or self._producer
        for _ in range(count):
            producer.produce(self.name, b"work", partition=partition)
        assert producer.flush(30) == 0
        self._ends[partition] += count
        self.said.append(f"produce {count} in {partition}")

    def _transaction(self, partition: int) -> None:
        settings = {"bootstrap.servers": self._broker.address(), "transactional.id": self.name}
        producer = Producer(settings)
        producer.init_transactions(30)
        producer.begin_transaction()
        self._produce(partition, producer)
        ended = self._chance.choice(["commit", "abort"])
        (producer.commit_transaction if ended == "commit" else producer.abort_transaction)(30)
        self._ends[partition] += 1
        self.markers += 1
        self.said.append(f"{ended} that transaction")

    def _commit(self, partition: int) -> None:
        """Where a consumer could be; now and then where none can be any more, or yet."""
        begin, end = self._begins[partition], self._ends[partition]
        at = self._chance.choice([self._chance.randint(begin, end), end, begin // 2, end + 5])
        place = TopicPartition(self.name, partition, at)
        group = [ConsumerGroupTopicPartitions(self.group, [place])]
        (asked,) = self._admin.alter_consumer_group_offsets(group).values()
        assert asked.result().topic_partitions[0].error is None
        self.said.append(f"commit {at} in {partition}")

    def _delete(self, partition: int) -> None:
        before = self._chance.randint(self._begins[partition], self._ends[partition])
        asked = self._admin.delete_records([TopicPartition(self.name, partition, before)])
        (answer,) = [each.result() for each in asked.values()]
        self._begins[partition] = answer.low_watermark
        self.said.append(f"delete before {before} in {partition}")

    def settings(self, **others) -> dict:
        return {
            "bootstrap_servers": self._broker.address(),
            "consumer_group": self.group,
            "topic": self.name,
        } | others

    def given(self, reset: str) -> dict[int, int]:
        """How many messages of each partition a consumer gets."""
        consumer = Consumer(
            {
                "bootstrap.servers": self._broker.address(),
                "group.id": self.group,
                "auto.offset.reset": reset,
                "enable.auto.commit": False,
                "enable.partition.eof": True,
                "isolation.level": "read_uncommitted",
                "fetch.wait.max.ms": 10,
            }
        )
        every = range(self.partitions)
        consumer.assign([TopicPartition(self.name, each, OFFSET_STORED) for each in every])
        given, at_end = dict.fromkeys(every, 0), set()
        while len(at_end) < self.partitions:
            message = consumer.poll(30)
            assert message is not None
            if message.error() is None:
                given[message.partition()] += 1
            else:
                assert message.error().code() == KafkaError._PARTITION_EOF, message.error()
                at_end.add(message.partition())
        consumer.close()
        return given

    def without_place(self) -> int:
        """Partitions that hold something, and no commit that a consumer could go by."""
        asked = self._admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(self.group)])
        (answer,) = [each.result() for each in asked.values()]
        committed = {each.partition: each.offset for each in answer.topic_partitions}
        ranges = enumerate(zip(self._begins, self._ends, strict=True))
        return sum(
            begin < end and not begin <= committed.get(each, -1) <= end
            for each, (begin, end) in ranges
        )
