"""Each kind of state store in the program itself: a cooldown outlives the process, and what a
store is given wrong is told. tests/stores/ holds the stores to their promises one by one."""

import json
import uuid

import boto3
import pytest
from botocore.config import Config

import aws_answers
from autoscaler import numbers, once, run, start
from aws_world import ACCESS_KEY, REGION, SECRET_KEY, seconds_ago
from fault_proxy import reply


@pytest.fixture
def dynamodb(cloud):
    return boto3.Session(ACCESS_KEY, SECRET_KEY).client(
        "dynamodb",
        endpoint_url=cloud.url,
        config=Config(region_name=REGION, retries={"max_attempts": 0}, proxies={}),
    )


@pytest.fixture
def table(dynamodb):
    name = f"table-{uuid.uuid4().hex[:12]}"
    dynamodb.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "target", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "target", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


@pytest.fixture
def settings(request, tmp_path):
    """What each kind needs, in place of a bucket."""
    kind = request.param
    own = {
        "s3": lambda: {},
        "dynamodb": lambda: {"DYNAMODB_STATE_TABLE": request.getfixturevalue("table")},
        "directory": lambda: {"STATE_DIRECTORY": tmp_path / "state"},
        "memory": lambda: {},
    }[kind]()
    return own | {"STATE_TYPE": kind} | ({} if kind == "s3" else {"S3_CONFIG_BUCKET": None})


@pytest.mark.parametrize("settings", ["s3", "dynamodb", "directory"], indirect=True)
def test_a_cooldown_outlives_the_process(world, settings):
    environment = world.environment(SCALE_IN_COOLDOWN=3600, **settings)
    world.set_desired(10)
    first = once(environment)
    assert (first.status, numbers(first.check)) == (0, ("scale_in", 10, 5)), first.stderr
    second = once(environment)
    assert (second.status, numbers(second.check)) == (0, ("hold", 5, 5)), second.stderr
    assert "cooldown" in second.check["reason"]

    world.put_messages(30)
    third = once(environment)
    assert (third.status, numbers(third.check)) == (0, ("scale_out", 5, 8)), third.stderr
    fourth = once(environment)
    assert fourth.check["action"] == "hold"
    assert world.desired() == 8


@pytest.mark.parametrize("settings", ["memory"], indirect=True)
def test_which_in_memory_it_does_not(world, settings):
    environment = world.environment(SCALE_IN_COOLDOWN=3600, **settings)
    world.set_desired(10)
    assert numbers(once(environment).check) == ("scale_in", 10, 5)
    assert numbers(once(environment).check) == ("scale_in", 5, 2)


@pytest.mark.parametrize("settings", ["memory"], indirect=True)
def test_but_within_the_process_it_holds(world, settings):
    environment = world.environment(SCALE_IN_COOLDOWN=3600, **settings)
    world.set_desired(10)
    with start(["run", "--interval", "100ms", "--json"], environment) as daemon:
        checks = [json.loads(line) for line in daemon.wait_for_lines(3)[:3]]
    assert [check["action"] for check in checks] == ["scale_in", "hold", "hold"]
    assert "cooldown" in checks[1]["reason"]
    assert world.desired() == 5


@pytest.mark.parametrize("settings", ["dynamodb", "directory", "memory"], indirect=True)
def test_nobody_asks_s3_who_keeps_the_state_elsewhere(world, proxy, settings):
    world.put_messages(30)
    outcome = once(world.environment(**settings))
    assert numbers(outcome.check) == ("scale_out", 2, 5), outcome.stderr
    assert not [name for name in proxy.operations() if name.startswith("s3:")]


def test_the_item_can_be_read_by_a_person(world, dynamodb, table):
    world.put_messages(30)
    settings = {"STATE_TYPE": "dynamodb", "DYNAMODB_STATE_TABLE": table, "S3_CONFIG_BUCKET": None}
    once(world.environment(**settings))
    item = dynamodb.get_item(TableName=table, Key={"target": {"S": world.target}})["Item"]
    assert item.keys() == {
        "target",
        "scale_out_at",
        "scale_out_desired",
        "scale_out_messages",
        "writer",
    }
    assert (item["scale_out_desired"], item["scale_out_messages"]) == ({"N": "5"}, {"N": "30"})


@pytest.mark.parametrize("settings", ["dynamodb"], indirect=True)
def test_two_autoscalers_at_once_scale_once_by_one_item(world, proxy, settings):
    world.put_messages(30)
    claims = proxy.hold("dynamodb:UpdateItem")
    environment = world.environment(**settings)
    first, second = (start(["once", "--json"], environment) for _ in range(2))
    with first, second:
        proxy.wait_for("dynamodb:UpdateItem", 2)
        claims.release()
        assert [first.wait(), second.wait()] == [0, 0]
        checks = [json.loads(process.stdout) for process in (first, second)]
    assert sorted(check["action"] for check in checks) == ["hold", "scale_out"]
    assert proxy.count("ecs:UpdateService") == 1


@pytest.mark.parametrize("settings", ["dynamodb"], indirect=True)
def test_a_table_that_may_not_be_read_blocks_a_scale_in_and_no_scale_out(world, proxy, settings):
    proxy.on("dynamodb:GetItem", reply(aws_answers.denied("dynamodb:GetItem")))
    environment = world.environment(**settings)
    world.set_desired(10)
    blocked = once(environment)
    assert (blocked.status, numbers(blocked.check)) == (1, ("hold", 10, 10))
    assert "allow dynamodb:GetItem" in blocked.check["errors"][0]["message"]
    world.put_messages(30)
    passed = once(environment)
    assert (passed.status, numbers(passed.check)) == (1, ("scale_out", 10, 13))
    assert proxy.count("dynamodb:UpdateItem") == 0


def test_files_of_s3_are_read_in_a_folder(world, tmp_path):
    """What `aws s3 sync` makes of a bucket."""
    folder = tmp_path / world.cluster / world.service
    folder.mkdir(parents=True)
    record = {"timestamp": seconds_ago(60), "cluster": world.cluster, "service": world.service}
    (folder / "down-last-action.json").write_text(json.dumps(record | {"action_type": "down"}))
    settings = {"STATE_TYPE": "directory", "STATE_DIRECTORY": tmp_path, "S3_CONFIG_BUCKET": None}
    world.set_desired(10)
    outcome = once(world.environment(SCALE_IN_COOLDOWN=3600, **settings))
    assert (outcome.status, outcome.check["action"]) == (0, "hold"), outcome.stderr
    assert "cooldown" in outcome.check["reason"]


WRONG = {
    "dynamodb without a table": ({"STATE_TYPE": "dynamodb"}, "DYNAMODB_STATE_TABLE"),
    "no table's name": (
        {"STATE_TYPE": "dynamodb", "DYNAMODB_STATE_TABLE": "my table"},
        "a table's name or ARN",
    ),
    "directory without a path": ({"STATE_TYPE": "directory"}, "STATE_DIRECTORY"),
    "a path from nowhere": (
        {"STATE_TYPE": "directory", "STATE_DIRECTORY": "state"},
        "a path that begins with a slash",
    ),
    "no such kind": ({"STATE_TYPE": "redis"}, "dynamodb"),
}


@pytest.mark.parametrize(("settings", "words"), WRONG.values(), ids=WRONG.keys())
def test_what_a_store_is_given_wrong_is_told_before_anything_is_asked(world, settings, words):
    environment = world.environment(S3_CONFIG_BUCKET=None, **settings)
    for command in (["validate"], ["once"]):
        outcome = run(command, environment)
        assert outcome.status == 2, outcome.stdout
        assert words in outcome.stderr


@pytest.mark.parametrize("settings", ["s3", "dynamodb", "directory", "memory"], indirect=True)
def test_each_kind_is_valid_as_the_documents_have_it(world, settings):
    outcome = run(["validate"], world.environment(**settings))
    assert outcome.status == 0, outcome.stderr
