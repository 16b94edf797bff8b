"""A proxy for each autoscaler before one moto world, that breaks some exchanges, draws which from a
seed, and records all."""

import json
import re
import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Protocol

import aws_answers
from fault_proxy import Answer, Ending, FaultProxy, Forward, Request, Rule
from fault_table import (
    dated,
    expired_keys,
    is_s3,
    refusal_for_its_time,
    server_error,
    throttled,
)
from history import GET, MEMORY, OPERATIONS, PUT, QUEUE, SERVICE, UPDATE, Exchange
from processes import eventually
from random_scenario import Kill, Scenario, draw_depth

STS = "POST /"  # as the proxy tells it

# How often each is met, in parts.
NOT_DONE = {
    "reset": 2,
    "closed": 2,
    "500": 2,
    "503": 1,
    "throttled": 1,
    "denied": 1,
    "expired keys": 1,
    "conflict": 2,  # of writes alone
}
DONE = {
    "reset, done": 2,
    "closed, done": 2,
    "reset within the answer": 2,
    "cut short": 2,
    "JSON cut": 1,  # of reading alone
    "500, done": 2,
}
TOLD = {
    "closed afterwards": 2,
    "late": 4,
    "late answer": 4,
}
FAULTS = NOT_DONE | DONE | TOLD

# Beside these: as many as the scenario has, with such a share of the requests until then, claims
# above all. Longer than what was seen may be acted on, and shorter than the program waits for an
# answer.
SLOW = ["slow", "slow answer"]
SLOW_SHARE = {PUT: 0.3}
SLOW_SHARE_OF_OTHERS = 0.05
SLOW_S = (2.5, 7.0)


def answer_not_done(fault: str, operation: str) -> Answer | Ending | None:
    match fault:
        case "reset":
            return Ending.RESET
        case "500":
            return server_error(operation)
        case "503":
            return aws_answers.gateway_page()
        case "throttled":
            return throttled(operation, "SlowDown" if is_s3(operation) else "ThrottlingException")
        case "denied" if is_s3(operation):
            return aws_answers.s3_error(403, "AccessDenied")
        case "denied":
            return aws_answers.denied(operation)
        case "expired keys":
            return expired_keys(operation)
        case "conflict":
            return aws_answers.s3_error(409, "ConditionalRequestConflict")
    return Ending.CLOSE


def answer_spoilt(fault: str, operation: str, answer: Answer) -> Answer | Ending:
    longer = answer.headers | {"Content-Length": str(len(answer.body) + 100)}
    match fault:
        case "reset, done":
            return Ending.RESET
        case "reset within the answer":
            return replace(answer, headers=longer, sent=len(answer.body), ending=Ending.RESET)
        case "cut short":
            return replace(answer, headers=longer, sent=len(answer.body), ending=Ending.CLOSE)
        case "JSON cut":
            return replace(answer, body=answer.body[:-5])
        case "500, done":
            return server_error(operation)
    return Ending.CLOSE


def nine_minutes(answer: Answer) -> Answer:
    """For so long the keys in it are good: late enough that the program asks for others."""
    end = datetime.now(timezone.utc) + timedelta(minutes=9)
    fresh = f"<Expiration>{end:%Y-%m-%dT%H:%M:%SZ}</Expiration>".encode()
    return replace(answer, body=re.sub(b"<Expiration>.*?</Expiration>", fresh, answer.body))


def first_keys_alone(hangs: Rule) -> Rule:
    """Answers until somebody has waited for it, however long a busy machine takes."""
    given = threading.Event()

    def rule(request: Request, forward: Forward) -> Answer | Ending | None:
        if given.is_set():
            return hangs(request, forward)
        answer = nine_minutes(forward())
        if request.awaited():
            given.set()
        return answer

    return rule


class Client(Protocol):
    """An autoscaler, as AWS meets it."""

    process: int  # that it is now
    hanging_refresh: bool

    def dies_of(self, operation: str) -> Kill | None:
        """Whether it is killed at this request. It tells."""

    def kill(self) -> None: ...

    def complain(self, what: str) -> None: ...


class FaultyAws:
    """AWS as the autoscalers of one world meet it. AWS does one thing at a time, so that what it
    did has an order."""

    def __init__(self, world, scenario: Scenario):
        self._world = world
        self._scenario = scenario
        self._random = Random(scenario.seed)
        self._lock = threading.Lock()
        self._aws = threading.Lock()
        self._done = 0
        self._desired = scenario.tasks
        self._replaced: list[tuple[float, int]] = []  # counts of the service, and when they were
        self._slow_left = scenario.slow_answers
        self._in_hand = 0
        self.exchanges: list[Exchange] = []
        self.change_depth()

    def change_depth(self) -> None:
        with self._lock:
            self._depth = draw_depth(self._random)

    def listen(self, client: Client) -> FaultProxy:
        """For one autoscaler."""

        def rule(request: Request, forward: Forward) -> Answer | Ending | None:
            with self._lock:
                self._in_hand += 1
            try:
                return self._answer(client, request, forward)
            except Exception as error:
                client.complain(f"{request.operation} was not answered: {error!r}")
                raise
            finally:
                with self._lock:
                    self._in_hand -= 1

        proxy = FaultProxy(self._world.cloud.url)
        for operation in OPERATIONS:
            proxy.on(operation, rule)
        if client.hanging_refresh:
            proxy.first(STS, first_keys_alone(proxy.hold(STS)))
        return proxy

    def finish(self) -> None:
        """Waits for what nobody waits for any more, but is done all the same."""
        eventually(lambda: self._in_hand == 0, "what was asked is done")

    def readings_of(self, process: int) -> int:
        """Of the queue, that have ended: all but the last one that was begun, however often it was
        tried."""
        with self._lock:
            own = [e for e in self.exchanges if e.process == process and e.operation == QUEUE]
        return max(0, len({exchange.call for exchange in own}) - 1)

    # --- one exchange

    def _answer(self, client: Client, request: Request, forward: Forward) -> Answer | Ending | None:
        exchange, pause_s = self._record(client, request)
        if kill := client.dies_of(request.operation):
            exchange.fault = "killed"
            if kill.done:
                self._do(exchange, forward)
            client.kill()
            return Ending.CLOSE
        now = datetime.now(timezone.utc) + timedelta(hours=self._scenario.clock_hours)
        answer = refusal_for_its_time(request, now) or self._meet(exchange, pause_s, forward)
        exchange.told = exchange.told and request.awaited()
        if isinstance(answer, Answer):
            exchange.seen = answer.status if answer.sent is None else None
            answer = dated(answer, now)
        return answer

    def _meet(self, exchange: Exchange, pause_s: float, forward: Forward) -> Answer | Ending | None:
        fault, operation = exchange.fault, exchange.operation
        if fault in NOT_DONE:
            return answer_not_done(fault, operation)
        if fault in ("late", "slow"):
            time.sleep(pause_s)
        answer = self._do(exchange, forward)
        if fault in DONE:
            return answer_spoilt(fault, operation, answer)
        if fault in ("late answer", "slow answer"):
            time.sleep(pause_s)
        exchange.told = True
        return replace(answer, ending=Ending.CLOSE) if fault == "closed afterwards" else answer

    def _do(self, exchange: Exchange, forward: Forward) -> Answer:
        with self._aws:
            if exchange.operation == QUEUE:
                answer = self._queue_answer(exchange)
            else:
                answer = forward()
            self._done += 1
            exchange.order = self._done
            exchange.answered = time.time()
            exchange.status = answer.status
            exchange.etag = answer.headers.get("ETag")
            if answer.status == 200 and exchange.operation == SERVICE:
                answer, exchange.desired = self._service_answer(answer)
            if answer.status == 200 and exchange.operation == UPDATE:
                exchange.desired_before = self._desired
                exchange.desired = self._desired = exchange.content["desiredCount"]
                self._replaced.append((time.time(), exchange.desired_before))
        return answer

    def _service_answer(self, answer: Answer) -> tuple[Answer, int]:
        """As the service is, or was a moment ago; and with how many tasks."""
        content = json.loads(answer.body)
        [service] = content["services"]
        with self._lock:
            moment = time.time() - self._random.uniform(0, self._scenario.stale_s)
        later = [desired for replaced, desired in self._replaced if replaced > moment]
        if later:
            service["desiredCount"] = service["runningCount"] = later[0]
        return replace(answer, body=json.dumps(content).encode()), service["desiredCount"]

    def _queue_answer(self, exchange: Exchange) -> Answer:
        visible, in_flight = self._depth
        exchange.in_flight = in_flight
        return aws_answers.queue_attributes(
            ApproximateNumberOfMessages=str(visible),
            ApproximateNumberOfMessagesNotVisible=str(in_flight),
        )

    def _record(self, client: Client, request: Request) -> tuple[Exchange, float]:
        """And the pause that belongs to its fault."""
        content = {}
        if request.operation in (PUT, UPDATE):
            content = json.loads(request.body)
        direction = ""
        if request.operation in (GET, PUT):
            direction = "up" if request.path.endswith("up-last-action.json") else "down"
        headers = request.headers
        with self._lock:
            exchange = Exchange(
                number=len(self.exchanges),
                process=client.process,
                time=time.time(),
                operation=request.operation,
                call=headers.get("amz-sdk-invocation-id", str(len(self.exchanges))),
                direction=direction,
                content=content,
                condition=headers.get("if-match", headers.get("if-none-match")),
                fault=self._draw_fault(client, request.operation),
            )
            if not request.path.endswith(MEMORY):  # whose loss is nobody's harm
                self.exchanges.append(exchange)
            limits = SLOW_S if exchange.fault in SLOW else (0, 0.15)
            return exchange, self._random.uniform(*limits)

    def _draw_fault(self, client: Client, operation: str) -> str:
        slow_share = SLOW_SHARE.get(operation, SLOW_SHARE_OF_OTHERS)
        if self._slow_left and self._random.random() < slow_share:
            self._slow_left -= 1
            return self._random.choice(SLOW)
        if self._random.random() >= self._scenario.fault_share:
            return ""
        [fault] = self._random.choices(list(FAULTS), FAULTS.values())
        impossible = (
            (fault == "conflict" and operation != PUT)
            or (fault == "JSON cut" and operation in (PUT, UPDATE))
            or (fault == "expired keys" and client.hanging_refresh)  # others would not come
        )
        return "" if impossible else fault
