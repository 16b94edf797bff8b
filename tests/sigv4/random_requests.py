"""Random requests to sign, from a seed: what AWS's clients send and what nobody should."""

import random
from urllib.parse import quote

# No white space beyond ASCII's: botocore folds all of Unicode's in header values, which HTTP's
# definition of a field value (RFC 9110, section 5.5) does not ask for.
CHARACTERS = "abcXYZ019-_.~!\"#$%&'()*+,/:;<=>?@[\\]^`{|}éßñ☃漢字😀\u0301\x7f"
SERVICES = ["sqs", "ecs", "s3", "sts", "kafka", "lambda", "monitoring"]
REGIONS = ["us-east-1", "eu-west-1", "cn-north-1", "us-gov-west-1"]
UNSIGNED = [
    "User-Agent",
    "connection",
    "Expect",
    "TE",
    "X-Amzn-Trace-Id",
    "transfer-encoding",
    "Keep-Alive",
    "traceparent",
    "Upgrade",
    "amz-sdk-invocation-id",
    "Amz-Sdk-Request",
]
# None that only Smithy leaves out: Cache-Control, Pragma, Referer and the like, which no client of
# an API sends.
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


class RandomRequests:
    """The same seed gives the same requests, as the sign_requests program reads them."""

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
        names += self.random.choices(UNSIGNED, k=self.random.randint(0, 2))
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
        """With the scheme, too, which URLs need."""
        presign = self.chance(0.3)
        scheme, port = self.random.choice(
            [("https", ""), ("https", ""), ("https", ":443"), ("http", ":80"), ("http", ":4566")]
        )
        host = self.random.choice(["sqs.us-east-1.amazonaws.com", "localhost", "[::1]"])
        service = self.random.choice(SERVICES)
        headers = self.headers()
        headers.insert(self.random.randint(0, len(headers)), ["Host", host + port])
        return {
            "presign": presign,
            "scheme": scheme,
            "method": self.random.choice(["GET", "POST", "PUT", "DELETE", "HEAD"]),
            "path": self.path(),
            "query": self.query(),
            "headers": headers,
            "body": "" if self.chance(0.2) else self.text(200, " \n\0"),
            "service": service,
            "region": self.random.choice(REGIONS),
            "normalize_path": service != "s3",
            "content_sha256_header": service == "s3",
            "access_key_id": self.random.choice(["AKIDEXAMPLE", "ASIAEXAMPLE"]),
            "secret_access_key": self.random.choice(["secret/+=", "s" * 40, "long" * 20]),
            "session_token": self.random.choice(["", "token", "IQoJb3JpZ2lu/+=" * 60]),
            "epoch_seconds": self.time(),
            "expires": self.random.randint(1, 604_800),
        }
