"""What the program must reach, as the issue that asked for the benchmarks says it."""

from dataclasses import dataclass

from subjects import FLOOR, OURS


@dataclass
class Verdict:
    bench: str
    rule: str
    figure: float
    limit: float
    unit: str
    met: bool

    def text(self) -> str:
        times = self.figure / self.limit if self.limit else 0
        missed = f"MISSED: {self.figure:.4g} is {times:.2f} times the limit"
        return "met" if self.met else missed


@dataclass
class Limit:
    """The median, against a figure or against a factor of other subjects' medians."""

    bench: str
    rule: str
    at_most: float | None = None
    at_least: float | None = None
    factor: float = 1.0
    floor: str = ""  # of that subject
    among: str = ""  # "sdk": the best SDK build; "documented": the best that is not tuned; "tuned"

    def judge(self, result: dict) -> Verdict | None:
        medians = {name: one["median"] for name, one in result["subjects"].items()}
        figure = medians[OURS]
        lower = result["better"] == "lower"
        limit = self.at_most if lower else self.at_least
        if self.floor:
            limit = medians[self.floor] * self.factor if self.floor in medians else None
        if self.among:
            others = [value for name, value in medians.items() if self.counts(name)]
            best = (min(others) if lower else max(others)) if others else None
            limit = best and (best / self.factor if lower else best * self.factor)
        if limit is None:
            return None
        met = figure <= limit if lower else figure >= limit
        return Verdict(self.bench, self.rule, figure, limit, result["unit"], met)

    def counts(self, name: str) -> bool:
        tuned = name.endswith("-tuned")
        return name.startswith("sdk-") and (self.among == "sdk" or tuned == (self.among == "tuned"))


LIMITS = [
    Limit("coldstart.next", "at most 1.5 x floor", factor=1.5, floor=FLOOR),
    Limit("coldstart.next", "2 x faster than the fastest SDK build", factor=2, among="sdk"),
    Limit("coldstart.uncached", "at most 5 ms", at_most=5),
    Limit("coldstart.tick", "at most 10 ms", at_most=10),
    Limit("coldstart.tick", "3 x faster than the fastest as documented", factor=3,
          among="documented"),
    Limit("coldstart.tick", "faster than every tuned one", among="tuned"),
    Limit("oneshot.cpu", "2 x below the best SDK build", factor=2, among="sdk"),
    Limit("oneshot.rss", "at most 8 MiB", at_most=8),
    Limit("oneshot.rss", "2 x below the best SDK build", factor=2, among="sdk"),
    Limit("size.binary", "at most 5 MiB", at_most=5),
    Limit("size.zip", "at most 2.3 MiB", at_most=2.3),
    Limit("sign", "at most 2 x the bare hashes", factor=2, floor=FLOOR),
    Limit("sign", "5 x faster than every SDK's signer", factor=5, among="sdk"),
    Limit("calls", "at least 0.4 x wrk", factor=0.4, floor="wrk"),
    Limit("calls", "2 x the fastest SDK build", factor=2, among="sdk"),
    Limit("tick.latency.hold", "at most 75 ms", at_most=75),
    Limit("tick.latency.scale", "at most 180 ms", at_most=180),
    Limit("fleet.rate", "at least 8,000 targets/s", at_least=8000),
    Limit("fleet.rate", "50 x boto3, one target after another", factor=50, among="sdk"),
    Limit("fleet.rss", "at most 96 MiB", at_most=96),
    Limit("fleet.growth", "at most 1.3 x that of 1,000 targets", factor=1.3, floor="1,000-targets"),
    Limit("fleet.calls", "at most 2,050", at_most=2050),
    Limit("fleet.isolation", "at most 1.5 x with none that hangs", factor=1.5, floor="none-hangs"),
]  # fmt: skip


def judge(results: list[dict]) -> tuple[list[Verdict], list[Limit]]:
    """The verdicts, and the limits that this run has no figures for."""
    by_name = {result["bench"]: result for result in results}
    verdicts, unjudged = [], []
    for limit in LIMITS:
        result = by_name.get(limit.bench)
        verdict = limit.judge(result) if result else None
        if verdict is None:
            unjudged.append(limit)
        else:
            verdicts.append(verdict)
    return verdicts, unjudged
