"""Random sequences of what is done to an SQS queue, with a ledger of where each message is.

Nothing in them depends on time: what is hidden or delayed stays so for longer than a test lasts.
Which messages are received is the server's affair; that they are in flight then is not.
"""

import random
import uuid

LONG_S, DELAY_S = 3600, 900


class RandomQueue:
    """`visible`, `delayed` and `in_flight` are the truth; `said` is what was done."""

    def __init__(self, sqs, chance: random.Random):
        self._sqs, self._chance = sqs, chance
        self._fifo = chance.random() < 0.3
        name = f"queue-{uuid.uuid4().hex[:12]}"
        attributes = {"VisibilityTimeout": str(LONG_S)}
        if self._fifo:
            name += ".fifo"
            attributes |= {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
        self.url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        self._sent = 0
        self._waiting: set[str] = set()
        self._delayed: set[str] = set()
        self._held: dict[str, str] = {}  # with the receipt that was given last
        self.said = [f"fifo: {self._fifo}"]
        steps = [self._send, self._receive, self._delete, self._change, self._purge]
        weights = [chance.choice([4, 8]), chance.choice([2, 6])]
        weights += [chance.choice([0, 2, 4]), chance.choice([0, 2, 4]), chance.choice([0, 0.3])]
        for step in chance.choices(steps, weights, k=chance.choice([5, 15, 40])):
            step()

    @property
    def visible(self) -> int:
        return len(self._waiting)

    @property
    def delayed(self) -> int:
        return len(self._delayed)

    @property
    def in_flight(self) -> int:
        return len(self._held)

    def _send(self) -> None:
        entries = []
        for _ in range(self._chance.choice([1, 1, 3, 10])):
            body = f"message {self._sent}"
            self._sent += 1
            entry = {"Id": str(len(entries)), "MessageBody": body}
            if self._fifo:
                entry["MessageGroupId"] = self._chance.choice("abc")
            elif self._chance.random() < 0.2:
                entry["DelaySeconds"] = DELAY_S
            (self._delayed if "DelaySeconds" in entry else self._waiting).add(body)
            entries.append(entry)
        answer = self._sqs.send_message_batch(QueueUrl=self.url, Entries=entries)
        assert "Failed" not in answer or not answer["Failed"], answer
        self.said.append(f"send {len(entries)}")

    def _receive(self) -> None:
        hidden_s = self._chance.choice([LONG_S, LONG_S, LONG_S, 0])
        most = self._chance.randint(1, 10)
        answer = self._sqs.receive_message(
            QueueUrl=self.url,
            MaxNumberOfMessages=most,
            VisibilityTimeout=hidden_s,
            WaitTimeSeconds=0,
        )
        given = {m["Body"]: m["ReceiptHandle"] for m in answer.get("Messages", [])}
        assert given.keys() <= self._waiting, self.said
        self.said.append(f"receive {len(given)} of {most}, hidden for {hidden_s} s")
        if hidden_s > 0:
            self._waiting -= given.keys()
            self._held |= given

    def _some_held(self) -> list[str]:
        held = sorted(self._held)
        return self._chance.sample(held, min(len(held), self._chance.choice([1, 1, 3])))

    def _delete(self) -> None:
        for body in self._some_held():
            self._sqs.delete_message(QueueUrl=self.url, ReceiptHandle=self._held.pop(body))
            self.said.append(f"delete {body}")

    def _change(self) -> None:
        for body in self._some_held():
            hidden_s = self._chance.choice([0, 0, 2 * LONG_S])
            self._sqs.change_message_visibility(
                QueueUrl=self.url, ReceiptHandle=self._held[body], VisibilityTimeout=hidden_s
            )
            self.said.append(f"hide {body} for {hidden_s} s")
            if hidden_s == 0:
                del self._held[body]
                self._waiting.add(body)

    def _purge(self) -> None:
        if "purge" in self.said:  # SQS allows one in a minute
            return
        self._sqs.purge_queue(QueueUrl=self.url)
        for place in (self._waiting, self._delayed, self._held):
            place.clear()
        self.said.append("purge")
