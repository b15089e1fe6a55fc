#!/usr/bin/env bash
# Opens the real window on a screen in memory, works in it with keyboard and mouse, and reads the result back.
#
# Usage: .ci/window.sh [BINARY]
set -euo pipefail
cd "$(dirname "$0")/.."

binary=$(realpath "${1:-${CARGO_TARGET_DIR:-target}/debug/rubricate}")
mkdir -p artefacts
shots=$(realpath artefacts)
work=$(mktemp -d)
# Settings, documents and locks of the person who runs this are not to be touched.
export HOME="$work/home" USER=ci XDG_RUNTIME_DIR="$work/run"
unset XDG_CONFIG_HOME XDG_DATA_HOME WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS
mkdir -p "$HOME" "$XDG_RUNTIME_DIR"
chmod 700 "$XDG_RUNTIME_DIR"
project="$work/news.ron"
journal="$work/news.journal"
screen='' window=''

finish() {
    local code=$?
    if [ "$code" -ne 0 ]; then
        import -window root "$shots/window-failed.png" 2>/dev/null || true
        tail -n +1 "$work"/*.log "$journal"/*.ronl 2>/dev/null || true
    fi
    [ -z "$window" ] || kill "$window" 2>/dev/null || true
    [ -z "$screen" ] || kill "$screen" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$work"
    exit "$code"
}
trap finish EXIT

say() { printf '   %s\n' "$*"; }

fail() {
    printf 'window.sh: %s\n' "$*" >&2
    exit 1
}

# until_true SECONDS WHAT COMMAND…: asks again and again.
until_true() {
    local deadline=$((SECONDS + $1)) what=$2
    shift 2
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || fail "waited in vain: $what"
        sleep 0.1
    done
}

# One line of the journal is one act that is on disk.
acts() { [ -d "$journal" ] && [ "$(cat "$journal"/*.ronl | grep -c "^(tx: ")" -eq "$1" ]; }

spans() {
    [ "$("$binary" stats "$project" --json | python3 -c '
import json, sys
print(" ".join(f"{label}:{count}" for label, count in json.load(sys.stdin)["spans_by_label"].items()))')" = "$1" ]
}

key() { xdotool key "$@"; }

# Lets a frame pass, so that what comes next is not part of the same one.
settle() { sleep 0.4; }

# A project with one article, made by the command line.
cat >"$work/harbor.txt" <<'TEXT'
Anna Keller of Lübeck said on Monday that exports fell by half 👍.

Harbormasters everywhere disbelieved yesterday’s announcement, she added.

Share this article
TEXT
"$binary" new "$project" >/dev/null
"$binary" import "$project" "$work/harbor.txt"
before=$(cat "$journal"/*.ronl | grep -c "^(tx: ")

# Without -noreset the server starts anew whenever its last client leaves, and refuses whoever comes just then.
mkfifo "$work/display"
Xvfb -displayfd 3 -screen 0 1280x900x24 -nolisten tcp -noreset 3>"$work/display" >"$work/xvfb.log" 2>&1 &
screen=$!
read -r -t 20 number <"$work/display" || fail 'no screen'
export DISPLAY=":$number"

"$binary" "$project" >"$work/window.log" 2>&1 &
window=$!
visible() {
    kill -0 "$window" 2>/dev/null || fail 'the program ended before there was a window'
    xdotool search --onlyvisible --class rubricate >"$work/ids" 2>/dev/null
}
until_true 60 'the window' visible
# The title carries the project's name once the project is open.
until_true 30 'the project in the window' xdotool search --onlyvisible --name '^news ' >"$work/ids"
id=$(head -n 1 "$work/ids")
xdotool windowmove "$id" 0 0 2>/dev/null || true
until_true 10 'the focus' xdotool windowfocus --sync "$id"

say 'two words by keyboard become a person'
key ctrl+shift+Right
key ctrl+shift+Right
settle
key p
until_true 10 'the person' acts $((before + 1))

say 'the last block becomes boilerplate'
key alt+Down
key alt+Down
key alt+Down
settle
key b
until_true 10 'the boilerplate' acts $((before + 2))

say 'undo and redo'
key ctrl+z
until_true 10 'the undo' acts $((before + 3))
until_true 10 'one span' spans 'person:1'
key ctrl+shift+z
until_true 10 'the redo' acts $((before + 4))

say 'a word by mouse becomes a claim'
# Without panels the column stands in the middle whatever their widths: this is amid ‘everywhere’, 30 points to spare.
key ctrl+1
key ctrl+2
settle
from=395 to=435 line=118
shown() { [ "$(xdotool getmouselocation --shell | head -n 2 | tr '\n' ' ')" = "X=$1 Y=$line " ]; }
xdotool mousemove "$from" "$line"
until_true 5 'the pointer' shown "$from"
settle
xdotool mousedown 1
for x in $(seq "$from" 5 "$to"); do xdotool mousemove "$x" "$line"; done
xdotool mouseup 1
settle
key c
until_true 10 'the claim' acts $((before + 5))
key ctrl+1
key ctrl+2

say 'a fragment more, by keyboard'
settle
key Right
for _ in $(seq 11); do key shift+Right; done
settle
key shift+Return
until_true 10 'the fragment' acts $((before + 6))
sleep 0.5

import -window root "$shots/window.png"
say "picture in artefacts/window.png"

key ctrl+q
gone() { ! kill -0 "$window" 2>/dev/null; }
until_true 20 'the end of the window' gone
wait "$window" || fail "the window ended with $?"
window=''

say 'what the command line reads back'
spans 'boilerplate:1 claim:1 person:1' || fail "wrong counts: $("$binary" stats "$project" --json)"
"$binary" validate "$project"
"$binary" export "$project" --format jsonl --out "$work/news.jsonl"
python3 .ci/read_export.py "$work/news.jsonl" \
    --expect 'person=Anna Keller' --expect 'claim=everywhere|disbelieved' --expect 'boilerplate=Share this article'
