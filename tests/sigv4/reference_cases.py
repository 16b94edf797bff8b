"""Cases in the layout of aws-c-auth's suite; botocore, the reference, says how each text must be.

The requests are written twice, as the suite's text and as what it means, so that a wrong reading of
the text shows.
"""

import json
from dataclasses import dataclass, field
from urllib.parse import quote

from signers import sign_with_botocore

HOST = "Host:example.amazonaws.com\n"
TOKEN = "AQoDYXdzEPT//////////wEXAMPLE=="


@dataclass
class ReferenceCase:
    request: str  # request.txt
    path: str = "/"  # what it means, from here on; the path as botocore takes it
    query: list = field(default_factory=list)
    headers: list = field(default_factory=list)
    body: str = ""
    method: str = "GET"
    context: dict = field(default_factory=dict)
    token: str = ""

    def write(self, folder):
        folder.mkdir()
        context = {
            "credentials": {"access_key_id": "AKIDEXAMPLE", "secret_access_key": "secret/+="},
            "expiration_in_seconds": 3600,
            "normalize": True,
            "region": "eu-west-1",
            "service": "service",
            "sign_body": False,
            "timestamp": "2024-02-29T23:59:59Z",
            **self.context,
        }
        if self.token:
            context["credentials"]["token"] = self.token
        (folder / "context.json").write_text(json.dumps(context))
        (folder / "request.txt").write_text(self.request)
        late_token = self.token if context.get("omit_session_token") else ""
        for how in ["header", "query"]:
            (answer,) = sign_with_botocore([self.record(context, how)])
            for name, text in self.texts(how, answer, late_token).items():
                (folder / f"{how}-{name}.txt").write_text(text)

    def record(self, context, how):
        return {
            "presign": how == "query",
            "scheme": "https",
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "headers": [["Host", "example.amazonaws.com"], *self.headers],
            "body": self.body if context["sign_body"] else "",
            "service": context["service"],
            "region": context["region"],
            "normalize_path": context["normalize"],
            "content_sha256_header": context["sign_body"] and how == "header",
            "access_key_id": "AKIDEXAMPLE",
            "secret_access_key": "secret/+=",
            "session_token": "" if context.get("omit_session_token") else self.token,
            "epoch_seconds": 1709251199,
            "expires": context["expiration_in_seconds"],
        }

    def texts(self, how, answer, late_token):
        request_line, lines = self.request.split("\n", 1)
        if how == "header":
            added = {
                **answer["headers"],
                **({"X-Amz-Security-Token": late_token} if late_token else {}),
            }
            lines = "".join(f"{name}:{value}\n" for name, value in added.items()) + lines
            signature = answer["headers"]["authorization"].split("Signature=")[1]
        else:
            method, target = request_line.removesuffix(" HTTP/1.1").split(" ", 1)
            token = f"&X-Amz-Security-Token={quote(late_token, safe='')}" if late_token else ""
            request_line = f"{method} {target.split('?')[0]}?{answer['query']}{token} HTTP/1.1"
            signature = answer["query"].split("X-Amz-Signature=")[1]
        return {
            "canonical-request": answer["canonical_request"],
            "string-to-sign": answer["string_to_sign"],
            "signature": signature,
            "signed-request": f"{request_line}\n{lines}",
        }


REFERENCE_CASES = {
    "headers-folded-and-repeated": ReferenceCase(
        request=f"GET / HTTP/1.1\n{HOST}X-Note:one\n  two\n\tthree\nX-Other: a   b \nX-Note:four\n",
        headers=[["X-Note", "one two three"], ["X-Other", " a   b "], ["X-Note", "four"]],
    ),
    "path-normalized": ReferenceCase(
        request=f"GET /a//./b c/../é%2F/ HTTP/1.1\n{HOST}", path="/a//./b c/../é%2F/"
    ),
    "path-not-normalized": ReferenceCase(
        request=f"GET /a//./b c/../é%2F/ HTTP/1.1\n{HOST}",
        path="/a//./b%20c/../%C3%A9%252F/",
        context={"normalize": False},
    ),
    "query": ReferenceCase(
        request=f"GET /?b=2&a-1=x%2Fy&a=+&a=%20&ключ&a= HTTP/1.1\n{HOST}",
        query=[["b", "2"], ["a-1", "x/y"], ["a", "+"], ["a", " "], ["ключ", ""], ["a", ""]],
    ),
    "body-signed": ReferenceCase(
        request=f"POST / HTTP/1.1\n{HOST}Content-Length:9\n\nAction=\n\n",
        method="POST",
        headers=[["Content-Length", "9"]],
        body="Action=\n\n",
        context={"sign_body": True},
    ),
    "body-not-signed": ReferenceCase(
        request=f"POST / HTTP/1.1\n{HOST}\nAction=", method="POST", body="Action="
    ),
    "token-signed": ReferenceCase(request=f"GET / HTTP/1.1\n{HOST}", token=TOKEN),
    "token-added-after-signing": ReferenceCase(
        request=f"GET / HTTP/1.1\n{HOST}", token=TOKEN, context={"omit_session_token": True}
    ),
}
