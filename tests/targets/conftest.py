"""Fixtures: the worlds of tests/e2e, for tests that ask targets without the program around them."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

from aws_world import World, moto_server  # noqa: E402
from fault_proxy import FaultProxy  # noqa: E402


def pytest_configure(config) -> None:
    # The tests' own boto3 must not meet the caller's account, profile or certificates.
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull


@pytest.fixture(scope="session")
def cloud():
    with moto_server() as server:
        yield server


@pytest.fixture
def world(cloud) -> World:
    return World(cloud)


@pytest.fixture
def proxy(world):
    """Everything that is asked passes through it."""
    with FaultProxy(world.cloud.url) as between:
        world.endpoint = between.url
        yield between
