#!/usr/bin/env python3
"""usage: compiled.py headers|tidy|analyze BUILD_DIR [FILE...]

The checks that need a compiler, over src/ or the files given, with the flags that the build folder
was configured with:
  headers  every header compiles alone
  tidy     clang-tidy finds nothing in any source (.clang-tidy says what it looks for)
  analyze  clang's static analyzer finds nothing, which takes as long again

All are slow, so a file that passed is not looked at again until it, anything it includes from
src/, or the way it is checked has changed: passes are kept as empty files in BUILD_DIR/lint/.
"""

import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_SRC = _ROOT / "src"
_INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"', re.MULTILINE)


@cache
def _closure(file):
    """The file and all that it includes from src/."""
    found = {file}
    waiting = [file]
    while waiting:
        for name in _INCLUDE.findall(waiting.pop().read_bytes()):
            header = _SRC / name.decode()
            if header.is_file() and header not in found:
                found.add(header)
                waiting.append(header)
    return sorted(found)


def fingerprint(file, command, extra):
    """Changes when the verdict on the file may change."""
    digest = hashlib.sha256()
    for part in (*command, extra, *(p.read_bytes() for p in _closure(file))):
        digest.update(hashlib.sha256(part if isinstance(part, bytes) else part.encode()).digest())
    return digest.hexdigest()


def _output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _flags(build_dir):
    """For each source its compiler and flags, without input, output and ccache."""
    flags = {}
    for entry in json.loads((build_dir / "compile_commands.json").read_text()):
        words = shlex.split(entry["command"])
        if Path(words[0]).name == "ccache":
            words = words[1:]
        words = words[: words.index("-o")]
        flags[(Path(entry["directory"]) / entry["file"]).resolve()] = words
    return flags


def _flags_for_header(header, flags):
    """Those of a source beside it, else of any: only the foreign libraries' folders differ."""
    return flags[min([s for s in flags if s.is_relative_to(header.parent)] or flags)]


def header_jobs(build_dir, files):
    """The command that compiles each header alone, and what else its verdict depends on."""
    flags = _flags(build_dir)
    for header in files or sorted(_SRC.rglob("*.h")):
        words = _flags_for_header(header, flags)
        # Included rather than compiled: a main file may not say #pragma once.
        alone = ["-fsyntax-only", "-include", str(header), "-x", "c++", "/dev/null"]
        yield header, [*words, *alone], _output_of(words[0], "--version")


def tidy_jobs(build_dir, files, *options):
    """The clang-tidy of each source, and what else its verdict depends on."""
    flags = _flags(build_dir)
    config = _ROOT / ".clang-tidy"
    version = _output_of("clang-tidy-19", "--version")
    for source in files or sorted(s for s in flags if s.is_relative_to(_SRC)):
        # g++'s flags, of which clang may not know every warning.
        words = [*flags.get(source, flags[min(flags)])[1:], "-Wno-unknown-warning-option"]
        command = ["clang-tidy-19", "--quiet", f"--config-file={config}", *options, str(source)]
        yield source, [*command, "--", *words], config.read_text() + version


def analyze_jobs(build_dir, files):
    return tidy_jobs(build_dir, files, "--checks=-*,clang-analyzer-*")


def _check(file, command, passed):
    """Whether the file passes; prints what is wrong."""
    if passed.exists():
        return True
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode == 0:
        passed.touch()
        return True
    # clang-tidy's stderr only counts suppressed warnings, unless it could not work at all.
    print(f"{file}:\n{run.stdout or run.stderr}", flush=True)
    return False


def main(check, build_dir, *files):
    build_dir = Path(build_dir).resolve()
    jobs = {"headers": header_jobs, "tidy": tidy_jobs, "analyze": analyze_jobs}[check]
    passes = build_dir / "lint" / check
    passes.mkdir(parents=True, exist_ok=True)

    work = []
    for file, command, extra in jobs(build_dir, [Path(f).resolve() for f in files]):
        work.append((file, command, passes / fingerprint(file, command, extra)))
    if not files:  # forget the passes of earlier contents
        current = {passed for _, _, passed in work}
        for old in set(passes.iterdir()) - current:
            old.unlink()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        verdicts = list(pool.map(lambda job: _check(*job), work))
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
