resource "aws_lambda_function" "this" {
  function_name = var.name
  description   = "fast-autoscaler (${var.mode})"
  role          = aws_iam_role.function.arn
  runtime       = "provided.al2023"
  handler       = "bootstrap"
  architectures = [var.architecture]
  memory_size   = local.is_fleet ? var.fleet.memory_size : 128
  timeout       = local.timeout
  tags          = var.tags

  filename          = var.zip
  source_code_hash  = var.zip == null ? null : filebase64sha256(var.zip)
  s3_bucket         = var.code_bucket
  s3_key            = var.code_key
  s3_object_version = var.code_object_version

  # Checks of one function never overlap: a tick that comes while one runs is throttled, waits in
  # Lambda's queue and comes again. (Two at once would be safe too: the recorded state is written
  # conditionally.) -1 reserves nothing.
  reserved_concurrent_executions = var.reserve_concurrency && local.is_single && !local.is_sqs ? 1 : -1

  environment {
    variables = local.environment
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.this.name
  }

  lifecycle {
    precondition {
      condition     = length(var.services) == 1 || !local.is_single
      error_message = "This mode has exactly one service; eventbridge has several from one function."
    }
    precondition {
      condition     = length(var.services) == 0 || !local.is_fleet
      error_message = "A fleet's services are in its document, not in services."
    }
    precondition {
      condition     = !local.is_fleet_sqs || var.fleet.config != null || var.settings != null
      error_message = "Mode fleet-sqs needs fleet.config: s3://BUCKET/KEY or ssm:/NAME; or settings."
    }
    precondition {
      condition     = local.config == "" || var.settings == null
      error_message = "Give either fleet.config or settings: the function has one document."
    }
    precondition {
      condition     = local.is_ruled || alltrue([for service in var.services : service.settings == null])
      error_message = "Only mode eventbridge has settings of each service; here they are the module's."
    }
    precondition {
      condition     = !local.is_fleet_map || (var.fleet.targets_bucket != null && var.fleet.targets_key != null)
      error_message = "Mode fleet-map needs fleet.targets_bucket and fleet.targets_key."
    }
    precondition {
      condition     = (var.zip != null) != (var.code_bucket != null && var.code_key != null)
      error_message = "Give either zip, or code_bucket and code_key."
    }
    precondition {
      condition     = !local.is_sqs || 60 / var.check_interval <= 10
      error_message = "Mode sqs sends a minute's ticks in one call of at most ten: check_interval is 6 or more."
    }
  }
}

# A tick that failed or is late is worth nothing: the next minute has a new one.
resource "aws_lambda_function_event_invoke_config" "this" {
  count = local.is_sqs || local.is_fleet ? 0 : 1

  function_name                = aws_lambda_function.this.function_name
  qualifier                    = "$LATEST"
  maximum_retry_attempts       = 0
  maximum_event_age_in_seconds = 60
}

# Made here, so that it has a retention and the function needs no right to make it.
resource "aws_cloudwatch_log_group" "this" {
  name              = "/fast-autoscaler/${var.name}"
  retention_in_days = var.log_retention_days
  tags              = var.tags
}
