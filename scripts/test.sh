#!/usr/bin/env bash
# Runs every test. Installs what they need where it is missing and says what it could not install.
# OPALINE_LONG=1 runs the long form of the slow suites too. The last line is "N passed, N failed[, N skipped]".
set -uo pipefail
cd "$(dirname "$0")/.."

# Whatever this script and its programs leave behind goes with it. Others may pass through: PostgreSQL runs as a user of its own.
TMPDIR=$(mktemp -d) && chmod 711 "$TMPDIR" && export TMPDIR
compiler=
trap '[ -z "$compiler" ] || kill "$compiler" 2>/dev/null; rm -rf "$TMPDIR"' EXIT

# Build servers would outlive the script: nodes end with the build, and the compiler's server is this script's own. A program that runs for seconds is
# compiled for most of them: the runtime's profile for a second, better compilation is not worth its price here.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 DOTNET_TieredPGO=0
export UseSharedCompilation=true SharedCompilationId=opaline-test-$$

# Installs a Debian package when its command is missing. Services that it brings are kept from starting.
need() {
  local package=$1 command=$2
  if command -v "$command" >/dev/null 2>&1 || compgen -G "$command" >/dev/null; then return; fi
  if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" -ne 0 ]; then
    echo "test.sh: $package is missing and cannot be installed here (needs apt-get and root); tests that need it are skipped."
    return
  fi
  if [ -z "${updated:-}" ]; then
    apt-get update -qq >/dev/null 2>&1 || echo "test.sh: the package lists could not be updated."
    updated=1
  fi
  local policy=/usr/sbin/policy-rc.d made=
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && made=1
  fi
  if DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1; then
    echo "test.sh: installed $package."
  else
    echo "test.sh: could not install $package; tests that need it are skipped."
  fi
  if [ -n "$made" ]; then rm -f "$policy"; fi
}

need postgresql '/usr/lib/postgresql/*/bin/postgres'
need redis-server redis-server
need chromium chromium
need softhsm2 softhsm2-util
need gcc cc
need curl curl

# One process for all projects: each would load and compile the analyzers anew.
server=$(dotnet --info | sed -n 's/^ *Base Path: *//p')Roslyn/bincore/VBCSCompiler.dll
if [ -f "$server" ]; then
  dotnet "$server" "-pipename:$SharedCompilationId" >/dev/null 2>&1 &
  compiler=$!
else
  export UseSharedCompilation=false
fi

if ! dotnet build Opaline.slnx -c Release -v quiet; then
  echo "test.sh: the build failed."
  echo "0 passed, 1 failed"
  exit 1
fi

if [ -n "$compiler" ]; then
  kill "$compiler" 2>/dev/null
  wait "$compiler" 2>/dev/null
  compiler=
fi

passed=0 failed=0 skipped=0
for project in Architecture Libraries Conformance Platform Server EndToEnd; do
  log=$(mktemp)
  "tests/$project/bin/Release/net10.0/Opaline.$project.Tests" --progress off --no-ansi 2>&1 | tee "$log"
  status=${PIPESTATUS[0]}
  count() { sed -n "s/^  $1: \([0-9][0-9]*\).*/\1/p" "$log" | tail -n 1; }
  p=$(count succeeded) f=$(count failed) s=$(count skipped)
  rm -f "$log"
  # A run that broke without counting a failure, or counted nothing at all, is a failure.
  if { [ "$status" -ne 0 ] && [ "${f:-0}" -eq 0 ]; } || [ -z "$p" ]; then
    echo "test.sh: $project ended with status $status."
    f=$((${f:-0} + 1))
  fi
  passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0})) skipped=$((skipped + ${s:-0}))
done

if [ "$skipped" -gt 0 ]; then
  echo "$passed passed, $failed failed, $skipped skipped"
else
  echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
