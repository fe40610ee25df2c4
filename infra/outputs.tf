output "nat_public_ips" {
  description = "Addresses that the app calls Shopify from: list them in the Dev Dashboard, those of both regions."
  value       = concat(module.network.nat_public_ips, flatten(module.network_dr[*].nat_public_ips))
}

output "repository_urls" {
  description = "Where the pipeline pushes images."
  value       = module.delivery.repository_urls
}

output "github_role_arns" {
  description = "Roles of the workflows: plan, deploy, apply."
  value       = module.delivery.github_role_arns
}

output "secret_arns" {
  description = "Secrets to fill in before the first release."
  value       = module.delivery.secret_arns
}

output "frontend_bucket" {
  description = "Where the pipeline puts assets."
  value       = module.edge.frontend_bucket
}

output "distribution_id" {
  description = "What the pipeline invalidates."
  value       = module.edge.distribution_id
}

output "cluster_name" {
  description = "The cluster of the services."
  value       = module.services.cluster_name
}

output "service_names" {
  description = "Services that a release changes."
  value       = module.services.service_names
}

output "task_families" {
  description = "Task definitions that a release registers anew."
  value       = module.services.task_families
}

output "migrate_task_family" {
  description = "Run once before a release."
  value       = module.services.migrate_task_family
}

output "migrate_network" {
  description = "Where that task runs."
  value = {
    subnets         = module.network.private_subnet_ids
    security_groups = [module.network.security_group_ids["migrate"]]
  }
}

output "region" {
  description = "Where the pipeline releases to."
  value       = var.region
}

output "domain" {
  description = "What the pipeline asks after a release."
  value       = var.domain
}

output "dr_region" {
  description = "Where the pipeline prepares the release, too; null without a region that stands by."
  value       = var.dr_enabled ? var.dr_region : null
}
