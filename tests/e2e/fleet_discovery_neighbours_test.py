"""One cluster that is gone, or one service that may not be described, leaves the others
discovered."""

import aws_answers
from autoscaler import once
from fault_proxy import reply
from fleet_world import about, only, write_document


def check(fleet, tmp_path, clusters):
    document = fleet.defaults() | {"discover": [{"clusters": clusters}]}
    write_document(tmp_path / "fleet.json", document)
    return once(fleet.environment(), "--config", str(tmp_path / "fleet.json"))


def test_a_cluster_that_is_gone_leaves_the_others_discovered(fleet, tmp_path):
    member = fleet.add(fleet.add_cluster(), messages=30)
    member.tag_for_discovery()
    outcome = check(fleet, tmp_path, [member.cluster.name, "gone"])
    assert outcome.status == 1
    assert member.desired() == 5


def test_a_service_that_may_not_be_described_leaves_the_others_discovered(
    fleet, fleet_proxy, tmp_path
):
    cluster = fleet.add_cluster()
    good, denied = (fleet.add(cluster, messages=30) for _ in range(2))
    for member in (good, denied):
        member.tag_for_discovery()
    refusal = reply(aws_answers.denied("ecs:DescribeServices"))
    fleet_proxy.on("ecs:DescribeServices", only(about(denied.service), refusal))
    outcome = check(fleet, tmp_path, [cluster.name])
    assert outcome.status == 1
    assert good.desired() == 5
