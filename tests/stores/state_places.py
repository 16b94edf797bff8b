"""Where each kind of store keeps the state of prod/web, and what a test can do to it there."""

import contextlib
import json
import subprocess
import uuid
from contextlib import contextmanager
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

import aws_answers
from fault_proxy import FaultProxy
from processes import PROJECT, Process, build_dir, clean_environment

REGION = "eu-west-1"


@contextmanager
def dynalite():
    """A DynamoDB of its own process, ready to answer; its address."""
    node = PROJECT / ".peers" / "bin" / "node"
    program = Path(__file__).with_name("dynalite_on_free_port.cjs")
    with Process([str(node), str(program)], clean_environment()) as process:
        yield f"http://127.0.0.1:{int(process.wait_for_lines(1)[0])}"


class Driver(Process):
    """A process with stores of one kind (drive_store.cpp)."""

    def __init__(self, arguments, environment):
        program = str(build_dir() / "tests" / "drive_store")
        super().__init__([program, *arguments], clean_environment(environment), subprocess.PIPE)
        self._answered = 0

    def send(self, **task):
        self._process.stdin.write(json.dumps(task) + "\n")
        self._process.stdin.flush()

    def answer(self) -> dict:
        self._answered += 1
        return json.loads(self.wait_for_lines(self._answered)[self._answered - 1])

    def ask(self, **task) -> dict:
        self.send(**task)
        return self.answer()

    def read(self, action="scale_in", store="a") -> dict:
        return self.ask(do="read", store=store, action=action)

    def record(self, action="scale_out", store="a", at=1.5e9, **counts) -> dict | str:
        """ "done", or the error."""
        return self.ask(do="record", store=store, action=action, at=at, **counts)["outcome"]


def aws_client(service, url):
    config = Config(
        region_name=REGION,
        retries={"max_attempts": 0},
        proxies={},
        s3={"addressing_style": "path"},
    )
    session = boto3.Session("AKIDEXAMPLE", "secret")
    return session.client(service, endpoint_url=url, config=config)


class Place:
    """A test may put `endpoint` elsewhere before it starts drivers."""

    kind = ""
    shared = True  # among processes
    endpoint = None

    def __init__(self):
        self._stack = contextlib.ExitStack()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stack.close()

    def options(self) -> list[str]:
        return []

    def driver(self) -> Driver:
        environment = {"AWS_ENDPOINT_URL": self.endpoint} if self.endpoint else {}
        return self._stack.enter_context(Driver([self.kind, *self.options()], environment))

    def proxy(self) -> FaultProxy:
        between = self._stack.enter_context(FaultProxy(self.endpoint))
        self.endpoint = between.url
        return between


class S3Place(Place):
    kind = "s3"
    reading, writing = "s3:GetObject", "s3:PutObject"
    denial = aws_answers.s3_error(403, "AccessDenied", "Access Denied")
    corrupt_contents = {
        "not JSON": "timestamp: yesterday",
        "empty": "",
        "no time": '{"timestamp": "yesterday"}',
        "foreign": '{"Version": "2012-10-17"}',
    }

    def __init__(self, url):
        super().__init__()
        self.endpoint = url
        self.name = f"bucket-{uuid.uuid4().hex[:12]}"
        self.s3 = aws_client("s3", url)
        self.s3.create_bucket(
            Bucket=self.name, CreateBucketConfiguration={"LocationConstraint": REGION}
        )

    def options(self):
        return [f"bucket={self.name}"]

    def keys(self):
        listing = self.s3.list_objects_v2(Bucket=self.name)
        return [entry["Key"] for entry in listing.get("Contents", [])]

    def corrupt(self, how):
        self.s3.put_object(
            Bucket=self.name,
            Key="autoscaling-state/prod/web/up-last-action.json",
            Body=self.corrupt_contents[how].encode(),
        )

    def forget(self):
        for key in self.keys():
            self.s3.delete_object(Bucket=self.name, Key=key)

    def forget_text(self, name):
        self.s3.delete_object(Bucket=self.name, Key=f"autoscaling-state/prod/web/{name}")

    def take_away(self):
        self.forget()
        self.s3.delete_bucket(Bucket=self.name)


class DynamoDbPlace(Place):
    kind = "dynamodb"
    reading, writing = "dynamodb:GetItem", "dynamodb:UpdateItem"
    denial = aws_answers.denied("dynamodb:GetItem")
    corrupt_contents = {
        "foreign": {"price": {"N": "12.5"}},
        "no writer": {"scale_out_at": {"S": "2026-11-23T21:42:01Z"}},
        "a writer that is a number": {
            "writer": {"N": "5"},
            "scale_out_at": {"S": "2026-11-23T21:42:01Z"},
        },
        "no time": {"writer": {"S": "w"}, "scale_out_at": {"S": "yesterday"}},
        "a time that is a number": {"writer": {"S": "w"}, "scale_out_at": {"N": "1500000000"}},
        "a time that is a map": {"writer": {"S": "w"}, "scale_out_at": {"M": {}}},
        "half": {"writer": {"S": "w"}, "scale_out_desired": {"N": "5"}},
        "a writer alone": {"writer": {"S": "w"}},
    }

    def __init__(self, url):
        super().__init__()
        self.endpoint = url
        self.name = f"table-{uuid.uuid4().hex[:12]}"
        self.dynamodb = aws_client("dynamodb", url)
        self.make_table(KeySchema=[{"AttributeName": "target", "KeyType": "HASH"}])

    def make_table(self, **keys):
        names = [key["AttributeName"] for key in keys["KeySchema"]]
        self.dynamodb.create_table(
            TableName=self.name,
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in names],
            BillingMode="PAY_PER_REQUEST",
            **keys,
        )
        self.dynamodb.get_waiter("table_exists").wait(
            TableName=self.name, WaiterConfig={"Delay": 0.02, "MaxAttempts": 500}
        )

    def options(self):
        return [f"table={self.name}"]

    def item(self):
        key = {"target": {"S": "prod/web"}}
        answer = self.dynamodb.get_item(TableName=self.name, Key=key, ConsistentRead=True)
        return answer.get("Item")

    def put(self, content):
        item = {"target": {"S": "prod/web"}} | content
        self.dynamodb.put_item(TableName=self.name, Item=item)

    def corrupt(self, how):
        self.put(self.corrupt_contents[how])

    def forget(self):
        self.dynamodb.delete_item(TableName=self.name, Key={"target": {"S": "prod/web"}})

    def forget_text(self, name):
        self.dynamodb.delete_item(TableName=self.name, Key={"target": {"S": f"prod/web/{name}"}})

    def take_away(self):
        self.dynamodb.delete_table(TableName=self.name)
        with contextlib.suppress(ClientError):
            while True:  # dynalite deletes a moment later
                self.dynamodb.describe_table(TableName=self.name)


class DirectoryPlace(Place):
    kind = "directory"
    corrupt_contents = S3Place.corrupt_contents | {"long": "[" * 20_000}

    def __init__(self, folder):
        super().__init__()
        self.path = folder / "state"
        self.name = str(self.path)
        self.files = self.path / "prod" / "web"

    def options(self):
        return [f"path={self.path}"]

    def corrupt(self, how):
        self.files.mkdir(parents=True, exist_ok=True)
        (self.files / "up-last-action.json").write_text(self.corrupt_contents[how])

    def forget(self):
        for file in self.files.glob("*.json"):
            file.unlink()

    def forget_text(self, name):
        (self.files / name).unlink()


class MemoryPlace(Place):
    kind = "memory"
    shared = False
