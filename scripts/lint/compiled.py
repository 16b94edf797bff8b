#!/usr/bin/env python3
"""usage: compiled.py headers|tidy|analyze BUILD_DIR [FILE...]

The checks that need a compiler, over src/ or the files given, with the flags that the build folder
was configured with:
  headers  every header compiles alone; a source that includes its own first shows that of it when
           it is built, so that only the other headers are compiled here
  tidy     clang-tidy finds nothing in any source (.clang-tidy says what it looks for)
  analyze  clang's static analyzer finds nothing, which takes as long again

All are slow, so a file that passed is not looked at again until it, anything it includes from
src/, or the way it is checked has changed (passes.py). And clang-tidy spends nearly all its time on
what sources include: those of a room are put together into one text (unity.py), as many as compile
as one. What it finds fault with there has its verdict alone.
"""

import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from layering import room_of
from passes import Passes
from unity import Unity

_ROOT = Path(__file__).resolve().parents[2]
_SRC = _ROOT / "src"
_CONFIG = _ROOT / ".clang-tidy"
_INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include[ \t]*["<]([^">\n]+)[">]', re.MULTILINE)
_SOURCES_TOGETHER_MAX = 40  # a room may be all the work there is, and there are several cores


@dataclass(frozen=True)
class Job:
    """A file, the command that checks it, and what names all that the verdict depends on."""

    file: Path
    command: tuple
    fingerprint: str


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


@cache
def _hash(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@cache
def _surroundings(compiler):
    """What else a verdict depends on: the tool, these scripts, and Debian's headers."""
    try:
        headers = _output_of("dpkg-query", "-W", "lib*-dev")
    except FileNotFoundError:  # no Debian: they are as new as the tool
        headers = ""
    scripts = (Path(__file__), Path(__file__).with_name("unity.py"))
    return _output_of(compiler, "--version"), headers, *map(_hash, scripts)


def _job(file, command, *settings):
    """The files' names are those in the clone, so that another clone's verdict serves this one."""
    parts = [*_surroundings(command[0]), *settings, *map(_hash, _closure(file))]
    parts += [word.replace(str(_ROOT), ".") for word in command]
    return Job(file, tuple(command), hashlib.sha256("\0".join(parts).encode()).hexdigest())


def _flags(build_dir):
    """For each source its compiler and flags, without input, output and ccache."""
    flags = {}
    for entry in json.loads((build_dir / "compile_commands.json").read_text()):
        words = shlex.split(entry["command"])
        names = [os.path.basename(word) for word in words]
        if "ccache" in names:  # its settings stand before it
            words = words[names.index("ccache") + 1 :]
        words = words[: words.index("-o")]
        flags[(Path(entry["directory"]) / entry["file"]).resolve()] = words
    return flags


def _flags_for_header(header, flags):
    """Those of a source beside it, else of any: only the foreign libraries' folders differ."""
    return flags[min([s for s in flags if s.is_relative_to(header.parent)] or flags)]


def _is_first_in_its_source(header):
    source = header.with_suffix(".cpp")
    first = _INCLUDE.search(source.read_bytes()) if source.is_file() else None
    return first is not None and _SRC / first[1].decode() == header


def header_jobs(build_dir, files):
    """The command that compiles each header alone."""
    flags = _flags(build_dir)
    for header in files or sorted(_SRC.rglob("*.h")):
        if not files and _is_first_in_its_source(header):
            continue
        words = _flags_for_header(header, flags)
        # Included rather than compiled: a main file may not say #pragma once.
        alone = ["-fsyntax-only", "-include", str(header), "-x", "c++", "/dev/null"]
        yield _job(header, [*words, *alone])


def tidy_jobs(build_dir, files, *options):
    """The clang-tidy of each source."""
    flags = _flags(build_dir)
    tidy = ["clang-tidy-19", "--quiet", f"--config-file={_CONFIG}", *options]
    for source in files or sorted(s for s in flags if s.is_relative_to(_SRC)):
        # g++'s flags, of which clang may not know every warning.
        words = [*flags.get(source, flags[min(flags)])[1:], "-Wno-unknown-warning-option"]
        yield _job(source, [*tidy, str(source), "--", *words], _CONFIG.read_text())


def analyze_jobs(build_dir, files):
    return tidy_jobs(build_dir, files, "--checks=-*,clang-analyzer-*")


def _run(command):
    return subprocess.run(command, capture_output=True, text=True, check=False)


def check_alone(job, passes):
    """Whether the file passes; prints what is wrong."""
    run = _run(job.command)
    if run.returncode == 0:
        passes.add(job.fingerprint)
        return True
    # clang-tidy's stderr only counts suppressed warnings, unless it could not work at all.
    print(f"{job.file}:\n{run.stdout or run.stderr}", flush=True)
    return False


def _alike(job):
    """Jobs that can be one: those of a room, with the same flags."""
    command = [word for word in job.command if word != str(job.file)]
    room = room_of(str(job.file.relative_to(_SRC))) if job.file.is_relative_to(_SRC) else None
    return room or "", command


def _as_one(jobs, file):
    """The unity of the jobs, written to a file, and the command that checks it."""
    unity = Unity(job.file for job in jobs)
    file.write_text(unity.text)
    command = [str(file) if word == str(jobs[0].file) else word for word in jobs[0].command]
    # What stands in another source is none of a source's scopes; g++ says so of each by itself.
    return unity, [*command, "-Wno-shadow"]


def _that_compile_together(jobs, file):
    """The first of the jobs, and those after it that the compiler takes in one text with them."""
    while len(jobs) > 1:
        unity, command = _as_one(jobs, file)
        flags = command[command.index("--") + 1 :]
        compiler = ["clang++-19", "-fsyntax-only", "-ferror-limit=0", "-fno-color-diagnostics"]
        run = _run([*compiler, *flags, str(file)])
        if run.returncode == 0:
            break
        clashing = unity.sources_with_errors(run.stderr, file) - {jobs[0].file}
        jobs = [job for job in jobs if clashing and job.file not in clashing] or jobs[:1]
    return jobs


def check_together(jobs, passes):
    """Whether all the files pass. One that has a fault in their unity is checked alone."""
    if len(jobs) == 1:
        return check_alone(jobs[0], passes)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "unity.cpp"
        together = jobs
        unity, command = _as_one(together, file)
        run = _run(command)
        if "[clang-diagnostic-error]" in run.stdout:
            together = _that_compile_together(jobs, file)
            unity, command = _as_one(together, file)
            run = _run(command)
    doubtful = unity.sources_with_errors(run.stdout, file)
    if run.returncode != 0 and not doubtful:  # it could not work at all
        doubtful = {job.file for job in together}
    for job in together:
        if job.file not in doubtful:
            passes.add(job.fingerprint)
    alone = [[job] for job in together if job.file in doubtful]
    rest = [job for job in jobs if job not in together]
    return all([check_together(left, passes) for left in [*alone, rest] if left])


def _groups(check, jobs):
    """What is checked by one run of a tool."""
    if check != "tidy":
        return [[job] for job in jobs]
    groups = []
    for _, alike in groupby(sorted(jobs, key=_alike), _alike):
        room = list(alike)
        starts = range(0, len(room), _SOURCES_TOGETHER_MAX)
        groups += [room[start : start + _SOURCES_TOGETHER_MAX] for start in starts]
    return sorted(groups, key=len, reverse=True)


def main(check, build_dir, *files):
    make_jobs = {"headers": header_jobs, "tidy": tidy_jobs, "analyze": analyze_jobs}[check]
    passes = Passes(check)
    jobs = make_jobs(Path(build_dir).resolve(), [Path(f).resolve() for f in files])
    waiting = [job for job in jobs if job.fingerprint not in passes]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        groups = _groups(check, waiting)
        verdicts = list(pool.map(lambda group: check_together(group, passes), groups))
    passes.forget_unused()
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
