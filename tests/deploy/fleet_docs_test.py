"""docs/fleet.md names what there is: parameters, alarms, rights, places. (Its figures have a test
of their own, fleet_costs_test.py.)"""

import json
import re
import shlex

import pytest

from docs_test import anchors
from fleet_templates_test import resolver
from stacks import FLEET_EVERYTHING as EVERYTHING
from stacks import listed
from templates import FLEET, PROJECT, resources_of, template

DOC = PROJECT / "docs" / "fleet.md"
TEXT = DOC.read_text()
SHELL = "\n".join(re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL))


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)]+)\)", TEXT))))
def test_a_link_leads_somewhere(target):
    if target.startswith("https://"):
        return
    path, _, anchor = target.partition("#")
    file = (DOC.parent / path).resolve() if path else DOC
    assert file.exists()
    if anchor:
        assert anchor in anchors(file.read_text())


@pytest.mark.parametrize("name", FLEET)
def test_the_command_gives_the_template_what_it_takes(name):
    (command,) = re.findall(
        rf"aws cloudformation deploy(?:.*\\\n)*?.*{name}\.yaml(?:.*\\\n)*.*\n", SHELL
    )
    words = [word.partition("=") for word in shlex.split(command)]
    values = {key: value for key, is_given, value in words if is_given}
    parameters = template(name)["Parameters"]
    assert values.keys() <= parameters.keys()
    required = {key for key, about in parameters.items() if "Default" not in about}
    assert required <= values.keys()
    assert resolver(name, **values).refusals() == []
    for key, value in values.items():
        pattern = parameters[key].get("AllowedPattern")
        assert pattern is None or value.startswith("$") or re.fullmatch(pattern, value), key


def test_every_alarm_has_its_row_and_says_whose_it_is():
    section = TEXT.partition("\n### Alarms\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([A-Z][A-Za-z]+)(?: \((map|SQS)\))? \| ", section, re.MULTILINE)
    modes = {"map": {"fleet-map"}, "SQS": {"fleet-sqs"}, "": set(FLEET)}
    shown = {alarm + "Alarm": modes[mode] for alarm, mode in rows}
    alarms = {name: set(resources_of(name, "AWS::CloudWatch::Alarm")) for name in FLEET}
    assert shown == {
        alarm: {name for name in FLEET if alarm in alarms[name]}
        for alarm in alarms["fleet-sqs"] | alarms["fleet-map"]
    }


def shown_policy(kind: str) -> list[dict]:
    (text,) = re.findall(rf"```json {kind}\n(.*?)```", TEXT, re.DOTALL)
    return json.loads(text)["Statement"]


def test_the_rights_of_a_role_elsewhere_are_those_of_a_fleet_here():
    role = resolver("fleet-map", **EVERYTHING).properties("FunctionRole")
    here = {each["Sid"]: each for each in role["Policies"][0]["PolicyDocument"]["Statement"]}
    shown = shown_policy("rights")
    assert {each["Sid"] for each in shown} == {
        sid for sid, each in here.items() if re.match("ecs:|sqs:", listed(each["Action"])[0])
    }
    for each in shown:
        ours = here[each["Sid"]]
        assert each["Action"] == ours["Action"]
        assert each.get("Condition", {}).keys() == ours.get("Condition", {}).keys()
        # A queue's name is the reader's own.
        if each["Sid"] != "ReadQueues":
            assert each["Resource"].replace("ACCOUNT", "123456789012") == ours["Resource"]


def test_the_trust_asks_for_the_external_id():
    (statement,) = shown_policy("trust")
    assert statement["Action"] == "sts:AssumeRole"
    assert statement["Principal"].keys() == {"AWS"}
    assert statement["Condition"].keys() == {"StringEquals"}


def test_every_document_that_is_shown_is_json():
    for text in re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL):
        assert json.loads(text)


def test_the_batch_is_what_the_page_says():
    machine = template("fleet-map")["Resources"]["StateMachine"]["Properties"]["DefinitionString"]
    assert '"MaxInputBytesPerBatch": 200000' in machine["Fn::Sub"]
    assert "200,000 bytes" in TEXT
    default = template("fleet-map")["Parameters"]["TargetsPerInvocation"]["Default"]
    assert f"`TargetsPerInvocation` ({default})" in TEXT


def test_the_costs_are_at_the_templates_defaults():
    from fleet_costs_test import MEMORY_GB, SHARDS, TARGETS_AN_INVOCATION

    parameters = {**template("fleet-map")["Parameters"], **template("fleet-sqs")["Parameters"]}
    assert parameters["MemorySize"]["Default"] == MEMORY_GB * 1024
    assert parameters["Shards"]["Default"] == SHARDS[10_000]
    assert parameters["TargetsPerInvocation"]["Default"] == TARGETS_AN_INVOCATION
