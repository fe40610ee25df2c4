# Who may speak to whom: one security group a role, and nothing passes that is not in `flows`.

locals {
  roles = {
    alb-public   = "Load balancer that CloudFront reaches"
    alb-internal = "Load balancer of core"
    web          = "Web"
    worker       = "Worker"
    core         = "Core, all of its services"
    pgbouncer    = "Pooler of database connections"
    collector    = "OpenTelemetry collector"
    migrate      = "One-off task of migrations"
    validation   = "Check of restored backups"
    smoke        = "Trial of a release before shoppers get it"
    database     = "PostgreSQL and its replicas"
    cache        = "Valkey: queue and cache"
  }

  flows = {
    alb-to-web             = { from = "alb-public", to = "web", port = 3000 }
    web-to-core            = { from = "web", to = "alb-internal", port = 443 }
    worker-to-core         = { from = "worker", to = "alb-internal", port = 443 }
    alb-to-core            = { from = "alb-internal", to = "core", port = 50051 }
    core-to-pgbouncer      = { from = "core", to = "pgbouncer", port = 6432 }
    web-to-pgbouncer       = { from = "web", to = "pgbouncer", port = 6432 }
    worker-to-pgbouncer    = { from = "worker", to = "pgbouncer", port = 6432 }
    pgbouncer-to-database  = { from = "pgbouncer", to = "database", port = 5432 }
    migrate-to-database    = { from = "migrate", to = "database", port = 5432 }
    validation-to-database = { from = "validation", to = "database", port = 5432 }
    web-to-cache           = { from = "web", to = "cache", port = 6379 }
    worker-to-cache        = { from = "worker", to = "cache", port = 6379 }
    web-to-collector       = { from = "web", to = "collector", port = 4318 }
    worker-to-collector    = { from = "worker", to = "collector", port = 4318 }
    core-to-collector      = { from = "core", to = "collector", port = 4318 }
  }

  # Over HTTPS alone: images, secrets and logs of all tasks; Shopify, Klaviyo, Twilio, Sentry and PostHog of some.
  outgoing = toset(["web", "worker", "core", "pgbouncer", "collector", "migrate", "validation", "smoke"])
}

resource "aws_security_group" "role" {
  for_each    = local.roles
  region      = var.region
  name        = "${var.name}-${each.key}"
  description = each.value
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "${var.name}-${each.key}" }
}

resource "aws_vpc_security_group_egress_rule" "flow" {
  for_each                     = local.flows
  region                       = var.region
  description                  = each.key
  security_group_id            = aws_security_group.role[each.value.from].id
  referenced_security_group_id = aws_security_group.role[each.value.to].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_ingress_rule" "flow" {
  for_each                     = local.flows
  region                       = var.region
  description                  = each.key
  security_group_id            = aws_security_group.role[each.value.to].id
  referenced_security_group_id = aws_security_group.role[each.value.from].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "https" {
  for_each          = local.outgoing
  region            = var.region
  description       = "HTTPS to AWS and to those we work with"
  security_group_id = aws_security_group.role[each.key].id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

# The addresses that CloudFront asks origins from. That it is our own distribution, the secret header says. The list
# counts as 55 of the 60 rules that a group may have.
data "aws_ec2_managed_prefix_list" "cloudfront" {
  region = var.region
  name   = "com.amazonaws.global.cloudfront.origin-facing"
}

resource "aws_vpc_security_group_ingress_rule" "cloudfront" {
  region            = var.region
  description       = "HTTPS from CloudFront"
  security_group_id = aws_security_group.role["alb-public"].id
  prefix_list_id    = data.aws_ec2_managed_prefix_list.cloudfront.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

# 8443 leads to the next release before shoppers get it. The smoke test asks from inside, and so comes out of a NAT
# gateway.
resource "aws_vpc_security_group_egress_rule" "trial" {
  region            = var.region
  description       = "Trial of the next release"
  security_group_id = aws_security_group.role["smoke"].id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 8443
  to_port           = 8443
}

resource "aws_vpc_security_group_ingress_rule" "trial" {
  count             = var.nat_addresses
  region            = var.region
  description       = "Trial of the next release"
  security_group_id = aws_security_group.role["alb-public"].id
  cidr_ipv4         = "${aws_eip.nat[count.index].public_ip}/32"
  ip_protocol       = "tcp"
  from_port         = 8443
  to_port           = 8443
}
