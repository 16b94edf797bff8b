"""A fleet of its own for each test: clusters, services and queues with unique names, in one account
and region of the test's moto or in several. moto tells accounts apart as AWS does, by the keys:
those of another account come from assuming a role there."""

import json
import os
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from aws_world import ACCESS_KEY, ACCOUNT, REGION, SECRET_KEY, Cloud
from fault_proxy import Forward, Request, Rule
from processes import Process, eventually

TAG = "fast-autoscaler:"


@dataclass(frozen=True)
class Place:
    account: str = ACCOUNT
    region: str = REGION

    @property
    def role(self) -> str:
        return f"arn:aws:iam::{self.account}:role/scaler"


HOME = Place()


@dataclass(frozen=True)
class Cluster:
    name: str
    place: Place = HOME

    @property
    def arn(self) -> str:
        return f"arn:aws:ecs:{self.place.region}:{self.place.account}:cluster/{self.name}"


@dataclass
class Member:
    """A service, its queue, and what its configuration says besides."""

    ecs: object
    cluster: Cluster
    service: str
    queue_url: str
    settings: dict = field(default_factory=dict)

    @property
    def target(self) -> str:
        return f"{self.cluster.name}/{self.service}"

    @property
    def arn(self) -> str:
        place = self.cluster.place
        return f"arn:aws:ecs:{place.region}:{place.account}:service/{self.target}"

    def entry(self) -> dict:
        """In a list of targets."""
        place = self.cluster.place
        entry = {
            "cluster_name": self.cluster.name,
            "service_name": self.service,
            "queue_config": {"queue_url": self.queue_url},
        }
        if place.region != REGION:
            entry["region"] = place.region
        if place.account != ACCOUNT:
            entry["role_arn"] = place.role
        return entry | self.settings

    def desired(self) -> int:
        answer = self.ecs.describe_services(cluster=self.cluster.name, services=[self.service])
        return answer["services"][0]["desiredCount"]

    def set_desired(self, tasks: int) -> None:
        self.ecs.update_service(cluster=self.cluster.name, service=self.service, desiredCount=tasks)

    def delete(self) -> None:
        """It stays there as INACTIVE."""
        self.ecs.delete_service(cluster=self.cluster.name, service=self.service, force=True)

    def tag(self, **values: str) -> None:
        tags = [{"key": TAG + key, "value": value} for key, value in values.items()]
        self.ecs.tag_resource(resourceArn=self.arn, tags=tags)

    def untag(self, *keys: str) -> None:
        self.ecs.untag_resource(resourceArn=self.arn, tagKeys=[TAG + key for key in keys])

    def tag_for_discovery(self, **values: str) -> None:
        self.tag(enabled="true", queue_url=self.queue_url, **values)

    def state_key(self, direction: str) -> str:
        return f"autoscaling-state/{self.target}/{direction}-last-action.json"


class FleetWorld:
    def __init__(self, cloud: Cloud):
        self.cloud = cloud
        self.endpoint = cloud.url  # a proxy puts its own here
        self.name = uuid.uuid4().hex[:12]
        self.bucket = f"bucket-{self.name}"
        self._clients: dict[Place, dict] = {}
        self._count = 0
        cloud.s3.create_bucket(
            Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": REGION}
        )

    def environment(self, **overrides) -> dict[str, str]:
        """Where AWS is, and nothing about any target."""
        settings = {
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        } | overrides
        return {name: str(value) for name, value in settings.items() if value is not None}

    def defaults(self) -> dict:
        """Scales out above 10 messages and in below 5, a task for each 10, on a single reading."""
        return {
            "s3_config_bucket": self.bucket,
            "min_tasks": 1,
            "max_tasks": 20,
            "tasks_per_message": 0.1,
            "scale_up_threshold": 10,
            "scale_down_threshold": 5,
            "scale_in_evidence": 0,
        }

    def document(self, members: list[Member], **top) -> dict:
        return self.defaults() | top | {"targets": [member.entry() for member in members]}

    def client(self, service: str, place: Place = HOME):
        clients = self._clients.setdefault(place, {})
        if service not in clients:
            keys = self._keys(place)
            config = Config(
                region_name=place.region,
                retries={"max_attempts": 0},
                proxies={},
                s3={"addressing_style": "path"},
            )
            clients[service] = boto3.Session(*keys).client(
                service, endpoint_url=self.cloud.url, config=config
            )
        return clients[service]

    def _keys(self, place: Place) -> tuple[str, ...]:
        if place.account == ACCOUNT:
            return ACCESS_KEY, SECRET_KEY
        keys = self.client("sts").assume_role(RoleArn=place.role, RoleSessionName="test")[
            "Credentials"
        ]
        return keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"]

    # --- what it is made of

    def _new_name(self, kind: str) -> str:
        self._count += 1
        return f"{kind}-{self.name}-{self._count:04}"

    def add_cluster(self, place: Place = HOME, name: str | None = None) -> Cluster:
        cluster = Cluster(name or self._new_name("cluster"), place)
        ecs = self.client("ecs", place)
        ecs.create_cluster(clusterName=cluster.name)
        ecs.register_task_definition(
            family="work", containerDefinitions=[{"name": "work", "image": "work", "memory": 64}]
        )
        return cluster

    def add_queue(self, messages: int = 0, place: Place = HOME, name: str | None = None) -> str:
        name = name or self._new_name("queue")
        self.client("sqs", place).create_queue(
            QueueName=name, Attributes={"VisibilityTimeout": "3600"}
        )
        url = f"https://sqs.{place.region}.amazonaws.com/{place.account}/{name}"
        self.put_messages(url, messages, place)
        return url

    def put_messages(self, queue_url: str, count: int, place: Place = HOME) -> None:
        for first in range(0, count, 10):
            entries = [
                {"Id": str(number), "MessageBody": f"message {number}"}
                for number in range(first, min(first + 10, count))
            ]
            self.client("sqs", place).send_message_batch(
                QueueUrl=self._moto_url(queue_url), Entries=entries
            )

    def purge(self, queue_url: str) -> None:
        self.client("sqs").purge_queue(QueueUrl=self._moto_url(queue_url))

    def delete_queue(self, queue_url: str) -> None:
        self.client("sqs").delete_queue(QueueUrl=self._moto_url(queue_url))

    def _moto_url(self, queue_url: str) -> str:
        return f"{self.cloud.url}/" + "/".join(queue_url.split("/")[-2:])

    def add(
        self,
        cluster: Cluster,
        queue_url: str | None = None,
        messages: int = 0,
        tasks: int = 2,
        service: str | None = None,
        **settings,
    ) -> Member:
        """A service with that queue, or with one of its own that has so many messages."""
        ecs = self.client("ecs", cluster.place)
        member = Member(
            ecs,
            cluster,
            service or self._new_name("service"),
            queue_url or self.add_queue(messages, cluster.place),
            settings,
        )
        # Created at 0 and then raised: moto would leave the tasks of a new service pending.
        ecs.create_service(
            cluster=cluster.name,
            serviceName=member.service,
            taskDefinition="work",
            desiredCount=0,
        )
        member.set_desired(tasks)
        return member

    def state(self, member: Member, direction: str) -> dict | None:
        try:
            answer = self.cloud.s3.get_object(Bucket=self.bucket, Key=member.state_key(direction))
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                return None
            raise
        return json.loads(answer["Body"].read())


def write_document(path: Path, document: dict | str) -> None:
    """At once, as a reader sees it."""
    text = document if isinstance(document, str) else json.dumps(document)
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    os.replace(fresh, path)


# --- what it prints


def checks(process: Process, target: str | None = None, after: int = 0) -> list[dict]:
    """Those printed since the line `after`, of all targets or of one."""
    found = [json.loads(line) for line in process.stdout.splitlines()[after:]]
    return [check for check in found if target in (None, check["target"])]


def wait_for_check(
    process: Process, target: str, after: int = 0, count: int = 1, **members
) -> dict:
    """The `count`-th check of the target since the line `after` that has these members."""

    def search() -> dict | None:
        assert process.running, process.stderr
        fitting = [
            check
            for check in checks(process, target, after)
            if all(check[name] == value for name, value in members.items())
        ]
        return fitting[count - 1] if len(fitting) >= count else None

    return eventually(search, f"{count} checks of {target} with {members}")


def printed(process: Process) -> int:
    """How many lines there are: for `after`."""
    return len(process.stdout.splitlines())


# --- what passes the proxy


def about(*names: str):
    """Whether a request has one of these in its body, as a JSON string or the end of a URL."""
    return lambda request: any(f'{name}"'.encode() in request.body for name in names)


def only(concerns, rule: Rule) -> Rule:
    """The rule for the requests that it concerns; the others pass."""

    def answer(request: Request, forward: Forward):
        return rule(request, forward) if concerns(request) else forward()

    return answer


def bodies(proxy, operation: str) -> list[dict]:
    return [json.loads(r.body) for r in proxy.requests if r.operation == operation]
