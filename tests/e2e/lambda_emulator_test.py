"""The binary under AWS's own Lambda Runtime Interface Emulator.

https://github.com/aws/aws-lambda-runtime-interface-emulator
"""

import importlib.util
import json
import subprocess
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from processes import (
    PATIENCE_S,
    Process,
    accepts_connections,
    clean_environment,
    eventually,
    free_port,
)


def emulator() -> Path:
    package = importlib.util.find_spec("samcli")
    assert package, "the Python package aws-sam-cli, which carries the emulator, is not installed"
    return Path(package.origin).parent / "local" / "rapid" / "aws-lambda-rie-x86_64"


class Emulator:
    def __init__(self, port: int):
        self._url = f"http://127.0.0.1:{port}/2015-03-31/functions/function/invocations"
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def invoke(self, event: dict) -> dict:
        request = urllib.request.Request(self._url, json.dumps(event).encode(), method="POST")
        with self._opener.open(request, timeout=PATIENCE_S) as answer:
            return json.loads(answer.read())


@pytest.fixture
def emulated(world, bootstrap):
    @contextmanager
    def start(**settings):
        port, api_port = free_port(), free_port()
        command = [
            str(emulator()),
            "--runtime-interface-emulator-address",
            f"127.0.0.1:{port}",
            "--runtime-api-address",
            f"127.0.0.1:{api_port}",
            str(bootstrap),
        ]
        environment = clean_environment(world.environment(**settings))
        with Process(command, environment, subprocess.DEVNULL) as process:
            eventually(lambda: accepts_connections(port), "the emulator answers")
            yield Emulator(port)
            assert process.running

    return start


def test_it_scales_and_answers(world, emulated):
    world.put_messages(30)
    with emulated() as function:
        result = function.invoke({})
        assert (result["queue_size"], result["current_tasks"], result["new_tasks"]) == (30, 2, 5)
        assert world.desired() == 5
        assert function.invoke({})["action"] == "hold"


def test_it_takes_the_configuration_of_the_event(world, emulated):
    world.put_messages(30)
    with emulated() as function:
        assert function.invoke({"config": {"max_tasks": 4}})["new_tasks"] == 4


def test_a_failed_check_is_an_error_and_the_function_lives_on(world, emulated):
    world.put_messages(30)
    with emulated() as function:
        missing = {"config": {"queue_config": {"queue_url": world.queue_url + "-missing"}}}
        error = function.invoke(missing)
        assert error["errorType"] == "Autoscaler.QueueUnreadable"
        assert world.queue + "-missing" in error["errorMessage"]
        assert function.invoke({})["new_tasks"] == 5
