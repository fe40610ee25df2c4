# Notification topics. Alarms of CloudFront, Route 53 and the other region can only speak to a topic of us-east-1. What is said
# names no person, so it needs no key of its own, which CloudWatch and Budgets would have to be let into.

locals {
  topic_regions = toset([var.region, "us-east-1"])
}

resource "aws_sns_topic" "alarms" {
  for_each     = local.topic_regions
  region       = each.value
  name         = "${var.name}-alarms"
  display_name = "LoyalNest ${var.environment}"
}

data "aws_iam_policy_document" "alarms" {
  for_each = local.topic_regions

  statement {
    sid       = "AwsServicesOfThisAccount"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alarms[each.value].arn]
    principals {
      type        = "Service"
      identifiers = ["budgets.amazonaws.com", "cloudwatch.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }
  }
}

resource "aws_sns_topic_policy" "alarms" {
  for_each = local.topic_regions
  region   = each.value
  arn      = aws_sns_topic.alarms[each.value].arn
  policy   = data.aws_iam_policy_document.alarms[each.value].json
}

resource "aws_sns_topic_subscription" "email" {
  for_each  = { for pair in setproduct(local.topic_regions, var.alarm_emails) : join(" ", pair) => pair }
  region    = each.value[0]
  topic_arn = aws_sns_topic.alarms[each.value[0]].arn
  protocol  = "email"
  endpoint  = each.value[1]
}
