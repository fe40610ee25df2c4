# The objective of 99.9 %, and how fast its error budget is spent. docs/runbook.md, Service level, has the numbers.

locals {
  # Of all requests from outside in 30 days, this much may fail: one in a thousand, or 43 minutes of nothing at all.
  budget_percent = 0.1

  # By a share of failures that would spend the budget of 30 days so many times as fast, over so many hours.
  burns = {
    "budget-burns-fast"   = { hours = 1, burn = 14.4, spent = "2 % of the month's error budget in an hour" }
    "budget-burns"        = { hours = 6, burn = 6, spent = "5 % of the month's error budget in six hours" }
    "budget-burns-slowly" = { hours = 24, burn = 3, spent = "10 % of the month's error budget in a day" }
  }

  # What web answered with a failure, and what no one answered, which the balancer does not count as a request.
  answers = {
    failures   = "HTTPCode_Target_5XX_Count"
    unanswered = "HTTPCode_ELB_5XX_Count"
    requests   = "RequestCount"
  }
}

resource "aws_cloudwatch_metric_alarm" "burn" {
  for_each            = local.burns
  region              = var.region
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = "Failures spend ${each.value.spent}. Runbook: Service level"
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.burn * local.budget_percent
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms[var.region].arn]
  ok_actions          = [aws_sns_topic.alarms[var.region].arn]

  # A night with a handful of requests says nothing.
  metric_query {
    id          = "rate"
    label       = "Failures in percent"
    expression  = "IF(FILL(requests, 0) + FILL(unanswered, 0) >= 1000, 100 * (FILL(failures, 0) + FILL(unanswered, 0)) / (FILL(requests, 0) + FILL(unanswered, 0)), 0)"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = local.answers
    content {
      id = metric_query.key
      metric {
        namespace   = "AWS/ApplicationELB"
        metric_name = metric_query.value
        period      = each.value.hours * 3600
        stat        = "Sum"
        dimensions  = { LoadBalancer = var.public_arn_suffix }
      }
    }
  }
}

resource "aws_cloudwatch_dashboard" "service_level" {
  region         = var.region
  dashboard_name = "${var.name}-service-level"
  dashboard_body = jsonencode({
    start = "-P30D"
    widgets = [for chart in [
      {
        title      = "Left of 30 days' error budget, percent"
        expression = "100 - 100 * (FILL(failures, 0) + FILL(unanswered, 0)) / ((FILL(requests, 0) + FILL(unanswered, 0)) * ${local.budget_percent / 100})"
      },
      {
        title      = "Answers without a failure in 30 days, percent"
        expression = "100 - 100 * (FILL(failures, 0) + FILL(unanswered, 0)) / (FILL(requests, 0) + FILL(unanswered, 0))"
      },
      ] : {
      type   = "metric"
      width  = 12
      height = 6
      properties = {
        title                = chart.title
        region               = var.region
        stat                 = "Sum"
        view                 = "singleValue"
        setPeriodToTimeRange = true
        metrics = concat(
          [[{ id = "answer", expression = chart.expression, label = chart.title }]],
          [for id, metric in local.answers : ["AWS/ApplicationELB", metric, "LoadBalancer", var.public_arn_suffix, { id = id, visible = false }]],
        )
      }
    }]
  })
}
