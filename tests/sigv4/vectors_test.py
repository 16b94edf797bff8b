"""The official vectors, and that the program which runs them tells right from wrong."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from reference_cases import REFERENCE_CASES
from vector_cases import find_cases
from vectors import OFFICIAL_SUITE, verdict_on

OFFICIAL_CASES = dict(find_cases(OFFICIAL_SUITE))


@pytest.mark.parametrize("name", OFFICIAL_CASES)
def test_signs_the_official_vector(name):
    assert verdict_on(OFFICIAL_CASES[name]) == ("passed", "header")


def test_runs_all_31_official_vectors_by_default():
    run = run_vectors()
    assert (run.returncode, last_line(run)) == (0, "31 passed, 0 failed, 0 skipped")


@pytest.mark.parametrize("name", REFERENCE_CASES)
def test_signs_as_botocore_does(tmp_path, name):
    REFERENCE_CASES[name].write(tmp_path / name)
    run = run_vectors(tmp_path)
    assert run.stdout == f"passed  {name}: header, query\n1 passed, 0 failed, 0 skipped\n"
    assert run.returncode == 0


def test_finds_cases_at_any_depth(tmp_path):
    (tmp_path / "v4" / "more").mkdir(parents=True)
    REFERENCE_CASES["query"].write(tmp_path / "v4" / "one")
    REFERENCE_CASES["query"].write(tmp_path / "v4" / "more" / "two")
    run = run_vectors(tmp_path)
    assert run.stdout.splitlines() == [
        "passed  v4/more/two: header, query",
        "passed  v4/one: header, query",
        "2 passed, 0 failed, 0 skipped",
    ]


@pytest.mark.parametrize("how", ["header", "query"])
@pytest.mark.parametrize(
    "text", ["canonical-request", "string-to-sign", "signature", "signed-request"]
)
def test_names_the_first_text_that_differs(tmp_path, how, text):
    case = tmp_path / "query"
    REFERENCE_CASES["query"].write(case)
    REFERENCE_CASES["body-signed"].write(tmp_path / "other")
    spoil(case / f"{how}-{text}.txt")
    if text == "canonical-request":
        spoil(case / f"{how}-signature.txt")

    run = run_vectors(tmp_path)

    assert f"failed  query: {how}: the {text.replace('-', ' ')} differs\n--- expected" in run.stdout
    assert "passed  other: header, query" in run.stdout
    assert (run.returncode, last_line(run)) == (1, "1 passed, 1 failed, 0 skipped")


@pytest.mark.parametrize("suffix", ["creq", "sts", "authz", "sreq"])
def test_compares_every_text_of_the_older_layout(tmp_path, suffix):
    copy_official("get-vanilla", tmp_path)
    spoil(tmp_path / "get-vanilla" / f"get-vanilla.{suffix}")
    run = run_vectors(tmp_path)
    assert (run.returncode, last_line(run)) == (1, "0 passed, 1 failed, 0 skipped")


def test_fails_a_case_with_an_option_that_it_does_not_know(tmp_path):
    REFERENCE_CASES["query"].write(tmp_path / "case")
    context = json.loads((tmp_path / "case" / "context.json").read_text())
    (tmp_path / "case" / "context.json").write_text(json.dumps({**context, "chunked": True}))
    run = run_vectors(tmp_path)
    assert "chunked" in run.stdout
    assert (run.returncode, last_line(run)) == (1, "0 passed, 1 failed, 0 skipped")


def test_skips_what_is_no_case_for_this_signer_and_says_why(tmp_path):
    for name in ["asymmetric", "incomplete", "good"]:
        REFERENCE_CASES["query"].write(tmp_path / name)
    (tmp_path / "asymmetric" / "public-key.json").write_text("{}")
    for file in [*(tmp_path / "incomplete").glob("*-*.txt")]:
        file.unlink()
    run = run_vectors(tmp_path)
    assert "skipped asymmetric: it is for Signature Version 4A" in run.stdout
    assert "skipped incomplete: it has no texts to compare with" in run.stdout
    assert (run.returncode, last_line(run)) == (0, "1 passed, 0 failed, 2 skipped")


def test_fails_where_there_is_no_case(tmp_path):
    run = run_vectors(tmp_path)
    assert (run.returncode, run.stdout) == (1, "0 passed, 0 failed, 0 skipped\n")
    run = run_vectors(tmp_path / "nothing")
    assert (run.returncode, run.stdout) == (2, "")
    assert "no such folder" in run.stderr


def run_vectors(*arguments):
    return subprocess.run(
        [sys.executable, Path(__file__).with_name("vectors.py"), *arguments],
        capture_output=True,
        text=True,
        timeout=120,
    )


def last_line(run):
    return run.stdout.splitlines()[-1]


def spoil(file):
    """Changes the first digit: every text has a date or a hash."""
    text = file.read_text()
    digit = next(character for character in text if character.isdigit())
    file.write_text(text.replace(digit, "7" if digit != "7" else "8", 1))


def copy_official(name, to):
    (to / name).mkdir()
    for file in (OFFICIAL_SUITE / name).iterdir():
        (to / name / file.name).write_text(file.read_text())
