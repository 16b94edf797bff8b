"""The published schema and the program agree on which configurations are right. The schema is read
by check-jsonschema, by ajv in strict mode, and for what concerns single settings by jsonschema.
"""

import json

import jsonschema
import pytest
from odd_inputs import FOR_THE_PROGRAM_ALONE, RIGHT, WRONG
from validators import SCHEMA as FILE
from validators import by_ajv, by_check_jsonschema, by_the_program

SCHEMA = json.loads(FILE.read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def text_of(document) -> str:
    return document if isinstance(document, str) else json.dumps(document)


ALONE = [(rule, text_of(one)) for rule, inputs in FOR_THE_PROGRAM_ALONE.items() for one in inputs]
# By the text: whether the schema finds it right, and whether the program does.
EXPECTED = (
    {text_of(one): (True, True) for one in RIGHT}
    | {text_of(one): (False, False) for one in WRONG}
    | {text: (True, False) for _, text in ALONE}
)


def name_of(text: str) -> str:
    """A test's name."""
    return text[:80]


def differing(verdicts: list[bool]) -> list[str]:
    """The inputs that the schema, so read, finds right where it should not, or the reverse."""
    pairs = zip(EXPECTED.items(), verdicts, strict=True)
    return [text for (text, (expected, _)), verdict in pairs if verdict != expected]


def test_there_are_enough_odd_inputs_and_none_is_in_two_lists():
    assert len(EXPECTED) == len(RIGHT) + len(WRONG) + len(ALONE)
    assert len(EXPECTED) >= 260


def test_check_jsonschema_says_what_is_expected(tmp_path):
    assert differing(by_check_jsonschema(list(EXPECTED), tmp_path)) == []


def test_ajv_in_strict_mode_says_what_is_expected():
    assert differing(by_ajv(list(EXPECTED))) == []


@pytest.mark.parametrize("text", EXPECTED, ids=name_of)
def test_the_program_says_the_same(text, tmp_path):
    told = by_the_program(text, tmp_path)
    _, right = EXPECTED[text]
    assert told.returncode == (0 if right else 2), told.stdout + told.stderr


@pytest.mark.parametrize("text", ["", "{", "{'min_tasks': 1}", '{"min_tasks": 01}', "{} {}"])
def test_the_program_refuses_what_is_no_json(text, tmp_path):
    told = by_the_program(text, tmp_path)
    assert told.returncode == 2, told.stdout + told.stderr


def objects(schema, place="$"):
    """Every object that the schema describes by its properties, with where it is."""
    if isinstance(schema, list):
        for number, inner in enumerate(schema):
            yield from objects(inner, f"{place}[{number}]")
    elif isinstance(schema, dict):
        if "additionalProperties" in schema:
            yield place, schema
        for key, inner in schema.items():
            yield from objects(inner, f"{place}.{key}")


def properties():
    """Every property that is described, with where it is."""
    for place, found in objects(SCHEMA):
        for name, schema in found["properties"].items():
            if "$ref" not in schema or len(schema) > 1:
                yield f"{place}.{name}", schema


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["$id"] == "urn:fast-autoscaler:configuration"


def test_every_object_takes_only_what_it_names():
    assert all(found["additionalProperties"] is False for _, found in objects(SCHEMA))


def test_its_defaults_and_examples_are_right():
    for place, schema in properties():
        values = list(schema.get("examples", []))
        if "default" in schema:
            values.append(schema["default"])
        here = VALIDATOR.evolve(schema=schema)
        for value in values:
            assert here.is_valid(value), f"{place}: {value}"


def test_the_program_accepts_all_defaults_together(tmp_path):
    entries = SCHEMA["properties"].items()
    defaults = {name: schema["default"] for name, schema in entries if "default" in schema}
    assert len(defaults) > 15
    told = by_the_program(json.dumps(defaults), tmp_path)
    assert told.returncode == 0, told.stdout + told.stderr


def test_every_property_is_described():
    undescribed = [place for place, schema in properties() if not schema.get("description")]
    assert undescribed == []


# Secrets, and where the schema is.
SHOWN_NOWHERE = ("password", "bearer_token", "headers", "$schema")


def test_every_setting_without_a_default_has_an_example():
    lacking = [
        place
        for place, schema in properties()
        if schema.get("type") in ("string", "number", "integer")
        and not {"default", "examples", "enum"} & schema.keys()
        and place.rpartition(".")[2] not in SHOWN_NOWHERE
    ]
    assert lacking == []
