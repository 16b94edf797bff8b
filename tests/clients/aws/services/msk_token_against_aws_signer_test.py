"""Each token for Amazon MSK, compared with that of AWS's own library for Python.

FAS_BUILD_DIR is the CMake build folder: it holds tests/print_msk_tokens.
"""

import base64
import datetime
import json
import os
import random
import subprocess
from pathlib import Path
from unittest import mock
from urllib.parse import parse_qsl, urlsplit

import botocore.auth
import pytest
from aws_msk_iam_sasl_signer.MSKAuthTokenProvider import (
    generate_auth_token_from_credentials_provider,
)
from botocore.credentials import CredentialProvider, Credentials

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
REGIONS = ["eu-west-1", "us-east-1", "us-gov-west-1", "cn-north-1"]


def text(generator, length):
    return "".join(generator.choices(ALPHABET, k=length))


def asked_for(seed):
    generator = random.Random(seed)
    return {
        "access_key_id": "AKIA" + text(generator, 16),
        "secret_access_key": text(generator, 40),
        # Of all lengths, so that the base64 ends in each way.
        "session_token": text(generator, generator.choice([0, 1, 2, 3, 400, 401, 402])),
        "region": generator.choice(REGIONS),
        "epoch_seconds": generator.randrange(1_600_000_000, 2_000_000_000),
    }


def made_by_us(asked):
    if "FAS_BUILD_DIR" not in os.environ:
        pytest.fail("set FAS_BUILD_DIR to the CMake build folder: it has tests/print_msk_tokens")
    program = Path(os.environ["FAS_BUILD_DIR"]) / "tests" / "print_msk_tokens"
    lines = "".join(json.dumps(one) + "\n" for one in asked)
    run = subprocess.run([program], input=lines, stdout=subprocess.PIPE, text=True, check=True)
    tokens = [line.split() for line in run.stdout.splitlines()]
    return [(token, int(expires)) for token, expires in tokens]


class TheseKeys(CredentialProvider):
    def __init__(self, asked):
        super().__init__()
        self._asked = asked

    def load(self):
        asked = self._asked
        token = asked["session_token"] or None
        return Credentials(asked["access_key_id"], asked["secret_access_key"], token)


def made_by_aws(asked):
    now = datetime.datetime.fromtimestamp(asked["epoch_seconds"], datetime.timezone.utc)
    with mock.patch.object(
        botocore.auth, "get_current_datetime", lambda *_, **__: now.replace(tzinfo=None)
    ):
        return generate_auth_token_from_credentials_provider(asked["region"], TheseKeys(asked))


def url_of(token):
    """The address and its parameters, whose order says nothing, but for who signed."""
    assert "=" not in token
    url = urlsplit(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode())
    parameters = dict(parse_qsl(url.query, keep_blank_values=True, strict_parsing=True))
    assert parameters.pop("User-Agent")
    return (url.scheme, url.netloc, url.path), parameters


def test_every_token_is_as_aws_makes_it():
    asked = [asked_for(seed) for seed in range(200)]
    for one, (token, expires) in zip(asked, made_by_us(asked), strict=True):
        reference, reference_expires = made_by_aws(one)
        assert url_of(token) == url_of(reference), one
        assert expires == reference_expires, one
