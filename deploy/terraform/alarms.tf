locals {
  on_function = { FunctionName = aws_lambda_function.this.function_name }
  on_service = {
    for key, service in var.services :
    key => { ClusterName = service.cluster_name, ServiceName = service.service_name }
  }

  # A single failure is not worth waking anybody: the next check makes good for it.
  failed_invocations = {
    description = "Three minutes of five had a failed ${local.has_queue ? "invocation" : "check"}; the log says why"
    namespace   = "AWS/Lambda"
    metric      = "Errors"
    dimensions  = local.on_function
    statistic   = "Sum"
    period      = 60
    periods     = 5
    datapoints  = 3
    threshold   = 1
    comparison  = "GreaterThanOrEqualToThreshold"
    missing     = "notBreaching"
  }

  no_invocations = {
    description = "No check was made for five minutes"
    namespace   = "AWS/Lambda"
    metric      = "Invocations"
    dimensions  = local.on_function
    statistic   = "Sum"
    period      = 60
    periods     = 5
    datapoints  = 5
    threshold   = 1
    comparison  = "LessThanThreshold"
    missing     = "breaching"
  }

  # A tick that meets the one before it is throttled once or twice, and comes again.
  throttles = {
    description = "Ticks are throttled for ten minutes; the concurrency that is left may not be enough"
    namespace   = "AWS/Lambda"
    metric      = "Throttles"
    dimensions  = local.on_function
    statistic   = "Sum"
    period      = 300
    periods     = 2
    datapoints  = 2
    threshold   = 5
    comparison  = "GreaterThanOrEqualToThreshold"
    missing     = "notBreaching"
  }

  # By the program's own metrics: a tick that failed is reported in a batch's answer, so AWS/Lambda
  # does not count it; and of a function with several services it says not which one failed.
  failed_checks = {
    for key, dimensions in local.on_service :
    "failed-checks-${key}" => merge(local.failed_invocations, {
      description = "Three minutes of five had a failed check; the log says why"
      namespace   = "FastAutoscaler"
      dimensions  = dimensions
    })
  }

  # Each check prints its errors, if only that there were 0.
  no_checks = {
    for key, dimensions in local.on_service :
    "no-checks-${key}" => merge(local.no_invocations, {
      namespace  = "FastAutoscaler"
      metric     = "Errors"
      dimensions = dimensions
      statistic  = "SampleCount"
    })
  }

  # Stays until the queue is purged.
  dead_letters = {
    description = local.is_sqs ? "Ticks failed twice, or were never taken" : "Shards failed twice; the log says which of their targets fail"
    namespace   = "AWS/SQS"
    metric      = "ApproximateNumberOfMessagesVisible"
    dimensions  = { QueueName = "${var.name}-dead-letters" }
    statistic   = "Maximum"
    period      = 60
    periods     = 1
    datapoints  = 1
    threshold   = 1
    comparison  = "GreaterThanOrEqualToThreshold"
    missing     = "notBreaching"
  }

  failed_executions = merge(local.failed_invocations, {
    namespace  = "AWS/States"
    metric     = "ExecutionsFailed"
    dimensions = { StateMachineArn = local.state_machine_arn }
  })

  fleet_sqs_alarms = {
    failed-ticks = merge(local.failed_executions, {
      description = "Three minutes of five did not send every shard; the state machine's executions say why"
    })
    late-shards = merge(local.dead_letters, {
      description = "Shards wait for two minutes; MaximumConcurrency is too low, or they fail and are tried again"
      metric      = "ApproximateAgeOfOldestMessage"
      dimensions  = { QueueName = "${var.name}-ticks" }
      periods     = 5
      datapoints  = 5
      threshold   = 120
    })
  }

  # A batch that fails does not fail the run: failed_invocations tells it.
  fleet_map_alarms = {
    failed-runs = merge(local.failed_executions, {
      description = "Three minutes of five could not read the list of targets; the executions say why"
    })
    slow-runs = merge(local.failed_executions, {
      description = "A run took more than five minutes; MaxConcurrency is too low, or AWS is slow"
      metric      = "ExecutionsTimedOut"
      datapoints  = 1
    })
  }

  alarms = merge(
    { throttles = local.throttles, failed-invocations = local.failed_invocations },
    { for key, alarm in { no-checks = local.no_invocations } : key => alarm if !local.is_ruled },
    { for key, alarm in local.no_checks : key => alarm if local.is_ruled },
    { for key, alarm in local.failed_checks : key => alarm if local.is_sqs || local.is_ruled },
    { for key, alarm in { dead-letters = local.dead_letters } : key => alarm if local.has_queue },
    { for key, alarm in local.fleet_sqs_alarms : key => alarm if local.is_fleet_sqs },
    { for key, alarm in local.fleet_map_alarms : key => alarm if local.is_fleet_map }
  )
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  period              = each.value.period
  evaluation_periods  = each.value.periods
  datapoints_to_alarm = each.value.datapoints
  threshold           = each.value.threshold
  comparison_operator = each.value.comparison
  treat_missing_data  = each.value.missing
  actions_enabled     = var.checks_enabled
  alarm_actions       = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
  ok_actions          = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
  tags                = var.tags
}
