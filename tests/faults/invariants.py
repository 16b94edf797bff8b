"""What must hold whatever goes wrong between autoscalers and AWS.

Each function takes a History and gives a sentence for every time that it does not hold.
"""

import math
from collections import Counter
from typing import Iterator

from history import GET, PUT, QUEUE, SERVICE, UPDATE, Check, Exchange, History

# What the program says of itself: src/engine/autoscaler.cpp, src/clients/aws/client.{h,cpp} and
# src/scaling/cooldown.h.
LOOK_AGE_MAX_S = 2.0
CHANGE_BEGINS_WITHIN_S = 3.0
SETTLING_TIME_S = 10.0
ATTEMPT_TIMEOUT_S = 10.0

# From when a program sends, or writes down the time, to when the proxy has it. On a busy machine it
# takes longer, as whatever has to wait for a processor: both ends do.
ON_ITS_WAY_S = 1.0


def on_its_way(history: History) -> float:
    return ON_ITS_WAY_S + 2 * history.stalled_s


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


def counts_known(history: History, check: Check, before: Exchange) -> list[int]:
    """What the process set or saw a moment before, which it knows better than a service that is
    behind; with what it saw last."""
    own = [
        e
        for e in history.exchanges
        if e.process == check.process and e.number < before.number and e.call != before.call
    ]
    recent = [e for e in own if before.time - e.time < SETTLING_TIME_S + on_its_way(history)]
    return [e.content["desiredCount"] for e in recent if e.operation == UPDATE] + [
        e.desired for e in recent if e.operation == SERVICE and e.desired is not None
    ]


def tasks_believed(history: History, check: Check, update: Exchange) -> int | None:
    """How many the service had, by the check's report; of a check without one, the most of what it
    may have believed."""
    if check.report is not None:
        return check.report["current_tasks"]
    return max(counts_known(history, check, update), default=None)


def is_scale_in(history: History, check: Check, update: Exchange) -> bool:
    """Of a check without a report, what it has recorded tells."""
    if check.report is None:
        return bool(check.of(PUT, "down"))
    believed = check.report["current_tasks"]
    return believed is not None and update.content["desiredCount"] < believed


def tasks_kept_busy(check: Check) -> set[int]:
    """By each of its readings: what was recorded on one is done after the next."""
    if check.in_flight_per_task is None:
        return set()
    in_flight = [queue.in_flight for queue in check.of(QUEUE) if queue.in_flight is not None]
    return {math.ceil(messages / check.in_flight_per_task) for messages in in_flight}


def state_known(history: History, check: Check, direction: str, before: Exchange) -> bool:
    """Whether the process knew the state object by then: from its last word with S3 about it. Who
    asks whether its own claim still stands knows it, also when nobody answers."""
    known = False
    for word in history.exchanges:
        if word.process == check.process and word.direction == direction:
            if word.number >= before.number:
                break
            confirms = known and word.operation == GET and direction == "up"
            known = word.known or confirms
    return known


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
            kept = is_scale_in(history, check, update) and desired in tasks_kept_busy(check)
            if desired < history.min_tasks or (desired > history.max_tasks and not kept):
                yield f"process {update.process} set {desired} tasks"


def what_is_believed_was_said(history: History) -> Iterator[str]:
    """By the service, or by the process itself, which set it a moment before."""
    for check, update in updates(history):
        if check.report is None:
            continue
        believed = check.report["current_tasks"]
        if believed not in counts_known(history, check, update):
            yield f"process {update.process} believed in {believed} tasks, which nobody said"


def no_scale_out_takes_tasks_away(history: History) -> Iterator[str]:
    """However far behind the service is: what another scale-out set is in the state. But for what
    came after the look, or was recorded nowhere."""
    setter: tuple[Check, Exchange] | None = None
    for check, update in sorted(updates(history), key=lambda pair: pair[1].order):
        service = last(check.of(SERVICE), update)
        before, setter = setter, (check, update)
        if before is None or service is None or is_scale_in(history, check, update):
            continue
        recorded = not is_scale_in(history, *before) and claims(before[0]) and claims(check)
        taken_away = update.content["desiredCount"] < update.desired_before
        if recorded and taken_away and before[1].order < service.order:
            yield (
                f"process {update.process} scaled out to {update.content['desiredCount']} from "
                f"{update.desired_before}"
            )


def nothing_is_done_on_what_was_not_read(history: History) -> Iterator[str]:
    for check, update in updates(history):
        for operation in (QUEUE, SERVICE):
            reading = last(check.of(operation), update)
            if reading is None or not reading.known:
                yield f"process {update.process} acted without {operation}"


def nothing_is_done_on_what_is_old(history: History) -> Iterator[str]:
    """An update that is sent again, or has to wait since the service throttles, has a limit of its
    own."""
    for check in history.checks:
        calls = Counter()
        for update in check.of(UPDATE):
            calls[update.call] += 1
            waited = calls[update.call] > 1 or was_throttled(history, update)
            limit = LOOK_AGE_MAX_S + (CHANGE_BEGINS_WITHIN_S if waited else 0)
            for operation in (QUEUE, SERVICE):
                known = [exchange for exchange in check.of(operation) if exchange.known]
                reading = last(known, update)
                age = update.time - reading.time if reading else 0  # another invariant judges
                if age > limit + on_its_way(history) and not check.landed:
                    yield f"process {update.process} acted on a {operation} of {age:.3f} s ago"


def was_throttled(history: History, update: Exchange) -> bool:
    return any(
        exchange.process == update.process
        and exchange.number < update.number
        and exchange.fault in ("throttled", "503")
        for exchange in history.exchanges
    )


def no_act_after_another_has_claimed(history: History) -> Iterator[str]:
    """What the process cannot know, it may do for as long as what it has seen is fresh."""
    for check, update in updates(history):
        own = claims(check)[:1]
        later = [
            put
            for put in history.exchanges
            if put.operation == PUT
            and put.direction == "up"
            and put.done
            and put.process != check.process
            and own
            and own[0].order < put.order < update.order
        ]
        calls = [e for e in check.of(UPDATE) if e.call == update.call]
        age = calls[0].time - later[0].answered if later else 0
        if age > LOOK_AGE_MAX_S + on_its_way(history) and not check.landed:
            yield f"process {update.process} acted {age:.3f} s after another's claim"


def no_act_of_a_superseded_autoscaler(history: History) -> Iterator[str]:
    """Once a daemon has taken a document, what began before it neither claims nor acts. When a
    check without a report began is not known so well."""
    reported = [check for check in history.checks if check.report is not None and not check.landed]
    for reload in history.reloads:
        for check in reported:
            if check.process != reload.process or check.start >= reload.taken:
                continue
            for exchange in [*check.of(UPDATE), *check.of(PUT, "up"), *check.of(PUT, "down")]:
                late = exchange.time - reload.taken
                if late > on_its_way(history) / 2:
                    yield (
                        f"process {check.process} sent {exchange.operation} {late:.3f} s after a "
                        "new configuration"
                    )


def a_pause_is_in_force_in_time(history: History) -> Iterator[str]:
    for reload in history.reloads:
        late = reload.taken - reload.written - reload.within_s
        if late > on_its_way(history):
            yield f"process {reload.process} took a document {late:.3f} s late"
        if not reload.paused:
            continue
        for check in history.checks:
            for update in check.of(UPDATE) if check.process == reload.process else []:
                if reload.taken + on_its_way(history) / 2 < update.time < reload.until:
                    yield f"process {reload.process} acted while it was paused"


def no_check_waits_for_better_keys(history: History) -> Iterator[str]:
    """Where those at hand are good. An attempt of a refresh that hangs lasts until it times out."""
    for check in history.checks:
        if not check.exchanges:
            continue
        waited = check.exchanges[0].time - check.start
        if check.report is not None and waited > ATTEMPT_TIMEOUT_S / 2 + on_its_way(history):
            yield f"process {check.process} asked for nothing for {waited:.3f} s"


def no_scale_in_without_the_state(history: History) -> Iterator[str]:
    for check, update in updates(history):
        if not is_scale_in(history, check, update):
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
        if not is_scale_in(history, check, update):
            continue
        if tasks_believed(history, check, update) > history.max_tasks:
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
        without = not is_scale_in(history, check, update) and unanswered
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
                aware = is_scale_in(history, check, update) or state_known(
                    history, check, "up", reading
                )
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
        if check.report is None:
            continue
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
    what_is_believed_was_said,
    no_scale_out_takes_tasks_away,
    nothing_is_done_on_what_was_not_read,
    nothing_is_done_on_what_is_old,
    no_act_after_another_has_claimed,
    no_act_of_a_superseded_autoscaler,
    a_pause_is_in_force_in_time,
    no_check_waits_for_better_keys,
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
