"""Compares the address of every service in every region and variant with botocore's.

FAS_BUILD_DIR is the CMake build folder: it holds tests/resolve_endpoints.
"""

import itertools
import json
import os
import pathlib
import subprocess

import botocore
import botocore.exceptions
import botocore.session
import pytest
from botocore.endpoint_provider import EndpointProvider

# botocore's name, ours in AWS_ENDPOINT_URL_<NAME>, and how the host begins.
SERVICES = {
    "sqs": ("SQS", "sqs"),
    "ecs": ("ECS", "ecs"),
    "s3": ("S3", "s3"),
    "sts": ("STS", "sts"),
    "sso": ("SSO", "portal.sso"),
    "sso-oidc": ("SSO OIDC", "oidc"),
    "signin": ("Signin", "signin"),
    "ssm": ("SSM", "ssm"),
    "cloudwatch": ("CLOUDWATCH", "monitoring"),
    "kinesis": ("KINESIS", "kinesis"),
    "kafka": ("KAFKA", "kafka"),
    "dynamodb": ("DynamoDB", "dynamodb"),
    "autoscaling": ("Auto Scaling", "autoscaling"),
    "application-autoscaling": ("Application Auto Scaling", "application-autoscaling"),
    "lambda": ("Lambda", "lambda"),
    "mq": ("MQ", "mq"),
}
BUCKETS = [
    "bucket",
    "my-bucket-1",
    "1bucket",
    "x" * 63,
    # These get no host of their own.
    "dotted.bucket",
    "UpperCase",
    "under_score",
    "ab",
    "x" * 64,
    "bucket-",
]
VARIANTS = list(itertools.product([False, True], repeat=2))


@pytest.fixture(scope="module")
def session():
    """A botocore that knows nothing of the caller's settings."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        patch.setenv("AWS_CONFIG_FILE", os.devnull)
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
        session = botocore.session.Session()
        session.set_credentials("AKID", "secret")
        yield session


@pytest.fixture(scope="module")
def partitions(session):
    return session.get_component("data_loader").load_data("partitions")


@pytest.fixture(scope="module")
def providers(session, partitions):
    loader = session.get_component("data_loader")
    return {
        service: EndpointProvider(
            loader.load_service_model(service, "endpoint-rule-set-1"), partitions
        )
        for service in SERVICES
    }


def ask_program(cases):
    if "FAS_BUILD_DIR" not in os.environ:
        pytest.fail("set FAS_BUILD_DIR to the CMake build folder: it holds tests/resolve_endpoints")
    program = pathlib.Path(os.environ["FAS_BUILD_DIR"]) / "tests" / "resolve_endpoints"
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    run = subprocess.run(
        [program], input=lines.encode(), stdout=subprocess.PIPE, check=True, timeout=120
    )
    return [json.loads(line) for line in run.stdout.splitlines()]


def ask_botocore(provider, case):
    parameters = {
        "Region": case["region"],
        "UseFIPS": case["fips"],
        "UseDualStack": case["dual_stack"],
    }
    if case["bucket"]:
        parameters["Bucket"] = case["bucket"]
    try:
        endpoint = provider.resolve_endpoint(**parameters)
    except botocore.exceptions.EndpointProviderError as error:
        return {"error": str(error)}
    schemes = endpoint.properties.get("authSchemes", [{}])
    return {
        "url": endpoint.url,
        "region": schemes[0].get("signingRegion", case["region"]),
    }


def case(service, region, fips=False, dual_stack=False, bucket=""):
    name, host_prefix = SERVICES[service]
    return {
        "botocore": service,
        "service": name,
        "host_prefix": host_prefix,
        "region": region,
        "fips": fips,
        "dual_stack": dual_stack,
        "bucket": bucket,
    }


def deliberate(asked, ours):
    """Why an answer may differ from botocore's; nothing when it may not."""
    if asked["region"].endswith("-global") and ours.get("error") == "BadRegion":
        return "a partition is no region: botocore makes hosts of it that mostly do not exist"
    return ""


def differences(cases, providers):
    answers = ask_program(cases)
    assert len(answers) == len(cases)
    for asked, ours in zip(cases, answers, strict=True):
        theirs = ask_botocore(providers[asked["botocore"]], asked)
        # An error is compared as such: its words are each side's own.
        if theirs != ours and not ("error" in theirs and "error" in ours):
            if not deliberate(asked, ours):
                yield {"asked": asked, "ours": ours, "botocore": theirs}


def all_regions(partitions):
    regions = [region for partition in partitions["partitions"] for region in partition["regions"]]
    assert len(regions) > 40
    return regions


def test_every_region_and_variant_has_botocores_address(partitions, providers):
    cases = [
        case(service, region, fips, dual_stack, "bucket" if service == "s3" else "")
        for service, region, (fips, dual_stack) in itertools.product(
            SERVICES, all_regions(partitions), VARIANTS
        )
    ]
    assert list(differences(cases, providers)) == []


def test_a_region_that_is_not_yet_known_has_botocores_address(providers):
    regions = [
        "eu-moon-1",
        "mars-north-2",
        "cn-moon-1",
        "us-gov-moon-1",
        "us-isob-moon-3",
    ]
    regions += ["us-iso-moon-1", "eu-isoe-moon-1", "us-isof-moon-1", "eusc-de-moon-1"]
    cases = [
        case(service, region, fips, dual_stack, "bucket" if service == "s3" else "")
        for service, region, (fips, dual_stack) in itertools.product(SERVICES, regions, VARIANTS)
    ]
    assert list(differences(cases, providers)) == []


def test_every_bucket_has_botocores_address(providers):
    cases = [
        case("s3", region, fips, dual_stack, bucket)
        for bucket, region, (fips, dual_stack) in itertools.product(
            BUCKETS, ["eu-west-1", "cn-north-1", "us-gov-west-1"], VARIANTS
        )
    ]
    assert list(differences(cases, providers)) == []


@pytest.mark.parametrize("region", ["fips-us-east-1", "us-east-1-fips", "fips-us-gov-west-1"])
@pytest.mark.parametrize("service", SERVICES)
def test_the_older_way_of_asking_for_fips_has_botocores_address(
    session, providers, service, region
):
    """botocore's clients turn it into the setting, before they ask for an endpoint."""
    client = session.create_client(service, region_name=region)
    understood = case(service, client.meta.region_name, client.meta.config.use_fips_endpoint)
    [ours] = ask_program([case(service, region)])
    assert understood["fips"]
    assert ours == ask_botocore(providers[service], understood)
