# What runs: one image for web, worker, core and the migration, one for the pooler, one for the collector. A container
# runs as non-root and writes to /tmp alone. The pipeline registers a new revision a release; the ones made here are the
# first, and a place to change anything but the image.

locals {
  common = {
    NODE_ENV                    = "production"
    LOG_LEVEL                   = var.log_level
    OTEL_EXPORTER_OTLP_ENDPOINT = "http://collector.${var.internal_domain}:4318"
    # One trace in twenty, whole: each is paid for.
    OTEL_TRACES_SAMPLER     = "parentbased_traceidratio"
    OTEL_TRACES_SAMPLER_ARG = "0.05"
    # As CloudWatch adds up.
    OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE = "delta"
  }

  # Web and worker.
  app = merge(local.common, {
    CORE_URL           = "core.${var.internal_domain}:443"
    CORE_TLS           = "on"
    SHOPIFY_APP_URL    = "https://${var.domain}"
    SHOPIFY_APP_HANDLE = var.shopify_app_handle
    POSTHOG_HOST       = var.posthog_host
    FILES_BUCKET       = var.files_bucket
  })

  app_secrets = {
    DATABASE_URL                = "${var.app_secret_arn}:url::"
    REDIS_URL                   = "${var.redis_secret_arn}:queue_url::"
    CACHE_REDIS_URL             = "${var.redis_secret_arn}:cache_url::"
    CORE_SIGNING_KEY            = "${var.core_secret_arn}:CORE_SIGNING_KEY::"
    ENCRYPTION_KEYS             = "${var.core_secret_arn}:ENCRYPTION_KEYS::"
    SHOPIFY_API_KEY             = "${var.shopify_secret_arn}:SHOPIFY_API_KEY::"
    SHOPIFY_API_SECRET          = "${var.shopify_secret_arn}:SHOPIFY_API_SECRET::"
    SHOPIFY_API_SECRET_PREVIOUS = "${var.shopify_secret_arn}:SHOPIFY_API_SECRET_PREVIOUS::"
    SENTRY_DSN                  = "${var.integrations_secret_arn}:SENTRY_DSN::"
    POSTHOG_KEY                 = "${var.integrations_secret_arn}:POSTHOG_KEY::"
  }

  core_secrets = {
    DATABASE_URL      = "${var.app_secret_arn}:url::"
    DATABASE_READ_URL = "${var.app_secret_arn}:read_url::"
    CORE_SIGNING_KEY  = "${var.core_secret_arn}:CORE_SIGNING_KEY::"
    ENCRYPTION_KEYS   = "${var.core_secret_arn}:ENCRYPTION_KEYS::"
    BLIND_INDEX_KEY   = "${var.core_secret_arn}:BLIND_INDEX_KEY::"
    SENTRY_DSN        = "${var.integrations_secret_arn}:SENTRY_DSN::"
  }

  core_tasks = { for name, service in var.core_services : name => {
    role        = "core"
    image       = var.image
    user        = "node"
    command     = ["node", "core/main.ts"]
    size        = { cpu = service.cpu, memory = service.memory }
    port        = 50051
    writes      = "/tmp"
    health      = null
    environment = merge(local.common, { CORE_HOST = "0.0.0.0", CORE_PORT = "50051", CORE_SERVICES = name })
    secrets     = local.core_secrets
  } }

  tasks = merge(local.core_tasks, {
    web = {
      role    = "web"
      image   = var.image
      user    = "node"
      command = ["node", "app/server.ts"]
      size    = { cpu = var.web.cpu, memory = var.web.memory }
      port    = 3000
      writes  = "/tmp"
      health  = null
      environment = merge(local.app, {
        PORT = "3000"
        # CloudFront and the load balancer.
        TRUSTED_PROXIES     = "2"
        CONSOLE_ALLOWED_IPS = join(",", var.console_allowed_ips)
      })
      secrets = local.app_secrets
    }
    worker = {
      role    = "worker"
      image   = var.image
      user    = "node"
      command = ["node", "app/worker/main.ts"]
      size    = { cpu = var.worker.cpu, memory = var.worker.memory }
      port    = null
      writes  = "/tmp"
      # Without a load balancer that asks: its last sign of life.
      health      = ["CMD", "node", "infra/local/probe.mjs", "worker"]
      environment = merge(local.app, { WORKER_NICE = "0", MESSAGES_SES_FROM = var.messages_from })
      secrets     = local.app_secrets
    }
    # Once before a release, by the pipeline: as the owner, past the pooler.
    migrate = {
      role        = "migrate"
      image       = var.image
      user        = "node"
      command     = ["node", "infra/local/run.mjs", "migrate"]
      size        = { cpu = 512, memory = 1024 }
      port        = null
      writes      = "/tmp"
      health      = null
      environment = { NODE_ENV = "production", LOG_LEVEL = var.log_level, DB_PARTITIONS = tostring(var.partitions) }
      secrets = {
        DATABASE_OWNER_URL = "${var.owner_secret_arn}:url::"
        # Whose password it sets.
        DATABASE_URL = "${var.app_secret_arn}:url::"
      }
    }
    pgbouncer = {
      role    = "pgbouncer"
      image   = var.pgbouncer_image
      user    = null
      command = null
      size    = { cpu = var.pgbouncer.cpu, memory = var.pgbouncer.memory }
      port    = 6432
      writes  = "/run/pgbouncer"
      health  = ["CMD-SHELL", "nc -z 127.0.0.1 6432"]
      environment = {
        DB_HOST           = var.database_host
        DB_READ_HOSTS     = join(",", var.database_read_hosts)
        MAX_CLIENT_CONN   = "1000"
        DEFAULT_POOL_SIZE = tostring(var.pgbouncer.pool_size)
      }
      secrets = { DB_PASSWORD = "${var.app_secret_arn}:password::" }
    }
    collector = {
      role        = "collector"
      image       = var.collector_image
      user        = null
      command     = null
      size        = { cpu = var.collector.cpu, memory = var.collector.memory }
      port        = 4318
      writes      = "/tmp"
      health      = ["CMD", "/healthcheck"]
      environment = { AOT_CONFIG_CONTENT = yamlencode(local.collector_configuration) }
      secrets     = {}
    }
  })

  # Traces to X-Ray, metrics to CloudWatch by way of its logs. No metric carries a tenant: each would be paid for.
  collector_configuration = {
    extensions = { health_check = {} }
    receivers = {
      otlp = { protocols = { http = { endpoint = "0.0.0.0:4318" } } }
    }
    processors = {
      batch          = { timeout = "10s" }
      memory_limiter = { check_interval = "1s", limit_percentage = 75, spike_limit_percentage = 20 }
    }
    exporters = {
      # What may be searched for: a span says what it does by the attribute `operation`.
      awsxray = { region = var.region, indexed_attributes = ["operation"] }
      awsemf = {
        region                           = var.region
        namespace                        = "LoyalNest"
        log_group_name                   = var.metrics_log_group
        log_stream_name                  = "otel"
        dimension_rollup_option          = "NoDimensionRollup"
        resource_to_telemetry_conversion = { enabled = false }
        metric_declarations              = var.metric_declarations
      }
    }
    service = {
      extensions = ["health_check"]
      pipelines = {
        traces  = { receivers = ["otlp"], processors = ["memory_limiter", "batch"], exporters = ["awsxray"] }
        metrics = { receivers = ["otlp"], processors = ["memory_limiter", "batch"], exporters = ["awsemf"] }
      }
    }
  }
}

resource "aws_ecs_task_definition" "this" {
  for_each                 = local.tasks
  region                   = var.region
  family                   = "${var.name}-${each.key}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = each.value.size.cpu
  memory                   = each.value.size.memory
  execution_role_arn       = aws_iam_role.execution[each.value.role].arn
  task_role_arn            = aws_iam_role.task[each.value.role].arn
  # The newest revision is the pipeline's.
  track_latest = true

  runtime_platform {
    cpu_architecture        = "ARM64"
    operating_system_family = "LINUX"
  }

  volume {
    name = "scratch"
  }

  container_definitions = jsonencode([{
    name                   = each.key
    image                  = each.value.image
    command                = each.value.command
    user                   = each.value.user
    essential              = true
    readonlyRootFilesystem = true
    # Draining takes at most 25 s.
    stopTimeout     = 30
    linuxParameters = { initProcessEnabled = true }
    mountPoints     = [{ sourceVolume = "scratch", containerPath = each.value.writes, readOnly = false }]
    portMappings    = each.value.port == null ? [] : [{ containerPort = each.value.port, protocol = "tcp" }]
    ulimits         = [{ name = "nofile", softLimit = 65535, hardLimit = 65535 }]
    # What is sent to an end that is gone without a word (a failover's) is given up after 13 s and not after 15 minutes.
    systemControls = [{ namespace = "net.ipv4.tcp_retries2", value = "5" }]
    environment    = [for name, value in each.value.environment : { name = name, value = value }]
    secrets        = [for name, source in each.value.secrets : { name = name, valueFrom = source }]
    healthCheck    = each.value.health == null ? null : { command = each.value.health, interval = 15, timeout = 5, retries = 3, startPeriod = 60 }
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = var.log_group
        awslogs-region        = var.region
        awslogs-stream-prefix = each.key
        # A process never waits for its log.
        mode            = "non-blocking"
        max-buffer-size = "25m"
      }
    }
  }])
}
