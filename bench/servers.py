"""The server side, the same for every subject: nginx with canned answers, over TLS, at three hosts.

Each host is a name (host_names.py) and an address of its own in the loopback network. The answers
are moto's, recorded (aws_stand_in.py); the numbers in them ask for a scale-out from 10 tasks to 15:

  1  GetQueueAttributes, DescribeServices, GetObject (up)   at once
  2  GetQueueAttributes, DescribeServices                   look again
  3  PutObject (up), if it has not changed                  claim
  4  UpdateService                                          act
"""

import json
import os
import socket
import subprocess
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aws_stand_in import SERVICE
from host_names import ADDRESSES, BUCKET, NAMES, QUEUE_DOMAIN

MESSAGES, TASKS = 500, 10
EXPECTED_CALLS = {
    "AmazonSQS.GetQueueAttributes": 2,
    "AmazonEC2ContainerServiceV20141113.DescribeServices": 2,
    "GET up-last-action.json": 1,
    "PUT up-last-action.json": 1,
    "AmazonEC2ContainerServiceV20141113.UpdateService": 1,
}
LONG_AGO = 1700000000.5
START_TIME_MAX_S = 20


@dataclass
class Stage:
    """Where the servers are, and what a program needs to use them."""

    folder: Path
    authority: Path  # the test CA's certificate alone
    port: int  # of the servers that keep no log
    logged_port: int
    log: Path

    def environment(self, port: int) -> dict[str, str]:
        endpoints = {
            f"AWS_ENDPOINT_URL_{name}": f"https://{host}:{port}" for name, host in NAMES.items()
        }
        return endpoints | {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.folder),
            "ECS_CLUSTER": "shop",
            "SERVICE_NAME": "worker",
            "S3_CONFIG_BUCKET": BUCKET,
            "SQS_QUEUE_URL": f"https://{NAMES['SQS']}:{port}/123456789012/orders",
            "MIN_TASKS": "2",
            "MAX_TASKS": "100",
            "LOG_LEVEL": "ERROR",
            "AWS_REGION": "eu-west-1",
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "AWS_SESSION_TOKEN": "T" * 800,
            "AWS_EC2_METADATA_DISABLED": "true",
            # What Lambda sets, and its runtimes read.
            "AWS_LAMBDA_FUNCTION_NAME": "autoscaler",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/autoscaler",
            "AWS_LAMBDA_LOG_STREAM_NAME": "bench",
        }

    def calls_since(self, position: int) -> Counter:
        with self.log.open() as log:
            log.seek(position)
            return Counter(line.strip() for line in log)


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def make_certificates(folder: Path) -> None:
    """A CA and a server certificate under it, RSA with 2048 bits as those of AWS's endpoints."""
    hosts = [*NAMES.values(), f"*.{NAMES['S3']}", f"*.{QUEUE_DOMAIN}"]
    names = ",".join([*(f"DNS:{host}" for host in hosts), "IP:127.0.0.1"])
    (folder / "server.ext").write_text(
        f"subjectAltName={names}\nbasicConstraints=critical,CA:FALSE\n"
        "keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth\n"
        "authorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\n"
    )
    key = ("-newkey", "rsa:2048", "-nodes")
    openssl(
        folder, "req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "30",
        "-subj", "/CN=bench CA", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
    )  # fmt: skip
    openssl(
        folder, "req", *key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=bench"
    )
    openssl(
        folder, "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
        "-CAcreateserial", "-days", "30", "-extfile", "server.ext", "-out", "server.pem",
    )  # fmt: skip


def canned_answers() -> dict[str, str]:
    counts = {"desiredCount": TASKS, "runningCount": TASKS, "pendingCount": 0}
    service = SERVICE | counts | {"deployments": [SERVICE["deployments"][0] | counts]}
    attributes = {
        "ApproximateNumberOfMessages": str(MESSAGES),
        "ApproximateNumberOfMessagesNotVisible": "0",
    }
    record = {
        "timestamp": LONG_AGO,
        "cluster": "shop",
        "service": "worker",
        "count": TASKS,
        "desired": TASKS,
        "messages": 200,
    }
    return {
        "sqs": json.dumps({"Attributes": attributes}),
        "described": json.dumps({"services": [service], "failures": []}),
        "updated": json.dumps({"service": service}),
        "state": json.dumps(record),
    }


# Around what a stage has of its own: its map that gives $call, its upstreams, its servers.
FRAME = """
daemon off;
worker_processes 1;
pid {folder}/{name}.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 4096; }}
http {{
    keepalive_requests 100000000;
    keepalive_timeout 300s;
    ssl_certificate {folder}/server.pem;
    ssl_certificate_key {folder}/server.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    log_format call $call;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    add_header x-amzn-RequestId m9GyKGaWbuDm9rBOlUVLl9nYdY1cMMfOQEeD4Pg3xZ2m3NVUN2P9;
    {inside}
}}
"""

INSIDE = """
    map "$request_method $uri" $object {{
        ~^(?<verb>[A-Z]+).*/(?<name>[^/]+)$ "$verb $name";
    }}
    map $http_x_amz_target $call {{ default $http_x_amz_target; "" $object; }}
    map $http_x_amz_target $described {{
        default '{described}';
        ~UpdateService$ '{updated}';
    }}
    # nginx itself answers If-Match, which knows nothing of canned ETags, with 412, but for what is
    # passed on: so PutObject takes one more step, on a kept connection inside the same worker.
    upstream taken {{ server 127.0.0.1:{inner_port}; keepalive 64; }}
    proxy_set_header If-Match "";
    server {{
        listen 127.0.0.1:{inner_port}; access_log off;
        location / {{ return 200; }}
    }}
"""

SERVERS = """
    server {{
        listen {SQS}:{port} ssl; access_log {log};
        default_type application/x-amz-json-1.0;
        location / {{ return 200 '{sqs}'; }}
    }}
    server {{
        listen {ECS}:{port} ssl; access_log {log};
        default_type application/x-amz-json-1.1;
        location / {{ return 200 $described; }}
    }}
    server {{
        listen {S3}:{port} ssl; access_log {log};
        default_type application/json;
        location / {{
            add_header ETag '"9b2cf535f27731c974343645a3985328"';
            if ($request_method = PUT) {{ proxy_pass http://taken; break; }}
            return 200 '{state}';
        }}
    }}
"""


def free_port(host: str = ADDRESSES["SQS"]) -> int:
    with socket.socket() as one:
        one.bind((host, 0))
        return one.getsockname()[1]


def write_configuration(stage: Stage) -> Path:
    answers = canned_answers()
    pairs = [(stage.port, "off"), (stage.logged_port, f"{stage.log} call")]
    servers = "".join(
        SERVERS.format(**ADDRESSES, **answers, port=port, log=log) for port, log in pairs
    )
    inside = INSIDE.format(inner_port=free_port("127.0.0.1"), **answers)
    return write_frame(stage.folder, "nginx", inside + servers)


def write_frame(folder: Path, name: str, inside: str) -> Path:
    """The configuration of an nginx that serves what is inside, in NAME.conf."""
    file = folder / f"{name}.conf"
    file.write_text(FRAME.format(folder=folder, name=name, inside=inside))
    return file


@contextmanager
def running_nginx(folder: Path, configuration: Path, port: int):
    """Until the end of the block; it is up when the host of S3 listens on the port."""
    nginx = "/usr/sbin/nginx" if os.path.exists("/usr/sbin/nginx") else "nginx"
    command = [nginx, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(configuration)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield
    finally:
        process.terminate()
        process.wait(timeout=START_TIME_MAX_S)


def wait_for(port: int, process: subprocess.Popen) -> None:
    end = time.monotonic() + START_TIME_MAX_S
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as one:
            if one.connect_ex((ADDRESSES["S3"], port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError("nginx did not start")


@contextmanager
def running_servers(folder: Path):
    """Starts nginx in the folder, and stops it at the end."""
    make_certificates(folder)
    ports = free_port(), free_port()
    stage = Stage(folder, folder / "ca.pem", *ports, folder / "calls.log")
    with running_nginx(folder, write_configuration(stage), stage.port):
        yield stage
