output "alarm_topic_arn" {
  description = "Topic for alarms of this region."
  value       = aws_sns_topic.alarms[var.region].arn
}

output "global_alarm_topic_arn" {
  description = "Topic for alarms of the other region and of global services."
  value       = aws_sns_topic.alarms["us-east-1"].arn
}

output "log_groups" {
  description = "Logs of tasks, by region."
  value       = { for region, group in aws_cloudwatch_log_group.tasks : region => { name = group.name, arn = group.arn } }
}

output "metrics_log_groups" {
  description = "Logs that metrics come by, by region."
  value       = { for region, group in aws_cloudwatch_log_group.metrics : region => { name = group.name, arn = group.arn } }
}
