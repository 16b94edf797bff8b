"""The tables of settings in README.md and docs/, made of what `fast-autoscaler settings --json`
prints. A table stands between the lines `<!-- settings: WHICH -->` and `<!-- end of settings -->`,
and the first of them says which it is: `target`, `process`, `queues`, a kind (`queue_type redis`),
or a structure (`step`, `step.step_adjustments`).
"""

import json
import os.path
import re
from collections.abc import Callable, Iterator
from pathlib import Path

MARKED = re.compile(
    r"^<!-- settings: (?P<name>[^\n]+) -->\n.*?^<!-- end of settings -->\n",
    re.MULTILINE | re.DOTALL,
)
OUTPUT = re.compile(
    r"^<!-- output: (?P<name>[^\n]+) -->\n.*?^<!-- end of output -->\n", re.MULTILINE | re.DOTALL
)
HEADING = ["setting", "variable", "default", "what"]


def structures(rows: list[dict], path: str = "") -> Iterator[tuple[str, list[dict]]]:
    """The objects and lists in these rows, and in those."""
    for row in rows:
        if "members" in row:
            here = f"{path}{row['key']}"
            yield here, row["members"]
            yield from structures(row["members"], f"{here}.")


def tables(rows: list[dict]) -> dict[str, list[dict]]:
    """The rows of each table that there is, by its name."""
    found = {}
    for row in rows:
        found.setdefault(row["of"], []).append(row)
    target = found["target"]
    found |= structures(target)
    for row in target:
        for kind in row.get("kinds", []):
            found[f"{row['key']} {kind['name']}"] = kind["members"]
    return found


def code(text: str) -> str:
    return f"`{text}`" if text else ""


def default_of(row: dict) -> str:
    if row["need"] == "required":
        return "required"
    default = row.get("default", "")
    return code(default if isinstance(default, str) else json.dumps(default))


def variables_of(row: dict) -> str:
    return ", ".join(code(row[key]) for key in ("variable", "variable_fallback") if key in row)


def what(row: dict, page: Path, of_kind: bool) -> str:
    """The row's sentences, the names that it may be, and where there is more."""
    names = row.get("enum", []) or [kind["name"] for kind in row.get("kinds", [])]
    said = [row["says"]]
    if names:
        said.append("One of " + ", ".join(code(name) for name in names) + ".")
    if row.get("secret"):
        said.append("It is never shown.")
    if of_kind and row["tag"] != "no":
        said.append("A tag may give it.")
    more, _, heading = row.get("page", "").partition("#")
    if more:
        file = Path("docs") / more
        place = "" if file == page else os.path.relpath(file, page.parent)
        said.append(f"[More]({place}{'#' if heading else ''}{heading}).")
    return " ".join(said).replace("|", "\\|")


def lines_of(row: dict, page: Path, of_kind: bool) -> Iterator[list[str]]:
    """One; where the row names a kind, one more for the object of the kind's settings."""
    yield [code(row["key"]), variables_of(row), default_of(row), what(row, page, of_kind)]
    if "config" in row:
        yield [code(row["config"]), "", "", f"The settings of the kind that {row['key']} names."]


def table(rows: list[dict], page: Path, of_kind: bool) -> str:
    """Members of structures have no variables."""
    cells = [line for row in rows for line in lines_of(row, page, of_kind)]
    headings = list(HEADING)
    if not any(row.get("variable") for row in rows):
        headings.remove("variable")
        cells = [[key, default, said] for key, _, default, said in cells]
    lines = [headings, ["---"] * len(headings), *cells]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines).replace("  ", " ")


def outputs_filled_in(text: str, told: Callable[[str], str]) -> str:
    """The text with what the program says to a command, between `<!-- output: settings pause -->`
    and `<!-- end of output -->`."""

    def replacement(marked: re.Match) -> str:
        lines = [f"$ fast-autoscaler {marked['name']}", *told(marked["name"]).splitlines()]
        block = "".join(f"    {line}".rstrip() + "\n" for line in lines)
        return f"<!-- output: {marked['name']} -->\n\n{block}\n<!-- end of output -->\n"

    return OUTPUT.sub(replacement, text)


def filled_in(text: str, page: Path, known: dict[str, list[dict]]) -> str:
    """The page's text with its tables as the rows say. `page` is its path in the project."""

    def replacement(marked: re.Match) -> str:
        name = marked["name"]
        lines = table(known[name], page, of_kind=" " in name)
        return f"<!-- settings: {name} -->\n{lines}<!-- end of settings -->\n"

    return MARKED.sub(replacement, text)


def unused(known: dict[str, list[dict]], texts: list[str]) -> list[str]:
    """Tables that stand on no page, nor one that says the same, so that their settings do not."""
    shown = [known[marked["name"]] for text in texts for marked in MARKED.finditer(text)]
    return [name for name, rows in known.items() if rows and rows not in shown]
