#!/usr/bin/env python3
"""Writes what is said of settings anywhere outside the program: the schema, the tables in README.md
and docs/, and what deploy/source/ takes of them. All of it comes of the program's rows.

usage: publish_settings.py PROGRAM [--check]   (--check writes nothing: 1 where a file would differ)
"""

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

from settings_schema import schema_of
from settings_tables import filled_in, outputs_filled_in, tables, unused

PROJECT = Path(__file__).resolve().parent.parent
SCHEMA = PROJECT / "schema" / "fast-autoscaler.schema.json"
PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]
DEPLOY = PROJECT / "deploy" / "source" / "settings.json"
# Of a setting, what a parameter of a stack or a variable of Terraform may take from it.
OF_PARAMETERS = ("variable", "says", "default", "minimum", "maximum", "pattern")


def told_by(program: str, command: str) -> str:
    """What the program prints."""
    words = [program, *command.split()]
    return subprocess.run(words, check=True, capture_output=True, text=True, timeout=60).stdout


def as_json(value) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def of_parameters(rows: list[dict]) -> dict:
    """By the settings' keys; those that are numbers, texts and the like."""
    plain = [row for row in rows if "variable" in row and not {"members", "kinds"} & row.keys()]
    return {row["key"]: {key: row[key] for key in OF_PARAMETERS if key in row} for row in plain}


def written(program: str) -> tuple[dict[Path, str], list[str]]:
    """What the rows say, by the files that say it; and what is missing in them."""
    told = partial(told_by, program)
    rows = [json.loads(line) for line in told("settings --json").splitlines()]
    known = tables(rows)
    texts = {page: page.read_text() for page in PAGES}
    files = {
        page: outputs_filled_in(filled_in(text, page.relative_to(PROJECT), known), told)
        for page, text in texts.items()
    }
    files[SCHEMA] = as_json(schema_of(known["process"], known["target"], known["queues"]))
    files[DEPLOY] = as_json(of_parameters(rows))
    problems = [f"no page has the table {name}" for name in unused(known, list(texts.values()))]
    return files, problems


def main(arguments: list[str]) -> int:
    if len(arguments) not in (1, 2) or arguments[1:] not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    files, problems = written(str(Path(arguments[0]).resolve()))
    for file, text in files.items():
        if file.exists() and file.read_text() == text:
            continue
        if arguments[1:]:
            problems.append(f"{file.relative_to(PROJECT)} is not what the rows say: make settings")
        else:
            file.write_text(text)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
