#!/bin/sh
# Becomes Alertmanager, alone (no cluster). PORT is its own, DATA the system's data directory; ALERTMANAGER_CONFIG names another configuration.
set -eu
command -v prometheus-alertmanager >/dev/null || { echo "Alertmanager was not found. Install Debian's package: apt-get install prometheus-alertmanager"; exit 1; }

mkdir -p "$DATA/alertmanager"
exec prometheus-alertmanager --config.file="${ALERTMANAGER_CONFIG:-alertmanager/alertmanager.yml}" --storage.path="$DATA/alertmanager" \
  --web.listen-address="127.0.0.1:$PORT" --cluster.listen-address= --log.level=warn
