"""What is kept in the user's cache folder, and that all is right without it."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "cached.sh"


@pytest.fixture
def cached(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def run(what, key, folder, name=".things"):
        command = [SCRIPT, what, key, tmp_path / folder, name]
        return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode

    return run


def things(folder):
    return {file.name: file.read_text() for file in (folder / ".things").iterdir()}


def make_things(folder, **files):
    (folder / ".things").mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / ".things" / name).write_text(text)


def entries(tmp_path):
    return sorted((tmp_path / "cache" / "fast-autoscaler" / "things").iterdir())


def test_another_clone_gets_what_one_has_put(cached, tmp_path):
    make_things(tmp_path / "one", a="1", b="2")
    assert cached("put", "version 1", "one") == 0
    assert cached("get", "version 1", "two") == 0
    assert things(tmp_path / "two") == {"a": "1", "b": "2"}


def test_what_was_made_of_something_else_is_not_got(cached, tmp_path):
    make_things(tmp_path / "one", a="1")
    assert cached("get", "version 1", "two") != 0
    assert cached("put", "version 1", "one") == 0
    assert cached("get", "version 2", "two") != 0
    assert not (tmp_path / "two").exists()


def test_a_broken_one_is_as_none(cached, tmp_path):
    make_things(tmp_path / "one", a="1" * 100_000, b="2" * 100_000)
    assert cached("put", "version 1", "one") == 0
    [entry] = entries(tmp_path)
    os.truncate(entry, entry.stat().st_size // 2)
    assert cached("get", "version 1", "two") != 0
    assert not (tmp_path / "two" / ".things").exists()


def test_those_used_last_are_kept(cached, tmp_path):
    make_things(tmp_path / "one", a="1")
    for version in "12345":
        if version == "5":
            assert cached("get", "1", "two") == 0  # used again
        assert cached("put", version, "one") == 0
        for entry in entries(tmp_path):  # what was done before is a day older
            os.utime(entry, (entry.stat().st_atime, entry.stat().st_mtime - 86_400))
    assert len(entries(tmp_path)) == 4
    assert [version for version in "12345" if cached("get", version, "two") == 0] == list("1345")
