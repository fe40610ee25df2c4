output "data_key_arn" {
  description = "Key of database, cache and files."
  value       = aws_kms_key.data.arn
}

output "database_identifier" {
  description = "The primary's name, as metrics call it."
  value       = aws_db_instance.primary.identifier
}

output "database_resource_id" {
  description = "The primary in policies of IAM authentication."
  value       = aws_db_instance.primary.resource_id
}

output "database_host" {
  description = "Where the primary answers."
  value       = aws_db_instance.primary.address
}

output "replica_identifiers" {
  description = "Names of the replicas, as metrics call them."
  value       = aws_db_instance.replica[*].identifier
}

output "read_hosts" {
  description = "Where reads go: the replicas, or the primary where there is none."
  value       = length(aws_db_instance.replica) > 0 ? aws_db_instance.replica[*].address : [aws_db_instance.primary.address]
}

output "dr_database_identifiers" {
  description = "Name of the replica in the other region, if there is one, as metrics call it."
  value       = aws_db_instance.dr[*].identifier
}

output "dr_database_host" {
  description = "Where the replica in the other region answers."
  value       = one(aws_db_instance.dr[*].address)
}

output "owner_secret_arn" {
  description = "The owner's URL, for migrations."
  value       = aws_secretsmanager_secret.owner.arn
}

output "app_secret_arn" {
  description = "URLs and password of loyalnest_app."
  value       = aws_secretsmanager_secret.app.arn
}

output "redis_secret_arn" {
  description = "URLs of queue and cache."
  value       = aws_secretsmanager_secret.cache.arn
}

output "queue_node_ids" {
  description = "Nodes of the queue, as metrics call them."
  value       = [for node in range(var.queue_nodes) : format("%s-%03d", aws_elasticache_replication_group.queue.replication_group_id, node + 1)]
}

output "cache_node_ids" {
  description = "Nodes of the cache, as metrics call them."
  value       = [for node in range(var.cache_nodes) : format("%s-%03d", aws_elasticache_replication_group.cache.replication_group_id, node + 1)]
}

output "files_bucket" {
  description = "Bucket of files."
  value       = aws_s3_bucket.files.id
}

output "files_bucket_arn" {
  description = "Bucket of files, in policies."
  value       = aws_s3_bucket.files.arn
}

output "dr_files_bucket" {
  description = "Copy of the files in the other region."
  value       = one(aws_s3_bucket.files_dr[*].id)
}

output "dr_data_key_arn" {
  description = "Key of the data in the other region."
  value       = one(aws_kms_key.dr[*].arn)
}

output "backup_vault" {
  description = "Vault of the snapshots."
  value       = aws_backup_vault.this.name
}

output "dr_redis_secret_arn" {
  description = "URLs of queue and cache in the other region."
  value       = one(aws_secretsmanager_secret.cache_dr[*].arn)
}
