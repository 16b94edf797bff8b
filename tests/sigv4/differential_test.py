"""Compares every signature with botocore's, over random requests.

The requests come from a seed, which is printed; to run a failed one again:

    FAS_BUILD_DIR=build FAS_DIFFERENTIAL_SEED=<seed> pytest tests/sigv4/differential_test.py

FAS_BUILD_DIR is the CMake build folder; FAS_DIFFERENTIAL_COUNT says how many requests (2000).
"""

import datetime
import json
import os
import pathlib
import random
import subprocess
from urllib.parse import quote, urlsplit

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

COUNT = int(os.environ.get("FAS_DIFFERENTIAL_COUNT", "2000"))
SEED = int(os.environ.get("FAS_DIFFERENTIAL_SEED", random.SystemRandom().randrange(2**32)))

# No white space beyond ASCII's: botocore folds all of Unicode's in header values, which HTTP's
# definition of a field value (RFC 9110, section 5.5) does not ask for.
CHARACTERS = "abcXYZ019-_.~!\"#$%&'()*+,/:;<=>?@[\\]^`{|}éßñ☃漢字😀\u0301\x7f"
SERVICES = ["sqs", "ecs", "s3", "sts", "kafka", "lambda", "monitoring"]
REGIONS = ["us-east-1", "eu-west-1", "cn-north-1", "us-gov-west-1"]
# Both signers leave these out ...
UNSIGNED_BY_BOTH = [
    "User-Agent",
    "connection",
    "Expect",
    "TE",
    "X-Amzn-Trace-Id",
    "transfer-encoding",
    "Keep-Alive",
    "traceparent",
    "Upgrade",
]
# ... and these the project does: an SDK's notes about the attempt, which botocore signs.
UNSIGNED_BY_US = ["amz-sdk-invocation-id", "Amz-Sdk-Request"]
SIGNED = [
    "Content-Type",
    "X-Amz-Target",
    "x-amz-meta-a",
    "X-AMZ-Meta-B",
    "x-amzn-query-mode",
    "If-Match",
    "If-None-Match",
    "Range",
    "accept",
    "Te2",
    "x-a",
    "X-a-b",
    "x_a",
]


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.epoch_seconds = 0

    def text(self, most, extra=""):
        characters = CHARACTERS + extra
        return "".join(self.random.choices(characters, k=self.random.randint(0, most)))

    def chance(self, probability):
        return self.random.random() < probability

    def segment(self):
        kind = self.random.randrange(8)
        if kind == 0:
            return ""
        if kind == 1:
            return self.random.choice([".", "..", "...", ".a", "%2E", "%2e%2e"])
        if kind == 2:  # reserved characters that a wire path may hold as they are
            return "".join(self.random.choices("ab:@!$&'()*+,;=-_.~", k=5))
        if kind == 3:  # encoded twice, with lower-case digits, or not at all
            return self.random.choice(["a%2Fb", "%252F", "%c3%a9", "arn%3Aaws%3Ax", "é☃", "a%"])
        return quote(self.text(8, " \n"), safe="")

    def path(self):
        segments = [self.segment() for _ in range(self.random.randint(0, 6))]
        return "/" + "/".join(segments)

    def query(self):
        parameters = []
        for _ in range(self.random.choice([0, 0, 1, 2, 5, 12])):
            if parameters and self.chance(0.3):
                name = self.random.choice(parameters)[0] + self.random.choice(["", "-3", "."])
            else:
                name = self.text(6, " ")
            parameters.append([name, "" if self.chance(0.2) else self.text(9, " \n")])
        return parameters

    def header_value(self):
        words = [self.text(7) for _ in range(self.random.randint(0, 4))]
        gap = self.random.choice([" ", "  ", "\t", " \t "])
        before = self.random.choice(["", " ", "\t "])
        after = self.random.choice(["", "  "])
        return before + gap.join(words) + after

    def headers(self):
        names = self.random.choices(SIGNED, k=self.random.randint(0, 5))
        names += self.random.choices(UNSIGNED_BY_BOTH + UNSIGNED_BY_US, k=self.random.randint(0, 2))
        if names and self.chance(0.3):
            names.append(self.random.choice(names).swapcase())
        self.random.shuffle(names)
        return [[name, self.header_value()] for name in names]

    def time(self):
        """Many requests on each day, so that signing keys are reused as well as derived."""
        if self.chance(0.05):
            self.epoch_seconds = self.random.randrange(4_000_000_000)
        else:
            self.epoch_seconds += self.random.randrange(600)
        return self.epoch_seconds

    def request(self):
        presign = self.chance(0.3)
        scheme, port = self.random.choice(
            [("https", ""), ("https", ""), ("https", ":443"), ("http", ":80"), ("http", ":4566")]
        )
        host = self.random.choice(["sqs.us-east-1.amazonaws.com", "localhost", "[::1]"])
        headers = self.headers()
        headers.insert(self.random.randint(0, len(headers)), ["Host", host + port])
        # botocore presigns requests without a body only: it would move one into the query.
        body = "" if presign or self.chance(0.2) else self.text(200, " \n\0")
        return {
            "presign": presign,
            "scheme": scheme,
            "method": self.random.choice(["GET", "POST", "PUT", "DELETE", "HEAD"]),
            "path": self.path(),
            "query": self.query(),
            "headers": headers,
            "body": body,
            "service": self.random.choice(SERVICES),
            "region": self.random.choice(REGIONS),
            "access_key_id": self.random.choice(["AKIDEXAMPLE", "ASIAEXAMPLE"]),
            "secret_access_key": self.random.choice(["secret/+=", "s" * 40, "long" * 20]),
            "session_token": self.random.choice(["", "token", "IQoJb3JpZ2lu/+=" * 60]),
            "epoch_seconds": self.time(),
            "expires": self.random.randint(1, 604_800),
        }


def signer_class(request):
    s3 = request["service"] == "s3"
    if request["presign"]:
        return botocore.auth.S3SigV4QueryAuth if s3 else botocore.auth.SigV4QueryAuth
    return botocore.auth.S3SigV4Auth if s3 else botocore.auth.SigV4Auth


def sign_with_botocore(request, monkeypatch):
    """Returns what the sign_requests program returns, from botocore."""
    now = datetime.datetime.fromtimestamp(request["epoch_seconds"], datetime.timezone.utc)
    monkeypatch.setattr(
        botocore.auth, "get_current_datetime", lambda *_, **__: now.replace(tzinfo=None)
    )
    credentials = Credentials(
        request["access_key_id"], request["secret_access_key"], request["session_token"] or None
    )
    signer_arguments = {"expires": request["expires"]} if request["presign"] else {}
    signer = signer_class(request)(
        credentials, request["service"], request["region"], **signer_arguments
    )
    host = next(value for name, value in request["headers"] if name == "Host")
    aws_request = AWSRequest(
        method=request["method"],
        url=f"{request['scheme']}://{host}{request['path']}",
        data=request["body"].encode(),
        params=parameters(request),
    )
    for name, value in request["headers"]:
        if name != "Host" and name.lower() not in map(str.lower, UNSIGNED_BY_US):
            aws_request.headers[name] = value

    texts = {}

    def note(name):
        original = getattr(signer, name)

        def wrapper(*arguments):
            texts[name] = original(*arguments)
            return texts[name]

        monkeypatch.setattr(signer, name, wrapper)

    note("canonical_request")
    note("string_to_sign")
    signer.add_auth(aws_request)
    if request["presign"]:
        return {"query": urlsplit(aws_request.url).query, **texts}
    added = ["Authorization", "X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-SHA256"]
    return {
        "headers": {n.lower(): aws_request.headers[n] for n in added if n in aws_request.headers},
        **texts,
    }


def parameters(request):
    """botocore takes repeated names as pairs when signing, but as lists when presigning."""
    if not request["presign"]:
        return [tuple(pair) for pair in request["query"]]
    values = {}
    for name, value in request["query"]:
        values.setdefault(name, []).append(value)
    return values


def sign_with_program(requests):
    if "FAS_BUILD_DIR" not in os.environ:
        pytest.fail("set FAS_BUILD_DIR to the CMake build folder: it holds tests/sign_requests")
    program = pathlib.Path(os.environ["FAS_BUILD_DIR"]) / "tests" / "sign_requests"
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    run = subprocess.run(
        [program], input=lines.encode(), stdout=subprocess.PIPE, check=True, timeout=600
    )
    return [json.loads(line) for line in run.stdout.decode().split("\n")[:-1]]


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


def test_every_signature_equals_botocores(monkeypatch):
    print(f"seed {SEED}, {COUNT} requests")
    generator = Generator(SEED)
    requests = [generator.request() for _ in range(COUNT)]
    answers = sign_with_program(requests)
    assert len(answers) == COUNT

    for number, (request, ours) in enumerate(zip(requests, answers, strict=True)):
        with monkeypatch.context() as patch:
            theirs = sign_with_botocore(request, patch)
        wrong = difference(ours, theirs)
        assert not wrong, (
            f"{wrong} of request {number} of seed {SEED} differs\n"
            f"--- request\n{json.dumps(request, indent=1)}\n"
            f"--- ours\n{ours['canonical_request']}\n\n{ours['string_to_sign']}\n"
            f"{ours.get('query') or ours.get('headers')}\n"
            f"--- botocore's\n{theirs['canonical_request']}\n\n{theirs['string_to_sign']}\n"
            f"{theirs.get('query') or theirs.get('headers')}\n"
        )
