"""What every kind of target does, asked one thing at a time (drive_target.cpp),
against moto and what target_world.py adds to it."""

import json
import subprocess

import pytest

import aws_answers
from aws_world import ACCESS_KEY, REGION, SECRET_KEY, World, moto_server
from fault_proxy import Answer, FaultProxy, reply
from processes import PATIENCE_S, build_dir, clean_environment
from security_test import new_user, require_permission
from target_world import Function, Group, Scalable, query_error

KINDS = ["ecs", "asg", "lambda", "application"]


class Service:
    """The ECS service of the world."""

    def __init__(self, world, proxy):
        self._world = world

    def options(self, **changed) -> dict:
        return {"cluster": self._world.cluster, "service": self._world.service} | changed

    def desired(self) -> int:
        return self._world.desired()


def make(kind: str, world: World, proxy: FaultProxy):
    """One that has two of what it counts."""
    if kind == "ecs":
        return Service(world, proxy)
    if kind == "asg":
        return Group(world, proxy)
    if kind == "application":
        return Scalable(world)
    function = Function(world, proxy)
    function.configure(2, 2, "READY")
    return function


# The operations of each kind, an option that names what is not there, and a word of the advice.
READS = {
    "ecs": "ecs:DescribeServices",
    "asg": "autoscaling:DescribeAutoScalingGroups",
    "lambda": "lambda:GetProvisionedConcurrencyConfig",
    "application": "application-autoscaling:DescribeScalableTargets",
}
SETS = {
    "ecs": "ecs:UpdateService",
    "asg": "autoscaling:SetDesiredCapacity",
    "lambda": "lambda:PutProvisionedConcurrencyConfig",
    "application": "application-autoscaling:RegisterScalableTarget",
}
NAMED = {
    "ecs": "service",
    "asg": "auto_scaling_group",
    "lambda": "qualifier",
    "application": "resource_id",
}


def ask(kind: str, options: dict, what, endpoint: str, **keys) -> dict:
    environment = {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
    } | keys
    arguments = [
        f"{key}={str(value).lower() if isinstance(value, bool) else value}"
        for key, value in options.items()
    ]
    done = subprocess.run(
        [build_dir() / "tests" / "drive_target", kind, *arguments, "--", str(what)],
        env=clean_environment(environment),
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def asked(world, proxy):
    """Asks a target; `asked.target(kind)` makes it."""

    class Asked:
        def target(self, kind):
            self.kind, self.made = kind, make(kind, world, proxy)
            return self.made

        def __call__(self, what, **changed):
            return ask(self.kind, self.made.options(**changed), what, proxy.url)

    return Asked()


# --- of every kind


@pytest.mark.parametrize("kind", KINDS)
def test_it_reads_what_is_there(asked, kind):
    asked.target(kind)
    state = asked("read")
    assert (state["desired"], state["running"], state["pending"]) == (2, 2, 0), state
    assert state["deployment_in_progress"] is False
    assert state["suspended"] == "none"


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_set_is_read_back_and_setting_it_twice_does_no_harm(asked, kind):
    asked.target(kind)
    for _ in range(2):
        assert "request_id" in asked(7)
        assert asked("read")["desired"] == 7
    assert "request_id" in asked(3)
    assert asked("read")["desired"] == 3


@pytest.mark.parametrize("kind", KINDS)
def test_it_can_be_set_to_none(asked, kind):
    asked.target(kind)
    for _ in range(2):
        assert "request_id" in asked(0)
        state = asked("read")
        assert (state["desired"], state["running"], state["pending"]) == (0, 0, 0)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_protected_where_nobody_protected_it(asked, kind):
    asked.target(kind)
    assert asked("protected") == {"protected": 0}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_there_is_not_found_by_its_name(asked, kind):
    asked.target(kind)
    answer = asked("read", **{NAMED[kind]: "not-there"})
    assert answer["error"] == "not_found", answer
    assert "not-there" in answer["message"]
    assert NAMED[kind] in answer["message"].replace("service_name", "service").split("; ")[-1]


@pytest.mark.parametrize("kind", KINDS)
def test_throttling_is_tried_again_and_then_told(asked, proxy, kind):
    asked.target(kind)
    throttled = (
        query_error("Throttling", "Rate exceeded") if kind == "asg" else aws_answers.throttled()
    )
    before = proxy.count(READS[kind])
    proxy.first(READS[kind], reply(throttled), times=1)
    assert asked("read")["desired"] == 2
    assert proxy.count(READS[kind]) == before + 2
    proxy.first(READS[kind], reply(throttled))
    answer = asked("read")
    assert answer["error"] == "throttled", answer
    assert "the next check tries again" in answer["message"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("body", [b"", b"{}", b"<a/>", b"[1]", b'{"x":'], ids=repr)
def test_an_answer_of_another_shape_is_no_state(asked, proxy, kind, body):
    asked.target(kind)
    proxy.first(READS[kind], reply(Answer(200, body)))
    answer = asked("read")
    assert (answer["error"], answer["code"]) == ("invalid", "UnusableAnswer"), answer


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_fails_is_told_as_that(asked, proxy, kind):
    asked.target(kind)
    proxy.first(SETS[kind], reply(aws_answers.gateway_page()))
    answer = asked(5)
    assert answer["error"] == "retryable", answer
    assert "5" in answer["message"] and "the next check tries again" in answer["message"]


@pytest.fixture(scope="module")
def strict_cloud():
    with moto_server() as server:
        yield server


@pytest.mark.parametrize("kind", ["ecs", "asg", "application"])
def test_a_right_that_is_missing_is_named(strict_cloud, kind):
    """moto asks nothing of Lambda's provisioned concurrency, which is not its own."""
    world = World(strict_cloud)
    with FaultProxy(strict_cloud.url) as proxy:
        target = make(kind, world, proxy)
        reader = new_user(strict_cloud, [READS[kind]])
        setter = new_user(strict_cloud, [SETS[kind]])
        proxy.clear()  # the world's own questions would be checked, too
        refresh = {"watch_instance_refresh": False} if kind == "asg" else {}
        options = target.options(**refresh)
        require_permission(strict_cloud, True)
        try:
            assert ask(kind, options, "read", proxy.url, **reader)["desired"] == 2
            for user, what, right in ((setter, "read", READS[kind]), (reader, 5, SETS[kind])):
                answer = ask(kind, options, what, proxy.url, **user)
                assert answer["error"] == "denied", answer
                assert right in answer["message"].split("; ")[-1]
            assert "request_id" in ask(kind, options, 5, proxy.url, **setter)
        finally:
            require_permission(strict_cloud, False)


# --- an Auto Scaling group


def test_a_group_counts_its_protected_instances(asked):
    group = asked.target("asg")
    group.protect(1)
    assert asked("protected") == {"protected": 1}


def test_a_group_tells_its_own_bounds_and_cannot_be_set_beyond_them(asked):
    asked.target("asg")
    state = asked("read")
    assert (state["own_min"], state["own_max"]) == (0, 20)
    answer = asked(21)
    assert answer["error"] == "invalid"
    assert "above max value 20" in answer["message"]


def test_a_groups_instance_refresh_is_a_deployment(asked, proxy):
    group = asked.target("asg")
    group.refreshes = ["Successful", "InProgress"]
    assert asked("read")["deployment_in_progress"] is True
    asked_before = proxy.count("autoscaling:DescribeInstanceRefreshes")
    assert asked("read", watch_instance_refresh=False)["deployment_in_progress"] is False
    assert proxy.count("autoscaling:DescribeInstanceRefreshes") == asked_before
    group.refreshes = ["Cancelled"]
    assert asked("read")["deployment_in_progress"] is False


def test_the_right_to_see_instance_refreshes_is_named(asked, proxy):
    asked.target("asg")
    denied = query_error("AccessDenied", "not authorized", status=403)
    proxy.first("autoscaling:DescribeInstanceRefreshes", reply(denied))
    answer = asked("read")
    assert answer["error"] == "denied"
    assert "autoscaling:DescribeInstanceRefreshes" in answer["message"]
    assert "watch_instance_refresh" in answer["message"]


def test_a_groups_tags_are_its_controls(asked):
    group = asked.target("asg")
    group.tag("fast-autoscaler:pause", "out")
    group.tag("fast-autoscaler:hold_at", "4")
    state = asked("read")
    assert (state["pause"], state["hold_at"]) == ("out", 4)


@pytest.mark.parametrize(
    "processes, suspended",
    [
        (["Launch"], "out"),
        (["Terminate"], "in"),
        (["Launch", "Terminate"], "all"),
        (["AZRebalance"], "none"),
    ],
)
def test_a_groups_suspended_processes_pause_it(asked, processes, suspended):
    group = asked.target("asg")
    group.suspend(*processes)
    state = asked("read")
    assert state["suspended"] == suspended
    assert all(each in state["suspended_by"] for each in processes if suspended != "none")


def changed_text(old: str, new: str):
    def rule(request, forward):
        answer = forward()
        assert old.encode() in answer.body, answer.body
        answer.body = answer.body.replace(old.encode(), new.encode(), 1)
        for name in [name for name in answer.headers if name.lower() == "x-amz-crc32"]:
            del answer.headers[name]
        return answer

    return rule


@pytest.mark.parametrize(
    "old, new, code, said",
    [
        (
            "<MinSize>",
            "<Status>Delete in progress</Status><MinSize>",
            "GroupBeingDeleted",
            "is being deleted",
        ),
        (
            "<MinSize>",
            "<DesiredCapacityType>vcpu</DesiredCapacityType><MinSize>",
            "CapacityNotInUnits",
            "in vcpu",
        ),
    ],
)
def test_a_group_that_cannot_be_scaled_says_so(asked, proxy, old, new, code, said):
    group = asked.target("asg")
    proxy.on(READS["asg"], changed_text(old, new))
    answer = asked("read")
    assert answer["code"] == code
    assert group.name in answer["message"] and said in answer["message"]


def test_instances_that_start_are_pending(asked, proxy):
    asked.target("asg")
    proxy.on(READS["asg"], changed_text("InService", "Pending:Wait"))
    state = asked("read")
    assert (state["desired"], state["running"], state["pending"]) == (2, 1, 1)


def test_a_scaling_activity_in_progress_is_a_conflict(asked, proxy):
    asked.target("asg")
    busy = query_error("ScalingActivityInProgress", "Scaling activity 1 is in progress")
    proxy.first(SETS["asg"], reply(busy), times=1)
    answer = asked(5)
    assert answer["error"] == "conflict"
    assert "the next check tries again" in answer["message"]


# --- a Lambda alias


def test_a_function_without_provisioned_concurrency_has_none(asked):
    function = asked.target("lambda")
    function.configured.clear()
    assert asked("read")["desired"] == 0


def test_what_lambda_gets_ready_is_pending(asked):
    asked.target("lambda").configure(9, 4, "IN_PROGRESS")
    state = asked("read")
    assert (state["desired"], state["running"], state["pending"]) == (9, 4, 5)


def test_a_failed_allocation_is_an_error_with_its_reason(asked):
    function = asked.target("lambda")
    function.configure(9, 0, "FAILED", "FUNCTION_ERROR_INIT_FAILURE: it does not start")
    answer = asked("read")
    assert answer["code"] == "ProvisionedConcurrencyFailed"
    assert "FUNCTION_ERROR_INIT_FAILURE" in answer["message"]
    assert f"{function.name}:live" in answer["message"]


def test_none_at_all_is_a_deletion(asked, proxy):
    function = asked.target("lambda")
    asked(0)
    assert function.requested() is None
    assert proxy.count("lambda:DeleteProvisionedConcurrencyConfig") == 1
    assert proxy.count("lambda:PutProvisionedConcurrencyConfig") == 0


def test_a_change_of_the_function_that_goes_on_is_a_conflict(asked, proxy):
    asked.target("lambda")
    busy = Answer(
        409,
        b'{"Type":"User","Message":"another operation is in progress"}',
        {"x-amzn-errortype": "ResourceConflictException"},
    )
    proxy.first(SETS["lambda"], reply(busy), times=1)
    answer = asked(5)
    assert answer["error"] == "conflict"
    assert "the next check tries again" in answer["message"]


# --- a scalable target


def test_both_bounds_are_set(asked):
    scalable = asked.target("application")
    asked(7)
    assert scalable.bounds() == (7, 7)
    asked(1)
    assert scalable.bounds() == (1, 1)


def test_bounds_that_are_apart_are_not_overwritten(asked):
    scalable = asked.target("application")
    scalable.register(MinCapacity=2, MaxCapacity=20)
    answer = asked("read")
    assert answer["code"] == "BoundsApart"
    assert scalable.resource in answer["message"] and "from 2 to 20" in answer["message"]
    assert "set" in answer["message"]


def test_the_minimum_alone_is_set_and_the_maximum_raised_where_it_must_be(asked):
    scalable = asked.target("application")
    scalable.register(MinCapacity=2, MaxCapacity=20)
    assert asked("read", set="min")["desired"] == 2
    asked(7, set="min")
    assert scalable.bounds() == (7, 20)
    asked(30, set="min")
    assert scalable.bounds() == (30, 30)
    asked(3, set="min")
    assert scalable.bounds() == (3, 30)


@pytest.mark.parametrize(
    "inwards, outwards, suspended",
    [(True, False, "in"), (False, True, "out"), (True, True, "all"), (False, False, "none")],
)
def test_a_scalable_targets_suspended_scaling_pauses_it(asked, inwards, outwards, suspended):
    scalable = asked.target("application")
    scalable.register(
        SuspendedState={
            "DynamicScalingInSuspended": inwards,
            "DynamicScalingOutSuspended": outwards,
            "ScheduledScalingSuspended": True,
        }
    )
    assert asked("read")["suspended"] == suspended


def test_the_answer_is_about_the_dimension_that_was_asked_for(asked):
    asked.target("application")
    answer = asked("read", scalable_dimension="dynamodb:table:ReadCapacityUnits")
    assert answer["error"] == "not_found"
