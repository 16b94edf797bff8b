# Mode eventbridge: a rule for each service, with the service's configuration as its constant input.

locals {
  ruled = local.is_ruled ? var.services : {}
}

resource "aws_cloudwatch_event_rule" "tick" {
  for_each = local.ruled

  name                = "${var.name}-${each.key}"
  description         = "A tick a minute"
  schedule_expression = "rate(1 minute)"
  state               = var.checks_enabled ? "ENABLED" : "DISABLED"
  tags                = var.tags
}

resource "aws_cloudwatch_event_target" "function" {
  for_each   = local.ruled
  depends_on = [aws_iam_role_policy.check, aws_lambda_permission.rule]

  rule      = aws_cloudwatch_event_rule.tick[each.key].name
  target_id = "function"
  arn       = aws_lambda_function.this.arn
  input     = local.event[each.key]

  retry_policy {
    maximum_retry_attempts       = 0
    maximum_event_age_in_seconds = 60
  }
}

resource "aws_lambda_permission" "rule" {
  for_each = local.ruled

  function_name = aws_lambda_function.this.function_name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.tick[each.key].arn
}
