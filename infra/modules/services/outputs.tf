output "cluster_name" {
  description = "The cluster, as metrics call it."
  value       = aws_ecs_cluster.this.name
}

output "cluster_arn" {
  description = "The cluster, in policies."
  value       = aws_ecs_cluster.this.arn
}

output "service_names" {
  description = "All services, as metrics call them."
  value       = sort(concat(keys(local.blue_green), keys(local.rolling)))
}

output "running_service_names" {
  description = "Services that always have a task."
  value       = sort([for name, count in local.counts : name if count.min > 0])
}

output "service_arns" {
  description = "All services, in policies."
  value       = concat(values(aws_ecs_service.blue_green)[*].id, values(aws_ecs_service.rolling)[*].id)
}

output "task_families" {
  description = "Families of task definitions."
  value       = values(aws_ecs_task_definition.this)[*].family
}

output "task_role_arns" {
  description = "All roles that tasks are given: the pipeline may pass these and no others."
  value       = concat(values(aws_iam_role.execution)[*].arn, values(aws_iam_role.task)[*].arn)
}

output "public_dns_name" {
  description = "The public load balancer."
  value       = aws_lb.public.dns_name
}

output "public_zone_id" {
  description = "Zone of the public load balancer's own name."
  value       = aws_lb.public.zone_id
}

output "public_arn_suffix" {
  description = "The public load balancer, as metrics call it."
  value       = aws_lb.public.arn_suffix
}

output "internal_arn_suffix" {
  description = "Core's load balancer, as metrics call it."
  value       = aws_lb.internal.arn_suffix
}

output "target_group_arn_suffixes" {
  description = "Target groups by service and color, as metrics call them."
  value       = { for name, group in aws_lb_target_group.this : name => group.arn_suffix }
}

output "migrate_task_family" {
  description = "Run once before a release."
  value       = aws_ecs_task_definition.this["migrate"].family
}
