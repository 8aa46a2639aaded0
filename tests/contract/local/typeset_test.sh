#!/bin/sh
# typeset_test.sh BIN PLUGIN.so - gen-typeset with texts that break typesetters: every part stays
# inside the frame's safe area, has the size it says, and bad jobs end in a message.
set -eu
bin=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
failed=0

say() { echo "$1: $2"; failed=1; }

# Checks the list of parts in $1.out for a frame of $2 x $3 with margins $4 (top) and $5 (bottom).
check() {
    tr '{' '\n' < "$1.out" | sed -n 's/.*"file": "\([^"]*\)", "what": "\([^"]*\)", "x": \(-*[0-9]*\), "y": \(-*[0-9]*\), "w": \([0-9]*\), "h": \([0-9]*\), "n": \([0-9]*\).*/\1 \2 \3 \4 \5 \6 \7/p' > parts
    [ -s parts ] || say "$1" "no parts"
    while read -r file what x y w h n; do
        channels=5
        [ "$what" = backdrop ] && channels=3
        [ "$(stat -c %s "$file")" = $((w * h * channels / 2 * n)) ] || say "$1" "$file: wrong size"
        [ $((x % 2 + y % 2 + w % 2 + h % 2)) = 0 ] || say "$1" "$file: odd numbers"
        [ "$what" = text ] || continue
        # 36 pixels: the room for shadows around a text, for a short side of 360
        if [ "$x" -lt -36 ] || [ $((x + w)) -gt $(($2 + 36)) ] || [ "$y" -lt $(($4 - 36)) ] ||
            [ $((y + h)) -gt $(($3 - $5 + 36)) ]; then
            say "$1" "$file leaves the safe area: $x $y $w $h in $2x$3"
        fi
    done < parts
}

long=$(printf 'A very long offer, %.0s' $(seq 30))
word=$(printf 'Unbreakable%.0s' $(seq 20))
lines=$(printf 'line\\n%.0s' $(seq 40))
for size in "640 360 20 20" "360 640 89 127" "360 360 20 20" "1200 360 20 20"; do
    set -- $size
    for text in "Short" "It's \\\"quoted\\\": 100% \\\\ {x} [y]; <b>&amp;</b>" "$long" "$word" \
        "$lines" "قهوة الصباح بخصم ٥٠٪ فقط" "מבצע: 30% \\\"הנחה\\\"" "夏のビッグセール開催中です" \
        "👨‍👩‍👧‍👦🎉🔥" "ग्रीष्मकालीन सेल" "\\u0000\\u0007 \\u202e abc" "é̈̈̈̈̈̈̈"; do
        for card in $([ "$1" = 640 ] && echo true false || echo false); do
            cat > job.json <<J
{"width": $1, "height": $2, "frameRateMilli": 10000, "frames": 20, "card": $card, "brand": {},
 "texts": [{"role": "badge", "text": "$text"}, {"role": "headline", "text": "$text"},
           {"role": "body", "text": "$text"}, {"role": "action", "text": "$text"},
           {"role": "legal", "text": "$text"}]}
J
            case $text in *u0000*) # a zero character is not text: refused with its place
                ! "$bin/gen-typeset" scene job.json > t.out 2> t.err || say "$text" "accepted"
                grep -q "job.json:2:" t.err || say "$text" "no place in: $(cat t.err)"
                continue ;;
            esac
            "$bin/gen-typeset" scene job.json > t.out || say "$text" "failed"
            check t "$1" "$2" "$3" "$4"
        done
    done
done

# Without texts, brand or pictures there is still a frame to show.
echo '{"width": 64, "height": 64, "frames": 1}' > job.json
"$bin/gen-typeset" scene job.json > t.out || say empty "failed"
check t 64 64 0 0

# A picture that words would cover stands beside them when there is much to read.
ffmpeg -nostdin -loglevel error -f lavfi -i testsrc2=s=640x360 -frames:v 1 wide.png
echo "{\"width\": 640, \"height\": 360, \"frameRateMilli\": 1000, \"frames\": 1,
 \"picture\": \"wide.png\", \"texts\": [{\"role\": \"body\", \"text\": \"$long\"}]}" > job.json
"$bin/gen-typeset" scene job.json > t.out || say wordy "failed"
! grep -q '"kind": 1,' t.out || say wordy "a paragraph lies over the picture"

# A telephone number among Arabic letters keeps the order of its groups; it reads from the left,
# and the scene from the right.
for number in "012 555 0199" "+962 6 555-0199"; do
    for text in "هاتف $number" "هاتف \\u2066$number\\u2069"; do
        echo "{\"width\": 640, \"height\": 360, \"frameRateMilli\": 1000, \"frames\": 1,
 \"texts\": [{\"role\": \"headline\", \"text\": \"$text\"}]}" > job.json
        "$bin/gen-typeset" scene job.json > t.out || say "$text" "failed"
        grep -q '"rtl": 1,' t.out || say "$text" "does not read from right to left"
        md5sum < text0.yuv
    done | uniq | wc -l | grep -qx 1 || say "$number" "its groups are not in order"
done

# A short word does not stand alone between two lines: the headline gets smaller and has two. Three
# lines of the largest letters would be higher.
echo '{"width": 360, "height": 640, "frameRateMilli": 1000, "frames": 1,
 "texts": [{"role": "headline", "text": "Wasser im Keller?"}]}' > job.json
"$bin/gen-typeset" scene job.json > t.out || say "thin line" "failed"
height=$(sed -n 's/.*"text0.yuv".*"h": \([0-9]*\), "n".*/\1/p' t.out)
[ "$height" -lt 190 ] || say "thin line" "the headline is $height pixels high"

# Japanese breaks between phrases, as people would break it.
for pair in "春を、ひとくちで。|春を、\\nひとくちで。" "ご来店をお待ちしております|ご来店を\\nお待ちしております"; do
    for text in "${pair%%|*}" "${pair#*|}"; do
        printf '%s\n' "{\"width\": 360, \"height\": 640, \"frameRateMilli\": 1000, \"frames\": 1,
 \"texts\": [{\"role\": \"headline\", \"text\": \"$text\"}]}" > job.json
        "$bin/gen-typeset" scene job.json > t.out || say "$text" "failed"
        md5sum < text0.yuv
    done | uniq | wc -l | grep -qx 1 || say "${pair%%|*}" "breaks inside a phrase"
done

# Letters that no font has are no picture of boxes: a message that says what to install.
folder=$(dirname "$(fc-match -f '%{file}' Inter)")
echo "<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'fonts.dtd'><fontconfig><dir>$folder</dir>\
<cachedir>$work/fonts</cachedir></fontconfig>" > fonts.conf
for text in "春を、ひとくちで。:1" "Spring in one bite:0"; do
    echo "{\"width\": 360, \"height\": 640, \"frameRateMilli\": 1000, \"frames\": 1,
 \"texts\": [{\"role\": \"headline\", \"text\": \"${text%:*}\"}]}" > job.json
    code=0
    FONTCONFIG_FILE="$work/fonts.conf" "$bin/gen-typeset" scene job.json > t.out 2> t.err || code=$?
    [ "$code" = "${text#*:}" ] || say "$text" "exit code $code: $(cat t.err)"
    [ "$code" = 0 ] || grep -q fonts-noto-cjk t.err || say "$text" "does not say what to install"
done

# The bed lasts as long as asked, in every mood, and is heard.
for mood in upbeat calm bold warm nonsense; do
    echo "{\"mood\": \"$mood\", \"durationMs\": 1500}" > job.json
    "$bin/gen-typeset" bed job.json || say "$mood" "failed"
    [ "$(stat -c %s bed.wav)" = $((72000 * 4 + 44)) ] || say "$mood" "wrong length"
    level=$(ffmpeg -nostdin -hide_banner -i bed.wav -af volumedetect -f null - 2>&1 |
        sed -n 's/.*mean_volume: -\([0-9]*\).*/\1/p')
    [ "$level" -lt 35 ] || say "$mood" "mean level is -$level dB"
done

# Wrong use: a message, and the exit code that says so.
for case in "2:nothing job.json" "2:scene" "1:scene missing.json" "1:scene list.json" "1:scene nopicture.json"; do
    echo '[]' > list.json
    echo '{"width": 64, "height": 64, "picture": "none.png"}' > nopicture.json
    code=0
    "$bin/gen-typeset" ${case#*:} > t.out 2> t.err || code=$?
    [ "$code" = "${case%%:*}" ] || say "$case" "exit code $code"
    [ -s t.err ] || say "$case" "no message"
done
exit $failed
