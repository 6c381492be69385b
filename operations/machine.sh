#!/bin/sh
# Becomes the exporter of the machine's own figures and of those that jobs leave in DATA/metrics, such as the age of the last backup.
set -eu
command -v prometheus-node-exporter >/dev/null || { echo "The node exporter was not found. Install Debian's package: apt-get install prometheus-node-exporter"; exit 1; }

mkdir -p "$DATA/metrics"
exec prometheus-node-exporter --web.listen-address="127.0.0.1:$PORT" --collector.textfile.directory="$DATA/metrics" --log.level=warn \
  --collector.disable-defaults --collector.cpu --collector.meminfo --collector.filesystem --collector.diskstats --collector.loadavg \
  --collector.netdev --collector.timex --collector.textfile --collector.uname --collector.vmstat --collector.stat --collector.pressure --collector.time
