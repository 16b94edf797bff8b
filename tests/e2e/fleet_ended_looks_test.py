"""A signal during a look for a new configuration, or for services, is no error."""

import signal

from autoscaler import start
from fleet_world import wait_for_check, write_document


def test_a_look_for_the_configuration_that_is_ended_is_no_error(fleet, fleet_proxy, tmp_path):
    member = fleet.add(fleet.add_cluster(), messages=7)
    name = f"/autoscaler/{fleet.name}"
    write_document(tmp_path / "text", fleet.document([member], config_interval=1))
    fleet.client("ssm").put_parameter(
        Name=name, Value=(tmp_path / "text").read_text(), Type="String"
    )
    command = ["run", "--json", "--interval", "100ms", "--config", f"ssm:{name}"]
    with start(command, fleet.environment()) as daemon:
        wait_for_check(daemon, member.target)
        fleet_proxy.hold("ssm:GetParameter")
        fleet_proxy.wait_for("ssm:GetParameter", fleet_proxy.count("ssm:GetParameter") + 1)
        daemon.signal(signal.SIGTERM)
        assert daemon.wait() == 0
        assert '"level":"error"' not in daemon.stderr, daemon.stderr


def test_a_discovery_that_is_ended_is_no_error(fleet, fleet_proxy, tmp_path):
    member = fleet.add(fleet.add_cluster(), messages=7)
    document = fleet.document([member], discover=[{"clusters": [member.cluster.name]}])
    write_document(tmp_path / "fleet.json", document)
    command = ["run", "--json", "--interval", "100ms", "--config", str(tmp_path / "fleet.json")]
    fleet_proxy.hold("ecs:ListServices")
    with start(command, fleet.environment()) as daemon:
        wait_for_check(daemon, member.target)
        fleet_proxy.wait_for("ecs:ListServices")
        daemon.signal(signal.SIGTERM)
        assert daemon.wait() == 0
        assert '"level":"error"' not in daemon.stderr, daemon.stderr
