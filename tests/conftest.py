"""What all Python tests have in common."""

import os


def pytest_xdist_auto_num_workers(config):
    """`-n auto`: two workers a core, for a test waits for servers about as long as it computes."""
    return 2 * (os.cpu_count() or 1)
