"""Runs a state machine in moto, whose interpreter of the States Language calls moto's services.

The function is played by the test: moto would only echo what it is given.
"""

import json
import time
import uuid
from contextlib import contextmanager

from moto.awslambda_simple.models import LambdaSimpleBackend
from moto.core.config import default_user_config

from templates import ACCOUNT


class Function:
    """Answers every invocation, and remembers what it was given."""

    def __init__(self):
        self.events: list[dict] = []
        self.fails_for = lambda event: False

    def answer(self, body: str | bytes, response_headers: dict) -> bytes:
        event = json.loads(body)
        self.events.append(event)
        if self.fails_for(event):
            response_headers["x-amz-function-error"] = "Unhandled"
            return b'{"errorType": "Autoscaler.QueueUnreadable", "errorMessage": "denied"}'
        return b'{"checks": []}'


@contextmanager
def interpreted(aws, monkeypatch):
    """Within it, moto runs what it is given, and its functions are the yielded one."""
    function = Function()

    def invoke(backend, function_name, qualifier, body, headers, response_headers) -> bytes:
        return function.answer(body, response_headers)

    port = aws.url.rpartition(":")[2]
    monkeypatch.setenv("MOTO_PORT", port)
    monkeypatch.setitem(default_user_config, "stepfunctions", {"execute_state_machine": True})
    monkeypatch.setitem(default_user_config, "lambda", {"use_docker": False})
    monkeypatch.setattr(LambdaSimpleBackend, "invoke", invoke)
    yield function


def with_what_moto_knows(definition: dict) -> dict:
    """moto's interpreter has no batches and no express children, and takes percentages only with a
    decimal point. All the rest stays as it is."""
    check = definition["States"]["Check"]
    del check["ItemBatcher"]
    check["ItemProcessor"]["ProcessorConfig"]["ExecutionType"] = "STANDARD"
    check["ToleratedFailurePercentage"] = float(check["ToleratedFailurePercentage"])
    return definition


def run(aws, definition: dict) -> dict:
    """Makes a state machine of the definition, runs it once, and gives the execution."""
    states = aws.client("stepfunctions")
    machine = states.create_state_machine(
        name=f"machine-{uuid.uuid4().hex[:8]}",
        definition=json.dumps(definition),
        roleArn=f"arn:aws:iam::{ACCOUNT}:role/states",
    )
    arn = states.start_execution(stateMachineArn=machine["stateMachineArn"])["executionArn"]
    deadline = time.monotonic() + 60
    while True:
        execution = states.describe_execution(executionArn=arn)
        if execution["status"] != "RUNNING":
            return execution
        assert time.monotonic() < deadline, "the execution does not end"
        time.sleep(0.02)
