# The smoke test before a release gets traffic, and the alarms that roll it back afterwards.

data "archive_file" "smoke" {
  type        = "zip"
  output_path = "${path.root}/.terraform/${var.region}-smoke.zip"

  source {
    filename = "index.mjs"
    content  = file("${path.module}/smoke/index.mjs")
  }
}

data "aws_iam_policy_document" "smoke_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "smoke" {
  name               = "${local.role_prefix}-smoke"
  description        = "Lambda: tries a release"
  assume_role_policy = data.aws_iam_policy_document.smoke_trust.json
}

# Its log, and a network interface in our subnets: AWS's own policy for just that.
resource "aws_iam_role_policy_attachment" "smoke" {
  role       = aws_iam_role.smoke.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
}

resource "aws_cloudwatch_log_group" "smoke" {
  region            = var.region
  name              = "/aws/lambda/${var.name}-smoke"
  retention_in_days = var.log_retention_days
}

resource "aws_lambda_function" "smoke" {
  region           = var.region
  function_name    = "${var.name}-smoke"
  description      = "Asks the next release on port 8443 whether it is ready"
  role             = aws_iam_role.smoke.arn
  runtime          = "nodejs24.x"
  architectures    = ["arm64"]
  handler          = "index.handler"
  filename         = data.archive_file.smoke.output_path
  source_code_hash = data.archive_file.smoke.output_base64sha256
  memory_size      = 128
  timeout          = 240

  environment {
    variables = {
      TRIAL_HOST    = aws_lb.public.dns_name
      DOMAIN        = var.domain
      ORIGIN_SECRET = var.origin_secret
    }
  }

  vpc_config {
    subnet_ids         = var.private_subnet_ids
    security_group_ids = [var.security_group_ids["smoke"]]
  }

  depends_on = [aws_cloudwatch_log_group.smoke]
}

# The guide's 0.1 %, over both colors, of at least a request a second: below, one failure is more than that.
resource "aws_cloudwatch_metric_alarm" "web_errors" {
  region              = var.region
  alarm_name          = "${var.name}-web-errors"
  alarm_description   = "More than 0.1 % of web's answers are failures of ours. Runbook: docs/runbook.md, When something is down"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0.1
  evaluation_periods  = 5
  datapoints_to_alarm = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.alarm_topic_arn]
  ok_actions          = [var.alarm_topic_arn]

  metric_query {
    id          = "rate"
    label       = "Failures in percent"
    expression  = "IF(requests >= 60, 100 * (FILL(blue_failures, 0) + FILL(green_failures, 0)) / requests, 0)"
    return_data = true
  }
  metric_query {
    id         = "requests"
    expression = "FILL(blue_requests, 0) + FILL(green_requests, 0)"
  }

  dynamic "metric_query" {
    for_each = {
      blue_failures  = { color = "blue", metric = "HTTPCode_Target_5XX_Count" }
      green_failures = { color = "green", metric = "HTTPCode_Target_5XX_Count" }
      blue_requests  = { color = "blue", metric = "RequestCount" }
      green_requests = { color = "green", metric = "RequestCount" }
    }
    content {
      id = metric_query.key
      metric {
        namespace   = "AWS/ApplicationELB"
        metric_name = metric_query.value.metric
        period      = 60
        stat        = "Sum"
        dimensions = {
          LoadBalancer = aws_lb.public.arn_suffix
          TargetGroup  = aws_lb_target_group.this["web-${metric_query.value.color}"].arn_suffix
        }
      }
    }
  }
}

# A gRPC error is HTTP 200 to the load balancer: core itself counts those that it did not expect.
resource "aws_cloudwatch_metric_alarm" "core_failures" {
  region              = var.region
  alarm_name          = "${var.name}-core-failures"
  alarm_description   = "Core failed calls in a way that it does not know. Runbook: docs/runbook.md, When something is down"
  namespace           = "LoyalNest"
  metric_name         = "rpc.server.duration"
  dimensions          = { code = "internal" }
  statistic           = "SampleCount"
  period              = 60
  comparison_operator = "GreaterThanThreshold"
  threshold           = 5
  evaluation_periods  = 5
  datapoints_to_alarm = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.alarm_topic_arn]
  ok_actions          = [var.alarm_topic_arn]
}
