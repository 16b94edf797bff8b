"""The Terraform module: what it declares, and what its expressions give for given variables."""

import re
from functools import cache
from pathlib import Path

import hcl2

from hcl import evaluate, unquoted
from templates import ACCOUNT, FLEET, PROJECT, REGION

FOLDER = PROJECT / "deploy" / "terraform"
TARGET_ACCOUNT = FOLDER / "modules" / "target-account"
MODES = ("every-minute", "sub-minute", "sqs", "eventbridge")

SERVICE = {
    "queue_arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders",
    "cluster_name": "shop",
    "service_name": "worker",
    "min_tasks": 1,
    "max_tasks": 20,
}

SETTINGS = {
    "policy": "backlog",
    "scale_up_threshold": 50,
    "scale_down_threshold": 40,
    "tasks_per_message": 0.02,
    "max_scale_down_factor": 0.99,
    "use_combined_messages": True,
    "target_messages_per_task": 7.5,
    "target_latency": 60,
    "mean_processing_time": 0.25,
    "tolerance": 0.2,
    "count_in_flight": False,
    "scale_out_cooldown": 0,
    "scale_in_cooldown": 30,
    "scale_out_override": "never",
    "activation_threshold": 3,
    "in_flight_per_task": 10,
    "respect_operator_stop": False,
    "log_level": "DEBUG",
    "behavior": {"scale_in": {"stabilization_window": 300}},
}
ACROSS = {"target_role_arn": "arn:aws:iam::999999999999:role/target"}

DATA = {
    "aws_partition": {"current": {"partition": "aws", "dns_suffix": "amazonaws.com"}},
    "aws_region": {"current": {"region": REGION}},
    "aws_caller_identity": {"current": {"account_id": ACCOUNT}},
}


@cache
def files(folder: Path) -> dict[str, dict]:
    return {path.name: hcl2.loads(path.read_text()) for path in sorted(folder.glob("*.tf"))}


def blocks(folder: Path, kind: str) -> list:
    return [block for content in files(folder).values() for block in content.get(kind, [])]


def named(folder: Path, kind: str) -> dict[str, dict]:
    """Blocks with one label: variables, outputs."""
    return {unquoted(key): body for block in blocks(folder, kind) for key, body in block.items()}


def typed(folder: Path, kind: str) -> dict[tuple[str, str], dict]:
    """Blocks with two labels: resources and data."""
    return {
        (unquoted(first), unquoted(second)): body
        for block in blocks(folder, kind)
        for first, inner in block.items()
        for second, body in inner.items()
    }


class Locals(dict):
    """Worked out when they are asked for, since they depend on each other in any order."""

    def __init__(self, expressions: dict, scope: dict):
        super().__init__()
        self._expressions, self._scope = expressions, scope

    def __missing__(self, name: str):
        self[name] = evaluate(self._expressions[name], self._scope)
        return self[name]


def with_optional(service: dict) -> dict:
    """As Terraform completes an object: what is optional and not given is null."""
    return dict.fromkeys(optional_attributes()) | service


@cache
def fleet_defaults() -> dict:
    """What Terraform completes a fleet with, by the text of the variable's type."""
    text = named(FOLDER, "variable")["fleet"]["type"]
    pattern = r"(\w+) = optional\((?:list\(\w+\)|\w+)(?:, ([^)]+))?\)"
    return {
        name: evaluate("${" + default + "}", {}) if default else None
        for name, default in re.findall(pattern, text)
    }


@cache
def optional_attributes() -> tuple[str, ...]:
    """What may be left out of a service, by the text of the variable's type."""
    text = named(FOLDER, "variable")["services"]["type"]
    return tuple(re.findall(r"(\w+) = optional\(", text))


class Module:
    def __init__(self, mode: str, folder: Path = FOLDER, **given):
        self._folder = folder
        services = {} if mode in FLEET else {"main": SERVICE}
        given = {"mode": mode, "services": services} | given
        given["fleet"] = fleet_defaults() | given.get("fleet", {})
        given["services"] = {key: with_optional(each) for key, each in given["services"].items()}
        variables = {
            name: evaluate(about.get("default"), {})
            for name, about in named(folder, "variable").items()
        }
        assert given.keys() <= variables.keys()
        expressions = {
            key: value for block in blocks(folder, "locals") for key, value in block.items()
        }
        self.scope = {"var": variables | given, "data": DATA}
        self.scope["local"] = Locals(expressions, self.scope)

    def local(self, name: str):
        return self.scope["local"][name]

    def exists(self, kind: str, name: str) -> bool:
        count = typed(self._folder, "resource")[kind, name].get("count", 1)
        return evaluate(count, self.scope) == 1

    def instances(self, kind: str, name: str, source: str = "resource") -> dict[str, dict]:
        """Each instance of something with for_each, by its key."""
        body = typed(self._folder, source)[kind, name]
        items = evaluate(body["for_each"], self.scope)
        return {
            key: self._body(body, {"each": {"key": key, "value": value}})
            for key, value in items.items()
        }

    def single(self, kind: str, name: str, source: str = "resource") -> dict:
        return self._body(typed(self._folder, source)[kind, name], {})

    def _body(self, body: dict, own: dict) -> dict:
        left_out = ("for_each", "count", "depends_on", "lifecycle", "dynamic")
        kept = {key: value for key, value in body.items() if key not in left_out}
        result = evaluate(kept, self.scope | own)
        for block in body.get("dynamic", []):
            for name, about in block.items():
                for value in evaluate(about["for_each"], self.scope | own):
                    scope = self.scope | own | {unquoted(name): {"value": value}}
                    content = evaluate(about["content"][0], scope)
                    result.setdefault(unquoted(name), []).append(content)
        return result

    def statements(self, document: dict) -> list[dict]:
        """A policy document's statements as IAM has them."""
        found = []
        for statement in document["statement"]:
            converted = {
                "Effect": statement.get("effect", "Allow"),
                "Action": statement["actions"],
                "Resource": statement.get("resources"),
                "Sid": statement.get("sid"),
            }
            for condition in statement.get("condition", []):
                tests = converted.setdefault("Condition", {})
                tests.setdefault(condition["test"], {})[condition["variable"]] = condition["values"]
            found.append(converted)
        return found

    def problems(self) -> list[str]:
        """What Terraform would refuse: the variables' validations and the preconditions."""
        problems = []
        for about in named(self._folder, "variable").values():
            for rule in about.get("validation", []):
                if not evaluate(rule["condition"], self.scope):
                    problems.append(evaluate(rule["error_message"], self.scope))
        for body in typed(self._folder, "resource").values():
            for lifecycle in body.get("lifecycle", []):
                for rule in lifecycle.get("precondition", []):
                    if not evaluate(rule["condition"], self.scope):
                        problems.append(evaluate(rule["error_message"], self.scope))
        return problems


def module(mode: str, **given) -> Module:
    """With nothing but what must be given, and a bucket of one's own."""
    return Module(mode, state_bucket="state", zip="bootstrap.zip", **given)
