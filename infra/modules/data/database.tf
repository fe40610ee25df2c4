# PostgreSQL 15: the primary in two zones, replicas for reading, and what keeps every write: 35 days of point-in-time
# recovery here and in the other region. The 90 days of daily snapshots are in backup.tf.

locals {
  # What the migrator connects with: driver and migrator check the server's name and RDS's authorities, which the image
  # has. Both read these two words alike, and no others.
  owner_query = "sslmode=verify-full&sslrootcert=/etc/ssl/rds.pem"
  # The pooler makes its key pair at start, so there is no authority to check it by; the security group vouches for it.
  # Only the driver reads it.
  pooler_query = "sslmode=no-verify"

  parameters = {
    "rds.force_ssl"                       = { value = "1", apply_method = "immediate" }
    "shared_preload_libraries"            = { value = "pg_stat_statements", apply_method = "pending-reboot" }
    "password_encryption"                 = { value = "scram-sha-256", apply_method = "immediate" }
    "idle_in_transaction_session_timeout" = { value = "60000", apply_method = "immediate" }
    "log_min_duration_statement"          = { value = "1000", apply_method = "immediate" }
    # Values of parameters are members' data: no log holds them.
    "log_parameter_max_length"          = { value = "0", apply_method = "immediate" }
    "log_parameter_max_length_on_error" = { value = "0", apply_method = "immediate" }
    "track_io_timing"                   = { value = "1", apply_method = "immediate" }
    # A replica cancels a long read after 30 s instead of falling behind for it.
    "max_standby_streaming_delay" = { value = "30000", apply_method = "immediate" }
  }
}

resource "aws_kms_key" "data" {
  region                  = var.region
  description             = "${var.name}: database, cache, files and backups"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_kms_alias" "data" {
  region        = var.region
  name          = "alias/${var.name}-data"
  target_key_id = aws_kms_key.data.key_id
}

resource "aws_db_subnet_group" "this" {
  region      = var.region
  name        = var.name
  description = "Subnets of ${var.name}'s databases"
  subnet_ids  = var.subnet_ids
}

resource "aws_db_parameter_group" "postgres" {
  region      = var.region
  name_prefix = "${var.name}-postgres15-"
  family      = "postgres15"
  description = "${var.name}: TLS, SCRAM, time limits, slow statements without their values"

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

# Neither the state nor the plan ever holds these: they are written, with the secrets below, when password_version is
# raised. The other region thinks them up, since every plan asks, in a fail-over as well.
ephemeral "aws_secretsmanager_random_password" "owner" {
  region              = var.dr_region
  password_length     = 40
  exclude_punctuation = true
}

ephemeral "aws_secretsmanager_random_password" "app" {
  region              = var.dr_region
  password_length     = 40
  exclude_punctuation = true
}

resource "aws_db_instance" "primary" {
  region         = var.region
  identifier     = var.name
  engine         = "postgres"
  engine_version = "15"
  instance_class = var.instance_type
  multi_az       = var.multi_az

  db_name             = "loyalnest"
  username            = "loyalnest_owner"
  password_wo         = ephemeral.aws_secretsmanager_random_password.owner.random_password
  password_wo_version = var.password_version

  # People and the one-off migration may come with IAM's short-lived tokens; the pooler cannot make them.
  iam_database_authentication_enabled = true

  allocated_storage     = var.allocated_storage
  max_allocated_storage = var.max_allocated_storage
  storage_type          = "gp3"
  storage_encrypted     = true
  kms_key_id            = aws_kms_key.data.arn

  db_subnet_group_name   = aws_db_subnet_group.this.name
  parameter_group_name   = aws_db_parameter_group.postgres.name
  vpc_security_group_ids = [var.database_security_group_id]
  publicly_accessible    = false
  ca_cert_identifier     = "rds-ca-rsa2048-g1"

  backup_retention_period   = var.point_in_time_days
  backup_window             = "03:30-04:00"
  maintenance_window        = "sun:04:30-sun:05:30"
  delete_automated_backups  = false
  copy_tags_to_snapshot     = true
  deletion_protection       = var.deletion_protection
  skip_final_snapshot       = false
  final_snapshot_identifier = "${var.name}-final"

  auto_minor_version_upgrade = true
  # Without it, AWS bills version 15 by the hour from March 2028 on: the upgrade to 17 comes before.
  engine_lifecycle_support        = "open-source-rds-extended-support-disabled"
  enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]

  depends_on = [aws_cloudwatch_log_group.database]
}

resource "aws_db_instance" "replica" {
  count               = var.read_replicas
  region              = var.region
  identifier          = "${var.name}-replica-${count.index + 1}"
  replicate_source_db = aws_db_instance.primary.identifier
  instance_class      = var.instance_type
  storage_type        = "gp3"

  parameter_group_name   = aws_db_parameter_group.postgres.name
  vpc_security_group_ids = [var.database_security_group_id]
  publicly_accessible    = false
  ca_cert_identifier     = "rds-ca-rsa2048-g1"

  iam_database_authentication_enabled = true
  auto_minor_version_upgrade          = true
  copy_tags_to_snapshot               = true
  maintenance_window                  = "sun:06:00-sun:07:00"
  skip_final_snapshot                 = true
  enabled_cloudwatch_logs_exports     = ["postgresql"]
}

# Made before RDS makes them, which would keep them for ever.
resource "aws_cloudwatch_log_group" "database" {
  for_each = toset(concat(
    ["${var.name}/postgresql", "${var.name}/upgrade"],
    [for replica in range(var.read_replicas) : "${var.name}-replica-${replica + 1}/postgresql"],
  ))
  region            = var.region
  name              = "/aws/rds/instance/${each.value}"
  retention_in_days = var.log_retention_days
}

resource "aws_secretsmanager_secret" "owner" {
  region                  = var.region
  name                    = "${var.name}/database/owner"
  description             = "DATABASE_OWNER_URL: migrations alone, straight to the primary"
  kms_key_id              = var.secrets_key_arn
  recovery_window_in_days = 30

  dynamic "replica" {
    for_each = var.dr_enabled ? [var.dr_region] : []
    content {
      region = replica.value
    }
  }
}

resource "aws_secretsmanager_secret_version" "owner" {
  region    = var.region
  secret_id = aws_secretsmanager_secret.owner.id
  secret_string_wo = jsonencode({
    url = "postgresql://loyalnest_owner:${ephemeral.aws_secretsmanager_random_password.owner.random_password}@${aws_db_instance.primary.endpoint}/loyalnest?${local.owner_query}"
  })
  secret_string_wo_version = var.password_version
}

resource "aws_secretsmanager_secret" "app" {
  region                  = var.region
  name                    = "${var.name}/database/app"
  description             = "Role loyalnest_app: DATABASE_URL and DATABASE_READ_URL through the pooler, its password for the pooler"
  kms_key_id              = var.secrets_key_arn
  recovery_window_in_days = 30

  dynamic "replica" {
    for_each = var.dr_enabled ? [var.dr_region] : []
    content {
      region = replica.value
    }
  }
}

resource "aws_secretsmanager_secret_version" "app" {
  region    = var.region
  secret_id = aws_secretsmanager_secret.app.id
  secret_string_wo = jsonencode({
    url      = "postgresql://loyalnest_app:${ephemeral.aws_secretsmanager_random_password.app.random_password}@${var.pooler_address}/loyalnest?${local.pooler_query}"
    read_url = "postgresql://loyalnest_app:${ephemeral.aws_secretsmanager_random_password.app.random_password}@${var.pooler_address}/loyalnest_read?${local.pooler_query}"
    password = ephemeral.aws_secretsmanager_random_password.app.random_password
  })
  secret_string_wo_version = var.password_version
}
