variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "region" {
  description = "Region of the bucket."
  type        = string
}

variable "zone_id" {
  description = "Public zone."
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

variable "balancer_dns_name" {
  description = "The public load balancer."
  type        = string
}

variable "balancer_zone_id" {
  description = "Zone of its own name."
  type        = string
}

variable "dr_enabled" {
  description = "Whether the other region stands by."
  type        = bool
}

variable "dr_region" {
  description = "The other region, which the switch stands in."
  type        = string
}

variable "dr_balancer_dns_name" {
  description = "The public load balancer of the other region."
  type        = string
}

variable "dr_balancer_zone_id" {
  description = "Zone of its own name."
  type        = string
}

variable "rate_limit" {
  description = "Requests of one address in five minutes, outside of what Shopify signs."
  type        = number
}
