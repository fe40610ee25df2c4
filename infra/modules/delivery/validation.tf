# Every week AWS Backup restores the newest snapshot. This looks into what it restored, and says whether it is LoyalNest.
# (The guide's pg_restore cannot read a snapshot of RDS.)

locals {
  modules = "${path.root}/../node_modules"
  # The PostgreSQL driver with all that it needs; terraform.test.ts holds this against the lock file.
  driver = [
    "pg",
    "pg-connection-string",
    "pg-int8",
    "pg-pool",
    "pg-protocol",
    "pg-types",
    "pgpass",
    "postgres-array",
    "postgres-bytea",
    "postgres-date",
    "postgres-interval",
    "split2",
    "xtend",
  ]
  driver_files = flatten([
    for package in local.driver : [
      for file in fileset("${local.modules}/${package}", "**/*.{js,mjs,json}") : "${package}/${file}"
    ]
  ])
}

data "archive_file" "validation" {
  type        = "zip"
  output_path = "${path.root}/.terraform/validate-backup.zip"

  source {
    filename = "index.mjs"
    content  = file("${path.module}/validate-backup/index.mjs")
  }
  source {
    filename = "checks.mjs"
    content  = file("${path.module}/validate-backup/checks.mjs")
  }

  dynamic "source" {
    for_each = local.driver_files
    content {
      filename = "node_modules/${source.value}"
      content  = file("${local.modules}/${source.value}")
    }
  }
}

data "aws_iam_policy_document" "validation_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "validation" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [var.app_secret_arn]
  }
  statement {
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.secrets.arn]
    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["secretsmanager.${var.region}.amazonaws.com"]
    }
  }
  # What AWS Backup names a test restore.
  statement {
    actions   = ["rds:DescribeDBInstances"]
    resources = ["arn:aws:rds:${var.region}:${var.account_id}:db:awsbackup-restore-test-*"]
  }
  # Takes no resource.
  statement {
    actions   = ["backup:PutRestoreValidationResult"]
    resources = ["*"]
  }
}

resource "aws_iam_role" "validation" {
  name               = "${var.name}-validate-backup"
  description        = "Lambda: looks into restored snapshots"
  assume_role_policy = data.aws_iam_policy_document.validation_trust.json
}

resource "aws_iam_role_policy" "validation" {
  name   = "validate"
  role   = aws_iam_role.validation.id
  policy = data.aws_iam_policy_document.validation.json
}

resource "aws_iam_role_policy_attachment" "validation" {
  role       = aws_iam_role.validation.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
}

resource "aws_cloudwatch_log_group" "validation" {
  region            = var.region
  name              = "/aws/lambda/${var.name}-validate-backup"
  retention_in_days = var.log_retention_days
}

resource "aws_lambda_function" "validation" {
  region           = var.region
  function_name    = "${var.name}-validate-backup"
  description      = "Looks into restored snapshots"
  role             = aws_iam_role.validation.arn
  runtime          = "nodejs24.x"
  architectures    = ["arm64"]
  handler          = "index.handler"
  filename         = data.archive_file.validation.output_path
  source_code_hash = data.archive_file.validation.output_base64sha256
  memory_size      = 256
  timeout          = 600

  environment {
    variables = {
      APP_SECRET_ARN = var.app_secret_arn
      # RDS's authorities, which come with the runtime.
      NODE_EXTRA_CA_CERTS = "/var/runtime/ca-cert.pem"
    }
  }

  vpc_config {
    subnet_ids         = var.private_subnet_ids
    security_group_ids = [var.validation_security_group_id]
  }

  depends_on = [aws_cloudwatch_log_group.validation]
}

resource "aws_cloudwatch_event_rule" "restored" {
  region      = var.region
  name        = "${var.name}-restored"
  description = "A restore of a database has ended; the function looks at those that were tests"
  event_pattern = jsonencode({
    source      = ["aws.backup"]
    detail-type = ["Restore Job State Change"]
    detail = {
      status       = ["COMPLETED"]
      resourceType = ["RDS"]
    }
  })
}

resource "aws_cloudwatch_event_target" "restored" {
  region = var.region
  rule   = aws_cloudwatch_event_rule.restored.name
  arn    = aws_lambda_function.validation.arn
}

resource "aws_lambda_permission" "restored" {
  region        = var.region
  statement_id  = "EventBridge"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.validation.function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.restored.arn
}
