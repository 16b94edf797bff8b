"""The scaling state in S3: the original's files, broken ones, missing ones, and other writers."""

import json

import pytest

import aws_answers
from autoscaler import numbers, once, start
from aws_world import iso_seconds_ago, seconds_ago
from fault_proxy import before, hang_up, lose_answer, reply


@pytest.mark.parametrize("time_ago", [seconds_ago, iso_seconds_ago], ids=["epoch", "iso8601"])
@pytest.mark.parametrize("direction", ["up", "down"])
def test_a_cooldown_that_the_original_recorded_is_honoured(world, direction, time_ago):
    world.set_desired(10)
    world.write_original_state(direction, time_ago(60))
    outcome = once(world.environment(SCALE_IN_COOLDOWN=3600))

    assert outcome.status == 0, outcome.stderr
    assert numbers(outcome.check) == ("hold", 10, 10)
    assert "cooldown" in outcome.check["reason"]
    assert world.desired() == 10


@pytest.mark.parametrize("time_ago", [seconds_ago, iso_seconds_ago], ids=["epoch", "iso8601"])
def test_a_cooldown_that_the_original_recorded_ends(world, time_ago):
    world.set_desired(10)
    world.write_original_state("up", time_ago(400))
    world.write_original_state("down", time_ago(300))
    outcome = once(world.environment(SCALE_IN_COOLDOWN=200))
    assert outcome.status == 0, outcome.stderr
    assert numbers(outcome.check) == ("scale_in", 10, 5)
    assert world.state("down")["timestamp"] > seconds_ago(100)


def test_what_is_written_has_the_members_that_the_original_reads(world):
    world.put_messages(30)
    once(world.environment())
    state = world.state("up")
    assert isinstance(state["timestamp"], float)
    assert {"timestamp", "cluster", "service", "action_type", "count"} <= state.keys()


BROKEN = {
    "not JSON": "timestamp: yesterday",
    "cut short": '{"timestamp": 1682341',
    "no timestamp": '{"cluster": "c"}',
    "no time": '{"timestamp": "yesterday"}',
    "a list": "[1682341234.5]",
    "empty": "",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_a_corrupt_state_blocks_a_scale_in(world, text):
    world.set_desired(10)
    world.write_state_text("up", text)
    outcome = once(world.environment())

    assert outcome.status == 1
    assert numbers(outcome.check) == ("hold", 10, 10)
    assert any(world.state_key("up") in error["message"] for error in outcome.check["errors"])
    assert world.desired() == 10


def test_a_corrupt_state_does_not_block_a_scale_out_and_is_replaced_by_it(world):
    world.put_messages(30)
    world.write_state_text("up", "not JSON")
    outcome = once(world.environment())

    assert outcome.status == 1
    assert numbers(outcome.check) == ("scale_out", 2, 5)
    assert outcome.check["changed"] is True
    assert world.desired() == 5
    assert world.state("up")["count"] == 5


def test_a_missing_bucket_blocks_a_scale_in(world):
    world.set_desired(10)
    world.delete_bucket()
    outcome = once(world.environment())

    assert outcome.status == 1
    assert numbers(outcome.check) == ("hold", 10, 10)
    error = outcome.check["errors"][0]
    assert (error["kind"], error["service"], error["code"]) == ("not_found", "S3", "NoSuchBucket")
    assert world.bucket in error["message"]
    assert world.desired() == 10


def test_a_missing_bucket_lets_a_scale_out_pass_and_is_reported(world):
    world.put_messages(30)
    world.delete_bucket()
    outcome = once(world.environment())

    assert outcome.status == 1
    assert numbers(outcome.check) == ("scale_out", 2, 5)
    assert {error["code"] for error in outcome.check["errors"]} == {"NoSuchBucket"}
    assert world.desired() == 5


@pytest.mark.parametrize(
    "answer",
    [
        aws_answers.s3_error(403, "AccessDenied", "Access Denied"),
        aws_answers.s3_error(503, "SlowDown", "Please reduce your request rate."),
        aws_answers.s3_error(500, "InternalError"),
    ],
    ids=["denied", "slow down", "internal error"],
)
def test_an_unreadable_state_fails_closed_for_in_and_open_for_out(world, proxy, answer):
    proxy.on("s3:GetObject", reply(answer))
    world.set_desired(10)
    blocked = once(world.environment())
    assert (blocked.status, numbers(blocked.check)) == (1, ("hold", 10, 10))
    assert proxy.count("s3:PutObject") == 0

    world.put_messages(30)
    passed = once(world.environment())
    assert (passed.status, numbers(passed.check)) == (1, ("scale_out", 10, 13))
    assert passed.check["errors"][0]["service"] == "S3"
    assert "this action is not recorded" in passed.check["errors"][-1]["message"]
    assert proxy.count("s3:PutObject") == 0
    assert world.desired() == 13


def test_a_scale_out_never_writes_over_a_state_that_it_has_not_read(world, proxy):
    """What another autoscaler records meanwhile would be lost."""
    world.write_original_state("up", seconds_ago(9000))
    other = json.dumps({"timestamp": seconds_ago(0), "count": 5, "writer": "another"})
    denied = aws_answers.s3_error(403, "AccessDenied", "Access Denied")
    proxy.on("s3:GetObject", reply(denied), times=1)  # not what is read for the claim
    proxy.on("s3:PutObject", before(lambda: world.write_state_text("up", other)), times=1)
    world.put_messages(30)
    outcome = once(world.environment())

    assert numbers(outcome.check) == ("hold", 2, 2)
    assert "another autoscaler" in outcome.check["reason"]
    assert world.state("up")["writer"] == "another"


def test_a_state_that_cannot_be_written_blocks_a_scale_in(world, proxy):
    proxy.on("s3:PutObject", reply(aws_answers.s3_error(403, "AccessDenied", "Access Denied")))
    world.set_desired(10)
    outcome = once(world.environment())

    assert outcome.status == 1
    assert numbers(outcome.check) == ("hold", 10, 10)
    assert outcome.check["errors"][0]["kind"] == "denied"
    assert proxy.count("ecs:UpdateService") == 0


@pytest.mark.parametrize("existing", [False, True], ids=["first record", "replacing one"])
def test_of_two_writers_the_later_one_holds(world, proxy, existing):
    if existing:
        world.write_original_state("up", seconds_ago(9000))
    other = json.dumps({"timestamp": seconds_ago(0), "count": 5, "writer": "another"})
    proxy.on("s3:PutObject", before(lambda: world.write_state_text("up", other)), times=1)
    world.put_messages(30)
    outcome = once(world.environment())

    assert outcome.status == 0, outcome.stderr
    assert numbers(outcome.check) == ("hold", 2, 2)
    assert "another autoscaler" in outcome.check["reason"]
    assert proxy.count("ecs:UpdateService") == 0
    assert world.state("up")["writer"] == "another"


def test_two_autoscalers_at_once_scale_once(world, proxy):
    """Both read before either writes: the claims meet in S3, where one is refused."""
    world.put_messages(30)
    claims = proxy.hold("s3:PutObject")
    first, second = (start(["once", "--json"], world.environment()) for _ in range(2))
    with first, second:
        proxy.wait_for("s3:PutObject", 2)
        claims.release()
        assert [first.wait(), second.wait()] == [0, 0]
        checks = [json.loads(process.stdout) for process in (first, second)]
    assert sorted(check["action"] for check in checks) == ["hold", "scale_out"]
    assert proxy.count("ecs:UpdateService") == 1
    assert world.desired() == 5


def test_two_autoscalers_of_opposite_minds_scale_once(world, proxy):
    """One wants more tasks, the other fewer: they meet in the object that every action writes."""
    world.set_desired(3)
    world.put_messages(30)
    claims = proxy.hold("s3:PutObject")
    out = world.environment()
    lazy = {"SCALE_UP_THRESHOLD": 1000, "SCALE_DOWN_THRESHOLD": 900, "TASKS_PER_MESSAGE": 0.01}
    back_in = world.environment(**lazy)
    with start(["once", "--json"], out) as first, start(["once", "--json"], back_in) as second:
        proxy.wait_for("s3:PutObject", 2)
        claims.release()
        assert [first.wait(), second.wait()] == [0, 0]
        actions = [json.loads(process.stdout)["action"] for process in (first, second)]
    assert sorted(actions) in (["hold", "scale_in"], ["hold", "scale_out"])
    assert proxy.count("ecs:UpdateService") == 1


@pytest.mark.parametrize("existing", [False, True], ids=["no scale-out yet", "after one"])
def test_a_scale_in_claims_the_up_file_and_keeps_what_it_says(world, existing):
    scale_out = seconds_ago(9000) if existing else 0
    if existing:
        world.write_original_state("up", scale_out)
    world.set_desired(10)
    assert numbers(once(world.environment()).check) == ("scale_in", 10, 5)
    assert world.state("up")["timestamp"] == pytest.approx(scale_out)
    assert world.state("up")["writer"]
    assert world.state("down")["count"] == 5


def test_a_scale_in_that_lost_leaves_no_record_of_itself(world, proxy):
    world.set_desired(10)
    world.write_original_state("up", seconds_ago(9000))
    recorded = before(lambda: world.write_original_state("up", seconds_ago(0)))
    proxy.on("s3:PutObject", recorded, times=1)
    outcome = once(world.environment())
    assert numbers(outcome.check) == ("hold", 10, 10)
    assert "another autoscaler" in outcome.check["reason"]
    assert proxy.count("s3:PutObject") == 1
    assert proxy.count("ecs:UpdateService") == 0


def test_a_write_that_met_another_one_in_progress_is_tried_again(world, proxy):
    conflict = reply(aws_answers.s3_error(409, "ConditionalRequestConflict"))
    proxy.on("s3:PutObject", conflict, times=1)
    world.put_messages(30)
    outcome = once(world.environment())
    assert outcome.status == 0, outcome.stderr
    assert numbers(outcome.check) == ("scale_out", 2, 5)


def test_a_write_that_keeps_meeting_others_holds(world, proxy):
    proxy.on("s3:PutObject", reply(aws_answers.s3_error(409, "ConditionalRequestConflict")))
    world.put_messages(30)
    outcome = once(world.environment())
    assert numbers(outcome.check) == ("hold", 2, 2)
    assert proxy.count("ecs:UpdateService") == 0


def test_a_claim_whose_answer_was_lost_is_recognised_as_its_own(world, proxy):
    """The second attempt meets the first one's object: HTTP 412, from nobody else's hand."""
    proxy.on("s3:PutObject", lose_answer, times=1)
    world.put_messages(30)
    outcome = once(world.environment())

    assert outcome.status == 0, outcome.stderr
    assert numbers(outcome.check) == ("scale_out", 2, 5)
    assert proxy.count("s3:PutObject") == 2
    assert world.desired() == 5


def test_a_connection_that_breaks_once_is_no_failure(world, proxy):
    for operation in ("sqs:GetQueueAttributes", "ecs:DescribeServices", "s3:GetObject"):
        proxy.on(operation, hang_up, times=1)
    world.put_messages(30)
    outcome = once(world.environment())
    assert outcome.status == 0, outcome.stderr
    assert numbers(outcome.check) == ("scale_out", 2, 5)


def test_a_daemon_notices_what_another_one_recorded(world, proxy):
    """It remembers the state that it read, and its claim finds that the object has changed."""
    world.put_messages(30)
    environment = world.environment(SCALE_OUT_OVERRIDE="always", MAX_TASKS=9)
    with start(["run", "--interval", "100ms", "--json"], environment) as daemon:
        proxy.wait_for("ecs:UpdateService")
        observing = [proxy.hold("sqs:GetQueueAttributes"), proxy.hold("ecs:DescribeServices")]
        # The check that is held now comes after all those that were begun before, of which the
        # first looked twice.
        earlier_looks = proxy.count("ecs:DescribeServices")
        proxy.wait_for("ecs:DescribeServices", earlier_looks + 1)
        world.write_state_text("up", json.dumps({"timestamp": seconds_ago(0), "writer": "another"}))
        world.put_messages(60)
        world.set_desired(3)
        for gate in observing:
            gate.release()
        lines = daemon.wait_for_lines(earlier_looks)
    assert "another autoscaler" in json.loads(lines[earlier_looks - 1])["reason"]


def test_a_bucket_is_used_on_its_terms(world):
    world.put_messages(30)
    terms = {"S3_STATE_SSE": "aws:kms", "S3_STATE_KMS_KEY_ID": "alias/state"}
    assert once(world.environment(**terms)).status == 0
    written = world.cloud.s3.head_object(
        Bucket=world.bucket, Key=world.state_key("up"), ChecksumMode="ENABLED"
    )
    assert written["ServerSideEncryption"] == "aws:kms"
    assert written["SSEKMSKeyId"].endswith("alias/state")


def test_a_key_without_its_encryption_is_pointed_out(world):
    outcome = once(world.environment(S3_STATE_KMS_KEY_ID="alias/state"))
    assert outcome.status == 2
    assert "kms_key_id" in outcome.stderr
    assert "is of use with sse aws:kms or aws:kms:dsse alone" in outcome.stderr
