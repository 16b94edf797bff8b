# Written by scripts/deploy_templates.py from deploy/source/terraform/permissions.tf: change that.
data "aws_iam_policy_document" "lambda_assumes" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "function" {
  name_prefix        = "${substr(var.name, 0, 29)}-"
  description        = "fast-autoscaler ${var.name}"
  assume_role_policy = data.aws_iam_policy_document.lambda_assumes.json
  tags               = var.tags
}

locals {
  respects_protection = {
    for key, service in var.services :
    key => service.target_role_arn == null && service.respect_task_protection != false
  }
}

# What a check needs.
data "aws_iam_policy_document" "check" {
  for_each = var.services

  statement {
    sid       = "ReadQueue"
    actions   = ["sqs:GetQueueAttributes"]
    resources = [each.value.queue_arn]
  }

  # The service, or else the role of its account, which has these rights there.
  dynamic "statement" {
    for_each = each.value.target_role_arn != null ? ["here"] : []
    content {
      sid       = "AssumeTargetRole"
      actions   = ["sts:AssumeRole"]
      resources = [each.value.target_role_arn]
    }
  }

  dynamic "statement" {
    for_each = !(each.value.target_role_arn != null) ? ["here"] : []
    content {
      sid       = "ScaleService"
      actions   = ["ecs:DescribeServices", "ecs:UpdateService"]
      resources = ["arn:${local.partition}:ecs:${local.region}:${local.account}:service/${each.value.cluster_name}/${each.value.service_name}"]
    }
  }

  # The only resource that IAM knows for ecs:ListTasks is a container instance, which tasks on
  # Fargate do not have.
  dynamic "statement" {
    for_each = local.respects_protection[each.key] ? ["here"] : []
    content {
      sid       = "ListTasks"
      actions   = ["ecs:ListTasks"]
      resources = ["*"]

      condition {
        test     = "ArnEquals"
        variable = "ecs:cluster"
        values   = ["arn:${local.partition}:ecs:${local.region}:${local.account}:cluster/${each.value.cluster_name}"]
      }
    }
  }

  dynamic "statement" {
    for_each = local.respects_protection[each.key] ? ["here"] : []
    content {
      sid       = "ReadTaskProtection"
      actions   = ["ecs:GetTaskProtection"]
      resources = ["arn:${local.partition}:ecs:${local.region}:${local.account}:task/${each.value.cluster_name}/*"]
    }
  }

  statement {
    sid       = "KeepState"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["arn:${local.partition}:s3:::${local.state_bucket}/autoscaling-state/${each.value.cluster_name}/${each.value.service_name}/*"]
  }

  # Without it, S3 answers 403 for a state that is not there yet, and not 404. S3 asks for
  # this right with the object's key as the prefix.
  statement {
    sid       = "TellMissingStateFromDenied"
    actions   = ["s3:ListBucket"]
    resources = ["arn:${local.partition}:s3:::${local.state_bucket}"]

    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["autoscaling-state/${each.value.cluster_name}/${each.value.service_name}/*"]
    }
  }
}

resource "aws_iam_role_policy" "check" {
  for_each = var.services

  name   = "check-${each.key}"
  role   = aws_iam_role.function.id
  policy = data.aws_iam_policy_document.check[each.key].json
}

data "aws_iam_policy_document" "logs" {
  statement {
    sid       = "WriteLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.this.arn}:*"]
  }
}

resource "aws_iam_role_policy" "logs" {
  name   = "logs"
  role   = aws_iam_role.function.id
  policy = data.aws_iam_policy_document.logs.json
}
