"""A reload lets no two autoscalers act on one target, and who may not act records no actions."""

from contextlib import contextmanager
from threading import Event

import pytest

import aws_answers
from autoscaler import start
from aws_world import ACCOUNT
from fault_proxy import reply
from fleet_world import checks, printed, wait_for_check, write_document
from processes import PATIENCE_S, eventually

QUICK = {"config_interval": 1, "scale_out_cooldown": 0}
CHANGED = "the configuration has changed"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/scaler"


def daemon_of(fleet, path):
    command = ["run", "--json", "--interval", "100ms", "--config", str(path)]
    return start(command, fleet.environment())


@contextmanager
def update_under_way(fleet, fleet_proxy, tmp_path):
    """Of the second of two services, with whoever changes the document meanwhile; at the end no
    other was begun, and the next check follows when it is done."""
    cluster = fleet.add_cluster()
    beside, member = fleet.add(cluster, messages=7), fleet.add(cluster, messages=90)
    path = tmp_path / "fleet.json"

    def write(*members):
        write_document(path, fleet.document(list(members), **QUICK))

    write(beside, member)
    update = fleet_proxy.hold("ecs:UpdateService")
    with daemon_of(fleet, path) as daemon:
        fleet_proxy.wait_for("ecs:UpdateService")
        yield beside, member, write, daemon
        wait_for_check(daemon, beside.target, printed(daemon), count=5)
        assert fleet_proxy.count("ecs:UpdateService") == 1
        update.release()
        wait_for_check(daemon, member.target, count=2)


def test_under_another_role_it_waits_for_the_update_under_way(fleet, fleet_proxy, tmp_path):
    with update_under_way(fleet, fleet_proxy, tmp_path) as (beside, member, write, daemon):
        member.settings["role_arn"] = ROLE
        write(beside, member)
        daemon.wait_for_text(CHANGED)


def test_a_target_that_comes_back_waits_for_the_update_under_way(fleet, fleet_proxy, tmp_path):
    with update_under_way(fleet, fleet_proxy, tmp_path) as (beside, member, write, daemon):
        for number, members in enumerate([[beside], [beside, member]], 1):
            write(*members)
            eventually(lambda n=number: daemon.stderr.count(CHANGED) == n, CHANGED)


def test_a_reload_during_a_claim_ends_without_an_update(fleet, fleet_proxy, tmp_path):
    member = fleet.add(fleet.add_cluster(), messages=90)
    path = tmp_path / "fleet.json"
    write_document(path, fleet.document([member], **QUICK))
    claim = fleet_proxy.hold("s3:PutObject")
    with daemon_of(fleet, path) as daemon:
        fleet_proxy.wait_for("s3:PutObject")
        write_document(path, fleet.document([member], pause="all", **QUICK))
        daemon.wait_for_text("the configuration has changed")
        claim.release()
        check = wait_for_check(daemon, member.target)
        assert "the configuration has changed meanwhile" in check["reason"]
        wait_for_check(daemon, member.target, count=3)
    assert member.desired() == 2


@pytest.mark.parametrize("operation", ["s3:PutObject", "ecs:UpdateService"])
def test_what_fails_after_a_reload_is_not_sent_again(fleet, fleet_proxy, tmp_path, operation):
    member = fleet.add(fleet.add_cluster(), messages=90)
    path = tmp_path / "fleet.json"
    write_document(path, fleet.document([member], **QUICK))
    reloaded = Event()

    def fail_then(request, forward):
        reloaded.wait(PATIENCE_S)
        return aws_answers.gateway_page()

    fleet_proxy.on(operation, fail_then)
    with daemon_of(fleet, path) as daemon:
        fleet_proxy.wait_for(operation)
        write_document(path, fleet.document([member], pause="all", **QUICK))
        daemon.wait_for_text(CHANGED)
        reloaded.set()
        check = wait_for_check(daemon, member.target)
        assert [error["code"] for error in check["errors"]] == ["NotFromAws"]
        wait_for_check(daemon, member.target, count=3)
        assert fleet_proxy.count(operation) == 1
    assert member.desired() == 2


def test_a_change_that_is_denied_is_not_claimed_at_each_check(fleet, fleet_proxy, tmp_path):
    member = fleet.add(fleet.add_cluster(), messages=90, scale_out_override="always")
    path = tmp_path / "fleet.json"
    write_document(path, fleet.document([member], **QUICK))
    fleet_proxy.on("ecs:UpdateService", reply(aws_answers.denied("ecs:UpdateService")))
    with daemon_of(fleet, path) as daemon:
        wait_for_check(daemon, member.target, count=10)
        codes = {check["errors"][0]["code"] for check in checks(daemon, member.target)}
        assert codes == {"AccessDeniedException"}
        assert fleet_proxy.count("s3:PutObject") == 1
        assert fleet_proxy.count("ecs:UpdateService") == 1
