"""Fixtures: those of an AWS world, a fleet's, and Lambda's."""

from contextlib import contextmanager

import pytest

from fault_proxy import FaultProxy
from fleet_world import FleetWorld
from lambda_runtime import LambdaRuntime
from processes import Process, binary, clean_environment
from world_fixtures import certificates, cloud, forget_the_callers_aws, proxy, world  # noqa: F401


def pytest_configure(config) -> None:
    forget_the_callers_aws()


@pytest.fixture
def fleet(cloud) -> FleetWorld:  # noqa: F811
    """Nothing but a bucket, to begin with."""
    return FleetWorld(cloud)


@pytest.fixture
def fleet_proxy(fleet):
    with FaultProxy(fleet.cloud.url) as between:
        fleet.endpoint = between.url
        yield between


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
def function(world, runtime, bootstrap):  # noqa: F811
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
