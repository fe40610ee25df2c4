# Web and core's five services deploy blue/green, and an alarm or the smoke test rolls back; worker, pooler and
# collector take their tasks over one by one.

locals {
  # A region that only stands by has everything but tasks.
  counts = {
    for name, size in merge(var.core_services, {
      web       = var.web
      worker    = var.worker
      pgbouncer = var.pgbouncer
      collector = var.collector
      }) : name => {
      min = var.running ? size.min : 0
      max = var.running ? size.max : 0
    }
  }

  spot = [for name, service in var.core_services : name if service.spot]

  rolling = {
    worker    = null
    pgbouncer = "pgbouncer"
    collector = "collector"
  }
}

resource "aws_ecs_cluster" "this" {
  region = var.region
  name   = var.name

  # Tasks are counted by the samples of their CPU metric: Container Insights is paid by the metric.
  setting {
    name  = "containerInsights"
    value = "disabled"
  }
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  region             = var.region
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]
}

resource "aws_ecs_service" "blue_green" {
  for_each                          = local.blue_green
  region                            = var.region
  name                              = each.key
  cluster                           = aws_ecs_cluster.this.arn
  task_definition                   = aws_ecs_task_definition.this[each.key].arn
  desired_count                     = local.counts[each.key].min
  health_check_grace_period_seconds = 60
  enable_execute_command            = false
  propagate_tags                    = "SERVICE"

  deployment_controller {
    type = "ECS"
  }

  deployment_configuration {
    strategy             = "BLUE_GREEN"
    bake_time_in_minutes = "10"

    dynamic "lifecycle_hook" {
      for_each = each.key == "web" ? [aws_lambda_function.smoke.arn] : []
      content {
        hook_target_arn  = lifecycle_hook.value
        role_arn         = aws_iam_role.hook.arn
        lifecycle_stages = ["POST_TEST_TRAFFIC_SHIFT"]
      }
    }
  }

  alarms {
    enable   = true
    rollback = true
    alarm_names = [
      each.key == "web" ? aws_cloudwatch_metric_alarm.web_errors.alarm_name : aws_cloudwatch_metric_alarm.core_failures.alarm_name,
    ]
  }

  # One task always on its own, the others where they are 70 % cheaper and may be taken with two minutes' notice.
  dynamic "capacity_provider_strategy" {
    for_each = concat(
      [{ provider = "FARGATE", base = contains(local.spot, each.key) ? 1 : 0, weight = contains(local.spot, each.key) ? 0 : 1 }],
      contains(local.spot, each.key) ? [{ provider = "FARGATE_SPOT", base = 0, weight = 1 }] : [],
    )
    content {
      capacity_provider = capacity_provider_strategy.value.provider
      base              = capacity_provider_strategy.value.base
      weight            = capacity_provider_strategy.value.weight
    }
  }

  network_configuration {
    subnets          = var.private_subnet_ids
    security_groups  = [var.security_group_ids[each.key == "web" ? "web" : "core"]]
    assign_public_ip = false
  }

  load_balancer {
    container_name   = each.key
    container_port   = each.value.port
    target_group_arn = aws_lb_target_group.this["${each.key}-blue"].arn

    advanced_configuration {
      alternate_target_group_arn = aws_lb_target_group.this["${each.key}-green"].arn
      production_listener_rule   = each.key == "web" ? aws_lb_listener_rule.web["production"].arn : aws_lb_listener_rule.core_production[each.key].arn
      test_listener_rule         = each.key == "web" ? aws_lb_listener_rule.web["trial"].arn : aws_lb_listener_rule.core_trial[each.key].arn
      role_arn                   = aws_iam_role.balancing.arn
    }
  }

  # Releases are the pipeline's, which calls UpdateService, and the number of tasks is the scaling's.
  lifecycle {
    ignore_changes = [task_definition, desired_count, load_balancer]
  }

  depends_on = [
    aws_ecs_cluster_capacity_providers.this,
    aws_iam_role_policy_attachment.balancing,
    aws_iam_role_policy.execution,
  ]
}

resource "aws_ecs_service" "rolling" {
  for_each                           = local.rolling
  region                             = var.region
  name                               = each.key
  cluster                            = aws_ecs_cluster.this.arn
  task_definition                    = aws_ecs_task_definition.this[each.key].arn
  desired_count                      = local.counts[each.key].min
  availability_zone_rebalancing      = "ENABLED"
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  enable_execute_command             = false
  propagate_tags                     = "SERVICE"

  deployment_controller {
    type = "ECS"
  }

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  capacity_provider_strategy {
    capacity_provider = "FARGATE"
    base              = 0
    weight            = 1
  }

  network_configuration {
    subnets          = var.private_subnet_ids
    security_groups  = [var.security_group_ids[each.key]]
    assign_public_ip = false
  }

  dynamic "service_registries" {
    for_each = each.value == null ? [] : [each.value]
    content {
      registry_arn = aws_service_discovery_service.this[service_registries.value].arn
    }
  }

  lifecycle {
    ignore_changes = [task_definition, desired_count]
  }

  depends_on = [aws_ecs_cluster_capacity_providers.this, aws_iam_role_policy.execution]
}

# At 80 % of CPU or of memory. Fewer tasks come by CPU alone, since Node.js rarely gives memory back.
resource "aws_appautoscaling_target" "this" {
  for_each           = local.counts
  region             = var.region
  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.this.name}/${contains(keys(local.rolling), each.key) ? aws_ecs_service.rolling[each.key].name : aws_ecs_service.blue_green[each.key].name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = each.value.min
  max_capacity       = each.value.max
}

resource "aws_appautoscaling_policy" "cpu" {
  for_each           = aws_appautoscaling_target.this
  region             = var.region
  name               = "cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = each.value.service_namespace
  resource_id        = each.value.resource_id
  scalable_dimension = each.value.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = 80
    scale_out_cooldown = 60
    scale_in_cooldown  = 300
    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}

resource "aws_appautoscaling_policy" "memory" {
  for_each           = aws_appautoscaling_target.this
  region             = var.region
  name               = "memory"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = each.value.service_namespace
  resource_id        = each.value.resource_id
  scalable_dimension = each.value.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = 80
    disable_scale_in   = true
    scale_out_cooldown = 60
    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageMemoryUtilization"
    }
  }
}
