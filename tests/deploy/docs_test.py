"""docs/deploy.md says what is true: its figures are computed here, its names are looked up."""

import re
from functools import cache

import pytest

from templates import ALL, PROJECT, SINGLE, resources_of, template
from templates_test import ACROSS, allowed

DOC = PROJECT / "docs" / "deploy.md"
TEXT = DOC.read_text()

# --- the costs: list prices of us-east-1, November 2026, and what the page says it takes

MINUTES = 730 * 60
REQUEST = 0.20e-6
GB_SECOND = 0.0000133334
GB_SECOND_X86 = 0.0000166667
MEMORY_GB = 128 / 1024
SCHEDULED = 1.00e-6
SQS_REQUEST = 0.40e-6
ALARM = 0.10
METRICS = 7 * 0.30
LOGGED_BYTE = 0.50 / 1e9

CHECK_S = 0.2
CHECK_LOG = 700
INVOCATION_LOG = 350
POLLS = 657_000  # five long polls of 20 s at all times


def alarms(name: str) -> int:
    return len(resources_of(name, "AWS::CloudWatch::Alarm"))


def costs(invocations: int, seconds: float, checks: int, watchers: int, **parts: float) -> dict:
    return {
        "Lambda": invocations * (REQUEST + seconds * MEMORY_GB * GB_SECOND),
        "Scheduler": 0.0,
        "SQS": 0.0,
        "metrics": METRICS if checks else 0.0,
        "alarms": watchers * ALARM,
        "logs": (checks * CHECK_LOG + invocations * INVOCATION_LOG) * LOGGED_BYTE,
    } | parts


@cache
def by_mode() -> dict[str, dict]:
    ticks = 6 * MINUTES
    # A batch is sent by one request; each tick is received and deleted by one.
    sqs = (POLLS + MINUTES + 2 * ticks) * SQS_REQUEST
    scheduled = {"Scheduler": MINUTES * SCHEDULED}
    return {
        "every minute": costs(MINUTES, CHECK_S, MINUTES, alarms("every-minute"), **scheduled),
        "sub-minute loop": costs(MINUTES, 50 + CHECK_S, ticks, alarms("sub-minute"), **scheduled),
        "Lambda + SQS": costs(ticks, CHECK_S, ticks, alarms("sqs"), SQS=sqs, **scheduled),
        "EventBridge, each service": costs(
            MINUTES, CHECK_S, MINUTES, alarms("eventbridge-service")
        ),
        "EventBridge, the function": costs(0, 0, 0, alarms("eventbridge")),
    }


def rows(first_cell: str) -> list[list[str]]:
    """The table whose first heading this is."""
    lines = TEXT.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {first_cell} |"))
    found = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split("|")])
    return [found[0], *found[2:]]


def cost_rows() -> tuple[list[str], list[list[str]]]:
    after = TEXT.partition("comes to by part:")[2].strip().splitlines()
    table = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in after[: after.index("")]
    ]
    return table[0], table[2:]


def test_the_costs_by_part_are_what_the_prices_come_to():
    heading, table = cost_rows()
    assert [row[0] for row in table] == list(by_mode())
    for row in table:
        parts = by_mode()[row[0]]
        expected = [f"{parts[part]:.2f}" for part in heading[1:-1]]
        assert row[1:] == [*expected, f"{sum(parts.values()):.2f}"], row[0]


def test_the_choice_of_modes_has_the_same_sums():
    sums = {mode: f"{sum(parts.values()):.2f}" for mode, parts in by_mode().items()}
    shown = {row[0]: (row[3], row[4]) for row in rows("mode")[1:]}
    service, function = sums["EventBridge, each service"], sums["EventBridge, the function"]
    assert shown == {
        "every minute": (f"{MINUTES:,}", sums["every minute"]),
        "sub-minute loop": (f"{MINUTES:,}", sums["sub-minute loop"]),
        "Lambda + SQS": (f"{6 * MINUTES:,}", sums["Lambda + SQS"]),
        "EventBridge": (f"{MINUTES:,} a service", f"{function} + {service} a service"),
    }


def test_the_loop_on_the_other_architecture_costs_what_it_says():
    more = MINUTES * (50 + CHECK_S) * MEMORY_GB * (GB_SECOND_X86 - GB_SECOND)
    assert f"On x86_64 the loop costs {more:.2f} more" in " ".join(TEXT.split())


# --- the names


def shell() -> str:
    return "\n".join(re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL))


def test_every_command_gives_a_template_what_it_takes():
    commands = re.findall(r"aws cloudformation deploy(?:.*\\\n)*.*\n", shell())
    assert len(commands) >= 5
    for command in commands:
        (name,) = re.findall(r"deploy/cloudformation/([a-z-]+)\.yaml", command)
        given = command.partition("--parameter-overrides")[2]
        names = set(re.findall(r"(?:^|[\s'])([A-Z][A-Za-z]+)=", given))
        assert names and names <= set(template(name)["Parameters"]), command
        is_update = names <= {"Checks", "CodeKey"}
        required = {
            key for key, about in template(name)["Parameters"].items() if "Default" not in about
        }
        assert is_update or required <= names, command


def test_every_parameter_and_output_that_is_named_exists():
    parameters = {
        key
        for path in [*SINGLE, "eventbridge", "eventbridge-service", "target-account"]
        for key in template(path)["Parameters"]
    }
    for name in re.findall(r"`([A-Z][a-zA-Z]+)=[^`]*`", TEXT):
        assert name in parameters, name
    outputs = {key for name in SINGLE for key in template(name)["Outputs"]}
    assert set(re.findall(r"\$\(output ([A-Za-z]+)\)", TEXT)) <= outputs


def test_the_table_of_rights_is_the_functions():
    named = set()
    for row in rows("action")[1:]:
        named |= set(re.findall(r"`([a-z0-9]+:[A-Za-z]+)`", row[0]))
    statements = [
        statement
        for name in SINGLE
        for parameters in ({}, ACROSS)
        for statement in allowed(name, **parameters)
        if statement["Sid"] != "Tick"
    ]
    actions = set()
    for statement in statements:
        action = statement["Action"]
        actions |= {action} if isinstance(action, str) else set(action)
    assert named == actions


def test_every_alarm_has_its_row():
    shown = {re.match(r"[A-Za-z]+", row[0])[0] + "Alarm" for row in rows("alarm")[1:]}
    names = [*SINGLE, "eventbridge", "eventbridge-service"]
    assert shown == {key for name in names for key in resources_of(name, "AWS::CloudWatch::Alarm")}


def test_every_type_of_error_has_its_row():
    sources = [path.read_text() for path in (PROJECT / "src" / "app").glob("lambda*.cpp")]
    shown = {row[0].strip("`") for row in rows("type")[1:]}
    assert shown == set(re.findall(r'"(Autoscaler\.[A-Za-z]+)"', "".join(sources)))


def test_the_readme_names_every_type_of_error():
    readme = " ".join((PROJECT / "README.md").read_text().split())
    sentence = readme.partition("an error type that says")[2].partition(" Each check prints")[0]
    named = set(re.findall(r"`(?:Autoscaler\.)?([A-Z][A-Za-z]+)`", sentence))
    assert {f"Autoscaler.{name}" for name in named} == {
        row[0].strip("`") for row in rows("type")[1:]
    }


def anchors(text: str) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)]+)\)", TEXT))))
def test_a_link_leads_somewhere(target):
    if target.startswith("https://"):
        return
    path, _, anchor = target.partition("#")
    file = (DOC.parent / path).resolve() if path else DOC
    assert file.exists()
    if anchor:
        assert anchor in anchors(file.read_text())


def test_a_template_is_small_enough_for_a_command():
    for name in ALL:
        path = PROJECT / "deploy" / "cloudformation" / f"{name}.yaml"
        assert path.stat().st_size < 51_200
