"""Fixtures: the worlds of tests/e2e."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "e2e"))

from world_fixtures import cloud, forget_the_callers_aws, proxy, world  # noqa: E402, F401


def pytest_configure(config) -> None:
    forget_the_callers_aws()
