#!/bin/sh
# Writes pgbouncer's files from the environment into /run/pgbouncer, the one place that may be written to, and starts it.
# What has a value here is changed by the test alone.
set -eu
umask 077
folder=${POOLER_FOLDER:-/run/pgbouncer}
database=${DB_NAME:-loyalnest}
port=${DB_PORT:-5432}
cd "$folder"

printf '"loyalnest_app" "%s"\n' "$DB_PASSWORD" > users.txt

# Clients are in the same network and check no name; what they say is encrypted by a pair of keys of this task's own.
openssl req -x509 -newkey rsa:2048 -nodes -days 825 -subj /CN=pgbouncer \
  -keyout key.pem -out certificate.pem 2> /dev/null

cat > pgbouncer.ini << SETTINGS
[databases]
loyalnest = host=$DB_HOST port=$port dbname=$database
; Several replicas, separated by commas, take turns.
loyalnest_read = host=$DB_READ_HOSTS port=$port dbname=$database

[pgbouncer]
listen_addr = 0.0.0.0
listen_port = ${LISTEN_PORT:-6432}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = $folder/users.txt
pool_mode = transaction
max_client_conn = $MAX_CLIENT_CONN
default_pool_size = $DEFAULT_POOL_SIZE
; Drivers set it at the start of a connection; the server has no need of it.
ignore_startup_parameters = extra_float_digits
; A server that went away is tried again soon, and a name that points elsewhere after a fail-over is seen soon.
server_login_retry = 1
server_connect_timeout = 5
dns_max_ttl = 5
query_wait_timeout = 10
client_tls_sslmode = require
client_tls_key_file = $folder/key.pem
client_tls_cert_file = $folder/certificate.pem
server_tls_sslmode = ${SERVER_TLS:-verify-full}
server_tls_ca_file = ${SERVER_AUTHORITIES:-/etc/ssl/rds.pem}
log_connections = 0
log_disconnections = 0
SETTINGS

exec pgbouncer pgbouncer.ini
