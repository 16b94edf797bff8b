"""The published schema and the program agree on which configuration files are right.

setting_schema_test.cpp compares the schema with the program's table entry by entry; here whole
files are put to both. FAS_BUILD_DIR is the CMake build folder (build/release).
"""

import json
import os
import subprocess
from pathlib import Path

import jsonschema
import pytest

PROJECT = Path(__file__).resolve().parents[2]
PROGRAM = PROJECT / os.environ.get("FAS_BUILD_DIR", "build/release") / "fast-autoscaler"
SCHEMA = json.loads((PROJECT / "schema" / "fast-autoscaler.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

# The schema requires nothing, since everything may come from the environment: so what a file does
# not give, of these, does here. Key in the file: variable, value.
REQUIRED = {
    "cluster_name": ("ECS_CLUSTER", "cluster"),
    "service_name": ("SERVICE_NAME", "service"),
    "s3_config_bucket": ("S3_CONFIG_BUCKET", "bucket"),
    "queue_url": ("SQS_QUEUE_URL", "http://localhost/queue"),
}

CLUSTER_ARN = "arn:aws:ecs:eu-west-1:123456789012:cluster/prod"
SERVICE_ARN = "arn:aws:ecs:eu-west-1:123456789012:service/prod/worker"


def queue(url):
    return {"queue_config": {"queue_url": url}}


RIGHT = [
    {},
    {"$schema": "fast-autoscaler.schema.json"},
    {"queue_type": "sqs", "queue_config": {}},
    {"region": "eu-west-1", **queue("https://sqs.eu-west-1.amazonaws.com/123456789012/jobs")},
    queue("http://localhost:4566/000000000000/jobs"),
    queue("http://[::1]:4566/jobs"),
    {"cluster_name": "prod_1-a", "service_name": "x" * 255},
    {"cluster_name": CLUSTER_ARN, "service_name": SERVICE_ARN},
    {"min_tasks": 0, "max_tasks": 100000},
    {"min_tasks": 1.0, "max_tasks": 10.0},
    {"min_tasks": 0, "max_tasks": 0},
    {"scale_out_cooldown": 0, "scale_in_cooldown": 604800},
    {"scale_out_cooldown": 0.5},
    *({"scale_out_override": name} for name in ("larger_backlog", "always", "never")),
    {"activation_threshold": 0},
    {"in_flight_per_task": 0.5},
    {"respect_operator_stop": False},
    {"policy": "threshold"},
    {"policy": "backlog", "target_messages_per_task": 0.1, "tolerance": 1},
    {"target_latency": 60, "mean_processing_time": 0.25},
    {"scale_up_threshold": 0, "scale_down_threshold": 0},
    {"tasks_per_message": 0},
    {"max_scale_down_factor": 0.99},
    {"use_combined_messages": True, "count_in_flight": False},
    {"scaling_step_count": 1},
    {"tolerance": 0},
    {"s3_config_bucket": "a.b-c.1"},
    {"region": "us-gov-west-1"},
    {"pause": "in", "hold_at": 0, "respect_task_protection": False},
    {"targets": [{"service_name": "a"}, {"targets": [{"service_name": "b", "max_tasks": 20}]}]},
    {"discover": [{"clusters": ["prod"], "max_tasks": 20}, {"region": "eu-west-1"}]},
    {"sso_profile": "dev@example"},
    *({"log_level": name} for name in ("DEBUG", "info", "Warn", "WARNING", "error", "Critical")),
]

WRONG = [
    [],
    "text",
    None,
    {"$schema": 1},
    {"min_task": 1},
    {"MIN_TASKS": 1},
    {"config": {}},
    {"queue_url": "http://localhost/queue"},
    {"queue_type": "pigeon"},
    {"queue_type": "SQS"},
    {"queue_config": "x"},
    {"queue_config": None},
    {"queue_config": {"queue_ulr": "x"}},
    queue(""),
    queue("jobs"),
    queue("https://host"),
    queue("https://host/"),
    queue("https://user:password@host/jobs"),
    queue("https://host/jobs?x=1"),
    queue("https://host/jobs#x"),
    queue("http://sqs.us-east-1.amazonaws.com/123456789012/jobs"),
    queue("http://SQS.us-east-1.AMAZONAWS.com/123456789012/jobs"),
    queue("ftp://host/jobs"),
    {"cluster_name": ""},
    {"cluster_name": "a/b"},
    {"cluster_name": ".."},
    {"cluster_name": "a\nb"},
    {"cluster_name": "x" * 256},
    {"cluster_name": 7},
    {"cluster_name": SERVICE_ARN},
    {"service_name": CLUSTER_ARN},
    {"min_tasks": -1},
    {"min_tasks": 10.5},
    {"min_tasks": "10"},
    {"min_tasks": None},
    {"min_tasks": True},
    {"min_tasks": [1]},
    {"max_tasks": 100001},
    {"scale_out_cooldown": -1},
    {"scale_in_cooldown": 604801},
    {"scale_out_override": "sometimes"},
    {"activation_threshold": -1},
    {"activation_threshold": 0.5},
    {"in_flight_per_task": 0},
    {"respect_operator_stop": "false"},
    {"respect_operator_stop": 0},
    {"policy": "treshold"},
    {"scale_up_threshold": "100"},
    {"scale_down_threshold": -1},
    {"tasks_per_message": -0.01},
    {"max_scale_down_factor": 1},
    {"max_scale_down_factor": -0.1},
    {"use_combined_messages": 1},
    {"scaling_step_count": 0},
    {"scaling_step_count": 1.5},
    {"target_messages_per_task": 0},
    {"target_latency": 60},
    {"mean_processing_time": 1},
    {"target_latency": 0, "mean_processing_time": 1},
    {"target_latency": 60, "mean_processing_time": 1, "target_messages_per_task": 5},
    {"tolerance": 1.1},
    {"tolerance": -0.1},
    {"s3_config_bucket": "My_Bucket"},
    {"s3_config_bucket": "192.168.5.4"},
    {"s3_config_bucket": "a..b"},
    {"region": "EU"},
    {"region": "a.example"},
    {"sso_profile": ""},
    {"sso_profile": "a;b"},
    {"log_level": "TRACE"},
    {"log_level": 10},
    {"pause": "yes"},
    {"hold_at": -1},
    {"targets": {}},
    {"targets": ["a"]},
    {"targets": [{"service_name": "a", "metrics": "none"}]},
    {"targets": [{"service_nam": "a"}]},
    {"discover": [{"cluster_name": "prod"}]},
    {"discover": [{"clusters": []}]},
]

# What a schema cannot say: one value compared with another.
WRONG_FOR_THE_PROGRAM_ALONE = [
    {"min_tasks": 20, "max_tasks": 10},
    {"max_tasks": 5},
    {"targets": []},
    {"targets": [{"service_name": "a"}, {"service_name": "a"}]},
    {"scale_up_threshold": 10, "scale_down_threshold": 20},
    queue("https://sqs.eu-west-1.amazonaws.com/123456789012/jobs"),
    {"target_latency": 604800, "mean_processing_time": 1e-12},
]


def name_of(document):
    """A test's name."""
    return json.dumps(document)[:80]


def validate(tmp_path, text):
    """Runs `validate` on a file of that text."""
    assert PROGRAM.exists(), f"{PROGRAM} is not there: build it first, or set FAS_BUILD_DIR"
    file = tmp_path / "config.json"
    file.write_text(text)
    given = {
        variable: value for key, (variable, value) in REQUIRED.items() if f'"{key}"' not in text
    }
    # The profile that sso_profile names must be there.
    profiles = tmp_path / "aws-config"
    profiles.write_text("[profile dev@example]\nregion = eu-west-1\n")
    environment = given | {"AWS_CONFIG_FILE": str(profiles), "HOME": str(tmp_path)}
    command = [PROGRAM, "validate", "--config", file]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30)


@pytest.mark.parametrize("document", RIGHT, ids=name_of)
def test_both_accept(document, tmp_path):
    VALIDATOR.validate(document)
    run = validate(tmp_path, json.dumps(document))
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("document", WRONG, ids=name_of)
def test_both_refuse(document, tmp_path):
    assert not VALIDATOR.is_valid(document)
    run = validate(tmp_path, json.dumps(document))
    assert run.returncode == 2, run.stdout + run.stderr


@pytest.mark.parametrize("document", WRONG_FOR_THE_PROGRAM_ALONE, ids=name_of)
def test_the_program_compares_values_too(document, tmp_path):
    VALIDATOR.validate(document)
    run = validate(tmp_path, json.dumps(document))
    assert run.returncode == 2, run.stdout + run.stderr


@pytest.mark.parametrize("text", ["", "{", "{'min_tasks': 1}", '{"min_tasks": 1, "min_tasks": 2}'])
def test_the_program_refuses_what_a_schema_never_sees(text, tmp_path):
    run = validate(tmp_path, text)
    assert run.returncode == 2, run.stdout + run.stderr


def properties():
    """Every property of the schema, as (document that gives it a value, its schema)."""
    for name, schema in SCHEMA["properties"].items():
        for inner, inner_schema in schema.get("properties", {}).items():
            yield lambda value, name=name, inner=inner: {name: {inner: value}}, inner_schema
        yield lambda value, name=name: {name: value}, schema


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_its_defaults_and_examples_are_right():
    for document_of, schema in properties():
        values = list(schema.get("examples", []))
        if "default" in schema:
            values.append(schema["default"])
        for value in values:
            VALIDATOR.validate(document_of(value))


def test_the_program_accepts_all_defaults_together(tmp_path):
    entries = SCHEMA["properties"].items()
    defaults = {name: schema["default"] for name, schema in entries if "default" in schema}
    assert len(defaults) > 15
    run = validate(tmp_path, json.dumps(defaults))
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_property_is_described():
    for _, schema in properties():
        assert schema.get("description"), schema
