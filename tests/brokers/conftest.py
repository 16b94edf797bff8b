"""Fixtures: the worlds of tests/e2e, and real brokers, one of each kind for a pytest worker.

`make test` leaves this folder out, `make test-brokers` runs it: the brokers take seconds to start,
and hundreds of megabytes."""

import sys
from pathlib import Path


sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

from world_fixtures import certificates, cloud, world  # noqa: E402, F401
