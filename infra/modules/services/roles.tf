# Two roles for each kind of task: one that Amazon ECS starts it with (image, secrets, log), one that it has itself.

locals {
  # Which secrets each may be started with, and nothing else.
  secret_arns = {
    web       = [var.app_secret_arn, var.redis_secret_arn, var.core_secret_arn, var.shopify_secret_arn, var.integrations_secret_arn]
    worker    = [var.app_secret_arn, var.redis_secret_arn, var.core_secret_arn, var.shopify_secret_arn, var.integrations_secret_arn]
    core      = [var.app_secret_arn, var.core_secret_arn, var.integrations_secret_arn]
    migrate   = [var.owner_secret_arn, var.app_secret_arn]
    pgbouncer = [var.app_secret_arn]
    collector = []
  }
}

data "aws_iam_policy_document" "start_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "task_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }
  }
}

resource "aws_iam_role" "execution" {
  for_each           = local.secret_arns
  name               = "${local.role_prefix}-${each.key}-start"
  description        = "Amazon ECS: starts ${each.key}"
  assume_role_policy = data.aws_iam_policy_document.start_trust.json
}

data "aws_iam_policy_document" "execution" {
  for_each = local.secret_arns

  # Takes no resource: a token to speak with the registry at all.
  statement {
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }
  dynamic "statement" {
    for_each = each.key == "collector" ? [] : [true]
    content {
      actions   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
      resources = [each.key == "pgbouncer" ? var.pgbouncer_repository_arn : var.repository_arn]
    }
  }
  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${var.log_group_arn}:log-stream:*"]
  }
  dynamic "statement" {
    for_each = length(each.value) > 0 ? [each.value] : []
    content {
      actions   = ["secretsmanager:GetSecretValue"]
      resources = statement.value
    }
  }
  dynamic "statement" {
    for_each = length(each.value) > 0 && var.secrets_key_arn != null ? [var.secrets_key_arn] : []
    content {
      actions   = ["kms:Decrypt"]
      resources = [statement.value]
      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["secretsmanager.${var.region}.amazonaws.com"]
      }
    }
  }
}

resource "aws_iam_role_policy" "execution" {
  for_each = local.secret_arns
  name     = "start"
  role     = aws_iam_role.execution[each.key].id
  policy   = data.aws_iam_policy_document.execution[each.key].json
}

resource "aws_iam_role" "task" {
  for_each           = local.secret_arns
  name               = "${local.role_prefix}-${each.key}"
  description        = "What ${each.key} itself may do"
  assume_role_policy = data.aws_iam_policy_document.task_trust.json
}

# Imports, exports, reports, icons: web and worker share no disk. Erasures are written down here, too.
data "aws_iam_policy_document" "files" {
  statement {
    actions   = ["s3:ListBucket"]
    resources = [var.files_bucket_arn]
  }
  statement {
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    resources = ["${var.files_bucket_arn}/*"]
  }
  statement {
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.data_key_arn]
    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["s3.${var.region}.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "files" {
  for_each = toset(["web", "worker"])
  name     = "files"
  role     = aws_iam_role.task[each.key].id
  policy   = data.aws_iam_policy_document.files.json
}

# The worker alone writes to members, from one address. The domain is verified beforehand (docs/aws.md).
data "aws_iam_policy_document" "mail" {
  statement {
    actions   = ["ses:SendEmail"]
    resources = ["arn:aws:ses:${var.region}:${var.account_id}:identity/${element(split("@", var.messages_from), 1)}"]
    condition {
      test     = "StringEquals"
      variable = "ses:FromAddress"
      values   = [var.messages_from]
    }
  }
}

resource "aws_iam_role_policy" "mail" {
  count  = var.messages_from == "" ? 0 : 1
  name   = "mail"
  role   = aws_iam_role.task["worker"].id
  policy = data.aws_iam_policy_document.mail.json
}

data "aws_iam_policy_document" "collector" {
  # X-Ray's actions take no resource.
  statement {
    actions = [
      "xray:PutTraceSegments",
      "xray:PutTelemetryRecords",
      "xray:GetSamplingRules",
      "xray:GetSamplingTargets",
      "xray:GetSamplingStatisticSummaries",
    ]
    resources = ["*"]
  }
  statement {
    actions   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    resources = [var.metrics_log_group_arn, "${var.metrics_log_group_arn}:log-stream:*"]
  }
}

resource "aws_iam_role_policy" "collector" {
  name   = "telemetry"
  role   = aws_iam_role.task["collector"].id
  policy = data.aws_iam_policy_document.collector.json
}

# Amazon ECS moves the weights of listener rules and asks the smoke test.
data "aws_iam_policy_document" "ecs_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "balancing" {
  name               = "${local.role_prefix}-balancing"
  description        = "Amazon ECS: moves traffic between releases"
  assume_role_policy = data.aws_iam_policy_document.ecs_trust.json
}

resource "aws_iam_role_policy_attachment" "balancing" {
  role       = aws_iam_role.balancing.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers"
}

data "aws_iam_policy_document" "hook" {
  statement {
    actions   = ["lambda:InvokeFunction"]
    resources = [aws_lambda_function.smoke.arn]
  }
}

resource "aws_iam_role" "hook" {
  name               = "${local.role_prefix}-release-hook"
  description        = "Amazon ECS: asks the smoke test"
  assume_role_policy = data.aws_iam_policy_document.ecs_trust.json
}

resource "aws_iam_role_policy" "hook" {
  name   = "invoke"
  role   = aws_iam_role.hook.id
  policy = data.aws_iam_policy_document.hook.json
}
