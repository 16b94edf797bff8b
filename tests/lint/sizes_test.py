"""The check on the length of files and lines."""

import pytest
from checker import run_checker, write_tree


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("a.h", "x\n" * 250),
        ("a.cpp", "x\n" * 500),
        ("a.cpp", "é" * 100 + "\n"),
        ("a.h", "// https://docs.aws.amazon.com/" + "x" * 100),
        ("a.txt", "x" * 1000),
    ],
)
def test_small_files_pass(tmp_path, file, text):
    write_tree(tmp_path, {file: text})
    assert run_checker("sizes", tmp_path) == (True, "")


@pytest.mark.parametrize(
    ("file", "text", "verdict"),
    [
        ("a.h", "x\n" * 251, "251: 251 lines; at most 250 in a .h file"),
        ("deep/a.cpp", "x\n" * 501, "501: 501 lines; at most 500 in a .cpp file"),
        ("a.py", "\n" + "x" * 101, "2: 101 columns; at most 100"),
    ],
)
def test_large_ones_are_reported(tmp_path, file, text, verdict):
    write_tree(tmp_path, {file: text})
    assert run_checker("sizes", tmp_path) == (False, f"{tmp_path}/{file}:{verdict}\n")
