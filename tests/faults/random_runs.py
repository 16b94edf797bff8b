#!/usr/bin/env python3
"""usage: random_runs.py [--runs N] [--seed S] [--same] [--show] [--jobs J]

Randomised runs: one or two autoscalers in a world of their own, most of whose requests may break,
and the invariants (invariants.py) that must hold all the same. Run number i has the seed S + i;
what a seed draws is random_scenario.py. The timing of two processes is not drawn, so a seed that
failed may need a few runs to fail again: --runs 20 --same. What happened is told of the runs that
failed; with --show, of all. OTHER=PATH in the environment is another version of the program, as the
one that was landed last, which some of the seconds autoscalers then are.
"""

import argparse
import os
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

from aws_world import World, moto_server, seconds_ago  # noqa: E402
from botocore.exceptions import ClientError  # noqa: E402
from faulty_aws import FaultyAws  # noqa: E402
from history import MEMORY, UPDATE, History  # noqa: E402
from invariants import updates, violations  # noqa: E402
from random_actor import Autoscaler  # noqa: E402
from random_scenario import Scenario, draw  # noqa: E402

WORLDS_AT_ONCE = 8  # of all jobs: while one waits for a slow answer, others work
DIRECTIONS = ("up", "down")


@dataclass
class Result:
    seed: int
    violations: list[str]
    text: str  # what happened, for a person
    counts: dict[str, int] = field(default_factory=dict)


class Run:
    def __init__(self, cloud, scenario: Scenario):
        self._scenario = scenario
        self._world = World(cloud, tasks=scenario.tasks)
        if scenario.acted_s_ago is not None:
            for direction in DIRECTIONS:
                self._world.write_original_state(direction, seconds_ago(scenario.acted_s_ago))
        self._first_etags = {direction: self._etag(direction) for direction in DIRECTIONS}
        self._aws = FaultyAws(self._world, scenario)

    def history(self) -> History:
        """Runs the autoscalers to their end."""
        with TemporaryDirectory() as folder:
            autoscalers = [
                Autoscaler(100 * number, actor, self._world, self._aws, Path(folder))
                for number, actor in enumerate(self._scenario.actors)
            ]
            threads = [threading.Thread(target=autoscaler.run) for autoscaler in autoscalers]
            for thread in threads:
                thread.start()
            stalled_s = worst_stall(threads)
        self._aws.finish()

        complaints = [what for autoscaler in autoscalers for what in autoscaler.complaints]
        known = [self._world.state_key(direction) for direction in DIRECTIONS]
        for key in self._world.state_keys():
            if key not in known and not key.endswith(MEMORY):
                complaints.append(f"{key} is left in the bucket")
        history = History(
            self._scenario.min_tasks,
            self._scenario.max_tasks,
            self._aws.exchanges,
            [check for autoscaler in autoscalers for check in autoscaler.checks],
            {d: (self._world.state(d) or {}).get("writer") for d in DIRECTIONS},
            self._first_etags,
            [reload for autoscaler in autoscalers for reload in autoscaler.reloads],
            stalled_s,
            complaints,
        )
        history.attribute()
        if not self._aws.exchanges:
            complaints.append("nothing was asked of AWS")
        return history

    def _etag(self, direction: str) -> str | None:
        try:
            key = self._world.state_key(direction)
            return self._world.cloud.s3.head_object(Bucket=self._world.bucket, Key=key)["ETag"]
        except ClientError:
            return None


def worst_stall(threads: list[threading.Thread]) -> float:
    """Waits for them to end, and for how long itself, without need, seconds."""
    worst = 0.0
    while any(thread.is_alive() for thread in threads):
        due = time.monotonic() + 0.05
        time.sleep(0.05)
        worst = max(worst, time.monotonic() - due)
    return worst


def forget_own_aws() -> None:
    """The harness's own boto3 must not meet the caller's account, profile or certificates."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull


def overtaken(history: History) -> int:
    """Updates of a service that another one had changed since it was looked at. ECS has no
    condition for that; they are counted, not forbidden."""
    return sum(
        check.report is not None and update.desired_before != check.report["current_tasks"]
        for check, update in updates(history)
    )


def run_seed(cloud, seed: int) -> Result:
    begun = time.monotonic()
    history = Run(cloud, draw(seed)).history()
    counts = {
        "seconds": round(time.monotonic() - begun),
        "checks": len(history.checks),
        "requests": len(history.exchanges),
        "faults": sum(bool(exchange.fault) for exchange in history.exchanges),
        "actions": sum(1 for _ in updates(history)),
        "updates": sum(e.operation == UPDATE and e.done for e in history.exchanges),
        "overtaken": overtaken(history),
    }
    return Result(seed, violations(history), f"  {draw(seed)}\n{history.text()}", counts)


def run_seeds(
    cloud, seeds: list[int], at_once: int = WORLDS_AT_ONCE, report=lambda result: None
) -> list[Result]:
    def run(seed: int) -> Result:
        result = run_seed(cloud, seed)
        report(result)
        return result

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(run, seeds))


def print_result(result: Result, show: bool) -> None:
    counts = ", ".join(f"{count} {name}" for name, count in result.counts.items())
    lines = [f"seed {result.seed}: {'FAILED' if result.violations else 'ok'}: {counts}"]
    lines += [f"  {violation}" for violation in result.violations]
    if result.violations or show:
        lines.append(result.text)
    print("\n".join(lines), flush=True)


def run_job(seeds: list[int], at_once: int, show: bool) -> list[Result]:
    """In a process of its own, with an AWS of its own."""
    with ExitStack() as stack:
        cloud = stack.enter_context(moto_server())
        return run_seeds(cloud, seeds, at_once, lambda result: print_result(result, show))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=None, help="of the first run; else random")
    parser.add_argument("--same", action="store_true", help="the same seed for all runs")
    parser.add_argument("--show", action="store_true", help="what happened, of every run")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    first = SystemRandom().randrange(10**9) if options.seed is None else options.seed
    seeds = [first + (0 if options.same else number) for number in range(options.runs)]

    forget_own_aws()
    begun = time.monotonic()
    with ProcessPoolExecutor(options.jobs) as pool:
        jobs = [seeds[number :: options.jobs] for number in range(options.jobs)]
        at_once = max(1, WORLDS_AT_ONCE // options.jobs)
        done = pool.map(run_job, jobs, repeat(at_once), repeat(options.show))
        results = [result for job in done for result in job]
    failed = [result.seed for result in results if result.violations]
    totals = {name: sum(result.counts[name] for result in results) for name in results[0].counts}
    print(
        f"{len(results)} runs from seed {first} in {time.monotonic() - begun:.0f} s: "
        + ", ".join(f"{count:,} {name}" for name, count in totals.items())
    )
    print(f"failed: {failed}" if failed else "every invariant held")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
