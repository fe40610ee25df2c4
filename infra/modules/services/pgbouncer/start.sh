#!/bin/sh
# Writes pgbouncer's files from the environment into /run/pgbouncer, the one place that may be written to, and starts it.
# The same script starts the pooler of the tests; what has a value here is for them and for those who host themselves.
set -eu
umask 077
folder=${POOLER_FOLDER:-/run/pgbouncer}
database=${DB_NAME:-loyalnest}
port=${DB_PORT:-5432}
cd "$folder"

# In pgbouncer's file, a quote in a password is written twice.
printf '"%s" "%s"\n' "${DB_USER:-loyalnest_app}" "$(printf '%s' "$DB_PASSWORD" | sed 's/"/""/g')" > users.txt

# What clients say is encrypted by the given certificate, whose name and authority they can check (verify-full); without
# one, by a pair of keys of this task's own, which they cannot (no-verify, inside of one network).
client_tls=${CLIENT_TLS:-require}
key=${CLIENT_TLS_KEY_FILE:-$folder/key.pem}
certificate=${CLIENT_TLS_CERT_FILE:-$folder/certificate.pem}
if [ "$client_tls" != disable ] && [ -z "${CLIENT_TLS_CERT_FILE:-}" ]; then
  openssl req -x509 -newkey rsa:2048 -nodes -days 825 -subj /CN=pgbouncer \
    -keyout "$key" -out "$certificate" 2> /dev/null
fi

cat > pgbouncer.ini << SETTINGS
[databases]
loyalnest = host=$DB_HOST port=$port dbname=$database
; Several replicas, separated by commas, take turns.
loyalnest_read = host=${DB_READ_HOSTS:-$DB_HOST} port=$port dbname=$database
${OTHER_DATABASES:+* = host=$DB_HOST port=$port}

[pgbouncer]
listen_addr = ${LISTEN_ADDRESS:-0.0.0.0}
listen_port = ${LISTEN_PORT:-6432}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = $folder/users.txt
pool_mode = transaction
max_client_conn = ${MAX_CLIENT_CONN:-1000}
default_pool_size = ${DEFAULT_POOL_SIZE:-50}
; Drivers set it at the start of a connection; the server has no need of it.
ignore_startup_parameters = extra_float_digits
; A server that went away is tried again soon, and a name that points elsewhere after a fail-over is seen soon.
server_login_retry = 1
server_connect_timeout = 5
dns_max_ttl = 5
query_wait_timeout = 10
client_tls_sslmode = $client_tls
client_tls_key_file = $key
client_tls_cert_file = $certificate
server_tls_sslmode = ${SERVER_TLS:-verify-full}
server_tls_ca_file = ${SERVER_AUTHORITIES:-/etc/ssl/rds.pem}
log_connections = 0
log_disconnections = 0
SETTINGS

exec "${PGBOUNCER:-pgbouncer}" pgbouncer.ini
