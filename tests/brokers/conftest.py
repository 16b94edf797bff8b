"""Fixtures: the worlds of tests/e2e, and real brokers, one of each kind for a pytest worker.

`make test` leaves this folder out, `make test-brokers` runs it: the brokers take seconds to start,
and hundreds of megabytes."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

from aws_world import World, moto_server  # noqa: E402
from certificates import make_certificates  # noqa: E402


@pytest.fixture(scope="session")
def cloud():
    with moto_server() as server:
        yield server


@pytest.fixture
def world(cloud) -> World:
    """Two tasks run. The queue is not of this world."""
    return World(cloud)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    return make_certificates(tmp_path_factory.mktemp("certificates"))
