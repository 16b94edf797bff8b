"""`make lint` as a whole: it fails when any of its checks does, and passes a clean tree."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from checker import write_tree

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("clang-tidy-19", "clang-format-19", "shellcheck"))),
    reason="installed by `make lint`",
)

CLEAN = {
    "src/base/a.h": "#pragma once\n\nint twice(int value);\n",
    "src/base/a.cpp": '#include "base/a.h"\n\nint twice(int value) { return 2 * value; }\n',
    "tests/a.py": "VALUE = 1\n",
    "tests/a.sh": "#!/bin/bash\necho\n",
    "bench/a.cpp": "int value;\n",
    "packaging/a.py": "VALUE = 1\n",
    ".ci/run": "#!/bin/bash\necho\n",
    # What holds generated files to their sources has tests of its own.
    "scripts/deploy_templates.py": "",
    "scripts/publish_settings.py": "",
}
# For each check a file in which it alone finds fault.
FAULTS = {
    "format": ("bench/b.cpp", "int  value;\n"),
    "layers": ("src/base/b.h", '#pragma once\n\n#include "a.h"\n'),
    "coroutines": (
        "src/base/b.h",
        "#pragma once\n\n#define X co_await\ninline auto f = [](auto g) { co_await g(1, {}); };\n",
    ),
    "sizes": ("tests/b.sh", "#!/bin/bash\necho " + "x" * 100 + "\n"),
    "Python": ("tests/b.py", "import os\n"),
    "shell": (".ci/run", "#!/bin/bash\ncd $1\n"),
    "templates": ("scripts/deploy_templates.py", "import sys\n\nsys.exit(1)\n"),
    "settings": ("scripts/publish_settings.py", "import sys\n\nsys.exit(1)\n"),
    "headers": ("src/base/b.h", "#pragma once\n\nextern std::string text;\n"),
    "clang-tidy": ("src/base/a.cpp", "int BadName = 1;\n"),
}


@pytest.fixture
def tree(tmp_path):
    """A clean project with this one's linters."""
    shutil.copytree(ROOT / "scripts" / "lint", tmp_path / "scripts" / "lint")
    for name in (".clang-format", ".clang-tidy"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    entry = {
        "directory": str(tmp_path),
        "command": f"g++ -std=c++23 -I{tmp_path}/src -o a.o -c src/base/a.cpp",
        "file": "src/base/a.cpp",
    }
    write_tree(tmp_path, {**CLEAN, "build/release/compile_commands.json": json.dumps([entry])})
    return tmp_path


def lint(tree):
    """The exit code, and the checks that failed by the first word of their names."""
    command = [tree / "scripts" / "lint" / "all.sh"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    failed = [line.split()[1] for line in run.stdout.splitlines() if line.startswith("FAILED ")]
    return run.returncode, [name.rstrip(":") for name in failed], run.stdout + run.stderr


def test_a_clean_tree_passes(tree):
    code, failed, output = lint(tree)
    assert (code, failed) == (0, []), output
    assert output.endswith("lint: clean\n")


@pytest.mark.parametrize("check", FAULTS)
def test_one_fault_fails_its_check_and_so_the_whole(tree, check):
    path, text = FAULTS[check]
    write_tree(tree, {path: text})
    code, failed, output = lint(tree)
    assert code != 0 and failed == [check], output
