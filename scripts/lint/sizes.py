#!/usr/bin/env python3
"""usage: sizes.py DIR...

A file that outgrows these sizes does two things: divide it by subject.
"""

import sys
from pathlib import Path

LINES_MAX = {".h": 250, ".cpp": 500, ".py": 500, ".sh": 250}
COLUMNS_MAX = 100


def problems_of(suffix, text):
    """The (line, message) of what is too long. A line may be as long as an address in it needs."""
    lines = text.splitlines()
    if len(lines) > LINES_MAX[suffix]:
        yield len(lines), f"{len(lines)} lines; at most {LINES_MAX[suffix]} in a {suffix} file"
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS_MAX and "://" not in line:
            yield number, f"{len(line)} columns; at most {COLUMNS_MAX}"


def main(folders):
    failed = False
    for folder in folders:
        for file in sorted(Path(folder).rglob("*")):
            if file.suffix in LINES_MAX:
                for line, message in problems_of(file.suffix, file.read_text()):
                    print(f"{file}:{line}: {message}")
                    failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
