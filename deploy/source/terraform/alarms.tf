locals {
  on_function      = { FunctionName = aws_lambda_function.this.function_name }
  on_state_machine = { StateMachineArn = local.state_machine_arn }
  on_dead_letters  = { QueueName = "${var.name}-dead-letters" }
  on_service = {
    for key, service in var.services :
    key => { ClusterName = service.cluster_name, ServiceName = service.service_name }
  }

  failed_checks = {
    @alarm FailedChecks local.on_function
  }
  failed_invocations = {
    @alarm FailedInvocations local.on_function
  }
  no_checks = {
    @alarm NoChecks local.on_function
  }
  throttles = {
    @alarm Throttles local.on_function
  }

  failed_checks_of_service = {
    for key, dimensions in local.on_service : "failed-checks-${key}" => {
      @alarm FailedChecksOfService dimensions
    }
  }
  no_checks_of_service = {
    for key, dimensions in local.on_service : "no-checks-${key}" => {
      @alarm NoChecksOfService dimensions
    }
  }

  dead_ticks = {
    @alarm DeadTicks local.on_dead_letters
  }
  dead_shards = {
    @alarm DeadShards local.on_dead_letters
  }

  fleet_sqs_alarms = {
    failed-ticks = {
      @alarm FailedTicks local.on_state_machine
    }
    late-shards = {
      @alarm LateShards { QueueName = "${var.name}-ticks" }
    }
  }
  fleet_map_alarms = {
    failed-runs = {
      @alarm FailedRuns local.on_state_machine
    }
    slow-runs = {
      @alarm SlowRuns local.on_state_machine
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
