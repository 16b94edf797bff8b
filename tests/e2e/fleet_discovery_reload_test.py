"""A new configuration: what is discovered by it is looked for at once, and meanwhile stays
known."""

from autoscaler import start
from fleet_world import printed, wait_for_check, write_document


def daemon_of(fleet, path):
    command = ["run", "--json", "--interval", "100ms", "--config", str(path)]
    return start(command, fleet.environment())


def test_a_changed_default_leaves_discovered_services_in_the_fleet(fleet, fleet_proxy, tmp_path):
    member = fleet.add(fleet.add_cluster(), messages=7)
    member.tag_for_discovery()
    document = fleet.defaults() | {
        "config_interval": 1,
        "discover_interval": 3600,
        "discover": [{"clusters": [member.cluster.name]}],
    }
    write_document(tmp_path / "fleet.json", document)
    with daemon_of(fleet, tmp_path / "fleet.json") as daemon:
        wait_for_check(daemon, member.target)
        write_document(tmp_path / "fleet.json", document | {"max_tasks": 9})
        daemon.wait_for_text("the configuration has changed")
        wait_for_check(daemon, member.target, printed(daemon), count=3)


def test_a_new_discovery_is_looked_at_at_once(fleet, fleet_proxy, tmp_path):
    listed, found = (fleet.add(fleet.add_cluster(), messages=7) for _ in range(2))
    found.tag_for_discovery()
    document = fleet.document([listed], config_interval=1, discover_interval=3600)
    write_document(tmp_path / "fleet.json", document)
    with daemon_of(fleet, tmp_path / "fleet.json") as daemon:
        wait_for_check(daemon, listed.target)
        discover = [{"clusters": [found.cluster.name]}]
        write_document(tmp_path / "fleet.json", document | {"discover": discover})
        wait_for_check(daemon, found.target)
