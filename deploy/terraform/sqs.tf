# Mode sqs: delayed ticks in a queue. Mode fleet-sqs: shards in the same.

locals {
  has_queue = local.is_sqs || local.is_fleet_sqs

  ticks_of_a_minute = local.is_sqs ? jsonencode({
    QueueUrl = aws_sqs_queue.ticks[0].url
    Entries = [
      for second in range(0, 60, var.check_interval) :
      { Id = tostring(second), MessageBody = "{}", DelaySeconds = second }
    ]
  }) : null
}

resource "aws_sqs_queue" "ticks" {
  count = local.has_queue ? 1 : 0

  name                    = "${var.name}-ticks"
  sqs_managed_sse_enabled = true
  # Six times the function's timeout, as AWS advises for batches and throttling; of a fleet twice,
  # where a message is one invocation, and the next minute has a newer one.
  visibility_timeout_seconds = local.is_sqs ? 90 : 120
  # Long enough for the longest delay and two tries; a tick older than that is worth nothing.
  message_retention_seconds = 300
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters[0].arn
    maxReceiveCount     = 2
  })
  tags = var.tags
}

resource "aws_sqs_queue" "dead_letters" {
  count = local.has_queue ? 1 : 0

  name                      = "${var.name}-dead-letters"
  sqs_managed_sse_enabled   = true
  message_retention_seconds = 1209600
  tags                      = var.tags
}

data "aws_iam_policy_document" "queue_only_over_tls" {
  for_each = local.has_queue ? { ticks = aws_sqs_queue.ticks[0].arn, dead_letters = aws_sqs_queue.dead_letters[0].arn } : {}

  statement {
    sid       = "OnlyOverTls"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [each.value]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sqs_queue_policy" "ticks" {
  count = local.has_queue ? 1 : 0

  queue_url = aws_sqs_queue.ticks[0].url
  policy    = data.aws_iam_policy_document.queue_only_over_tls["ticks"].json
}

resource "aws_sqs_queue_policy" "dead_letters" {
  count = local.has_queue ? 1 : 0

  queue_url = aws_sqs_queue.dead_letters[0].url
  policy    = data.aws_iam_policy_document.queue_only_over_tls["dead_letters"].json
}

# For the event source mapping, which takes the ticks with the function's role.
data "aws_iam_policy_document" "take_ticks" {
  count = local.has_queue ? 1 : 0

  statement {
    sid       = "TakeTicks"
    actions   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
    resources = [aws_sqs_queue.ticks[0].arn]
  }
}

resource "aws_iam_role_policy" "take_ticks" {
  count = local.has_queue ? 1 : 0

  name   = "ticks"
  role   = aws_iam_role.function.id
  policy = data.aws_iam_policy_document.take_ticks[0].json
}

resource "aws_lambda_event_source_mapping" "ticks" {
  count      = local.has_queue ? 1 : 0
  depends_on = [aws_iam_role_policy.take_ticks]

  function_name    = aws_lambda_function.this.arn
  event_source_arn = aws_sqs_queue.ticks[0].arn
  # Ticks that had to wait come together, and ticks that say the same are one check.
  batch_size              = local.is_sqs ? 10 : 1
  function_response_types = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = local.is_sqs ? 2 : var.fleet.max_concurrency # 2 is the least there is
  }
}
