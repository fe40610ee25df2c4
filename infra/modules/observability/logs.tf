# Logs of all tasks, and questions to ask them. The other region's stand before it is needed.

locals {
  log_regions = toset(var.dr_enabled ? [var.region, var.dr_region] : [var.region])

  # Logs Insights. No metric carries a tenant: each would be paid for.
  questions = {
    "errors by message"            = "filter level >= 50 | stats count(*) as times by msg | sort times desc"
    "one request"                  = "filter requestId = 'the reference' | sort @timestamp asc"
    "query time by tenant"         = "filter ispresent(queryMilliseconds) | stats avg(queryMilliseconds) as average, pct(queryMilliseconds, 99) as p99, count(*) as queries by merchantId | sort p99 desc | limit 50"
    "one trace"                    = "filter traceId = 'the trace' | sort @timestamp asc"
    "jobs that failed by tenant"   = "filter msg like /A job failed/ | stats count(*) as times by job, merchantId | sort times desc"
    "failed calls of core by kind" = "filter msg = 'a call failed unexpectedly' | stats count(*) as times by method | sort times desc"
  }
}

resource "aws_cloudwatch_log_group" "tasks" {
  for_each          = local.log_regions
  region            = each.value
  name              = "/aws/ecs/${var.name}"
  retention_in_days = var.log_retention_days
}

# Metrics come by a log of their own, in CloudWatch's embedded format, and stand in it no longer than they are looked at.
resource "aws_cloudwatch_log_group" "metrics" {
  for_each          = local.log_regions
  region            = each.value
  name              = "/aws/ecs/${var.name}/metrics"
  retention_in_days = 7
}

resource "aws_cloudwatch_query_definition" "question" {
  for_each        = local.questions
  region          = var.region
  name            = "${var.name}/${each.key}"
  log_group_names = [aws_cloudwatch_log_group.tasks[var.region].name]
  query_string    = each.value
}

# One trace in twenty and at least one a second; every trace of the slow and of the failed is kept by the group's search.
resource "aws_xray_sampling_rule" "this" {
  region         = var.region
  rule_name      = var.name
  priority       = 1000
  version        = 1
  reservoir_size = 1
  fixed_rate     = 0.05
  host           = "*"
  http_method    = "*"
  resource_arn   = "*"
  service_name   = "loyalnest-*"
  service_type   = "*"
  url_path       = "*"
}

resource "aws_xray_group" "this" {
  for_each = {
    failed = "fault = true OR error = true"
    slow   = "responsetime > 1"
    rfm    = "annotation.operation = \"calculate_rfm_score\""
  }
  region            = var.region
  group_name        = "${var.name}-${each.key}"
  filter_expression = each.value

  insights_configuration {
    insights_enabled      = true
    notifications_enabled = false
  }
}
