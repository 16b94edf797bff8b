"""Three signers with one face: the project's, botocore's, and the one of AWS's JavaScript SDK.

Each takes a list of requests, as random_requests.py makes them, and gives a list of answers: the
canonical request, the string to sign, and what to send, which is "headers" to add by lower-case
name, or for a presigned request its "query".

FAS_BUILD_DIR is the CMake build folder, which holds the project's.
"""

import datetime
import hashlib
import json
import os
import subprocess
from pathlib import Path
from unittest import mock
from urllib.parse import urlsplit

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

PROJECT = Path(__file__).resolve().parents[2]
PEERS = PROJECT / ".peers"  # scripts/setup.sh test

# Headers that the project leaves out, as a proxy or another attempt changes them after signing, but
# that the other signer would sign. It is not given them.
SIGNED_BY_BOTOCORE_ONLY = {"amz-sdk-invocation-id", "amz-sdk-request"}
SIGNED_BY_SMITHY_ONLY = SIGNED_BY_BOTOCORE_ONLY | {"traceparent"}


def sign_with_project(requests):
    if "FAS_BUILD_DIR" not in os.environ:
        raise LookupError("set FAS_BUILD_DIR to the CMake build folder: it has tests/sign_requests")
    return _run([Path(os.environ["FAS_BUILD_DIR"]) / "tests" / "sign_requests"], requests)


def sign_with_botocore(requests):
    return [_botocore_answer(request) for request in _without(SIGNED_BY_BOTOCORE_ONLY, requests)]


def sign_with_smithy(requests):
    script = Path(__file__).with_name("sign_with_smithy.cjs")
    command = [PEERS / "bin" / "node", script, PEERS / "node_modules"]
    return _run(command, _without(SIGNED_BY_SMITHY_ONLY, requests))


def _without(names, requests):
    for request in requests:
        headers = [pair for pair in request["headers"] if pair[0].lower() not in names]
        yield {**request, "headers": headers}


def _run(command, requests):
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    run = subprocess.run(
        command, input=lines.encode(), stdout=subprocess.PIPE, check=True, timeout=600
    )
    return [json.loads(line) for line in run.stdout.decode().split("\n")[:-1]]


class _PathAsSent:
    def _normalize_url_path(self, path):
        return path


class _HeaderAuthOfPathAsSent(_PathAsSent, botocore.auth.SigV4Auth):
    pass


class _QueryAuthOfPathAsSent(_PathAsSent, botocore.auth.SigV4QueryAuth):
    pass


def _botocore_class(request):
    if request["service"] == "s3":
        header, query = botocore.auth.S3SigV4Auth, botocore.auth.S3SigV4QueryAuth
    elif request["normalize_path"]:
        header, query = botocore.auth.SigV4Auth, botocore.auth.SigV4QueryAuth
    else:
        header, query = _HeaderAuthOfPathAsSent, _QueryAuthOfPathAsSent
    return query if request["presign"] else header


def _botocore_answer(request):
    credentials = Credentials(
        request["access_key_id"], request["secret_access_key"], request["session_token"] or None
    )
    signer_arguments = {"expires": request["expires"]} if request["presign"] else {}
    signer = _botocore_class(request)(
        credentials, request["service"], request["region"], **signer_arguments
    )
    aws_request = _botocore_request(request)
    if request["service"] != "s3":  # for S3 it does both itself
        body_hash = hashlib.sha256(request["body"].encode()).hexdigest()
        signer.payload = lambda _: body_hash
        if request["content_sha256_header"]:
            aws_request.headers["X-Amz-Content-SHA256"] = body_hash

    texts = {}

    def note(name):
        original = getattr(signer, name)

        def wrapper(*arguments):
            texts[name] = original(*arguments)
            return texts[name]

        setattr(signer, name, wrapper)

    note("canonical_request")
    note("string_to_sign")
    now = datetime.datetime.fromtimestamp(request["epoch_seconds"], datetime.timezone.utc)
    with mock.patch.object(
        botocore.auth, "get_current_datetime", lambda *_, **__: now.replace(tzinfo=None)
    ):
        signer.add_auth(aws_request)
    if request["presign"]:
        return {"query": urlsplit(aws_request.url).query, **texts}
    added = ["Authorization", "X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-SHA256"]
    return {
        "headers": {n.lower(): aws_request.headers[n] for n in added if n in aws_request.headers},
        **texts,
    }


def _botocore_request(request):
    """Without a body to presign: it would move one into the query."""
    host = next(value for name, value in request["headers"] if name == "Host")
    aws_request = AWSRequest(
        method=request["method"],
        url=f"{request['scheme']}://{host}{request['path']}",
        data=b"" if request["presign"] else request["body"].encode(),
        params=_botocore_parameters(request),
    )
    for name, value in request["headers"]:
        if name != "Host":
            aws_request.headers[name] = value
    return aws_request


def _botocore_parameters(request):
    """It takes repeated names as pairs when signing, but as lists when presigning."""
    if not request["presign"]:
        return [tuple(pair) for pair in request["query"]]
    values = {}
    for name, value in request["query"]:
        values.setdefault(name, []).append(value)
    return values
