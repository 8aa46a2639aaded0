#!/bin/bash
# gen-media probe, thumbnail and sheet on files that ffmpeg makes here, good and bad.
# Usage: media_test.sh PROGRAM
source "$(dirname "$0")/check.sh"
start "$1"

make() {
    ffmpeg -v error -nostdin -y "$@" || fail "ffmpeg $*"
}

# left half red, right half blue: any turn is seen in the corners
make -f lavfi -i color=red:s=160x80:r=25:d=2 -f lavfi -i color=blue:s=160x80:r=25:d=2 \
    -f lavfi -i sine=d=2 -filter_complex "[0][1]hstack,format=yuv420p" -c:v libx264 -g 10 \
    -c:a aac -movflags +faststart fast.mp4
make -i fast.mp4 -c copy -metadata:s:v rotate=90 turned.mp4
make -i fast.mp4 -c copy slow.mp4
make -i fast.mp4 -frames:v 1 plain.png
make -i fast.mp4 -frames:v 1 -qscale:v 2 plain.jpg
make -i fast.mp4 -frames:v 1 plain.webp
make -i fast.mp4 -t 0.4 moving.gif
make -i fast.mp4 -vn sound.wav
make -i fast.mp4 -vn sound.mp3
make -i fast.mp4 -vn sound.flac
make -i fast.mp4 -t 0.5 -c:v libvpx-vp9 -cpu-used 8 -c:a libopus web.webm
make -f lavfi -i color=white@0.0:s=64x64,format=rgba -frames:v 1 clear.png

# --- what each is
run 0 probe fast.mp4
has '"kind":"video"' '"mediaType":"video/mp4"' '"width":320' '"height":80' '"rotation":0' \
    '"frameRate":{"num":25,"den":1,"value":25}' '"duration":2,' '"videoCodec":"h264"' \
    '"pixelFormat":"yuv420p"' '"profile":"High"' '"audioCodec":"aac"' '"sampleRate":44100' \
    '"channels":1' '"hasAlpha":false' '"faststart":true' '"truncated":false' '"frames":50' \
    "\"size\":$(stat -c %s fast.mp4)"
run 0 probe --decode all fast.mp4
has '"frames":50' '"decodeErrors":0'
run 0 probe --decode none fast.mp4
has '"kind":"video"' '"width":320'
run 0 probe slow.mp4
has '"faststart":false'
run 0 probe turned.mp4
has '"width":80' '"height":320' '"storedWidth":320' '"storedHeight":80'
lacks '"rotation":0'
run 0 probe plain.png
has '"kind":"picture"' '"mediaType":"image/png"' '"width":320' '"height":80' '"hasAlpha":false'
lacks '"duration"'
run 0 probe clear.png
has '"hasAlpha":true'
run 0 probe plain.jpg
has '"kind":"picture"' '"mediaType":"image/jpeg"' '"videoCodec":"mjpeg"'
run 0 probe plain.webp
has '"kind":"picture"' '"mediaType":"image/webp"' '"width":320'
run 0 probe --decode all moving.gif
has '"kind":"picture"' '"mediaType":"image/gif"' '"frames":10'
run 0 probe sound.wav
has '"kind":"audio"' '"mediaType":"audio/wav"' '"audioCodec":"pcm_s16le"' '"sampleRate":44100'
lacks '"width"'
run 0 probe sound.mp3
has '"kind":"audio"' '"mediaType":"audio/mpeg"' '"audioCodec":"mp3"'
run 0 probe sound.flac
has '"kind":"audio"' '"mediaType":"audio/flac"'
run 0 probe web.webm
has '"kind":"video"' '"mediaType":"video/webm"' '"videoCodec":"vp9"' '"audioCodec":"opus"'

# --- turned by EXIF: an APP1 segment that holds nothing but orientation 6 (turn right)
{
    head -c 2 plain.jpg
    printf '\xff\xe1\x00\x22Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00'
    printf '\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00'
    tail -c +3 plain.jpg
} >exif.jpg
run 0 probe exif.jpg
has '"width":80' '"height":320' '"rotation":90' '"storedWidth":320'
run 0 thumbnail exif.jpg --out exif_out.jpg
has '"width":80' '"height":320'
shows exif_out.jpg 40 20 "high low low"
shows exif_out.jpg 40 300 "low low high"

# --- thumbnails and sheets
run 0 thumbnail fast.mp4 --out thumb.jpg --max 160
has '"width":160' '"height":40' '"at":0.8'
shows thumb.jpg 20 20 "high low low"
shows thumb.jpg 140 20 "low low high"
run 0 probe thumb.jpg
has '"mediaType":"image/jpeg"' '"width":160' '"height":40'
run 0 thumbnail turned.mp4 --out turned.jpg --at 1
has '"width":80' '"height":320' '"at":1'
# the same turn as ffmpeg's own player makes
make -i turned.mp4 -frames:v 1 reference.png
shows turned.jpg 40 20 "$(color reference.png 40 20)"
shows turned.jpg 40 300 "$(color reference.png 40 300)"
[ "$(color turned.jpg 40 20)" != "$(color turned.jpg 40 300)" ] || fail "turned.jpg has one colour"
run 0 thumbnail clear.png --out clear.jpg
shows clear.jpg 4 4 "high high high" # a light checkerboard shows through, not black
run 0 thumbnail moving.gif --out gif.jpg
run 0 thumbnail fast.mp4 --out late.jpg --at 1000 # past the end: the last frame
shows late.jpg 20 20 "high low low"
# the moment is right: white for one second, black for one
make -f lavfi -i color=white:s=64x64:d=1:r=10 -f lavfi -i color=black:s=64x64:d=1:r=10 \
    -filter_complex "[0][1]concat,format=yuv420p" -c:v libx264 -g 100 halves.mp4
run 0 thumbnail halves.mp4 --out before.jpg --at 0.95
shows before.jpg 32 32 "high high high"
run 0 thumbnail halves.mp4 --out after.jpg --at 1.0
shows after.jpg 32 32 "low low low"
run 0 sheet fast.mp4 --out sheet.jpg --columns 2 --rows 2 --width 400
has '"width":400' '"columns":2' '"rows":2'
shows sheet.jpg 1 1 "low low low"
shows sheet.jpg 20 20 "high low low"
shows sheet.jpg 180 20 "low low high"
run 0 sheet halves.mp4 --out order.jpg --columns 2 --rows 1 --width 200
shows order.jpg 50 50 "high high high"
shows order.jpg 150 50 "low low low"
run 3 sheet plain.png --out no.jpg
run 3 thumbnail sound.mp3 --out no.jpg
run 3 sheet fast.mp4 --out no.jpg --columns 32 --width 64
has '"code":"invalid"' "--columns"
run 5 thumbnail fast.mp4 --out missing/no.jpg
has '"code":"not_found"'
[ -z "$(ls | grep -e part -e '^no.jpg')" ] || fail "something is left behind: $(ls)"

# --- files that are not what their name says
echo "hello, this is a note" >note.png
run 0 probe note.png
has '"kind":"text"' '"mediaType":"text/plain"'
run 3 thumbnail note.png --out no.jpg
cp plain.png picture.mp4
run 0 probe picture.mp4
has '"kind":"picture"' '"mediaType":"image/png"'
printf '#EXTM3U\n#EXTINF:2,\n%s/fast.mp4\n' "$scratch" >playlist.mp4
run 0 probe playlist.mp4
has '"kind":"text"'
lacks duration
printf 'ffconcat version 1.0\nfile fast.mp4\n' >concat.mp4
run 0 probe concat.mp4
has '"kind":"text"'
lacks duration
printf '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>' >drawing.png
run 0 probe drawing.png
has '"kind":"unknown"' '"mediaType":"image/svg+xml"'
head -c 5000 /dev/urandom >noise.mp4
printf '\x00\x01\x02\x03\x04\x05\x06\x07' | dd of=noise.mp4 conv=notrunc status=none
run 0 probe noise.mp4
has '"kind":"unknown"'

# --- damaged
: >empty.mp4
run 3 probe empty.mp4
has '"code":"invalid"' "empty"
head -c 6000 slow.mp4 >cut.mp4
run 3 probe cut.mp4
has '"code":"invalid"' "moov"
head -c $(($(stat -c %s fast.mp4) - 4000)) fast.mp4 >cut_fast.mp4
run 0 probe cut_fast.mp4
has '"truncated":true'
run 0 probe --decode all cut_fast.mp4
lacks '"frames":50'
lacks '"decodeErrors":0'
head -c 100 plain.png >cut.png
run 3 probe cut.png
has '"code":"invalid"'
head -c 20 plain.png >header.png
run 3 probe header.png
has "PNG"

# --- too much: 60000 x 60000 pixels in 33 bytes, refused before a decoder sees them
printf '\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\xea\x60\x00\x00\xea\x60\x08\x06\x00\x00\x00' \
    >huge.png
printf '\x00\x00\x00\x00' >>huge.png
run 4 probe huge.png
has '"code":"too_large"' "60000 x 60000"
run 4 thumbnail huge.png --out no.jpg
has '"code":"too_large"'
run 4 probe --max-pixels 1000 fast.mp4
has '"code":"too_large"'
run 4 probe --max-duration 1 fast.mp4
has '"code":"too_large"'
run 4 probe --max-streams 1 fast.mp4
has '"code":"too_large"'

# --- no files at all
run 5 probe missing.png
has '"code":"not_found"' '"file":"missing.png"'
run 3 probe .
has "regular file"
mkfifo pipe
run 3 probe pipe
has "regular file"

# --- the command line
run 2 probe
has '"code":"invalid"' "usage"
run 2 prob fast.mp4
has "did you mean probe"
run 2 probe --max-pixel 3 fast.mp4
has "did you mean --max-pixels"
run 2 probe --max-pixels many fast.mp4
has "not a number"
run 2 probe --max-pixels 0 fast.mp4
has "--max-pixels"
run 2 thumbnail fast.mp4
has "out"
run 0 --help
has "Exit codes" "probe" "run"
run 0 sheet --help
has "--columns" "Exit codes"
run 0 version
has '"name":"gen-media"'
run 0 --version
has '"version":'
finish
