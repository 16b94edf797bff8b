"""What a check asks of AWS, answered as a case says; each request is kept as one line of text.

It is no AWS: it answers by what a request names, and whatever it does not know is denied. So it
takes a millisecond where moto takes a second, and says the same every time.
"""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

ACCOUNT = "123456789012"
S3_ERROR = '<?xml version="1.0"?>\n<Error><Code>{0}</Code><Message>{0}</Message></Error>'
ASSUMED = (
    '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>'
    "<Credentials><AccessKeyId>KEYOF{0}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>"
    "<SessionToken>token</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration>"
    "</Credentials></AssumeRoleResult></AssumeRoleResponse>"
)


class StandInAws:
    """`world` is a case's "aws": visible, in_flight, desired, running, deployments, protected,
    state (by file name), tags (of each service), web (by path) and answers (by operation)."""

    def __init__(self):
        self.world = {}
        self._requests = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.address = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def begin(self, world: dict) -> None:
        self.world, self._requests = world, []

    def requests(self) -> list[str]:
        """In the order of the alphabet: those that go out together come in any order."""
        return sorted(self._requests)

    # --- what is answered: a status, a body, and headers

    def _answer(self, method, path, headers, body):
        operation = headers.get("X-Amz-Target", "").rpartition(".")[2]
        if not operation and (named := re.search(r"\bAction=(\w+)", body)):
            operation = named[1]
        self._requests += lines_of(method, path, headers, operation, body)
        if operation in self.world.get("answers", {}):
            return 200, self.world["answers"][operation], {}
        if known := getattr(self, f"_{operation}", None):
            return known(body)
        if path in self.world.get("web", {}):
            return 200, self.world["web"][path], {}
        if "AWS4-HMAC" in headers.get("Authorization", "") and "last-action" in path:
            return self._object(method, path.rpartition("/")[2])
        return 403, {"__type": "AccessDeniedException", "message": "denied"}, {}

    def _GetQueueAttributes(self, _):
        counts = {
            "ApproximateNumberOfMessages": self.world.get("visible", 0),
            "ApproximateNumberOfMessagesNotVisible": self.world.get("in_flight", 0),
            "ApproximateNumberOfMessagesDelayed": self.world.get("delayed", 0),
        }
        return 200, {"Attributes": {name: str(count) for name, count in counts.items()}}, {}

    def _DescribeServices(self, body):
        names = json.loads(body)["services"]
        return 200, {"services": [self._service(name) for name in names], "failures": []}, {}

    def _service(self, name):
        short = name.rpartition("/")[2]
        desired = self.world.get("desired", 10)
        tags = self.world.get("tags", {}).get(short, {})
        return {
            "serviceArn": f"arn:aws:ecs:eu-west-1:{ACCOUNT}:service/shop/{short}",
            "serviceName": short,
            "clusterArn": f"arn:aws:ecs:eu-west-1:{ACCOUNT}:cluster/shop",
            "status": "ACTIVE",
            "schedulingStrategy": "REPLICA",
            "desiredCount": desired,
            "runningCount": self.world.get("running", desired),
            "pendingCount": 0,
            "deployments": [{"status": "PRIMARY"}] * self.world.get("deployments", 1),
            "tags": [
                {"key": f"fast-autoscaler:{key}", "value": value} for key, value in tags.items()
            ],
        }

    def _UpdateService(self, body):
        asked = json.loads(body)
        service = self._service(asked["service"]) | {"desiredCount": asked["desiredCount"]}
        return 200, {"service": service}, {}

    def _ListServices(self, _):
        arns = [self._service(name)["serviceArn"] for name in self.world.get("tags", {})]
        return 200, {"serviceArns": arns}, {}

    def _ListClusters(self, _):
        return 200, {"clusterArns": [f"arn:aws:ecs:eu-west-1:{ACCOUNT}:cluster/shop"]}, {}

    def _tasks(self):
        prefix = f"arn:aws:ecs:eu-west-1:{ACCOUNT}:task/shop/"
        return [f"{prefix}{number:032}" for number in range(self.world.get("protected", 0))]

    def _ListTasks(self, _):
        return 200, {"taskArns": self._tasks()}, {}

    def _GetTaskProtection(self, _):
        tasks = [{"taskArn": task, "protectionEnabled": True} for task in self._tasks()]
        return 200, {"protectedTasks": tasks, "failures": []}, {}

    def _AssumeRole(self, body):
        role = parse_qs(body)["RoleArn"][0].rpartition("/")[2]
        return 200, ASSUMED.format(role.upper()), {}

    def _object(self, method, name):
        text = self.world.get("state", {}).get(name)
        if method == "PUT":
            return 200, "", {"ETag": '"new"'}
        if text is None:
            return 404, S3_ERROR.format("NoSuchKey"), {}
        if text in ("AccessDenied", "NoSuchBucket"):
            return {"AccessDenied": 403, "NoSuchBucket": 404}[text], S3_ERROR.format(text), {}
        return 200, text, {"ETag": '"old"'}

    def _handler(stand_in):  # `self` is the handler's, below
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def answer(self):
                length = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(length).decode("utf-8", "backslashreplace")
                status, content, headers = stand_in._answer(
                    self.command, self.path, self.headers, body
                )
                text = (content if isinstance(content, str) else json.dumps(content)).encode()
                self.send_response_only(status)
                for name, value in (headers | {"Content-Length": str(len(text))}).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = do_PUT = answer

            def handle(self):
                try:
                    super().handle()
                except OSError:
                    pass  # the program was done with it

            def log_message(self, *_):
                pass

        return Handler


def lines_of(method, path, headers, operation, body) -> list[str]:
    """Who asks, where, what for: "KEY eu-west-1/sqs POST / GetQueueAttributes {...}". A question
    about several services is a line for each: which are asked together is a matter of time."""
    who = headers.get("Authorization", "nobody")
    if scope := re.search(r"Credential=([^/]+)/\d{8}/([^/]+)/([^/]+)", who):
        who = f"{scope[1]} {scope[2]}/{scope[3]}"
    conditions = [
        f"{name}: {headers[name]}" for name in ("If-Match", "If-None-Match") if headers[name]
    ]
    bodies = [body]
    if operation == "DescribeServices":
        asked = json.loads(body)
        bodies = [json.dumps(asked | {"services": [name]}) for name in asked["services"]]
    named = operation if "X-Amz-Target" in headers else ""
    return [" ".join(filter(None, [who, method, path, named, *conditions, one])) for one in bodies]
