# The firewall at CloudFront. Shopify calls for all shops from few addresses, with bodies of any size and text that
# shoppers wrote: /webhooks/, /proxy/ and Flow are never rated or cut, since each of their requests is signed and the app
# refuses the rest. On /app/ and /extension/, where people upload images and write templates, rules that look into bodies
# only count.

locals {
  # Signed by Shopify.
  signed_paths = ["/webhooks/", "/proxy/", "/flow/"]
  # Signed in by a token of Shopify's; bodies are images, imports and templates.
  body_paths = ["/app/", "/extension/"]

  managed_groups = {
    AWSManagedRulesAmazonIpReputationList = { priority = 10, body_rules = {} }
    AWSManagedRulesKnownBadInputsRuleSet = {
      priority = 20
      body_rules = {
        JavaDeserializationRCE_BODY = "awswaf:managed:aws:known-bad-inputs:JavaDeserializationRCE_Body"
        Log4JRCE_BODY               = "awswaf:managed:aws:known-bad-inputs:Log4JRCE_Body"
      }
    }
    AWSManagedRulesCommonRuleSet = {
      priority = 30
      body_rules = {
        SizeRestrictions_BODY   = "awswaf:managed:aws:core-rule-set:SizeRestrictions_Body"
        EC2MetaDataSSRF_BODY    = "awswaf:managed:aws:core-rule-set:EC2MetaDataSSRF_Body"
        GenericLFI_BODY         = "awswaf:managed:aws:core-rule-set:GenericLFI_Body"
        GenericRFI_BODY         = "awswaf:managed:aws:core-rule-set:GenericRFI_Body"
        CrossSiteScripting_BODY = "awswaf:managed:aws:core-rule-set:CrossSiteScripting_Body"
      }
    }
    AWSManagedRulesSQLiRuleSet = {
      priority = 40
      body_rules = {
        SQLi_BODY                 = "awswaf:managed:aws:sql-database:SQLi_Body"
        SQLiExtendedPatterns_BODY = "awswaf:managed:aws:sql-database:SQLiExtendedPatterns_Body"
      }
    }
  }

  body_labels = merge([for group in local.managed_groups : group.body_rules]...)
}

resource "aws_wafv2_web_acl" "this" {
  region      = "us-east-1"
  name        = var.name
  description = "Before the app; never before what Shopify signs"
  scope       = "CLOUDFRONT"

  default_action {
    allow {}
  }

  dynamic "rule" {
    for_each = local.managed_groups
    content {
      name     = rule.key
      priority = rule.value.priority

      override_action {
        none {}
      }

      statement {
        managed_rule_group_statement {
          vendor_name = "AWS"
          name        = rule.key

          # They label; the rule below cuts where bodies are plain.
          dynamic "rule_action_override" {
            for_each = rule.value.body_rules
            content {
              name = rule_action_override.key
              action_to_use {
                count {}
              }
            }
          }

          scope_down_statement {
            not_statement {
              statement {
                or_statement {
                  dynamic "statement" {
                    for_each = local.signed_paths
                    content {
                      byte_match_statement {
                        positional_constraint = "STARTS_WITH"
                        search_string         = statement.value
                        field_to_match {
                          uri_path {}
                        }
                        text_transformation {
                          priority = 0
                          type     = "NONE"
                        }
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = rule.key
        sampled_requests_enabled   = true
      }
    }
  }

  rule {
    name     = "suspicious-bodies"
    priority = 50

    action {
      block {}
    }

    statement {
      and_statement {
        statement {
          or_statement {
            dynamic "statement" {
              for_each = local.body_labels
              content {
                label_match_statement {
                  scope = "LABEL"
                  key   = statement.value
                }
              }
            }
          }
        }
        statement {
          not_statement {
            statement {
              or_statement {
                dynamic "statement" {
                  for_each = local.body_paths
                  content {
                    byte_match_statement {
                      positional_constraint = "STARTS_WITH"
                      search_string         = statement.value
                      field_to_match {
                        uri_path {}
                      }
                      text_transformation {
                        priority = 0
                        type     = "NONE"
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "suspicious-bodies"
      sampled_requests_enabled   = true
    }
  }

  rule {
    name     = "rate"
    priority = 60

    action {
      block {}
    }

    statement {
      rate_based_statement {
        aggregate_key_type    = "IP"
        limit                 = var.rate_limit
        evaluation_window_sec = 300

        scope_down_statement {
          not_statement {
            statement {
              or_statement {
                dynamic "statement" {
                  for_each = local.signed_paths
                  content {
                    byte_match_statement {
                      positional_constraint = "STARTS_WITH"
                      search_string         = statement.value
                      field_to_match {
                        uri_path {}
                      }
                      text_transformation {
                        priority = 0
                        type     = "NONE"
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "rate"
      sampled_requests_enabled   = true
    }
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = var.name
    sampled_requests_enabled   = true
  }
}
