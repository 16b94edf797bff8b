# Every mode but eventbridge: EventBridge Scheduler.

# A group of its own, so that the role below is this schedule's alone.
resource "aws_scheduler_schedule_group" "this" {
  count = local.is_ruled ? 0 : 1

  name = var.name
  tags = var.tags
}

data "aws_iam_policy_document" "scheduler_assumes" {
  count = local.is_ruled ? 0 : 1

  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = [aws_scheduler_schedule_group.this[0].arn]
    }
  }
}

locals {
  tick_action = local.is_fleet ? "states:StartExecution" : local.is_sqs ? "sqs:SendMessage" : "lambda:InvokeFunction"
  # What is called, but for sqs: there the call is an API's, on what the input names.
  ticked = local.is_fleet ? aws_sfn_state_machine.fleet[0].arn : local.is_sqs ? aws_sqs_queue.ticks[0].arn : aws_lambda_function.this.arn
}

data "aws_iam_policy_document" "tick" {
  count = local.is_ruled ? 0 : 1

  statement {
    sid       = "Tick"
    actions   = [local.tick_action]
    resources = [local.ticked]
  }
}

resource "aws_iam_role" "schedule" {
  count = local.is_ruled ? 0 : 1

  name_prefix        = "${substr(var.name, 0, 29)}-tick-"
  description        = "fast-autoscaler ${var.name}: its schedule"
  assume_role_policy = data.aws_iam_policy_document.scheduler_assumes[0].json
  tags               = var.tags
}

resource "aws_iam_role_policy" "tick" {
  count = local.is_ruled ? 0 : 1

  name   = "tick"
  role   = aws_iam_role.schedule[0].id
  policy = data.aws_iam_policy_document.tick[0].json
}

resource "aws_scheduler_schedule" "this" {
  count      = local.is_ruled ? 0 : 1
  depends_on = [aws_iam_role_policy.tick, aws_iam_role_policy.check, aws_iam_role_policy.fleet]

  name                = var.name
  description         = local.is_sqs ? "The ticks of a minute" : "A tick a minute"
  group_name          = aws_scheduler_schedule_group.this[0].name
  schedule_expression = "rate(1 minute)"
  state               = var.checks_enabled ? "ENABLED" : "DISABLED"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = local.is_sqs ? "arn:${local.partition}:scheduler:::aws-sdk:sqs:sendMessageBatch" : local.ticked
    role_arn = aws_iam_role.schedule[0].arn
    input    = local.is_sqs ? local.ticks_of_a_minute : "{}" # the environment configures it, or the document

    retry_policy {
      maximum_retry_attempts       = 0
      maximum_event_age_in_seconds = 60
    }
  }
}
