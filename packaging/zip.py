#!/usr/bin/env python3
"""Puts one executable into a zip, as Lambda wants it.

usage: zip.py PROGRAM ZIP

The same program gives the same bytes: no times, one owner. What zlib has deflated is deflated anew
with more patience (Debian's advancecomp), which is 3 % smaller. Says how large both are.
"""

import subprocess
import sys
import zipfile
from pathlib import Path

EXECUTABLE = 0o100755


def main(program: Path, archive: Path) -> None:
    entry = zipfile.ZipInfo(program.name, (1980, 1, 1, 0, 0, 0))
    entry.create_system = 3  # Unix: the permissions count
    entry.external_attr = EXECUTABLE << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(archive, "w", compresslevel=9) as out:
        out.writestr(entry, program.read_bytes(), compresslevel=9)
    subprocess.run(["advzip", "--recompress", "--shrink-extra", "--quiet", archive], check=True)
    mib = 1 << 20
    sizes = program.stat().st_size / mib, archive.stat().st_size / mib
    print("{}: {:.2f} MiB, zipped {:.2f} MiB".format(archive, *sizes))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
