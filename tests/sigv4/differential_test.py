"""Compares every signature with those of two other signers, over random requests.

The requests come from a seed, which is printed; to run a failed one again:

    FAS_BUILD_DIR=build/release FAS_DIFFERENTIAL_SEED=<seed> pytest tests/sigv4/differential_test.py

FAS_DIFFERENTIAL_COUNT says how many requests (2000; `make differential` takes more).
"""

import json
import os
import random

import pytest
from random_requests import RandomRequests
from signers import sign_with_botocore, sign_with_project, sign_with_smithy

COUNT = int(os.environ.get("FAS_DIFFERENTIAL_COUNT", "2000"))


def seed():
    return int(os.environ.get("FAS_DIFFERENTIAL_SEED", random.SystemRandom().randrange(2**32)))


def difference(ours, theirs):
    """The first thing that differs, by name, or nothing."""
    for name in ["canonical_request", "string_to_sign"]:
        if ours[name] != theirs[name]:
            return name
    if "query" in theirs:
        # botocore does not sort the query that goes onto the wire.
        queries = [sorted(side["query"].split("&")) for side in (ours, theirs)]
        return "query" if queries[0] != queries[1] else ""
    return "headers" if ours["headers"] != theirs["headers"] else ""


def described(answer):
    sent = answer.get("query") or answer.get("headers")
    return f"{answer['canonical_request']}\n\n{answer['string_to_sign']}\n{sent}\n"


@pytest.mark.parametrize(
    "sign_with_other", [sign_with_botocore, sign_with_smithy], ids=["botocore", "smithy"]
)
def test_every_signature_equals_that_of(sign_with_other):
    used_seed = seed()
    generator = RandomRequests(used_seed)
    requests = [generator.request() for _ in range(COUNT)]
    answers = zip(requests, sign_with_project(requests), sign_with_other(requests), strict=True)

    differences = 0
    for number, (request, ours, theirs) in enumerate(answers):
        wrong = difference(ours, theirs)
        if wrong and not differences:
            print(
                f"{wrong} of request {number} of seed {used_seed} differs\n"
                f"--- request\n{json.dumps(request, indent=1)}\n"
                f"--- ours\n{described(ours)}--- the other's\n{described(theirs)}"
            )
        differences += bool(wrong)
    print(f"seed {used_seed}: {COUNT} requests, {differences} differences")
    assert differences == 0
