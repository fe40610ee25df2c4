output "distribution_id" {
  description = "The distribution, to invalidate."
  value       = aws_cloudfront_distribution.this.id
}

output "distribution_arn" {
  description = "The distribution, in policies."
  value       = aws_cloudfront_distribution.this.arn
}

output "frontend_bucket" {
  description = "Bucket of the web build's files."
  value       = aws_s3_bucket.frontend.id
}

output "frontend_bucket_arn" {
  description = "Bucket of the web build's files, in policies."
  value       = aws_s3_bucket.frontend.arn
}

output "public_health_check_id" {
  description = "Whether the app answers, as metrics call it."
  value       = aws_route53_health_check.public.id
}

output "web_acl_name" {
  description = "The firewall, as metrics call it."
  value       = aws_wafv2_web_acl.this.name
}
