# terraform.test.ts checks every argument against 6.66, the version that terraform-schema.json was taken from.
terraform {
  # 1.11 for write-only arguments: passwords that never reach the state.
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.66"
    }
    archive = {
      source  = "hashicorp/archive"
      version = "~> 2.7"
    }
    random = {
      source  = "hashicorp/random"
      version = "~> 3.7"
    }
  }

  # Bucket, key and region at `terraform init` (docs/aws.md): one state an environment.
  backend "s3" {
    use_lockfile = true
    encrypt      = true
  }
}

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]
  # In a fail-over the first region cannot be asked who we are.
  sts_region = var.dr_region

  default_tags {
    tags = {
      Application = "loyalnest"
      Environment = var.environment
      ManagedBy   = "terraform"
    }
  }
}
