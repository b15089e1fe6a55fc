#!/usr/bin/env bash
# How much the program needs until its window shows the sample: CPU seconds, memory, and the clock.
#
# Usage: .ci/start.sh [BINARY] [TIMES]; the release build is meant.
set -euo pipefail
cd "$(dirname "$0")/.."

binary=$(realpath "${1:-${CARGO_TARGET_DIR:-target}/release/rubricate}")
times=${2:-5}
work=$(mktemp -d)
export HOME="$work/home" XDG_RUNTIME_DIR="$work/run"
unset XDG_CONFIG_HOME XDG_DATA_HOME WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS
mkdir -p "$HOME" "$XDG_RUNTIME_DIR"
chmod 700 "$XDG_RUNTIME_DIR"
screen='' window=''

finish() {
    [ -z "$window" ] || kill "$window" 2>/dev/null || true
    [ -z "$screen" ] || kill "$screen" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

# Without -noreset the server starts anew whenever its last client leaves, and refuses whoever comes just then.
mkfifo "$work/display"
Xvfb -displayfd 3 -screen 0 1280x900x24 -nolisten tcp -noreset 3>"$work/display" >"$work/xvfb.log" 2>&1 &
screen=$!
read -r -t 20 number <"$work/display"
export DISPLAY=":$number"

cp projects/sample.ron "$work/sample.ron"
for run in $(seq "$times"); do
    started=$(date +%s%N)
    "$binary" "$work/sample.ron" >"$work/window.log" 2>&1 &
    window=$!
    # The title carries the project's name only once the project is open; then one more look for the frame with it.
    until xdotool search --onlyvisible --name '^Sample' >/dev/null 2>&1; do
        kill -0 "$window" 2>/dev/null || { cat "$work/window.log"; exit 1; }
        sleep 0.02
    done
    python3 - "$window" "$started" "$run" <<'PYTHON'
import os, re, sys, time

pid, started, run = sys.argv[1], int(sys.argv[2]), sys.argv[3]
clock = (time.time_ns() - started) / 1e9

def seconds():
    fields = open(f"/proc/{pid}/stat").read().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

def megabytes(file, name):
    try:
        return int(re.search(rf"^{name}:\s+(\d+)", open(f"/proc/{pid}/{file}").read(), re.M)[1]) / 1024
    except OSError:
        return float("nan")

shown = seconds()
time.sleep(1.5)
print(f"run {run}: shown after {clock:.2f} s and {shown:.2f} s of CPU; at rest {seconds():.2f} s of CPU, "
      f"RSS {megabytes('status', 'VmRSS'):.0f} MB, PSS {megabytes('smaps_rollup', 'Pss'):.0f} MB")
time.sleep(5)
print(f"   five idle seconds later {seconds():.2f} s of CPU")
PYTHON
    kill "$window"
    wait "$window" 2>/dev/null || true
    window=''
done
