#!/bin/sh
# render_test.sh BIN PLUGIN.so - renders small tasks through the plugin and probes what came out.
# Each case is a line of the table at the end: name, task, and what ffprobe must say of the result.
set -eu
bin=$1
plugin=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
failed=0

say() { echo "$1: $2"; failed=1; }

# Pictures to render: a photo in an odd ratio, a cut-out, a logo.
ffmpeg -nostdin -loglevel error -f lavfi -i testsrc2=s=300x400 -frames:v 1 photo.jpg
ffmpeg -nostdin -loglevel error -f lavfi -i color=red@1.0:s=200x100,format=rgba,pad=400:400:100:150:color=black@0 \
    -frames:v 1 cutout.png
ffmpeg -nostdin -loglevel error -f lavfi -i color=navy:s=120x40 -frames:v 1 logo.png
ffmpeg -nostdin -loglevel error -f lavfi -i testsrc2=s=160x120:r=25:d=0.6 -pix_fmt yuv420p footage.mp4

cat > plain.json <<'J'
{"width": 320, "height": 180, "frameRate": 30, "language": "en",
 "brand": {"logo": "logo.png", "primary": "#0f5e59", "accent": "#ff7a3d"}, "sound": {"mood": "calm"},
 "scenes": [
  {"id": "a", "duration": 1, "assets": ["photo.jpg"],
   "overlays": [{"role": "headline", "text": "It's 100%: \"quoted\"\\n; [x] %{pts} 'y'"}]},
  {"id": "b", "duration": 1, "transition": "slide", "assets": ["cutout.png"],
   "overlays": [{"role": "badge", "text": "-30 %"}, {"role": "headline", "text": "قهوة 🎉 夏"}]}]}
J
cat > ntsc.json <<'J'
{"width": 181, "height": 321, "frameRate": 29.97, "brand": {},
 "scenes": [
  {"id": "a", "duration": 0.7, "assets": ["footage.mp4"], "motion": "still"},
  {"id": "b", "duration": 0.234, "transition": "wipe", "overlays": [{"text": "two"}]},
  {"id": "c", "duration": 0.5, "transition": "fade", "assets": ["photo.jpg"], "motion": "pan-left",
   "overlays": [{"role": "legal", "text": "three"}]}],
 "endCard": {"headline": "End", "body": "b", "action": "Go", "legal": "l", "duration": 0.6}}
J
cat > broken.json <<'J'
{"width": 320, "height": 180, "frameRate": 30, "brand": {},
 "scenes": [{"id": "a", "duration": 1, "assets": ["plain.json"]}]}
J
cat > endless.json <<'J'
{"width": 320, "height": 180, "frameRate": 30, "brand": {}, "scenes": [{"id": "a", "duration": 301}]}
J

# Footage of others: silent and too short, with sound and too long.
ffmpeg -nostdin -loglevel error -f lavfi -i testsrc2=s=320x180:r=24:d=1.5 -f lavfi -i sine=440:d=1.5 -shortest \
    -pix_fmt yuv420p spoken.mp4
cat > composed.json <<'J'
{"width": 320, "height": 180, "frameRate": 30, "brand": {},
 "scenes": [{"id": "a", "duration": 1.2, "assets": ["footage.mp4"]},
            {"id": "b", "duration": 1, "assets": ["spoken.mp4"], "overlays": [{"text": "b"}]}]}
J
cat > words.json <<'J'
{"width": 320, "height": 180, "frameRate": 30, "brand": {},
 "scenes": [
  {"id": "a", "duration": 1, "overlays": [{"role": "headline", "text": "One word"}]},
  {"id": "b", "duration": 1, "transition": "slide", "overlays": [{"role": "headline", "text": "Two"}]},
  {"id": "c", "duration": 1, "transition": "wipe", "overlays": [{"role": "headline", "text": "Three"}]},
  {"id": "d", "duration": 1, "transition": "fade", "overlays": [{"role": "headline", "text": "Four"}]},
  {"id": "e", "duration": 1, "transition": "cut", "overlays": [{"role": "headline", "text": "Five"}]}]}
J

probe() { ffprobe -v error -select_streams "$1" -count_frames -show_entries "stream=$2" -of csv=p=0 "$3"; }

# One case: renders, then compares picture and sound with what is expected.
render() {
    if ! "$bin/local-drive" "$plugin" "$1.json" "$1" "$bin" > "$1.log" 2>&1; then
        cat "$1.log"
        say "$1" "did not render"
        return
    fi
    got=$(probe v codec_name,profile,width,height,pix_fmt,color_range,color_space,r_frame_rate,nb_read_frames "$1/video.mp4")
    [ "$got" = "$2" ] || say "$1" "picture is $got, not $2"
    got=$(probe a codec_name,profile,sample_rate,channels "$1/video.mp4" | cut -d, -f1-4)
    [ "$got" = "aac,LC,48000,2" ] || say "$1" "sound is $got"
    # Index before the data, and no edit list.
    head -c 4096 "$1/video.mp4" | tr -d '\0' | grep -aq moov || say "$1" "the index is not at the front"
    ! grep -aq elst "$1/video.mp4" || say "$1" "has an edit list"
    # Every frame lasts as long as every other.
    got=$(ffprobe -v error -select_streams v -show_entries packet=duration -of csv=p=0 "$1/video.mp4" |
        sort -u | wc -l)
    [ "$got" = 1 ] || say "$1" "frames of $got lengths"
}

refuse() {
    if "$bin/local-drive" "$plugin" "$1.json" "$1" "$bin" > "$1.log" 2>&1; then
        say "$1" "was rendered"
    elif ! grep -q "$2" "$1.log"; then
        cat "$1.log"
        say "$1" "the message does not say: $2"
    fi
}

render plain "h264,High,320,180,yuv420p,tv,bt709,30/1,60"
# 2.034 s at 30000/1001 are 60.96 frames; odd sizes become even
render ntsc "h264,High,180,320,yuv420p,tv,bt709,30000/1001,61"
refuse broken "poll: ffmpeg failed while preparing pictures: "
refuse endless "format: 301000 ms: at most 300000 ms can be rendered"

# The same task gives the same picture, bit for bit.
"$bin/local-drive" "$plugin" plain.json again "$bin" > again.log 2>&1 || say again "did not render"
one=$(ffmpeg -nostdin -v error -i plain/video.mp4 -map 0:v -f md5 -)
two=$(ffmpeg -nostdin -v error -i again/video.mp4 -map 0:v -f md5 -)
[ "$one" = "$two" ] || say again "another picture than the first time"
# Words stand until their scene goes, and go with it: white ones are the brightest of a frame. The
# last frames before a slide, a wipe, a fade and a cut, and the first one that slides.
render words "h264,High,320,180,yuv420p,tv,bt709,30/1,150"
for frame in 0 29 30 59 60 89 119 120; do
    bright=$(ffmpeg -nostdin -v error -i words/video.mp4 -vf "trim=start_frame=$frame:end_frame=$((frame + 1)),signalstats,metadata=print:key=lavfi.signalstats.YMAX:file=-" -f null - |
        sed -n 's/.*YMAX=//p')
    [ "$bright" -ge 200 ] || say words "frame $frame has none: its brightest luma is $bright"
done
# Footage keeps its sound, at its place, and its length is made to fit: the last picture stays.
render composed "h264,High,320,180,yuv420p,tv,bt709,30/1,66"
loud() {
    ffmpeg -nostdin -i composed/video.mp4 -ss "$1" -t "$2" -vn -af volumedetect -f null - 2>&1 |
        sed -n 's/.*max_volume: \(-*[0-9]*\).*/\1/p'
}
[ "$(loud 0.1 1)" -le -50 ] || say composed "sound where there is none: $(loud 0.1 1) dB"
[ "$(loud 1.4 0.6)" -ge -20 ] || say composed "the sound of the footage is missing: $(loud 1.4 0.6) dB"
frozen=$(ffmpeg -nostdin -i composed/video.mp4 -an -vf freezedetect=n=0.005:d=0.3 -f null - 2>&1 |
    sed -n 's/.*freeze_start: \([0-9.]*\)/\1/p' | tr '\n' ' ')
case $frozen in
0.5*' ' | 0.6*' ') ;;
*) say composed "stands still from ($frozen) and not from the end of the footage only" ;;
esac
exit $failed
