"""The examples of README.md, docs/ and deploy/: everything that stands there as JSON, and what it
is. That shows in what it has, so that no example is left out by being named.
"""

import re
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parents[2]
PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]
DEPLOY = PROJECT / "deploy"
PARAMETERS = DEPLOY / "source" / "shared" / "parameters.yaml"

BLOCK = re.compile(r"^```json[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHELL_BLOCK = re.compile(r"^```sh\n.*?^```$", re.MULTILINE | re.DOTALL)
# `--payload '{...}'` and `'Settings={...}'`; what --query gives to aws has no quotation mark there.
SHELL_WORD = re.compile(r"'(?:\w+=)?(\{(?:\}|\s*\")[^']*)'")
PARAMETER = re.compile(r"such as (\{.*?\})")
# Of Markdown: a block by its indentation. JSON is to stand in one of its own.
INDENTED = re.compile(r"\n\n( {4}\{.*)")


class Example(NamedTuple):
    place: str  # "docs/stores.md:72"
    text: str


def found(file: Path, pattern: re.Pattern, within: re.Pattern | None = None) -> list[Example]:
    """What the pattern's group matches in a file, or in the blocks of it that `within` matches."""
    text = file.read_text()
    spans = [block.span() for block in within.finditer(text)] if within else [(0, len(text))]
    return [
        Example(f"{file.relative_to(PROJECT)}:{text.count(chr(10), 0, one.start(1)) + 1}", one[1])
        for span in spans
        for one in pattern.finditer(text, *span)
    ]


def examples() -> list[Example]:
    """All there are."""
    here = [one for page in PAGES for one in found(page, BLOCK)]
    here += [one for page in PAGES for one in found(page, SHELL_WORD, within=SHELL_BLOCK)]
    files = sorted((DEPLOY / "terraform" / "examples").rglob("*.json"))
    here += [Example(str(file.relative_to(PROJECT)), file.read_text()) for file in files]
    return here + found(PARAMETERS, PARAMETER)


def is_policy(value) -> bool:
    """One of IAM's."""
    return isinstance(value, dict) and {"Version", "Statement"} <= value.keys()


def is_event(value) -> bool:
    """What Lambda is invoked with: a configuration in it, or a shard."""
    return isinstance(value, dict) and bool({"config", "shard"} & value.keys())


def configuration_of(value):
    """The configuration that an example is, or holds; None for a policy of IAM's."""
    if is_policy(value):
        return None
    if is_event(value):
        return value.get("config", {})
    if isinstance(value, list):  # the list of a Distributed Map
        return {"targets": value}
    return value
