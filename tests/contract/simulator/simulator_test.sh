#!/bin/bash
# gen-sim itself and its Runway dialect: strictness, books, faults, crashes.
# usage: simulator_test.sh GEN-SIM
# shellcheck source=check.sh
. "$(dirname "$0")/check.sh"

key=key_$(printf '0123456789abcdef%.0s' 1 2 3 4 5 6 7 8)
poor=key_$(printf '0%.0s' {1..62})ff$(printf '0%.0s' {1..62})ff
auth=(-H "Authorization: Bearer $key" -H "X-Runway-Version: 2024-11-06")
good='{"model":"gen4.5","promptText":"A kettle boils","ratio":"1280:720","duration":2}'

# create BODY: its id in $id
create()
{
    ask POST "$at/runway/v1/text_to_video" "${auth[@]}" --json "$1"
    id=$(json .id)
}

task()
{
    ask GET "$at/runway/v1/tasks/$1" "${auth[@]}"
}

# --------------------------------------------------------------------------------- the program
"$sim" --help | grep -q '^usage: gen-sim' || fail "--help"
"$sim" --version | grep -q '^gen-sim ' || fail "--version"
for wrong in "--port 70000" "--speed 0" "--seed x" "--stats x" "--state s stray" "--port 0"; do
    # shellcheck disable=SC2086 # words
    timeout 20 "$sim" $wrong >/dev/null 2>&1
    is 2 $? "gen-sim $wrong"
done
"$sim" --state s --faults '[{"fault":{"latency":1}}]' >out 2>&1
is 1 $? "a misspelt fault"
grep -q latencyMs out || fail "a misspelt fault is not put right: $(cat out)"
"$sim" --state s --account 'runway:name=x,credit=5' >out 2>&1
is 1 $? "a misspelt word of an account"
(sleep 0.2) | timeout 20 "$sim" --state s --with-parent >/dev/null
is 0 "${PIPESTATUS[1]}" "--with-parent, standard input closed"

start --speed 1000
timeout 20 "$sim" --state state >/dev/null 2>out
is 1 $? "a second one on the same folder"
timeout 20 "$sim" --state other --port "${at##*:}" >/dev/null 2>>out
is 1 $? "a second one on the same port"
grep -q "127.0.0.1:${at##*:}" out || fail "the port is not named: $(cat out)"
ask GET "$at/_sim/health"
says 200 .ok true "health"
ask GET "$at/nowhere"
is 404 "$status" "no such prefix"
ask GET "$at/runway/v1/nowhere" "${auth[@]}"
is 404 "$status" "no such path"
ask PUT "$at/runway/v1/tasks/x" "${auth[@]}"
is 405 "$status" "a wrong method"

# ------------------------------------------------------------------------- strict: who and how
ask POST "$at/runway/v1/text_to_video" --json "$good"
says 401 '.error|length>0' true "no key"
ask POST "$at/runway/v1/text_to_video" --json "$good" -H "X-Runway-Version: 2024-11-06" -H "Authorization: Bearer key_wrong"
is 401 "$status" "a wrong key"
ask POST "$at/runway/v1/text_to_video" --json "$good" -H "Authorization: Bearer $key"
is 400 "$status" "no version"
ask POST "$at/runway/v1/text_to_video" --json "$good" -H "Authorization: Bearer $key" -H "X-Runway-Version: 2024-09-13"
is 400 "$status" "an old version"
ask POST "$at/runway/v1/text_to_video" "${auth[@]}" -d "$good"
is 400 "$status" "not declared as JSON"
create '{"model":'
is 400 "$status" "not JSON"

# body | code of the first issue | its path
while IFS='|' read -r body code path; do
    create "$body"
    says 400 '.issues[0].code' "$code" "$body"
    is "$path" "$(json '.issues[0].path|map(tostring)|join(".")')" "$body: path"
    is "Validation of body failed" "$(json .error)" "$body: error"
done <<'CASES'
{"promptText":"x","ratio":"1280:720","duration":2}|invalid_enum_value|model
{"model":"gen3a_turbo","promptText":"x","ratio":"1280:720","duration":2}|invalid_enum_value|model
{"model":"gen4.5","ratio":"1280:720","duration":2}|invalid_type|promptText
{"model":"gen4.5","promptText":"","ratio":"1280:720","duration":2}|too_small|promptText
{"model":"gen4.5","promptText":"x","ratio":"16:9","duration":2}|invalid_enum_value|ratio
{"model":"gen4.5","promptText":"x","ratio":"1280:720","duration":"2"}|invalid_type|duration
{"model":"gen4.5","promptText":"x","ratio":"1280:720","duration":2.5}|invalid_type|duration
{"model":"gen4.5","promptText":"x","ratio":"1280:720","duration":11}|too_big|duration
{"model":"gen4.5","promptText":"x","ratio":"1280:720"}|invalid_type|duration
{"model":"gen4.5","promptText":"x","ratio":"1280:720","duration":2,"fps":24}|unrecognized_keys|fps
{"model":"gen4.5","promptText":"x","ratio":"1280:720","duration":2,"audio":true}|unrecognized_keys|audio
{"model":"gen4.5","promptText":"x","ratio":"1280:720","duration":2,"seed":4294967296}|too_big|seed
{"model":"gen4.5","promptText":"x","ratio":"1280:720","duration":2,"contentModeration":{"publicFigureThreshold":"high"}}|invalid_enum_value|contentModeration.publicFigureThreshold
{"model":"veo3.1","promptText":"x","ratio":"1280:720","duration":5}|invalid_enum_value|duration
{"model":"hailuo3","promptText":"x","ratio":"16:9","resolution":"1080p"}|invalid_enum_value|resolution
CASES
# The limit counts UTF-16 units: 500 emoji are 1000, 501 are too many.
face=$(printf '\xf0\x9f\x98\x80')
long=$(printf "$face%.0s" $(seq 500))
create "{\"model\":\"gen4.5\",\"promptText\":\"$long\",\"ratio\":\"1280:720\",\"duration\":2}"
is 200 "$status" "1000 UTF-16 units"
create "{\"model\":\"gen4.5\",\"promptText\":\"$long$face\",\"ratio\":\"1280:720\",\"duration\":2}"
says 400 '.issues[0].code' too_big "1002 UTF-16 units"

# image | what is wrong with it
while IFS='|' read -r image why; do
    ask POST "$at/runway/v1/image_to_video" "${auth[@]}" --json \
        "{\"model\":\"gen4.5\",\"promptText\":\"x\",\"ratio\":\"1280:720\",\"duration\":2,\"promptImage\":$image}"
    is 400 "$status" "$why"
    is promptImage "$(json '.issues[0].path[0]')" "$why"
done <<'CASES'
"http://a.example/x.png"|plain http
"https://10.0.0.1/x.png"|an address
"https://u:p@a.example/x.png"|credentials in the link
"runway://00000000-0000-4000-8000-000000000000"|an unknown upload
"data:image/png,xx"|a data URI that is not base64
[{"uri":"https://a.example/x.png","position":"middle"}]|a position that does not exist
[{"uri":"https://a.example/x.png","position":"last"}]|a position that this model does not take
[7]|not an object
CASES

# ------------------------------------------------------------------- upload, render, read, books
ffmpeg -v error -y -f lavfi -i testsrc=size=640x480 -frames:v 1 a.png
ask POST "$at/runway/v1/uploads" "${auth[@]}" --json '{"filename":"a","type":"ephemeral"}'
is 400 "$status" "a file name without extension"
ask POST "$at/runway/v1/uploads" "${auth[@]}" --json '{"filename":"a.png","type":"ephemeral"}'
is 200 "$status" "upload"
uri=$(json .runwayUri) url=$(json .uploadUrl)
fields=()
while IFS=$'\t' read -r name value; do
    fields+=(-F "$name=$value")
done < <(jq -r '.fields|to_entries[]|[.key,.value]|@tsv' body)
picture="{\"model\":\"gen4.5\",\"promptText\":\"x\",\"ratio\":\"1104:832\",\"duration\":2,\"promptImage\":\"$uri\"}"
ask POST "$at/runway/v1/image_to_video" "${auth[@]}" --json "$picture"
is 400 "$status" "an upload without its file"
ask POST "$url" -F file=@a.png "${fields[@]}"
is 400 "$status" "the file first"
ask POST "$url" "${fields[@]:2}" -F file=@a.png
is 403 "$status" "a field left out"
ask POST "$url" "${fields[@]}" -F more=1 -F file=@a.png
is 403 "$status" "a field too many"
ask POST "$url" "${fields[@]}" -F "file=@-;filename=a.png" <<<"small"
is 400 "$status" "a file that is too small"
ask POST "$url" "${fields[@]}" -F file=@a.png -H "Authorization: Bearer $key"
is 400 "$status" "credentials sent to the store"
ask POST "${url%?}x" "${fields[@]}" -F file=@a.png
is 403 "$status" "another signature"
ask POST "$url" "${fields[@]}" -F file=@a.png
is 204 "$status" "the upload's file"
ask POST "$at/runway/v1/image_to_video" "${auth[@]}" --json "$picture"
says 200 .estimatedCost.credits 24 "an image"
from_image=$(json .id)

create '{"model":"veo3.1","promptText":"x","ratio":"720:1280","duration":4}'
says 200 .estimatedCost.credits 160 "with sound"
loud=$id
for one in "$from_image h264,1104,832 24 24" "$loud h264,720,1280 aac 160 48"; do
    # shellcheck disable=SC2086 # words
    set -- $one
    until_says .status SUCCEEDED GET "$at/runway/v1/tasks/$1" "${auth[@]}"
    link=$(json '.output[0]')
    curl -s -o clip.mp4 "$link"
    streams=$(ffprobe -v error -show_entries stream=codec_name,width,height -of csv=p=0 clip.mp4 | tr '\n' ' ')
    case $streams in
    "$2"*) ;;
    *) fail "the clip of $1 is $streams, not $2" ;;
    esac
    is "$(json .cost.credits)" "$(book ".tasks[]|select(.id==\"$1\")|.billedUsd*100")" "books of $1"
done
case $streams in
*aac*) ;;
*) fail "no sound: $streams" ;;
esac
is 96 "$(ffprobe -v error -count_frames -select_streams v -show_entries stream=nb_read_frames -of csv=p=0 clip.mp4)" "frames of 4 s"
# The frame's number stands in bits at the lower edge: number 5 has boxes for 1 and 4, none for 2.
bit()
{
    ffmpeg -v error -i clip.mp4 -vf "select=eq(n\,5),format=gray,crop=2:2:$(((16 - $1) * side + side / 2)):$((1280 - side))" \
        -frames:v 1 -f rawvideo - | od -An -tu1 | awk '{print ($1 > 128) ? 1 : 0; exit}'
}
side=$((720 / 18))
is "1 0 1 0" "$(bit 0) $(bit 1) $(bit 2) $(bit 3)" "the number of frame 5"

# --------------------------------------------------------------------------------- result links
whole=$(wc -c <clip.mp4)
ask GET "$link" -r 100-199
is 206 "$status" "a range"
cmp -s <(tail -c +101 clip.mp4 | head -c 100) body || fail "the range is other bytes"
tag=$(sed -n 's/^ETag: \(.*\)\r$/\1/p' head)
ask GET "$link" -r "$((whole - 10))-" -H "If-Range: $tag"
is 206 "$status" "a range, if it is still the same"
ask GET "$link" -r 0-9 -H 'If-Range: "other"'
is 200 "$status" "a range, of something else"
ask GET "$link" -r "$whole-"
is 416 "$status" "a range behind the end"
ask GET "$link" -H "Authorization: Bearer $key"
is 400 "$status" "a link with credentials"
ask GET "${link%?}0x"
is 403 "$status" "a link with another signature"
ask POST "$at/_sim/clock" --json '{"skewMs":90000000}'
ask GET "$link"
is 403 "$status" "an old link"
task "$loud"
ask GET "$(json '.output[0]')"
is 200 "$status" "a fresh link"
ask POST "$at/_sim/clock" --json '{"skewMs":0}'

# --------------------------------------------------------------------------------------- faults
tasks=$(book '.tasks|length')
faults '[{"match":{"path":"/v1/text_to_video"},"fault":{"status":429,"retryAfter":7},"times":1}]'
create "$good"
is 429 "$status" "429 on demand"
grep -qi '^Retry-After: 7' head || fail "no Retry-After"
create "$good"
is 200 "$status" "429 once only"
faults '{"match":"/text_to_video","fault":{"resetBefore":true}}'
create "$good"
is 56 "$curl_code" "reset before"
is $((tasks + 1)) "$(book '.tasks|length')" "reset before: nothing is booked"
faults '{"match":"/text_to_video","fault":{"resetAfter":true}}'
create "$good"
is 56 "$curl_code" "reset after"
is $((tasks + 2)) "$(book '.tasks|length')" "reset after: it is booked"
faults '{"match":"/text_to_video","fault":{"stall":60000}}'
ask POST "$at/runway/v1/text_to_video" "${auth[@]}" --json "$good" -m 1
is 28 "$curl_code" "a stall"
is $((tasks + 2)) "$(book '.tasks|length')" "a stall: nothing is booked"
faults '{"match":"/text_to_video","fault":{"stallAfter":60000}}'
ask POST "$at/runway/v1/text_to_video" "${auth[@]}" --json "$good" -m 1
is $((tasks + 3)) "$(book '.tasks|length')" "a stall after: it is booked"
faults '{"match":"/text_to_video","fault":{"status":502,"acted":true}}'
create "$good"
is 502 "$status" "502 after"
is $((tasks + 4)) "$(book '.tasks|length')" "502 after: it is booked"
faults '{"match":"/text_to_video","fault":{"notJson":true}}'
create "$good"
is 200 "$status" "not JSON"
jq . body >/dev/null 2>&1 && fail "it is JSON"
faults '{"match":"/text_to_video","fault":{"hugeBody":3000000}}'
create "$good"
is 3000000 "$(wc -c <body)" "a huge body"
is string "$(json '.padding|type')" "a huge body is JSON"
faults '{"match":"/text_to_video","fault":{"http200error":true,"message":"no"}}'
create "$good"
says 200 .error no "an error under 200"
faults '{"match":{"provider":"cdn"},"fault":{"truncate":1000}}'
task "$loud"
link=$(json '.output[0]')
ask GET "$link"
is 18 "$curl_code" "a download that is cut"
is 1000 "$(wc -c <body)" "bytes of it"
faults '{"match":{"provider":"cdn"},"fault":{"stallAt":1000}}'
ask GET "$link" -m 1
is 28 "$curl_code" "a download that falls silent"
is 1000 "$(wc -c <body)" "bytes of it"
faults '{"match":{"provider":"cdn"},"fault":{"drip":2000}}'
ask GET "$link" -m 1
is 28 "$curl_code" "a download that drips"
[ "$(wc -c <body)" -lt 5000 ] || fail "it does not drip"
ask PUT "$at/_sim/faults" --json '{"fault":{"drop":1}}'
is 400 "$status" "a fault that does not exist"

# effect of a rule on the task | its state | failure code | credits
while IFS='|' read -r fault state code credits; do
    faults "{\"match\":\"/text_to_video\",\"fault\":$fault}"
    create "$good"
    until_says .status "$state" GET "$at/runway/v1/tasks/$id" "${auth[@]}"
    is "$code" "$(json '.failureCode // "none"')" "$fault: code"
    is "$credits" "$(json .cost.credits)" "$fault: credits"
    is "$credits" "$(book ".tasks[]|select(.id==\"$id\")|.billedUsd*100")" "$fault: books"
done <<'CASES'
{"moderate":true}|FAILED|SAFETY.INPUT.TEXT|24
{"moderate":true,"code":"SAFETY.INPUT.IMAGE"}|FAILED|SAFETY.INPUT.IMAGE|24
{"fail":true}|FAILED|INTERNAL.BAD_OUTPUT.CODE01|0
{"filtered":true}|SUCCEEDED|none|0
CASES
faults '{"match":"/text_to_video","fault":{"lose":true}}'
create "$good"
task "$id"
says 404 .error "Could not find Task" "a lost task"
is 1 "$(book "[.tasks[]|select(.id==\"$id\")]|length")" "a lost task is in the books"
before=$id
ask DELETE "$at/_sim/faults"
create "$good"
other=$id
faults '{"match":"/text_to_video","fault":{"duplicateId":true}}'
create "$good"
is "$other" "$id" "an id given twice"
[ "$before" != "$other" ] || fail "two ids are the same without a fault"
ask DELETE "$at/_sim/faults"

# The seed decides: the same requests meet the same faults.
series()
{
    faults '{"match":"/v1/tasks/none","fault":{"status":503},"probability":0.5}'
    for _ in $(seq 24); do
        task none
        printf '%s ' "$status"
    done
}
one=$(series) two=$(series)
is "$one" "$two" "a series by seed"
case $one in
*404*503* | *503*404*) ;;
*) fail "a probability of a half is not: $one" ;;
esac
ask DELETE "$at/_sim/faults"

# --------------------------------------------------------------------------- the log of requests
ask GET "$at/_sim/requests"
is HTTP/1.1 "$(json '.requests[-1].version')" "the version"
last=$(json '.requests[-1].number')
curl -s "$at/_sim/health" "$at/_sim/health" >/dev/null # one connection
curl -s "$at/_sim/health" >/dev/null                    # another
ask GET "$at/_sim/requests?since=$last"
is "2 1" "$(json '[.requests[:3][].connection]|group_by(.)|map(length)|sort|reverse|map(tostring)|join(" ")')" \
    "requests on connections"

# --------------------------------------------------------------- account, cancelling, usage
ask POST "$at/runway/v1/text_to_video" --json '{"model":"gen4.5","promptText":"x","ratio":"1280:720","duration":5}' \
    -H "Authorization: Bearer $poor" -H "X-Runway-Version: 2024-11-06"
says 400 .error "You do not have enough credits to run this task." "no credit"
ask POST "$at/_sim/credit" --json '{"provider":"runway","account":"poor","usd":0.48}'
ask POST "$at/runway/v1/text_to_video" --json '{"model":"gen4.5","promptText":"x","ratio":"1280:720","duration":5}' \
    -H "Authorization: Bearer $poor" -H "X-Runway-Version: 2024-11-06"
is 200 "$status" "credit that was bought"
create "$good"
ask DELETE "$at/runway/v1/tasks/$id" "${auth[@]}"
is 204 "$status" "cancel"
task "$id"
is 404 "$status" "a cancelled task"
until_says .live 0 GET "$at/_sim/health"
ask GET "$at/runway/v1/organization" "${auth[@]}"
is "$(book '.accounts[]|select(.provider=="runway" and .account=="test")|.balanceUsd*100|round')" \
    "$(json '.creditBalance|round')" "the balance"
ask POST "$at/runway/v1/organization/usage" "${auth[@]}" --json '{}'
is 200 "$status" "usage"
is "$(book '.accounts[]|select(.provider=="runway" and .account=="test")|.billedUsd*100|round')" \
    "$(json '[.results[].usedCredits[].amount]|add|round')" "usage, lost and deleted tasks too"
ask POST "$at/runway/v1/organization/usage" "${auth[@]}" --json '{"startDate":"2026-01-01","beforeDate":"2026-06-01"}'
is 400 "$status" "usage of more than 90 days"

# ------------------------------------------------------------------------------ killed and back
create "$good"
curl -s "$at/_sim/books" | jq -S '.tasks|map(del(.state,.endedAt,.startedAt,.billedUsd))' >before
stop KILL
printf '{"op":"task","ser' >>state/journal.jsonl # torn by the kill
start --speed 1000 --port "${at##*:}"
curl -s "$at/_sim/books" | jq -S '.tasks|map(del(.state,.endedAt,.startedAt,.billedUsd))' >after
cmp -s before after || fail "the books are others after a crash: $(diff before after | head -20)"
until_says .status SUCCEEDED GET "$at/runway/v1/tasks/$id" "${auth[@]}"
create "$good"
is 1 "$(book "[.tasks[]|select(.id==\"$id\")]|length")" "ids are new after a crash"
stop
echo broken >>state/journal.jsonl
"$sim" --state state >/dev/null 2>out
is 1 $? "a damaged journal"
grep -q journal.jsonl out || fail "a damaged journal is not named: $(cat out)"
rm -rf state

# ----------------------------------------------------------------------- one at a time, and odd words
start --speed 1 --account runway:concurrency=1
create "$good"
first=$id
create "$good"
until_says .status RUNNING GET "$at/runway/v1/tasks/$first" "${auth[@]}"
is true "$(json '.progress>=0 and .progress<1')" "progress"
until_says .status THROTTLED GET "$at/runway/v1/tasks/$id" "${auth[@]}"
ask DELETE "$at/runway/v1/tasks/$id" "${auth[@]}"
is 0 "$(book ".tasks[]|select(.id==\"$id\")|.billedUsd")" "waiting is not billed"
ask DELETE "$at/runway/v1/tasks/$first" "${auth[@]}"
is 0.24 "$(book ".tasks[]|select(.id==\"$first\")|.billedUsd")" "a run that is cancelled is billed"
faults '{"match":"/text_to_video","fault":{"unknownStatus":true}}'
create "$good"
until_says .status POST_PROCESSING GET "$at/runway/v1/tasks/$id" "${auth[@]}"
ask POST "$at/_sim/reset"
is 0 "$(book '.tasks|length')" "reset"
