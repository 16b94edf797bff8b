"""Those who say whether a configuration is right: check-jsonschema and ajv by the published schema,
and the program's `validate`.

What they are given is text, as it stands in a file. FAS_BUILD_DIR is the CMake build folder.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PROGRAM = PROJECT / os.environ.get("FAS_BUILD_DIR", "build/release") / "fast-autoscaler"
SCHEMA = PROJECT / "schema" / "fast-autoscaler.schema.json"
PEERS = PROJECT / ".peers"

# The schema requires nothing, since everything may come from the environment: so what a file does
# not give, of these, does here. Key in the file: variable, value.
REQUIRED = {
    "cluster_name": ("ECS_CLUSTER", "cluster"),
    "service_name": ("SERVICE_NAME", "service"),
    "s3_config_bucket": ("S3_CONFIG_BUCKET", "bucket"),
    "queue_url": ("SQS_QUEUE_URL", "http://localhost/queue"),
}
# Which stand in no file of an example, as they are to stand in nobody's.
SECRETS = {f"{kind}_PASSWORD": "secret" for kind in ("AMQ", "RABBITMQ", "KAFKA", "REDIS")}


def run(command: list, **given) -> subprocess.CompletedProcess:
    return subprocess.run(command, capture_output=True, text=True, timeout=300, **given)


def by_check_jsonschema(texts: list[str], folder: Path) -> list[bool]:
    """Whether each is right by the schema, as check-jsonschema reads it."""
    files = [folder / f"{number}.json" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text)
    command = [Path(sys.executable).parent / "check-jsonschema", "--output-format", "json"]
    told = run([*command, "--schemafile", SCHEMA, *files])
    assert told.returncode in (0, 1), told.stderr
    report = json.loads(told.stdout)
    assert not report.get("parse_errors"), report
    wrong = {error["filename"] for error in report.get("errors", [])}
    return [str(file) not in wrong for file in files]


def by_ajv(texts: list[str]) -> list[bool]:
    """The same of ajv, which in strict mode refuses a schema that is not quite one."""
    script = Path(__file__).parent / "ajv_verdicts.cjs"
    told = run(
        [PEERS / "bin" / "node", script, SCHEMA],
        input=json.dumps(texts),
        env=os.environ | {"NODE_PATH": str(PEERS / "node_modules")},
    )
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)


def by_the_program(text: str, folder: Path) -> subprocess.CompletedProcess:
    """`validate` on a file of that text: 0 where it is right, 2 where it is not."""
    assert PROGRAM.exists(), f"{PROGRAM} is not there: build it first, or set FAS_BUILD_DIR"
    file = folder / "config.json"
    file.write_text(text)
    given = {name: value for key, (name, value) in REQUIRED.items() if f'"{key}"' not in text}
    # The profile that sso_profile names must be there.
    profiles = folder / "aws-config"
    profiles.write_text("[profile dev@example]\nregion = eu-west-1\n")
    found = {"AWS_CONFIG_FILE": str(profiles), "HOME": str(folder)}
    told = run([PROGRAM, "validate", "--config", file], env=SECRETS | given | found)
    assert told.returncode in (0, 2), told.stderr
    return told
