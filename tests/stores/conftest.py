"""Fixtures: the places in which each kind of store keeps its state."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

from aws_world import moto_server  # noqa: E402
from state_places import DirectoryPlace, DynamoDbPlace, MemoryPlace, S3Place, dynalite  # noqa: E402


@pytest.fixture(scope="session")
def moto_url():
    with moto_server() as cloud:
        yield cloud.url


@pytest.fixture(scope="session")
def dynalite_url():
    with dynalite() as url:
        yield url


MAKERS = {
    "s3": lambda request, folder: S3Place(request.getfixturevalue("moto_url")),
    "dynamodb": lambda request, folder: DynamoDbPlace(request.getfixturevalue("moto_url")),
    "dynalite": lambda request, folder: DynamoDbPlace(request.getfixturevalue("dynalite_url")),
    "directory": lambda request, folder: DirectoryPlace(folder),
    "memory": lambda request, folder: MemoryPlace(),
}


def pytest_generate_tests(metafunc):
    """A test of a `place` is one of every kind, or of those that its mark `kinds` names."""
    if "place" not in metafunc.fixturenames:
        return
    mark = metafunc.definition.get_closest_marker("kinds")
    metafunc.parametrize("place", mark.args if mark else list(MAKERS), indirect=True)


@pytest.fixture
def place(request, tmp_path):
    with MAKERS[request.param](request, tmp_path) as made:
        yield made


def pytest_configure(config):
    config.addinivalue_line("markers", "kinds(*names): the kinds of stores that a test is about")
