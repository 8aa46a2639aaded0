#!/bin/bash
# invoice_test.sh - gen invoice as people use it: looked at, kept once, settled.
# usage: invoice_test.sh FOLDER-OF-PROGRAMS SOURCE-TREE
root=$(cd "$2" && pwd)
. "$(dirname "$0")/house.sh"

printf 'Task ID,Model,Seconds,Cost (USD),Date\nabc123,studio,4,0.40,2026-01-02\nabc123,studio,4,0.40,2026-01-02\n' >u.csv
printf 'uid;sum\nq1;0.5 EUR\nq2;0.25\n' >v.csv
printf 'id: uid\namount: sum\n' >map.yaml
printf '{"usage": [{"id": "z", "cost": -0.5}]}' >w.json

run 0 up -- --policies "$root/policies"
run 0 invoice list
hasnt out 'inv_'
run 0 invoice import local u.csv --dry-run
has out '^missing_here +1 +\$0\.40'
has out '^duplicate +1 +\$0\.40'
run 0 invoice list
hasnt out 'inv_'
run 0 invoice import local u.csv --from 2026-01-01 --until 2026-02-01
has out '^inv_[0-9a-z]{26}  local .*, closed$'
id=$(sed -n 's/^\(inv_[0-9a-z]*\).*/\1/p' out)
run 0 invoice import local u.csv
has out "^$id"
run 0 invoice list
has out "^$id +local .* u\.csv$"
run 0 invoice show "$id" --json
has out '"reference":"abc123"'
run 0 invoice settle "$id"
has out '^booked: \$0\.00 charged, \$0\.00 released, \$0\.00 refunded; 0 lines left$'
run 0 invoice import local v.csv --map map.yaml --dry-run
has out '^refused +1 '
has out 'no amount of US dollars'
run 0 invoice import local w.json --settle
has out '^credit +1 '

# ---- what is wrong

run 2 invoice import nobody u.csv
has err 'nobody'
run 2 invoice import local map.yaml
has err 'amount'
run 2 invoice import local u.csv --from 2026-01-01
has err 'period'
run 2 invoice import local u.csv --format xml
has err 'xml'
run 4 invoice show inv_00000000000000000000000000

# ---- a wrong file is taken back

run 0 invoice remove "$id"
has out "^$id is removed$"
run 4 invoice show "$id"
run 4 invoice remove "$id"
run 0 invoice import local u.csv
