"""What every kind of store promises of any small text (src/adapters/stores/versioned_store.h): who
does not know what is there does not replace it."""

import json

import pytest

from fault_proxy import lose_answer
from processes import free_port

NAME = "memory.json"
SHARED = ("s3", "dynamodb", "dynalite", "directory")


def read(driver, store="a", name=NAME):
    return driver.ask(do="read_text", store=store, name=name)


def write(driver, text, store="a", name=NAME, **version):
    return driver.ask(do="write_text", store=store, name=name, text=text, **version)


def version_of(answer):
    """To be given to the next write, as it was told."""
    return {"version": answer["version"]} if "version" in answer else {}


def test_what_was_never_written_has_no_text_and_no_version(place):
    assert read(place.driver()) == {"texts": {}}


def test_what_is_written_is_read_and_has_its_version(place):
    driver = place.driver()
    written = write(driver, "first")
    assert written.keys() == {"version"}
    assert read(driver, "b") == {"texts": {NAME: "first"}} | written
    again = write(driver, "second", "b", **written)
    assert again.keys() == {"version"} and again != written
    assert read(driver) == {"texts": {NAME: "second"}} | again


@pytest.mark.parametrize(
    "text",
    ["", "a", json.dumps({"windows": [[1.5, 3]] * 500, "name": 'é\U0001f600\n"\\'})],
    ids=["empty", "short", "some KB of JSON"],
)
def test_any_text_comes_back_as_it_was(place, text):
    driver = place.driver()
    written = write(driver, text)
    present = read(driver, "b")
    assert present == {"texts": {NAME: text}} | written
    assert write(driver, "next", "b", **version_of(present)).keys() == {"version"}


def test_who_knows_another_version_writes_nothing_and_is_told_what_is_there(place):
    driver = place.driver()
    first = write(driver, "first")
    second = write(driver, "second", **first)
    present = {"texts": {NAME: "second"}} | second
    for outdated in ({}, first):
        assert write(driver, "late", "b", **outdated) == {"present": present}
    assert read(driver, "b") == present


@pytest.mark.kinds(*SHARED)
def test_what_is_gone_is_not_what_was_expected(place):
    driver = place.driver()
    written = write(driver, "first")
    place.forget_text(NAME)
    assert write(driver, "second", **written) == {"present": {"texts": {}}}
    assert write(driver, "third").keys() == {"version"}


@pytest.mark.kinds(*SHARED)
def test_of_several_processes_one_writes(place):
    drivers = [place.driver() for _ in range(4)]
    version = {}
    for number in range(5):
        for index, driver in enumerate(drivers):
            text = f"{number} by {index}"
            driver.send(do="write_text", store="a", name=NAME, text=text, **version)
        answers = [driver.answer() for driver in drivers]
        winners = [answer for answer in answers if "version" in answer]
        assert len(winners) == 1, answers
        version = winners[0]
        assert read(drivers[0])["version"] == version["version"]


def test_texts_and_actions_leave_each_other_alone(place):
    driver = place.driver()
    driver.read()
    written = write(driver, "memory")
    other = write(driver, "another", name="other.json")
    assert driver.record("scale_out", at=1.6e9) == "done"
    assert driver.record("scale_in", at=1.7e9) == "done"
    assert read(driver, "b") == {"texts": {NAME: "memory"}} | written
    assert read(driver, "b", "other.json") == {"texts": {"other.json": "another"}} | other
    assert write(driver, "more", **written).keys() == {"version"}
    assert driver.record("scale_in", at=1.8e9) == "done"
    told = driver.read(store="b")
    assert (told["scale_out"], told["scale_in"]) == ({"at": 1.6e9}, {"at": 1.8e9})


@pytest.mark.kinds("s3", "dynamodb", "dynalite")
def test_after_a_lost_answer_a_write_meets_its_own_text(place):
    place.proxy().on(place.writing, lose_answer, times=1)
    driver = place.driver()
    met = write(driver, "mine")["present"]
    assert met["texts"] == {NAME: "mine"}
    assert read(driver) == met


@pytest.mark.kinds("s3", "dynamodb")
def test_a_server_that_is_not_there_is_an_error(place):
    place.endpoint = f"http://127.0.0.1:{free_port()}"
    driver = place.driver()
    for outcome in (read(driver), write(driver, "text")):
        assert outcome["kind"] == "retryable"
        assert place.name in outcome["message"]
