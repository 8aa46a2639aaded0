#!/bin/bash
# jobs_test.sh - the main job in small: from a brief to files, in every way that gen offers; and
# briefs that are wrong, which leave nothing behind.
. "$(dirname "$0")/house.sh"

mkdir briefs
head -c 40000 /dev/zero | tr '\0' '\372' >pixels
printf 'P6 100 100 255\n' | cat - pixels | head -c 30015 >picture.ppm
ffmpeg -v error -i picture.ppm briefs/picture.png </dev/null
cat >briefs/brief.yaml <<'END'
title: A small ad
project: Corner Shop
tags: [small, test]
budget: 1
variations:
  - {name: wide, resolution: 320x180}
  - {name: tall, resolution: 180x320}
scenes:
  - {prompt: a picture, duration: 1, assets: [picture.png], overlay: Hello}
END
run 0 up --listen none

# Piped: plain lines, no escapes, the files in a folder of their own.
run 0 run briefs/brief.yaml
has out '^local/studio, estimated \$0\.00'
hasnt out ': (submit|poll|fetch|assess|deliver),' # the words of the machine
has out '^wide: completed'
has out '^tall: completed'
has out '^completed: 2 of 2 videos, \$0\.00$'
hasnt out $'\033'
job=$(head -n 1 out)
folder=corner-shop-${job: -6}
for file in wide.mp4 tall.mp4 wide-thumbnail.jpg wide-sheet.jpg tall-thumbnail.jpg tall-sheet.jpg job.json; do
    holds -s "$folder/$file"
done
holds "$(find "$folder" -type f | wc -l)" -eq 7
holds "$(ffprobe -v error -select_streams v -show_entries stream=width,height -of csv=p=0 "$folder/tall.mp4")" = 180,320
has "$folder/job.json" "\"jobId\": \"$job\""
has "$folder/job.json" '"projectId": "Corner Shop"'

# For programs: JSON lines, the job last; the brief from standard input.
(cd briefs && "$gen" run - --json --out ../piped <brief.yaml >../lines 2>../err)
holds $? -eq 0
has lines '^\{"event":"job\.[a-z_]+",'
has lines '^\{"event":"file","kind":"video","variation":"wide","path":"\.\./piped/wide\.mp4","size":[0-9]+\}$'
tail -n 1 lines >last
has last '^\{"jobId":"gen_[0-9a-z]{26}",.*"status":"completed"'
holds -s piped/wide.mp4

# Submitted, watched, listed, downloaded.
run 0 submit briefs/brief.yaml --idempotency-key monday
job=$(cat out)
has out '^gen_[0-9a-z]{26}$'
run 0 submit briefs/brief.yaml --idempotency-key monday
holds "$(cat out)" = "$job"
sed 's/Hello/Bye/' briefs/brief.yaml >briefs/other.yaml
run 6 submit briefs/other.yaml --idempotency-key monday
run 0 watch "$job" --quiet
has out '^completed: 2 of 2'
run 0 outputs "$job"
has out '^wide +320x180 +30 +1\.0 '
run 0 outputs "$job" --out downloads
holds -s downloads/tall.mp4
run 0 jobs --tag small --limit 1
holds "$(wc -l <out)" -eq 2
has err "^more: gen jobs --after $job"
run 0 jobs --after "$job"
hasnt out "$job"
run 0 jobs --project nobody
has err '^no jobs'
run 0 job "$job"
has out '^decision +.'
has out '^wide +local/studio +completed'
run 6 cancel "$job"

# Ctrl-C: gen goes, the job goes on, and gen says how to get back to it.
sed 's/duration: 1/duration: 20/' briefs/brief.yaml >briefs/long.yaml
rm -f out err # what the one before wrote would be taken for its own
"$gen" run briefs/long.yaml >out 2>err &
pid=$!
for _ in $(seq 200); do
    grep -q 'in_progress' out 2>/dev/null && break
    sleep 0.05
done
kill -INT "$pid"
wait "$pid"
holds $? -eq 130
job=$(head -n 1 out)
has err "gen watch $job"
rm -f out err
"$gen" watch "$job" --json >out 2>err &
pid=$!
for _ in $(seq 200); do
    [ -s out ] && break
    sleep 0.05
done
kill -INT "$pid"
wait "$pid"
holds $? -eq 130
has err "^\\{\"error\":\\{\"code\":\"canceled\",.*\"jobId\":\"$job\"\\}\\}$"
holds "$(wc -l <err)" -eq 1
run 0 cancel "$job"
run 1 watch "$job"
has out '^canceled: 0 of 2 videos'
holds "$(grep -c '^wide: ' out)" -eq 1 # each pipeline is told once
holds "$(grep -c '^tall: ' out)" -eq 1
hasnt out 'failed'
run 1 watch "$job" --quiet
hasnt out 'failed'

# Assets.
run 0 assets briefs/picture.png
has out '^ast_[0-9a-z]{26}  briefs/picture.png$'
asset=$(cut -d' ' -f1 out)
run 0 assets
holds "$(grep -c '^ast_' out)" -eq 1
has out "^$asset +picture +image/png "
sed "s/picture.png/$asset/" briefs/brief.yaml >briefs/asset.yaml
run 0 run briefs/asset.yaml --quiet --out asset
holds -s asset/wide.mp4

# Wrong briefs: the place, the code 2, and nothing in the list of jobs.
before=$("$gen" jobs --limit 200 | wc -l)
echo 'just text' >briefs/text.png
wrong()
{
    printf '%b' "$2" >"briefs/$1"
    run 2 run "briefs/$1"
    has err "^briefs/$1:$3"
}
scene='title: x\nscenes:\n  - {prompt: a, duration: 1'
wrong a.yaml "$scene, assets: [none.png]}\n" '3:39: scenes\[0\]\.assets\[0\]: there is no file briefs/none\.png'
wrong b.yaml "$scene, assets: [text.png]}\n" '3:39: scenes\[0\]\.assets\[0\]: .*not what its name says'
wrong c.yaml "$scene, duraton: 2}\n" '3:[0-9]+: scenes\[0\]\.duraton: .*did you mean "duration"'
wrong d.yaml 'title: x\nscenes: []\n' '2:9: scenes: '
wrong e.yaml 'title: x\nscenes:\n  - {prompt: a, duration: 301}\n' '3:[0-9]+: scenes\[0\]\.duration: '
wrong f.yaml 'a: &a [1]\nb: [*a, *a]\n' '1:4: anchors'
wrong g.yaml 'title: "\xff"\n' '1:[0-9]+: .*UTF-8'
wrong h.yaml "$scene, assets: [ast_01m81qqjc2h1m667q3j8md7c1b]}\n" '3:39: scenes\[0\]\.assets\[0\]: there is no asset'
wrong i.json '{"title": "x", "scenes": 3}' '1:[0-9]+: scenes: must be a list'
head -c 10000000 /dev/zero | tr '\0' '[' >briefs/deep.json
run 2 run briefs/deep.json
has err '^briefs/deep.json:1:[0-9]+: '
wrong empty.yaml '' '1:1: the brief is empty'
wrong empty.json '' '1:1: the brief is empty'
wrong blank.json ' \n\n' '1:1: the brief is empty'
wrong comment.yaml '# only this\n\n' '1:1: the brief is empty'
wrong null.yaml '~\n' '1:1: the brief is empty'
run 2 run -
has err '^<stdin>:1:1: the brief is empty'
run 2 run - --json
has err '"file":"<stdin>","line":1,"column":1'
truncate -s 600M briefs/large.png
wrong j.yaml "$scene, assets: [large.png]}\n" '3:39: scenes\[0\]\.assets\[0\]: .*at most 500 MB'
run 2 run briefs/nothing.yaml
run 2 run briefs
holds "$("$gen" jobs --limit 200 | wc -l)" -eq "$before"

# ... not even the files that came with them.
run 0 assets --json
files=$(grep -o '"assetId"' out | wc -l)
printf 'this is text' >briefs/text.png
ffmpeg -v error -f lavfi -i color=red:s=40x40 -frames:v 1 briefs/red.png </dev/null
printf 'models: [nosuch/model]\nscenes: [{prompt: x, duration: 1, assets: [red.png]}]\n' >briefs/nomodel.yaml
run 2 run briefs/nomodel.yaml
printf 'scenes: [{prompt: x, duration: 1, assets: [red.png, text.png]}]\n' >briefs/nopicture.yaml
run 2 run briefs/nopicture.yaml
mkdir briefs/folder && cp briefs/red.png briefs/nomodel.yaml briefs/folder
run 2 run briefs/folder
run 0 assets --json
holds "$(grep -o '"assetId"' out | wc -l)" -eq "$files"
