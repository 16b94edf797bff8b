"""Reads the CloudFormation templates, and resolves what their intrinsic functions give."""

import re
from functools import cache
from pathlib import Path

import yaml

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "deploy" / "cloudformation"

# Those that make a function for one service, those that make one for a fleet; and all.
SINGLE = ("every-minute", "sub-minute", "sqs")
FLEET = ("fleet-sqs", "fleet-map")
ALL = (*SINGLE, "eventbridge", "eventbridge-service", "target-account", *FLEET)

REGION = "eu-west-1"
ACCOUNT = "123456789012"
NO_VALUE = object()


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags, which become their long form."""


def _tagged(loader: _Loader, tag: str, node: yaml.Node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        if tag == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {tag if tag in ("Ref", "Condition") else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _tagged)


@cache
def text_of(name: str) -> str:
    return (FOLDER / f"{name}.yaml").read_text()


@cache
def template(name: str) -> dict:
    return yaml.load(text_of(name), _Loader)


def resources_of(name: str, kind: str) -> dict[str, dict]:
    """The resources of a type, by their logical names."""
    resources = template(name)["Resources"]
    return {key: each for key, each in resources.items() if each["Type"] == kind}


class Resolver:
    """Resolves a template's values as CloudFormation does.

    moto does it too, but only for the kinds of resources that it can make; this is for the others.
    """

    def __init__(self, name: str, stack: str, parameters: dict, physical=None, exports=None):
        self._template = template(name)
        self._physical = physical or {}
        self._exports = exports or {}
        defaults = {
            key: each["Default"]
            for key, each in self._template.get("Parameters", {}).items()
            if "Default" in each
        }
        given = {**defaults, **parameters}
        lists = {
            key: given[key].split(",")
            for key, each in self._template.get("Parameters", {}).items()
            if each["Type"] == "CommaDelimitedList"
        }
        self._values = {
            **given,
            **lists,
            "AWS::Partition": "aws",
            "AWS::Region": REGION,
            "AWS::AccountId": ACCOUNT,
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::StackName": stack,
            "AWS::NoValue": NO_VALUE,
        }

    def properties(self, resource: str) -> dict:
        return self.resolve(self._template["Resources"][resource]["Properties"])

    def exists(self, resource: str) -> bool:
        condition = self._template["Resources"][resource].get("Condition")
        return condition is None or self._condition(condition)

    def resolve(self, value):
        if isinstance(value, list):
            items = [self.resolve(item) for item in value]
            return [item for item in items if item is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (key, argument), *_ = value.items()
            if key == "Ref":
                return self._ref(argument)
            if key.startswith("Fn::"):
                return getattr(self, "_" + key[4:].lower())(argument)
        items = {key: self.resolve(item) for key, item in value.items()}
        return {key: item for key, item in items.items() if item is not NO_VALUE}

    def _condition(self, name: str) -> bool:
        return self._truth(self._template["Conditions"][name])

    def _truth(self, expression: dict) -> bool:
        ((key, argument),) = expression.items()
        if key == "Condition":
            return self._condition(argument)
        if key == "Fn::Not":
            return not self._truth(argument[0])
        if key in ("Fn::And", "Fn::Or"):
            return (all if key == "Fn::And" else any)(self._truth(each) for each in argument)
        assert key == "Fn::Equals", key
        left, right = (self.resolve(item) for item in argument)
        return str(left) == str(right)

    def _ref(self, name: str):
        if name in self._values:
            return self._values[name]
        made = f"{self._values['AWS::StackName']}-{name}"
        if self._template["Resources"][name]["Type"] == "AWS::StepFunctions::StateMachine":
            made = (
                f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{self._values['AWS::StackName']}"
            )
        return self._physical.get(name, made)

    def _getatt(self, argument: list[str]) -> str:
        name, attribute = argument
        kind = self._template["Resources"][name]["Type"]
        made = self._ref(name)
        own = f"{REGION}:{ACCOUNT}"
        if attribute == "QueueName":
            return made.rsplit("/", 1)[-1]
        assert attribute == "Arn", attribute
        return {
            "AWS::Lambda::Function": f"arn:aws:lambda:{own}:function:{made}",
            "AWS::IAM::Role": f"arn:aws:iam::{ACCOUNT}:role/{made}",
            "AWS::SQS::Queue": f"arn:aws:sqs:{own}:{made.rsplit('/', 1)[-1]}",
            "AWS::S3::Bucket": f"arn:aws:s3:::{made}",
            "AWS::Logs::LogGroup": f"arn:aws:logs:{own}:log-group:{made}:*",
            "AWS::Events::Rule": f"arn:aws:events:{own}:rule/{made}",
        }[kind]

    def _sub(self, argument) -> str:
        text, own = (argument, {}) if isinstance(argument, str) else argument
        own = {key: self.resolve(item) for key, item in own.items()}

        def value(match: re.Match) -> str:
            name = match[1]
            if name in own:
                return str(own[name])
            if "." in name:
                return self._getatt(name.split(".", 1))
            return str(self._ref(name))

        return re.sub(r"\$\{([^}]+)\}", value, text)

    def _if(self, argument: list):
        condition, yes, no = argument
        return self.resolve(yes if self._condition(condition) else no)

    def _join(self, argument: list) -> str:
        separator, values = argument
        return separator.join(self.resolve(values))

    def refusals(self) -> list[str]:
        """What the template's rules say against the parameters."""
        return [
            assertion["AssertDescription"]
            for rule in self._template.get("Rules", {}).values()
            for assertion in rule["Assertions"]
            if not self._truth(assertion["Assert"])
        ]

    def _select(self, argument: list):
        index, values = argument
        return self.resolve(values)[int(index)]

    def _split(self, argument: list) -> list[str]:
        separator, text = argument
        return self.resolve(text).split(separator)

    def _findinmap(self, argument: list):
        mapping, first, second = (self.resolve(item) for item in argument)
        return self._template["Mappings"][mapping][str(first)][second]

    def _importvalue(self, argument):
        return self._exports[self.resolve(argument)]


def variables_of_rows(file: str, prefix: str = "") -> set[str]:
    """Of the settings that have a row in that file: what the row says, or else the key."""
    rows = (PROJECT / "src" / file).read_text().split('Row{"')[1:]
    said = [re.search(r'Variable\{"([^"]+)"', row) for row in rows]
    keys = [row.split('"')[0] for row in rows]
    return {name[1] if name else prefix + key.upper() for key, name in zip(keys, said, strict=True)}


def schema_variables() -> set[str]:
    """The environment variables that the program knows, of a service with an SQS queue."""
    return (
        variables_of_rows("settings/target_rows.cpp")
        | variables_of_rows("settings/process_rows.cpp")
        | variables_of_rows("adapters/queues/sqs.cpp", "SQS_")
    ) - {"WEIGHT"}
