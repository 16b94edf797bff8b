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

  name           = "shop-worker"
  mode           = "sub-minute"
  check_interval = 10 # six checks in each invocation
  zip            = "${path.root}/../../../../build/package/fast-autoscaler-lambda-arm64.zip"

  services = {
    worker = {
      queue_arn    = "arn:aws:sqs:eu-west-1:123456789012:orders"
      cluster_name = "shop"
      service_name = "worker"
      min_tasks    = 2
      max_tasks    = 100
    }
  }

  settings = file("${path.root}/settings.json")
}
