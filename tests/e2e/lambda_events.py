"""What the tests of the Lambda function send, and look for in its answers."""

from aws_world import World

# How the environment has none of the function's own settings: they come with each event.
NO_SETTINGS = dict.fromkeys(
    [
        "ECS_CLUSTER",
        "SERVICE_NAME",
        "SQS_QUEUE_URL",
        "S3_CONFIG_BUCKET",
        "MIN_TASKS",
        "MAX_TASKS",
        "TASKS_PER_MESSAGE",
        "SCALE_UP_THRESHOLD",
        "SCALE_DOWN_THRESHOLD",
    ]
)


def event_for(world: World, **config) -> dict:
    """As the original's users send it."""
    return {
        "config": {
            "queue_type": "sqs",
            "queue_config": {"queue_url": world.queue_url},
            "cluster_name": world.cluster,
            "service_name": world.service,
            "min_tasks": 1,
            "max_tasks": 20,
            "scale_up_threshold": 10,
            "scale_down_threshold": 5,
            "tasks_per_message": 0.1,
            "s3_config_bucket": world.bucket,
        }
        | config
    }


def assert_failed(outcome, error_type: str) -> str:
    """A failed invocation, in the form that Lambda asks for. Gives its message."""
    assert not outcome.succeeded, outcome.body
    assert outcome.result.keys() == {"errorMessage", "errorType", "stackTrace"}
    assert outcome.result["errorType"] == error_type
    assert outcome.result["stackTrace"] == []
    assert outcome.headers["lambda-runtime-function-error-type"] == error_type
    return outcome.result["errorMessage"]
