#!/usr/bin/env python3
"""usage: layering.py SRC_DIR

The folders of src/ that are named here are rooms: each includes only itself and the rooms it may
know. A foreign library stays in the room that wraps it, so that the rest can be read and tested
without it.
"""

import re
import sys
from pathlib import Path

from cpp_text import without_comments

KNOWS = {
    "base": set(),
    "json": {"base"},
    "sigv4": {"base"},
    "reactor": {"base"},
    "clients/answers": {"base", "json", "reactor"},
    "clients/aws": {"base", "json", "sigv4", "reactor", "clients/answers"},
    "clients/brokers": {"base", "json", "reactor", "clients/answers"},
    "scaling": {"base"},
    "simulation": {"base", "scaling"},
    "engine": {"base", "reactor", "scaling"},
}
KNOWS["adapters"] = set(KNOWS) - {"sigv4", "simulation"}
KNOWS["settings"] = {"base", "json", "clients/aws", "scaling", "adapters"}
KNOWS["app"] = set(KNOWS)
HOME = {  # how the library's headers begin: the rooms that may include them
    "curl/": ["reactor"],
    "uv.h": ["reactor"],
    "uv/": ["reactor"],
    "openssl/": ["sigv4", "reactor"],  # its digests; its TLS
    "simdjson": ["json"],
    "rapidxml": ["clients/aws"],
    "librdkafka/": ["clients/brokers"],
}
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)


def room_of(path):
    """The room that a path from src/ leads into; None where there is no such room."""
    folders = path.split("/")[:-1]
    above = ("/".join(folders[: depth + 1]) for depth in range(len(folders)))
    return next((folder for folder in above if folder in KNOWS), None)


def problems_of(room, source):
    """The (line, message) of each include that the room may not have."""
    text = without_comments(source)
    for match in _INCLUDE.finditer(text):
        line = text.count("\n", 0, match.start(2)) + 1
        quote, header = match[1], match[2]
        for prefix, homes in HOME.items():
            if header.startswith(prefix) and room not in homes:
                yield line, f"<{header}> stays in {' and '.join(homes)}, this is {room}"
        if quote == '"' and not any(header.startswith(prefix) for prefix in HOME):
            other = room_of(header)
            if other is None:
                yield line, f'"{header}": write it as "room/file.h"'
            elif other != room and other not in KNOWS[room]:
                yield line, f"{room} must not know {other}"


def main(src):
    failed = False
    for file in sorted(Path(src).rglob("*.[hc]*")):
        path = file.relative_to(src).as_posix()
        room = room_of(path)
        if room is None:
            print(f"{file}:1: no such room: {path} (the table is in scripts/lint/layering.py)")
            failed = True
            continue
        for line, message in problems_of(room, file.read_text()):
            print(f"{file}:{line}: {message}")
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
