"""What is counted of random streams, against what a real server shows entry by entry: neither too
low nor too high, whatever was deleted, trimmed, claimed and acknowledged."""

import json
import random

import pytest

from autoscaler import once
from random_counts import random_sequences
from redis_world import Redis, redis_server

GROUP = "workers"


@pytest.fixture(scope="module")
def server():
    with redis_server() as redis:
        yield redis


class RandomStream:
    """The commands that make one."""

    def __init__(self, key: str, chance: random.Random):
        self._key, self._chance = key, chance
        self._last = 0
        self.commands: list[tuple] = []
        self._add()
        for group in (GROUP, "others"):
            start = chance.choice(["0", "0", "$", f"{chance.randint(0, 3)}-0"])
            self.commands.append(("XGROUP", "CREATE", key, group, start))
        # What of it is done how often differs from stream to stream.
        steps = [self._add, self._read, self._acknowledge, self._delete, self._trim, self._claim]
        weights = [chance.choice([8, 16]), chance.choice([3, 8])]
        weights += [chance.choice([0, 1, 4]) for _ in steps[2:]]
        for step in chance.choices(steps, weights, k=chance.choice([10, 60, 200])):
            step()

    def _some(self) -> list[str]:
        count = self._chance.choice([1, 1, 2, 5])
        return [f"{self._chance.randint(1, self._last)}-0" for _ in range(count)]

    def _add(self) -> None:
        self._last += self._chance.choice([1, 1, 3])
        limit = ("MAXLEN", self._chance.randint(1, 30)) if self._chance.random() < 0.1 else ()
        self.commands.append(("XADD", self._key, *limit, f"{self._last}-0", "job", "x"))

    def _read(self) -> None:
        group = self._chance.choice([GROUP, GROUP, "others"])
        consumer = self._chance.choice(["one", "two"])
        how = ("NOACK",) if self._chance.random() < 0.1 else ()
        many = ("COUNT", self._chance.choice([1, 2, 10]))
        words = ("XREADGROUP", "GROUP", group, consumer, *many, *how, "STREAMS", self._key, ">")
        self.commands.append(words)

    def _acknowledge(self) -> None:
        self.commands.append(("XACK", self._key, GROUP, *self._some()))

    def _delete(self) -> None:
        self.commands.append(("XDEL", self._key, *self._some()))

    def _trim(self) -> None:
        most = ("MAXLEN", self._chance.randint(0, 12))
        least = ("MINID", self._chance.randint(1, self._last))
        self.commands.append(("XTRIM", self._key, *self._chance.choice([most, least])))

    def _claim(self) -> None:
        begin = f"{self._chance.randint(0, self._last)}-0"
        words = ("XAUTOCLAIM", self._key, GROUP, "two", "0", begin, "COUNT", "3")
        self.commands.append(words)


def number(entry_id: str) -> tuple[int, ...]:
    return tuple(int(part) for part in entry_id.split("-"))


def truth(server: Redis, key: str) -> tuple[int, int]:
    """How many wait, and how many of those that are pending are still there."""
    (group,) = [group for group in server.answer("XINFO", "GROUPS", key) if group["name"] == GROUP]
    there = [entry[0] for entry in server.answer("XRANGE", key, "-", "+")]
    waiting = [one for one in there if number(one) > number(group["last-delivered-id"])]
    pending = server.answer("XPENDING", key, GROUP, "-", "+", "100000")
    return len(waiting), len({entry[0] for entry in pending} & set(there))


@random_sequences(24)
def test_a_random_stream_is_counted_as_it_is(world, server, tmp_path, chance):
    key = f"stream-{chance.getrandbits(64):x}"
    stream = RandomStream(key, chance)
    server.all(stream.commands)
    settings = {"host": "127.0.0.1", "port": server.port, "queue_key": key}
    settings |= {"redis_type": "stream", "consumer_group": GROUP}
    file = tmp_path / "config.json"
    file.write_text(json.dumps({"queue_type": "redis", "queue_config": settings}))
    check = once(world.environment(SQS_QUEUE_URL=None), "--config", str(file)).check
    assert check["errors"] == []
    said = "\n".join(" ".join(str(word) for word in words) for words in stream.commands)
    assert (check["visible"], check["in_flight"]) == truth(server, key), said
