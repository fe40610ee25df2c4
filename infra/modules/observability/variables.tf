variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "environment" {
  description = "production or staging."
  type        = string
}

variable "account_id" {
  description = "The AWS account."
  type        = string
}

variable "region" {
  description = "Region of the services."
  type        = string
}

variable "dr_enabled" {
  description = "Whether the other region stands by."
  type        = bool
}

variable "dr_region" {
  description = "The other region."
  type        = string
}

variable "alarm_emails" {
  description = "Email addresses that get alarms."
  type        = list(string)
}

variable "log_retention_days" {
  description = "Days that logs are kept."
  type        = number
}

variable "budget_usd" {
  description = "The guide's alert, USD a month."
  type        = number
}

variable "budget_expected_usd" {
  description = "What this layout comes to, USD a month."
  type        = number
}

variable "connections_alarm" {
  description = "Connections of the primary that raise an alarm."
  type        = number
}

variable "cluster_name" {
  description = "The cluster."
  type        = string
}

variable "running_service_names" {
  description = "Services that always have a task."
  type        = list(string)
}

variable "public_arn_suffix" {
  description = "The public load balancer."
  type        = string
}

variable "internal_arn_suffix" {
  description = "Core's load balancer."
  type        = string
}

variable "target_group_arn_suffixes" {
  description = "Target groups by service and color."
  type        = map(string)
}

variable "database_identifier" {
  description = "The primary."
  type        = string
}

variable "replica_identifiers" {
  description = "The replicas."
  type        = list(string)
}

variable "dr_database_identifiers" {
  description = "The replica in the other region, if there is one."
  type        = list(string)
}

variable "queue_node_ids" {
  description = "Nodes of the queue."
  type        = list(string)
}

variable "cache_node_ids" {
  description = "Nodes of the cache."
  type        = list(string)
}

variable "backup_vault" {
  description = "Vault of the snapshots."
  type        = string
}

variable "validation_function_name" {
  description = "The check of restored snapshots."
  type        = string
}

variable "public_health_check_id" {
  description = "Whether the app answers from outside."
  type        = string
}

variable "web_acl_name" {
  description = "The firewall."
  type        = string
}
