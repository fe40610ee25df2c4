# Images under tags that cannot be moved, scanned when they come, copied to the other region. One image is web, worker,
# core and the migration: what was tested together runs together.

locals {
  repositories = toset(["${var.name}-backend", "${var.name}-pgbouncer"])
}

resource "aws_ecr_repository" "this" {
  for_each             = local.repositories
  region               = var.region
  name                 = each.value
  image_tag_mutability = "IMMUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "AES256"
  }
}

# The last fifty releases; what was built and never tagged goes after a week.
resource "aws_ecr_lifecycle_policy" "this" {
  for_each   = aws_ecr_repository.this
  region     = var.region
  repository = each.value.name
  policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "Untagged"
        selection    = { tagStatus = "untagged", countType = "sinceImagePushed", countUnit = "days", countNumber = 7 }
        action       = { type = "expire" }
      },
      {
        rulePriority = 2
        description  = "Old releases"
        selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 50 }
        action       = { type = "expire" }
      },
    ]
  })
}

resource "aws_ecr_replication_configuration" "this" {
  count  = var.dr_enabled ? 1 : 0
  region = var.region

  replication_configuration {
    rule {
      destination {
        region      = var.dr_region
        registry_id = var.account_id
      }
      repository_filter {
        filter      = "${var.name}-"
        filter_type = "PREFIX_MATCH"
      }
    }
  }
}
