"""The fixtures of an AWS world, for the folders whose tests have one: each test gets a world with
names of its own, so tests run in parallel; the moto server behind them is one for each pytest
worker."""

import os

import pytest

from aws_world import World, moto_server
from certificates import make_certificates
from fault_proxy import FaultProxy


def forget_the_callers_aws() -> None:
    """The tests' own boto3 must not meet the caller's account, profile or certificates."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull


@pytest.fixture(scope="session")
def cloud():
    with moto_server() as server:
        yield server


@pytest.fixture
def world(cloud) -> World:
    """Two tasks run, the queue is empty, no state is written."""
    return World(cloud)


@pytest.fixture
def proxy(world):
    """Everything that the autoscaler asks passes through it."""
    with FaultProxy(world.cloud.url) as between:
        world.endpoint = between.url
        yield between


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    return make_certificates(tmp_path_factory.mktemp("certificates"))
