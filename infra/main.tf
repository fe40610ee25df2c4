# LoyalNest on AWS. prod.tfvars and staging.tfvars are the only differences between environments:
#   terraform apply -var-file=prod.tfvars
# The order of the first apply, the fail-over and what it costs: docs/aws.md.

locals {
  # CloudFront asks the load balancer by this name; which region it leads to, Route 53 says.
  origin_domain = "origin.${var.domain}"
  # The same in both regions, each with its own private zone.
  internal_domain = "internal.${var.domain}"

  image_path           = "${var.account_id}.dkr.ecr.${var.region}.amazonaws.com/${var.name}-backend:${var.image_tag}"
  pgbouncer_image_path = "${var.account_id}.dkr.ecr.${var.region}.amazonaws.com/${var.name}-pgbouncer:${var.pgbouncer_image_tag}"
  collector_image_path = "public.ecr.aws/aws-observability/aws-otel-collector:${var.collector_version}"

  # What CloudWatch makes metrics of, by which attribute. Everything else stays in the log, which is asked by query.
  metric_declarations = [
    { dimensions = [["code"]], metric_name_selectors = ["^rpc\\.server\\.duration$"] },
    { dimensions = [["state"]], metric_name_selectors = ["^db\\.client\\.connection\\.count$"] },
    # The library that measured: loyalnest-core, -web or -worker.
    { dimensions = [["OTelLib"]], metric_name_selectors = ["^loyalnest\\."] },
    { dimensions = [["OTelLib", "job"]], metric_name_selectors = ["^loyalnest\\.jobs\\.failed$"] },
  ]
}

data "aws_route53_zone" "public" {
  name         = var.zone_name
  private_zone = false
}

module "network" {
  source = "./modules/network"

  name          = var.name
  region        = var.region
  zones         = var.zones
  cidr          = var.vpc_cidr
  nat_gateways  = var.nat_gateways
  nat_addresses = var.nat_gateways
}

module "network_dr" {
  count  = var.dr_enabled ? 1 : 0
  source = "./modules/network"

  name          = var.name
  region        = var.dr_region
  zones         = var.dr_zones
  cidr          = var.dr_vpc_cidr
  nat_gateways  = var.dr_active ? 1 : 0
  nat_addresses = 1
}

module "data" {
  source = "./modules/data"

  name                       = var.name
  region                     = var.region
  log_retention_days         = var.log_retention_days
  subnet_ids                 = module.network.data_subnet_ids
  database_security_group_id = module.network.security_group_ids["database"]
  cache_security_group_id    = module.network.security_group_ids["cache"]
  secrets_key_arn            = module.delivery.secrets_key_arn
  pooler_address             = "pgbouncer.${local.internal_domain}:6432"

  instance_type         = var.rds_instance_type
  multi_az              = var.rds_multi_az
  allocated_storage     = var.rds_allocated_storage
  max_allocated_storage = var.rds_max_allocated_storage
  read_replicas         = var.rds_read_replicas
  password_version      = var.password_version
  point_in_time_days    = var.point_in_time_days
  backup_retention_days = var.backup_retention_days
  deletion_protection   = var.deletion_protection

  queue_node_type = var.queue_node_type
  queue_nodes     = var.queue_nodes
  cache_node_type = var.cache_node_type
  cache_nodes     = var.cache_nodes

  dr_enabled                    = var.dr_enabled
  dr_active                     = var.dr_active
  dr_region                     = var.dr_region
  dr_instance_type              = var.dr_rds_instance_type
  dr_subnet_ids                 = try(module.network_dr[0].data_subnet_ids, [])
  dr_database_security_group_id = try(module.network_dr[0].security_group_ids["database"], null)
  dr_cache_security_group_id    = try(module.network_dr[0].security_group_ids["cache"], null)
}

module "services" {
  source = "./modules/services"

  name                = var.name
  account_id          = var.account_id
  region              = var.region
  standby             = false
  running             = true
  deletion_protection = var.deletion_protection

  vpc_id             = module.network.vpc_id
  public_subnet_ids  = module.network.public_subnet_ids
  private_subnet_ids = module.network.private_subnet_ids
  security_group_ids = module.network.security_group_ids
  zone_id            = data.aws_route53_zone.public.zone_id
  domain             = var.domain
  origin_domain      = local.origin_domain
  origin_secret      = module.delivery.origin_secret
  internal_domain    = local.internal_domain

  core_services = var.core_services
  web           = var.web
  worker        = var.worker
  pgbouncer     = var.pgbouncer
  collector     = var.collector
  partitions    = var.partitions

  image                    = local.image_path
  pgbouncer_image          = local.pgbouncer_image_path
  collector_image          = local.collector_image_path
  repository_arn           = module.delivery.repository_arns["${var.name}-backend"]
  pgbouncer_repository_arn = module.delivery.repository_arns["${var.name}-pgbouncer"]

  database_host           = module.data.database_host
  database_read_hosts     = module.data.read_hosts
  owner_secret_arn        = module.data.owner_secret_arn
  app_secret_arn          = module.data.app_secret_arn
  redis_secret_arn        = module.data.redis_secret_arn
  core_secret_arn         = module.delivery.secret_arns["core"]
  shopify_secret_arn      = module.delivery.secret_arns["shopify"]
  integrations_secret_arn = module.delivery.secret_arns["integrations"]
  secrets_key_arn         = module.delivery.secrets_key_arn
  data_key_arn            = module.data.data_key_arn
  files_bucket            = module.data.files_bucket
  files_bucket_arn        = module.data.files_bucket_arn

  log_group             = module.observability.log_groups[var.region].name
  log_group_arn         = module.observability.log_groups[var.region].arn
  metrics_log_group     = module.observability.metrics_log_groups[var.region].name
  metrics_log_group_arn = module.observability.metrics_log_groups[var.region].arn
  metric_declarations   = local.metric_declarations
  alarm_topic_arn       = module.observability.alarm_topic_arn

  log_level           = var.log_level
  log_retention_days  = var.log_retention_days
  shopify_app_handle  = var.shopify_app_handle
  posthog_host        = var.posthog_host
  messages_from       = var.messages_from
  console_allowed_ips = var.console_allowed_ips
}

# The other region: load balancers, roles, task definitions, names and no task. Secrets and images are copies of the
# first region's, under the same names.
module "services_dr" {
  count  = var.dr_enabled ? 1 : 0
  source = "./modules/services"

  name                = var.name
  account_id          = var.account_id
  region              = var.dr_region
  standby             = true
  running             = var.dr_active
  deletion_protection = var.deletion_protection

  vpc_id             = module.network_dr[0].vpc_id
  public_subnet_ids  = module.network_dr[0].public_subnet_ids
  private_subnet_ids = module.network_dr[0].private_subnet_ids
  security_group_ids = module.network_dr[0].security_group_ids
  zone_id            = data.aws_route53_zone.public.zone_id
  domain             = var.domain
  origin_domain      = local.origin_domain
  origin_secret      = module.delivery.origin_secret
  internal_domain    = local.internal_domain

  core_services = var.core_services
  web           = var.web
  worker        = var.worker
  pgbouncer     = var.pgbouncer
  collector     = var.collector
  partitions    = var.partitions

  image                    = replace(local.image_path, var.region, var.dr_region)
  pgbouncer_image          = replace(local.pgbouncer_image_path, var.region, var.dr_region)
  collector_image          = local.collector_image_path
  repository_arn           = replace(module.delivery.repository_arns["${var.name}-backend"], var.region, var.dr_region)
  pgbouncer_repository_arn = replace(module.delivery.repository_arns["${var.name}-pgbouncer"], var.region, var.dr_region)

  database_host           = module.data.dr_database_host
  database_read_hosts     = [module.data.dr_database_host]
  owner_secret_arn        = replace(module.data.owner_secret_arn, var.region, var.dr_region)
  app_secret_arn          = replace(module.data.app_secret_arn, var.region, var.dr_region)
  redis_secret_arn        = module.data.dr_redis_secret_arn
  core_secret_arn         = replace(module.delivery.secret_arns["core"], var.region, var.dr_region)
  shopify_secret_arn      = replace(module.delivery.secret_arns["shopify"], var.region, var.dr_region)
  integrations_secret_arn = replace(module.delivery.secret_arns["integrations"], var.region, var.dr_region)
  secrets_key_arn         = null
  data_key_arn            = module.data.dr_data_key_arn
  files_bucket            = module.data.dr_files_bucket
  files_bucket_arn        = "arn:aws:s3:::${module.data.dr_files_bucket}"

  log_group             = module.observability.log_groups[var.dr_region].name
  log_group_arn         = module.observability.log_groups[var.dr_region].arn
  metrics_log_group     = module.observability.metrics_log_groups[var.dr_region].name
  metrics_log_group_arn = module.observability.metrics_log_groups[var.dr_region].arn
  metric_declarations   = local.metric_declarations
  alarm_topic_arn       = module.observability.global_alarm_topic_arn

  log_level           = var.log_level
  log_retention_days  = var.log_retention_days
  shopify_app_handle  = var.shopify_app_handle
  posthog_host        = var.posthog_host
  messages_from       = var.messages_from
  console_allowed_ips = var.console_allowed_ips
}

module "edge" {
  source = "./modules/edge"

  name                 = var.name
  region               = var.region
  zone_id              = data.aws_route53_zone.public.zone_id
  domain               = var.domain
  origin_domain        = local.origin_domain
  origin_secret        = module.delivery.origin_secret
  balancer_dns_name    = module.services.public_dns_name
  balancer_zone_id     = module.services.public_zone_id
  dr_enabled           = var.dr_enabled
  dr_region            = var.dr_region
  dr_balancer_dns_name = one(module.services_dr[*].public_dns_name)
  dr_balancer_zone_id  = one(module.services_dr[*].public_zone_id)
  rate_limit           = var.waf_rate_limit
}

module "observability" {
  source = "./modules/observability"

  name                = var.name
  environment         = var.environment
  account_id          = var.account_id
  region              = var.region
  dr_enabled          = var.dr_enabled
  dr_region           = var.dr_region
  alarm_emails        = var.alarm_emails
  log_retention_days  = var.log_retention_days
  budget_usd          = var.budget_usd
  budget_expected_usd = var.budget_expected_usd
  connections_alarm   = var.connections_alarm

  cluster_name              = module.services.cluster_name
  running_service_names     = module.services.running_service_names
  public_arn_suffix         = module.services.public_arn_suffix
  internal_arn_suffix       = module.services.internal_arn_suffix
  target_group_arn_suffixes = module.services.target_group_arn_suffixes
  database_identifier       = module.data.database_identifier
  replica_identifiers       = module.data.replica_identifiers
  dr_database_identifiers   = module.data.dr_database_identifiers
  queue_node_ids            = module.data.queue_node_ids
  cache_node_ids            = module.data.cache_node_ids
  backup_vault              = module.data.backup_vault
  validation_function_name  = module.delivery.validation_function_name
  public_health_check_id    = module.edge.public_health_check_id
  web_acl_name              = module.edge.web_acl_name
}

module "delivery" {
  source = "./modules/delivery"

  name                  = var.name
  environment           = var.environment
  account_id            = var.account_id
  region                = var.region
  dr_enabled            = var.dr_enabled
  dr_region             = var.dr_region
  github_repository     = var.github_repository
  state_bucket          = var.state_bucket
  origin_secret_version = var.origin_secret_version
  log_retention_days    = var.log_retention_days

  cluster_name                 = module.services.cluster_name
  cluster_arn                  = module.services.cluster_arn
  service_arns                 = concat(module.services.service_arns, flatten(module.services_dr[*].service_arns))
  task_role_arns               = concat(module.services.task_role_arns, flatten(module.services_dr[*].task_role_arns))
  migrate_task_family          = module.services.migrate_task_family
  frontend_bucket_arn          = module.edge.frontend_bucket_arn
  distribution_arn             = module.edge.distribution_arn
  log_group_arn                = module.observability.log_groups[var.region].arn
  database_resource_id         = module.data.database_resource_id
  app_secret_arn               = module.data.app_secret_arn
  private_subnet_ids           = module.network.private_subnet_ids
  validation_security_group_id = module.network.security_group_ids["validation"]
}
