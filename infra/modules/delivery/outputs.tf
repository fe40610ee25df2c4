output "repository_urls" {
  description = "Where images are pushed to, by repository."
  value       = { for name, repository in aws_ecr_repository.this : name => repository.repository_url }
}

output "repository_arns" {
  description = "Repositories, in policies."
  value       = { for name, repository in aws_ecr_repository.this : name => repository.arn }
}

output "secrets_key_arn" {
  description = "Key of the secrets."
  value       = aws_kms_key.secrets.arn
}

output "secret_arns" {
  description = "Secrets that people fill in."
  value       = { for name, secret in aws_secretsmanager_secret.this : name => secret.arn }
}

output "origin_secret" {
  description = "What CloudFront says to the load balancer."
  value       = random_password.origin.result
  sensitive   = true
}

output "github_role_arns" {
  description = "Roles of GitHub's workflows."
  value       = { for name, role in aws_iam_role.github : name => role.arn }
}

output "validation_function_name" {
  description = "The check of restored snapshots, as metrics call it."
  value       = aws_lambda_function.validation.function_name
}
