"""How `make instructions` judges counts: what is said, what fails, and what a trailer allows."""

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

import instructions  # noqa: E402

KEPT = {"next": 1_000_000, "sweep": 2_000_000}


def judged(percent: float, allowed: float = 0) -> instructions.Comparison:
    counted = {"next": round(1_000_000 * (1 + percent / 100))}
    [one] = instructions.compare(KEPT, counted, {"next": allowed})
    return one


@pytest.mark.parametrize("percent", [-0.9, 0, 0.9])
def test_what_is_within_a_percent_is_not_said(percent):
    assert str(judged(percent)).endswith(" %")


@pytest.mark.parametrize("percent, said", [(-40, "less"), (-1.1, "less"), (1.1, "more")])
def test_what_is_over_a_percent_is_said_and_passes(percent, said):
    assert said in str(judged(percent))
    assert not judged(percent).refused


def test_a_growth_over_three_percent_fails():
    assert not judged(2.9).refused
    assert judged(3.1).refused
    assert "TOO MUCH" in str(judged(3.1))


def test_a_trailer_allows_what_it_says_and_no_more():
    assert not judged(7.5, allowed=7).refused
    assert "+7 %" in str(judged(7.5, allowed=7))
    assert judged(8.5, allowed=7).refused
    assert judged(3.5, allowed=2).refused


def test_each_name_has_its_own_allowance():
    counted = {"next": 1_050_000, "sweep": 2_100_000}
    comparisons = instructions.compare(KEPT, counted, {"next": 5})
    assert [one.refused for one in comparisons] == [False, True]


def test_a_name_without_a_kept_count_is_not_compared():
    assert instructions.compare(KEPT, {"decision": 5}, {}) == []


def test_trailers_add_up():
    trailers = ["next +2 % because of names", "next +1.5% because of more", "sweep +4 % because"]
    with pytest.raises(ValueError, match="sweep"):
        instructions.allowed_by(trailers)  # the last one gives no reason
    assert instructions.allowed_by(trailers[:2]) == {"next": 3.5}


@pytest.mark.parametrize("text", ["nxet +2 % because x", "next 2 % because x", "next +2 %", ""])
def test_a_trailer_that_says_it_otherwise_is_not_passed_over(text):
    with pytest.raises(ValueError, match="not understood"):
        instructions.allowed_by([text])


@pytest.fixture
def repository(tmp_path):
    """Gives a function that commits the kept counts (or nothing) with a message."""

    def git(*arguments):
        person = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", "-C", tmp_path, *person, *arguments], check=True)

    def commit(message: str, kept: str | None = None):
        if kept is not None:
            (tmp_path / "kept.json").write_text(kept)
        git("add", ".")
        git("commit", "--quiet", "--allow-empty", "--message", message)
        return instructions.trailers_since(tmp_path, tmp_path / "kept.json")

    git("init", "--quiet")
    return commit


def test_trailers_count_from_the_commit_that_kept_the_counts(repository):
    assert repository("Begin") == []
    assert repository("Keep\n\nInstructions: next +9 % because it is kept", kept="1") == []
    assert repository("Grow\n\nWhy.\n\nInstructions: next +4 % because\n of that\nA: b") == [
        "next +4 % because of that"
    ]
    assert repository("Grow on\n\nInstructions: sweep +2 % because") == [
        "sweep +2 % because",
        "next +4 % because of that",
    ]
    assert repository("Speak of it\n\nInstructions: next +1 % because x\n\nLast words.") == [
        "sweep +2 % because",
        "next +4 % because of that",
    ]
    assert repository("Keep anew", kept="2") == []
