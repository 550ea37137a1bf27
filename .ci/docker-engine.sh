#!/usr/bin/env bash
# A Docker engine for the containers tests: `docker-engine.sh start` uses the one that answers, or installs Debian's and
# starts it; `docker-engine.sh stop` stops what `start` started, and nothing else. Both may be called again.
set -euo pipefail

# On disk: a temporary folder in memory would hold every image there.
state=${A2A_GAUNTLET_ENGINE_DIR:-/var/tmp/a2a-gauntlet-engine}
deadline_seconds=${A2A_GAUNTLET_ENGINE_DEADLINE:-120}
pidfile=$state/dockerd.pid
containerd_pidfile=$state/exec/containerd/containerd.pid
log=$state/dockerd.log
socket=/var/run/docker.sock

say() { printf 'docker-engine: %s\n' "$*" >&2; }
answers() { timeout 20 docker version --format '{{.Server.Version}}' 2>/dev/null; }

# The process of a pidfile, as long as it lives and is one of ours: the number alone could belong to somebody else by now.
our_pid() {
  local pid
  pid=$(cat "$1" 2>/dev/null) || return 1
  tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "$state/" || return 1
  echo "$pid"
}

# Ends the process of a pidfile, if there is one.
end_process() {
  local pid
  if pid=$(our_pid "$1"); then
    kill "$pid"
    timeout "$deadline_seconds" tail --pid="$pid" -f /dev/null || { say "process $pid did not end"; kill -9 "$pid"; }
  fi
  rm -f "$1"
}

# Ends what an engine that was killed left running. Every shim names our folder on its command line; its child is a container.
end_containers() {
  local shim pid
  for shim in $(pgrep -f -- "^[^ ]*containerd-shim[^ ]* .*-address $state/" || true); do
    for pid in $(pgrep -P "$shim" || true) "$shim"; do kill -9 "$pid" 2>/dev/null || true; done
  done
}

install_engine() {
  local packages=()
  command -v docker >/dev/null && command -v dockerd >/dev/null || packages+=(docker.io)
  command -v iptables >/dev/null || packages+=(iptables)
  # A shell for the images that are made from this machine's binaries.
  command -v busybox >/dev/null || packages+=(busybox-static)
  [ "${#packages[@]}" -eq 0 ] && return
  command -v apt-get >/dev/null || { say "install ${packages[*]}: there is no apt-get here to do it with"; return 1; }
  say "installing ${packages[*]}"
  apt-get update -qq
  # The runlevel keeps the package from starting an engine of its own where there is no systemd.
  RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
}

# Reads the engine's log as it is written, until it says that it listens or it is gone.
await_ready() {
  local pid=$1 line ready=1
  exec {lines}< <(exec tail --pid="$pid" --lines=+1 --follow=name --quiet "$log" 2>/dev/null)
  local reader=$!
  local end=$((SECONDS + deadline_seconds))
  while [ "$SECONDS" -lt "$end" ] && IFS= read -r -t $((end - SECONDS)) -u "$lines" line; do
    case $line in *'API listen on'*) ready=0; break ;; esac
  done
  kill "$reader" 2>/dev/null || true
  exec {lines}<&-
  return "$ready"
}

start() {
  local version
  if version=$(answers); then
    say "using the engine that is there, $version"
    return
  fi
  [ "$(uname -s)" = Linux ] && [ "$(id -u)" = 0 ] || { say 'no engine answers; starting one needs root on Linux'; return 1; }
  install_engine
  if version=$(answers); then
    say "using the engine that came with the package, $version"
    return
  fi
  # One of ours that hangs, or was killed, is started again on the same folder: it ends the containers it had. A pidfile of
  # one that was killed must go, or a process that nobody has reaped yet counts as alive.
  end_process "$pidfile"
  end_process "$containerd_pidfile"
  mkdir -p "$state"
  : >"$log"
  # A session of its own: it outlives this script, and a Ctrl-C meant for the caller.
  setsid dockerd --host "unix://$socket" --data-root "$state/data" --exec-root "$state/exec" --pidfile "$pidfile" \
    </dev/null >>"$log" 2>&1 &
  if await_ready "$!" && version=$(answers); then
    say "started engine $version, log in $log"
    return
  fi
  say "the engine was not ready within $deadline_seconds s; the end of $log:"
  tail -n 20 "$log" >&2
  stop
  return 1
}

stop() {
  [ -d "$state" ] || return 0
  end_process "$pidfile"
  end_process "$containerd_pidfile"
  end_containers
  if ! answers >/dev/null; then
    rm -f "$socket"
    ip link delete docker0 2>/dev/null || true
  fi
  # Deepest first: what is still mounted below the folder must not be removed with it.
  awk -v under="$state/" 'index($5, under) == 1 { print $5 }' /proc/self/mountinfo | sort -r | while IFS= read -r mounted; do
    umount "$mounted" || umount --lazy "$mounted"
  done
  rm -rf --one-file-system "$state"
  say 'stopped the engine'
}

case ${1:-start} in
  start) start ;;
  stop) stop ;;
  *) say "usage: docker-engine.sh [start|stop]"; exit 2 ;;
esac
