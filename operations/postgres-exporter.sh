#!/bin/sh
# Becomes the exporter of PostgreSQL's figures. PORT is its own; POSTGRES_URI says where the server is.
set -eu
command -v prometheus-postgres-exporter >/dev/null || { echo "The PostgreSQL exporter was not found. Install Debian's package: apt-get install prometheus-postgres-exporter"; exit 1; }

DATA_SOURCE_NAME="$POSTGRES_URI/postgres?sslmode=disable"
export DATA_SOURCE_NAME
exec prometheus-postgres-exporter --web.listen-address="127.0.0.1:$PORT" --auto-discover-databases --exclude-databases=template0,template1 --log.level=error
