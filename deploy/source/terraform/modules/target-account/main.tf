# The role in the account of an ECS service that an autoscaler in another account assumes.

terraform {
  required_version = ">= 1.5.0, < 2.0.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0.0, < 7.0.0"
    }
  }
}

variable "function_role_arn" {
  description = "The output function_role_arn of the autoscaler's module."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$", var.function_role_arn))
    error_message = "A function_role_arn is the ARN of a role."
  }
}

variable "external_id" {
  description = "The same as the service's target_external_id; null where the other side gives none."
  type        = string
  default     = null
}

variable "cluster_name" {
  description = "<<ClusterName.Description>>"
  type        = string
}

variable "service_name" {
  description = "<<ServiceName.Description>>"
  type        = string
}

variable "respect_task_protection" {
  description = "The same as the service's setting, which null leaves at true: whether its tasks' protection may be read."
  type        = bool
  default     = true
  nullable    = false
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.region
  account   = data.aws_caller_identity.current.account_id
}

data "aws_iam_policy_document" "function_assumes" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = [var.function_role_arn]
    }

    dynamic "condition" {
      for_each = var.external_id == null ? [] : [var.external_id]
      content {
        test     = "StringEquals"
        variable = "sts:ExternalId"
        values   = [condition.value]
      }
    }
  }
}

data "aws_iam_policy_document" "scale" {
  @statements TargetStatements
}

resource "aws_iam_role" "target" {
  name_prefix        = "fast-autoscaler-target-"
  description        = "For a fast-autoscaler in another account: ${var.cluster_name}/${var.service_name}"
  assume_role_policy = data.aws_iam_policy_document.function_assumes.json
}

resource "aws_iam_role_policy" "scale" {
  name   = "scale"
  role   = aws_iam_role.target.id
  policy = data.aws_iam_policy_document.scale.json
}

output "target_role_arn" {
  description = "The service's target_role_arn"
  value       = aws_iam_role.target.arn
}
