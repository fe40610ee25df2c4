# Valkey twice, since one cannot be both: a queue must never evict, a cache must. Node-based, never Serverless, which
# knows no noeviction and none of BullMQ's blocking scripts. There is no append-only file in ElastiCache: a node that
# dies is replaced by its replica, and what a queue loses comes back from inbox and outbox in PostgreSQL.

ephemeral "aws_secretsmanager_random_password" "cache" {
  region              = var.dr_region
  password_length     = 64
  exclude_punctuation = true
}

resource "aws_elasticache_subnet_group" "this" {
  region      = var.region
  name        = var.name
  description = "Subnets of ${var.name}'s queue and cache"
  subnet_ids  = var.subnet_ids
}

resource "aws_elasticache_parameter_group" "queue" {
  region      = var.region
  name        = "${var.name}-queue"
  family      = "valkey8"
  description = "The queue: refuses writes when full, loses none"

  parameter {
    name  = "maxmemory-policy"
    value = "noeviction"
  }
}

resource "aws_elasticache_parameter_group" "cache" {
  region      = var.region
  name        = "${var.name}-cache"
  family      = "valkey8"
  description = "The cache: forgets what was used longest ago"

  parameter {
    name  = "maxmemory-policy"
    value = "allkeys-lru"
  }
}

resource "aws_elasticache_replication_group" "queue" {
  region                     = var.region
  replication_group_id       = "${var.name}-queue"
  description                = "BullMQ's queues"
  engine                     = "valkey"
  engine_version             = "8.0"
  node_type                  = var.queue_node_type
  num_cache_clusters         = var.queue_nodes
  automatic_failover_enabled = var.queue_nodes > 1
  multi_az_enabled           = var.queue_nodes > 1
  parameter_group_name       = aws_elasticache_parameter_group.queue.name
  subnet_group_name          = aws_elasticache_subnet_group.this.name
  security_group_ids         = [var.cache_security_group_id]
  at_rest_encryption_enabled = true
  kms_key_id                 = aws_kms_key.data.arn
  transit_encryption_enabled = true
  auth_token_wo              = ephemeral.aws_secretsmanager_random_password.cache.random_password
  auth_token_wo_version      = var.password_version
  auto_minor_version_upgrade = true
  snapshot_retention_limit   = var.point_in_time_days
  snapshot_window            = "03:00-04:00"
  maintenance_window         = "sun:07:00-sun:08:00"
}

resource "aws_elasticache_replication_group" "cache" {
  region                     = var.region
  replication_group_id       = "${var.name}-cache"
  description                = "points:{customer_id}, rfm:preview:{merchant_id}, leaderboard:{merchant_id}"
  engine                     = "valkey"
  engine_version             = "8.0"
  node_type                  = var.cache_node_type
  num_cache_clusters         = var.cache_nodes
  automatic_failover_enabled = var.cache_nodes > 1
  multi_az_enabled           = var.cache_nodes > 1
  parameter_group_name       = aws_elasticache_parameter_group.cache.name
  subnet_group_name          = aws_elasticache_subnet_group.this.name
  security_group_ids         = [var.cache_security_group_id]
  at_rest_encryption_enabled = true
  kms_key_id                 = aws_kms_key.data.arn
  transit_encryption_enabled = true
  auth_token_wo              = ephemeral.aws_secretsmanager_random_password.cache.random_password
  auth_token_wo_version      = var.password_version
  auto_minor_version_upgrade = true
  snapshot_retention_limit   = 0
  maintenance_window         = "sun:08:00-sun:09:00"
}

resource "aws_secretsmanager_secret" "cache" {
  region                  = var.region
  name                    = "${var.name}/redis"
  description             = "REDIS_URL of the queue, CACHE_REDIS_URL of the cache"
  kms_key_id              = var.secrets_key_arn
  recovery_window_in_days = 30

  dynamic "replica" {
    for_each = var.dr_enabled ? [var.dr_region] : []
    content {
      region = replica.value
    }
  }
}

resource "aws_secretsmanager_secret_version" "cache" {
  region    = var.region
  secret_id = aws_secretsmanager_secret.cache.id
  secret_string_wo = jsonencode({
    queue_url = "rediss://:${ephemeral.aws_secretsmanager_random_password.cache.random_password}@${aws_elasticache_replication_group.queue.primary_endpoint_address}:6379"
    cache_url = "rediss://:${ephemeral.aws_secretsmanager_random_password.cache.random_password}@${aws_elasticache_replication_group.cache.primary_endpoint_address}:6379"
    token     = ephemeral.aws_secretsmanager_random_password.cache.random_password
  })
  secret_string_wo_version = var.password_version
}
