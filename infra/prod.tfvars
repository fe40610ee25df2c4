# Production. Sizes keep the promises of docs/aws.md, which says what each costs; the guide's own are smaller.

name        = "loyalnest"
environment = "production"
account_id  = "111111111111"
region      = "us-west-2"
zones       = ["us-west-2a", "us-west-2b", "us-west-2c"]
domain      = "api.loyalnest.com"
zone_name   = "loyalnest.com"

# The other region stands by: 15 minutes of data and two hours of time at most.
dr_enabled  = true
dr_active   = false
dr_region   = "us-east-1"
dr_zones    = ["us-east-1a", "us-east-1b", "us-east-1c"]
vpc_cidr    = "10.20.0.0/16"
dr_vpc_cidr = "10.21.0.0/16"

# One a zone: 99.9 % does not hang on one of them.
nat_gateways = 3

# The guide's t3.medium is paid by the second above 20 % of its CPU, and a single zone promises 99.5 %.
rds_instance_type         = "db.m7g.large"
rds_multi_az              = true
rds_allocated_storage     = 100
rds_max_allocated_storage = 1000
rds_read_replicas         = 2
dr_rds_instance_type      = "db.t4g.medium"
connections_alarm         = 680
partitions                = 8

point_in_time_days    = 35
backup_retention_days = 90
deletion_protection   = true
password_version      = 1
origin_secret_version = 1

# Two, where the guide has one: a queue that evicts loses work, a cache that does not fills up.
queue_node_type = "cache.t4g.small"
queue_nodes     = 2
cache_node_type = "cache.t4g.micro"
cache_nodes     = 2

core_services = {
  points = {
    # Also the health that web's readiness asks for.
    paths = ["/points.v1.*", "/grpc.health.v1.*"]
    min   = 2, max = 10, cpu = 512, memory = 1024, spot = false
  }
  referrals = {
    paths = ["/referrals.v1.*"]
    min   = 2, max = 10, cpu = 512, memory = 1024, spot = false
  }
  analytics = {
    paths = ["/analytics.v1.*"]
    min   = 2, max = 10, cpu = 512, memory = 1024, spot = true
  }
  admin = {
    paths = ["/admin.v1.*"]
    min   = 2, max = 10, cpu = 512, memory = 1024, spot = false
  }
  frontend = {
    paths = ["/frontend.v1.*"]
    min   = 2, max = 10, cpu = 512, memory = 1024, spot = false
  }
}

web       = { min = 2, max = 10, cpu = 512, memory = 1024 }
worker    = { min = 2, max = 10, cpu = 512, memory = 1024 }
pgbouncer = { min = 2, max = 4, cpu = 256, memory = 512, pool_size = 50 }
collector = { min = 2, max = 4, cpu = 256, memory = 512 }

image_tag           = "first"
pgbouncer_image_tag = "1.25.2-1"
collector_version   = "v0.49.0"

log_level           = "info"
log_retention_days  = 90
alarm_emails        = ["operations@loyalnest.com"]
budget_usd          = 250
budget_expected_usd = 1250
waf_rate_limit      = 2000

shopify_app_handle  = "loyalnest"
posthog_host        = "https://eu.i.posthog.com"
messages_from       = "rewards@loyalnest.com"
console_allowed_ips = []

github_repository = "loyalnest/loyalnest"
state_bucket      = "loyalnest-terraform"
