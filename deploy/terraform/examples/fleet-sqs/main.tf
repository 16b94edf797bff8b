terraform {
  required_version = ">= 1.5.0, < 2.0.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0.0, < 7.0.0"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

module "autoscaler" {
  source = "../.."

  name            = "fleet"
  mode            = "fleet-sqs"
  check_interval  = 10 # six checks in each invocation
  zip             = "${path.root}/../../../../build/package/fast-autoscaler-lambda-arm64.zip"
  alarm_topic_arn = "arn:aws:sns:eu-west-1:123456789012:alarms"

  fleet = {
    config      = "s3://my-fleet/fleet.json" # the fleet.json of this folder
    shards      = 32
    memory_size = 256

    # What the targets of this account need; those of others are reached by their roles.
    queue_arns        = ["arn:aws:sqs:eu-west-1:123456789012:shop-*"]
    cluster_arns      = ["arn:aws:ecs:eu-west-1:123456789012:cluster/shop"]
    role_arns         = ["arn:aws:iam::210987654321:role/fast-autoscaler-target"]
    discover_services = true
    max_concurrency   = 32 # each invocation takes its whole minute
  }
}
