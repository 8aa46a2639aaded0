#!/bin/bash
# node.sh ARGUMENTS... - runs Node 22: npm's, which packaging/test.sh installs beside this file, or the
# system's where that is new enough. GEN_SKIP_CLIENTS=1 skips whatever needs it (exit status 77).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

if [ "${GEN_SKIP_CLIENTS:-}" = 1 ]; then
    echo 'skipped: GEN_SKIP_CLIENTS=1'
    exit 77
fi
if [ ! -d "$here/node_modules" ]; then
    echo "clients: no packages in $here; run packaging/test.sh, or npm ci --prefix tests/clients" >&2
    exit 1
fi
for node in "$here"/node_modules/node-linux-*/bin/node "$(command -v node || true)"; do
    if [ -x "$node" ] && [ "$("$node" -p 'process.versions.node.split(".")[0] >= 22')" = true ]; then
        exec "$node" "$@"
    fi
done
echo "clients: Node 22 is needed; npm ci --prefix tests/clients brings one" >&2
exit 1
