#!/bin/bash
# costs_test.sh - gen estimate, costs, report and budget as people use them: what a brief would cost, a budget that
# refuses, sums as tables and files. usage: costs_test.sh FOLDER-OF-PROGRAMS SOURCE-TREE
root=$(cd "$2" && pwd)
. "$(dirname "$0")/house.sh"
export LC_ALL=C.UTF-8

run 0 up -- --policies "$root/policies"
cat >brief.yaml <<'END'
title: Kettle
project: tea
tags: [summer]
models: [local/studio]
brand: {logo: mark.png}
scenes: [{prompt: a kettle boils, duration: 1}]
variations: [{resolution: 320x320}]
END
cp "$root/docs/examples/summer-sale/logo.png" mark.png

# ---- an estimate: a plan, limits, and no trace of it

run 0 estimate brief.yaml
has out '^VARIATION +SCENES +MODEL +SECONDS +ESTIMATE +AT MOST$'
has out 'local/studio'
has out '^held        \$0\.00: \$0\.00 for the first attempts, \$0\.00 for retries$'
has out '^organization a month +organization +\$500\.00 +\$0\.00 +\$0\.00 +\$500\.00 +\$500\.00 '
has out '^note: "mark\.png" is not uploaded'
run 0 estimate brief.yaml --json
has out '"affordable":true'
run 0 jobs
has err '^no jobs$'
run 0 assets
has err '^no assets'
printf 'scenes: []\n' >wrong.yaml
run 2 estimate wrong.yaml
has err 'wrong.yaml:1:9: scenes'
run 2 estimate missing.yaml
run 2 estimate

# ---- budgets: set, changed, listed, shown, refused, removed

run 0 budget list
has err '^no budgets are set'
has out '^organization a month +organization +month +\$500\.00 +\$400\.00'
has out '^job +each job +always'
run 0 budget set team:social --hard 5 --soft 4 --note Social
has out '^bud_[0-9a-z]{26}: team social, month, Social$'
has out '^budget      ─{24}  \$0\.00 of \$5\.00 used, \$5\.00 left \(anew '
run 0 budget set team:social --hard 6
has out '^hard        \$6\.00$'
has out '^soft        \$4\.00$'
run 0 budget set team:social --soft none --rollover yes --alerts 0.5,1 --throttle-from 0.9
has out '^hard        \$6\.00, and what the period before left$'
has out '^soft        -$'
has out '^slower      from 90 % on, 1 at once$'
run 0 budget set organization --period day --hard 0.5 --json
has out '"version":1'
id=$(sed 's/.*"budgetId":"\([^"]*\)".*/\1/' out)
run 0 budget list
has out '^bud_[0-9a-z]{26} +team social +month +\$6\.00 +- +\$0\.00 +\$12\.00'
has out '^bud_[0-9a-z]{26} +organization +day +\$0\.50'
for bad in '-1' 1e30 EUR 1.0000001 ''; do
    run 2 budget set team:x --hard "$bad"
done
run 2 budget set team:x --soft 5 --hard 4
has err 'soft'
run 2 budget set team:x
has err 'neither'
run 2 budget set king:x --hard 5
has err 'says neither which budget'
run 2 budget set team: --hard 5
run 2 budget set 'team:a b' --hard 5
has err 'nothing would ever count'
run 2 budget set "$id" --hard 1 --period week
has err 'cannot be changed'
run 0 budget set "$id" --hard 1
has out '^hard        \$1\.00$'
run 0 budget show organization
has out "^$id: organization, day"
run 4 budget show team:nobody
run 4 budget remove bud_01kb5rk3y2v7m8n9pqrst4wxyz
run 0 budget remove organization
has out "^$id of organization has ended$"
run 4 budget show organization
run 0 budget list --ended
has out ' ended$'

# ---- costs and reports: free work counts as work

run 0 run brief.yaml --quiet -o videos
run 0 costs
has out '^[0-9]{4}-[0-9]{2}, from [0-9]{4}-[0-9]{2}-01 until '
has out '^local +1 +1 +1\.0 +\$0\.00'
has out '^total +1 +1 +1\.0 +\$0\.00'
has out '^budget      ─{24}  \$0\.00 of \$500\.00 used'
for by in model project team user tag job day total; do
    run 0 costs --by "$by"
done
run 0 costs --by project
has out '^tea '
run 0 costs --by team
has out '^\(none\) '
run 0 costs --team social
has out '^nothing was charged$'
has out 'of \$12\.00 used' # with what the month before left
run 0 costs --period 2020-01
run 2 costs --period 2026-13
has err 'period'
run 2 costs --by colour
job=$("$gen" jobs --json | sed 's/.*"jobId":"\(gen_[^"]*\)".*/\1/')
run 0 costs "$job"
has out '^cost        \$0\.00, estimated \$0\.00'
run 4 costs gen_00000000000000000000000000
run 0 report
has out '^period,by,key,jobs,clips,seconds,cost_usd'
has out ',provider,local,1,1,1,0\.00,'
[ "$(grep -c $'\r$' out)" = "$(wc -l <out)" ] || { echo 'lines do not end as RFC 4180 has them'; failures=$((failures + 1)); }
run 0 report --by project -o month.html
has err '^month.html$'
has month.html '^<!doctype html>$'
hasnt month.html '<script|src=|href='
run 0 report --format json
has out '"trackingId": "cst_[0-9a-z]{26}"'
run 0 report --json
has out '^\{"trackingId":'
run 2 report -o nowhere/x.csv
run 2 report --format pdf
