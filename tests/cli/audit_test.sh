#!/bin/bash
# audit_test.sh - gen audit and gen webhook as people use them: who did what, a log that was tampered with, a
# webhook from its making to its end.
# usage: audit_test.sh FOLDER-OF-PROGRAMS SOURCE-TREE
root=$(cd "$2" && pwd)
. "$(dirname "$0")/house.sh"
export GEN_POLICIES=$root/policies GEN_LISTEN=none

run 0 up
run 0 audit
has out 'daemon +- +daemon.started'
run 0 audit verify
has out '^[0-9]+ events checked, 0 faults'
run 0 audit head
head=$(cut -d' ' -f2 <out)
run 0 audit verify --head "$head"
has out 'the hash that was kept is that of event'
run 1 audit verify --head 00
has out 'is nowhere in the log'
run 2 audit nope
has err 'takes verify, head'

# nobody listens there: it says so, and the log knows who did it
run 0 webhook add https://hooks.invalid/a --events 'job.*' --title 'a test'
has out '^whsec_'
has err '^whk_[0-9a-z]+; its signing secret'
id=$(grep -o 'whk_[0-9a-z]*' err | head -1)
run 0 webhook list
has out "^$id +active +https://hooks.invalid/a +job\.\*"
hasnt out 'whsec_'
run 0 webhook pause "$id"
has out "^$id: paused"
run 0 webhook resume "$id"
run 0 webhook rotate "$id"
has out '^whsec_'
run 1 webhook test "$id"
has out 'it did not arrive'
run 0 webhook test log
run 0 webhook deliveries "$id"
run 0 webhook remove "$id"
run 0 audit --kind 'webhook.*' --actor user: --json
has out '"type":"webhook.removed"'
has out '"actor":"user:owner","origin":"socket"'
run 2 webhook add ftp://hooks.invalid
run 2 webhook add https://hooks.invalid/a --events jobs.x
has err 'is no kind of event'
