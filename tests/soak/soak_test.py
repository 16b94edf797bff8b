"""The soaks, in short: `make soak` are the long ones."""

import fleet_soak
import soak


def test_memory_and_descriptors_stay_as_they_are(capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["soak.py", "1500"])
    status = soak.main()
    assert status == 0, capsys.readouterr().out


def test_a_fleet_stays_as_it_is_too(capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["fleet_soak.py", "50", "50"])
    status = fleet_soak.main()
    assert status == 0, capsys.readouterr().out
