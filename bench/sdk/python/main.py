"""usage: main.py once            one check
       main.py calls SECONDS   signed GetQueueAttributes, 64 in flight
       main.py sign SAMPLES    botocore's signer alone

As a Lambda function it runs under AWS's own loop: python -m awslambdaric job.handler
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

IN_FLIGHT = 64  # boto3 waits in the calling thread, so that is how many threads there are
SIGNATURES = 500  # a sample

BODY = (
    b'{"QueueUrl":"https://sqs.eu-west-1.amazonaws.com/123456789012/orders-to-be-shipped",'
    b'"AttributeNames":["ApproximateNumberOfMessages",'
    b'"ApproximateNumberOfMessagesNotVisible","ApproximateNumberOfMessagesDelayed",'
    b'"ApproximateAgeOfOldestMessage","VisibilityTimeout","MessageRetentionPeriod"]}'
)


def run_once():
    import job

    print(json.dumps(job.check()))


def call_for(client, url, names, seconds):
    end = time.monotonic() + seconds

    def caller():
        count = 0
        while time.monotonic() < end:
            client.get_queue_attributes(QueueUrl=url, AttributeNames=names)
            count += 1
        return count

    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        return sum(one.result() for one in [pool.submit(caller) for _ in range(IN_FLIGHT)])


def run_calls(seconds):
    import boto3
    import job
    from botocore.config import Config

    client = boto3.client("sqs", config=Config(max_pool_connections=IN_FLIGHT))
    call_for(client, job.queue_url, job.ATTRIBUTES, 0.5)
    began = time.monotonic()
    calls = call_for(client, job.queue_url, job.ATTRIBUTES, seconds)
    print(json.dumps({"calls": calls, "seconds": time.monotonic() - began}))


def run_sign(samples):
    """What one signature of bench/sign.cpp's request costs; the request is made outside."""
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    keys = Credentials(
        "ASIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "T" * 800
    )
    signer = SigV4Auth(keys, "sqs", "eu-west-1")
    headers = {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": "AmazonSQS.GetQueueAttributes",
        "x-amzn-query-mode": "true",
        "User-Agent": "fast-autoscaler",
    }
    request = AWSRequest("POST", "https://sqs.eu-west-1.amazonaws.com/", headers, BODY)
    figures = []
    for sample in range(-1, samples):  # the first warms up
        began = time.perf_counter_ns()
        for _ in range(SIGNATURES):
            signer.add_auth(request)
        if sample >= 0:
            figures.append((time.perf_counter_ns() - began) / SIGNATURES)
    print(json.dumps(figures))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["once"]:
            run_once()
        case ["calls", seconds]:
            run_calls(float(seconds))
        case ["sign", samples]:
            run_sign(int(samples))
        case _:
            sys.exit(__doc__)
