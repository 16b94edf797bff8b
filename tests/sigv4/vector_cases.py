"""Test vectors for Signature Version 4, read from either layout that AWS has published:

- NAME.req .creq .sts .authz .sreq: the request, the canonical request, the string to sign, the
  Authorization header, and the signed request. Keys and scope are the same for all and not in them.
- A folder a case, with context.json, request.txt, and the texts of a signature in the headers as
  header-*.txt and of one in the query as query-*.txt: tests/aws-signing-test-suite of
  https://github.com/awslabs/aws-c-auth, whose test program says what the context means.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, unquote

VERSION_END = " HTTP/1.1"
TOKEN = "X-Amz-Security-Token"


class Unfit(Exception):
    """Not a case that this signer can be held against, and why."""


@dataclass
class HttpRequest:
    """A request as a vector writes it, which is not HTTP that a parser would take: folded header
    lines, spaces in the path, raw UTF-8."""

    method: str
    target: str
    headers: list[list[str]]  # name and value
    body: str

    @property
    def path(self):
        return self.target.partition("?")[0]

    @property
    def query(self):
        """Names and values, decoded. A plus sign is one, not a space."""
        fields = [part.partition("=") for part in self.target.partition("?")[2].split("&") if part]
        return [[decoded(name), decoded(value)] for name, _, value in fields]

    def comparable(self):
        """As text, less the freedom of signers: the order of parameters and of headers, and white
        space around values."""
        query = sorted(f"{name}={value}" for name, value in self.query)
        headers = sorted(f"{name.lower()}: {value.strip()}" for name, value in self.headers)
        return "\n".join([f"{self.method} {self.path}", *query, "", *headers, "", self.body])


@dataclass
class Signing:
    """One signature of a case."""

    how: str  # "header" or "query"
    request: HttpRequest
    record: dict  # for the sign_requests program
    late_token: str  # a session token that the sender adds after signing
    expected: dict[str, str]  # by the name of the text, in the order of their making

    def ours(self, answer):
        """The same texts, and more, from the program's answer."""
        texts = {
            "canonical request": answer["canonical_request"],
            "string to sign": answer["string_to_sign"],
        }
        headers, target = self.request.headers, self.request.target
        if self.how == "header":
            added = answer["headers"]
            headers = [pair for pair in headers if pair[0].lower() not in added]
            headers += [list(pair) for pair in added.items()]
            headers += [[TOKEN, self.late_token]] if self.late_token else []
            texts["authorization"] = added["authorization"]
            texts["signature"] = added["authorization"].rpartition("Signature=")[2]
        else:
            target = f"{self.request.path}?{answer['query']}"
            target += f"&{TOKEN}={quote(self.late_token, safe='')}" if self.late_token else ""
            texts["signature"] = answer["query"].rpartition("X-Amz-Signature=")[2]
        sent = HttpRequest(self.request.method, target, headers, self.request.body)
        texts["signed request"] = sent.comparable()
        return texts


def find_cases(suite):
    """(name, function that reads its signings), sorted by name, from folders at any depth."""
    found = [
        (file.parent.relative_to(suite), file, read_req_files) for file in suite.rglob("*.req")
    ]
    found += [
        (file.parent.relative_to(suite), file.parent, read_context_folder)
        for file in suite.rglob("request.txt")
    ]
    for name, place, read in sorted(found, key=lambda entry: entry[:2]):
        yield str(name), lambda read=read, place=place: read(place)


def text_of(file):
    """Git on some systems writes CRLF; the vectors mean LF."""
    return file.read_bytes().decode().replace("\r\n", "\n")


def decoded(text):
    return unquote(text, errors="strict")


def parse_request(text, fold):
    """`fold` adds a continuation line to the headers so far."""
    head, _, body = text.partition("\n\n")
    request_line, *lines = head.removesuffix("\n").split("\n")
    method, _, target = request_line.partition(" ")
    if not target.endswith(VERSION_END):
        raise ValueError(f"no request line: {request_line!r}")
    headers = []
    for line in lines:
        if line[:1] in (" ", "\t") and headers:
            fold(headers, line.strip())
        else:
            name, _, value = line.partition(":")
            headers.append([name, value])
    return HttpRequest(method, target.removesuffix(VERSION_END), headers, body)


def value_of(request, wanted):
    return next((value.strip() for name, value in request.headers if name == wanted), "")


def epoch_seconds(timestamp):
    return int(datetime.fromisoformat(timestamp).timestamp())


def read_req_files(req_file):
    def fold_as_another_value(headers, continuation):
        # As these vectors have it; HTTP and the younger ones join with a space.
        headers.append([headers[-1][0], continuation])

    def text(suffix):
        return text_of(req_file.with_suffix(suffix))

    request = parse_request(text(".req"), fold_as_another_value)
    signed = parse_request(text(".sreq"), fold_as_another_value)
    record = {
        "presign": False,
        "method": request.method,
        "path": request.path,
        "query": request.query,
        "headers": request.headers,
        "body": request.body,
        "access_key_id": "AKIDEXAMPLE",
        "secret_access_key": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        "session_token": "",  # where one is signed, it is in the request
        "region": "us-east-1",
        "service": "service",
        "normalize_path": True,
        "content_sha256_header": False,
        "epoch_seconds": epoch_seconds(value_of(request, "X-Amz-Date")),
    }
    late_token = "" if value_of(request, TOKEN) else value_of(signed, TOKEN)
    expected = {
        "canonical request": text(".creq"),
        "string to sign": text(".sts"),
        "authorization": text(".authz"),
        "signed request": signed.comparable(),
    }
    return [Signing("header", request, record, late_token, expected)]


def read_context_folder(folder):
    def fold_with_a_space(headers, continuation):  # RFC 9112, section 5.2
        headers[-1][1] += f" {continuation}"

    def expected_texts(how):
        names = ["canonical request", "string to sign", "signature", "signed request"]
        files = {name: folder / f"{how}-{name.replace(' ', '-')}.txt" for name in names}
        texts = {name: text_of(file) for name, file in files.items() if file.exists()}
        if "signed request" in texts:
            signed = parse_request(texts["signed request"], fold_with_a_space)
            texts["signed request"] = signed.comparable()
        return texts

    if not (folder / "context.json").exists():
        raise Unfit("it has no context.json")
    if (folder / "public-key.json").exists():
        raise Unfit("it is for Signature Version 4A, another algorithm")
    request = parse_request(text_of(folder / "request.txt"), fold_with_a_space)
    record, late_token = read_context(text_of(folder / "context.json"), request)
    signings = []
    for how, more in [
        # The body's hash is in a header where there are headers to add, and never in the query.
        ("header", {"presign": False}),
        ("query", {"presign": True, "content_sha256_header": False}),
    ]:
        if expected := expected_texts(how):
            signings.append(Signing(how, request, {**record, **more}, late_token, expected))
    if not signings:
        raise Unfit("it has no texts to compare with")
    return signings


def read_context(text, request):
    """What to sign, and the session token to add after that."""
    context = json.loads(text)
    credentials = context.pop("credentials")
    token = credentials.get("token", "")
    omit_token = context.pop("omit_session_token", False)
    sign_body = context.pop("sign_body", False)
    normalize = context.pop("normalize", True)
    record = {
        "method": request.method,
        # Paths in these vectors are not encoded yet, and are to be encoded once. A signer that does
        # not normalize leaves a path as sent, which is encoded.
        "path": request.path if normalize else quote(request.path),
        "query": request.query,
        "headers": request.headers,
        "body": request.body if sign_body else "",
        "access_key_id": credentials["access_key_id"],
        "secret_access_key": credentials["secret_access_key"],
        "session_token": "" if omit_token else token,
        "region": context.pop("region"),
        "service": context.pop("service"),
        "normalize_path": normalize,
        "content_sha256_header": sign_body,
        "epoch_seconds": epoch_seconds(context.pop("timestamp")),
        "expires": context.pop("expiration_in_seconds", 3600),
    }
    if context:
        raise ValueError(f"context.json asks for what is not known here: {', '.join(context)}")
    return record, token if omit_token else ""
