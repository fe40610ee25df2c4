# Every alarm, as one table; those that roll back a release are with the services. Each description ends with where to
# read on.

locals {
  GB = 1024 * 1024 * 1024

  cluster = { ClusterName = var.cluster_name }

  service_alarms = merge(
    { for service in var.running_service_names : "${service}-cpu" => {
      namespace = "AWS/ECS", metric = "CPUUtilization", statistic = "Average", dimensions = merge(local.cluster, { ServiceName = service })
      above     = 80, minutes = 10, why = "${service} needs more tasks than its scaling gives. Runbook: Processes"
    } },
    { for service in var.running_service_names : "${service}-memory" => {
      namespace = "AWS/ECS", metric = "MemoryUtilization", statistic = "Average", dimensions = merge(local.cluster, { ServiceName = service })
      above     = 80, minutes = 10, why = "${service} runs short of memory. Runbook: Processes"
    } },
    # Each task sends one sample a minute; none at all means that none runs.
    { for service in var.running_service_names : "${service}-running" => {
      namespace = "AWS/ECS", metric = "CPUUtilization", statistic = "SampleCount", dimensions = merge(local.cluster, { ServiceName = service })
      below     = 1, minutes = 3, missing = "breaching", why = "No task of ${service} runs. Runbook: When something is down"
    } },
  )

  balancer_alarms = merge(
    {
      "balancer-errors" = {
        namespace = "AWS/ApplicationELB", metric = "HTTPCode_ELB_5XX_Count", statistic = "Sum", dimensions = { LoadBalancer = var.public_arn_suffix }
        above     = 10, minutes = 5, why = "The load balancer found no web that answers. Runbook: When something is down"
      }
      "web-latency" = {
        namespace = "AWS/ApplicationELB", metric = "TargetResponseTime", percentile = "p99", dimensions = { LoadBalancer = var.public_arn_suffix }
        above     = 1, minutes = 10, why = "One request in a hundred takes more than a second. Runbook: When something is down"
      }
      "core-latency" = {
        namespace = "AWS/ApplicationELB", metric = "TargetResponseTime", percentile = "p99", dimensions = { LoadBalancer = var.internal_arn_suffix }
        above     = 1, minutes = 10, why = "One call of core in a hundred takes more than a second. Runbook: When something is down"
      }
    },
    { for group, suffix in var.target_group_arn_suffixes : "${group}-unhealthy" => {
      namespace  = "AWS/ApplicationELB", metric = "UnHealthyHostCount", statistic = "Maximum"
      dimensions = { LoadBalancer = startswith(group, "web-") ? var.public_arn_suffix : var.internal_arn_suffix, TargetGroup = suffix }
      above      = 0, minutes = 5, why = "A task of ${group} does not answer. Runbook: When something is down"
    } },
  )

  database_alarms = merge(
    { for database in concat([var.database_identifier], var.replica_identifiers) : "${database}-database-cpu" => {
      namespace = "AWS/RDS", metric = "CPUUtilization", statistic = "Average", dimensions = { DBInstanceIdentifier = database }
      above     = 80, minutes = 10, why = "${database} is busy. Runbook: Asking the database"
    } },
    { for database in concat([var.database_identifier], var.replica_identifiers) : "${database}-database-storage" => {
      namespace = "AWS/RDS", metric = "FreeStorageSpace", statistic = "Minimum", dimensions = { DBInstanceIdentifier = database }
      below     = 5 * local.GB, minutes = 5, why = "${database} has less than 5 GB left to write to. docs/aws.md, Alarms"
    } },
    { for database in concat([var.database_identifier], var.replica_identifiers) : "${database}-database-memory" => {
      namespace = "AWS/RDS", metric = "FreeableMemory", statistic = "Minimum", dimensions = { DBInstanceIdentifier = database }
      below     = local.GB / 8, minutes = 15, why = "${database} runs short of memory. docs/aws.md, Alarms"
    } },
    { for database in var.replica_identifiers : "${database}-replica-lag" => {
      namespace = "AWS/RDS", metric = "ReplicaLag", statistic = "Average", dimensions = { DBInstanceIdentifier = database }
      # An idle replica may say up to five minutes.
      above = 300, minutes = 10, why = "${database} is more than five minutes behind. docs/aws.md, Alarms"
    } },
    {
      "database-connections" = {
        namespace = "AWS/RDS", metric = "DatabaseConnections", statistic = "Maximum", dimensions = { DBInstanceIdentifier = var.database_identifier }
        above     = var.connections_alarm, minutes = 5, why = "The pooler's connections come near the server's limit. docs/aws.md, Alarms"
      }
      "database-transaction-ids" = {
        namespace = "AWS/RDS", metric = "MaximumUsedTransactionIDs", statistic = "Maximum", dimensions = { DBInstanceIdentifier = var.database_identifier }
        above     = 1000000000, minutes = 60, why = "Vacuum does not keep up; at two thousand million the database stops. docs/aws.md, Alarms"
      }
    },
    { for database in var.dr_database_identifiers : "dr-replica-lag" => {
      region    = var.dr_region
      namespace = "AWS/RDS", metric = "ReplicaLag", statistic = "Average", dimensions = { DBInstanceIdentifier = database }
      above     = 300, minutes = 15, missing = "breaching", why = "The other region is more than five minutes behind, 15 are promised. docs/aws.md, Fail-over"
    } },
  )

  cache_alarms = merge(
    { for node in concat(var.queue_node_ids, var.cache_node_ids) : "${node}-cpu" => {
      namespace = "AWS/ElastiCache", metric = "EngineCPUUtilization", statistic = "Average", dimensions = { CacheClusterId = node }
      above     = 80, minutes = 10, why = "${node} is busy. Runbook: When something is down"
    } },
    { for node in var.queue_node_ids : "${node}-memory" => {
      namespace = "AWS/ElastiCache", metric = "DatabaseMemoryUsagePercentage", statistic = "Maximum", dimensions = { CacheClusterId = node }
      above     = 70, minutes = 5, why = "The queue fills its node and will refuse work. Runbook: When something is down"
    } },
    { for node in var.queue_node_ids : "${node}-evictions" => {
      namespace = "AWS/ElastiCache", metric = "Evictions", statistic = "Sum", dimensions = { CacheClusterId = node }
      above     = 0, minutes = 1, why = "The queue threw work away: its policy is not noeviction. Runbook: When something is down"
    } },
  )

  # Sent by our own processes. alarms.web.test.ts brings about the condition of each and finds its metric.
  telemetry_alarms = merge(
    {
      "webhook-ack" = {
        namespace = "LoyalNest", metric = "loyalnest.webhook.ack.duration", percentile = "p99", dimensions = { OTelLib = "loyalnest-web" }
        above     = 1000, minutes = 5, why = "Shopify waits long for the answer to its webhooks; after five seconds it gives up. Runbook: Alarms"
      }
      "inbox-age" = {
        namespace = "LoyalNest", metric = "loyalnest.inbox.age", statistic = "Maximum", dimensions = { OTelLib = "loyalnest-core" }
        above     = 300, minutes = 5, why = "A delivery has waited for more than five minutes. Runbook: Failed webhooks"
      }
      "queue-age" = {
        namespace = "LoyalNest", metric = "loyalnest.queue.age", statistic = "Maximum", dimensions = { OTelLib = "loyalnest-worker" }
        above     = 300, minutes = 5, missing = "breaching", why = "A job has waited for more than five minutes, or no worker says so. Runbook: Alarms"
      }
      "order-lag" = {
        namespace = "LoyalNest", metric = "loyalnest.order.lag", percentile = "p95", dimensions = { OTelLib = "loyalnest-worker" }
        above     = 60000, minutes = 5, why = "Points follow orders by more than a minute. Runbook: Alarms"
      }
      "outbox-age" = {
        namespace = "LoyalNest", metric = "loyalnest.outbox.age", statistic = "Maximum", dimensions = { OTelLib = "loyalnest-core" }
        above     = 300, minutes = 5, why = "Nobody has carried out an event for more than five minutes. Runbook: Alarms"
      }
      "pool-use" = {
        namespace = "LoyalNest", metric = "loyalnest.pool.use", statistic = "Maximum", dimensions = { OTelLib = "loyalnest-core" }
        above     = 90, minutes = 5, why = "Core has hardly a free connection to the database. Runbook: Alarms"
      }
      "shopify-budget" = {
        namespace = "LoyalNest", metric = "loyalnest.shopify.budget", statistic = "Average", dimensions = { OTelLib = "loyalnest-worker" }
        below     = 25, minutes = 15, why = "Shops have little left of what Shopify lets us ask. Runbook: Alarms"
      }
      "provider-errors" = {
        namespace = "LoyalNest", metric = "loyalnest.provider.errors", statistic = "Sum", dimensions = { OTelLib = "loyalnest-worker" }
        above     = 20, minutes = 5, datapoints = 3, why = "Shopify or another provider fails. Runbook: When something is down"
      }
      "reconcile-drift" = {
        namespace = "LoyalNest", metric = "loyalnest.reconcile.drift", statistic = "Sum", dimensions = { OTelLib = "loyalnest-worker" }
        above     = 10, minutes = 60, why = "The night found orders that no webhook had brought. Runbook: Alarms"
      }
      "rfm-refresh" = {
        namespace = "LoyalNest", metric = "loyalnest.jobs.failed", statistic = "Sum", dimensions = { OTelLib = "loyalnest-worker", job = "refresh-segment-counts" }
        above     = 0, minutes = 5, datapoints = 1, why = "rfm_segment_counts was not refreshed. Runbook: Nightly, UTC"
      }
      "privacy" = {
        namespace = "LoyalNest", metric = "loyalnest.jobs.failed", statistic = "Sum", dimensions = { OTelLib = "loyalnest-worker", job = "process-privacy-request" }
        above     = 0, minutes = 5, datapoints = 1, why = "A request of gdpr_requests failed: the law gives 30 days. Runbook: Privacy"
      }
      "privacy-overdue" = {
        namespace = "LoyalNest", metric = "loyalnest.privacy.overdue", statistic = "Maximum", dimensions = { OTelLib = "loyalnest-core" }
        above     = 0, minutes = 5, why = "A request of gdpr_requests is open past its time. Runbook: Privacy"
      }
      "erasure-overdue" = {
        namespace = "LoyalNest", metric = "loyalnest.erasures.overdue", statistic = "Sum", dimensions = { OTelLib = "loyalnest-worker" }
        above     = 0, minutes = 5, datapoints = 1, why = "A shop is not erased, and Shopify's 30 days end. Runbook: Shop erasures"
      }
      "dead-letters" = {
        namespace = "LoyalNest", metric = "loyalnest.jobs.failed", statistic = "Sum", dimensions = { OTelLib = "loyalnest-worker" }
        above     = 0, minutes = 5, datapoints = 1, why = "A job failed for good. Runbook: The console, Dead letters"
      }
    },
    { for process in ["web", "worker"] : "${process}-queue-errors" => {
      namespace = "LoyalNest", metric = "loyalnest.queue.errors", statistic = "Sum", dimensions = { OTelLib = "loyalnest-${process}" }
      above     = 10, minutes = 5, datapoints = 1, why = "${process} does not reach the queue. Runbook: When something is down"
    } },
    { for process in ["web", "worker", "core"] : "${process}-unhandled-errors" => {
      namespace = "LoyalNest", metric = "loyalnest.unhandled.errors", statistic = "Sum", dimensions = { OTelLib = "loyalnest-${process}" }
      above     = 0, minutes = 5, datapoints = 1, why = "${process} met what it does not know. Runbook: Alarms"
    } },
  )

  backup_alarms = merge(
    { for kind in ["Backup", "Copy", "Restore"] : "${lower(kind)}-failed" => {
      namespace = "AWS/Backup", metric = "NumberOf${kind}JobsFailed", statistic = "Sum", dimensions = { BackupVaultName = var.backup_vault, ResourceType = "RDS" }
      above     = 0, minutes = 60, why = "AWS Backup: ${lower(kind)} failed. docs/aws.md, Backups"
    } },
    {
      "backup-missing" = {
        namespace = "AWS/Backup", metric = "NumberOfBackupJobsCompleted", statistic = "Sum", dimensions = { BackupVaultName = var.backup_vault, ResourceType = "RDS" }
        below     = 1, minutes = 60, periods = 26, missing = "breaching", why = "No snapshot for 26 hours. docs/aws.md, Backups"
      }
      "backup-not-valid" = {
        namespace = "AWS/Lambda", metric = "Errors", statistic = "Sum", dimensions = { FunctionName = var.validation_function_name }
        above     = 0, minutes = 5, why = "A restored snapshot did not hold what it must. docs/aws.md, Backups"
      }
    },
  )

  edge_alarms = {
    "public-health" = {
      region    = "us-east-1"
      namespace = "AWS/Route53", metric = "HealthCheckStatus", statistic = "Minimum", dimensions = { HealthCheckId = var.public_health_check_id }
      below     = 1, minutes = 3, missing = "breaching", why = "The app does not answer from outside. Runbook: When something is down"
    }
    "firewall" = {
      region    = "us-east-1"
      namespace = "AWS/WAFV2", metric = "BlockedRequests", statistic = "Sum", dimensions = { WebACL = var.web_acl_name, Rule = "ALL" }
      above     = 1000, minutes = 5, why = "The firewall refuses many requests. docs/aws.md, Alarms"
    }
  }

  alarms = merge(
    local.service_alarms,
    local.balancer_alarms,
    local.database_alarms,
    local.cache_alarms,
    local.telemetry_alarms,
    local.backup_alarms,
    local.edge_alarms,
  )
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each            = local.alarms
  region              = try(each.value.region, var.region)
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.why
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = try(each.value.statistic, null)
  extended_statistic  = try(each.value.percentile, null)
  period              = each.value.minutes >= 60 ? 3600 : 60
  evaluation_periods  = try(each.value.periods, each.value.minutes >= 60 ? 1 : each.value.minutes)
  comparison_operator = can(each.value.above) ? "GreaterThanThreshold" : "LessThanThreshold"
  threshold           = try(each.value.above, each.value.below)
  # Counters without data count as zero; metrics that must always have data alarm when missing.
  treat_missing_data  = try(each.value.missing, "notBreaching")
  datapoints_to_alarm = try(each.value.datapoints, null)
  alarm_actions       = [aws_sns_topic.alarms[try(each.value.region, var.region)].arn]
  ok_actions          = [aws_sns_topic.alarms[try(each.value.region, var.region)].arn]
}

# The guide's 250 USD, which its own list is above, and what this layout comes to.
resource "aws_budgets_budget" "monthly" {
  for_each     = { guide = var.budget_usd, expected = var.budget_expected_usd }
  name         = "${var.name}-${each.key}"
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = tostring(each.value)
  limit_unit   = "USD"

  notification {
    notification_type         = "ACTUAL"
    comparison_operator       = "GREATER_THAN"
    threshold                 = 100
    threshold_type            = "PERCENTAGE"
    subscriber_sns_topic_arns = [aws_sns_topic.alarms["us-east-1"].arn]
  }

  notification {
    notification_type         = "FORECASTED"
    comparison_operator       = "GREATER_THAN"
    threshold                 = 110
    threshold_type            = "PERCENTAGE"
    subscriber_sns_topic_arns = [aws_sns_topic.alarms["us-east-1"].arn]
  }
}
