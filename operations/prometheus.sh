#!/bin/sh
# Becomes Prometheus, with the targets that it finds in its environment: services__NAME__http__N for each copy of each
# service, TARGET_NAME for everything else, each an http:// address. PORT is its own, DATA the system's data directory.
set -eu
command -v prometheus >/dev/null || { echo "prometheus was not found. Install Debian's package: apt-get install prometheus"; exit 1; }

own=$DATA/prometheus
mkdir -p "$own"
operations=$(pwd)

# targets PATTERN: the addresses of all variables whose name fits, without their scheme.
targets() { env | sed -n "s|^$1=https*://||p" | tr -d / | sort | sed 's/.*/"&"/' | paste -sd, -; }

job() { printf '  - job_name: %s\n    metrics_path: %s\n    static_configs: [{ targets: [%s] }]\n' "$1" "${3:-/metrics}" "$2"; }

{
  cat <<END
global:
  scrape_interval: 5s
  scrape_timeout: 4s
  evaluation_interval: 5s
rule_files: ["$operations/prometheus/rules/*.yml"]
alerting:
  alertmanagers: [{ static_configs: [{ targets: [$(targets TARGET_ALERTMANAGER)] }] }]
scrape_configs:
END
  for service in $(env | sed -n 's/^services__\(.*\)__http__[0-9]*=.*/\1/p' | sort -u); do
    job "$service" "$(targets "services__${service}__http__[0-9]*")"
  done
  job rabbitmq "$(targets TARGET_RABBITMQ)"
  job rabbitmq-queues "$(targets TARGET_RABBITMQ)" /metrics/detailed
  printf '    params: { family: [queue_coarse_metrics, queue_consumer_count] }\n'
  job postgres "$(targets TARGET_POSTGRES)"
  job machine "$(targets TARGET_MACHINE)"
  job alertmanager "$(targets TARGET_ALERTMANAGER)"
  job prometheus "\"127.0.0.1:$PORT\""
} >"$own/prometheus.yml.new"
mv "$own/prometheus.yml.new" "$own/prometheus.yml"

exec prometheus --config.file="$own/prometheus.yml" --storage.tsdb.path="$own/series" --storage.tsdb.retention.time=15d \
  --web.listen-address="127.0.0.1:$PORT" --log.level=warn
