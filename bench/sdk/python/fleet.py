"""usage: fleet.py made|kept SECONDS     checks of a fleet's targets, one after another

As the original does a check: GetQueueAttributes, DescribeServices for the one service, and both
files of the state with GetObject, each call after the last. `made` makes its clients anew for each
check, as a function does that is started for one target; `kept` makes them once. Nothing is to be
scaled. Prints how many checks were made, in how many seconds.
"""

import json
import os
import sys
import time

import boto3

ATTRIBUTES = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
SERVICES_PER_QUEUE, SERVICES_PER_CLUSTER = 10, 200
UP_THRESHOLD, DOWN_THRESHOLD = 100, 99
WARM_UP = 2

bucket = os.environ["S3_CONFIG_BUCKET"]
session = boto3.Session()  # its loading of the services' models is not done anew


class Clients:
    def __init__(self):
        self.sqs = session.client("sqs")
        self.ecs = session.client("ecs")
        self.s3 = session.client("s3")


def last_action(s3, cluster, service, direction):
    key = f"autoscaling-state/{cluster}/{service}/{direction}-last-action.json"
    return json.load(s3.get_object(Bucket=bucket, Key=key)["Body"])["timestamp"]


def check(clients, number):
    cluster = f"shop-{number // SERVICES_PER_CLUSTER:03}"
    service = f"worker-{number:06}"
    queue = f"orders-{number // SERVICES_PER_QUEUE:05}"
    url = f"https://sqs.eu-west-1.amazonaws.com/123456789012/{queue}"
    answer = clients.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=ATTRIBUTES)
    messages = int(answer["Attributes"]["ApproximateNumberOfMessages"])
    [found] = clients.ecs.describe_services(cluster=cluster, services=[service])["services"]
    if found["serviceName"] != service:
        sys.exit(f"the answer is about {found['serviceName']}, not {service}")
    actions = [last_action(clients.s3, cluster, service, way) for way in ("up", "down")]
    if messages > UP_THRESHOLD or messages < DOWN_THRESHOLD or max(actions) > time.time():
        sys.exit("a check was to scale")


def main(mode, seconds):
    kept = Clients()

    def clients():
        return kept if mode == "kept" else Clients()

    for number in range(WARM_UP):
        check(clients(), number)
    began = time.monotonic()
    count = 0
    while time.monotonic() - began < seconds:
        check(clients(), count)
        count += 1
    print(json.dumps({"checks": count, "seconds": time.monotonic() - began}))


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("made", "kept"):
        sys.exit(__doc__)
    main(sys.argv[1], float(sys.argv[2]))
