"""Queues in Redis: the real program against real servers, plain, with passwords, over TLS, and a
cluster."""

import json
import time
import uuid

import pytest

from autoscaler import once, run
from aws_world import World
from certificates import make_certificates
from redis_world import Redis, redis_cluster, redis_server, tls_redis_server

GROUP = {"redis_type": "stream", "consumer_group": "workers"}


@pytest.fixture(scope="module")
def server():
    with redis_server() as redis:
        yield redis


@pytest.fixture
def key() -> str:
    """One for each test: they share a server."""
    return f"jobs-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def check(world: World, tmp_path):
    """Checks the queue that the options describe, once."""

    def checked(port: int, key: str, host: str = "127.0.0.1", **options) -> dict:
        settings = {"host": host, "port": port, "queue_key": key, **options}
        file = tmp_path / "config.json"
        file.write_text(json.dumps({"queue_type": "redis", "queue_config": settings}))
        outcome = once(world.environment(SQS_QUEUE_URL=None), "--config", str(file))
        assert outcome.status == (1 if outcome.check["errors"] else 0), outcome.stderr
        return outcome.check

    return checked


def counts(check: dict) -> tuple[int | None, int | None]:
    assert check["errors"] == []
    return check["visible"], check["in_flight"]


def error(check: dict) -> tuple[str, str]:
    """Nothing is known of the queue then, and nothing is done."""
    assert check["visible"] is None and check["in_flight"] is None
    assert check["action"] == "hold"
    (only,) = check["errors"]
    return only["kind"], only["message"]


# --- lists


def test_a_list_has_its_length_and_no_word_of_what_is_in_hand(server, key, check):
    server.put_list(key, 3)
    assert counts(check(server.port, key)) == (3, None)


def test_a_key_may_hold_any_character(server, key, check, world):
    """Celery keeps a priority's jobs in a list whose name has control characters."""
    for odd in (f"{key}\x06\x163", f"{key}\n\x1b[31m", f"{key} für ☃"):
        server.put_list(odd, 3)
        assert counts(check(server.port, odd, include_in_flight=False)) == (3, 0)
    environment = {
        "REDIS_HOST": "127.0.0.1",
        "REDIS_PORT": server.port,
        "REDIS_QUEUE_KEY": f"{key}\x06\x163",
        "REDIS_INCLUDE_IN_FLIGHT": "false",
    }
    outcome = once(world.environment(SQS_QUEUE_URL=None, QUEUE_TYPE="redis", **environment))
    assert counts(outcome.check) == (3, 0)
    assert "\x06" not in outcome.stdout + outcome.stderr


def test_a_list_that_is_not_there_is_empty(server, key, check):
    server.put_list(key, 1)
    server("LPOP", key)
    assert counts(check(server.port, key, include_in_flight=False)) == (0, 0)


def test_a_long_list_scales_out(server, key, check):
    server.put_list(key, 30)
    done = check(server.port, key)
    assert (done["action"], done["current_tasks"], done["new_tasks"]) == ("scale_out", 2, 5)


def test_a_short_list_scales_in_where_nothing_is_in_hand(server, key, check):
    held = check(server.port, key)
    assert held["action"] == "hold" and "in flight are unknown" in held["reason"]
    assert check(server.port, key, include_in_flight=False)["action"] == "scale_in"


def test_what_workers_keep_in_a_processing_list_is_in_flight(server, key, check):
    server.put_list(key, 5)
    server("LMOVE", key, f"{key}:busy", "LEFT", "RIGHT")
    assert counts(check(server.port, key, processing_key=f"{key}:busy")) == (4, 1)


@pytest.mark.parametrize(
    "kind, command",
    [
        ("hash", ("HSET", 1, "x", 2, "y")),
        ("set", ("SADD", 1, 2)),
        ("sorted_set", ("ZADD", 1, 1, 2, 2)),
    ],
    ids=["hash", "set", "sorted_set"],
)
def test_a_processing_key_may_hold_something_else(server, key, check, kind, command):
    name, *arguments = command
    server(name, f"{key}:busy", *arguments)
    found = check(server.port, key, processing_key=f"{key}:busy", processing_type=kind)
    assert counts(found) == (0, 2)


# --- streams


def test_a_stream_has_the_lag_and_the_pending_entries_of_its_group(server, key, check):
    server.put_stream(key, 5)
    server("XGROUP", "CREATE", key, "workers", "0")
    server("XREADGROUP", "GROUP", "workers", "one", "COUNT", 2, "STREAMS", key, ">")
    assert counts(check(server.port, key, **GROUP)) == (3, 2)


def test_acknowledged_entries_are_no_backlog(server, key, check):
    entries = server.put_stream(key, 40)
    server("XGROUP", "CREATE", key, "workers", "0")
    server("XREADGROUP", "GROUP", "workers", "one", "COUNT", 40, "STREAMS", key, ">")
    server("XACK", key, "workers", *entries)
    assert server("XLEN", key) == "40"
    found = check(server.port, key, **GROUP)
    assert counts(found) == (0, 0)
    assert found["action"] == "scale_in"


def test_a_stream_that_is_not_there_is_empty(server, key, check):
    assert counts(check(server.port, key, **GROUP)) == (0, 0)


def test_of_a_stream_without_the_group_all_waits(server, key, check):
    server.put_stream(key, 4)
    server("XGROUP", "CREATE", key, "others", "$")
    assert counts(check(server.port, key, **GROUP)) == (4, 0)


@pytest.mark.parametrize("kind", ["list", "stream", "sorted_set"])
def test_one_job_starts_a_service_from_zero(server, key, world, tmp_path, kind):
    """No worker has ever been there: of a stream there is no group."""
    put = {
        "list": ("LPUSH", key),
        "stream": ("XADD", key, "*", "job"),
        "sorted_set": ("ZADD", key, 1),
    }
    server(*put[kind], "job")
    settings = {"host": "127.0.0.1", "port": server.port, "queue_key": key, "redis_type": kind}
    settings |= GROUP if kind == "stream" else {}
    file = tmp_path / "config.json"
    file.write_text(json.dumps({"queue_type": "redis", "queue_config": settings}))
    world.set_desired(0)
    once(world.environment(SQS_QUEUE_URL=None, MIN_TASKS=0), "--config", str(file))
    assert world.desired() == 1


def test_a_lag_that_a_deletion_hides_is_counted(server, key, check):
    entries = server.put_stream(key, 5)
    server("XGROUP", "CREATE", key, "workers", "0")
    server("XREADGROUP", "GROUP", "workers", "one", "COUNT", 1, "STREAMS", key, ">")
    server("XDEL", key, entries[3])
    assert server("XINFO", "GROUPS", key).endswith("lag")  # and nothing behind it
    assert counts(check(server.port, key, **GROUP)) == (3, 1)


def test_a_lag_of_what_was_trimmed_is_none(server, key, check):
    """Redis keeps counting the three that the group never came to (redis/redis#13957)."""
    for number in range(1, 6):
        server("XADD", key, f"{number}-0", "job", number)
    server("XGROUP", "CREATE", key, "workers", "0")
    server("XREADGROUP", "GROUP", "workers", "one", "COUNT", 1, "STREAMS", key, ">")
    server("XTRIM", key, "MAXLEN", 1)
    server("XREADGROUP", "GROUP", "workers", "one", "COUNT", 1, "STREAMS", key, ">")
    server("XACK", key, "workers", "1-0", "5-0")
    assert server("XINFO", "GROUPS", key).split()[-1] == "3"
    assert counts(check(server.port, key, **GROUP)) == (0, 0)


def test_pending_entries_that_are_gone_are_not_in_flight(server, key, check):
    for number in range(1, 9):
        server("XADD", key, f"{number}-0", "job", number)
    server("XGROUP", "CREATE", key, "workers", "0")
    server("XREADGROUP", "GROUP", "workers", "one", "COUNT", 6, "STREAMS", key, ">")
    server("XDEL", key, "4-0")
    server("XTRIM", key, "MINID", "3-0")
    assert server("XPENDING", key, "workers").split()[0] == "6"
    assert counts(check(server.port, key, **GROUP)) == (2, 3)
    server("XTRIM", key, "MAXLEN", 0)
    assert counts(check(server.port, key, **GROUP)) == (0, 0)


def test_who_may_not_look_at_pending_entries_counts_them_all(server, key, check):
    server("ACL", "SETUSER", "counter", "on", ">s", "~*", "+xinfo|groups", "+xlen", "+xrange")
    entries = server.put_stream(key, 5)
    server("XGROUP", "CREATE", key, "workers", "0")
    server("XREADGROUP", "GROUP", "workers", "one", "COUNT", 3, "STREAMS", key, ">")
    server("XDEL", key, entries[0])
    user = {"username": "counter", "password": "s"}
    assert counts(check(server.port, key, **user, **GROUP)) == (2, 3)
    server("ACL", "SETUSER", "counter", "+xpending", "+xinfo|stream")
    assert counts(check(server.port, key, **user, **GROUP)) == (2, 2)


# --- sorted sets


def test_a_sorted_set_has_its_size_or_what_is_due(server, key, check):
    now = time.time()
    server("ZADD", key, now - 60, "due", now - 1, "due too", now + 600, "not yet")
    kind = {"redis_type": "sorted_set", "include_in_flight": False}
    assert counts(check(server.port, key, **kind)) == (3, 0)
    assert counts(check(server.port, key, **kind, max_score="now")) == (2, 0)
    between = {"min_score": str(now - 30), "max_score": "now"}
    assert counts(check(server.port, key, **kind, **between)) == (1, 0)


# --- keys and servers that are not what they should be


@pytest.mark.parametrize(
    "put, options, holds",
    [
        (lambda redis, key: redis.put_stream(key, 1), {}, "a stream"),
        (lambda redis, key: redis.put_list(key, 1), GROUP, "a list"),
        (lambda redis, key: redis("SET", key, 1), {"redis_type": "sorted_set"}, "a string"),
    ],
    ids=["list", "stream", "sorted_set"],
)
def test_a_key_of_another_type_is_told(server, key, check, put, options, holds):
    put(server, key)
    kind, message = error(check(server.port, key, **options))
    assert kind == "invalid"
    assert f"the key {key} holds {holds}; set redis_type" in message


def test_a_processing_key_of_another_type_is_told(server, key, check):
    server("SET", f"{key}:busy", 1)
    kind, message = error(check(server.port, key, processing_key=f"{key}:busy"))
    assert kind == "invalid"
    assert f"the key {key}:busy holds a string; set processing_type" in message


def test_a_server_that_is_down_is_told(key, check):
    with redis_server() as gone:
        pass
    kind, message = error(check(gone.port, key))
    assert kind == "retryable"
    assert f"cannot read Redis list {key} at 127.0.0.1:{gone.port}: cannot connect" in message


def test_a_database_is_chosen_by_its_number(server, key, check):
    server("-n", 3, "RPUSH", key, "one")
    assert counts(check(server.port, key, database=3, include_in_flight=False)) == (1, 0)
    assert counts(check(server.port, key, include_in_flight=False)) == (0, 0)
    kind, message = error(check(server.port, key, database=99))
    assert kind == "invalid" and "DB index is out of range" in message


# --- passwords


@pytest.fixture(scope="module")
def guarded():
    with redis_server(password="sesame") as redis:
        redis("ACL", "SETUSER", "reader", "on", ">read-it", "~jobs*", "+llen", "+type")
        yield redis


def test_a_password_opens_the_server(guarded: Redis, key, check):
    guarded.put_list(key, 2)
    assert counts(check(guarded.port, key, password="sesame")) == (2, None)


def test_a_user_needs_no_more_than_the_documented_rights(guarded: Redis, key, check):
    guarded.put_list(key, 2)
    assert counts(check(guarded.port, key, username="reader", password="read-it")) == (2, None)


@pytest.mark.parametrize(
    "options, told",
    [
        ({}, "NOAUTH"),
        ({"password": "Open-Barley"}, "WRONGPASS"),
        ({"username": "reader", "password": "Open-Barley"}, "WRONGPASS"),
        ({"username": "nobody", "password": "Open-Barley"}, "WRONGPASS"),
        ({"username": "reader", "password": "read-it", "redis_type": "sorted_set"}, "NOPERM"),
    ],
    ids=["none", "wrong", "of-the-user", "user", "command"],
)
def test_who_may_not_read_is_told_so(guarded: Redis, key, check, options, told):
    kind, message = error(check(guarded.port, key, **options))
    assert kind == "denied"
    assert told in message and "check username and password" in message
    assert "Open-Barley" not in message and "read-it" not in message


def test_a_user_without_the_right_to_the_key_is_told_so(guarded: Redis, check):
    options = {"username": "reader", "password": "read-it"}
    kind, message = error(check(guarded.port, "elsewhere", **options))
    assert kind == "denied" and "NOPERM" in message


# --- TLS


@pytest.fixture(scope="module")
def secure(certificates):
    with tls_redis_server(certificates) as (port, plain):
        plain.put_list("jobs", 4)
        yield port


def test_tls_with_a_private_authority(secure, certificates, check):
    trusting = {"tls": True, "ca_file": certificates.authority}
    assert counts(check(secure, "jobs", **trusting)) == (4, None)
    assert counts(check(secure, "jobs", host="localhost", **trusting)) == (4, None)


def test_a_certificate_of_another_authority_is_refused(secure, check, tmp_path):
    other = make_certificates(tmp_path).authority
    for options in ({}, {"ca_file": other}):
        kind, message = error(check(secure, "jobs", tls=True, **options))
        assert kind == "denied" and "is not trusted" in message and "ca_file" in message


def test_a_certificate_of_another_host_is_refused(secure, certificates, check):
    trusting = {"tls": True, "ca_file": certificates.authority}
    kind, message = error(check(secure, "jobs", host="127.0.0.2", **trusting))
    assert kind == "denied" and "is not trusted" in message


def test_a_missing_ca_file_is_told(secure, check):
    kind, message = error(check(secure, "jobs", tls=True, ca_file="/nonexistent/ca.pem"))
    assert kind == "invalid" and "/nonexistent/ca.pem" in message


def test_a_port_that_wants_tls_is_told(secure, check):
    kind, message = error(check(secure, "jobs"))
    assert kind in ("retryable", "invalid") and "whether it wants tls" in message


def test_a_port_that_speaks_no_tls_is_told(server, check):
    kind, message = error(check(server.port, "jobs", tls=True))
    assert kind == "retryable" and "check that the port speaks TLS" in message


# --- a cluster


@pytest.fixture
def cluster():
    with redis_cluster() as nodes:
        yield nodes


def test_the_key_is_found_wherever_in_the_cluster_it_is(cluster, check):
    owner = cluster.owner("jobs")
    owner.put_list("jobs", 5)
    for node in cluster.nodes:
        assert counts(check(node.port, "jobs")) == (5, None)

    # While its slot is on its way, and the key is there already.
    new_owner, bystander = cluster.others("jobs")
    cluster.begin_to_move("jobs", new_owner)
    assert "ASK" in owner("LLEN", "jobs")
    for node in (owner, bystander):
        assert counts(check(node.port, "jobs")) == (5, None)

    cluster.finish_moving("jobs", new_owner)
    assert "MOVED" in owner("LLEN", "jobs")
    assert counts(check(owner.port, "jobs")) == (5, None)


# --- the configuration


def test_what_does_not_go_together_is_told(world, tmp_path):
    file = tmp_path / "config.json"
    queue = {"host": "cache", "queue_key": "jobs", "redis_type": "stream"}
    file.write_text(json.dumps({"queue_type": "redis", "queue_config": queue}))
    outcome = run(["validate", "--config", str(file)], world.environment(SQS_QUEUE_URL=None))
    assert outcome.status == 2
    assert "consumer_group" in outcome.stderr


def test_the_environment_can_say_it_all(world, server, key):
    server.put_list(key, 30)
    settings = {
        "QUEUE_TYPE": "redis",
        "REDIS_HOST": "127.0.0.1",
        "REDIS_PORT": server.port,
        "REDIS_QUEUE_KEY": key,
        "SQS_QUEUE_URL": None,
    }
    outcome = once(world.environment(**settings))
    assert outcome.status == 0, outcome.stderr
    assert outcome.check["action"] == "scale_out"
