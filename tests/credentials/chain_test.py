"""Where credentials are found: each case of cases/ is an environment with files, and says which
keys come of it or which error. Botocore is put into the same place and must come to the same
keys, or fail as well; where it does not, the case says why."""

import hashlib
import json
import os
import pathlib
import re
import subprocess
from datetime import datetime, timedelta, timezone
from unittest import mock

import botocore.credentials
import botocore.session
import botocore.tokens
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    Prehashed,
    decode_dss_signature,
)
from key_server import KeyServer

HERE = pathlib.Path(__file__).parent
BUILD = pathlib.Path(os.environ.get("FAS_BUILD_DIR", "build/release"))
RUNNER = BUILD / "tests" / "resolve_credentials"
SECRETS = [
    "env-secret",
    "file-secret",
    "hunter2",
    "env-token",
    "file-token",
    "sso-token",
]

CASES = {
    f"{file.stem}: {case['name']}": case
    for file in sorted((HERE / "cases").glob("*.json"))
    for case in json.loads(file.read_text())
}


def in_minutes(minutes: int) -> str:
    end = datetime.now(timezone.utc) + timedelta(minutes=minutes)
    return end.strftime("%Y-%m-%dT%H:%M:%SZ")


def in_json(pem: bytes) -> str:
    return json.dumps(pem.decode())[1:-1]


LOGIN_KEY = ec.generate_private_key(ec.SECP256R1())
KEYS_IN_PEM = {
    name: in_json(
        LOGIN_KEY.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    )
    for name, form in (
        ("key", serialization.PrivateFormat.TraditionalOpenSSL),
        ("pkcs8", serialization.PrivateFormat.PKCS8),
    )
}


class Ec:
    """What botocore wants of awscrt to renew a login, by another library: awscrt, once it is there,
    takes botocore's signing over too, which other tests compare with."""

    def __init__(self, key):
        self._key = key

    @classmethod
    def new_key_from_der_data(cls, der: bytes) -> "Ec":
        return cls(serialization.load_der_private_key(der, None))

    def get_public_coords(self) -> tuple[bytes, bytes]:
        point = self._key.public_key().public_numbers()
        return point.x.to_bytes(32, "big"), point.y.to_bytes(32, "big")

    def sign(self, digest: bytes) -> bytes:
        return self._key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256())))

    @staticmethod
    def decode_der_signature_to_padded_pair(signature: bytes, pad_to: int) -> bytes:
        return b"".join(part.to_bytes(pad_to, "big") for part in decode_dss_signature(signature))


@pytest.fixture(scope="module")
def server():
    with KeyServer() as running:
        yield running


@pytest.fixture(params=CASES.values(), ids=CASES.keys())
def case(request):
    return request.param


@pytest.fixture
def environment(case, server, tmp_path):
    """The case's, with its files in place."""

    def fill(text: str) -> str:
        for name, value in (
            ("server", server.url),
            ("home", tmp_path),
            *KEYS_IN_PEM.items(),
        ):
            text = text.replace(f"{{{name}}}", str(value))
        return re.sub(r"\{in (\d+) minutes\}", lambda match: in_minutes(int(match[1])), text)

    files = dict(case.get("files", {}))
    for name in ("config", "credentials"):
        if name in case:
            files[f".aws/{name}"] = case[name]
    for name, lines in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # Keys' files end without a line end, tokens too.
        path.write_bytes(fill("\n".join(lines)).encode())
    variables = {name: fill(value) for name, value in case["environment"].items()}
    return {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"} | variables


def ours(environment: dict, case: dict) -> dict:
    command = [str(RUNNER), *([case["profile"]] if "profile" in case else [])]
    run = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    for secret in SECRETS:
        assert secret not in run.stdout + run.stderr
    return json.loads(run.stdout)


@pytest.fixture
def sso_cache(tmp_path, monkeypatch):
    """Botocore looks up the home directory for it only once, when it is imported."""
    folder = str(tmp_path / ".aws" / "sso" / "cache")
    for provider in (
        botocore.credentials.SSOProvider,
        botocore.tokens.SSOTokenProvider,
    ):
        monkeypatch.setattr(provider, "_SSO_TOKEN_CACHE_DIR", folder)
    monkeypatch.setattr(botocore.credentials, "EC", Ec)


def botocores(environment: dict, case: dict) -> dict | None:
    """The keys, or nothing where it finds none."""
    # It does not know AWS_REGION.
    region = {"AWS_DEFAULT_REGION": environment.get("AWS_REGION", "us-east-1")}
    with mock.patch.dict(os.environ, environment | region, clear=True):
        try:
            session = botocore.session.Session(profile=case.get("profile"))
            found = session.get_credentials()
            keys = found.get_frozen_credentials() if found else None
        except Exception:  # of many kinds
            return None
    if keys is None:
        return None
    return {
        "access_key_id": keys.access_key,
        "secret_sha256": hashlib.sha256(keys.secret_key.encode()).hexdigest(),
        "token_sha256": hashlib.sha256((keys.token or "").encode()).hexdigest(),
    }


def test_as_the_case_says(case, environment):
    found = ours(environment, case)
    expected = case["expected"]
    if "code" in expected:
        assert found.get("code") == expected["code"], found
        for part in expected["message"]:
            assert part in found["message"]
    else:
        assert found.get("access_key_id") == expected["access_key_id"], found


@pytest.mark.usefixtures("sso_cache")
def test_as_botocore_has_it(case, environment):
    if "differs_from_botocore" in case:
        assert case["differs_from_botocore"]
        return
    found = ours(environment, case)
    found.pop("expires", None)
    theirs = botocores(environment, case)
    if theirs is None:
        assert "code" in found, found
    else:
        assert found == theirs


def test_there_are_enough_cases():
    assert len(CASES) >= 120
