#!/usr/bin/env python3
"""Writes what is alike in deploy/cloudformation/ and deploy/terraform/, from deploy/source/.

usage: deploy_templates.py [--check]   (--check writes nothing: 1 where a file would be another)

Each template, and each file of the module that has something in common with them, has a source of
its name. In a source:

- A line like `@resources LogGroup NewStateBucket` is these pieces of shared/resources.yaml, as far
  in as the line is: a piece is what follows its name, `--- # LogGroup`, and may have such lines.
- `@statements NAME` is that piece of shared/parts.yaml for Terraform; terraform/names.json says
  what its parameters and conditions are there.
- `@alarm NAME DIMENSIONS` is that piece of shared/alarms.yaml for Terraform, on such dimensions.
- `<<Architecture.Description>>` is that of the piece of shared/parameters.yaml, and
  `<<min_tasks.says>>` that of the setting, by settings.json, which publish_settings.py writes.
"""

import json
import re
import sys
from functools import cache
from pathlib import Path

import yaml

from deploy_terraform import alarm_attributes, statement_blocks

DEPLOY = Path(__file__).resolve().parent.parent / "deploy"
SOURCE, SHARED = DEPLOY / "source", DEPLOY / "source" / "shared"
TEMPLATES, MODULE = DEPLOY / "cloudformation", DEPLOY / "terraform"
NOTICE = "# Written by scripts/deploy_templates.py from {}: change that.\n"

PIECE = re.compile(r"^--- # (\w+)\n", re.MULTILINE)
LINE = re.compile(r"^( *)@([a-z]+)((?: \w+)+)\n", re.MULTILINE)
ALARM = re.compile(r"^( *)@alarm (\w+) (.+)\n", re.MULTILINE)
VALUE = re.compile(r"<<(\w+)\.(\w+)>>")


@cache
def pieces(file: str) -> dict[str, str]:
    _, *parts = PIECE.split((SHARED / f"{file}.yaml").read_text())
    return dict(zip(parts[::2], parts[1::2], strict=True))


def statements(name: str) -> str:
    own = json.loads((SOURCE / "terraform" / "names.json").read_text())[name]
    return statement_blocks(filled_in(pieces("parts")[name]), own["names"], own["conditions"])


@cache
def settings() -> dict[str, dict]:
    return json.loads((SOURCE / "settings.json").read_text())


def value_of(match: re.Match) -> str:
    """Of a setting, or of a parameter. In Terraform what is not given is null, and not the empty
    text that a pattern allows."""
    name, key = match.groups()
    if name.islower():
        value = settings()[name][key]
        value = value.removeprefix("^").removesuffix("$") if key == "pattern" else value
        return json.dumps(value)[1:-1] if isinstance(value, str) else json.dumps(value)
    value = yaml.safe_load(filled_in(pieces("parameters")[name]))[name][key]
    if key == "AllowedPattern":
        value = re.sub(r"^\^\((.*)\)\?\$$", r"^\1$", value)
    return json.dumps(value)[1:-1] if isinstance(value, str | list) else str(value)


def indented(text: str, by: str) -> str:
    return re.sub(r"^(?=.)", by, text, flags=re.MULTILINE)


def alarm(match: re.Match) -> str:
    indent, name, dimensions = match.groups()
    return indented(alarm_attributes(filled_in(pieces("alarms")[name]), dimensions), indent)


def filled_in(text: str) -> str:
    """The text with its pieces and values. Resources have an empty line between them."""

    def piece(match: re.Match) -> str:
        indent, kind, names = match.groups()
        if kind == "statements":
            return indented(statements(names.strip()), indent)
        between = "\n" if kind in ("alarms", "resources") else ""
        found = [indented(filled_in(pieces(kind)[name]), indent) for name in names.split()]
        return between.join(found)

    return VALUE.sub(value_of, LINE.sub(piece, ALARM.sub(alarm, text)))


def written() -> dict[Path, str]:
    """What the sources say, by the files that say it."""
    files = {TEMPLATES / path.name: path for path in SOURCE.glob("*.yaml")}
    of_module = SOURCE / "terraform"
    files |= {MODULE / path.relative_to(of_module): path for path in of_module.rglob("*.tf")}
    return {
        file: NOTICE.format(source.relative_to(DEPLOY.parent)) + filled_in(source.read_text())
        for file, source in files.items()
    }


def unused() -> list[str]:
    """Pieces that nothing has."""
    texts = [path.read_text() for path in SOURCE.rglob("*.*")]
    lines = [match.groups() for text in texts for match in LINE.finditer(text)]
    used = {(kind, name) for _, kind, names in lines for name in names.split()}
    kinds = [path.stem for path in SHARED.iterdir()]
    return [f"{kind} {name}" for kind in kinds for name in pieces(kind) if (kind, name) not in used]


def main(is_check: bool) -> int:
    files = written()
    problems = [f"nothing has {piece}" for piece in unused()]
    of_none = set(TEMPLATES.iterdir()) - files.keys()
    problems += [f"{path.relative_to(DEPLOY.parent)} has no source" for path in sorted(of_none)]
    for file, text in sorted(files.items()):
        if not is_check:
            file.write_text(text)
        elif not file.exists() or file.read_text() != text:
            problems.append(f"{file.relative_to(DEPLOY.parent)} is not what its source says")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(is_check="--check" in sys.argv[1:]))
