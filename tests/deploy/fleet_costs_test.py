"""The costs in docs/fleet.md: every cell is computed here, from the prices of its own table.

Run as a program, it prints the tables as they are to be.
"""

import re
from math import ceil

import pytest

from templates import PROJECT, resources_of

DOC = PROJECT / "docs" / "fleet.md"
TEXT = DOC.read_text() if DOC.exists() else ""

HOURS = 730
MINUTES = HOURS * 60
SECONDS = HOURS * 3600
SERVICES = (1, 100, 10_000)
INTERVALS = (60, 10, 1)

# What the page says that it assumes.
ACTIONS = 600  # a service, a month
PUTS_AN_ACTION, GETS_AN_ACTION = 1.5, 2
INVOCATION_S, TARGET_S = 0.2, 0.005
MEMORY_GB = 0.25
SHARDS = {1: 1, 100: 1, 10_000: 16}
TARGETS_AN_INVOCATION = 200
IDLE_POLLS = 657_000
TICK_S, EXPRESS_GB = 2, 0.0625
INVOCATION_LOG, ACTION_LOG, CHECK_LOG = 350, 400, 700  # bytes
CONFIG_READS = SECONDS / 15
METRICS = 7
SERVICES_A_CALL, CALLS_A_SECOND = 10, 20
DISK_GB = 8


def table_after(heading: str) -> list[list[str]]:
    """The rows of the first table after a line that begins so, without its head."""
    lines = TEXT.partition("\n" + heading)[2].splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("|"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def prices() -> dict[str, float]:
    return {row[0]: float(row[1].replace(",", "")) for row in table_after("### The prices")}


def tiered(count: float, tiers: list[tuple[float, float]]) -> float:
    """Each tier is how many it holds, and what one of them costs."""
    cost = 0.0
    for size, price in tiers:
        cost += min(count, size) * price
        count = max(0.0, count - size)
    return cost


def sqs(requests: float, price: dict[str, float]) -> float:
    billion = 1e9
    return tiered(
        max(0.0, requests - 1e6),
        [
            (100 * billion, price["SQS, a million requests"] / 1e6),
            (100 * billion, price["SQS, a million requests above 100 billion"] / 1e6),
            (float("inf"), price["SQS, a million requests above 200 billion"] / 1e6),
        ],
    )


def metrics(services: int, price: dict[str, float]) -> float:
    return tiered(
        METRICS * services,
        [
            (10_000, price["CloudWatch, a custom metric"]),
            (240_000, price["CloudWatch, a custom metric above 10,000"]),
        ],
    )


def s3(services: int, reads: float, price: dict[str, float]) -> float:
    put, get = price["S3, a thousand PUT"] / 1e3, price["S3, a thousand GET"] / 1e3
    actions = services * ACTIONS
    return actions * (PUTS_AN_ACTION * put + GETS_AN_ACTION * get) + reads * get


def machine(name: str, price: dict[str, float]) -> dict[str, float]:
    if name == "Fargate":
        hour = 0.25 * price["Fargate arm64, a vCPU hour"] + 0.5 * price["Fargate arm64, a GB hour"]
        disk = 0.0
    else:
        hour, disk = price[f"EC2 {name}, an hour"], DISK_GB * price["EBS gp3, a GB"]
    address = HOURS * price["a public IPv4 address, an hour"]
    return {"machine": HOURS * hour, "disk": disk, "address": address}


def lambdas(invocations: int, seconds: float, price: dict[str, float]) -> float:
    second = MEMORY_GB * price["Lambda arm64, a GB second"]
    return invocations * (price["Lambda, a million requests"] / 1e6 + seconds * second)


def express(executions: int, seconds: float, price: dict[str, float]) -> float:
    second = EXPRESS_GB * price["Step Functions Express, a GB second"]
    return executions * (price["Step Functions Express, a million"] / 1e6 + seconds * second)


PARTS = ("machine or Lambda", "SQS", "S3", "Step Functions", "Scheduler", "alarms", "logs")


def parts(way: str, services: int, interval: int, price: dict[str, float]) -> dict[str, float]:
    checks = services * SECONDS / interval
    log = price["CloudWatch Logs, a GB"] / 1e9
    if way == "daemon":
        return {
            "machine or Lambda": sum(machine("t4g.small", price).values()),
            "SQS": sqs(checks, price),
            "S3": s3(services, CONFIG_READS, price),
            "logs": services * ACTIONS * ACTION_LOG * log,
        }
    each = SHARDS[services] if way == "fleet-sqs" else ceil(services / TARGETS_AN_INVOCATION)
    invocations = each * MINUTES
    seconds = (60 - interval) + INVOCATION_S + TARGET_S * services / each
    common = {
        "machine or Lambda": lambdas(invocations, seconds, price),
        "Scheduler": MINUTES * price["EventBridge Scheduler, a million"] / 1e6,
        "alarms": len(resources_of(way, "AWS::CloudWatch::Alarm")) * price["CloudWatch, an alarm"],
        "logs": (services * ACTIONS * ACTION_LOG + invocations * INVOCATION_LOG) * log,
    }
    if way == "fleet-sqs":
        # A shard is sent, received and deleted.
        return common | {
            "SQS": sqs(checks + IDLE_POLLS + 3 * invocations, price),
            "S3": s3(services, invocations, price),
            "Step Functions": express(MINUTES, TICK_S, price),
        }
    transition = price["Step Functions Standard, a thousand transitions"] / 1e3
    return common | {
        "SQS": sqs(checks, price),
        "S3": s3(services, MINUTES, price),
        "Step Functions": (1 + each) * MINUTES * transition + express(invocations, seconds, price),
    }


def money(amount: float) -> str:
    return f"{amount:,.2f}"


def cost_rows() -> list[list[str]]:
    rows = []
    for way, intervals in (
        ("daemon", (60, 10, 1)),
        ("fleet-sqs", (60, 10)),
        ("fleet-map", (60, 10)),
    ):
        for services in SERVICES:
            for interval in intervals:
                found = parts(way, services, interval, prices())
                cells = [money(found.get(part, 0.0)) for part in PARTS]
                total = money(sum(found.values()))
                rows.append([way, f"{services:,}", f"{interval} s", *cells, total])
    return rows


def queue_rows() -> list[list[str]]:
    rows = []
    for services in SERVICES:
        for interval in INTERVALS:
            reads = services * SECONDS // interval
            rows.append(
                [f"{services:,}", f"{interval} s", f"{reads:,}", money(sqs(reads, prices()))]
            )
    return rows


def metric_rows() -> list[list[str]]:
    rows = []
    for services in SERVICES:
        log = prices()["CloudWatch Logs, a GB"] / 1e9
        lines = [services * SECONDS / interval * CHECK_LOG * log for interval in INTERVALS]
        count = METRICS * services
        cells = [money(metrics(services, prices())), *map(money, lines)]
        rows.append([f"{services:,}", f"{count:,}", *cells])
    return rows


def ecs_rows() -> list[list[str]]:
    rows = []
    for services in SERVICES:
        for interval in INTERVALS:
            calls = ceil(services / SERVICES_A_CALL) / interval
            places = ceil(calls / CALLS_A_SECOND)
            rows.append([f"{services:,}", f"{interval} s", f"{calls:,.2f}", f"{places:,}"])
    return rows


def machine_rows() -> list[list[str]]:
    rows = []
    for name in ("t4g.nano", "t4g.small", "Fargate"):
        found = machine(name, prices())
        rows.append([name, *map(money, found.values()), money(sum(found.values()))])
    return rows


TABLES = {
    "### All together": cost_rows,
    "### Queue reads": queue_rows,
    "### Metrics": metric_rows,
    "### ECS": ecs_rows,
    "### The daemon's machine": machine_rows,
}


@pytest.mark.parametrize("heading", TABLES)
def test_a_table_is_what_the_prices_come_to(heading):
    assert table_after(heading) == TABLES[heading]()


def test_the_prices_have_a_source_each():
    for row in table_after("### The prices"):
        assert re.search(r"\]\(https://[a-z.]*aws\.amazon\.com/.*pricing/?.*\)", row[2]), row[0]


def test_the_text_has_the_tables_figures():
    """The sentences that quote a sum quote the right one."""
    by_row = {tuple(row[:3]): row[-1] for row in cost_rows()}
    shown = re.findall(r"\*\*(\S+), ([\d,]+) services every (\d+) s: \$([\d,.]+\d)\*\*", TEXT)
    assert len(shown) >= 3
    for way, services, interval, amount in shown:
        assert by_row[way, services, f"{interval} s"] == amount


def test_the_tiers_are_filled_one_after_the_other():
    assert tiered(25, [(10, 3.0), (10, 2.0), (float("inf"), 1.0)]) == 55
    assert tiered(5, [(10, 3.0), (10, 2.0)]) == 15


if __name__ == "__main__":
    for name, table in TABLES.items():
        print("\n".join([name, *(f"| {' | '.join(row)} |" for row in table())]))
