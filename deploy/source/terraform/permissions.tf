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

  @statements ServiceStatements
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
