"""Sources that are checked together: nothing is found that none of them has, or missed that one
has, and each is remembered by itself."""

import json
import shutil
import subprocess

import pytest
from all_test import ROOT
from checker import write_tree

pytestmark = pytest.mark.skipif(
    not shutil.which("clang-tidy-19"), reason="clang-tidy-19 is installed by `make lint`"
)


def constant(name):
    return f"namespace {{\n[[maybe_unused]] const int {name} = 1;\n}}  // namespace\n"


@pytest.fixture
def tidy(tmp_path):
    """Writes the sources into a project with this one's linters, and says how many runs of
    clang-tidy it took, and what it found."""
    shutil.copytree(ROOT / "scripts" / "lint", tmp_path / "scripts" / "lint")
    shutil.copy(ROOT / ".clang-tidy", tmp_path)
    runs = tmp_path / "runs"
    counted = f'#!/bin/sh\ncase "$*" in *--version*) ;; *) echo >>{runs} ;; esac\n'
    counted += f'exec {shutil.which("clang-tidy-19")} "$@"\n'
    write_tree(tmp_path, {"bin/clang-tidy-19": counted})
    (tmp_path / "bin" / "clang-tidy-19").chmod(0o755)

    def run(**sources):
        names = [f"src/base/{name}.cpp" for name in sources]
        entries = [
            {
                "directory": str(tmp_path),
                "command": f"g++ -std=c++23 -I{tmp_path}/src -o x.o -c {name}",
                "file": name,
            }
            for name in names
        ]
        files = dict(zip(names, sources.values(), strict=True))
        write_tree(tmp_path, files | {"build/compile_commands.json": json.dumps(entries)})
        runs.write_text("")
        command = [ROOT / ".venv/bin/python", "scripts/lint/compiled.py", "tidy", "build"]
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env={
                "PATH": f"{tmp_path}/bin:/usr/bin:/bin",
                "XDG_CACHE_HOME": str(tmp_path / "cache"),
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert (done.returncode == 0) == (done.stdout == "") and not done.stderr, done.stderr
        return len(runs.read_text()), done.stdout

    return run


def test_sources_of_a_room_take_one_run(tidy):
    header = "#include <utility>\n"
    assert tidy(a=header + constant("one"), b=header + constant("two")) == (1, "")


def test_helpers_of_one_name_are_looked_at_apart(tidy):
    assert tidy(a=constant("one"), b=constant("one"), c=constant("one")) == (5, "")
    assert tidy(d=constant("one"), e=constant("one"), f=constant("two")) == (3, "")


def test_a_fault_is_reported_of_its_source_alone(tidy):
    runs, found = tidy(a=constant("one"), b=constant("BadName"))
    assert runs == 2 and "b.cpp:2:" in found and "a.cpp" not in found


@pytest.mark.parametrize(
    "text",
    [
        "int visible() { return 1; }\n",
        "#include <vector>\n#include <vector>\n",
        "int f();\nint f();\nint f() { return 1; }\n",
    ],
    ids=["not declared elsewhere", "included twice", "declared twice"],
)
def test_what_counts_in_a_main_file_counts_among_others(tidy, text):
    found = tidy(a="#include <vector>\n", b=text)[1]
    assert "b.cpp:" in found and "a.cpp" not in found


def test_a_source_that_does_not_compile_fails_alone(tidy):
    good, broken = constant("one"), "int f() { return g(); }\n"
    for name, sources in {"a": {"a": broken, "b": good}, "d": {"c": good, "d": broken}}.items():
        found = tidy(**sources)[1]
        assert found.count(".cpp:\n") == 1 and f"{name}.cpp:1:" in found


def test_what_passed_is_not_looked_at_again(tidy):
    one, bad = constant("one"), constant("BadName")
    assert tidy(a=one, b=bad)[0] == 2
    assert tidy(a=one, b=bad)[0] == 1  # the bad one
    assert tidy(a=one, b=constant("two")) == (1, "")
    assert tidy(a=one, b=constant("two")) == (0, "")


@pytest.mark.parametrize("elsewhere", ["", "static int Bad = 1;\n"], ids=["alone", "and another"])
def test_a_fault_in_a_header_fails_those_that_include_it(tidy, tmp_path, elsewhere):
    write_tree(tmp_path, {"src/base/h.h": "#pragma once\nextern int BadName;\n"})
    include = '#include "base/h.h"\n'
    found = tidy(a=elsewhere, b=include, c=include, d="")[1]
    assert "h.h:2:" in found and "b.cpp:\n" in found and "c.cpp:\n" in found
    assert "d.cpp:\n" not in found and ("a.cpp:\n" in found) == bool(elsewhere)
