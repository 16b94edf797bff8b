"""What the Terraform module declares, takes and refuses.

Neither Terraform nor its provider is asked: hcl.py evaluates the module's expressions, and
aws_provider_arguments.json has the names of the arguments that the provider knows, taken once from
the bindings that are made of its schema (the npm package @cdktf/provider-aws, 21.22.1).
"""

import json
import re
from pathlib import Path

import pytest

from hcl import evaluate, unquoted
from templates import FLEET, PROJECT, template
from terraform_module import (
    ACROSS,
    FOLDER,
    MODES,
    SERVICE,
    SETTINGS,
    TARGET_ACCOUNT,
    Module,
    blocks,
    files,
    fleet_defaults,
    module,
    named,
    optional_attributes,
    typed,
)

PROVIDER = json.loads(Path(__file__).with_name("aws_provider_arguments.json").read_text())
META = {"count", "for_each", "depends_on", "lifecycle", "dynamic"}
EXAMPLES = sorted(FOLDER.glob("examples/*"))
FOLDERS = [FOLDER, TARGET_ACCOUNT, *EXAMPLES]


def without_comments(body: dict) -> dict:
    return {key: value for key, value in body.items() if not key.startswith("__")}


def argument_problems(body: dict, known: dict, where: str) -> list[str]:
    problems = []
    given = without_comments(body)
    nested = {unquoted(name) for block in given.get("dynamic", []) for name in block}
    for name, about in known.items():
        required = about == "required" or (isinstance(about, dict) and about["required"])
        if required and name not in given and name not in nested:
            problems.append(f"{where} lacks {name}")
    for name, value in given.items():
        if name in META:
            continue
        if name not in known:
            problems.append(f"{where} has no {name}")
        elif isinstance(known[name], dict) and isinstance(value, list):
            for block in value:
                arguments = known[name]["arguments"]
                problems += argument_problems(block, arguments, f"{where}.{name}")
    return problems


@pytest.mark.parametrize("folder", [FOLDER, TARGET_ACCOUNT], ids=["module", "target-account"])
def test_the_provider_knows_every_argument_and_lacks_none(folder):
    resources = typed(folder, "resource")
    assert resources
    for (kind, name), body in resources.items():
        assert argument_problems(body, PROVIDER["resources"][kind], f"{kind}.{name}") == []


def test_an_argument_that_is_wrong_or_lacks_would_be_found():
    known = PROVIDER["resources"]["aws_scheduler_schedule"]
    body = dict(typed(FOLDER, "resource")["aws_scheduler_schedule", "this"])
    del body["schedule_expression"]
    body["colour"] = '"red"'
    body["target"] = [{**body["target"][0], "inputs": '"{}"'}]
    assert argument_problems(body, known, "it") == [
        "it lacks schedule_expression",
        "it.target has no inputs",
        "it has no colour",
    ]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_versions_are_bounded(folder):
    (terraform,) = blocks(folder, "terraform")
    bounded = re.compile(r'">= [0-9.]+, < [0-9.]+"')
    assert bounded.fullmatch(terraform["required_version"])
    (providers,) = terraform["required_providers"]
    assert bounded.fullmatch(providers["aws"]["version"])
    version = PROVIDER["provider"].rpartition(" ")[2]
    assert version.startswith("6.") and "< 7" in providers["aws"]["version"]


def text_of(folder: Path) -> str:
    return "\n".join(path.read_text() for path in folder.glob("*.tf"))


@pytest.mark.parametrize("folder", [FOLDER, TARGET_ACCOUNT], ids=["module", "target-account"])
def test_every_variable_is_described_typed_and_used(folder):
    for name, about in named(folder, "variable").items():
        assert about["description"] and about["type"], name
        uses = len(re.findall(rf"\bvar\.{name}\b", text_of(folder)))
        checked = sum(json.dumps(rule).count(f"var.{name}") for rule in about.get("validation", []))
        assert uses > checked, f"{name} is only validated"


@pytest.mark.parametrize("folder", [FOLDER, TARGET_ACCOUNT], ids=["module", "target-account"])
def test_every_output_is_described(folder):
    for name, about in named(folder, "output").items():
        assert about["description"] and about["value"], name


@pytest.mark.parametrize("folder", [FOLDER, TARGET_ACCOUNT], ids=["module", "target-account"])
def test_every_name_that_is_used_is_declared(folder):
    text = text_of(folder)
    declared = {
        "var": set(named(folder, "variable")),
        "local": {key for block in blocks(folder, "locals") for key in block},
    }
    for kind, names in declared.items():
        assert set(re.findall(rf"\b{kind}\.([a-z_]+)", text)) <= names
    for source, prefix in (("data", r"\bdata\."), ("resource", r"(?<![a-z_.\"])(?<!data\.)")):
        used = set(re.findall(prefix + r"(aws_[a-z0-9_]+)\.([a-z_]+)", text))
        assert used <= set(typed(folder, source)), source


def test_a_services_attributes_are_parameters_of_the_templates():
    names = {*SERVICE, *optional_attributes()}
    parameters = {"".join(part.title() for part in name.split("_")) for name in names}
    assert parameters <= set(template("every-minute")["Parameters"])
    schema = json.loads((PROJECT / "schema" / "fast-autoscaler.schema.json").read_text())
    assert set(SETTINGS) <= set(schema["properties"])


# --- what it refuses

BAD = {
    "mode": ({"mode": "hourly"}, "mode is"),
    "name": ({"name": "9 lives"}, "name is"),
    "architecture": ({"architecture": "riscv"}, "architecture is"),
    "interval": ({"check_interval": 7}, "interval is"),
    "queue": ({"services": {"a": SERVICE | {"queue_arn": "orders"}}}, "queue_arn"),
    "cluster": ({"services": {"a": SERVICE | {"cluster_name": "a/b"}}}, "names, not ARNs"),
    "bounds": ({"services": {"a": SERVICE | {"min_tasks": 30}}}, "min_tasks <= max_tasks"),
    "role": ({"services": {"a": SERVICE | {"target_role_arn": "target"}}}, "target_role_arn"),
    "two services": ({"services": {"a": SERVICE, "b": SERVICE}}, "exactly one service"),
    "bucket": ({"state_bucket": "No Bucket"}, "state_bucket"),
    "topic": ({"alarm_topic_arn": "alarms"}, "alarm_topic_arn"),
    "retention": ({"log_retention_days": 2}, "number of days"),
    "settings": ({"settings": "policy: backlog"}, "JSON object"),
    "settings, no JSON": ({"settings": "{policy}"}, "JSON object"),
    "much": ({"settings": json.dumps({"$schema": 3072 * "x"})}, "3072 characters"),
    "own settings": (
        {"mode": "eventbridge", "services": {"a": SERVICE | {"settings": "[]"}}},
        "service's settings",
    ),
    "own settings of one": ({"services": {"a": SERVICE | {"settings": "{}"}}}, "Only mode"),
    "no code": ({"zip": None}, "either zip"),
    "two codes": ({"code_bucket": "code", "code_key": "key"}, "either zip"),
    "too many ticks": ({"mode": "sqs", "check_interval": 5}, "at most ten"),
}


@pytest.mark.parametrize("given, told", BAD.values(), ids=BAD.keys())
def test_a_wrong_value_is_refused(given, told):
    made = Module(**{"mode": "every-minute", "zip": "bootstrap.zip"} | given)
    if told == "mode is":  # nothing else can be worked out of it
        rules = named(FOLDER, "variable")["mode"]["validation"]
        assert not evaluate(rules[0]["condition"], made.scope)
        return
    (problem,) = made.problems()
    assert told in problem


@pytest.mark.parametrize("mode", MODES)
def test_right_values_are_not_refused(mode):
    own = {"settings": json.dumps(SETTINGS)} if mode == "eventbridge" else {}
    made = module(mode, services={"a": SERVICE | ACROSS | own}, settings=json.dumps(SETTINGS))
    assert made.problems() == []


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_the_examples_are_right(folder):
    (call,) = blocks(folder, "module")
    (body,) = call.values()
    given = {
        key: evaluate(value, {"path": {"root": str(folder)}})
        for key, value in without_comments(body).items()
    }
    assert (folder / given.pop("source")).resolve() == FOLDER
    assert given["mode"] == folder.name
    package = Path(given["zip"]).resolve().relative_to(PROJECT)
    assert str(package) == "build/package/fast-autoscaler-lambda-arm64.zip"
    assert given.get("fleet", {}).keys() <= fleet_defaults().keys()
    for service in given.get("services", {}).values():
        assert service.keys() <= {*SERVICE, *optional_attributes()}
    assert Module(**given).problems() == []


def test_there_is_an_example_for_each_mode():
    assert {folder.name for folder in EXAMPLES} == {*MODES, *FLEET}
    assert all(files(folder) for folder in EXAMPLES)
