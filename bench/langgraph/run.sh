#!/usr/bin/env bash
# LangGraph's SQLite saver and FileCheckpointStore side by side; prints one table. Needs node 20, npm and, for the flushes, strace.
#   run.sh [FOLDER]     where the stores are, on the disk to be measured; default: a temporary one
# The packages come from npm in the versions of package.json, into artifacts/langgraph: 80 MB, a few minutes where better-sqlite3 is compiled.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
packages=$root/artifacts/langgraph

mkdir -p "$packages"
cp "$here/package.json" "$here"/*.mjs "$packages"
(cd "$packages" && npm install --no-audit --no-fund --no-package-lock --loglevel=error >&2)
dotnet build -c Release "$root/bench/OpenClaw.Resilience.CrashBench" -v q --nologo >&2

folder=$(mktemp -d "${1:-${TMPDIR:-/tmp}}/langgraph-XXXXXX")
trap 'rm -rf "$folder"' EXIT
cd "$packages"
node compare.mjs "$root/artifacts/bin/OpenClaw.Resilience.CrashBench/release/OpenClaw.Resilience.CrashBench.dll" "$folder"
