"""What is written for CloudFormation, for Terraform: statements of IAM, and alarms."""

import json
import re
from collections.abc import Callable, Iterator

import yaml

# What both call differently, whatever a statement is for.
PSEUDO = {
    "AWS::Partition": "local.partition",
    "AWS::Region": "local.region",
    "AWS::AccountId": "local.account",
    "Bucket": "local.state_bucket",
}


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags: `!Ref X` becomes ("Ref", "X")."""


def _tagged(loader: _Loader, tag: str, node: yaml.Node) -> tuple:
    if isinstance(node, yaml.ScalarNode):
        return tag, loader.construct_scalar(node)
    return tag, loader.construct_sequence(node, deep=True)


_Loader.add_multi_constructor("!", _tagged)

Name = Callable[[str], str]


def _text(value, name: Name) -> str:
    """An expression of one text. What !Sub is given beside its text is the state's bucket."""
    if isinstance(value, str):
        return json.dumps(value)
    tag, argument = value
    if tag == "Ref":
        return name(argument)
    assert tag == "Sub", value
    text = argument if isinstance(argument, str) else argument[0]
    return json.dumps(re.sub(r"\$\{([\w:]+)\}", lambda match: f"${{{name(match[1])}}}", text))


def _texts(value, name: Name) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_text(each, name) for each in value) + "]"
    text = _text(value, name)
    # By CloudFormation's convention, a parameter that is a list has a name in the plural.
    is_list = isinstance(value, tuple) and value[0] == "Ref" and value[1].endswith("Arns")
    return text if is_list else f"[{text}]"


def _body(statement: dict, name: Name) -> Iterator[str]:
    assert statement.keys() <= {"Sid", "Effect", "Action", "Resource", "Condition"}, statement
    assert statement["Effect"] == "Allow"
    yield f'sid       = "{statement["Sid"]}"'
    yield f"actions   = {_texts(statement['Action'], name)}"
    yield f"resources = {_texts(statement['Resource'], name)}"
    for test, wanted in statement.get("Condition", {}).items():
        for variable, values in wanted.items():
            yield ""
            yield "condition {"
            yield f'  test     = "{test}"'
            yield f'  variable = "{variable}"'
            yield f"  values   = {_texts(values, name)}"
            yield "}"


def _block(heading: list[str], lines: list[str], by: int) -> list[str]:
    return heading + [" " * by + line if line else "" for line in lines]


def _blocks(item, name: Name, conditions: dict[str, str]) -> Iterator[list[str]]:
    """What stands in an !If is a dynamic block, and so is what stands there instead."""
    if isinstance(item, dict):
        yield [*_block(["statement {"], list(_body(item, name)), 2), "}"]
        return
    tag, (condition, then, otherwise) = item
    assert tag == "If", item
    is_so = conditions[condition]
    for branch, test in ((then, is_so), (otherwise, f"!({is_so})")):
        if isinstance(branch, dict):
            heading = [
                'dynamic "statement" {',
                f'  for_each = {test} ? ["here"] : []',
                "  content {",
            ]
            yield [*_block(heading, list(_body(branch, name)), 4), "  }", "}"]


def statement_blocks(statements: str, names: dict[str, str], conditions: dict[str, str]) -> str:
    """Blocks of a data source aws_iam_policy_document. Comments go with what they stand before."""

    def name(theirs: str) -> str:
        return names.get(theirs) or PSEUDO[theirs]

    blocks = []
    for comment, text in re.findall(r"((?:^#.*\n)*)(^- (?:.*\n)(?:^ .*\n)*)", statements, re.M):
        (item,) = yaml.load(text, _Loader)
        found = ["\n".join(lines) + "\n" for lines in _blocks(item, name, conditions)]
        blocks += [comment + found[0], *found[1:]]
    return "\n".join(blocks)


ALARM = {
    "AlarmDescription": "description",
    "Namespace": "namespace",
    "MetricName": "metric",
    "Statistic": "statistic",
    "Period": "period",
    "EvaluationPeriods": "periods",
    "DatapointsToAlarm": "datapoints",
    "Threshold": "threshold",
    "ComparisonOperator": "comparison",
    "TreatMissingData": "missing",
}
# The module has them once, for all alarms.
NOT_OF_ONE_ALARM = {"ActionsEnabled", "AlarmActions", "OKActions"}


def alarm_attributes(alarm: str, dimensions: str) -> str:
    """Attributes of an object, under the module's names for them."""
    ((_, resource),) = yaml.load(alarm, _Loader).items()
    properties = resource["Properties"]
    assert properties.keys() == ALARM.keys() | NOT_OF_ONE_ALARM | {"Dimensions"}
    lines = [f"{ours:11} = {json.dumps(properties[theirs])}" for theirs, ours in ALARM.items()]
    comments = [line for line in alarm.splitlines() if line.startswith("#")]
    return "\n".join([*comments, *lines, f"dimensions  = {dimensions}"]) + "\n"
