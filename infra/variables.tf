# Both prod.tfvars and staging.tfvars set all of them: there are no defaults.

variable "name" {
  description = "First part of every name; the cluster's is just this."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z-]{2,17}$", var.name))
    error_message = "A name has 3 to 18 small letters and hyphens: load balancers take 32 with what is added."
  }
}

variable "environment" {
  description = "production or staging."
  type        = string

  validation {
    condition     = contains(["production", "staging"], var.environment)
    error_message = "Choose production or staging."
  }
}

variable "account_id" {
  description = "The AWS account; each environment has one of its own."
  type        = string

  validation {
    condition     = can(regex("^\\d{12}$", var.account_id))
    error_message = "An account has twelve digits."
  }
}

variable "region" {
  description = "Where it runs."
  type        = string
}

variable "zones" {
  description = "Three zones of the region. By name, since a region that is away cannot be asked for them in a fail-over."
  type        = list(string)
}

variable "dr_zones" {
  description = "Three zones of the other region."
  type        = list(string)
}

variable "dr_region" {
  description = "Where it runs when the region is away."
  type        = string

  validation {
    condition     = var.dr_region == "us-east-1"
    error_message = "Alarms of the other region share their topic with those of CloudFront and Route 53, which is in us-east-1."
  }
}

variable "dr_enabled" {
  description = "Whether the other region stands by."
  type        = bool
}

variable "dr_active" {
  description = "Whether the other region has taken over. It promotes the replica, which is irreversible."
  type        = bool

  validation {
    condition     = !var.dr_active || var.dr_enabled
    error_message = "Only a region that stands by can take over."
  }
}

variable "domain" {
  description = "Public name of the app."
  type        = string
}

variable "zone_name" {
  description = "Public zone in Route 53 that the name is in."
  type        = string
}

variable "vpc_cidr" {
  description = "Addresses of the network, a /16."
  type        = string
}

variable "dr_vpc_cidr" {
  description = "Addresses of the network in the other region, another /16."
  type        = string
}

variable "nat_gateways" {
  description = "3: each zone goes out by itself; 1: they share one, and its zone's failure takes all out."
  type        = number
}

variable "rds_instance_type" {
  description = "Class of PostgreSQL and its replicas."
  type        = string
}

variable "rds_multi_az" {
  description = "A standby in a second zone."
  type        = bool
}

variable "rds_allocated_storage" {
  description = "GB at first."
  type        = number
}

variable "rds_max_allocated_storage" {
  description = "GB that the storage grows to by itself."
  type        = number
}

variable "rds_read_replicas" {
  description = "Replicas for reading."
  type        = number
}

variable "dr_rds_instance_type" {
  description = "Class of the replica in the other region."
  type        = string
}

variable "connections_alarm" {
  description = "80 % of the connections that PostgreSQL of this class takes."
  type        = number
}

variable "partitions" {
  description = "Hash partitions of tenant tables, read when they are created."
  type        = number
}

variable "point_in_time_days" {
  description = "Days to recover any second of; at most 35."
  type        = number

  validation {
    condition     = var.point_in_time_days >= 1 && var.point_in_time_days <= 35
    error_message = "RDS and ElastiCache keep 1 to 35 days."
  }
}

variable "backup_retention_days" {
  description = "Days that daily snapshots are kept."
  type        = number
}

variable "deletion_protection" {
  description = "Whether databases and load balancers refuse to be deleted."
  type        = bool
}

variable "password_version" {
  description = "Raise it to change all passwords of database and cache."
  type        = number
}

variable "origin_secret_version" {
  description = "Raise it to change what CloudFront says to the load balancer."
  type        = number
}

variable "queue_node_type" {
  description = "Node of the queue."
  type        = string
}

variable "queue_nodes" {
  description = "Nodes of the queue."
  type        = number
}

variable "cache_node_type" {
  description = "Node of the cache."
  type        = string
}

variable "cache_nodes" {
  description = "Nodes of the cache."
  type        = number
}

variable "core_services" {
  description = "Core's services: paths of their calls, tasks and their size (CPU 1024 = 1 vCPU, memory in MB), whether all but one may be Spot."
  type = map(object({
    paths  = list(string)
    min    = number
    max    = number
    cpu    = number
    memory = number
    spot   = bool
  }))
}

variable "web" {
  description = "Tasks of web and their size."
  type = object({
    min    = number
    max    = number
    cpu    = number
    memory = number
  })
}

variable "worker" {
  description = "Tasks of the worker and their size."
  type = object({
    min    = number
    max    = number
    cpu    = number
    memory = number
  })
}

variable "pgbouncer" {
  description = "Tasks of the pooler, their size, and server connections of each to each database."
  type = object({
    min       = number
    max       = number
    cpu       = number
    memory    = number
    pool_size = number
  })
}

variable "collector" {
  description = "Tasks of the OpenTelemetry collector and their size."
  type = object({
    min    = number
    max    = number
    cpu    = number
    memory = number
  })
}

variable "image_tag" {
  description = "Release of the first task definitions; every later one is the pipeline's."
  type        = string
}

variable "pgbouncer_image_tag" {
  description = "Release of the pooler's image."
  type        = string
}

variable "collector_version" {
  description = "Release of AWS's OpenTelemetry collector."
  type        = string
}

variable "log_level" {
  description = "LOG_LEVEL."
  type        = string
}

variable "log_retention_days" {
  description = "Days that logs are kept."
  type        = number
}

variable "alarm_emails" {
  description = "Email addresses that get alarms."
  type        = list(string)
}

variable "budget_usd" {
  description = "The guide's alert, USD a month."
  type        = number
}

variable "budget_expected_usd" {
  description = "What this layout comes to, USD a month (docs/aws.md)."
  type        = number
}

variable "waf_rate_limit" {
  description = "Requests of one address in five minutes, outside of what Shopify signs."
  type        = number
}

variable "shopify_app_handle" {
  description = "The app's handle at Shopify."
  type        = string
}

variable "posthog_host" {
  description = "Where product events go."
  type        = string
}

variable "messages_from" {
  description = "The platform's own address for mail, at a domain verified at Amazon SES in the region: carries what a shop's own provider does not. Empty: no such mail."
  type        = string
}

variable "console_allowed_ips" {
  description = "Addresses that the console answers; none: all."
  type        = list(string)
}

variable "github_repository" {
  description = "owner/name, or owner@ID/name@ID for repositories made or renamed since July 2026."
  type        = string
}

variable "state_bucket" {
  description = "Bucket of Terraform's state; in the other region, so that it is there when this one is not."
  type        = string
}
