"""Something else scales the target too: what says so, and where AWS refuses, what becomes of it."""

import json
import signal

import pytest

from aws_world import REGION, World
from autoscaler import numbers, once, run, start
from fault_proxy import Answer
from fleet_world import write_document
from target_world import QUERY_HEADERS, Function, Group, Scalable, client

ECS = "ecs", "ecs:service:DesiredCount"
LAMBDA = "lambda", "lambda:function:ProvisionedConcurrency"
SUSPENDED = {
    "DynamicScalingInSuspended": True,
    "DynamicScalingOutSuspended": True,
    "ScheduledScalingSuspended": True,
}


def register(world, scaled, resource, suspended=None, least=1, most=10):
    namespace, dimension = scaled
    client(world.cloud, "application-autoscaling").register_scalable_target(
        ServiceNamespace=namespace,
        ResourceId=resource,
        ScalableDimension=dimension,
        MinCapacity=least,
        MaxCapacity=most,
        **({"SuspendedState": suspended} if suspended else {}),
    )


def service_of(world) -> str:
    return f"service/{world.cluster}/{world.service}"


def masters(logs) -> list[dict]:
    return [line for line in logs if "something else scales this target" in line["message"]]


def unknown(logs) -> list[dict]:
    return [line for line in logs if "cannot tell whether something else" in line["message"]]


def stopped(daemon) -> list[dict]:
    """What it has logged, by its end."""
    daemon.signal(signal.SIGTERM)
    assert daemon.wait() == 0
    return [json.loads(line) for line in daemon.stderr.splitlines()]


def denied(request, forward) -> Answer:
    body = {"__type": "AccessDeniedException", "Message": "not authorized"}
    return Answer(400, json.dumps(body).encode(), {"Content-Type": "application/x-amz-json-1.1"})


def test_a_dry_run_says_that_the_service_is_registered_elsewhere(world):
    register(world, ECS, service_of(world))
    outcome = once(world.environment(), "--dry-run")
    assert outcome.status == 0, outcome.stderr
    (said,) = masters(outcome.logs)
    assert said["level"] == "warning"
    assert said["target"] == f"{world.cluster}/{world.service}"
    assert "from 1 to 10" in said["message"]
    command = "aws application-autoscaling deregister-scalable-target"
    assert f"{command} --region {REGION} --service-namespace ecs" in said["message"]
    assert f"--resource-id {service_of(world)}" in said["message"]


def test_a_service_by_its_arns_is_found_as_well(world):
    register(world, ECS, service_of(world))
    arn = f"arn:aws:ecs:{REGION}:123456789012"
    environment = world.environment(
        CLUSTER_NAME=f"{arn}:cluster/{world.cluster}",
        SERVICE_NAME=f"{arn}:service/{world.cluster}/{world.service}",
    )
    assert len(masters(once(environment, "--dry-run").logs)) == 1


@pytest.mark.parametrize(
    ("suspended", "said"),
    [(SUSPENDED, 0), (SUSPENDED | {"DynamicScalingOutSuspended": False}, 1)],
)
def test_one_that_is_suspended_is_no_master(world, suspended, said):
    register(world, ECS, service_of(world), suspended)
    assert len(masters(once(world.environment(), "--dry-run").logs)) == said


def test_a_service_that_is_registered_nowhere_has_one_master(world):
    another = World(world.cloud)
    register(world, ECS, service_of(another))
    logs = once(world.environment(), "--dry-run").logs
    assert masters(logs) == [] and unknown(logs) == []


def test_a_check_does_not_ask(world, proxy):
    once(world.environment())
    assert not [each for each in proxy.operations() if each.startswith("application-")]


def test_run_says_it_once_and_beside_the_checks(world, proxy):
    """The answer hangs until several checks were made."""
    register(world, ECS, service_of(world))
    gate = proxy.hold("application-autoscaling:DescribeScalableTargets")
    with start(["run", "--json", "--interval", "100ms"], world.environment()) as daemon:
        lines = daemon.wait_for_lines(3)
        gate.release()
        daemon.wait_for_text("something else scales this target")
        daemon.wait_for_lines(len(lines) + 5)
        logs = stopped(daemon)
    assert len(masters(logs)) == 1
    asked = proxy.operations().count("application-autoscaling:DescribeScalableTargets")
    assert asked == 1


def test_who_may_not_ask_is_told_in_a_dry_run_alone(world, proxy):
    proxy.on("application-autoscaling:DescribeScalableTargets", denied)
    outcome = once(world.environment(), "--dry-run")
    assert outcome.status == 0
    (said,) = unknown(outcome.logs)
    assert "allow application-autoscaling:DescribeScalableTargets" in said["message"]
    with start(["run", "--json", "--interval", "100ms"], world.environment()) as daemon:
        lines = daemon.wait_for_lines(5)
        assert unknown(stopped(daemon)) == []
    assert json.loads(lines[-1])["errors"] == []


def test_an_express_service_is_scaled_and_said_once(world, proxy):
    """Whose count AWS lets anybody set, and its own policy too."""
    proxy.change_service(lambda service: service.update(resourceManagementType="ECS"))
    world.put_messages(50)
    with start(["run", "--json", "--interval", "100ms"], world.environment()) as daemon:
        first, *_ = daemon.wait_for_lines(5)
        logs = stopped(daemon)
    assert numbers(json.loads(first)) == ("scale_out", 2, 7)
    (said,) = masters(logs)
    assert "Express service" in said["message"] and said["level"] == "warning"


def test_a_service_that_its_owner_manages_is_no_express_service(world, proxy):
    proxy.change_service(lambda service: service.update(resourceManagementType="CUSTOMER"))
    assert masters(once(world.environment()).logs) == []


def test_a_fleet_of_sixty_asks_twice(fleet, fleet_proxy, tmp_path):
    """Of services of one account and region, fifty go into a call."""
    cluster = fleet.add_cluster()
    queue = fleet.add_queue()
    members = [fleet.add(cluster, queue) for _ in range(60)]
    for one in (members[7], members[58]):
        register(fleet, ECS, f"service/{one.target}")
    file = tmp_path / "fleet.json"
    write_document(file, fleet.document(members))
    outcome = run(["once", "--json", "--dry-run", "--config", str(file)], fleet.environment())
    assert {line["target"] for line in masters(outcome.logs)} == {
        members[7].target,
        members[58].target,
    }
    assert fleet_proxy.count("application-autoscaling:DescribeScalableTargets") == 2


# --- other targets


@pytest.fixture
def dry_run(world, tmp_path):
    """What a dry run of a target logs."""

    def logs_of(kind, target, status=0, **options) -> list[dict]:
        document = {
            "queue_config": {"queue_url": world.queue_url},
            "target_type": kind,
            "target_config": target.options(**options),
            "s3_config_bucket": world.bucket,
            "region": REGION,
            "min_tasks": 0,
        }
        file = tmp_path / "target.json"
        file.write_text(json.dumps(document))
        environment = {
            name: value for name, value in world.environment().items() if name.startswith("AWS_")
        }
        outcome = run(["once", "--json", "--dry-run", "--config", str(file)], environment)
        assert outcome.status == status, outcome.stdout + outcome.stderr
        assert unknown(outcome.logs) == []
        return outcome.logs

    return logs_of


@pytest.mark.parametrize("by_arn", [False, True])
def test_a_functions_concurrency_that_is_registered_elsewhere(world, proxy, dry_run, by_arn):
    function = Function(world, proxy)
    assert masters(dry_run("lambda", function)) == []
    register(world, LAMBDA, f"function:{function.name}:live")
    arn = f"arn:aws:lambda:{REGION}:123456789012:function:{function.name}"
    (said,) = masters(dry_run("lambda", function, function=arn if by_arn else function.name))
    assert f"--resource-id function:{function.name}:live" in said["message"]


def put_policy(world, group, name="follow"):
    client(world.cloud, "autoscaling").put_scaling_policy(
        AutoScalingGroupName=group.name,
        PolicyName=name,
        PolicyType="SimpleScaling",
        AdjustmentType="ChangeInCapacity",
        ScalingAdjustment=1,
    )


def test_a_groups_own_policies_and_schedules(world, proxy, dry_run):
    group = Group(world, proxy)
    assert masters(dry_run("asg", group)) == []
    client(world.cloud, "autoscaling").put_scheduled_update_group_action(
        AutoScalingGroupName=group.name, ScheduledActionName="night", DesiredCapacity=1
    )
    (said,) = masters(dry_run("asg", group))
    assert said["target"] == f"asg/{group.name}"
    assert "scheduled actions of its own (night)" in said["message"]
    put_policy(world, group, "follow")
    put_policy(world, group, "lead")
    (said,) = masters(dry_run("asg", group))
    assert "scaling policies of its own (follow and lead)" in said["message"]
    group.suspend("AlarmNotification", "ScheduledActions")
    assert masters(dry_run("asg", group)) == []


def test_a_group_with_an_operator_is_refused(world, proxy, dry_run):
    """AWS lets only that one change it. moto has none, so its answer is given the member."""
    group = Group(world, proxy)
    managed = b"<Operator><Principal>eks.amazonaws.com</Principal></Operator><MinSize>"

    def add_operator(request, forward) -> Answer:
        answer = forward()
        body = answer.body.replace(b"<MinSize>", managed, 1)
        assert body != answer.body
        return Answer(answer.status, body, QUERY_HEADERS)

    proxy.on("autoscaling:DescribeAutoScalingGroups", add_operator)
    world.put_messages(50)
    logs = dry_run("asg", group, status=1)
    (said,) = [line for line in logs if line.get("code") == "GroupHasOperator"]
    assert "is managed by eks.amazonaws.com, which alone may change it" in said["message"]
    assert group.desired() == 2


def test_a_scalable_targets_own_schedules_and_policies(world, dry_run):
    """With both bounds at one number its policies do nothing, which somebody may not know."""
    target = Scalable(world)
    application = client(world.cloud, "application-autoscaling")
    which = {
        "ServiceNamespace": target.NAMESPACE,
        "ResourceId": target.resource,
        "ScalableDimension": target.DIMENSION,
    }
    assert masters(dry_run("application", target)) == []
    metric = {"PredefinedMetricType": "DynamoDBWriteCapacityUtilization"}
    application.put_scaling_policy(
        PolicyName="track",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 70,
            "PredefinedMetricSpecification": metric,
        },
        **which,
    )
    (said,) = masters(dry_run("application", target))
    assert "scaling policies (track), which change nothing" in said["message"]
    assert masters(dry_run("application", target, set="min")) == []
    application.put_scheduled_action(
        ScheduledActionName="night",
        Schedule="cron(0 22 * * ? *)",
        ScalableTargetAction={"MinCapacity": 1, "MaxCapacity": 1},
        **which,
    )
    for bounds in ("both", "min"):
        (said,) = masters(dry_run("application", target, set=bounds))
        assert "scheduled actions (night)" in said["message"]
