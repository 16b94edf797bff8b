"""What is asked of AWS, in which order, over which connections."""

import json

import aws_answers
from autoscaler import file_descriptors, numbers, once, start
from fault_proxy import reply


def test_queue_service_and_state_are_asked_at_the_same_time(world, proxy):
    """Each answer is held until the other questions have arrived."""
    operations = ["sqs:GetQueueAttributes", "ecs:DescribeServices", "s3:GetObject"]
    gates = [proxy.hold(operation) for operation in operations]
    with start(["once", "--json"], world.environment()) as process:
        proxy.wait_for("sqs:GetQueueAttributes")
        proxy.wait_for("ecs:DescribeServices")
        proxy.wait_for("s3:GetObject")
        for gate in gates:
            gate.release()
        assert process.wait() == 0
        assert len(process.stdout.splitlines()) == 1


def test_a_hold_asks_once_and_writes_nothing(world, proxy):
    world.put_messages(7)
    assert numbers(once(world.environment()).check)[0] == "hold"
    observed = ["ecs:DescribeServices", "s3:GetObject", "sqs:GetQueueAttributes"]
    assert sorted(proxy.operations()) == observed


def test_a_hold_does_without_the_state(world, proxy):
    proxy.on("s3:GetObject", reply(aws_answers.s3_error(403, "AccessDenied", "Access Denied")))
    world.put_messages(7)
    outcome = once(world.environment())
    assert (outcome.status, outcome.check["action"]) == (0, "hold")


def test_it_looks_again_before_acting_on_a_state_that_it_just_read(world, proxy):
    """Between its first look and the reading of the state, another one may have acted."""
    world.put_messages(30)
    state = proxy.hold("s3:GetObject")
    with start(["once", "--json"], world.environment()) as process:
        proxy.wait_for("s3:GetObject")
        proxy.wait_for("ecs:DescribeServices")
        world.set_desired(5)
        state.release()
        assert process.wait() == 0
        assert numbers(json.loads(process.stdout)) == ("scale_out", 5, 8)
    assert proxy.count("ecs:DescribeServices") == 2


def test_a_scale_out_claims_the_state_before_it_updates_the_service(world, proxy):
    world.put_messages(30)
    claim = proxy.hold("s3:PutObject")
    with start(["once", "--json"], world.environment()) as process:
        proxy.wait_for("s3:PutObject")
        assert proxy.count("ecs:UpdateService") == 0
        assert world.desired() == 2
        claim.release()
        assert process.wait() == 0
    assert proxy.operations()[-2:] == ["s3:PutObject", "ecs:UpdateService"]


def test_a_claim_is_conditional_on_what_was_read(world, proxy):
    world.put_messages(30)
    once(world.environment())
    world.put_messages(30)
    once(world.environment())
    first, second = (r.headers for r in proxy.requests if r.operation == "s3:PutObject")
    assert first["if-none-match"] == "*"
    assert "if-match" not in first
    assert second["if-match"].startswith('"')
    assert "if-none-match" not in second


def test_the_service_is_updated_in_its_desired_count_alone(world, proxy):
    world.put_messages(30)
    once(world.environment())
    [update] = [r for r in proxy.requests if r.operation == "ecs:UpdateService"]
    assert json.loads(update.body) == {
        "cluster": world.cluster,
        "service": world.service,
        "desiredCount": 5,
    }


def test_a_daemon_keeps_its_connections_and_descriptors(world, proxy):
    world.put_messages(7)
    with start(["run", "--interval", "100ms", "--json"], world.environment()) as daemon:
        proxy.wait_for("application-autoscaling:DescribeScalableTargets")
        seen = len(daemon.wait_for_lines(2))
        before = file_descriptors(daemon.pid)
        daemon.wait_for_lines(seen + 10)
        assert file_descriptors(daemon.pid) == before
    # For the queue, the service and the state, asked at once by the first check, and for who else
    # scales the service.
    assert len({request.connection for request in proxy.requests}) <= 4


def test_a_daemon_reads_the_state_once(world, proxy):
    world.put_messages(30)
    with start(["run", "--interval", "100ms", "--json"], world.environment()) as daemon:
        lines = [json.loads(line) for line in daemon.wait_for_lines(5)]
    assert [line["action"] for line in lines[:5]] == ["scale_out", "hold", "hold", "hold", "hold"]
    assert proxy.count("s3:GetObject") == 1


def test_the_last_scale_in_is_read_for_a_scale_in_alone(world, proxy):
    world.set_desired(10)
    with start(["run", "--interval", "100ms", "--json"], world.environment()) as daemon:
        lines = [json.loads(line) for line in daemon.wait_for_lines(3)]
    assert [line["action"] for line in lines[:3]] == ["scale_in", "hold", "hold"]
    read = [request.path for request in proxy.requests if request.method == "GET"]
    assert [path.rsplit("/", 1)[1] for path in read] == [
        "up-last-action.json",
        "down-last-action.json",
    ]


def test_a_daemon_survives_connections_that_were_closed_meanwhile(world, proxy):
    world.put_messages(7)
    with start(["run", "--interval", "100ms", "--json"], world.environment()) as daemon:
        daemon.wait_for_lines(2)
        proxy.close_connections()
        lines = [json.loads(line) for line in daemon.wait_for_lines(6)]
    assert all(line["errors"] == [] for line in lines)


def test_a_daemon_goes_on_after_a_failed_check(world, proxy):
    proxy.queue_depth(-1)
    with start(["run", "--interval", "100ms", "--json"], world.environment()) as daemon:
        daemon.wait_for_lines(1)
        proxy.queue_depth(7)
        seen = len(daemon.stdout.splitlines())
        lines = [json.loads(line) for line in daemon.wait_for_lines(seen + 2)]
    assert lines[0]["errors"] and not lines[-1]["errors"]
