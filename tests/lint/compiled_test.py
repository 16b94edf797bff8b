"""The checks that need a compiler, and their memory of what passed."""

import json
import shutil

import pytest
from checker import run_checker, write_tree

needs_clang_tidy = pytest.mark.skipif(
    not shutil.which("clang-tidy-19"), reason="clang-tidy-19 is installed by `make lint`"
)


@pytest.fixture
def build_dir(tmp_path):
    """A build folder of a program with one source, a.cpp."""
    entry = {
        "directory": str(tmp_path),
        "command": "/usr/bin/ccache g++ -std=c++23 -Wall -Wno-restrict -Werror -o a.o -c a.cpp",
        "file": "a.cpp",
    }
    write_tree(tmp_path, {"build/compile_commands.json": json.dumps([entry]), "a.cpp": ""})
    return tmp_path / "build"


def verdict(check, build_dir, name, text):
    file = build_dir.parent / name
    file.write_text(text)
    return run_checker("compiled", check, build_dir, file)


def test_a_header_that_compiles_alone_passes(build_dir):
    text = "#pragma once\n#include <string>\ninline std::string text;\n"
    assert verdict("headers", build_dir, "a.h", text) == (True, "")


def test_a_header_that_leans_on_another_fails(build_dir):
    passed, output = verdict("headers", build_dir, "a.h", "inline std::string text;\n")
    assert not passed and "std" in output


def test_a_header_that_passed_is_looked_at_again_when_it_changes(build_dir):
    assert verdict("headers", build_dir, "a.h", "inline int value;\n")[0]
    assert verdict("headers", build_dir, "a.h", "inline int value;\n")[0]
    assert not verdict("headers", build_dir, "a.h", "inline in value;\n")[0]
    assert not verdict("headers", build_dir, "a.h", "inline in value;\n")[0]


@needs_clang_tidy
def test_a_tidy_source_passes(build_dir):
    text = "struct Task { int run_count = 0; };\nint main() { return Task{}.run_count; }\n"
    assert verdict("tidy", build_dir, "a.cpp", text) == (True, "")


@needs_clang_tidy
@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("int BadName = 0;\n", "readability-identifier-naming"),
        ("class Foo { int count = 0; };\n", "readability-identifier-naming"),
        ("int f(bool b) { if (b) { return 1; } else { return 1; } }\n", "bugprone-branch-clone"),
        ("#include <string>\nint f(std::string s) { return s.empty(); }\n", "performance-"),
        ("int* p = 0;\n", "modernize-use-nullptr"),
    ],
)
def test_an_untidy_source_fails(build_dir, text, check):
    passed, output = verdict("tidy", build_dir, "a.cpp", text)
    assert not passed and check in output


@needs_clang_tidy
def test_the_analyzer_follows_what_happens(build_dir):
    text = "int f(int* p) { delete p; return *p; }\n"
    passed, output = verdict("analyze", build_dir, "a.cpp", text)
    assert not passed and "clang-analyzer-" in output
    assert verdict("analyze", build_dir, "a.cpp", "int f(int* p) { return *p; }\n") == (True, "")
