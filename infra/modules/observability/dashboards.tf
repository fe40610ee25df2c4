# Two pages: how the product is, from the shopper inwards, and what its traces say.

locals {
  widget = { type = "metric", width = 8, height = 6 }

  product_charts = [
    { title = "Requests and failures", stat = "Sum", metrics = [
      ["AWS/ApplicationELB", "RequestCount", "LoadBalancer", var.public_arn_suffix],
      ["AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "LoadBalancer", var.public_arn_suffix],
      ["AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", "LoadBalancer", var.public_arn_suffix],
    ] },
    { title = "Time to answer, p99, in seconds", stat = "p99", metrics = [
      ["AWS/ApplicationELB", "TargetResponseTime", "LoadBalancer", var.public_arn_suffix],
      ["AWS/ApplicationELB", "TargetResponseTime", "LoadBalancer", var.internal_arn_suffix],
    ] },
    { title = "Tasks", stat = "SampleCount", metrics = [
      for service in var.running_service_names : ["AWS/ECS", "CPUUtilization", "ClusterName", var.cluster_name, "ServiceName", service]
    ] },
    { title = "CPU of tasks, percent", stat = "Average", metrics = [
      for service in var.running_service_names : ["AWS/ECS", "CPUUtilization", "ClusterName", var.cluster_name, "ServiceName", service]
    ] },
    { title = "Memory of tasks, percent", stat = "Average", metrics = [
      for service in var.running_service_names : ["AWS/ECS", "MemoryUtilization", "ClusterName", var.cluster_name, "ServiceName", service]
    ] },
    { title = "CPU of databases, percent", stat = "Average", metrics = [
      for database in concat([var.database_identifier], var.replica_identifiers) : ["AWS/RDS", "CPUUtilization", "DBInstanceIdentifier", database]
    ] },
    { title = "Connections of databases", stat = "Maximum", metrics = [
      for database in concat([var.database_identifier], var.replica_identifiers) : ["AWS/RDS", "DatabaseConnections", "DBInstanceIdentifier", database]
    ] },
    { title = "Replicas behind, in seconds", stat = "Average", metrics = [
      for database in var.replica_identifiers : ["AWS/RDS", "ReplicaLag", "DBInstanceIdentifier", database]
    ] },
    { title = "Memory of queue and cache, percent", stat = "Maximum", metrics = [
      for node in concat(var.queue_node_ids, var.cache_node_ids) : ["AWS/ElastiCache", "DatabaseMemoryUsagePercentage", "CacheClusterId", node]
    ] },
    { title = "From order to points, p95 in ms", stat = "p95", metrics = [
      ["LoyalNest", "loyalnest.webhook.ack.duration", "OTelLib", "loyalnest-web"],
      ["LoyalNest", "loyalnest.order.lag", "OTelLib", "loyalnest-worker"],
    ] },
    { title = "The oldest that waits, in seconds", stat = "Maximum", metrics = [
      ["LoyalNest", "loyalnest.inbox.age", "OTelLib", "loyalnest-core"],
      ["LoyalNest", "loyalnest.outbox.age", "OTelLib", "loyalnest-core"],
      ["LoyalNest", "loyalnest.queue.age", "OTelLib", "loyalnest-worker"],
    ] },
    { title = "What failed", stat = "Sum", metrics = [
      for failed in ["jobs.failed", "provider.errors", "queue.errors", "unhandled.errors", "reconcile.drift"] :
      ["LoyalNest", "loyalnest.${failed}", "OTelLib", "loyalnest-worker"]
    ] },
    { title = "Left of Shopify's budget, percent", stat = "Average", metrics = [
      ["LoyalNest", "loyalnest.shopify.budget", "OTelLib", "loyalnest-worker"],
    ] },
    { title = "Calls of core by outcome, p99 in ms", stat = "p99", metrics = [
      for code in ["ok", "unavailable", "resource_exhausted", "internal"] : ["LoyalNest", "rpc.server.duration", "code", code]
    ] },
    { title = "Connections of core's pool", stat = "Maximum", metrics = [
      for state in ["idle", "used", "waiting"] : ["LoyalNest", "db.client.connection.count", "state", state]
    ] },
  ]
}

resource "aws_cloudwatch_dashboard" "product" {
  region         = var.region
  dashboard_name = var.name
  dashboard_body = jsonencode({
    widgets = [for chart in local.product_charts : merge(local.widget, {
      properties = {
        title   = chart.title
        region  = var.region
        stat    = chart.stat
        period  = 60
        view    = "timeSeries"
        metrics = chart.metrics
      }
    })]
  })
}

resource "aws_cloudwatch_dashboard" "traces" {
  region         = var.region
  dashboard_name = "${var.name}-traces"
  dashboard_body = jsonencode({
    widgets = concat(
      [merge(local.widget, {
        properties = {
          title  = "Traces that X-Ray keeps, by group"
          region = var.region
          stat   = "Sum"
          period = 60
          view   = "timeSeries"
          metrics = [
            for group in values(aws_xray_group.this)[*].group_name : ["AWS/X-Ray", "ApproximateTraceCount", "GroupName", group]
          ]
        }
      })],
      [{
        type   = "log"
        width  = 16
        height = 6
        properties = {
          title  = "Errors by message"
          region = var.region
          view   = "table"
          query  = "SOURCE '${aws_cloudwatch_log_group.tasks[var.region].name}' | ${local.questions["errors by message"]}"
        }
      }],
    )
  })
}
