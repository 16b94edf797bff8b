"""What is asked for, in our words (send_requests.cpp) and botocore's: (ours, service, theirs)."""

START_URL = "https://example.awsapps.com/start"
SSO_TOKEN = "sso-token/+="


def sqs(queue_url):
    ours = {"operation": "GetQueueAttributes", "queue_url": queue_url}
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    return ours, "sqs", {"QueueUrl": queue_url, "AttributeNames": names}


def queue_url(queue, **theirs):
    return {"operation": "GetQueueUrl", "queue": queue}, "sqs", theirs


def describe(cluster, *services):
    ours = {"operation": "DescribeServices", "cluster": cluster, "services": services}
    return ours, "ecs", {"cluster": cluster, "services": services, "include": ["TAGS"]}


def list_clusters():
    return {"operation": "ListClusters"}, "ecs", {"maxResults": 100}


def list_services(cluster):
    ours = {"operation": "ListServices", "cluster": cluster}
    return ours, "ecs", {"cluster": cluster, "maxResults": 100}


def list_tasks(cluster, service, name):
    """What comes before the protection of a service's tasks."""
    ours = {"operation": "ListTasks", "cluster": cluster, "service": service}
    theirs = {"cluster": cluster, "serviceName": name}
    return ours, "ecs", theirs | {"desiredStatus": "RUNNING", "maxResults": 100}


def protection(cluster, *tasks):
    ours = {"operation": "GetTaskProtection", "cluster": cluster, "tasks": tasks}
    return ours, "ecs", {"cluster": cluster, "tasks": tasks}


def update(cluster, service, count):
    ours = {"operation": "UpdateService", "cluster": cluster, "service": service, "count": count}
    return ours, "ecs", {"cluster": cluster, "service": service, "desiredCount": count}


def get(key, bucket="bucket"):
    ours = {"operation": "GetObject", "bucket": bucket, "key": key}
    return ours, "s3", {"Bucket": bucket, "Key": key}


def get_unless(key, etag):
    ours, service, theirs = get(key)
    theirs |= {"IfNoneMatch": etag} if etag else {}
    return ours | {"unless": etag}, service, theirs


def parameter(name):
    ours = {"operation": "GetParameter", "name": name}
    return ours, "ssm", {"Name": name, "WithDecryption": True}


def stream(name):
    return {"operation": "DescribeStreamSummary", "name": name}, "kinesis", {"StreamName": name}


def metrics(name_space, metric, statistic, expression, *values, period=0, end=1795435200):
    ours = {"operation": "GetMetricData", "namespace": name_space, "metric": metric}
    ours |= {"statistic": statistic, "values": values, "expression": expression}
    ours |= {"period": period, "end": end}
    dimensions = [{"Name": "Name", "Value": value} for value in values]
    names = {"Namespace": name_space, "MetricName": metric, "Dimensions": dimensions}
    stat = {"Metric": names, "Period": 60, "Stat": statistic}
    math = {"Id": "e1", "Expression": expression, "ReturnData": True}
    queries = [
        {"Id": "m1", "MetricStat": stat, "ReturnData": False},
        math | ({"Period": period} if period else {}),
    ]
    theirs = {"MetricDataQueries": queries, "StartTime": end - 3600, "EndTime": end}
    return ours, "cloudwatch", theirs | {"ScanBy": "TimestampDescending"}


def broker(broker_id):
    ours = {"operation": "DescribeBroker", "broker_id": broker_id}
    return ours, "mq", {"BrokerId": broker_id}


def put(key, body="{}", if_match="", bucket="bucket", encryption="", kms_key_id="", owner=""):
    """Without an ETag to match: if there is no object yet."""
    ours = {"operation": "PutObject", "bucket": bucket, "key": key, "body": body}
    ours |= {"if_match": if_match}
    theirs = {"Bucket": bucket, "Key": key, "Body": body, "ContentType": "application/json"}
    theirs |= {"IfMatch": if_match} if if_match else {"IfNoneMatch": "*"}
    ours |= {"encryption": encryption, "kms_key_id": kms_key_id, "owner": owner}
    terms = {
        "ServerSideEncryption": encryption,
        "SSEKMSKeyId": kms_key_id,
        "ExpectedBucketOwner": owner,
    }
    theirs |= {name: value for name, value in terms.items() if value}
    return ours, "s3", theirs | {"ChecksumAlgorithm": "CRC32"}


def get_item(table, target):
    ours = {"operation": "GetItem", "table": table, "target": target}
    key = {"target": {"S": target}}
    return ours, "dynamodb", {"TableName": table, "Key": key, "ConsistentRead": True}


def update_item(table, target, at, desired, writer=None):
    """Without a writer that was seen: if there is none yet."""
    ours = {"operation": "UpdateItem", "table": table, "target": target}
    ours |= {"at": at, "desired": desired} | ({} if writer is None else {"writer": writer})
    theirs = {"TableName": table, "Key": {"target": {"S": target}}}
    theirs |= {
        "UpdateExpression": "SET #s0 = :s0, #s1 = :s1 REMOVE #r0",
        "ConditionExpression": "#guard = :guard"
        if writer is not None
        else "NOT attribute_type(#guard, :guard)",
        "ExpressionAttributeNames": {
            "#guard": "writer",
            "#s0": "at",
            "#s1": "desired",
            "#r0": "messages",
        },
        "ExpressionAttributeValues": {
            ":guard": {"S": "S" if writer is None else writer},
            ":s0": {"S": at},
            ":s1": {"N": desired},
        },
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return ours, "dynamodb", theirs


def assume(role_arn, session_name, external_id="", duration_s=0):
    ours = {"operation": "AssumeRole", "role_arn": role_arn, "session_name": session_name}
    ours |= {"external_id": external_id, "duration_s": duration_s}
    theirs = {"RoleArn": role_arn, "RoleSessionName": session_name}
    theirs |= {"ExternalId": external_id} if external_id else {}
    theirs |= {"DurationSeconds": duration_s} if duration_s else {}
    return ours, "sts", theirs


def assume_with_token(role_arn, session_name, token, duration_s=0):
    ours, service, theirs = assume(role_arn, session_name, duration_s=duration_s)
    ours |= {"operation": "AssumeRoleWithWebIdentity", "token": token}
    return ours, service, theirs | {"WebIdentityToken": token}


def sso(account_id, role_name):
    ours = {"operation": "GetRoleCredentials", "start_url": START_URL}
    ours |= {"account_id": account_id, "role_name": role_name}
    theirs = {"accountId": account_id, "roleName": role_name, "accessToken": SSO_TOKEN}
    return ours, "sso", theirs


def group(name):
    ours = {"operation": "DescribeAutoScalingGroups", "group": name}
    return ours, "autoscaling", {"AutoScalingGroupNames": [name]}


def refreshes(name):
    ours = {"operation": "DescribeInstanceRefreshes", "group": name}
    return ours, "autoscaling", {"AutoScalingGroupName": name}


def group_policies(name):
    return (
        {"operation": "DescribePolicies", "group": name},
        "autoscaling",
        {"AutoScalingGroupName": name},
    )


def capacity(name, count):
    ours = {"operation": "SetDesiredCapacity", "group": name, "count": count}
    theirs = {"AutoScalingGroupName": name, "DesiredCapacity": count, "HonorCooldown": False}
    return ours, "autoscaling", theirs


def provisioned(operation, function, qualifier, count=0):
    ours = {"operation": f"{operation}ProvisionedConcurrencyConfig", "function": function}
    ours |= {"qualifier": qualifier, "count": count}
    theirs = {"FunctionName": function, "Qualifier": qualifier}
    theirs |= {"ProvisionedConcurrentExecutions": count} if count else {}
    return ours, "lambda", theirs


def scalable(namespace, resource, dimension, *more):
    ours = {"operation": "DescribeScalableTargets", "namespace": namespace}
    ours |= {"resources": [resource, *more], "dimension": dimension}
    theirs = {"ServiceNamespace": namespace, "ScalableDimension": dimension}
    return ours, "application-autoscaling", theirs | {"ResourceIds": [resource, *more]}


def scaling_policies(namespace, resource, dimension):
    ours, service, theirs = scalable(namespace, resource, dimension)
    ours |= {"operation": "DescribeScalingPolicies", "resource": resource}
    del theirs["ResourceIds"]
    return ours, service, theirs | {"ResourceId": resource}


def registered(namespace, resource, dimension, min_capacity, max_capacity=None):
    ours, service, theirs = scalable(namespace, resource, dimension)
    ours |= {"operation": "RegisterScalableTarget", "resource": resource, "min": min_capacity}
    ours |= {"max": max_capacity} if max_capacity else {}
    del theirs["ResourceIds"]
    theirs |= {"ResourceId": resource, "MinCapacity": min_capacity}
    theirs |= {"MaxCapacity": max_capacity} if max_capacity else {}
    return ours, service, theirs


FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:work"
TABLE = ("dynamodb", "table/orders", "dynamodb:table:WriteCapacityUnits")
VARIANT = ("sagemaker", "endpoint/é model/variant/a", "sagemaker:variant:DesiredInstanceCount")


def bootstrap_brokers(cluster_arn):
    ours = {"operation": "GetBootstrapBrokers", "cluster_arn": cluster_arn}
    return ours, "kafka", {"ClusterArn": cluster_arn}


ROLE = "arn:aws:iam::123456789012:role/path/scaler"
QUEUES = "https://sqs.eu-west-1.amazonaws.com/123456789012/"
KEYS = [
    "autoscaling-state/prod/web/up-last-action.json",
    "autoscaling-state/arn:aws:ecs:eu-west-1:1:cluster/prod/web/up-last-action.json",
    "a b/c+d=é",
    "/front//double/back/",
    "./dots/../in/the path",
    "100%/%41/%2F",
    "-_.~!$&'()*,;:@",
    '"<>[]^`{|}\\',
    "?query=1#fragment",
    "漢字/☃/😀",
]
REQUESTS = [
    sqs(QUEUES + "orders"),
    queue_url("orders.fifo", QueueName="orders.fifo"),
    queue_url(
        "arn:aws:sqs:eu-west-1:210987654321:orders",
        QueueName="orders",
        QueueOwnerAWSAccountId="210987654321",
    ),
    sqs(QUEUES + "orders.fifo"),
    sqs("http://localhost:9324/queue/a b?c=d&e=%41+#f"),
    sqs(QUEUES + '"quoted"\\and/é☃😀\x7f'),
    describe("prod", "web"),
    describe("arn:aws:ecs:eu-west-1:123456789012:cluster/prod", "arn:aws:ecs:x:1:service/prod/web"),
    describe("prod-é", 'we"b\\/\n\t😀'),
    describe("prod", *[f"web-{number}" for number in range(10)]),
    list_clusters(),
    list_services("prod"),
    list_services("arn:aws:ecs:eu-west-1:123456789012:cluster/prod-é"),
    list_tasks("prod", "web", "web"),
    list_tasks("prod", "arn:aws:ecs:eu-west-1:123456789012:service/prod/web", "web"),
    protection(
        "prod", *[f"arn:aws:ecs:eu-west-1:1:task/prod/{number:032x}" for number in range(9)]
    ),
    update("prod", "web", 7),
    update("prod-é☃", "we&b=+ %", 0),
    update("prod", "web", 5000),
    *[get(key) for key in KEYS],
    get("k", bucket="dotted.bucket-1"),
    get_unless("k", '"d41d8cd98f00b204e9800998ecf8427e-2"'),
    get_unless("k", ""),
    parameter("/prod/scaler"),
    parameter("arn:aws:ssm:eu-west-1:123456789012:parameter/prod/é:3"),
    metrics("App/Jobs", "Depth", "Maximum", "m1*2", "orders", 'é☃ and "more"'),
    metrics("AWS/SNS", "NumberOfMessagesPublished", "p99.9", "SELECT MAX(a) FROM b", period=60),
    stream("orders-1.prod_x"),
    broker("b-1234a5b6-78cd-901e-2fab-3c45d6e178f9"),
    broker("b 1/é:+%41"),
    *[put(key) for key in KEYS],
    put("k"),
    put("k", if_match='"d41d8cd98f00b204e9800998ecf8427e"'),
    put("k", if_match='"d41d8cd98f00b204e9800998ecf8427e-2"'),
    put("k", body=""),
    put("k", body='{"why":"é☃😀"}\n' * 1000, if_match='"1"'),
    put("k", bucket="dotted.bucket-1"),
    put("k", encryption="AES256", owner="123456789012"),
    put("k", encryption="aws:kms", kms_key_id="arn:aws:kms:eu-west-1:123456789012:key/a-b-c"),
    get_item("state", "prod/web"),
    get_item("arn:aws:dynamodb:eu-west-1:123456789012:table/state", 'prod-é☃/we"b\\\n'),
    update_item("state", "prod/web", "2026-11-23T21:42:01.5Z", "7"),
    update_item("state", "prod/web", "é☃😀", "0", writer="9f0c"),
    assume(ROLE, "fast-autoscaler"),
    assume(ROLE, "a_b=c,d.e@f+g-h", "external:id/with=+,.@:\\/-", 900),
    assume(ROLE + "/é ☃&x=y", "näme with spaces & more", "é+%41"),
    assume_with_token(ROLE, "fast-autoscaler", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln"),
    assume_with_token(ROLE, "a=b,c.d@e", "not+a/token==&é", 3600),
    sso("123456789012", "Admin"),
    sso("123456789012", "a+b=c,d.e@f-g"),
    sso("123456789012", "é ☃&/?#%41"),
    group("workers"),
    group("workers é☃ & more=+/%41"),
    refreshes("workers"),
    group_policies("workers"),
    capacity("workers", 0),
    capacity("workers & more", 5000),
    provisioned("Get", "work", "live"),
    provisioned("Get", FUNCTION, "12"),
    provisioned("Put", "work", "live", 7),
    provisioned("Put", FUNCTION, "a_b-c", 1000),
    provisioned("Delete", FUNCTION, "live"),
    scalable(*TABLE),
    scalable(*VARIANT),
    scalable("ecs", "service/shop/a", "ecs:service:DesiredCount", "service/shop/b"),
    scaling_policies(*TABLE),
    registered(*TABLE, 0),
    registered(*TABLE, 7, 7),
    registered(*VARIANT, 1, 20),
    bootstrap_brokers("arn:aws:kafka:eu-west-1:123456789012:cluster/orders/0b9c6e54-1111-s3"),
]
