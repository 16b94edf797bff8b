"""The random runs, in short: `make faults` has the long ones, from a seed of their own."""

from random_runs import run_seeds

SEEDS = list(range(1000, 1030))


def test_every_invariant_holds_in_random_runs(cloud):
    failed = [result for result in run_seeds(cloud, SEEDS) if result.violations]
    assert not failed, "\n".join(
        line
        for result in failed
        for line in (f"seed {result.seed}", *result.violations, result.text)
    )
