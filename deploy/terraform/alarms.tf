# Written by scripts/deploy_templates.py from deploy/source/terraform/alarms.tf: change that.
locals {
  on_function      = { FunctionName = aws_lambda_function.this.function_name }
  on_state_machine = { StateMachineArn = local.state_machine_arn }
  on_dead_letters  = { QueueName = "${var.name}-dead-letters" }
  on_service = {
    for key, service in var.services :
    key => { ClusterName = service.cluster_name, ServiceName = service.service_name }
  }

  failed_checks = {
    # A single failure is not worth waking anybody: the next check makes good for it.
    description = "Three minutes of five had a failed check; the log says why"
    namespace   = "AWS/Lambda"
    metric      = "Errors"
    statistic   = "Sum"
    period      = 60
    periods     = 5
    datapoints  = 3
    threshold   = 1
    comparison  = "GreaterThanOrEqualToThreshold"
    missing     = "notBreaching"
    dimensions  = local.on_function
  }
  failed_invocations = {
    # The function itself: it did not start, or ran out of time.
    description = "Three minutes of five had a failed invocation; the log says why"
    namespace   = "AWS/Lambda"
    metric      = "Errors"
    statistic   = "Sum"
    period      = 60
    periods     = 5
    datapoints  = 3
    threshold   = 1
    comparison  = "GreaterThanOrEqualToThreshold"
    missing     = "notBreaching"
    dimensions  = local.on_function
  }
  no_checks = {
    description = "No check was made for five minutes"
    namespace   = "AWS/Lambda"
    metric      = "Invocations"
    statistic   = "Sum"
    period      = 60
    periods     = 5
    datapoints  = 5
    threshold   = 1
    comparison  = "LessThanThreshold"
    missing     = "breaching"
    dimensions  = local.on_function
  }
  throttles = {
    # A tick that meets the one before it is throttled once or twice, and comes again.
    description = "Ticks are throttled for ten minutes; the concurrency that is left may not be enough"
    namespace   = "AWS/Lambda"
    metric      = "Throttles"
    statistic   = "Sum"
    period      = 300
    periods     = 2
    datapoints  = 2
    threshold   = 5
    comparison  = "GreaterThanOrEqualToThreshold"
    missing     = "notBreaching"
    dimensions  = local.on_function
  }

  failed_checks_of_service = {
    for key, dimensions in local.on_service : "failed-checks-${key}" => {
      # By the program's own metrics: a tick that failed is reported in a batch's answer, so AWS/Lambda
      # does not count it; and of a function with several services it says not which one failed.
      description = "Three minutes of five had a failed check; the log says why"
      namespace   = "FastAutoscaler"
      metric      = "Errors"
      statistic   = "Sum"
      period      = 60
      periods     = 5
      datapoints  = 3
      threshold   = 1
      comparison  = "GreaterThanOrEqualToThreshold"
      missing     = "notBreaching"
      dimensions  = dimensions
    }
  }
  no_checks_of_service = {
    for key, dimensions in local.on_service : "no-checks-${key}" => {
      # Each check prints its errors, if only that there were 0.
      description = "No check was made for five minutes"
      namespace   = "FastAutoscaler"
      metric      = "Errors"
      statistic   = "SampleCount"
      period      = 60
      periods     = 5
      datapoints  = 5
      threshold   = 1
      comparison  = "LessThanThreshold"
      missing     = "breaching"
      dimensions  = dimensions
    }
  }

  dead_ticks = {
    # Stays until the queue is purged.
    description = "Ticks failed twice, or were never taken"
    namespace   = "AWS/SQS"
    metric      = "ApproximateNumberOfMessagesVisible"
    statistic   = "Maximum"
    period      = 60
    periods     = 1
    datapoints  = 1
    threshold   = 1
    comparison  = "GreaterThanOrEqualToThreshold"
    missing     = "notBreaching"
    dimensions  = local.on_dead_letters
  }
  dead_shards = {
    # Stays until the queue is purged.
    description = "Shards failed twice; the log says which of their targets fail"
    namespace   = "AWS/SQS"
    metric      = "ApproximateNumberOfMessagesVisible"
    statistic   = "Maximum"
    period      = 60
    periods     = 1
    datapoints  = 1
    threshold   = 1
    comparison  = "GreaterThanOrEqualToThreshold"
    missing     = "notBreaching"
    dimensions  = local.on_dead_letters
  }

  fleet_sqs_alarms = {
    failed-ticks = {
      description = "Three minutes of five did not send every shard; the state machine's executions say why"
      namespace   = "AWS/States"
      metric      = "ExecutionsFailed"
      statistic   = "Sum"
      period      = 60
      periods     = 5
      datapoints  = 3
      threshold   = 1
      comparison  = "GreaterThanOrEqualToThreshold"
      missing     = "notBreaching"
      dimensions  = local.on_state_machine
    }
    late-shards = {
      description = "Shards wait for two minutes; MaximumConcurrency is too low, or they fail and are tried again"
      namespace   = "AWS/SQS"
      metric      = "ApproximateAgeOfOldestMessage"
      statistic   = "Maximum"
      period      = 60
      periods     = 5
      datapoints  = 5
      threshold   = 120
      comparison  = "GreaterThanOrEqualToThreshold"
      missing     = "notBreaching"
      dimensions  = { QueueName = "${var.name}-ticks" }
    }
  }
  fleet_map_alarms = {
    failed-runs = {
      # A batch that fails does not fail the run: FailedChecksAlarm tells it.
      description = "Three minutes of five could not read the list of targets; the executions say why"
      namespace   = "AWS/States"
      metric      = "ExecutionsFailed"
      statistic   = "Sum"
      period      = 60
      periods     = 5
      datapoints  = 3
      threshold   = 1
      comparison  = "GreaterThanOrEqualToThreshold"
      missing     = "notBreaching"
      dimensions  = local.on_state_machine
    }
    slow-runs = {
      description = "A run took more than five minutes; MaxConcurrency is too low, or AWS is slow"
      namespace   = "AWS/States"
      metric      = "ExecutionsTimedOut"
      statistic   = "Sum"
      period      = 60
      periods     = 5
      datapoints  = 1
      threshold   = 1
      comparison  = "GreaterThanOrEqualToThreshold"
      missing     = "notBreaching"
      dimensions  = local.on_state_machine
    }
  }

  alarms = merge(
    {
      throttles          = local.throttles
      failed-invocations = local.has_queue ? local.failed_invocations : local.failed_checks
    },
    { for key, alarm in { no-checks = local.no_checks } : key => alarm if !local.is_ruled },
    { for key, alarm in local.no_checks_of_service : key => alarm if local.is_ruled },
    { for key, alarm in local.failed_checks_of_service : key => alarm if local.is_sqs || local.is_ruled },
    { for key, alarm in { dead-letters = local.dead_ticks } : key => alarm if local.is_sqs },
    { for key, alarm in { dead-letters = local.dead_shards } : key => alarm if local.is_fleet_sqs },
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
