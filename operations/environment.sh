# What the commands of docs/runbooks need, from the data directory of a system on this machine:
#   DATA=/path/of/the/data . operations/environment.sh
# Elsewhere (systemd, Kubernetes) set the same variables by hand.
: "${DATA:=$PWD/.data}"
_endpoint() { jq -r "$1 // empty" "$DATA/endpoints.json"; }
_secret() { jq -r ".\"$1\"" "$DATA/secrets.json"; }
export DATA THIDUA_DATA=$DATA
export GATEWAY=$(_endpoint .gateway.url) PROMETHEUS=$(_endpoint .prometheus.url) ALERTMANAGER=$(_endpoint .alertmanager.url)
export BROKER=$(_endpoint .rabbitmq.management) BROKER_METRICS=$(_endpoint .rabbitmq.prometheus) BROKER_LOGIN=guest:$(_secret rabbitmq-password)
export PGHOST=127.0.0.1 PGPORT=$(_endpoint .postgres.port) PGUSER=postgres PGPASSWORD=$(_secret postgres-password) PGDATABASE=postgres PGCONNECT_TIMEOUT=5
export THIDUA_ADMIN_SECRET=$(_secret admin-secret)
# The secret goes through standard input: arguments are seen by every user of the machine.
TOKEN=$(printf 'data-urlencode = "client_secret=%s"\n' "$THIDUA_ADMIN_SECRET" | curl -fsS -K - -d grant_type=client_credentials -d client_id=admin -d scope=thidua "$GATEWAY/connect/token" | jq -r .access_token)
export TOKEN
query() { promtool query instant "$PROMETHEUS" "$1"; }
export -f query
