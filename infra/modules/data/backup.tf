# Daily snapshots for 90 days, copied to the other region, restored every week by AWS Backup to prove that they can be.
# RDS itself keeps at most 35 days.

data "aws_iam_policy_document" "backup_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["backup.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "backup" {
  name               = "${var.name}-backup"
  description        = "AWS Backup: takes, copies and test-restores snapshots"
  assume_role_policy = data.aws_iam_policy_document.backup_trust.json
}

resource "aws_iam_role_policy_attachment" "backup" {
  for_each = toset([
    "AWSBackupServiceRolePolicyForBackup",
    "AWSBackupServiceRolePolicyForRestores",
  ])
  role       = aws_iam_role.backup.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/${each.value}"
}

resource "aws_backup_vault" "this" {
  region      = var.region
  name        = var.name
  kms_key_arn = aws_kms_key.data.arn
}

resource "aws_backup_plan" "database" {
  region = var.region
  name   = "${var.name}-database"

  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.this.name
    schedule          = "cron(0 5 * * ? *)"
    start_window      = 60
    completion_window = 360

    lifecycle {
      delete_after = var.backup_retention_days
    }

    dynamic "copy_action" {
      for_each = aws_backup_vault.dr[*].arn
      content {
        destination_vault_arn = copy_action.value
        lifecycle {
          delete_after = var.backup_retention_days
        }
      }
    }
  }
}

resource "aws_backup_selection" "database" {
  region       = var.region
  name         = "${var.name}-database"
  plan_id      = aws_backup_plan.database.id
  iam_role_arn = aws_iam_role.backup.arn
  resources    = [aws_db_instance.primary.arn]
}

resource "aws_backup_restore_testing_plan" "weekly" {
  region = var.region
  # Letters, digits and underscores alone.
  name                = "${replace(var.name, "-", "_")}_weekly"
  schedule_expression = "cron(0 9 ? * SUN *)"
  start_window_hours  = 1

  recovery_point_selection {
    algorithm             = "LATEST_WITHIN_WINDOW"
    include_vaults        = [aws_backup_vault.this.arn]
    recovery_point_types  = ["SNAPSHOT"]
    selection_window_days = 7
  }
}

resource "aws_backup_restore_testing_selection" "database" {
  region                    = var.region
  name                      = "${replace(var.name, "-", "_")}_database"
  restore_testing_plan_name = aws_backup_restore_testing_plan.weekly.name
  protected_resource_type   = "RDS"
  protected_resource_arns   = [aws_db_instance.primary.arn]
  iam_role_arn              = aws_iam_role.backup.arn
  validation_window_hours   = 4

  restore_metadata_overrides = {
    dbSubnetGroupName   = aws_db_subnet_group.this.name
    vpcSecurityGroupIds = jsonencode([var.database_security_group_id])
    multiAz             = "false"
  }
}
