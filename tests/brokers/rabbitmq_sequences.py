"""Random sequences of what is done to a RabbitMQ queue, with a ledger of its messages.

Publishing is confirmed. In the end each consumer has been given what it may hold, or all that there
is; then the statistics, which are behind, are waited for.
"""

import select
import uuid

from rabbitmq_server import PASSWORD, USER
from stomp import Stomp


class Consumer:
    def __init__(self, rabbitmq, destination: str, most: int):
        self.connection = Stomp(rabbitmq.stomp_port, USER, PASSWORD)
        self.most = most
        self.held: list[str] = []  # by what acknowledges them
        self.connection.subscribe(destination, most)

    def take(self) -> None:
        self.held += [frame.headers["ack"] for frame in self.connection.receive()]

    def answer(self, command: str, **headers: str) -> None:
        self.connection.send(command, {"id": self.held.pop()} | headers)


class RandomQueue:
    """Use as a context manager: its consumers go with it."""

    def __init__(self, rabbitmq, chance):
        self._rabbitmq, self._chance = rabbitmq, chance
        self.name = f"queue-{uuid.uuid4().hex[:12]}"
        kinds = [{}, {}, {"x-queue-type": "quorum"}, {"x-max-priority": 5}]
        arguments = chance.choice(kinds)
        rabbitmq.add_queue(self.name, **arguments)
        self._destination = f"/amq/queue/{self.name}"
        self._publisher = Stomp(rabbitmq.stomp_port, USER, PASSWORD)
        self._consumers: list[Consumer] = []
        self._messages = 0
        self._on_the_way = False  # back to the queue: nobody confirms when it is there
        self.said = [str(arguments)]

    def __enter__(self) -> "RandomQueue":
        return self

    def __exit__(self, *_) -> None:
        for consumer in self._consumers:
            consumer.connection.close()
        self._publisher.close()
        self._rabbitmq.ask("DELETE", f"queues/%2F/{self.name}")

    @property
    def in_flight(self) -> int:
        return min(self._messages, sum(consumer.most for consumer in self._consumers))

    @property
    def ready(self) -> int:
        return self._messages - self.in_flight

    def run(self) -> None:
        steps = [self._publish, self._consume, self._acknowledge, self._requeue, self._drop]
        steps += [self._get, self._leave, self._purge]
        choice = self._chance.choice
        weights = [6, 2, choice([1, 4]), choice([0, 2]), choice([0, 1]), choice([0, 1])]
        weights += [choice([0, 1]), choice([0, 0.5])]
        for step in self._chance.choices(steps, weights, k=choice([5, 12, 25])):
            step()
            self._deliver()
        self._settle()

    def _deliver(self) -> None:
        """Until the consumers have what they are to be given."""
        while sum(len(consumer.held) for consumer in self._consumers) < self.in_flight:
            connections = {consumer.connection: consumer for consumer in self._consumers}
            given, _, _ = select.select(connections, [], [], 30)
            assert given, self.said
            for connection in given:
                connections[connection].take()

    def _settle(self) -> None:
        self._on_the_way = False
        self._rabbitmq.wait_for_counts(self.name, self.ready, self.in_flight)

    def _publish(self) -> None:
        count = self._chance.choice([1, 3, 10])
        priority = {"priority": str(self._chance.randint(0, 5))}
        self._publisher.publish(self._destination, count, persistent="true", **priority)
        self._messages += count
        self.said.append(f"publish {count}")

    def _consume(self) -> None:
        if len(self._consumers) == 3:
            return
        most = self._chance.randint(1, 5)
        self._consumers.append(Consumer(self._rabbitmq, self._destination, most))
        self.said.append(f"consume {most}")

    def _holders(self) -> list[Consumer]:
        holders = [consumer for consumer in self._consumers if consumer.held]
        return self._chance.sample(holders, min(len(holders), self._chance.choice([1, 2])))

    def _acknowledge(self) -> None:
        for consumer in self._holders():
            consumer.answer("ACK")
            self._messages -= 1
            self.said.append("acknowledge")

    def _requeue(self) -> None:
        for consumer in self._holders():
            consumer.answer("NACK", requeue="true")
            self._on_the_way = True
            self.said.append("requeue")

    def _drop(self) -> None:
        for consumer in self._holders():
            consumer.answer("NACK", requeue="false")
            self._messages -= 1
            self.said.append("drop")

    def _get(self) -> None:
        """By the management API."""
        if self._on_the_way:
            self._settle()
        mode = self._chance.choice(["ack_requeue_false", "ack_requeue_true"])
        body = {"count": self._chance.randint(1, 4), "ackmode": mode, "encoding": "auto"}
        given = len(self._rabbitmq.ask("POST", f"queues/%2F/{self.name}/get", body))
        if mode == "ack_requeue_false":
            self._messages -= given
        self.said.append(f"get {given}, {mode}")

    def _leave(self) -> None:
        if self._consumers:
            self._consumers.pop().connection.close()
            self._on_the_way = True
            self.said.append("leave")

    def _purge(self) -> None:
        if self._on_the_way:
            self._settle()
        self._rabbitmq.ask("DELETE", f"queues/%2F/{self.name}/contents")
        self._messages = self.in_flight
        self.said.append("purge")
