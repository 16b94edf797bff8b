"""Hands out keys as STS, the SSO portal, a container's endpoint and EC2's metadata service do. What
it was asked with is in the access key, so that a test sees who asked for what."""

import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

EXPIRES = "2099-01-01T00:00:00Z"
EXPIRES_MS = 4070908800000
METADATA = "/latest/meta-data/iam/security-credentials/"


def sts_answer(operation: str, access_key: str) -> str:
    return f"""<{operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <{operation}Result>
    <Credentials>
      <AccessKeyId>{access_key.replace("<", "&lt;")}</AccessKeyId>
      <SecretAccessKey>sts-secret</SecretAccessKey>
      <SessionToken>sts-token</SessionToken>
      <Expiration>{EXPIRES}</Expiration>
    </Credentials>
  </{operation}Result>
  <ResponseMetadata><RequestId>request-1</RequestId></ResponseMetadata>
</{operation}Response>"""


def sts_error(code: str, message: str) -> str:
    return f"""<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>
  <RequestId>request-1</RequestId>
</ErrorResponse>"""


def keys(access_key: str) -> str:
    return json.dumps(
        {
            "Code": "Success",
            "Type": "AWS-HMAC",
            "AccessKeyId": access_key,
            "SecretAccessKey": "endpoint-secret",
            "Token": "endpoint-token",
            "Expiration": EXPIRES,
            "LastUpdated": "2026-11-24T00:00:00Z",
        }
    )


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def proves(dpop: str, url: str) -> bool:
    """Whether this is a proof that the key in it was there when `url` was asked (RFC 9449)."""
    head, claims, signature = dpop.split(".")
    key = json.loads(decoded(head))["jwk"]
    x, y = (int.from_bytes(decoded(key[name]), "big") for name in "xy")
    public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    r, s = (
        int.from_bytes(half, "big") for half in (decoded(signature)[:32], decoded(signature)[32:])
    )
    try:
        public.verify(
            encode_dss_signature(r, s),
            f"{head}.{claims}".encode(),
            ec.ECDSA(hashes.SHA256()),
        )
    except InvalidSignature:
        return False
    said = json.loads(decoded(claims))
    return (
        json.loads(decoded(head))["typ"] == "dpop+jwt"
        and (said["htm"], said["htu"]) == ("POST", url)
        and abs(said["iat"] - time.time()) < 300
        and len(said["jti"]) >= 16
    )


class KeyServer:
    def __enter__(self):
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = "http://127.0.0.1:%d" % self._server.server_address[1]
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status: int, body: str, error_type: str = "") -> None:
        self.send_response(status)
        if error_type:
            self.send_header("x-amzn-ErrorType", error_type)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def do_PUT(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        known = self.path == "/latest/api/token"
        if known and self.headers.get("x-aws-ec2-metadata-token-ttl-seconds"):
            self.answer(200, "metadata-token")
        else:
            self.answer(404, "")

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path == "/federation/credentials":
            self.portal(parse_qs(url.query))
        elif url.path == "/container":
            token = self.headers.get("Authorization", "")
            self.answer(200, keys(f"container<{token}>"))
        elif url.path == "/refusing":
            self.answer(403, json.dumps({"code": "AccessDenied", "message": "not for you"}))
        elif self.headers.get("x-aws-ec2-metadata-token") != "metadata-token":
            self.answer(401, "")
        elif url.path == METADATA:
            self.answer(200, "worker")
        elif url.path == METADATA + "worker":
            self.answer(200, keys("imds:worker"))
        else:
            self.answer(404, "")

    def portal(self, query: dict) -> None:
        if self.headers.get("x-amz-sso_bearer_token") != "sso-token":
            self.answer(401, json.dumps({"message": "Session token not found or invalid"}))
            return
        role = {
            "accessKeyId": f"sso:{query['role_name'][0]}@{query['account_id'][0]}",
            "secretAccessKey": "sso-secret",
            "sessionToken": "sso-session-token",
            "expiration": EXPIRES_MS,
        }
        self.answer(200, json.dumps({"roleCredentials": role}))

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/token":
            self.renew_sso(json.loads(body))
        elif self.path == "/v1/token":
            self.renew_login(json.loads(body))
        else:
            self.assume(parse_qs(body))

    def renew_sso(self, asked: dict) -> None:
        known = ("client", "client-secret", "refresh_token", "refresh-1")
        if (
            tuple(asked[k] for k in ("clientId", "clientSecret", "grantType", "refreshToken"))
            != known
        ):
            refusal = {
                "error": "invalid_grant",
                "error_description": "Invalid refresh token provided",
            }
            self.answer(400, json.dumps(refusal), "InvalidGrantException")
            return
        new = {
            "accessToken": "sso-token",
            "expiresIn": 28800,
            "refreshToken": "refresh-1",
        }
        self.answer(200, json.dumps(new | {"tokenType": "Bearer"}))

    def renew_login(self, asked: dict) -> None:
        url = f"http://{self.headers['Host']}/v1/token"
        if asked["grantType"] != "refresh_token" or not proves(self.headers["DPoP"], url):
            self.answer(400, json.dumps({"message": "no proof"}), "ValidationException")
        elif not asked["refreshToken"].startswith("refresh-"):
            refusal = {"error": "TOKEN_EXPIRED", "message": "Refresh token has expired"}
            self.answer(400, json.dumps(refusal), "AccessDeniedException")
        else:
            key = {
                "accessKeyId": "AKIDRENEWED",
                "secretAccessKey": "s",
                "sessionToken": "t",
            }
            new = {"accessToken": key, "tokenType": "aws_sigv4", "expiresIn": 900}
            self.answer(200, json.dumps(new | {"refreshToken": "refresh-2"}))

    def assume(self, form: dict) -> None:
        asked = {name: values[0] for name, values in form.items()}
        if asked["Action"] == "AssumeRoleWithWebIdentity" and "Authorization" not in self.headers:
            kind, caller = "web", asked["WebIdentityToken"]
        else:
            kind = "role"
            caller = self.headers["Authorization"].partition("Credential=")[2].partition("/2")[0]
        role = asked["RoleArn"].partition("role/")[2]
        if role == "forbidden":
            self.answer(403, sts_error("AccessDenied", "not authorized to assume forbidden"))
        elif caller == "bad":
            self.answer(400, sts_error("InvalidIdentityToken", "no such provider"))
        else:
            # A session's name is shown where the case chose it, not where a client made one up.
            shown = [role, asked["RoleSessionName"], asked.get("ExternalId")]
            chosen = [part for part in shown if part and not part.startswith(("fast-", "botocore"))]
            access_key = f"{kind}:{'/'.join(chosen)}<{caller}"
            self.answer(200, sts_answer(asked["Action"], access_key))
