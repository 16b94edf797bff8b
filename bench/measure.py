"""The benches that compare the program with AWS's SDKs: see README.md in this folder.

Subjects take turns, run by run, so that what else the machine does meets all of them alike.
"""

import json
import re
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

from servers import EXPECTED_CALLS, Stage
from subjects import FLOOR, OURS, Subject
from tick_latency import spread

RUN_TIME_MAX_S = 60
SIGN_TIME_MAX_S = 600
SAMPLES = dict[str, list[float]]


class NotMeasured(RuntimeError):
    pass


@dataclass
class Tools:
    stage: Stage
    programs: Path  # the folder of launch and of the floors
    runs: int

    def environment(self, subject: Subject, port: int = 0) -> dict[str, str]:
        return self.stage.environment(port or self.stage.port) | subject.variables

    def launch(self, mode: str, words: list[str], variables: dict[str, str]) -> dict:
        command = [str(self.programs / "launch"), mode, *words]
        done = subprocess.run(
            command, env=variables, capture_output=True, text=True, timeout=RUN_TIME_MAX_S
        )
        line = done.stdout.strip().splitlines()[-1:] or [""]
        if done.returncode != 0 or not line[0].startswith("{"):
            raise NotMeasured(f"{words[0]}: {done.stdout[-500:]}{done.stderr[-2000:]}")
        return json.loads(line[0])

    def floor(self, name: str) -> Subject:
        binary = self.programs / f"floor_{name}"
        return Subject(FLOOR, "", [str(binary)], files=[binary], binary=binary)


def result(bench: str, unit: str, better: str, samples: SAMPLES) -> dict:
    spreads = {name: spread(values) for name, values in samples.items()}
    return {"bench": bench, "unit": unit, "better": better, "subjects": spreads}


def in_turns(subjects: list[Subject], runs: int, measure) -> dict[str, list[dict]]:
    """One run of each that is not counted, then `runs` rounds of all."""
    figures: dict[str, list[dict]] = {subject.name: [] for subject in subjects}
    for number in range(runs + 1):
        for subject in subjects:
            measured = measure(subject)
            if number > 0:
                figures[subject.name].append(measured)
    return figures


def pick(figures: dict[str, list[dict]], key: str) -> SAMPLES:
    return {name: [one[key] for one in runs] for name, runs in figures.items()}


def check_same_work(tools: Tools, subjects: list[Subject]) -> None:
    """Every subject makes exactly the calls that servers.py names, in both of its forms."""
    for subject in subjects:
        variables = tools.environment(subject, tools.stage.logged_port)
        for mode, words in (("tick", subject.function), ("once", subject.once_command())):
            position = tools.stage.log.stat().st_size
            done = tools.launch(mode, words, variables)
            calls = tools.stage.calls_since(position)
            if dict(calls) != EXPECTED_CALLS or done.get("changed") is False:
                raise NotMeasured(f"{subject.name} ({mode}) did other work: {dict(calls)}")


def cold_starts(tools: Tools, subjects: list[Subject]) -> list[dict]:
    def next_of(subject: Subject) -> dict:
        return tools.launch("next", subject.function, tools.environment(subject))

    def tick_of(subject: Subject) -> dict:
        done = tools.launch("tick", subject.function, tools.environment(subject))
        if not done["changed"]:
            raise NotMeasured(f"{subject.name} did not scale")
        return done

    with_floor = [subjects[0], tools.floor("next"), *subjects[1:]]
    nexts = pick(in_turns(with_floor, tools.runs, next_of), "next_ms")
    empty = tools.floor("empty")
    exits = in_turns([empty], tools.runs, lambda one: tools.launch("exit", one.function, {}))
    nexts["empty-process"] = pick(exits, "wall_ms")[FLOOR]
    ticks = pick(in_turns(subjects, tools.runs, tick_of), "tick_ms")
    return [
        result("coldstart.next", "ms", "lower", nexts),
        result("coldstart.tick", "ms", "lower", ticks),
    ]


def uncached(tools: Tools, subjects: list[Subject]) -> list[dict]:
    """Only of programs that are one file: of an interpreter's files, others hold pages."""

    def next_of(subject: Subject) -> dict:
        dropped = tools.launch("drop", [str(file) for file in subject.files], {})
        if dropped["pages_left"] != 0:
            raise NotMeasured(f"pages of {subject.name} stayed in the cache: {dropped}")
        return tools.launch("next", subject.function, tools.environment(subject))

    single = [subject for subject in subjects if subject.binary]
    single.insert(1, tools.floor("next"))
    samples = pick(in_turns(single, tools.runs, next_of), "next_ms")
    return [result("coldstart.uncached", "ms", "lower", samples)]


def one_shots(tools: Tools, subjects: list[Subject]) -> list[dict]:
    def once(subject: Subject) -> dict:
        return tools.launch("once", subject.once_command(), tools.environment(subject))

    figures = in_turns(subjects, tools.runs, once)
    return [
        result("oneshot.wall", "ms", "lower", pick(figures, "wall_ms")),
        result("oneshot.cpu", "ms", "lower", pick(figures, "cpu_ms")),
        result("oneshot.rss", "MiB", "lower", pick(figures, "rss_mib")),
    ]


def zip_size(file: Path, folder: Path) -> int:
    """Deflated as a function's zip is, at the level that packaging/zip.py takes."""
    archive = folder / "size.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        out.write(file, "bootstrap")
    return archive.stat().st_size


def sizes(tools: Tools, subjects: list[Subject]) -> list[dict]:
    """Of compiled programs, stripped, as they would be deployed."""
    binaries: SAMPLES = {}
    zips: SAMPLES = {}
    for subject in subjects:
        if subject.binary is None:
            continue
        stripped = tools.stage.folder / "stripped"
        strip = ["strip", "--strip-all", "-o", str(stripped), str(subject.binary)]
        subprocess.run(strip, check=True, timeout=RUN_TIME_MAX_S)
        binaries[subject.name] = [stripped.stat().st_size / 2**20]
        zips[subject.name] = [zip_size(stripped, tools.stage.folder) / 2**20]
    return [
        result("size.binary", "MiB", "lower", binaries),
        result("size.zip", "MiB", "lower", zips),
    ]


def our_signatures(tools: Tools) -> SAMPLES:
    """sign.cpp says what is compared."""
    command = [str(tools.programs / "sign_bench"), str(tools.runs)]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, check=True, text=True, timeout=SIGN_TIME_MAX_S
    )
    times = json.loads(done.stdout)
    return {OURS: times["sign"], FLOOR: times["hashes"]}


def signatures(tools: Tools, subjects: list[Subject]) -> list[dict]:
    """The signers take turns; each run of one gives one sample."""
    samples = our_signatures(tools)

    def sign(subject: Subject) -> dict:
        command = subject.command("sign", "1")
        done = subprocess.run(
            command, env=tools.environment(subject) | {"GOMAXPROCS": "1"},
            check=True, capture_output=True, text=True, timeout=SIGN_TIME_MAX_S,
        )  # fmt: skip
        return {"ns": json.loads(done.stdout)[0]}

    figures = in_turns([one for one in subjects if one.name != OURS], tools.runs, sign)
    return [result("sign", "ns", "lower", samples | pick(figures, "ns"))]


CALL_SECONDS = 0.7


def wrk_calls_per_s(tools: Tools) -> float:
    """The same request at the same server, with a signature that is as long."""
    script = tools.stage.folder / "wrk.lua"
    script.write_text(
        'wrk.method = "POST"\n'
        'wrk.body = \'{"QueueUrl":"https://sqs.bench.test/123456789012/orders","AttributeNames":'
        '["ApproximateNumberOfMessages","ApproximateNumberOfMessagesNotVisible"]}\'\n'
        'wrk.headers["Content-Type"] = "application/x-amz-json-1.0"\n'
        'wrk.headers["X-Amz-Target"] = "AmazonSQS.GetQueueAttributes"\n'
        f'wrk.headers["X-Amz-Security-Token"] = "{"T" * 800}"\n'
        f'wrk.headers["Authorization"] = "{"A" * 250}"\n'
    )
    url = tools.stage.environment(tools.stage.port)["AWS_ENDPOINT_URL_SQS"]
    command = ["wrk", "-t1", "-c64", "-d1s", "-s", str(script), url]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=RUN_TIME_MAX_S
    )
    found = re.search(r"Requests/sec:\s+([0-9.]+)", done.stdout)
    if found is None or "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise NotMeasured(f"wrk: {done.stdout}")
    return float(found[1])


def calls(tools: Tools, subjects: list[Subject]) -> list[dict]:
    def calls_per_s(subject: Subject) -> dict:
        if subject.name == "wrk":
            return {"calls_per_s": wrk_calls_per_s(tools)}
        command = subject.command("calls", str(CALL_SECONDS))
        if subject.name == OURS:
            command = [str(tools.programs / "calls_bench"), str(CALL_SECONDS)]
        done = subprocess.run(
            command, env=tools.environment(subject) | {"GOMAXPROCS": "1"},
            capture_output=True, text=True, timeout=RUN_TIME_MAX_S,
        )  # fmt: skip
        if done.returncode != 0:
            raise NotMeasured(f"{subject.name}: {done.stderr[-2000:]}")
        counted = json.loads(done.stdout.splitlines()[-1])
        return {"calls_per_s": counted["calls"] / counted["seconds"]}

    with_wrk = [subjects[0], Subject("wrk", "", []), *subjects[1:]]
    figures = in_turns(with_wrk, tools.runs, calls_per_s)
    return [result("calls", "calls/s", "higher", pick(figures, "calls_per_s"))]
