"""Fixtures: a moto server, one for each pytest worker. Every stack has a name of its own."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

from stacks import FLEET_EVERYTHING, running_moto  # noqa: E402
from templates import FLEET  # noqa: E402


def pytest_configure(config) -> None:
    # The tests' own boto3 must not meet the caller's account, profile or certificates.
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull


@pytest.fixture(scope="session")
def aws():
    with running_moto() as server:
        yield server


@pytest.fixture(scope="session")
def stacks(aws):
    """A stack of each template with nothing but what must be given. Only to be looked at."""
    made = {name: aws.make(name) for name in ("every-minute", "sub-minute", "sqs", "eventbridge")}
    made["eventbridge-service"] = aws.make(
        "eventbridge-service", FunctionStack=made["eventbridge"].name
    )
    made["target-account"] = aws.make(
        "target-account", FunctionRoleArn=made["every-minute"].outputs["FunctionRoleArn"]
    )
    return made


@pytest.fixture(scope="session")
def fleets(aws):
    """A stack of each of a fleet's templates with everything that it can have. Only to be
    looked at."""
    return {name: aws.make(name, **FLEET_EVERYTHING) for name in FLEET}
