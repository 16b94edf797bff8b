output "function_name" {
  description = "The function; `aws lambda invoke` makes a check by hand."
  value       = aws_lambda_function.this.function_name
}

output "function_arn" {
  description = "The function's ARN"
  value       = aws_lambda_function.this.arn
}

output "function_role_arn" {
  description = "The function's role; a target role in another account trusts it."
  value       = aws_iam_role.function.arn
}

output "log_group_name" {
  description = "Where the function logs"
  value       = aws_cloudwatch_log_group.this.name
}

output "state_bucket_name" {
  description = "The bucket of the recorded actions"
  value       = local.state_bucket
}

output "tick_queue_url" {
  description = "Mode sqs: the queue of the ticks; a message `{}` makes a check by hand. Mode fleet-sqs: of the shards; `{\"shard\":\"1/1\"}` checks everything."
  value       = one(aws_sqs_queue.ticks[*].url)
}

output "dead_letter_queue_url" {
  description = "Modes sqs and fleet-sqs: the queue of the ticks that failed"
  value       = one(aws_sqs_queue.dead_letters[*].url)
}

output "state_machine_arn" {
  description = "A fleet's state machine; `aws stepfunctions start-execution` checks it by hand."
  value       = one(aws_sfn_state_machine.fleet[*].arn)
}

output "rule_names" {
  description = "Mode eventbridge: the rule that ticks, of each service"
  value       = { for key, rule in aws_cloudwatch_event_rule.tick : key => rule.name }
}
