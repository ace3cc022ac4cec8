#!/usr/bin/env bash
# Runs the three journeys as a new user would, in a terminal of 80 columns (tmux), and keeps what is seen in docs/captures/.
# `make captures`. Needs tmux and a piiscan on PATH (PIISCAN_BIN: the folder it is in); the share is sample_data/files (invented people).
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
bin=${PIISCAN_BIN:-$home/.venv/bin}
out=$home/docs/captures
work=$(mktemp -d)
trap 'tmux -L piiscan kill-server 2> /dev/null || true; rm -rf "$work"' EXIT
mkdir -p "$out"

play() { # play NAME LANG COMMAND...
  local name=$1 lang=$2
  shift 2
  tmux -L piiscan -f /dev/null new-session -d -s "$name" -x 80 -y 50 \
    "cd '$work' && env -i HOME='$work' PATH='$bin:/usr/bin:/bin' TERM=screen-256color LANG=$lang LC_ALL=C.UTF-8 PIISCAN_LANG=${lang%%_*} PS1='\$ ' bash --norc --noprofile"
  tmux -L piiscan set-option -t "$name" history-limit 5000 > /dev/null
  sleep 1
  for command in "$@"; do
    tmux -L piiscan send-keys -t "$name" -l "$command"
    tmux -L piiscan send-keys -t "$name" Enter
    case $command in '#'*) sleep 0.3 ; continue ;; esac
    tmux -L piiscan send-keys -t "$name" -l "tmux -L piiscan wait-for -S done-$name"
    sleep 0.2
    tmux -L piiscan send-keys -t "$name" Enter
    tmux -L piiscan wait-for "done-$name"
    sleep 0.3
  done
  tmux -L piiscan capture-pane -p -J -S - -t "$name" | grep -v 'wait-for -S done-' | sed -e "s#$work#/home/taro#g" -e 's/[[:space:]]*$//' | cat -s > "$out/$name.txt"
  tmux -L piiscan kill-session -t "$name"
}

cp -r "$home/sample_data/files" "$work/共有"
mkdir "$work/USB"
cp "$home/sample_data/files/人事/社員名簿.xlsx" "$home/sample_data/files/broken/パスワード付き.zip" "$work/USB"
printf '定例会議の議事録\n' > "$work/USB/議事録.txt"

if [ -n "${RECORD_INSTALL:-}" ]; then # minutes: everything is installed anew
  ln -s "$home" "$work/piiscan-source"
  play install ja_JP "python3 -m venv env" "env/bin/pip install --quiet --disable-pip-version-check -c piiscan-source/constraints.txt ./piiscan-source 2> /dev/null" \
    "env/bin/piiscan --version" "env/bin/piiscan doctor | tail -6"
  rm -rf "$work/env" "$work/piiscan-source"
fi

for lang in ja en; do
  locale=$([ $lang = ja ] && echo ja_JP || echo en_US)
  rm -rf "$work"/piiscan* "$work/.local"
  play "share-$lang" "$locale" \
    "piiscan scan 共有 --html report.html --accept-incomplete" \
    "piiscan report xlsx -o findings.xlsx" \
    "piiscan report csv --view problems -o problems.csv" \
    "piiscan scan 共有 --quiet; echo \"exit code \$?\""
  play "usb-$lang" "$locale" \
    "piiscan usb USB" \
    "rm USB/パスワード付き.zip USB/社員名簿.xlsx" \
    "piiscan usb USB --html certificate.html" \
    "echo more > USB/added.txt" \
    "piiscan usb USB --verify; echo \"exit code \$?\""
  cp "$home/sample_data/files/人事/社員名簿.xlsx" "$home/sample_data/files/broken/パスワード付き.zip" "$work/USB"
  rm -f "$work/USB/added.txt"
  play "nightly-$lang" "$locale" \
    "piiscan init --root 共有/人事 --reports reports --mail ''" \
    "piiscan nightly piiscan.toml; echo \"exit code \$?\"" \
    "cp 共有/総務/*.csv 共有/人事/ 2> /dev/null || cp 共有/経理/*.xlsx 共有/人事/" \
    "piiscan nightly piiscan.toml; echo \"exit code \$?\"" \
    "ls reports" \
    "piiscan schedule show piiscan.toml --scheduler systemd --at 02:30"
done
ls -l "$out"
