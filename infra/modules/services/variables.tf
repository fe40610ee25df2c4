variable "name" {
  description = "First part of every name, and the cluster's."
  type        = string
}

variable "account_id" {
  description = "The AWS account."
  type        = string
}

variable "region" {
  description = "Region of these services."
  type        = string
}

variable "standby" {
  description = "Whether this is the other region: its roles have other names, and records that prove names are the first region's."
  type        = bool
}

variable "running" {
  description = "Whether tasks run; without them everything else stands."
  type        = bool
}

variable "deletion_protection" {
  description = "Whether load balancers refuse to be deleted."
  type        = bool
}

variable "vpc_id" {
  description = "The network."
  type        = string
}

variable "public_subnet_ids" {
  description = "Subnets of the public load balancer."
  type        = list(string)
}

variable "private_subnet_ids" {
  description = "Subnets of tasks."
  type        = list(string)
}

variable "security_group_ids" {
  description = "Security group of each role."
  type        = map(string)
}

variable "zone_id" {
  description = "Public zone that certificates are proved in."
  type        = string
}

variable "domain" {
  description = "Public name of the app."
  type        = string
}

variable "origin_domain" {
  description = "Name that CloudFront asks the load balancer by."
  type        = string
}

variable "origin_secret" {
  description = "What CloudFront says to be known by."
  type        = string
  sensitive   = true
}

variable "internal_domain" {
  description = "Private zone of the services' names."
  type        = string
}

variable "core_services" {
  description = "Core's services: paths of their calls, tasks and their size, whether most may be Spot."
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
  description = "Tasks of the collector and their size."
  type = object({
    min    = number
    max    = number
    cpu    = number
    memory = number
  })
}

variable "partitions" {
  description = "Hash partitions of tenant tables, read when they are created."
  type        = number
}

variable "image" {
  description = "Image of web, worker, core and the migration, for the first task definitions."
  type        = string
}

variable "pgbouncer_image" {
  description = "Image of the pooler."
  type        = string
}

variable "collector_image" {
  description = "Image of the OpenTelemetry collector."
  type        = string
}

variable "repository_arn" {
  description = "Repository of the image."
  type        = string
}

variable "pgbouncer_repository_arn" {
  description = "Repository of the pooler's image."
  type        = string
}

variable "database_host" {
  description = "The primary."
  type        = string
}

variable "database_read_hosts" {
  description = "Hosts that reads go to, in turn."
  type        = list(string)
}

variable "owner_secret_arn" {
  description = "Secret with the owner's URL."
  type        = string
}

variable "app_secret_arn" {
  description = "Secret with the URLs and password of loyalnest_app."
  type        = string
}

variable "redis_secret_arn" {
  description = "Secret with the URLs of queue and cache."
  type        = string
}

variable "core_secret_arn" {
  description = "Secret with the keys of core."
  type        = string
}

variable "shopify_secret_arn" {
  description = "Secret with the app's credentials at Shopify."
  type        = string
}

variable "integrations_secret_arn" {
  description = "Secret with the keys of Sentry, PostHog, Klaviyo and Twilio."
  type        = string
}

variable "secrets_key_arn" {
  description = "Key of the secrets; null where they have AWS's own."
  type        = string
}

variable "data_key_arn" {
  description = "Key of the files."
  type        = string
}

variable "files_bucket" {
  description = "Bucket of files."
  type        = string
}

variable "files_bucket_arn" {
  description = "Bucket of files, in policies."
  type        = string
}

variable "log_group" {
  description = "Where logs go."
  type        = string
}

variable "log_group_arn" {
  description = "Where logs go, in policies."
  type        = string
}

variable "metrics_log_group" {
  description = "Log group that metrics come by."
  type        = string
}

variable "metrics_log_group_arn" {
  description = "Log group that metrics come by, in policies."
  type        = string
}

variable "metric_declarations" {
  description = "Which metrics are made, by which dimensions; the rest stays in the log."
  type = list(object({
    dimensions            = list(list(string))
    metric_name_selectors = list(string)
  }))
}

variable "alarm_topic_arn" {
  description = "Topic for alarms."
  type        = string
}

variable "log_retention_days" {
  description = "Days that the smoke test's log is kept."
  type        = number
}

variable "log_level" {
  description = "LOG_LEVEL."
  type        = string
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
