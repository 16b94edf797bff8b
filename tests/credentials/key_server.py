"""Hands out keys as STS, the SSO portal, a container's endpoint and EC2's metadata service do. What
it was asked with is in the access key, so that a test sees who asked for what."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

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

    def answer(self, status: int, body: str) -> None:
        self.send_response(status)
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
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
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
