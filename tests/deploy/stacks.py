"""Makes stacks of the templates in moto, and what moto cannot make of them by the APIs themselves.

moto's CloudFormation knows no schedules, alarms, asynchronous invocation settings and no policies
of buckets and queues. Their properties are resolved here and put to those services' own APIs in
moto, so that botocore's model of each API checks the names and types, and moto what it checks.
"""

import ast
import io
import uuid
import zipfile
from contextlib import contextmanager
from functools import cached_property

import boto3
from botocore.config import Config
from moto.server import ThreadedMotoServer

from templates import ACCOUNT, REGION, Resolver, template, text_of

ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

CODE = {"CodeBucket": "code", "CodeKey": "fast-autoscaler-lambda-arm64.zip"}
TARGET = {
    "QueueArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders",
    "ClusterName": "shop",
    "ServiceName": "worker",
    "MinTasks": "1",
    "MaxTasks": "20",
}
# What a fleet's stack must be given, and rights in one account.
FLEET_OF = {
    "fleet-sqs": {"ConfigBucket": "fleet", "ConfigKey": "fleet.json"},
    "fleet-map": {"TargetsBucket": "fleet", "TargetsKey": "targets.json"},
}
OWN = {
    "QueueArns": f"arn:aws:sqs:{REGION}:{ACCOUNT}:shop-*,arn:aws:sqs:{REGION}:{ACCOUNT}:orders",
    "ClusterArns": f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/shop",
}
ROLE = "arn:aws:iam::999999999999:role/fast-autoscaler-target"
FLEET_EVERYTHING = OWN | {
    "RoleArns": f"{ROLE},arn:aws:iam::888888888888:role/fast-autoscaler-target",
    "DiscoverServices": "true",
    "RespectTaskProtection": "true",
}


class Aws:
    """A moto server in this process, and clients for it."""

    def __init__(self, url: str):
        self.url = url
        self._session = boto3.Session(ACCESS_KEY, SECRET_KEY)
        self._config = Config(
            region_name=REGION,
            retries={"max_attempts": 0},
            proxies={},
            s3={"addressing_style": "path"},
        )

    def client(self, service: str):
        return self._session.client(service, endpoint_url=self.url, config=self._config)

    def put_code(self) -> None:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("bootstrap", "a program")
        self.client("s3").create_bucket(
            Bucket=CODE["CodeBucket"],
            CreateBucketConfiguration={"LocationConstraint": REGION},
        )
        self.client("s3").put_object(
            Bucket=CODE["CodeBucket"], Key=CODE["CodeKey"], Body=archive.getvalue()
        )

    def make(self, name: str, **parameters: str) -> "Stack":
        return Stack(self, name, parameters)

    def exports(self) -> dict[str, str]:
        answer = self.client("cloudformation").list_exports()
        return {each["Name"]: each["Value"] for each in answer["Exports"]}


@contextmanager
def running_moto():
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        aws = Aws(f"http://127.0.0.1:{server.get_host_and_port()[1]}")
        aws.put_code()
        yield aws
    finally:
        server.stop()


class Stack:
    def __init__(self, aws: Aws, name: str, parameters: dict[str, str]):
        self.aws = aws
        self.template = name
        self.name = f"{name}-{uuid.uuid4().hex[:8]}"
        wanted = template(name)["Parameters"]
        known = CODE | TARGET | FLEET_OF.get(name, {})
        given = {key: each for key, each in known.items() if key in wanted}
        self._parameters = given | parameters
        cloudformation = aws.client("cloudformation")
        cloudformation.create_stack(
            StackName=self.name,
            TemplateBody=text_of(name),
            Parameters=[
                {"ParameterKey": key, "ParameterValue": value}
                for key, value in self._parameters.items()
            ],
            Capabilities=["CAPABILITY_IAM"],
        )
        described = cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]
        assert described["StackStatus"] == "CREATE_COMPLETE"
        self.outputs = {
            each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", [])
        }
        resources = cloudformation.describe_stack_resources(StackName=self.name)["StackResources"]
        # What moto cannot make, it lists without a name.
        self.made = {
            each["LogicalResourceId"]: each.get("PhysicalResourceId")
            for each in resources
            if "LogicalResourceId" in each
        }

    @cached_property
    def resolver(self) -> Resolver:
        return Resolver(self.template, self.name, self._parameters, self.made, self.aws.exports())

    def properties(self, resource: str) -> dict:
        return self.resolver.properties(resource)

    def function(self) -> dict:
        return self.aws.client("lambda").get_function_configuration(
            FunctionName=self.made["Function"]
        )

    def environment(self) -> dict[str, str]:
        """As Lambda has it: texts."""
        variables = self.function()["Environment"]["Variables"]
        return {name: str(value) for name, value in variables.items()}

    def role_policies(self, resource: str) -> dict[str, dict]:
        """A role's policies by their names, as moto has them."""
        return policies_of_role(self.aws, self.made[resource])

    def alarms(self) -> dict[str, dict]:
        """Puts each alarm to CloudWatch, and gives what that made of it."""
        cloudwatch = self.aws.client("cloudwatch")
        alarms = {}
        for resource in self._of_type("AWS::CloudWatch::Alarm"):
            name = f"{self.name}-{resource}"
            cloudwatch.put_metric_alarm(AlarmName=name, **self.properties(resource))
            found = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
            alarms[resource] = found[0]
        return alarms

    def schedule(self) -> dict:
        scheduler = self.aws.client("scheduler")
        group = self.properties("ScheduleGroup")["Name"]
        scheduler.create_schedule_group(Name=group)
        properties = self.properties("Schedule") | {"GroupName": group, "Name": "tick"}
        scheduler.create_schedule(**properties)
        return scheduler.get_schedule(Name="tick", GroupName=group)

    def invoke_config(self) -> dict:
        properties = self.properties("FunctionInvokeConfig")
        return self.aws.client("lambda").put_function_event_invoke_config(**properties)

    def _of_type(self, kind: str) -> list[str]:
        resources = template(self.template)["Resources"]
        return [key for key, each in resources.items() if each["Type"] == kind]

    def not_made(self) -> set[str]:
        """The types of the resources that moto left out."""
        resources = template(self.template)["Resources"]
        wanted = {key for key in resources if self.resolver.exists(key)}
        return {resources[key]["Type"] for key in wanted - self.made.keys()}


def policies_of_role(aws: Aws, role: str) -> dict[str, dict]:
    iam = aws.client("iam")
    names = iam.list_role_policies(RoleName=role)["PolicyNames"]

    def document(name: str) -> dict:
        found = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        # moto keeps a stack's document as the text of a Python object.
        return found if isinstance(found, dict) else ast.literal_eval(found)

    return {name: document(name) for name in names}


def statements_of(policies: dict[str, dict]) -> list[dict]:
    """moto keeps a null for a statement that AWS::NoValue takes out."""
    statements = [statement for each in policies.values() for statement in each["Statement"]]
    return [statement for statement in statements if statement is not None]


def listed(value) -> list:
    return value if isinstance(value, list) else [value]


def actions_by_resource(statements: list[dict]) -> dict[str, set[str]]:
    actions: dict[str, set[str]] = {}
    for statement in statements:
        for resource in listed(statement["Resource"]):
            actions.setdefault(resource, set()).update(listed(statement["Action"]))
    return actions
