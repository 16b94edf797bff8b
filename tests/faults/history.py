"""What autoscalers asked of AWS, what AWS did, and what they were told of it."""

from dataclasses import dataclass, field
from datetime import datetime

QUEUE, SERVICE = "sqs:GetQueueAttributes", "ecs:DescribeServices"
GET, PUT, UPDATE = "s3:GetObject", "s3:PutObject", "ecs:UpdateService"
MEMORY = "/memory.json"  # the end of the path
OPERATIONS = [QUEUE, SERVICE, GET, PUT, UPDATE]


@dataclass
class Exchange:
    """One request and its answer."""

    number: int  # its place among all that arrived
    process: int
    time: float  # of its arrival, epoch seconds
    operation: str
    call: str  # the same for all attempts of a call
    direction: str = ""  # "up" or "down": the state object that is asked for
    content: dict = field(default_factory=dict)  # the body of PUT and UPDATE
    condition: str | None = None  # of a PUT: an ETag, "*" (absent), or None
    fault: str = ""
    # What AWS did, at its place among all that it did. None: the request never came there.
    order: int | None = None
    status: int | None = None
    answered: float | None = None  # when AWS had done it, epoch seconds
    etag: str | None = None  # of the object, afterwards
    desired: int | None = None  # of the service, afterwards
    desired_before: int | None = None
    in_flight: int | None = None  # as the queue's depth had it
    seen: int | None = None  # the status of the answer that the program was given; None: none
    told: bool = False  # whether that was AWS's answer, all of it, to who still waited for it

    @property
    def done(self) -> bool:
        return self.order is not None and self.status == 200

    @property
    def known(self) -> bool:
        """Whether the program knows from it how things are."""
        absent = self.operation == GET and self.status == 404
        return self.told and (self.status == 200 or absent)

    @property
    def writer(self) -> str:
        return self.content.get("writer", "")


@dataclass
class Check:
    """One check of one autoscaler, by its own report, or without one if it was killed in it."""

    process: int
    start: float  # epoch seconds
    report: dict | None
    landed: bool = False  # by the program as it was landed last
    in_flight_per_task: float | None = None  # its setting
    scale_in_evidence_s: float = 0.0  # likewise
    exchanges: list[Exchange] = field(default_factory=list)

    def of(self, operation: str, direction: str = "") -> list[Exchange]:
        return [
            exchange
            for exchange in self.exchanges
            if exchange.operation == operation and exchange.direction == direction
        ]


def epoch_seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


@dataclass
class Reloaded:
    """A document that was written for a daemon, epoch seconds."""

    process: int
    paused: bool
    written: float
    within_s: float  # in which it is to take effect
    taken: float  # when it was, by the daemon's log
    until: float  # when it was replaced, or the daemon ended


@dataclass
class History:
    min_tasks: int
    max_tasks: int
    exchanges: list[Exchange]  # in the order of arrival
    checks: list[Check]  # of each process in their order
    final_writers: dict[str, str | None]  # what the state objects say in the end
    first_etags: dict[str, str | None]  # of the state objects in the beginning
    reloads: list[Reloaded]
    stalled_s: float  # for which a thread that was due had to wait, at the worst
    complaints: list[str] = field(default_factory=list)  # of whoever ran the processes

    def attribute(self) -> None:
        """Gives each check its exchanges: those from its start to the next check's."""
        for check in self.checks:
            check.exchanges = []
        for exchange in self.exchanges:
            of_process = [c for c in self.checks if c.process == exchange.process]
            begun = [check for check in of_process if check.start <= exchange.time]
            if begun:
                begun[-1].exchanges.append(exchange)
            elif exchange.operation in (PUT, UPDATE):  # the first check's readings may be early
                self.complaints.append(f"{exchange.operation} came before any check that reports")

    def text(self) -> str:
        """For a person: a line an exchange, a line a check."""
        lines = []
        for exchange in self.exchanges:
            done = "not done" if exchange.order is None else f"#{exchange.order} {exchange.status}"
            told = "told" if exchange.told else f"seen {exchange.seen}"
            detail = " ".join(
                str(part)
                for part in (
                    exchange.direction,
                    exchange.writer[:6],
                    exchange.content.get("desiredCount", ""),
                    f"if {exchange.condition}" if exchange.condition else "",
                    f"etag {exchange.etag}" if exchange.etag else "",
                    f"desired {exchange.desired}" if exchange.desired is not None else "",
                )
                if part
            )
            text = f"{exchange.operation:23} {done:9} {told:9} {detail} {exchange.fault}"
            lines.append((exchange.time, text, exchange.process))
        for reload in self.reloads:
            what = f"TAKES A DOCUMENT, paused {reload.paused}"
            lines.append((reload.taken, what, reload.process))
        for check in self.checks:
            report = check.report
            if report is None:
                lines.append((check.start, "CHECK without a report: killed", check.process))
                continue
            lines.append(
                (
                    check.start,
                    f"CHECK {report['action']} {report['current_tasks']} -> {report['new_tasks']} "
                    f"changed {report['changed']}: {report['reason']} "
                    f"{[error['code'] for error in report['errors']]}",
                    check.process,
                )
            )
        start = min((time for time, _, _ in lines), default=0)
        return "\n".join(
            f"  {time - start:7.3f} s  process {process}  {text}"
            for time, text, process in sorted(lines)
        )
