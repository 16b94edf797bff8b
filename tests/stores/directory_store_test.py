"""The store in a local folder: what the disk, other processes and a sudden death do to it."""

import json
import os
import random

import pytest

from state_places import Driver

pytestmark = pytest.mark.kinds("directory")


def test_it_makes_its_folder_for_one_user_alone(place):
    driver = place.driver()
    driver.read()
    assert not place.path.exists()  # to read is not to write
    assert driver.record() == "done"
    assert sorted(os.listdir(place.files)) == ["lock", "up-last-action.json"]
    for folder in (place.path, place.path / "prod", place.files):
        assert folder.stat().st_mode & 0o777 == 0o700
    for file in place.files.iterdir():
        assert file.stat().st_mode & 0o777 == 0o600


def test_its_files_are_those_of_s3(place):
    driver = place.driver()
    driver.read()
    driver.record("scale_out", at=1.5e9, backlog=3, desired=2)
    driver.record("scale_in", at=1.6e9, desired=1)
    up, down = (
        json.loads((place.files / f"{direction}-last-action.json").read_text())
        for direction in ("up", "down")
    )
    assert up.pop("writer") and down.pop("writer")
    assert up == {
        "timestamp": 1.5e9,
        "cluster": "prod",
        "service": "web",
        "action_type": "up",
        "count": 2,
        "desired": 2,
        "messages": 3,
    }
    assert down["action_type"] == "down"


@pytest.mark.parametrize(
    "group", ["../../escape", "arn:aws:ecs:x:1:cluster/prod", "é\n", "." * 300]
)
def test_no_name_leads_out_of_its_folder(place, group):
    place.options = lambda: [f"path={place.path}", f"group={group}"]
    driver = place.driver()
    driver.read()
    assert driver.record() == "done"
    assert driver.read(store="b")["scale_out"] == {"at": 1.5e9}
    assert os.listdir(place.path.parent) == ["state"]


def test_what_is_no_folder_is_an_error_that_says_what_to_do(place):
    place.path.write_text("a file")
    driver = place.driver()
    outcome = driver.record()
    assert (outcome["kind"], outcome["code"]) == ("invalid", "StateFolder")
    assert f"{place.path}/prod/web" in outcome["message"]
    assert "set state_config.path" in outcome["message"]


def test_a_folder_that_may_not_be_written_is_denied(place):
    place.path = "/sys/fast-autoscaler"  # where not even root makes one
    driver = place.driver()
    outcome = driver.record()
    assert outcome["kind"] == "denied", outcome
    assert "let this user read and write there" in outcome["message"]


def test_a_file_that_cannot_be_read_is_unknown(place):
    (place.files / "up-last-action.json").mkdir(parents=True)
    read = place.driver().read()
    assert read["scale_out"].keys() == {"unknown"}
    assert [error["code"] for error in read["errors"]] == ["StateFolder"]


@pytest.mark.parametrize("seed", range(3))
def test_a_sudden_death_leaves_a_state_that_is_whole(place, seed):
    """A process that claims without a pause is killed again and again, wherever that finds it. What
    it had recorded is there, and what it was about to record, or not; the lock is free."""
    draw = random.Random(seed)
    recorded = 0
    for _ in range(15):
        with Driver(["directory", f"path={place.path}"], {}) as victim:
            victim.send(do="claim_for_ever", store="a")
            lines = victim.wait_for_lines(draw.randrange(1, 40))
        whole = [line for line in victim.stdout.splitlines(keepends=True) if line.endswith("\n")]
        lines = [json.loads(line) for line in whole]
        assert {line["record"]["outcome"] for line in lines} == {"done"}
        assert [line["read"]["errors"] for line in lines] == [[]] * len(lines)

        survivor = place.driver()
        read = survivor.read()
        assert read["errors"] == []
        actions = [read[each] for each in ("scale_out", "scale_in") if read[each] != "never"]
        newest = max(action["desired"] for action in actions)
        assert newest - lines[-1]["count"] in (0, 1), (read, lines[-1])
        assert survivor.record("scale_in", at=1.5e9, desired=0) == "done"
        assert "unfinished" not in os.listdir(place.files)
        recorded += len(lines)
    assert recorded > 15
