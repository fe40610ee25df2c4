# Imports, exports, reports, icons and the journal of erasures, which outlives a database that is restored.

resource "aws_s3_bucket" "files" {
  region = var.region
  bucket = "${var.name}-files"

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_public_access_block" "files" {
  region                  = var.region
  bucket                  = aws_s3_bucket.files.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "files" {
  region = var.region
  bucket = aws_s3_bucket.files.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "files" {
  region = var.region
  bucket = aws_s3_bucket.files.id

  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.data.arn
    }
  }
}

# What people were given to download goes after a week, every older version after 90 days; the journal stays.
resource "aws_s3_bucket_lifecycle_configuration" "files" {
  region = var.region
  bucket = aws_s3_bucket.files.id

  rule {
    id     = "exports"
    status = "Enabled"
    filter {
      prefix = "exports/"
    }
    expiration {
      days = 7
    }
  }

  rule {
    id     = "imports"
    status = "Enabled"
    filter {
      prefix = "imports/"
    }
    expiration {
      days = 30
    }
  }

  rule {
    id     = "old-versions"
    status = "Enabled"
    filter {
      prefix = ""
    }
    noncurrent_version_expiration {
      noncurrent_days = var.backup_retention_days
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.files]
}

data "aws_iam_policy_document" "files" {
  # After a restore the journal says whom to erase again: it outlives every backup.
  statement {
    sid       = "JournalStays"
    effect    = "Deny"
    actions   = ["s3:DeleteObject", "s3:DeleteObjectVersion"]
    resources = ["${aws_s3_bucket.files.arn}/erasures/*"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.files.arn, "${aws_s3_bucket.files.arn}/*"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "files" {
  region = var.region
  bucket = aws_s3_bucket.files.id
  policy = data.aws_iam_policy_document.files.json
}
