"""Odd configurations: those that are right all the same, those that are not, and those that only
the program can refuse, by the rule that no schema can say. Where the form of the text matters, it
is a text; otherwise the value.
"""

CLUSTER_ARN = "arn:aws:ecs:eu-west-1:123456789012:cluster/prod"
SERVICE_ARN = "arn:aws:ecs:eu-west-1:123456789012:service/prod/worker"
ROLE_ARN = "arn:aws:iam::123456789012:role/path/scaler"
MSK_ARN = "arn:aws:kafka:eu-west-1:123456789012:cluster/orders/8a1c1e2a-1"


def sqs(url):
    return {"queue_config": {"queue_url": url}}


def of(kind, **config):
    return {"queue_type": kind, "queue_config": config}


def target(kind, **config):
    return {"target_type": kind, "target_config": config}


def store(kind, **config):
    return {"state_type": kind, "state_config": config}


STEP_UP = {"metric_interval_lower_bound": 0, "scaling_adjustment": 1}


def step(**given):
    usual = {"threshold": 100, "step_adjustments": [STEP_UP]}
    return {"policy": "step", "step": usual | given}


def adjustments(*steps):
    names = ("metric_interval_lower_bound", "metric_interval_upper_bound", "scaling_adjustment")
    return step(step_adjustments=[dict(zip(names, one, strict=True)) for one in steps])


def schedule(**given):
    return {"schedule": [{"start": "0 8 * * *", "min_tasks": 1} | given]}


def scale_in(**given):
    return {"behavior": {"scale_in": given}}


def pace(**given):
    return scale_in(policies=[{"type": "percent", "value": 10, "period": 60} | given])


def deep(levels):
    """A target in that many groups."""
    innermost = {"service_name": "a"}
    for _ in range(levels):
        innermost = {"targets": [innermost]}
    return innermost


REDIS = {"host": "cache.internal", "queue_key": "jobs"}
RABBITMQ = {"host": "mq.internal", "queue_name": "jobs", "username": "autoscaler"}
AMQ = {"broker_id": "b-1234a5b6-78cd", "queue_name": "jobs", "username": "autoscaler"}
KAFKA = {"bootstrap_servers": "b-1:9092", "consumer_group": "workers"}
HTTP = {"url": "https://jobs.internal/stats", "value_pointer": "/depth"}
PROMETHEUS = {"url": "https://prometheus.internal:9090", "query": "sum(jobs)"}
METRIC = {"namespace": "App/Jobs", "metric_name": "Depth"}

RIGHT = [
    {},
    {"$schema": "fast-autoscaler.schema.json"},
    '\n\t{ "min_tasks" : 1e1 }\r\n',
    {"queue_type": "sqs", "queue_config": {}},
    {"region": "eu-west-1", **sqs("https://sqs.eu-west-1.amazonaws.com/123456789012/jobs")},
    sqs("http://localhost:4566/000000000000/jobs"),
    sqs("jobs"),
    {"region": "eu-north-1", **sqs("arn:aws:sqs:eu-west-1:123456789012:jobs.fifo")},
    {"region": "eu-north-1", "queue_config": {"queue_url": "jobs", "region": "eu-west-1"}},
    of("redis", host="cache.internal", queue_key="celery\x06\x163"),
    of("redis", host="fd00::1", queue_key="jobs"),
    sqs("http://[::1]:4566/jobs"),
    {"cluster_name": "prod_1-a", "service_name": "x" * 255},
    {"cluster_name": CLUSTER_ARN, "service_name": SERVICE_ARN},
    {"min_tasks": 0, "max_tasks": 100000},
    {"min_tasks": 1.0, "max_tasks": 10.0},
    {"min_tasks": 0, "max_tasks": 0},
    {"scale_out_cooldown": 0, "scale_in_cooldown": 604800},
    {"scale_out_cooldown": 0.5},
    *({"scale_out_override": name} for name in ("larger_backlog", "always", "never")),
    {"activation_threshold": 0},
    {"activation_threshold": 1000000000000},
    {"in_flight_per_task": 0.5},
    {"in_flight_per_task": 1e9},
    {"respect_operator_stop": False},
    {"policy": "threshold"},
    {"policy": "backlog", "target_messages_per_task": 0.1, "tolerance": 1},
    {"target_latency": 60, "mean_processing_time": 0.25},
    {"scale_up_threshold": 0, "scale_down_threshold": 0},
    {"tasks_per_message": 0},
    {"max_scale_down_factor": 0.99},
    {"use_combined_messages": True, "count_in_flight": False},
    {"scaling_step_count": 1},
    {"tolerance": 0},
    {"s3_config_bucket": "a.b-c.1"},
    {"region": "us-gov-west-1"},
    {"pause": "in", "hold_at": 0, "respect_task_protection": False},
    {"role_arn": ROLE_ARN, "external_id": "a:b/c"},
    {"target_role_arn": ROLE_ARN, "target_external_id": "ab"},
    {"sso_profile": "dev@example"},
    *({"log_level": name} for name in ("DEBUG", "info", "Warn", "WARNING", "error", "Critical")),
    {"check_interval": 1, "checks_per_invocation": 900, "metrics": "none"},
    {"discover_interval": 5, "config_interval": 3600},
    # Kinds: what one has is right under it.
    of("redis", **REDIS, port=65535, tls=True),
    of("redis", **REDIS, redis_type="stream", consumer_group="workers"),
    of("redis", **REDIS, redis_type="sorted_set", min_score="-inf", max_score="now_ms"),
    of("rabbitmq", **RABBITMQ),
    of("rabbitmq", url="https://mq.internal/of", queue_pattern="^a", username="autoscaler"),
    of("amq", **AMQ),
    of("kafka", via="cloudwatch", msk_cluster_arn=MSK_ARN, topic="t", consumer_group="g"),
    of("kinesis", stream_name="orders", stale_after=86400),
    of("sns", topic_name="orders", period=3600),
    of("cloudwatch", **METRIC, dimensions="Queue=orders, Stage=prod", statistic="p99.9"),
    of("cloudwatch", expression="SELECT SUM(Depth) FROM \"App/Jobs\" WHERE Stage = 'prod'"),
    of("prometheus", **PROMETHEUS, bearer_token="token", headers="X-Scope-OrgID: tenant"),
    of("http", **HTTP | {"value_pointer": "/a~1b/0"}),
    target("asg", auto_scaling_group="workers (blue)"),
    target("lambda", function="work", qualifier="live"),
    target(
        "application",
        service_namespace="dynamodb",
        resource_id="table/orders",
        scalable_dimension="dynamodb:table:WriteCapacityUnits",
        set="min",
    ),
    {"target_type": "ecs", "target_config": {}},
    store("s3"),
    store("dynamodb", table="state"),
    store("directory", path="/var/lib/fast-autoscaler"),
    store("memory"),
    # Several queues.
    {"queues": [sqs("http://localhost/a"), {**of("redis", **REDIS), "weight": 0.5}]},
    {"queues": [sqs("http://localhost/a")] * 20, "combine_queues": "sum"},
    # Structures.
    step(),
    step(threshold=0, count_in_flight=False, adjustment_type="ExactCapacity"),
    step(adjustment_type="PercentChangeInCapacity", min_adjustment_magnitude=100000),
    adjustments((None, 0, -1), (0, None, 1)),
    schedule(end="30 17 * * MON-FRI", timezone="UTC"),
    schedule(start="@daily"),
    {"policy": "schedule", **schedule(max_tasks=1)},
    {"behavior": {}},
    scale_in(stabilization_window=3600, policies=[], select_policy="disabled"),
    pace(type="tasks", value=100000, period=1800),
    {"fallback": "static", "fallback_tasks": 5, "failure_threshold": 0},
    {"queue_age_max": 0.001, "last_good_max_age": 0},
    # Groups, and what is discovered.
    {"targets": [{"service_name": "a"}, {"targets": [{"service_name": "b", "max_tasks": 20}]}]},
    {"targets": [{"service_name": "a", **of("redis", **REDIS)}]},
    {"queue_type": "redis", "targets": [{"service_name": "a", "queue_config": REDIS}]},
    {"targets": [deep(3)]},
    {"targets": [], "discover": [{"clusters": ["prod"]}]},
    {"discover": [{"clusters": ["prod"], "max_tasks": 20}, {"region": "eu-west-1"}]},
    {"discover": [{"queue_config": {"include_delayed": True}}]},
    {"discover": [of("redis", host="cache.internal")]},
]

WRONG = [
    # Not an object of settings.
    [],
    '"text"',
    None,
    0,
    True,
    [{}],
    {"$schema": 1},
    {"$id": "x"},
    {"min_task": 1},
    {"MIN_TASKS": 1},
    {"": 1},
    {"config": {}},
    {"shard": "1/2"},
    {"queue_url": "http://localhost/queue"},
    # Wrong types, nulls, what is empty.
    {"min_tasks": "10"},
    {"min_tasks": ""},
    {"min_tasks": None},
    {"min_tasks": True},
    {"min_tasks": [1]},
    {"min_tasks": {}},
    {"cluster_name": 7},
    {"cluster_name": None},
    {"cluster_name": ""},
    {"respect_operator_stop": "false"},
    {"respect_operator_stop": 0},
    {"use_combined_messages": 1},
    {"use_combined_messages": None},
    {"log_level": 10},
    {"queue_type": None},
    {"queue_config": "x"},
    {"queue_config": None},
    {"queue_config": []},
    {"targets": {}},
    {"targets": None},
    {"targets": ["a"]},
    {"discover": {}},
    {"discover": [[]]},
    {"step": "{}"},
    {"schedule": {}},
    {"behavior": []},
    # At the bounds and past them.
    {"min_tasks": -1},
    {"min_tasks": 10.5},
    {"max_tasks": 100001},
    {"max_tasks": 1e300},
    '{"max_tasks": 18446744073709551616}',
    {"scale_out_cooldown": -1},
    {"scale_in_cooldown": 604801},
    {"activation_threshold": -1},
    {"activation_threshold": 0.5},
    {"activation_threshold": 1000000000001},
    {"in_flight_per_task": 0},
    {"scale_up_threshold": "100"},
    {"scale_down_threshold": -1},
    {"tasks_per_message": -0.01},
    {"max_scale_down_factor": 1},
    {"max_scale_down_factor": -0.1},
    {"scaling_step_count": 0},
    {"scaling_step_count": 1.5},
    {"target_messages_per_task": 0},
    {"target_latency": 0, "mean_processing_time": 1},
    {"tolerance": 1.1},
    {"tolerance": -0.1},
    {"hold_at": -1},
    {"failure_threshold": 1001},
    {"queue_age_max": 0},
    {"check_interval": 0.9},
    {"discover_interval": 4},
    {"config_interval": 3601},
    # Names that there are not, and texts of another form.
    {"queue_type": "pigeon"},
    {"queue_type": "SQS"},
    {"queue_type": ""},
    {"target_type": "eks"},
    {"state_type": "S3"},
    {"scale_out_override": "sometimes"},
    {"policy": "treshold"},
    {"pause": "yes"},
    {"metrics": "EMF"},
    {"log_level": "TRACE"},
    {"fallback": "stop"},
    {"combine_queues": "min"},
    {"cluster_name": "a/b"},
    {"cluster_name": ".."},
    {"cluster_name": "a\nb"},
    {"cluster_name": "a\n"},
    {"cluster_name": "\u00fc"},
    {"cluster_name": "x" * 256},
    {"cluster_name": SERVICE_ARN},
    {"service_name": CLUSTER_ARN},
    {"role_arn": "scaler"},
    {"s3_config_bucket": "My_Bucket"},
    {"s3_config_bucket": "192.168.5.4"},
    {"s3_config_bucket": "a..b"},
    {"region": "EU"},
    {"region": "a.example"},
    {"sso_profile": ""},
    {"sso_profile": "a;b"},
    {"role_arn": ROLE_ARN, "external_id": "a"},
    {"queue_config": {"queue_ulr": "x"}},
    sqs(""),
    sqs("jobs and more"),
    sqs("arn:aws:sqs:eu-west-1:1:jobs"),
    of("redis", host="cache.internal:6379", queue_key="jobs"),
    sqs("https://host"),
    sqs("https://host/"),
    sqs("https://user:password@host/jobs"),
    sqs("https://host/jobs?x=1"),
    sqs("https://host/jobs#x"),
    sqs("http://sqs.us-east-1.amazonaws.com/123456789012/jobs"),
    sqs("http://SQS.us-east-1.AMAZONAWS.com/123456789012/jobs"),
    sqs("ftp://host/jobs"),
    # A kind's setting under another kind, and its bounds.
    of("sqs", host="cache.internal"),
    of("rabbitmq", **RABBITMQ, redis_type="list"),
    of("rabbitmq", **RABBITMQ, queue_key="jobs"),
    of("redis", **REDIS, vhost="/"),
    of("redis", **REDIS, queue_url="http://localhost/queue"),
    of("redis", **REDIS, port=0),
    of("redis", **REDIS, port="6379"),
    of("redis", **REDIS, redis_type="hash"),
    of("redis", **REDIS, redis_type="sorted_set", max_score="later"),
    of("redis", **REDIS | {"host": "two hosts"}),
    of("redis", **REDIS | {"queue_key": ""}),
    of("kafka", **KAFKA, topic="with space"),
    of("kafka", **KAFKA, lag_without_commit=2),
    of("kafka", **KAFKA, offset_reset="none"),
    of("amq", **AMQ | {"broker_id": "1234"}),
    of("amq", **AMQ | {"queue_name": ""}),
    of("kinesis", stream_name="orders", stale_after=0),
    of("cloudwatch", **METRIC, value_pointer="/depth"),
    of("prometheus", **PROMETHEUS, value_pointer="/depth"),
    of("http", **HTTP, query="sum(jobs)"),
    of("http", **HTTP | {"value_pointer": "depth"}),
    of("http", **HTTP | {"value_pointer": "/a~2"}),
    target("ecs", auto_scaling_group="workers"),
    target("asg", function="work"),
    target("asg", auto_scaling_group=""),
    target("lambda", function="work", qualifier="$LATEST"),
    target("application", set="max"),
    {"target_type": "asg", "target_config": {"cluster_name": "prod"}},
    store("s3", table="state"),
    store("s3", s3_config_bucket="bucket"),
    store("memory", path="/tmp"),
    store("dynamodb", path="/tmp"),
    store("directory", path="relative"),
    # Several queues.
    {"queues": []},
    {"queues": {}},
    {"queues": ["http://localhost/a"]},
    {"queues": [sqs("http://localhost/a")] * 21},
    {"queues": [sqs("http://localhost/a")], **sqs("http://localhost/b")},
    {"queues": [sqs("http://localhost/a")], "queue_type": "sqs"},
    {"queues": [{**sqs("http://localhost/a"), "weight": 0}]},
    {"queues": [{**sqs("http://localhost/a"), "wieght": 1}]},
    {"queues": [of("rabbitmq", **RABBITMQ, queue_key="jobs")]},
    # Two ways to say one thing.
    {"target_messages_per_task": 5, "target_latency": 60, "mean_processing_time": 1},
    {"target_messages_per_task": 5, "target_latency": 60},
    {"target_latency": 60},
    {"mean_processing_time": 1},
    {"external_id": "shop-42"},
    {"target_external_id": "shop-42", "role_arn": ROLE_ARN},
    # Structures.
    {"step": {}},
    {"step": {"threshold": 100}},
    step(threshold=None),
    step(threshold=-1),
    step(treshold=1),
    step(step_adjustments=[]),
    step(step_adjustments={}),
    step(step_adjustments=[{}]),
    step(step_adjustments=[{"scaling_adjustment": 1}]),
    step(step_adjustments=[STEP_UP | {"cooldown": 1}]),
    adjustments((None, None, 1)),
    step(adjustment_type="change_in_capacity"),
    step(count_in_flight=1),
    adjustments((0, None, 100001)),
    adjustments((0, None, 1.5)),
    adjustments(("0", None, 1)),
    {"schedule": [{}]},
    {"schedule": [{"start": "0 8 * * *"}]},
    {"schedule": [{"min_tasks": 1}]},
    schedule(start=8),
    schedule(timezone=1),
    schedule(min_tasks=100001),
    schedule(stop="0 18 * * *"),
    {"behavior": {"scale_up": {}}},
    scale_in(stabilization_window=3601),
    scale_in(select_policy="Max"),
    scale_in(policies={}),
    scale_in(policies=[{}]),
    scale_in(policies=[{"type": "tasks", "value": 1, "period": 60}] * 11),
    pace(type="pods"),
    pace(value=0),
    pace(value=1.5),
    pace(period=1801),
    pace(periodSeconds=60),
    # Groups, and what is discovered.
    {"targets": [{"service_name": "a", "metrics": "none"}]},
    {"targets": [{"service_name": "a", "config_interval": 5}]},
    {"targets": [{"service_nam": "a"}]},
    {"targets": [{"service_name": "a", "discover": []}]},
    {"targets": [{"service_name": "a", "$schema": "x"}]},
    {"targets": [{"targets": [{"service_name": "a", "min_tasks": -1}]}]},
    {"targets": [{"service_name": "a", **of("redis", **REDIS, vhost="/")}]},
    {"discover": [{"cluster_name": "prod"}]},
    {"discover": [{"service_name": "a"}]},
    {"discover": [{"clusters": []}]},
    {"discover": [{"clusters": "prod"}]},
    {"discover": [{"clusters": ["a/b"]}]},
    {"discover": [{"targets": []}]},
    {"discover": [{"queues": [sqs("http://localhost/a")]}]},
    {"discover": [sqs("http://localhost/a")]},
    {"discover": [{"target_type": "asg"}]},
]

# What a schema cannot say: one value beside another, or beside what else there is. By the rule.
FOR_THE_PROGRAM_ALONE = {
    "A name stands in an object once: JSON leaves it to the reader which of two holds.": [
        '{"min_tasks": 1, "min_tasks": 2}',
        '{"queue_config": {"queue_url": "http://localhost/a", "queue_url": "http://localhost/b"}}',
        '{"targets": [{"service_name": "a", "service_name": "b"}]}',
    ],
    "min_tasks is at most max_tasks, and where one is left out that is its default.": [
        {"min_tasks": 20, "max_tasks": 10},
        {"max_tasks": 5},
        schedule(min_tasks=2, max_tasks=1),
    ],
    "scale_down_threshold is at most scale_up_threshold.": [
        {"scale_up_threshold": 10, "scale_down_threshold": 20},
    ],
    "target_latency / mean_processing_time is within the bounds of target_messages_per_task.": [
        {"target_latency": 604800, "mean_processing_time": 1e-12},
    ],
    "Where the service is must be said for a queue that is elsewhere than by default.": [
        sqs("https://sqs.eu-west-1.amazonaws.com/123456789012/jobs"),
    ],
    "A queue's own region is that of its URL or ARN.": [
        {
            "queue_config": {
                "queue_url": "arn:aws:sqs:eu-west-1:123456789012:jobs",
                "region": "eu-north-1",
            }
        },
    ],
    "A policy has the structure that it goes by, if not from the environment.": [
        {"policy": "step"},
        {"policy": "schedule"},
    ],
    "A list of targets has one, or something is discovered.": [{"targets": []}, {"discover": []}],
    "No target is listed twice.": [{"targets": [{"service_name": "a"}, {"service_name": "a"}]}],
    "Groups are nested four deep at most: it could be said by five copies of all that is here.": [
        {"targets": [deep(5)]},
    ],
    "A target's external id has its role, if not from a group around it.": [
        {"targets": [{"service_name": "a", "external_id": "shop-42"}]},
    ],
    "Without queue_type, which the environment or a group may give, the kind is the usual one.": [
        {"queue_config": REDIS},
        {"targets": [{"service_name": "a", "queue_config": REDIS}]},
    ],
    "What a kind requires is there, if not from the environment.": [
        of("redis", host="cache.internal"),
        of("prometheus", query="up"),
        target("asg"),
        store("dynamodb"),
    ],
    "Where a broker is, is said in one way, if not from the environment.": [
        of("rabbitmq", queue_name="jobs", username="autoscaler"),
        of("rabbitmq", **RABBITMQ, url="https://mq.internal"),
        of("rabbitmq", **RABBITMQ, queue_pattern="^a"),
        of("amq", queue_name="jobs", username="autoscaler"),
        of("amq", **AMQ, console_url="https://mq.internal:8162"),
    ],
    "A setting that is for one use alone has that use.": [
        of("redis", **REDIS, redis_type="stream"),
        of("redis", **REDIS, consumer_group="workers"),
        of("redis", **REDIS, max_score="now"),
        of("redis", **REDIS, ca_file="/etc/ssl/internal.pem"),
        of("kafka", **KAFKA, sasl_mechanism="PLAIN", security_protocol="SSL"),
        of("kafka", via="cloudwatch", consumer_group="workers"),
        of("cloudwatch", **METRIC, m1="App/Jobs, Depth, Maximum"),
    ],
    "A secret does not cross a network in the clear unless that is asked for.": [
        of("prometheus", **PROMETHEUS | {"url": "http://prometheus.internal"}, bearer_token="x"),
    ],
    "CloudWatch has periods of 1, 5, 10, 20, 30 s and of whole minutes; SNS the latter alone.": [
        of("cloudwatch", **METRIC, period=61),
        of("sns", topic_name="orders", period=90),
    ],
    "A scalable dimension begins with the service namespace.": [
        target(
            "application",
            service_namespace="dynamodb",
            resource_id="table/orders",
            scalable_dimension="ecs:service:DesiredCount",
        ),
    ],
    "Steps neither overlap nor leave a gap, and reach from one end to the other.": [
        adjustments((0, 10, 1), (5, None, 2)),
        adjustments((0, 10, 1), (20, None, 2)),
        adjustments((10, 0, 1)),
    ],
    "An entry of a schedule has cron's five fields and a zone that there is, and ends.": [
        schedule(start="0 8 * *"),
        schedule(start="61 8 * * *"),
        schedule(timezone="Europe/Atlantis"),
        schedule(end="0 8 * * *"),
    ],
}
