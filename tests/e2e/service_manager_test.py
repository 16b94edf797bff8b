"""Under a service manager: it is told when the daemon is ready, alive, reloading and at its end;
SIGHUP makes it look at its configuration; no core file has its keys."""

import resource
import signal
import socket

import pytest

from autoscaler import start
from fleet_world import wait_for_check, write_document


@pytest.fixture
def told(tmp_path):
    """What NOTIFY_SOCKET heard."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        name = f"\0fast-autoscaler-test-{tmp_path.name}-{id(listener)}"
        listener.bind(name)
        listener.settimeout(60)

        def hear() -> str:
            return listener.recv(4096).decode()

        hear.name = "@" + name[1:]
        yield hear


def daemon_of(fleet, path, **environment):
    command = ["run", "--json", "--interval", "100ms", "--config", str(path)]
    return start(command, fleet.environment(**environment))


def test_systemd_is_told(fleet, tmp_path, told):
    member = fleet.add(fleet.add_cluster(), messages=7)
    path = tmp_path / "fleet.json"
    write_document(path, fleet.document([member]))
    environment = {"NOTIFY_SOCKET": told.name, "WATCHDOG_USEC": "200000"}
    with daemon_of(fleet, path, **environment) as daemon:
        heard = [told() for _ in range(5)]
        assert heard.count("READY=1") == 1
        assert heard.count("WATCHDOG=1") == 4
        daemon.signal(signal.SIGHUP)
        while not (word := told()).startswith("RELOADING=1\nMONOTONIC_USEC="):
            assert word == "WATCHDOG=1"
        while (word := told()) != "READY=1":
            assert word == "WATCHDOG=1"
        daemon.signal(signal.SIGTERM)
        while (word := told()) != "STOPPING=1":
            assert word == "WATCHDOG=1"
        assert daemon.wait() == 0


def test_sighup_makes_it_look_at_its_configuration(fleet, tmp_path):
    member = fleet.add(fleet.add_cluster(), messages=90, max_tasks=4, scale_out_cooldown=0)
    path = tmp_path / "fleet.json"
    write_document(path, fleet.document([member], config_interval=3600))
    with daemon_of(fleet, path) as daemon:
        wait_for_check(daemon, member.target, changed=True, new_tasks=4)
        member.settings["max_tasks"] = 6
        write_document(path, fleet.document([member], config_interval=3600))
        daemon.signal(signal.SIGHUP)
        wait_for_check(daemon, member.target, changed=True, new_tasks=6)
        daemon.signal(signal.SIGHUP)  # and nothing is new
        daemon.signal(signal.SIGTERM)
        assert daemon.wait() == 0


def test_no_core_file_has_its_keys(fleet, tmp_path):
    member = fleet.add(fleet.add_cluster(), messages=7)
    write_document(tmp_path / "fleet.json", fleet.document([member]))
    with daemon_of(fleet, tmp_path / "fleet.json") as daemon:
        wait_for_check(daemon, member.target)
        assert resource.prlimit(daemon.pid, resource.RLIMIT_CORE) == (0, 0)
