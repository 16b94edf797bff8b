"""What an operator has said holds whatever is known of the queue."""

from autoscaler import numbers, once
from fleet_world import write_document


def test_hold_at_needs_no_queue(fleet, tmp_path):
    member = fleet.add(fleet.add_cluster(), messages=7, hold_at=4)
    member.queue_url += "-gone"
    write_document(tmp_path / "fleet.json", fleet.document([member]))
    outcome = once(fleet.environment(), "--config", str(tmp_path / "fleet.json"))
    assert outcome.status == 1  # the queue's error is told
    assert numbers(outcome.check) == ("scale_out", 2, 4)
