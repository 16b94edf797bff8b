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

  name            = "shop"
  mode            = "eventbridge"
  zip             = "${path.root}/../../../../build/package/fast-autoscaler-lambda-arm64.zip"
  alarm_topic_arn = "arn:aws:sns:eu-west-1:123456789012:alarms"

  services = {
    worker = {
      queue_arn    = "arn:aws:sqs:eu-west-1:123456789012:orders"
      cluster_name = "shop"
      service_name = "worker"
      min_tasks    = 2
      max_tasks    = 100
      settings     = file("${path.root}/worker.json")
    }

    # Its service is in another account, which has a role for it (modules/target-account).
    mailer = {
      queue_arn          = "arn:aws:sqs:eu-west-1:123456789012:letters"
      cluster_name       = "post"
      service_name       = "mailer"
      min_tasks          = 0
      max_tasks          = 10
      target_role_arn    = "arn:aws:iam::210987654321:role/fast-autoscaler-target"
      target_external_id = "shop-42"
    }
  }
}
