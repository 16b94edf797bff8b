"""ElasticMQ: a server that speaks SQS's protocol, of its jars (elasticmq/pom.xml)."""

from contextlib import contextmanager
from pathlib import Path

import boto3
from aws_world import ACCESS_KEY, SECRET_KEY
from botocore.config import Config
from processes import PROJECT, Process, clean_environment, free_port

JARS = PROJECT / ".brokers" / "elasticmq"
START_S = 120.0
REGION = "elasticmq"


@contextmanager
def elasticmq_server(folder: Path):
    """A client of it."""
    port = free_port()
    config = folder / "elasticmq.conf"
    config.write_text(
        f'node-address {{ host = "127.0.0.1", port = {port} }}\n'
        f'rest-sqs {{ bind-hostname = "127.0.0.1", bind-port = {port} }}\n'
        "rest-stats.enabled = false\n"
    )
    java = ["java", "-Xmx128M", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
    java += [f"-Dconfig.file={config}", "-cp", f"{JARS}/*", "org.elasticmq.server.Main"]
    with Process(java, clean_environment({"HOME": str(folder)})) as process:
        process.wait_for_text("ElasticMQ server .* started", "stdout", START_S)
        yield boto3.Session(ACCESS_KEY, SECRET_KEY).client(
            "sqs",
            endpoint_url=f"http://127.0.0.1:{port}",
            region_name=REGION,
            config=Config(retries={"max_attempts": 0}, proxies={}),
        )
