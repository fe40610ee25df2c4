variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "environment" {
  description = "production or staging: the environment's name at GitHub, too."
  type        = string
}

variable "account_id" {
  description = "The AWS account."
  type        = string
}

variable "region" {
  description = "Region of registry and secrets."
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

variable "github_repository" {
  description = "owner/name, or owner@ID/name@ID, as GitHub's tokens say it."
  type        = string
}

variable "state_bucket" {
  description = "Bucket of Terraform's state."
  type        = string
}

variable "origin_secret_version" {
  description = "Raise it to change what CloudFront says to the load balancer."
  type        = number
}

variable "log_retention_days" {
  description = "Days that the check's log is kept."
  type        = number
}

variable "cluster_name" {
  description = "The cluster."
  type        = string
}

variable "cluster_arn" {
  description = "The cluster, in policies."
  type        = string
}

variable "service_arns" {
  description = "Services that a release changes."
  type        = list(string)
}

variable "task_role_arns" {
  description = "Roles that a release may pass on."
  type        = list(string)
}

variable "migrate_task_family" {
  description = "The one-off task before a release."
  type        = string
}

variable "frontend_bucket_arn" {
  description = "Bucket of the web build's files."
  type        = string
}

variable "distribution_arn" {
  description = "The CloudFront distribution."
  type        = string
}

variable "log_group_arn" {
  description = "Logs of tasks."
  type        = string
}

variable "database_resource_id" {
  description = "The primary in policies of IAM authentication."
  type        = string
}

variable "app_secret_arn" {
  description = "Secret with the password of loyalnest_app."
  type        = string
}

variable "private_subnet_ids" {
  description = "Subnets of the check."
  type        = list(string)
}

variable "validation_security_group_id" {
  description = "Security group of the check."
  type        = string
}
