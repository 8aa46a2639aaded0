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
# without a daemon: an export, and a copy of the database
run 0 key create watcher --role viewer
run 0 key edit watcher --jobs-per-day 5
run 0 key edit watcher --lift jobs-per-day --name looker
run 0 audit head
head=$(cut -d' ' -f2 <out)
run 0 audit export
cp out export.jsonl
events=$(wc -l <export.jsonl)
run 0 audit verify --export export.jsonl
has out "^$events events checked, 0 faults"
run 0 audit verify --export export.jsonl --head "$head"
has out 'the hash that was kept is that of event'
for field in seq at id organization job pipeline kind data actor origin hash; do
    case $field in
    seq) sed '2s/"seq":2,/"seq":77,/' ;;
    at) sed '2s/"at":1/"at":2/' ;;
    *) sed "2s/\"$field\":\"/&0/" ;;
    esac <export.jsonl >wrong.jsonl
    cmp -s export.jsonl wrong.jsonl && { echo "nothing was changed at $field" >&2; failures=$((failures + 1)); }
    if [ $field = seq ]; then
        run 2 audit verify --export wrong.jsonl # the next one stands behind a higher number
        has err 'wrong.jsonl:3.*event 3 stands behind event 77'
    else
        run 1 audit verify --export wrong.jsonl
        has out "event $([ $field = hash ] && echo '[23]' || echo 2) .*it was changed"
    fi
done
sed 2d export.jsonl >wrong.jsonl
run 1 audit verify --export wrong.jsonl
has out 'event 3 .*events 2 to 2 before it were removed'
# the end is cut off: only a hash that was kept elsewhere shows it
head -1 export.jsonl >wrong.jsonl
run 0 audit verify --export wrong.jsonl
run 1 audit verify --export wrong.jsonl --head "$head"
has out 'is nowhere in the log'
echo '{"seq":1}' >wrong.jsonl
run 2 audit verify --export wrong.jsonl
has err 'wrong.jsonl:1.*no event'
run 2 audit verify --export wrong.jsonl --database x
run 0 down
cp "$GEN_STATE/genengine.db" copy.db
run 0 audit verify --database copy.db --head "$head"
has out 'events checked, 0 faults'
has out 'the hash that was kept is that of event'
run 1 audit verify --database copy.db --head 00
run 4 audit verify --database absent.db
printf 'no database' >wrong.db
run 1 audit verify --database wrong.db
run 0 up

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
