#!/bin/bash
# batch_test.sh - a folder of briefs as one batch: all or none, followed, downloaded, cancelled.
. "$(dirname "$0")/house.sh"

mkdir briefs
for name in one two three; do
    printf 'title: Ad %s\nbudget: 1\nvariations: [{name: wide, resolution: 320x180}]\n' "$name" >"briefs/$name.yaml"
    printf 'scenes: [{prompt: a picture, duration: 1, overlay: Hello}]\n' >>"briefs/$name.yaml"
done
run 0 up --listen none

run 0 run briefs --out videos
has out '^bat_[0-9a-z]{26}: 3 jobs$'
has out 'Ad three: completed'
has out '^bat_[0-9a-z]{26}: completed, 3 of 3 jobs completed, \$0\.00$'
for name in one two three; do
    holds -s "videos/$name/wide.mp4"
    holds -s "videos/$name/job.json"
done
hasnt out $'\033'
batch=$(head -n 1 out | cut -d : -f 1)

run 0 job "$batch"
has out 'completed +100'
run 0 job "$batch" --json
has out '"status":"completed"'
run 0 watch "$batch" --quiet
run 6 cancel "$batch"
run 0 submit briefs --idempotency-key tuesday
cp out first
run 0 submit briefs --idempotency-key tuesday
holds "$(cat out)" = "$(cat first)"
run 0 run briefs --json --out again
tail -n 1 out >last
has last '^\{"batchId":"bat_.*"status":"completed"'
has out '"event":"file","jobId":"gen_[0-9a-z]+","kind":"video"'

# One wrong brief: none is admitted, and each mistake has its file and line.
before=$("$gen" jobs --limit 100 --json | grep -o '"jobId"' | wc -l)
printf 'scenes: [{prompt: x, duration: -1}]\n' >briefs/wrong.yaml
run 2 run briefs
has err 'briefs/wrong\.yaml:1:[0-9]+: scenes\[0\]\.duration'
has err '1 of the 4 briefs'
# One that only gend finds wrong has its place, too.
printf 'title: t\nmodels: [no/such]\nscenes: [{prompt: x, duration: 1}]\n' >briefs/wrong.yaml
run 2 run briefs
has err 'briefs/wrong\.yaml'
holds "$("$gen" jobs --limit 100 --json | grep -o '"jobId"' | wc -l)" -eq "$before"
mkdir empty
run 2 run empty
has err 'has no briefs'
run 4 job bat_01kb5rk3y2v7m8n9pqrst4wxyz
