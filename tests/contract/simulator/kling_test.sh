#!/bin/bash
# gen-sim's Kling dialect: tokens, both formats, error codes, bills. Needs the program openssl.
# usage: kling_test.sh GEN-SIM
# shellcheck source=check.sh
. "$(dirname "$0")/check.sh"

base64url()
{
    openssl base64 -A | tr '+/' '-_' | tr -d '='
}

# token [ACCESS [SECRET [NBF [EXP [ALG]]]]]: times in seconds from now
token()
{
    local now head claims
    now=$(date +%s)
    head=$(printf '{"alg":"%s","typ":"JWT"}' "${5:-HS256}" | base64url)
    claims=$(printf '{"iss":"%s","exp":%d,"nbf":%d}' "${1:-$access}" $((now + ${4:-1800})) \
        $((now + ${3:--5})) | base64url)
    printf '%s.%s.%s' "$head" "$claims" \
        "$(printf '%s.%s' "$head" "$claims" | openssl dgst -sha256 -hmac "${2:-$secret}" -binary | base64url)"
}

access=ak-test-0123456789abcdef0123456789abcdef
secret=sk-test-fedcba9876543210fedcba9876543210
start --speed 1000
k=$at/kling
auth=(-H "Authorization: Bearer $(token)")

# ------------------------------------------------------------------------------------- tokens
# token | code
while IFS='|' read -r bearer code; do
    ask GET "$k/tasks?task_ids=1" -H "Authorization: $bearer"
    says 401 .code "$code" "$bearer"
done <<CASES
|1001
Basic abc|1001
Bearer nonsense|1002
Bearer $(token ak-unknown)|1002
Bearer $(token "$access" wrong)|1000
Bearer $(token "$access" "$secret" 60)|1003
Bearer $(token "$access" "$secret" -3600 -1)|1004
Bearer $(token "$access" "$secret" -5 1800 none)|1002
CASES
ask GET "$k/tasks?task_ids=1" -H "Authorization: Bearer api-key-kling-0123456789abcdef0123456789abcdef"
says 200 .code 0 "a plain API key"
ask POST "$at/_sim/clock" --json '{"skewMs":-60000}'
ask GET "$k/tasks?task_ids=1" "${auth[@]}"
says 401 .code 1003 "their clock is behind"
date -u -d "$(sed -n 's/^Date: \(.*\)\r$/\1/p' head)" +%s >told
[ $(($(date +%s) - $(cat told))) -ge 50 ] || fail "the header Date does not follow their clock"
ask POST "$at/_sim/clock" --json '{"skewMs":3600000}'
ask GET "$k/tasks?task_ids=1" "${auth[@]}"
says 401 .code 1004 "their clock is ahead"
ask POST "$at/_sim/clock" --json '{"skewMs":0}'

# ------------------------------------------------------------------------------ legacy, strict
v=$k/v1/videos
ffmpeg -v error -y -f lavfi -i testsrc=size=640x480 -frames:v 1 a.png
ffmpeg -v error -y -f lavfi -i testsrc=size=200x400 -frames:v 1 small.png
ffmpeg -v error -y -f lavfi -i testsrc=size=1000x320 -frames:v 1 wide.png
image=$(openssl base64 -A <a.png)
# endpoint | body | HTTP | code
while IFS='|' read -r path body http code; do
    ask POST "$v/$path" "${auth[@]}" --json "$body"
    says "$http" .code "$code" "$path $body"
done <<CASES
text2video|{"model_name":"kling-v2-6","prompt":"x","duration":5}|400|1201
text2video|{"model_name":"kling-v2-6","prompt":"x","duration":"7"}|400|1201
text2video|{"model_name":"kling-v2-6"}|400|1201
text2video|{"model_name":"kling-v9","prompt":"x"}|400|1201
text2video|{"model_name":"kling-v2-6","prompt":"x","fps":24}|400|1200
text2video|{"model_name":"kling-v2-6","prompt":"x","sound":"on"}|400|1201
text2video|{"model_name":"kling-v2-5-turbo","prompt":"x","sound":"on"}|400|1200
text2video|{"model_name":"kling-v2-6","prompt":"x","cfg_scale":0.5}|400|1200
text2video|{"model_name":"kling-v1","prompt":"x","mode":"pro"}|400|1201
text2video|{"model_name":"kling-v1","prompt":"x","cfg_scale":1.5}|400|1201
text2video|{"model_name":"kling-v2-6","prompt":"x","mode":"4k"}|400|1201
text2video|{"model_name":"kling-v2-6","prompt":"x","aspect_ratio":"4:3"}|400|1201
image2video|{"model_name":"kling-v2-6","prompt":"x"}|400|1201
image2video|{"model_name":"kling-v2-6","image":"http://a.example/x.png"}|400|1201
image2video|{"model_name":"kling-v2-6","image":"data:image/png;base64,$image"}|400|1201
image2video|{"model_name":"kling-v2-6","image":"$(openssl base64 -A <small.png)"}|400|1201
image2video|{"model_name":"kling-v2-6","image":"$(openssl base64 -A <wide.png)"}|400|1201
image2video|{"model_name":"kling-v2-6","image":"$image","aspect_ratio":"16:9"}|400|1200
CASES
ask POST "$v/text2video" "${auth[@]}" -d '{"model_name":"kling-v2-6","prompt":"x"}'
says 400 .code 1200 "not declared as JSON"
long=$(head -c 2501 /dev/zero | tr '\0' a)
ask POST "$v/text2video" "${auth[@]}" --json "{\"model_name\":\"kling-v2-6\",\"prompt\":\"$long\"}"
says 400 .code 1201 "2501 characters"
ask PUT "$v/text2video" "${auth[@]}"
says 404 .code 1202 "a wrong method"
ask GET "$v/text2video/none" "${auth[@]}"
says 404 .code 1203 "an unknown task"

# ------------------------------------------------------------------------------- legacy, good
# path | body | size | billed USD | units | seconds
number=0
while IFS='|' read -r path body size usd units seconds; do
    number=$((number + 1))
    ask POST "$v/$path" "${auth[@]}" --json "${body%\}},\"external_task_id\":\"ref-$number\"}"
    says 200 .code 0 "$path $body"
    is submitted "$(json .data.task_status)" "$body"
    id=$(json .data.task_id)
    until_says .data.task_status succeed GET "$v/$path/$id" "${auth[@]}"
    is "$units" "$(json .data.final_unit_deduction)" "$body: units"
    is "$seconds" "$(json '.data.task_result.videos[0].duration')" "$body: seconds"
    is "$usd" "$(book ".tasks[]|select(.id==\"$id\")|.billedUsd")" "$body: bill"
    curl -s -o clip.mp4 "$(json '.data.task_result.videos[0].url')"
    is "$size" "$(ffprobe -v error -show_entries stream=codec_name,width,height -of csv=p=0 clip.mp4 | tr '\n' ' ')" "$body: clip"
    ask GET "$v/$path/ref-$number" "${auth[@]}"
    is "$id" "$(json .data.task_id)" "$body: by our id"
done <<CASES
text2video|{"prompt":"x"}|h264,1280,720 |0.14|1|5.1
text2video|{"model_name":"kling-v2-6","prompt":"x","mode":"pro","sound":"on","aspect_ratio":"9:16"}|h264,1080,1920 aac |0.7|5|5.041
text2video|{"model_name":"kling-v3","prompt":"x","duration":"3"}|h264,1280,720 |0.252|1.8|3.041
image2video|{"model_name":"kling-v2-5-turbo","image":"$image"}|h264,960,720 |0.21|1.5|5.041
omni-video|{"model_name":"kling-video-o1","prompt":"x","duration":"4"}|h264,1280,720 |0.336|2.4|4.041
CASES
ask GET "$v/image2video/ref-1" "${auth[@]}"
says 404 .code 1203 "a task asked for under another kind"
ask POST "$v/text2video" "${auth[@]}" --json '{"model_name":"kling-v3","prompt":"x","external_task_id":"ref-1"}'
says 400 .code 1201 "an external_task_id given twice"
ask GET "$v/text2video?pageNum=1&pageSize=2" "${auth[@]}"
says 200 '.data|length' 2 "a page of the list"
ask GET "$v/text2video?pageNum=2&pageSize=2" "${auth[@]}"
is 1 "$(json '.data|length')" "the second page"
ask GET "$v/text2video?page=1" "${auth[@]}"
says 400 .code 1201 "an unknown parameter"

# -------------------------------------------------------------------------------------- new 3.x
# path | body | HTTP | code
while IFS='|' read -r path body http code; do
    ask POST "$k/$path" "${auth[@]}" --json "$body"
    says "$http" .code "$code" "$path $body"
done <<CASES
text-to-video/kling-9|{"prompt":"x"}|404|1203
text-to-video/kling-3.0|{"prompt":"x","duration":5}|400|1200
text-to-video/kling-3.0|{"prompt":"x","model_name":"kling-3.0"}|400|1200
text-to-video/kling-3.0|{"prompt":"x","settings":{"duration":"5"}}|400|1201
text-to-video/kling-3.0|{"prompt":"x","settings":{"duration":16}}|400|1201
text-to-video/kling-3.0-turbo|{"prompt":"x","settings":{"audio":"off"}}|400|1200
text-to-video/kling-3.0-turbo|{"prompt":"x","settings":{"resolution":"4k"}}|400|1201
text-to-video/kling-3.0|{"contents":[{"type":"prompt","text":"x"}]}|400|1201
image-to-video/kling-3.0|{"contents":[{"type":"prompt","text":"x"}]}|400|1201
image-to-video/kling-3.0|{"contents":[{"type":"first_frame","url":"https://a.example/x.png"}],"settings":{"aspect_ratio":"16:9"}}|400|1200
image-to-video/kling-3.0-turbo|{"contents":[{"type":"first_frame","url":"https://a.example/x.png"},{"type":"last_frame","url":"https://a.example/x.png"}]}|400|1201
CASES
ask POST "$k/text-to-video/kling-3.0-turbo" "${auth[@]}" --json \
    '{"prompt":"x","settings":{"resolution":"720p","duration":3},"options":{"external_task_id":"new-1","watermark_info":{"enabled":false}}}'
says 200 .data.status submitted "new: text"
id=$(json .data.id)
until_says '.data[0].status' succeeded GET "$k/tasks?task_ids=$id" "${auth[@]}"
is '2.4 unit' "$(json '.data[0].billing[0]|.amount+" "+.charge_type')" "new: bill"
is 0.336 "$(book ".tasks[]|select(.id==\"$id\")|.billedUsd")" "new: books"
is new-1 "$(json '.data[0].external_id')" "new: our id"
ask GET "$k/tasks?external_task_ids=new-1,none" "${auth[@]}"
is "1 $id" "$(json '.data|"\(length) \(.[0].id)"')" "new: by our id, unknown ones left out"
ask GET "$k/tasks?task_ids=none" "${auth[@]}"
says 200 '.data|length' 0 "new: unknown ids only"
ask GET "$k/tasks" "${auth[@]}"
says 400 .code 1200 "new: no ids"

# ------------------------------------------------------------------------------ ends and limits
good='{"model_name":"kling-v3","prompt":"x","duration":"3"}'
# fault | status | text
while IFS='|' read -r fault state text; do
    faults "{\"match\":\"/text2video\",\"fault\":$fault}"
    ask POST "$v/text2video" "${auth[@]}" --json "$good"
    id=$(json .data.task_id)
    until_says .data.task_status "$state" GET "$v/text2video/$id" "${auth[@]}"
    is "$text" "$(json '.data.task_status_msg // (.data.task_result.videos|length|tostring)')" "$fault"
    is 0 "$(book ".tasks[]|select(.id==\"$id\")|.billedUsd")" "$fault: not charged"
done <<'CASES'
{"moderate":true}|failed|Failure to pass the risk control system
{"fail":true,"message":"too bad"}|failed|too bad
{"filtered":true}|succeed|0
CASES
faults '{"match":"/text2video","fault":{"status":429,"code":"1101"}}'
ask POST "$v/text2video" "${auth[@]}" --json "$good"
says 429 .code 1101 "a code on demand"
faults '{"match":"/text2video","fault":{"http200error":true,"status":429,"code":"1302"}}'
ask POST "$v/text2video" "${auth[@]}" --json "$good"
says 200 .code 1302 "a failure under 200"
ask DELETE "$at/_sim/faults"
auth=(-H "Authorization: Bearer $(token ak-poor-0123456789abcdef0123456789abcdef sk-poor-fedcba9876543210fedcba9876543210)")
ask POST "$v/text2video" "${auth[@]}" --json "$good"
says 429 .code 1102 "no credit"
ask GET "$k/account/costs" "${auth[@]}"
says 400 .code 1201 "costs without times"
ask GET "$k/account/costs?start_time=0&end_time=9999999999999" "${auth[@]}"
says 200 '.data.resource_pack_subscribe_infos[0].remaining_quantity' 1 "costs"
stop
rm -rf state
start --account "kling:name=test,concurrency=1"
auth=(-H "Authorization: Bearer $(token)")
ask POST "$at/kling/v1/videos/text2video" "${auth[@]}" --json "$good"
is 200 "$status" "the first task"
ask POST "$at/kling/v1/videos/text2video" "${auth[@]}" --json "$good"
says 429 .code 1303 "a second one at once"
