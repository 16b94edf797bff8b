"""Fixtures: the worlds of tests/e2e, and a proxy for each service."""

import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

from aws_world import World, moto_server  # noqa: E402
from certificates import make_certificates  # noqa: E402
from fault_proxy import FaultProxy  # noqa: E402


@pytest.fixture(scope="session")
def cloud():
    with moto_server() as server:
        yield server


@pytest.fixture
def idle_world(cloud) -> World:
    """Ten tasks and nothing to do: it would scale in to five. The last actions are long ago."""
    return World(cloud, tasks=10)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def proxies(cloud, certificates):
    """One for each service, so that the one's faults are not met by the other's connections, and
    one that speaks TLS."""
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(FaultProxy(cloud.url, certificate))
            for name, certificate in [
                ("sqs", None),
                ("ecs", None),
                ("s3", None),
                ("tls", certificates.server),
            ]
        }
