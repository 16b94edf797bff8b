"""What must hold whatever goes wrong between autoscalers and AWS.

Each function takes a History and gives a sentence for every time that it does not hold.
"""

import math
from collections import Counter
from typing import Iterator

from history import GET, PUT, QUEUE, SERVICE, UPDATE, Check, Exchange, History


def updates(history: History) -> Iterator[tuple[Check, Exchange]]:
    """Each UpdateService that AWS did, the first time where a call did it twice, with its check."""
    for check in history.checks:
        seen = set()
        for exchange in check.of(UPDATE):
            if exchange.done and exchange.call not in seen:
                seen.add(exchange.call)
                yield check, exchange


def last(exchanges: list[Exchange], before: Exchange) -> Exchange | None:
    earlier = [exchange for exchange in exchanges if exchange.number < before.number]
    return earlier[-1] if earlier else None


def is_scale_in(check: Check, update: Exchange) -> bool:
    service = last(check.of(SERVICE), update)
    return bool(service and service.desired is not None) and (
        update.content["desiredCount"] < service.desired
    )


def tasks_kept_busy(check: Check, update: Exchange) -> int | None:
    queue = last(check.of(QUEUE), update)
    if check.in_flight_per_task is None or queue is None or queue.in_flight is None:
        return None
    return math.ceil(queue.in_flight / check.in_flight_per_task)


def state_known(history: History, check: Check, direction: str, before: Exchange) -> bool:
    """Whether the process knew the state object by then: from its last word with S3 about it."""
    words = [
        exchange
        for exchange in history.exchanges
        if exchange.process == check.process
        and exchange.operation in (GET, PUT)
        and exchange.direction == direction
        and exchange.number < before.number
    ]
    return bool(words) and words[-1].known


def claims(check: Check) -> list[Exchange]:
    """What the check wrote into the object that every action writes, and S3 took."""
    return [exchange for exchange in check.of(PUT, "up") if exchange.done]


# --- the invariants


def the_desired_count_stays_within_bounds(history: History) -> Iterator[str]:
    """In one case it may be set above them: when it is above them already, and the way down stops
    at the tasks that the messages in flight keep busy."""
    for check in history.checks:
        for update in check.of(UPDATE):
            desired = update.content["desiredCount"]
            kept = is_scale_in(check, update) and desired == tasks_kept_busy(check, update)
            if desired < history.min_tasks or (desired > history.max_tasks and not kept):
                yield f"process {update.process} set {desired} tasks"


def nothing_is_done_on_what_was_not_read(history: History) -> Iterator[str]:
    for check, update in updates(history):
        for operation in (QUEUE, SERVICE):
            reading = last(check.of(operation), update)
            if reading is None or not reading.known:
                yield f"process {update.process} acted without {operation}"


def no_scale_in_without_the_state(history: History) -> Iterator[str]:
    for check, update in updates(history):
        if not is_scale_in(check, update):
            continue
        for direction in ("up", "down"):
            written = check.of(PUT, direction)
            if not written:
                yield f"process {update.process} scaled in without writing {direction}"
            elif not state_known(history, check, direction, written[0]):
                yield f"process {update.process} scaled in without knowing {direction}"
            elif not state_known(history, check, direction, update):
                yield f"process {update.process} scaled in without knowing that {direction} is set"


def no_scale_in_on_one_reading(history: History) -> Iterator[str]:
    """Somebody had read the queue that long before; but for the way back into the bounds."""
    for check, update in updates(history):
        service = last(check.of(SERVICE), update)
        if not is_scale_in(check, update) or service.desired > history.max_tasks:
            continue
        earliest = min(e.time for e in history.exchanges if e.operation == QUEUE and e.known)
        if update.time - earliest < check.scale_in_evidence_s:
            yield f"process {update.process} scaled in {update.time - earliest:.3f} s after that"


def each_update_has_one_claim(history: History) -> Iterator[str]:
    """A scale-out whose claim S3 neither took nor refused, as far as could be seen, is made all the
    same."""
    for check, update in updates(history):
        writers = {claim.writer for claim in claims(check) if claim.order < update.order}
        answer = last(check.of(PUT, "up"), update)
        unanswered = answer is None or answer.seen not in (200, 409, 412)
        without = not is_scale_in(check, update) and unanswered
        if len(writers) > 1 or (not writers and not without):
            yield f"process {update.process} set {update.content['desiredCount']} tasks with " + (
                f"{len(writers)} claims"
            )


def no_two_act_on_one_state(history: History) -> Iterator[str]:
    claimed = Counter(
        claim.condition for check, _ in updates(history) for claim in claims(check)[:1]
    )
    for version, count in claimed.items():
        if version is not None and count > 1:  # on None, no_claim_is_lost judges
            yield f"{count} updates were made from the state {version}"


def what_is_acted_on_is_newer_than_the_state_that_was_claimed(history: History) -> Iterator[str]:
    """So that nobody acted in between. A scale-out that could not read the state does without."""
    created = {etag: 0 for etag in history.first_etags.values() if etag} | {"*": 0}
    for exchange in history.exchanges:
        if exchange.operation == PUT and exchange.done:
            created[exchange.etag] = exchange.order
    for check, update in updates(history):
        for claim in claims(check)[:1]:
            for operation in (QUEUE, SERVICE):
                reading = last(check.of(operation), update)
                if reading is None or reading.order is None or claim.condition not in created:
                    continue  # other invariants judge these
                aware = is_scale_in(check, update) or state_known(history, check, "up", reading)
                if aware and reading.order < created[claim.condition]:
                    yield f"process {update.process} claimed a state newer than its {operation}"


def no_claim_is_lost(history: History) -> Iterator[str]:
    """What is written replaces what its writer had read, and the last is there in the end."""
    present = dict(history.first_etags)
    writers: dict[str, str] = {}
    done = [e for e in history.exchanges if e.operation == PUT and e.done]
    for put in sorted(done, key=lambda put: put.order):
        known = present[put.direction] or "*"
        if put.condition != known:
            yield (
                f"process {put.process} wrote {put.direction} over {known}, on condition "
                f"{put.condition}"
            )
        present[put.direction] = put.etag
        writers[put.direction] = put.writer
    for direction, writer in writers.items():
        if history.final_writers[direction] != writer:
            yield f"the last claim of {direction} is not there in the end"


def no_claim_is_doubled(history: History) -> Iterator[str]:
    written = Counter(
        (put.direction, put.writer)
        for put in history.exchanges
        if put.operation == PUT and put.done
    )
    for (direction, writer), count in written.items():
        if count > 1:
            yield f"writer {writer} wrote {direction} {count} times"


def reports_say_what_happened(history: History) -> Iterator[str]:
    for check in history.checks:
        done = [exchange for exchange in check.of(UPDATE) if exchange.done]
        who = f"process {check.process}, {check.report['time']},"
        if check.report["changed"] and not done:
            yield f"{who} reports a change that was not made"
        if done and not check.report["changed"] and not check.report["errors"]:
            yield f"{who} made a change and reports none"
        if check.report["changed"]:
            new_tasks = done[-1].content["desiredCount"] if done else None
            if check.report["new_tasks"] != new_tasks:
                yield f"{who} reports {check.report['new_tasks']} tasks and set {new_tasks}"


def everything_ends_in_order(history: History) -> Iterator[str]:
    yield from history.complaints


INVARIANTS = [
    the_desired_count_stays_within_bounds,
    nothing_is_done_on_what_was_not_read,
    no_scale_in_without_the_state,
    no_scale_in_on_one_reading,
    each_update_has_one_claim,
    no_two_act_on_one_state,
    what_is_acted_on_is_newer_than_the_state_that_was_claimed,
    no_claim_is_lost,
    no_claim_is_doubled,
    reports_say_what_happened,
    everything_ends_in_order,
]


def violations(history: History) -> list[str]:
    return [
        f"{invariant.__name__}: {what}" for invariant in INVARIANTS for what in invariant(history)
    ]
