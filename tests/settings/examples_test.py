"""Every example of README.md, docs/ and deploy/ is plain JSON, and right: by the schema, as
check-jsonschema and ajv read it, and by the program.
"""

import json

import pytest
from examples import (
    DEPLOY,
    INDENTED,
    PAGES,
    PARAMETERS,
    configuration_of,
    examples,
    found,
    is_event,
    is_policy,
)
from validators import by_ajv, by_check_jsonschema, by_the_program

EXAMPLES = examples()
# By their places: what is no JSON at all fails the first test alone.
CONFIGURATIONS = {}
for place, text in EXAMPLES:
    try:
        configuration = configuration_of(json.loads(text))
    except ValueError:
        continue
    if configuration is not None:
        CONFIGURATIONS[place] = json.dumps(configuration)


def refused(verdicts: list[bool]) -> list[str]:
    return [place for place, right in zip(CONFIGURATIONS, verdicts, strict=True) if not right]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.place)
def test_it_is_plain_json(example):
    json.loads(example.text)


def test_check_jsonschema_finds_all_right(tmp_path):
    assert refused(by_check_jsonschema(list(CONFIGURATIONS.values()), tmp_path)) == []


def test_ajv_in_strict_mode_finds_all_right():
    assert refused(by_ajv(list(CONFIGURATIONS.values()))) == []


@pytest.mark.parametrize("place", CONFIGURATIONS)
def test_the_program_finds_it_right(place, tmp_path):
    told = by_the_program(CONFIGURATIONS[place], tmp_path)
    assert told.returncode == 0, told.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_json_stands_in_blocks_of_its_own(page):
    assert found(page, INDENTED) == []


def test_none_is_passed_over():
    """What each kind is known by is there, so that a pattern that finds nothing is noticed."""
    values = [json.loads(example.text) for example in EXAMPLES]
    assert sum(is_policy(value) for value in values) >= 3
    assert sum(is_event(value) for value in values) >= 1
    files = list((DEPLOY / "terraform" / "examples").rglob("*.json"))
    assert len(files) >= 6
    places = [example.place for example in EXAMPLES]
    for file in (*PAGES, *files, PARAMETERS):
        name = str(file.relative_to(DEPLOY.parent))
        if file.suffix == ".md" and "```json" not in file.read_text():
            continue
        assert any(place.startswith(name) for place in places), name
