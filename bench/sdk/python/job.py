"""The benchmark's job with boto3: see bench/sdk/README.md.

One check: look at the queue, the service and the state at once; decide; where something is to be
done, look again, claim it in the state, and do it. boto3's clients may be used from several
threads, which is how Python programs have requests overlap.
"""

import json
import math
import os
import time
from concurrent.futures import ThreadPoolExecutor

import boto3

THRESHOLD, COOLDOWN_S = 100, 120

sqs, ecs, s3 = boto3.client("sqs"), boto3.client("ecs"), boto3.client("s3")
pool = ThreadPoolExecutor(4)
cluster, service = os.environ["ECS_CLUSTER"], os.environ["SERVICE_NAME"]
bucket, queue_url = os.environ["S3_CONFIG_BUCKET"], os.environ["SQS_QUEUE_URL"]
tasks_min, tasks_max = int(os.environ["MIN_TASKS"]), int(os.environ["MAX_TASKS"])
ATTRIBUTES = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]


def count_messages():
    answer = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=ATTRIBUTES)
    return int(answer["Attributes"]["ApproximateNumberOfMessages"])


def count_tasks():
    answer = ecs.describe_services(cluster=cluster, services=[service])["services"][0]
    return answer["desiredCount"], answer["runningCount"]


def key(direction):
    return f"autoscaling-state/{cluster}/{service}/{direction}-last-action.json"


def recall(direction):
    answer = s3.get_object(Bucket=bucket, Key=key(direction))
    return json.load(answer["Body"])["timestamp"], answer["ETag"]


def decide(visible, counts, last):
    desired, running = counts
    wanted = min(running, desired) + math.ceil(visible * 0.01)
    wanted = max(tasks_min, min(tasks_max, wanted))
    out = visible > THRESHOLD and wanted > desired and time.time() - last >= COOLDOWN_S
    return {
        "action": "scale_out" if out else "hold",
        "queue_size": visible,
        "current_tasks": desired,
        "new_tasks": wanted if out else desired,
        "changed": False,
    }


def act(report, etag):
    tasks = report["new_tasks"]
    record = {
        "timestamp": time.time(),
        "cluster": cluster,
        "service": service,
        "action_type": "up",
        "count": tasks,
        "desired": tasks,
        "messages": report["queue_size"],
    }
    s3.put_object(
        Bucket=bucket,
        Key=key("up"),
        Body=json.dumps(record).encode(),
        ContentType="application/json",
        IfMatch=etag,
    )
    ecs.update_service(cluster=cluster, service=service, desiredCount=tasks)


def check():
    past = pool.submit(recall, "up")
    now = [pool.submit(count_messages), pool.submit(count_tasks)]
    last, etag = past.result()
    report = decide(now[0].result(), now[1].result(), last)
    if report["action"] == "scale_out":
        now = [pool.submit(count_messages), pool.submit(count_tasks)]
        report = decide(now[0].result(), now[1].result(), last)
    if report["action"] == "scale_out":
        act(report, etag)
        report["changed"] = True
    return report


def handler(_event, _context):
    return check()
