# Written by scripts/deploy_templates.py from deploy/source/terraform/variables.tf: change that.
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
  description = "What the zip was made for. arm64 costs a fifth less."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "The architecture is arm64 or x86_64."
  }
}

variable "zip" {
  description = "The zip's path on this machine; or null, and then code_bucket and code_key."
  type        = string
  default     = null
}

variable "code_bucket" {
  description = "The bucket that holds the zip, in this region. Where the zip is not on this machine."
  type        = string
  default     = null
}

variable "code_key" {
  description = "The zip's key. Give each release a key of its own, or an update changes nothing."
  type        = string
  default     = null
}

variable "code_object_version" {
  description = "The version of the zip's object, where its bucket keeps versions; the newest without it."
  type        = string
  default     = null
}

# --- what is scaled, and how

variable "settings" {
  description = "Further settings, a JSON object by the keys of README.md such as {\"policy\": \"backlog\"}; 3 KB at most."
  type        = string
  default     = null

  validation {
    condition     = var.settings == null || can(regex("^\\s*\\{", var.settings)) && can(jsondecode(var.settings))
    error_message = "The settings are a JSON object."
  }

  # A function's environment is 4 KB at most.
  validation {
    condition     = length(var.settings == null ? "" : var.settings) <= 3072
    error_message = "The settings are at most 3072 characters: keep more in S3 or SSM (mode fleet-sqs)."
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
      can(regex("^arn:aws[a-z-]*:sqs:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,80}(\\.fifo)?$", service.queue_arn))
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
      service.min_tasks >= 0 && service.min_tasks <= service.max_tasks && service.max_tasks <= 100000
    ])
    error_message = "0 <= min_tasks <= max_tasks <= 100000."
  }

  validation {
    condition = alltrue([
      for service in var.services : service.target_role_arn == null ||
      can(regex("^arn:aws(-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,576}$", service.target_role_arn))
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
    memory_size             = optional(number, 256)
  })
  default = {}

  validation {
    condition     = var.fleet.config == null || can(regex("^(s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/.+|ssm:/[A-Za-z0-9_./-]+)$", var.fleet.config))
    error_message = "A fleet's config is s3://BUCKET/KEY or ssm:/NAME."
  }

  validation {
    condition = alltrue([
      for arn in var.fleet.queue_arns :
      can(regex("^arn:aws[a-z-]*:sqs:[a-z0-9*-]+:[0-9]{12}:[A-Za-z0-9_*-]{1,80}(\\.fifo)?$", arn))
    ])
    error_message = "A fleet's queue_arns are the ARNs of SQS queues."
  }

  validation {
    condition = alltrue([
      for arn in var.fleet.cluster_arns :
      can(regex("^arn:aws[a-z-]*:ecs:[a-z0-9*-]+:[0-9]{12}:cluster/[A-Za-z0-9_*-]{1,255}$", arn))
    ])
    error_message = "A fleet's cluster_arns are the ARNs of ECS clusters."
  }

  validation {
    condition     = alltrue([for arn in var.fleet.role_arns : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@*/-]{1,576}$", arn))])
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
  description = "The S3 bucket that keeps the last scaling actions. In this region; without it one is made, and kept."
  type        = string
  default     = null

  validation {
    condition     = var.state_bucket == null || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.state_bucket))
    error_message = "A state_bucket is the name of an S3 bucket."
  }
}

variable "reserve_concurrency" {
  description = "Reserve the function a concurrency of 1. An account with a limit of 10 can't - then false. In the modes every-minute and sub-minute."
  type        = bool
  default     = true
}

variable "alarm_topic_arn" {
  description = "The SNS topic that alarms tell; without it they are there to be looked at."
  type        = string
  default     = null

  validation {
    condition     = var.alarm_topic_arn == null || can(regex("^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$", var.alarm_topic_arn))
    error_message = "An alarm_topic_arn is the ARN of an SNS topic."
  }
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653], var.log_retention_days)
    error_message = "CloudWatch Logs does not keep logs for that number of days."
  }
}

variable "tags" {
  description = "Tags for everything that takes them."
  type        = map(string)
  default     = {}
}
