"""Fixtures. Each test gets an AWS world with names of its own, so tests run in parallel; the moto
server behind them is one for each pytest worker."""

import os
from contextlib import contextmanager

import pytest

from aws_world import World, moto_server
from certificates import make_certificates
from fault_proxy import FaultProxy
from fleet_world import FleetWorld
from lambda_runtime import LambdaRuntime
from processes import Process, binary, clean_environment


def pytest_configure(config) -> None:
    # The tests' own boto3 must not meet the caller's account, profile or certificates.
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


@pytest.fixture
def fleet(cloud) -> FleetWorld:
    """Nothing but a bucket, to begin with."""
    return FleetWorld(cloud)


@pytest.fixture
def fleet_proxy(fleet):
    with FaultProxy(fleet.cloud.url) as between:
        fleet.endpoint = between.url
        yield between


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def bootstrap(tmp_path):
    """The binary under the name that Lambda starts."""
    link = tmp_path / "bootstrap"
    link.symlink_to(binary())
    return link


@pytest.fixture
def runtime():
    with LambdaRuntime() as lambda_runtime:
        yield lambda_runtime
    assert lambda_runtime.violations == []


@pytest.fixture
def function(world, runtime, bootstrap):
    """Starts the function; its environment is the world's, changed by what is given."""

    @contextmanager
    def start(**settings):
        environment = world.environment(**settings) | {
            "AWS_LAMBDA_RUNTIME_API": runtime.address,
            "AWS_LAMBDA_FUNCTION_NAME": "autoscaler",
            "_HANDLER": "bootstrap",
            "LAMBDA_TASK_ROOT": str(bootstrap.parent),
        }
        with Process([str(bootstrap)], clean_environment(environment)) as process:
            yield process

    return start
