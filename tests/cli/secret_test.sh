#!/bin/bash
# secret_test.sh - gen secret as people use it: from a file, a pipe, never from the command line; told is everything but
# what they are.
# usage: secret_test.sh FOLDER-OF-PROGRAMS SOURCE-TREE
root=$(cd "$2" && pwd)
. "$(dirname "$0")/house.sh"

run 0 up --listen none -- --policies "$root/policies"
run 0 secret list
has err '^no secrets are stored'

# ---- never on the command line, and the reason is told

run 2 secret set runway MARKER-typed
has err 'never given on the command line'
hasnt err MARKER
run 2 secret set runway=MARKER-typed
has err 'never given on the command line'
run 2 secret rotate runway MARKER-typed
has err 'never given on the command line'
run 2 secret rotate
has err 'name the secret'
run 2 secret set
run 2 secret set runway # nothing on standard input
has err 'nothing was given'
run 2 secret set runway --file absent
has err 'absent cannot be read'

# ---- set, rotated, of a team, tested, removed

printf 'MARKER-one\n' >key
run 0 secret set runway --file key
has out '^runway is set, version 1; try it: gen secret test runway$'
run 6 secret set runway --file key
has err 'gen secret rotate runway'
run 0 secret rotate runway --file key
has out 'version 2'
run 0 secret set runway --file key --other-account
run 0 secret set runway --file key --team spring
printf 'MARKER-two' | "$gen" secret set other >out 2>err || { echo "a pipe: $(cat err)"; failures=$((failures + 1)); }
run 4 secret rotate absent --file key
run 2 secret set 'b d' --file key
run 0 secret list
has out '^SECRET +TEAM +PROVIDERS +VERSION +SET +BY +LAST TEST$'
has out '^runway +- +.* 3 +20[0-9-]+T'
has out '^runway +spring .* 1 +20[0-9-]+T'
hasnt out MARKER
run 0 secret list --json
has out '"name":"other"'
run 1 secret test other # nobody uses it
has err '^no loaded provider uses this secret$'
run 4 secret test absent
run 0 secret rotate --master
has out '^the master key is now [0-9a-f]{16}; 3 secrets are under it'
run 2 secret rotate --master runway
run 0 doctor --json >/dev/null
has out '"secrets"'
run 0 secret remove runway --team spring
run 4 secret remove runway --team spring
run 0 secret remove other --json
has out '^\{"removed":true\}$'

# ---- nowhere

run 0 down
! grep -rl MARKER "$GEN_STATE" || { echo 'a secret lies in the state folder'; failures=$((failures + 1)); }

# ---- a damaged key: everything comes up, and says so

echo more >>"$GEN_STATE/master.key"
run 0 up --listen none -- --policies "$root/policies"
run 0 secret list
has err 'is damaged'
run 1 doctor
has out 'stored secrets cannot be read: .*is damaged'
