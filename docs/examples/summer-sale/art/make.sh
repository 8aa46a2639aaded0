#!/bin/sh
# Draws the example's pictures from the SVG files here (needs ffmpeg with librsvg, fonts-inter).
set -eu
cd "$(dirname "$0")"
for name in product logo; do
    ffmpeg -nostdin -y -hide_banner -loglevel error -i "$name.svg" -vf format=gbrap,unpremultiply=inplace=1 -pix_fmt rgba "../$name.png"
done
ffmpeg -nostdin -y -hide_banner -loglevel error -i beach.svg -q:v 3 -pix_fmt yuvj444p ../beach.jpg
