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
  mode            = "fleet-map"
  check_interval  = 60 # one check in each invocation
  zip             = "${path.root}/../../../../build/package/fast-autoscaler-lambda-arm64.zip"
  alarm_topic_arn = "arn:aws:sns:eu-west-1:123456789012:alarms"

  fleet = {
    config                 = "ssm:/autoscaler/defaults" # defaults.json: what all targets have in common
    targets_bucket         = "my-fleet"
    targets_key            = "targets.json" # that of this folder
    targets_per_invocation = 200
    max_concurrency        = 20

    queue_arns   = ["arn:aws:sqs:eu-west-1:123456789012:shop-*"]
    cluster_arns = ["arn:aws:ecs:eu-west-1:123456789012:cluster/shop"]
  }
}
