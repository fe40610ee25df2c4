# Staging: the same parts, each as small as it goes, with synthetic data (1,000 merchants, 10,000 customers) alone.

name        = "loyalnest-staging"
environment = "staging"
account_id  = "222222222222"
region      = "us-west-2"
zones       = ["us-west-2a", "us-west-2b", "us-west-2c"]
domain      = "staging.loyalnest.com"
zone_name   = "loyalnest.com"

dr_enabled  = false
dr_active   = false
dr_region   = "us-east-1"
dr_zones    = ["us-east-1a", "us-east-1b", "us-east-1c"]
vpc_cidr    = "10.30.0.0/16"
dr_vpc_cidr = "10.31.0.0/16"

nat_gateways = 1

# The guide's t3.micro on AWS's own processors, a tenth cheaper.
rds_instance_type         = "db.t4g.micro"
rds_multi_az              = false
rds_allocated_storage     = 20
rds_max_allocated_storage = 50
rds_read_replicas         = 1
dr_rds_instance_type      = "db.t4g.micro"
connections_alarm         = 70
partitions                = 4

point_in_time_days    = 7
backup_retention_days = 7
deletion_protection   = false
password_version      = 1
origin_secret_version = 1

queue_node_type = "cache.t4g.micro"
queue_nodes     = 1
cache_node_type = "cache.t4g.micro"
cache_nodes     = 1

core_services = {
  points = {
    paths = ["/points.v1.*", "/grpc.health.v1.*"]
    min   = 1, max = 3, cpu = 256, memory = 512, spot = true
  }
  referrals = {
    paths = ["/referrals.v1.*"]
    min   = 1, max = 3, cpu = 256, memory = 512, spot = true
  }
  analytics = {
    paths = ["/analytics.v1.*"]
    min   = 1, max = 3, cpu = 256, memory = 512, spot = true
  }
  admin = {
    paths = ["/admin.v1.*"]
    min   = 1, max = 3, cpu = 256, memory = 512, spot = true
  }
  frontend = {
    paths = ["/frontend.v1.*"]
    min   = 1, max = 3, cpu = 256, memory = 512, spot = true
  }
}

web       = { min = 1, max = 3, cpu = 256, memory = 512 }
worker    = { min = 1, max = 3, cpu = 256, memory = 512 }
pgbouncer = { min = 1, max = 2, cpu = 256, memory = 512, pool_size = 10 }
collector = { min = 1, max = 2, cpu = 256, memory = 512 }

image_tag           = "first"
pgbouncer_image_tag = "1.25.2-1"
collector_version   = "v0.49.0"

log_level           = "info"
log_retention_days  = 30
alarm_emails        = ["operations@loyalnest.com"]
budget_usd          = 250
budget_expected_usd = 250
waf_rate_limit      = 2000

shopify_app_handle  = "loyalnest-staging"
posthog_host        = "https://eu.i.posthog.com"
messages_from       = ""
console_allowed_ips = []

github_repository = "loyalnest/loyalnest"
state_bucket      = "loyalnest-staging-terraform"
