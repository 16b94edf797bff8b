"""The soak, in short: `make soak` is the long one."""

import soak


def test_memory_and_descriptors_stay_as_they_are(capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["soak.py", "1500"])
    status = soak.main()
    assert status == 0, capsys.readouterr().out
