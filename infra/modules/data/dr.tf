# What always exists in the other region: a replica seconds behind, the log of every write, copies of
# snapshots and files, keys. `dr_active = true` promotes the replica, which is irreversible.

resource "aws_kms_key" "dr" {
  count                   = var.dr_enabled ? 1 : 0
  region                  = var.dr_region
  description             = "${var.name}: replica, files and backups in the other region"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_kms_alias" "dr" {
  count         = var.dr_enabled ? 1 : 0
  region        = var.dr_region
  name          = "alias/${var.name}-data"
  target_key_id = aws_kms_key.dr[0].key_id
}

resource "aws_db_subnet_group" "dr" {
  count       = var.dr_enabled ? 1 : 0
  region      = var.dr_region
  name        = var.name
  description = "Subnets of ${var.name}'s databases"
  subnet_ids  = var.dr_subnet_ids
}

resource "aws_db_parameter_group" "dr" {
  count       = var.dr_enabled ? 1 : 0
  region      = var.dr_region
  name_prefix = "${var.name}-postgres15-"
  family      = "postgres15"
  description = "${var.name}: as in the first region"

  dynamic "parameter" {
    for_each = local.parameters
    content {
      name         = parameter.key
      value        = parameter.value.value
      apply_method = parameter.value.apply_method
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_instance" "dr" {
  count               = var.dr_enabled ? 1 : 0
  region              = var.dr_region
  identifier          = "${var.name}-dr"
  replicate_source_db = var.dr_active ? null : aws_db_instance.primary.arn
  instance_class      = var.dr_instance_type
  multi_az            = var.dr_active
  storage_type        = "gp3"
  storage_encrypted   = true
  kms_key_id          = aws_kms_key.dr[0].arn

  db_subnet_group_name   = aws_db_subnet_group.dr[0].name
  parameter_group_name   = aws_db_parameter_group.dr[0].name
  vpc_security_group_ids = [var.dr_database_security_group_id]
  publicly_accessible    = false
  ca_cert_identifier     = "rds-ca-rsa2048-g1"

  iam_database_authentication_enabled = true
  # A promoted replica keeps one day unless told.
  backup_retention_period         = var.dr_active ? var.point_in_time_days : 0
  auto_minor_version_upgrade      = true
  copy_tags_to_snapshot           = true
  deletion_protection             = var.deletion_protection
  skip_final_snapshot             = false
  final_snapshot_identifier       = "${var.name}-dr-final"
  engine_lifecycle_support        = "open-source-rds-extended-support-disabled"
  enabled_cloudwatch_logs_exports = ["postgresql"]
}

# Point-in-time recovery in the other region, for when the replica has faithfully copied a mistake.
resource "aws_db_instance_automated_backups_replication" "dr" {
  count                  = var.dr_enabled ? 1 : 0
  region                 = var.dr_region
  source_db_instance_arn = aws_db_instance.primary.arn
  kms_key_id             = aws_kms_key.dr[0].arn
  retention_period       = var.point_in_time_days
}

resource "aws_backup_vault" "dr" {
  count       = var.dr_enabled ? 1 : 0
  region      = var.dr_region
  name        = var.name
  kms_key_arn = aws_kms_key.dr[0].arn
}

# Made when the region takes over: an empty queue is filled from inbox and outbox, an empty cache by reading.
resource "aws_elasticache_subnet_group" "dr" {
  count       = var.dr_enabled ? 1 : 0
  region      = var.dr_region
  name        = var.name
  description = "Subnets of ${var.name}'s queue and cache"
  subnet_ids  = var.dr_subnet_ids
}

resource "aws_elasticache_parameter_group" "dr" {
  for_each    = var.dr_enabled ? { queue = "noeviction", cache = "allkeys-lru" } : {}
  region      = var.dr_region
  name        = "${var.name}-${each.key}"
  family      = "valkey8"
  description = "As in the first region"

  parameter {
    name  = "maxmemory-policy"
    value = each.value
  }
}

ephemeral "aws_secretsmanager_secret_version" "cache_in_dr" {
  count     = var.dr_active ? 1 : 0
  region    = var.dr_region
  secret_id = "${var.name}/redis"
}

resource "aws_elasticache_replication_group" "dr" {
  for_each                   = var.dr_active ? { queue = var.queue_node_type, cache = var.cache_node_type } : {}
  region                     = var.dr_region
  replication_group_id       = "${var.name}-${each.key}"
  description                = "The ${each.key} while the other region is away"
  engine                     = "valkey"
  engine_version             = "8.0"
  node_type                  = each.value
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  multi_az_enabled           = true
  parameter_group_name       = aws_elasticache_parameter_group.dr[each.key].name
  subnet_group_name          = aws_elasticache_subnet_group.dr[0].name
  security_group_ids         = [var.dr_cache_security_group_id]
  at_rest_encryption_enabled = true
  kms_key_id                 = aws_kms_key.dr[0].arn
  transit_encryption_enabled = true
  auth_token_wo              = jsondecode(ephemeral.aws_secretsmanager_secret_version.cache_in_dr[0].secret_string).token
  auth_token_wo_version      = var.password_version
  auto_minor_version_upgrade = true
}

resource "aws_secretsmanager_secret" "cache_dr" {
  count                   = var.dr_enabled ? 1 : 0
  region                  = var.dr_region
  name                    = "${var.name}/redis/dr"
  description             = "REDIS_URL and CACHE_REDIS_URL while this region has taken over"
  recovery_window_in_days = 30
}

resource "aws_secretsmanager_secret_version" "cache_dr" {
  count     = var.dr_active ? 1 : 0
  region    = var.dr_region
  secret_id = aws_secretsmanager_secret.cache_dr[0].id
  secret_string_wo = jsonencode({
    queue_url = "rediss://:${jsondecode(ephemeral.aws_secretsmanager_secret_version.cache_in_dr[0].secret_string).token}@${aws_elasticache_replication_group.dr["queue"].primary_endpoint_address}:6379"
    cache_url = "rediss://:${jsondecode(ephemeral.aws_secretsmanager_secret_version.cache_in_dr[0].secret_string).token}@${aws_elasticache_replication_group.dr["cache"].primary_endpoint_address}:6379"
  })
  secret_string_wo_version = var.password_version
}

resource "aws_s3_bucket" "files_dr" {
  count  = var.dr_enabled ? 1 : 0
  region = var.dr_region
  bucket = "${var.name}-files-${var.dr_region}"

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_public_access_block" "files_dr" {
  count                   = var.dr_enabled ? 1 : 0
  region                  = var.dr_region
  bucket                  = aws_s3_bucket.files_dr[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "files_dr" {
  count  = var.dr_enabled ? 1 : 0
  region = var.dr_region
  bucket = aws_s3_bucket.files_dr[0].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "files_dr" {
  count  = var.dr_enabled ? 1 : 0
  region = var.dr_region
  bucket = aws_s3_bucket.files_dr[0].id

  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.dr[0].arn
    }
  }
}

data "aws_iam_policy_document" "copy_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "copy" {
  count = var.dr_enabled ? 1 : 0

  statement {
    actions   = ["s3:GetReplicationConfiguration", "s3:ListBucket"]
    resources = [aws_s3_bucket.files.arn]
  }
  statement {
    actions = [
      "s3:GetObjectVersionForReplication",
      "s3:GetObjectVersionAcl",
      "s3:GetObjectVersionTagging",
    ]
    resources = ["${aws_s3_bucket.files.arn}/*"]
  }
  statement {
    actions   = ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"]
    resources = ["${aws_s3_bucket.files_dr[0].arn}/*"]
  }
  statement {
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.data.arn]
  }
  statement {
    actions   = ["kms:Encrypt", "kms:GenerateDataKey"]
    resources = [aws_kms_key.dr[0].arn]
  }
}

resource "aws_iam_role" "copy" {
  count              = var.dr_enabled ? 1 : 0
  name               = "${var.name}-files-copy"
  description        = "S3: copies files to the other region"
  assume_role_policy = data.aws_iam_policy_document.copy_trust.json
}

resource "aws_iam_role_policy" "copy" {
  count  = var.dr_enabled ? 1 : 0
  name   = "copy"
  role   = aws_iam_role.copy[0].id
  policy = data.aws_iam_policy_document.copy[0].json
}

resource "aws_s3_bucket_replication_configuration" "files" {
  count  = var.dr_enabled ? 1 : 0
  region = var.region
  bucket = aws_s3_bucket.files.id
  role   = aws_iam_role.copy[0].arn

  rule {
    id     = "everything"
    status = "Enabled"

    filter {
      prefix = ""
    }
    delete_marker_replication {
      status = "Enabled"
    }
    source_selection_criteria {
      sse_kms_encrypted_objects {
        status = "Enabled"
      }
    }
    destination {
      bucket        = aws_s3_bucket.files_dr[0].arn
      storage_class = "STANDARD_IA"
      encryption_configuration {
        replica_kms_key_id = aws_kms_key.dr[0].arn
      }
    }
  }

  depends_on = [aws_s3_bucket_versioning.files, aws_s3_bucket_versioning.files_dr]
}
