"""Tests against message brokers that take long to start: `make test-brokers` runs them, and `make
test`, which runs all the others, leaves them out."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

collect_ignore_glob = [] if os.environ.get("FAS_TEST_BROKERS") else ["*_test.py"]
