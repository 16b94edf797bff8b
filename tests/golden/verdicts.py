"""How a case is put to the program, and what its verdict is.

A case is a line of a .jsonl file, and what it holds is by the file (VERDICTS, below). In all texts
of a case {dir} is a folder of its own, {aws} the stand-in's address, {now-75} a time in epoch
seconds and {iso-75} the same as the original's older form has it.
"""

import json
import re
import subprocess
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))

from lambda_runtime import LambdaRuntime  # noqa: E402
from mended import reworded  # noqa: E402
from processes import Process, binary, clean_environment  # noqa: E402, F401

PATIENCE_S = 60
# A case is one reading, which was enough for a scale-in of the program of before.
ONE_READING = {"SCALE_IN_EVIDENCE": "0"}
NONCE = r"\b(?=[0-9]*[a-f])[0-9a-f]{32}\b"
# Put to every configuration that is valid and of one target: what it read shows in its decisions.
# By name: a question, and what the program answers where nothing is configured.
PANEL = json.loads((HERE / "panel.json").read_text())


def read_cases(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def write_cases(file: Path, cases: list[dict]) -> None:
    file.write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases))


# --- what is said, without what is of one run alone


def placed(value, folder: Path, address: str = ""):
    """The value with its placeholders filled in."""
    if isinstance(value, dict):
        return {key: placed(inner, folder, address) for key, inner in value.items()}
    if isinstance(value, list):
        return [placed(inner, folder, address) for inner in value]
    if not isinstance(value, str):
        return value
    now = time.time()
    text = value.replace("{dir}", str(folder)).replace("{aws}", address)
    text = re.sub(r"\{now-(\d+)\}", lambda found: str(now - int(found[1])), text)
    return re.sub(
        r"\{iso-(\d+)\}",
        lambda found: (
            datetime.fromtimestamp(now - int(found[1]), timezone.utc)
            .replace(tzinfo=None)
            .isoformat()
        ),
        text,
    )


def located(text: str, folder: Path) -> str:
    return text.replace(str(folder), "{dir}")


def timeless(text: str, folder: Path, aws) -> str:
    """Of a check, without the run's addresses, times and nonces. Seconds since an action are
    rounded to half minutes; the cases leave fourteen seconds to the slowest machine."""
    text = located(text, folder).replace(aws.address, "{aws}")
    text = re.sub(
        r"(was )(\d+)( s ago)", lambda at: f"{at[1]}{int(at[2]) // 30 * 30}+{at[3]}", text
    )
    text = re.sub(
        r"(\d+)( of [\d.]+ s cooldown left)", lambda at: f"{-int(at[1]) // 30 * -30}-{at[2]}", text
    )
    text = re.sub(r"\b1[7-9]\d{8}(\.\d+|\d{6})?\b", "{time}", text)
    text = re.sub(r"\b20[2-9]\d-\d\d-\d\d(T|%3A|%20)[\d:.%A]+Z?", "{time}", text)
    return re.sub(NONCE, "{nonce}", text)


def told(program, arguments, environment, folder, stdin="") -> dict:
    done = subprocess.run(
        [str(program), *arguments],
        env=clean_environment({"HOME": str(folder)} | ONE_READING | environment),
        input=stdin,
        text=True,
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    outputs = {"stdout": done.stdout, "stderr": done.stderr}
    said = {name: located(text, folder) for name, text in outputs.items() if text}
    return {"status": done.returncode} | said


def write_files(case: dict, folder: Path, address: str = "") -> list[str]:
    """Writes the case's files; the arguments that name the configuration."""
    for name, content in case.get("files", {}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        content = placed(content, folder, address)
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    if "file" not in case:
        return []
    content = placed(case["file"], folder, address)
    (folder / "config.json").write_text(
        content if isinstance(content, str) else json.dumps(content)
    )
    return ["--config", str(folder / "config.json")]


# --- a configuration: "environment", "file" (what --config names), "files", "arguments"


def configuration(program, case, folder, _) -> dict:
    environment = placed(case.get("environment", {}), folder)
    named = write_files(case, folder) + placed(case.get("arguments", []), folder)
    command = case.get("command", ["validate"])
    verdict = told(program, command + named, environment, folder)
    if command == ["validate"] and verdict["status"] == 0 and case.get("decides", True):
        verdict["decides"] = panel(program, named, environment, folder)
    return verdict


def panel(program, arguments, environment, folder):
    """What the configuration decides otherwise than one that says nothing."""
    questions = "".join(json.dumps(one["question"]) + "\n" for one in PANEL.values())
    answers = told(program, ["decide", *arguments], environment, folder, stdin=questions)
    if answers["status"] != 0:
        return answers
    lines = zip(PANEL.items(), answers["stdout"].splitlines(), strict=True)
    decisions = {name: (decision(line), one["answer"]) for (name, one), line in lines}
    return {name: given for name, (given, usual) in decisions.items() if given != reworded(usual)}


def decision(line: str) -> str:
    """Of a line of `decide` what is promised; it may say more."""
    said = json.loads(line)
    if "error" in said:
        return f"error: {said['error']}"
    return f"{said['action']} {said['current']} -> {said['desired']}: {said['reason']}"


# --- a situation: "environment" and a "question" for `decide`. Those of one environment are put to
# one process.


def situations(program, cases, folder) -> list[str]:
    questions = "".join(json.dumps(case["question"]) + "\n" for case in cases)
    environment = cases[0]["environment"]
    answers = told(program, ["decide"], environment, folder, stdin=questions)
    lines = answers.get("stdout", "").splitlines()
    assert len(lines) == len(cases), answers
    return [decision(line) for line in lines]


# --- a check against the stand-in: as a configuration, and "aws", its world


def check(program, case, folder, aws) -> dict:
    environment = placed(case.get("environment", {}), folder, aws.address)
    named = write_files(case, folder, aws.address)
    aws.begin(placed(case.get("aws", {}), folder))
    said = told(program, ["once", "--json", *named], environment, folder)
    checks, log = (
        timeless(said.get(name, ""), folder, aws).splitlines() for name in ("stdout", "stderr")
    )
    return {
        "status": said["status"],
        "checks": sorted(map(checked, checks), key=lambda one: one["target"]),
        "log": sorted(map(log_line, log), key=json.dumps),
        "requests": [timeless(line, folder, aws) for line in aws.requests()],
    }


def checked(line: str):
    """What a program printed as JSON, without what differs from run to run."""
    return steady(json.loads(line))


def steady(said):
    if isinstance(said, list):
        return [steady(one) for one in said]
    if not isinstance(said, dict):
        return said
    of_one_run = ("time", "duration_ms", "request_id")
    return {name: steady(one) for name, one in said.items() if name not in of_one_run}


def log_line(line: str):
    return checked(line) if line.startswith("{") else line


# --- an event of the Lambda function: as a check, and "event", which is JSON or a text


def event(program, case, folder, aws) -> dict:
    environment = placed(case.get("environment", {}), folder, aws.address)
    write_files(case, folder, aws.address)
    aws.begin(placed(case.get("aws", {}), folder))
    bootstrap = folder / "bootstrap"
    bootstrap.symlink_to(program)
    given = placed(case["event"], folder, aws.address)
    with LambdaRuntime() as runtime:
        variables = {"AWS_LAMBDA_RUNTIME_API": runtime.address, "HOME": str(folder)}
        with Process([str(bootstrap)], clean_environment(variables | ONE_READING | environment)):
            outcome = runtime.invoke(given.encode() if isinstance(given, str) else given)
    answer = checked(timeless(outcome.body.decode(), folder, aws))
    answer.get("scaled", []).sort(key=lambda one: one["target"])
    lines = [timeless(line, folder, aws) for line in aws.requests()]
    return {
        "succeeded": outcome.succeeded,
        "answer": answer,
        # What is read depends on whether the event came before the readings that are made ahead.
        "changes": [line for line in lines if " PUT " in line or " UpdateService " in line],
    }


# By the name of the file.
VERDICTS = {
    "original": configuration,
    "settings": configuration,
    "structures": configuration,
    "kinds": configuration,
    "files": configuration,
    "fleets": configuration,
    "command_lines": configuration,
    "requests": check,
    "states": check,
    "tags": check,
    "events": event,
}
SITUATIONS = ("situations", "protected_in_cooldown")
