#!/usr/bin/env bash
# Brings PublicAPI.Unshipped.txt of every library, or of those named, up to date with its code. Review the difference: it is the change of the public surface.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- DifferentialPrivacy Detection KeyManagement Tokenization Client
for project in "$@"; do
  folder=src/Opaline.$project
  for list in Shipped Unshipped; do
    [ -e "$folder/PublicAPI.$list.txt" ] || echo '#nullable enable' >"$folder/PublicAPI.$list.txt"
  done
  dotnet format analyzers "$folder/Opaline.$project.csproj" --diagnostics RS0016 RS0017 --severity warn --no-restore
done
