# Written by scripts/deploy_templates.py from deploy/source/terraform/fleet.tf: change that.
# Modes fleet-sqs and fleet-map: many targets, spread by Step Functions over a queue, or mapped.

locals {
  is_fleet     = contains(["fleet-sqs", "fleet-map"], var.mode)
  is_fleet_sqs = var.mode == "fleet-sqs"
  is_fleet_map = var.mode == "fleet-map"

  # What the configuration's place begins with says what kind of place it is.
  config         = !local.is_fleet || var.fleet.config == null ? "" : var.fleet.config
  config_object  = can(regex("^s3://", local.config)) ? regex("^s3://([^/]+)/(.+)$", local.config) : null
  config_setting = can(regex("^ssm:/", local.config)) ? split("ssm:", local.config)[1] : null

  fleet_environment = {
    for name, value in {
      RESPECT_TASK_PROTECTION = var.fleet.respect_task_protection == null ? "" : tostring(var.fleet.respect_task_protection)
    } : name => value if local.is_fleet && value != ""
  }
  has_clusters = local.is_fleet && length(var.fleet.cluster_arns) > 0

  state_machine_arn = "arn:${local.partition}:states:${local.region}:${local.account}:stateMachine:${var.name}"
  executions_arn    = "arn:${local.partition}:states:${local.region}:${local.account}:execution:${var.name}:*"
}

# --- what the function may do

data "aws_iam_policy_document" "fleet" {
  count = local.is_fleet ? 1 : 0

  dynamic "statement" {
    for_each = length(var.fleet.queue_arns) > 0 ? ["here"] : []
    content {
      sid       = "ReadQueues"
      actions   = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"]
      resources = var.fleet.queue_arns
    }
  }

  # The clusters' services, in whatever region of this account a cluster is.
  dynamic "statement" {
    for_each = local.has_clusters ? ["here"] : []
    content {
      sid       = "ScaleServices"
      actions   = ["ecs:DescribeServices", "ecs:UpdateService"]
      resources = ["arn:${local.partition}:ecs:*:${local.account}:service/*"]

      condition {
        test     = "ArnLike"
        variable = "ecs:cluster"
        values   = var.fleet.cluster_arns
      }
    }
  }

  # IAM knows no resource for it, only the cluster as a condition.
  dynamic "statement" {
    for_each = local.has_clusters && var.fleet.discover_services ? ["here"] : []
    content {
      sid       = "ListServices"
      actions   = ["ecs:ListServices"]
      resources = ["*"]

      condition {
        test     = "ArnLike"
        variable = "ecs:cluster"
        values   = var.fleet.cluster_arns
      }
    }
  }

  # The only resource that IAM knows for it is a container instance, which tasks on Fargate
  # do not have.
  dynamic "statement" {
    for_each = local.has_clusters && var.fleet.respect_task_protection != false ? ["here"] : []
    content {
      sid       = "ListTasks"
      actions   = ["ecs:ListTasks"]
      resources = ["*"]

      condition {
        test     = "ArnLike"
        variable = "ecs:cluster"
        values   = var.fleet.cluster_arns
      }
    }
  }

  dynamic "statement" {
    for_each = local.has_clusters && var.fleet.respect_task_protection != false ? ["here"] : []
    content {
      sid       = "ReadTaskProtection"
      actions   = ["ecs:GetTaskProtection"]
      resources = ["arn:${local.partition}:ecs:*:${local.account}:task/*"]

      condition {
        test     = "ArnLike"
        variable = "ecs:cluster"
        values   = var.fleet.cluster_arns
      }
    }
  }

  dynamic "statement" {
    for_each = length(var.fleet.role_arns) > 0 ? ["here"] : []
    content {
      sid       = "AssumeRoles"
      actions   = ["sts:AssumeRole"]
      resources = var.fleet.role_arns
    }
  }

  dynamic "statement" {
    for_each = local.config_object != null ? ["here"] : []
    content {
      sid       = "ReadConfiguration"
      actions   = ["s3:GetObject"]
      resources = ["arn:${local.partition}:s3:::${local.config_object[0]}/${local.config_object[1]}"]
    }
  }

  dynamic "statement" {
    for_each = local.config_setting != null ? ["here"] : []
    content {
      sid       = "ReadConfigurationParameter"
      actions   = ["ssm:GetParameter"]
      resources = ["arn:${local.partition}:ssm:${local.region}:${local.account}:parameter${local.config_setting}"]
    }
  }

  statement {
    sid       = "KeepState"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["arn:${local.partition}:s3:::${local.state_bucket}/autoscaling-state/*"]
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
      values   = ["autoscaling-state/*"]
    }
  }
}

resource "aws_iam_role_policy" "fleet" {
  count = local.is_fleet ? 1 : 0

  name   = "check"
  role   = aws_iam_role.function.id
  policy = data.aws_iam_policy_document.fleet[0].json
}

# --- the state machine

locals {
  # A message for each shard.
  send_shards = local.is_fleet_sqs ? jsonencode({
    Comment = "Sends a message for each shard"
    StartAt = "Number"
    States = {
      Number = {
        Type       = "Pass"
        Parameters = { "shards.$" = "States.ArrayRange(1, ${var.fleet.shards}, 1)" }
        Next       = "Send"
      }
      Send = {
        Type           = "Map"
        ItemsPath      = "$.shards"
        MaxConcurrency = 40
        ItemProcessor = {
          ProcessorConfig = { Mode = "INLINE" }
          StartAt         = "SendShard"
          States = {
            SendShard = {
              Type     = "Task"
              Resource = "arn:${local.partition}:states:::sqs:sendMessage"
              Parameters = {
                QueueUrl    = aws_sqs_queue.ticks[0].url
                MessageBody = { "shard.$" = "States.Format('{}/${var.fleet.shards}', $)" }
              }
              Retry = [
                { ErrorEquals = ["States.ALL"], IntervalSeconds = 1, MaxAttempts = 3, BackoffRate = 2 }
              ]
              ResultSelector = {}
              End            = true
            }
          }
        }
        End = true
      }
    }
  }) : null

  # An invocation for each batch of the list.
  map_targets = local.is_fleet_map ? jsonencode({
    Comment        = "Checks the targets of a list in batches"
    StartAt        = "Check"
    TimeoutSeconds = 300
    States = {
      Check = {
        Type  = "Map"
        Label = "Check"
        ItemReader = {
          Resource     = "arn:${local.partition}:states:::s3:getObject"
          ReaderConfig = { InputType = "JSON" }
          Parameters   = { Bucket = var.fleet.targets_bucket, Key = var.fleet.targets_key }
        }
        ItemBatcher = {
          MaxItemsPerBatch      = var.fleet.targets_per_invocation
          MaxInputBytesPerBatch = 200000
        }
        MaxConcurrency             = var.fleet.max_concurrency
        ToleratedFailurePercentage = 100
        ItemProcessor = {
          ProcessorConfig = { Mode = "DISTRIBUTED", ExecutionType = "EXPRESS" }
          StartAt         = "CheckBatch"
          States = {
            CheckBatch = {
              Type     = "Task"
              Resource = "arn:${local.partition}:states:::lambda:invoke"
              Parameters = {
                FunctionName = aws_lambda_function.this.arn
                Payload      = { config = { "targets.$" = "$.Items" } }
              }
              TimeoutSeconds = 60
              Retry = [
                {
                  ErrorEquals     = ["Lambda.TooManyRequestsException", "Lambda.ServiceException"]
                  IntervalSeconds = 2
                  MaxAttempts     = 3
                  BackoffRate     = 2
                }
              ]
              ResultSelector = { "status.$" = "$.StatusCode" }
              End            = true
            }
          }
        }
        ResultPath = null
        End        = true
      }
    }
  }) : null
}

resource "aws_sfn_state_machine" "fleet" {
  count      = local.is_fleet ? 1 : 0
  depends_on = [aws_iam_role_policy.state_machine]

  name       = var.name
  type       = local.is_fleet_sqs ? "EXPRESS" : "STANDARD"
  role_arn   = aws_iam_role.state_machine[0].arn
  definition = local.is_fleet_sqs ? local.send_shards : local.map_targets
  tags       = var.tags
}

data "aws_iam_policy_document" "states_assumes" {
  count = local.is_fleet ? 1 : 0

  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["states.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [local.state_machine_arn]
    }
  }
}

data "aws_iam_policy_document" "state_machine" {
  count = local.is_fleet ? 1 : 0

  dynamic "statement" {
    for_each = local.is_fleet_sqs ? ["shards"] : []
    content {
      sid       = "SendShards"
      actions   = ["sqs:SendMessage"]
      resources = [aws_sqs_queue.ticks[0].arn]
    }
  }

  # Each batch is an execution of this state machine itself.
  dynamic "statement" {
    for_each = local.is_fleet_map ? ["batches"] : []
    content {
      sid       = "StartBatches"
      actions   = ["states:StartExecution"]
      resources = [local.state_machine_arn]
    }
  }

  dynamic "statement" {
    for_each = local.is_fleet_map ? ["batches"] : []
    content {
      sid       = "FollowBatches"
      actions   = ["states:DescribeExecution", "states:StopExecution"]
      resources = [local.executions_arn]
    }
  }

  dynamic "statement" {
    for_each = local.is_fleet_map ? ["batches"] : []
    content {
      sid       = "ReadTargets"
      actions   = ["s3:GetObject"]
      resources = ["arn:${local.partition}:s3:::${var.fleet.targets_bucket}/${var.fleet.targets_key}"]
    }
  }

  dynamic "statement" {
    for_each = local.is_fleet_map ? ["batches"] : []
    content {
      sid       = "CheckTargets"
      actions   = ["lambda:InvokeFunction"]
      resources = [aws_lambda_function.this.arn]
    }
  }
}

resource "aws_iam_role" "state_machine" {
  count = local.is_fleet ? 1 : 0

  name_prefix        = "${substr(var.name, 0, 29)}-states-"
  description        = "fast-autoscaler ${var.name}: its state machine"
  assume_role_policy = data.aws_iam_policy_document.states_assumes[0].json
  tags               = var.tags
}

resource "aws_iam_role_policy" "state_machine" {
  count = local.is_fleet ? 1 : 0

  name   = local.is_fleet_sqs ? "send" : "map"
  role   = aws_iam_role.state_machine[0].id
  policy = data.aws_iam_policy_document.state_machine[0].json
}
