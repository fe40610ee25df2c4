# Secrets that people fill in (docs/aws.md, First apply); those of database and cache are written by the data module.
# Terraform makes the places and never sees a value.

locals {
  secrets = {
    core         = "CORE_SIGNING_KEY, ENCRYPTION_KEYS, BLIND_INDEX_KEY"
    shopify      = "SHOPIFY_API_KEY, SHOPIFY_API_SECRET, SHOPIFY_API_SECRET_PREVIOUS"
    integrations = "SENTRY_DSN, POSTHOG_KEY, and the platform's own keys at Klaviyo and Twilio"
  }
}

resource "aws_kms_key" "secrets" {
  region                  = var.region
  description             = "${var.name}: secrets"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_kms_alias" "secrets" {
  region        = var.region
  name          = "alias/${var.name}-secrets"
  target_key_id = aws_kms_key.secrets.key_id
}

resource "aws_secretsmanager_secret" "this" {
  for_each                = local.secrets
  region                  = var.region
  name                    = "${var.name}/${each.key}"
  description             = each.value
  kms_key_id              = aws_kms_key.secrets.arn
  recovery_window_in_days = 30

  # A copy has AWS's own key of that region.
  dynamic "replica" {
    for_each = var.dr_enabled ? [var.dr_region] : []
    content {
      region = replica.value
    }
  }
}

# What CloudFront says to the load balancer. It stands in both their configurations, and so in the state, too; it opens
# nothing but the way around the firewall.
resource "random_password" "origin" {
  length  = 40
  special = false
  keepers = { version = var.origin_secret_version }
}
