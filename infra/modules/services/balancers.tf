# Two load balancers: a public one before web, which CloudFront alone reaches, and an internal one before core, by path of
# the gRPC call. Each service has two target groups; Amazon ECS starts a release in the idle one, tries it on port 8443
# and then moves the rule's weights over.

locals {
  # Core's services and web, with what each is asked for at its load balancer.
  blue_green = merge(
    { for name, service in var.core_services : name => {
      port     = 50051
      protocol = "GRPC"
      health   = "/grpc.health.v1.Health/Check"
      # grpc-status 0 alone: a core that is going down answers UNAVAILABLE.
      matcher = "0"
      paths   = service.paths
    } },
    { web = {
      port     = 3000
      protocol = "HTTP1"
      # Alive, not ready: Amazon ECS replaces tasks that this fails, and a database that is away comes back no sooner
      # for it.
      health  = "/health"
      matcher = "200"
      paths   = ["/*"]
    } },
  )

  target_groups = merge([
    for name, service in local.blue_green : {
      for color in ["blue", "green"] : "${name}-${color}" => merge(service, { service = name })
    }
  ]...)

  # AWS's own names must be unique in the account for roles, in the region for all else.
  role_prefix = var.standby ? "${var.name}-dr" : var.name
}

resource "aws_acm_certificate" "public" {
  region                    = var.region
  domain_name               = var.domain
  subject_alternative_names = [var.origin_domain]
  validation_method         = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_acm_certificate" "internal" {
  region            = var.region
  domain_name       = "*.${var.internal_domain}"
  validation_method = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

# A name is proved by the same record in every region and for CloudFront: the first region writes it for all.
locals {
  validations = {
    for option in concat(
      tolist(aws_acm_certificate.public.domain_validation_options),
      tolist(aws_acm_certificate.internal.domain_validation_options),
    ) : option.domain_name => option
  }
}

resource "aws_route53_record" "validation" {
  for_each = var.standby ? toset([]) : toset([var.domain, var.origin_domain, "*.${var.internal_domain}"])
  zone_id  = var.zone_id
  name     = local.validations[each.key].resource_record_name
  type     = local.validations[each.key].resource_record_type
  records  = [local.validations[each.key].resource_record_value]
  ttl      = 300
}

resource "aws_acm_certificate_validation" "public" {
  region          = var.region
  certificate_arn = aws_acm_certificate.public.arn
  depends_on      = [aws_route53_record.validation]
}

resource "aws_acm_certificate_validation" "internal" {
  region          = var.region
  certificate_arn = aws_acm_certificate.internal.arn
  depends_on      = [aws_route53_record.validation]
}

resource "aws_lb" "public" {
  region                     = var.region
  name                       = "${var.name}-public"
  load_balancer_type         = "application"
  internal                   = false
  subnets                    = var.public_subnet_ids
  security_groups            = [var.security_group_ids["alb-public"]]
  drop_invalid_header_fields = true
  enable_deletion_protection = var.deletion_protection
  idle_timeout               = 120
}

resource "aws_lb" "internal" {
  region                     = var.region
  name                       = "${var.name}-internal"
  load_balancer_type         = "application"
  internal                   = true
  subnets                    = var.private_subnet_ids
  security_groups            = [var.security_group_ids["alb-internal"]]
  drop_invalid_header_fields = true
  enable_deletion_protection = var.deletion_protection
  idle_timeout               = 120
}

resource "aws_lb_target_group" "this" {
  for_each = local.target_groups
  region   = var.region
  # At most six letters; the rest is AWS's, since a new group exists beside the old one for a while.
  name_prefix          = "${substr(each.value.service, 0, 5)}-"
  vpc_id               = var.vpc_id
  target_type          = "ip"
  port                 = each.value.port
  protocol             = "HTTP"
  protocol_version     = each.value.protocol
  deregistration_delay = 30
  tags                 = { Name = "${var.name}-${each.key}" }

  health_check {
    path                = each.value.health
    matcher             = each.value.matcher
    protocol            = "HTTP"
    port                = "traffic-port"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lb_listener" "public" {
  for_each          = { production = 443, trial = 8443 }
  region            = var.region
  load_balancer_arn = aws_lb.public.arn
  port              = each.value
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = aws_acm_certificate_validation.public.certificate_arn

  # Requests that bypass our CloudFront distribution, and with it the firewall.
  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      status_code  = "403"
    }
  }
}

resource "aws_lb_listener" "internal" {
  for_each          = { production = 443, trial = 8443 }
  region            = var.region
  load_balancer_arn = aws_lb.internal.arn
  port              = each.value
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = aws_acm_certificate_validation.internal.certificate_arn

  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
    }
  }
}

resource "aws_lb_listener_rule" "web" {
  for_each     = aws_lb_listener.public
  region       = var.region
  listener_arn = each.value.arn
  priority     = 10

  condition {
    http_header {
      http_header_name = "x-origin-verify"
      values           = [var.origin_secret]
    }
  }

  action {
    type = "forward"
    forward {
      target_group {
        arn    = aws_lb_target_group.this["web-blue"].arn
        weight = each.key == "production" ? 100 : 0
      }
      target_group {
        arn    = aws_lb_target_group.this["web-green"].arn
        weight = each.key == "production" ? 0 : 100
      }
    }
  }

  # The weights are Amazon ECS's: put back by an apply, they would lead to the empty group.
  lifecycle {
    ignore_changes = [action]
  }
}

resource "aws_lb_listener_rule" "core_production" {
  for_each     = var.core_services
  region       = var.region
  listener_arn = aws_lb_listener.internal["production"].arn
  priority     = 10 + index(sort(keys(var.core_services)), each.key)

  condition {
    path_pattern {
      values = each.value.paths
    }
  }

  action {
    type = "forward"
    forward {
      target_group {
        arn    = aws_lb_target_group.this["${each.key}-blue"].arn
        weight = 100
      }
      target_group {
        arn    = aws_lb_target_group.this["${each.key}-green"].arn
        weight = 0
      }
    }
  }

  lifecycle {
    ignore_changes = [action]
  }
}

resource "aws_lb_listener_rule" "core_trial" {
  for_each     = var.core_services
  region       = var.region
  listener_arn = aws_lb_listener.internal["trial"].arn
  priority     = 10 + index(sort(keys(var.core_services)), each.key)

  condition {
    path_pattern {
      values = each.value.paths
    }
  }

  action {
    type = "forward"
    forward {
      target_group {
        arn    = aws_lb_target_group.this["${each.key}-blue"].arn
        weight = 0
      }
      target_group {
        arn    = aws_lb_target_group.this["${each.key}-green"].arn
        weight = 100
      }
    }
  }

  lifecycle {
    ignore_changes = [action]
  }
}

# Names inside: core, pgbouncer, collector. The same in both regions, so that secrets need no other address.
resource "aws_service_discovery_private_dns_namespace" "this" {
  region      = var.region
  name        = var.internal_domain
  description = "Names of ${var.name}'s services"
  vpc         = var.vpc_id
}

resource "aws_route53_record" "core" {
  zone_id = aws_service_discovery_private_dns_namespace.this.hosted_zone
  name    = "core.${var.internal_domain}"
  type    = "A"

  alias {
    name                   = aws_lb.internal.dns_name
    zone_id                = aws_lb.internal.zone_id
    evaluate_target_health = false
  }
}

resource "aws_service_discovery_service" "this" {
  for_each = toset(["pgbouncer", "collector"])
  region   = var.region
  name     = each.key

  dns_config {
    namespace_id   = aws_service_discovery_private_dns_namespace.this.id
    routing_policy = "MULTIVALUE"
    dns_records {
      type = "A"
      ttl  = 10
    }
  }
}
