"""The server side of the fleet's benches: an nginx of its own, over TLS, with one worker.

GetQueueAttributes and GetObject have one canned answer for all. DescribeServices has to name the
services that were asked for, so nginx passes it on, over kept connections of a Unix socket, to
describe_services.cpp. The numbers in the answers ask for as many tasks as there are.
"""

import json
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import servers
from aws_stand_in import SERVICE
from host_names import ADDRESSES, QUEUE_HOSTS

MESSAGES, TASKS = 100, 10
EVENTS = 100  # what ECS keeps of a service
ARN = "arn:aws:ecs:eu-west-1:123456789012"
START_TIME_MAX_S = 10.0

NETWORK = {
    "awsvpcConfiguration": {
        "subnets": [f"subnet-0{digit}9b8c7d6e5f4a3b2" for digit in "123"],
        "securityGroups": ["sg-0a1b2c3d4e5f60718"],
        "assignPublicIp": "DISABLED",
    }
}
# What a Fargate service has beside what moto answers:
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html
BESIDE_MOTO = {
    "serviceArn": f"{ARN}:service/@cluster@/@service@",
    "serviceName": "@service@",
    "clusterArn": f"{ARN}:cluster/@cluster@",
    "desiredCount": TASKS,
    "runningCount": TASKS,
    "pendingCount": 0,
    "platformVersion": "LATEST",
    "platformFamily": "Linux",
    "taskDefinition": f"{ARN}:task-definition/@service@:17",
    "deploymentConfiguration": {
        "deploymentCircuitBreaker": {"enable": True, "rollback": True},
        "maximumPercent": 200,
        "minimumHealthyPercent": 100,
        "strategy": "ROLLING",
        "bakeTimeInMinutes": 0,
    },
    "roleArn": "arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/"
    "AWSServiceRoleForECS",
    "createdAt": 1795472067.97,
    "createdBy": "arn:aws:iam::123456789012:role/deployer",
    "placementConstraints": [],
    "placementStrategy": [],
    "networkConfiguration": NETWORK,
    "healthCheckGracePeriodSeconds": 0,
    "enableECSManagedTags": True,
    "propagateTags": "SERVICE",
    "enableExecuteCommand": False,
    "availabilityZoneRebalancing": "ENABLED",
    "tags": [{"key": "team", "value": "shop"}, {"key": "fast-autoscaler:enabled", "value": "true"}],
}
DEPLOYMENT = {
    "desiredCount": TASKS,
    "runningCount": TASKS,
    "pendingCount": 0,
    "platformVersion": "1.4.0",
    "platformFamily": "Linux",
    "taskDefinition": f"{ARN}:task-definition/@service@:17",
    "networkConfiguration": NETWORK,
}

INSIDE = """
    map $http_x_amz_target $call {{ default $http_x_amz_target; "" $request_method; }}
    upstream plain {{ server unix:{folder}/plain.socket; keepalive 64; }}
    upstream events {{ server unix:{folder}/events.socket; keepalive 64; }}
    proxy_buffers 64 16k;
    proxy_max_temp_file_size 0;
"""

QUEUES = """
    server {{
        {listens} access_log {log};
        default_type application/x-amz-json-1.0;
        location / {{ return 200 '{attributes}'; }}
    }}
"""

OTHERS = """
    server {{
        listen {ECS}:{port} ssl; access_log {log};
        location / {{ proxy_pass http://{upstream}; }}
    }}
    server {{
        listen {S3}:{port} ssl; access_log {log};
        default_type application/json;
        location / {{ return 200 '{state}'; }}
    }}
"""


@dataclass
class FleetStage:
    stage: servers.Stage
    port: int
    events_port: int  # whose DescribeServices has EVENTS events a service
    logged_port: int
    log: Path

    def environment(self, port: int = 0) -> dict[str, str]:
        return self.stage.environment(port or self.port)

    def queue_urls(self) -> list[str]:
        return [f"https://{name}:{self.port}" for name in QUEUE_HOSTS]


def service_template(events: int) -> str:
    [deployment] = SERVICE["deployments"]
    said = [
        {
            "id": f"4c2d7a3e-9f51-4f0e-8a6b-{number:012}",
            "createdAt": 1795472067.97 - 21600 * number,
            "message": "(service @service@) has reached a steady state.",
        }
        for number in range(events)
    ]
    service = SERVICE | BESIDE_MOTO
    return json.dumps(service | {"deployments": [deployment | DEPLOYMENT], "events": said})


def write_configuration(fleet: FleetStage) -> Path:
    attributes = {
        "ApproximateNumberOfMessages": str(MESSAGES),
        "ApproximateNumberOfMessagesNotVisible": "0",
    }
    answers = {
        "attributes": json.dumps({"Attributes": attributes}),
        "state": servers.canned_answers()["state"],
    }
    inside = INSIDE.format(folder=fleet.stage.folder)
    for port, upstream, log in (
        (fleet.port, "plain", "off"),
        (fleet.events_port, "events", "off"),
        (fleet.logged_port, "plain", f"{fleet.log} call"),
    ):
        hosts = [ADDRESSES["SQS"], *QUEUE_HOSTS.values()]
        listens = " ".join(f"listen {address}:{port} ssl;" for address in hosts)
        inside += QUEUES.format(listens=listens, log=log, **answers)
        inside += OTHERS.format(**ADDRESSES, port=port, upstream=upstream, log=log, **answers)
    return servers.write_frame(fleet.stage.folder, "fleet-nginx", inside)


@contextmanager
def describing(program: Path, folder: Path, name: str, events: int):
    template, socket = folder / f"{name}.json", folder / f"{name}.socket"
    template.write_text(service_template(events))
    process = subprocess.Popen([str(program), str(socket), str(template)])
    try:
        end = time.monotonic() + START_TIME_MAX_S
        while not socket.exists():
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("describe_services did not start")
            time.sleep(0.02)
        socket.chmod(0o777)  # nginx's worker is another user where this runs as root
        yield
    finally:
        process.kill()
        process.wait()
        socket.unlink(missing_ok=True)


@contextmanager
def running_fleet_servers(stage: servers.Stage, programs: Path):
    """Starts them in the stage's folder, with its certificates, and stops them at the end."""
    ports = servers.free_port(), servers.free_port(), servers.free_port()
    fleet = FleetStage(stage, *ports, log=stage.folder / "fleet-calls.log")
    describe = programs / "describe_services"
    with (
        describing(describe, stage.folder, "plain", 0),
        describing(describe, stage.folder, "events", EVENTS),
        servers.running_nginx(stage.folder, write_configuration(fleet), fleet.port),
    ):
        yield fleet
