#!/usr/bin/env python3
"""usage: layering.py SRC_DIR

Each folder of src/ is a room, and includes only itself and the rooms it may know. A foreign
library stays in the room that wraps it, so that the rest can be read and tested without it.
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
    "clients": {"base", "json", "sigv4", "reactor"},
    "scaling": {"base"},
    "engine": {"base", "json", "scaling", "clients", "reactor"},
    "settings": {"base", "json", "clients", "scaling", "engine"},
    "app": {"base", "json", "sigv4", "reactor", "clients", "scaling", "engine", "settings"},
}
HOME = {  # how the library's headers begin: the rooms that may include them
    "curl/": ["reactor"],
    "uv.h": ["reactor"],
    "uv/": ["reactor"],
    "openssl/": ["sigv4", "reactor"],  # its digests; its TLS
    "simdjson": ["json"],
    "rapidxml": ["clients"],
    "librdkafka/": ["clients"],
}
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)


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
            other = header.split("/")[0]
            if other not in KNOWS or "/" not in header:
                yield line, f'"{header}": write it as "room/file.h"'
            elif other != room and other not in KNOWS[room]:
                yield line, f"{room} must not know {other}"


def main(src):
    failed = False
    for file in sorted(Path(src).rglob("*.[hc]*")):
        room = file.relative_to(src).parts[0]
        if room not in KNOWS:
            print(f"{file}:1: no such room: {room} (the table is in scripts/lint/layering.py)")
            failed = True
            continue
        for line, message in problems_of(room, file.read_text()):
            print(f"{file}:{line}: {message}")
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
