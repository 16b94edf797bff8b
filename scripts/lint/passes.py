"""What passed a check before, so that it need not be looked at again."""

import os
import time
from pathlib import Path

_KEPT_S = 30 * 24 * 3600


class Passes:
    """Fingerprints, as empty files in the user's cache folder, which all clones share.

    A fingerprint names all that a verdict depends on, and no folder of the clone. It is never
    wrong, only forgotten: one that no run asked for in 30 days is removed.
    """

    def __init__(self, check):
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        self._folder = cache / "fast-autoscaler" / "lint" / check
        self._folder.mkdir(parents=True, exist_ok=True)

    def __contains__(self, fingerprint):
        try:
            os.utime(self._folder / fingerprint)
        except FileNotFoundError:
            return False
        return True

    def add(self, fingerprint):
        (self._folder / fingerprint).touch()

    def forget_unused(self):
        for file in self._folder.iterdir():
            if file.stat().st_mtime < time.time() - _KEPT_S:
                file.unlink(missing_ok=True)
