"""What the demonstrations take for AWS: moto, in this process, with made-up credentials, so that
nothing leaves this machine. What moto lacks is here: tasks that take a second to start, and work
off their queue."""

import logging
import random
import threading
import time
from dataclasses import dataclass, field

REGION, ACCOUNT = "eu-west-1", "123456789012"
BUCKET = "shop-autoscaler-state"
TASKS_MIN = 1
TASK_START_S = 1.2
POLL_S = 0.05
VISIBILITY_TIMEOUT_S = 60


@dataclass
class Task:
    ready_at: float
    receipt: str | None = None  # of the message it works on
    done_at: float = 0.0


@dataclass
class Service:
    """One of ECS, at its minimum, and its queue. Times are of the monotonic clock, in seconds."""

    cluster: str
    name: str
    queue: str
    tags: dict[str, str] = field(default_factory=dict)
    moto: object = None  # moto's own
    tasks: list[Task] = field(default_factory=lambda: [Task(0.0) for _ in range(TASKS_MIN)])
    stopping: list[Task] = field(default_factory=list)
    arrived: float | None = None  # its first messages
    scaled_out: float | None = None

    @property
    def target(self) -> str:
        return f"{self.cluster}/{self.name}"

    @property
    def queue_url(self) -> str:
        return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{self.queue}"

    def show_running(self, tasks: int) -> None:
        self.moto.running_count = tasks
        self.moto.pending_count = max(0, self.moto.desired_count - tasks)


def start_moto() -> tuple:
    """Starts moto in this process, with which it ends. Gives its address, and clients of SQS, ECS
    and S3."""
    import boto3
    from botocore.config import Config
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    session = boto3.Session("DEMO", "DEMO", region_name=REGION)
    config = Config(proxies={}, s3={"addressing_style": "path"}, max_pool_connections=50)
    services = ("sqs", "ecs", "s3")
    return endpoint, *(session.client(s, endpoint_url=endpoint, config=config) for s in services)


class LocalAws:
    """moto with services, their clusters and queues, and a bucket. It ends with this process."""

    def __init__(self, services: list[Service]):
        from moto.ecs.models import EC2ContainerServiceBackend, ecs_backends
        from moto.sqs.models import sqs_backends

        self.endpoint, sqs, ecs, s3 = start_moto()
        self._sqs = sqs_backends[ACCOUNT][REGION]
        self._services = {f"{one.cluster}:{one.name}": one for one in services}
        self.changes: list[tuple[float, Service, int]] = []  # to the desired counts

        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        for cluster in sorted({one.cluster for one in services}):
            ecs.create_cluster(clusterName=cluster)
        for one in services:
            sqs.create_queue(QueueName=one.queue)
            self._make(ecs, one)
        found = ecs_backends[ACCOUNT][REGION].services
        for key, one in self._services.items():
            one.moto = found[key]

        # moto would have all tasks running at once; from here on, Tasks says how many run.
        update_service = EC2ContainerServiceBackend.update_service

        def update_and_keep_running(backend, properties):
            one = self._services[f"{properties['cluster']}:{properties['service']}"]
            running = one.moto.running_count
            updated = update_service(backend, properties)
            self._note_change(one, updated.desired_count)
            one.show_running(running)
            return updated

        EC2ContainerServiceBackend.update_service = update_and_keep_running

    def _make(self, ecs, service: Service) -> None:
        container = {"name": service.name, "image": service.name, "memory": 64}
        ecs.register_task_definition(family=service.queue, containerDefinitions=[container])
        # Created at 0 and then raised: moto would leave the tasks of a new service pending.
        ecs.create_service(
            cluster=service.cluster,
            serviceName=service.name,
            taskDefinition=service.queue,
            desiredCount=0,
            tags=[{"key": key, "value": value} for key, value in service.tags.items()],
        )
        ecs.update_service(cluster=service.cluster, service=service.name, desiredCount=TASKS_MIN)

    def _note_change(self, service: Service, desired: int) -> None:
        now = time.monotonic()
        self.changes.append((now, service, desired))
        if desired > TASKS_MIN and service.arrived and not service.scaled_out:
            service.scaled_out = now

    # Messages go past HTTP, which this process would spend its time with.

    def put_messages(self, service: Service, count: int, work_s: float) -> None:
        service.arrived = service.arrived or time.monotonic()
        for _ in range(count):
            self._sqs.send_message(service.queue, str(work_s))

    def receive_message(self, service: Service) -> tuple[str, float] | None:
        """Its receipt handle, and how long it takes."""
        for message in self._sqs.receive_message(service.queue, 1, 0, VISIBILITY_TIMEOUT_S):
            return message.receipt_handle, float(message.body)
        return None

    def delete_message(self, service: Service, receipt: str) -> None:
        self._sqs.delete_message(service.queue, receipt)

    def messages(self, service: Service) -> int:
        """Visible and in flight."""
        return len(self._sqs.get_queue(service.queue)._messages)


class Tasks(threading.Thread):
    """All services' tasks: they start after a while, work on one message at a time, and finish
    that one when they are stopped. It ends with this process."""

    def __init__(self, aws: LocalAws, services: list[Service]):
        super().__init__(daemon=True)
        self._aws = aws
        self._services = services
        self._random = random.Random(1)
        self.processed = 0
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            while True:
                time.sleep(POLL_S)
                for service in self._services:
                    self._move(service)
        except Exception as error:  # told by the main thread
            self.failure = error

    def _move(self, service: Service) -> None:
        now = time.monotonic()
        desired = service.moto.desired_count
        while len(service.tasks) < desired:
            service.tasks.append(Task(now + TASK_START_S))
        service.stopping += service.tasks[desired:]
        del service.tasks[desired:]
        ready = [task for task in service.tasks if task.ready_at <= now]
        service.show_running(len(ready))
        for task in (*service.stopping, *ready):
            if task.receipt and task.done_at <= now:
                self._aws.delete_message(service, task.receipt)
                self.processed += 1
                task.receipt = None
        service.stopping = [task for task in service.stopping if task.receipt]
        for task in ready:
            if not task.receipt and (message := self._aws.receive_message(service)):
                task.receipt, work_s = message
                task.done_at = now + work_s * self._random.uniform(0.7, 1.3)
