#!/bin/bash
# expr.sh BUILD - nanoseconds per evaluation of six policy-like expressions, once compiled, in one run with two
# engines from npm (tests/bench/expr/package.json), and how many times as long those take.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$1
work=$(mktemp -d "${TMPDIR:-/tmp}/genbench.XXXXXX")
trap 'rm -rf "$work"' EXIT

${CC:-cc} -std=gnu11 -O2 -D_GNU_SOURCE -I"$root/core" -o "$work/expr" "$here/expr/expr.c" \
    "$build/libgen_expr.a" "$build/libgen_base.a" -lm
if [ ! -d "$here/expr/node_modules" ]; then
    (cd "$root" && packaging/deps.sh javascript) >/dev/null
    npm ci --prefix "$here/expr" --no-audit --no-fund --loglevel=error </dev/null
fi
"$work/expr" 1 texts >"$work/texts"
"$work/expr" 200000 >"$work/ours"
node "$here/expr/others.mjs" <"$work/texts" >"$work/others"
"$work/expr" 200000 >"$work/again" # the machine may have slowed down meanwhile

awk '
    FILENAME ~ /ours$/   { ours[$1] = $2; order[++count] = $1; next }
    FILENAME ~ /again$/  { if ($2 > ours[$1]) ours[$1] = $2; next }
    { others[$1, $2] = $3 }
    END {
        printf "%-10s %12s %12s %12s\n", "expression", "ours ns", "cel-js ns", "bufbuild ns"
        for (i = 1; i <= count; i++) {
            name = order[i]
            printf "%-10s %12.1f %12s %12s", name, ours[name], others["cel-js", name],
                others["bufbuild", name]
            if (others["cel-js", name] > 0) printf "   %5.1fx", others["cel-js", name] / ours[name]
            if (others["bufbuild", name] > 0) printf " %6.1fx", others["bufbuild", name] / ours[name]
            printf "\n"
        }
    }' "$work/ours" "$work/again" "$work/others"
