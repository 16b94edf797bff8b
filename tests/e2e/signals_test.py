"""SIGINT and SIGTERM let the check that runs finish; a second one drops it."""

import json
import signal

import pytest

from autoscaler import start

ENDINGS = pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])


@ENDINGS
def test_between_checks_a_daemon_ends_at_once(world, ending):
    with start(["run", "--interval", "10m", "--json"], world.environment()) as daemon:
        daemon.wait_for_lines(1)
        daemon.signal(ending)
        assert daemon.wait() == 0
        assert len(daemon.stdout.splitlines()) == 1


@ENDINGS
@pytest.mark.parametrize("command", [["once"], ["run", "--interval", "100ms"]], ids=["once", "run"])
def test_in_the_middle_of_a_check_the_check_finishes(world, proxy, command, ending):
    """Between claim and update: to stop there would leave a record of what was never done."""
    world.put_messages(30)
    update = proxy.hold("ecs:UpdateService")
    with start([*command, "--json"], world.environment()) as process:
        proxy.wait_for("ecs:UpdateService")
        process.signal(ending)
        update.release()
        assert process.wait() == 0
        [line] = process.stdout.splitlines()
    assert json.loads(line)["changed"] is True
    assert world.desired() == 5
    assert world.state("up")["count"] == 5


def test_no_check_begins_after_the_signal(world, proxy):
    world.put_messages(7)
    queue = proxy.hold("sqs:GetQueueAttributes")
    with start(["run", "--interval", "100ms", "--json"], world.environment()) as daemon:
        proxy.wait_for("sqs:GetQueueAttributes")
        daemon.signal(signal.SIGTERM)
        queue.release()
        assert daemon.wait() == 0
    assert proxy.count("sqs:GetQueueAttributes") == 1


def test_a_second_signal_drops_the_check(world, proxy):
    world.put_messages(30)
    proxy.hold("sqs:GetQueueAttributes")  # and never released: only the signals end this
    with start(["run", "--interval", "100ms", "--json"], world.environment()) as daemon:
        proxy.wait_for("sqs:GetQueueAttributes")
        daemon.signal(signal.SIGTERM)
        daemon.signal(signal.SIGINT)
        assert daemon.wait() in (0, 1)
    assert world.desired() == 2
