#!/bin/bash
# quickstart.sh - from a fresh clone to a finished video ad: install, build, start gend, render.
set -euo pipefail
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.."

usage()
{
    cat <<'END'
usage: packaging/quickstart.sh [--again] [BRIEF]

Installs what is missing, builds a release in build/release, starts the daemon gend, renders BRIEF
(default docs/examples/summer-sale/brief.yaml) and says where the finished files are and what they
cost. The daemon is left running. A second run installs and builds nothing, and the same brief gives
the finished job back instead of rendering it again.
  --again  render it again all the same
  --help   print this
END
}

trap 'echo "quickstart: stopped at line $LINENO" >&2' ERR
again=
if [ "${1:-}" = --again ]; then
    again=1
    shift
fi
case ${1:-} in
--help) usage; exit 0 ;;
-*) usage >&2; echo "quickstart: unknown argument: $1" >&2; exit 2 ;;
esac
brief=${1:-docs/examples/summer-sale/brief.yaml}
if [ ! -f "$brief" ]; then
    echo "quickstart: there is no file $brief" >&2
    exit 2
fi
name=$(basename "$(dirname "$brief")")
out=build/quickstart/$name
gen=build/release/bin/gen

say()
{
    printf '\n== %s\n' "$*"
}

# What the running daemon was started from, so that a new build replaces it.
programs()
{
    { cat build/release/bin/* build/release/lib/plugins/*.so 2>/dev/null || true; } | cksum
}

say '1 of 4: packages'
packaging/deps.sh build run

say '2 of 4: build'
. packaging/build/configure.sh
before=$(programs)
configure release
cmake --build build/release

say '3 of 4: daemon'
if [ "$before" != "$(programs)" ]; then
    # An older gend may be running; its jobs go on in the new one.
    "$gen" down >/dev/null 2>&1 || true
fi
"$gen" up

say "4 of 4: $brief"
mkdir -p "$out"
# The same words with the same key are the same job. The salt makes another one of a brief that failed.
if [ -n "$again" ] || [ ! -s "$out.salt" ]; then
    date +%s.%N >"$out.salt"
fi
key=quickstart-$({ programs; find "$(dirname "$brief")" -type f -exec cksum {} + | sort
    cat "$out.salt"; } | cksum | tr -c '0-9\n' -)
rm -rf "$out"
if ! "$gen" run "$brief" --idempotency-key "$key" --out "$out"; then
    rm -f "$out.salt"
    exit 1
fi

say 'done'
echo "The finished files are in $PWD/$out:"
(cd "$out" && find . -type f -printf '  %P  (%k KiB)\n' | sort)
job=$(find "$out" -name job.json | head -n 1)
if [ -n "$job" ]; then
    cost=$({ grep -o '"spent": *[0-9.]*' "$job" || true; } | head -n 1 | grep -o '[0-9.]*$' || true)
    [ -z "$cost" ] || echo "They cost \$$cost."
fi
echo "gend is still running. Stop it with:  $gen down"
