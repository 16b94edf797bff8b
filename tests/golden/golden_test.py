"""The golden corpus: what configurations, events, tags, state files and situations were read and
decided as, recorded from the program of before the rooms were rebuilt. Each has that verdict still,
but for those that mended.json names, with why and the new one. record.py records.
"""

import itertools
import json

import pytest
from mended import MENDED, promised
from stand_in_aws import StandInAws
from verdicts import HERE, SITUATIONS, VERDICTS, binary, read_cases, situations

GROUPS = {group: read_cases(HERE / f"{group}.jsonl") for group in (*VERDICTS, *SITUATIONS)}


def by_group(*groups: str):
    return [
        pytest.param(group, case, id=f"{group}: {case['name']}")
        for group in groups
        for case in GROUPS[group]
    ]


def by_environment():
    """All questions of one group and environment, for one process."""
    return [
        pytest.param(group, list(cases), id=f"{group}: {environment}")
        for group in SITUATIONS
        for environment, cases in itertools.groupby(GROUPS[group], lambda one: one["environment"])
    ]


@pytest.fixture(scope="session")
def aws():
    with StandInAws() as stand_in:
        yield stand_in


@pytest.mark.parametrize("group, case", by_group(*VERDICTS))
def test_it_is_read_and_done_as_before(group, case, tmp_path, aws):
    assert VERDICTS[group](binary(), case, tmp_path, aws) == promised(group, case)


@pytest.mark.parametrize("group, cases", by_environment())
def test_it_is_decided_as_before(group, cases, tmp_path):
    given = situations(binary(), cases, tmp_path)
    wrong = {
        case["name"]: {"promised": promised(group, case), "given": one}
        for case, one in zip(cases, given, strict=True)
        if one != promised(group, case)
    }
    assert wrong == {}


def test_what_is_mended_is_another_verdict_of_a_case_and_says_why():
    known = {f"{group}: {case['name']}": case for group, cases in GROUPS.items() for case in cases}
    for name, mended in MENDED["cases"].items():
        assert mended["why"], name
        assert mended["verdict"] != known[name]["verdict"], name


def test_each_reworded_sentence_was_said_and_says_why():
    recorded = [json.dumps(case["verdict"]) for cases in GROUPS.values() for case in cases]
    for sentence in MENDED["sentences"]:
        assert sentence["why"], sentence
        was = json.dumps(sentence["was"])[1:-1]
        assert any(was in verdict for verdict in recorded), sentence


def test_no_two_cases_have_one_name():
    for group, cases in GROUPS.items():
        names = [case["name"] for case in cases]
        assert len(set(names)) == len(names), group
