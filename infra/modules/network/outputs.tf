output "vpc_id" {
  description = "The network."
  value       = aws_vpc.this.id
}

output "public_subnet_ids" {
  description = "Subnets of the public load balancer."
  value       = aws_subnet.public[*].id
}

output "private_subnet_ids" {
  description = "Subnets of tasks."
  value       = aws_subnet.private[*].id
}

output "data_subnet_ids" {
  description = "Subnets of databases, without a way out."
  value       = aws_subnet.data[*].id
}

output "security_group_ids" {
  description = "Security group of each role."
  value       = { for role, group in aws_security_group.role : role => group.id }
}

output "nat_public_ips" {
  description = "Addresses that web and worker go out by: list them at Shopify."
  value       = aws_eip.nat[*].public_ip
}
