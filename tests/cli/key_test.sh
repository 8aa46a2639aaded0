#!/bin/bash
# key_test.sh - gen key and gen me as people use them: a token once and alone on standard output, keys that do what they
# may and no more, and gone when they are revoked.
# usage: key_test.sh FOLDER-OF-PROGRAMS SOURCE-TREE
root=$(cd "$2" && pwd)
. "$(dirname "$0")/house.sh"

run 0 up -- --policies "$root/policies"
run 0 me
has out '^user          owner \(by socket\)$'
has out '^organization  local, plan business$'
has out 'tenants:write'
run 0 key list
has err '^no keys$'

# ---- made: the token alone on standard output

run 0 key create farm --role producer --team social,tv --expires 90 --jobs-per-day 5 --most-priority normal \
    --spend-limit 20 --spend-period week
has out '^gen_sk_[A-Za-z0-9_-]{43}[0-9a-f]{6}$'
has err 'farm, producer, for key:farm in local'
[ "$(wc -l <out)" = 1 ] || { echo 'more than the token on standard output'; failures=$((failures + 1)); }
token=$(cat out)
run 6 key create farm --role viewer
has err 'there is a key "farm" already'
run 2 key create x --role king
has err 'king'
run 2 key create x
has err 'a role, or permissions'
run 2 key create x --role viewer --spend-limit 1.2.3
has err 'spend-limit'
run 0 key create watcher --permissions jobs:read,costs:read --json
has out '"permissions":\["self:read","jobs:read","costs:read"\]'
has out '"token":"gen_sk_'
watcher=$(sed 's/.*"token":"\([^"]*\)".*/\1/' out)

# ---- used, over the socket too: who shows a key is who it stands for

run 0 me --key "$token"
has out '^user          key:farm \(by key\)$'
has out '^role          producer$'
has out '^teams         social,tv$'
has out '^jobs today    0 of 5$'
has out '^priority      up to normal$'
has out '^may spend     \$20'
hasnt out 'keys:write'
run 0 jobs --key "$watcher"
run 1 key list --key "$watcher"
has err 'keys:read'
run 1 key create y --role viewer --key "$token"
has err 'keys:write'

# ---- another organization

run 0 key create boss --role admin --organization acme
boss=$(cat out)
run 0 me --key "$boss"
has out '^organization  acme'
hasnt out 'metrics:read'
run 0 key list --organization acme
has out 'boss'
hasnt out 'farm'
run 0 key list --key "$boss"
hasnt out 'farm'
run 1 key list --key "$boss" --organization local
has err 'tenants:write'

# ---- rotated, revoked

run 0 key rotate farm
has out '^gen_sk_'
second=$(cat out)
run 1 me --key "$token"
run 0 me --key "$second"
run 0 key revoke farm
has out '^farm is revoked$'
run 1 me --key "$second"
has err 'revoked at'
run 4 key revoke farm
run 0 key list
has out 'farm.*revoked'
grep -qF "${token:7:43}" gend.log 2>/dev/null && { echo 'the token is in the log'; failures=$((failures + 1)); }
run 0 down

