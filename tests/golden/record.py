"""usage: record.py PROGRAM              records what PROGRAM makes of every case, in the files here
       record.py PROGRAM --mended WHY  leaves them, and notes in mended.json what is otherwise now

The corpus says what was promised: its verdicts are those of the program of before (395bb0f), and
none is written by hand. A case that is new is a line without a verdict; the first form gives it
one. What is changed on purpose is noted by the second, and read before it is committed. A sentence
that is worded otherwise in many places is one entry, written by hand (mended.py).
"""

import itertools
import json
import sys
import tempfile
from pathlib import Path

import mended
import situations
from stand_in_aws import StandInAws
from verdicts import HERE, PANEL, SITUATIONS, VERDICTS, decision, read_cases, told, write_cases
from verdicts import situations as answers_to


def verdicts_of(program: Path, group: str, cases: list[dict], aws: StandInAws) -> list:
    """One after the other, each in a folder of its own."""
    verdicts = []
    if group in SITUATIONS:
        for _, same in itertools.groupby(cases, key=lambda case: case["environment"]):
            with tempfile.TemporaryDirectory() as folder:
                verdicts += answers_to(program, list(same), Path(folder))
        return verdicts
    for case in cases:
        with tempfile.TemporaryDirectory() as folder:
            verdicts.append(VERDICTS[group](program, case, Path(folder), aws))
    return verdicts


def record_panel(program: Path) -> None:
    """Before the configurations, which are compared with it."""
    lines = "".join(json.dumps(one["question"]) + "\n" for one in PANEL.values())
    with tempfile.TemporaryDirectory() as folder:
        answers = told(program, ["decide"], {}, Path(folder), stdin=lines)["stdout"].splitlines()
    for one, answer in zip(PANEL.values(), answers, strict=True):
        one["answer"] = decision(answer)
    members = [f"{json.dumps(name)}: {json.dumps(one)}" for name, one in PANEL.items()]
    (HERE / "panel.json").write_text("{\n" + ",\n".join(members) + "\n}\n")


def record(program: Path) -> None:
    record_panel(program)
    for group, cases in situations.questions().items():
        write_cases(HERE / f"{group}.jsonl", cases)
    with StandInAws() as aws:
        for group in (*VERDICTS, *SITUATIONS):
            file = HERE / f"{group}.jsonl"
            cases = read_cases(file)
            verdicts = verdicts_of(program, group, cases, aws)
            for case, verdict in zip(cases, verdicts, strict=True):
                case["verdict"] = verdict
            write_cases(file, cases)
            print(f"{group}: {len(cases)} cases")


def note_mended(program: Path, why: str) -> None:
    with StandInAws() as aws:
        for group in (*VERDICTS, *SITUATIONS):
            cases = read_cases(HERE / f"{group}.jsonl")
            for case, now in zip(cases, verdicts_of(program, group, cases, aws), strict=True):
                if now != mended.promised(group, case):
                    mended.note(group, case, now, why)
                    print(f"{group}: {case['name']}")
    mended.write()


def main(arguments: list[str]) -> int:
    if len(arguments) == 1:
        record(Path(arguments[0]).resolve())
    elif len(arguments) == 3 and arguments[1] == "--mended":
        note_mended(Path(arguments[0]).resolve(), arguments[2])
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
