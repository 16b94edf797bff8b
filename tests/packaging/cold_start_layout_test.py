"""The layout for a cold start names libraries that there are: a pattern of the linker's that
matches nothing says nothing."""

import re
import subprocess
from pathlib import Path

import pytest

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
OF_THE_SYSROOT = ("crypto", "ssl", "curl", "cares", "simdjson")

# As much of the top CMakeLists.txt as the layout concerns.
PROJECT = """\
cmake_minimum_required(VERSION 3.25)
project(program LANGUAGES CXX)
include({packaging}/static_libraries.cmake)
foreach(room {rooms})
  add_library(${{room}} STATIC nothing.cpp)
endforeach()
add_executable(program nothing.cpp)
lay_out_for_a_cold_start(program)
"""


def named_in(script):
    return set(re.findall(r"\*lib([\w-]+)\.a:", script))


@pytest.fixture
def configure(tmp_path):
    def run(script, rooms):
        source = tmp_path / "source"
        libraries = source / "sysroot" / "usr" / "lib" / "some-linux-gnu"
        libraries.mkdir(parents=True)
        for name in OF_THE_SYSROOT:
            (libraries / f"lib{name}.a").touch()
        (source / "packaging").mkdir()
        (source / "packaging" / "start_first.ld").write_text(script)
        (source / "packaging" / "entry.S").touch()
        (source / "nothing.cpp").touch()
        text = PROJECT.format(packaging=PACKAGING, rooms=" ".join(sorted(rooms)))
        (source / "CMakeLists.txt").write_text(text)
        command = ["cmake", "-S", source, "-B", tmp_path / "build", "-G", "Ninja"]
        command.append(f"-DFAS_SYSROOT={source / 'sysroot'}")
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    return run


def test_it_may_name_rooms_and_libraries_of_the_sysroot(configure):
    script = (PACKAGING / "start_first.ld").read_text()
    rooms = named_in(script) - set(OF_THE_SYSROOT)
    configured = configure(script, rooms)
    assert configured.returncode == 0, configured.stderr


def test_a_name_that_is_neither_is_refused(configure):
    script = (PACKAGING / "start_first.ld").read_text()
    rooms = named_in(script) - set(OF_THE_SYSROOT) - {"scaling"}
    configured = configure(script, rooms)
    assert configured.returncode != 0
    message = " ".join(configured.stderr.split())
    assert "start_first.ld names libscaling.a" in message
    assert "libengine.a" not in message
