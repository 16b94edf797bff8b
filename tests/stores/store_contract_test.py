"""What every kind of state store promises (src/engine/state_store.h), held against the real thing:
S3 and DynamoDB of moto, DynamoDB of dynalite, a folder, and a process's memory.

FAS_BUILD_DIR is the CMake build folder: it holds tests/drive_store.
"""

import itertools

import pytest

from fault_proxy import before, lose_answer, reply
from processes import free_port

DIRECTIONS = ["scale_out", "scale_in"]
PAIRS = list(itertools.product(DIRECTIONS, DIRECTIONS))
NEVER = ("never", "never")


def both(read):
    """The last actions as a read tells them. A scale-out in 1970 is none: so a scale-in, which
    claims by the scale-out's record, writes that there was none."""
    out, back_in = read["scale_out"], read["scale_in"]
    return ("never" if out == {"at": 0} else out), back_in


def is_conflict(outcome):
    return outcome != "done" and (outcome["kind"], outcome["code"]) == ("conflict", "StateChanged")


def is_unknown(action):
    return isinstance(action, dict) and action.keys() == {"unknown"}


# --- reading and recording


def test_where_nothing_was_recorded_there_never_was_an_action(place):
    read = place.driver().read()
    assert both(read) == NEVER
    assert (read["from_memory"], read["errors"]) == (False, [])


def test_a_scale_out_is_not_told_of_scale_ins(place):
    read = place.driver().read("scale_out")
    assert read["scale_out"] == "never"
    assert is_unknown(read["scale_in"])
    assert read["errors"] == []


def test_what_one_records_another_reads(place):
    writer = place.driver()
    reader = place.driver() if place.shared else writer
    writer.read()
    counted = {"at": 1682341234.567891, "backlog": 420, "desired": 12}
    assert writer.record("scale_out", **counted) == "done"
    assert both(reader.read(store="b")) == (counted, "never")
    assert writer.record("scale_in", at=1682341300.25, desired=6) == "done"
    assert both(reader.read(store="c")) == (counted, {"at": 1682341300.25, "desired": 6})
    assert writer.record("scale_out", at=1682341400) == "done"
    after = ({"at": 1682341400}, {"at": 1682341300.25, "desired": 6})
    assert both(reader.read(store="d")) == after
    assert both(writer.read()) == after


def test_a_scale_in_alone_leaves_no_scale_out(place):
    driver = place.driver()
    driver.read()
    assert driver.record("scale_in", at=1.6e9, backlog=0, desired=0) == "done"
    told = {"at": 1.6e9, "backlog": 0, "desired": 0}
    assert both(driver.read(store="b")) == ("never", told)


def test_what_was_read_only_now_is_not_from_memory(place):
    """What a claim proves is that nobody acted since the state was known: a check whose state was
    read beside the queue looks at the queue once more."""
    driver = place.driver()
    assert driver.read("scale_out")["from_memory"] is False
    assert driver.read("scale_in")["from_memory"] is False
    assert driver.read("scale_out")["from_memory"] is True
    assert driver.read("scale_in")["from_memory"] is True
    assert driver.record("scale_out") == "done"
    assert driver.read("scale_in")["from_memory"] is True


@pytest.mark.parametrize("theirs", DIRECTIONS)
def test_nor_is_what_others_wrote_meanwhile(place, theirs):
    """Either the store looks each time, and says so, or its claim finds out."""
    driver = place.driver()
    driver.read()
    driver.read(store="b")
    assert driver.record(theirs, store="b") == "done"
    known = driver.read("scale_out")["from_memory"]
    known_in = driver.read("scale_in")["from_memory"]
    assert known_in is known
    if known:
        assert is_conflict(driver.record("scale_in"))


# --- of two, one


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_who_claims_on_what_has_changed_loses(place, first, second):
    driver = place.driver()
    driver.read(store="a")
    driver.read(store="b")
    assert driver.record(first, store="a", at=1.6e9) == "done"
    assert is_conflict(driver.record(second, store="b", at=1.7e9))
    # The loser leaves no trace, and may claim once it knows.
    expected = [{"at": 1.6e9} if first == direction else "never" for direction in DIRECTIONS]
    assert both(driver.read(store="c")) == tuple(expected)
    assert both(driver.read(store="b")) == tuple(expected)
    assert driver.record(second, store="b", at=1.8e9) == "done"


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_of_two_at_once_one_wins(place, first, second):
    driver = place.driver()
    for _ in range(5):
        driver.read(store="a")
        driver.read(store="b")
        race = driver.ask(do="race", store="a", action=first, other="b", other_action=second)
        outcomes = [race["outcome"], race["other_outcome"]]
        assert outcomes.count("done") == 1, outcomes
        assert sum(map(is_conflict, outcomes)) == 1, outcomes


@pytest.mark.kinds("s3", "dynamodb", "dynalite", "directory")
def test_of_several_processes_one_wins(place):
    drivers = [place.driver() for _ in range(4)]
    for number in range(10):
        for driver in drivers:
            driver.read()
        for index, driver in enumerate(drivers):
            direction = DIRECTIONS[(index + number) % 2]
            driver.send(do="record", store="a", action=direction, at=1.5e9 + number)
        outcomes = [driver.answer()["outcome"] for driver in drivers]
        assert outcomes.count("done") == 1, outcomes
        assert sum(map(is_conflict, outcomes)) == 3, outcomes


@pytest.mark.kinds("s3", "dynamodb", "dynalite", "directory")
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_who_claims_on_what_is_gone_loses(place, direction):
    driver = place.driver()
    driver.read()
    assert driver.record() == "done"
    place.forget()
    assert is_conflict(driver.record(direction))
    assert both(driver.read()) == NEVER


# --- answers that are lost


@pytest.mark.kinds("s3", "dynamodb", "dynalite")
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_claim_whose_answer_was_lost_is_recognised_as_its_own(place, direction):
    proxy = place.proxy()
    proxy.on(place.writing, lose_answer, times=1)
    driver = place.driver()
    driver.read()
    assert driver.record(direction, at=1.6e9) == "done"
    written = [{"at": 1.6e9} if direction == each else "never" for each in DIRECTIONS]
    assert both(driver.read(store="b")) == tuple(written)
    # And the next claim goes by what this one wrote.
    assert driver.record(direction, at=1.7e9) == "done"


@pytest.mark.kinds("dynamodb")
def test_which_takes_no_other_request(place):
    proxy = place.proxy()
    proxy.on(place.writing, lose_answer, times=1)
    driver = place.driver()
    driver.read()
    assert driver.record() == "done"
    assert proxy.operations() == [place.reading, place.writing, place.writing]


@pytest.mark.kinds("s3", "dynamodb", "dynalite")
def test_after_a_lost_answer_anothers_claim_is_anothers(place):
    """The first attempt never arrived, and before the second somebody else came."""
    other = place.driver()
    other.read()
    proxy = place.proxy()
    proxy.on(place.writing, before(lambda: other.record(at=1.6e9)), times=1)
    driver = place.driver()
    driver.read()
    assert is_conflict(driver.record(at=1.7e9))
    assert both(driver.read())[0] == {"at": 1.6e9}


# --- what cannot be read


CORRUPT_KINDS = ["s3", "dynamodb", "directory"]


@pytest.mark.kinds(*CORRUPT_KINDS)
def test_what_is_no_record_is_unknown_until_a_scale_out_replaces_it(place):
    for how in place.corrupt_contents:
        place.corrupt(how)
        driver = place.driver()
        for _ in range(2):
            read = driver.read("scale_in")
            assert is_unknown(read["scale_out"]), how
            assert read["from_memory"] is False
            assert read["errors"], how
            for error in read["errors"]:
                assert (error["kind"], error["code"]) == ("invalid", "CorruptState")
                assert place.name in error["message"]
                assert "mend or delete" in error["message"]
        assert is_unknown(driver.read("scale_out")["scale_out"])
        assert driver.record("scale_out", at=1.6e9) == "done", how
        assert both(driver.read(store="b")) == ({"at": 1.6e9}, "never")
        place.forget()


@pytest.mark.kinds(*CORRUPT_KINDS)
def test_which_is_a_claim_like_any_other(place):
    place.corrupt("foreign")
    driver = place.driver()
    driver.read(store="a")
    driver.read(store="b")
    assert driver.record(store="a") == "done"
    assert is_conflict(driver.record(store="b"))


@pytest.mark.kinds("dynamodb", "dynalite")
def test_attributes_of_others_stay(place):
    driver = place.driver()
    driver.read()
    driver.record("scale_out", at=1.6e9, backlog=420, desired=5)
    place.put(place.item() | {"note": {"S": "ours"}, "expires": {"N": "1"}})
    driver.record("scale_in", at=1.7e9, desired=2)
    item = place.item()
    assert item.pop("writer")["S"]
    assert item == {
        "target": {"S": "prod/web"},
        "scale_out_at": {"S": "2020-09-13T12:26:40Z"},
        "scale_out_desired": {"N": "5"},
        "scale_out_messages": {"N": "420"},
        "scale_in_at": {"S": "2023-11-14T22:13:20Z"},
        "scale_in_desired": {"N": "2"},
        "note": {"S": "ours"},
        "expires": {"N": "1"},
    }


def assert_fails_as(driver, kind, *words):
    """A scale-in learns nothing, and is told so; a claim fails, and not as one that was lost."""
    read = driver.read("scale_in")
    assert is_unknown(read["scale_out"]) and is_unknown(read["scale_in"])
    outcome = driver.record("scale_out")
    assert outcome != "done"
    for error in [*read["errors"], outcome]:
        assert error["kind"] == kind, error
        for word in words:
            assert word in error["message"], error
    assert read["errors"]


@pytest.mark.kinds("s3", "dynamodb")
def test_a_server_that_is_not_there_is_no_empty_store(place):
    place.endpoint = f"http://127.0.0.1:{free_port()}"
    assert_fails_as(place.driver(), "retryable", place.name)


@pytest.mark.kinds("s3", "dynamodb")
def test_what_is_denied_says_what_to_allow(place):
    proxy = place.proxy()
    for operation in (place.reading, place.writing):
        proxy.on(operation, reply(place.denial))
    assert_fails_as(place.driver(), "denied", place.name, "allow")


@pytest.mark.kinds("s3", "dynamodb", "dynalite")
def test_a_bucket_or_table_that_is_not_there_is_no_empty_one(place):
    place.take_away()
    assert_fails_as(place.driver(), "not_found", place.name, "check")


@pytest.mark.kinds("dynamodb", "dynalite")
def test_a_table_with_another_key_says_which_is_needed(place):
    place.take_away()
    place.make_table(
        KeySchema=[
            {"AttributeName": "target", "KeyType": "HASH"},
            {"AttributeName": "service", "KeyType": "RANGE"},
        ]
    )
    assert_fails_as(place.driver(), "invalid", place.name, 'partition key "target", a String')
