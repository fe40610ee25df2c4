variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "log_retention_days" {
  description = "Days that the databases' logs are kept."
  type        = number
}

variable "region" {
  description = "Region of the primary."
  type        = string
}

variable "subnet_ids" {
  description = "Subnets without a way out."
  type        = list(string)
}

variable "database_security_group_id" {
  description = "Who may reach PostgreSQL."
  type        = string
}

variable "cache_security_group_id" {
  description = "Who may reach Valkey."
  type        = string
}

variable "secrets_key_arn" {
  description = "Key of the secrets."
  type        = string
}

variable "pooler_address" {
  description = "Where the pooler answers, host:port."
  type        = string
}

variable "instance_type" {
  description = "Class of the primary and its replicas, with the leading db."
  type        = string
}

variable "multi_az" {
  description = "A standby in a second zone, which takes over by itself."
  type        = bool
}

variable "allocated_storage" {
  description = "GB at first."
  type        = number
}

variable "max_allocated_storage" {
  description = "GB that the storage may grow to by itself."
  type        = number
}

variable "read_replicas" {
  description = "Replicas for reading."
  type        = number
}

variable "password_version" {
  description = "Raise it to change all passwords of database and cache."
  type        = number
}

variable "point_in_time_days" {
  description = "Days to recover any second of; at most 35."
  type        = number
}

variable "backup_retention_days" {
  description = "Days that daily snapshots are kept."
  type        = number
}

variable "deletion_protection" {
  description = "Whether databases refuse to be deleted."
  type        = bool
}

variable "queue_node_type" {
  description = "Node of the queue."
  type        = string
}

variable "queue_nodes" {
  description = "Nodes of the queue; from two on, one takes over from another."
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

variable "dr_enabled" {
  description = "Whether the other region stands by."
  type        = bool
}

variable "dr_active" {
  description = "Whether the other region has taken over: promotes the replica."
  type        = bool
}

variable "dr_region" {
  description = "The other region."
  type        = string
}

variable "dr_instance_type" {
  description = "Class of the replica in the other region."
  type        = string
}

variable "dr_subnet_ids" {
  description = "Subnets without a way out, in the other region."
  type        = list(string)
}

variable "dr_database_security_group_id" {
  description = "Who may reach PostgreSQL in the other region."
  type        = string
}

variable "dr_cache_security_group_id" {
  description = "Who may reach Valkey in the other region."
  type        = string
}
