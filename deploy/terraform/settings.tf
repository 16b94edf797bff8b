# Written by scripts/deploy_templates.py from deploy/source/terraform/settings.tf: change that.
# What the program is told: a single service by the environment, several by each one's event, a fleet
# by its document; and all that has no variable of its own by `settings`.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.region
  account   = data.aws_caller_identity.current.account_id

  is_ruled  = var.mode == "eventbridge"
  is_single = !local.is_ruled && !local.is_fleet
  is_loop   = var.mode == "sub-minute" || local.is_fleet
  is_sqs    = var.mode == "sqs"

  # Region, account and name of each queue are parts 3, 4 and 5 of its ARN.
  queue = { for key, service in var.services : key => split(":", service.queue_arn) }
  queue_url = {
    for key, arn in local.queue :
    key => "https://sqs.${arn[3]}.${data.aws_partition.current.dns_suffix}/${arn[4]}/${arn[5]}"
  }

  # By the keys of the event and the configuration document; what is not given is left out.
  named = {
    for key, service in var.services : key => {
      for name, value in {
        cluster_name            = service.cluster_name
        service_name            = service.service_name
        min_tasks               = service.min_tasks
        max_tasks               = service.max_tasks
        target_role_arn         = service.target_role_arn
        target_external_id      = service.target_external_id
        respect_task_protection = service.respect_task_protection
      } : name => value if value != null
    }
  }

  event = {
    for key, named in local.named :
    key => jsonencode({
      config = merge(
        jsondecode(var.services[key].settings == null ? "{}" : var.services[key].settings),
        named,
        { queue_type = "sqs", queue_config = { queue_url = local.queue_url[key] } }
      )
    })
  }

  # A variable has its key's name in upper case, but for this one.
  variable_of = { cluster_name = "ECS_CLUSTER" }
  service_environment = merge([
    for key, named in local.named : merge(
      { SQS_QUEUE_URL = local.queue_url[key] },
      { for name, value in named : lookup(local.variable_of, name, upper(name)) => tostring(value) }
    ) if local.is_single
  ]...)

  # As many checks as begin in the 55 seconds that are left of a minute (see the timeout below).
  checks_per_invocation = min(floor(60 / var.check_interval), 1 + floor(55 / var.check_interval))
  loop_environment = local.is_loop ? {
    CHECKS_PER_INVOCATION = tostring(local.checks_per_invocation)
    CHECK_INTERVAL        = tostring(var.check_interval)
  } : {}

  # The document itself, or where a fleet has it.
  document = local.config != "" ? local.config : var.settings
  common_environment = merge(
    { S3_CONFIG_BUCKET = local.state_bucket },
    local.document == null ? {} : { FAST_AUTOSCALER_CONFIG = local.document },
    # What alarms are on cannot be turned off.
    local.is_sqs || local.is_ruled ? { METRICS = "emf" } : {}
  )

  environment = merge(
    local.service_environment, local.loop_environment, local.fleet_environment, local.common_environment
  )

  # The loop ends two seconds before the next minute's tick. With sqs, a sixth of the tick queue's
  # visibility timeout. Else a check takes less than a second, and half a minute only while AWS
  # does not answer.
  timeout = {
    "every-minute" = 30, "sub-minute" = 58, "sqs" = 15, "eventbridge" = 30, "fleet-sqs" = 58, "fleet-map" = 58
  }[var.mode]
}
