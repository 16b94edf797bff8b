"""Random sequences, after which a queue is counted: how many, and which.

FAS_COUNT_RUNS says how many of each server's (`make counts`; else a few), FAS_COUNT_SEED which.
"""

import os
import random

import pytest

SEED = os.environ.get("FAS_COUNT_SEED", "1")


def random_sequences(few: int):
    """A test of each: `chance` is what the sequence is drawn from."""
    runs = int(os.environ.get("FAS_COUNT_RUNS", few))
    chances = [random.Random(f"{SEED} {which}") for which in range(runs)]
    return pytest.mark.parametrize("chance", chances)
