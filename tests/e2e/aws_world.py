"""A small AWS of its own for each test: queue, cluster, service and bucket with unique names.

moto keeps a service's tasks simply: UpdateService makes runningCount the desired count at once. A
test that needs tasks which are starting changes the answers on their way (fault_proxy.py).
"""

import json
import sys
import time
import uuid
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from processes import Process, clean_environment

REGION = "eu-west-1"
ACCOUNT = "123456789012"
ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


class Cloud:
    """One moto server and clients for it."""

    def __init__(self, url: str):
        self.url = url
        config = Config(
            region_name=REGION,
            retries={"max_attempts": 0},
            proxies={},
            s3={"addressing_style": "path"},
        )
        session = boto3.Session(ACCESS_KEY, SECRET_KEY)
        self.sqs, self.ecs, self.s3, self.iam = (
            session.client(service, endpoint_url=url, config=config)
            for service in ("sqs", "ecs", "s3", "iam")
        )


@contextmanager
def moto_server():
    """A moto server of its own process, ready to answer."""
    program = Path(__file__).with_name("moto_on_free_port.py")
    with Process([sys.executable, str(program)], clean_environment()) as process:
        port = int(process.wait_for_lines(1)[0])
        yield Cloud(f"http://127.0.0.1:{port}")


class World:
    def __init__(self, cloud: Cloud, tasks: int = 2):
        name = uuid.uuid4().hex[:12]
        self.cloud = cloud
        self.endpoint = cloud.url  # a proxy puts its own here
        self.cluster = f"cluster-{name}"
        self.service = f"service-{name}"
        self.bucket = f"bucket-{name}"
        self.queue = f"queue-{name}"
        self.target = f"{self.cluster}/{self.service}"
        self._moto_queue_url = cloud.sqs.create_queue(
            QueueName=self.queue, Attributes={"VisibilityTimeout": "3600"}
        )["QueueUrl"]
        # As AWS names it. Requests go to the configured endpoint whatever this says.
        self.queue_url = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{self.queue}"
        cloud.s3.create_bucket(
            Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        cloud.ecs.create_cluster(clusterName=self.cluster)
        cloud.ecs.register_task_definition(
            family=self.service,
            containerDefinitions=[{"name": "work", "image": "work", "memory": 64}],
        )
        # Created at 0 and then raised: moto would leave the tasks of a new service pending.
        cloud.ecs.create_service(
            cluster=self.cluster,
            serviceName=self.service,
            taskDefinition=self.service,
            desiredCount=0,
        )
        self.set_desired(tasks)

    def environment(self, **overrides) -> dict[str, str]:
        """The autoscaler's. Scales out above 10 messages and in below 5, a task for each 10, and
        on a single reading."""
        settings = {
            "ECS_CLUSTER": self.cluster,
            "SERVICE_NAME": self.service,
            "SQS_QUEUE_URL": self.queue_url,
            "S3_CONFIG_BUCKET": self.bucket,
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "MIN_TASKS": 1,
            "MAX_TASKS": 20,
            "TASKS_PER_MESSAGE": 0.1,
            "SCALE_UP_THRESHOLD": 10,
            "SCALE_DOWN_THRESHOLD": 5,
            "SCALE_IN_EVIDENCE": 0,
        } | overrides
        return {name: str(value) for name, value in settings.items() if value is not None}

    # --- the queue

    def put_messages(self, count: int) -> None:
        for first in range(0, count, 10):
            entries = [
                {"Id": str(number), "MessageBody": f"message {number}"}
                for number in range(first, min(first + 10, count))
            ]
            self.cloud.sqs.send_message_batch(QueueUrl=self._moto_queue_url, Entries=entries)

    def receive_messages(self, count: int) -> None:
        """They are in flight from then on."""
        while count > 0:
            answer = self.cloud.sqs.receive_message(
                QueueUrl=self._moto_queue_url, MaxNumberOfMessages=min(count, 10)
            )
            count -= len(answer["Messages"])

    def purge_queue(self) -> None:
        self.cloud.sqs.purge_queue(QueueUrl=self._moto_queue_url)

    def delete_queue(self) -> None:
        self.cloud.sqs.delete_queue(QueueUrl=self._moto_queue_url)

    # --- the service

    def desired(self) -> int:
        answer = self.cloud.ecs.describe_services(cluster=self.cluster, services=[self.service])
        return answer["services"][0]["desiredCount"]

    def set_desired(self, tasks: int) -> None:
        self.cloud.ecs.update_service(
            cluster=self.cluster, service=self.service, desiredCount=tasks
        )

    def tag_service(self, key: str, value: str) -> None:
        described = self.cloud.ecs.describe_services(cluster=self.cluster, services=[self.service])
        self.cloud.ecs.tag_resource(
            resourceArn=described["services"][0]["serviceArn"],
            tags=[{"key": f"fast-autoscaler:{key}", "value": value}],
        )

    def delete_service(self) -> None:
        """It stays there as INACTIVE."""
        self.cloud.ecs.delete_service(cluster=self.cluster, service=self.service, force=True)

    # --- the state in the bucket

    def state_key(self, direction: str) -> str:
        return f"autoscaling-state/{self.cluster}/{self.service}/{direction}-last-action.json"

    def state(self, direction: str) -> dict | None:
        try:
            answer = self.cloud.s3.get_object(Bucket=self.bucket, Key=self.state_key(direction))
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                return None
            raise
        return json.loads(answer["Body"].read())

    def write_state_text(self, direction: str, text: str) -> None:
        self.cloud.s3.put_object(
            Bucket=self.bucket, Key=self.state_key(direction), Body=text.encode()
        )

    def write_original_state(self, direction: str, timestamp: float | str, count: int = 5) -> None:
        """As the original Fast Autoscaler wrote it."""
        self.write_state_text(
            direction,
            json.dumps(
                {
                    "timestamp": timestamp,
                    "cluster": self.cluster,
                    "service": self.service,
                    "action_type": direction,
                    "count": count,
                }
            ),
        )

    def state_keys(self) -> list[str]:
        listing = self.cloud.s3.list_objects_v2(Bucket=self.bucket)
        return [entry["Key"] for entry in listing.get("Contents", [])]

    def delete_bucket(self) -> None:
        for key in self.state_keys():
            self.cloud.s3.delete_object(Bucket=self.bucket, Key=key)
        self.cloud.s3.delete_bucket(Bucket=self.bucket)


def seconds_ago(seconds: float) -> float:
    return time.time() - seconds


def iso_seconds_ago(seconds: float) -> str:
    """The older of the original's two forms: datetime.isoformat(), without a zone, in UTC."""
    return (
        datetime.fromtimestamp(seconds_ago(seconds), timezone.utc).replace(tzinfo=None).isoformat()
    )
