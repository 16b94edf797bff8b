"""What each fault between the program and AWS does to a check: the table of docs/reliability.md.

Each fault meets one operation of a check that would scale in. fault_table_test.py makes it happen
and compares, with the document too.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Callable

import aws_answers
from fault_proxy import (
    Answer,
    Ending,
    Forward,
    Request,
    Rule,
    change_answer,
    hang_up,
    lose_answer,
    lose_answer_by_reset,
    reply,
    reset,
)

QUEUE, SERVICE = "sqs:GetQueueAttributes", "ecs:DescribeServices"
STATE, CLAIM, UPDATE = "s3:GetObject", "s3:PutObject", "ecs:UpdateService"
OPERATIONS = [QUEUE, SERVICE, STATE, CLAIM, UPDATE]
ALWAYS = 1_000_000


@dataclass(frozen=True)
class Outcome:
    text: str
    tries: int  # until the operation fails; 0: it succeeds
    again: bool = False  # the requests that were hit are sent once more


UNHARMED = Outcome("unharmed", 0)
PASSES = Outcome("passes", 0, again=True)
FAILS = Outcome("fails, 3 tries", 3)
FAILS_NEW_KEYS = Outcome("fails, 2 tries", 2)
FAILS_AT_ONCE = Outcome("fails at once", 1)


@dataclass(frozen=True)
class Fault:
    name: str
    often: str  # in words
    outcomes: dict[str, Outcome]  # by operation
    rule: Callable[[str], Rule] | None = None  # for an operation; None: a fault of its connection
    times: int = ALWAYS
    silent: bool = False  # ends the connection before any answer


def each(outcome: Outcome, **others: Outcome) -> dict[str, Outcome]:
    return {operation: outcome for operation in OPERATIONS} | others


def only(outcome: Outcome, *operations: str) -> dict[str, Outcome]:
    return {operation: outcome for operation in operations}


def is_s3(operation: str) -> bool:
    return operation.startswith("s3:")


def always(rule: Rule) -> Callable[[str], Rule]:
    return lambda operation: rule


# --- rules that are more than an answer


def in_the_middle(ending: Ending) -> Rule:
    """Half of a body that was to be 1,000 bytes."""
    headers = {"Content-Type": "application/json", "Content-Length": "1000"}

    def rule(request: Request, forward: Forward) -> Answer:
        forward()
        return Answer(200, b" " * 1000, headers, sent=500, ending=ending)

    return rule


def json_cut(request: Request, forward: Forward) -> Answer:
    """Complete as HTTP, but not as JSON."""
    answer = forward()
    return replace(answer, body=answer.body[:-5])


def announced_too_short(request: Request, forward: Forward) -> Answer:
    answer = forward()
    return replace(answer, headers=answer.headers | {"Content-Length": str(len(answer.body) - 5)})


def refusal_for_its_time(request: Request, now: datetime) -> Answer | None:
    """What a service whose clock says `now` answers to a request signed for another time."""
    form = "%Y%m%dT%H%M%SZ"
    signed_text = request.headers["x-amz-date"]
    signed = datetime.strptime(signed_text, form).replace(tzinfo=timezone.utc)
    if abs(now - signed) < timedelta(minutes=5):
        return None
    if is_s3(request.operation):
        return aws_answers.time_too_skewed()
    return aws_answers.signature_expired(signed_text, now.strftime(form))


def dated(answer: Answer, now: datetime) -> Answer:
    return replace(answer, headers=answer.headers | {"Date": format_datetime(now, usegmt=True)})


def clock_ahead(hours: int) -> Callable[[str], Rule]:
    """The service's clock is."""

    def rule(request: Request, forward: Forward) -> Answer:
        now = datetime.now(timezone.utc) + timedelta(hours=hours)
        return dated(refusal_for_its_time(request, now) or forward(), now)

    return always(rule)


def expired(is_expired: Callable[[str], bool]) -> Callable[[str], Rule]:
    """Keys whose session token is called expired; the tests' keys have session-1, session-2 ..."""

    def rule(request: Request, forward: Forward) -> Answer:
        if is_expired(request.headers["x-amz-security-token"]):
            return expired_keys(request.operation)
        return forward()

    return always(rule)


def expired_keys(operation: str) -> Answer:
    return aws_answers.s3_token_expired() if is_s3(operation) else aws_answers.token_expired()


def server_error(operation: str) -> Answer:
    if is_s3(operation):
        return aws_answers.s3_error(500, "InternalError")
    return aws_answers.server_error()


def throttled(operation: str, name: str) -> Answer:
    return aws_answers.s3_error(400, name) if is_s3(operation) else aws_answers.throttled(name)


# --- the table

# Operations that make the first contact with their host, and those that need an answer's body.
FIRST = [QUEUE, SERVICE, STATE]
READING = FIRST
NOT_READING = [CLAIM, UPDATE]


def throttling(name: str) -> Callable[[str], Rule]:
    return lambda operation: reply(throttled(operation, name))


def once_and_always(name: str, rule: Callable[[str], Rule], **options) -> list[Fault]:
    return [
        Fault(name, "once", each(PASSES), rule, times=1, **options),
        Fault(name, "always", each(FAILS), rule, **options),
    ]


FAULTS = [
    Fault("connection refused", "always", only(FAILS, *FIRST)),
    Fault("certificate of an unknown authority", "always", only(FAILS_AT_ONCE, *FIRST)),
    Fault("certificate for another host", "always", only(FAILS_AT_ONCE, *FIRST)),
    Fault("connection reset before the request", "once", only(PASSES, *FIRST), times=1),
    Fault("connection reset before the request", "always", only(FAILS, *FIRST)),
    *once_and_always("reset, request not done", always(reset), silent=True),
    *once_and_always("reset, request done", always(lose_answer_by_reset), silent=True),
    *once_and_always("closed without an answer, request not done", always(hang_up), silent=True),
    *once_and_always("closed without an answer, request done", always(lose_answer), silent=True),
    Fault(
        "connection closed after each answer, unannounced",
        "always",
        each(UNHARMED),
        always(change_answer(ending=Ending.CLOSE)),
    ),
    *once_and_always("reset within the answer", always(in_the_middle(Ending.RESET))),
    *once_and_always("fewer bytes than Content-Length", always(in_the_middle(Ending.CLOSE))),
    Fault(
        "more bytes than Content-Length",
        "always",
        only(FAILS_AT_ONCE, *READING, UPDATE),
        always(announced_too_short),
    ),
    Fault(
        "JSON that ends early",
        "always",
        only(FAILS_AT_ONCE, *READING, UPDATE),
        always(json_cut),
    ),
    Fault(
        "answer that drips for longer than 10 s",
        "once",
        only(PASSES, QUEUE),
        always(change_answer(drip_s=0.3)),
        times=1,
    ),
    Fault(
        "answer that drips for longer than 3 s",
        "always",
        only(FAILS_AT_ONCE, STATE),
        always(change_answer(drip_s=0.3)),
    ),
    *once_and_always("HTTP 500", lambda operation: reply(server_error(operation))),
    *once_and_always("HTTP 503, a load balancer's page", always(reply(aws_answers.gateway_page()))),
    *(
        Fault(f"HTTP 400 {name}", "once", each(PASSES), throttling(name), times=1)
        for name in ("ThrottlingException", "RequestThrottled", "SlowDown")
    ),
    # Not the state: its three seconds may end before the third try.
    Fault(
        "HTTP 400 ThrottlingException",
        "always",
        only(FAILS, QUEUE, SERVICE, CLAIM, UPDATE),
        throttling("ThrottlingException"),
    ),
    Fault("local clock 3 hours behind", "always", each(PASSES), clock_ahead(3)),
    Fault("local clock 3 hours ahead", "always", each(PASSES), clock_ahead(-3)),
    Fault("expired keys", "once", each(PASSES), expired(lambda token: token == "session-1")),
    Fault("expired keys", "always", each(FAILS_NEW_KEYS), expired(lambda token: True)),
]

# How often a check that scales in asks each, and how many of those go out first, at once.
ASKED = {QUEUE: 2, SERVICE: 2, STATE: 2, CLAIM: 2, UPDATE: 1}
AT_ONCE = {QUEUE: 1, SERVICE: 1, STATE: 1, CLAIM: 1, UPDATE: 1}


def requests_expected(fault: Fault, operation: str) -> int:
    outcome = fault.outcomes[operation]
    if fault.rule is None:  # what hits the connection, the server does not see
        return 0 if outcome.tries else ASKED[operation]
    if outcome.tries:
        # One more for a kept connection: it may have been closed before the request came.
        kept = fault.silent and operation not in FIRST
        return outcome.tries * AT_ONCE[operation] + (1 if kept else 0)
    hit = min(fault.times, AT_ONCE[operation]) if outcome.again else 0
    return ASKED[operation] + hit


def markdown() -> str:
    names = ["read the queue", "read the service", "read the state", "claim", "update"]
    lines = [
        "| fault | how often | " + " | ".join(names) + " |",
        "|---" * (len(names) + 2) + "|",
    ]
    for fault in FAULTS:
        cells = [
            fault.outcomes[operation].text if operation in fault.outcomes else ""
            for operation in OPERATIONS
        ]
        lines.append(f"| {fault.name} | {fault.often} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
