#!/usr/bin/env python3
"""usage: random_runs.py [--runs N] [--seed S] [--same] [--show] [--jobs J]

Randomised runs: one or two autoscalers in a world of their own, most of whose requests may break,
and the invariants (invariants.py) that must hold all the same. Run number i has the seed S + i;
what a seed draws is random_scenario.py. The timing of two processes is not drawn, so a seed that
failed may need a few runs to fail again: --runs 20 --same. What happened is told of the runs that
failed; with --show, of all.
"""

import argparse
import json
import os
import signal
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from random import SystemRandom

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

from aws_world import World, moto_server, seconds_ago  # noqa: E402
from botocore.exceptions import ClientError  # noqa: E402
from faulty_aws import FaultyAws  # noqa: E402
from history import MEMORY, UPDATE, Check, History  # noqa: E402
from invariants import updates, violations  # noqa: E402
from processes import Process, binary, clean_environment  # noqa: E402
from random_scenario import Actor, Scenario, draw  # noqa: E402

WORLDS_AT_ONCE = 4  # of one job: while one waits for a back-off, others work
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
        self._checks: list[Check] = []
        self._complaints: list[str] = []

    def history(self) -> History:
        """Runs the autoscalers to their end."""
        threads = [
            threading.Thread(target=self._autoscaler, args=(100 * number, actor))
            for number, actor in enumerate(self._scenario.actors)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        known = [self._world.state_key(direction) for direction in DIRECTIONS]
        for key in self._world.state_keys():
            if key not in known and not key.endswith(MEMORY):
                self._complaints.append(f"{key} is left in the bucket")
        history = History(
            self._scenario.min_tasks,
            self._scenario.max_tasks,
            self._aws.exchanges,
            self._checks,
            {d: (self._world.state(d) or {}).get("writer") for d in DIRECTIONS},
            self._first_etags,
            self._complaints,
        )
        history.attribute()
        if not self._aws.exchanges:
            self._complaints.append("nothing was asked of AWS")
        return history

    def _etag(self, direction: str) -> str | None:
        try:
            key = self._world.state_key(direction)
            return self._world.cloud.s3.head_object(Bucket=self._world.bucket, Key=key)["ETag"]
        except ClientError:
            return None

    def _autoscaler(self, number: int, actor: Actor) -> None:
        process_now = [number]
        try:
            with self._aws.listen(process_now, self._complaints.append) as proxy:
                environment = self._world.environment(
                    AWS_ENDPOINT_URL=proxy.url, LOG_LEVEL="ERROR", **actor.settings
                )
                if actor.daemon:
                    self._daemon(number, actor, environment)
                    return
                for process_now[0] in range(number, number + actor.checks):
                    self._one_check(process_now[0], actor, environment)
        except Exception as error:  # a harness that breaks must not look like a run without fault
            self._complaints.append(f"autoscaler {number}: {error!r}")

    def _start(self, environment: dict[str, str], *arguments: str) -> Process:
        return Process([str(binary()), *arguments, "--json"], clean_environment(environment))

    def _daemon(self, number: int, actor: Actor, environment: dict[str, str]) -> None:
        with self._start(environment, "run", "--interval", "100ms") as process:
            for done in range(1, actor.checks + 1):
                process.wait_for_lines(done)
                self._aws.change_depth()
            process.signal(signal.SIGTERM)
            self._ended(number, actor, process, expected=0)

    def _one_check(self, number: int, actor: Actor, environment: dict[str, str]) -> None:
        with self._start(environment, "once") as process:
            self._ended(number, actor, process, expected=None)
        self._aws.change_depth()

    def _ended(self, number: int, actor: Actor, process: Process, expected: int | None) -> None:
        status = process.wait()
        reports = [json.loads(line) for line in process.stdout.splitlines()]
        if expected is None:
            expected = 1 if reports and reports[-1]["errors"] else 0
        if status != expected or not reports:
            self._complaints.append(
                f"process {number} ended with {status} after {len(reports)} checks, "
                f"not with {expected}: {process.stderr}"
            )
        try:
            os.killpg(process.pid, 0)
            self._complaints.append(f"process {number} left a process behind")
        except ProcessLookupError:
            pass
        per_task = actor.settings.get("IN_FLIGHT_PER_TASK")
        evidence = actor.settings["SCALE_IN_EVIDENCE"]
        self._checks.extend(Check(number, report, per_task, evidence) for report in reports)


def forget_own_aws() -> None:
    """The harness's own boto3 must not meet the caller's account, profile or certificates."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull


def overtaken(history: History) -> int:
    """Updates of a service that another one had changed since it was looked at. ECS has no
    condition for that; they are counted, not forbidden."""
    return sum(
        update.desired_before != check.report["current_tasks"] for check, update in updates(history)
    )


def run_seed(cloud, seed: int) -> Result:
    history = Run(cloud, draw(seed)).history()
    counts = {
        "checks": len(history.checks),
        "requests": len(history.exchanges),
        "faults": sum(bool(exchange.fault) for exchange in history.exchanges),
        "actions": sum(1 for _ in updates(history)),
        "updates": sum(e.operation == UPDATE and e.done for e in history.exchanges),
        "overtaken": overtaken(history),
    }
    return Result(seed, violations(history), f"  {draw(seed)}\n{history.text()}", counts)


def run_seeds(cloud, seeds: list[int], report=lambda result: None) -> list[Result]:
    def run(seed: int) -> Result:
        result = run_seed(cloud, seed)
        report(result)
        return result

    with ThreadPoolExecutor(WORLDS_AT_ONCE) as pool:
        return list(pool.map(run, seeds))


def print_result(result: Result, show: bool) -> None:
    counts = ", ".join(f"{count} {name}" for name, count in result.counts.items())
    lines = [f"seed {result.seed}: {'FAILED' if result.violations else 'ok'}: {counts}"]
    lines += [f"  {violation}" for violation in result.violations]
    if result.violations or show:
        lines.append(result.text)
    print("\n".join(lines), flush=True)


def run_job(seeds: list[int], show: bool) -> list[Result]:
    """In a process of its own, with an AWS of its own."""
    with ExitStack() as stack:
        cloud = stack.enter_context(moto_server())
        return run_seeds(cloud, seeds, lambda result: print_result(result, show))


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
        results = [
            result for job in pool.map(run_job, jobs, repeat(options.show)) for result in job
        ]
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
