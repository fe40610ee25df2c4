# The app's name leads to CloudFront, and CloudFront's origin to the region that is alive. The switch is a person's, since
# promoting the replica is irreversible: a number sent to the other region's CloudWatch switches it, without any change
# in Route 53, CloudFront or IAM, whose controls all stand in one region.
#   aws cloudwatch put-metric-data --region us-east-1 --namespace LoyalNest --metric-name FailedOver --value 1

resource "aws_route53_record" "app" {
  for_each = toset(["A", "AAAA"])
  zone_id  = var.zone_id
  name     = var.domain
  type     = each.value

  alias {
    name                   = aws_cloudfront_distribution.this.domain_name
    zone_id                = aws_cloudfront_distribution.this.hosted_zone_id
    evaluate_target_health = false
  }
}

resource "aws_cloudwatch_metric_alarm" "failed_over" {
  region              = var.dr_region
  alarm_name          = "${var.name}-failed-over"
  alarm_description   = "The other region has taken over. Turned by a person; docs/aws.md, Fail-over"
  namespace           = "LoyalNest"
  metric_name         = "FailedOver"
  statistic           = "Maximum"
  period              = 60
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  evaluation_periods  = 1
  # Once said, it stands until the opposite is said.
  treat_missing_data = "ignore"
}

resource "aws_route53_health_check" "primary" {
  type                            = "CLOUDWATCH_METRIC"
  cloudwatch_alarm_name           = aws_cloudwatch_metric_alarm.failed_over.alarm_name
  cloudwatch_alarm_region         = var.dr_region
  insufficient_data_health_status = "Healthy"
  tags                            = { Name = "${var.name}-primary" }
}

resource "aws_route53_record" "origin_primary" {
  zone_id         = var.zone_id
  name            = var.origin_domain
  type            = "A"
  set_identifier  = "primary"
  health_check_id = aws_route53_health_check.primary.id

  failover_routing_policy {
    type = "PRIMARY"
  }

  # Only the switch decides: unhealthy tasks during an incident must not send writes to a replica.
  alias {
    name                   = var.balancer_dns_name
    zone_id                = var.balancer_zone_id
    evaluate_target_health = false
  }
}

resource "aws_route53_record" "origin_secondary" {
  count          = var.dr_enabled ? 1 : 0
  zone_id        = var.zone_id
  name           = var.origin_domain
  type           = "A"
  set_identifier = "secondary"

  failover_routing_policy {
    type = "SECONDARY"
  }

  alias {
    name                   = var.dr_balancer_dns_name
    zone_id                = var.dr_balancer_zone_id
    evaluate_target_health = false
  }
}

# What a shopper meets: CloudFront, firewall, load balancer, web, core and database.
resource "aws_route53_health_check" "public" {
  type              = "HTTPS"
  fqdn              = var.domain
  port              = 443
  resource_path     = "/healthz"
  request_interval  = 30
  failure_threshold = 3
  measure_latency   = true
  tags              = { Name = "${var.name}-public" }
}
