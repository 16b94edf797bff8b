"""Targets other than ECS services, in the AWS of a test: an Auto Scaling group, a function's alias
and a scalable target; and what moto 5.2.5 lacks of them, in front of it:

- Lambda's provisioned concurrency: moto has none of its three operations. They are answered here
  as their pages say, of aliases that moto knows.
  https://docs.aws.amazon.com/lambda/latest/api/API_GetProvisionedConcurrencyConfig.html
- DescribeInstanceRefreshes: moto does not know it. Answered with the refreshes that a test names.
- The bounds of a group: moto sets any desired capacity. Refused here as AWS does.
- RegisterScalableTarget does not move the resource's capacity in moto.
"""

import io
import json
import re
import uuid
import zipfile
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from aws_world import ACCESS_KEY, REGION, SECRET_KEY, Cloud, World
from fault_proxy import Answer, FaultProxy, Forward, Request

QUERY_HEADERS = {"Content-Type": "text/xml", "x-amzn-RequestId": "0b9c6e54-2222"}


def client(cloud: Cloud, service: str):
    config = Config(region_name=REGION, retries={"max_attempts": 0}, proxies={})
    session = boto3.Session(ACCESS_KEY, SECRET_KEY)
    return session.client(service, endpoint_url=cloud.url, config=config)


def query_error(code: str, message: str, status: int = 400) -> Answer:
    body = (
        f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message>"
    )
    body += "</Error><RequestId>r</RequestId></ErrorResponse>"
    return Answer(status, body.encode(), QUERY_HEADERS)


def lambda_error(status: int, name: str, message: str) -> Answer:
    headers = {"Content-Type": "application/json", "x-amzn-errortype": name}
    body = json.dumps({"Type": "User", "Message": message}).encode()
    return Answer(status, body, headers | {"x-amzn-RequestId": "0b9c6e54-3333"})


class Group:
    def __init__(self, world: World, proxy: FaultProxy, desired=2, min_size=0, max_size=20):
        self.name = world.service
        self._client = client(world.cloud, "autoscaling")
        self._client.create_launch_configuration(
            LaunchConfigurationName=self.name, ImageId="ami-12c6146b", InstanceType="t3.micro"
        )
        self._client.create_auto_scaling_group(
            AutoScalingGroupName=self.name,
            LaunchConfigurationName=self.name,
            MinSize=min_size,
            MaxSize=max_size,
            DesiredCapacity=desired,
            AvailabilityZones=[f"{REGION}a"],
        )
        self.refreshes: list[str] = []  # their statuses
        proxy.on("autoscaling:DescribeInstanceRefreshes", self._describe_refreshes)
        proxy.on("autoscaling:SetDesiredCapacity", self._refuse_outside)

    def options(self, **changed) -> dict:
        return {"auto_scaling_group": self.name} | changed

    def described(self) -> dict:
        answer = self._client.describe_auto_scaling_groups(AutoScalingGroupNames=[self.name])
        return answer["AutoScalingGroups"][0]

    def desired(self) -> int:
        return self.described()["DesiredCapacity"]

    def protect(self, count: int) -> None:
        instances = [each["InstanceId"] for each in self.described()["Instances"][:count]]
        self._client.set_instance_protection(
            AutoScalingGroupName=self.name, InstanceIds=instances, ProtectedFromScaleIn=True
        )

    def tag(self, key: str, value: str) -> None:
        tag = {"ResourceId": self.name, "ResourceType": "auto-scaling-group"}
        self._client.create_or_update_tags(
            Tags=[tag | {"Key": key, "Value": value, "PropagateAtLaunch": False}]
        )

    def suspend(self, *processes: str) -> None:
        self._client.suspend_processes(
            AutoScalingGroupName=self.name, ScalingProcesses=list(processes)
        )

    def _describe_refreshes(self, request: Request, forward: Forward) -> Answer:
        members = "".join(f"<member><Status>{each}</Status></member>" for each in self.refreshes)
        name = "DescribeInstanceRefreshes"
        body = f"<{name}Response><{name}Result><InstanceRefreshes>{members}</InstanceRefreshes>"
        return Answer(200, f"{body}</{name}Result></{name}Response>".encode(), QUERY_HEADERS)

    def _refuse_outside(self, request: Request, forward: Forward) -> Answer:
        asked = int(parse_qs(request.body.decode())["DesiredCapacity"][0])
        group = self.described()
        for bound, beyond in (
            ("MaxSize", asked > group["MaxSize"]),
            (
                "MinSize",
                asked < group["MinSize"],
            ),
        ):
            if beyond:
                side = "above max" if bound == "MaxSize" else "below min"
                return query_error(
                    "ValidationError",
                    f"New SetDesiredCapacity value {asked} is {side} value {group[bound]} for the "
                    "AutoScalingGroup.",
                )
        return forward()


class Function:
    """With the alias `live`; its provisioned concurrency is here, by alias."""

    ALIAS = "live"

    def __init__(self, world: World, proxy: FaultProxy):
        self.name = world.service
        self._client = client(world.cloud, "lambda")
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as file:
            file.writestr("work.py", "def handler(event, context): pass")
        role = client(world.cloud, "iam").create_role(
            RoleName=f"role-{uuid.uuid4().hex[:8]}", AssumeRolePolicyDocument="{}"
        )["Role"]["Arn"]
        self._client.create_function(
            FunctionName=self.name,
            Runtime="python3.12",
            Role=role,
            Handler="work.handler",
            Code={"ZipFile": code.getvalue()},
        )
        version = self._client.publish_version(FunctionName=self.name)["Version"]
        self._client.create_alias(FunctionName=self.name, Name=self.ALIAS, FunctionVersion=version)
        self.configured: dict[str, dict] = {}
        for operation in ("Get", "Put", "Delete"):
            proxy.on(f"lambda:{operation}ProvisionedConcurrencyConfig", self._answer)

    def options(self, **changed) -> dict:
        return {"function": self.name, "qualifier": self.ALIAS} | changed

    def configure(self, requested: int, available: int, status: str, reason: str = "") -> None:
        self.configured[self.ALIAS] = {
            "RequestedProvisionedConcurrentExecutions": requested,
            "AvailableProvisionedConcurrentExecutions": available,
            "AllocatedProvisionedConcurrentExecutions": available,
            "Status": status,
            "LastModified": "2026-11-25T20:00:00+0000",
        } | ({"StatusReason": reason} if reason else {})

    def requested(self) -> int | None:
        config = self.configured.get(self.ALIAS)
        return config and config["RequestedProvisionedConcurrentExecutions"]

    def _answer(self, request: Request, forward: Forward) -> Answer:
        url = urlsplit(request.path)
        function = unquote(re.match(r"/2019-09-30/functions/([^/]+)/", url.path)[1])
        qualifier = parse_qs(url.query)["Qualifier"][0]
        try:
            self._client.get_alias(FunctionName=function, Name=qualifier)
        except ClientError:
            return lambda_error(
                404, "ResourceNotFoundException", f"Function not found: {function}:{qualifier}"
            )
        headers = {"Content-Type": "application/json", "x-amzn-RequestId": "0b9c6e54-4444"}
        if request.method == "DELETE":
            self.configured.pop(qualifier, None)
            return Answer(204, b"", headers)
        if request.method == "PUT":
            count = json.loads(request.body)["ProvisionedConcurrentExecutions"]
            if count < 1:
                return lambda_error(400, "InvalidParameterValueException", "must be 1 or more")
            self.configure(count, 0, "IN_PROGRESS")
            return Answer(202, json.dumps(self.configured[qualifier]).encode(), headers)
        if qualifier not in self.configured:
            return lambda_error(
                404,
                "ProvisionedConcurrencyConfigNotFoundException",
                "No Provisioned Concurrency Config found for this function",
            )
        return Answer(200, json.dumps(self.configured[qualifier]).encode(), headers)


class Scalable:
    """A table's write capacity, registered from `least` to `most`."""

    NAMESPACE, DIMENSION = "dynamodb", "dynamodb:table:WriteCapacityUnits"

    def __init__(self, world: World, least=2, most=2):
        self.resource = f"table/{world.service}"
        self._client = client(world.cloud, "application-autoscaling")
        self.register(MinCapacity=least, MaxCapacity=most)

    def register(self, **changed) -> None:
        self._client.register_scalable_target(
            ServiceNamespace=self.NAMESPACE,
            ResourceId=self.resource,
            ScalableDimension=self.DIMENSION,
            **changed,
        )

    def options(self, **changed) -> dict:
        return {
            "service_namespace": self.NAMESPACE,
            "resource_id": self.resource,
            "scalable_dimension": self.DIMENSION,
        } | changed

    def bounds(self) -> tuple[int, int]:
        answer = self._client.describe_scalable_targets(
            ServiceNamespace=self.NAMESPACE, ResourceIds=[self.resource]
        )
        target = answer["ScalableTargets"][0]
        return target["MinCapacity"], target["MaxCapacity"]
