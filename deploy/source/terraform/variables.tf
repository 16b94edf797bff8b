# --- what runs

variable "name" {
  description = "The function's name, and the beginning of every other name."
  type        = string
  default     = "fast-autoscaler"

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9-]{0,39}$", var.name))
    error_message = "A name is 1 to 40 letters, digits and -, and begins with a letter."
  }
}

variable "mode" {
  description = "How ticks come: every-minute, sub-minute, sqs or eventbridge (docs/deploy.md); for a fleet, fleet-sqs or fleet-map (docs/fleet.md)."
  type        = string
  default     = "every-minute"

  validation {
    condition     = contains(["every-minute", "sub-minute", "sqs", "eventbridge", "fleet-sqs", "fleet-map"], var.mode)
    error_message = "The mode is every-minute, sub-minute, sqs, eventbridge, fleet-sqs or fleet-map."
  }
}

variable "architecture" {
  description = "<<Architecture.Description>>"
  type        = string
  default     = "<<Architecture.Default>>"

  validation {
    condition     = contains([<<Architecture.AllowedValues>>], var.architecture)
    error_message = "The architecture is arm64 or x86_64."
  }
}

variable "zip" {
  description = "The zip's path on this machine; or null, and then code_bucket and code_key."
  type        = string
  default     = null
}

variable "code_bucket" {
  description = "<<CodeBucket.Description>> Where the zip is not on this machine."
  type        = string
  default     = null
}

variable "code_key" {
  description = "<<CodeKey.Description>>"
  type        = string
  default     = null
}

variable "code_object_version" {
  description = "<<CodeObjectVersion.Description>>"
  type        = string
  default     = null
}

# --- what is scaled, and how

variable "settings" {
  description = "<<Settings.Description>>"
  type        = string
  default     = null

  validation {
    condition     = var.settings == null || can(regex("^\\s*\\{", var.settings)) && can(jsondecode(var.settings))
    error_message = "The settings are a JSON object."
  }

  # A function's environment is 4 KB at most.
  validation {
    condition     = length(var.settings == null ? "" : var.settings) <= <<Settings.MaxLength>>
    error_message = "The settings are at most <<Settings.MaxLength>> characters: keep more in S3 or SSM (mode fleet-sqs)."
  }
}

variable "services" {
  description = <<-EOT
    The ECS services, each by a name of your choice. Exactly one, but for mode eventbridge; none for
    a fleet. In mode eventbridge each may have settings of its own, as a JSON object, which win.
  EOT
  default     = {}

  type = map(object({
    queue_arn               = string
    cluster_name            = string
    service_name            = string
    min_tasks               = number
    max_tasks               = number
    target_role_arn         = optional(string)
    target_external_id      = optional(string)
    respect_task_protection = optional(bool)
    settings                = optional(string)
  }))

  validation {
    condition = alltrue([
      for service in var.services :
      can(regex("<<QueueArn.AllowedPattern>>", service.queue_arn))
    ])
    error_message = "A queue_arn is the ARN of an SQS queue."
  }

  validation {
    condition = alltrue([
      for service in var.services :
      can(regex("^[A-Za-z0-9_-]{1,255}/[A-Za-z0-9_-]{1,255}$", "${service.cluster_name}/${service.service_name}"))
    ])
    error_message = "A cluster_name and a service_name are names, not ARNs: the rights are made of them."
  }

  validation {
    condition = alltrue([
      for service in var.services :
      service.min_tasks >= 0 && service.min_tasks <= service.max_tasks && service.max_tasks <= <<MaxTasks.MaxValue>>
    ])
    error_message = "0 <= min_tasks <= max_tasks <= <<MaxTasks.MaxValue>>."
  }

  validation {
    condition = alltrue([
      for service in var.services : service.target_role_arn == null ||
      can(regex("<<TargetRoleArn.AllowedPattern>>", service.target_role_arn))
    ])
    error_message = "A target_role_arn is the ARN of a role."
  }

  validation {
    condition = alltrue([
      for service in var.services : service.settings == null ||
      can(regex("^\\s*\\{", service.settings)) && can(jsondecode(service.settings))
    ])
    error_message = "A service's settings are a JSON object."
  }
}

variable "fleet" {
  description = <<-EOT
    Modes fleet-sqs and fleet-map. Where the configuration document is (s3://BUCKET/KEY or ssm:/NAME),
    unless it is in settings; where fleet-map's list of targets is; what the function may do with its own role; and how much at
    a time: shards (fleet-sqs) or targets an invocation (fleet-map), and invocations at the same time.
  EOT

  type = object({
    config                  = optional(string)
    targets_bucket          = optional(string)
    targets_key             = optional(string)
    queue_arns              = optional(list(string), [])
    cluster_arns            = optional(list(string), [])
    role_arns               = optional(list(string), [])
    discover_services       = optional(bool, false)
    respect_task_protection = optional(bool)
    shards                  = optional(number, 16)
    targets_per_invocation  = optional(number, 200)
    max_concurrency         = optional(number, 16)
    memory_size             = optional(number, <<MemorySize.Default>>)
  })
  default = {}

  validation {
    condition     = var.fleet.config == null || can(regex("^(s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/.+|ssm:/[A-Za-z0-9_./-]+)$", var.fleet.config))
    error_message = "A fleet's config is s3://BUCKET/KEY or ssm:/NAME."
  }

  validation {
    condition = alltrue([
      for arn in var.fleet.queue_arns :
      can(regex("<<QueueArns.AllowedPattern>>", arn))
    ])
    error_message = "A fleet's queue_arns are the ARNs of SQS queues."
  }

  validation {
    condition = alltrue([
      for arn in var.fleet.cluster_arns :
      can(regex("<<ClusterArns.AllowedPattern>>", arn))
    ])
    error_message = "A fleet's cluster_arns are the ARNs of ECS clusters."
  }

  validation {
    condition     = alltrue([for arn in var.fleet.role_arns : can(regex("<<RoleArns.AllowedPattern>>", arn))])
    error_message = "A fleet's role_arns are the ARNs of roles."
  }

  validation {
    condition     = var.fleet.shards >= 1 && var.fleet.shards <= 1000 && var.fleet.max_concurrency >= 2 && var.fleet.max_concurrency <= 1000
    error_message = "A fleet has 1 to 1000 shards, of which 2 to 1000 run at the same time (max_concurrency)."
  }

  validation {
    condition     = var.fleet.targets_per_invocation >= 1 && var.fleet.targets_per_invocation <= 500
    error_message = "An invocation of a fleet is given 1 to 500 targets."
  }
}

variable "check_interval" {
  description = "Seconds between checks, in the modes sub-minute and sqs (there at least 6), and of a fleet (60 is one check an invocation)."
  type        = number
  default     = 10

  validation {
    condition     = contains([2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60], var.check_interval)
    error_message = "The interval is 2, 3, 4, 5, 6, 10, 12, 15, 20, 30 or 60 seconds."
  }
}

# --- when and where

variable "checks_enabled" {
  description = "false makes everything but no checks, so that two autoscalers never act on one service."
  type        = bool
  default     = true
}

variable "state_bucket" {
  description = "<<StateBucket.Description>>"
  type        = string
  default     = null

  validation {
    condition     = var.state_bucket == null || can(regex("<<StateBucket.AllowedPattern>>", var.state_bucket))
    error_message = "A state_bucket is the name of an S3 bucket."
  }
}

variable "reserve_concurrency" {
  description = "<<ReserveConcurrency.Description>> In the modes every-minute and sub-minute."
  type        = bool
  default     = true
}

variable "alarm_topic_arn" {
  description = "<<AlarmTopicArn.Description>>"
  type        = string
  default     = null

  validation {
    condition     = var.alarm_topic_arn == null || can(regex("<<AlarmTopicArn.AllowedPattern>>", var.alarm_topic_arn))
    error_message = "An alarm_topic_arn is the ARN of an SNS topic."
  }
}

variable "log_retention_days" {
  description = "<<LogRetentionDays.Description>>"
  type        = number
  default     = <<LogRetentionDays.Default>>

  validation {
    condition     = contains([<<LogRetentionDays.AllowedValues>>], var.log_retention_days)
    error_message = "CloudWatch Logs does not keep logs for that number of days."
  }
}

variable "tags" {
  description = "Tags for everything that takes them."
  type        = map(string)
  default     = {}
}
